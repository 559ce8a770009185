"""The grid of a table follows the thresholds of the atom."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom import units as u
from nuatom.ab_initio import plan as planning
from nuatom.ab_initio.plan import HARTREE, TablePlan, lay_out, solved, xray_name
from nuatom.errors import InvalidInput, UnknownName
from nuatom.structure import Subshell, ground_state
from nuatom.structure.ionisation import Accuracy
from nuatom.targets.elements import element

ROUNDING = 1e-12
"""Relative; a sum or two in double precision."""


@pytest.fixture(scope="module")
def neon():
    return lay_out(TablePlan("Ne", points=(8, 8)))


def test_subshells_have_the_names_of_the_x_ray_tables():
    """The names follow n, l and j as they do in the table of measured edges."""
    found = [xray_name(orbital.subshell) for orbital in ground_state("Kr").orbitals]
    assert found == [shell.name for shell in element("Kr").subshells]


def test_names_of_high_subshells():
    """Two subshells for each l > 0, j = l - 1/2 first."""
    assert [xray_name(Subshell(4, kappa)) for kappa in (-1, 1, -2, 2, -3, 3, -4)] == [
        "N1", "N2", "N3", "N4", "N5", "N6", "N7",
    ]  # fmt: skip


def test_edges_are_measured_and_thresholds_relaxed(neon):
    """A table of neon opens at the measured edges; the threshold of the theory is Delta-SCF."""
    measured = {shell.name: shell.binding_energy for shell in element("Ne").subshells}
    for shell in neon.shells:
        assert shell.grid.edge == measured[shell.grid.name]
        assert shell.grid.calculated_threshold < shell.frozen_threshold
    assert neon.without_edge == ()


def test_calculated_edges_on_request():
    """Asked for, the thresholds of the theory are those of the table."""
    found = lay_out(TablePlan("He", points=(8, 8), edges="calculated")).shells[0]
    assert found.grid.edge == found.grid.calculated_threshold
    # the docstring of nuatom.structure.threshold shows 0.8617, to four digits
    assert found.grid.edge / HARTREE == pytest.approx(0.8617, abs=5e-5)


def test_local_exchange_has_no_relaxation():
    """With a local potential the threshold is minus the eigenvalue."""
    (shell,) = lay_out(TablePlan("He", model="kohn-sham", points=(8, 8))).shells
    assert shell.grid.calculated_threshold == shell.frozen_threshold


def test_a_subshell_without_measured_edge_takes_the_calculated_one(monkeypatch):
    """What the table of edges lacks is computed, and said."""
    bare = replace(element("Ne"), subshells=element("Ne").subshells[:2])
    monkeypatch.setattr(planning, "element", lambda symbol: bare)
    found = lay_out(TablePlan("Ne", points=(8, 8)))
    assert found.without_edge == ("L2", "L3")
    assert found.shells[3].grid.edge == found.shells[3].grid.calculated_threshold


def test_energies_run_from_just_above_the_edge_to_free_electrons(neon):
    """The first wave is close to its threshold; the last is where free electrons begin."""
    for shell in neon.shells:
        grid, energies = shell.grid, shell.kinetic_energy
        scale = min(grid.edge, planning.FIRST_SCALE)
        assert energies[0] == pytest.approx(planning.FIRST_ENERGY * scale, rel=1e-9)
        assert grid.edge + energies[-1] == pytest.approx(grid.free_above, rel=ROUNDING)
        binding = max(grid.edge, grid.calculated_threshold)
        limit = min(planning.FREE_AFTER * binding, neon.plan.maximum)
        assert grid.free_above == pytest.approx(limit, rel=ROUNDING)


def test_momenta_run_from_the_photon_point_beyond_the_ridge(neon):
    """At each energy the first momentum is T and the last is above sqrt(T^2 + 2mT)."""
    shell = neon.shells[0]
    energies = shell.grid.edge + shell.kinetic_energy
    momenta = shell.momentum(8)
    assert momenta[:, 0] == pytest.approx(energies, rel=ROUNDING)
    assert momenta[:, -1] == pytest.approx(shell.grid.greatest_momentum(energies), rel=ROUNDING)


def test_the_width_is_half_the_momentum_of_the_orbital():
    """Hydrogen has sqrt(2 m B) = alpha m, one atomic unit, to the 1e-5 of relativity."""
    (shell,) = lay_out(TablePlan("H", points=(8, 8))).shells
    assert shell.grid.momentum_width / planning.INVERSE_BOHR == pytest.approx(0.5, rel=2e-5)


@pytest.mark.parametrize(
    "change",
    [
        {"element": "He"},
        {"model": "slater"},
        {"points": (9, 8)},
        {"points": (8, 9)},
        {"maximum": 100 * u.keV},
        {"wanted": ("L",)},
        {"edges": "calculated"},
        {"accuracy": Accuracy(refinement=2.0)},
    ],
)
def test_every_input_is_in_the_digest(change):
    """Results of another plan, kept on disk, are never taken for those of this one."""
    plan = TablePlan("H", points=(8, 8))
    assert plan.digest() == TablePlan("H", points=(8, 8)).digest()
    assert replace(plan, **change).digest() != plan.digest()


def test_the_code_is_in_the_digest(monkeypatch):
    """Results of an older engine are not taken for those of this one."""
    plan = TablePlan("H")
    before = plan.digest()
    monkeypatch.setattr(planning, "code_digest", lambda: "other")
    assert plan.digest() != before


def test_energies_are_closest_at_the_edge(neon):
    """In the variable of the splines the steps grow evenly, by (1 + a)/(1 - a) in all."""
    shell = neon.shells[0]
    steps = np.diff(np.log1p(shell.kinetic_energy / shell.grid.energy_scale))
    growth = np.diff(steps)
    # differences of logarithms, to rounding
    assert growth == pytest.approx(growth.mean(), rel=1e-6)
    assert growth[0] == pytest.approx(2 * planning.STRETCH * steps.mean() / 7, rel=1e-6)


def test_comments_do_not_make_a_table_old(tmp_path, monkeypatch):
    """The digest of the code leaves out what does not compute."""
    before = planning.code_digest.__wrapped__()
    monkeypatch.setattr(planning.structure, "__file__", str(tmp_path / "__init__.py"))
    (tmp_path / "__init__.py").write_text('"""Text."""\nx = 1  # comment\n')
    first = planning.code_digest.__wrapped__()
    (tmp_path / "__init__.py").write_text("x = 1\n")
    assert planning.code_digest.__wrapped__() == first != before
    (tmp_path / "__init__.py").write_text("x = 2\n")
    assert planning.code_digest.__wrapped__() != first


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ({"element": "Gee"}, "Ge"),
        ({"element": "Ge", "model": "dirac-fok"}, "dirac-fock"),
        ({"element": "Ge", "edges": "mesured"}, "measured"),
        ({"element": "Ge", "wanted": ("L", "A30")}, "A03"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(words, nearest):
    """Before anything is computed."""
    with pytest.raises(UnknownName, match=nearest):
        TablePlan(**words)


@pytest.mark.parametrize("points", [(7, 80), (60, 7)])
def test_too_few_points_are_refused(points):
    """Cubic splines need some."""
    with pytest.raises(InvalidInput, match=f"{points[0]}x{points[1]}"):
        TablePlan("H", points=points)


@pytest.mark.parametrize("maximum", [0.0, -1.0, np.inf, np.nan])
def test_a_senseless_maximum_is_refused(maximum):
    """The energies must end somewhere."""
    with pytest.raises(InvalidInput, match="maximum"):
        TablePlan("H", maximum=maximum)


def test_a_maximum_below_an_edge_is_refused():
    """Free electrons cannot replace a subshell that is not yet open."""
    with pytest.raises(InvalidInput, match="K"):
        lay_out(TablePlan("He", points=(8, 8), maximum=30 * u.eV))


def test_an_atom_is_solved_once():
    """In each process."""
    assert solved("H", "dirac-fock") is solved("H", "dirac-fock")
