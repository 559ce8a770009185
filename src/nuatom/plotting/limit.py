"""A limit: the spectrum with fit and signal at the limit, and the profile or the contour."""

from collections.abc import Mapping
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.arrays import Array
from nuatom.plotting.legends import key_above
from nuatom.plotting.palette import colour
from nuatom.plotting.style import figure_bytes, house_style, new_figure, pretty
from nuatom.table import Table

HEIGHT_INCHES = 7.2
ALT = (
    "Above: counts per bin width with the best fit, the expectation without the coupling and the "
    "signal at the limit. Below: how the deviance rises with the coupling for each atomic model, "
    "with the level of the confidence; for two couplings the contours."
)
_LINES = (("ink", "-"), ("blue", "--"), ("vermilion", "-."), ("green", ":"))
_TOP = 9.0
"""Rise at the top of the profile."""
_UNITS = {"mu_B": r"$\mu_B$", "e": "e", "cm2": "cm²"}


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the tables of a limit.

    Parameters
    ----------
    tables : mapping
        With ``limits``, ``spectrum``, and ``profile`` or ``contour`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or a column is missing.
    """
    above, below = figure.subplots(2, 1)
    _spectrum(tables["spectrum"], above)
    if "contour" in tables:
        _contour(tables["contour"], below)
    else:
        _profile(tables["profile"], tables["limits"], below)


def picture(tables: Mapping[str, Table], kind: str) -> bytes:
    """Return the figure of a limit as a file.

    Parameters
    ----------
    tables : mapping
        Of a result [any].
    kind : str
        ``svg`` or ``png`` [name].

    Returns
    -------
    bytes
        The same for the same tables.

    Raises
    ------
    UnknownName
        If the kind is neither, or a table is missing.
    """
    with house_style():
        figure = new_figure(HEIGHT_INCHES)
        draw(tables, figure)
    return figure_bytes(figure, kind)


def _spectrum(table: Table, axes: Axes) -> None:
    low, high = (np.asarray(c.values, dtype=float) for c in table.columns[:2])
    is_energy = table.columns[0].name.startswith("energy")
    unit = "keV" if is_energy else "PE"
    width, edges = high - low, np.append(low, high[-1])

    def column(name: str) -> Array:
        return np.asarray(np.asarray(table.column(name), dtype=float) / width)

    names = [c.name for c in table.columns]
    if "observed_counts" in names:
        axes.errorbar(
            (low + high) / 2,
            column("observed_counts"),
            yerr=column("observed_error_counts"),
            xerr=width / 2,
            fmt="o",
            ms=2.2,
            lw=0.7,
            color=colour("muted"),
            label="observed",
        )
    for name, label, ink, line in (
        ("best_fit_counts", "best fit", "ink", "-"),
        ("at_limit_counts", "at the limit", "blue", "--"),
        ("signal_at_limit_counts", "signal at the limit", "vermilion", "-"),
    ):
        axes.stairs(
            column(name), edges, baseline=None, color=colour(ink), ls=line, lw=1.4, label=label
        )
    shown = np.concatenate([column("best_fit_counts"), column("signal_at_limit_counts")])
    positive = shown[shown > 0]
    if positive.size and np.all(shown >= 0) and positive.max() > 30 * np.median(positive):
        axes.set_yscale("log")
        axes.set_ylim(bottom=max(positive.min() / 2, positive.max() / 1e5))
    if low[0] > 0 and high[-1] / low[0] > 20:
        axes.set_xscale("log")
    what = "observed energy" if is_energy else "S2 area"
    axes.set(xlabel=f"{what} [{unit}]", ylabel=f"counts per {unit}")
    key_above(axes, columns=4)


def _profile(table: Table, limits: Table, axes: Axes) -> None:
    x = np.asarray(table.columns[0].values, dtype=float)
    for (ink, line), column in zip(cycle(_LINES), table.columns[2:], strict=False):
        conditional = column.meaning.startswith("nuisances")
        axes.plot(
            x,
            np.asarray(column.values, dtype=float),
            color=colour("muted" if conditional else ink),
            ls=":" if conditional else line,
            lw=1.0 if conditional else 1.6,
            label=pretty(column.meaning),
        )
    level = _level(limits)
    axes.axhline(level, color=colour("frame"), lw=0.9)
    first = str(limits.column("model")[0])
    ends = {
        method: float(high)
        for model, method, high in zip(
            limits.column("model"), limits.column("method"), limits.column("high"), strict=True
        )
        if model == first and np.isfinite(float(high)) and x[0] <= float(high) <= x[-1]
    }
    for place, (method, high) in enumerate(ends.items()):
        axes.plot(
            high,
            level,
            "|",
            ms=11,
            mew=1.8,
            color=colour(_MARKS[place % len(_MARKS)]),
            label=method,
        )
    axes.set(xlabel=_label(table.columns[0].name, table.title), ylabel="rise of the deviance")
    axes.set_ylim(0, _TOP)
    key_above(axes, columns=3)


_MARKS = ("ink", "vermilion", "green", "purple", "sky", "blue", "muted", "frame")


def _level(limits: Table) -> float:
    """Return the rise at the confidence level of the limits."""
    from nuatom.inference.fits.profile import rise

    return rise(float(np.asarray(limits.column("confidence"))[0]))


def _contour(table: Table, axes: Axes) -> None:
    first, second, rises = (np.asarray(c.values, dtype=float) for c in table.columns)
    a, b = np.unique(first), np.unique(second)
    surface = rises.reshape(a.size, b.size)
    levels = sorted(float(note.rsplit(" ", 1)[1]) for note in table.notes)
    names = {
        float(note.rsplit(" ", 1)[1]): note.split(" at ")[1].split(":")[0] for note in table.notes
    }
    drawn = axes.contour(
        a, b, surface.T, levels=levels, colors=[colour(n) for n in ("blue", "ink", "vermilion")]
    )
    axes.clabel(drawn, fmt={level: names[level] for level in levels}, fontsize=7.6)
    place = int(np.argmin(rises))
    axes.plot(first[place], second[place], "+", color=colour("ink"), ms=9)
    axes.set(
        xlabel=_label(table.columns[0].name, table.columns[0].meaning),
        ylabel=_label(table.columns[1].name, table.columns[1].meaning),
    )


def _label(column: str, name: str) -> str:
    """Return a label of an axis from a column and the name of its channel."""
    unit = next((text for end, text in _UNITS.items() if column.endswith(f"_{end}")), "")
    return f"{name} [{unit}]" if unit else name
