"""CLs limits and discovery significances from the asymptotic formulae.

With the rise t of the profiled deviance (see `profile`), the statistic q-tilde of an upper
limit and its value q_A for the data expected without a signal (Asimov; other parameters as
fitted to the data without a signal)::

    q(x) = t(x) if the best fit >= null is at most x, else 0
    P(q >= q_data | x)    = 1 - Phi(sqrt q)                          if q <= q_A
                          = 1 - Phi[ (q + q_A)/(2 sqrt q_A) ]        else
    P(q >= q_data | null) = 1 - Phi(sqrt q - sqrt q_A)               if q <= q_A
                          = 1 - Phi[ (q - q_A)/(2 sqrt q_A) ]        else
    CLs = the ratio;   N standard deviations: Phi(N - sqrt q_A)/Phi(N) is expected

They hold for large samples: for few counts see `toys.cls`.

References
----------
Cowan, Cranmer, Gross and Vitells, Eur. Phys. J. C 71, 1554 (2011), arXiv:1007.1727,
eqs. (62) to (67); Read, J. Phys. G 28, 2693 (2002).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.curve import Curve
from nuatom.inference.fits.profile import scan
from nuatom.inference.gaussian import CONFIDENCE, check_confidence
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.toys.statistics import bounded_below

BAND = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Fluctuations of experiments without a signal, in standard deviations, of expected limits."""
_DOUBLINGS = 60
_PRECISION = 1e-8
_LEAST = 1e-300


@dataclass(frozen=True, eq=False)
class ClsValues:
    """CLs at some values of a parameter.

    Parameters
    ----------
    points : ndarray
        Tested values, shape (point,) [any].
    statistic : ndarray
        q of the data [dimensionless].
    asimov : ndarray
        q_A [dimensionless].
    p_signal, p_null : ndarray
        ``P(q >= q_data)`` with and without the signal [dimensionless].
    cls : ndarray
        Their ratio [dimensionless].
    expected : ndarray
        CLs of experiments without a signal at -2, -1, 0, 1 and 2 standard deviations, shape
        (5, point) [dimensionless].
    """

    points: Array
    statistic: Array
    asimov: Array
    p_signal: Array
    p_null: Array
    cls: Array
    expected: Array


@dataclass(frozen=True, eq=False)
class AsymptoticLimit:
    """An upper limit by CLs.

    Parameters
    ----------
    name : str
        Of the parameter [name].
    limit : float
        Where CLs is 1 - C [any].
    expected : ndarray
        Limits of experiments without a signal at -2, -1, 0, 1 and 2 standard deviations,
        shape (5,) [any].
    best_fit : float
        Where the deviance is least, at or above `null` [any].
    confidence : float
        C [dimensionless].
    """

    name: str
    limit: float
    expected: Array
    best_fit: float
    confidence: float


@dataclass(frozen=True)
class Discovery:
    """How strongly data reject that there is no signal.

    Parameters
    ----------
    statistic : float
        q_0: rise of the profiled deviance at no signal; 0 for a negative one [dimensionless].
    significance : float
        ``Z = sqrt q_0``, in standard deviations [dimensionless].
    p_value : float
        ``1 - Phi(Z)``, 0.5 where the data prefer no signal or less [dimensionless].
    """

    statistic: float
    significance: float
    p_value: float


def cls_values(
    likelihood: Likelihood, name: str, points: ArrayLike, *, null: float = 0.0
) -> ClsValues:
    """Return CLs, and what was expected of it, at some values of a parameter.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter: a strength that is `null` without a signal [name].
    points : array_like
        Values to test, above `null` [any].
    null : float
        Value without a signal, from which on values are physical [any].

    Returns
    -------
    ClsValues
        At the points.

    Raises
    ------
    InvalidInput
        If a point is not above `null`, or out of the range of the parameter.
    FitFailed
        If a fit fails, or the data say nothing about the parameter.
    UnknownName
        If there is no such parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("signal",), np.full((1, 1), 5.0), np.array([50.0]))
    >>> one = Likelihood((Parameter("signal", (1.0,), low=0.0),),
    ...     (PoissonTerm(np.array([55.0]), spectrum),))
    >>> cls_values(one, "signal", [1.0, 3.0]).cls.round(3)
    array([0.664, 0.136])
    """
    tested = _Tested(likelihood, name, null)
    places = finite("points", points).ravel()
    if np.any(places <= null):
        raise InvalidInput(f"points: found {places.min():g}, expected all above {null:g}")
    statistic = np.array([tested.statistic(float(x)) for x in places])
    asimov = np.array([tested.asimov(float(x)) for x in places])
    p_signal, p_null = _p_values(statistic, asimov)
    band = np.array(BAND)[:, None]
    return ClsValues(
        points=places,
        statistic=statistic,
        asimov=asimov,
        p_signal=p_signal,
        p_null=p_null,
        cls=p_signal / p_null,
        expected=special.ndtr(band - np.sqrt(asimov)) / special.ndtr(band),
    )


def cls_limit(
    likelihood: Likelihood, name: str, confidence: float = CONFIDENCE, *, null: float = 0.0
) -> AsymptoticLimit:
    """Return the upper limit, where CLs is 1 - C, and the limits that were expected.

    ::

        CLs(x) = 1 - C,     sqrt(q_A(x_N)) = N + Phi^-1[1 - (1 - C) Phi(N)]

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter: a strength that is `null` without a signal [name].
    confidence : float
        C, between 0 and 1 [dimensionless].
    null : float
        Value without a signal, from which on values are physical [any].

    Returns
    -------
    AsymptoticLimit
        With the band.

    Raises
    ------
    FitFailed
        If a fit fails, or no value in the range of the parameter is excluded.
    InvalidInput
        If the confidence is not inside (0, 1).
    UnknownName
        If there is no such parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("signal",), np.full((1, 1), 5.0), np.array([50.0]))
    >>> one = Likelihood((Parameter("signal", (1.0,), low=0.0),),
    ...     (PoissonTerm(np.array([55.0]), spectrum),))
    >>> round(cls_limit(one, "signal", 0.95).limit, 2)
    3.86
    """
    level = 1 - check_confidence(confidence)
    tested = _Tested(likelihood, name, null)

    def excess(x: float) -> float:
        signal, none = _p_values(np.array(tested.statistic(x)), np.array(tested.asimov(x)))
        return float(np.log(max(float(signal / none), _LEAST) / level))

    limit = tested.root(excess)
    expected = []
    for sigma in BAND:
        root = sigma - special.ndtri(level * special.ndtr(sigma))

        def rest(x: float, goal: float = float(root)) -> float:
            return goal - float(np.sqrt(tested.asimov(x)))

        expected.append(tested.root(rest))
    return AsymptoticLimit(
        name=name,
        limit=limit,
        expected=np.array(expected),
        best_fit=tested.best_fit,
        confidence=confidence,
    )


def discovery(likelihood: Likelihood, name: str, *, null: float = 0.0) -> Discovery:
    """Return the significance of a positive signal.

    ::

        q_0 = D(null) - min D  if the best fit is above null, else 0

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter [name].
    null : float
        Value without a signal [any].

    Returns
    -------
    Discovery
        Statistic, significance, p-value.

    Raises
    ------
    FitFailed
        If a fit fails.
    UnknownName
        If there is no such parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([100.0]))
    >>> one = Likelihood((Parameter("signal", (1.0,), low=0.0),),
    ...     (PoissonTerm(np.array([130.0]), spectrum),))
    >>> round(discovery(one, "signal").significance, 3)   # [2 (130 ln 1.3 - 30)]^(1/2)
    2.866
    """
    curve = Curve(bounded_below(likelihood, name, null), name, {})
    statistic = max(curve.rise(null), 0.0)  # 0 where the best fit is the bound itself
    significance = float(np.sqrt(statistic))
    return Discovery(float(statistic), significance, float(special.ndtr(-significance)))


class _Tested:
    """The statistics of a likelihood: of its data, and of those expected without a signal."""

    def __init__(self, likelihood: Likelihood, name: str, null: float) -> None:
        physical = bounded_below(likelihood, name, null)
        self._data = Curve(physical, name, {})
        none = scan(physical, name, [null]).values[0]
        self._asimov = Curve(physical.asimov(none), name, {})
        self._null = null

    @property
    def best_fit(self) -> float:
        return self._data.best.values[self._data.name]

    def statistic(self, x: float) -> float:
        """Return q-tilde of the data."""
        return max(self._data.rise(x), 0.0) if self.best_fit <= x else 0.0

    def asimov(self, x: float) -> float:
        """Return q_A."""
        return max(self._asimov.rise(x), 0.0)

    def root(self, falling: Callable[[float], float]) -> float:
        """Return where a function of x falls through zero, above the null value."""
        parameter = self._data.parameter
        step = max(self._data.best.errors[parameter.name], _PRECISION * parameter.scale)
        low, high = self._null, min(self._null + step, parameter.high)
        for _ in range(_DOUBLINGS):
            if falling(high) < 0:
                break
            if high == parameter.high:
                raise FitFailed(
                    f"limit on {parameter.name}: found no value that is excluded up to its bound "
                    f"{parameter.high:g}; raise the bound"
                )
            low, high = high, min(self._null + 2 * (high - self._null), parameter.high)
        else:
            raise FitFailed(f"limit on {parameter.name}: the data exclude no value up to {high:g}")
        return float(optimize.brentq(falling, low, high, rtol=_PRECISION, xtol=_LEAST))


def _p_values(q: Array, asimov: Array) -> tuple[Array, Array]:
    """Return ``P(>= q)`` with and without the signal; q_A = 0 tells nothing: both alike."""
    root, width = np.sqrt(q), np.sqrt(np.maximum(asimov, _LEAST))
    near = q <= asimov
    shift = np.where(near, root - width, (np.where(near, 0.0, q) - asimov) / (2 * width))
    signal, none = special.ndtr(-(shift + width)), special.ndtr(-shift)
    return np.asarray(signal), np.asarray(np.maximum(none, _LEAST))
