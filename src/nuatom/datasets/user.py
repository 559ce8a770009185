"""Datasets of a user: CSV tables, and TOML cards that say what belongs to them.

A card names its kind, and gives as quantities what the table cannot say::

    kind = "binned-counts"          # or unbinned-events, on-off, residuals
    table = "counts.csv"            # beside the card; or a ROOT file
    mass = "1.06 kg"
    live_time = "570.7 day"
"""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nuatom.arrays import RANGE_SLACK, Array
from nuatom.columns import (
    ENERGIES,
    LIGHT,
    PLAIN,
    RATES,
    TIMES,
    Columns,
    Rule,
    read_columns,
    text_of,
)
from nuatom.datasets.counts import ENERGY, S2_AREA, BinnedCounts, OnOff, Residuals, UnbinnedEvents
from nuatom.datasets.histograms import from_histogram, open_root
from nuatom.errors import InvalidInput, lookup, unknown
from nuatom.quantity import quantity

Dataset = BinnedCounts | UnbinnedEvents | OnOff | Residuals
_Single = TypeVar("_Single", BinnedCounts, UnbinnedEvents, Residuals)

_AXES = {ENERGY: ENERGIES, S2_AREA: LIGHT}
_COMMON = {"kind", "name", "table", "axis", "reference", "notes"}


def dataset(path: Path | str) -> Dataset:
    """Return the dataset that a TOML card describes.

    Parameters
    ----------
    path : Path or str
        The card; its table lies relative to it [path].

    Returns
    -------
    Dataset
        Of the kind that the card names.

    Raises
    ------
    InvalidInput
        Naming the file and the key, or the line and column of the table.

    Example
    -------
    >>> dataset("nowhere.toml")
    Traceback (most recent call last):
        ...
    nuatom.errors.InvalidInput: nowhere.toml: no such file; expected a card of a dataset (TOML)
    """
    path = Path(path)
    card = read_toml(path, "a card of a dataset (TOML)")
    kind = _text(path, card, "kind")
    keys, build = lookup(f"{path}, kind", kind, KINDS)
    for key in card:
        if key not in keys | _COMMON:
            raise InvalidInput(str(unknown(f"{path}: key", key, keys | _COMMON)))
    return build(path, card)


def read_toml(path: Path, expected: str) -> dict[str, Any]:
    """Return the content of a TOML file.

    Parameters
    ----------
    path : Path
        The file [path].
    expected : str
        What it should be, for the message [text].

    Returns
    -------
    dict
        As parsed.

    Raises
    ------
    InvalidInput
        If it cannot be read; the message gives line and column.
    """
    try:
        return tomllib.loads(text_of(path, expected))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"{path}: found no valid TOML ({error}), expected {expected}") from None


def binned_counts(
    path: Path | str, *, mass: float, live_time: float | None = None, axis: str = ENERGY
) -> BinnedCounts:
    r"""Return counts in bins from a CSV.

    Columns ``energy_low_keV``, ``energy_high_keV``, ``counts`` and, if wanted,
    ``live_time_day`` and ``background_counts``; bins must touch.

    Parameters
    ----------
    path : Path or str
        The file [path].
    mass : float
        Of the target [mass].
    live_time : float or None
        Of all bins; None where the table has a column for it [time].
    axis : str
        ``energy``, or ``s2_area`` with edges in PE [name].

    Returns
    -------
    BinnedCounts
        Named after the file.

    Raises
    ------
    InvalidInput
        Naming line and column.

    Example
    -------
    >>> import tempfile
    >>> from nuatom import units as u
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "run1.csv"
    ...     _ = file.write_text("energy_low_keV,energy_high_keV,counts\n1,2,5\n2,4,7\n")
    ...     data = binned_counts(file, mass=1 * u.kg, live_time=10 * u.day)
    >>> data.counts.tolist(), data.name
    ([5.0, 7.0], 'run1')
    """
    path = Path(path)
    rules = [
        *_edges(axis),
        Rule("counts", PLAIN),
        Rule("live_time", TIMES, required=False),
        Rule("background_counts", PLAIN, required=False),
    ]
    table = read_columns(path, rules)
    time = _time(table, "live_time", live_time, path)
    return BinnedCounts(
        path.stem,
        bin_edges(table, axis),
        table.values["counts"],
        time,
        mass,
        table.values.get("background_counts"),
        axis,
    )


def unbinned_events(
    path: Path | str, *, window: tuple[float, float], mass: float, live_time: float
) -> UnbinnedEvents:
    """Return events from a CSV with the one column ``energy_keV`` (or eV, MeV).

    Parameters
    ----------
    path : Path or str
        The file [path].
    window : tuple of float
        Lowest and highest energy that was searched [energy].
    mass : float
        Of the target [mass].
    live_time : float
        Of the whole window [time].

    Returns
    -------
    UnbinnedEvents
        Named after the file.

    Raises
    ------
    InvalidInput
        Naming line and column.
    """
    path = Path(path)
    table = read_columns(path, [Rule("energy", ENERGIES)])
    values = table.values["energy"]
    for row, value in enumerate(values):
        if not window[0] <= value <= window[1]:
            raise table.refused("energy", row, "found an event outside the window of the search")
    return UnbinnedEvents(path.stem, values, window, live_time, mass)


def on_off(
    path: Path | str, *, mass: float, on_live_time: float | None = None,
    off_live_time: float | None = None,
) -> OnOff:  # fmt: skip
    """Return an ON/OFF pair from a CSV.

    Columns ``energy_low_keV``, ``energy_high_keV``, ``on_counts``, ``off_counts`` and, if
    wanted, ``on_live_time_day``, ``off_live_time_day`` and any ``shift_NAME_per_kg_keV_day``,
    an error of the difference that all bins share.

    Parameters
    ----------
    path : Path or str
        The file [path].
    mass : float
        Of the target [mass].
    on_live_time : float or None
        With the source; None where the table has a column for it [time].
    off_live_time : float or None
        Without it; None where the table has a column for it [time].

    Returns
    -------
    OnOff
        Both spectra.

    Raises
    ------
    InvalidInput
        Naming line and column.
    """
    path = Path(path)
    rules = [*_edges(ENERGY), Rule("on_counts", PLAIN), Rule("off_counts", PLAIN)]
    rules += [Rule(f"{s}_live_time", TIMES, required=False) for s in ("on", "off")]
    table = read_columns(path, [*rules, _SHIFT])
    edges = bin_edges(table, ENERGY)
    on, off = (
        BinnedCounts(
            f"{path.stem}-{state}",
            edges,
            table.values[f"{state}_counts"],
            _time(table, f"{state}_live_time", given, path),
            mass,
        )
        for state, given in (("on", on_live_time), ("off", off_live_time))
    )
    return OnOff(on, off, _shifts(table))


def residuals(path: Path | str) -> Residuals:
    """Return rates with errors from a CSV, such as a published difference ON - OFF.

    Columns ``energy_low_keV``, ``energy_high_keV``, ``rate_per_kg_keV_day``,
    ``error_per_kg_keV_day`` and any ``shift_NAME_per_kg_keV_day``.

    Parameters
    ----------
    path : Path or str
        The file [path].

    Returns
    -------
    Residuals
        Named after the file.

    Raises
    ------
    InvalidInput
        Naming line and column.
    """
    path = Path(path)
    rules = [*_edges(ENERGY), Rule("rate", RATES, least=-math.inf), Rule("error", RATES), _SHIFT]
    table = read_columns(path, rules)
    for row, error in enumerate(table.values["error"]):
        if error <= 0:
            raise table.refused("error", row, "found 0, expected an error > 0")
    edges = bin_edges(table, ENERGY)
    return Residuals(path.stem, edges, table.values["rate"], table.values["error"], _shifts(table))


def bin_edges(table: Columns, axis: str) -> Array:
    """Return the edges of bins that a table gives by their lower and upper ends.

    Parameters
    ----------
    table : Columns
        With ``<axis>_low`` and ``<axis>_high`` [columns].
    axis : str
        ``energy`` or ``s2_area`` [name].

    Returns
    -------
    ndarray
        Shape (row + 1,).

    Raises
    ------
    InvalidInput
        If a bin is empty or does not begin where the one before ends.
    """
    low, high = table.values[f"{axis}_low"], table.values[f"{axis}_high"]
    for row in range(low.size):
        if high[row] <= low[row]:
            raise table.refused(f"{axis}_high", row, "found an upper end not above the lower one")
        if row and abs(low[row] - high[row - 1]) > RANGE_SLACK * abs(low[row]):
            raise table.refused(
                f"{axis}_low", row, "found a gap or overlap, expected the end of the bin before"
            )
    return np.append(low, high[-1])


_SHIFT = Rule("shift_*", RATES, required=False, least=-math.inf)


def _edges(axis: str) -> list[Rule]:
    units = lookup("axis", axis, _AXES)
    return [Rule(f"{axis}_low", units), Rule(f"{axis}_high", units)]


def _shifts(table: Columns) -> dict[str, Array]:
    return {
        stem.removeprefix("shift_"): values
        for stem, values in table.values.items()
        if stem.startswith("shift_")
    }


def _time(table: Columns, stem: str, given: float | None, path: Path) -> Array | float:
    """Return the live time of the column or the one given, exactly one of which must be."""
    column = table.values.get(stem)
    if (column is None) == (given is None):
        found = "none" if given is None else "one in the table and one given"
        raise InvalidInput(f"{path}: found {found} of {stem}, expected it in one place")
    if column is None:
        assert given is not None
        return given
    for row, value in enumerate(column):
        if value <= 0:
            raise table.refused(stem, row, "found 0, expected a live time > 0")
    return column


def _text(path: Path, card: Mapping[str, Any], key: str) -> str:
    value = card.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{path}, {key}: found {value!r}, expected text")
    return value


def _given(path: Path, card: Mapping[str, Any], key: str, dimension: str) -> float:
    if key not in card:
        raise InvalidInput(f"{path}: found no {key}, expected a quantity in {dimension}")
    return quantity(card[key], dimension, f"{path}, {key}", positive=True)


def _optional(path: Path, card: Mapping[str, Any], key: str) -> float | None:
    return _given(path, card, key, "time") if key in card else None


def _table(path: Path, card: Mapping[str, Any]) -> Path:
    return path.parent / _text(path, card, "table")


def _binned_from_card(path: Path, card: Mapping[str, Any]) -> BinnedCounts:
    table = _table(path, card)
    mass, time = _given(path, card, "mass", "mass"), _optional(path, card, "live_time")
    axis = _text(path, card, "axis") if "axis" in card else ENERGY
    if table.suffix != ".root":
        return _described(path, card, binned_counts(table, mass=mass, live_time=time, axis=axis))
    if time is None:
        raise InvalidInput(f"{path}: found no live_time, expected one beside a ROOT histogram")
    unit = lookup(
        f"{path}, histogram_unit",
        _text(path, card, "histogram_unit"),
        lookup(f"{path}, axis", axis, _AXES),
    )
    histogram = open_root(table, _text(path, card, "histogram"))
    found = from_histogram(histogram, unit=unit, mass=mass, live_time=time, axis=axis)
    return _described(path, card, found)


def _unbinned_from_card(path: Path, card: Mapping[str, Any]) -> UnbinnedEvents:
    window = card.get("window")
    if not isinstance(window, list) or len(window) != 2:
        raise InvalidInput(f'{path}, window: found {window!r}, expected ["1 keV", "30 keV"]')
    low, high = (quantity(end, "energy", f"{path}, window") for end in window)
    if not 0 <= low < high:
        raise InvalidInput(f"{path}, window: found {window!r}, expected a lower end first")
    found = unbinned_events(
        _table(path, card),
        window=(low, high),
        mass=_given(path, card, "mass", "mass"),
        live_time=_given(path, card, "live_time", "time"),
    )
    return _described(path, card, found)


def _on_off_from_card(path: Path, card: Mapping[str, Any]) -> OnOff:
    pair = on_off(
        _table(path, card),
        mass=_given(path, card, "mass", "mass"),
        on_live_time=_optional(path, card, "on_live_time"),
        off_live_time=_optional(path, card, "off_live_time"),
    )
    return OnOff(_described(path, card, pair.on), _described(path, card, pair.off), pair.shifts)


def _residuals_from_card(path: Path, card: Mapping[str, Any]) -> Residuals:
    return _described(path, card, residuals(_table(path, card)))


def _described(path: Path, card: Mapping[str, Any], found: _Single) -> _Single:
    """Return the dataset with the name, reference and notes of its card."""
    name = _text(path, card, "name") if "name" in card else found.name
    notes = card.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise InvalidInput(f"{path}, notes: found {notes!r}, expected a list of texts")
    references = (_text(path, card, "reference"),) if "reference" in card else ()
    return replace(found, name=name, references=references, notes=tuple(notes))


KINDS: dict[str, tuple[set[str], Callable[[Path, Mapping[str, Any]], Dataset]]] = {
    "binned-counts": ({"mass", "live_time", "histogram", "histogram_unit"}, _binned_from_card),
    "unbinned-events": ({"mass", "live_time", "window"}, _unbinned_from_card),
    "on-off": ({"mass", "on_live_time", "off_live_time"}, _on_off_from_card),
    "residuals": (set(), _residuals_from_card),
}
"""Kind of a dataset -> the keys of its card besides the common ones, and its builder."""
