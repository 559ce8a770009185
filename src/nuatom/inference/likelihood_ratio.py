"""How much exposure tells two spectra apart: Poisson likelihood ratios of templates.

Both hypotheses are sums of templates with free coefficients c_k >= 0, so that every
normalisation is a nuisance parameter and is profiled::

    mu_i(c) = sum_k c_k t_ki,
    D(n) = min_{c >= 0} 2 sum_i [ mu_i - n_i + n_i ln(n_i/mu_i) ]

D is minus twice the logarithm of the likelihood over that of a perfect fit.  For the
Asimov data n = mu of the first hypothesis its own D is zero, and D of the second is the
expected -2 ln lambda.  D is proportional to the exposure, so that the exposure for a
separation of Z standard deviations is Z^2 over D per exposure.

The square root of D is the median significance where the second hypothesis is the first
with one coefficient at zero (Cowan, Cranmer, Gross and Vitells, Eur. Phys. J. C 71, 1554,
2011).  Where it is not, both are read as special cases of their sum: the same number is
then the significance at which the missing template is required.
"""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.inference.likelihoods.poisson import deviance as _deviance
from nuatom.inference.likelihoods.poisson import non_negative as _non_negative

_TOLERANCE = 1e-9
"""Relative change of D below which the fit has converged."""
_NOTHING = 1e-12
"""D per count below which two spectra are the same; and the least weight of a bin."""
_STEPS = 200
_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class TemplatesFit:
    """The best fit of non-negative templates to counts.

    Parameters
    ----------
    coefficients : ndarray
        c_k >= 0, shape (template,) [dimensionless].
    expected : ndarray
        mu_i, shape (bin,) [dimensionless].
    deviance : float
        D, -2 ln of the likelihood over that of a perfect fit [dimensionless].
    """

    coefficients: Array
    expected: Array
    deviance: float


def fit_templates(counts: ArrayLike, templates: ArrayLike) -> TemplatesFit:
    """Fit the coefficients of templates to counts by maximum Poisson likelihood.

    Weighted non-negative least squares with the weights of the last step, and a line
    search: the objective is convex, and at a fixed point the conditions of Karush, Kuhn
    and Tucker of the likelihood itself hold.

    Parameters
    ----------
    counts : array_like
        n_i >= 0, shape (bin,), not necessarily whole [dimensionless].
    templates : array_like
        t_ki >= 0, shape (template, bin) [dimensionless].

    Returns
    -------
    TemplatesFit
        Coefficients, expectation, deviance.

    Raises
    ------
    InvalidInput
        If shapes differ, a number is negative or not finite, a template is zero
        everywhere, or a bin has counts that no template reaches.

    Example
    -------
    >>> fit = fit_templates([3.0, 5.0], [[1.0, 1.0]])
    >>> fit.coefficients.round(9)
    array([4.])
    """
    n, t = _checked(counts, templates)
    reached = t.sum(axis=0) > 0
    if np.any(n[~reached] > 0):
        raise InvalidInput("counts: found counts in a bin where every template is zero")
    n, kept = n[reached], t[:, reached]
    scale = kept.sum(axis=1)
    kept = kept / scale[:, None]
    shares = _maximise(n, kept)
    coefficients = shares / scale
    return TemplatesFit(coefficients, coefficients @ t, _deviance(n, shares @ kept))


def separation(expected: ArrayLike, alternative: ArrayLike) -> float:
    """Return the expected -2 ln lambda by which the data reject an alternative.

    Parameters
    ----------
    expected : array_like
        Counts n_i in each bin under the hypothesis that is true, shape (bin,)
        [dimensionless].
    alternative : array_like
        Templates of the other hypothesis, shape (template, bin) [dimensionless].

    Returns
    -------
    float
        D of the Asimov data; its root is a number of standard deviations.

    Raises
    ------
    InvalidInput
        As `fit_templates`.

    Example
    -------
    >>> separation([2.0, 2.0], [[1.0, 1.0]]) < 1e-12   # a flat spectrum is flat
    True
    """
    return fit_templates(expected, alternative).deviance


def exposure_to_separate(
    expected: ArrayLike, alternative: ArrayLike, significance: float = 3.0
) -> float:
    """Return the exposure at which the expected separation reaches a significance.

    ``Z^2/D``, with D for one unit of exposure.

    Parameters
    ----------
    expected : array_like
        Counts per unit of exposure under the true hypothesis, shape (bin,) [any].
    alternative : array_like
        Templates of the other hypothesis, shape (template, bin) [any].
    significance : float
        Z > 0, in standard deviations [dimensionless].

    Returns
    -------
    float
        In that unit of exposure; infinite where the alternative fits exactly (D below
        1e-12 of the number of counts).

    Raises
    ------
    InvalidInput
        As `fit_templates`, or if the significance is not positive.

    Example
    -------
    >>> one = exposure_to_separate([1.0, 3.0], [[1.0, 1.0]])
    >>> round(one * separation([1.0, 3.0], [[1.0, 1.0]]), 9)
    9.0
    """
    level = float(finite("significance", significance, positive=True))
    counts = _non_negative("expected", expected)
    deviance = separation(counts, alternative)
    return level**2 / deviance if deviance > _NOTHING * counts.sum() else float("inf")


def simulated_separations(
    expected: ArrayLike,
    alternative: ArrayLike,
    signal: ArrayLike,
    *,
    experiments: int,
    seed: int,
) -> Array:
    """Return -2 ln lambda of simulated experiments, to test what `separation` expects.

    Each has Poisson counts; -2 ln lambda is D of the alternative less D of the
    alternative with the signal added.

    Parameters
    ----------
    expected : array_like
        Mean counts, shape (bin,) [dimensionless].
    alternative : array_like
        Templates without the signal, shape (template, bin) [dimensionless].
    signal : array_like
        Template of the signal, shape (bin,) [dimensionless].
    experiments : int
        How many [dimensionless].
    seed : int
        Of the random numbers [dimensionless].

    Returns
    -------
    ndarray
        Shape (experiment,), >= 0.

    Raises
    ------
    InvalidInput
        As `fit_templates`, or if `experiments` is not positive.

    Example
    -------
    >>> q = simulated_separations([9.0, 9.0], [[1.0, 1.0]], [1.0, 0.0], experiments=3, seed=1)
    >>> q.shape, bool(np.all(q >= 0))
    ((3,), True)
    """
    mean, without = _checked(expected, alternative)
    if not experiments > 0:
        raise InvalidInput(f"experiments: found {experiments}, expected at least one")
    _, extra = _checked(expected, np.atleast_2d(np.asarray(signal, dtype=np.float64)))
    complete = np.vstack([without, extra])
    counts = np.random.default_rng(seed).poisson(mean, size=(experiments, mean.size))
    differences = [
        fit_templates(n, without).deviance - fit_templates(n, complete).deviance for n in counts
    ]
    return np.asarray(np.maximum(differences, 0.0))


def _maximise(n: Array, t: Array) -> Array:
    """Return the coefficients of the maximum; rows of t add up to 1."""
    from scipy.optimize import nnls

    if not n.sum() > 0:
        return np.zeros(t.shape[0])
    c: Array = np.full(t.shape[0], n.sum() / t.shape[0])
    last = _deviance(n, c @ t)
    for _ in range(_STEPS):
        mu = c @ t
        weight = 1 / np.sqrt(np.maximum(mu, _NOTHING * mu.max()))
        target, _ = nnls((t * weight).T, n * weight)
        for halving in range(_HALVINGS):
            trial: Array = c + 0.5**halving * (target - c)
            value = _deviance(n, trial @ t)
            if value <= last:
                break
        else:
            break
        gain, c, last = last - value, trial, value
        if gain <= _TOLERANCE * value:
            break
    return c


def _checked(counts: ArrayLike, templates: ArrayLike) -> tuple[Array, Array]:
    """Return counts (bin,) and templates (template, bin) after checking them."""
    n, t = _non_negative("counts", counts), _non_negative("templates", templates)
    if n.ndim != 1 or n.size == 0 or t.ndim != 2 or t.shape[1] != n.size:
        raise InvalidInput(
            f"templates: found the shape {t.shape} beside counts {n.shape}, expected "
            "(template, bin) beside (bin,)"
        )
    if not np.all(t.sum(axis=1) > 0):
        raise InvalidInput("templates: found one that is zero in every bin")
    return n, t
