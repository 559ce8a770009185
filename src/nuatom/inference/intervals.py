"""Intervals and upper limits for a Gaussian measurement of a parameter that cannot be negative.

A measurement gives ``best_fit +- sigma`` (the best fit may be negative) of a parameter
x >= 0.  Every prescription in use is a function ``(best_fit, sigma, confidence) ->
upper limit on x``, listed in `METHODS` with when to use it.  With z = best_fit/sigma,
Phi the normal distribution function, C the confidence level::

    feldman_cousins            exact construction, ordered by the likelihood ratio
    one_sided                  best_fit + Phi^-1((1+C)/2) sigma
    one_sided_physical         max(best_fit, 0) + Phi^-1((1+C)/2) sigma
    delta_chi2_2p71_physical   chi^2(x) - min_{x>=0} chi^2 = [Phi^-1((1+C)/2)]^2
    cls                        [1 - Phi((x - best_fit)/sigma)] / Phi(z) = 1 - C
    bayes_flat_in_square       posterior with a flat prior in x >= 0
    bayes_flat_in_root         posterior with a flat prior in sqrt(x)
    plain_1p28                 best_fit + Phi^-1(C) sigma

``Phi^-1(0.95) = 1.645`` and ``Phi^-1(0.90) = 1.282``, hence the names at C = 0.90.

The default is Feldman-Cousins: of these it alone joins exact coverage for every true
x >= 0 with never being empty, and it passes to a two-sided interval without a choice
made from the data.  CLs is the conservative alternative.

References
----------
Feldman and Cousins, Phys. Rev. D 57, 3873 (1998); Read, J. Phys. G 28, 2693 (2002);
Particle Data Group, Phys. Rev. D 110, 030001 (2024), "Statistics".
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.inference.feldman_cousins import feldman_cousins
from nuatom.inference.gaussian import CONFIDENCE, normal_quantile, standardised

DEFAULT = "feldman_cousins"
"""Name in `METHODS` of the prescription that is used unless another is asked for."""

UpperLimit = Callable[[float, float, float], float]
"""``(best_fit, sigma, confidence) -> upper limit``, all three in the same order always."""


class Method(NamedTuple):
    """One prescription.

    Parameters
    ----------
    limit : callable
        ``(best_fit, sigma, confidence) -> upper limit`` [any].
    label : str
        For tables and figures; sigmas at 90 per cent [text].
    use : str
        One line: when to use it [text].
    """

    limit: UpperLimit
    label: str
    use: str


def one_sided(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return ``best_fit + Phi^-1((1+C)/2) sigma``: the upper end of the central interval.

    At C = 0.90: 1.645 sigma above the best fit, in itself a one-sided limit at 95 per
    cent.  It ignores the boundary and is negative (empty) for a low enough best fit.

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(one_sided(0.0, 1.0), 3)
    1.645
    """
    standardised(best_fit, sigma, confidence)
    return best_fit + sigma * normal_quantile((1 + confidence) / 2)


def one_sided_physical(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return ``max(best_fit, 0) + Phi^-1((1+C)/2) sigma``.

    A negative best fit is moved to the boundary first, so that the limit is never below
    the sensitivity; it over-covers for small true values.

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, always > 0, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(one_sided_physical(-3.0, 1.0), 3)
    1.645
    """
    standardised(best_fit, sigma, confidence)
    return max(best_fit, 0.0) + sigma * normal_quantile((1 + confidence) / 2)


def delta_chi2_2p71_physical(
    best_fit: float, sigma: float, confidence: float = CONFIDENCE
) -> float:
    """Return where chi^2 has risen by ``[Phi^-1((1+C)/2)]^2`` from the best physical point.

    ::

        x = best_fit + sqrt( min(best_fit, 0)^2 + 2.71 sigma^2 )      at C = 0.90

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, always > 0, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(delta_chi2_2p71_physical(-1.0, 1.0), 4)   # sqrt(1 + 2.7055) - 1
    0.925
    """
    z = standardised(best_fit, sigma, confidence)
    rise = normal_quantile((1 + confidence) / 2) ** 2
    if z >= 0:
        return sigma * (z + float(np.sqrt(rise)))
    return sigma * float(rise / (np.sqrt(z**2 + rise) - z))  # no cancellation


def cls(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return the CLs limit: ``P(m <= best_fit | x) / P(m <= best_fit | 0) = 1 - C``.

    ::

        x = best_fit - sigma Phi^-1[ (1 - C) Phi(best_fit/sigma) ]

    It over-covers by construction.

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, always > 0, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Notes
    -----
    Read, J. Phys. G 28, 2693 (2002).

    Example
    -------
    >>> round(cls(0.0, 1.0), 4)   # Phi^-1(0.95)
    1.6449
    """
    z = standardised(best_fit, sigma, confidence)
    log_tail = np.log1p(-confidence) + special.log_ndtr(z)
    return sigma * float(z - special.ndtri_exp(log_tail))


def bayes_flat_in_square(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return the credible limit for a flat prior in x >= 0: a quantile of the cut Gaussian.

    Where x is the square of a coupling the prior is flat in that square.  For a
    Gaussian measurement it equals `cls` identically.

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        Posterior probability below the limit, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, always > 0, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(bayes_flat_in_square(0.0, 1.0), 4)
    1.6449
    """
    z = standardised(best_fit, sigma, confidence)
    # the quantile above the cut at 0: truncnorm measures it from z
    return sigma * float(z + stats.truncnorm.ppf(confidence, -z, np.inf))


def bayes_flat_in_root(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return the credible limit on x for a prior that is flat in ``t = sqrt(x)``.

    ::

        Int_0^u exp(-(t^2 - best_fit)^2/(2 sigma^2)) dt = C Int_0^inf (the same),  x = u^2

    Parameters
    ----------
    best_fit : float
        Measured value of x; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        Posterior probability below the limit, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit on x (not on its root), always > 0, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> bayes_flat_in_root(-1.0, 2.846) < bayes_flat_in_square(-1.0, 2.846)
    True
    """
    z = standardised(best_fit, sigma, confidence)
    # beyond these ends the integrand has fallen by exp(-40); with t in sqrt(sigma)
    high = np.sqrt(z + 9 if z >= 0 else 80 / (np.sqrt(z**2 + 80) - z))
    low = np.sqrt(max(z - 9, 0.0))
    total = _root_density_integral(z, low, high)
    u = optimize.brentq(
        lambda t: _root_density_integral(z, low, t) - confidence * total, low, high, xtol=1e-15
    )
    return sigma * float(u) ** 2


def plain_1p28(best_fit: float, sigma: float, confidence: float = CONFIDENCE) -> float:
    """Return ``best_fit + Phi^-1(C) sigma``, the one-sided limit without a boundary.

    It covers exactly when quoted always and as it comes, but rewards downward
    fluctuations and is negative, that is empty, in 10 per cent of experiments without
    a signal (at C = 0.90).

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        Upper limit, possibly negative, in the unit of `best_fit`.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(plain_1p28(0.0, 1.0), 4)
    1.2816
    """
    standardised(best_fit, sigma, confidence)
    return best_fit + sigma * normal_quantile(confidence)


METHODS: dict[str, Method] = {
    "feldman_cousins": Method(
        feldman_cousins, "Feldman-Cousins", "default: exact coverage with the boundary, never empty"
    ),
    "one_sided": Method(
        one_sided,
        "best fit + 1.645 sigma",
        "to compare with papers that add 1.645 sigma to the best fit; may be empty",
    ),
    "one_sided_physical": Method(
        one_sided_physical,
        "physical best fit + 1.645 sigma",
        "never better than the sensitivity; over-covers near 0",
    ),
    "delta_chi2_2p71_physical": Method(
        delta_chi2_2p71_physical,
        "Delta chi^2 = 2.71, physical",
        "quick limit from a chi^2 curve; coverage only approximate",
    ),
    "cls": Method(
        cls, "CLs", "to be safe against downward fluctuations of the background; over-covers"
    ),
    "bayes_flat_in_square": Method(
        bayes_flat_in_square,
        "Bayes, flat in x",
        "credible limit, flat prior in x (a coupling squared)",
    ),
    "bayes_flat_in_root": Method(
        bayes_flat_in_root,
        "Bayes, flat in sqrt(x)",
        "credible limit, flat prior in sqrt(x) (a coupling)",
    ),
    "plain_1p28": Method(
        plain_1p28,
        "best fit + 1.28 sigma",
        "only to see what ignoring the boundary would give; may be empty",
    ),
}
"""Every prescription by name."""


def upper_limit(
    best_fit: float, sigma: float, confidence: float = CONFIDENCE, *, method: str = DEFAULT
) -> float:
    """Return the upper limit on x >= 0 by a named prescription.

    Parameters
    ----------
    best_fit : float
        Measured value; may be negative [any].
    sigma : float
        Its standard deviation, in the unit of `best_fit` [any].
    confidence : float
        Between 0 and 1 [dimensionless].
    method : str
        A name in `METHODS` [name].

    Returns
    -------
    float
        Upper limit, in the unit of `best_fit`.

    Raises
    ------
    UnknownName
        If there is no such prescription.
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> round(upper_limit(0.0, 1.0), 3)
    1.645
    """
    return lookup("limit method", method, METHODS).limit(best_fit, sigma, confidence)


def _root_density_integral(z: float, low: float, high: float) -> float:
    """Return ``Int exp(-(t^2 - z)^2/2) dt``, times exp(z^2/2) where z < 0."""
    t = low + (high - low) * _UNIT_NODES
    exponent = -((t**2 - z) ** 2) / 2 if z >= 0 else -(t**4) / 2 + z * t**2
    return float((high - low) * np.sum(_UNIT_WEIGHTS * np.exp(exponent)))


def _unit_gauss_legendre(order: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return (nodes + 1) / 2, weights / 2


# an integrand of width >= 1/9 of the range: 96 nodes leave 1e-15 (shown in the tests)
_UNIT_NODES, _UNIT_WEIGHTS = _unit_gauss_legendre(96)
