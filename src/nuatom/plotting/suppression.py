"""Suppression by binding: against the energy transfer, and of the total cross section."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, at, note, numbers, plain_log_ticks
from nuatom.table import Table

HEIGHT_INCHES = 6.6
ALT = (
    "Two panels. First: ratio of the atom to free electrons against the energy transfer from "
    "0.03 to 100 keV for germanium, iodine and xenon; steps at the edges, with dots of the "
    "ab-initio response, which lie below them where the outer shells are near their edges. Second: "
    "total weak cross section per electron over that of a free electron against the neutrino "
    "energy; all curves rise to one from below, hydrogen first and xenon last."
)
_TARGETS = (("Ge", "blue"), ("I", "vermilion"), ("Xe", "green"))
_ATOMS = (
    ("H", "muted", 2.2),
    ("He", "sky", 17.0),
    ("Ne", "purple", 15.0),
    ("Ar", "vermilion", 12.0),
    ("Xe", "green", 26.0),
)
"""Element, colour, and the neutrino energy in keV at which it is labelled."""
_DOTS_APART = 9
"""Every ninth point of the ab-initio curve is shown."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the tables ``suppression`` and ``suppression_total``.

    Parameters
    ----------
    tables : mapping
        With both tables [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    panels = figure.subplots(2, 1)
    _against_transfer(panels[0], tables)
    _totals(panels[1], tables)


def _against_transfer(axes: Axes, tables: Mapping[str, Table]) -> None:
    (T,) = numbers(tables, "suppression", "energy_transfer_keV")
    for symbol, name in _TARGETS:
        stepped, bound = numbers(
            tables, "suppression", f"{symbol}_stepped", f"{symbol}_ab_initio_moment"
        )
        axes.plot(T, stepped, color=colour(name), linewidth=1.6)
        dots = slice(None, None, _DOTS_APART)
        axes.plot(T[dots], bound[dots], "o", markersize=3.2, color=colour(name), alpha=0.7)
    axes.axhline(1.0, zorder=0.9, **LOOKS["guide"].line())
    axes.set(
        title="(a)  stepping (lines) and ab-initio (dots, magnetic moment)",
        xscale="log",
        xlim=(T[0], T[-1]),
        ylim=(0, 1.1),
        xlabel="Energy transfer T (keV)",
        ylabel="Atom / free electrons",
    )
    plain_log_ticks(axes, "x", [t for t in (0.03, 0.1, 0.3, 1, 3, 10, 30, 100) if t >= T[0] * 0.99])
    for (symbol, name), where, offset in zip(
        _TARGETS, (0.45, 0.056, 0.33), ((0, 9), (0, 9), (0, 9)), strict=True
    ):
        (stepped,) = numbers(tables, "suppression", f"{symbol}_stepped")
        note(axes, where, at(T, stepped, where), symbol, color=colour(name), offset=offset)


def _totals(axes: Axes, tables: Mapping[str, Table]) -> None:
    (energy,) = numbers(tables, "suppression_total", "neutrino_energy_keV")
    for symbol, name, where in _ATOMS:
        hydrogenic, stepped = numbers(
            tables, "suppression_total", f"{symbol}_hydrogenic", f"{symbol}_stepped"
        )
        axes.plot(energy, hydrogenic, color=colour(name), linewidth=1.8)
        axes.plot(
            energy,
            np.where(stepped > 0, stepped, np.nan),
            color=colour(name),
            linewidth=1.0,
            linestyle=(0, (1.2, 1.6)),
        )
        place = {"ha": "left", "offset": (7, -6)}
        if symbol in ("H", "Ne"):
            place = {"ha": "right", "offset": (-5, 5) if symbol == "H" else (3, 16)}
        note(axes, where, at(energy, hydrogenic, where), symbol, color=colour(name), **place)
    axes.axhline(1.0, zorder=0.9, **LOOKS["guide"].line())
    axes.set(
        title=r"(b)  total weak cross section of $\nu_e$: hydrogenic, stepped (dotted)",
        xscale="log",
        xlim=(energy[0], energy[-1]),
        ylim=(0, 1.1),
        xlabel="Neutrino energy (keV)",
        ylabel="Atom / free electrons",
    )
    plain_log_ticks(axes, "x", (1, 3, 10, 30, 100, 300))
