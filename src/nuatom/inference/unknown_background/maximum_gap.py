"""Upper limits from the largest gap between events, for any unknown background.

The signal has a known spectrum and an unknown strength; of the background nothing is
assumed but that it adds events.  Events are placed by the fraction of the signal that is
expected below them, so that the signal alone is uniform between 0 and 1.  A gap that holds
x = f mu expected events, of mu in all, excludes mu when all gaps of a signal without
background would be smaller with the confidence asked for::

    C_0(x, mu) = sum_{k=0}^{m} (kx - mu)^k e^(-kx)/k! [1 + k/(mu - kx)],   m = floor(mu/x)
    C_0(f mu_limit, mu_limit) = C

Unbinned, without a choice of a region, and it covers at least C whatever the background; a
background everywhere makes it weak.  `optimum_interval` is stronger with more than a few
events; `binned_poisson` asks for bins and suits many events.

References
----------
Yellin, Phys. Rev. D 66, 032005 (2002), arXiv:physics/0203002, eq. (2).
"""

import numpy as np
from scipy import optimize

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.inference.gaussian import CONFIDENCE, check_confidence
from nuatom.inference.unknown_background.interval_kernels import no_larger_gap

_RELATIVE_ACCURACY = 1e-12


def gap_probability(gap: float, mean: float) -> float:
    """Return C_0(x, mu), the probability that all gaps are smaller than x.

    Parameters
    ----------
    gap : float
        x >= 0: events that are expected in the gap [dimensionless].
    mean : float
        mu > 0: events that are expected in all [dimensionless].

    Returns
    -------
    float
        Probability; 1 for x > mu, and ``1 - exp(-mu)`` for x = mu.  Absolute error below
        2e-7.

    Raises
    ------
    InvalidInput
        If a number is not finite, or x < 0, or mu <= 0.

    Example
    -------
    >>> round(gap_probability(2.0, 3.0), 6)   # 1 - exp(-2) (1 + 3 - 2)
    0.729329
    """
    x = float(finite("gap", gap))
    if x < 0:
        raise InvalidInput(f"gap: found {x:g}, expected >= 0")
    return no_larger_gap(x, float(finite("mean", mean, positive=True)))


def places(fractions: ArrayLike) -> Array:
    """Return where events are, in order, with both ends of the range.

    Parameters
    ----------
    fractions : array_like
        For each event the fraction of the signal that is expected below it, between 0 and
        1, in any order, shape (event,) [dimensionless].

    Returns
    -------
    ndarray
        Shape (event + 2,), from 0 to 1.

    Raises
    ------
    InvalidInput
        If a fraction is not a number between 0 and 1.

    Example
    -------
    >>> places([0.7, 0.2])
    array([0. , 0.2, 0.7, 1. ])
    """
    inside = finite("fractions", fractions)
    if inside.ndim != 1:
        raise InvalidInput(f"fractions: found shape {inside.shape}, expected one for each event")
    if np.any(inside < 0) or np.any(inside > 1):
        raise InvalidInput(
            "fractions: found one outside 0 to 1, expected the fraction of the signal below "
            "each event; leave events outside the range out"
        )
    return np.concatenate([[0.0], np.sort(inside), [1.0]])


def largest_gap(fractions: ArrayLike) -> float:
    """Return the fraction of the signal that is expected in the largest gap.

    Parameters
    ----------
    fractions : array_like
        As in `places`, shape (event,) [dimensionless].

    Returns
    -------
    float
        Between 0 and 1; 1 without events.

    Raises
    ------
    InvalidInput
        If a fraction is not a number between 0 and 1.

    Example
    -------
    >>> round(largest_gap([0.7, 0.2]), 12)
    0.5
    """
    return float(np.max(np.diff(places(fractions))))


def upper_limit(
    fractions: ArrayLike, expected: float = 1.0, confidence: float = CONFIDENCE
) -> float:
    """Return the upper limit on the strength of a signal by the maximum gap.

    Parameters
    ----------
    fractions : array_like
        As in `places`, shape (event,) [dimensionless].
    expected : float
        Signal events in the whole range for strength 1, > 0 [dimensionless].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        In units of the strength; ``-ln(1 - C)/expected`` without events.

    Raises
    ------
    InvalidInput
        If a number is not what it should be.

    Example
    -------
    >>> round(upper_limit([]), 4), round(upper_limit([0.5]), 3)
    (2.3026, 7.779)
    """
    level = check_confidence(confidence)
    per_strength = float(finite("expected", expected, positive=True))
    gap = largest_gap(fractions)

    def excess(mean: float) -> float:
        return no_larger_gap(gap * mean, mean) - level

    low = -float(np.log1p(-level))
    if gap == 1 or excess(low) >= 0:
        return low / per_strength
    high = 2 * low / gap
    while excess(high) < 0:
        high *= 2
    mean = optimize.brentq(excess, low, high, xtol=1e-300, rtol=_RELATIVE_ACCURACY)
    return float(mean) / per_strength
