"""Test statistics of simulated experiments.

They are drawn in blocks, from seeds that depend on nothing but the seed asked for, the
hypothesis and the block.

The statistic of a hypothesis ``theta_k = x`` is the rise of the profiled deviance::

    t(x) = D(x, others fitted) - min D,

the minimum over the ranges of all parameters.  Toys are drawn with theta_k = x and the
other parameters as fitted to the data there; their auxiliary measurements are drawn, too.

A likelihood that is linear (`linear_likelihood`) is fitted in machine code, any other by
`minimum`.  The tangent of another one may be asked for: the statistic is then that of the
tangent, for data and toys alike, while toys are drawn from the likelihood itself, so that
no coverage is lost, only some sensitivity where the tangent is bad.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite, strictly_increasing
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.minimum import check_range, minimise
from nuatom.inference.fits.profile import Profile, scan
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.toys.linear_likelihood import LinearLikelihood, is_linear, linear, tangent

_BLOCK = 1000
"""Toys of one task; never changed with the number of workers."""

EQUAL = 1e-7
"""Rises of toys and data that differ by less are equal: fits are exact to 1e-8."""

_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Toys:
    """How experiments are simulated.

    Parameters
    ----------
    number : int
        Of toys for each hypothesis [dimensionless].
    seed : int
        Of the random numbers; equal seeds give equal results, with any executor
        [dimensionless].
    executor : Executor or None
        Shares the work: threads for likelihoods that are linear, processes for others.
        None: all in this thread [any].
    tangent : bool
        Whether the statistic is that of the likelihood's tangent at each hypothesis: in
        machine code, where the likelihood is not linear [flag].

    Raises
    ------
    InvalidInput
        If the number is not positive, or the seed negative.

    Example
    -------
    >>> Toys(number=1000).seed
    1
    """

    number: int = 2000
    seed: int = 1
    executor: Executor | None = None
    tangent: bool = False

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.number < 1 or self.number != int(self.number):
            raise InvalidInput(f"toys: found {self.number}, expected a whole number >= 1")
        if self.seed < 0 or self.seed != int(self.seed):
            raise InvalidInput(f"seed of toys: found {self.seed}, expected a whole number >= 0")

    def blocks(self, stream: int) -> Iterator[tuple[int, np.random.SeedSequence]]:
        """Yield the size and the seed of each block of toys.

        Parameters
        ----------
        stream : int
            Number of the hypothesis: each has random numbers of its own [dimensionless].

        Yields
        ------
        tuple
            (toys, seed).
        """
        sizes = [_BLOCK] * (self.number // _BLOCK)
        if rest := self.number % _BLOCK:
            sizes.append(rest)
        for block, size in enumerate(sizes):
            yield size, np.random.SeedSequence(self.seed, spawn_key=(stream, block))

    def run(self, function: Callable[[_T], _R], tasks: Iterable[_T]) -> list[_R]:
        """Return the results of tasks, in their order.

        Parameters
        ----------
        function : callable
            Of one task; at the top level of a module, so that processes find it [any].
        tasks : iterable
            Its arguments [any].

        Returns
        -------
        list
            Of what the function returns.
        """
        if self.executor is None:
            return [function(task) for task in tasks]
        return list(self.executor.map(function, tasks))


@dataclass(frozen=True, eq=False)
class Statistic:
    """The rise of the deviance from its minimum, where one parameter is held.

    Parameters
    ----------
    likelihood : Likelihood
        From which toys are drawn [likelihood].
    name : str
        Of the parameter that is held [name].
    tangent : bool
        Whether deviances are those of the tangent [flag].
    one_sided : bool
        Whether the rise is zero where the best fit lies above the held value: the
        statistic q-tilde of upper limits [flag].
    """

    likelihood: Likelihood
    name: str
    tangent: bool = False
    one_sided: bool = False

    @property
    def differs(self) -> bool:
        """Whether each hypothesis has a tangent of its own [flag]."""
        return self.tangent and not is_linear(self.likelihood)

    def at(self, values: Array) -> "_Fast | _General":
        """Return what draws toys and evaluates them, for one hypothesis.

        Parameters
        ----------
        values : ndarray
            Parameters of the hypothesis, shape (parameter,) [any].

        Returns
        -------
        object
            With ``draw``, ``observed``, ``best`` and ``rises``.
        """
        if is_linear(self.likelihood):
            return _Fast(linear(self.likelihood), self.name, self.one_sided, values)
        if self.tangent:
            straight = linear(tangent(self.likelihood, values))
            return _Fast(straight, self.name, self.one_sided, values)
        return _General(self.likelihood, self.name, self.one_sided, values)


@dataclass(frozen=True, eq=False)
class _Fast:
    """Toys of a linear likelihood."""

    likelihood: LinearLikelihood
    name: str
    one_sided: bool
    values: Array

    def draw(self, number: int, generator: np.random.Generator) -> tuple[Array, Array]:
        return self.likelihood.draw(self.values, number, generator)

    def observed(self) -> tuple[Array, Array]:
        return self.likelihood.counts[None, :], self.likelihood.measured[None, :]

    def best(self, drawn: tuple[Array, Array]) -> tuple[Array, Array]:
        """Return the least D of toys, and the parameter of interest there."""
        least, values = self.likelihood.best(*drawn, self.values)
        return least, values[:, self.likelihood.names.index(self.name)]

    def rises(self, drawn: tuple[Array, Array], values: Array, best: tuple[Array, Array]) -> Array:
        which = self.likelihood.names.index(self.name)
        begin = self.values.copy()  # possible for the toys, as they were drawn there
        begin[which] = values[which]
        if not self.likelihood.is_possible(drawn[0], begin):
            begin = values
        held = self.likelihood.least(*drawn, begin, self.name)
        return _rise(held, best, float(values[which]), self.one_sided)


@dataclass(frozen=True, eq=False)
class _General:
    """Toys of any likelihood, fitted one by one."""

    likelihood: Likelihood
    name: str
    one_sided: bool
    values: Array

    def draw(self, number: int, generator: np.random.Generator) -> list[Likelihood]:
        return [self.likelihood.simulated(self.values, generator) for _ in range(number)]

    def observed(self) -> list[Likelihood]:
        return [self.likelihood]

    def best(self, drawn: list[Likelihood]) -> tuple[Array, Array]:
        """Return the least D of toys, and the parameter of interest there."""
        which = self.likelihood.names.index(self.name)
        found = [self._best(toy) for toy in drawn]
        return np.array([one[0] for one in found]), np.array([one[1][which] for one in found])

    def _best(self, toy: Likelihood) -> tuple[float, tuple[float, ...]]:
        start = dict(zip(toy.names, map(float, self.values), strict=True))
        # a signed coupling may have a valley on either side
        places = (start[self.name], *toy.parameter(self.name).starts[1:])
        return min(_least(toy, {**start, self.name: place}, {}) for place in places)

    def rises(self, drawn: list[Likelihood], values: Array, best: tuple[Array, Array]) -> Array:
        start = dict(zip(self.likelihood.names, map(float, values), strict=True))
        value = start.pop(self.name)
        held = np.array([_least(toy, start, {self.name: value})[0] for toy in drawn])
        return _rise(held, best, value, self.one_sided)


def _rise(held: Array, best: tuple[Array, Array], value: float, one_sided: bool) -> Array:
    rise = np.maximum(held - best[0], 0.0)
    return np.where(best[1] > value, 0.0, rise) if one_sided else rise


def _least(
    toy: Likelihood, start: dict[str, float], fixed: dict[str, float]
) -> tuple[float, tuple[float, ...]]:
    """Return the least D and where it is; from the starts of the parameters if that fails."""
    try:
        found = minimise(toy, fixed=fixed, start=start)
    except FitFailed:
        found = minimise(toy, fixed=fixed)
    return found.deviance, tuple(map(float, found.values))


Task = tuple[Statistic, Array, tuple[Array, ...], int, np.random.SeedSequence]
"""Statistic, true parameters, hypotheses to evaluate, number of toys, seed."""


def simulate(task: Task) -> Array:
    """Return the statistic of the toys of one block, for each hypothesis.

    Parameters
    ----------
    task : Task
        What to draw and to evaluate [any].

    Returns
    -------
    ndarray
        Shape (hypothesis, toy).

    Raises
    ------
    FitFailed
        If a fit does not converge.
    """
    statistic, truth, hypotheses, number, seed = task
    source = statistic.at(truth)
    drawn = source.draw(number, np.random.default_rng(seed))
    found: list[Array] = []
    best = None
    for values in hypotheses:
        judge = source
        if statistic.differs and not np.array_equal(values, truth):
            judge, best = statistic.at(values), None
        if best is None:
            best = judge.best(drawn)  # type: ignore[arg-type]
        found.append(judge.rises(drawn, values, best))  # type: ignore[arg-type]
    return np.array(found)


def observed(statistic: Statistic, hypotheses: Iterable[Array]) -> Array:
    """Return the statistic of the data, for each hypothesis.

    Parameters
    ----------
    statistic : Statistic
        Of the likelihood with the data [any].
    hypotheses : iterable of ndarray
        Parameters, the others fitted to the data, shape (parameter,) each [any].

    Returns
    -------
    ndarray
        Shape (hypothesis,).

    Raises
    ------
    FitFailed
        If a fit does not converge.
    """
    found = []
    for values in hypotheses:
        judge = statistic.at(values)
        data = judge.observed()
        best = judge.best(data)  # type: ignore[arg-type]
        found.append(float(judge.rises(data, values, best)[0]))  # type: ignore[arg-type]
    return np.array(found)


def bounded_below(likelihood: Likelihood, name: str, low: float) -> Likelihood:
    """Return the likelihood with a lower bound of one parameter that is at least `low`.

    Parameters
    ----------
    likelihood : Likelihood
        Any [likelihood].
    name : str
        Of the parameter [name].
    low : float
        New lower bound; a higher one stays [any].

    Returns
    -------
    Likelihood
        With the starts moved into the range.

    Raises
    ------
    UnknownName
        If there is no such parameter.
    """
    parameter = likelihood.parameter(name)
    if parameter.low >= low:
        return likelihood
    starts = tuple(dict.fromkeys(max(x, low) for x in parameter.starts))
    return likelihood.with_parameter(replace(parameter, low=low, starts=starts))


def profiled(
    likelihood: Likelihood, name: str, points: ArrayLike, toys: Toys, *, one_sided: bool = False
) -> tuple[Profile, Statistic]:
    """Return the profile of the data at the points to test, and the statistic.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter [name].
    points : array_like
        Values to test [any].
    toys : Toys
        With the choice of the tangent [any].
    one_sided : bool
        Of the statistic [flag].

    Returns
    -------
    tuple
        (`Profile`, `Statistic`).

    Raises
    ------
    InvalidInput
        If there are fewer than two points, or they are not increasing or out of range.
    FitFailed
        If a fit fails.
    """
    places = strictly_increasing("points", finite("points", points).ravel())
    if places.size < 2:
        raise InvalidInput(f"points: found {places.size}, expected at least two")
    for place in (places[0], places[-1]):
        check_range(likelihood, name, float(place))
    return scan(likelihood, name, places), Statistic(likelihood, name, toys.tangent, one_sided)


def gathered(blocks: list[Array], number: int) -> list[Array]:
    """Return the toys of each stream, which come in blocks, together.

    Parameters
    ----------
    blocks : list of ndarray
        In order, shape (hypothesis, toy) each [dimensionless].
    number : int
        Of toys of one stream [dimensionless].

    Returns
    -------
    list of ndarray
        One for each stream, shape (hypothesis, number).

    Example
    -------
    >>> [one.shape for one in gathered([np.zeros((1, 3)), np.zeros((1, 2))] * 2, 5)]
    [(1, 5), (1, 5)]
    """
    gathered: list[Array] = []
    here: list[Array] = []
    for block in blocks:
        here.append(block)
        if sum(part.shape[1] for part in here) == number:
            gathered.append(np.concatenate(here, axis=1))
            here = []
    return gathered
