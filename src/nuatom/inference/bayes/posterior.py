"""Bayesian posteriors of one parameter, with a stated prior and nuisances integrated out.

::

    p(x) = pi(x) m(x) / Int pi(x) m(x) dx,     m(x) = Int exp[-D(x, nu)/2] dnu

with m(x) from `marginal`.  The prior pi is flat in x or in its root, inside the range of the
parameter; it has no meaning without being named, and a limit depends on it: for a coupling
squared, a prior flat in the coupling (``flat-in-root``) favours small values and gives lower
limits than one flat in the square (``flat``).  If the parameter has a Gaussian prior in the
likelihood, that multiplies.

Credible statements are about the posterior and cover the true value only approximately (for a
Gaussian measurement of x >= 0 the flat prior gives exactly the CLs limit).

References
----------
Helene, Nucl. Instrum. Meth. 212, 319 (1983); Particle Data Group, Phys. Rev. D 110, 030001
(2024), "Statistics", sec. 40.4.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import optimize

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput, lookup
from nuatom.inference.bayes.marginal import Marginal, end_of_support
from nuatom.inference.bayes.panels import PanelDensity, panel_density
from nuatom.inference.fits.minimum import Impossible, minimise
from nuatom.inference.fits.profile import Interval
from nuatom.inference.gaussian import CONFIDENCE, check_confidence
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.parameters import Parameter

FLAT, FLAT_IN_ROOT = "flat", "flat-in-root"
_ACCURACY, _ACCURACY_OF_SAMPLES = 1e-8, 5e-4


@dataclass(frozen=True)
class Prior:
    """A density that is flat in some function of the parameter.

    Parameters
    ----------
    label : str
        For tables and figures [text].
    inward : callable
        x -> t, in which it is flat [any].
    outward : callable
        t -> x [any].
    slope : callable
        x -> dt/dx [any].
    non_negative : bool
        Whether x cannot be negative [flag].
    """

    label: str
    inward: Callable[[float], float]
    outward: Callable[[float], float]
    slope: Callable[[Array], Array]
    non_negative: bool


def _slope_of_root(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (2 * np.sqrt(x)))


PRIORS = {
    FLAT: Prior("flat", float, float, np.ones_like, non_negative=False),
    FLAT_IN_ROOT: Prior(
        "flat in the root", lambda x: float(np.sqrt(x)), lambda t: t**2, _slope_of_root, True
    ),
}
"""Priors by name."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """The probability density of a parameter after the data.

    Parameters
    ----------
    parameter : Parameter
        With the range inside which the prior is not zero [parameter].
    prior : Prior
        Flat in t(x) [prior].
    panels : PanelDensity
        Density in t; other estimates than the first show its error [panel density].
    weight : float
        Times the summed squares of differences of estimates: their variance [dimensionless].
    best_fit : float
        Where D is least [any].
    method : str
        How nuisances were integrated out [text].
    """

    parameter: Parameter
    prior: Prior
    panels: PanelDensity
    weight: float
    best_fit: float
    method: str

    def density(self, x: ArrayLike) -> Array:
        """Return p(x).

        Parameters
        ----------
        x : array_like
            Any shape [any].

        Returns
        -------
        ndarray
            Same shape [1/any]; zero outside the range, infinite at 0 for a prior flat in the
            root.
        """
        points = finite(self.parameter.name, x)
        low, high = self._ends
        inside = (points >= low) & (points <= high)
        found = np.zeros(points.shape)
        t = np.array([self.prior.inward(value) for value in points[inside]])
        found[inside] = self.panels.values(t) * self.prior.slope(points[inside])
        return found

    def probability(self, x: float) -> float:
        """Return the probability that the parameter is below x.

        Parameters
        ----------
        x : float
            [any].

        Returns
        -------
        float
            Between 0 and 1.
        """
        value, (low, high) = float(finite(self.parameter.name, x)), self._ends
        if not low < value < high:
            return float(value >= high)
        return float(np.clip(self.panels.cumulative(self.prior.inward(value)), 0.0, 1.0))

    def quantile(self, probability: float) -> float:
        """Return x below which the parameter lies with a probability.

        Parameters
        ----------
        probability : float
            Between 0 and 1 [dimensionless].

        Returns
        -------
        float
            x [any].

        Raises
        ------
        InvalidInput
            If it is not inside (0, 1).
        """
        return float(self.prior.outward(self.panels.quantile(check_confidence(probability))))

    def error(self, probability: float) -> float:
        """Return the numerical error of a quantile, one standard deviation.

        Parameters
        ----------
        probability : float
            Between 0 and 1 [dimensionless].

        Returns
        -------
        float
            Of x [any]: by sampling, or by the difference of two rules; 0 without nuisances.

        Raises
        ------
        InvalidInput
            If the probability is not inside (0, 1).
        """
        best = self.quantile(probability)
        others = [
            float(self.prior.outward(self.panels.quantile(probability, k)))
            for k in range(1, self.panels.estimates)
        ]
        return float(np.sqrt(self.weight * np.sum(np.square(np.array(others) - best))))

    def upper_limit(self, confidence: float = CONFIDENCE) -> Interval:
        """Return the limit below which the parameter lies with a probability.

        Parameters
        ----------
        confidence : float
            That probability [dimensionless].

        Returns
        -------
        Interval
            From the lower end of the range; the numerical error is in its note.

        Raises
        ------
        InvalidInput
            If the confidence is not inside (0, 1).
        """
        high = self.quantile(confidence)
        return self._interval((self.parameter.low, high), confidence, [confidence], "upper limit")

    def interval(self, confidence: float = CONFIDENCE, *, shortest: bool = False) -> Interval:
        """Return an interval that holds the parameter with a probability.

        Parameters
        ----------
        confidence : float
            That probability [dimensionless].
        shortest : bool
            Whether it is the shortest in x, which may begin at a bound, in place of the one
            with equal tails.  For a posterior with one maximum [flag].

        Returns
        -------
        Interval
            The numerical error is in its note.

        Raises
        ------
        InvalidInput
            If the confidence is not inside (0, 1).
        """
        level = check_confidence(confidence)
        below = self._shortest_tail(level) if shortest else (1 - level) / 2
        low, high = self._between(below, level)
        inner = [q for q in (below, below + level) if 0 < q < 1]
        kind = "shortest interval" if shortest else "interval with equal tails"
        return self._interval((low, high), level, inner, kind)

    @property
    def _ends(self) -> tuple[float, float]:
        """The range in which the posterior is not negligible."""
        first, last = self.panels.edges[[0, -1]]
        return float(self.prior.outward(first)), float(self.prior.outward(last))

    def _interval(
        self,
        ends: tuple[float, float],
        confidence: float,
        probabilities: list[float],
        kind: str,
    ) -> Interval:
        error = max((self.error(q) for q in probabilities), default=0.0)
        return Interval(
            *ends,
            self.best_fit,
            confidence,
            f"Bayes, prior {self.prior.label}, {kind}",
            f"{self.method}; numerical error {error:.2g}",
            (ends,),
        )

    def _between(self, below: float, level: float) -> tuple[float, float]:
        """Return the ends of an interval with a probability below it and one in it."""
        low, high = self._ends
        if below > 0:
            low = self.quantile(below)
        if below + level < 1:
            high = self.quantile(below + level)
        return low, high

    def _shortest_tail(self, level: float) -> float:
        """Return the probability below the shortest interval; 0 if it begins at the end."""

        def length(below: float) -> float:
            low, high = self._between(below, level)
            return high - low

        found = optimize.minimize_scalar(
            length, bounds=(0, 1 - level), method="bounded", options={"xatol": 1e-9}
        )
        return min((0.0, 1 - level, float(found.x)), key=length)


def posterior(
    likelihood: Likelihood,
    name: str,
    prior: str = FLAT,
    *,
    bounds: tuple[float, float] | None = None,
    samples: int = 1024,
    seed: int = 1,
) -> Posterior:
    """Return the posterior of one parameter.

    Parameters
    ----------
    likelihood : Likelihood
        Of all parameters; those without a prior have a flat one in their range [likelihood].
    name : str
        Of the parameter [name].
    prior : str
        A name in `PRIORS` [name].
    bounds : tuple of float, optional
        Range of the parameter in place of its own [any].
    samples : int
        Points for each value of the parameter, with two nuisances or more [dimensionless].
    seed : int
        Of these points [dimensionless].

    Returns
    -------
    Posterior
        Of which limits and intervals are asked.

    Raises
    ------
    UnknownName
        If there is no such parameter or prior.
    InvalidInput
        If the prior is flat in the root and the range holds negative values.
    FitFailed
        If the likelihood cannot be fitted, or does not fall towards an infinite end of the
        range.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, NormalTerm
    >>> one = LinearPrediction(("x",), np.ones((1, 1)), np.zeros(1))
    >>> measured = NormalTerm.independent(np.array([0.0]), np.array([1.0]), one)
    >>> p = posterior(Likelihood((Parameter("x", low=0.0),), (measured,)), "x")
    >>> round(p.upper_limit(0.9).high, 4)   # Phi^-1(0.95)
    1.6449
    """
    chosen = lookup("prior", prior, PRIORS)
    bounded = _bounded(likelihood, name, bounds, chosen)
    parameter = bounded.parameter(name)
    marginal = Marginal(bounded, name, samples, seed)
    best = minimise(bounded)
    best_fit = float(best.values[bounded.names.index(name)])
    ends = _range(marginal, best_fit, best.deviance)
    edges = [chosen.inward(x) for x in ends]
    halves = sorted({*edges, *((a + b) / 2 for a, b in pairwise(edges))})

    def logs(t: float) -> Array:
        try:
            return marginal.logs(float(chosen.outward(t)))
        except Impossible:
            return np.full(1 + marginal.estimates, -np.inf)

    accuracy = _ACCURACY_OF_SAMPLES if len(marginal.nuisances) > 1 else _ACCURACY
    panels = panel_density(logs, halves, accuracy)
    return Posterior(parameter, chosen, panels, marginal.weight, best_fit, marginal.method)


def _bounded(
    likelihood: Likelihood, name: str, bounds: tuple[float, float] | None, prior: Prior
) -> Likelihood:
    """Return the likelihood with the range that the prior has."""
    parameter = likelihood.parameter(name)
    low, high = (parameter.low, parameter.high) if bounds is None else bounds
    if prior.non_negative and low < 0:
        raise InvalidInput(
            f"prior {prior.label}: found the range of {name} from {low:g}, expected >= 0; give "
            "bounds"
        )
    if not low < high:
        raise InvalidInput(f"bounds of {name}: found {low:g} to {high:g}, expected low < high")
    starts = tuple(dict.fromkeys(float(np.clip(s, low, high)) for s in parameter.starts))
    return likelihood.with_parameter(replace(parameter, low=low, high=high, starts=starts))


def _range(marginal: Marginal, best_fit: float, least: float) -> list[float]:
    """Return ends of the range that matters, the best fit and starts inside it, in order."""
    parameter = marginal.likelihood.parameter(marginal.name)

    def rise(x: float) -> float:
        try:
            return marginal.profile(x) - least
        except Impossible:
            return np.inf

    marks = sorted({best_fit, *(s for s in parameter.starts if rise(s) < np.inf)})
    low = end_of_support(rise, marks[0], -parameter.scale, parameter.low)
    marginal.profile(best_fit)  # the next fit begins from there
    high = end_of_support(rise, marks[-1], parameter.scale, parameter.high)
    inner = [mark for mark in marks if low < mark < high]
    return [low, *inner, high]
