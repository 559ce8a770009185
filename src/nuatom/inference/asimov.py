"""What an experiment may expect: median upper limits and the reach of a discovery.

The data are those expected (Asimov).  Without a signal, an upper limit x at confidence C
is where the profiled deviance has risen to z^2; a true value x is discovered at Z standard
deviations where the data that it implies reject the value without signal::

    min over nuisances of D(x | data without signal) = z^2,   z = Phi^-1[(1 + C)/2]
    min over nuisances of D(no signal | data at x)   = Z^2

For the median experiment, whose best fit lies at the boundary, the first line is the limit
of Delta chi^2, of Feldman and Cousins and of CLs alike, as long as counts are many; C = 90 %
gives z^2 = 2.71.  Where only a few counts matter none of them is: the Asimov limit without
background is 1.35 counts, where the exact one at 90 % is 2.30 (2.44 of Feldman and Cousins).

References
----------
Cowan, Cranmer, Gross and Vitells, Eur. Phys. J. C 71, 1554 (2011).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

from nuatom.arrays import Array, finite
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.profiling import Profiled, counted, curvature, profiled
from nuatom.inference.gaussian import CONFIDENCE, normal_quantile
from nuatom.inference.likelihood import Likelihood

_ROOT = 1e-8
"""Relative precision of a limit or reach."""
_TRIALS = 120
_FARTHEST = 1e30
"""Where a limit is no longer looked for, in units of the first guess."""


@dataclass(frozen=True, eq=False)
class Question:
    """One parameter of a likelihood whose data are expected, and which nuisances are known.

    Parameters
    ----------
    likelihood : Likelihood
        Of counts in bins; the first start of each parameter is what is true, for the
        parameter of interest the value without signal [likelihood].
    name : str
        Parameter of interest [name].
    fixed : collection of str
        Nuisances that are taken as known [names].
    side : int
        1 above the value without signal, -1 below it, for a parameter that may be negative
        [dimensionless].
    monotonic : bool
        Whether the deviance only rises away from the null value; otherwise the outermost
        crossing is looked for, from every valley in which a start of the parameter lies,
        so that nothing beyond a limit is allowed [flag].

    Raises
    ------
    InvalidInput
        If a term is none of counts in bins.
    UnknownName
        If a name is none of the parameters.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> one = LinearPrediction(("s",), np.array([[1.0]]), np.array([1e6]))
    >>> counts = Likelihood((Parameter("s", low=0.0),), (PoissonTerm(np.array([1e6]), one),))
    >>> Question(counts, "s").null
    0.0
    """

    likelihood: Likelihood
    name: str
    fixed: Collection[str] = ()
    side: int = 1
    monotonic: bool = True

    def __post_init__(self) -> None:
        """Check the names."""
        object.__setattr__(self, "likelihood", counted(self.likelihood))
        for name in (self.name, *self.fixed):
            self.likelihood.parameter(name)
        if self.name in self.fixed:
            raise InvalidInput(f"{self.name}: found among the nuisances that are known")
        if self.side not in (1, -1):
            raise InvalidInput(f"side: found {self.side}, expected 1 or -1")

    @property
    def truth(self) -> Array:
        """Every parameter without signal, shape (parameter,)."""
        return self.likelihood.values()

    @property
    def null(self) -> float:
        """Value of the parameter without signal."""
        return float(self.truth[self.place])

    @property
    def place(self) -> int:
        """Number of the parameter of interest."""
        return self.likelihood.names.index(self.name)

    @property
    def held(self) -> dict[str, float]:
        """Nuisances that are known, with their values."""
        pairs = zip(self.likelihood.names, self.truth, strict=True)
        return {name: float(value) for name, value in pairs if name in self.fixed}


def median_limit(question: Question, confidence: float = CONFIDENCE) -> float:
    """Return the median limit on a parameter where there is no signal.

    Parameters
    ----------
    question : Question
        Which parameter of what [any].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        In the unit of the parameter.

    Raises
    ------
    FitFailed
        If the expected data do not bound the parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> one = LinearPrediction(("s",), np.array([[1.0]]), np.array([1e6]))
    >>> counts = Likelihood((Parameter("s", low=0.0),), (PoissonTerm(np.array([1e6]), one),))
    >>> round(median_limit(Question(counts, "s")) / (1.6448536 * 1e3), 2)   # z sqrt(b)
    1.0
    """
    z = _quantile(confidence)
    data = question.likelihood.asimov(question.truth)
    rise = _Rise(question, data, question.null, question.truth)
    what = f"{question.name}: the expected data set no limit"
    distance = _crossing(rise, z, _guess(question, data, question.truth) * z, what)
    if not question.monotonic:
        distance = _outermost(rise, z, distance, question)
    return question.null + question.side * distance


def expected_rise(question: Question, value: float) -> float:
    """Return how far the profiled deviance of the data without signal rises to a value.

    Parameters
    ----------
    question : Question
        Which parameter of what [any].
    value : float
        Of the parameter [any].

    Returns
    -------
    float
        D [dimensionless].

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> one = LinearPrediction(("s",), np.array([[1.0]]), np.array([1e6]))
    >>> counts = Likelihood((Parameter("s", low=0.0),), (PoissonTerm(np.array([1e6]), one),))
    >>> round(expected_rise(Question(counts, "s"), 2e3), 1)   # (2 sigma)^2
    4.0
    """
    data = question.likelihood.asimov(question.truth)
    there = {**question.held, question.name: value}
    return profiled(data, there, question.truth).deviance


def median_reach(question: Question, significance: float) -> float:
    """Return the true value of a parameter that half of the experiments discover.

    Parameters
    ----------
    question : Question
        Which parameter of what [any].
    significance : float
        Z > 0, in standard deviations [dimensionless].

    Returns
    -------
    float
        In the unit of the parameter.

    Raises
    ------
    FitFailed
        If no value can be told from that without signal, or a single count could be, in a
        bin where nothing else is expected.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> one = LinearPrediction(("s",), np.array([[1.0]]), np.array([1e6]))
    >>> counts = Likelihood((Parameter("s", low=0.0),), (PoissonTerm(np.array([1e6]), one),))
    >>> round(median_reach(Question(counts, "s"), 5.0) / 5e3, 2)   # Z sqrt(b)
    1.0
    """
    z = float(finite("significance", significance, positive=True))
    known, null, side = question.likelihood, question.null, question.side
    held = {**question.held, question.name: null}
    start = question.truth

    def rise(distance: float) -> float:
        nonlocal start
        true = question.truth
        true[question.place] = null + side * distance
        data = known.asimov(true)
        _check_background(data, question, held)
        found = profiled(data, held, start)
        start = found.values
        return found.deviance

    guess = _guess(question, known.asimov(question.truth), question.truth) * z
    what = f"{question.name}: no value can be told from {null:g}"
    distance = _crossing(rise, z, guess, what)
    if not question.monotonic:
        distance = _outermost(rise, z, distance, question)
    return null + side * distance


def simulated_limits(
    question: Question, *, experiments: int, seed: int, confidence: float = CONFIDENCE
) -> Array:
    """Return the upper limits of simulated experiments without a signal.

    Each has new counts and new auxiliary measurements; its limit lies above its own best
    fit, where the profiled deviance has risen by z^2.

    Parameters
    ----------
    question : Question
        Which parameter, in which the expectation must be linear [any].
    experiments : int
        How many, >= 1 [dimensionless].
    seed : int
        Of the random numbers; the same seed gives the same result [dimensionless].
    confidence : float
        C, between 0 and 1 [dimensionless].

    Returns
    -------
    ndarray
        Shape (experiment,), in the unit of the parameter.

    Raises
    ------
    InvalidInput
        If `experiments` is not positive, or the deviance may have several minima.
    FitFailed
        If an experiment does not bound the parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> one = LinearPrediction(("s",), np.array([[1.0]]), np.array([100.0]))
    >>> counts = Likelihood((Parameter("s", low=0.0),), (PoissonTerm(np.array([100.0]), one),))
    >>> simulated_limits(Question(counts, "s"), experiments=3, seed=1).shape
    (3,)
    """
    if not experiments >= 1:
        raise InvalidInput(f"experiments: found {experiments}, expected at least one")
    if question.side != 1 or not question.monotonic:
        raise InvalidInput(
            f"{question.name}: found a parameter with a sign, expected one in which the counts "
            "are linear; take the Asimov limit"
        )
    z, generator = _quantile(confidence), np.random.default_rng(seed)
    what = f"{question.name}: a simulated experiment sets no limit"
    limits = []
    for _ in range(experiments):
        data = question.likelihood.simulated(question.truth, generator)
        best = profiled(data, question.held)
        centre = float(best.values[question.place])
        rise = _Rise(question, data, centre, best.values, best)
        guess = _guess(question, data, best.values) * z
        limits.append(centre + _crossing(rise, z, guess, what))
    return np.array(limits)


def _check_background(data: Likelihood, question: Question, held: dict[str, float]) -> None:
    """Refuse bins in which there is signal and nothing else."""
    if not np.isfinite(data.deviance(data.values({**held, question.name: question.null}))):
        raise FitFailed(
            f"{question.name}: found bins with signal and no background, where one count would be "
            "a discovery, expected a background in each; give one, or ask for no discovery"
        )


def _quantile(confidence: float) -> float:
    """Return z of a confidence."""
    number = float(finite("confidence", confidence))
    if not 0 < number < 1:
        raise InvalidInput(f"confidence: found {number:g}, expected a number between 0 and 1")
    return float(normal_quantile((1 + number) / 2))


class _Rise:
    """D above its least, against the distance of the parameter from a centre."""

    def __init__(
        self,
        question: Question,
        data: Likelihood,
        centre: float,
        start: Array,
        best: Profiled | None = None,
    ) -> None:
        """Begin each fit where the last one ended."""
        self._question, self._data, self._centre, self._start = question, data, centre, start
        self._least = 0.0 if best is None else best.deviance

    def __call__(self, distance: float) -> float:
        """Return the rise."""
        question = self._question
        there = {**question.held, question.name: self._centre + question.side * distance}
        found = profiled(self._data, there, self._start)
        self._start = found.values
        return max(found.deviance - self._least, 0.0)


def _guess(question: Question, data: Likelihood, values: Array) -> float:
    """Return about the distance at which D has risen by one."""
    gradient, matrix = curvature(data, values)
    place, held = question.place, question.held
    others = [k for k, n in enumerate(data.names) if k != place and n not in held]
    bend = matrix[place, place]
    if others and bend > 0:
        cross = matrix[others, place]
        solved = linalg.lstsq(matrix[np.ix_(others, others)], cross)[0]
        bend = max(bend - float(cross @ solved), 1e-9 * bend)
    linear = max(question.side * float(gradient[place]), 0.0)
    # linear x + bend x^2/2 = 1
    rise = (linear + np.sqrt(linear**2 + 2 * bend)) / 2
    scale = data.parameters[place].scale
    return 1 / rise if 1e-12 < rise * scale < 1e12 else scale


def _crossing(rise: Callable[[float], float], z: float, guess: float, what: str) -> float:
    """Return the distance at which the root of D is z: a secant in logarithms."""
    low, high, x = 0.0, np.inf, guess
    points: list[tuple[float, float]] = []
    for _ in range(_TRIALS):
        root = np.sqrt(max(rise(x), 0.0))
        low, high = (x, high) if root < z else (low, x)
        if abs(root / z - 1) < _ROOT or high - low < _ROOT * high:
            return x
        points = [*points[-1:], (np.log(x), np.log(max(root, 1e-12) / z))]
        x = _next(points, low, high)
        if x > _FARTHEST * guess:
            break
    raise FitFailed(f"{what}; it has no effect, or a nuisance without a prior can take its place")


def _next(points: list[tuple[float, float]], low: float, high: float) -> float:
    """Return where to look next: the secant, or inside what is known."""
    u1, v1 = points[-1]
    if len(points) == 2 and points[0][1] != v1:
        u0, v0 = points[0]
        move = -v1 * (u1 - u0) / (v1 - v0)
    else:
        move = -v1
    target = float(np.exp(u1 + np.clip(move, -3.0, 3.0)))
    if low < target < high:
        return target
    if high == np.inf:
        return 8 * low
    return float(np.sqrt(low * high)) if low > 0 else high / 8


def _outermost(rise: Callable[[float], float], z: float, found: float, question: Question) -> float:
    """Return the last crossing: from each valley that a start lies in, outwards."""
    ends = [found]
    for start in question.likelihood.parameter(question.name).starts:
        distance = question.side * (start - question.null)
        if distance > found:
            ends.append(_out_of_valley(rise, z, distance))
    return max(ends)


def _out_of_valley(rise: Callable[[float], float], z: float, start: float) -> float:
    """Return where D rises to z^2 beyond the least near a place; 0 if it is not below there."""
    lowest = optimize.minimize_scalar(rise, bracket=(0.98 * start, start), tol=1e-6)
    here = float(lowest.x)
    if not here > 0 or lowest.fun >= z**2:
        return 0.0
    step = 1e-3 * here
    while rise(here + step) < z**2:
        step *= 2
    ends = here, here + step
    return float(optimize.brentq(lambda x: np.sqrt(max(rise(x), 0.0)) - z, *ends, rtol=_ROOT))
