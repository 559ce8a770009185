r"""Integrals over ``r_<^k / r_>^(k+1)``, cell by cell.

Between two cells the kernel is a product, so that only moments of each cell are needed;
inside one cell the inner integral runs through the polynomial that interpolates the
quadrature points.  Sums over inner cells run outwards and sums over outer cells run
inwards: the difference of two large numbers never stands for a small one.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.splines import SplineSpace


def sum_inside(moments: Array) -> Array:
    """Return for each cell the sum over all cells inside it.

    Parameters
    ----------
    moments : ndarray
        First axis: cells, from the nucleus outwards [any].

    Returns
    -------
    ndarray
        Same shape.

    Example
    -------
    >>> sum_inside(np.array([1.0, 2.0, 3.0])).tolist()
    [0.0, 1.0, 3.0]
    """
    total = np.zeros_like(moments)
    np.cumsum(moments[:-1], axis=0, out=total[1:])
    return total


def sum_outside(moments: Array) -> Array:
    """Return for each cell the sum over all cells outside it, begun at the last.

    Parameters
    ----------
    moments : ndarray
        First axis: cells, from the nucleus outwards [any].

    Returns
    -------
    ndarray
        Same shape.

    Example
    -------
    >>> sum_outside(np.array([1.0, 2.0, 3.0])).tolist()
    [5.0, 3.0, 0.0]
    """
    return np.asarray(sum_inside(moments[::-1])[::-1])


@dataclass(frozen=True, eq=False)
class SlaterKernel:
    r"""The kernel of one rank on the points of a spline space.

    Parameters
    ----------
    space : SplineSpace
        Where the integrals run [spline space].
    rank : int
        k [dimensionless].

    Example
    -------
    >>> space = SplineSpace(np.linspace(0, 40, 41), 5, 8)
    >>> density = 4 * space.points**2 * np.exp(-2 * space.points)   # hydrogen 1s
    >>> y = SlaterKernel(space, 0).potential(density)
    >>> float((space.weights * density * y).sum().round(9))          # F^0(1s,1s) = 5/8
    0.625
    """

    space: SplineSpace
    rank: int

    @cached_property
    def inner(self) -> Array:
        """``w r^k`` at the points, shape (cell, point)."""
        return np.asarray(self.space.weights * self.space.points**self.rank)

    @cached_property
    def outer(self) -> Array:
        """``w r^(-k-1)`` at the points, shape (cell, point)."""
        return np.asarray(self.space.weights * self.space.points ** (-self.rank - 1.0))

    @cached_property
    def within(self) -> Array:
        """Weights of the double integral within one cell, shape (cell, point, point)."""
        r = self.space.points
        k = self.rank
        below = self.space.half_widths[:, None, None] * self.space.running_integral
        one_side = self.outer[:, :, None] * below * (r**k)[:, None, :]
        return np.asarray(one_side + np.swapaxes(one_side, 1, 2))

    def potential(self, density: Array) -> Array:
        """Return ``Y^k/r = Int r_<^k/r_>^(k+1) density(r') dr'`` at the points.

        Parameters
        ----------
        density : ndarray
            Shape (cell, point) or (cell, point, n) for n densities at once [1/length].

        Returns
        -------
        ndarray
            Same shape.
        """
        rho = density if density.ndim == 3 else density[:, :, None]
        r, k = self.space.points[:, :, None], self.rank
        inside = sum_inside(np.einsum("vp,vpn->vn", self.inner, rho))[:, None, :]
        outside = sum_outside(np.einsum("vp,vpn->vn", self.outer, rho))[:, None, :]
        same = (self.within @ rho) / self.space.weights[:, :, None]
        y = inside * r ** (-k - 1.0) + outside * r**k + same
        return np.asarray(y.reshape(density.shape))
