"""What Figs. 3(a) and 3(b) have in common: spectra laid over the counts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

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
