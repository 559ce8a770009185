"""Headlines of figures and keys to their curves, outside the axes so that they hide nothing."""

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from nuatom.plotting.style import pretty

_LETTERS = 62
"""A bold line of the common width holds so many."""
_LOOK: dict[str, Any] = {
    "frameon": False,
    "fontsize": 8.4,
    "handlelength": 2.4,
    "columnspacing": 1.2,
    "labelspacing": 0.35,
}


def headline(figure: Figure, text: str) -> None:
    """Write the title of a table above its figure, in as many lines as it needs.

    Parameters
    ----------
    figure : Figure
        With constrained layout [any].
    text : str
        Plain, as in the table; nothing is written if it is empty [text].
    """
    shown = "\n".join(pretty(line) for line in _lines(text))
    if shown:
        figure.suptitle(shown, x=0.015, ha="left", fontsize=10.2, fontweight="bold")


def _lines(text: str) -> list[str]:
    """Break a text after a comma where that helps, rather than within a formula."""
    if len(text) <= _LETTERS:
        return [text]
    first, comma, rest = text[:_LETTERS].rpartition(", ")
    if not comma:
        return textwrap.wrap(text, _LETTERS)
    return [f"{first},", *_lines(rest + text[_LETTERS:])]


def key_below(figure: Figure, handles: Sequence[Line2D | Patch], *, columns: int = 2) -> None:
    """Name curves that all panels share, below them.

    Parameters
    ----------
    figure : Figure
        With constrained layout [any].
    handles : sequence of Line2D or Patch
        With their labels [any].
    columns : int
        Of the key [dimensionless].
    """
    figure.legend(handles=list(handles), loc="outside lower left", ncols=columns, **_LOOK)


def key_above(axes: Axes, *, columns: int = 2) -> None:
    """Name the labelled curves of one panel, above it.

    Parameters
    ----------
    axes : Axes
        With labelled curves [any].
    columns : int
        Of the key [dimensionless].
    """
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=columns,
        borderaxespad=0.2,
        **{**_LOOK, "fontsize": 7.4, "handlelength": 2.0},
    )
