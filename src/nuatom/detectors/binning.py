"""Integrals over bins that never smear an edge."""

from collections.abc import Callable

import numpy as np

from nuatom.arrays import Array, strictly_increasing


def bin_averages(
    function: Callable[[Array], Array], bin_edges: Array, *, breaks: Array, nodes: int = 8
) -> Array:
    """Return the average of a function over each bin, split at its discontinuities.

    ``(1/(b-a)) Int_a^b f(x) dx`` with Gauss-Legendre nodes on every piece between two
    neighbouring bin edges or breaks.

    Parameters
    ----------
    function : callable
        f(x) for a one-dimensional array, finite at interior points [any].
    bin_edges : ndarray
        Strictly increasing, shape (bin + 1,) [any].
    breaks : ndarray
        Where f may jump, such as absorption edges; any order, in the unit of
        `bin_edges` [any].
    nodes : int
        Nodes on each piece [dimensionless].

    Returns
    -------
    ndarray
        Shape (bin,), in the unit of f.

    Raises
    ------
    InvalidInput
        If the bin edges are not strictly increasing.

    Notes
    -----
    A step inside a bin is integrated exactly; a smooth f of degree below 2 nodes too.

    Example
    -------
    >>> step = lambda x: np.where(x < 0.3, 0.0, 1.0)
    >>> print(bin_averages(step, np.array([0.0, 1.0]), breaks=np.array([0.3])).round(12))
    [0.7]
    """
    edges = strictly_increasing("bin_edges", bin_edges)
    inside = breaks[(breaks > edges[0]) & (breaks < edges[-1])]
    grid = np.unique(np.concatenate([edges, inside]))
    x, w = np.polynomial.legendre.leggauss(nodes)
    half = np.diff(grid)[:, None] / 2
    points = grid[:-1, None] + half * (1 + x)
    pieces = (half * w * function(points.ravel()).reshape(points.shape)).sum(axis=1)
    bins = np.searchsorted(edges, grid[:-1], side="right") - 1
    return np.bincount(bins, weights=pieces, minlength=edges.size - 1) / np.diff(edges)
