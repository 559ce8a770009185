"""The look of every figure and its deterministic output as SVG or PNG."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup
from nuatom.plotting.palette import colour
from nuatom.table import Table

PNG_DPI = 160
WIDTH_INCHES = 5.6
"""One column: a figure of this width stays legible on a phone."""

RETRACTED = "Eq. (10), retracted"
"""The label of everything that follows the retracted formula."""

_STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": colour("frame"),
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": colour("ink"),
    "axes.labelsize": 9.8,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": colour("ink"),
    "axes.titlelocation": "left",
    "axes.titlepad": 8.0,
    "axes.titlesize": 9.6,
    "axes.titleweight": "bold",
    "figure.facecolor": colour("paper"),
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "grid.color": colour("grid"),
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "mathtext.default": "regular",
    "mathtext.fontset": "dejavusans",
    "path.simplify": True,
    "savefig.facecolor": colour("paper"),
    "svg.fonttype": "path",
    "svg.hashsalt": "nuatom",
    "text.color": colour("ink"),
    "xtick.color": colour("frame"),
    "xtick.labelcolor": colour("ink"),
    "xtick.direction": "out",
    "ytick.color": colour("frame"),
    "ytick.labelcolor": colour("ink"),
    "ytick.direction": "out",
}


@dataclass(frozen=True)
class Look:
    """How one kind of curve is drawn, the same in every figure.

    Parameters
    ----------
    color : str
        As ``#rrggbb`` [colour].
    linewidth : float
        Of the curve [point].
    dashes : tuple of float
        On and off lengths in units of the width; empty for a solid curve
        [dimensionless].
    """

    color: str
    linewidth: float = 1.8
    dashes: tuple[float, ...] = ()

    def line(self) -> dict[str, Any]:
        """Return the keyword arguments of ``Axes.plot``."""
        style: Any = (0, self.dashes) if self.dashes else "-"
        return {"color": self.color, "linewidth": self.linewidth, "linestyle": style}


LOOKS: Mapping[str, Look] = {
    "retracted": Look(colour("retracted"), 1.6, (3.2, 1.8)),
    "retracted_faint": Look(colour("retracted"), 1.1, (1.2, 1.6)),
    "ab_initio": Look(colour("ink"), 1.1),
    "stepped": Look(colour("blue"), 2.8),
    "free": Look(colour("sky"), 1.2, (6.0, 1.2, 1.0, 1.2)),
    "weak_electron": Look(colour("green"), 1.8),
    "weak_nucleus": Look(colour("vermilion"), 1.8),
    "millicharge": Look(colour("purple"), 1.8),
    "guide": Look(colour("muted"), 0.9, (1.0, 2.0)),
}
"""The looks by name; grey and dashed is reserved for the retracted formula."""


@contextmanager
def house_style() -> Iterator[None]:
    """Draw or save inside this context to get the house style, whatever the user's settings."""
    with matplotlib.style.context(["default", _STYLE]):
        yield


def new_figure(height_inches: float) -> Figure:
    """Return an empty figure of the common width; to be called inside `house_style`.

    Parameters
    ----------
    height_inches : float
        Height of the figure [inch].

    Returns
    -------
    Figure
        With constrained layout and the paper as background.
    """
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")
    cast(Any, figure.get_layout_engine()).set(w_pad=0.08, h_pad=0.08, hspace=0.04, wspace=0.03)
    return figure


def settle(figure: Figure) -> None:
    """Lay the figure out once and keep the places of its axes, rounded.

    The layout is solved with last digits that differ from one time to the next; rounded,
    the same figure gives the same bytes, and each file is spared a layout of its own.

    Parameters
    ----------
    figure : Figure
        Drawn; to be called inside `house_style` [any].
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (
            round(float(value), 6) for value in axes.get_position(original=True).bounds
        )
        axes.set_position((left, bottom, width, height))


def figure_bytes(figure: Figure, kind: Literal["svg", "png"] | str) -> bytes:
    """Return the figure as a file, the same bytes at each call.

    No date, no program version and no random identifier enters; text is drawn as
    outlines, so that no font is needed to read it.

    Parameters
    ----------
    figure : Figure
        Any figure of this package [any].
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
    save = lookup("picture format", kind, {"svg": _svg, "png": _png})
    with house_style():
        return save(figure)


def _svg(figure: Figure) -> bytes:
    stream = io.BytesIO()
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    cast(Any, FigureCanvasSVG(figure)).print_svg(stream, metadata=metadata)
    # a hundredth of a point is less than any screen or printer shows
    text = re.sub(
        r'(?<=\bd=")[^"]+',
        lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path.group(0)),
        stream.getvalue().decode(),
    )
    return "\n".join(line.strip() for line in text.splitlines()).encode() + b"\n"


def _png(figure: Figure) -> bytes:
    stream = io.BytesIO()
    before = figure.dpi
    try:
        figure.dpi = PNG_DPI
        cast(Any, FigureCanvasAgg(figure)).print_png(stream, metadata={"Software": None})
    finally:
        figure.dpi = before
    return stream.getvalue()


def numbers(tables: Mapping[str, Table], table: str, *names: str) -> list[Array]:
    """Return numeric columns of one of the tables.

    Parameters
    ----------
    tables : mapping
        Tables by name [any].
    table : str
        Which one [name].
    *names : str
        Its columns [names].

    Returns
    -------
    list of ndarray
        One-dimensional, in the order asked for.

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    InvalidInput
        If a column holds text.
    """
    columns = []
    for name in names:
        try:
            columns.append(np.asarray(_column(tables, table, name), dtype=np.float64))
        except ValueError:
            raise InvalidInput(
                f"table {table}, column {name}: found text, expected numbers"
            ) from None
    return columns


def texts(tables: Mapping[str, Table], table: str, *names: str) -> list[tuple[str, ...]]:
    """Return text columns of one of the tables.

    Parameters
    ----------
    tables : mapping
        Tables by name [any].
    table : str
        Which one [name].
    *names : str
        Its columns [names].

    Returns
    -------
    list of tuple of str
        In the order asked for.

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    return [tuple(str(value) for value in _column(tables, table, name)) for name in names]


def _column(tables: Mapping[str, Table], table: str, name: str) -> Array | Sequence[str]:
    found = lookup("table for the figure", table, tables)
    return lookup(f"column of table {table}", name, {c.name: c.values for c in found.columns})


def note(
    axes: Axes, x: float, y: float, text: str, *, color: str = colour("ink"), **how: Any
) -> None:
    """Write a direct label beside a curve, on a patch of paper that hides the grid but no curve.

    Parameters
    ----------
    axes : Axes
        Where to write [any].
    x, y : float
        Anchor, in data coordinates [any].
    text : str
        The label [text].
    color : str
        That of the curve [colour].
    **how
        `offset` (points, default (0, 0)) and any property of a matplotlib text [any].
    """
    offset = how.pop("offset", (0, 0))
    how = {"fontsize": 9.0, "ha": "left", "va": "center", "zorder": 1.9, **how}
    paper = {"facecolor": colour("paper"), "edgecolor": "none", "pad": 0.8}
    axes.annotate(
        text, (x, y), xytext=offset, textcoords="offset points", color=color, bbox=paper, **how
    ).set_in_layout(False)


def at(x: Array, y: Array, where: float) -> float:
    """Return the height of a drawn curve, to place a label (linear in the logarithm of x).

    Parameters
    ----------
    x, y : ndarray
        The curve, x positive and increasing [any].
    where : float
        In the unit of `x` [any].

    Returns
    -------
    float
        In the unit of `y`; gaps (NaN) in y are skipped.
    """
    good = np.isfinite(y)
    return float(np.interp(np.log(where), np.log(x[good]), y[good]))


def plain_log_ticks(axes: Axes, which: Literal["x", "y"], ticks: Sequence[float]) -> None:
    """Label a logarithmic axis with plain numbers at the given places.

    Parameters
    ----------
    axes : Axes
        Whose axis [any].
    which : str
        ``x`` or ``y`` [name].
    ticks : sequence of float
        Positions in the unit of the axis [any].
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def power_of_ten(value: float, digits: int = 2) -> str:
    r"""Return a number as mathematical text, such as 1.9 x 10^-11.

    Parameters
    ----------
    value : float
        Positive [any].
    digits : int
        Significant digits [dimensionless].

    Returns
    -------
    str
        In the notation of matplotlib's mathematical text.

    Example
    -------
    >>> power_of_ten(1.9e-11)
    '$1.9\\times10^{-11}$'
    """
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if float(mantissa) == 1.0:
        return f"$10^{{{int(exponent)}}}$"
    return f"${float(mantissa):g}\\times10^{{{int(exponent)}}}$"


_SYMBOLS = {
    "mu_nu": r"$\mu_\nu$",
    "mu_B": r"$\mu_B$",
    "anti-nu_e": r"$\bar\nu_e$",
    "anti_nu_e": r"$\bar\nu_e$",
    "nu_e": r"$\nu_e$",
    "mu^2": r"$\mu^2$",
    "Q^2": r"$Q^2$",
    "cm^2": r"cm$^2$",
    "sqrt(x)": r"$\sqrt{x}$",
    "Delta chi^2": r"$\Delta\chi^2$",
    "chi^2": r"$\chi^2$",
    "chi2": r"$\chi^2$",
    "mu": r"$\mu$",
    "nu": r"$\nu$",
    "sigma": r"$\sigma$",
    "Delta": r"$\Delta$",
}


_SPECIAL = re.compile(
    rf"(?<![^\W_])({'|'.join(re.escape(word) for word in _SYMBOLS)})(?![^\W_])"
    r"|(?<![\w.])(\d(?:\.\d+)?e[+-]?\d+)(?!\w)"
)
"""A word with a symbol of its own, or a number with an exponent."""


def pretty(text: str) -> str:
    r"""Return a plain label with Greek letters and powers as mathematical text, no underscores.

    Parameters
    ----------
    text : str
        Such as ``SM nu-e`` or ``flat in mu^2`` [text].

    Returns
    -------
    str
        For matplotlib.

    Example
    -------
    >>> pretty("flat in mu^2, SM nu-e")
    'flat in $\\mu^2$, SM $\\nu$-e'
    >>> pretty("magnetic-moment 2e-11 mu_B")
    'magnetic-moment $2\\times10^{-11}$ $\\mu_B$'
    """
    parts, end = [], 0
    for found in _SPECIAL.finditer(text):
        parts.append(_plain(text[end : found.start()]))
        word, number = found.groups()
        digits = 0 if number is None else len(number.partition("e")[0].replace(".", ""))
        parts.append(_SYMBOLS[word] if number is None else power_of_ten(float(number), digits))
        end = found.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d)p(?=\d)", ".", text).replace("_", " ")
