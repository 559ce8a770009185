r"""Direct and exchange matrices of a set of occupied orbitals, in a basis of splines.

For a field with weights ``w_b`` the Fock matrix of one kappa is::

    h + sum_b w_b [ J_b - sum_k Gamma_k(kappa, kappa_b) K^k_b ],
    <i|J_b|j>   = Int Int (P_i P_j + Q_i Q_j)(r) (P_b^2 + Q_b^2)(r') / r_>,
    <i|K^k_b|j> = Int Int (P_i P_b + Q_i Q_b)(r) r_<^k/r_>^(k+1) (P_b P_j + Q_b Q_j)(r').
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.angular import exchange_coefficients
from nuatom.structure.dirac_basis import DiracBasis
from nuatom.structure.slater import sum_inside
from nuatom.structure.stage import Stage


@dataclass(frozen=True, eq=False)
class MeanField:
    """The field of given orbitals.

    Parameters
    ----------
    stage : Stage
        Splines and kernels [stage].
    kappas : tuple of int
        Kappa of each orbital [dimensionless].
    orbitals : ndarray
        P, then Q, at the points of each cell, shape (cell, 2 point, orbital) [1/length^(1/2)].

    Example
    -------
    >>> from nuatom.structure.nucleus import PointNucleus
    >>> from nuatom.structure.splines import SplineSpace
    >>> space = SplineSpace(np.linspace(0, 30, 31), 5, 8)
    >>> stage = Stage(space, PointNucleus(1), 137.036)
    >>> large = 2 * space.points * np.exp(-space.points)
    >>> orbitals = np.concatenate([large, 0 * large], axis=1)[:, :, None]
    >>> field = MeanField(stage, (-1,), orbitals)
    >>> float(field.direct([1.0])[10, 0].round(6)), float(space.points[10, 0].round(6))
    (0.099802, 10.019855)
    """

    stage: Stage
    kappas: tuple[int, ...]
    orbitals: Array

    @cached_property
    def densities(self) -> Array:
        """``P^2 + Q^2`` of each orbital, shape (cell, point, orbital)."""
        half = self.stage.space.points_per_cell
        return np.asarray(self.orbitals[:, :half] ** 2 + self.orbitals[:, half:] ** 2)

    @cached_property
    def _direct_potentials(self) -> Array:
        return self.stage.kernel(0).potential(self.densities)

    @cached_property
    def _charges(self) -> Array:
        """``r Y^0/r``: charge of each orbital as seen from the points, smooth to the nucleus."""
        return np.asarray(self._direct_potentials * self.stage.space.points[:, :, None])

    def direct_at(self, weights: Sequence[float] | Array, r: Array) -> Array:
        """Return the potential of `direct` at any radii.

        Parameters
        ----------
        weights : array_like
            Electrons in each orbital [dimensionless].
        r : ndarray
            Radii, positive, shape (n,) [length].

        Returns
        -------
        ndarray
            Shape (n,); the number of electrons over r beyond the box.
        """
        weights, space = np.asarray(weights), self.stage.space
        within = space.interpolate(self._charges @ weights, np.minimum(r, space.radius))
        return np.asarray(np.where(r < space.radius, within, weights.sum()) / r)

    def direct(self, weights: Sequence[float] | Array) -> Array:
        """Return the potential energy of an electron in the charge of the orbitals.

        Parameters
        ----------
        weights : array_like
            Electrons in each orbital [dimensionless].

        Returns
        -------
        ndarray
            At the points, shape (cell, point).
        """
        return np.asarray(self._direct_potentials @ np.asarray(weights))

    def exchange(self, kappa: int, weights: Sequence[float] | Array) -> Array:
        """Return the matrix ``sum_b w_b sum_k Gamma_k K^k_b`` in the basis of a kappa.

        Parameters
        ----------
        kappa : int
            Of the electron that moves in the field [dimensionless].
        weights : array_like
            Electrons in each orbital [dimensionless].

        Returns
        -------
        ndarray
            Symmetric; to be subtracted from the direct part.
        """
        basis, points = self.stage.basis(kappa), self.stage.space.points_per_cell
        within = np.zeros((self.stage.space.cells, 2, points, 2, points))
        between = np.zeros((basis.size, basis.size))
        table = exchange_coefficients(kappa, self.kappas) * np.asarray(weights)
        for rank, row in enumerate(table):
            used = np.flatnonzero(row)
            if not len(used):
                continue
            orbitals, kernel = self.orbitals[:, :, used], self.stage.kernel(rank)
            product = (orbitals * row[used]) @ np.swapaxes(orbitals, 1, 2)
            within += kernel.within[:, None, :, None, :] * product.reshape(within.shape)
            inner = _moments(basis, np.tile(kernel.inner, (1, 2))[:, :, None] * orbitals)
            outer = _moments(basis, np.tile(kernel.outer, (1, 2))[:, :, None] * orbitals)
            columns = (outer * row[used]).transpose(1, 0, 2).reshape(basis.size, -1)
            between += columns @ sum_inside(inner).transpose(1, 0, 2).reshape(basis.size, -1).T
        return np.asarray(between + between.T + _project(basis, within))

    def fock(self, kappa: int, weights: Sequence[float] | Array) -> Array:
        """Return the Fock matrix of a kappa in the field of the orbitals.

        Parameters
        ----------
        kappa : int
            Of the electron that moves in the field [dimensionless].
        weights : array_like
            Electrons in each orbital [dimensionless].

        Returns
        -------
        ndarray
            In the basis of splines, less the rest energy.
        """
        direct = self.stage.basis(kappa).local(self.direct(weights))
        one_electron = self.stage.one_electron(kappa)
        return np.asarray(one_electron + direct - self.exchange(kappa, weights))


def _moments(basis: DiracBasis, weighted: Array) -> Array:
    """Return ``Int (P_i P_b + Q_i Q_b)`` over each cell, shape (cell, function, orbital)."""
    points = basis.space.points_per_cell
    parts = [
        np.swapaxes(functions, 1, 2) @ weighted[:, rows]
        for functions, rows in zip(
            basis.on_points, (slice(points), slice(points, None)), strict=True
        )
    ]
    return np.concatenate(parts, axis=1)


def _project(basis: DiracBasis, kernel: Array) -> Array:
    """Return the matrix of a symmetric operator that acts within each cell.

    The kernel has the shape (cell, component, point, component, point).
    """
    n = basis.sizes[0]
    columns = slice(n), slice(n, None)
    matrix = np.empty((basis.size, basis.size))
    for row, column in ((0, 0), (1, 0), (1, 1)):
        left, right = basis.on_points[row], basis.on_points[column]
        acted = kernel[:, row, :, column] @ right
        found = left.reshape(-1, left.shape[2]).T @ acted.reshape(-1, right.shape[2])
        matrix[columns[row], columns[column]] = found
        matrix[columns[column], columns[row]] = found.T
    return matrix
