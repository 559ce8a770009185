"""The steps of one round of a self-consistent field."""

from collections.abc import Mapping

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.atom import Orbital
from nuatom.structure.mean_field import MeanField
from nuatom.structure.problem import Problem

States = tuple[Array, Array]
"""Eigenvalues, and eigenvectors as columns, in the frame of one kappa."""


def first_guess(problem: Problem) -> dict[int, States]:
    """Return the states of the Thomas-Fermi field.

    Parameters
    ----------
    problem : Problem
        Which kappas are needed [problem].

    Returns
    -------
    dict
        kappa -> energies and vectors in the frame.
    """
    frames = {kappa: problem.stage.frame(kappa) for kappa in problem.columns}
    return {kappa: (frame.energies, np.eye(len(frame.energies))) for kappa, frame in frames.items()}


def diagonalise(matrices: Mapping[int, Array]) -> dict[int, States]:
    """Return eigenvalues and eigenvectors of the matrix of each kappa.

    Parameters
    ----------
    matrices : mapping
        kappa -> symmetric matrix in its frame [energy].

    Returns
    -------
    dict
        kappa -> (eigenvalues, eigenvectors as columns).

    Example
    -------
    >>> diagonalise({-1: np.diag([2.0, 1.0])})[-1][0].tolist()
    [1.0, 2.0]
    """
    return {kappa: np.linalg.eigh(matrix) for kappa, matrix in matrices.items()}


def occupied(problem: Problem, states: Mapping[int, States]) -> dict[int, Array]:
    """Return the occupied eigenvectors of each kappa as columns.

    The subshell nl is the (n - l)-th state above ``-c^2``, where the positrons end.

    Parameters
    ----------
    problem : Problem
        Says which subshells hold electrons [problem].
    states : mapping
        Of each kappa [any].

    Returns
    -------
    dict
        kappa -> array (size, orbital).
    """
    chosen = {}
    for kappa, (energies, vectors) in states.items():
        first = int(np.searchsorted(energies, -(problem.light_speed**2)))
        subshells = [problem.filling.subshells[i] for i in problem.columns[kappa]]
        chosen[kappa] = vectors[:, [first + s.n - s.angular_momentum - 1 for s in subshells]]
    return chosen


def coefficients_of(problem: Problem, vectors: Mapping[int, Array]) -> list[Array]:
    """Return each occupied orbital in the basis of splines, with P positive at the nucleus.

    Parameters
    ----------
    problem : Problem
        The order of the subshells [problem].
    vectors : mapping
        kappa -> columns in its frame [dimensionless].

    Returns
    -------
    list of ndarray
        One for each subshell.
    """
    result: list[Array] = [np.zeros(0)] * len(problem.filling.subshells)
    for kappa, columns in vectors.items():
        table = problem.stage.frame(kappa).columns @ columns
        start = (
            problem.stage.basis(kappa).on_points[0][0, -1]
            @ table[: problem.stage.basis(kappa).sizes[0]]
        )
        for j, i in enumerate(problem.columns[kappa]):
            result[i] = table[:, j] * (1.0 if start[j] >= 0 else -1.0)
    return result


def mean_field(problem: Problem, coefficients: list[Array]) -> MeanField:
    """Return the field of given orbitals.

    Parameters
    ----------
    problem : Problem
        Stage and order of the subshells [problem].
    coefficients : list of ndarray
        Of each subshell, in the basis of splines [dimensionless].

    Returns
    -------
    MeanField
        With the weights left open.
    """
    space = problem.stage.space
    orbitals = np.empty((space.cells, 2 * space.points_per_cell, len(coefficients)))
    for kappa, rows in problem.columns.items():
        basis = problem.stage.basis(kappa)
        table, n = np.array([coefficients[i] for i in rows]).T, basis.sizes[0]
        large, small = basis.on_points[0] @ table[:n], basis.on_points[1] @ table[n:]
        orbitals[:, :, rows] = np.concatenate([large, small], axis=1)
    return MeanField(problem.stage, problem.filling.kappas, orbitals)


def fock_matrices(problem: Problem, field: MeanField) -> dict[int, list[Array]]:
    """Return the Fock matrix of each occupied orbital, by kappa, in the basis of splines.

    Orbitals with the same field share one array.

    Parameters
    ----------
    problem : Problem
        Occupations [problem].
    field : MeanField
        Of the present orbitals [mean field].

    Returns
    -------
    dict
        kappa -> one matrix for each of its orbitals.
    """
    result = {}
    for kappa, rows in problem.columns.items():
        known: list[tuple[Array, Array]] = []
        focks = []
        for weights in problem.filling.fields[rows]:
            match = [fock for seen, fock in known if np.allclose(seen, weights, rtol=0, atol=1e-12)]
            if match:
                focks.append(match[0])
                continue
            fock = (
                _another(field, kappa, weights, known[0]) if known else field.fock(kappa, weights)
            )
            known.append((weights, fock))
            focks.append(fock)
        result[kappa] = focks
    return result


def _another(field: MeanField, kappa: int, weights: Array, known: tuple[Array, Array]) -> Array:
    """Return the Fock matrix of weights that differ from others in one open shell."""
    change = np.where(np.abs(weights - known[0]) > 1e-12, weights - known[0], 0.0)
    direct = field.stage.basis(kappa).local(field.direct(change))
    return np.asarray(known[1] + direct - field.exchange(kappa, change))


def energies_of(
    problem: Problem, coefficients: list[Array], focks: Mapping[int, list[Array]]
) -> tuple[Array, float]:
    """Return the orbital energies and the total energy.

    ``e_a = <a|F_a|a>`` and ``E = 1/2 sum_a q_a (<a|h|a> + e_a)``.

    Parameters
    ----------
    problem : Problem
        Occupations [problem].
    coefficients : list of ndarray
        Of each subshell, in the basis of splines [dimensionless].
    focks : mapping
        kappa -> Fock matrix of each of its orbitals [energy].

    Returns
    -------
    tuple
        Array of e_a, and E.
    """
    single, own = np.empty((2, len(coefficients)))
    for kappa, matrices in focks.items():
        for i, fock in zip(problem.columns[kappa], matrices, strict=True):
            single[i] = coefficients[i] @ problem.stage.one_electron(kappa) @ coefficients[i]
            own[i] = coefficients[i] @ fock @ coefficients[i]
    return own, float(problem.filling.electrons @ (single + own)) / 2


def pack(
    problem: Problem, field: MeanField, coefficients: list[Array], energies: Array
) -> tuple[Orbital, ...]:
    """Return the orbitals as objects.

    Parameters
    ----------
    problem : Problem
        Subshells and occupations [problem].
    field : MeanField
        Holds the orbitals at the points [mean field].
    coefficients : list of ndarray
        Of each subshell [dimensionless].
    energies : ndarray
        Of each subshell [energy].

    Returns
    -------
    tuple of Orbital
        In the order of the subshells.
    """
    half, filling = problem.stage.space.points_per_cell, problem.filling
    return tuple(
        Orbital(
            subshell=subshell,
            electrons=float(filling.electrons[i]),
            energy=float(energies[i]),
            coefficients=coefficients[i],
            large=np.ascontiguousarray(field.orbitals[:, :half, i]),
            small=np.ascontiguousarray(field.orbitals[:, half:, i]),
        )
        for i, subshell in enumerate(filling.subshells)
    )
