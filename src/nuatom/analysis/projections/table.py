"""A projection as a table: one row for each point and atomic model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nuatom import __version__
from nuatom.analysis.cards.build import at
from nuatom.analysis.cards.card import names_card
from nuatom.analysis.projections.plan import Plan, plan, retracted
from nuatom.analysis.projections.sensitivity import FEW, Sensitivity, sensitivity
from nuatom.table import Column, Table

UNITS = {"mu_B": "mu_B", "e": "e", "cm^2": "cm2", "coupling g": "g"}
"""Unit of a coupling -> what stands at the end of its columns."""
RETRACTED = "(retracted)"
"""What follows the name of an atomic model for which a publication was retracted."""
COWAN = "G. Cowan, K. Cranmer, E. Gross and O. Vitells, Eur. Phys. J. C 71, 1554 (2011)"


@dataclass(frozen=True, eq=False)
class Row:
    """One point of a projection.

    Parameters
    ----------
    axes : tuple of float
        In the units of the columns [any].
    model : str
        Atomic model, as it is shown [text].
    found : Sensitivity
        What the experiment reaches there [any].
    """

    axes: tuple[float, ...]
    model: str
    found: Sensitivity


@names_card
def project(
    source: Path | str | Mapping[str, Any], progress: Callable[[int, int], None] | None = None
) -> Table:
    """Return what a card could reach, at each point of its axes and for each atomic model.

    Parameters
    ----------
    source : Path, str or mapping
        A TOML file with a section ``[project]``, or the same as a dict [path].
    progress : callable, optional
        Called with the number of rows that are done, and of all [any].

    Returns
    -------
    Table
        ``projection``: axes, ``atomic_model``, median limit, discovery reach, and what
        limits; definitions are in the notes.

    Raises
    ------
    InvalidInput
        With the exact path to a mistake.
    UnknownName
        If a name is none of the card or the catalogue.
    FitFailed
        If a point sets no limit; the point is named.

    Example
    -------
    >>> table = project({
    ...     "source": {"name": "kuo-sheng"},
    ...     "detector": {"target": "Ge", "exposure": "1 kg day",
    ...                  "resolution": {"kind": "perfect"}},
    ...     "bins": {"edges": ["1 keV", "2 keV"]},
    ...     "response": {"electrons": "stepped"},
    ...     "signals": {"channels": ["magnetic-moment"]},
    ...     "backgrounds": [{"kind": "flat", "name": "flat", "rate": "9 / kg / keV / day",
    ...                      "uncertainty": "0.001 %"}],
    ...     "project": {"parameter": "magnetic-moment",
    ...                 "axes": [{"kind": "exposure", "factors": [1.0, 1e4]}]}})
    >>> few, many = table.column("limit_mu_B")
    >>> bool(8 < few / many < 12)    # the fourth root of the exposure, roughly
    True
    """
    asked = plan(source)
    rows = []
    for name in asked.models:
        shown = f"{name} {RETRACTED}" if retracted(name, asked.section.parameter) else name
        for values, knobs in asked.points():
            with at(_place(asked, values, name)):
                found = sensitivity(asked.model(name, knobs), asked.asked(knobs))
            rows.append(Row(values, shown or "none", found))
            if progress is not None:
                progress(len(rows), asked.size)
    return Table(
        "projection",
        asked.read.card.title,
        (*_axis_columns(asked, rows), *_columns(asked, rows)),
        _notes(asked, rows),
        (*asked.references(), COWAN),
    )


def _place(asked: Plan, values: tuple[float, ...], name: str) -> str:
    """Return a point in words, for errors."""
    words = [f"{axis.column} = {value:.6g}" for axis, value in zip(asked.axes, values, strict=True)]
    return "project: " + ", ".join([*words, name or "no atomic model"])


def _axis_columns(asked: Plan, rows: list[Row]) -> list[Column]:
    columns = [
        Column(axis.column, np.array([row.axes[k] for row in rows]), f"axis {axis.kind}")
        for k, axis in enumerate(asked.axes)
    ]
    return [*columns, Column("atomic_model", [row.model for row in rows])]


def _columns(asked: Plan, rows: list[Row]) -> list[Column]:
    found = [row.found for row in rows]
    unit = UNITS.get(found[0].interest.unit, "")
    ending = f"_{unit}" if unit else ""
    percent = f"{100 * asked.section.confidence:g} %"
    columns = _couplings("limit", ending, [f.limit for f in found], f"median limit at {percent}")
    for z in sorted(asked.section.discovery):
        columns += _couplings(
            f"reach_{z:g}_sigma".replace(".", "_"),
            ending,
            [f.reach[z] for f in found],
            f"discovered at {z:g} sigma by half of the experiments",
        )
    columns += [
        Column("limited_by", [f.limited_by for f in found], "without it the limit falls most"),
        Column("error_from", [f.error_from for f in found], "more than half of the variance"),
        Column("systematic_share", np.array([f.systematic_share for f in found]), "of variance"),
        Column(
            "background_counts", np.array([f.background_counts for f in found]), "under the signal"
        ),
        Column("signal_counts_at_limit", np.array([f.signal_counts for f in found])),
        Column("few_counts", ["yes" if f.background_counts < FEW else "no" for f in found]),
    ]
    for group in dict.fromkeys(name for f in found for name in f.without):
        values = np.array([f.without.get(group, f.size) for f in found])
        word = group.replace("-", "_")
        columns.append(Column(f"limit_without_{word}{ending}", values, f"without {group}"))
    exactly = np.array([f.if_known for f in found])
    columns.append(Column(f"limit_if_known{ending}", exactly, "what has a prior known exactly"))
    return columns + _simulated(found, ending)


def _couplings(
    name: str, ending: str, values: list[tuple[float, ...]], meaning: str
) -> list[Column]:
    """Return one column, or two for a coupling with a sign."""
    ends = ("_low", "_high") if len(values[0]) == 2 else ("",)
    return [
        Column(f"{name}{end}{ending}", np.array([value[k] for value in values]), meaning)
        for k, end in enumerate(ends)
    ]


def _simulated(found: list[Sensitivity], ending: str) -> list[Column]:
    medians = [f.simulated for f in found if f.simulated is not None]
    if not medians:
        return []
    return [
        Column(f"{name}{ending}", np.array([getattr(m, key) for m in medians]), meaning)
        for name, key, meaning in (
            ("toys_median_limit", "value", "of simulated experiments"),
            ("toys_median_limit_error", "error", "by order statistics"),
            ("toys_limit_16_percent", "low", "16 % of the limits lie below"),
            ("toys_limit_84_percent", "high", "84 % of the limits lie below"),
        )
    ]


def _notes(asked: Plan, rows: list[Row]) -> tuple[str, ...]:
    """Return the definitions, and what must be said of this card."""
    from nuatom.catalog.models import RETRACTED as RETRACTION

    section = asked.section
    lines = [
        f"nuatom: {__version__}",
        f"card_sha256: {asked.read.digest}",
        "limit: where the profiled deviance of the expected data without signal has risen by "
        "z^2, z = Phi^-1[(1 + C)/2]; for the median experiment that is Delta chi^2, "
        "Feldman-Cousins and CLs alike while counts are many",
        "limited_by: the component without which the limit would fall most; nothing if none "
        "matters by 1 %",
        "systematic_share: the part of the variance that more exposure does not reduce, 1 - d ln "
        "D/d ln exposure at the limit",
    ]
    if any(row.found.background_counts < FEW for row in rows):
        lines.append(
            f"few_counts = yes: less than {FEW:g} background counts under the signal; there the "
            "limit of expected data is too low by up to 40 % in counts; take `nuatom limit` with "
            "feldman-cousins"
        )
    if section.subtraction is not None:
        lines.append(
            "subtraction: backgrounds are measured with the source off; their own uncertainties "
            "and the counting error of that measurement are left out"
        )
    if any(axis.kind == "threshold" for axis in asked.axes):
        lines.append("threshold: counts below are left out; efficiencies are those of the card")
    if any(RETRACTED in row.model for row in rows):
        lines.append(f"{RETRACTED}: {RETRACTION}; its rows are shown for comparison only")
    return (*lines, *asked.notes())
