r"""One Fock matrix per kappa from the fields of several shells.

Every orbital is stationary in a field of its own: an electron of an open shell does not act
on itself.  For orbitals of one kappa the conditions

    <v|F_a|a> = 0   (v empty),        q_a <b|F_a|a> = q_b <a|F_b|b>   (b occupied)

are those of one matrix R, put together block by block; the second is written as
``R_ab = g_ab (e_b - e_a)/h_ab`` with the gradient g and the curvature h of the energy against
a rotation of a into b, so that a diagonalisation is a Newton step.

C. C. J. Roothaan, Rev. Mod. Phys. 32, 179 (1960); M. F. Guest and V. R. Saunders,
Mol. Phys. 28, 819 (1974).
"""

from collections.abc import Sequence

import numpy as np

from nuatom.arrays import Array


def coupled_matrix(focks: Sequence[Array], orbitals: Array, electrons: Array) -> Array:
    """Return the matrix R whose eigenvectors are stationary in their own fields.

    Parameters
    ----------
    focks : sequence of ndarray
        F_a of each orbital, in an orthonormal basis; the same object where the field is
        the same [energy].
    orbitals : ndarray
        Columns, ordered by energy, shape (size, orbital) [dimensionless].
    electrons : ndarray
        q_a [dimensionless].

    Returns
    -------
    ndarray
        Symmetric, shape (size, size).

    Example
    -------
    >>> fock = np.diag([1.0, 2.0, 3.0])
    >>> bool(np.all(coupled_matrix([fock, fock], np.eye(3)[:, :2], np.ones(2)) == fock))
    True
    """
    outer = focks[-1]
    if all(fock is outer for fock in focks):
        return outer
    matrix = outer.copy()
    for fock, orbital in zip(focks, orbitals.T, strict=True):
        if fock is not outer:
            change = (fock - outer) @ orbital
            change -= orbitals @ (orbitals.T @ change)
            matrix += np.outer(change, orbital) + np.outer(orbital, change)
    block = _occupied_block(focks, orbitals, electrons)
    return np.asarray(matrix + orbitals @ (block - orbitals.T @ outer @ orbitals) @ orbitals.T)


def _occupied_block(focks: Sequence[Array], orbitals: Array, electrons: Array) -> Array:
    """Return R among the occupied orbitals."""
    own = [orbitals.T @ fock @ orbitals for fock in focks]
    n = len(focks)
    block = np.diag([own[a][a, a] for a in range(n)])
    for a in range(n):
        for b in range(a + 1, n):
            if focks[a] is focks[b]:
                block[a, b] = own[a][a, b]
            else:
                gap = max(own[b][b, b] - own[a][a, a], 1e-3)
                gradient = electrons[a] * own[a][a, b] - electrons[b] * own[b][a, b]
                curvature = electrons[a] * (own[a][b, b] - own[a][a, a])
                curvature += electrons[b] * (own[b][a, a] - own[b][b, b])
                # negative for a hole below a full shell: a stationary point, no minimum
                floor = float(np.copysign(0.1 * gap, curvature))
                block[a, b] = gradient * gap / (curvature if abs(curvature) > abs(floor) else floor)
            block[b, a] = block[a, b]
    return block


def rotations(
    focks: Sequence[Array], orbitals: Array, electrons: Array, states: tuple[Array, Array]
) -> Array:
    """Return how far each orbital would turn in one step: the error of the iteration.

    ``sqrt(q_a) <v|F_a|a>/(e_v - e_a)`` into each state v that is empty, and the rotations
    between occupied orbitals of different fields.

    Parameters
    ----------
    focks : sequence of ndarray
        F_a of each orbital, in an orthonormal basis [energy].
    orbitals : ndarray
        Columns, shape (size, orbital) [dimensionless].
    electrons : ndarray
        q_a [dimensionless].
    states : tuple of ndarray
        Eigenvalues and eigenvectors from which the orbitals were taken [any].

    Returns
    -------
    ndarray
        One-dimensional, dimensionless; in a basis that does not turn with the orbitals.

    Example
    -------
    >>> fock, states = np.diag([1.0, 2.0]), (np.array([1.0, 2.0]), np.eye(2))
    >>> rotations([fock], np.eye(2)[:, :1], np.ones(1), states).tolist()
    [0.0, 0.0]
    """
    energies, vectors = states
    errors = []
    for fock, orbital, q in zip(focks, orbitals.T, electrons, strict=True):
        change = fock @ orbital
        energy = float(orbital @ change)
        change -= orbitals @ (orbitals.T @ change)
        steps = (vectors.T @ change) / (np.abs(energies - energy) + 0.1)
        errors.append(np.sqrt(q) * (vectors @ steps))
    if any(fock is not focks[0] for fock in focks):
        block = _occupied_block(focks, orbitals, electrons)
        diagonal = np.diag(block)
        mixed = np.array([[f is not g for f in focks] for g in focks])
        gaps = np.abs(diagonal[:, None] - diagonal) + 0.1
        errors.append((np.where(mixed, block, 0.0) / gaps).ravel())
    return np.concatenate(errors)
