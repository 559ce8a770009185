"""A table of responses of one atom against what is known of it: four figures.

They draw the tables of `nuatom.ab_initio.compare`.  They belong to one atom, not to an item of
the report, and so have their own list of figures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter, NullLocator

from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.plotting.legends import headline, key_above, key_below
from nuatom.plotting.palette import colour
from nuatom.plotting.spectra import mark_edges
from nuatom.plotting.style import (
    LOOKS,
    Look,
    house_style,
    new_figure,
    numbers,
    plain_log_ticks,
    settle,
    texts,
)
from nuatom.table import Table

Tables = Mapping[str, Table]

OURS = Look(LOOKS["ab_initio"].color, 1.8)
"""The response from first principles."""
_LENGTH = Look(colour("purple"), 1.4, (4.0, 1.6))
_AT_CALCULATED = Look(colour("ink"), 0.9, (1.2, 1.6))
_SOURCES: Mapping[str, tuple[Look, str]] = {
    "recommended": (Look(colour("blue"), 3.0), "recommended"),
    "henke": (Look(colour("vermilion"), 1.5), "Henke"),
    "kissel": (Look(colour("green"), 1.1), "Kissel (own thresholds)"),
    "elam": (Look(colour("sky"), 1.1), "Elam"),
}
_MODELS: Mapping[str, tuple[Look, str]] = {
    "free": (LOOKS["free"], "free electrons (steps off scale)"),
    "impulse": (Look(colour("vermilion"), 1.7), "impulse approximation"),
    "hydrogenic": (Look(colour("green"), 1.3), "screened hydrogenic"),
    "ab_initio": (OURS, "ab initio"),
}
_CHANNELS = (
    ("magnetic-moment", "magnetic moment"),
    ("millicharge", "millicharge, free atom"),
    ("charge-radius", "charge radius"),
    ("weak", "weak interaction"),
)
_RESPONSES = (
    ("L", r"charge, $R_L$"),
    ("T", r"transverse current, $R_T$"),
    ("AT", r"transverse axial current, $A_T$"),
    ("VA", r"interference, $R_{VA}$"),
)
_SHELLS = {"K": "ink", "L": "blue", "M": "green", "N": "vermilion", "O": "purple", "P": "sky"}
_ORBITALS: Mapping[str, tuple[float, ...]] = {
    "s": (),
    "p": (4.0, 1.6),
    "d": (1.2, 1.6),
    "f": (6.0, 1.2, 1.0, 1.2),
}
_DOT: Any = {"marker": "o", "markersize": 3.2}
_TICKS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_KEEP = 0.995
"""Share of the ratios that must lie in the panel; the rest are spikes between two tables."""

_FARTHEST = (0.02, 50.0)
"""Ends of a ratio of cross sections: where a table is almost zero it says nothing."""


@dataclass(frozen=True)
class AtomFigure:
    """One of the figures.

    Parameters
    ----------
    draw : callable
        (tables, figure) -> None [any].
    height : float
        Of the figure [inch].
    alternative : str
        What it shows, for a reader who cannot see it [text].
    """

    draw: Callable[[Tables, Figure], None]
    height: float
    alternative: str


def draw_atom_figure(name: str, tables: Tables) -> Figure:
    """Return one figure of an atom.

    Parameters
    ----------
    name : str
        A key of `ATOM_FIGURES` [name].
    tables : mapping
        Those of `nuatom.ab_initio.compare.compare` by name [any].

    Returns
    -------
    Figure
        For `nuatom.plotting.figure_bytes`.

    Raises
    ------
    UnknownName
        If there is no such figure, or a table or column that it draws is missing.
    """
    wanted = lookup("figure of an atom", name, ATOM_FIGURES)
    with house_style():
        figure = new_figure(wanted.height)
        headline(figure, lookup("table for the figure", name, tables).title)
        wanted.draw(tables, figure)
        settle(figure)
    return figure


def _photoabsorption(tables: Tables, figure: Figure) -> None:
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(1.35, 1.0))
    energy, low, high, reference = numbers(
        tables, "photoabsorption", "energy_keV", "tables_low_Mb", "tables_high_Mb", "recommended_Mb"
    )
    curves = _absorption_curves(tables)
    shells, shell_energy, shell_values = _by_shell(
        tables, "photoabsorption_by_shell", "energy_keV", _ours(tables)
    )
    thin = Look(colour("frame"), 0.8)
    for here in shells.values():
        top.plot(shell_energy[here], shell_values[here], zorder=1.5, **thin.line())
    for axes, below in ((top, np.ones_like(energy)), (bottom, reference)):
        axes.fill_between(energy, low / below, high / below, color=colour("blue_fill"), lw=0)
        for values, look, _ in curves:
            axes.plot(energy, values / below, **look.line())
    (ours,) = numbers(tables, "photoabsorption", _ours(tables))
    _frame((top, bottom), tables, (float(energy[0]), float(energy[-1])))
    top.set(yscale="log", ylabel="Cross section (Mb)")
    top.set_ylim(np.nanmin(ours) / 3, np.nanmax([np.nanmax(ours), np.nanmax(high)]) * 3)
    ratios = [values / reference for values in (low, high, *(y for y, _, _ in curves[1:]))]
    _ratio(bottom, [np.clip(values, *_FARTHEST) for values in ratios])
    bottom.axhspan(0.9, 1.1, color=colour("grid"), zorder=0.4, lw=0)
    bottom.set(ylabel="Ratio to recommended", xlabel="Photon energy (keV)")
    handles: list[Line2D | Patch] = [
        Line2D([], [], label=words, **look.line()) for _, look, words in curves[::-1]
    ]
    handles.insert(3, Line2D([], [], label="ab initio, each shell", **thin.line()))
    handles.append(Patch(color=colour("blue_fill"), lw=0, label="spread of the tables"))
    handles.append(Patch(color=colour("grid"), lw=0, label="within 10 %"))
    key_below(figure, handles)
    figure.align_ylabels((top, bottom))


def _absorption_curves(tables: Tables) -> list[tuple[Array, Look, str]]:
    """Return the totals in the order in which they are drawn, ours last."""
    known = {column.name for column in tables["photoabsorption"].columns}
    wanted = [(f"{name}_Mb", look, words) for name, (look, words) in _SOURCES.items()]
    wanted += [
        (column, look, words)
        for column, look, words in (
            ("velocity_calculated_edges_Mb", _AT_CALCULATED, "ab initio, calculated edges"),
            ("velocity_Mb", OURS, "ab initio, velocity (multipoles)"),
            ("length_Mb", _LENGTH, "ab initio, length (dipole)"),
        )
        if column in known
    ]
    return [
        (numbers(tables, "photoabsorption", column)[0], look, words)
        for column, look, words in wanted
    ]


def _ours(tables: Tables) -> str:
    """Return the column of the form with all multipoles, or of the other where there is none."""
    known = {column.name for column in tables["photoabsorption"].columns}
    return "velocity_Mb" if "velocity_Mb" in known else "length_Mb"


def _by_shell(
    tables: Tables, table: str, energy: str, value: str
) -> tuple[dict[str, slice], Array, Array]:
    """Return the rows of each shell, and two columns."""
    (shells,) = texts(tables, table, "shell")
    found: dict[str, slice] = {}
    start = 0
    for shell, members in groupby(shells):
        end = start + len(list(members))
        found[shell] = slice(start, end)
        start = end
    energies, values = numbers(tables, table, energy, value)
    return found, energies, values


def _channels(tables: Tables, figure: Figure) -> None:
    panels = figure.subplots(2, 2, sharex=True)
    (channels,) = texts(tables, "channels", "channel")
    for axes, (channel, title) in zip(panels.flat, _CHANNELS, strict=True):
        here = np.array(channels) == channel
        _channel(axes, tables, here)
        axes.set_title(title, pad=16)
    for axes in panels[:, 0]:
        axes.set_ylabel("Ratio to stepped")
    for axes in panels[1]:
        axes.set_xlabel("Energy transfer T (keV)")
    handles: list[Line2D | Patch] = [
        Line2D([], [], label=words, **look.line())
        for look, words in reversed(list(_MODELS.values()))
    ]
    if np.isfinite(numbers(tables, "channels", "band_low")[0]).any():
        handles.append(Patch(color=colour("band"), lw=0, label="band: variants of the theory"))
    words = "ab initio, reactor spectrum (line: 1 MeV)"
    handles.append(Line2D([], [], label=words, color=OURS.color, linestyle="", **_DOT))
    figure.align_ylabels(panels[:, 0])
    key_below(figure, handles)


def _channel(axes: Axes, tables: Tables, here: Array) -> None:
    def column(name: str) -> Array:
        return np.asarray(numbers(tables, "channels", name)[0][here > 0])

    energy, ours = column("energy_transfer_keV"), column("ab_initio_1_MeV")
    low, high = ours * (1 + column("band_low")), ours * (1 + column("band_high"))
    axes.fill_between(energy, low, high, color=colour("band"), lw=0)
    axes.axhline(1.0, zorder=0.9, **LOOKS["guide"].line())
    shown = []
    for name, (look, _) in _MODELS.items():
        values = column(f"{name}_1_MeV")
        axes.plot(energy, values, **look.line())
        if name != "free":
            shown.append(values)
    dots = slice(None, None, max(1, energy.size // 28))
    reactor = column("ab_initio_reactor")
    axes.plot(energy[dots], reactor[dots], color=OURS.color, linestyle="", **_DOT)
    _frame((axes,), tables, (float(energy[0]), float(energy[-1])))
    if np.isfinite(ours).any():
        _ratio(axes, [*shown, low, high])
    else:
        _absent(axes)


def _integrated(tables: Tables, figure: Figure) -> None:
    panels = figure.subplots(2, 2, sharex=True)
    known = {column.name for column in tables["integrated"].columns}
    for axes, (name, title) in zip(panels.flat, _RESPONSES, strict=True):
        axes.set_title(title)
        axes.axhline(1.0, zorder=0.9, **LOOKS["guide"].line())
        if name not in known:
            _absent(axes)
            continue
        rows, relative, values = _by_shell(tables, "integrated", "transfer_over_edge", name)
        for shell, here in rows.items():
            axes.plot(relative[here], values[here], **_shell_look(shell).line())
        _ratio(axes, [values])
    figure.align_ylabels(panels[:, 0])
    (shells,) = texts(tables, "integrated", "shell")
    (relative,) = numbers(tables, "integrated", "transfer_over_edge")
    panels[0, 0].set(xscale="log", xlim=(0.9, float(relative.max())))
    for axes in panels[:, 0]:
        axes.set_ylabel("Ratio to free electrons")
    for axes in panels[1]:
        axes.set_xlabel("T / edge of the shell")
    lines = [(i, Look(colour(name), 1.8)) for i, name in _SHELLS.items() if _starts(shells, i)]
    orbitals = {_orbital(shell) for shell in shells}
    lines += [(o, Look(colour("muted"), 1.6, d)) for o, d in _ORBITALS.items() if o in orbitals]
    handles = [Line2D([], [], label=words, **look.line()) for words, look in lines]
    key_below(figure, handles, columns=len(handles))


def _starts(shells: Sequence[str], initial: str) -> bool:
    return any(shell.startswith(initial) for shell in shells)


def _orbital(shell: str) -> str:
    return "sppddff"[int(shell[1:] or 1) - 1]


def _shell_look(shell: str) -> Look:
    return Look(colour(_SHELLS.get(shell[0], "muted")), 1.3, _ORBITALS[_orbital(shell)])


def _thresholds(tables: Tables, figure: Figure) -> None:
    axes = figure.subplots()
    (shells,) = texts(tables, "thresholds", "shell")
    measured, ours, library, difference = numbers(
        tables,
        "thresholds",
        "measured_eV",
        "calculated_over_measured",
        "eadl_over_measured",
        "calculated_minus_measured_eV",
    )
    place = np.arange(len(shells))
    axes.axvline(1.0, zorder=0.9, **LOOKS["guide"].line())
    axes.plot(library, place, "D", markersize=4.6, color=colour("green"), label="EADL (Kissel)")
    axes.plot(ours, place, "o", markersize=5.6, color=colour("ink"), label="ab initio")
    both = np.concatenate([ours, library, [1.0]])
    low, high = np.nanmin(both), np.nanmax(both)
    axes.set(
        xscale="log",
        xlim=(low / 1.06, high * (high / low) ** 0.3 * 1.06),
        xlabel="Calculated / measured threshold",
        ylim=(len(shells) - 0.4, -0.6),
    )
    axes.set_yticks(place, [f"{s}  {e:.6g} eV" for s, e in zip(shells, measured, strict=True)])
    marks = [t for t in (0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3, 4, 5) if low / 1.06 < t < high * 1.06]
    plain_log_ticks(axes, "x", marks)
    axes.xaxis.set_minor_locator(NullLocator())
    for y, value in zip(place, difference, strict=True):
        axes.annotate(
            f"{value:+.4g} eV",
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.6,
            color=colour("muted"),
        )
    axes.grid(False, axis="y")
    axes.set_title(
        "ab initio \N{MINUS SIGN} measured", loc="right", fontsize=8.6, fontweight="normal"
    )
    key_above(axes)


def _frame(panels: Sequence[Axes], tables: Tables, span: tuple[float, float]) -> None:
    """Set the energy axis and mark the measured edges on it."""
    (shells,) = texts(tables, "thresholds", "shell")
    (edges,) = numbers(tables, "thresholds", "measured_eV")
    edges = edges / 1000
    for axes in panels:
        axes.set(xscale="log", xlim=span)
        axes.grid(False, axis="x")
        for edge in edges[(edges >= span[0]) & (edges <= span[1])]:
            axes.axvline(edge, zorder=0.6, color=colour("grid"), linewidth=0.9)
    mark_edges(panels[0], shells, edges, span)
    plain_log_ticks(panels[0], "x", [t for t in _TICKS if span[0] <= t <= span[1]])


def _ratio(axes: Axes, values: Sequence[Array]) -> None:
    """Give ratios an axis that holds nearly all of them, a logarithmic one where they are wide."""
    every = np.concatenate(list(values))
    every = np.append(every[np.isfinite(every) & (every > 0)], 1.0)
    low, high = (float(end) for end in np.quantile(every, (1 - _KEEP, _KEEP)))
    if high / low < 2:
        margin = 0.06 * (high - low) + 0.005
        axes.set_ylim(low - margin, high + margin)
        return
    low, high = low / 1.15, high * 1.15
    axes.set(yscale="log", ylim=(low, high))
    steps = (1, 2, 5) if high / low < 300 else (1,)
    marks = [step * 10.0**power for power in range(-4, 5) for step in steps]
    if high / low < 5:
        marks = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.6, 2, 2.5, 3]
    plain_log_ticks(axes, "y", [mark for mark in marks if low < mark < high])
    axes.yaxis.set_minor_formatter(NullFormatter())


def _absent(axes: Axes) -> None:
    axes.text(0.5, 0.5, "not in the table", transform=axes.transAxes, ha="center")


ATOM_FIGURES: Mapping[str, AtomFigure] = {
    "photoabsorption": AtomFigure(
        _photoabsorption,
        6.8,
        "Two panels against the photon energy. Top: photoabsorption cross section from first "
        "principles in velocity and length form, whole and by shell, with the tables of Henke, "
        "Kissel, Elam and the recommended one. Bottom: all of them over the recommended one, "
        "with the spread of the tables as a band.",
    ),
    "channels": AtomFigure(
        _channels,
        6.4,
        "Four panels, magnetic moment, millicharge, charge radius and weak interaction: cross "
        "sections of the atomic models over those of stepped electrons against the energy "
        "transfer; the response from first principles has a band.",
    ),
    "integrated": AtomFigure(
        _integrated,
        5.6,
        "Four panels, one for each of four responses: integral over Q squared over that of free "
        "electrons, for each shell, against the energy transfer in units of its edge; all tend "
        "to one.",
    ),
    "thresholds": AtomFigure(
        _thresholds,
        4.6,
        "Calculated thresholds of each shell over the measured ones, beside those of the EADL.",
    ),
}
"""The figures by name; each file is called ``atom_<element>_<name>``."""
