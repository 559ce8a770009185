"""Fig. 1: the diagram of ionisation through a virtual photon (no table enters)."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch

from nuatom.plotting.palette import colour
from nuatom.table import Table

HEIGHT_INCHES = 4.1
ALT = (
    "Diagram: a neutrino enters from the left and leaves to the right; at its vertex, the "
    "neutrino magnetic moment, it emits a virtual photon that an atom absorbs; the atom "
    "leaves as an ion and ejects an electron. The energy transfer is T."
)

_VERTEX = (5.0, 5.15)
_ATOM = (5.0, 1.55)


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the t-channel diagram with the kinematic variables of the paper.

    Parameters
    ----------
    tables : mapping
        Not used; the diagram has no numbers [any].
    figure : Figure
        Empty; drawn upon [any].
    """
    axes = figure.add_subplot()
    axes.set(xlim=(0, 10), ylim=(0.2, 6.6), aspect="equal")
    axes.set_axis_off()
    ink, blue, photon = colour("ink"), colour("blue"), colour("vermilion")

    _arrow(axes, (0.7, 6.15), _VERTEX, blue)
    _arrow(axes, _VERTEX, (9.3, 6.15), blue)
    _wave(axes, _VERTEX, (_ATOM[0], _ATOM[1] + 0.5), photon)
    for offset in (-0.13, 0.0, 0.13):
        _arrow(axes, (0.7, _ATOM[1] + offset), (4.1, _ATOM[1] + offset), ink, head=offset == 0)
        _arrow(axes, (5.9, _ATOM[1] + offset), (9.3, _ATOM[1] + offset), ink, head=offset == 0)
    _arrow(axes, (5.6, 1.95), (9.3, 3.35), colour("green"))
    axes.plot(*_VERTEX, marker="o", markersize=8, color=blue, zorder=4)
    axes.add_patch(Ellipse(_ATOM, 2.0, 1.3, facecolor=colour("blue_fill"), edgecolor=ink, zorder=4))

    def label(x: float, y: float, text: str, color: str, ha: str, size: float = 11.5) -> None:
        axes.text(x, y, text, color=color, ha=ha, va="center", fontsize=size, zorder=5)

    small, muted = 8.8, colour("muted")
    label(0.7, 5.62, r"$\nu$", blue, "left")
    label(0.7, 5.2, r"$k=(E_\nu,\,\mathbf{k})$", muted, "left", small)
    label(9.3, 5.62, r"$\nu$", blue, "right")
    label(9.3, 5.2, r"$k'=(E'_\nu,\,\mathbf{k'})$", muted, "right", small)
    label(5.0, 5.75, r"$\mu_\nu$", blue, "center")
    label(5.55, 3.75, r"$\gamma^{*}$", photon, "left")
    label(5.55, 3.3, r"$q=k-k'=(T,\,\mathbf{q})$", muted, "left", small)
    label(0.7, 0.95, r"$(A,Z)$", ink, "left")
    label(0.7, 0.5, r"$p=(M,\,\mathbf{0})$", muted, "left", small)
    label(9.3, 0.95, r"$(A,Z)^{+}$", ink, "right")
    label(9.3, 3.75, r"$e^{-}$", colour("green"), "right")
    label(*_ATOM, "atom", ink, "center", 10.5)


def _arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str,
    *,
    head: bool = True,
) -> None:
    """Draw a line with its arrow head at the middle, as in a Feynman diagram."""
    axes.plot([start[0], end[0]], [start[1], end[1]], color=color, linewidth=1.6, zorder=2)
    if head:
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        tip = [m + 0.02 * (b - m) for m, b in zip(middle, end, strict=True)]
        axes.add_patch(
            FancyArrowPatch(
                (middle[0], middle[1]),
                (tip[0], tip[1]),
                arrowstyle="-|>",
                mutation_scale=19,
                color=color,
                linewidth=0.0,
                zorder=3,
            )
        )


def _wave(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    """Draw a vertical wavy line."""
    y = np.linspace(start[1], end[1], 400)
    x = start[0] + 0.17 * np.sin(2 * np.pi * 7 * (y - start[1]) / (end[1] - start[1]))
    axes.plot(x, y, color=color, linewidth=1.6, zorder=2)
