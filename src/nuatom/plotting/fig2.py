"""Fig. 2: observable spectra on germanium at a reactor."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.plotting.legends import headline
from nuatom.plotting.palette import colour
from nuatom.plotting.spectra import mark_edges
from nuatom.plotting.style import (
    LOOKS,
    RETRACTED,
    at,
    note,
    numbers,
    plain_log_ticks,
    texts,
)
from nuatom.table import Table

HEIGHT_INCHES = 7.6
ALT = (
    "Event rates on germanium against energy from 10 eV to 100 keV, on logarithmic axes. The "
    "retracted Eq. (10), grey and dashed, lies orders of magnitude above the ab-initio, stepped "
    "and free-electron curves of the magnetic moment, which nearly coincide; the weak scattering "
    "on electrons is flat, that on nuclei ends below 1 keV. The K, L and M edges are marked on "
    "top. A lower panel shows the ab-initio response with its band, and free electrons, over "
    "stepped ones."
)
_FLOOR = 3e-4
_SHOWN_ABOVE = 0.03
"""Energy in keV from which on the ratios set the scale of their panel."""
_FREE_ABOVE = 0.2
"""Energy in keV from which on those of free electrons do; below they leave it."""
_BESIDE_FREE = 1.6
"""Energy in keV at which the ratio of free electrons is labelled."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the spectra of the table ``fig2`` with the edges of ``fig2_edges``.

    Parameters
    ----------
    tables : mapping
        With ``fig2``: energy_keV and the rates ai_eq10_retracted, ai_eq10_low,
        ai_eq10_high, free, stepped, ab_initio, ab_initio_low, ab_initio_high,
        weak_electron and weak_nucleus, each
        ``..._per_kg_keV_day``; with ``fig2_edges``: shell, energy_keV, electrons [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    headline(figure, lookup("table for the figure", "fig2", tables).title)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.4, 1.0])
    names = ("ai_eq10_retracted", "free", "stepped", "ab_initio", "weak_electron", "weak_nucleus")
    columns = [f"{name}_per_kg_keV_day" for name in names]
    energy, *curves = numbers(tables, "fig2", "energy_keV", *columns)
    rates = dict(zip(names, curves, strict=True))
    low, high = numbers(tables, "fig2", "ai_eq10_low_per_kg_keV_day", "ai_eq10_high_per_kg_keV_day")

    axes.fill_between(energy, low, high, color=colour("retracted_fill"), linewidth=0)
    for name, look in (
        ("ai_eq10_retracted", "retracted"),
        ("weak_nucleus", "weak_nucleus"),
        ("weak_electron", "weak_electron"),
        ("stepped", "stepped"),
        ("free", "free"),
        ("ab_initio", "ab_initio"),
    ):
        axes.plot(energy, _positive(rates[name]), **LOOKS[look].line())

    top = 10 ** np.ceil(np.log10(max(np.nanmax(high), np.nanmax(rates["free"]))) + 0.3)
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(energy[0], energy[-1]),
        ylim=(_FLOOR / 2, top),
        ylabel=r"Rate (kg$^{-1}$ keV$^{-1}$ day$^{-1}$)",
    )
    plain_log_ticks(
        axes,
        "x",
        [t for t in (0.01, 0.1, 1, 10, 100) if energy[0] * 0.99 <= t <= energy[-1] * 1.01],
    )
    _labels(axes, energy, rates)
    (shells,) = texts(tables, "fig2_edges", "shell")
    edges, _ = numbers(tables, "fig2_edges", "energy_keV", "electrons")
    mark_edges(axes, shells, edges, (float(energy[0]), float(energy[-1])))
    ends = numbers(tables, "fig2", "ab_initio_low_per_kg_keV_day", "ab_initio_high_per_kg_keV_day")
    _ratios(below, energy, rates, (ends[0], ends[1]))


def _ratios(
    axes: Axes, energy: Array, rates: Mapping[str, Array], ends: tuple[Array, Array]
) -> None:
    """Draw the ab-initio response with its band, and free electrons, over stepped ones."""
    stepped = _positive(rates["stepped"])
    low, high = (end / stepped for end in ends)
    axes.fill_between(energy, low, high, color=colour("band"), linewidth=0)
    axes.axhline(1.0, **LOOKS["stepped"].line())
    free = rates["free"] / stepped
    axes.plot(energy, free, **LOOKS["free"].line())
    axes.plot(energy, rates["ab_initio"] / stepped, **LOOKS["ab_initio"].line())
    shown = energy > _SHOWN_ABOVE
    seen = np.concatenate([low[shown], high[shown], free[energy > _FREE_ABOVE], [0.9, 1.1]])
    span = float(np.nanmin(seen)), float(np.nanmax(seen))
    axes.set(
        ylim=(span[0] - 0.05, span[1] + 0.05),
        xlabel="Observed energy T (keV)",
        ylabel="Ratio to stepped",
    )
    where = 1.1
    note(
        axes,
        where,
        at(energy, low, where),
        "ab-initio, with its band",
        color=LOOKS["ab_initio"].color,
        offset=(0, -16),
    )
    note(
        axes,
        _BESIDE_FREE,
        at(energy, free, _BESIDE_FREE),
        "free electrons, off scale to the left",
        color=LOOKS["free"].color,
        offset=(-1, 10),
        fontsize=8.6,
    )


def _positive(values: Array) -> Array:
    """Leave a gap where the rate is zero, which a logarithmic axis cannot show."""
    return np.where(values > 0, values, np.nan)


def _labels(axes: Axes, energy: Array, rates: Mapping[str, Array]) -> None:
    ends = float(energy[0]), float(energy[-1])

    def beside(name: str, look: str, text: str, share: float, dy: float) -> None:
        """Label a curve at a share of the logarithmic width."""
        where = ends[0] * (ends[1] / ends[0]) ** share
        height = at(energy, rates[name], where)
        note(axes, where, height, text, color=LOOKS[look].color, offset=(0, dy))

    beside(
        "ai_eq10_retracted",
        "retracted",
        f"atomic ionisation,\n{RETRACTED}\n(band: photoabsorption data)",
        0.54,
        40,
    )
    beside("free", "free", "free electrons", 0.45, 11)
    beside(
        "ab_initio",
        "ab_initio",
        "magnetic moment:\nab-initio (black),\nstepped (blue)",
        0.42,
        -46,
    )
    beside("weak_electron", "weak_electron", r"weak, $\bar\nu_e$ on electrons", 0.62, -14)
    nucleus = _positive(rates["weak_nucleus"])
    seen = np.flatnonzero(nucleus > 100 * _FLOOR)
    if seen.size:
        last = int(seen[-1])
        note(
            axes,
            energy[last],
            float(nucleus[last]),
            r"weak, $\bar\nu_e$ on nuclei" "\n(ionisation energy)",
            color=LOOKS["weak_nucleus"].color,
            ha="right",
            offset=(-9, -4),
        )
