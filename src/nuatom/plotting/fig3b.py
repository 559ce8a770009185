"""Fig. 3(b) and Eq. (12): reactor ON spectrum at low threshold, limit against its level."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.spectra import overlays
from nuatom.plotting.style import LOOKS, RETRACTED, at, note, numbers, plain_log_ticks
from nuatom.table import Table

HEIGHT_INCHES = 8.4
ALT = (
    "Two panels. First: a labelled pseudo-dataset of the reactor ON spectrum near threshold "
    "with the spectra for an allowed and an excluded magnetic moment. Second: the binned "
    "Poisson limit against the background level, for the retracted Eq. (10) with the band of "
    "the threshold uncertainty, for the ab-initio response and for stepped electrons; the level "
    "at which the published limit would follow is marked as solved for."
)
PSEUDO = "labelled pseudo-dataset, not the Kuo-Sheng spectrum"
_NOTHING = 1e-9
"""Where a logarithmic axis puts a bin without counts: below everything shown."""
PUBLISHED_LIMIT = 1.3
"""The limit of Eq. (12), in 1e-11 Bohr magnetons."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the spectrum with overlays, and the limit against the background level.

    Parameters
    ----------
    tables : mapping
        With ``fig3b`` and ``fig3b_limit_vs_level`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    panels = figure.subplots(2, 1, height_ratios=[1.0, 1.0])
    _spectrum(panels[0], tables)
    _limit(panels[1], tables)


def _spectrum(axes: Axes, tables: Mapping[str, Table]) -> None:
    low, high, observed = numbers(
        tables, "fig3b", "energy_low_keV", "energy_high_keV", "observed_per_kg_keV_day"
    )
    axes.set_yscale("log")
    axes.stairs(
        np.maximum(observed, _NOTHING),
        np.append(low, high[-1]),
        baseline=_NOTHING,
        fill=True,
        facecolor=colour("grid"),
        edgecolor=colour("ink"),
        linewidth=1.1,
        label="pseudo-data",
    )
    overlays(axes, tables, "fig3b")
    columns = ("ai_excluded_retracted", "stepped_excluded")
    rates = numbers(tables, "fig3b", *(f"{name}_per_kg_keV_day" for name in columns))
    shown = np.concatenate([observed, *rates])
    shown = shown[shown > 0]
    top, bottom = float(shown.max()), float(max(shown.min(), shown.max() * 1e-7))
    axes.set(
        title=f"(a)  {PSEUDO}",
        xscale="log" if high[-1] / low[0] > 20 else "linear",
        xlim=(low[0], high[-1]),
        ylim=(bottom / 3, top * (top / bottom) ** 0.45),
        xlabel="Observed energy T (keV)",
        ylabel=r"Rate (kg$^{-1}$ keV$^{-1}$ day$^{-1}$)",
    )


def _limit(axes: Axes, tables: Mapping[str, Table]) -> None:
    level, paper, low, high, stepped, right, least, greatest = numbers(
        tables,
        "fig3b_limit_vs_level",
        "background_level_cpkkd",
        "limit_eq10_retracted_1e11_mu_B",
        "limit_low_1e11_mu_B",
        "limit_high_1e11_mu_B",
        "limit_stepped_1e11_mu_B",
        "limit_ab_initio_1e11_mu_B",
        "limit_ab_initio_low_1e11_mu_B",
        "limit_ab_initio_high_1e11_mu_B",
    )
    axes.fill_between(level, least, greatest, color=colour("band"), linewidth=0)
    axes.fill_between(level, low, high, step=None, color=colour("retracted_fill"), linewidth=0)
    axes.plot(level, paper, **LOOKS["retracted"].line())
    axes.plot(level, stepped, **LOOKS["stepped"].line())
    axes.plot(level, right, **LOOKS["ab_initio"].line())
    axes.axhline(PUBLISHED_LIMIT, **LOOKS["guide"].line())
    values = np.concatenate([paper, low, high, stepped, [PUBLISHED_LIMIT]])
    axes.set(
        title="(b)  binned Poisson limit at 90 % C.L., pseudo-spectra",
        xscale="log",
        yscale="log",
        xlim=(level[0], level[-1]),
        ylim=(np.nanmin(values) / 4, np.nanmax(values) * 2.5),
        xlabel=r"Background level (kg$^{-1}$ keV$^{-1}$ day$^{-1}$)",
        ylabel=r"Upper limit on $\mu_\nu$  ($10^{-11}\,\mu_B$)",
    )
    bottom, top = axes.get_ylim()
    plain_log_ticks(axes, "y", [t for t in (0.1, 1, 10, 100, 1000) if bottom <= t <= top])
    _labels(axes, level, paper, stepped)


def _labels(axes: Axes, level: Array, paper: Array, stepped: Array) -> None:
    where = float(level[0] * (level[-1] / level[0]) ** 0.04)
    note(
        axes,
        where,
        at(level, stepped, where),
        "ab-initio (black) and stepped (blue), this work",
        color=LOOKS["ab_initio"].color,
        offset=(0, -15),
    )
    text = f"{RETRACTED}\n" r"(band: threshold $220\pm10$ eV)"
    note(
        axes,
        where,
        at(level, paper, where),
        text,
        color=LOOKS["retracted"].color,
        offset=(0, -24),
    )
    note(
        axes,
        where,
        PUBLISHED_LIMIT,
        "published: 1.3",
        color=colour("muted"),
        va="bottom",
        offset=(0, 3),
    )
    if np.nanmin(paper) < PUBLISHED_LIMIT < np.nanmax(paper):
        _solved_for(axes, level, paper)


def _solved_for(axes: Axes, level: Array, paper: Array) -> None:
    """Mark the first level at which the curve reaches the published limit."""
    first = int(np.flatnonzero(paper >= PUBLISHED_LIMIT)[0])
    pair = slice(max(first - 1, 0), first + 1)
    solved = float(
        np.exp(np.interp(np.log(PUBLISHED_LIMIT), np.log(paper[pair]), np.log(level[pair])))
    )
    share = np.log(solved / level[0]) / np.log(level[-1] / level[0])
    axes.plot(solved, PUBLISHED_LIMIT, "D", color=colour("blue"), markersize=6, zorder=4)
    note(
        axes,
        solved,
        PUBLISHED_LIMIT,
        f"solved for: level {solved:.2g}",
        color=colour("blue"),
        ha="right" if share > 0.45 else "left",
        va="bottom",
        offset=(0, 9),
    )
