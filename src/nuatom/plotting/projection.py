"""Projections of a run card: lines against one axis, contours over two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, figure_bytes, house_style, new_figure, settle
from nuatom.table import Column, Table

HEIGHT_INCHES = 4.4
PANEL_INCHES = 2.9
ALT = (
    "Median limit and discovery reach of a planned experiment against what the run card varies, "
    "for each atomic model."
)
MODEL = "atomic_model"
"""The column that parts the axes of a projection from its results."""
_COLOURS = ("blue", "green", "vermilion", "purple", "sky")
_DASHES: Mapping[int, tuple[float, ...]] = {1: (5.0, 1.6), 2: (1.2, 1.4), 3: (5.0, 1.4, 1.2, 1.4)}
_MOST_PANELS = 6
_PER_ROW = 3


@dataclass(frozen=True, eq=False)
class _Curve:
    """One quantity of a table that is drawn, its values >= 0 or missing."""

    label: str
    values: Array


def picture(table: Table, kind: str) -> bytes:
    """Return the figure of a projection as a file.

    Parameters
    ----------
    table : Table
        ``projection`` or ``what_it_takes`` [any].
    kind : str
        ``svg`` or ``png`` [name].

    Returns
    -------
    bytes
        The same for the same table.

    Raises
    ------
    InvalidInput
        If the table is no projection, or has nothing that can be drawn.
    UnknownName
        If the kind is neither.
    """
    axes, models, _ = _parts(table)
    height = HEIGHT_INCHES if axes else 1.8 + 0.3 * len(models)
    if len(axes) == 2:
        rows = -(-len(dict.fromkeys(models)) // _PER_ROW)
        height = PANEL_INCHES * rows + 0.5
    with house_style():
        figure = new_figure(height)
        draw(table, figure)
        settle(figure)
    return figure_bytes(figure, kind)


def draw(table: Table, figure: Figure) -> None:
    """Draw a projection.

    Parameters
    ----------
    table : Table
        Axes, ``atomic_model``, then results [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    InvalidInput
        If the table is no projection, or has nothing that can be drawn.
    """
    axes, models, curves = _parts(table)
    if not any(np.any(np.isfinite(curve.values)) for curve in curves):
        raise InvalidInput("plot: found no finite number in the projection, expected one to draw")
    if len(axes) == 2:
        _contours(figure, axes, models, curves[0])
    elif len(axes) == 1:
        _lines(figure.add_subplot(), axes[0], models, curves)
    else:
        _dots(figure.add_subplot(), models, curves)


def _parts(table: Table) -> tuple[list[Column], list[str], list[_Curve]]:
    """Return the axes, the atomic model of each row, and what is drawn."""
    names = [column.name for column in table.columns]
    if MODEL not in names or names.index(MODEL) > 2:
        raise InvalidInput(f"plot: found the table {table.name!r}, expected that of a projection")
    place = names.index(MODEL)
    axes, results = list(table.columns[:place]), table.columns[place + 1 :]
    models = [str(name) for name in table.columns[place].values]
    if "exposure_kg_day" in [column.name for column in results]:
        values = np.asarray(table.column("exposure_kg_day"), dtype=np.float64)
        values = np.where(np.isfinite(values), values, np.nan)
        return axes, models, [_Curve("exposure needed (kg day)", values)]
    drawn: dict[str, Array] = {}
    for column in results:
        if column.name.startswith(("limit_", "reach_")) and _plain(column.name):
            label = _label(column)
            size = np.abs(np.asarray(column.values, dtype=np.float64))
            drawn[label] = np.maximum(drawn.get(label, size), size)
    return axes, models, [_Curve(label, values) for label, values in drawn.items()]


def _plain(name: str) -> bool:
    """Tell whether a column is a limit or reach itself, not one without a component."""
    return not name.startswith(("limit_without_", "limit_if_known", "limit_of_"))


def _label(column: Column) -> str:
    """Return what a column means with its unit, the same for both signs."""
    name = column.name.replace("_low", "").replace("_high", "")
    head = name.split("_sigma")[0].removeprefix("reach_").replace("_", ".")
    unit = name.split("_sigma_")[-1] if "_sigma" in name else name.removeprefix("limit_")
    unit = {"mu_B": r"$\mu_B$", "cm2": r"cm$^2$"}.get(unit, unit)
    what = f"reach at {head} sigma" if name.startswith("reach_") else column.meaning
    return f"{what} ({unit})"


def _lines(axes: Axes, axis: Column, models: Sequence[str], curves: Sequence[_Curve]) -> None:
    """Draw each quantity against the axis, one colour for each model."""
    x = np.asarray(axis.values, dtype=np.float64)
    several = len(set(models)) > 1
    for place, name in enumerate(dict.fromkeys(models)):
        here = np.array(models) == name
        order = np.argsort(x[here])
        for number, curve in enumerate(curves):
            what = curve.label.rsplit(" (", 1)[0]
            axes.plot(
                x[here][order],
                curve.values[here][order],
                label=f"{name}: {what}" if several else what,
                color=_color(name, place),
                lw=1.6 if number == 0 else 1.2,
                dashes=_DASHES.get(number, (None, None)),
                marker="o" if here.sum() < 3 else None,
                markersize=4,
            )
    _scale(axes, "x", x)
    _scale(axes, "y", np.concatenate([curve.values for curve in curves]))
    axes.set_xlabel(_words(axis.name))
    labels = {curve.label for curve in curves}
    unit = next(iter(labels)).rsplit(" (", 1)[1]
    axes.set_ylabel(f"coupling ({unit}" if len(labels) > 1 else next(iter(labels)))
    axes.legend(frameon=False, fontsize=7.8)


def _contours(figure: Figure, pair: Sequence[Column], models: Sequence[str], curve: _Curve) -> None:
    """Draw lines of equal limit over both axes, one panel for each model."""
    names = list(dict.fromkeys(models))
    if len(names) > _MOST_PANELS:
        raise InvalidInput(f"plot: found {len(names)} models, expected at most {_MOST_PANELS}")
    columns = min(len(names), _PER_ROW)
    rows = -(-len(names) // columns)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    x, y = (np.asarray(column.values, dtype=np.float64) for column in pair)
    good = curve.values[np.isfinite(curve.values)]
    levels = _levels(float(good.min()), float(good.max()))
    for place, axes in enumerate(panels.ravel()):
        if place >= len(names):
            axes.set_visible(False)
            continue
        here = np.array(models) == names[place]
        grid = np.unique(x[here]), np.unique(y[here])
        if min(grid[0].size, grid[1].size) < 2:
            raise InvalidInput("plot: found an axis of one point, expected two; leave it out")
        order = np.lexsort((y[here], x[here]))
        surface = curve.values[here][order].reshape(grid[0].size, grid[1].size).T
        look = _color(names[place], place)
        drawn = axes.contour(
            *grid,
            np.ma.masked_invalid(surface),
            levels=levels,
            colors=look,
            linewidths=1.2,
            linestyles="dashed" if "retracted" in names[place] else "solid",
        )
        axes.clabel(drawn, fmt=lambda value: f"{value:.2g}", fontsize=7.4)
        axes.set_title(names[place], color=look)
        _scale(axes, "x", x)
        _scale(axes, "y", y)
    for axes in panels[-1]:
        axes.set_xlabel(_words(pair[0].name))
    for axes in panels[:, 0]:
        axes.set_ylabel(_words(pair[1].name))
    figure.suptitle(curve.label, fontsize=9.6, x=0.02, ha="left")


def _dots(axes: Axes, models: Sequence[str], curves: Sequence[_Curve]) -> None:
    """Draw one point for each model and quantity."""
    heights = np.arange(len(models))
    for number, curve in enumerate(curves):
        axes.plot(
            curve.values,
            heights,
            "o",
            color=colour(_COLOURS[number % len(_COLOURS)]),
            label=curve.label,
        )
    axes.set_yticks(heights, models)
    axes.set_ylim(len(models) - 0.5, -0.5)
    axes.set_xlabel("coupling" if len(curves) > 1 else curves[0].label)
    _scale(axes, "x", np.concatenate([curve.values for curve in curves]))
    axes.legend(frameon=False, fontsize=7.8)


def _levels(low: float, high: float) -> Array:
    """Return round values inside a range: 1, 2, 5, or finer where these are few."""
    for steps in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8), tuple(np.arange(1, 10, 0.25))):
        decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        found = np.array([step * 10.0**decade for decade in decades for step in steps])
        inside = found[(found > low) & (found < high)]
        if inside.size >= 3:
            return inside
    return np.linspace(low, high, 7)[1:-1] if high > low else np.array([low])


def _scale(axes: Axes, which: str, values: Array) -> None:
    """Make an axis logarithmic where its values span more than a factor of five."""
    good = values[np.isfinite(values)]
    if good.min() > 0 and good.max() / good.min() > 5:
        axes.set(**{f"{which}scale": "log"})
        axis = axes.xaxis if which == "x" else axes.yaxis
        axis.set_major_locator(LogLocator(numticks=7))
        axis.set_minor_formatter(NullFormatter())
        if good.min() > 1e-4 and good.max() < 1e5:
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _color(name: str, place: int) -> str:
    """Return the colour of a model; grey marks what follows the retracted formula."""
    if "retracted" in name:
        return LOOKS["retracted"].color
    known = {"ab-initio": LOOKS["ab_initio"].color, "stepped": LOOKS["stepped"].color}
    return known.get(name, colour(_COLOURS[1 + place % (len(_COLOURS) - 1)]))


def _words(column: str) -> str:
    """Return a column as the label of an axis, its unit in brackets."""
    for ending in ("per_kg_keV_day", "per_cm2_s", "kg_day", "keV", "_m"):
        if column.endswith(ending):
            unit = ending.strip("_").replace("_", " ").replace("per ", "1 / ")
            return f"{column.removesuffix(ending).strip('_').replace('_', ' ')} ({unit})"
    return column.replace("_", " ")
