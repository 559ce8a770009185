"""Minima at the edge of what is possible, and the way back from beyond it.

Where a bin has no counts its deviance 2 mu is finite down to mu = 0 and impossible below,
so that D may be least on that edge with a slope.  The edges are constraints of a sequence
of least-squares problems (SLSQP).

References
----------
Kraft, "A software package for sequential quadratic programming", DFVLR-FB 88-28 (1988).
"""

from typing import NamedTuple

import numpy as np
from scipy import linalg, optimize

from nuatom.arrays import Array
from nuatom.inference.fits.descent import Problem, curvature, is_minimum
from nuatom.inference.likelihood import Wall

MARGIN = 1e-10
"""How far from an edge a minimum is kept, in counts: D rises by twice as much."""
_ACTIVE = 1e-5
"""Walls closer than this, in counts, may hold a minimum."""
_BOUND = 1e-6
"""Bounds closer than this, in units of the scale, may hold it, too."""
_POLISHES = 3
_PRECISION = 1e-13
_ROUNDING = 1e-9
_STEPS = 500
LOSS = 1e-6
"""A minimum may be above a point that was known by no more than this."""
_ROOM = 1.0
"""Counts by which a start is moved into the possible, where there is as much room."""


def at_edge(problem: Problem, begin: Array) -> tuple[Array, Array] | None:
    """Return a minimum at an edge, and the derivatives of the walls that hold it.

    Parameters
    ----------
    problem : Problem
        In units of the scales [any].
    begin : ndarray
        Where D is finite, shape (free,) [dimensionless].

    Returns
    -------
    tuple of ndarray, or None
        Shapes (free,) and (wall, free); None if there is no such minimum.

    Example
    -------
    >>> from nuatom.inference import Likelihood, LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("s",), np.array([[1.0, 2.0]]), np.ones(2))
    >>> empty = Likelihood((Parameter("s"),), (PoissonTerm(np.zeros(2), spectrum),))
    >>> x, walls = at_edge(Problem(empty, {}), np.zeros(1))
    >>> x.round(6), walls      # 1 + 2 s = 0
    (array([-0.5]), array([[2.]]))
    """
    wall = problem.walls(begin)
    if wall(begin)[0].size == 0:
        return None
    ceiling = 1e3 * (1 + abs(problem.deviance(begin)))

    def deviance(x: Array) -> float:
        """Return D, and more than can be least where it is infinite."""
        value = problem.deviance(x)
        return value if np.isfinite(value) else ceiling

    end = optimize.minimize(
        deviance,
        begin,
        jac=problem.gradient,
        method="SLSQP",
        bounds=optimize.Bounds(problem.low, problem.high),
        constraints={
            "type": "ineq",
            "fun": lambda x: wall(x)[0] - MARGIN,
            "jac": lambda x: wall(x)[1],
        },
        options={"ftol": _PRECISION, "maxiter": _STEPS},
    )
    x = _snapped(problem, end.x)
    for _ in range(_POLISHES):
        held = _held(problem, wall, x)
        better = x if held.step is None else _snapped(problem, x + held.step)
        if not problem.deviance(better) <= problem.deviance(x) + LOSS:
            break
        x = better
    held = _held(problem, wall, x)
    if held.step is None or held.fall > LOSS or held.walls.size == 0:
        return None
    return (x, held.walls) if problem.deviance(x) <= problem.deviance(begin) + LOSS else None


def inside(problem: Problem, begin: Array) -> Array | None:
    """Return a point where the data are possible, away from the edges; None if none is found.

    The least number that must not be negative is made as large as it can be, up to one.

    Parameters
    ----------
    problem : Problem
        In units of the scales [any].
    begin : ndarray
        Where the data are impossible, shape (free,) [dimensionless].

    Returns
    -------
    ndarray or None
        Shape (free,).

    Example
    -------
    >>> from nuatom.inference import Likelihood, LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("s",), np.array([[1.0, 2.0]]), np.ones(2))
    >>> counts = Likelihood((Parameter("s"),), (PoissonTerm(np.ones(2), spectrum),))
    >>> np.abs(inside(Problem(counts, {}), np.array([-3.0]))).round(6)     # one count in each bin
    array([0.])
    """
    if begin.size == 0:
        return None
    wall = problem.walls(begin)
    numbers, rows = wall(begin)
    movable = np.any(rows != 0, axis=1)
    if not np.any(movable):
        return None

    def room(y: Array) -> Array:
        """Return the walls less the last number, which is to be as large as possible."""
        return np.asarray(wall(y[:-1])[0][movable] - y[-1])

    def slopes(y: Array) -> Array:
        """Return its derivatives."""
        rows = wall(y[:-1])[1][movable]
        return np.hstack([rows, np.full((rows.shape[0], 1), -1.0)])

    end = optimize.minimize(
        lambda y: -y[-1],
        np.append(begin, numbers[movable].min()),
        jac=lambda y: np.append(np.zeros(y.size - 1), -1.0),
        method="SLSQP",
        bounds=optimize.Bounds(np.append(problem.low, -np.inf), np.append(problem.high, _ROOM)),
        constraints={"type": "ineq", "fun": room, "jac": slopes},
        options={"maxiter": _STEPS},
    )
    x = problem.clipped(end.x[:-1])
    return x if np.isfinite(problem.deviance(x)) else None


def _snapped(problem: Problem, x: Array) -> Array:
    """Return a point with parameters that rounding keeps off their bounds set on them."""
    near = _ROUNDING * (1 + np.abs(x))
    x = np.where(x < problem.low + near, problem.low, x)
    return np.where(x > problem.high - near, problem.high, x)


class _Held(NamedTuple):
    """What holds a minimum: walls, and the step and fall that Newton's method still expects."""

    walls: Array
    step: Array | None
    fall: float


def _held(problem: Problem, wall: Wall, x: Array) -> _Held:
    """Return the walls against which D falls, and the step to the minimum along them.

    The conditions of Karush, Kuhn and Tucker: the slope is a sum of the normals R of walls
    and bounds, ``g = R^T m`` with m >= 0; along directions Z with ``R Z = 0`` the slope
    vanishes, and D is convex.
    """
    numbers, rows = wall(x)
    near = (numbers < _ACTIVE) & np.any(rows != 0, axis=1)
    unit = np.eye(x.size)
    low, high = x - problem.low < _BOUND, problem.high - x < _BOUND
    normals = np.vstack([rows[near], unit[low], -unit[high]])
    if normals.size == 0:
        return _Held(normals, None, np.inf)
    distance = np.concatenate(
        [numbers[near] - MARGIN, (x - problem.low)[low], (problem.high - x)[high]]
    )
    length = np.linalg.norm(normals, axis=1)
    gradient = problem.gradient(x)
    holding, _ = optimize.nnls((normals / length[:, None]).T, gradient)
    strong = holding > 0
    back = -np.linalg.pinv(normals[strong]) @ distance[strong]
    along = linalg.null_space(normals[strong]) if np.any(strong) else unit
    walls = rows[near][strong[: np.count_nonzero(near)]]
    if along.shape[1] == 0:
        return _Held(walls, back, 0.0)
    matrix, _ = curvature(problem, x, np.arange(x.size))
    inner = along.T @ matrix @ along
    if not is_minimum(inner):
        return _Held(walls, None, np.inf)
    slope = along.T @ (gradient + matrix @ back)
    move = linalg.solve(inner, slope, assume_a="pos")
    return _Held(walls, back - along @ move, float(slope @ move) / 2)
