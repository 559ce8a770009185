"""Expected counts of a run card: the total and its components as steps over the bins."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting import counts
from nuatom.plotting.counts import Steps, draw_counts
from nuatom.plotting.style import numbers, pretty
from nuatom.table import Table

HEIGHT_INCHES = counts.HEIGHT_INCHES
ALT = (
    "Expected counts per keV against observed energy: the sum of the Standard Model channels "
    "and backgrounds, each component, and signals of new couplings scaled to the sum."
)
_COLOURS = ("green", "vermilion", "sky", "purple", "muted", "frame")


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the components of the table ``expected``.

    Signals whose coupling has a unit are drawn with the total of the sum, so that only
    their shape says something; the legend says so.

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
    low, high, total = numbers(
        tables, "expected", "energy_low_keV", "energy_high_keV", "total_counts"
    )
    draw_counts(
        figure,
        np.append(low, high[-1]),
        [Steps("all together", total, "ink", width=2.2), *_curves(tables["expected"], total)],
        labels=("Observed energy (keV)", "Expected counts per keV"),
    )


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
    return counts.picture(draw, table, kind)


def _curves(table: Table, total: Array) -> list[Steps]:
    """Return what is no interference; signals at unit coupling are scaled and dashed."""
    found: list[Steps] = []
    for column in table.columns[3:]:
        if not column.meaning.startswith(("signal ", "background ")):
            continue
        values = np.asarray(column.values, dtype=float)
        if not np.any(values > 0):
            continue
        label = pretty(column.meaning.split(" ", 1)[1])
        scaled = "_counts_at_" in column.name
        if scaled:
            values = values * (total.sum() or 1.0) / values.sum()
            label += " (shape)"
        color = _COLOURS[len(found) % len(_COLOURS)]
        found.append(Steps(label, values, color, "--" if scaled else "-"))
    return found
