"""The axis of the neutrino magnetic moment: predictions, bounds and limits."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from nuatom.plotting.palette import colour
from nuatom.plotting.style import RETRACTED, note, numbers, power_of_ten, pretty, texts
from nuatom.table import Table

HEIGHT_INCHES = 6.4
ALT = (
    "One logarithmic axis of the neutrino magnetic moment in Bohr magnetons. Bars and arrows "
    "from top to bottom: theoretical predictions and bounds, astrophysical bounds, published "
    "experimental limits and those of this work; limits by the retracted Eq. (10) are grey "
    "and dashed."
)

_COLORS = {
    "prediction": "green",
    "theory bound": "purple",
    "astrophysical bound": "vermilion",
    "experimental limit": "ink",
    "this work": "blue",
}
_UPPER = ("theory bound", "astrophysical bound", "experimental limit", "this work")
"""Kinds that exclude what lies above them."""


@dataclass(frozen=True)
class _Entry:
    label: str
    kind: str
    low: float
    high: float
    retracted: bool

    @property
    def color(self) -> str:
        return colour("retracted" if self.retracted else _COLORS.get(self.kind, "muted"))


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the table ``interpretation``, one row per entry.

    Parameters
    ----------
    tables : mapping
        With ``interpretation``: label, kind, low_mu_B, high_mu_B, retracted (yes or no)
        and reference [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    labels, kinds, retracted, _ = texts(
        tables, "interpretation", "label", "kind", "retracted", "reference"
    )
    low, high = numbers(tables, "interpretation", "low_mu_B", "high_mu_B")
    entries = [
        _Entry(label, kind, float(a), float(b), flag == "yes")
        for label, kind, a, b, flag in zip(labels, kinds, low, high, retracted, strict=True)
    ]
    figure.set_figheight(1.4 + 0.36 * len(entries) + 0.28 * len(set(kinds)))
    axes = figure.add_subplot()
    ends = float(np.nanmin(low)) / 30, float(np.nanmax(high)) * 30
    height, before = 0.0, entries[0].kind
    _heading(axes, ends, before, -0.75)
    for entry in entries:
        if entry.kind != before:
            before, height = entry.kind, height + 0.85
            _heading(axes, ends, before, height - 0.75)
        _row(axes, entry, height, ends)
        height += 1.0
    axes.set(
        xscale="log",
        xlim=ends,
        ylim=(height - 0.3, -1.3),
        yticks=[],
        xlabel=r"Neutrino magnetic moment $\mu_\nu$  ($\mu_B$)"
        "\ntick: value;  line to its right: excluded;  bar: range",
    )
    axes.xaxis.set_major_locator(LogLocator(10, numticks=20))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.spines["left"].set_visible(False)
    axes.grid(False, axis="y")
    every = 1 if np.log10(ends[1] / ends[0]) < 9 else 2
    for place, tick in enumerate(axes.xaxis.get_ticklabels()):
        tick.set_visible(place % every == 0)


def _heading(axes: Axes, ends: tuple[float, float], kind: str, height: float) -> None:
    note(
        axes,
        ends[0],
        height,
        kind.upper(),
        color=colour("muted"),
        fontsize=7.6,
        fontweight="bold",
        offset=(2, 0),
    )


def _row(axes: Axes, entry: _Entry, height: float, ends: tuple[float, float]) -> None:
    """Draw one entry: a bar for a range, a tick with a shade above it for a limit."""
    color = entry.color
    dashes = (0, (2.6, 1.4)) if entry.retracted else "-"
    if entry.low == entry.high:
        value = power_of_ten(entry.low)
        sign = "<" if entry.kind in _UPPER else ""
    else:
        value = f"{power_of_ten(entry.low, 1)} to {power_of_ten(entry.high, 1)}"
        sign = ""
        axes.plot(
            [entry.low, entry.high],
            [height, height],
            color=color,
            linewidth=7,
            solid_capstyle="butt",
            zorder=3,
        )
    if entry.kind in _UPPER:
        axes.plot([entry.high, ends[1]], [height, height], color=color, lw=1.4, linestyle=dashes)
    if entry.low == entry.high:
        axes.plot(entry.low, height, "|", color=color, markersize=12, mew=2.2, zorder=3)
    text = f"{pretty(entry.label)}  {sign}{value}"
    if entry.retracted and "retracted" not in entry.label.lower():
        text += f"\n{RETRACTED}"
    share = np.log(entry.low / ends[0]) / np.log(ends[1] / ends[0])
    side = -1 if share > 0.5 else 1
    note(
        axes,
        entry.low if side < 0 else entry.high,
        height,
        text,
        color=color,
        ha="right" if side < 0 else "left",
        offset=(8 * side, 0),
        fontsize=8.8,
    )
