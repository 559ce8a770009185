"""The smoking gun: near-edge spectra, K:L:M ratios, and the exposure that separates them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, RETRACTED, at, note, numbers, plain_log_ticks, texts
from nuatom.table import Table

HEIGHT_INCHES = 11.2
ALT = (
    "Three rows. First: rates in germanium from 0.1 to 15 keV with energy resolution: the stated "
    "background with its electron-capture lines, the retracted Eq. (10), grey and dashed and "
    "orders of magnitude above, and the millicharge, the magnetic moment (ab-initio and stepped) "
    "and weak channels. "
    "Second: intensity of the L and M structure relative to K; the captures lie near 0.1 and "
    "0.02, the neutrino channels above 10. Third: the exposure for three standard deviations "
    "against the magnetic moment and against the millicharge, against capture lines and, orders "
    "of magnitude larger, against any smooth background."
)
_FLOOR = 3e-4
_MARKS = ((365.25, "1 kg year", "left", 4), (365250.0, "1 tonne year", "right", -2))
"""Exposure in kg day, its label, on which side it stands, and how far from it in points."""
_ROWS = (
    ("eq10_retracted", "retracted", f"moment, {RETRACTED}"),
    ("millicharge", "millicharge", "millicharge, isolated atom"),
    ("millicharge_in_solid", "millicharge", "millicharge, solid Ge"),
    ("moment_stepped", "stepped", "moment, stepped"),
    ("moment_ab_initio", "ab_initio", "moment, ab-initio"),
    ("weak", "weak_electron", "weak, stepped"),
)
"""Channel, look and label, from the top."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw spectra, ratios and exposures.

    Parameters
    ----------
    tables : mapping
        With ``smoking_gun``, ``smoking_gun_ratios`` and ``smoking_gun_reach`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    grid = figure.add_gridspec(3, 2, height_ratios=[1.35, 0.85, 1.15])
    _spectra(figure.add_subplot(grid[0, :]), tables)
    _ratios(figure.add_subplot(grid[1, :]), tables)
    left = figure.add_subplot(grid[2, 0])
    right = figure.add_subplot(grid[2, 1], sharey=left)
    _reach(left, right, tables)


def _spectra(axes: Axes, tables: Mapping[str, Table]) -> None:
    shown = tuple(name for name, _, _ in _ROWS)
    low, high, total, *curves = numbers(
        tables,
        "smoking_gun",
        "energy_low_keV",
        "energy_high_keV",
        *(f"{name}_per_kg_keV_day" for name in ("background", *shown)),
    )
    rates = dict(zip(shown, curves, strict=True))
    axes.stairs(
        total,
        np.append(low, high[-1]),
        baseline=_FLOOR,
        color=colour("muted"),
        linewidth=0.9,
    )
    middle = np.sqrt(low * high)
    looks = {name: look for name, look, _ in _ROWS}
    for name, values in rates.items():
        style = LOOKS[looks[name]].line()
        if name == "millicharge_in_solid":
            style["linewidth"] = 2.2
        if name == "millicharge":
            style["linewidth"] = 1.1
        axes.plot(middle, np.where(values > 0, values, np.nan), **style)
    axes.set(
        title="(a)  observed spectra in Ge, reactor flux $10^{13}$ cm$^{-2}$ s$^{-1}$",
        xscale="log",
        yscale="log",
        xlim=(low[0], high[-1]),
        ylim=(_FLOOR, 1e6),
        xlabel="Observed energy (keV)",
        ylabel=r"Rate (kg$^{-1}$ keV$^{-1}$ day$^{-1}$)",
    )
    plain_log_ticks(axes, "x", [t for t in (0.1, 0.3, 1, 3, 10) if low[0] <= t <= high[-1]])
    _spectra_labels(axes, middle, rates)


def _spectra_labels(axes: Axes, x: Array, rates: Mapping[str, Array]) -> None:
    def beside(name: str, where: float, text: str, offset: tuple[float, float]) -> None:
        look = {channel: look for channel, look, _ in _ROWS}[name]
        note(axes, where, at(x, rates[name], where), text, color=LOOKS[look].color, offset=offset)

    beside("eq10_retracted", 1.5, f"magnetic moment\n$10^{{-10}}\\,\\mu_B$, {RETRACTED}", (8, 12))
    beside("millicharge", 0.3, "millicharge $10^{-12}\\,e$,\nisolated atom", (4, 22))
    beside("millicharge_in_solid", 0.42, "the same in\nsolid Ge", (-54, -16))
    beside(
        "moment_ab_initio",
        0.113,
        "$10^{-10}\\,\\mu_B$:\nab-initio (black),\nstepped (blue)",
        (0, -55),
    )
    beside("weak", 0.2, r"weak, $\bar\nu_e$ on electrons", (0, -9))
    note(
        axes,
        14.0,
        130.0,
        "background with\ncapture lines",
        color=colour("muted"),
        ha="right",
    )


def _ratios(axes: Axes, tables: Mapping[str, Table]) -> None:
    """Draw L/K (filled) and M/K (open) of the captures, together, and of each channel."""
    kinds, names = texts(tables, "smoking_gun_ratios", "kind", "name")
    l_over_k, m_over_k = numbers(tables, "smoking_gun_ratios", "counts_L_over_K", "counts_M_over_K")
    captures = [i for i, kind in enumerate(kinds) if kind == "capture"]
    rows: list[tuple[str, str, list[int]]] = [
        (f"electron capture, {len(captures)} nuclides", colour("ink"), captures)
    ]
    rows += [(label, LOOKS[look].color, [names.index(name)]) for name, look, label in _ROWS]
    for height, (label, color, members) in enumerate(rows):
        y = np.full(len(members), float(height))
        axes.plot(l_over_k[members], y, "o", markersize=6, color=color)
        axes.plot(m_over_k[members], y, "D", markersize=5, mfc=colour("paper"), mec=color)
        capture = height == 0
        note(
            axes,
            float(max(l_over_k[members].max(), m_over_k[members].max()))
            if capture
            else float(min(l_over_k[members].min(), m_over_k[members].min())),
            height,
            label,
            color=color,
            ha="left" if capture else "right",
            offset=(9 if capture else -9, 0),
        )
    axes.axvline(1.0, zorder=0.9, **LOOKS["guide"].line())
    axes.set(
        title="(b)  events of the L (filled) and M (open) structure, over K",
        xscale="log",
        xlim=(0.008, 1500),
        ylim=(len(rows) - 0.4, -0.6),
        yticks=[],
        xlabel="L/K and M/K",
    )
    plain_log_ticks(axes, "x", (0.01, 0.1, 1, 10, 100, 1000))
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)


def _reach(left: Axes, right: Axes, tables: Mapping[str, Table]) -> None:
    moments, charges = numbers(tables, "smoking_gun_reach", "moment_mu_B", "millicharge_e")
    curves = (
        (left, moments / 1e-11, "eq10_retracted", "retracted"),
        (left, moments / 1e-11, "moment_stepped", "stepped"),
        (left, moments / 1e-11, "moment_ab_initio", "ab_initio"),
        (right, charges / 1e-13, "millicharge_in_solid", "millicharge"),
    )
    for axes, coupling, name, look in curves:
        lines, smooth = numbers(
            tables, "smoking_gun_reach", f"{name}_lines_kg_day", f"{name}_smooth_kg_day"
        )
        width = 1.0 if name == "moment_ab_initio" else 2.0
        axes.plot(coupling, lines, color=LOOKS[look].color, linewidth=width)
        axes.plot(
            coupling,
            smooth,
            color=LOOKS[look].color,
            linewidth=0.7 * width,
            linestyle=(0, (3.2, 1.8)),
        )
    for axes, coupling in ((left, moments / 1e-11), (right, charges / 1e-13)):
        axes.set(xscale="log", yscale="log", xlim=(coupling[0], coupling[-1]), ylim=(1e-4, 1e10))
        plain_log_ticks(axes, "x", (0.3, 1, 3, 10, 30))
        for exposure, *_ in _MARKS:
            axes.axhline(exposure, zorder=0.9, **LOOKS["guide"].line())
    for exposure, text, side, inwards in _MARKS:
        where = float(charges[0 if side == "left" else -1] / 1e-13)
        place = {"ha": side, "va": "bottom", "offset": (inwards, 2), "fontsize": 8.2}
        note(right, where, exposure, text, color=colour("muted"), **place)
    left.set(
        title=r"(c)  exposure for 3$\sigma$: all data (solid), edges alone (dashed)",
        xlabel=r"$\mu_\nu$  ($10^{-11}\,\mu_B$)",
        ylabel="Exposure (kg day)",
    )
    right.set(xlabel=r"$q_\nu$  ($10^{-13}\,e$)")
    right.tick_params(labelleft=False)
    _reach_labels(left, right)


def _reach_labels(left: Axes, right: Axes) -> None:
    """Name the curves where the panels are empty: above the upper ones, below the lowest."""
    for axes, place, side, text, look in (
        (left, (0.97, 0.87), "right", "moment, ab-initio\nand stepped (blue)", "ab_initio"),
        (left, (0.03, 0.09), "left", f"moment,\n{RETRACTED}", "retracted"),
        (right, (0.97, 0.87), "right", "millicharge,\nsolid Ge", "millicharge"),
    ):
        axes.text(
            *place,
            text,
            transform=axes.transAxes,
            color=LOOKS[look].color,
            ha=side,
            va="center",
            fontsize=8.6,
        )
