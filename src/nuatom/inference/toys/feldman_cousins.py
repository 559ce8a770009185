"""Feldman-Cousins intervals with simulated experiments.

For each tested value x of one parameter, experiments are simulated with it and with the
other parameters as fitted to the data at x (profiled; their auxiliary measurements
fluctuate, too).  With the rise t of the profiled deviance from its minimum in the physical
range (see `statistics`) x is accepted if::

    p(x) = P(t >= t_data | x) > 1 - C

Probabilities are counted in toys, with their binomial errors, which are carried through to
the ends of the interval.

The coverage of a construction with profiled parameters is exact where they are known, and
for large samples; the coverage table in the documentation shows how close it is otherwise.

References
----------
Feldman and Cousins, Phys. Rev. D 57, 3873 (1998); Chuang and Lai, Stat. Sinica 10, 1 (2000)
(profiled parameters).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from nuatom.arrays import Array, ArrayLike
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.fits.profile import Profile, interval
from nuatom.inference.gaussian import CONFIDENCE, check_confidence
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.toys.crossings import Crossing, counted, counting_error, crossings
from nuatom.inference.toys.statistics import (
    EQUAL,
    Toys,
    gathered,
    observed,
    profiled,
    simulate,
)

__all__ = [
    "ToyInterval",
    "Toys",
    "feldman_cousins",
    "suggested_points",
]

_WIDER = 1.3
"""Standard deviations by which suggested points go beyond the interval of the profile."""


@dataclass(frozen=True, eq=False)
class ToyInterval:
    """A Feldman-Cousins interval by toys.

    Parameters
    ----------
    name : str
        Of the parameter [name].
    low, high : float
        Ends of the smallest interval that holds all that is accepted [any].
    low_error, high_error : float
        Standard deviations from the number of toys; 0 for an end that is a bound [any].
    best_fit : float
        Where the deviance is least [any].
    confidence : float
        C [dimensionless].
    points : ndarray
        Tested values, shape (point,) [any].
    statistic : ndarray
        t of the data at each [dimensionless].
    critical : ndarray
        The quantile C of t in toys at each [dimensionless].
    p_values : ndarray
        ``P(t >= t_data)`` at each [dimensionless].
    p_errors : ndarray
        Their standard deviations [dimensionless].
    toys : int
        At each point [dimensionless].
    seed : int
        Of the random numbers [dimensionless].
    note : str
        An end that is a bound, or gaps between accepted points; else empty [text].
    """

    name: str
    low: float
    high: float
    low_error: float
    high_error: float
    best_fit: float
    confidence: float
    points: Array
    statistic: Array
    critical: Array
    p_values: Array
    p_errors: Array
    toys: int
    seed: int
    note: str = ""


def feldman_cousins(
    likelihood: Likelihood,
    name: str,
    points: ArrayLike,
    confidence: float = CONFIDENCE,
    *,
    toys: Toys = Toys(),  # noqa: B008 - frozen
) -> ToyInterval:
    """Return the interval of values whose toys rise as high as the data often enough.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data; its ranges are physical [likelihood].
    name : str
        Of the parameter [name].
    points : array_like
        Values to test, increasing, at least two, as from `suggested_points`: so dense that
        p is smooth between them [any].
    confidence : float
        C, between 0 and 1 [dimensionless].
    toys : Toys
        Number, seed, executor [any].

    Returns
    -------
    ToyInterval
        With p-values at all points.

    Raises
    ------
    InvalidInput
        If the points are not increasing or outside the range of the parameter, or an end of
        the interval lies beyond them.
    FitFailed
        If a fit fails, or no point is accepted.
    UnknownName
        If there is no such parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([3.0]))
    >>> one = Likelihood((Parameter("signal", (1.0,), low=0.0),),
    ...     (PoissonTerm(np.array([6.0]), spectrum),))
    >>> found = feldman_cousins(one, "signal", np.linspace(0, 12, 49), toys=Toys(1000))
    >>> abs(found.high - 8.47) < 0.5, found.note    # Table IV of Feldman and Cousins: 8.47
    (True, '')
    """
    profile, statistic = profiled(likelihood, name, points, toys)
    check_confidence(confidence)
    possible = np.flatnonzero(np.isfinite(profile.deviances))
    hypotheses = [profile.values[k] for k in possible]
    data = np.full(profile.points.size, np.inf)
    data[possible] = observed(statistic, hypotheses)
    tasks = [
        (statistic, values, (values,), number, seed)
        for k, values in zip(possible, hypotheses, strict=True)
        for number, seed in toys.blocks(int(k))
    ]
    drawn = gathered(toys.run(simulate, tasks), toys.number)
    rank = min(int(np.ceil(confidence * (toys.number + 1))), toys.number)
    critical, p_values = np.full(data.size, np.inf), np.full(data.size, 1 / (toys.number + 1))
    for k, (rises,) in zip(possible, drawn, strict=True):
        critical[k] = np.partition(rises, rank - 1)[rank - 1]
        p_values[k] = float(counted(np.sum(rises >= data[k] - EQUAL), toys.number))
    errors = counting_error(p_values, toys.number)
    low, high, note = _ends(likelihood, profile, p_values, errors, 1 - confidence)
    return ToyInterval(
        name=name,
        low=low.place,
        high=high.place,
        low_error=low.error,
        high_error=high.error,
        best_fit=_best_fit(likelihood, profile),
        confidence=confidence,
        points=profile.points,
        statistic=data,
        critical=critical,
        p_values=p_values,
        p_errors=errors,
        toys=toys.number,
        seed=toys.seed,
        note=note,
    )


def suggested_points(
    likelihood: Likelihood, name: str, confidence: float = CONFIDENCE, *, number: int = 25
) -> Array:
    """Return values to test: an even grid over a wider interval of the profile.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter [name].
    confidence : float
        Of the interval that is wanted; the grid goes 1.3 standard deviations beyond
        [dimensionless].
    number : int
        Of values, at least two [dimensionless].

    Returns
    -------
    ndarray
        Shape (number,) [any].

    Raises
    ------
    FitFailed
        If a fit fails, or the data do not bound the parameter.
    InvalidInput
        If the number is below two, or the confidence not inside (0, 1).
    UnknownName
        If there is no such parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([3.0]))
    >>> one = Likelihood((Parameter("signal", (1.0,), low=0.0),),
    ...     (PoissonTerm(np.array([6.0]), spectrum),))
    >>> points = suggested_points(one, "signal", number=5)
    >>> float(points[0]), bool(points[-1] > 8.47)
    (0.0, True)
    """
    if number < 2:
        raise InvalidInput(f"number of points: found {number}, expected at least two")
    z = float(special.ndtri((1 + check_confidence(confidence)) / 2)) + _WIDER
    wide = interval(likelihood, name, float(special.ndtr(z) - special.ndtr(-z)))
    if not np.isfinite(wide.low) or not np.isfinite(wide.high):
        raise FitFailed(f"points: the data do not bound {name} on both sides; give points")
    return np.linspace(wide.low, wide.high, number)


def _ends(
    likelihood: Likelihood, profile: Profile, p: Array, errors: Array, level: float
) -> tuple[Crossing, Crossing, str]:
    """Return both ends of what is accepted, and what is special about them."""
    parameter, points = likelihood.parameter(profile.name), profile.points
    accepted = p > level
    if not accepted.any():
        raise FitFailed(
            "toys: no point is accepted; add points near the best fit "
            f"{_best_fit(likelihood, profile):g}"
        )
    found = crossings(points, p, errors, level)
    ends, notes = [], []
    for outer, bound, side, place in (
        (0, parameter.low, "lower", 0),
        (-1, parameter.high, "upper", -1),
    ):
        if not accepted[outer]:
            ends.append(found[place])
        elif points[outer] == bound:
            ends.append(Crossing(float(bound), 0.0, rising=side == "lower"))
            notes.append(f"the {side} end is the bound {bound:g}")
        else:
            raise InvalidInput(
                f"points: the {'smallest' if outer == 0 else 'largest'}, {points[outer]:g}, is "
                "accepted; add points beyond it"
            )
    gaps = sum(1 for a, b in pairwise(found) if not a.rising and b.rising)
    if gaps:
        notes.append(f"accepted points have {gaps} gaps between them")
    return ends[0], ends[1], "; ".join(notes)


def _best_fit(likelihood: Likelihood, profile: Profile) -> float:
    """Return where the deviance is least; that of the data, not of a point."""
    found = minimise(likelihood)
    return float(found.values[likelihood.names.index(profile.name)])
