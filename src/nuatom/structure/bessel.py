"""Spherical Bessel functions of all orders at once."""

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.compiled import compiled


@compiled
def fill_spherical_bessel(x: Array, table: Array) -> None:
    """Fill a table of j_l(x).

    Up to l = x by upward recursion, which is stable there; above by the ratios
    ``j_l/j_(l-1)``, from downward recursion, which cannot overflow.

    Parameters
    ----------
    x : ndarray
        Arguments, not negative, shape (n,) [dimensionless].
    table : ndarray
        Shape (orders, n), filled [dimensionless].

    Example
    -------
    >>> table = np.empty((2, 1))
    >>> fill_spherical_bessel(np.array([np.pi]), table)
    >>> table.round(12).ravel().tolist(), round(1 / np.pi, 12)
    ([0.0, 0.318309886184], 0.318309886184)
    """
    orders, n = table.shape
    ratios = np.empty(orders)
    for i in range(n):
        t = x[i]
        if t < 1e-150:
            table[:, i] = 0.0
            table[0, i] = 1.0
            continue
        table[0, i] = np.sin(t) / t
        upward = min(int(t), orders - 1)
        if upward >= 1:
            table[1, i] = (table[0, i] - np.cos(t)) / t
        for order in range(1, upward):
            table[order + 1, i] = (2 * order + 1) / t * table[order, i] - table[order - 1, i]
        if upward == orders - 1:
            continue
        highest = orders + 20 + int(3 * np.sqrt(t))
        ratio = t / (2 * highest + 1)
        for order in range(highest - 1, upward, -1):
            ratio = t / (2 * order + 1 - ratio * t)
            if order < orders:
                ratios[order] = ratio
        value = table[upward, i]
        for order in range(upward + 1, orders):
            value = value * ratios[order] if abs(value) > 1e-250 else 0.0
            table[order, i] = value


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
    flat = np.ascontiguousarray(x, dtype=np.float64).ravel()
    table = np.empty((highest + 1, flat.size))
    fill_spherical_bessel(flat, table)
    return table.reshape(highest + 1, *np.shape(x))
