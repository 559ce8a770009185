"""Growth with the lepton energy, and the energy loss of a muon, beside Bethe and tables."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, RETRACTED, Look, at, note, numbers, plain_log_ticks
from nuatom.table import Table

HEIGHT_INCHES = 8.6
ALT = (
    "Four panels. First two: cross section per germanium atom at 1 keV relative to its value at "
    "2 MeV against the energy of the lepton from 1 MeV to 1 GeV. On the logarithmic scale the "
    "retracted Eq. (10), grey and dashed, grows as the square, to a quarter of a million; on the "
    "linear scale a charged particle grows as a logarithm by half in vacuum and levels off in "
    "the solid, and the stepped magnetic moment is flat. Third: energy loss of a muon in "
    "germanium, this work on top of Bethe's formula and tabulated values. Fourth: ratios, all "
    "within two per cent of one."
)
_UNIT = "MeV_cm2_per_g"
_VACUUM = Look(colour("vermilion"), 1.6)
_MEDIUM = Look(colour("purple"), 1.8)
_FORMULA = (1.2, 1.4)
"""Dots of Bethe's formula."""
_TABULATED: Any = {"color": colour("ink"), "markersize": 4.5, "mfc": "none", "clip_on": False}
"""Circles, whole also where they lie on the rim."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the tables of the item ``qed``.

    Parameters
    ----------
    tables : mapping
        With ``qed_growth``, ``qed_energy_loss`` and ``qed_tabulated`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    grid = figure.add_gridspec(3, 2, height_ratios=(1.15, 1.1, 0.7))
    _growth((figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])), tables)
    ratio = figure.add_subplot(grid[2, :])
    _loss(figure.add_subplot(grid[1, :], sharex=ratio), tables)
    _ratio(ratio, tables)


def _growth(panels: tuple[Axes, Axes], tables: Mapping[str, Table]) -> None:
    """Draw the growth on a logarithmic scale, and what it hides on a linear one."""
    names = ("magnetic_moment_eq10", "charged_vacuum", "charged_medium", "magnetic_moment_stepped")
    energy, *curves = numbers(
        tables, "qed_growth", "lepton_energy_MeV", *(f"{name}_cm2_per_keV" for name in names)
    )
    looks = (LOOKS["retracted"], _VACUUM, _MEDIUM, LOOKS["stepped"])
    _, *others = relative = [values / at(energy, values, 2.0) for values in curves]
    for axes in panels:
        for values, look in zip(relative, looks, strict=True):
            axes.plot(energy, values, **look.line())
        axes.set(xscale="log", xlim=(energy[0], energy[-1]), xlabel="Lepton energy (MeV)")
        plain_log_ticks(axes, "x", (1, 10, 100, 1000))
    left, right = panels
    left.set(
        title=r"(a)  $d\sigma/dT$ at $T=1$ keV",
        yscale="log",
        ylim=(0.2, 2e6),
        ylabel="Ratio to its value at 2 MeV",
    )
    right.set(title="(b)  the same, enlarged", ylim=(0.82, 1.78))
    color = LOOKS["retracted"].color
    text = "moment: $E^2$,\n" + RETRACTED
    note(left, 900.0, 30.0, text, color=color, ha="right", fontsize=8.6)
    note(left, 40.0, 1.0, "all others", color=colour("muted"), offset=(0, 11), fontsize=8.6)
    labels = (
        (r"charge, free atom: $\log E$", 12),
        ("charge, solid: plateau", -13),
        ("moment, stepped: flat", -11),
    )
    for values, look, (text, dy) in zip(others, looks[1:], labels, strict=True):
        height = at(energy, values, 900.0)
        place = {"ha": "right", "offset": (0, dy), "fontsize": 8.6}
        note(right, 900.0, height, text, color=look.color, **place)


def _loss(axes: Axes, tables: Mapping[str, Table]) -> None:
    names = ("loss", "loss_vacuum", "bethe", "bethe_vacuum")
    kinetic, medium, vacuum, bethe, rising = numbers(
        tables, "qed_energy_loss", "kinetic_energy_MeV", *(f"{name}_{_UNIT}" for name in names)
    )
    points, tabulated, extra = numbers(
        tables,
        "qed_tabulated",
        "kinetic_energy_MeV",
        f"tabulated_{_UNIT}",
        f"struck_electron_bremsstrahlung_{_UNIT}",
    )
    for values, formula, look in ((vacuum, rising, _VACUUM), (medium, bethe, _MEDIUM)):
        axes.plot(kinetic, values, **look.line())
        axes.plot(kinetic, formula, **Look(colour("ink"), 1.3, _FORMULA).line())
    axes.plot(points, tabulated - extra, "o", **_TABULATED)
    _labels(axes, kinetic, vacuum, medium)
    axes.set(
        title="(c)  energy loss of a muon by ionisation in germanium",
        xscale="log",
        xlim=(kinetic[0], kinetic[-1]),
        ylabel=r"Loss (MeV cm$^2$ g$^{-1}$)",
    )
    axes.tick_params(labelbottom=False)


def _labels(axes: Axes, kinetic: Array, vacuum: Array, medium: Array) -> None:
    where = 3e4
    note(
        axes,
        where,
        at(kinetic, vacuum, where),
        "free atom (no density effect)",
        color=_VACUUM.color,
        ha="right",
        offset=(-12, 6),
    )
    note(
        axes,
        where,
        at(kinetic, medium, where),
        "solid",
        color=_MEDIUM.color,
        offset=(0, -12),
    )
    note(
        axes,
        150.0,
        float(medium.max()),
        "lines: this work, nothing adjusted\n"
        "dots: Bethe's formula\n"
        "circles: tables, less bremsstrahlung\nof struck electrons",
        color=colour("muted"),
        va="top",
        fontsize=8.4,
    )


def _ratio(axes: Axes, tables: Mapping[str, Table]) -> None:
    kinetic, medium, vacuum = numbers(
        tables, "qed_energy_loss", "kinetic_energy_MeV", "ratio", "ratio_vacuum"
    )
    points, tabulated = numbers(tables, "qed_tabulated", "kinetic_energy_MeV", "ratio")
    axes.axhline(1, color=colour("frame"), linewidth=0.9, zorder=1)
    axes.plot(kinetic, vacuum, **_VACUUM.line())
    axes.plot(kinetic, medium, **_MEDIUM.line())
    axes.plot(points, tabulated, "o", **_TABULATED)
    axes.set(
        title="(d)  this work over Bethe (lines) and over the tables (circles)",
        xscale="log",
        xlim=(kinetic[0], kinetic[-1]),
        ylim=(0.93, 1.07),
        xlabel="Kinetic energy of the muon (MeV)",
        ylabel="Ratio",
    )
    ticks = [10.0**n for n in range(2, 7) if kinetic[0] <= 10.0**n <= kinetic[-1] * 1.01]
    axes.set_xticks(ticks)
