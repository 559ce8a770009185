"""B-splines on a radial grid of cells, with Gauss-Legendre points in each cell."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput


def breakpoints(cells: int, *, scale: float, radius: float, stretch: float) -> Array:
    r"""Return the cell boundaries of a grid that is exponential inside and linear outside.

    Equal steps in ``x(r) = ln(1 + r/scale) + r/stretch`` from r = 0 to the box radius.

    Parameters
    ----------
    cells : int
        Number of intervals [dimensionless].
    scale : float
        Where the grid turns from linear at the nucleus to exponential [length].
    radius : float
        The outer end [length].
    stretch : float
        Where the grid turns from exponential to linear [length].

    Returns
    -------
    ndarray
        ``cells + 1`` radii, the first of them zero.

    Example
    -------
    >>> breakpoints(3, scale=1.0, radius=7.0, stretch=1e9).round(6).tolist()
    [0.0, 1.0, 3.0, 7.0]
    """
    finite("scale, radius, stretch", [scale, radius, stretch], positive=True)
    x = np.linspace(0, np.log1p(radius / scale) + radius / stretch, cells + 1)
    r = np.linspace(0, radius, cells + 1)
    for _ in range(200):  # Newton; x(r) is concave, so from below it cannot overshoot
        step = (x - np.log1p(r / scale) - r / stretch) / (1 / (scale + r) + 1 / stretch)
        r = np.maximum(r + step, 0)
        if np.max(np.abs(step) / (r + scale)) < 1e-14:
            break
    r[0], r[-1] = 0.0, radius
    return r


@dataclass(frozen=True, eq=False)
class SplineSpace:
    """Splines of one order on given cells, and the points at which integrals are summed.

    Parameters
    ----------
    boundaries : ndarray
        Cell boundaries, increasing from zero [length].
    order : int
        Degree plus one [dimensionless].
    points_per_cell : int
        Gauss-Legendre points in each cell [dimensionless].

    Example
    -------
    >>> space = SplineSpace(np.array([0.0, 1.0, 2.0]), 3, 4)
    >>> space.size, float((space.weights * space.points**2).sum().round(12))
    (4, 2.666666666667)
    """

    boundaries: Array
    order: int
    points_per_cell: int

    def __post_init__(self) -> None:
        """Refuse a grid that is no grid."""
        if self.order < 3 or self.points_per_cell < self.order or self.cells < 2:
            raise InvalidInput(
                f"splines of order {self.order} on {self.cells} cells of {self.points_per_cell} "
                "points: expected order >= 3, at least as many points as the order, >= 2 cells"
            )

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.boundaries) - 1

    @property
    def size(self) -> int:
        """Number of splines."""
        return self.cells + self.order - 1

    @property
    def radius(self) -> float:
        """Outer end of the grid."""
        return float(self.boundaries[-1])

    @cached_property
    def _rule(self) -> tuple[Array, Array]:
        x, w = np.polynomial.legendre.leggauss(self.points_per_cell)
        return x, w

    @cached_property
    def half_widths(self) -> Array:
        """Half the width of each cell, shape (cell,)."""
        return np.asarray(np.diff(self.boundaries) / 2)

    @cached_property
    def points(self) -> Array:
        """Radii of the quadrature points, shape (cell, point)."""
        middle = (self.boundaries[1:] + self.boundaries[:-1]) / 2
        return np.asarray(middle[:, None] + self.half_widths[:, None] * self._rule[0])

    @cached_property
    def weights(self) -> Array:
        """Weights of the quadrature points, shape (cell, point)."""
        return np.asarray(self.half_widths[:, None] * self._rule[1])

    @cached_property
    def running_integral(self) -> Array:
        """Matrix S with ``Int_-1^x_p f dx = sum_q S_pq f(x_q)`` on the interval [-1, 1]."""
        x, w = self._rule
        n = self.points_per_cell
        legendre = np.polynomial.legendre.legvander(x, n)
        integral = np.empty((n, n))
        integral[:, 0] = x + 1
        degrees = np.arange(1, n)
        integral[:, 1:] = (legendre[:, 2:] - legendre[:, :-2]) / (2 * degrees + 1)
        project = (2 * np.arange(n) + 1) / 2 * legendre[:, :n] * w[:, None]
        return np.asarray(integral @ project.T)

    def evaluate(self, r: Array, derivative: int = 0) -> Array:
        """Return all splines, or their derivatives, at any radii; zero beyond the last cell.

        Parameters
        ----------
        r : ndarray
            Radii, shape (n,) [length].
        derivative : int
            0 for the values, 1 for the slopes, ... [dimensionless].

        Returns
        -------
        ndarray
            Shape ``(n, size)``.
        """
        from scipy.interpolate import BSpline

        ends = self.order - 1
        knots = np.pad(self.boundaries, ends, mode="edge")
        spline = BSpline(knots, np.eye(self.size), ends, extrapolate=False)
        inside = np.clip(r, 0.0, self.radius)
        values = spline.derivative(derivative)(inside) if derivative else spline(inside)
        return np.asarray(np.where((r <= self.radius)[:, None], values, 0.0))

    def interpolate(self, values: Array, r: Array) -> Array:
        """Return a function known at the points at any radii within the box.

        In each cell the polynomial through its points, in barycentric form.

        Parameters
        ----------
        values : ndarray
            At the points, shape (cell, point) [any].
        r : ndarray
            Radii from 0 to the end of the box, shape (n,) [length].

        Returns
        -------
        ndarray
            Shape (n,).
        """
        x, w = self._rule
        node_weights = (-1.0) ** np.arange(len(x)) * np.sqrt((1 - x**2) * w)
        cell = np.clip(np.searchsorted(self.boundaries, r) - 1, 0, self.cells - 1)
        middle = (self.boundaries[1:] + self.boundaries[:-1])[cell] / 2
        distance = ((r - middle) / self.half_widths[cell])[:, None] - x
        distance = np.where(np.abs(distance) < 1e-15, 1e-15, distance)
        terms = node_weights / distance
        return np.asarray((terms * values[cell]).sum(axis=1) / terms.sum(axis=1))
