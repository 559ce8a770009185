"""The methods of `nuatom limit`: intervals and limits for a coupling, and when to use which."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.likelihood import Described
from nuatom.analysis.limits.prediction import Integers
from nuatom.analysis.model import Model
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.inference.fits.fit import Fit, fit
from nuatom.inference.fits.profile import ONE_SIDED, Interval, interval, upper_limit

if TYPE_CHECKING:
    from nuatom.analysis.cards.limit_section import LimitSection
    from nuatom.inference.toys.feldman_cousins import Toys

Progress = Callable[[float, float], None]
"""Called with how much is done, and of how much."""


@dataclass(frozen=True, eq=False)
class Workers:
    """Who does the work of toys.

    Parameters
    ----------
    threads : Executor or None
        For likelihoods that are fitted in machine code; None: this thread [any].
    processes : Executor or None
        For the others [any].
    progress : callable or None
        Told how many tasks are done, and of how many [any].
    """

    threads: Executor | None = None
    processes: Executor | None = None
    progress: Progress | None = None


class _Reporting:
    """An executor that tells how far it has come."""

    def __init__(self, executor: Executor | None, progress: Progress | None) -> None:
        """Keep both."""
        self._executor, self._progress = executor, progress

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterable[Any]:
        """Yield results in order."""
        every = list(tasks)
        run = map if self._executor is None else self._executor.map
        for done, result in enumerate(run(function, every), start=1):
            if self._progress is not None:
                self._progress(done, len(every))
            yield result


@dataclass(frozen=True, eq=False)
class Request:
    """What a method is asked.

    Parameters
    ----------
    model : Model
        Counts in its bins [model].
    described : Described
        The likelihood and its meaning [likelihood].
    interest : Interest
        The parameter asked for [interest].
    best : Fit
        The best fit [fit].
    section : LimitSection
        Confidence level, toys, seed, range [any].
    groups : ndarray
        First bin of each bin of the card, where the model has finer ones, shape (bin,)
        [dimensionless].
    workers : Workers
        For toys [any].
    """

    model: Model
    described: Described
    interest: Interest
    best: Fit
    section: "LimitSection"
    groups: Integers
    workers: Workers

    @property
    def confidence(self) -> float:
        """Confidence level [dimensionless]."""
        return float(self.section.confidence)

    def signal(self) -> Array:
        """Return the counts for a parameter of 1, shape (bin,).

        Returns
        -------
        ndarray
            Of all channels with the coupling.

        Raises
        ------
        InvalidInput
            If the counts are not linear in the parameter.
        """
        if not self.interest.linear:
            raise InvalidInput(
                f"found {self.interest.channel}, whose counts are not linear in a parameter as it "
                "interferes, expected another method; or leave out the channels beside it"
            )
        place = self.described.likelihood.names.index(self.interest.name)
        prediction = self.described.prediction
        null = self.described.likelihood.values()
        return np.asarray(prediction.jacobian(null)[:, place])


class Method(NamedTuple):
    """What runs a method.

    Parameters
    ----------
    run : callable
        `Request` -> interval of the parameter [any].
    several : bool
        Whether it stands beside a second parameter of interest [flag].
    """

    run: Callable[[Request], Interval]
    several: bool = False


def _profile(request: Request) -> Interval:
    """Return the interval of the profile likelihood."""
    found = interval(request.described.likelihood, request.interest.name, request.confidence)
    return replace(found, note="; ".join(filter(None, (found.note, few_counts(request)))))


def _one_sided(request: Request) -> Interval:
    """Return the one-sided limit of the profile likelihood."""
    likelihood, name = request.described.likelihood, request.interest.name
    found = upper_limit(likelihood, name, request.confidence, convention=ONE_SIDED)
    return replace(found, note="; ".join(filter(None, (found.note, few_counts(request)))))


def _toys(request: Request) -> "Toys":
    """Return how experiments are simulated: in machine code where the kind of data allows it."""
    from nuatom.inference.toys.feldman_cousins import Toys

    workers, section = request.workers, request.section
    compiled = request.interest.linear and request.described.kind in ("poisson", "normal")
    executor = _Reporting(workers.threads if compiled else workers.processes, workers.progress)
    return Toys(section.toys, section.seed, cast("Executor", executor), tangent=compiled)


def _tested(request: Request) -> Array:
    """Return the values at which experiments are simulated."""
    from nuatom.inference.toys.feldman_cousins import suggested_points

    section, interest = request.section, request.interest
    if section.range is None:
        return suggested_points(
            request.described.likelihood, interest.name, request.confidence, number=section.points
        )
    if section.range[0] < 0 and not interest.signed:
        raise InvalidInput(f"found the range {section.range}, expected no negative couplings")
    low, high = (interest.value(coupling) for coupling in section.range)
    return np.linspace(low, high, section.points)


def _feldman_cousins(request: Request) -> Interval:
    """Return the interval of Feldman and Cousins, by toys."""
    from nuatom.inference.toys.feldman_cousins import feldman_cousins

    found = feldman_cousins(
        request.described.likelihood,
        request.interest.name,
        _tested(request),
        request.confidence,
        toys=_toys(request),
    )
    note = (
        f"{found.toys} toys at each of {found.points.size} values, other parameters as fitted to "
        f"the data there; from the toys the ends are uncertain by {found.low_error:.2g} and "
        f"{found.high_error:.2g}"
    )
    note = "; ".join(filter(None, (found.note, note)))
    return _interval(request, (found.low, found.high), "Feldman-Cousins", note)


def _cls(request: Request) -> Interval:
    """Return the limit of CLs with the asymptotic distributions of its statistic."""
    from nuatom.inference.asymptotic import cls_limit

    request.signal()
    likelihood, name = request.described.likelihood, request.interest.name
    found = cls_limit(likelihood, name, request.confidence)
    note = "; ".join(filter(None, (_expected(request, found.expected), few_counts(request))))
    return _interval(request, (0.0, found.limit), "CLs, asymptotic", note)


def _cls_toys(request: Request) -> Interval:
    """Return the limit of CLs, by toys."""
    from nuatom.inference.toys.cls import cls_limit
    from nuatom.inference.toys.feldman_cousins import suggested_points

    request.signal()
    likelihood, name = request.described.likelihood, request.interest.name
    points = _tested(request)
    if request.section.range is None:  # far enough for experiments without a signal, too
        typical = suggested_points(likelihood.asimov(likelihood.values()), name, request.confidence)
        if (far := _WIDER * typical[-1]) > points[-1]:
            more = np.linspace(points[-1], far, points.size // 2 + 2)[1:]
            points = np.concatenate([points, more])
    found = cls_limit(
        likelihood,
        name,
        points[points > 0],
        request.confidence,
        toys=_toys(request),
    )
    note = f"{found.toys} toys at each value; from the toys uncertain by {found.error:.2g}"
    return _interval(
        request, (0.0, found.limit), "CLs", f"{note}; {_expected(request, found.expected)}"
    )


def _expected(request: Request, limits: Array) -> str:
    """Return the limits that experiments without a signal get."""
    interest = request.interest
    low, middle, high = (
        "none" if np.isinf(x) else f"{interest.coupling(x):.4g}" for x in limits[1:4]
    )
    unit = "" if interest.unit not in ("mu_B", "e", "cm^2") else f" {interest.unit}"
    return f"expected without a signal {middle}{unit} ({low} to {high})"


def _gaussian(request: Request) -> Interval:
    """Return the interval of Feldman and Cousins for ``best fit +- error`` without a bound."""
    from nuatom.inference.feldman_cousins import feldman_cousins_interval

    request.signal()
    likelihood, name = request.described.likelihood, request.interest.name
    free = likelihood.with_parameter(replace(likelihood.parameter(name), low=-np.inf))
    best = fit(free)
    value, error = best.values[name], best.errors[name]
    low, high = feldman_cousins_interval(value, error, request.confidence)
    note = f"of {value:.4g} +- {error:.4g}, taken as Gaussian; {few_counts(request)}"
    return _interval(request, (low, high), "Feldman-Cousins, Gaussian", note.rstrip("; "))


def _bayes(prior: str) -> Callable[[Request], Interval]:
    def run(request: Request) -> Interval:
        """Return the credible limit, or the interval for a parameter with a sign."""
        from nuatom.inference.bayes.posterior import posterior

        found = posterior(
            request.described.likelihood, request.interest.name, prior, seed=request.section.seed
        )
        if request.interest.signed:
            return found.interval(request.confidence)
        return found.upper_limit(request.confidence)

    return run


def _binned_poisson(request: Request) -> Interval:
    """Return the limit from the bin with the fewest counts for its signal."""
    from nuatom.inference.unknown_background.binned_poisson import upper_limit as limit

    counts = request.described.data.counts
    if counts is None or request.described.data.errors is not None:
        raise InvalidInput("found no observed counts, expected data of counts or events")
    merged = [np.add.reduceat(x, request.groups) for x in (counts, request.signal())]
    high = float(limit(merged[0], merged[1], request.confidence))
    return _alone(request, high, "binned Poisson")


def _maximum_gap(request: Request) -> Interval:
    """Return the limit from the largest gap between events."""
    from nuatom.inference.unknown_background.maximum_gap import upper_limit as limit

    fractions, total = _fractions(request)
    return _alone(request, limit(fractions, total, request.confidence), "maximum gap")


def _optimum_interval(request: Request) -> Interval:
    """Return the limit from the interval with the fewest events for its signal."""
    from nuatom.inference.unknown_background.optimum_interval import upper_limit as limit

    fractions, total = _fractions(request)
    found = limit(fractions, total, request.confidence, seed=request.section.seed)
    return _alone(request, found.limit, "optimum interval")


def _fractions(request: Request) -> tuple[Array, float]:
    """Return the part of the signal below each event, and all of it."""
    data = request.described.data
    if data.events is None:
        raise InvalidInput(
            "found no single events, expected data of the kind unbinned-events with their own "
            "likelihood"
        )
    below = np.concatenate([[0.0], np.cumsum(request.signal())])
    fractions = np.interp(data.events, data.bin_edges, below / below[-1])
    return np.asarray(fractions), float(below[-1])


def _alone(request: Request, high: float, method: str) -> Interval:
    """Return a limit that uses neither backgrounds nor nuisances."""
    note = "no background is subtracted, nuisances as in the card"
    return _interval(request, (0.0, high), method, note)


def _interval(request: Request, ends: tuple[float, float], method: str, note: str) -> Interval:
    best = request.best.values[request.interest.name]
    return Interval(*ends, best, request.confidence, method, note, (ends,))


def few_counts(request: Request) -> str:
    """Return what to say where Wilks' theorem is far away.

    Parameters
    ----------
    request : Request
        With data [any].

    Returns
    -------
    str
        Empty where there are enough counts.
    """
    data = request.described.data
    if data.errors is not None or data.off is not None:
        return ""
    likelihood = request.described.likelihood
    without = request.described.prediction.expected(likelihood.values())
    signal = np.abs(request.described.prediction.jacobian(likelihood.values())[:, 0])
    seen = without[signal > 0].sum() if np.any(signal > 0) else without.sum()
    if seen >= _FEW:
        return ""
    return (
        f"only {seen:.3g} counts are expected without a signal: a rise of the deviance is no "
        "measure of confidence there, take feldman-cousins or cls-toys"
    )


_FEW = 10.0
"""Counts below which a rise of the deviance is no measure of confidence."""
_WIDER = 1.4
"""How far CLs is computed, in units of where a typical experiment ends."""

METHODS: dict[str, Method] = {
    "profile-likelihood": Method(_profile, several=True),
    "one-sided": Method(_one_sided, several=True),
    "feldman-cousins": Method(_feldman_cousins),
    "gaussian-feldman-cousins": Method(_gaussian),
    "cls": Method(_cls),
    "cls-toys": Method(_cls_toys),
    "bayes": Method(_bayes("flat")),
    "bayes-flat-in-coupling": Method(_bayes("flat-in-root")),
    "binned-poisson": Method(_binned_poisson),
    "maximum-gap": Method(_maximum_gap),
    "optimum-interval": Method(_optimum_interval),
}
"""Every method by name, which `nuatom.analysis.limits.uses` explains."""
