"""The Feldman-Cousins construction for a Gaussian measurement of a parameter x >= 0.

Solved exactly: each end of an interval is one root of a monotonic function, no grid and
no table.

References
----------
Feldman and Cousins, Phys. Rev. D 57, 3873 (1998), arXiv:physics/9711021.
"""

import numpy as np
from scipy import optimize, special

from nuatom.errors import InvalidInput
from nuatom.inference.gaussian import CONFIDENCE, normal_quantile, standardised


def feldman_cousins_interval(
    best_fit: float, sigma: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the Feldman-Cousins interval for a Gaussian with the boundary x >= 0.

    A true value x accepts the measurements with the largest likelihood ratio::

        -2 ln R = (m - x)^2/sigma^2 - min(m, 0)^2/sigma^2

    up to a total probability C, and the interval holds each x that accepts the
    measured m.  The probability of a larger ratio is monotonic in x on either side of m,
    so each end is one root; for m >= 0 the upper one is ``m + Phi^-1((1+C)/2) sigma``.

    Parameters
    ----------
    best_fit : float
        Measured value m; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    tuple of float
        (lower, upper), in the unit of `best_fit`; the lower end is 0 where
        ``best_fit <= Phi^-1(C) sigma``.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Notes
    -----
    Feldman and Cousins, Phys. Rev. D 57, 3873 (1998), sec. IV B and Table X.

    Example
    -------
    >>> low, high = feldman_cousins_interval(2.6, 1.0)   # Table X: 1.02, 4.24
    >>> f"{low:.2f} {high:.2f}"
    '1.02 4.24'
    """
    z = standardised(best_fit, sigma, confidence)
    return sigma * _lower_end(z, confidence), sigma * _upper_end(z, confidence)


def feldman_cousins(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return the upper end of `feldman_cousins_interval`.

    The interval covers with probability C exactly; its upper end alone with at least C.

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        Between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, in the unit of `best_fit`; > 0 for every C >= 1/2.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(feldman_cousins(0.0, 1.0), 3)
    1.645
    """
    return sigma * _upper_end(standardised(best_fit, sigma, confidence), confidence)


def feldman_cousins_acceptance(
    true_value: float, sigma: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the measurements that a true value accepts: the belt that the interval inverts.

    ::

        [x - q sigma, x + q sigma],  q = Phi^-1((1+C)/2),  if q sigma <= x, else
        [x - (x^2 + q^2 sigma^2)/(2x), x + q sigma]  with q such that the content is C

    Parameters
    ----------
    true_value : float
        x >= 0 [any].
    sigma : float
        Standard deviation of the measurement, in the unit of `true_value` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    tuple of float
        (lowest, highest) accepted measurement; the lowest is -inf for x = 0.

    Raises
    ------
    InvalidInput
        If the true value is negative or an argument is out of range.

    Example
    -------
    >>> low, high = feldman_cousins_acceptance(0.0, 1.0)
    >>> low, round(high, 4)
    (-inf, 1.2816)
    """
    theta = standardised(true_value, sigma, confidence)
    if theta < 0:
        raise InvalidInput(f"true value: found {true_value:g}, expected >= 0")
    central, single = normal_quantile((1 + confidence) / 2), normal_quantile(confidence)
    if central <= theta:
        return sigma * (theta - central), sigma * (theta + central)

    def below(q: float) -> float:
        """Return (lowest accepted - theta), from R(lowest) = R(theta + q) with lowest < 0."""
        return -(theta**2 + q**2) / (2 * theta) if theta > 0 else -np.inf

    def excess(q: float) -> float:
        return float(special.ndtr(q) - special.ndtr(below(q)) - confidence)

    # q = 0 holds less than C, q = central holds C or more; below 0 all ratios are equal at x = 0
    q = float(optimize.brentq(excess, 0.0, central + 1)) if theta > 0 else max(single, 0.0)
    return sigma * (theta + below(q)), sigma * (theta + q)


def _upper_end(z: float, confidence: float) -> float:
    """Return the true value above z that just accepts z, in units of sigma."""
    central = normal_quantile((1 + confidence) / 2)
    if z >= 0:
        return z + central

    def excess(theta: float) -> float:
        q = np.sqrt(theta * (theta - 2 * z))  # -2 ln R = q^2 at z < 0
        return float(special.ndtr(q) - special.ndtr(z - theta) - confidence)

    if excess(0.0) >= 0:  # C < 1/2: only x = 0 accepts so low a measurement
        return 0.0
    # it rises with theta, and theta = central is the solution for z = 0
    return float(optimize.brentq(excess, 0.0, central + 1, xtol=1e-15, rtol=1e-14))


def _lower_end(z: float, confidence: float) -> float:
    """Return the true value below z that just accepts z, or 0, in units of sigma."""
    central = normal_quantile((1 + confidence) / 2)
    if z <= normal_quantile(confidence) or z <= 0:
        return 0.0
    if z >= 2 * central:
        return z - central

    def excess(theta: float) -> float:
        q = z - theta
        lowest = theta - q if q <= theta else (theta**2 - q**2) / (2 * theta)
        return float(special.ndtr(q) - special.ndtr(lowest - theta) - confidence)

    # it falls from Phi(z) - C > 0 as theta -> 0 to -C at theta = z
    least = 1e-12 * z
    if excess(least) <= 0:
        return 0.0
    return float(optimize.brentq(excess, least, z, xtol=1e-15, rtol=1e-14))
