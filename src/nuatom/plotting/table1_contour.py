"""Table I as a surface: lines of equal sensitivity, wrong and right side by side."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.legends import headline
from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, RETRACTED, numbers, plain_log_ticks, texts
from nuatom.table import Table

HEIGHT_INCHES = 5.4
ALT = (
    "Six panels of lines of equal sensitivity to a magnetic moment over detection threshold (10 "
    "to 1000 eV) and ambient background (0.01 to 100 counts per kg keV day): columns for the "
    "retracted Eq. (10), which claims moments a hundred times smaller, for stepped electrons and "
    "for the ab-initio response, the two alike within a third above 0.1 keV; upper row with "
    "nuclear recoils, where the lines do not depend on the threshold below 0.36 keV, lower row "
    "with recoils told apart. Circles mark the rows of Table I."
)

_PANELS = (
    ("eq10_retracted", "retracted", RETRACTED, "published_atomic_ionisation_1e12_mu_B"),
    ("stepped", "stepped", "stepped", "published_free_electron_1e12_mu_B"),
    ("ab_initio", "ab_initio", "ab-initio", ""),
)
"""Column of the table, look, title, column of the printed numbers."""
_LEVELS = tuple(m * 10.0**k for k in range(-4, 4) for m in (1, 3))
_ROWS = ("kept", "told apart")
_FREE = np.array([0.25, 0.75])
"""Part of a panel without circles."""
_MARGIN = 0.06
"""No value is written so near to the frame, in parts of the panel."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the tables ``table1_contour`` and ``table1_contour_rows``.

    Parameters
    ----------
    tables : mapping
        With ``table1_contour``: nuclear_recoils, threshold_eV, ambient_cpkkd, and
        eq10_retracted_1e12_mu_B, stepped_1e12_mu_B, ab_initio_1e12_mu_B; with
        ``table1_contour_rows``: nuclear_recoils, threshold_eV, ambient_cpkkd and the printed
        numbers [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    headline(
        figure,
        "Sensitivity to a magnetic moment in 1e-12 mu_B, circles: rows of Table I as printed",
    )
    (recoils,) = texts(tables, "table1_contour", "nuclear_recoils")
    threshold, ambient = numbers(tables, "table1_contour", "threshold_eV", "ambient_cpkkd")
    panels = figure.subplots(2, 3, sharex=True, sharey=True)
    for axes_row, kind in zip(panels, _ROWS, strict=True):
        here = np.array(recoils) == kind
        grid = np.unique(threshold[here]), np.unique(ambient[here])
        for axes, (column, look, title, printed) in zip(axes_row, _PANELS, strict=True):
            (values,) = numbers(tables, "table1_contour", f"{column}_1e12_mu_B")
            surface = values[here].reshape(grid[0].size, grid[1].size).T
            _lines(axes, grid, surface, look)
            _marks(axes, tables, kind, printed)
            if kind == _ROWS[0]:
                axes.set_title(title, color=LOOKS[look].color)
    for axes in panels[1]:
        axes.set_xlabel("threshold (eV)")
        plain_log_ticks(axes, "x", (10, 100, 1000))
    for axes, kind in zip(panels[:, 0], _ROWS, strict=True):
        axes.set_ylabel(f"nuclear recoils {kind}\nambient (counts / (kg keV day))", fontsize=8.8)
        plain_log_ticks(axes, "y", (0.01, 0.1, 1, 10, 100))


def _lines(axes: Axes, grid: tuple[Array, Array], surface: Array, look: str) -> None:
    """Draw lines of equal sensitivity with their values on them."""
    axes.set(xscale="log", yscale="log")
    axes.minorticks_off()
    levels = [level for level in _LEVELS if surface.min() < level < surface.max()]
    style = LOOKS[look]
    drawn = axes.contour(
        *grid,
        surface,
        levels=levels,
        colors=style.color,
        linewidths=1.1,
        linestyles="dashed" if style.dashes else "solid",
    )
    places = [
        point
        for path in drawn.get_paths()
        for part in path.to_polygons(closed_only=False)
        if (point := _inside(grid, np.asarray(part))) is not None
    ]
    axes.clabel(
        drawn, fmt=lambda value: f"{value:g}", fontsize=7.2, inline_spacing=2, manual=places
    )


def _inside(grid: tuple[Array, Array], line: Array) -> tuple[float, float] | None:
    """Return a point of a line where its value fits: away from frame and circles."""
    low, high = (np.log([axis[k] for axis in grid]) for k in (0, -1))
    place = (np.log(line) - low) / (high - low)
    line = line[np.abs(place - 0.5).max(axis=1) < 0.5 - _MARGIN]
    if line.size == 0:
        return None
    place = (np.log(line) - low) / (high - low)
    best = int(np.argmin(np.hypot(*(place - _FREE).T)))
    return float(line[best, 0]), float(line[best, 1])


def _marks(axes: Axes, tables: Mapping[str, Table], kind: str, printed: str) -> None:
    """Mark the rows of Table I, with what they print where the panel is of their kind."""
    name = "table1_contour_rows"
    (kinds,) = texts(tables, name, "nuclear_recoils")
    columns = ["threshold_eV", "ambient_cpkkd", *([printed] if printed else [])]
    x, y, *values = numbers(tables, name, *columns)
    for k, row_kind in enumerate(kinds):
        if row_kind != kind:
            continue
        axes.plot(
            x[k],
            y[k],
            "o",
            ms=6,
            mfc=colour("paper"),
            mec=colour("vermilion"),
            mew=1.3,
            clip_on=False,
            zorder=5,
        )
        if values:
            axes.annotate(
                f"{values[0][k]:g}",
                (x[k], y[k]),
                xytext=(5, 5),
                textcoords="offset points",
                fontsize=7.6,
                color=colour("vermilion"),
                bbox={"facecolor": colour("paper"), "edgecolor": "none", "pad": 0.6},
                zorder=4,
            ).set_in_layout(False)
