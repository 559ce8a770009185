"""Binned Poisson limits without a background model.

Nothing is assumed about the background except that it cannot be negative, so a signal
s M_k (M_k counts in bin k for s = 1) is excluded as soon as one bin holds too few
counts for it.  With K bins and a confidence level 1 - alpha::

    excluded if any   P(n <= N_k | s M_k) < alpha_bin,   1 - alpha_bin = (1 - alpha)^(1/K)
    s_lim = min_k  mu(N_k)/M_k,                          P(n <= N_k | mu(N_k)) = alpha_bin

``mu(N) = chi2.isf(alpha_bin, 2N + 2)/2``, the inverse of the incomplete gamma function
``Q(N + 1, mu)``.  The method covers at least 1 - alpha for any background; see `coverage`.

References
----------
Savage, Gelmini, Gondolo and Freese, JCAP 04 (2009) 010, arXiv:0808.3607, sec. 3.2.
"""

import numpy as np
from scipy import special

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.inference.gaussian import CONFIDENCE, check_confidence


def bin_level(bins: int, confidence: float = CONFIDENCE) -> float:
    """Return ``alpha_bin = 1 - confidence^(1/K)``, the level of the test in each bin.

    Parameters
    ----------
    bins : int
        K >= 1 [dimensionless].
    confidence : float
        1 - alpha, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Probability.

    Raises
    ------
    InvalidInput
        If there is no bin, or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(bin_level(1), 12), round(bin_level(10), 6)
    (0.1, 0.010481)
    """
    if bins < 1:
        raise InvalidInput(f"bins: found {bins}, expected at least one")
    return float(-np.expm1(np.log(check_confidence(confidence)) / bins))


def bin_limits(observed: ArrayLike, signal: ArrayLike, confidence: float = CONFIDENCE) -> Array:
    """Return the limit on the strength s that each bin sets: ``mu(N_k)/M_k``.

    Parameters
    ----------
    observed : array_like
        Counts N_k >= 0, shape (..., K); a leading axis holds toys.  Fractional counts (an
        average data set) are interpolated by the incomplete gamma function
        [dimensionless].
    signal : array_like
        M_k >= 0: expected counts for s = 1, shape (K,) [dimensionless].
    confidence : float
        1 - alpha of the combined limit, between 0 and 1 [dimensionless].

    Returns
    -------
    ndarray
        Shape (..., K); inf where no signal is expected, as such a bin never limits.  It
        still counts in K, which belongs to the binning and not to the signal.

    Raises
    ------
    InvalidInput
        If shapes differ, a number is negative or not finite, or no bin has a signal.

    Example
    -------
    >>> bin_limits([0, 0], [1.0, 0.0]).round(4)
    array([2.9697,    inf])
    """
    counts, expected = _checked(observed, signal)
    alpha = bin_level(expected.size, confidence)
    # toys repeat a few counts many times, and the inverse is the costly step
    distinct, place = np.unique(counts, return_inverse=True)
    mean = special.gammainccinv(distinct + 1, alpha)[place].reshape(counts.shape)
    unlimited = np.full(mean.shape, np.inf)
    return np.asarray(np.divide(mean, expected, out=unlimited, where=expected > 0))


def upper_limit(observed: ArrayLike, signal: ArrayLike, confidence: float = CONFIDENCE) -> Array:
    """Return the upper limit on the strength s: the least of `bin_limits`.

    Parameters
    ----------
    observed : array_like
        Counts N_k >= 0, shape (..., K); a leading axis holds toys [dimensionless].
    signal : array_like
        M_k >= 0: expected counts for s = 1, shape (K,) [dimensionless].
    confidence : float
        1 - alpha, between 0 and 1 [dimensionless].

    Returns
    -------
    ndarray
        Shape (...): one limit for each data set, in units of the signal given.

    Raises
    ------
    InvalidInput
        If shapes differ, a number is negative or not finite, or no bin has a signal.

    Example
    -------
    >>> [round(float(upper_limit([0] * k, [1.0] * k)), 4) for k in (1, 5, 10)]
    [2.3026, 3.8703, 4.5582]
    """
    return np.asarray(bin_limits(observed, signal, confidence).min(axis=-1))


def is_excluded(
    strength: float, observed: ArrayLike, signal: ArrayLike, confidence: float = CONFIDENCE
) -> Array:
    """Tell whether any bin excludes the strength s: ``P(n <= N_k | s M_k) < alpha_bin``.

    Parameters
    ----------
    strength : float
        s >= 0, in units of the signal given [dimensionless].
    observed : array_like
        Counts N_k >= 0, shape (..., K); a leading axis holds toys [dimensionless].
    signal : array_like
        M_k >= 0: expected counts for s = 1, shape (K,) [dimensionless].
    confidence : float
        1 - alpha, between 0 and 1 [dimensionless].

    Returns
    -------
    ndarray
        Booleans, shape (...).

    Raises
    ------
    InvalidInput
        If shapes differ, a number is negative or not finite, or no bin has a signal.

    Example
    -------
    >>> bool(is_excluded(2.4, [0], [1.0])), bool(is_excluded(2.2, [0], [1.0]))
    (True, False)
    """
    counts, expected = _checked(observed, signal)
    probability = special.gammaincc(counts + 1, _check_strength(strength) * expected)
    return np.asarray((probability < bin_level(expected.size, confidence)).any(axis=-1))


def coverage(
    strength: float,
    signal: ArrayLike,
    background: ArrayLike = 0.0,
    confidence: float = CONFIDENCE,
) -> float:
    """Return the exact probability that the limit lies at or above the true strength.

    ::

        prod_k [ 1 - P(n <= n*_k | s M_k + b_k) ],
        n*_k = the largest n with P(n <= n*_k | s M_k) < alpha_bin

    Each factor is at least 1 - alpha_bin, hence the product at least 1 - alpha; it is
    larger by the discreteness of counts, and by any background.

    Parameters
    ----------
    strength : float
        True s >= 0 [dimensionless].
    signal : array_like
        M_k >= 0: expected counts for s = 1, shape (K,) [dimensionless].
    background : array_like
        b_k >= 0: true mean counts that are no signal, of which the limit knows nothing;
        broadcasts to (K,) [dimensionless].
    confidence : float
        1 - alpha, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Probability.

    Raises
    ------
    InvalidInput
        If shapes differ, a number is negative or not finite, or no bin has a signal.

    Example
    -------
    >>> coverage(2.0, [1.0])   # exp(-2) > 0.1: not even N = 0 excludes s = 2
    1.0
    """
    other, expected = _checked(background, signal)
    if other.ndim > 1:
        raise InvalidInput("background: found more than one axis, expected one mean per bin")
    mean = _check_strength(strength) * expected
    alpha = bin_level(expected.size, confidence)
    missed = np.array([_exclusion(m, m + b, alpha) for m, b in zip(mean, other, strict=True)])
    return float(np.prod(1 - missed))


def _exclusion(tested: float, true: float, alpha: float) -> float:
    """Return the probability of a count that excludes the mean `tested`, if `true` holds."""
    guess = max(int(special.pdtrik(alpha, tested)), 0) if np.exp(-tested) < alpha else 0
    counts = np.arange(max(guess - 2, 0), guess + 3)
    excluding = counts[special.pdtr(counts, tested) < alpha]
    return float(special.pdtr(excluding.max(), true)) if excluding.size else 0.0


def _check_strength(strength: float) -> float:
    value = float(finite("strength", strength))
    if value < 0:
        raise InvalidInput(f"strength: found {value:g}, expected >= 0")
    return value


def _checked(counts: ArrayLike, signal: ArrayLike) -> tuple[Array, Array]:
    """Return counts (..., K) and signal (K,) after checking them."""
    expected = finite("signal", signal)
    numbers = finite("counts", counts)
    if expected.ndim != 1 or expected.size == 0:
        raise InvalidInput(
            f"signal: found shape {expected.shape}, expected one number for each bin"
        )
    if numbers.ndim == 0:
        numbers = np.full(expected.size, float(numbers))
    if numbers.shape[-1] != expected.size:
        raise InvalidInput(
            f"counts: found shape {numbers.shape}, expected (..., {expected.size}) as the signal"
        )
    if np.any(numbers < 0) or np.any(expected < 0):
        raise InvalidInput("counts or signal: found a negative number, expected all >= 0")
    if not np.any(expected > 0):
        raise InvalidInput("signal: found zero in every bin, expected a signal in at least one")
    return numbers, expected
