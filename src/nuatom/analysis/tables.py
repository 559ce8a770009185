"""Expected counts as a table, as NetCDF, and as histograms of other packages."""

import json
import re
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom import units as u
from nuatom.analysis.model import Component, Model
from nuatom.arrays import Array
from nuatom.datasets.counts import ENERGY, S2_AREA
from nuatom.errors import InvalidInput
from nuatom.table import Column, Table, write_bytes_atomically, write_text_atomically

if TYPE_CHECKING:
    import xarray as xr

_UNITS = {
    "mu_B": "1_mu_B",
    "e": "1_e",
    "cm^2": "1_cm2",
    "coupling g": "g_1",
    "times the Standard Model": "",
}
"""Unit of a coupling -> what stands in the name of a column."""
_AXES = {
    ENERGY: ("energy_low_keV", "energy_high_keV", "energy_keV"),
    S2_AREA: ("s2_low_PE", "s2_high_PE", "s2_area_PE"),
}
"""Axis of a model -> columns of the ends of its bins, and the name of the axis."""
WRITERS = (".csv", ".nc", ".root")
"""Kinds of files, by the end of their names."""


def column_name(model: Model, part: Component) -> str:
    """Return the column of a component.

    Parameters
    ----------
    model : Model
        With the units of the couplings [model].
    part : Component
        One of its components [component].

    Returns
    -------
    str
        Such as ``charge_radius_counts_at_1_cm2``.
    """
    units = {p.channel: p.unit for p in model.parameters}
    words = "_and_".join(_word(name) for name in part.channels) or f"{_word(part.name)}_background"
    if part.kind == "interference":
        words += "_interference"
    at = [_UNITS.get(units[name], _word(units[name])) for name in part.channels]
    ending = "_".join(word for word in at if word)
    return f"{words}_counts" + (f"_at_{ending}" if ending else "")


def expected_table(model: Model) -> Table:
    """Return bins x components, then the components of each variation.

    Parameters
    ----------
    model : Model
        From a card [model].

    Returns
    -------
    Table
        ``total_counts`` is the Standard Model channels of the card and the backgrounds.

    Raises
    ------
    InvalidInput
        If two components would have one column.
    """
    edges = _edges(model)
    low, high, _ = _AXES[model.axis]
    columns = [
        Column(low, edges[:-1]),
        Column(high, edges[1:]),
        Column("total_counts", model.expected(), "Standard Model channels and backgrounds"),
    ]
    if model.observed is not None:
        columns += [
            Column("observed_counts", model.observed.counts, f"observed {model.observed.name}"),
            Column("observed_error_counts", model.observed.errors, "error of the observed"),
        ]
    columns += [
        Column(column_name(model, p), p.counts, f"{p.kind} {p.name}") for p in model.components
    ]
    for name in model.variations:
        for part in model.components:
            for side, found in (("up", part.upper), ("down", part.lower)):
                if name in found:
                    column = f"{column_name(model, part)}_{_word(name)}_{side}"
                    columns.append(Column(column, found[name], f"{name} {side}"))
    return Table("expected", model.title, tuple(columns), notes(model), model.references)


def notes(model: Model) -> tuple[str, ...]:
    """Return what must go with the numbers: provenance, variations, remarks.

    Parameters
    ----------
    model : Model
        From a card [model].

    Returns
    -------
    tuple of str
        One line each, without the references.
    """
    return (
        *(f"{key}: {value}" for key, value in model.provenance.items() if value),
        *(f"coupling of {p.channel}: unit {p.unit}" for p in model.parameters),
        *(f"variation {name}: {meaning}" for name, meaning in model.variations.items()),
        *model.notes,
    )


def to_dataset(model: Model) -> "xr.Dataset":
    """Return the model as an xarray dataset.

    Parameters
    ----------
    model : Model
        From a card [model].

    Returns
    -------
    Dataset
        ``counts`` (component, bin) and ``varied_counts`` (variation, side, component, bin).
    """
    import xarray as xr

    parts = model.components
    sides = [("up", "upper"), ("down", "lower")]
    shape = (len(model.variations), 2, len(parts), model.bin_edges.size - 1)
    varied = np.array(
        [
            [[getattr(p, side).get(name, p.counts) for p in parts] for _, side in sides]
            for name in model.variations
        ]
    ).reshape(shape)
    edges = _edges(model)
    low, high, _ = _AXES[model.axis]
    arrays: dict[str, tuple[tuple[str, ...], Array]] = {
        "counts": (("component", "bin"), np.array([p.counts for p in parts])),
        "varied_counts": (("variation", "side", "component", "bin"), varied),
        "total_counts": (("bin",), model.expected()),
    }
    if model.observed is not None:
        arrays["observed_counts"] = (("bin",), model.observed.counts)
        arrays["observed_error_counts"] = (("bin",), model.observed.errors)
    return xr.Dataset(
        arrays,
        coords={
            low: ("bin", edges[:-1]),
            high: ("bin", edges[1:]),
            "component": [p.name for p in parts],
            "kind": ("component", [p.kind for p in parts]),
            "column": ("component", [column_name(model, p) for p in parts]),
            "variation": np.array(list(model.variations), dtype=str),
            "side": [side for side, _ in sides],
        },
        attrs={
            "title": model.title,
            "notes": "\n".join(notes(model)),
            "references": "\n".join(model.references),
            "provenance": json.dumps(model.provenance),
            "parameters": json.dumps(
                [
                    {"channel": p.channel, "unit": p.unit, "default": p.default, "power": p.power}
                    for p in model.parameters
                ]
            ),
        },
    )


def to_hist(model: Model) -> dict[str, Any]:
    """Return each component as a histogram of the package `hist`.

    Parameters
    ----------
    model : Model
        From a card [model].

    Returns
    -------
    dict
        Column -> histogram.

    Raises
    ------
    InvalidInput
        If `hist` is not installed.
    """
    hist = _optional("hist")
    found = {}
    for part in model.components:
        histogram = hist.Hist(hist.axis.Variable(_edges(model), name=_AXES[model.axis][2]))
        histogram[...] = part.counts
        found[column_name(model, part)] = histogram
    return found


def write(model: Model, path: Path) -> None:
    """Write the expected counts whole or not at all, in the format that the name asks for.

    Parameters
    ----------
    model : Model
        From a card [model].
    path : Path
        Ending in .csv (provenance in lines with # before the header), .nc or .root [path].

    Raises
    ------
    InvalidInput
        If the ending is another, or a package for it is absent.
    CannotWrite
        If the place refuses.
    """
    check_format(path)
    if path.suffix == ".csv":
        table = expected_table(model)
        head = [f"title: {table.title}"] if table.title else []
        head += [*table.notes, *(f"reference: {text}" for text in table.references)]
        lines = "".join(f"# {' '.join(line.split())}\n" for line in head)
        write_text_atomically(path, lines + table.to_csv())
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / path.name
        if path.suffix == ".nc":
            to_dataset(model).to_netcdf(place, engine="h5netcdf")
        else:
            _write_root(model, place)
        content = place.read_bytes()
    write_bytes_atomically(path, content)


def check_format(path: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Parameters
    ----------
    path : Path
        Where to write [path].

    Raises
    ------
    InvalidInput
        If the ending is none of `WRITERS`, or a package for it is absent.
    """
    if path.suffix not in WRITERS:
        raise InvalidInput(
            f"{path}: found the ending {path.suffix!r}, expected one of {', '.join(WRITERS)}"
        )
    if path.suffix == ".root":
        _optional("uproot")


def _write_root(model: Model, path: Path) -> None:
    with _optional("uproot").recreate(path) as file:
        edges = _edges(model)
        if model.observed is not None:
            file["observed_counts"] = (model.observed.counts, edges)
        for part in model.components:
            name = column_name(model, part)
            file[name] = (part.counts, edges)
            for side, found in (("up", part.upper), ("down", part.lower)):
                for variation, counts in found.items():
                    file[f"{name}_{_word(variation)}_{side}"] = (counts, edges)


def _edges(model: Model) -> Array:
    """Return the edges of the bins in the unit of their column."""
    return np.asarray(model.bin_edges / (u.keV if model.axis == ENERGY else 1.0))


def _optional(package: str) -> Any:
    try:
        return import_module(package)
    except ImportError:
        raise InvalidInput(
            f"found no package {package}, expected it for this format; pip install {package}, or "
            "use .csv or .nc"
        ) from None


def _word(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_")
