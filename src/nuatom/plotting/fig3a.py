"""Fig. 3(a) and Eq. (11): reactor ON - OFF residuals, their error and the limits."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuatom.plotting.palette import colour
from nuatom.plotting.spectra import overlays
from nuatom.plotting.style import (
    LOOKS,
    RETRACTED,
    note,
    numbers,
    plain_log_ticks,
    pretty,
    texts,
)
from nuatom.table import Table

HEIGHT_INCHES = 10.2
ALT = (
    "Three panels. First: a labelled pseudo-dataset of residual rates with error bars from 12 "
    "to 60 keV and the spectra for an allowed and an excluded magnetic moment. Second: the "
    "statistical error against the background level, with the published error marked. Third: "
    "upper limits by each statistical prescription, published and ours."
)
PSEUDO = "labelled pseudo-dataset, not the Kuo-Sheng spectrum"
PUBLISHED_ERROR = 2.7
"""Statistical error of Eq. (11) on mu^2, in 1e-22 Bohr magnetons squared."""


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the residuals with overlays, the predicted error, and the limits.

    Parameters
    ----------
    tables : mapping
        With ``fig3a``, ``fig3a_error_vs_background`` and ``eq11_limits`` [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    rows = len(texts(tables, "eq11_limits", "method")[0])
    heights = [3.6, 2.9, 1.1 + 0.25 * rows]
    figure.set_figheight(sum(heights))
    panels: Any = figure.subfigures(3, 1, height_ratios=heights)
    _residuals(panels[0].add_subplot(), tables)
    _error(panels[1].add_subplot(), tables)
    _limits(panels[2].add_subplot(), tables)


def _residuals(axes: Axes, tables: Mapping[str, Table]) -> None:
    low, high, residual, error = numbers(
        tables,
        "fig3a",
        "energy_low_keV",
        "energy_high_keV",
        "residual_per_kg_keV_day",
        "error_per_kg_keV_day",
    )
    axes.axhline(0, color=colour("frame"), linewidth=0.9)
    axes.errorbar(
        (low + high) / 2,
        residual,
        yerr=error,
        fmt="o",
        markersize=3.2,
        linewidth=0.9,
        color=colour("ink"),
        zorder=3,
    )
    overlays(axes, tables, "fig3a")
    reach = 1.2 * float(np.max(np.abs(residual) + error))
    (excluded,) = numbers(tables, "fig3a", "ai_excluded_retracted_per_kg_keV_day")
    axes.set(
        title=f"(a)  {PSEUDO}",
        xlim=(low[0], high[-1]),
        ylim=(-reach, max(2.0 * reach, min(1.15 * float(excluded.max()), 4 * reach))),
        xlabel="Observed energy T (keV)",
        ylabel="ON $-$ OFF residual\n" r"(kg$^{-1}$ keV$^{-1}$ day$^{-1}$)",
    )


def _error(axes: Axes, tables: Mapping[str, Table]) -> None:
    level, error = numbers(
        tables, "fig3a_error_vs_background", "background_cpkkd", "statistical_error_1e22_mu_B2"
    )
    axes.plot(level, error, **LOOKS["retracted"].line())
    how = {"offset": (-4, 13), "ha": "right"}
    note(axes, level[-1], error[-1], RETRACTED, color=colour("retracted"), **how)
    top = float(error.max())
    stepped = "statistical_error_stepped_1e22_mu_B2"
    if stepped in [column.name for column in tables["fig3a_error_vs_background"].columns]:
        (other,) = numbers(tables, "fig3a_error_vs_background", stepped)
        top = float(other.max())
        axes.plot(level, other, **LOOKS["stepped"].line())
        (right,) = numbers(
            tables, "fig3a_error_vs_background", "statistical_error_ab_initio_1e22_mu_B2"
        )
        axes.plot(level, right, **LOOKS["ab_initio"].line())
        text = "ab-initio (black) and stepped (blue), this work"
        note(axes, level[0], other[0], text, color=colour("ink"), offset=(6, -8), va="top")
    axes.axhline(PUBLISHED_ERROR, **LOOKS["guide"].line())
    axes.set(
        title="(b)  predicted statistical error against background",
        xscale="log",
        yscale="log",
        xlim=(level[0], level[-1]),
        xlabel=r"Flat background (kg$^{-1}$ keV$^{-1}$ day$^{-1}$)",
        ylabel=r"Error on $\mu_\nu^2$" "\n" r"($10^{-22}\,\mu_B^2$)",
    )
    note(
        axes,
        level[0],
        PUBLISHED_ERROR,
        "published: 2.7",
        color=colour("muted"),
        offset=(6, 3),
        va="bottom",
    )
    plain_log_ticks(axes, "x", _round_ticks(level[0], level[-1]))
    plain_log_ticks(
        axes,
        "y",
        _round_ticks(error.min(), top, steps=(1, 2, 5) if top < 30 * error.min() else (1,)),
    )
    if error.min() < PUBLISHED_ERROR < error.max():
        solved = float(np.exp(np.interp(np.log(PUBLISHED_ERROR), np.log(error), np.log(level))))
        axes.plot(solved, PUBLISHED_ERROR, "D", color=colour("blue"), markersize=6, zorder=4)
        note(
            axes,
            solved,
            PUBLISHED_ERROR,
            f"solved for: {solved:.2g}",
            color=colour("blue"),
            offset=(8, -3),
            va="top",
        )


def _round_ticks(low: float, high: float, steps: tuple[int, ...] = (1, 2, 5)) -> list[float]:
    candidates = (m * 10.0**e for e in range(-4, 6) for m in steps)
    return [tick for tick in candidates if low * 0.999 <= tick <= high * 1.001]


def _limits(axes: Axes, tables: Mapping[str, Table]) -> None:
    (methods,) = texts(tables, "eq11_limits", "method")
    ours, published = numbers(tables, "eq11_limits", "limit_1e11_mu_B", "published_1e11_mu_B")
    finite = np.concatenate([ours, published])
    finite = finite[np.isfinite(finite)]
    wide = finite.max() > 4 * finite.min()
    common = len(np.unique(published)) == 1
    if common:
        axes.axvline(published[0], **LOOKS["guide"].line())
        label = f"published: {published[0]:.3g}"
        note(axes, published[0], -0.75, label, color=colour("muted"), offset=(5, 0), fontsize=8.4)
    for row, (method, value, stated) in enumerate(zip(methods, ours, published, strict=True)):
        physical = any(word in method.lower() for word in ("stepped", "free"))
        color = colour("blue") if physical else colour("retracted")
        axes.plot([value, stated], [row, row], color=color, linewidth=1.0, linestyle=(0, (3, 1.6)))
        if not common:
            axes.plot(stated, row, "o", markersize=8, mfc=colour("paper"), mec=color, mew=1.4)
        axes.plot(value, row, "o", markersize=5, color=color)
        text = f"{value:.3g}" if common else _both(value, stated)
        left = common and value < stated
        end = value if common else np.nanmax([value, stated])
        how = {"ha": "right" if left else "left", "offset": (-8 if left else 8, 0)}
        note(axes, end, row, text, color=color, fontsize=8.4, **how)
    axes.set_yticks(range(len(methods)), [pretty(m) for m in methods], fontsize=8.6)
    spread = finite.max() - finite.min()
    reach = finite.max() * (finite.max() / finite.min()) ** 0.9 if wide else finite.max() + spread
    filled = "" if common else "\nopen: published,  filled: ours"
    axes.set(
        title=f"(c)  limits at 90 % C.L., {RETRACTED}",
        xscale="log" if wide else "linear",
        xlim=(finite.min() * 0.85 if wide else finite.min() - 0.45 * spread, reach),
        ylim=(len(methods) - 0.4, -1.2 if common else -0.6),
        xlabel=r"Upper limit on $\mu_\nu$  ($10^{-11}\,\mu_B$);  $x=\mu_\nu^2$" + filled,
    )
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    if wide:
        plain_log_ticks(axes, "x", _round_ticks(finite.min() * 0.85, finite.max() * 1.3))


def _both(ours: float, published: float) -> str:
    """Return the two numbers of a row, leaving out what is missing."""
    pairs = (("ours", ours), ("published", published))
    return " / ".join(f"{name} {value:.3g}" for name, value in pairs if np.isfinite(value))
