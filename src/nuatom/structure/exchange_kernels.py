r"""Compiled loops of exact exchange between a wave of the continuum and the core.

The wave obeys ``(h + V - e) f = X f + sum_b b <g_b|f>``, where the exchange is ``X f =
sum_t weight_t Y^k[b f]/r b`` and the second sum keeps the wave orthogonal to the core.
With the outward integration G from zero and the regular wave f_0 of the local potential
this is ``f = f_0 + G(X f + ...)``, solved by GMRES.
"""

from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.compiled import compiled
from nuatom.structure.continuum_grid import POINTS_PER_CELL
from nuatom.structure.propagation import factorise_cells, regular_start, sweep


@compiled
def apply_exchange(
    wave: Array, core: Array, terms: tuple[Any, Array], kernels: Any, result: Array
) -> None:
    """Add ``X f`` to the result, in the cells where the core has its electrons.

    Parameters
    ----------
    wave : ndarray
        P and Q of f, shape (2, point) [any].
    core : ndarray
        P and Q of the orbitals, shape (orbital, 2, point) [1/length^(1/2)].
    terms : tuple of ndarray
        Integers (term, 3): orbital, rank, number of its cells; and weights (term,)
        [dimensionless].
    kernels : tuple of ndarray
        Of `radial_kernels` [any].
    result : ndarray
        Shape (2, point), added to [any].
    """
    numbers, weights = terms
    within, inner, outer, shrink, rise, fall = kernels
    n = POINTS_PER_CELL
    y = np.empty(n)
    for t in range(len(weights)):
        b, rank, cells = numbers[t]
        size = cells * n
        density = np.empty(size)
        outside = np.empty(cells + 1)
        for i in range(size):
            density[i] = core[b, 0, i] * wave[0, i] + core[b, 1, i] * wave[1, i]
        outside[cells] = 0.0
        for v in range(cells - 1, -1, -1):
            total = outside[v + 1]
            for j in range(n):
                total += outer[rank, v * n + j] * density[v * n + j]
            outside[v] = total * shrink[rank, v]
        inside = 0.0
        for v in range(cells):
            inside *= shrink[rank, v]
            beyond = outside[v + 1]
            for i in range(n):
                m = v * n + i
                y[i] = fall[rank, m] * inside + rise[rank, m] * beyond
            for j in range(n):  # inner loops over i run in parallel lanes
                factor = density[v * n + j]
                for i in range(n):
                    y[i] += within[rank, v, j, i] * factor
            for i in range(n):
                m = v * n + i
                y[i] *= weights[t]
                result[0, m] += y[i] * core[b, 0, m]
                result[1, m] += y[i] * core[b, 1, m]
            for j in range(n):
                inside += inner[rank, v * n + j] * density[v * n + j]


def radial_kernels(grid: tuple[Array, Array, Array], weights: Array, highest: int) -> Any:
    """Return the tables with which ``Y^k/r`` is summed cell by cell, for all ranks.

    All powers are taken relative to the outer end of a cell, so that none overflows.

    Parameters
    ----------
    grid : tuple of ndarray
        Points, boundaries of the cells, running integral on [0, 1] [length].
    weights : ndarray
        Of the points, shape (point,) [length].
    highest : int
        Largest rank [dimensionless].

    Returns
    -------
    tuple of ndarray
        Kernel within a cell (rank, cell, source, n); weights of the inner and outer moments
        (rank, point); factor from end to end of a cell (rank, cell); factors of the outer
        and inner moments at the points (rank, point).
    """
    points, boundaries, running = grid
    n, cells = len(running), len(boundaries) - 1
    rank = np.arange(highest + 1.0)
    x = (points.reshape(cells, n) / boundaries[1:, None])[None]
    power = x ** rank[:, None, None]
    shrink = (boundaries[:-1] / boundaries[1:]) ** rank[:, None]
    w = weights.reshape(cells, n)
    r = points.reshape(cells, n)
    before = np.diff(boundaries)[:, None, None] * running
    after = w[:, None, :] - before
    within = before * power[:, :, None, :] / (power * r)[:, :, :, None]
    within += after * power[:, :, :, None] / (power * r)[:, :, None, :]
    flat = (highest + 1, cells * n)
    outer = w / (power * r)
    fall = shrink[:, :, None] / (power * r)
    inner = w * power
    # the inner sum is carried from end to end, and shrunk when the next cell begins
    fall = fall / shrink[:, :, None]
    within = np.ascontiguousarray(np.swapaxes(within, 2, 3))
    return (
        within, inner.reshape(flat), outer.reshape(flat), shrink,
        power.reshape(flat), fall.reshape(flat),
    )  # fmt: skip


@compiled
def respond(
    wave: Array,
    system: tuple[Any, Any, Any, Array],
    core: tuple[Array, Any, Array, Array],
    kernels: Any,
    result: Array,
) -> tuple[float, float]:
    """Fill ``G(X f + sum_b b <g_b|f>)``, and return P and q at the end of the grid.

    Parameters
    ----------
    wave : ndarray
        P and ``q = c Q`` of f, shape (2, point) [any].
    system : tuple
        Factors of the cells, first cell, (widths of cells at each point, 1/c), and running
        integral [any].
    core : tuple
        Orbitals (orbital, 2, point); terms; b and g_b of those of the same kappa, each of
        shape (b, 2, point), g_b with the weights of the points [any].
    kernels : tuple of ndarray
        Of `radial_kernels` [any].
    result : ndarray
        Shape (2, point), filled; the wave itself remains [any].

    Returns
    -------
    tuple of float
        P and q at the end.
    """
    factors, first, (widths, inverse_c), running = system
    orbitals, terms, same, images = core
    result[:] = 0.0
    scaled = wave.copy()
    scaled[1] *= inverse_c
    apply_exchange(scaled, orbitals, terms, kernels, result)
    for b in range(len(same)):
        size = same.shape[2]
        overlap = 0.0
        for i in range(size):
            overlap += images[b, 0, i] * scaled[0, i] + images[b, 1, i] * scaled[1, i]
        for i in range(size):
            result[0, i] += overlap * same[b, 0, i]
            result[1, i] += overlap * same[b, 1, i]
    for i in range(result.shape[1]):
        up = -result[1, i] * inverse_c * widths[i]
        result[1, i] = result[0, i] * widths[i]
        result[0, i] = up
    return sweep(factors, running, (first, 0.0, 0.0), result)


@compiled
def orthogonalise(basis: Array, vector: Array, hessenberg: Array, k: int) -> float:
    """Make a vector orthogonal to the first ``k + 1`` of a basis and append it.

    Parameters
    ----------
    basis : ndarray
        Rows, orthonormal; row ``k + 1`` is filled [any].
    vector : ndarray
        Overwritten [any].
    hessenberg : ndarray
        Column k is filled [any].
    k : int
        Number of the step [dimensionless].

    Returns
    -------
    float
        Length of what is new.
    """
    for _ in range(2):
        for i in range(k + 1):
            overlap = np.dot(basis[i], vector)
            hessenberg[i, k] += overlap
            for j in range(len(vector)):
                vector[j] -= overlap * basis[i, j]
    length = float(np.sqrt(np.dot(vector, vector)))
    hessenberg[k + 1, k] = length
    for j in range(len(vector)):
        basis[k + 1, j] = vector[j] / max(length, 1e-300)
    return length


@compiled
def least_squares(hessenberg: Array, k: int, norm: float) -> tuple[Array, float]:
    """Return the combination of basis vectors with the least residual.

    Parameters
    ----------
    hessenberg : ndarray
        Of GMRES [any].
    k : int
        Number of the step [dimensionless].
    norm : float
        Of the right-hand side [any].

    Returns
    -------
    tuple
        Coefficients, shape (k + 1,), and the residual relative to the right-hand side.
    """
    target = np.zeros(k + 2)
    target[0] = norm
    part = np.ascontiguousarray(hessenberg[: k + 2, : k + 1])
    y = np.linalg.solve(part.T @ part, part.T @ target)
    return y.astype(np.float64), float(np.sqrt(((part @ y - target) ** 2).sum()) / norm)


@compiled
def solve_wave(
    kappa: int,
    level: Array,
    grid: tuple[Array, Array, Array, Array],
    core: tuple[Array, Any, Array, Array],
    settings: tuple[Any, float, float, int],
) -> tuple[Array, Array, float, int]:
    """Return the wave of one kappa with exchange, by GMRES.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    level : ndarray
        ``e - V`` at the points, shape (point,) [energy].
    grid : tuple of ndarray
        Points, widths of the cells, running integral, widths at each point [length].
    core : tuple
        As for `respond` [any].
    settings : tuple
        Radial kernels, 1/c, tolerance, and largest number of iterations [any].

    Returns
    -------
    tuple
        P and q (2, point), the same at the end (2,), relative residual, iterations.
    """
    points, widths, running, spread = grid
    kernels, inverse_c, tolerance, most = settings
    cells = (points, widths, running)
    first, p, q = regular_start(kappa, level, cells, inverse_c**2)
    factors = factorise_cells(kappa, level, cells, inverse_c**2, first)
    wave = np.zeros((2, len(points)))
    p, q = sweep(factors, running, (first, p, q), wave)
    size = np.abs(wave[0]).max()
    wave /= size
    ends = np.array([p / size, q / size])
    system = (factors, first, (spread, inverse_c), running)
    n = core[0].shape[2]
    metric = np.empty((2, n))
    metric[0] = np.sqrt(spread[:n])
    metric[1] = metric[0] * inverse_c
    basis = np.empty((most + 1, 2 * n))
    hessenberg = np.zeros((most + 1, most))
    images = np.empty((most, 2, len(points)))
    image_ends = np.empty((most, 2))
    trial = np.zeros((2, len(points)))
    basis[0] = (wave[:, :n] * metric).ravel()
    norm = float(np.sqrt(np.dot(basis[0], basis[0])))
    if norm < 1e-15:  # the barrier keeps the wave out of the atom
        return wave, ends, 0.0, 0
    basis[0] /= norm
    y, residual, steps = np.zeros(1), 1.0, 0
    for k in range(most):
        row = basis[k].reshape(2, n)
        trial[:, :n] = row / metric
        image_ends[k] = respond(trial, system, core, kernels, images[k])
        vector = (row - images[k, :, :n] * metric).ravel()
        length = orthogonalise(basis, vector, hessenberg, k)
        y, residual = least_squares(hessenberg, k, norm)
        steps = k + 1
        if residual < tolerance or length < 1e-14:
            break
    for k in range(steps):
        wave += y[k] * images[k]
        ends += y[k] * image_ends[k]
    return wave, ends, residual, steps
