"""What several figures have in common: spectra laid over the counts, marks of the edges."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, RETRACTED, numbers
from nuatom.table import Table

_CURVES = (
    (
        "ai_excluded_retracted_per_kg_keV_day",
        "retracted",
        r"$2\times10^{-11}\,\mu_B$ (excluded), " + RETRACTED,
    ),
    (
        "ai_allowed_retracted_per_kg_keV_day",
        "retracted_faint",
        r"$1\times10^{-11}\,\mu_B$ (allowed), " + RETRACTED,
    ),
    (
        "stepped_excluded_per_kg_keV_day",
        "stepped",
        r"$2\times10^{-11}\,\mu_B$, stepped (this work)",
    ),
    (
        "ab_initio_excluded_per_kg_keV_day",
        "ab_initio",
        r"$2\times10^{-11}\,\mu_B$, ab-initio (this work)",
    ),
)


def overlays(axes: Axes, tables: Mapping[str, Table], table: str) -> None:
    """Draw the allowed and excluded spectra as steps over the bins, with a small key.

    Parameters
    ----------
    axes : Axes
        With the counts [any].
    tables : mapping
        Tables by name [any].
    table : str
        ``fig3a`` or ``fig3b`` [name].

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    low, high = numbers(tables, table, "energy_low_keV", "energy_high_keV")
    for column, look, text in _CURVES:
        (rate,) = numbers(tables, table, column)
        values = np.where(rate > 0, rate, np.nan) if axes.get_yscale() == "log" else rate
        axes.stairs(values, np.append(low, high[-1]), baseline=None, label=text, **_patch(look))
    axes.legend(loc="upper right", frameon=False, fontsize=8.6, handlelength=2.6, labelspacing=0.35)


def _patch(look: str) -> dict[str, Any]:
    line = LOOKS[look].line()
    return {
        "edgecolor": line["color"],
        "linewidth": line["linewidth"],
        "linestyle": line["linestyle"],
        "zorder": 2.5,
    }


def mark_edges(
    axes: Axes,
    shells: Sequence[str],
    energies: Array,
    span: tuple[float, float],
    names: str = "KLMNOPQ",
) -> None:
    """Mark the edges above the axes; the subshells of a shell share one label.

    Parameters
    ----------
    axes : Axes
        With the energy on its x axis [any].
    shells : sequence of str
        Such as ``K`` and ``L1`` [names].
    energies : ndarray
        Of the edges, in the unit of the axis [any].
    span : tuple of float
        Ends of the axis; edges outside are left out [any].
    names : str
        Initials of the shells to mark [name].
    """
    seen: list[tuple[float, list[str]]] = []
    for energy, shell in sorted(zip(energies, shells, strict=True)):
        if not span[0] <= energy <= span[1] or shell[0] not in names:
            continue
        axes.axvline(energy, ymin=0.955, ymax=1.0, color=colour("muted"), linewidth=0.9)
        if seen and shell[0] == seen[-1][1][-1][0]:
            seen[-1][1].append(shell)
        else:
            seen.append((float(energy), [shell]))
    for energy, members in seen:
        last = max(e for e, s in zip(energies, shells, strict=True) if s in members)
        axes.annotate(
            members[0][0],
            (float(np.sqrt(energy * last)), 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            color=colour("muted"),
        )
