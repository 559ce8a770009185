"""Counts in bins as steps: what the figures of experiments and of run cards have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.legends import headline, key_above
from nuatom.plotting.palette import colour
from nuatom.plotting.style import figure_bytes, house_style, new_figure, plain_log_ticks, settle
from nuatom.table import Table

HEIGHT_INCHES = 4.8
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
    heights = [_steps(axes, edges, curve) for curve in curves if np.any(curve.counts > 0)]
    if points is not None:
        heights.append(_points(axes, edges, points))
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(edges[0], edges[-1]))
    shown = np.concatenate([np.empty(0), *heights])
    shown = shown[shown > 0]
    if shown.size:
        top = float(shown.max())
        axes.set(yscale="log", ylim=(max(shown.min() / 2, top / 10**_DECADES), 2.5 * top))
        key_above(axes)
    if edges[0] > 0 and edges[-1] / edges[0] > _MANY:
        axes.set_xscale("log")
        plain_log_ticks(axes, "x", _round_numbers(edges[0], edges[-1]))
    return axes


def _steps(axes: Axes, edges: Array, curve: Steps) -> Array:
    """Draw a curve and return its heights."""
    shown = np.where(curve.counts > 0, curve.counts / np.diff(edges), np.nan)
    axes.stairs(
        shown,
        edges,
        baseline=None,
        color=colour(curve.color),
        lw=curve.width,
        ls=curve.dashes,
        label=curve.label,
    )
    return shown


def _points(axes: Axes, edges: Array, points: Points) -> Array:
    """Draw what was counted and return the heights of the points and of their upper ends."""
    width = np.diff(edges)
    shown = np.where(points.counts > 0, points.counts / width, np.nan)
    axes.errorbar(
        (edges[:-1] + edges[1:]) / 2,
        shown,
        yerr=points.errors / width,
        fmt="o",
        ms=3.4,
        lw=0.8,
        color=colour("muted"),
        label="observed",
        zorder=0.8,  # behind the curves: dense points would hide the sum
    )
    return np.concatenate([shown, shown + points.errors / width])


def _round_numbers(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times each power of ten between two numbers."""
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.log10(high) + 1)
    marks = np.outer(powers, [1, 2, 5]).ravel()
    return [float(mark) for mark in marks if low * 0.999 <= mark <= high * 1.001]


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
        headline(figure, table.title)
        draw({table.name: table}, figure)
        settle(figure)
    return figure_bytes(figure, kind)
