"""What one experiment could reach, and what stands in its way.

``limited_by`` is the component without which the median limit would fall most (its counts
taken away from the data and from the model); ``nothing`` where none matters by 1 %.

The error of a coupling has a part that falls with exposure and a part that does not; their
variances add, and the share of the second is read off how the deviance at the limit grows::

    sigma^2 = A/exposure + C,   systematic share = C/sigma^2 = 1 - d ln D/d ln exposure

A nuisance that the same data measure better and better belongs to the first part, whatever
its prior.  ``if_known`` is the limit when everything that has a prior is known exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.likelihood import Described, LikelihoodSettings, described
from nuatom.analysis.model import Model
from nuatom.analysis.projections.scaled_model import (
    background_counts,
    factors_of,
    limiting_groups,
    scaled,
    subtracted,
    without,
)
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.inference.asimov import (
    Question,
    expected_rise,
    median_limit,
    median_reach,
    simulated_limits,
)
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.subtracted import SubtractedTerm

FEW = 10.0
"""Below so many background counts under the signal the Asimov limit is too low; it says so."""
_MATTERS = 1.01
_STEP = 1.01
"""Factor on the exposure for a derivative."""
NOTHING = "nothing"
"""What limits a point at which no component does."""


@dataclass(frozen=True)
class Subtraction:
    """How well a subtracted background is known.

    Parameters
    ----------
    accuracy : float
        One standard deviation of what is left, relative to the background
        [dimensionless].
    window : float
        Width of the intervals that are off together; 0 for each bin by itself, infinite
        for all energies together [energy].
    """

    accuracy: float
    window: float


@dataclass(frozen=True)
class Asked:
    """What is asked of an experiment.

    Parameters
    ----------
    parameter : str
        Channel of the signal [name].
    confidence : float
        Of the limit, between 0 and 1 [dimensionless].
    discovery : tuple of float
        Significances in standard deviations [dimensionless].
    subtraction : Subtraction or None
        Of the backgrounds; None where the card says how well they are known [any].
    toys : int
        Simulated experiments; 0 for none [dimensionless].
    seed : int
        Of these [dimensionless].
    """

    parameter: str
    confidence: float = 0.9
    discovery: tuple[float, ...] = (3.0, 5.0)
    subtraction: Subtraction | None = None
    toys: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Median:
    """The median of simulated limits, in the unit of the coupling.

    Parameters
    ----------
    value, error : float
        Median, and one standard deviation of it by order statistics [any].
    low, high : float
        Between which 68 % of the limits lie [any].
    """

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What an experiment could reach; couplings in the unit of the channel.

    Parameters
    ----------
    interest : Interest
        The parameter [any].
    limit : tuple of float
        Median limit: the upper one; before it the lower one of a coupling with a sign
        [any].
    reach : mapping
        Significance -> couplings that half of the experiments discover, as `limit` [any].
    without : mapping
        ``ambient``, ``nu-e``, ``nu-N`` -> median limit without it, the larger in size
        [any].
    if_known : float
        Median limit if everything with a prior were known, the larger in size [any].
    systematic_share : float
        Of the variance, between 0 and 1; see the module [dimensionless].
    background_counts : float
        Under the signal, ``(sum S)^2 / sum S^2/B`` [dimensionless].
    signal_counts : float
        At the limit [dimensionless].
    simulated : Median or None
        Of simulated experiments, if asked for [any].
    """

    interest: Interest
    limit: tuple[float, ...]
    reach: Mapping[float, tuple[float, ...]]
    without: Mapping[str, float]
    if_known: float
    systematic_share: float
    background_counts: float
    signal_counts: float
    simulated: Median | None = None

    @property
    def size(self) -> float:
        """The median limit on the size of the coupling [any]."""
        return max(abs(value) for value in self.limit)

    @property
    def limited_by(self) -> str:
        """The component without which the limit would fall most; see the module."""
        gains = {name: self.size / limit for name, limit in self.without.items()}
        best = max(gains, key=lambda name: gains[name], default=NOTHING)
        return best if gains.get(best, 0.0) > _MATTERS else NOTHING

    @property
    def error_from(self) -> str:
        """``statistics`` or ``systematics``, whichever has more of the variance."""
        return "systematics" if self.systematic_share > 0.5 else "statistics"


def sensitivity(model: Model, asked: Asked) -> Sensitivity:
    """Return what an experiment could reach.

    Parameters
    ----------
    model : Model
        Of the experiment, without data [model].
    asked : Asked
        Parameter, confidence and how backgrounds are known [any].

    Returns
    -------
    Sensitivity
        Limits, discovery reach, what limits.

    Raises
    ------
    InvalidInput
        If the parameter changes no bin, or belongs to the Standard Model.
    UnknownName
        If the parameter is no channel of the model.
    FitFailed
        If the experiment sets no limit.

    Example
    -------
    >>> from nuatom import analysis
    >>> model = analysis.load({
    ...     "source": {"name": "kuo-sheng"},
    ...     "detector": {"target": "Ge", "exposure": "1 kg day",
    ...                  "resolution": {"kind": "perfect"}},
    ...     "bins": {"edges": ["1 keV", "2 keV"]},
    ...     "response": {"electrons": "stepped"},
    ...     "signals": {"channels": ["magnetic-moment"]},
    ...     "backgrounds": [{"kind": "flat", "name": "flat", "rate": "9 / kg / keV / day",
    ...                      "uncertainty": "0.001 %"}]})
    >>> found = sensitivity(model, Asked("magnetic-moment"))
    >>> found.limited_by, found.error_from
    ('ambient', 'statistics')
    """
    whole = _Setup(model, asked)
    limit = whole.limits()
    groups = limiting_groups(whole.model, whole.interest.channels)
    furthest = max(limit, key=abs)
    expected, signal = whole.counts(furthest)
    return Sensitivity(
        whole.interest,
        tuple(whole.interest.coupling(x) for x in limit),
        {z: tuple(whole.interest.coupling(x) for x in whole.reaches(z)) for z in asked.discovery},
        {name: _limit_without(whole, parts) for name, parts in groups.items()},
        abs(whole.interest.coupling(whole.size(whole.limits(exactly=True)))),
        _systematic_share(whole, furthest),
        _under(signal, expected),
        float(signal.sum()),
        whole.median() if asked.toys else None,
    )


def limit_alone(model: Model, asked: Asked) -> float:
    """Return the median limit alone, on the size of the coupling.

    Parameters
    ----------
    model : Model
        Of the experiment, without data [model].
    asked : Asked
        Parameter, confidence and how backgrounds are known [any].

    Returns
    -------
    float
        In the unit of the coupling [any].

    Raises
    ------
    InvalidInput
        As `sensitivity`.
    FitFailed
        As `sensitivity`.
    """
    whole = _Setup(model, asked)
    return whole.interest.coupling(whole.size(whole.limits()))


class _Setup:
    """The likelihood of a model with its subtraction, and questions to it."""

    def __init__(self, model: Model, asked: Asked) -> None:
        """Build it."""
        self.asked = asked
        self.model = model if asked.subtraction is None else subtracted(model)
        settings = LikelihoodSettings((asked.parameter,), kind="poisson", asimov=True)
        found = described(self.model, settings)
        self.interest = found.interests[0]
        if self.interest.default:
            raise InvalidInput(
                f"parameter: found {asked.parameter!r} of the Standard Model, expected a coupling "
                "of new physics"
            )
        self.described = found
        self.likelihood = self._likelihood(found, asked.subtraction)
        self.backgrounds = frozenset(
            p.name for p in self.model.components if p.kind == "background"
        ) & set(self.likelihood.names)

    def _likelihood(self, found: Described, subtraction: Subtraction | None) -> Likelihood:
        """Put the error of the subtraction into the term."""
        if subtraction is None:
            return found.likelihood
        term = found.likelihood.terms[0]
        assert isinstance(term, PoissonTerm)
        sigmas = subtraction.accuracy * background_counts(self.model)
        groups = _groups(self.model.bin_edges, subtraction.window)
        changed = SubtractedTerm(term.counts, term.prediction, sigmas, groups)
        return Likelihood(found.likelihood.parameters, (changed,))

    def _question(self, side: int, *, exactly: bool) -> Question:
        fixed = set(self.backgrounds) if self.asked.subtraction is not None else set[str]()
        one = self.likelihood
        if exactly:
            one = self._likelihood(
                self.described,
                self.asked.subtraction and replace(self.asked.subtraction, accuracy=0.0),
            )
            fixed |= {p.name for p in one.parameters if p.prior is not None}
        return Question(one, self.interest.name, fixed, side, self.interest.linear)

    @property
    def sides(self) -> tuple[int, ...]:
        """Directions in which the coupling can lie."""
        return (-1, 1) if self.interest.signed else (1,)

    def limits(self, *, exactly: bool = False) -> tuple[float, ...]:
        """Return the median limits on the parameter."""
        return tuple(
            median_limit(self._question(side, exactly=exactly), self.asked.confidence)
            for side in self.sides
        )

    def reaches(self, significance: float) -> tuple[float, ...]:
        """Return the values of the parameter that are discovered."""
        return tuple(
            median_reach(self._question(side, exactly=False), significance) for side in self.sides
        )

    @staticmethod
    def size(limits: tuple[float, ...]) -> float:
        """Return the larger of two limits in size."""
        return max(abs(x) for x in limits)

    def rise(self, value: float) -> float:
        """Return D of the data without signal at a value of the parameter."""
        return expected_rise(self._question(1 if value > 0 else -1, exactly=False), value)

    def counts(self, value: float) -> tuple[Array, Array]:
        """Return the counts without the signal, and what the signal adds."""
        null = self.likelihood.values()
        there = null.copy()
        there[0] = value
        expected = self.described.prediction.expected(null)
        return expected, self.described.prediction.expected(there) - expected

    def median(self) -> Median:
        """Return the median limit of simulated experiments."""
        asked = self.asked
        values = simulated_limits(
            self._question(1, exactly=False),
            experiments=asked.toys,
            seed=asked.seed,
            confidence=asked.confidence,
        )
        couplings = np.sort([self.interest.coupling(x) for x in values])
        half = np.sqrt(couplings.size) / 2
        middle = (couplings.size - 1) / 2
        near = [float(couplings[round(middle + sign * half)]) for sign in (-1, 1)]
        low, value, high = (float(x) for x in np.quantile(couplings, [0.16, 0.5, 0.84]))
        return Median(value, (near[1] - near[0]) / 2, low, high)


def _limit_without(whole: _Setup, names: tuple[str, ...]) -> float:
    """Return the limit of a model without some components."""
    return limit_alone(without(whole.model, names), whole.asked)


def _systematic_share(whole: _Setup, value: float) -> float:
    """Return ``1 - d ln D/d ln exposure`` at a value of the parameter."""
    rises = [
        _Setup(scaled(whole.model, factors_of(exposure=factor)), whole.asked).rise(value)
        for factor in (_STEP, 1 / _STEP)
    ]
    growth = np.log(rises[0] / rises[1]) / (2 * np.log(_STEP))
    return float(np.clip(1 - growth, 0.0, 1.0))


def _under(signal: Array, expected: Array) -> float:
    """Return ``(sum S)^2 / sum S^2/B``; 0 where the signal has a bin for itself."""
    here = signal != 0
    if np.any(expected[here] <= 0):
        return 0.0
    return float(signal.sum() ** 2 / np.sum(signal[here] ** 2 / expected[here]))


def _groups(edges: Array, window: float) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return the number of the interval in which the centre of each bin lies."""
    if window == 0:
        return np.arange(edges.size - 1, dtype=np.intp)
    centres = (edges[1:] + edges[:-1]) / 2
    numbers = np.floor((centres - edges[0]) / window) if np.isfinite(window) else 0 * centres
    return np.unique(numbers, return_inverse=True)[1].astype(np.intp)
