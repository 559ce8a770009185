"""Profiles of a likelihood: scans, intervals, upper limits and contours.

::

    D_p(x) = min over the other parameters of D,     rise(x) = D_p(x) - min_x D_p

The minimum is taken over the range of the parameter, so that a bound is physical.  A point
is accepted at the confidence level C while the rise is below

========================  ==============================  ===========  =============
statement                 rise                            C = 0.90     C = 0.95
========================  ==============================  ===========  =============
interval, `CENTRAL`       ``[Phi^-1((1 + C)/2)]^2``       2.71         3.84
limit, `ONE_SIDED`        ``[Phi^-1(C)]^2``               1.64         2.71
two parameters            ``-2 ln(1 - C)``                4.61         5.99
========================  ==============================  ===========  =============

An upper limit takes the first unless it is told otherwise: for a Gaussian measurement it is
`intervals.delta_chi2_2p71_physical`.  Coverage is that of Wilks' theorem: approximate near
bounds and for few counts, where `toys` and `feldman_cousins_poisson` are exact.

References
----------
Wilks, Ann. Math. Stat. 9, 60 (1938); Rolke, Lopez and Conrad, Nucl. Instrum. Meth. A 551,
493 (2005).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array, ArrayLike, strictly_increasing
from nuatom.errors import InvalidInput, lookup
from nuatom.inference.fits.curve import Curve
from nuatom.inference.fits.fit import fit
from nuatom.inference.fits.minimum import Impossible
from nuatom.inference.gaussian import CONFIDENCE, check_confidence, normal_quantile
from nuatom.inference.likelihood import Likelihood

CENTRAL = "central"
"""The limit is the upper end of the interval at that confidence level."""
ONE_SIDED = "one-sided"
"""A limit that a Gaussian measurement far from bounds exceeds with probability C."""


@dataclass(frozen=True, eq=False)
class Profile:
    """The least deviance as a function of one parameter.

    Parameters
    ----------
    name : str
        Of the parameter [name].
    points : ndarray
        Where it was held, shape (point,) [any].
    deviances : ndarray
        D_p there; infinite where the data are impossible [dimensionless].
    values : ndarray
        Of all parameters, shape (point, parameter) [any].
    minimum : float
        Least D over the range of the parameter [dimensionless].
    """

    name: str
    points: Array
    deviances: Array
    values: Array
    minimum: float

    @property
    def rises(self) -> Array:
        """``D_p - min D_p``, shape (point,) [dimensionless]."""
        return self.deviances - self.minimum


@dataclass(frozen=True)
class Interval:
    """The values of a parameter that the data accept.

    Parameters
    ----------
    low, high : float
        Ends of the smallest interval that holds all that is accepted; infinite where
        nothing bounds it [any].
    best_fit : float
        Where D is least over the range of the parameter [any].
    confidence : float
        Confidence level C [dimensionless].
    method : str
        The rise of D that was asked for, and its convention [text].
    note : str
        What is special: an end that is a bound and not a crossing, or a gap; else empty
        [text].
    pieces : tuple of tuple
        ``(low, high)`` of each accepted piece, in order; more than one where D has several
        minima, as for a signed coupling that interferes [any].
    """

    low: float
    high: float
    best_fit: float
    confidence: float
    method: str
    note: str = ""
    pieces: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Contour:
    """The least deviance as a function of two parameters.

    Parameters
    ----------
    names : tuple of str
        The two parameters [names].
    first, second : ndarray
        Where they were held, shapes (first,) and (second,) [any].
    rises : ndarray
        D_p less its minimum over the whole range, shape (first, second) [dimensionless].
    best_fit : tuple of float
        Where D is least [any].
    confidences : tuple of float
        Confidence levels C [dimensionless].
    levels : tuple of float
        Rise at the contour of each, ``-2 ln(1 - C)`` [dimensionless].
    """

    names: tuple[str, str]
    first: Array
    second: Array
    rises: Array
    best_fit: tuple[float, float]
    confidences: tuple[float, ...]
    levels: tuple[float, ...]


def rise(confidence: float, convention: str = CENTRAL) -> float:
    """Return by how much D may rise for one parameter.

    Parameters
    ----------
    confidence : float
        C, between 0 and 1; above 0.5 for a one-sided limit [dimensionless].
    convention : str
        `CENTRAL` or `ONE_SIDED` [name].

    Returns
    -------
    float
        Quantile of chi-square with one degree of freedom.

    Raises
    ------
    UnknownName
        If the convention is neither.
    InvalidInput
        If the confidence is out of range.

    Example
    -------
    >>> round(rise(0.90), 4), round(rise(0.90, ONE_SIDED), 4)
    (2.7055, 1.6424)
    """
    level = check_confidence(confidence)
    probability = lookup(
        "convention of a limit", convention, {CENTRAL: (1 + level) / 2, ONE_SIDED: level}
    )
    if probability <= 0.5:
        raise InvalidInput(f"confidence: found {confidence:g}, expected above 0.5 if one-sided")
    return normal_quantile(probability) ** 2


def scan(
    likelihood: Likelihood,
    name: str,
    points: ArrayLike,
    *,
    fixed: Mapping[str, float] | None = None,
) -> Profile:
    """Return the least deviance at some values of a parameter.

    Parameters
    ----------
    likelihood : Likelihood
        To be scanned [likelihood].
    name : str
        Of the parameter [name].
    points : array_like
        Its values, increasing, within its range [any].
    fixed : mapping, optional
        Other parameters -> value at which they are held [any].

    Returns
    -------
    Profile
        With the values of the other parameters at each point.

    Raises
    ------
    FitFailed
        If a fit fails.
    InvalidInput
        If the points are not increasing, or outside the range.
    UnknownName
        If a name is none of the parameters.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("strength",), np.ones((1, 1)), np.zeros(1))
    >>> counts = PoissonTerm(np.array([0.0]), spectrum)
    >>> one = Likelihood((Parameter("strength", starts=(1.0,), low=0.0),), (counts,))
    >>> scan(one, "strength", [1.0, 2.0]).rises.round(9)
    array([2., 4.])
    """
    places = strictly_increasing("points", np.atleast_1d(np.asarray(points, dtype=np.float64)))
    if places.size == 0:
        raise InvalidInput("points: found none, expected at least one")
    curve = Curve(likelihood, name, fixed or {})
    order = np.argsort(np.abs(places - curve.best.values[name]), kind="stable")
    found = {k: curve.at(float(places[k])) for k in order}  # outwards from the best fit
    deviances = np.array([found[k][0] for k in range(places.size)])
    values = np.array([found[k][1] for k in range(places.size)])
    return Profile(name, places, deviances, values, min(curve.best.deviance, *deviances))


def interval(
    likelihood: Likelihood,
    name: str,
    confidence: float = CONFIDENCE,
    *,
    fixed: Mapping[str, float] | None = None,
) -> Interval:
    """Return the values of a parameter where D has risen by less than ``[Phi^-1((1+C)/2)]^2``.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter [name].
    confidence : float
        C, between 0 and 1 [dimensionless].
    fixed : mapping, optional
        Other parameters -> value at which they are held [any].

    Returns
    -------
    Interval
        Two-sided; an end without a crossing is the bound, as the note says.

    Raises
    ------
    FitFailed
        If a fit fails.
    InvalidInput
        If the confidence is not inside (0, 1).
    UnknownName
        If a name is none of the parameters.

    Notes
    -----
    Pieces are looked for around the ends of fits from every start of the parameter, and
    where D falls again up to 16 widths beyond.  Give a signed coupling a start on either
    side.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("strength",), np.ones((1, 1)), np.zeros(1))
    >>> counts = PoissonTerm(np.array([0.0]), spectrum)
    >>> one = Likelihood((Parameter("strength", starts=(1.0,), low=0.0),), (counts,))
    >>> found = interval(one, "strength", 0.90)
    >>> found.low, round(found.high, 4), found.note     # 2.7055/2
    (0.0, 1.3528, 'the lower end is the bound 0, no crossing')
    """
    curve = Curve(likelihood, name, fixed or {})
    level = rise(confidence)
    pieces, notes = curve.pieces(level)
    gap = f"{len(pieces)} pieces with gaps between them" if len(pieces) > 1 else ""
    return Interval(
        low=pieces[0][0],
        high=pieces[-1][1],
        best_fit=curve.best.values[name],
        confidence=confidence,
        method=_method(level, CENTRAL),
        note="; ".join(text for text in (*notes, gap) if text),
        pieces=pieces,
    )


def upper_limit(
    likelihood: Likelihood,
    name: str,
    confidence: float = CONFIDENCE,
    *,
    convention: str = CENTRAL,
    fixed: Mapping[str, float] | None = None,
) -> Interval:
    """Return the largest value of a parameter where D has risen by less than its quantile.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter [name].
    confidence : float
        C, between 0 and 1 [dimensionless].
    convention : str
        `CENTRAL`: rise ``[Phi^-1((1+C)/2)]^2``, 2.71 at 90 per cent; `ONE_SIDED`: rise
        ``[Phi^-1(C)]^2``, 1.64 [name].
    fixed : mapping, optional
        Other parameters -> value at which they are held [any].

    Returns
    -------
    Interval
        From the lower bound of the parameter (perhaps infinite) to the limit.

    Raises
    ------
    FitFailed
        If a fit fails.
    InvalidInput
        If the confidence is not inside (0, 1).
    UnknownName
        If a name is none of the parameters, or the convention unknown.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("strength",), np.ones((1, 1)), np.zeros(1))
    >>> counts = PoissonTerm(np.array([0.0]), spectrum)
    >>> one = Likelihood((Parameter("strength", starts=(1.0,), low=0.0),), (counts,))
    >>> round(upper_limit(one, "strength", 0.90, convention=ONE_SIDED).high, 4)  # 1.6424/2
    0.8212
    """
    curve = Curve(likelihood, name, fixed or {})
    level = rise(confidence, convention)
    pieces, (_, note) = curve.pieces(level)
    low, high = curve.parameter.low, pieces[-1][1]
    return Interval(
        low=low,
        high=high,
        best_fit=curve.best.values[name],
        confidence=confidence,
        method=_method(level, convention),
        note=note,
        pieces=((low, high),),
    )


def contour(
    likelihood: Likelihood,
    names: tuple[str, str],
    confidences: Sequence[float],
    grid: tuple[ArrayLike, ArrayLike],
    *,
    fixed: Mapping[str, float] | None = None,
) -> Contour:
    """Return the least deviance on a grid of two parameters, and the levels of its contours.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    names : tuple of str
        Two parameters [names].
    confidences : sequence of float
        Confidence levels for both parameters together [dimensionless].
    grid : tuple of array_like
        Values of the first and of the second, increasing [any].
    fixed : mapping, optional
        Other parameters -> value at which they are held [any].

    Returns
    -------
    Contour
        Rises on the grid, levels ``-2 ln(1 - C)``.

    Raises
    ------
    FitFailed
        If a fit fails.
    InvalidInput
        If the names are equal, a grid is not increasing or outside the range, or a
        confidence not inside (0, 1).
    UnknownName
        If a name is none of the parameters.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> both = PoissonTerm(np.array([9.0, 4.0]), LinearPrediction(("a", "b"), np.eye(2),
    ...     np.zeros(2)))
    >>> two = Likelihood((Parameter("a", (1.0,)), Parameter("b", (1.0,))), (both,))
    >>> found = contour(two, ("a", "b"), [0.90], ([9.0, 12.0], [4.0, 6.0]))
    >>> found.rises.round(3), round(found.levels[0], 3)
    (array([[0.   , 0.756],
           [0.822, 1.578]]), 4.605)
    """
    if len(set(names)) != 2:
        raise InvalidInput(f"contour: found {list(names)}, expected two different parameters")
    levels = tuple(-2 * float(np.log1p(-check_confidence(c))) for c in confidences)
    first, second = (
        strictly_increasing(f"grid of {name}", np.asarray(points, dtype=np.float64))
        for name, points in zip(names, grid, strict=True)
    )
    best = fit(likelihood, fixed=fixed)
    surface = np.array(
        [_row(likelihood, names, float(x), second, dict(fixed or {})) for x in first]
    )
    return Contour(
        names=names,
        first=first,
        second=second,
        rises=surface - min(best.deviance, float(surface.min())),
        best_fit=(best.values[names[0]], best.values[names[1]]),
        confidences=tuple(map(float, confidences)),
        levels=levels,
    )


def _row(
    likelihood: Likelihood,
    names: tuple[str, str],
    first: float,
    second: Array,
    fixed: dict[str, float],
) -> Array:
    """Return D_p along the second parameter; infinite if impossible all along."""
    try:
        return scan(likelihood, names[1], second, fixed={**fixed, names[0]: first}).deviances
    except Impossible:
        return np.full(second.size, np.inf)


def _method(level: float, convention: str) -> str:
    return f"rise of the profile deviance by {level:.4g}, {convention}"
