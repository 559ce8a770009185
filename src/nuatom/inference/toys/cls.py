"""Upper limits by CLs with simulated experiments.

With the rise t(x) of the profiled deviance from its minimum in the physical range (see
`statistics`), q = t for best fits below x and 0 for those above (q-tilde)::

    CLs(x) = P(q >= q_data | x)/P(q >= q_data | null)  <= 1 - C:   x is excluded

Other parameters have the values fitted to the data, at x and without a signal; their
auxiliary measurements fluctuate.  It never under-covers by more than the treatment of these
does, and covers more where data cannot tell x from no signal.

References
----------
Read, J. Phys. G 28, 2693 (2002); Cowan, Cranmer, Gross and Vitells, Eur. Phys. J. C 71,
1554 (2011), sec. 2.4 and 3.8.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from nuatom.arrays import Array, ArrayLike
from nuatom.errors import InvalidInput
from nuatom.inference.fits.profile import scan
from nuatom.inference.gaussian import CONFIDENCE, check_confidence
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.toys.crossings import Crossing, counted, counting_error, crossings
from nuatom.inference.toys.statistics import (
    EQUAL,
    Toys,
    bounded_below,
    gathered,
    observed,
    profiled,
    simulate,
)


@dataclass(frozen=True, eq=False)
class ToyLimit:
    """An upper limit by CLs with toys.

    Parameters
    ----------
    name : str
        Of the parameter [name].
    limit : float
        Where CLs falls through 1 - C [any].
    error : float
        Standard deviation from the number of toys [any].
    expected : ndarray
        Limits of experiments without a signal at -2, -1, 0, 1 and 2 standard deviations,
        shape (5,); infinite beyond the largest point.  The first is decided by the
        ``(1 - C) 0.023 N`` toys in the tail of a tail, and needs N in the ten thousands
        [any].
    confidence : float
        C [dimensionless].
    points : ndarray
        Tested values, shape (point,) [any].
    statistic : ndarray
        q of the data at each [dimensionless].
    p_signal, p_null : ndarray
        ``P(q >= q_data)`` with and without the signal, at each [dimensionless].
    cls, cls_errors : ndarray
        Their ratio and its standard deviation, at each [dimensionless].
    toys : int
        At each point, with and without the signal [dimensionless].
    seed : int
        Of the random numbers [dimensionless].
    """

    name: str
    limit: float
    error: float
    expected: Array
    confidence: float
    points: Array
    statistic: Array
    p_signal: Array
    p_null: Array
    cls: Array
    cls_errors: Array
    toys: int
    seed: int


def cls_limit(
    likelihood: Likelihood,
    name: str,
    points: ArrayLike,
    confidence: float = CONFIDENCE,
    *,
    toys: Toys = Toys(),  # noqa: B008 - frozen
    null: float = 0.0,
) -> ToyLimit:
    """Return the upper limit where CLs, with q-tilde as statistic, falls through 1 - C.

    ::

        q(x) = D(x) - min_{theta >= null} D  if the best fit <= x, else 0

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter: a strength that is `null` without a signal [name].
    points : array_like
        Values to test, increasing, above `null`; CLs is 1 at `null` itself [any].
    confidence : float
        C, between 0 and 1 [dimensionless].
    toys : Toys
        Number, seed, executor [any].
    null : float
        Value without a signal, from which on values are physical [any].

    Returns
    -------
    ToyLimit
        With the expected limits.

    Raises
    ------
    InvalidInput
        If the points are not increasing, not above `null` or outside the range of the
        parameter, or the limit lies beyond them.
    FitFailed
        If a fit fails.
    UnknownName
        If there is no such parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([3.0]))
    >>> one = Likelihood((Parameter("signal", (1.0,), low=0.0),),
    ...     (PoissonTerm(np.array([0.0]), spectrum),))
    >>> found = cls_limit(one, "signal", np.linspace(0.5, 9, 18), toys=Toys(2000))
    >>> abs(found.limit - 2.303) < 5 * found.error    # -ln(0.1), whatever the background
    True
    """
    physical = bounded_below(likelihood, name, null)
    check_confidence(confidence)
    profile, statistic = profiled(physical, name, points, toys, one_sided=True)
    if profile.points[0] <= null or not np.all(np.isfinite(profile.deviances)):
        raise InvalidInput(
            f"points: expected values above {null:g}, at each of which the data are possible"
        )
    hypotheses = tuple(profile.values)
    none = scan(physical, name, [null]).values[0]
    data = observed(statistic, hypotheses)
    tasks = [
        (statistic, values, (values,), number, seed)
        for k, values in enumerate(hypotheses, start=1)
        for number, seed in toys.blocks(k)
    ]
    tasks += [(statistic, none, hypotheses, number, seed) for number, seed in toys.blocks(0)]
    results = toys.run(simulate, tasks)
    blocks = len(list(toys.blocks(0)))
    signal = [rises for (rises,) in gathered(results[:-blocks], toys.number)]
    (without,) = gathered(results[-blocks:], toys.number)
    p_signal, p_null, cls, errors = _ratios(data, signal, without)
    level = 1 - confidence
    found = _limit(null, profile.points, cls, errors, level)
    if found is None:
        raise InvalidInput(
            f"points: the largest, {profile.points[-1]:g}, is not excluded; add larger ones"
        )
    expected = []
    for sigma in (-2.0, -1.0, 0.0, 1.0, 2.0):
        typical = np.quantile(without, special.ndtr(-sigma), axis=1)
        one = _limit(null, profile.points, _frequency(typical, signal, without), errors, level)
        expected.append(np.inf if one is None else one.place)
    return ToyLimit(
        name=name,
        limit=found.place,
        error=found.error,
        expected=np.array(expected),
        confidence=confidence,
        points=profile.points,
        statistic=data,
        p_signal=p_signal,
        p_null=p_null,
        cls=cls,
        cls_errors=errors,
        toys=toys.number,
        seed=toys.seed,
    )


def _ratios(data: Array, signal: list[Array], without: Array) -> tuple[Array, Array, Array, Array]:
    """Return p with and without a signal, their ratio, and its error."""
    toys = without.shape[1]
    least = data - EQUAL
    p_signal = counted(
        np.array([np.count_nonzero(q >= x) for q, x in zip(signal, least, strict=True)]), toys
    )
    p_null = counted(np.count_nonzero(without >= least[:, None], axis=1), toys)
    cls = np.minimum(p_signal / p_null, 1.0)
    relative = np.hypot(
        counting_error(p_signal, toys) / p_signal, counting_error(p_null, toys) / p_null
    )
    return p_signal, p_null, cls, cls * relative


def _frequency(data: Array, signal: list[Array], without: Array) -> Array:
    """Return CLs without counting the data as a toy, which it is not here."""
    above = np.array([np.sum(q >= x - EQUAL) for q, x in zip(signal, data, strict=True)])
    none = np.sum(without >= data[:, None] - EQUAL, axis=1)
    return np.asarray(np.minimum(above / np.maximum(none, 1.0), 1.0))


def _limit(null: float, points: Array, cls: Array, errors: Array, level: float) -> Crossing | None:
    """Return the last fall of CLs through a level, or None if it ends above."""
    if cls[-1] > level:
        return None
    places = np.append(null, points)
    found = crossings(places, np.append(1.0, cls), np.append(0.0, errors), level)
    return found[-1]
