"""Spherical Bessel functions of all orders at once."""

from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.compiled import compiled


@compiled
def negligible_below(orders: int, least: float) -> Array:
    """Return, for each order, an argument below which j_l is less than a number.

    Parameters
    ----------
    orders : int
        Number of orders from zero [dimensionless].
    least : float
        Positive [dimensionless].

    Returns
    -------
    ndarray
        From ``j_l(x) <= x^l/(2l + 1)!!``; zero for l = 0, shape (orders,).
    """
    found = np.zeros(orders)
    factorials = 0.0
    for order in range(1, orders):
        factorials += np.log(2 * order + 1.0)
        found[order] = np.exp((np.log(least) + factorials) / order)
    return found


@compiled
def fill_ratios(x: Array, part: tuple[Any, Any], tables: Array, row: int) -> None:
    """Fill ``j_l/j_(l-1)`` where x is less than l, by downward recursion.

    Parameters
    ----------
    x : ndarray
        Arguments, not negative, ascending, shape (n,) [dimensionless].
    part : tuple of ndarray of int
        For each order the first argument that matters, and the first that is not less than
        the order, shape (orders,) [dimensionless].
    tables : ndarray
        Shape (orders or more, rows, n or more) [dimensionless].
    row : int
        Which is filled [dimensionless].
    """
    first, below = part
    top = len(first) - 1
    ratio = np.empty(below[top])
    start = top + 9 + int(6 * (top + 1) ** (1 / 3))
    for i in range(first[top], below[top]):
        ratio[i] = x[i] / (2 * start + 1)
    for order in range(start - 1, top, -1):
        for i in range(first[top], below[top]):
            ratio[i] = x[i] / (2 * order + 1 - ratio[i] * x[i])
    known = first[top]
    for order in range(top, 0, -1):
        begin, end = first[order], below[order]
        for i in range(begin, min(known, end)):
            ratio[i] = x[i] / (2 * order + 3)
        known = begin
        old, at, new = ratio[begin:end], x[begin:end], tables[order, row, begin:end]
        for i in range(end - begin):
            old[i] = at[i] / (2 * order + 1 - old[i] * at[i])
            new[i] = old[i]


@compiled
def fill_spherical_bessel(x: Array, factor: Array, begins: Array, tables: Array, row: int) -> int:
    """Fill one row of tables of ``f j_l(x)``.

    Up to l = x by upward recursion, which is stable there; above by the ratios
    ``j_l/j_(l-1)``, from downward recursion, which cannot overflow.  Each step of a recursion
    runs over all arguments in parallel lanes.

    Parameters
    ----------
    x : ndarray
        Arguments, not negative, ascending, shape (n,) [dimensionless].
    factor : ndarray
        f, shape (n,) [any].
    begins : ndarray
        Argument below which each order counts as zero, not falling, shape (orders,)
        [dimensionless].
    tables : ndarray
        Shape (orders, rows, n or more) [any].
    row : int
        Which is filled, where an order matters for any of the arguments [dimensionless].

    Returns
    -------
    int
        Number of the orders that matter.

    Example
    -------
    >>> tables, ones = np.zeros((2, 1, 1)), np.ones(1)
    >>> fill_spherical_bessel(np.array([np.pi]), ones, np.zeros(2), tables, 0)
    2
    >>> tables.round(12).ravel().tolist(), round(1 / np.pi, 12)
    ([0.0, 0.318309886184], 0.318309886184)
    """
    n = len(x)
    orders = int(np.searchsorted(begins, x[n - 1], side="right"))
    first, below = np.empty(orders, np.int64), np.empty(orders, np.int64)
    begin, end = 0, 0
    for order in range(orders):
        while x[begin] < begins[order]:
            begin += 1
        while end < n and x[end] < order:
            end += 1
        first[order], below[order] = begin, max(begin, end)
    fill_ratios(x, (first, below), tables, row)
    inverse, before = np.empty(n), np.empty(n)
    for i in range(n):
        inverse[i] = 1 / max(x[i], 1e-150)
        tables[0, row, i] = factor[i] * np.sin(x[i]) * inverse[i] if x[i] > 1e-150 else factor[i]
        before[i] = factor[i] * np.cos(x[i]) * inverse[i]
    for order in range(1, orders):
        tables[order, row, : first[order]] = 0.0
        begin, end = first[order], below[order]
        ratio, last = tables[order, row, begin:end], tables[order - 1, row, begin:end]
        for i in range(end - begin):  # slices, so that the loops run in parallel lanes
            value = ratio[i] * last[i]
            ratio[i] = value if abs(value) > 1e-250 else 0.0
        rise = 2.0 * order - 1
        here, last, over = tables[order, row, end:n], tables[order - 1, row, end:n], inverse[end:]
        older = tables[order - 2, row, end:n] if order > 1 else before[end:]
        for i in range(n - end):
            here[i] = rise * over[i] * last[i] - older[i]
    return orders


@compiled
def smooth_end(depth: Array) -> Array:
    """Return a step that falls smoothly from 1 to 0 as its argument rises from 0 to 1.

    Parameters
    ----------
    depth : ndarray
        Any shape [dimensionless].

    Returns
    -------
    ndarray
        ``cos(pi/2 sin(pi x/2)^2)^2``.
    """
    inside = np.minimum(np.maximum(depth, 0.0), 1.0)
    return np.cos(np.pi / 2 * np.sin(np.pi / 2 * inside) ** 2) ** 2


def spherical_bessel(highest: int, x: Array) -> Array:
    """Return j_l(x) for l = 0 to a highest order.

    Parameters
    ----------
    highest : int
        Largest l, not negative [dimensionless].
    x : ndarray
        Arguments, not negative, any shape [dimensionless].

    Returns
    -------
    ndarray
        Shape ``(highest + 1, *x.shape)``.

    Example
    -------
    >>> spherical_bessel(2, np.array([0.0])).ravel().tolist()
    [1.0, 0.0, 0.0]
    """
    flat = np.asarray(x, dtype=np.float64).ravel()
    order = np.argsort(flat)
    tables = np.zeros((highest + 1, 1, flat.size))
    begins = negligible_below(highest + 1, 1e-300)
    fill_spherical_bessel(flat[order], np.ones(flat.size), begins, tables, 0)
    found = np.empty((highest + 1, flat.size))
    found[:, order] = tables[:, 0]
    return found.reshape(highest + 1, *np.shape(x))
