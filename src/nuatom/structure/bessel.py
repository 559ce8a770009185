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
def fill_ratios(x: Array, begins: Any, table: Array) -> None:
    """Fill ``j_l/j_(l-1)`` where x is less than l, by downward recursion.

    Parameters
    ----------
    x : ndarray
        Arguments, not negative, ascending, shape (n,) [dimensionless].
    begins : ndarray of int
        The first argument that matters for each order, shape (orders,) [dimensionless].
    table : ndarray
        Shape (orders, n) [dimensionless].
    """
    orders = len(table)
    start = orders + 8 + int(6 * orders ** (1 / 3))
    end = np.searchsorted(x, orders - 1.0)
    ratio = np.empty(len(x))
    for i in range(begins[0], end):
        ratio[i] = x[i] / (2 * start + 1)
    for order in range(start - 1, 0, -1):
        if order < orders:
            end = min(end, np.searchsorted(x, float(order)))
        for i in range(begins[min(order, orders - 1)], end):
            ratio[i] = x[i] / (2 * order + 1 - ratio[i] * x[i])
        if order < orders:
            for i in range(begins[order], end):
                table[order, i] = ratio[i]


@compiled
def fill_spherical_bessel(x: Array, table: Array, least: float) -> None:
    """Fill a table of j_l(x).

    Up to l = x by upward recursion, which is stable there; above by the ratios
    ``j_l/j_(l-1)``, from downward recursion, which cannot overflow.  Each step of a recursion
    runs over all arguments in parallel lanes.

    Parameters
    ----------
    x : ndarray
        Arguments, not negative, ascending, shape (n,) [dimensionless].
    table : ndarray
        Shape (orders, n), zero; filled [dimensionless].
    least : float
        Functions less than this at arguments less than l may be left zero [dimensionless].

    Example
    -------
    >>> table = np.zeros((2, 1))
    >>> fill_spherical_bessel(np.array([np.pi]), table, 1e-300)
    >>> table.round(12).ravel().tolist(), round(1 / np.pi, 12)
    ([0.0, 0.318309886184], 0.318309886184)
    """
    orders, n = table.shape
    small = np.searchsorted(x, 1e-150)
    for i in range(small):
        table[0, i] = 1.0
    for i in range(small, n):
        table[0, i] = np.sin(x[i]) / x[i]
    if orders == 1:
        return
    begins = np.maximum(np.searchsorted(x, negligible_below(orders, least)), small)
    fill_ratios(x, begins, table)
    inverse = 1 / np.maximum(x, 1e-150)
    for i in range(max(small, np.searchsorted(x, 1.0)), n):
        table[1, i] = (table[0, i] - np.cos(x[i])) * inverse[i]
    for order in range(1, orders):
        end = max(small, np.searchsorted(x, float(order)))
        if order > 1:
            factor = 2.0 * order - 1
            for i in range(end, n):
                table[order, i] = factor * inverse[i] * table[order - 1, i] - table[order - 2, i]
        for i in range(begins[order], end):
            value = table[order, i] * table[order - 1, i]
            table[order, i] = value if abs(value) > 1e-250 else 0.0


@compiled
def fill_tables(r: Array, momenta: Array, limits: Array, least: float, tables: Array) -> None:
    """Fill a table of j_l(q r) for each q, which ends smoothly at a radius.

    Parameters
    ----------
    r : ndarray
        Radii, positive, ascending, shape (n,) [length].
    momenta : ndarray
        Positive, ascending, shape (q,) [1/length].
    limits : ndarray
        Where the functions end, having begun to fall at half of it, shape (q,) [length].
    least : float
        As for `fill_spherical_bessel` [dimensionless].
    tables : ndarray
        Shape (q, orders, n), filled from where an order matters for any momentum on
        [dimensionless].
    """
    orders = tables.shape[1]
    begins = np.searchsorted(r, negligible_below(orders, least) / momenta[-1])
    for i in range(len(momenta)):
        size = np.searchsorted(r, limits[i])
        own = np.searchsorted(r, negligible_below(orders, least) / momenta[i])
        for order in range(orders):
            tables[i, order, begins[order] : own[order]] = 0.0
            tables[i, order, size:] = 0.0
        fill_spherical_bessel(momenta[i] * r[:size], tables[i, :, :size], least)
        half = np.searchsorted(r, limits[i] / 2)
        if half < size and limits[i] < np.inf:
            end = smooth_end(2 * r[half:size] / limits[i] - 1)
            for order in range(orders):
                for j in range(half, size):
                    tables[i, order, j] *= end[j - half]


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
    table = np.zeros((highest + 1, flat.size))
    fill_spherical_bessel(flat[order], table, 1e-300)
    found = np.empty_like(table)
    found[:, order] = table
    return found.reshape(highest + 1, *np.shape(x))
