"""Expected counts of a run card: the total and its components as steps over the bins."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import figure_bytes, house_style, new_figure, numbers, pretty
from nuatom.table import Table

HEIGHT_INCHES = 4.2
ALT = (
    "Expected counts per keV against observed energy: the sum of the Standard Model channels "
    "and backgrounds, each component, and signals of new couplings scaled to the sum."
)
_COLOURS = ("green", "vermilion", "sky", "purple", "muted", "frame")
_DECADES = 5
"""How far below the highest value the axis reaches."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the components of the table ``expected``.

    Signals whose coupling has a unit are drawn with the total of the sum, so that only
    their shape says something; their factor stands in the legend.

    Parameters
    ----------
    tables : mapping
        With the table ``expected`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    axes = figure.add_subplot()
    low, high, total = numbers(
        tables, "expected", "energy_low_keV", "energy_high_keV", "total_counts"
    )
    width = high - low
    edges = np.append(low, high[-1])
    if np.any(total > 0):
        axes.stairs(
            total / width, edges, baseline=None, color=colour("ink"), lw=1.8, label="all together"
        )
    for place, (label, counts, dashed) in enumerate(_components(tables["expected"], total)):
        axes.stairs(
            np.where(counts > 0, counts / width, np.nan),
            edges,
            baseline=None,
            color=colour(_COLOURS[place % len(_COLOURS)]),
            lw=1.3,
            ls="--" if dashed else "-",
            label=label,
        )
    axes.set(xlabel="observed energy [keV]", ylabel="expected counts per keV")
    tops = [float(np.nanmax(patch.get_data().values)) for patch in axes.patches]  # type: ignore[attr-defined]
    if tops:
        top = max(tops)
        axes.set_yscale("log")
        axes.set_ylim(top / 10**_DECADES, 3 * top)
        axes.legend(loc="best", frameon=False, fontsize=7.6, ncols=2)
    if low[0] > 0 and high[-1] / low[0] > 20:
        axes.set_xscale("log")


def picture(table: Table, kind: str) -> bytes:
    """Return the figure of a table as a file.

    Parameters
    ----------
    table : Table
        The table ``expected`` [any].
    kind : str
        ``svg`` or ``png`` [name].

    Returns
    -------
    bytes
        The same for the same table.

    Raises
    ------
    UnknownName
        If the kind is neither.
    """
    with house_style():
        figure = new_figure(HEIGHT_INCHES)
        draw({"expected": table}, figure)
    return figure_bytes(figure, kind)


def _components(table: Table, total: Array) -> list[tuple[str, Array, bool]]:
    """Return label, counts and whether they are scaled, of what is not an interference."""
    found = []
    for column in table.columns[3:]:
        name = column.name
        if not column.meaning.startswith(("signal ", "background ")):
            continue
        counts = np.asarray(column.values, dtype=float)
        if not np.any(counts > 0):
            continue
        label = pretty(column.meaning.split(" ", 1)[1])
        scaled = "_counts_at_" in name
        if scaled:
            factor = (total.sum() or 1.0) / counts.sum()
            counts = counts * factor
            label += " (shape)"
        found.append((label, counts, scaled))
    return found
