"""The array type of the package and the checks that every public input passes."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from nuatom.errors import InvalidInput

Array = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike

RANGE_SLACK = 1e-9
"""Relative slack of range checks, so that a unit conversion never pushes an edge out."""


def finite(name: str, values: ArrayLike, *, positive: bool = False) -> Array:
    """Return `values` as a float array after checking that each one is finite.

    Parameters
    ----------
    name : str
        What the values are, for the message [name].
    values : array_like
        Numbers of any shape; never modified [any].
    positive : bool
        Whether zero and negative values are refused as well [flag].

    Returns
    -------
    ndarray
        Same shape as `values`.

    Raises
    ------
    InvalidInput
        If a value is not a number, not finite, or not positive where asked.

    Example
    -------
    >>> finite("energy_transfer", [1, 2.5], positive=True)
    array([1. , 2.5])
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name}: found {values!r}, expected numbers") from None
    if not np.all(np.isfinite(array)):
        raise InvalidInput(f"{name}: found a value that is not finite, expected finite numbers")
    if positive and not np.all(array > 0):
        raise InvalidInput(f"{name}: found a value that is not positive, expected all > 0")
    return array


def within(values: Array, low: float, high: float) -> bool:
    """Tell whether all `values` lie in [low, high], with a relative slack of 1e-9.

    Parameters
    ----------
    values : ndarray
        Any shape [any].
    low, high : float
        The ends of the range, in the unit of `values` [any].

    Returns
    -------
    bool
        True for an empty array.

    Example
    -------
    >>> within(np.array([1.0, 2.0]), 1.0, 2.0)
    True
    """
    return bool(
        np.all(values >= low - RANGE_SLACK * abs(low))
        and np.all(values <= high + RANGE_SLACK * abs(high))
    )


def strictly_increasing(name: str, values: Iterable[float]) -> Array:
    """Return `values` as an array after checking that each is above the one before.

    Parameters
    ----------
    name : str
        What the values are, for the message [name].
    values : iterable of float
        A one-dimensional grid [any].

    Returns
    -------
    ndarray
        One-dimensional.

    Raises
    ------
    InvalidInput
        If two neighbours are equal or out of order.

    Example
    -------
    >>> strictly_increasing("grid", [1, 2, 3])
    array([1., 2., 3.])
    """
    array = finite(name, list(values))
    if array.ndim != 1 or np.any(np.diff(array) <= 0):
        raise InvalidInput(f"{name}: expected a one-dimensional, strictly increasing grid")
    return array
