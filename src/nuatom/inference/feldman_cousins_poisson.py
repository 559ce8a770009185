"""The Feldman-Cousins construction for few counts on top of a known background.

A true signal mu accepts the counts n with the largest likelihood ratio::

    ln R(n | mu) = n ln(mu + b) - (mu + b) - [ n ln m - m ],   m = max(n, b),

up to a probability of at least C, and the interval of the counts n0 holds each mu that
accepts them.  At fixed mu, ln R is concave in n: what ranks before n0 is a run of counts
on one side of n0, and n0 is accepted where that run holds less than C.  The run grows by
the counts k where ``R(k) = R(n0)``, at::

    ln(mu + b) = [ (k ln m_k - m_k) - (n0 ln m_0 - m_0) ] / (k - n0),

and between two such points its probability has one maximum, so that each end of an
interval is one root and no grid is needed.

Because counts are whole, the upper end of this construction may rise where the background
rises.  As Feldman and Cousins did for their tables, it is lengthened to the highest upper
end of any larger background.

References
----------
Feldman and Cousins, Phys. Rev. D 57, 3873 (1998), arXiv:physics/9711021, sec. IV A.
"""

from functools import lru_cache

import numpy as np
from scipy import optimize, special

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.inference.gaussian import CONFIDENCE, check_confidence

_STEP = 0.02
"""Of the background, where the upper end is searched for rises; they are 0.5 and more apart."""
_WINDOW = 4.0
"""Beyond it no rise of the upper end reaches the value at the background asked for."""
_HALVINGS = 48
_SMALL = 1e-300
_NEGLIGIBLE = 1e-16
"""Probability of the counts that sums leave out."""


def feldman_cousins_poisson(
    count: int, background: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the Feldman-Cousins interval of a signal for counts above a known background.

    ::

        [ inf, sup ] of the mu >= 0 for which  sum of P(n | mu + b) over R(n) > R(n0)  < C,
        the upper end being the largest one of any background b' >= b

    Parameters
    ----------
    count : int
        n0 >= 0, whole [dimensionless].
    background : float
        b >= 0, its expectation [dimensionless].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    tuple of float
        (lower, upper) signal; the lower end may be 0, the upper one never is.

    Raises
    ------
    InvalidInput
        If the count is not whole, a number is negative or not finite, or the confidence is
        not inside (0, 1).

    Notes
    -----
    Feldman and Cousins, Phys. Rev. D 57, 3873 (1998), Tables II to IX.

    Example
    -------
    >>> low, high = feldman_cousins_poisson(6, 3.0)   # Table IV: 0.15, 8.47
    >>> f"{low:.2f} {high:.2f}"
    '0.15 8.47'
    """
    n0, b = _checked(count, background, confidence)
    return _lower_end(n0, b, confidence), _longest_upper_end(n0, b, confidence)


def poisson_acceptance(
    signal: float, background: float, confidence: float = CONFIDENCE
) -> tuple[int, int]:
    """Return the lowest and the highest count that a true signal accepts.

    Counts join in the order of R until their probability reaches C; of equal R the smaller
    count joins first.

    Parameters
    ----------
    signal : float
        mu >= 0, its expectation [dimensionless].
    background : float
        b >= 0, its expectation [dimensionless].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    tuple of int
        (lowest, highest), both accepted, and so is each count between them.

    Raises
    ------
    InvalidInput
        If a number is negative or not finite, or the confidence is not inside (0, 1).

    Example
    -------
    >>> poisson_acceptance(0.5, 3.0)   # Table I of the paper
    (0, 6)
    """
    mu, b = _not_negative("signal", signal), _not_negative("background", background)
    counts = _likely(mu + b)
    best = np.maximum(counts, b)
    ratio = special.xlogy(counts, mu + b) - (mu + b) - special.xlogy(counts, best) + best
    order = np.argsort(-ratio, kind="stable")
    content = np.cumsum(_probability(counts[order], mu + b))
    taken = counts[order][: 1 + int(np.searchsorted(content, check_confidence(confidence)))]
    return int(taken.min()), int(taken.max())


def poisson_coverage(signal: float, background: float, confidence: float = CONFIDENCE) -> float:
    """Return the exact probability that the interval holds the true signal.

    It is at least C, and more as counts are whole and upper ends are lengthened.

    Parameters
    ----------
    signal : float
        True mu >= 0 [dimensionless].
    background : float
        b >= 0, its expectation [dimensionless].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        ``sum of P(n | mu + b)`` over the counts whose interval holds mu.

    Raises
    ------
    InvalidInput
        If a number is negative or not finite, or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(poisson_coverage(1.0, 0.0), 4)   # accepted: 0, 1 and 2 counts
    0.9197
    """
    mu, b = _not_negative("signal", signal), _not_negative("background", background)
    check_confidence(confidence)
    counts = _likely(mu + b)
    ends = [_ends(int(n), b, confidence) for n in counts]
    holds = np.array([low <= mu <= high for low, high in ends])
    return float(np.sum(_probability(counts[holds], mu + b)))


def poisson_sensitivity(background: float, confidence: float = CONFIDENCE) -> float:
    """Return the mean upper end of experiments without a signal.

    ::

        sum_n P(n | b) mu_2(n, b)

    Parameters
    ----------
    background : float
        b >= 0, its expectation [dimensionless].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        In counts of signal.

    Raises
    ------
    InvalidInput
        If the background is negative or not finite, or the confidence is not inside (0, 1).

    Notes
    -----
    Feldman and Cousins, Phys. Rev. D 57, 3873 (1998), sec. VI and Table XII.

    Example
    -------
    >>> round(poisson_sensitivity(0.0), 2)   # never more than no count
    2.44
    """
    b = _not_negative("background", background)
    check_confidence(confidence)
    counts = _likely(b)
    upper = np.array([_ends(int(n), b, confidence)[1] for n in counts])
    return float(_probability(counts, b) @ upper)


@lru_cache(maxsize=4096)
def _ends(n0: int, b: float, confidence: float) -> tuple[float, float]:
    """Return the interval of checked arguments."""
    return _lower_end(n0, b, confidence), _longest_upper_end(n0, b, confidence)


def _run_ends(n0: int, k: Array, b: Array) -> Array:
    """Return the mean mu + b at which counts k and n0 have the same ratio R."""
    first, second = np.maximum(k, b), np.maximum(float(n0), b)
    exponent = special.xlogy(k, first) - first - special.xlogy(n0, second) + second
    return np.asarray(np.exp(exponent / (k - n0)))


def _upper_end(n0: int, b: Array, confidence: float) -> Array:
    """Return the highest signal that accepts n0, for each background of a column.

    While the run is n0 + 1 to k its probability rises up to the mean
    ``(k!/n0!)^(1/(k - n0))`` and falls beyond.
    """
    column = np.atleast_1d(np.asarray(b, dtype=np.float64))[:, None]
    most = max(float(n0), float(column.max()))
    k = np.arange(n0 + 1.0, most + 40 + 15 * np.sqrt(most))  # beyond, the run holds all but 1e-12
    low = np.maximum(_run_ends(n0, k, column), column)
    high = np.maximum(_run_ends(n0, k + 1, column), column)
    turn = np.exp((special.gammaln(k + 1) - special.gammaln(n0 + 1)) / (k - n0))
    to_end = _content(n0 + 1, k, high) < confidence
    inside = ~to_end & (_content(n0 + 1, k, low) < confidence) & (low < turn)
    possible = to_end | inside
    # below the first run nothing ranks before n0
    last = np.where(possible.any(axis=1), k.size - 1 - np.argmax(possible[:, ::-1], axis=1), 0)
    rows = np.arange(column.shape[0])
    left, right = low[rows, last], np.minimum(high, np.maximum(turn, low))[rows, last]
    root = _crossing(n0, k[last], left, right, confidence)
    mean = np.where(
        to_end[rows, last], high[rows, last], np.where(possible[rows, last], root, left)
    )
    return np.asarray(mean - column[:, 0])


def _content(first: ArrayLike, last: ArrayLike, mean: Array) -> Array:
    """Return the probability of first <= n <= last."""
    above = np.maximum(mean, _SMALL)  # of the two limits at 0 this is the one that is meant
    return np.asarray(special.gammaincc(np.add(last, 1), above) - special.gammaincc(first, above))


def _crossing(n0: int, k: Array, left: Array, right: Array, confidence: float) -> Array:
    """Return where the probability of n0 < n <= k rises through C, by halving."""
    left, right = left.copy(), right.copy()
    for _ in range(_HALVINGS + 8):
        middle = (left + right) / 2
        below = _content(n0 + 1, k, middle) < confidence
        left, right = np.where(below, middle, left), np.where(below, right, middle)
    return np.asarray((left + right) / 2)


def _longest_upper_end(n0: int, b: float, confidence: float) -> float:
    """Return the largest upper end of any background from b on.

    Between its rises the upper end falls, by at most as much as b grows, so that only the
    tops of the rises count; it cannot rise while the background is below the counts.
    """
    grid = b + np.arange(0.0, _WINDOW if b + _WINDOW > n0 else _STEP, _STEP)
    ends = _upper_end(n0, grid, confidence)
    longest = float(ends[0])
    for place in np.flatnonzero(np.diff(ends) > 0):
        if ends[place + 1] + _STEP <= longest:
            continue
        below, above = grid[place], grid[place + 1]
        for _ in range(_HALVINGS):
            middle = (below + above) / 2
            risen = float(_upper_end(n0, np.array(middle), confidence)[0]) >= ends[place + 1]
            below, above = (below, middle) if risen else (middle, above)
        longest = max(longest, float(_upper_end(n0, np.array(above), confidence)[0]))
    return longest


def _lower_end(n0: int, b: float, confidence: float) -> float:
    """Return the lowest signal that accepts n0.

    While the run is k to n0 - 1 its probability rises up to the mean
    ``((n0-1)!/(k-1)!)^(1/(n0 - k))`` and falls beyond; for k = 0 it only falls.
    """
    if n0 <= b:
        return 0.0
    k = np.arange(n0, dtype=np.float64)
    high = np.maximum(_run_ends(n0, k, np.array(b)), b)  # where R(k) falls behind R(n0)
    low = np.append(b, high[:-1])
    turn = np.exp((special.gammaln(n0) - special.gammaln(np.maximum(k, 1))) / (n0 - k))
    left = np.maximum(low, np.where(k > 0, turn, 0.0))
    at_once = _content(k, n0 - 1.0, low) < confidence
    inside = (left < high) & (_content(k, n0 - 1.0, high) < confidence)
    possible = (low < high) & (at_once | inside)
    if not possible.any():
        return float(high[-1] - b)
    first = int(np.argmax(possible))
    if at_once[first]:
        return float(low[first] - b)

    def excess(mean: float) -> float:
        return float(_content(k[first], n0 - 1.0, np.array(mean))) - confidence

    mean = optimize.brentq(excess, left[first], high[first], xtol=1e-14, rtol=1e-13)
    return float(mean) - b


def _likely(mean: float) -> Array:
    """Return the counts from 0 on that are not negligible."""
    highest = int(mean + 12 * np.sqrt(mean + 1)) + 30
    while special.pdtrc(highest, mean) > _NEGLIGIBLE:
        highest *= 2
    return np.arange(highest + 1.0)


def _probability(counts: Array, mean: float) -> Array:
    return np.asarray(np.exp(special.xlogy(counts, mean) - mean - special.gammaln(counts + 1)))


def _not_negative(name: str, value: float) -> float:
    number = finite(name, value)
    if number.ndim != 0 or number < 0:
        raise InvalidInput(f"{name}: found {value}, expected one number >= 0")
    return float(number)


def _checked(count: int, background: float, confidence: float) -> tuple[int, float]:
    number = finite("count", count)
    if number.ndim != 0 or number < 0 or number != np.floor(number):
        raise InvalidInput(f"count: found {count}, expected a whole number >= 0")
    check_confidence(confidence)
    return int(number), _not_negative("background", background)
