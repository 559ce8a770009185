r"""A basis for the radial Dirac equation without spurious states.

With the phases of this package, ``u = (1/r)(i P Omega_kappa; Q Omega_-kappa)``::

    -c (d/dr + kappa/r) P = (E - V + c^2) Q,     c (d/dr - kappa/r) Q = (E - V - c^2) P.

P is a sum of splines of one order, Q of splines of the next order on the same cells: then
``d/dr`` maps no combination of either to nearly nothing, and the gap between positrons and
electrons stays empty whatever the potential.  Near the nucleus P starts as r^(l+1) and Q as
r^(l'+1).  (Splines with dual kinetic balance let single states into the gap where the
potential of a heavy nucleus exceeds 2 c^2; a test counts them for this basis.)

C. Froese Fischer and O. Zatsarinny, Comput. Phys. Commun. 180, 879 (2009).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.angular import orbital_l
from nuatom.structure.splines import SplineSpace


@dataclass(frozen=True, eq=False)
class DiracBasis:
    """The functions of one kappa: first those of P, then those of Q.

    Parameters
    ----------
    space : SplineSpace
        Splines of P; those of Q have one order more [spline space].
    kappa : int
        Relativistic quantum number [dimensionless].
    light_speed : float
        c, in atomic units [dimensionless].

    Example
    -------
    >>> basis = DiracBasis(SplineSpace(np.linspace(0, 30, 31), 5, 8), -1, 137.036)
    >>> basis.size
    64
    """

    space: SplineSpace
    kappa: int
    light_speed: float

    @cached_property
    def _small_space(self) -> SplineSpace:
        space = self.space
        return SplineSpace(space.boundaries, space.order + 1, space.points_per_cell)

    @cached_property
    def _kept(self) -> tuple[slice, slice]:
        """Splines of P and of Q; the last one of either does not vanish at the end."""
        return slice(orbital_l(self.kappa) + 1, -1), slice(orbital_l(-self.kappa) + 1, -1)

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """Number of functions of P and of Q."""
        spaces = self.space, self._small_space
        first, second = (s.size - 1 - k.start for s, k in zip(spaces, self._kept, strict=True))
        return first, second

    @property
    def size(self) -> int:
        """Number of functions."""
        return sum(self.sizes)

    def components(self, r: Array) -> tuple[Array, Array]:
        """Return the splines of P and those of Q at any radii.

        Parameters
        ----------
        r : ndarray
            Radii, shape (n,) [length].

        Returns
        -------
        tuple of ndarray
            Shapes (n, sizes[0]) and (n, sizes[1]); zero beyond the box.
        """
        large, small = self._kept
        return self.space.evaluate(r)[:, large], self._small_space.evaluate(r)[:, small]

    def evaluate(self, coefficients: Array, r: Array) -> tuple[Array, Array]:
        """Return P and Q of given functions at any radii.

        Parameters
        ----------
        coefficients : ndarray
            Columns, shape (size, m) [dimensionless].
        r : ndarray
            Radii, shape (n,) [length].

        Returns
        -------
        tuple of ndarray
            P and Q, each of shape (n, m); zero beyond the box.
        """
        large, small = self.components(r)
        n = self.sizes[0]
        return large @ coefficients[:n], small @ coefficients[n:]

    @cached_property
    def on_points(self) -> tuple[Array, Array]:
        """Splines of P and of Q at the points of the grid, shapes (cell, point, function)."""
        shape = (self.space.cells, self.space.points_per_cell, -1)
        large, small = self.components(self.space.points.ravel())
        return large.reshape(shape), small.reshape(shape)

    def local(self, potential: Array) -> Array:
        """Return the matrix of a local potential.

        Parameters
        ----------
        potential : ndarray
            At the points, shape (cell, point) [energy].

        Returns
        -------
        ndarray
            Shape (size, size), symmetric.
        """
        weight = (self.space.weights * potential).reshape(-1, 1)
        n = self.sizes[0]
        matrix = np.zeros((self.size, self.size))
        for part, values in ((slice(n), self.on_points[0]), (slice(n, None), self.on_points[1])):
            flat = values.reshape(len(weight), -1)
            matrix[part, part] = flat.T @ (weight * flat)
        return matrix

    @cached_property
    def overlap(self) -> Array:
        """Overlap matrix."""
        return self.local(np.ones_like(self.space.points))

    @cached_property
    def free(self) -> Array:
        """Matrix of the Dirac operator without potential, less the rest energy.

        ``-2 c^2`` times the overlap of Q, and ``-c Int Q_i (d/dr + kappa/r) P_j dr``.
        """
        c, n = self.light_speed, self.sizes[0]
        r = self.space.points.reshape(-1, 1)
        large, small = (part.reshape(len(r), -1) for part in self.on_points)
        slopes = self.space.evaluate(r[:, 0], 1)[:, self._kept[0]]
        weight = self.space.weights.reshape(-1, 1)
        matrix = np.zeros((self.size, self.size))
        matrix[n:, n:] = -2 * c**2 * self.overlap[n:, n:]
        matrix[n:, :n] = -c * small.T @ (weight * (slopes + self.kappa / r * large))
        matrix[:n, n:] = matrix[n:, :n].T
        return matrix

    @cached_property
    def to_orthonormal(self) -> Array:
        """Inverse of the Cholesky factor L of the overlap."""
        from scipy.linalg import solve_triangular

        factor = np.linalg.cholesky(self.overlap)
        return np.asarray(solve_triangular(factor, np.eye(self.size), lower=True))

    def eigenstates(self, matrix: Array) -> tuple[Array, Array]:
        """Return all eigenvalues of an operator, ascending, and the states as columns.

        Parameters
        ----------
        matrix : ndarray
            In the basis of splines, shape (size, size) [energy].

        Returns
        -------
        tuple of ndarray
            Shapes (size,) and (size, size); the states are orthonormal.
        """
        turn = self.to_orthonormal
        turned = turn @ matrix @ turn.T
        energies, vectors = np.linalg.eigh((turned + turned.T) / 2)
        return energies, turn.T @ vectors
