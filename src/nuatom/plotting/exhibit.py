"""An experiment: its spectrum as points, components and signals as steps."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting import counts
from nuatom.plotting.counts import Points, Steps, draw_counts
from nuatom.plotting.style import numbers, pretty
from nuatom.table import Table

HEIGHT_INCHES = counts.HEIGHT_INCHES
ALT = (
    "Counts per bin width against the observed quantity: the published spectrum where it is at "
    "hand, the sum of the components, each component, and signals of new couplings."
)
_COMPONENTS = ("green", "sky", "purple", "muted", "frame")
_LINES = ("-", "-.")
"""Of components: the second where the colours begin again."""
_SIGNALS = ("vermilion", "blue")
_SIGNAL_LINES = ("--", "-.")
_AXES = {
    "energy": ("energy_low_keV", "energy_high_keV", "Observed energy (keV)", "Counts per keV"),
    "s2": ("s2_low_PE", "s2_high_PE", "S2 area (PE)", "Counts per PE"),
}
_BEHIND = ", stepped"


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the table ``exhibit``.

    Parameters
    ----------
    tables : mapping
        With the table ``exhibit`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    table = tables["exhibit"]
    kind = "s2" if table.columns[0].name.startswith("s2") else "energy"
    first, second, *labels = _AXES[kind]
    low, high, total = numbers(tables, "exhibit", first, second, "total_counts")
    known = {column.name for column in table.columns}
    observed = None
    if "observed_counts" in known:
        observed = Points(*numbers(tables, "exhibit", "observed_counts", "observed_error_counts"))
    draw_counts(
        figure,
        np.append(low, high[-1]),
        [Steps("all components", total, "ink", width=2.2), *_curves(table)],
        labels=(labels[0], labels[1]),
        points=observed,
    )


def picture(table: Table, kind: str) -> bytes:
    """Return the figure of an experiment as a file.

    Parameters
    ----------
    table : Table
        The table ``exhibit`` [any].
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


def _curves(table: Table) -> list[Steps]:
    """Return components and signals; a signal of the plain model has the colour of the other."""
    found = []
    places = {"component": 0, "signal": 0}
    for column in table.columns:
        word, _, label = column.meaning.partition(" ")
        if word not in places:
            continue
        behind = label.endswith(_BEHIND)
        palette = _COMPONENTS if word == "component" else _SIGNALS
        place = places[word] - (1 if behind else 0)
        lines = _LINES if word == "component" else _SIGNAL_LINES
        dashes = ":" if behind else lines[place // len(palette) % 2]
        values: Array = np.asarray(column.values, dtype=float)
        found.append(Steps(pretty(label), values, palette[place % len(palette)], dashes))
        places[word] += 0 if behind else 1
    return found
