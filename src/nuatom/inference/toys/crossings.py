"""Where probabilities that were counted in toys cross a level, and how well that is known.

Between two points the quantile z = Phi^-1(p) is taken for linear: for a Gaussian measurement
it is.  An error of p, divided by the normal density at z, is an error of z; those of the
two points move the crossing.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from nuatom.arrays import Array, ArrayLike


@dataclass(frozen=True)
class Crossing:
    """A place where a probability passes a level.

    Parameters
    ----------
    place : float
        Where [any].
    error : float
        Standard deviation from the number of toys [any].
    rising : bool
        Whether the probability rises there [flag].
    """

    place: float
    error: float
    rising: bool


def counted(above: ArrayLike, toys: int) -> Array:
    """Return the p-value ``(k + 1)/(N + 1)`` for k of N toys at least as extreme as the data.

    The data are one experiment more: with this p the probability of ``p <= alpha`` is never
    above alpha, and p is never zero.

    Parameters
    ----------
    above : array_like
        k [dimensionless].
    toys : int
        N [dimensionless].

    Returns
    -------
    ndarray
        p.

    Notes
    -----
    Davison and Hinkley, Bootstrap Methods and their Application (1997), sec. 4.2.

    Example
    -------
    >>> counted(np.array([0, 9]), 99)
    array([0.01, 0.1 ])
    """
    return (np.asarray(above) + 1.0) / (toys + 1.0)


def counting_error(p: Array, toys: int) -> Array:
    """Return the binomial standard deviation of a probability from toys.

    Parameters
    ----------
    p : ndarray
        Probabilities [dimensionless].
    toys : int
        From how many toys [dimensionless].

    Returns
    -------
    ndarray
        ``sqrt(p (1 - p)/N)``, and never less than ``1/(N + 1)``.

    Example
    -------
    >>> counting_error(np.array([0.5]), 100)
    array([0.05])
    """
    return np.maximum(np.sqrt(p * (1 - p) / toys), 1 / (toys + 1))


def crossings(points: Array, p: Array, errors: Array, level: float) -> tuple[Crossing, ...]:
    """Return each place where p crosses a level, in order.

    Parameters
    ----------
    points : ndarray
        Increasing [any].
    p : ndarray
        Probability at each [dimensionless].
    errors : ndarray
        Standard deviation of each p [dimensionless].
    level : float
        To be crossed; a p equal to it lies below [dimensionless].

    Returns
    -------
    tuple of Crossing
        None where p stays on one side.

    Example
    -------
    >>> found, = crossings(np.array([0.0, 1.0]), np.array([0.5, 0.1]), np.full(2, 0.01), 0.2)
    >>> round(found.place, 4), round(found.error, 4), found.rising   # z: 0, -0.842, -1.282
    (0.6567, 0.03, False)
    """
    safe = np.clip(p, 1e-9, 1 - 1e-9)
    z, target = special.ndtri(safe), float(special.ndtri(level))
    spread = errors * np.sqrt(2 * np.pi) * np.exp(z**2 / 2)
    above = p > level
    found = []
    for k in np.flatnonzero(above[1:] != above[:-1]):
        step, slope = points[k + 1] - points[k], z[k + 1] - z[k]
        part = float(np.clip((target - z[k]) / slope, 0, 1))
        moved = np.hypot((1 - part) * spread[k], part * spread[k + 1]) / abs(slope)
        found.append(
            Crossing(
                float(points[k] + part * step), float(step * min(moved, 1.0)), bool(above[k + 1])
            )
        )
    return tuple(found)
