"""Upper limits from the emptiest interval, for any unknown background.

As `maximum_gap`, with intervals that hold n events beside those that hold none.  For a
signal without background, of which mu events are expected in all::

    C_n(x, mu)         probability that every interval with n events or fewer is smaller than x
    C_max              largest C_n(x, mu) of the intervals of one experiment
    threshold(C, mu)   below it lies C_max of a fraction C of experiments
    mu_limit           largest mu with C_max <= threshold(C, mu)

C_0 is a closed form; C_n with n > 0 and the threshold are counted in simulated experiments.
All of them are the beginnings of the same unit-rate sequences of events, so that results are
smooth in mu, and equal for equal seeds.  An interval with n events can only matter where
``P(more than n events | mu) > C``, so no more are looked at: with C = 0.9 none but gaps below
mu = 3.89, where the limit is that of the maximum gap, without error.

References
----------
Yellin, Phys. Rev. D 66, 032005 (2002), arXiv:physics/0203002, sec. III.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput, OutOfRange
from nuatom.inference.gaussian import CONFIDENCE, check_confidence
from nuatom.inference.unknown_background import maximum_gap
from nuatom.inference.unknown_background.interval_kernels import (
    largest_intervals,
    no_larger_gap,
    no_larger_gaps,
)

TOYS = 50_000
"""Simulated experiments unless another number is asked for."""
LARGEST_MEAN = 200.0
"""Signal events up to which experiments are simulated."""
_STEP = 0.01
_FINE_BELOW, _COARSER = 8.0, 5
# mu is tried in steps of 1 %; above 8 events in fives of these, then singly where it changes
_BLOCK = 64
_ROWS = 300
# intervals with more events cannot matter: P(more than 300 | 200 expected) = 2e-11
_FLOOR = 0.9
# ranks are kept from 0.9 C, so that the confidence is also known just below C


class _Table(NamedTuple):
    """Simulated experiments with one mean: upper parts of the sorted sizes and of C_max."""

    mean: float
    first_rank: int
    sizes: tuple[Array, ...]
    largest: Array
    toys: int


@dataclass(frozen=True)
class OptimumInterval:
    """An upper limit and the interval that sets it.

    Parameters
    ----------
    limit : float
        On the strength [any].
    error : float
        One standard deviation of the limit by the finite number of experiments; 0 where it
        follows from C_0 alone [any].
    mean : float
        Signal events in the whole range at the limit [dimensionless].
    events : int
        In the optimum interval [dimensionless].
    low, high : float
        Its ends, as fractions of the signal [dimensionless].
    confidence : float
        C [dimensionless].
    toys : int
        Simulated experiments for each mean [dimensionless].
    """

    limit: float
    error: float
    mean: float
    events: int
    low: float
    high: float
    confidence: float
    toys: int


def upper_limit(
    fractions: ArrayLike,
    expected: float = 1.0,
    confidence: float = CONFIDENCE,
    *,
    toys: int = TOYS,
    seed: int = 1,
) -> OptimumInterval:
    """Return the upper limit on the strength of a signal by the optimum interval.

    Parameters
    ----------
    fractions : array_like
        For each event the fraction of the signal that is expected below it, between 0 and
        1, in any order, shape (event,) [dimensionless].
    expected : float
        Signal events in the whole range for strength 1, > 0 [dimensionless].
    confidence : float
        C, from 0.5 to below 1 [dimensionless].
    toys : int
        Simulated experiments for each mean that is tried, >= 1000 [dimensionless].
    seed : int
        Of the random numbers [dimensionless].

    Returns
    -------
    OptimumInterval
        Everything above its `limit` is excluded.  A mean is found to 1 % where the threshold
        jumps, else much better.  The first takes 0.3 s for a few events and 20 s for 150.

    Raises
    ------
    InvalidInput
        If a number is not what it should be.
    OutOfRange
        If the limit lies above `LARGEST_MEAN` events.

    Example
    -------
    >>> found = upper_limit([0.02, 0.05, 0.9, 0.93], toys=2000)
    >>> found.events, found.limit < maximum_gap.upper_limit([0.02, 0.05, 0.9, 0.93]) * 1.2
    (0, True)
    """
    per_strength = float(finite("expected", expected, positive=True))
    run = _run(fractions, confidence, toys, seed)
    mean, error, events = _limit(run)
    low, high = _ends(run.places, events)
    return OptimumInterval(
        mean / per_strength, error / per_strength, mean, events, low, high, run.confidence, run.toys
    )


def exclusion(
    fractions: ArrayLike,
    mean: float,
    confidence: float = CONFIDENCE,
    *,
    toys: int = TOYS,
    seed: int = 1,
) -> float:
    """Return the confidence with which events exclude a mean: P(C_max smaller | mu).

    Parameters
    ----------
    fractions : array_like
        As in `upper_limit`, shape (event,) [dimensionless].
    mean : float
        mu > 0, signal events in the whole range [dimensionless].
    confidence : float
        C that matters; confidences below 0.9 C are given as 0 [dimensionless].
    toys : int
        Simulated experiments, >= 1000 [dimensionless].
    seed : int
        Of the random numbers [dimensionless].

    Returns
    -------
    float
        Probability; mu is excluded where it is above C.

    Raises
    ------
    InvalidInput
        If a number is not what it should be.
    OutOfRange
        If the mean is above `LARGEST_MEAN`.

    Example
    -------
    >>> round(exclusion([], 2.5), 6)   # 1 - exp(-2.5)
    0.917915
    """
    return _run(fractions, confidence, toys, seed).exclusion(_mean(mean))


def threshold(
    mean: float, confidence: float = CONFIDENCE, *, toys: int = TOYS, seed: int = 1
) -> float:
    """Return the value that C_max exceeds in a fraction 1 - C of experiments.

    Parameters
    ----------
    mean : float
        mu, signal events in the whole range, > -ln(1 - C) [dimensionless].
    confidence : float
        C, from 0.5 to below 1 [dimensionless].
    toys : int
        Simulated experiments, >= 1000 [dimensionless].
    seed : int
        Of the random numbers [dimensionless].

    Returns
    -------
    float
        C itself, exactly, where intervals with events cannot matter.

    Raises
    ------
    InvalidInput
        If a number is not what it should be, or the mean so small that no experiment could
        exclude it.
    OutOfRange
        If the mean is above `LARGEST_MEAN`.

    Example
    -------
    >>> threshold(3.0, 0.9)
    0.9
    """
    mu, level = _mean(mean), _level(confidence)
    if mu < -np.log1p(-level):
        raise InvalidInput(
            f"mean: found {mu:g}, expected at least -ln(1 - C) = {-np.log1p(-level):.4g}; no "
            "experiment excludes less"
        )
    if _more_than(1, mu) <= level:
        return level
    table = _table(mu, _FLOOR * level, _number(toys), int(seed))
    beyond = table.toys - int(np.ceil(level * table.toys))
    return float(table.largest[len(table.largest) - 1 - beyond])


class _Run(NamedTuple):
    """One set of events: where, largest fraction for each n, and how it is judged."""

    places: Array
    fractions: Array
    confidence: float
    toys: int
    seed: int

    @property
    def events(self) -> int:
        """All of them."""
        return len(self.places) - 2

    def by_gap(self, confidence: float) -> float:
        """Return the limit on mu of the maximum gap."""
        return maximum_gap.upper_limit(self.places[1:-1], 1.0, confidence)

    def probabilities(self, mean: float) -> Array:
        """Return C_n of the largest interval with n events, for each n that can matter."""
        table = _table(mean, _FLOOR * self.confidence, self.toys, self.seed)
        rows = min(len(table.sizes), len(self.fractions))
        found = [no_larger_gap(self.fractions[0] * mean, mean)]
        for n in range(1, rows):
            ranks = np.searchsorted(table.sizes[n], self.fractions[n] * mean, side="left")
            found.append((table.first_rank + int(ranks)) / table.toys if ranks else 0.0)
        return np.array(found)

    def exclusion(self, mean: float) -> float:
        """Return P(C_max smaller | mu); 0 where it is below 0.9 C."""
        probabilities = self.probabilities(mean)
        largest = float(np.max(probabilities))
        if largest == probabilities[0] >= _more_than(1, mean):  # that of a gap: exact
            return largest
        table = _table(mean, _FLOOR * self.confidence, self.toys, self.seed)
        below = int(np.searchsorted(table.largest, largest, side="left"))
        return (table.toys - len(table.largest) + below) / table.toys if below else 0.0


def _limit(run: _Run) -> tuple[float, float, int]:
    """Return mu_limit, its error, and the events in the interval that excludes more.

    The search comes from large mu, where all is excluded.
    """
    if run.events == 0:
        return run.by_gap(run.confidence), 0.0, 0
    low, high = _bracket(run)
    if _more_than(1, np.exp(_STEP * high)) <= run.confidence:
        return run.by_gap(run.confidence), 0.0, 0
    while high - low > 1:
        middle = (low + high) // 2
        if run.exclusion(np.exp(_STEP * middle)) > run.confidence:
            high = middle
        else:
            low = middle
    below, above = (run.exclusion(np.exp(_STEP * node)) for node in (low, high))
    share = (run.confidence - below) / (above - below)
    mean = float(np.exp(_STEP * (low + share)))
    spread = np.sqrt(run.confidence * (1 - run.confidence) / run.toys)
    events = int(np.argmax(run.probabilities(np.exp(_STEP * high))))
    return mean, float(mean * _STEP * spread / (above - below)), events


def _bracket(run: _Run) -> tuple[int, int]:
    """Return two steps of ln mu; from the upper one upwards everything is excluded."""
    confidence = run.confidence
    extreme = 1 - (1 - confidence) / 8
    beyond = min(special.gammaincinv(run.events + 1, extreme), run.by_gap(extreme))
    high = int(np.ceil(np.log(_allowed(beyond, run)) / _STEP))
    while run.exclusion(_allowed(np.exp(_STEP * high), run)) <= confidence:
        high += _COARSER
    least = int(np.floor(np.log(-np.log1p(-confidence)) / _STEP))
    low = high
    while low > least:
        low = max(high - (1 if np.exp(_STEP * high) < _FINE_BELOW else _COARSER), least)
        if low == least or run.exclusion(np.exp(_STEP * low)) <= confidence:
            break
        high = low
    return low, high


def _allowed(mean: float, run: _Run) -> float:
    if mean > LARGEST_MEAN:
        raise OutOfRange(
            f"optimum interval: found {run.events} events, expected a limit below "
            f"{LARGEST_MEAN:g} signal events; restrict the range, or use binned_poisson"
        )
    return float(mean)


def _ends(places: Array, events: int) -> tuple[float, float]:
    """Return the ends of the largest interval with so many events."""
    first = int(np.argmax(places[events + 1 :] - places[: len(places) - events - 1]))
    return float(places[first]), float(places[first + events + 1])


def _run(fractions: ArrayLike, confidence: float, toys: int, seed: int) -> _Run:
    """Return the events with the largest fraction of the signal between n of them."""
    places = maximum_gap.places(fractions)
    level, number = _level(confidence), _number(toys)
    # a range a little longer than 1, so that an event at its very end is one of them
    rows = min(len(places) - 1, _ROWS)
    found = largest_intervals(places[None, 1:-1], np.nextafter(1.0, 2.0), rows)
    return _Run(places, np.asarray(found[:, 0].clip(max=1.0)), level, number, int(seed))


def _more_than(events: int, mean: float) -> float:
    """Return the Poisson probability of more events."""
    return float(special.gammainc(events + 1, mean))


@lru_cache(maxsize=64)
def _table(mean: float, floor: float, toys: int, seed: int) -> _Table:
    """Return what experiments with a mean look like, above a floor of all probabilities."""
    rows = 1
    while _more_than(rows, mean) > floor:
        rows += 1
    rank = int(floor * toys)
    sizes = largest_intervals(_arrivals(mean, toys, seed), mean, rows)
    largest = no_larger_gaps(sizes[0], mean)
    kept = [np.array([])]
    for row in sizes[1:]:
        upper = np.sort(np.partition(row, rank)[rank:])
        reached = row > upper[0]
        place = rank + np.searchsorted(upper, row[reached], side="left")
        largest[reached] = np.maximum(largest[reached], place / toys)
        kept.append(upper)
    return _Table(mean, rank, tuple(kept), np.sort(np.partition(largest, rank)[rank:]), toys)


def _arrivals(mean: float, toys: int, seed: int) -> Array:
    """Return where events of unit rate lie, at least up to a mean; shape (toys, event)."""
    blocks = 1
    while np.min(_sequences(toys, seed, blocks)[:, -1]) <= mean:
        blocks += 1
    return _sequences(toys, seed, blocks)


@lru_cache(maxsize=2)
def _sequences(toys: int, seed: int, blocks: int) -> Array:
    """Return so many blocks of events; more blocks begin with the same events."""
    spacings = [
        np.random.default_rng([seed, block]).standard_exponential((toys, _BLOCK))
        for block in range(blocks)
    ]
    return np.cumsum(np.concatenate(spacings, axis=1), axis=1)


def _mean(mean: float) -> float:
    mu = float(finite("mean", mean, positive=True))
    if mu > LARGEST_MEAN:
        raise OutOfRange(f"mean: found {mu:g}, expected at most {LARGEST_MEAN:g} signal events")
    return mu


def _level(confidence: float) -> float:
    if check_confidence(confidence) < 0.5:
        raise InvalidInput(f"confidence: found {confidence:g}, expected at least 0.5")
    return float(confidence)


def _number(toys: int) -> int:
    if toys < 1000:
        raise InvalidInput(f"toys: found {toys}, expected at least 1000")
    return int(toys)
