"""Drawing: one module per figure, the only importer of matplotlib.

Computing and drawing are separate: each module has ``draw(tables, figure)`` and reads
nothing but tables.  `draw_figure` makes the figure of an item, `figure_bytes` the file.
matplotlib is loaded at the first drawing.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from nuatom.errors import lookup
from nuatom.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: Mapping[str, str] = {
    name: f"nuatom.plotting.{name}"
    for name in ("derivation", "fig1", "fig2", "fig3a", "fig3b", "table1", "interpretation")
}
"""The module that draws each item."""

__all__ = ["FIGURES", "alternative_text", "draw_figure", "figure_bytes"]


def draw_figure(name: str, tables: Mapping[str, Table]) -> "Figure":
    """Return the figure of an item.

    Parameters
    ----------
    name : str
        A key of `FIGURES` [name].
    tables : mapping
        The tables of the item by name [any].

    Returns
    -------
    Figure
        A matplotlib figure that belongs to no window.

    Raises
    ------
    UnknownName
        If there is no such figure, or a table or column that it draws is missing.

    Example
    -------
    >>> figure_bytes(draw_figure("fig1", {}), "png")[1:4]
    b'PNG'
    """
    from nuatom.plotting.style import house_style, new_figure

    module = import_module(lookup("figure", name, FIGURES))
    with house_style():
        figure: Figure = new_figure(module.HEIGHT_INCHES)
        module.draw(tables, figure)
        # lay out once and for all: every file of the figure then has the same places
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    return figure


def figure_bytes(figure: "Figure", kind: str) -> bytes:
    """Return a figure as a file; the same figure always gives the same bytes.

    Parameters
    ----------
    figure : Figure
        From `draw_figure` [any].
    kind : str
        ``svg`` or ``png`` (160 dots per inch) [name].

    Returns
    -------
    bytes
        The content of the file.

    Raises
    ------
    UnknownName
        If the kind is neither.
    """
    from nuatom.plotting import style

    return style.figure_bytes(figure, kind)


def alternative_text(name: str) -> str:
    """Return what a figure shows, for a reader who cannot see it.

    Parameters
    ----------
    name : str
        A key of `FIGURES` [name].

    Returns
    -------
    str
        Two or three sentences.

    Raises
    ------
    UnknownName
        If there is no such figure.

    Example
    -------
    >>> alternative_text("fig2").startswith("Event rates on germanium")
    True
    """
    text: str = import_module(lookup("figure", name, FIGURES)).ALT
    return text
