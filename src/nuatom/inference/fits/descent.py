"""Newton's method with bounds for a likelihood, second derivatives from its gradient.

A parameter whose deviance still falls beyond its bound is held there; all others take the
step ``-H^-1 g``, shortened until D falls.  Second derivatives H are differences of the
gradient over a thousandth of the error that they imply themselves.

References
----------
Bertsekas, SIAM J. Control Optim. 20, 221 (1982).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import linalg

from nuatom.arrays import Array
from nuatom.inference.likelihood import Likelihood, Wall

Places = npt.NDArray[np.int_]
Flags = npt.NDArray[np.bool_]

DEGENERATE = 1e-8
"""Least eigenvalue of the curvature, its diagonal set to 1, that is not a flat direction."""
_FALL = 1e-10
"""The end: D is expected to fall by less than this."""
_NEAR = 1e-6
"""Where rounding stops the search, it is a minimum if D was to fall by less than this."""
_ROUNDING = 1e-13
"""Relative rounding of D, added to both."""
_STEP = 1e-3
"""Step of differences, in units of the error that the curvature itself implies."""
_FARTHEST = 1e9
"""A parameter is flat where such a step is longer than this, in units of its scale."""
_SLOPE = 1e-9
"""Least slope over 1 + |D|, in units of the scale, that is more than rounding."""
_TRUST = 3.0
"""Longest step where D is not convex, in units of the error that the curvature implies."""
_ITERATIONS = 80
_HALVINGS = 40


class Problem:
    """A likelihood as a function of its free parameters in units of their scales.

    Parameters
    ----------
    likelihood : Likelihood
        To be minimised [likelihood].
    fixed : mapping
        Parameter -> value at which it is held [any].
    """

    def __init__(self, likelihood: Likelihood, fixed: Mapping[str, float]) -> None:
        """Sort parameters into free and fixed ones."""
        self.likelihood = likelihood
        self.fixed = fixed
        self._base = likelihood.values(fixed)
        free = [k for k, name in enumerate(likelihood.names) if name not in fixed]
        self.free = np.array(free, dtype=int)
        self.parameters = tuple(likelihood.parameters[k] for k in free)
        self.scale = np.array([p.scale for p in self.parameters])
        low = np.array([p.low for p in self.parameters])
        high = np.array([p.high for p in self.parameters])
        self._ends = low, high
        self.low, self.high = low / self.scale, high / self.scale
        self.bounded = np.isfinite(low) & np.isfinite(high)

    def full(self, x: Array) -> Array:
        """Return the values of every parameter.

        Parameters
        ----------
        x : ndarray
            Shape (free,) [dimensionless].

        Returns
        -------
        ndarray
            Shape (parameter,), never out of range.
        """
        low, high = self._ends
        values = self._base.copy()  # and bounds are exact, whatever the scale rounds
        inner = np.where(x >= self.high, high, x * self.scale)
        values[self.free] = np.where(x <= self.low, low, inner)
        return values

    def deviance(self, x: Array) -> float:
        """Return D."""
        return self.likelihood.deviance(self.full(x))

    def gradient(self, x: Array) -> Array:
        """Return its derivatives to x."""
        return np.asarray(self.likelihood.gradient(self.full(x))[self.free] * self.scale)

    def walls(self, begin: Array) -> Wall:
        """Return what must not be negative, and its derivatives to x."""
        wall = self.likelihood.walls(self.full(begin))

        def inner(x: Array) -> tuple[Array, Array]:
            """Return the walls at x."""
            numbers, rows = wall(self.full(x))
            return numbers, rows[:, self.free] * self.scale

        return inner

    def held(self, x: Array) -> Flags:
        """Tell which parameters are at a bound.

        Parameters
        ----------
        x : ndarray
            Shape (free,) [dimensionless].

        Returns
        -------
        ndarray
            Booleans, shape (free,).
        """
        return np.asarray((x <= self.low) | (x >= self.high))

    def clipped(self, x: Array) -> Array:
        """Return the nearest point within the bounds.

        Parameters
        ----------
        x : ndarray
            Shape (free,) [dimensionless].

        Returns
        -------
        ndarray
            Shape (free,).
        """
        return np.clip(x, self.low, self.high)

    def pushed(self, x: Array, gradient: Array) -> Flags:
        """Tell which parameters their bound holds back.

        Parameters
        ----------
        x : ndarray
            Shape (free,) [dimensionless].
        gradient : ndarray
            Of D there [dimensionless].

        Returns
        -------
        ndarray
            Booleans, shape (free,).
        """
        return np.asarray(((x <= self.low) & (gradient > 0)) | ((x >= self.high) & (gradient < 0)))


def curvature(problem: Problem, x: Array, which: Places) -> tuple[Array, Flags]:
    """Return second derivatives of D to some parameters, and which of these have none.

    Parameters
    ----------
    problem : Problem
        In units of the scales [any].
    x : ndarray
        Where, shape (free,) [dimensionless].
    which : ndarray
        Places of the parameters [dimensionless].

    Returns
    -------
    tuple of ndarray
        The symmetric matrix, shape (which, which), and booleans, shape (which,).

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("s",), np.ones((1, 2)), np.ones(2))
    >>> term = PoissonTerm(np.array([3.0, 5.0]), spectrum)
    >>> problem = Problem(Likelihood((Parameter("s"),), (term,)), {})
    >>> curvature(problem, np.array([1.0]), np.array([0]))[0].round(4)   # 2 sum n/mu^2
    array([[4.]])
    """
    columns = [_column(problem, x, k) for k in which]
    flat = np.array([column is None for column in columns], dtype=bool)
    matrix = np.array(
        [np.zeros(which.size) if column is None else column[which] for column in columns]
    ).reshape(which.size, which.size)
    return (matrix + matrix.T) / 2, flat


def _column(problem: Problem, x: Array, k: np.int_) -> Array | None:
    """Return the derivative of the gradient to x_k, or None where there is none."""
    step = _STEP
    for attempt in range(25):
        up, down = x.copy(), x.copy()
        up[k] = min(x[k] + step, problem.high[k])
        down[k] = max(x[k] - step, problem.low[k])
        column = (problem.gradient(up) - problem.gradient(down)) / (up[k] - down[k])
        bend = abs(float(column[k]))
        ideal = _STEP * np.sqrt(2 / bend) if bend > 0 else np.inf
        whole = up[k] == problem.high[k] and down[k] == problem.low[k]
        if ideal > (1e3 * step if whole else _FARTHEST):
            return None
        if 0.1 < step / ideal < 10 or (whole and ideal > step):
            break
        step = ideal if attempt == 0 else np.sqrt(step * ideal)
    return np.asarray(column)


def newton(problem: Problem, begin: Array) -> Array | None:
    """Return the end of Newton's method, or None if it is not a minimum.

    Parameters
    ----------
    problem : Problem
        In units of the scales [any].
    begin : ndarray
        Where D is finite, shape (free,) [dimensionless].

    Returns
    -------
    ndarray or None
        Shape (free,).

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("s",), np.ones((1, 2)), np.ones(2))
    >>> term = PoissonTerm(np.array([3.0, 5.0]), spectrum)
    >>> problem = Problem(Likelihood((Parameter("s", scale=0.5),), (term,)), {})
    >>> problem.full(newton(problem, np.zeros(1))).round(6)
    array([3.])
    """
    x = problem.clipped(begin)
    last = problem.deviance(x)
    for _ in range(_ITERATIONS):
        gradient = problem.gradient(x)
        move = _move(problem, x, gradient)
        if move is None:
            return None
        step, fall, convex = move
        noise = _ROUNDING * abs(last)
        end = _within(problem, x, step)
        at_bound = bool(np.any(problem.held(end) & ~problem.held(x)))
        found = None if fall < _FALL + noise else _searched(problem, x, end, last)
        if found is not None:
            x, last = found
            continue
        better = problem.deviance(end) <= last + _FALL + noise
        if better and at_bound:
            x, last = end, problem.deviance(end)  # the others move again
            continue
        x = end if better else x  # more digits of x for nothing
        return x if fall < _NEAR + 10 * noise and convex else None
    return None


def _move(problem: Problem, x: Array, gradient: Array) -> tuple[Array, float, bool] | None:
    """Return the step, by how much D should fall, and whether D is convex there.

    A parameter at a bound that the step would push out is left out of it, and one on which
    D does not depend stays if both its bounds are finite.
    """
    moving = np.flatnonzero(~problem.pushed(x, gradient))
    matrix, flat = curvature(problem, x, moving)
    rest = ~(flat & problem.bounded[moving] & (np.abs(gradient[moving]) < _least(problem, x)))
    moving, matrix, flat = moving[rest], matrix[np.ix_(rest, rest)], flat[rest]
    if np.any(flat):
        slide = _slide(problem, x, gradient, moving[flat])
        return None if slide is None else (slide, np.inf, False)
    free = np.ones(moving.size, dtype=bool)
    while True:
        step = np.zeros_like(x)
        step[moving[free]] = _solve(matrix[np.ix_(free, free)], -gradient[moving[free]])
        out = ((x <= problem.low) & (step < 0)) | ((x >= problem.high) & (step > 0))
        if not np.any(out):
            break
        free &= ~out[moving]
    return step, -float(gradient @ step) / 2, is_minimum(matrix)


def _within(problem: Problem, x: Array, step: Array) -> Array:
    """Return the end of a step, cut where it meets the first bound, which is met exactly."""
    bound = np.where(step > 0, problem.high, problem.low)
    room = np.full_like(x, np.inf)
    np.divide(bound - x, step, out=room, where=step != 0)
    part = min(1.0, float(room.min(initial=1.0)))
    return np.where((step != 0) & (room <= part), bound, problem.clipped(x + part * step))


def _searched(problem: Problem, x: Array, end: Array, last: float) -> tuple[Array, float] | None:
    """Return the first point, ever nearer, at which D is lower, and D there."""
    for halving in range(_HALVINGS):
        trial = end if halving == 0 else x + 0.5**halving * (end - x)
        value = problem.deviance(trial)
        if value < last:
            return trial, value
    return None


def _slide(problem: Problem, x: Array, gradient: Array, flat: Places) -> Array | None:
    """Return the step to the bounds of parameters on which D depends linearly."""
    step = np.zeros_like(x)
    for k in flat:
        bound = problem.low[k] if gradient[k] > 0 else problem.high[k]
        step[k] = bound - x[k]
    if not np.all(np.isfinite(step)) or np.any(np.abs(gradient[flat]) < _least(problem, x)):
        return None
    return step


def _least(problem: Problem, x: Array) -> float:
    """Return the least slope that is more than rounding."""
    return _SLOPE * (1 + abs(problem.deviance(x)))


def _solve(matrix: Array, right: Array) -> Array:
    """Return the step of Newton's method; against the slope in every principal direction.

    Where D is not convex, the step is no longer than a few errors that the curvature implies.
    """
    if right.size == 0:
        return right
    root = np.sqrt(np.maximum(np.abs(np.diag(matrix)), np.finfo(float).tiny))
    scaled = matrix / np.outer(root, root)
    try:
        return np.asarray(linalg.cho_solve(linalg.cho_factor(scaled), right / root) / root)
    except linalg.LinAlgError:
        values, vectors = linalg.eigh(scaled)
    step = vectors @ (vectors.T @ (right / root) / np.maximum(np.abs(values), DEGENERATE))
    length = float(np.linalg.norm(step))
    return np.asarray(step * min(1.0, _TRUST / max(length, 1e-300)) / root)


def is_minimum(matrix: Array) -> bool:
    """Tell whether a curvature has no flat and no falling direction.

    Parameters
    ----------
    matrix : ndarray
        Second derivatives, symmetric; may be empty [dimensionless].

    Returns
    -------
    bool
        True for an empty matrix.

    Example
    -------
    >>> is_minimum(np.array([[2.0, 2.0], [2.0, 2.0]]))
    False
    """
    diagonal = np.diag(matrix)
    if np.any(diagonal <= 0):
        return False
    root = np.sqrt(diagonal)
    values = linalg.eigvalsh(matrix / np.outer(root, root)) if root.size else np.ones(1)
    return bool(values[0] > DEGENERATE)
