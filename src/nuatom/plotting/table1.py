"""Table I as a picture: published sensitivities and ours, with their ratio."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.palette import colour
from nuatom.plotting.style import RETRACTED, note, numbers, plain_log_ticks, pretty, texts
from nuatom.table import Table

HEIGHT_INCHES = 7.6
ALT = (
    "Dot plot, one block per row of Table I: the published sensitivity (open circle) and ours "
    "(filled) for free electrons and for atomic ionisation by the retracted Eq. (10), and in "
    "black ours with the ab-initio response, close to free electrons, on a logarithmic axis; "
    "beside each pair the ratio of ours to the published number."
)

_Row = tuple[str, str, float, float, float, str]
RIGHT = "ab-initio"
"""Mode of the rows that the paper does not have."""
_NO_TEST = ("not public", "solved for")
"""Statuses of a row whose ratio tests nothing; the figure says so."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the tables ``table1`` and ``table1_ab_initio``.

    Parameters
    ----------
    tables : mapping
        With ``table1``: row_label, ambient_cpkkd, threshold_eV, limiting_background,
        mode, published_1e12_mu_B, ours_1e12_mu_B, ratio and status; with
        ``table1_ab_initio``, one row for two of these: ab_initio_1e12_mu_B,
        ab_initio_low_1e12_mu_B, ab_initio_high_1e12_mu_B, stepped_1e12_mu_B [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If the table or a column is missing.
    """
    labels, limiting, modes, statuses = texts(
        tables, "table1", "row_label", "limiting_background", "mode", "status"
    )
    ambient, threshold, published, ours, ratio = numbers(
        tables,
        "table1",
        "ambient_cpkkd",
        "threshold_eV",
        "published_1e12_mu_B",
        "ours_1e12_mu_B",
        "ratio",
    )
    heads = [
        _head(*cells) for cells in zip(labels, ambient, threshold, limiting, modes, strict=True)
    ]
    rows = list(zip(heads, modes, published, ours, ratio, statuses, strict=True))
    rows = _with_right_answers(rows, tables)
    heads = [row[0] for row in rows]
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[2.7, 1.0])
    heights, ticks = _layout(heads)
    figure.set_figheight(1.2 + 0.265 * (max(heights) + 2.3))
    _values(left, rows, heights)
    _bands(right, rows, heights, tables)
    _ratios(right, rows, heights)
    for head, height in ticks:
        left.annotate(
            pretty(head),
            (0.0, height),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.6,
            fontweight="bold",
        )
    for axes in (left, right):
        axes.set_ylim(max(heights) + 0.8, -1.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(False, axis="y")


def _head(label: str, ambient: float, threshold: float, limiting: str, mode: str) -> str:
    """Return the heading of a row: its label without the mode, or its conditions."""
    stem = label.removesuffix(mode).strip(" ,;:-")
    if stem:
        return stem
    level = f"{ambient:g} cpkkd" if np.isfinite(ambient) else ""
    energy = f"{threshold:g} eV" if np.isfinite(threshold) else ""
    return ", ".join(part for part in (level, energy, limiting) if part)


def _layout(heads: list[str]) -> tuple[list[float], list[tuple[str, float]]]:
    """Return the height of each row and of each heading, downwards."""
    heights, ticks, height = [0.0], [(heads[0], -0.85)], 0.0
    for before, head in pairwise(heads):
        height += 1.0 if head == before else 2.1
        heights.append(height)
        if head != before:
            ticks.append((head, height - 0.85))
    return heights, ticks


def _with_right_answers(rows: list[_Row], tables: Mapping[str, Table]) -> list[_Row]:
    """Put a row of the ab-initio response below each pair of rows; its ratio is to stepped."""
    values, stepped = numbers(
        tables, "table1_ab_initio", "ab_initio_1e12_mu_B", "stepped_1e12_mu_B"
    )
    found = []
    for pair, value, step in zip(
        zip(rows[::2], rows[1::2], strict=True), values, stepped, strict=True
    ):
        right = (pair[0][0], RIGHT, np.nan, float(value), float(value / step), "")
        found += [*pair, right]
    return found


def _bands(axes: Axes, rows: list[_Row], heights: list[float], tables: Mapping[str, Table]) -> None:
    """Draw the bands of the ab-initio response over stepped electrons."""
    low, high, stepped = numbers(
        tables,
        "table1_ab_initio",
        "ab_initio_low_1e12_mu_B",
        "ab_initio_high_1e12_mu_B",
        "stepped_1e12_mu_B",
    )
    places = [y for row, y in zip(rows, heights, strict=True) if row[1] == RIGHT]
    axes.hlines(
        places, low / stepped, high / stepped, color=colour("band"), linewidth=9, zorder=1.5
    )


def _color(mode: str) -> str:
    """Return the colour of a row; grey marks what follows the retracted formula."""
    chosen = {"AI": "retracted", RIGHT: "ink"}
    return colour(chosen.get(mode.strip(), "blue"))


def _values(axes: Axes, rows: list[_Row], heights: list[float]) -> None:
    spread = np.array([[row[2], row[3]] for row in rows], dtype=np.float64)
    finite: Array = spread[np.isfinite(spread) & (spread > 0)]
    for (_, mode, published, ours, _, status), height in zip(rows, heights, strict=True):
        color = _color(mode)
        pair = [value for value in (published, ours) if np.isfinite(value)]
        if not pair:
            note(axes, finite.max(), height, f"{mode}: no number", color=color, ha="right")
            continue
        style = (0, (3.2, 1.8)) if color == colour("retracted") else "-"
        axes.plot(pair, [height] * len(pair), color=color, linewidth=1.1, linestyle=style)
        axes.plot(published, height, "o", markersize=8, mfc=colour("paper"), mec=color, mew=1.4)
        axes.plot(ours, height, "o", markersize=4.5, color=color)
        text = f"{mode} ({status})" if status in _NO_TEST else mode
        note(axes, max(pair), height, text, color=color, offset=(9, 0), fontsize=8.4)
    axes.set(
        xscale="log",
        xlim=(finite.min() / 2, finite.max() * 300),
        title="Sensitivity,  open: published,  filled: ours",
        xlabel=r"$\mu_\nu$  ($10^{-12}\,\mu_B$)"
        f"\nblue: free electrons (FE);  black: ab-initio\ngrey: AI, {RETRACTED}",
    )


def _ratios(axes: Axes, rows: list[_Row], heights: list[float]) -> None:
    axes.axvline(1, color=colour("frame"), linewidth=1.0)
    ratios = np.array([row[4] for row in rows], dtype=np.float64)
    finite = ratios[np.isfinite(ratios) & (ratios > 0)]
    reach = max(2.0, *np.maximum(finite, 1 / finite)) * 1.25
    for (_, mode, _, _, ratio, _), height in zip(rows, heights, strict=True):
        if not np.isfinite(ratio):
            note(axes, 1, height, "no ratio", color=colour("muted"), offset=(6, 0), fontsize=8.0)
            continue
        axes.plot([1, ratio], [height, height], color=_color(mode), linewidth=1.1)
        axes.plot(ratio, height, "o", markersize=4.5, color=_color(mode))
        side = 1 if ratio >= 1 else -1
        note(
            axes,
            ratio,
            height,
            _ratio_text(mode, ratio),
            color=_color(mode),
            ha="left" if side > 0 else "right",
            offset=(6 * side, 0),
            fontsize=8.4,
        )
    axes.set(
        xscale="log",
        xlim=(1 / reach**1.6, reach**1.6),
        title="Ratio",
        xlabel="ours / published\n(black: ours / stepped,\nits band yellow)",
    )
    ticks = [t for t in (0.01, 0.1, 0.5, 1, 2, 10, 100) if reach**-1.3 < t < reach**1.3]
    plain_log_ticks(axes, "x", ticks)
    axes.minorticks_off()


def _ratio_text(mode: str, ratio: float) -> str:
    digits = 3 if mode == RIGHT else 2
    return f"{ratio:.{digits}f}" if ratio < 10 else f"{ratio:.3g}"
