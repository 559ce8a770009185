"""A table is the same however it was made, and never half a table."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.ab_initio import TablePlan, build_table, tasks
from nuatom.errors import CannotWrite
from nuatom.responses.hydrogen_formulas import oscillator_strength
from nuatom.responses.table_format import read_table, write_table

PLAN = TablePlan("H", points=(10, 8), maximum=0.3 * u.keV, wanted=("L", "T"), variants=False)


@pytest.fixture(scope="module")
def table():
    return build_table(PLAN)


def contents(table, path):
    write_table(path, table)
    return path.read_bytes()


@pytest.fixture
def counted(monkeypatch):
    """How often the engine was asked."""
    calls = []
    monkeypatch.setattr(
        "nuatom.ab_initio.build.run", lambda task: calls.append(task.name) or tasks.run(task)
    )
    return calls


def test_hydrogen_is_hydrogen(table):
    """R_L of the table is that of the exact 1s orbital.

    The closed form is not relativistic: up to 5 atomic units the charge operator differs by
    (alpha q)^2 = 1.3e-3, and at 0.3 keV the ridge is moved by T/m = 6e-4 of q^2.
    """
    (shell,), q = table.shells, table.momentum()[0]
    T = (shell.calculated_threshold + table.kinetic_energy[0])[:, None]
    strength = oscillator_strength(T / c.rydberg, (q * c.bohr_radius) ** 2)
    expected = q**2 / (2 * c.electron_mass * T) * strength / c.rydberg
    slow = q * c.bohr_radius < 5
    assert table.responses["L"][0][slow] == pytest.approx(expected[slow], rel=5e-3)


def test_threads_make_the_same_bytes(table, tmp_path):
    """The order in which tasks end does not matter."""
    with ThreadPoolExecutor(2) as executor:
        other = build_table(PLAN, executor=executor)
    assert contents(other, tmp_path / "a.nc") == contents(table, tmp_path / "b.nc")


def test_an_interrupted_build_goes_on(table, tmp_path, counted):
    """What was done is not done again, and the table is the same."""
    store = tmp_path / "store"

    def stop(done, everything):
        if counted:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_table(PLAN, progress=stop, store=store)
    assert len(counted) == 1
    assert len(list(store.iterdir())) == 1
    counted.clear()
    resumed = build_table(PLAN, store=store)
    assert len(counted) == 2
    assert contents(resumed, tmp_path / "a.nc") == contents(table, tmp_path / "b.nc")
    assert not store.exists()


def test_what_another_plan_left_is_not_used(tmp_path, counted):
    """The store of an interrupted build of something else is of no use, and does no harm."""
    store = tmp_path / "store"

    def stop(done, everything):
        if counted:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_table(replace(PLAN, edges="calculated"), progress=stop, store=store)
    counted.clear()
    build_table(PLAN, store=store)
    assert len(counted) == 3


def test_progress_runs_from_nothing_to_all():
    """In steps that never go back."""
    seen = []
    build_table(PLAN, progress=lambda done, everything: seen.append((done, everything)))
    assert seen[0][0] == 0
    assert all(later[0] > earlier[0] for earlier, later in itertools.pairwise(seen))
    # a sum of a few numbers
    assert seen[-1][0] == pytest.approx(seen[-1][1], rel=1e-12)


def test_a_store_that_cannot_be_written_is_an_error(tmp_path):
    """Below a regular file nothing can be kept."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotWrite, match="file"):
        build_table(PLAN, store=tmp_path / "file" / "store")


def test_the_table_says_where_it_comes_from(table, tmp_path):
    """Configuration, edges, limits and the command that rebuilds it."""
    contents(table, tmp_path / "H.nc")
    origin = read_table(tmp_path / "H.nc").provenance
    assert origin.atomic_number == 1
    assert "1s1" in origin.inputs
    assert "measured" in origin.edges_used
    assert "correlation" in origin.method
    assert origin.command.startswith("nuatom atom build H --model dirac-fock --points 10x8")
    assert len(origin.code_version.split()[-1]) == 12
