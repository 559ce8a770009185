r"""Outward integration of the radial Dirac equation by Gauss collocation.

With ``q = c Q``, e the energy less the rest energy and sources s, t::

    P' = -(kappa/r) P - (2 + (e - V)/c^2) q + s,      q' = (kappa/r) q + (e - V) P + t.

In each cell P and q are polynomials that obey this at the Gauss points: an implicit
Runge-Kutta method of order 16 at the ends of the cells, symmetric, so that the flux is
conserved, and stable in the classically forbidden region.
"""

from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.compiled import compiled
from nuatom.structure.continuum_grid import POINTS_PER_CELL


@compiled
def factorise(matrix: Array, pivots: Any) -> None:
    """Replace a matrix by its LU factors, with row exchanges.

    Parameters
    ----------
    matrix : ndarray
        Shape (n, n), overwritten [any].
    pivots : ndarray of int
        Shape (n,), filled [dimensionless].
    """
    n = 2 * POINTS_PER_CELL  # a constant, so that the loops are unrolled
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[p, k]):
                p = i
        pivots[k] = p
        if p != k:
            for j in range(n):
                matrix[k, j], matrix[p, j] = matrix[p, j], matrix[k, j]
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, n):
            factor = matrix[i, k] * inverse
            matrix[i, k] = factor
            for j in range(k + 1, n):
                matrix[i, j] -= factor * matrix[k, j]


@compiled
def solve_factorised(matrix: Array, pivots: Any, right: Array) -> None:
    """Solve a linear system in place from the factors of `factorise`.

    Parameters
    ----------
    matrix : ndarray
        LU factors, shape (n, n), transposed so that loops run along rows [any].
    pivots : ndarray of int
        Row exchanges, shape (n,) [dimensionless].
    right : ndarray
        Right-hand side, overwritten by the solution, shape (n,) [any].
    """
    n = 2 * POINTS_PER_CELL  # a constant, so that the loops are unrolled
    for k in range(n):
        p = pivots[k]
        if p != k:
            right[k], right[p] = right[p], right[k]
    for k in range(n):
        value = right[k]
        for i in range(k + 1, n):
            right[i] -= matrix[k, i] * value
    for k in range(n - 1, -1, -1):
        right[k] /= matrix[k, k]
        value = right[k]
        for i in range(k):
            right[i] -= matrix[k, i] * value


@compiled
def fill_cell(
    matrix: Array, kappa: int, level: Array, cell: tuple[Array, float, Array], inverse_c2: float
) -> None:
    """Write the collocation matrix of one cell.

    Parameters
    ----------
    matrix : ndarray
        Shape (2n, 2n), overwritten [dimensionless].
    kappa : int
        Relativistic quantum number [dimensionless].
    level : ndarray
        ``e - V`` at the points, shape (n,) [energy].
    cell : tuple
        Radii of the points, width, and running integral on [0, 1] [length].
    inverse_c2 : float
        ``1/c^2`` [dimensionless].
    """
    r, width, running = cell
    n = POINTS_PER_CELL
    for i in range(n):
        for j in range(n):
            a = width * running[i, j]
            centrifugal = a * kappa / r[j]
            matrix[i, j] = centrifugal
            matrix[i, n + j] = a * (2.0 + level[j] * inverse_c2)
            matrix[n + i, j] = -a * level[j]
            matrix[n + i, n + j] = -centrifugal
        matrix[i, i] += 1.0
        matrix[n + i, n + i] += 1.0


@compiled
def factorise_cells(
    kappa: int, level: Array, grid: tuple[Array, Array, Array], inverse_c2: float, first: int
) -> tuple[Array, Any]:
    """Return the factors of the collocation matrices of all cells.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    level : ndarray
        ``e - V`` at the points, shape (point,) [energy].
    grid : tuple of ndarray
        Radii of the points, widths of the cells, running integral on [0, 1] [length].
    inverse_c2 : float
        ``1/c^2`` [dimensionless].
    first : int
        The cell at which to begin [dimensionless].

    Returns
    -------
    tuple of ndarray
        Transposed factors (cell, 2n, 2n) and row exchanges (cell, 2n); not set before `first`.
    """
    points, widths, running = grid
    n = POINTS_PER_CELL
    cells = len(widths)
    matrices = np.empty((cells, 2 * n, 2 * n))
    matrix = np.empty((2 * n, 2 * n))
    pivots = np.empty((cells, 2 * n), np.int64)
    for v in range(first, cells):
        part = slice(v * n, (v + 1) * n)
        cell = (points[part], widths[v], running)
        fill_cell(matrix, kappa, level[part], cell, inverse_c2)
        factorise(matrix, pivots[v])
        for i in range(2 * n):
            for j in range(2 * n):
                matrices[v, j, i] = matrix[i, j]
    return matrices, pivots


@compiled
def sweep(
    factors: tuple[Array, Any], running: Array, start: tuple[int, float, float], wave: Array
) -> tuple[float, float]:
    """Integrate outwards; the wave holds the sources before and the solution after.

    Parameters
    ----------
    factors : tuple of ndarray
        Of `factorise_cells` [any].
    running : ndarray
        Running integral on [0, 1], shape (n, n) [dimensionless].
    start : tuple
        First cell, and P and q at its beginning [1/length^(1/2)].
    wave : ndarray
        Shape (2, point): before, s and t times the width of their cell; after, P and q, zero
        in the cells before the first [1/length^(1/2)].

    Returns
    -------
    tuple of float
        P and q at the end of the grid.
    """
    matrices, pivots = factors
    n = POINTS_PER_CELL
    first, p, q = start
    # the polynomial through the beginning and the points of a cell, at its end
    extrapolation = np.linalg.solve(running.T, weights_of(running))
    keep = 1.0 - extrapolation.sum()
    wave[:, : first * n] = 0.0
    right = np.empty(2 * n)
    columns = running.T.copy()
    for v in range(first, matrices.shape[0]):
        right[:n] = p
        right[n:] = q
        for j in range(n):
            up, down = wave[0, v * n + j], wave[1, v * n + j]
            for i in range(n):
                right[i] += columns[j, i] * up
                right[n + i] += columns[j, i] * down
        solve_factorised(matrices[v], pivots[v], right)
        p, q = keep * p, keep * q
        for i in range(n):
            p += extrapolation[i] * right[i]
            q += extrapolation[i] * right[n + i]
            wave[0, v * n + i], wave[1, v * n + i] = right[i], right[n + i]
    return p, q


@compiled
def regular_start(
    kappa: int, level: Array, grid: tuple[Array, Array, Array], inverse_c2: float
) -> tuple[int, float, float]:
    """Return where to begin, and P and q there.

    The integration begins where the barrier has damped the wave by 1e-24; the part of the
    irregular solution that an inexact ratio of P and q lets in dies out from there.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    level : ndarray
        ``e - V`` at the points, shape (point,) [energy].
    grid : tuple of ndarray
        As for `factorise_cells` [length].
    inverse_c2 : float
        ``1/c^2`` [dimensionless].

    Returns
    -------
    tuple
        Number of the cell, P and q at its beginning.
    """
    points, widths, _ = grid
    n = POINTS_PER_CELL
    orbital = kappa if kappa > 0 else -kappa - 1
    action = 0.0
    first = 0
    barrier = orbital * (orbital + 1.0)
    turning = len(widths)
    for v in range(len(widths)):
        r = points[v * n]
        if level[v * n] * (2.0 + level[v * n] * inverse_c2) * r * r > barrier:
            turning = v
            break
    for v in range(turning - 1, -1, -1):
        r = points[v * n]
        wave = barrier / r**2 - level[v * n] * (2.0 + level[v * n] * inverse_c2)
        action += np.sqrt(max(wave, 0.0)) * widths[v]
        if action > 55.0:
            first = v
            break
    r = points[first * n]
    depth = level[first * n]
    strength = depth * r * depth * r * inverse_c2
    gamma = np.sqrt(max(kappa * kappa - strength, 0.25))
    mass = 2.0 + depth * inverse_c2
    # local powers of e - V and of the mass: -1 at a point charge, 0 inside a nucleus
    ratio = np.log(points[first * n + n - 1] / r)
    after = level[first * n + n - 1]
    if kappa < 0:
        power = np.log(max(after / depth, 1e-9)) / ratio if depth != 0.0 else 0.0
        return first, 1e-24, 1e-24 * depth * r / (gamma - kappa + 1.0 + power)
    power = np.log((2.0 + after * inverse_c2) / mass) / ratio
    return first, -1e-24 * mass * r / (kappa + gamma + 1.0 + power), 1e-24


@compiled
def weights_of(running: Array) -> Array:
    """Return the weights of the Gauss rule from its running integral.

    The running integral A and the weights b obey ``b_i A_ij + b_j A_ji = b_i b_j``.

    Parameters
    ----------
    running : ndarray
        Shape (n, n) [dimensionless].

    Returns
    -------
    ndarray
        Shape (n,).
    """
    n = POINTS_PER_CELL
    weights = np.empty(n)
    for i in range(n):
        weights[i] = 2.0 * running[i, i]
    return weights


@compiled
def regular_waves(
    kappas: Any, level: Array, grid: tuple[Array, Array, Array], inverse_c2: float, waves: Array
) -> Array:
    """Fill the regular solutions of several kappas in a local potential.

    Parameters
    ----------
    kappas : ndarray of int
        Relativistic quantum numbers, shape (m,) [dimensionless].
    level : ndarray
        ``e - V`` at the points, shape (point,) [energy].
    grid : tuple of ndarray
        Radii of the points, widths of the cells, running integral on [0, 1] [length].
    inverse_c2 : float
        ``1/c^2`` [dimensionless].
    waves : ndarray
        Shape (m, 2, point), zero; filled with P and ``c Q``, of any norm [1/length^(1/2)].

    Returns
    -------
    ndarray
        P and ``c Q`` at the end of the grid, shape (m, 2).
    """
    ends = np.empty((len(kappas), 2))
    for i in range(len(kappas)):
        start = regular_start(kappas[i], level, grid, inverse_c2)
        factors = factorise_cells(kappas[i], level, grid, inverse_c2, start[0])
        ends[i] = sweep(factors, grid[2], start, waves[i])
    return ends
