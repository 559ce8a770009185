"""Counts in bins as steps: what the figures of experiments and of run cards have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import figure_bytes, house_style, new_figure
from nuatom.table import Table

HEIGHT_INCHES = 4.4
_DECADES = 5
"""How far below the highest value the axis reaches."""
_MANY = 20
"""Ratio of the ends of the energy axis from which on it is logarithmic."""


@dataclass(frozen=True, eq=False)
class Steps:
    """One curve.

    Parameters
    ----------
    label : str
        For the legend [text].
    counts : ndarray
        In each bin; bins without any are a gap [dimensionless].
    color : str
        A name of the palette [colour].
    dashes : str
        ``-``, ``--``, ``-.`` or ``:`` [name].
    width : float
        Of the line [point].
    """

    label: str
    counts: Array
    color: str
    dashes: str = "-"
    width: float = 1.2


@dataclass(frozen=True, eq=False)
class Points:
    """What was counted.

    Parameters
    ----------
    counts : ndarray
        In each bin; bins without any have no point [dimensionless].
    errors : ndarray
        One sigma [dimensionless].
    """

    counts: Array
    errors: Array


def draw_counts(
    figure: Figure,
    edges: Array,
    curves: Sequence[Steps],
    *,
    labels: tuple[str, str],
    points: Points | None = None,
) -> Axes:
    """Draw counts per width of the bin, on a logarithmic axis, with a legend.

    Parameters
    ----------
    figure : Figure
        Empty; drawn upon [any].
    edges : ndarray
        Of the bins, in the unit of the axis [any].
    curves : sequence of Steps
        From the lowest layer to the highest [any].
    labels : tuple of str
        Of the horizontal and the vertical axis [text].
    points : Points or None
        What was counted, if it is known [any].

    Returns
    -------
    Axes
        Without curves if all counts are zero.
    """
    axes = figure.add_subplot()
    width = np.diff(edges)
    tops = []
    for curve in curves:
        if np.any(curve.counts > 0):
            shown = np.where(curve.counts > 0, curve.counts / width, np.nan)
            tops.append(float(np.nanmax(shown)))
            axes.stairs(
                shown,
                edges,
                baseline=None,
                color=colour(curve.color),
                lw=curve.width,
                ls=curve.dashes,
                label=curve.label,
            )
    if points is not None:
        axes.errorbar(
            (edges[:-1] + edges[1:]) / 2,
            np.where(points.counts > 0, points.counts / width, np.nan),
            yerr=points.errors / width,
            fmt="o",
            ms=2.4,
            lw=0.7,
            color=colour("ink"),
            label="observed",
            zorder=5,
        )
        tops.append(float(np.max(points.counts / width)))
    axes.set(xlabel=labels[0], ylabel=labels[1])
    if tops:
        axes.set_yscale("log")
        axes.set_ylim(max(tops) / 10**_DECADES, 30 * max(tops))
        axes.legend(loc="upper center", frameon=False, fontsize=7.2, ncols=2)
    if edges[0] > 0 and edges[-1] / edges[0] > _MANY:
        axes.set_xscale("log")
    return axes


def picture(draw: Callable[[Mapping[str, Table], Figure], None], table: Table, kind: str) -> bytes:
    """Return the figure of one table as a file.

    Parameters
    ----------
    draw : callable
        (tables, figure) -> None [any].
    table : Table
        What it draws [any].
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
        draw({table.name: table}, figure)
    return figure_bytes(figure, kind)
