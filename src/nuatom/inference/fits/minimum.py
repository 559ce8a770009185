"""The least deviance over the parameters that are free: Migrad, then Newton's method.

Migrad (MINUIT, from iminuit) goes from every start into a valley; `descent` then ends at
the minimum itself and treats bounds exactly.  (MINUIT bends a bounded parameter into a
sine, whose slope vanishes at the bound.)

A minimum may lie at an edge, where an expectation reaches zero in bins without counts: D is
finite there, falls towards it, and is impossible beyond.  Then `edge` takes over.

References
----------
James and Roos, Comput. Phys. Commun. 10, 343 (1975).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import linalg

from nuatom.arrays import Array, finite
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.descent import (
    DEGENERATE,
    Flags,
    Places,
    Problem,
    curvature,
    is_minimum,
    newton,
)
from nuatom.inference.fits.edge import LOSS, at_edge, inside
from nuatom.inference.likelihood import Likelihood

STARTS = 32
"""Most combinations of starts that are tried; beyond, one parameter is varied at a time."""


class Impossible(FitFailed):
    """The data are impossible at every start, and no way back into the possible was found."""


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where the deviance is least.

    Parameters
    ----------
    values : ndarray
        Of every parameter, shape (parameter,) [any].
    deviance : float
        D there [dimensionless].
    free : ndarray
        Places of the parameters that were fitted [dimensionless].
    held : ndarray
        Whether each of them ended at a bound, shape (free,) [flag].
    edges : ndarray
        Derivatives of the walls that hold it (see `Likelihood.walls`) to the free parameters
        in units of their scales, shape (wall, free); in general there is none
        [dimensionless].
    """

    values: Array
    deviance: float
    free: Places
    held: Flags
    edges: Array


def minimise(
    likelihood: Likelihood,
    *,
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> Minimum:
    """Return the least deviance over the parameters that are not fixed.

    Parameters
    ----------
    likelihood : Likelihood
        To be minimised [likelihood].
    fixed : mapping, optional
        Parameter -> value at which it is held [any].
    start : mapping, optional
        Parameter -> where to begin, in place of its own starts.  If it names every free
        parameter, Newton's method begins there at once [any].

    Returns
    -------
    Minimum
        The best end of all starts.

    Raises
    ------
    FitFailed
        If no start leads to where the data are possible, the data do not determine a
        parameter, or no start converges.
    UnknownName
        If a name is none of the parameters.
    InvalidInput
        If a value lies outside the range of its parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("s",), np.ones((1, 2)), np.zeros(2))
    >>> counts = PoissonTerm(np.array([3.0, 5.0]), spectrum)
    >>> minimise(Likelihood((Parameter("s", starts=(1.0,)),), (counts,))).values.round(6)
    array([4.])
    """
    fixed, start = dict(fixed or {}), dict(start or {})
    for name, value in {**start, **fixed}.items():
        check_range(likelihood, name, value)
    problem = Problem(likelihood, fixed)
    begins = _possible(problem, list(_starts(problem, start)))
    if problem.free.size == 0:
        return _minimum(problem, begins[0])
    if all(p.name in start for p in problem.parameters):
        end = newton(problem, begins[0])
        if end is not None:
            return _minimum(problem, end)
        found = at_edge(problem, begins[0])
        if found is not None:
            return _minimum(problem, *found)
    valleys = sorted((_migrad(problem, x) for x in begins), key=problem.deviance)
    least = problem.deviance(valleys[0]) + LOSS
    for x in valleys:
        end = newton(problem, x)
        if end is not None and problem.deviance(end) <= least:
            return _minimum(problem, end)
    for x in (*valleys, *begins):
        found = at_edge(problem, x)
        if found is not None and problem.deviance(found[0]) <= least:
            return _minimum(problem, *found)
    _explain(problem, valleys[0])
    raise FitFailed(
        f"fit: not converged from {len(begins)} starts, the least deviance found is "
        f"{problem.deviance(valleys[0]):.6g}; give other starts or scales, or a prior, to "
        f"{_listed([p.name for p in problem.parameters])}"
    )


def check_range(likelihood: Likelihood, name: str, value: float) -> float:
    """Return the value of a parameter after checking it against its range.

    Parameters
    ----------
    likelihood : Likelihood
        With the parameter [likelihood].
    name : str
        Of the parameter [name].
    value : float
        To be checked [any].

    Returns
    -------
    float
        The same number.

    Raises
    ------
    UnknownName
        If there is no such parameter.
    InvalidInput
        If the value is not finite or outside the range.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("s",), np.ones((1, 2)), np.zeros(2))
    >>> counts = PoissonTerm(np.array([3.0, 5.0]), spectrum)
    >>> one = Likelihood((Parameter("s", starts=(1.0,), low=0.0),), (counts,))
    >>> check_range(one, "s", 2)
    2.0
    """
    parameter = likelihood.parameter(name)
    number = float(finite(name, value))
    if not parameter.low <= number <= parameter.high:
        raise InvalidInput(
            f"parameter {name}: found {number:g}, expected a value between "
            f"{parameter.low:g} and {parameter.high:g}"
        )
    return number


def _starts(problem: Problem, given: Mapping[str, float]) -> Iterator[Array]:
    """Yield where to begin: every combination, or one parameter varied at a time."""
    lists = [(given[p.name],) if p.name in given else p.starts for p in problem.parameters]
    if np.prod([float(len(choices)) for choices in lists]) <= STARTS:
        yield from (np.array(x) / problem.scale for x in product(*lists))
        return
    first = np.array([choices[0] for choices in lists])
    yield first / problem.scale
    for k, choices in enumerate(lists):
        for choice in choices[1:]:
            other = first.copy()
            other[k] = choice
            yield other / problem.scale


def _possible(problem: Problem, begins: list[Array]) -> list[Array]:
    """Return the starts where the data are possible, or where a way back into it leads."""
    good = [x for x in begins if np.isfinite(problem.deviance(x))]
    if good:
        return good
    for x in begins:
        end = inside(problem, x)
        if end is not None:
            return [end]
    names = [p.name for p in problem.parameters]
    raise Impossible(
        "fit: found no start at which the data are possible (an expectation is negative, or "
        "zero in a bin with counts); "
        + (f"change the starts of {_listed(names)}" if names else "fix fewer parameters")
    )


def _migrad(problem: Problem, begin: Array) -> Array:
    """Return where Migrad ends."""
    from iminuit import Minuit  # type: ignore[import-untyped]

    worst = problem.deviance(begin)

    def walled(x: Array) -> float:
        """Return D, and a wall where it is infinite: MINUIT needs finite numbers."""
        nonlocal worst
        value = problem.deviance(x) if np.all(np.isfinite(x)) else np.inf
        if np.isfinite(value):
            worst = max(worst, value)
            return value
        return worst + 1 + abs(worst)

    minuit = Minuit(walled, begin, grad=problem.gradient)
    minuit.errordef, minuit.strategy, minuit.print_level = 1.0, 0, -1
    minuit.limits = list(zip(problem.low, problem.high, strict=True))
    minuit.errors = np.full(begin.size, 0.3)
    minuit.migrad()
    end = problem.clipped(np.asarray(minuit.values, dtype=np.float64))
    if not np.all(np.isfinite(end)) or not problem.deviance(end) <= problem.deviance(begin):
        return begin
    return end


def _minimum(problem: Problem, x: Array, edges: Array | None = None) -> Minimum:
    return Minimum(
        values=problem.full(x),
        deviance=problem.deviance(x),
        free=problem.free,
        held=problem.held(x),
        edges=np.zeros((0, x.size)) if edges is None else edges,
    )


def _explain(problem: Problem, x: Array) -> None:
    """Raise the error that names the parameters which the data do not determine."""
    moving = np.flatnonzero(~problem.pushed(x, problem.gradient(x)))
    matrix, flat = curvature(problem, x, moving)
    names = [problem.parameters[k].name for k in moving]
    flat &= ~problem.bounded[moving]
    if np.any(flat):
        lost = [name for name, none in zip(names, flat, strict=True) if none]
        raise FitFailed(
            f"fit: the data do not determine {_listed(lost)}; fix it, or give it a prior"
        )
    if moving.size and not is_minimum(matrix):
        root = np.sqrt(np.maximum(np.abs(np.diag(matrix)), np.finfo(float).tiny))
        values, vectors = linalg.eigh(matrix / np.outer(root, root))
        if abs(values[0]) < DEGENERATE:
            lost = [n for n, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 0.1]
            raise FitFailed(
                f"fit: the data do not tell {_listed(lost)} apart; fix one, or give it a prior"
            )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
