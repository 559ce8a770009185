"""Nuisances integrated out: the marginal likelihood of one parameter.

::

    m(x) = Int exp[-D(x, nu)/2] dnu          over the ranges of the nuisances nu

D holds their Gaussian priors; a nuisance without one has a flat prior in its range.

* No nuisance: ``m = exp(-D/2)``.
* One: Gauss-Legendre rule over the range where D is within 60 of its minimum.
* More: importance sampling.  At each x the nuisances are fitted, and points are drawn from a
  Student distribution with the centre and covariance of that fit (Laplace's approximation
  with heavier tails), folded at bounds where the fit ended.  The points are randomised Sobol
  sequences, the same at every x, so that m is smooth; several randomisations give the error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import special, stats

from nuatom.arrays import Array
from nuatom.errors import FitFailed
from nuatom.inference.fits.fit import Fit, fit
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.likelihood import Likelihood

BATCHES = 8
"""Independent randomisations of the sampled points."""
NEGLIGIBLE = 60.0
"""Rise of D beyond which nothing is integrated: exp(-30) of the maximum."""
_DEGREES = 10
# of the Student distribution: heavy enough tails, and still near to a Gaussian in 15 dimensions
_WIDER = 1.1
_NODES, _PANELS = 12, 6
_LEAST_EFFECTIVE = 0.02
_DOUBLINGS, _HALVINGS = 200, 60


@dataclass(eq=False)
class Marginal:
    """The marginal likelihood of one parameter.

    Parameters
    ----------
    likelihood : Likelihood
        Of all parameters [likelihood].
    name : str
        Of the parameter that stays [name].
    samples : int
        Points for each x, with two nuisances or more [dimensionless].
    seed : int
        Of their randomisation [dimensionless].
    """

    likelihood: Likelihood
    name: str
    samples: int = 1024
    seed: int = 1
    _start: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    @property
    def nuisances(self) -> tuple[str, ...]:
        """Names of the parameters that are integrated out [names]."""
        return tuple(name for name in self.likelihood.names if name != self.name)

    @property
    def method(self) -> str:
        """How they are integrated out, in words [text]."""
        kinds = ("no nuisance", "nuisance integrated numerically")
        if len(self.nuisances) < 2:
            return kinds[len(self.nuisances)]
        return f"{len(self.nuisances)} nuisances integrated by importance sampling"

    @property
    def estimates(self) -> int:
        """How many other estimates `logs` gives [dimensionless]."""
        return (0, 1, BATCHES)[min(len(self.nuisances), 2)]

    @property
    def weight(self) -> float:
        """What the squared differences of the estimates in `logs` add up to a variance with."""
        return (BATCHES - 1) / BATCHES if len(self.nuisances) > 1 else 1.0

    def logs(self, x: float) -> Array:
        """Return ln m(x), and the same by other estimates, which show the error.

        Parameters
        ----------
        x : float
            The parameter that stays [any].

        Returns
        -------
        ndarray
            ln m; then nothing without nuisances, a rule with half the points with one, and
            without each of the batches (jackknife) with more; shape (1 + estimates,).

        Raises
        ------
        FitFailed
            If the nuisances cannot be fitted, or sampling misses the integrand.
        """
        if not self.nuisances:
            return np.array([-self.likelihood.deviance(np.array([x])) / 2])
        if len(self.nuisances) == 1:
            return self._by_rule(x)
        return self._by_sampling(x)

    def profile(self, x: float) -> float:
        """Return the least D over the nuisances.

        Parameters
        ----------
        x : float
            The parameter that stays [any].

        Returns
        -------
        float
            [dimensionless].

        Raises
        ------
        FitFailed
            If they cannot be fitted; its subclass for impossible data.
        """
        found = minimise(self.likelihood, fixed={self.name: x}, start=self._start)
        self._remember(dict(zip(self.likelihood.names, found.values, strict=True)))
        return found.deviance

    def _remember(self, values: Mapping[str, float]) -> None:
        self._start = {name: float(values[name]) for name in self.nuisances}

    def _by_rule(self, x: float) -> Array:
        """Return ln of the integral over one nuisance, with all panels and with half."""
        place = self.likelihood.names.index(self.nuisances[0])
        parameter = self.likelihood.parameters[place]
        values = self.likelihood.values({self.name: x})
        least = self.profile(x)
        centre = self._start[parameter.name]

        def rise(nuisance: float) -> float:
            values[place] = nuisance
            return self.likelihood.deviance(values) - least

        low = end_of_support(rise, centre, -parameter.scale, parameter.low)
        high = end_of_support(rise, centre, parameter.scale, parameter.high)
        found = []
        for panels in (_PANELS, _PANELS // 2):
            nodes, weights = composite_rule(low, high, panels, _NODES)
            found.append(weights @ np.exp([-rise(node) / 2 for node in nodes]))
        return np.asarray(np.log(found) - least / 2)

    def _by_sampling(self, x: float) -> Array:
        """Return ln of the mean weight, and without each batch."""
        best = fit(self.likelihood, fixed={self.name: x}, start=self._start)
        self._remember(best.values)
        logs = self._log_weights(x, best)
        top = float(np.max(logs))
        weights = np.exp(logs - top)
        effective = weights.sum() ** 2 / (weights**2).sum() / weights.size
        if effective < _LEAST_EFFECTIVE:
            raise FitFailed(
                f"bayes: found that at {self.name} = {x:g} only {100 * effective:.2g} % of the "
                "samples count, expected 2 % at least; give the nuisances priors, or fix some"
            )
        means = weights.mean(axis=1)
        without = (means.sum() - means) / (BATCHES - 1)
        return np.asarray(np.log(np.append(means.mean(), without)) + top)

    def _log_weights(self, x: float, best: Fit) -> Array:
        """Return ln of integrand over density of the points, shape (batch, point)."""
        places = [self.likelihood.names.index(name) for name in self.nuisances]
        own = [self.likelihood.parameters[place] for place in places]
        low, high = (np.array([getattr(p, end) for p in own]) for end in ("low", "high"))
        centre = best.array[places]
        held = np.array([name in best.at_bound for name in self.nuisances])
        covariance = best.covariance[np.ix_(places, places)].copy()
        # at a bound D rises by 1 in one `error`: exp(-D/2) falls with twice that length
        steps = np.array([2 * best.errors[name] for name in self.nuisances])
        covariance[held, held] = steps[held] ** 2
        root = np.linalg.cholesky(covariance) * _WIDER
        moves = self._draws @ root.T
        inward = np.where(centre <= low, 1.0, -1.0)
        points = centre + np.where(held, inward * np.abs(moves), moves)
        density = self._log_density + np.log(2) * held.sum() - np.log(np.diag(root)).sum()
        inside = np.all((points >= low) & (points <= high), axis=-1)
        values = self.likelihood.values({self.name: x})
        logs = np.full(inside.shape, -np.inf)
        for index in zip(*np.nonzero(inside), strict=True):
            values[places] = points[index]
            logs[index] = -self.likelihood.deviance(values) / 2
        return np.asarray(logs - density)

    @cached_property
    def _draws(self) -> Array:
        """Draws of a Student distribution in all nuisances, shape (batch, point, nuisance)."""
        dimension = len(self.nuisances)
        power = max(int(np.log2(self.samples / BATCHES)), 3)
        batches = []
        for batch in range(BATCHES):
            rng = np.random.default_rng([self.seed, batch])
            uniform = stats.qmc.Sobol(dimension + 1, rng=rng).random_base2(power)
            uniform = np.clip(uniform, 1e-12, 1 - 1e-12)
            scale = np.sqrt(_DEGREES / stats.chi2.ppf(uniform[:, -1], _DEGREES))
            batches.append(special.ndtri(uniform[:, :-1]) * scale[:, None])
        return np.array(batches)

    @cached_property
    def _log_density(self) -> Array:
        """Ln of the density of `_draws`, shape (batch, point)."""
        dimension = len(self.nuisances)
        total = (_DEGREES + dimension) / 2
        constant = (
            special.gammaln(total)
            - special.gammaln(_DEGREES / 2)
            - dimension / 2 * np.log(_DEGREES * np.pi)
        )
        squares = np.sum(self._draws**2, axis=-1)
        return np.asarray(constant - total * np.log1p(squares / _DEGREES))


def end_of_support(
    rise: Callable[[float], float], begin: float, step: float, bound: float
) -> float:
    """Return where a function has risen by `NEGLIGIBLE`, its domain ends, or the bound.

    Parameters
    ----------
    rise : callable
        Of one number; at most `NEGLIGIBLE` at `begin`, infinite outside its domain [any].
    begin : float
        Where to begin [any].
    step : float
        First step, with the sign of the direction; doubled while it is too short [any].
    bound : float
        In that direction, or infinite [any].

    Returns
    -------
    float
        Rises there by 60 to 90, unless its domain or the bound ends before.

    Raises
    ------
    FitFailed
        If it does not rise.

    Example
    -------
    >>> 60 <= end_of_support(lambda x: x**2, 0.0, 1.0, np.inf) ** 2 <= 90
    True
    """
    inner, outer = begin, begin
    for _ in range(_DOUBLINGS):
        inner, outer = outer, begin + step
        if (outer - bound) * step >= 0:
            outer = bound
        if rise(outer) > NEGLIGIBLE:
            break
        if outer == bound:
            return bound
        step *= 2
    else:
        raise FitFailed(
            "bayes: found a likelihood that does not fall towards large values, expected a range "
            "with two ends; give the parameter bounds"
        )
    for _ in range(_HALVINGS):
        if rise(outer) <= 1.5 * NEGLIGIBLE:
            break
        middle = (inner + outer) / 2
        if rise(middle) > NEGLIGIBLE:
            outer = middle
        else:
            inner = middle
    return outer if np.isfinite(rise(outer)) else inner


def composite_rule(low: float, high: float, panels: int, nodes: int) -> tuple[Array, Array]:
    """Return nodes and weights of a Gauss-Legendre rule on equal panels.

    Parameters
    ----------
    low, high : float
        Ends [any].
    panels : int
        How many [dimensionless].
    nodes : int
        In each panel [dimensionless].

    Returns
    -------
    tuple of ndarray
        Shapes (panels nodes,).

    Example
    -------
    >>> nodes, weights = composite_rule(0.0, 2.0, 3, 4)
    >>> round(float(weights @ nodes**7), 9)
    32.0
    """
    x, w = np.polynomial.legendre.leggauss(nodes)
    half = (high - low) / panels / 2
    middles = low + half * (2 * np.arange(panels) + 1)
    return (middles[:, None] + half * x).ravel(), np.tile(half * w, panels)
