"""Building a table: tasks on any executor, resumable, the same bytes however it is run."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import nuatom
from nuatom import units as u
from nuatom.ab_initio import variants
from nuatom.ab_initio.plan import (
    FREE_AFTER,
    FROZEN,
    HARTREE,
    Layout,
    TablePlan,
    code_digest,
    lay_out,
)
from nuatom.ab_initio.tasks import Store, Task, run, tasks_of
from nuatom.arrays import Array
from nuatom.responses.response_table import Provenance, ResponseTable
from nuatom.structure import ground_configuration

Progress = Callable[[float, float], None]
"""Takes the work done and all of it, in the same arbitrary unit."""

_EXACT = "Dirac-Hartree-Fock average of configuration, exact exchange, finite nucleus; "
_LOCAL = "finite nucleus; continuum waves in the potential of the atom"
METHODS = {
    "dirac-fock": f"{_EXACT}continuum waves in the V^(N-1) field of the relaxed ion, orthogonal "
    "to the orbitals of the atom",
    FROZEN: f"{_EXACT}continuum waves in the V^(N-1) field of the frozen core with its hole",
    "kohn-sham": f"Dirac-Kohn-Sham local exchange with the Latter tail, {_LOCAL}",
    "slater": f"Dirac-Slater local exchange with the Latter tail, {_LOCAL}",
}
"""Model -> what it is."""
OMITTED = "omitted: Breit interaction, radiative corrections, correlation (RPA), the solid"
REFERENCES = (
    "I. P. Grant, Relativistic Quantum Theory of Atoms and Molecules, Springer (2007)",
    "M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010)",
)


@dataclass(frozen=True)
class Work:
    """How tasks are done.

    Parameters
    ----------
    executor : Executor or None
        Of `concurrent.futures`, whose workers can import this package; none for this
        process alone [any].
    progress : callable or None
        Called with (done, all) after each task [any].
    store : Store or None
        Keeps finished tasks [store].
    """

    executor: Executor | None = None
    progress: Progress | None = None
    store: Store | None = None


def build_table(
    plan: TablePlan,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    store: Path | None = None,
) -> ResponseTable:
    """Compute a table of responses and, if asked for, its uncertainty.

    Parameters
    ----------
    plan : TablePlan
        What to compute [table plan].
    executor : Executor, optional
        Of `concurrent.futures`; without one everything is done in this process
        [any].
    progress : callable, optional
        Called with (done, all) in an arbitrary unit of work [any].
    store : Path, optional
        A folder where finished tasks are kept, so that an interrupted build goes on
        where it ended; removed when the table is complete [path].

    Returns
    -------
    ResponseTable
        The same for any executor.

    Raises
    ------
    InvalidInput
        If the plan ends below an edge.
    NotConverged
        If a field or a wave does not settle.
    CannotWrite
        If the store cannot be written.

    Example
    -------
    >>> plan = TablePlan("H", points=(8, 8), wanted=("L", "T"), variants=False)
    >>> build_table(plan).responses["L"].shape
    (1, 8, 8)
    """
    layout = lay_out(plan, executor)
    models = [plan.model, *variants.other_models(plan)]
    tasks = {model: tasks_of(layout, model) for model in models}
    everything = tuple(task for model in models for task in tasks[model])
    kept = None if store is None else Store(store, plan.digest())
    done = _run_all(everything, Work(executor, progress, kept))
    computed = {model: _assembled(layout, tasks[model], done) for model in models}
    table = _table(layout, computed[plan.model][0])
    if plan.variants:
        others = {model: computed[model][0] for model in models[1:]}
        table = variants.with_uncertainty(layout, table, others, computed[plan.model][1])
    if kept is not None:
        kept.remove(everything)
    return table


def _run_all(tasks: tuple[Task, ...], work: Work) -> dict[Task, Array]:
    """Return the result of every task, from the store where it is there."""
    found = {task: None if work.store is None else work.store.find(task) for task in tasks}
    done = {task: values for task, values in found.items() if values is not None}
    waiting = sorted((task for task in tasks if task not in done), key=lambda task: -task.cost)
    total = sum(task.cost for task in tasks)
    finished = sum(task.cost for task in done)
    if work.progress is not None:
        work.progress(finished, total)
    for task, values in _results(waiting, work.executor):
        done[task] = values
        if work.store is not None:
            work.store.keep(task, values)
        finished += task.cost
        if work.progress is not None:
            work.progress(min(finished, total), total)
    return done


def _results(tasks: list[Task], executor: Executor | None) -> Iterator[tuple[Task, Array]]:
    """Yield each task with its result, in the order in which they end."""
    if executor is None:
        for task in tasks:
            yield task, run(task)
        return
    futures = {executor.submit(run, task): task for task in tasks}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:  # after an error or Ctrl-C nothing more is begun
        for future in futures:
            future.cancel()


def _assembled(
    layout: Layout, tasks: tuple[Task, ...], done: Mapping[Task, Array]
) -> tuple[dict[str, Array], Array]:
    """Return responses (shell, T, q), and length over velocity in the dipole limit (shell, T)."""
    plan = layout.plan
    rows = [np.concatenate([done[t] for t in tasks if t.subshell == s.subshell], axis=1)
            for s in layout.shells]  # fmt: skip
    values = np.array(rows) / HARTREE
    responses = {name: values[:, i, :, :-1] for i, name in enumerate(plan.wanted)}
    return responses, variants.gauge_ratio(plan.wanted, values[..., -1])


def _table(layout: Layout, responses: Mapping[str, Array]) -> ResponseTable:
    """Return the table of a layout, without uncertainty."""
    return ResponseTable(
        shells=tuple(shell.grid for shell in layout.shells),
        kinetic_energy=np.array([shell.kinetic_energy for shell in layout.shells]),
        responses=responses,
        provenance=_provenance(layout),
    )


def _provenance(layout: Layout) -> Provenance:
    """Return where the table comes from."""
    plan = layout.plan
    ground = ground_configuration(plan.element)
    energies, momenta = plan.points
    return Provenance(
        element=plan.element,
        atomic_number=ground.atomic_number,
        method=f"{METHODS[plan.model]}; all multipoles; {OMITTED}",
        inputs=f"configuration {plan.configuration}; mass number {ground.mass_number}; "
        f"{energies} energies x {momenta} momenta a subshell; free electrons above "
        f"{FREE_AFTER:g} binding energies or {plan.maximum / u.keV:g} keV",
        code_version=f"nuatom {nuatom.__version__}, sources {code_digest()[:12]}",
        command=_command(plan),
        references=REFERENCES,
        edges_used=_edges_used(layout),
        created_by="nuatom",
    )


def _command(plan: TablePlan) -> str:
    """Return the command that rebuilds the table."""
    words = ["nuatom atom build", plan.element]
    words += [f"--model {plan.model}", f"--points {plan.points[0]}x{plan.points[1]}"]
    words += [f"--maximum-keV {plan.maximum / u.keV:g}", f"--edges {plan.edges}"]
    words += ["--variants" if plan.variants else "--no-variants", f"--out {plan.element}.nc"]
    return " ".join(words)


def _edges_used(layout: Layout) -> str:
    """Return where the thresholds of the table come from."""
    if layout.plan.edges == "calculated":
        return "calculated: Delta-SCF (dirac-fock) or minus the eigenvalue (local exchange)"
    text = (
        "measured: xraylib (Elam, Ravel and Sieber, Radiat. Phys. Chem. 63, 121, 2002), or the "
        "first ionisation energy (NIST Atomic Spectra Database) of a valence subshell without edge"
    )
    if layout.without_edge:
        text += f"; calculated for {', '.join(layout.without_edge)}"
    return text
