"""How often each kind of limit or interval holds the true value.

Experiments are simulated with a known truth (20,000 unless a row says otherwise, all seeds
fixed), or, where the data are one or two counts, their probabilities are summed exactly.  The
nominal confidence is 90 per cent everywhere.  Rows say what is measured, the method, the true
signal in the unit of the row (standard deviations, or counts), the background, and the
coverage with its 99 per cent binomial interval.

Usage: python study.py [--out FILE.csv]
"""

import argparse
import csv
import functools
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from scipy import special, stats

from nuatom.inference import (
    Gaussian,
    Likelihood,
    LinearPrediction,
    Parameter,
    PoissonTerm,
    asymptotic,
    intervals,
)
from nuatom.inference.bayes.posterior import FLAT, FLAT_IN_ROOT, posterior
from nuatom.inference.feldman_cousins import feldman_cousins_interval
from nuatom.inference.feldman_cousins_poisson import feldman_cousins_poisson
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.fits.profile import CENTRAL, ONE_SIDED, interval, rise, upper_limit
from nuatom.inference.toys.crossings import counted
from nuatom.inference.toys.linear_likelihood import LinearLikelihood, linear
from nuatom.inference.toys.linear_poisson import fit_spectra
from nuatom.inference.toys.statistics import EQUAL, Statistic, observed
from nuatom.inference.unknown_background import binned_poisson, maximum_gap, optimum_interval

LEVEL = 0.90
TOYS = 20_000
NEGLIGIBLE = 1e-9
"""Probability of the counts that an exact sum leaves out, on either side."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    measurement: str
    method: str
    signal: float
    background: float
    coverage: float
    low_99: float
    high_99: float
    toys: int


def by_toys(about: tuple[str, str, float, float], held: int, toys: int) -> Row:
    """Return the row of a counted coverage."""
    ends = stats.binomtest(held, toys).proportion_ci(0.99)
    return Row(*about, held / toys, float(ends.low), float(ends.high), toys)


def exactly(about: tuple[str, str, float, float], coverage: float) -> Row:
    """Return the row of a summed coverage."""
    return Row(*about, coverage, coverage, coverage, 0)


# --- a Gaussian measurement of x >= 0 -----------------------------------------------------

GAUSSIAN = "Gaussian measurement of x >= 0"


def gaussian() -> Iterator[Row]:
    """Yield each prescription for one number.

    Limits rise with it, so that toys need only be sorted.  Truths and seed are those of the
    unit test of the belt.
    """
    for truth in (0.0, 0.3, 1.0, 1.7, 4.0):
        toys = np.sort(np.random.default_rng(20100806).normal(truth, 1.0, TOYS))
        first = _first(toys, lambda m, x=truth: feldman_cousins_interval(m, 1.0, LEVEL)[1] >= x)
        last = _first(toys, lambda m, x=truth: feldman_cousins_interval(m, 1.0, LEVEL)[0] > x)
        about = (GAUSSIAN, "Feldman-Cousins, interval", truth, 0.0)
        yield by_toys(about, last - first, TOYS)
        for name, method in intervals.METHODS.items():
            label = "Feldman-Cousins, upper end" if name == "feldman_cousins" else method.label
            start = _first(toys, lambda m, one=method, x=truth: one.limit(m, 1.0, LEVEL) >= x)
            yield by_toys((GAUSSIAN, label, truth, 0.0), TOYS - start, TOYS)


def _first(values: np.ndarray, holds: Callable[[float], bool]) -> int:
    """Return the place of the first value for which something holds that then stays so."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(float(values[middle])) else (middle + 1, high)
    return low


# --- one count above a known background ---------------------------------------------------

COUNT = "one count, background known"
SIGNALS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


def one_bin(count: int, background: float) -> Likelihood:
    """Return the likelihood of one count."""
    spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([background]))
    parameter = Parameter("signal", starts=(1.0,), low=0.0)
    return Likelihood((parameter,), (PoissonTerm(np.array([float(count)]), spectrum),))


def _profile_interval(one: Likelihood) -> tuple[float, float]:
    found = interval(one, "signal", LEVEL)
    return found.low, found.high


COUNTING: dict[str, Callable[[int, float], tuple[float, float]]] = {
    "Feldman-Cousins": lambda n, b: feldman_cousins_poisson(n, b, LEVEL),
    "Delta chi^2 = 2.71, interval": lambda n, b: _profile_interval(one_bin(n, b)),
    "Delta chi^2 = 2.71, upper limit": lambda n, b: (
        0.0,
        upper_limit(one_bin(n, b), "signal", LEVEL, convention=CENTRAL).high,
    ),
    "Delta chi^2 = 1.64, upper limit": lambda n, b: (
        0.0,
        upper_limit(one_bin(n, b), "signal", LEVEL, convention=ONE_SIDED).high,
    ),
    "CLs, asymptotic": lambda n, b: (
        0.0,
        asymptotic.cls_limit(one_bin(n, b), "signal", LEVEL).limit,
    ),
    "Bayes, flat in x": lambda n, b: (0.0, _credible(n, b, FLAT)),
    "Bayes, flat in sqrt(x)": lambda n, b: (0.0, _credible(n, b, FLAT_IN_ROOT)),
}
"""Method -> interval of a count above a background."""


@functools.cache
def _credible(count: int, background: float, prior: str) -> float:
    return posterior(one_bin(count, background), "signal", prior).upper_limit(LEVEL).high


def counting() -> Iterator[Row]:
    """Yield sums over the counts whose interval holds the truth."""
    for background in (0.5, 3.0):
        most = int(stats.poisson.isf(NEGLIGIBLE, background + SIGNALS[-1]))
        for method, ends in COUNTING.items():
            found = np.array([ends(n, background) for n in range(most + 1)])
            for signal in SIGNALS:
                held = (found[:, 0] <= signal) & (found[:, 1] >= signal * (1 - 1e-12))
                chance = stats.poisson.pmf(np.flatnonzero(held), signal + background).sum()
                about = (COUNT, method, signal, background)
                yield exactly(about, float(chance) + 0.0)


# --- spectra without a background model ---------------------------------------------------

SAVAGE = "10 bins, background unknown"


def binned() -> Iterator[Row]:
    """Yield the binned Poisson limit, by its exact formula and by toys."""
    shape = np.exp(-np.arange(10.0) / 3)
    shape /= shape.sum()
    for k, (signal, level) in enumerate([(5.0, 0.0), (20.0, 0.0), (5.0, 1.0), (20.0, 1.0)]):
        exact = binned_poisson.coverage(signal, shape, level, LEVEL)
        about = (SAVAGE, "binned Poisson", signal, 10 * level)
        yield exactly((*about[:1], "binned Poisson, exact", *about[2:]), exact)
        toys = np.random.default_rng([3, k]).poisson(signal * shape + level, (TOYS, 10))
        held = np.count_nonzero(binned_poisson.upper_limit(toys, shape, LEVEL) >= signal)
        yield by_toys(about, int(held), TOYS)


EVENTS = "single events, background unknown"
GAP_TOYS = 20_000
OPTIMUM_TOYS = 4000


def gaps() -> Iterator[Row]:
    """Yield maximum gap and optimum interval; a background is flat where the signal falls."""
    for k, (signal, level) in enumerate([(5.0, 0.0), (15.0, 0.0), (5.0, 4.0), (15.0, 4.0)]):
        throw = np.random.default_rng([4, k])
        held = {"maximum gap": 0, "optimum interval": 0}
        for toy in range(GAP_TOYS):
            fractions = throw.random(throw.poisson(signal))
            # flat in energy over five scale lengths of an exponential signal
            energy = 5 * throw.random(throw.poisson(level))
            other = special.expm1(-energy) / special.expm1(-5.0)
            places = np.concatenate([fractions, other])
            gap = maximum_gap.largest_gap(places) * signal
            held["maximum gap"] += maximum_gap.gap_probability(gap, signal) <= LEVEL
            if toy < OPTIMUM_TOYS:
                # its own toys have another seed
                size = optimum_interval.exclusion(places, signal, LEVEL, seed=71)
                held["optimum interval"] += size <= LEVEL
        for method, toys in (("maximum gap", GAP_TOYS), ("optimum interval", OPTIMUM_TOYS)):
            yield by_toys((EVENTS, method, signal, level), int(held[method]), toys)


# --- a background that is fitted ----------------------------------------------------------

OUTER, INNER = 1500, 299
"""Experiments, and toys in each: 300 times 10 per cent is whole, so that p has no bias."""
PROFILED = {
    "10 bins, background fitted": (
        np.array([np.exp(-np.arange(10.0) / 3) / np.exp(-np.arange(10.0) / 3).sum(), np.ones(10)]),
        ((0.0, 2.0), (6.0, 2.0), (25.0, 2.0), (10.0, 20.0)),
    ),
    "ON and OFF, twice the time OFF": (
        np.array([[1.0, 0.0], [1.0, 2.0]]),
        ((0.0, 1.5), (2.0, 1.5), (6.0, 1.5), (6.0, 10.0)),
    ),
}
"""Measurement -> templates of signal and background, (signal, background per bin) in turn."""


def profiled() -> Iterator[Row]:
    """Yield the profile likelihood, and Feldman-Cousins with toys, for a fitted background."""
    for measurement, (templates, truths) in PROFILED.items():
        bins = templates.shape[1]
        spectrum = LinearPrediction(("signal", "background"), templates, np.zeros(bins))
        parameters = (
            Parameter("signal", (1.0,), low=0.0),
            Parameter("background", (1.0,), low=0.0),
        )
        one = Likelihood(parameters, (PoissonTerm(np.ones(bins), spectrum),))
        for k, (signal, background) in enumerate(truths):
            truth, arrays = np.array([signal, background]), linear(one)
            drawn = arrays.draw(truth, TOYS, np.random.default_rng([5, bins, k]))
            rises, least, best = _rises(arrays, drawn, truth)
            about = (signal, background * (bins if bins > 2 else 1))
            # the same rise for both: an upper limit holds whatever lies below the best fit
            held = rises <= rise(LEVEL, CENTRAL)
            yield by_toys(
                (measurement, "Delta chi^2 = 2.71, interval", *about), int(held.sum()), TOYS
            )
            for convention, label in ((CENTRAL, "2.71"), (ONE_SIDED, "1.64")):
                held = (rises <= rise(LEVEL, convention)) | (best[:, 0] >= signal)
                method = f"Delta chi^2 = {label}, upper limit"
                yield by_toys((measurement, method, *about), int(held.sum()), TOYS)
            held = 0
            statistic = Statistic(one, "signal")
            for toy in range(OUTER):
                p = _p_value(
                    statistic, np.insert(least[toy], 0, signal), rises[toy], (bins, k, toy)
                )
                held += p > 1 - LEVEL + 1e-12
            yield by_toys((measurement, "Feldman-Cousins, profiled", *about), int(held), OUTER)


def _rises(
    arrays: LinearLikelihood, drawn: tuple[np.ndarray, np.ndarray], truth: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rise at the truth, the background fitted there, and the best fits."""
    counts, measured = drawn
    held = fit_spectra(arrays.model.fixed(0, float(truth[0])), counts, truth[1:], measured)
    free = fit_spectra(arrays.model, counts, truth, measured)
    return np.maximum(held.deviances - free.deviances, 0), held.values, free.values


def _p_value(
    statistic: Statistic, values: np.ndarray, data: float, seed: tuple[int, int, int]
) -> float:
    """Return the p-value of one experiment, with toys from what was fitted to it."""
    source = statistic.at(values)
    drawn = source.draw(INNER, np.random.default_rng([6, *seed]))
    inner = source.rises(drawn, values, source.best(drawn))
    return float(counted(np.count_nonzero(inner >= data - EQUAL), INNER))


# --- an efficiency that multiplies the signal: not linear -----------------------------------

EFFICIENCY = "10 bins, signal known to 20 %"
MULTIPLIED = 800


@dataclass(frozen=True)
class Efficiency:
    """``s (1 + 0.2 z) t + 2``: a signal with an uncertain efficiency above a background."""

    names: tuple[str, ...] = ("signal", "z")

    def expected(self, values: np.ndarray) -> np.ndarray:
        return values[0] * (1 + 0.2 * values[1]) * self._template() + 2.0

    def jacobian(self, values: np.ndarray) -> np.ndarray:
        scale = np.array([1 + 0.2 * values[1], 0.2 * values[0]])
        return np.outer(self._template(), scale)

    def _template(self) -> np.ndarray:
        return next(iter(PROFILED.values()))[0][0]


def multiplied() -> Iterator[Row]:
    """Yield Feldman-Cousins with the statistic of the tangent, toys from the likelihood."""
    parameters = (
        Parameter("signal", (1.0,), low=0.0),
        Parameter("z", prior=Gaussian(0.0, 1.0), low=-4.0, high=4.0),
    )
    one = Likelihood(parameters, (PoissonTerm(np.ones(10), Efficiency()),))
    for k, signal in enumerate((3.0, 20.0)):
        generator, held = np.random.default_rng([7, k]), 0
        for toy in range(MULTIPLIED):
            data = one.simulated(np.array([signal, 0.0]), generator)
            values = minimise(data, fixed={"signal": signal}, start={"z": 0.0}).values
            statistic = Statistic(data, "signal", tangent=True)
            rise_of_data = float(observed(statistic, [values])[0])
            held += _p_value(statistic, values, rise_of_data, (7, k, toy)) > 1 - LEVEL + 1e-12
        about = (EFFICIENCY, "Feldman-Cousins, tangent", signal, 20.0)
        yield by_toys(about, held, MULTIPLIED)


def table() -> list[Row]:
    """Return all rows."""
    return [
        row for part in (gaussian, counting, binned, gaps, profiled, multiplied) for row in part()
    ]


def write(rows: list[Row], stream: object) -> None:
    """Write rows as CSV."""
    writer = csv.writer(stream, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow([one.name for one in fields(Row)])
    for row in rows:
        writer.writerow(
            [f"{x:.4f}" if isinstance(x, float) and k >= 4 else f"{x:g}" if isinstance(x, float)
             else x for k, x in enumerate(astuple(row))]
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    rows = table()
    if options.out is None:
        write(rows, sys.stdout)
    else:
        with options.out.open("w", encoding="utf-8", newline="") as stream:
            write(rows, stream)


if __name__ == "__main__":
    main()
