"""Machine code of `linear_poisson`: the constrained Newton method for one spectrum.

Minimises, over theta within its bounds and where each expectation is possible::

    D = 2 sum_i [ mu_i - n_i + n_i ln(n_i/mu_i) ] + d^T W d - 2 v^T d + u,
    mu = c + theta^T t,   d = theta - start

which is convex.  Constraints that hold a solution (a bound, or mu_i = 0 in a bin without
counts) are kept in a working set; each step is Newton's within it.  A step ends at the
first constraint that it meets, which joins the set; at a minimum within the set the
constraint with the most negative multiplier leaves it.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from nuatom.arrays import Array
from nuatom.compiled import compiled
from nuatom.inference.toys.small_matrices import normalise, remove, solve

Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

DONE, NOT_CONVERGED, IMPOSSIBLE = 0, 1, 2

_STEPS = 600
_IDLE = 50
"""Exchanges of constraints without a fall of D, where more of them meet than are needed."""
_DECREMENT = 1e-11
"""Newton decrement, twice what D may still fall by, at which a minimum is reached."""
_GROWTH, _LAST_DECREMENT = 1.05, 1e-9
"""Where a gradient is rounding it grows, step by step, up to this."""
_MULTIPLIER = 1e-11
"""Multipliers are noise below this part of the sum that they come from."""
_RIDGE = 1e-12
"""Added to the diagonal of the curvature, for parameters that nothing determines."""
_ROUNDING = 1e-12
_ALONG = 1e-13
"""Part of a step that rounding may give it across a constraint that it runs along."""
_SUFFICIENT = 1e-4
_HALVINGS = 60
_BARRIER = 0.9
"""Part of the way to mu_i = 0 that one step may go in a bin with counts."""


class Spectrum(NamedTuple):
    """A model that is linear in its parameters, which are scaled to sizes near 1.

    Parameters
    ----------
    constant : ndarray
        c, shape (bin,) [dimensionless].
    templates : ndarray
        t, shape (parameter, bin) [dimensionless].
    low, high : ndarray
        Bounds, shape (parameter,) [dimensionless].
    weight : ndarray
        W, shape (parameter, parameter) [dimensionless].
    start : ndarray
        From which d is measured, shape (parameter,) [dimensionless].
    """

    constant: Array
    templates: Array
    low: Array
    high: Array
    weight: Array
    start: Array


class Data(NamedTuple):
    """What was measured; a batch has a leading axis of toys.

    Parameters
    ----------
    counts : ndarray
        n, shape (bin,) [dimensionless].
    pull : ndarray
        v, shape (parameter,) [dimensionless].
    offset : float
        u [dimensionless].
    """

    counts: Array
    pull: Array
    offset: Any


class Place(NamedTuple):
    """Where a fit has come to, and arrays that it works with.

    Parameters
    ----------
    values, mean : ndarray
        theta and mu [dimensionless].
    moved, trial : ndarray
        The same at the end of a step [dimensionless].
    slope, curvature : ndarray
        Derivatives of D [dimensionless].
    working : ndarray
        Constraints of the working set, then -1 [dimensionless].
    normals, basis : ndarray
        Their gradients, shape (constraint, parameter), and room for an orthonormal basis of
        them [dimensionless].
    matrix, solution : ndarray
        Room for the equations of a step [dimensionless].
    """

    values: Array
    mean: Array
    moved: Array
    trial: Array
    slope: Array
    curvature: Array
    working: Integers
    normals: Array
    basis: Array
    matrix: Array
    solution: Array


@compiled
def _deviance(counts: Array, mean: Array) -> float:
    """Return the Poisson part of D; infinite where the counts are impossible."""
    total = 0.0
    for i in range(counts.size):
        n, mu = counts[i], mean[i]
        if n > 0.0:
            if mu <= 0.0:
                return math.inf
            x = (mu - n) / n
            if abs(x) < 1e-3:  # no digits cancel
                series = 1 / 2 - x * (1 / 3 - x * (1 / 4 - x * (1 / 5 - x / 6)))
                total += n * x * x * series
            else:
                total += n * (x - math.log1p(x))
        else:
            if mu < 0.0:
                return math.inf
            total += mu
    return 2.0 * total


@compiled
def _gaussian(model: Spectrum, data: Data, values: Array) -> float:
    """Return the Gaussian part of D."""
    total = float(data.offset)
    for k in range(values.size):
        moved = values[k] - model.start[k]
        total -= 2.0 * data.pull[k] * moved
        for j in range(values.size):
            total += model.weight[k, j] * moved * (values[j] - model.start[j])
    return total


@compiled
def _expect(model: Spectrum, data: Data, values: Array, mean: Array) -> None:
    """Put mu into the last array; what is below zero by rounding becomes zero."""
    for i in range(mean.size):
        mean[i] = model.constant[i]
    for k in range(values.size):
        for i in range(mean.size):
            mean[i] += values[k] * model.templates[k, i]
    for i in range(mean.size):
        if data.counts[i] == 0.0 and mean[i] < 0.0:
            size = 1.0 + abs(model.constant[i])
            for k in range(values.size):
                size += abs(values[k] * model.templates[k, i])
            if mean[i] > -_ROUNDING * size:
                mean[i] = 0.0


@compiled
def _derivatives(model: Spectrum, data: Data, place: Place) -> None:
    """Put gradient and curvature of D into the last two arrays of `place`."""
    slope, curvature, size = place.slope, place.curvature, place.slope.size
    for k in range(size):
        slope[k] = -2.0 * data.pull[k]
        for j in range(size):
            slope[k] += 2.0 * model.weight[k, j] * (place.values[j] - model.start[j])
            curvature[k, j] = 2.0 * model.weight[k, j]
    for i in range(data.counts.size):
        n, mu = data.counts[i], place.mean[i]
        if n > 0.0:
            first, second = 2.0 - 2.0 * n / mu, 2.0 * n / (mu * mu)
            for k in range(size):
                one = model.templates[k, i]
                slope[k] += first * one
                for j in range(size):
                    curvature[k, j] += second * one * model.templates[j, i]
        else:
            for k in range(size):
                slope[k] += 2.0 * model.templates[k, i]
    for k in range(size):
        curvature[k, k] += _RIDGE * (0.1 + curvature[k, k])


@compiled
def _newton(place: Place, held: int) -> bool:
    """Solve for Newton's step d and the multipliers l of the working set.

    ::

        H d - A^T l = -g,   A d = 0
    """
    matrix, solution, size = place.matrix, place.solution, place.slope.size
    for r in range(size):
        solution[r] = -place.slope[r]
        for c in range(size):
            matrix[r, c] = place.curvature[r, c]
        for h in range(held):
            matrix[r, size + h] = -place.normals[h, r]
            matrix[size + h, r] = place.normals[h, r]
    for h in range(held):
        solution[size + h] = 0.0
        for other in range(held):
            matrix[size + h, size + other] = 0.0
    if not solve(matrix, solution, size + held):
        return False
    _project(place, held, solution[:size])
    return True


@compiled
def _project(place: Place, held: int, step: Array) -> None:
    """Remove from a step what rounding has left of it across the working set."""
    size, basis = step.size, place.basis
    for h in range(held):
        basis[h] = place.normals[h]
        normalise(basis[h])
        for other in range(2 * h):  # each twice, for rounding
            remove(basis[h], basis[other % h])
        normalise(basis[h])
    for h in range(2 * held):
        remove(step, basis[h % held])
    for k in range(size):
        if held == size or _is_held(place, k) or _is_held(place, size + k):
            step[k] = 0.0


@compiled
def _leaving(model: Spectrum, data: Data, place: Place, multipliers: Array, by_number: bool) -> int:
    """Return which of the working set holds the solution back most, or -1.

    By number: the first of them in the order of all constraints, which never cycles.
    """
    largest = 0.0  # sum that an element of the gradient consists of
    for k in range(place.slope.size):
        total = 2.0 * abs(data.pull[k])
        for i in range(data.counts.size):
            ratio = data.counts[i] / place.mean[i] if data.counts[i] > 0.0 else 0.0
            total += (2.0 + 2.0 * ratio) * abs(model.templates[k, i])
        largest = max(largest, total)
    chosen, worst = -1, 0.0
    for h in range(multipliers.size):
        noise = largest / np.max(np.abs(place.normals[h]))
        if multipliers[h] < -_MULTIPLIER * noise:
            rank = float(place.working[h]) if by_number else multipliers[h]
            if chosen < 0 or rank < worst:
                chosen, worst = h, rank
    return chosen


@compiled
def _reach(model: Spectrum, data: Data, place: Place, step: Array) -> tuple[float, int]:
    """Return how much of a step is possible, and which constraint ends it, or -1.

    Constraints 0 to p - 1 are lower bounds, p to 2p - 1 upper bounds, 2p + i is mu_i >= 0.
    """
    length, blocking, size = 1.0, -1, step.size
    largest = 0.0
    for k in range(size):
        largest = max(largest, abs(step[k]))
    for k in range(size):
        here = place.values[k]
        if abs(step[k]) <= _ALONG * largest:
            continue  # along the bound, but for rounding
        if step[k] < 0.0 and here + length * step[k] < model.low[k]:
            length, blocking = max((model.low[k] - here) / step[k], 0.0), k
        elif step[k] > 0.0 and here + length * step[k] > model.high[k]:
            length, blocking = max((model.high[k] - here) / step[k], 0.0), size + k
    wall = math.inf
    for i in range(data.counts.size):
        change, sizes = 0.0, 0.0
        for k in range(size):
            change += step[k] * model.templates[k, i]
            sizes += largest * abs(model.templates[k, i])
        if change < -_ALONG * sizes:
            if data.counts[i] > 0.0:
                wall = min(wall, -place.mean[i] / change)
            elif place.mean[i] + length * change < 0.0 and not _is_held(place, 2 * size + i):
                length, blocking = -place.mean[i] / change, 2 * size + i
    if length > _BARRIER * wall:
        return _BARRIER * wall, -1
    return length, blocking


@compiled
def _is_held(place: Place, which: int) -> bool:
    found = False
    for one in place.working:
        found = found or one == which
    return found


@compiled
def _hold(model: Spectrum, place: Place, held: int, which: int) -> None:
    """Put a constraint into the working set."""
    size = place.slope.size
    place.working[held] = which
    if which < size:
        place.values[which] = model.low[which]  # not a rounding beside it
    elif which < 2 * size:
        place.values[which - size] = model.high[which - size]
    for k in range(size):
        if which < 2 * size:
            sign = 1.0 if which < size else -1.0
            place.normals[held, k] = sign if which % size == k else 0.0
        else:
            place.normals[held, k] = model.templates[k, which - 2 * size]


@compiled
def _release(place: Place, held: int, which: int) -> None:
    """Take a member out of the working set."""
    for h in range(which, held - 1):
        place.working[h] = place.working[h + 1]
        for k in range(place.slope.size):
            place.normals[h, k] = place.normals[h + 1, k]
    place.working[held - 1] = -1


@compiled
def _move(model: Spectrum, data: Data, place: Place, step: Array, length: float) -> float:
    """Go along a step, within the bounds, and return D there."""
    for k in range(step.size):
        moved = place.values[k] + length * step[k]
        place.moved[k] = min(max(moved, model.low[k]), model.high[k])
    _expect(model, data, place.moved, place.trial)
    return _deviance(data.counts, place.trial) + _gaussian(model, data, place.moved)


@compiled
def _descend(model: Spectrum, data: Data, place: Place, held: int) -> tuple[float, int]:
    """Run Newton's method from a possible place."""
    size = place.slope.size
    solution = place.solution
    deviance = _deviance(data.counts, place.mean) + _gaussian(model, data, place.values)
    idle, enough = 0, _DECREMENT
    for _ in range(_STEPS):
        enough = min(_GROWTH * enough, _LAST_DECREMENT)
        _derivatives(model, data, place)
        if not _newton(place, held):
            return deviance, NOT_CONVERGED
        step = solution[:size]
        decrement = 0.0
        for k in range(size):
            decrement -= step[k] * place.slope[k]
        if decrement < enough:
            length, _ = _reach(model, data, place, step)
            deviance = _move(model, data, place, step, length)  # for theta; D is at its least
            place.values[:], place.mean[:] = place.moved, place.trial
            multipliers = solution[size : size + held]
            chosen = _leaving(model, data, place, multipliers, idle > _IDLE)
            if chosen < 0:
                return deviance, DONE
            _release(place, held, chosen)
            held, idle = held - 1, idle + 1
            continue
        length, blocking = _reach(model, data, place, step)
        for _ in range(_HALVINGS):
            found = _move(model, data, place, step, length)
            if found <= deviance - _SUFFICIENT * length * decrement + _ROUNDING * deviance:
                break
            length, blocking = length / 2, -1
        else:
            return deviance, NOT_CONVERGED
        idle = 0 if found < deviance - _DECREMENT else idle
        place.values[:], place.mean[:], deviance = place.moved, place.trial, found
        if blocking >= 0:
            _hold(model, place, held, blocking)
            held += 1
    return deviance, NOT_CONVERGED


@compiled
def fit_many(model: Spectrum, batch: Data, values: Array, deviances: Array, ends: Integers) -> None:
    """Fit every row of counts; fill `values`, `deviances` and `ends`.

    Parameters
    ----------
    model : Spectrum
        What is fitted [dimensionless].
    batch : Data
        With a leading axis of toys [dimensionless].
    values : ndarray
        Shape (toy, parameter): where to begin, on return theta [dimensionless].
    deviances : ndarray
        D of each, shape (toy,) [dimensionless].
    ends : ndarray
        `DONE`, `NOT_CONVERGED` or `IMPOSSIBLE` (at the start) [dimensionless].
    """
    size, bins = model.templates.shape
    place = Place(
        np.empty(size), np.empty(bins), np.empty(size), np.empty(bins), np.empty(size),
        np.empty((size, size)), np.empty(size, np.int64), np.empty((size, size)),
        np.empty((size, size)), np.empty((2 * size, 2 * size)), np.empty(2 * size),
    )  # fmt: skip
    for toy in range(batch.counts.shape[0]):
        data = Data(batch.counts[toy], batch.pull[toy], batch.offset[toy])
        place.values[:], place.working[:] = values[toy], -1
        _expect(model, data, place.values, place.mean)
        if math.isfinite(_deviance(data.counts, place.mean)):
            deviances[toy], ends[toy] = _descend(model, data, place, 0)
        else:
            deviances[toy], ends[toy] = math.inf, IMPOSSIBLE
        values[toy] = place.values
