"""Compiled loops of the maximum gap and of the optimum interval."""

import math

import numpy as np

from nuatom.arrays import Array
from nuatom.compiled import compiled

_HOPELESS = 16.0
# C_0 <= exp(-(1 + mu - x) e^-x); beyond this exponent it is less than 1.2e-7, and the terms
# of the series, which then cancel, are not summed
_TINY = 1e-18


@compiled
def no_larger_gap(gap: float, mean: float) -> float:
    """Return the probability that every gap between events is smaller than a given one.

    ::

        C_0(x, mu) = sum_{k=0}^{m} (kx - mu)^k e^(-kx)/k! [1 + k/(mu - kx)],  m = floor(mu/x)

    summed as ``(-1)^k e^(-kx) (mu - kx)^(k-1) (mu - kx + k)/k!``, which has no pole.

    Parameters
    ----------
    gap : float
        x: events that are expected in the gap [dimensionless].
    mean : float
        mu: events that are expected in all [dimensionless].

    Returns
    -------
    float
        Probability; 1 for x > mu.  Absolute error below 2e-7, and below 1e-9 above 1e-5.
    """
    if gap > mean:
        return 1.0
    if gap <= 0.0 or (1.0 + mean - gap) * math.exp(-gap) > _HOPELESS:
        return 0.0
    total = 1.0 - math.exp(-gap) * (1.0 + mean - gap)
    sign, k = 1.0, 2
    log_factorial = math.log(2.0)
    while k * gap < mean:
        rest = mean - k * gap
        logarithm = (k - 1) * math.log(rest) + math.log(rest + k) - k * gap - log_factorial
        term = math.exp(logarithm)
        total += sign * term
        if term < _TINY and k > mean * math.exp(-gap):
            break
        sign = -sign
        k += 1
        log_factorial += math.log(float(k))
    return min(max(total, 0.0), 1.0)


@compiled
def no_larger_gaps(gaps: Array, mean: float) -> Array:
    """Return `no_larger_gap` of many gaps.

    Parameters
    ----------
    gaps : ndarray
        x, shape (n,) [dimensionless].
    mean : float
        mu [dimensionless].

    Returns
    -------
    ndarray
        Probabilities, shape (n,).
    """
    found = np.empty(len(gaps))
    for i in range(len(gaps)):
        found[i] = no_larger_gap(gaps[i], mean)
    return found


@compiled
def largest_intervals(points: Array, length: float, rows: int) -> Array:
    """Return the largest interval that holds n points, for each n and each experiment.

    Intervals end at points or at the ends of the range.  Where an experiment has n points or
    fewer, the largest is the whole range.

    Parameters
    ----------
    points : ndarray
        Ascending, those at `length` and beyond are no part of the experiment; shape
        (experiment, point) [any].
    length : float
        Of the range, which begins at 0 [any].
    rows : int
        n = 0 to rows - 1 [dimensionless].

    Returns
    -------
    ndarray
        Shape (rows, experiment) [any].
    """
    experiments, columns = points.shape
    found = np.empty((rows, experiments))
    for e in range(experiments):
        own = points[e]
        count = 0
        while count < columns and own[count] < length:
            count += 1
        for n in range(rows):
            if n >= count:
                found[n, e] = length
                continue
            best = max(own[n], length - own[count - n - 1])
            for i in range(count - n - 1):
                best = max(best, own[i + n + 1] - own[i])
            found[n, e] = best
    return found
