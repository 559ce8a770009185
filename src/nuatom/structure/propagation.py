r"""Outward integration of the radial Dirac equation by Gauss collocation.

With ``q = c Q``, e the energy less the rest energy, ``m = 2 + (e - V)/c^2`` and sources s, t::

    P' = -(kappa/r) P - m q + s,      q' = (kappa/r) q + (e - V) P + t.

In each cell P and q are polynomials that obey this at the Gauss points: an implicit
Runge-Kutta method of order 16 at the ends of the cells, symmetric, so that the flux is
conserved, and stable in the classically forbidden region.

With A the running integral over a cell of width h, ``D = A^-1/h`` differentiates: at the points
``P' = D P - d p``, with p the value at the beginning and ``d = D 1``.  The first equation gives
q, and the second becomes ``M P = (D - kappa/r)(d p + s)/m - d q - t`` with ``M = (D - kappa/r)
1/m (D + kappa/r) + e - V``, whose only full product, ``D 1/m D``, is common to all kappas.
"""

from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.compiled import compiled
from nuatom.structure.continuum_grid import POINTS_PER_CELL

BARRIER = 40.0
"""Logarithm of the damping behind which a wave begins."""


@compiled
def invert(matrix: Array, order: Any) -> None:
    """Replace a matrix by its inverse (Gauss-Jordan elimination with row exchanges).

    Parameters
    ----------
    matrix : ndarray
        Shape (n, n), n the points of a cell, overwritten [any].
    order : ndarray of int
        Room for the exchanges, shape (n,) [dimensionless].
    """
    n = POINTS_PER_CELL  # a constant, so that the loops are unrolled
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[p, k]):
                p = i
        order[k] = p
        if p != k:
            for j in range(n):
                matrix[k, j], matrix[p, j] = matrix[p, j], matrix[k, j]
        pivot = 1.0 / matrix[k, k]
        matrix[k, k] = 1.0
        for j in range(n):
            matrix[k, j] *= pivot
        for i in range(n):
            if i != k:
                factor = matrix[i, k]
                matrix[i, k] = 0.0
                for j in range(n):
                    matrix[i, j] -= factor * matrix[k, j]
    for k in range(n - 1, -1, -1):
        p = order[k]
        if p != k:
            for i in range(n):
                matrix[i, k], matrix[i, p] = matrix[i, p], matrix[i, k]


@compiled
def common_matrices(
    level: Array, grid: tuple[Array, Array, Array], inverse_c2: float
) -> tuple[Array, Array, Array]:
    """Return what the collocation matrices of all kappas have in common.

    Parameters
    ----------
    level : ndarray
        ``e - V`` at the points, shape (point,) [energy].
    grid : tuple of ndarray
        Radii of the points, widths of the cells, running integral on [0, 1] [length].
    inverse_c2 : float
        ``1/c^2`` [dimensionless].

    Returns
    -------
    tuple of ndarray
        ``D 1/m D + e - V``, shape (cell, n, n); ``1/m`` (point,); ``A^-1`` (n, n).
    """
    _, widths, running = grid
    n = POINTS_PER_CELL
    slope: Any = np.linalg.inv(running)
    common = np.empty((len(widths), n, n))
    inverse_mass = 1.0 / (2.0 + level * inverse_c2)
    row = np.empty(n)
    for v in range(len(widths)):
        scale = 1.0 / widths[v] ** 2
        for i in range(n):
            row[:] = 0.0
            for k in range(n):
                factor = slope[i, k] * inverse_mass[v * n + k] * scale
                for j in range(n):
                    row[j] += factor * slope[k, j]
            row[i] += level[v * n + i]
            for j in range(n):
                common[v, i, j] = row[j]
    return common, inverse_mass, slope


@compiled
def cell_inverses(
    kappa: int, grid: tuple[Array, Array, Array], shared: tuple[Array, Array, Array], first: int
) -> Array:
    """Return ``M^-1`` of all cells.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    grid : tuple of ndarray
        As for `common_matrices` [length].
    shared : tuple of ndarray
        Of `common_matrices` [any].
    first : int
        The cell at which to begin [dimensionless].

    Returns
    -------
    ndarray
        Transposed, shape (cell, n, n); not set before `first`.
    """
    points, widths, _ = grid
    common, inverse_mass, slope = shared
    n = POINTS_PER_CELL
    inverses = np.empty((len(widths), n, n))
    matrix = np.empty((n, n))
    order = np.empty(n, np.int64)
    twist, barrier = np.empty(n), np.empty(n)  # kappa/(r m) and its square times m
    for v in range(first, len(widths)):
        for i in range(n):
            over = kappa / points[v * n + i]
            twist[i] = over * inverse_mass[v * n + i]
            barrier[i] = twist[i] * over
        scale = 1.0 / widths[v]
        for i in range(n):
            for j in range(n):
                matrix[i, j] = common[v, i, j] + scale * slope[i, j] * (twist[j] - twist[i])
            matrix[i, i] -= barrier[i]
        invert(matrix, order)
        for i in range(n):
            for j in range(n):
                inverses[v, j, i] = matrix[i, j]
    return inverses


@compiled
def sweep(
    cells: tuple[int, Array, tuple[Array, Array, Array], Array, Array],
    start: tuple[int, float, float],
    wave: Array,
    ends: Array,
) -> None:
    """Integrate outwards; the wave holds the sources before and the solution after.

    Parameters
    ----------
    cells : tuple
        kappa, inverses of `cell_inverses`, the grid, and ``1/m`` and ``A^-1`` of
        `common_matrices` [any].
    start : tuple
        First cell, and P and q at its beginning [1/length^(1/2)].
    wave : ndarray
        Shape (2, point): before, s and t; after, P and q, zero in the cells before the first
        [1/length^(1/2)].
    ends : ndarray
        Filled with P and q at the end of the grid, shape (2,) [1/length^(1/2)].
    """
    kappa, inverses, (points, widths, running), inverse_mass, slope = cells
    n = POINTS_PER_CELL
    first, p, q = start
    # the polynomial through the beginning and the points of a cell, at its end
    weights = np.empty(n)
    for i in range(n):  # of a Gauss rule, from b_i A_ij + b_j A_ji = b_i b_j
        weights[i] = 2.0 * running[i, i]
    extrapolation = slope.T @ weights
    keep = 1.0 - extrapolation.sum()
    begin = slope.sum(axis=1)
    columns = slope.T.copy()
    wave[:, : first * n] = 0.0
    up, right, large, turned = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for v in range(first, len(widths)):
        scale = 1.0 / widths[v]
        for i in range(n):
            m = v * n + i
            up[i] = begin[i] * scale * p + wave[0, m]
            turned[i] = up[i] * inverse_mass[m]
            right[i] = -turned[i] * kappa / points[m] - begin[i] * scale * q - wave[1, m]
            large[i] = 0.0
        for j in range(n):
            factor = turned[j] * scale
            for i in range(n):
                right[i] += columns[j, i] * factor
        for j in range(n):
            factor = right[j]
            for i in range(n):
                large[i] += inverses[v, j, i] * factor
        for i in range(n):
            up[i] -= large[i] * kappa / points[v * n + i]
        for j in range(n):
            factor = large[j] * scale
            for i in range(n):
                up[i] -= columns[j, i] * factor
        p, q = keep * p, keep * q
        for i in range(n):
            m = v * n + i
            small = up[i] * inverse_mass[m]
            p += extrapolation[i] * large[i]
            q += extrapolation[i] * small
            wave[0, m], wave[1, m] = large[i], small
    ends[0], ends[1] = p, q


@compiled
def regular_start(
    kappa: int, level: Array, grid: tuple[Array, Array, Array], inverse_c2: float
) -> tuple[int, float, float]:
    """Return where to begin, and P and q there.

    The integration begins where the barrier has damped the wave by ``exp(-BARRIER)``; the part
    of the irregular solution that an inexact ratio of P and q lets in dies out from there.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    level : ndarray
        ``e - V`` at the points, shape (point,) [energy].
    grid : tuple of ndarray
        As for `common_matrices` [length].
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
        if action > BARRIER:
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
    shared = common_matrices(level, grid, inverse_c2)
    for i in range(len(kappas)):
        start = regular_start(kappas[i], level, grid, inverse_c2)
        inverses = cell_inverses(kappas[i], grid, shared, start[0])
        cells = (kappas[i], inverses, grid, shared[1], shared[2])
        sweep(cells, start, waves[i], ends[i])
    return ends
