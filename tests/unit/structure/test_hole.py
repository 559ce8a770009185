"""Thresholds from total energies, and the field in which an electron leaves."""

from functools import cache

import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.structure import (
    LIGHT_SPEED,
    CoreField,
    ground_state,
    relaxed_ion,
    threshold,
    thresholds,
)

state = cache(ground_state)
EV = 27.211386245981
"""Hartree energy in eV (CODATA 2022)."""


def test_the_ion_of_helium_is_hydrogen_like():
    """E(He+) is Sommerfeld's energy for Z = 2, and the threshold the difference."""
    helium = state("He", nuclear_model="point")
    exact = LIGHT_SPEED**2 * (np.sqrt(1 - (2 / LIGHT_SPEED) ** 2) - 1)
    assert relaxed_ion(helium, "1s1/2").total_energy == pytest.approx(exact, rel=1e-9)
    difference = exact - helium.total_energy
    assert threshold(helium, "1s1/2").relaxed == pytest.approx(difference, rel=1e-8)


@pytest.mark.parametrize("name", ["1s1/2", "2s1/2", "2p1/2", "2p3/2"])
def test_a_threshold_is_a_difference_of_total_energies(name):
    """From full subshells: E(ion) - E(atom), which is Koopmans' theorem for frozen orbitals."""
    neon = state("Ne")
    difference = relaxed_ion(neon, name).total_energy - neon.total_energy
    # a small difference of total energies, each good to 1e-11
    assert threshold(neon, name).relaxed == pytest.approx(difference, rel=1e-8)


def test_relaxation_always_helps():
    """The ion with orbitals of its own lies below the one with those of the atom."""
    found = list(thresholds(state("Ne")))
    assert [t.subshell.name for t in found] == [o.name for o in state("Ne").orbitals]
    assert all(0 < t.relaxation < 0.2 * t.frozen for t in found)


@pytest.mark.parametrize(
    ("name", "edge", "tolerance"), [("1s1/2", 0, 0.004), ("2s1/2", 1, 0.015), ("2p3/2", 3, 0.01)]
)
def test_relaxed_thresholds_of_germanium_are_near_the_measured_edges(name, edge, tolerance):
    """K, L1 and L3 of Ge as tabulated by xraylib: a solid, and no Breit interaction or QED here."""
    import xraylib

    measured = xraylib.EdgeEnergy(32, edge) * 1e3
    assert threshold(state("Ge"), name).relaxed * EV == pytest.approx(measured, rel=tolerance)


def test_an_open_shell_below_its_hole_settles():
    """1s of Na: two half-filled s shells that move in different fields."""
    sodium = state("Na")
    ion = relaxed_ion(sodium, "1s1/2")
    assert ion.electrons.tolist() == [1, 2, 2, 4, 1]
    assert ion.total_energy > sodium.total_energy + 30


@pytest.mark.parametrize(("symbol", "hole"), [("Ne", "2p3/2"), ("Ge", "4p3/2"), ("Ge", "1s1/2")])
def test_the_field_of_the_ion_falls_as_one_over_r(symbol, hole):
    """Whatever the hole, an electron outside sees one unit of charge; inside, the nucleus."""
    field = CoreField(state(symbol), hole)
    r = np.array([5e-4, 59.0, 61.0, 1e4])
    z = field.state.problem.nucleus.charge
    assert -r * field.potential(r) == pytest.approx([z, 1, 1, 1], rel=0.02)
    assert -r[1:] * field.potential(r[1:]) == pytest.approx([1, 1, 1], rel=1e-9)


@pytest.mark.parametrize("kappa", [-1, 1, -2, 2])
def test_exchange_terms_add_up_to_the_exchange_matrix(kappa):
    """Term by term with Y^k, and as a matrix: the same energy of an electron outside."""
    field = CoreField(state("Ge"), "3d5/2")
    stage = field.state.problem.stage
    basis, space = stage.basis(kappa), stage.space
    trial = np.sin(np.arange(basis.size))  # any function at all
    n = basis.sizes[0]
    large, small = basis.on_points[0] @ trial[:n], basis.on_points[1] @ trial[n:]
    total = 0.0
    for term in field.exchange(kappa):
        product = term.orbital.large * large + term.orbital.small * small
        y = stage.kernel(term.rank).potential(product)
        total += term.weight * (space.weights * product * y).sum()
    matrix = field.state.field.exchange(kappa, field.electrons)
    assert total == pytest.approx(trial @ matrix @ trial, rel=1e-10)


def test_an_electron_sees_in_the_ion_what_it_saw_in_the_atom():
    """<a|V^(N-1) with hole a|a> is e_a: removing itself costs an electron nothing.

    With direct and exchange field of a full subshell, J_aa - K_aa averages over the other
    2j places; the hole takes away one electron spread over all 2j + 1.
    """
    neon = state("Ne")
    for one in neon.orbitals:
        matrix = CoreField(neon, one.name).matrix(one.kappa)
        kept = one.coefficients @ matrix @ one.coefficients
        own = neon.field.fock(one.kappa, [float(o is one) for o in neon.orbitals])
        own = own - neon.problem.stage.one_electron(one.kappa)
        itself = one.coefficients @ own @ one.coefficients
        assert kept + itself == pytest.approx(one.energy, rel=1e-9)


def test_what_makes_no_sense_is_refused():
    """Relaxation without exact exchange, and a second hole."""
    with pytest.raises(InvalidInput, match="exact exchange"):
        relaxed_ion(state("Ne", model="slater"), "1s1/2")
    with pytest.raises(InvalidInput, match="local potential use that of the atom"):
        CoreField(state("Ne", model="slater"), "1s1/2")
    with pytest.raises(InvalidInput, match="hole already"):
        CoreField(relaxed_ion(state("Ne"), "1s1/2"), "2s1/2").electrons  # noqa: B018
