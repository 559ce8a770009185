"""The deviance of counts at its least over the nuisances, fast: Newton's method.

With the curvature that `SubtractedTerm` offers, a profile from a neighbouring one takes a
fraction of a millisecond; `nuatom.inference.fits.minimum` is slower and needs no good start.

References
----------
Bertsekas, SIAM J. Control Optim. 20, 221 (1982) for Newton's method with bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from nuatom.arrays import Array
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.subtracted import SubtractedTerm

_FALL = 1e-11
"""Newton's method ends when it expects D to fall by less than this times 1 + D."""
_NEAR = 1e-7
"""Where rounding stops it, the end is a minimum if D was to fall by less than this."""
_ITERATIONS = 100
_HALVINGS = 40
_OFF = 0.05
"""A step whose best length differs by less is taken whole."""

_Integers = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class Profiled:
    """A deviance at its least over the nuisances.

    Parameters
    ----------
    deviance : float
        D [dimensionless].
    values : ndarray
        Of every parameter, shape (parameter,) [any].
    """

    deviance: float
    values: Array


def counted(likelihood: Likelihood) -> Likelihood:
    """Return a likelihood whose Poisson terms offer their curvature.

    Parameters
    ----------
    likelihood : Likelihood
        Of `PoissonTerm` and `SubtractedTerm` [likelihood].

    Returns
    -------
    Likelihood
        Of `SubtractedTerm` alone, with the same deviance.

    Raises
    ------
    InvalidInput
        If a term is of another kind.
    """
    terms = []
    for term in likelihood.terms:
        if isinstance(term, PoissonTerm):
            none = np.zeros(term.points)
            terms.append(SubtractedTerm(term.counts, term.prediction, none, none.astype(np.intp)))
        elif isinstance(term, SubtractedTerm):
            terms.append(term)
        else:
            raise InvalidInput(
                f"projection: found a {type(term).__name__}, expected counts in bins "
                "(PoissonTerm or SubtractedTerm)"
            )
    return Likelihood(likelihood.parameters, tuple(terms))


def profiled(
    likelihood: Likelihood, fixed: Mapping[str, float], start: Array | None = None
) -> Profiled:
    """Return the least deviance over the parameters that are not fixed.

    Newton's method with bounds, from `start`; exact where the expectation is linear.

    Parameters
    ----------
    likelihood : Likelihood
        Of `SubtractedTerm` (see `counted`) [likelihood].
    fixed : mapping
        Parameter -> value at which it is held [any].
    start : ndarray, optional
        Where to begin; the first start of each parameter if left out [any].

    Returns
    -------
    Profiled
        Deviance and values.

    Raises
    ------
    FitFailed
        If the data are impossible at the start, or the method does not converge.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter
    >>> flat = LinearPrediction(("b",), np.ones((1, 2)), np.zeros(2))
    >>> term = PoissonTerm(np.array([3.0, 5.0]), flat)
    >>> one = counted(Likelihood((Parameter("b", starts=(1.0,), low=0.0),), (term,)))
    >>> profiled(one, {}).values.round(9)
    array([4.])
    """
    low = np.array([p.low for p in likelihood.parameters])
    high = np.array([p.high for p in likelihood.parameters])
    free = np.array([name not in fixed for name in likelihood.names])
    values, last = _begin(likelihood, fixed, start)
    for _ in range(_ITERATIONS):
        gradient, matrix = curvature(likelihood, values)
        held = ((values <= low) & (gradient >= 0)) | ((values >= high) & (gradient <= 0))
        moving = np.flatnonzero(free & ~held)
        if moving.size == 0:
            return Profiled(last, values)
        step = np.zeros(values.size)
        step[moving] = _step(likelihood, gradient, matrix, moving)
        fall = -float(gradient @ step) / 2
        trial, value = _search(likelihood, (values, last), step, fall, (low, high))
        stuck, values, last = value == last, trial, value
        if fall <= (_NEAR if stuck else _FALL) * (1 + last):
            return Profiled(last, values)
        if stuck:
            break
    raise FitFailed(f"fit: not converged, the least deviance found is {last:.6g}; add priors")


def _search(
    likelihood: Likelihood,
    here: tuple[Array, float],
    step: Array,
    fall: float,
    ends: tuple[Array, Array],
) -> tuple[Array, float]:
    """Return a lower place along a step, or the same: halves, then the least of a parabola.

    The parabola has the value and slope here and the value there; where the expectation is
    not linear, the whole step may go twice too far, again and again.
    """
    values, last = here
    length = 1.0
    for _ in range(_HALVINGS):
        trial = np.clip(values + length * step, *ends)
        value = likelihood.deviance(trial)
        if value < last:
            break
        length /= 2
    else:
        return values, last
    bend = value - last + 2 * fall * length
    best = fall * length**2 / bend if bend > 0 else length
    if abs(best / length - 1) > _OFF:
        other = np.clip(values + min(best, 2 * length) * step, *ends)
        lower = likelihood.deviance(other)
        if lower < value:
            return other, lower
    return trial, value


def _begin(
    likelihood: Likelihood, fixed: Mapping[str, float], start: Array | None
) -> tuple[Array, float]:
    """Return the first place at which the data are possible, and its deviance."""
    own = likelihood.values()
    for begin in (own if start is None else start, own):
        values = np.array(
            [
                fixed.get(p.name, float(np.clip(v, p.low, p.high)))
                for p, v in zip(likelihood.parameters, begin, strict=True)
            ]
        )
        deviance = likelihood.deviance(values)
        if np.isfinite(deviance):
            return values, deviance
    raise FitFailed("fit: the data are impossible where it begins; give other starts")


def curvature(likelihood: Likelihood, values: Array) -> tuple[Array, Array]:
    """Return first and second derivatives of D.

    Parameters
    ----------
    likelihood : Likelihood
        Of `SubtractedTerm` [likelihood].
    values : ndarray
        Shape (parameter,) [any].

    Returns
    -------
    tuple of ndarray
        Shapes (parameter,) and (parameter, parameter).

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter
    >>> flat = LinearPrediction(("b",), np.ones((1, 1)), np.zeros(1))
    >>> one = Likelihood((Parameter("b"),), (PoissonTerm(np.array([4.0]), flat),))
    >>> curvature(counted(one), np.array([4.0]))     # 2 n/mu^2
    (array([0.]), array([[0.5]]))
    """
    gradient = np.zeros(values.size)
    matrix = np.zeros((values.size, values.size))
    places = {name: place for place, name in enumerate(likelihood.names)}
    for term in likelihood.terms:
        assert isinstance(term, SubtractedTerm)
        place = np.array([places[name] for name in term.names], dtype=np.intp)
        slopes, bends = term.curvature(values[place])
        gradient[place] += slopes
        matrix[np.ix_(place, place)] += bends
    for k, parameter in enumerate(likelihood.parameters):
        if parameter.prior is not None:
            gradient[k] += parameter.prior.slope(values[k])
            matrix[k, k] += 2 / parameter.prior.width**2
    return gradient, matrix


def _step(likelihood: Likelihood, gradient: Array, matrix: Array, moving: _Integers) -> Array:
    """Return the step of Newton's method; a parameter without curvature goes downhill."""
    part, slopes = matrix[np.ix_(moving, moving)].copy(), gradient[moving]
    scales = np.array([likelihood.parameters[k].scale for k in moving])
    straight = np.abs(slopes) / (10 * scales)
    diagonal = np.diag(part)
    flat = diagonal <= 1e-12 * straight / scales
    part[flat, flat] += np.maximum(straight[flat], 1e-12 / scales[flat] ** 2)
    root = np.sqrt(np.diag(part))
    scaled = part / np.outer(root, root)
    damping = 0.0
    while True:
        try:
            factor = linalg.cho_factor(scaled + damping * np.eye(root.size))
        except linalg.LinAlgError:
            damping = max(10 * damping, 1e-12)
            continue
        return np.asarray(linalg.cho_solve(factor, -slopes / root) / root)
