r"""Compiled loops of exact exchange between a wave of the continuum and the core.

The wave obeys ``(h + V - e) f = X f + sum_b b <g_b|f>``, where the exchange is ``X f =
sum_t weight_t Y^k[b f]/r b`` and the second sum keeps the wave orthogonal to the core.
With the outward integration G from zero and the regular wave f_0 of the local potential
this is ``f = f_0 + G(X f + ...)``, solved by GMRES.
"""

from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.compiled import compiled
from nuatom.structure.continuum_grid import POINTS_PER_CELL
from nuatom.structure.propagation import cell_inverses, regular_start, sweep

SLIGHT = 10.0
"""Phase from all terms over that from one term, below which exchange is left out."""


@compiled
def add_term(
    rank: int, cells: tuple[int, int], density: Array, kernels: Any, weight: float, total: Array
) -> None:
    """Add ``weight Y^k/r`` of a density.

    Slices of arrays by point and cell let the loops over cells run in parallel lanes.

    Parameters
    ----------
    rank : int
        k [dimensionless].
    cells : tuple of int
        First cell, and end of the cells [dimensionless].
    density : ndarray
        With the widths of the cells, shape (point, cell) [any].
    kernels : tuple of ndarray
        Of `radial_kernels` [any].
    weight : float
        Factor [dimensionless].
    total : ndarray
        Shape (point, cell), added to [any].
    """
    rise, fall, shrink, _, rules = kernels
    first, end = cells
    n, size = density.shape
    sources = np.empty((n, 2 * size))
    for i in range(n):
        up, down = rise[rank, i, first:end], fall[rank, i, first:end]
        below, above, charge = sources[i, :size], sources[i, size:], density[i]
        for v in range(size):
            below[v], above[v] = up[v] * charge[v], down[v] * charge[v]
    sums = np.dot(rules, sources)
    inside, outside = np.empty(size), np.empty(size)
    before, beyond = 0.0, 0.0
    for v in range(size):
        before *= shrink[rank, first + v]
        inside[v] = before
        before += sums[n, v]
    for v in range(size - 1, -1, -1):
        beyond += sums[n, size + v]
        outside[v] = beyond
        beyond *= shrink[rank, first + v]
    for i in range(n):
        up, down = rise[rank, i, first:end], fall[rank, i, first:end]
        near, far, goal = sums[i, :size], sums[i, size:], total[i]
        for v in range(size):
            y = down[v] * (inside[v] + near[v]) + up[v] * (outside[v] - far[v])
            goal[v] += weight * y


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
        Integers (term, 4): orbital, rank, first cell, and end of its cells; and weights
        (term,) [dimensionless].
    kernels : tuple of ndarray
        Of `radial_kernels` [any].
    result : ndarray
        Shape (2, point), added to [any].
    """
    numbers, weights = terms
    widths = kernels[3]
    n = POINTS_PER_CELL
    for t in range(len(weights)):
        b, rank, first, end = numbers[t]
        if t == 0 or numbers[t - 1, 0] != b:  # terms of one orbital follow each other
            density, total = np.empty((n, end - first)), np.zeros((n, end - first))
            for v in range(end - first):
                for i in range(n):
                    m = (first + v) * n + i
                    product = core[b, 0, m] * wave[0, m] + core[b, 1, m] * wave[1, m]
                    density[i, v] = widths[first + v] * product
        add_term(rank, (first, end), density, kernels, weights[t], total)
        if t + 1 == len(weights) or numbers[t + 1, 0] != b:
            for v in range(end - first):
                for i in range(n):
                    m = (first + v) * n + i
                    result[0, m] += total[i, v] * core[b, 0, m]
                    result[1, m] += total[i, v] * core[b, 1, m]


def radial_kernels(grid: tuple[Array, Array, Array], highest: int) -> Any:
    """Return the tables with which ``Y^k/r`` is summed cell by cell, for all ranks.

    All powers are taken relative to the outer end of a cell, so that none overflows.

    Parameters
    ----------
    grid : tuple of ndarray
        Points, boundaries of the cells, running integral on [0, 1] [length].
    highest : int
        Largest rank [dimensionless].

    Returns
    -------
    tuple of ndarray
        ``x^k`` and ``1/(x^k r)`` at the points with x the radius over the end of its cell
        (rank, point, cell); factor from end to end of a cell (rank, cell); widths; and the
        running integral with, as its last row, the weights of its rule.
    """
    points, boundaries, running = grid
    r = points.reshape(len(boundaries) - 1, len(running)).T
    rise = np.empty((highest + 1, *r.shape))
    shrink = np.empty((highest + 1, r.shape[1]))
    rise[0], shrink[0] = 1.0, 1.0
    for rank in range(highest):
        rise[rank + 1] = rise[rank] * (r / boundaries[1:])
        shrink[rank + 1] = shrink[rank] * (boundaries[:-1] / boundaries[1:])
    rules = np.vstack([running, 2 * np.diag(running)])
    return rise, 1 / (rise * r), shrink, np.diff(boundaries), rules


@compiled
def respond(
    wave: Array,
    system: tuple[Any, int, float],
    core: tuple[Array, Any, Array, Array],
    kernels: Any,
    results: tuple[Array, Array],
) -> None:
    """Fill ``G(X f + sum_b b <g_b|f>)``.

    Parameters
    ----------
    wave : ndarray
        P and ``q = c Q`` of f within the atom, shape (2, n); overwritten [any].
    system : tuple
        Cells as for `sweep`, first cell, 1/c [any].
    core : tuple
        Orbitals (orbital, 2, n); terms; b and g_b of those of the same kappa, each of shape
        (b, 2, n), g_b with the weights of the points [any].
    kernels : tuple of ndarray
        Of `radial_kernels` [any].
    results : tuple of ndarray
        Wave (2, point) and its ends (2,), filled [any].
    """
    cells, first, inverse_c = system
    orbitals, terms, same, images = core
    result, ends = results
    size = wave.shape[1]
    result[:] = 0.0
    for i in range(size):
        wave[1, i] *= inverse_c
    apply_exchange(wave, orbitals, terms, kernels, result)
    for b in range(len(same)):
        overlap = 0.0
        for i in range(size):
            overlap += images[b, 0, i] * wave[0, i] + images[b, 1, i] * wave[1, i]
        for i in range(size):
            result[0, i] += overlap * same[b, 0, i]
            result[1, i] += overlap * same[b, 1, i]
    for i in range(size):
        result[0, i], result[1, i] = -result[1, i] * inverse_c, result[0, i]
    sweep(cells, (first, 0.0, 0.0), result, ends)


@compiled
def orthogonalise(basis: Array, vector: Array, column: Array, k: int) -> None:
    """Make a vector orthogonal to the first ``k + 1`` of a basis and append it.

    Parameters
    ----------
    basis : ndarray
        Rows, orthonormal; row ``k + 1`` is filled, with zeros if nothing is new [any].
    vector : ndarray
        Overwritten [any].
    column : ndarray
        Overlaps with the basis, then the length of what is new, filled [any].
    k : int
        Number of the step [dimensionless].
    """
    before = np.sqrt(np.dot(vector, vector))
    column[: k + 1] = 0.0
    for _ in range(2):
        for i in range(k + 1):
            overlap = np.dot(basis[i], vector)
            column[i] += overlap
            for j in range(len(vector)):
                vector[j] -= overlap * basis[i, j]
    length = np.sqrt(np.dot(vector, vector))
    if not length > 1e-14 * before:
        length = 0.0
        basis[k + 1] = 0.0
    else:
        for j in range(len(vector)):
            basis[k + 1, j] = vector[j] / length
    column[k + 1] = length


@compiled
def rotate(triangle: Array, turns: Array, target: Array, k: int) -> None:
    """Bring column k of the Hessenberg matrix to triangular form by Givens rotations.

    Parameters
    ----------
    triangle : ndarray
        Columns before k are triangular already, column k is rotated [any].
    turns : ndarray
        Cosine and sine of each rotation, shape (step, 2); row k is filled [dimensionless].
    target : ndarray
        Right-hand side, rotated along; ``|target[k + 1]|`` is the residual [any].
    k : int
        Number of the step [dimensionless].
    """
    for i in range(k):
        above, below = triangle[i, k], triangle[i + 1, k]
        triangle[i, k] = turns[i, 0] * above + turns[i, 1] * below
        triangle[i + 1, k] = -turns[i, 1] * above + turns[i, 0] * below
    above, below = triangle[k, k], triangle[k + 1, k]
    size = np.hypot(above, below)
    turns[k, 0], turns[k, 1] = (above / size, below / size) if size > 0.0 else (1.0, 0.0)
    triangle[k, k], triangle[k + 1, k] = size, 0.0
    target[k + 1] = -turns[k, 1] * target[k]
    target[k] = turns[k, 0] * target[k]


@compiled
def chosen_terms(
    wave: Array, terms: tuple[Any, Array], densities: Array, first: int, least: float
) -> tuple[Any, Array, float]:
    """Return the terms of the exchange that matter for a wave.

    To first order the phase that a term adds to a wave of unit amplitude is at most ``2/k 4
    weight/(2 rank + 1) Int b^2 P^2``: in ln r the kernel ``r_<^k/r_>^(k+1)`` is a convolution
    with ``exp(-(k + 1/2)|ln r/r'|)``, whose norm is ``4/(2k + 1)``.

    Parameters
    ----------
    wave : ndarray
        P and q, its largest value being 1, shape (2, point) [dimensionless].
    terms : tuple of ndarray
        Integers (term, 3): orbital, rank, number of its cells; and weights (term,)
        [dimensionless].
    densities : ndarray
        ``2/k 4 b^2`` of the orbitals with the weights of the points, shape (orbital, n) [any].
    first : int
        Cell in which the wave begins [dimensionless].
    least : float
        Phase below which a term is left out [dimensionless].

    Returns
    -------
    tuple
        Integers as for `apply_exchange`, weights, and bound of the phase of all terms.
    """
    numbers, weights = terms
    overlaps = np.zeros(len(densities))
    for b in range(len(densities)):
        for i in range(first * POINTS_PER_CELL, densities.shape[1]):
            overlaps[b] += densities[b, i] * wave[0, i] ** 2
    phases = np.empty(len(weights))
    for t in range(len(weights)):
        phases[t] = weights[t] * overlaps[numbers[t, 0]] / (2 * numbers[t, 1] + 1)
    chosen = np.flatnonzero((phases > least) & (numbers[:, 2] > first))
    found = np.empty((len(chosen), 4), np.int64)
    for row in range(len(chosen)):
        found[row, :2], found[row, 3] = numbers[chosen[row], :2], numbers[chosen[row], 2]
        found[row, 2] = first
    return found, weights[chosen], phases.sum()


@compiled
def solve_wave(
    kappa: int,
    fields: tuple[Array, tuple[Array, Array, Array], tuple[Array, Array, Array]],
    core: tuple[Array, Any, Array, Array],
    settings: tuple[Any, Array, float, float, float],
    results: tuple[Array, Array],
    room: tuple[Array, Array, Array],
) -> tuple[float, int]:
    """Fill the wave of one kappa with exchange, by GMRES.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    fields : tuple
        ``e - V`` at the points; points, widths of the cells, running integral; and the
        result of `common_matrices` [any].
    core : tuple
        As for `respond`, but the terms as for `chosen_terms` [any].
    settings : tuple
        Radial kernels, densities as for `chosen_terms`, 1/c, tolerance, and phase below
        which exchange is left out [any].
    results : tuple of ndarray
        P and q (2, point), and the same at the end (2,), filled [any].
    room : tuple of ndarray
        Shapes (m + 1, 2n), (m, 2, point) and (m, 2) for m rounds at most, overwritten [any].

    Returns
    -------
    tuple
        Relative residual within the atom, and number of rounds.
    """
    level, grid, shared = fields
    kernels, densities, inverse_c, tolerance, least = settings
    wave, ends = results
    basis, images, image_ends = room
    start = regular_start(kappa, level, grid, inverse_c**2)
    cells = (kappa, cell_inverses(kappa, grid, shared, start[0]), grid, shared[1], shared[2])
    wave[:] = 0.0
    sweep(cells, start, wave, ends)
    size = np.abs(wave[0]).max()
    wave /= size
    ends /= size
    numbers, weights, phase = chosen_terms(wave, core[1], densities, start[0], least)
    if len(core[2]) == 0 and phase <= SLIGHT * least:
        return 0.0, 0
    n = core[0].shape[2]
    metric = np.empty((2, n))
    for i in range(n):  # so that every radian of the wave counts the same
        weight = max(abs(level[i]), 1e-6) * grid[1][i // POINTS_PER_CELL]
        metric[0, i], metric[1, i] = np.sqrt(weight), np.sqrt(weight) * inverse_c
    basis[0] = (wave[:, :n] * metric).ravel()
    norm = np.sqrt(np.dot(basis[0], basis[0]))
    basis[0] /= norm
    system, inner = (cells, start[0], inverse_c), (core[0], (numbers, weights), core[2], core[3])
    most, steps = len(images), 0
    triangle, turns, target = np.zeros((most + 1, most)), np.empty((most, 2)), np.zeros(most + 1)
    target[0] = norm
    for k in range(most):
        row = basis[k].reshape(2, n)
        respond(row / metric, system, inner, kernels, (images[k], image_ends[k]))
        vector = (row - images[k, :, :n] * metric).ravel()
        orthogonalise(basis, vector, triangle[:, k], k)
        length = triangle[k + 1, k]
        rotate(triangle, turns, target, k)
        steps = k + 1
        if abs(target[steps]) < tolerance * norm or length == 0.0:
            break
    for k in range(steps - 1, -1, -1):
        value = target[k]
        for j in range(k + 1, steps):
            value -= triangle[k, j] * target[j]
        target[k] = value / triangle[k, k] if triangle[k, k] != 0.0 else 0.0
    for k in range(steps):
        wave += target[k] * images[k]
        ends += target[k] * image_ends[k]
    return abs(target[steps]) / norm, steps
