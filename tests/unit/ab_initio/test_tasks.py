"""Tasks are kept whole or count as not done."""

import numpy as np
import pytest

from nuatom.ab_initio import tasks as module
from nuatom.ab_initio.plan import TablePlan, lay_out, solved
from nuatom.ab_initio.tasks import DIPOLE_MOMENTUM, Store, run, tasks_of
from nuatom.structure.ionisation import subshell_responses


@pytest.fixture(scope="module")
def tasks():
    return tasks_of(lay_out(TablePlan("H", points=(9, 8), wanted=("L", "T"))), "dirac-fock")


@pytest.fixture(scope="module")
def result(tasks):
    return run(tasks[0])


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "kept", "digest of the plan")


def test_tasks_cover_every_energy_once(tasks):
    """Nine energies in portions."""
    assert [task.first for task in tasks] == list(range(0, 9, module.ENERGIES))
    assert sum(task.transfers[0].size for task in tasks) == 9
    assert len({task.name for task in tasks}) == len(tasks)


def test_a_task_asks_for_the_grid_and_for_the_dipole_limit(tasks):
    """The momenta of the grid begin at T/c; a last one is far below."""
    _, momenta = tasks[0].transfers
    assert momenta.shape == (module.ENERGIES, 9)
    # rounding of a product
    assert momenta[:, -1] == pytest.approx(DIPOLE_MOMENTUM * momenta[:, 0], rel=1e-12)


def test_a_task_is_what_the_engine_says(tasks, result):
    """Names and numbers go to the engine unchanged."""
    task = tasks[0]
    state = solved("H", "dirac-fock")
    direct = subshell_responses(
        state, "1s1/2", *task.transfers, wanted=("T",), treatment=task.treatment
    )
    # the same operations, but for the order of sums
    assert result[1] == pytest.approx(direct["T"], rel=1e-10)


def test_the_estimate_of_time_grows_with_energy(tasks):
    """Waves are many and grids long at high energy."""
    costs = [task.cost / task.transfers[0].size for task in tasks]
    assert costs == sorted(costs)


def test_what_is_kept_is_found(store, tasks, result):
    """The numbers come back bit by bit; another task has none."""
    store.keep(tasks[0], result)
    np.testing.assert_array_equal(store.find(tasks[0]), result)
    assert store.find(tasks[1]) is None


@pytest.mark.parametrize("length", [0, 10, 90, -1])
def test_a_torn_file_counts_as_not_done(store, tasks, result, length):
    """However much of it there is."""
    store.keep(tasks[0], result)
    path = store.path(tasks[0])
    path.write_bytes(path.read_bytes()[:length])
    assert store.find(tasks[0]) is None


def test_a_damaged_file_counts_as_not_done(store, tasks, result):
    """One bit is enough."""
    store.keep(tasks[0], result)
    content = bytearray(store.path(tasks[0]).read_bytes())
    content[-5] ^= 1
    store.path(tasks[0]).write_bytes(content)
    assert store.find(tasks[0]) is None


def test_a_file_of_another_plan_counts_as_not_done(store, tasks, result):
    """Sound, but the answer to another question."""
    Store(store.folder, "another digest").keep(tasks[0], result)
    assert store.find(tasks[0]) is None


def test_a_file_of_another_task_counts_as_not_done(store, tasks, result):
    """Even under the right name."""
    store.keep(tasks[1], result)
    store.path(tasks[1]).rename(store.path(tasks[0]))
    assert store.find(tasks[0]) is None


def test_an_empty_store_goes_away(store, tasks, result):
    """Nothing is left of a finished build."""
    store.keep(tasks[0], result)
    store.remove(tasks)
    assert not store.folder.exists()


def test_files_of_others_stay(store, tasks, result):
    """A folder that holds something else is not ours to remove."""
    store.keep(tasks[0], result)
    (store.folder / "notes").write_text("mine")
    store.remove(tasks)
    assert [path.name for path in store.folder.iterdir()] == ["notes"]
