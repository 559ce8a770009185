r"""The Dirac-Hartree-Fock equations of an average of configuration.

Dirac-Coulomb Hamiltonian without positron states: no Breit interaction, no radiative
corrections, no correlation.  The Fock matrices are iterated to self-consistency with direct
inversion in the iterative subspace.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.atom import AtomicState
from nuatom.structure.diis import DirectInversion
from nuatom.structure.mean_field import MeanField
from nuatom.structure.problem import NotConverged, Problem
from nuatom.structure.rounds import (
    States,
    coefficients_of,
    diagonalise,
    energies_of,
    first_guess,
    fock_matrices,
    mean_field,
    occupied,
    pack,
)
from nuatom.structure.self_consistency import coupled_matrix, rotations

NEARLY = 0.1
"""Rotation below which the accelerated iteration takes over from the cautious one."""
CAUTION = 0.4
"""Fraction of a full step while further away: an open f shell would hop in and out of its well."""


@dataclass(frozen=True, eq=False)
class _Round:
    """Orbitals, their field, and the matrices that the next orbitals come from."""

    coefficients: list[Array]
    field: MeanField
    focks: dict[int, list[Array]]
    matrices: dict[int, Array]
    error: Array


def _round(problem: Problem, vectors: Mapping[int, Array], states: Mapping[int, States]) -> _Round:
    """Return the field of given orbitals and how far they are from being at rest in it."""
    coefficients = coefficients_of(problem, vectors)
    field = mean_field(problem, coefficients)
    focks = fock_matrices(problem, field)
    matrices, errors = {}, []
    for kappa, rows in problem.columns.items():
        frame = problem.stage.frame(kappa)
        distinct = {id(fock): fock for fock in focks[kappa]}
        inside = {key: frame.inside(fock) for key, fock in distinct.items()}
        own = [inside[id(fock)] for fock in focks[kappa]]
        electrons = problem.filling.electrons[rows]
        matrices[kappa] = coupled_matrix(own, vectors[kappa], electrons)
        errors.append(rotations(own, vectors[kappa], electrons, states[kappa]))
    return _Round(coefficients, field, focks, matrices, np.concatenate(errors))


def _unpack(flat: Array, like: Mapping[int, Array]) -> dict[int, Array]:
    """Return the matrices that were joined into one array."""
    parts = np.split(flat, np.cumsum([m.size for m in like.values()])[:-1])
    return {k: part.reshape(m.shape) for (k, m), part in zip(like.items(), parts, strict=True)}


def solve_dirac_fock(problem: Problem, start: AtomicState | None = None) -> AtomicState:
    """Solve the Dirac-Hartree-Fock equations.

    Parameters
    ----------
    problem : Problem
        Configuration, nucleus and grid [problem].
    start : AtomicState or None
        Orbitals to begin with, on the same stage; the Thomas-Fermi field if none
        [atomic state].

    Returns
    -------
    AtomicState
        Orbitals, energies and field.

    Raises
    ------
    NotConverged
        If the orbitals still turn after the allowed number of rounds.

    Notes
    -----
    I. P. Grant, Relativistic Quantum Theory of Atoms and Molecules (Springer, 2007),
    chapters 6 and 7.

    Example
    -------
    >>> from nuatom.structure.configuration import parse_configuration
    >>> from nuatom.structure.nucleus import PointNucleus
    >>> helium = solve_dirac_fock(Problem(parse_configuration("1s2"), PointNucleus(2)))
    >>> round(helium.total_energy, 6)
    -2.861813
    """
    accelerate = DirectInversion(8)
    states = first_guess(problem)
    vectors = _vectors(problem, start) if start else occupied(problem, states)
    current = np.concatenate([np.diag(energies).ravel() for energies, _ in states.values()])
    for iteration in range(1, problem.numerics.max_iterations + 1):
        found = _round(problem, vectors, states)
        size = float(np.max(np.abs(found.error)))
        if size < problem.tolerance:
            energies, total = energies_of(problem, found.coefficients, found.focks)
            orbitals = pack(problem, found.field, found.coefficients, energies)
            return AtomicState(problem, None, orbitals, total, iteration)
        trial = np.concatenate([matrix.ravel() for matrix in found.matrices.values()])
        if size > NEARLY:
            current = current + CAUTION * (trial - current)
        else:
            current = accelerate.improve(trial, found.error)
        states = diagonalise(_unpack(current, found.matrices))
        vectors = occupied(problem, states)
    raise NotConverged(
        f"Dirac-Fock field of {problem.filling.total} electrons around Z = "
        f"{problem.nucleus.charge:g}: orbitals still turn by {size:.1e} after "
        f"{problem.numerics.max_iterations} rounds, expected {problem.tolerance:.0e}; "
        "check the configuration or allow more rounds"
    )


def _vectors(problem: Problem, start: AtomicState) -> dict[int, Array]:
    """Return the orbitals of another state in the frames of this problem."""
    known = {one.subshell: one.coefficients for one in start.orbitals}
    result = {}
    for kappa, rows in problem.columns.items():
        chosen = np.array([known[problem.filling.subshells[i]] for i in rows]).T
        overlap = problem.stage.basis(kappa).overlap
        inside = problem.stage.frame(kappa).columns.T @ overlap @ chosen
        result[kappa], _ = np.linalg.qr(inside)
    return result
