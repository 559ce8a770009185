"""A table cut into independent tasks, and a folder that keeps those already done.

A task carries names and numbers only, so that any process can do it; the atom is solved
once in each process.  A finished task is one file in the store, written whole, with the
digest of the plan, its own name and a checksum: a file that is torn, damaged or of another
plan counts as not done.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom.ab_initio.plan import FROZEN, HARTREE, INVERSE_BOHR, Layout, solved
from nuatom.arrays import Array
from nuatom.structure.ionisation import Treatment, subshell_responses
from nuatom.table import write_bytes_atomically

ENERGIES = 4
"""Energies in one task."""
DIPOLE_MOMENTUM = 0.01
"""``|q|/T`` of an extra momentum, small enough for the dipole limit."""
_MAGIC = b"nuatom-task"


@dataclass(frozen=True, eq=False)
class Task:
    """Some energies of one subshell, in atomic units.

    Parameters
    ----------
    atom : tuple of str
        Element, and how its electrons interact [name].
    subshell : str
        Such as 2p3/2 [name].
    first : int
        Row of the first energy in the table [dimensionless].
    transfers : tuple of ndarray
        Kinetic energies of the electron, shape (T,), and momenta, shape (T, q), the last of
        them that of the dipole limit [any].
    width : float
        Half the momentum of the orbital, for the estimate of time [1/length].
    wanted : tuple of str
        Responses [name].
    treatment : Treatment
        What the engine computes, and how finely [treatment].
    """

    atom: tuple[str, str]
    subshell: str
    first: int
    transfers: tuple[Array, Array]
    width: float
    wanted: tuple[str, ...]
    treatment: Treatment

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the result: response, energy, momentum."""
        energies, momenta = self.transfers[1].shape
        return len(self.wanted), energies, momenta

    @property
    def name(self) -> str:
        """Of the task within its plan, such as dirac-fock-2p3_2-08."""
        return f"{self.atom[1]}-{self.subshell.replace('/', '_')}-{self.first:04d}"

    @property
    def cost(self) -> float:
        """Relative time: the number of partial waves grows with momentum times radius."""
        kinetic_energy, _ = self.transfers
        return float((1 + np.sqrt(2 * kinetic_energy) / (4 * self.width)).sum())


def tasks_of(layout: Layout, model: str) -> tuple[Task, ...]:
    """Return the tasks of a layout with one model.

    Parameters
    ----------
    layout : Layout
        Grid of each subshell [layout].
    model : str
        Of the layout, or that of a variant [name].

    Returns
    -------
    tuple of Task
        By subshell and energy.
    """
    plan, tasks = layout.plan, []
    settings = plan.wanted, Treatment(relaxed=model != FROZEN, accuracy=plan.accuracy)
    for shell in layout.shells:
        grid = shell.momentum(plan.points[1])
        transfer = (shell.grid.edge + shell.kinetic_energy)[:, None]
        momentum = np.hstack([grid, DIPOLE_MOMENTUM * transfer]) / INVERSE_BOHR
        kinetic = shell.kinetic_energy / HARTREE
        width = shell.grid.momentum_width / INVERSE_BOHR
        for first in range(0, kinetic.size, ENERGIES):
            rows = slice(first, first + ENERGIES)
            transfers = kinetic[rows], momentum[rows]
            tasks.append(
                Task((plan.element, model), shell.subshell, first, transfers, width, *settings)
            )
    return tuple(tasks)


def run(task: Task) -> Array:
    """Compute the responses of one task.

    Parameters
    ----------
    task : Task
        Names and numbers [task].

    Returns
    -------
    ndarray
        Shape (response, T, q) [1/energy].
    """
    found = subshell_responses(
        solved(*task.atom),
        task.subshell,
        *task.transfers,
        wanted=task.wanted,
        treatment=task.treatment,
    )
    return np.array([found[name] for name in task.wanted])


@dataclass(frozen=True)
class Store:
    """A folder of finished tasks of one plan.

    Parameters
    ----------
    folder : Path
        Made when the first task is done [path].
    digest : str
        Of the plan [text].
    """

    folder: Path
    digest: str

    def path(self, task: Task) -> Path:
        """Return the file of a task.

        Parameters
        ----------
        task : Task
            Any of the plan [task].

        Returns
        -------
        Path
            Which need not exist.
        """
        return self.folder / f"{task.name}.task"

    def keep(self, task: Task, values: Array) -> None:
        """Write the result of a task, whole or not at all.

        Parameters
        ----------
        task : Task
            What was done [task].
        values : ndarray
            From `run` [any].

        Raises
        ------
        CannotWrite
            If the disk refuses.
        """
        body = self._header(task) + np.ascontiguousarray(values, "<f8").tobytes()
        seal = hashlib.sha256(body).hexdigest().encode()
        write_bytes_atomically(self.path(task), _MAGIC + b" " + seal + b"\n" + body)

    def find(self, task: Task) -> Array | None:
        """Return the result of a task if the store holds it whole.

        Parameters
        ----------
        task : Task
            What is to be done [task].

        Returns
        -------
        ndarray or None
            None if it must be computed.
        """
        try:
            first, body = self.path(task).read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        header = self._header(task)
        if first != _MAGIC + b" " + hashlib.sha256(body).hexdigest().encode():
            return None
        if not body.startswith(header):
            return None
        return np.frombuffer(body[len(header) :], "<f8").reshape(task.shape).astype(np.float64)

    def remove(self, tasks: tuple[Task, ...]) -> None:
        """Remove the files of tasks, and the folder if nothing else is in it.

        Parameters
        ----------
        tasks : tuple of Task
            Those that are no longer needed [task].
        """
        for task in tasks:
            self.path(task).unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _header(self, task: Task) -> bytes:
        """Return the line that says what the numbers are."""
        return json.dumps([self.digest, task.name, *task.shape]).encode() + b"\n"
