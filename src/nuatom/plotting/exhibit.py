"""An experiment: its spectrum as points, components and signals as steps."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import figure_bytes, house_style, new_figure, numbers, pretty
from nuatom.table import Table

HEIGHT_INCHES = 4.4
ALT = (
    "Counts per bin width against the observed quantity: the published spectrum where it is at "
    "hand, the sum of the components, each component, and signals of new couplings."
)
_COMPONENTS = ("green", "sky", "purple", "muted", "frame")
_LINES = ("-", "-.")
"""Of components: the second where the colours begin again."""
_SIGNALS = ("vermilion", "blue")
_DECADES = 5
_AXES = {
    "energy": ("energy_low_keV", "energy_high_keV", "observed energy [keV]", "counts per keV"),
    "s2": ("s2_low_PE", "s2_high_PE", "S2 area [PE]", "counts per PE"),
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
    first, second, xlabel, ylabel = _AXES[kind]
    low, high, total = numbers(tables, "exhibit", first, second, "total_counts")
    width, edges = high - low, np.append(low, high[-1])
    axes = figure.add_subplot()
    tops = []

    def steps(counts: Array, **look: object) -> None:
        shown = np.where(counts > 0, counts / width, np.nan)
        if np.any(counts > 0):
            tops.append(float(np.nanmax(shown)))
            axes.stairs(shown, edges, baseline=None, **look)  # type: ignore[arg-type]

    steps(total, color=colour("ink"), lw=1.6, label="all components")
    observed = {c.name: np.asarray(c.values, dtype=float) for c in table.columns}
    if "observed_counts" in observed:
        counts, errors = observed["observed_counts"], observed["observed_error_counts"]
        axes.errorbar(
            (low + high) / 2,
            np.where(counts > 0, counts / width, np.nan),
            yerr=errors / width,
            fmt="o",
            ms=2.4,
            lw=0.7,
            color=colour("ink"),
            label="observed",
            zorder=5,
        )
        tops.append(float(np.max(counts / width)))
    places = {"component": 0, "signal": 0}
    for column in table.columns:
        word, _, label = column.meaning.partition(" ")
        if word not in places:
            continue
        behind = label.endswith(_BEHIND)
        palette = _COMPONENTS if word == "component" else _SIGNALS
        place = places[word] - (1 if behind else 0)
        steps(
            observed[column.name],
            color=colour(palette[place % len(palette)]),
            lw=1.2,
            ls=":" if behind else "--" if word == "signal" else _LINES[place // len(palette) % 2],
            label=pretty(label),
        )
        places[word] += 0 if behind else 1
    axes.set(xlabel=xlabel, ylabel=ylabel)
    if tops:
        axes.set_yscale("log")
        axes.set_ylim(max(tops) / 10**_DECADES, 30 * max(tops))
        axes.legend(loc="upper center", frameon=False, fontsize=7.2, ncols=2)
    if low[0] > 0 and high[-1] / low[0] > 20:
        axes.set_xscale("log")


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
    with house_style():
        figure = new_figure(HEIGHT_INCHES)
        draw({"exhibit": table}, figure)
    return figure_bytes(figure, kind)
