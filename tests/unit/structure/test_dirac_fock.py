"""Self-consistent fields against closed forms, published energies and other codes.

Stated beforehand: the published non-relativistic energies belong to a point nucleus and
c -> infinity; the other codes are compared with a Fermi nucleus and the c of CODATA 2022.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import nuatom
from nuatom.errors import InvalidInput, NuatomError
from nuatom.structure import (
    LIGHT_SPEED,
    NotConverged,
    Numerics,
    PointNucleus,
    Problem,
    ground_configuration,
    ground_state,
    parse_configuration,
    solve_dirac_fock,
)
from nuatom.structure.angular import LETTERS

DATA = Path(nuatom.__file__).parent / "data" / "structure"


def table(name):
    with (DATA / name / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


state = cache(ground_state)


def around_a_point(symbol, c=LIGHT_SPEED):
    element = ground_configuration(symbol)
    shells = parse_configuration(element.configuration)
    return solve_dirac_fock(Problem(shells, PointNucleus(element.atomic_number), light_speed=c))


@pytest.mark.parametrize(
    "symbol",
    [
        "Ne",
        "Ar",
        pytest.param("Kr", marks=pytest.mark.validate),
        pytest.param("Xe", marks=pytest.mark.validate),
    ],
)
def test_fast_light_gives_the_published_hartree_fock_energies(symbol):
    """E(c) = E + a/c^2 + b/c^4: the limit from three values of c is that of Hartree and Fock."""
    e = [around_a_point(symbol, c).total_energy for c in (2500.0, 5000.0, 10000.0)]
    limit = (16 * (4 * e[2] - e[1]) - (4 * e[1] - e[0])) / 45
    # digits of the tables; b/c^6 of the extrapolation is smaller
    published = {r["symbol"]: r for r in table("hartree-fock-energies/nonrelativistic")}
    assert limit == pytest.approx(float(published[symbol]["total_energy_hartree"]), rel=2e-9)


def test_the_core_of_caesium_agrees_with_another_code():
    """All 17 orbital energies of Cs+, that is the configuration of Xe, to 1e-5."""
    core = state("Cs", configuration="[Xe]")
    rows = table("dirac-fock-orbitals/dzuba-cs-core")
    assert len(rows) == len(core.orbitals) == 17
    for row in rows:
        energy = core.orbital(row["subshell"]).energy
        assert energy == pytest.approx(float(row["energy_hartree"]), rel=1e-5)


@pytest.mark.parametrize(
    "row",
    table("dirac-fock-valence/ampsci"),
    ids=lambda row: f"{row['symbol']}-{row['subshell'].replace('/', '-')}",
)
def test_valence_levels_outside_frozen_cores_agree_with_another_code(row):
    """Levels of one electron in the Fock field of a closed core, occupied kappa or not."""
    name = row["subshell"]
    n, ell, twice_j = int(name[0]), LETTERS.index(name[1]), int(name[2])
    kappa = ell if twice_j < 2 * ell else -ell - 1
    core = state(row["symbol"], configuration=row["core"])
    energies, _ = core.problem.stage.basis(kappa).eigenstates(
        core.field.fock(kappa, core.electrons)
    )
    first = int(np.searchsorted(energies, -(LIGHT_SPEED**2)))
    expected = float(row["energy_hartree"])
    # their nuclear radii are measured ones, ours the formula: up to 1e-6 in Ba 6s
    assert energies[first + n - ell - 1] == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("symbol", ["He", "Ne", "Ar", "Kr", "Xe"])
def test_the_virial_theorem_holds_around_a_point(symbol):
    """E = <beta c^2> - N c^2 = -2 c^2 sum q Int Q^2 for Coulomb forces only."""
    atom = around_a_point(symbol)
    small = sum(o.electrons * (atom.weights * o.small**2).sum() for o in atom.orbitals)
    # the weak singularity at a point charge: (Z alpha)^2 times the first cell
    assert -2 * LIGHT_SPEED**2 * small == pytest.approx(atom.total_energy, rel=1e-8)


@pytest.mark.parametrize("symbol", ["Ge", "Xe"])
def test_orbitals_are_orthonormal(symbol):
    """Orbitals of one kappa, also those that move in different fields, to 1e-8."""
    atom = state(symbol)
    for a in atom.orbitals:
        for b in atom.orbitals:
            if a.kappa == b.kappa:
                product = (atom.weights * (a.large * b.large + a.small * b.small)).sum()
                assert product == pytest.approx(float(a is b), abs=1e-12)


@pytest.mark.parametrize("symbol", ["Ge", pytest.param("Xe", marks=pytest.mark.validate)])
def test_more_splines_do_not_change_energies(symbol):
    """Another half of the cells, another order and other knots: total 1e-9, levels 1e-7."""
    coarse = state(symbol)
    fine = ground_state(
        symbol, numerics=Numerics(cells=105, order=10, nuclear_scale=5e-3, radius=75.0)
    )
    assert fine.total_energy == pytest.approx(coarse.total_energy, rel=1e-9)
    levels = [orbital.energy for orbital in coarse.orbitals]
    assert [orbital.energy for orbital in fine.orbitals] == pytest.approx(levels, rel=1e-7)


def test_an_open_shell_is_at_rest_against_rotations_between_shells():
    """The energy of the average is stationary when 3s and 4s, or 3p and 4p, of Ge are mixed."""
    atom = state("Ge")
    problem = atom.problem

    def energy(first, second, angle):
        from nuatom.structure.rounds import energies_of, fock_matrices, mean_field

        names = [o.name for o in atom.orbitals]
        c = [o.coefficients for o in atom.orbitals]
        i, j = names.index(first), names.index(second)
        c[i], c[j] = (
            np.cos(angle) * c[i] + np.sin(angle) * c[j],
            np.cos(angle) * c[j] - np.sin(angle) * c[i],
        )
        return energies_of(problem, c, fock_matrices(problem, mean_field(problem, c)))[1]

    for pair in (("3p1/2", "4p1/2"), ("2p3/2", "4p3/2")):
        step = 1e-2
        up, down = energy(*pair, step), energy(*pair, -step)
        curvature = (up + down - 2 * atom.total_energy) / step**2
        # the slope is the curvature times the tolerance of the rotations, and the step squared
        assert abs(up - down) / (2 * step) < 1e-3 * abs(curvature) * step


def test_orbitals_are_positive_at_the_nucleus_and_vanish_in_the_end():
    """The sign convention, and a box that is large enough."""
    atom = state("Xe")
    for orbital in atom.orbitals:
        assert orbital.large[0, -1] > 0
        assert abs(orbital.large[-1, -1]) < 1e-8


def test_evaluation_elsewhere_keeps_the_norm():
    """The orbitals of Ge on a grid of their own, with other weights, are still normalised."""
    atom = state("Ge")
    x, w = np.polynomial.legendre.leggauss(40)
    edges = np.append(0.0, np.geomspace(1e-5, 60.0, 61))
    r = (edges[1:, None] + edges[:-1, None] + np.diff(edges)[:, None] * x) / 2
    weights = (np.diff(edges)[:, None] / 2 * w).ravel()
    large, small = atom.evaluate(r.ravel())
    # knots lie inside these intervals: derivatives of order 8 jump there
    assert (large**2 + small**2) @ weights == pytest.approx(np.ones(len(large)), abs=1e-10)


def test_the_potential_elsewhere_joins_nucleus_and_charge():
    """-Z/r near the nucleus, -(Z - N)/r outside, and in between that of the points."""
    atom = state("Ge")
    r = np.array([2e-4, 59.0, 100.0])
    seen = -r * atom.potential(r)
    assert seen[0] == pytest.approx(32, rel=2e-3)  # screening grows as r
    assert seen[1:] == pytest.approx([0, 0], abs=1e-9)
    direct = atom.problem.stage.nuclear + atom.field.direct(atom.electrons)
    inner = atom.points[3:60:8, 4]
    there = direct[3:60:8, 4]
    # outside the atom the two parts cancel: what is left is rounding of the largest one
    assert atom.potential(inner) == pytest.approx(there, rel=1e-12, abs=1e-12 * abs(there).max())


def test_one_electron_does_not_see_itself():
    """The Dirac-Fock atom of hydrogen is Sommerfeld's, in spite of direct and exchange field."""
    atom = around_a_point("H")
    exact = LIGHT_SPEED**2 * (np.sqrt(1 - LIGHT_SPEED**-2) - 1)
    assert atom.total_energy == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("power", "exact"), [(-1, 1.0), (1, 1.5), (2, 3.0)])
def test_mean_powers_of_hydrogen_are_the_closed_forms(power, exact):
    """<1/r>, <r> and <r^2> of 1s, up to corrections of order alpha^2."""
    assert around_a_point("H").mean_power("1s1/2", power) == pytest.approx(exact, rel=1e-4)


def test_a_field_that_does_not_settle_is_an_error():
    """Too few rounds: a clear message instead of half a solution."""
    with pytest.raises(NotConverged, match=r"still turn by .* after 3 rounds"):
        ground_state("Ge", numerics=Numerics(max_iterations=3))
    assert issubclass(NotConverged, NuatomError)


def test_impossible_problems_are_refused():
    """A negative ion, and a grid with too few points."""
    with pytest.raises(InvalidInput, match="no negative ions"):
        ground_state("F", configuration="[Ne]")
    with pytest.raises(InvalidInput, match="more points than the order"):
        Numerics(points_per_cell=8)
    with pytest.raises(InvalidInput, match="no electrons"):
        Problem((), PointNucleus(1))
