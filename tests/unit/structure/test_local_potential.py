"""The second model: one local potential for all orbitals."""

from functools import cache

import numpy as np
import pytest

from nuatom.errors import InvalidInput, UnknownName
from nuatom.structure import (
    LocalExchange,
    NotConverged,
    Numerics,
    Problem,
    ground_state,
    local_exchange,
    named_nucleus,
    parse_configuration,
    solve_local_potential,
)

state = cache(ground_state)

KOHN_SHAM_CAESIUM = {
    "1s1/2": -1312.974817713126,
    "2s1/2": -205.876011196460,
    "2p3/2": -180.853127701472,
    "3d5/2": -25.747297666300,
    "4s1/2": -8.030659588002,
    "4d5/2": -2.659126008550,
    "5s1/2": -0.962265397955,
    "5p3/2": -0.459140168906,
    "6s1/2": -0.124015002195,
}
"""ampsci (github.com/benroberts999/ampsci, src/HF/HartreeFock.tests.cpp, 167ed50f), hartree."""


def test_kohn_sham_with_latters_rule_agrees_with_another_code():
    """Cs: levels in the potential with a sharp kink are the limit of no rounding.

    The rounding s displaces levels by s^2 to leading order: two values give the limit.
    """
    shells = parse_configuration("[Xe] 6s1")
    problem = Problem(shells, named_nucleus(55, 133), Numerics(cells=100))
    wide, narrow = (solve_local_potential(problem, LocalExchange(2 / 3, s)) for s in (0.04, 0.02))
    for name, expected in KOHN_SHAM_CAESIUM.items():
        limit = (4 * narrow.orbital(name).energy - wide.orbital(name).energy) / 3
        assert limit == pytest.approx(expected, rel=2e-5)  # their grid, and s^4


@pytest.mark.parametrize("model", ["kohn-sham", "slater"])
@pytest.mark.parametrize("symbol", ["Ne", "Ge"])
def test_its_energy_lies_above_that_of_exact_exchange(symbol, model):
    """Orbitals of Dirac-Fock make the mean energy least, and the models are near."""
    above = state(symbol, model=model).total_energy - state(symbol).total_energy
    assert 0 < above < 0.02 * np.sqrt(-state(symbol).total_energy)


def test_far_outside_an_electron_sees_the_ion():
    """-r V = 1 for a neutral atom, in the box and beyond it; -r V = Z at the nucleus."""
    atom = state("Ge", model="kohn-sham")
    r = np.array([2e-4, 40.0, 59.0, 61.0, 500.0])
    assert -r * atom.potential(r) == pytest.approx([32, 1, 1, 1, 1], rel=2e-3)


def test_every_orbital_solves_the_equation_in_the_potential_that_is_returned():
    """<a|h + V|a> with V evaluated anew is the eigenvalue."""
    atom = state("Ge", model="kohn-sham")
    stage = atom.problem.stage
    potential = atom.potential(atom.points.ravel()).reshape(atom.points.shape)
    for one in atom.orbitals:
        matrix = stage.basis(one.kappa).free + stage.basis(one.kappa).local(potential)
        energy = one.coefficients @ matrix @ one.coefficients
        assert energy == pytest.approx(one.energy, rel=1e-7)  # tolerance of the potential
        rest = matrix @ one.coefficients - energy * (
            stage.basis(one.kappa).overlap @ one.coefficients
        )
        inside = stage.frame(one.kappa).columns.T @ rest
        assert np.max(np.abs(inside)) < 1e-5 * abs(energy)


def test_orbitals_are_orthogonal():
    """One potential for all: orbitals of one kappa are orthonormal."""
    atom = state("Ge", model="slater")
    s = [one for one in atom.orbitals if one.kappa == -1]
    large, small = np.array([o.large for o in s]), np.array([o.small for o in s])
    products = np.einsum("vp,avp,bvp->ab", atom.weights, large, large)
    products += np.einsum("vp,avp,bvp->ab", atom.weights, small, small)
    assert products == pytest.approx(np.eye(4), abs=1e-12)


def test_errors_are_clear():
    """Too few rounds, an unknown name and an impossible rounding."""
    with pytest.raises(NotConverged, match="after 2 rounds"):
        ground_state("Ge", model="slater", numerics=Numerics(max_iterations=2))
    with pytest.raises(UnknownName, match="did you mean 'slater'"):
        local_exchange("slatr")
    with pytest.raises(InvalidInput, match="rounding > 0"):
        LocalExchange(1.0, 0.0)
