r"""Compiled integrals of products of radial functions with Bessel functions of all orders.

The points of the grid are taken some at a time, and the momenta too, so that the Bessel
functions of all orders stay close to the processor; for each order one matrix product serves
all waves that need it.
"""

from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.compiled import compiled
from nuatom.structure.bessel import fill_spherical_bessel, smooth_end

POINTS = 96
"""Points of the grid taken at a time."""
MOMENTA = 32
"""Momenta taken at a time, at most."""
LEAST = 1e-10
"""Waves below this part of their maximum count as zero before they emerge from the barrier."""


@compiled
def fill_products(
    bound: tuple[Array, Array], waves: tuple[Array, Array], begin: int, products: Array
) -> None:
    """Fill ``S, D, A, B`` of one part of the grid.

    Parameters
    ----------
    bound : tuple of ndarray
        P and Q of the bound orbital with the weights of the points, each of shape (n,) [any].
    waves : tuple of ndarray
        P' and Q', each of shape (wave, n or more) [any].
    begin : int
        Number of the first point [dimensionless].
    products : ndarray
        Shape (wave, 4, point), filled; zero beyond the bound orbital [any].
    """
    size = min(len(bound[0]) - begin, products.shape[2])
    large, small = bound[0][begin : begin + size], bound[1][begin : begin + size]
    for w in range(len(products)):
        up, down = waves[0][w, begin : begin + size], waves[1][w, begin : begin + size]
        charge, mass = products[w, 0], products[w, 1]
        current, flow = products[w, 2], products[w, 3]
        products[w, :, size:] = 0.0
        for i in range(size):
            charge[i], mass[i] = up[i] * large[i], down[i] * small[i]
            charge[i], mass[i] = charge[i] + mass[i], charge[i] - mass[i]
            current[i], flow[i] = up[i] * small[i], down[i] * large[i]
            current[i], flow[i] = current[i] + flow[i], current[i] - flow[i]


@compiled
def fill_tables(r: Array, momenta: Array, limits: Array, begins: Array, tables: Array) -> Any:
    """Fill tables of j_l(q r), which end smoothly at a radius.

    Parameters
    ----------
    r : ndarray
        Radii, positive, ascending, shape (n,) [length].
    momenta : ndarray
        Positive, shape (q,) [1/length].
    limits : ndarray
        Where the functions end, having begun to fall at half of it, shape (q,) [length].
    begins : ndarray
        As for `fill_spherical_bessel`, shape (orders,) [dimensionless].
    tables : ndarray
        Shape (orders, q or more, n or more), filled [dimensionless].

    Returns
    -------
    ndarray of int
        Number of orders that matter for each momentum, shape (q,).
    """
    reached = np.empty(len(momenta), np.int64)
    for j in range(len(momenta)):
        factor = np.ones(len(r))
        if r[-1] > limits[j] / 2:
            factor = smooth_end(2 * r / limits[j] - 1)
        reached[j] = fill_spherical_bessel(momenta[j] * r, factor, begins, tables, j)
        for order in range(reached[j]):
            tables[order, j, len(r) :] = 0.0
    return reached


@compiled
def emergence(wave: Array, n: int) -> int:
    """Return the point at which a wave emerges from its barrier.

    Parameters
    ----------
    wave : ndarray
        P', shape (n or more,) [any].
    n : int
        Number of points [dimensionless].

    Returns
    -------
    int
        The first at which it exceeds `LEAST` times its maximum.
    """
    least = LEAST * np.abs(wave[:n]).max()
    for i in range(n):
        if abs(wave[i]) > least:
            return i
    return 0


@compiled
def add_order(
    order: int,
    needed: tuple[Any, Any, Any, Any],
    products: Array,
    table: Array,
    target: tuple[Any, Array],
) -> None:
    """Add the integrals with one order of the Bessel functions over one part of the grid.

    Parameters
    ----------
    order : int
        Of the Bessel functions [dimensionless].
    needed : tuple of ndarray
        Numbers of the waves that need it; of all waves the first order, and whether l + l' is
        odd; and whether S, D, A, B are wanted [dimensionless].
    products : ndarray
        Of `fill_products` [any].
    table : ndarray
        Functions of this order, shape (q, point) [dimensionless].
    target : tuple
        Number of the first momentum in the result; and the result, added to, shape
        (4, step, wave, momentum) [any].
    """
    near, first, parity, wanted = needed
    column, values = target
    rows = np.empty((2 * len(near), products.shape[2]))
    kinds, numbers = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    size = 0
    for w in near:
        kind = 2 * ((parity[w] + order) % 2)
        for x in range(kind, kind + 2):
            if wanted[x]:
                kinds[size], numbers[size] = x, w
                rows[size] = products[w, x]
                size += 1
    found = np.dot(rows[:size], table.T)
    for i in range(size):
        step = order - first[numbers[i]]
        goal = values[kinds[i], step, numbers[i], column : column + len(table)]
        for j in range(len(table)):
            goal[j] += found[i, j]


@compiled
def add_integrals(
    radial: tuple[Array, tuple[Array, Array], tuple[Array, Array]],
    momenta: tuple[Array, Array, Array],
    orders: tuple[Any, Any, Any],
    wanted: Any,
    values: Array,
) -> None:
    """Add ``Int X j_n(q r) dr`` for all waves, orders and momenta.

    Parameters
    ----------
    radial : tuple
        Radii of the points within the bound orbital, shape (n,), the orbital and the waves as
        for `fill_products` [any].
    momenta : tuple of ndarray
        Momenta, ascending, and limits as for `fill_tables`, shape (q,); argument below
        which each order counts as zero, shape (order,) [any].
    orders : tuple of ndarray of int
        First and last order that each wave needs, and whether l + l' is odd, shape (wave,)
        [dimensionless].
    wanted : ndarray of bool
        Whether S, D, A, B are wanted [flag].
    values : ndarray
        Shape (4, step, wave, q), zero; step = order - first; for S and D only orders for which
        l + l' + order is even are filled, for A and B the others [any].
    """
    r, bound, waves = radial
    q, limits, begins = momenta
    first, last, parity = orders
    emerges = np.array([emergence(wave, len(r)) for wave in waves[0]])
    products = np.empty((len(first), 4, POINTS))
    tables = np.empty((len(begins), MOMENTA, POINTS))
    blocks = -(-len(q) // MOMENTA)
    for begin in range(0, len(r), POINTS):
        part = r[begin : begin + POINTS]
        fill_products(bound, waves, begin, products)
        here = emerges < begin + len(part)
        inside = np.flatnonzero(limits > part[0])
        reach = inside[-1] + 1 if len(inside) else 0
        for block in range(blocks):
            lo, hi = block * len(q) // blocks, min((block + 1) * len(q) // blocks, reach)
            if lo >= hi:
                continue
            reached = fill_tables(part, q[lo:hi], limits[lo:hi], begins, tables)
            for order in range(max(first.min(), 0), reached[-1]):
                near = np.flatnonzero(here & (first <= order) & (order <= last))
                if len(near):
                    skip = np.searchsorted(reached, order, side="right")
                    needed, target = (near, first, parity, wanted), (lo + skip, values)
                    add_order(order, needed, products, tables[order, skip : hi - lo], target)
