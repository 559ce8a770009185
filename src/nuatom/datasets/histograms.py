"""Histograms of other packages: `hist`, boost-histogram, and ROOT files through uproot.

Nothing here imports them.  A histogram is anything with the PlottableHistogram protocol
(``axes``, ``values()``) of the scientific Python packages; ROOT files need uproot, which is
no dependency of this package.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from nuatom.arrays import Array
from nuatom.datasets.counts import ENERGY, BinnedCounts
from nuatom.errors import InvalidInput


def from_histogram(
    histogram: Any, *, unit: float, mass: float, live_time: float, axis: str = ENERGY
) -> BinnedCounts:
    """Return the counts of a one-dimensional histogram.

    Parameters
    ----------
    histogram : object
        With ``axes`` and ``values()``, as in `hist`, boost-histogram and uproot [any].
    unit : float
        Unit of the axis, such as ``units.keV`` [any].
    mass : float
        Of the target [mass].
    live_time : float
        Of all bins [time].
    axis : str
        ``energy`` or ``s2_area`` [name].

    Returns
    -------
    BinnedCounts
        Underflow and overflow are left out, and said to be in the notes if they are not 0.

    Raises
    ------
    InvalidInput
        If the object is no such histogram, has another dimension, or holds no counts.

    Example
    -------
    >>> from nuatom import units as u
    >>> from_histogram("text", unit=u.keV, mass=1 * u.kg, live_time=1 * u.day)
    Traceback (most recent call last):
        ...
    nuatom.errors.InvalidInput: histogram: found a str, expected an object with axes and values()
    """
    edges, values = histogram_arrays(histogram)
    name = getattr(histogram, "name", None)
    return BinnedCounts(
        name if isinstance(name, str) and name else "histogram",
        edges * unit,
        values,
        live_time,
        mass,
        axis=axis,
        notes=_overflow(histogram, values),
    )


def histogram_arrays(histogram: Any) -> tuple[Array, Array]:
    """Return edges and contents of a one-dimensional histogram.

    Parameters
    ----------
    histogram : object
        With ``axes`` and ``values()`` [any].

    Returns
    -------
    tuple of ndarray
        Shapes (bin + 1,) and (bin,), without underflow and overflow.

    Raises
    ------
    InvalidInput
        If the object is no such histogram or has another dimension.
    """
    try:
        axes, values = list(histogram.axes), np.asarray(histogram.values(), dtype=float)
    except (AttributeError, TypeError, ValueError):
        raise InvalidInput(
            f"histogram: found a {type(histogram).__name__}, expected an object with axes and "
            "values()"
        ) from None
    if len(axes) != 1 or values.ndim != 1:
        raise InvalidInput(
            f"histogram: found {len(axes)} axes, expected one; project it onto the energy first"
        )
    edges = _edges(axes[0])
    if edges.shape != (values.size + 1,):
        raise InvalidInput(
            f"histogram: found {values.size} contents between {edges.size} edges, expected one "
            "edge more than contents"
        )
    return edges, values


def open_root(path: Path | str, name: str) -> Any:
    """Return a histogram of a ROOT file.

    Parameters
    ----------
    path : Path or str
        The file [path].
    name : str
        Of the histogram, with its folders [name].

    Returns
    -------
    object
        For `from_histogram`.

    Raises
    ------
    InvalidInput
        If uproot is not installed, the file cannot be read or does not hold it.
    """
    path = Path(path)
    try:
        uproot = import_module("uproot")  # by name: it is no dependency of this package
    except ImportError:
        raise InvalidInput(
            f"{path}: found a ROOT file but no uproot, expected that package for it; "
            "pip install uproot, or export the histogram as CSV"
        ) from None
    if not path.is_file():
        raise InvalidInput(f"{path}: no such file; expected a ROOT file")
    try:
        with uproot.open(path) as file:
            return file[name]
    except Exception as error:  # uproot raises many kinds, all of which mean an unusable file
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise InvalidInput(
            f"{path}: found no readable histogram {name!r} ({reason[0][:120]})"
        ) from None


def _edges(axis: Any) -> Array:
    """Return the edges of an axis: pairs in the protocol, an array in the packages."""
    found = getattr(axis, "edges", None)
    try:
        if found is not None:
            return np.asarray(found() if callable(found) else found, dtype=float)
        pairs = np.array([tuple(pair) for pair in axis], dtype=float)
    except (TypeError, ValueError):
        raise InvalidInput("histogram: found an axis without edges, expected a numeric one") from (
            None
        )
    if pairs.ndim != 2 or pairs.shape[1] != 2 or np.any(pairs[1:, 0] != pairs[:-1, 1]):
        raise InvalidInput("histogram: found an axis with gaps, expected bins that touch")
    return np.append(pairs[:, 0], pairs[-1, 1])


def _overflow(histogram: Any, values: Array) -> tuple[str, ...]:
    try:
        everything = np.asarray(histogram.values(flow=True), dtype=float)
    except (AttributeError, TypeError, ValueError):
        return ()
    outside = float(everything.sum() - values.sum())
    rounding = float(np.finfo(float).eps * everything.size * np.abs(everything).sum())
    if abs(outside) <= rounding:
        return ()
    return (f"{outside:g} counts below or above the axis are left out",)
