"""Drawing: one module per kind of figure, the only importer of matplotlib.

Computing and drawing are separate: each module has ``draw(tables, figure)``, or
``draw(tables, figure, subject)`` where it draws several figures of one kind, and reads
nothing but tables.  `draw_figure` makes a figure of an item, `figure_bytes` the file.
matplotlib is loaded at the first drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nuatom.errors import lookup
from nuatom.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """Who draws a figure.

    Parameters
    ----------
    module : str
        Module of this package [name].
    subject : str
        Which of the figures of that module; empty where it has one [name].
    """

    module: str
    subject: str = ""


CHANNELS = ("magnetic_moment", "millicharge", "charge_radius", "weak", "b_l_boson")
"""Channels with a figure of their own, in the order of the page."""

DRAWINGS: Mapping[str, Drawing] = {
    **{
        name: Drawing(name)
        for name in ("derivation", "fig1", "fig2", "fig3a", "fig3b", "table1", "interpretation")
    },
    "qed": Drawing("qed"),
    **{f"channels_{channel}": Drawing("channels", channel) for channel in CHANNELS},
    "smoking_gun": Drawing("smoking_gun"),
    "suppression": Drawing("suppression"),
    "table1_contour": Drawing("table1_contour"),
}
"""Every figure by name, which is also the name of its files."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in ("derivation", "fig1", "fig2", "fig3a", "fig3b", "table1", "interpretation")
    },
    "qed": ("qed",),
    "channels": tuple(f"channels_{channel}" for channel in CHANNELS),
    "smoking-gun": ("smoking_gun",),
    "suppression": ("suppression",),
    "table1-contour": ("table1_contour",),
}
"""The figures of each item, in the order of the page."""

__all__ = [
    "DRAWINGS",
    "FIGURES",
    "Drawing",
    "alternative_text",
    "draw_figure",
    "figure_bytes",
    "figure_caption",
]


def draw_figure(name: str, tables: Mapping[str, Table]) -> "Figure":
    """Return one figure of an item.

    Parameters
    ----------
    name : str
        A key of `DRAWINGS` [name].
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
    from nuatom.plotting.style import house_style, new_figure, settle

    module, subject = _drawing(name)
    with house_style():
        figure: Figure = new_figure(module.HEIGHT_INCHES)
        module.draw(tables, figure, *subject)
        if figure.get_layout_engine() is not None:
            settle(figure)
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
        A key of `DRAWINGS` [name].

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
    module, subject = _drawing(name)
    text: str = module.alternative(*subject) if subject else module.ALT
    return text


def figure_caption(name: str) -> str:
    """Return the caption of one of several figures of an item.

    Parameters
    ----------
    name : str
        A key of `DRAWINGS` [name].

    Returns
    -------
    str
        Plain text; empty where the caption of the item says it all.

    Raises
    ------
    UnknownName
        If there is no such figure.

    Example
    -------
    >>> figure_caption("fig2")
    ''
    """
    module, subject = _drawing(name)
    text: str = module.caption(*subject) if subject else ""
    return text


def _drawing(name: str) -> tuple[Any, tuple[str, ...]]:
    """Return the module that draws a figure, and the subject where it has several."""
    drawing = lookup("figure", name, DRAWINGS)
    module = import_module(f"nuatom.plotting.{drawing.module}")
    return module, (drawing.subject,) if drawing.subject else ()
