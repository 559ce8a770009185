"""The one decorator that turns a numerical loop into machine code."""

import importlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compile a function with numba, kept on disk where the disk allows it.

    The machine code is kept beside the source, or below the home of the user, so that only
    the first run on a machine compiles.  Where neither can be written the function is
    compiled anew in each process; its results are the same.  The global interpreter lock is
    released while it runs, so that threads may share the work.

    Parameters
    ----------
    function : callable
        Takes and returns numbers and arrays; what numba's nopython mode accepts [any].

    Returns
    -------
    callable
        The compiled function; the original is its attribute ``py_func``.

    Example
    -------
    >>> @compiled
    ... def total(values):
    ...     result = 0.0
    ...     for value in values:
    ...         result += value
    ...     return result
    >>> import numpy as np
    >>> total(np.array([1.0, 2.0]))
    3.0
    """
    numba = importlib.import_module("numba")
    try:
        return cast(_F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder to keep the machine code in
        return cast(_F, numba.njit(cache=False, nogil=True)(function))
