r"""The radial grid of continuum orbitals: cells of Gauss points, fine enough for a wave.

Cells grow exponentially near the nucleus and are a fixed part of a wavelength further out.
The points of a cell serve the integration of the Dirac equation (collocation) and all radial
integrals, both of which converge with twice the number of points as order.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.structure.stage import thomas_fermi_potential

POINTS_PER_CELL = 8
"""Gauss points in each cell."""
LOGARITHMIC_STEP = 0.6
"""Largest logarithm of the ratio of the ends of a cell."""
PHASE_STEP = 3.0
"""Largest advance of the phase of a wave within a cell, in radian."""
STEEP = 40.0
"""Momentum times radius above which a part of an orbital that varies smoothly gives nothing."""
INNERMOST = 1e-6
"""Where the grid begins, times Z, in Bohr radii."""


@cache
def gauss_rule(points: int = POINTS_PER_CELL) -> tuple[Array, Array, Array]:
    r"""Return the Gauss-Legendre rule on [0, 1] and its running integral.

    ``Int_0^x_p f dx = sum_q A_pq f(x_q)`` for polynomials of degree below the number of points.

    Parameters
    ----------
    points : int
        Number of points [dimensionless].

    Returns
    -------
    tuple of ndarray
        Points, weights, and A of shape (points, points).

    Example
    -------
    >>> x, w, running = gauss_rule(3)
    >>> bool(np.allclose(running @ x**2, x**3 / 3, rtol=1e-12, atol=1e-15))
    True
    """
    x, w = np.polynomial.legendre.leggauss(points)
    values = np.polynomial.legendre.legvander(x, points)
    integral = np.empty((points, points))
    integral[:, 0] = x + 1
    degrees = np.arange(1, points)
    integral[:, 1:] = (values[:, 2:] - values[:, :-2]) / (2 * degrees + 1)
    project = (2 * np.arange(points) + 1) / 2 * values[:, :points] * w[:, None]
    return (x + 1) / 2, w / 2, np.ascontiguousarray(integral @ project.T / 2)


@dataclass(frozen=True, eq=False)
class ContinuumGrid:
    """Cells of Gauss points.

    Parameters
    ----------
    boundaries : ndarray
        Ends of the cells, increasing, the first one positive [length].

    Example
    -------
    >>> grid = ContinuumGrid(np.array([1.0, 2.0, 4.0]))
    >>> float((grid.weights * grid.points**2).sum().round(12)) == 21.0
    True
    """

    boundaries: Array

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.boundaries) - 1

    @property
    def radius(self) -> float:
        """Outer end."""
        return float(self.boundaries[-1])

    @cached_property
    def widths(self) -> Array:
        """Width of each cell."""
        return np.diff(self.boundaries)

    @cached_property
    def points(self) -> Array:
        """Radii of the Gauss points, cell after cell, shape (point,)."""
        x, _, _ = gauss_rule()
        return np.asarray((self.boundaries[:-1, None] + self.widths[:, None] * x).ravel())

    @cached_property
    def weights(self) -> Array:
        """Weights of the points, shape (point,)."""
        _, w, _ = gauss_rule()
        return np.asarray((self.widths[:, None] * w).ravel())

    def points_within(self, radius: float) -> int:
        """Return the number of points in the cells that begin within a radius.

        Parameters
        ----------
        radius : float
            Any [length].

        Returns
        -------
        int
            A multiple of the number of points in a cell.
        """
        return POINTS_PER_CELL * int(np.searchsorted(self.boundaries[:-1], radius))


def _depth(charge: float, ion_charge: float, r: Array) -> Array:
    return np.maximum(ion_charge / r, -thomas_fermi_potential(charge, r))


def largest_momentum(charge: float, wave_number: float, r: Array) -> Array:
    r"""Return the momentum transfer above which an orbital beyond a radius takes no part.

    A bound orbital and a wave vary as ``exp(+-i p r)`` with ``p^2 = 2 |V|`` and ``p^2 = k^2 + 2
    |V|`` at most; what exceeds the sum by `STEEP` over r averages out over a smooth end that
    reaches from half of the radius to the radius.

    Parameters
    ----------
    charge : float
        Z of the nucleus [dimensionless].
    wave_number : float
        k of the wave [1/length].
    r : ndarray
        Radii, positive, shape (n,) [length].

    Returns
    -------
    ndarray
        Shape (n,), falling with the radius.

    Example
    -------
    >>> largest_momentum(1, 2.0, np.array([1.0, 10.0])).round(1).tolist()
    [43.9, 6.5]
    """
    twice = 2 * _depth(charge, 1.0, r)
    return np.asarray(np.sqrt(twice) + np.sqrt(wave_number**2 + twice) + STEEP / r)


def continuum_grid(
    charge: float,
    wave_number: float,
    radius: float,
    *,
    ion_charge: float = 1.0,
    refinement: float = 1.0,
    inner: tuple[float, float] = (0.0, 0.0),
) -> ContinuumGrid:
    r"""Return a grid for waves up to a wave number in the field of an atom.

    The density of cells is ``1/(h r) + sqrt(k^2 + 2 |V|)/z`` with the logarithmic step h, the
    step z in phase and V the potential of the Thomas-Fermi atom or ``-ion_charge/r``,
    whichever is deeper.

    Parameters
    ----------
    charge : float
        Z of the nucleus; 1 or less also serves free waves [dimensionless].
    wave_number : float
        k, the largest to be resolved; integrals with a Bessel function of q stay accurate
        while the wave number of the orbital and q do not exceed 2k together [1/length].
    radius : float
        Outer end [length].
    ion_charge : float
        Charge seen far outside, equal to Z without other electrons [dimensionless].
    refinement : float
        Factor on the number of cells [dimensionless].
    inner : tuple of float
        A radius, and a momentum transfer whose Bessel functions are resolved within it, as
        far out as `largest_momentum` allows [any].

    Returns
    -------
    ContinuumGrid
        From 1e-6/Z Bohr radii.

    Raises
    ------
    InvalidInput
        If an argument is not positive.

    Example
    -------
    >>> grid = continuum_grid(32, 10.0, 20.0)
    >>> grid.radius, 100 < grid.cells < 150
    (20.0, True)
    """
    finite("charge, wave_number, radius", [charge, wave_number, radius], positive=True)
    first = INNERMOST / max(charge, 1.0)
    dense = np.unique(np.concatenate([
        np.geomspace(first, radius, 1000), np.linspace(first, radius, 1000)
    ]))  # fmt: skip
    dense[-1] = radius
    depth = _depth(charge, ion_charge, dense)
    transfer = np.minimum(inner[1], largest_momentum(charge, wave_number, dense))
    both = np.where(dense < inner[0], (wave_number + transfer) / 2, wave_number)
    wave = np.sqrt(np.maximum(both, wave_number) ** 2 + 2 * depth)
    steps = (wave[1:] + wave[:-1]) / 2 * np.diff(dense) / PHASE_STEP
    count = np.log(dense / first) / LOGARITHMIC_STEP
    count[1:] += np.cumsum(steps)
    cells = int(np.ceil(count[-1] * refinement))
    boundaries = np.interp(np.linspace(0, count[-1], cells + 1), count, dense)
    boundaries[0], boundaries[-1] = first, radius
    return ContinuumGrid(boundaries)
