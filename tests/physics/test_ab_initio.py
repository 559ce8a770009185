"""The ab-initio engine: sum rules, limits and identities that need no other code.

The longer ones, and the comparison with another code, are in validation/structure.
"""

import importlib.util
import sys
from functools import cache
from pathlib import Path

import pytest

from nuatom.structure import Numerics, ground_state

FOLDER = Path(__file__).parents[2] / "validation" / "structure"


@cache
def script(name):
    spec = importlib.util.spec_from_file_location(f"structure_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@cache
def local_neon():
    """Box states that are fine enough for a smooth but rounded potential."""
    return ground_state("Ne", model="kohn-sham", numerics=Numerics(cells=110, radius=100.0))


@cache
def neon_sum(q):
    module, state = script("sum_rules"), local_neon()
    parts = [module.box_strengths(state, one.name, q, 12) for one in state.orbitals]
    return sum(parts[1:], parts[0])


def test_bethe_sum_of_electrons_and_positrons_vanishes():
    """exp(iqx) commutes twice with the Dirac operator; blocked transitions cancel in pairs."""
    total = neon_sum(1.0)
    assert abs(total.blocked) < 1e-6 * 10
    # the partial waves beyond l = 12
    assert abs(total.allowed + total.positrons) < 1e-5 * 10


def test_the_sum_lacks_five_thirds_of_the_kinetic_energy():
    """S = N - (5/3) <T>/(m c^2): the next order of p^2/(m c)^2 is some per cent of the lack."""
    state, total = local_neon(), neon_sum(0.05)
    kinetic = script("sum_rules").kinetic_energy(state)
    lack = 5 / 3 * kinetic / state.problem.light_speed**2
    assert 10 - total.allowed == pytest.approx(lack, rel=0.1)


def test_the_continuum_holds_what_box_states_hold():
    """Integrated from the threshold on, for 2p of Ne: 1e-3 of the sum of the subshell."""
    module, state = script("sum_rules"), local_neon()
    box = module.box_strengths(state, "2p3/2", 1.0, 12)
    integral = module.continuum_strength(state, "2p3/2", 1.0)
    assert integral == pytest.approx(box.continuum, abs=1e-3 * box.allowed)


@pytest.mark.parametrize("energy", [60.0, 700.0])
def test_length_is_velocity_in_a_local_potential(energy):
    """R_L/q^2 and R_T at low momentum give one photoabsorption cross section, to 1e-3."""
    module = script("low_momentum")
    length, velocity, photon = module.cross_sections(local_neon(), energy / module.HARTREE_EV)
    assert length == pytest.approx(velocity, rel=1e-3)
    # retardation: of the order of (T/(m c^2)) and (Z alpha)^2
    assert photon == pytest.approx(velocity, rel=1e-2)


def test_a_fast_electron_scatters_as_if_free():
    """Both cross sections at twenty times the binding energy: within B/T of the free ones."""
    ratio = script("free_limit").integrated(ground_state("Ne"), "2p3/2", 20.0)
    assert ratio["magnetic-moment"] == pytest.approx(1.0, abs=0.05)
    assert ratio["weak"] == pytest.approx(1.0, abs=0.05)
