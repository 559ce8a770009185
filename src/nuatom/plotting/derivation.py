"""The integrands of three channels against Q^2: where the photon pole is, and is not."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, at, note, numbers
from nuatom.table import Table

HEIGHT_INCHES = 4.3
ALT = (
    "Three normalised integrands against Q squared over T squared, on logarithmic axes: that "
    "of the millicharge rises towards the photon point, those of the magnetic moment and of "
    "the weak interaction do not."
)

_CURVES = (
    # column, label, look, share of the logarithmic width, alignment
    ("millicharge", "millicharge: photon pole", "millicharge", 0.06, "left"),
    ("magnetic_moment", "magnetic moment: no pole", "stepped", 0.0, "left"),
    ("weak", "weak interaction: no pole", "weak_electron", 0.97, "right"),
)


def draw(tables: Mapping[str, Table], figure: Figure) -> None:
    """Draw the normalised integrands of the table ``derivation_integrand``.

    Parameters
    ----------
    tables : mapping
        With ``derivation_integrand``: q2_over_t2, magnetic_moment, millicharge and weak
        [any].
    figure : Figure
        Empty; drawn upon [any].

    Raises
    ------
    UnknownName
        If the table or one of its columns is missing.
    """
    (q2,) = numbers(tables, "derivation_integrand", "q2_over_t2")
    axes = figure.add_subplot()
    heights = []
    for column, text, look, share, side in _CURVES:
        (values,) = numbers(tables, "derivation_integrand", column)
        heights.append(np.where(values > 0, values, np.nan))
        axes.plot(q2, heights[-1], **LOOKS[look].line())
        where = float(q2[0] * (q2[-1] / q2[0]) ** share)
        height = 10 ** at(q2, np.log10(heights[-1]), where)
        note(axes, where, height, text, color=LOOKS[look].color, ha=side, offset=(4, 11))
    low = max(float(np.nanmin(heights)), float(np.nanmax(heights)) * 1e-12)
    axes.set(
        xscale="log",
        yscale="log",
        ylim=(low / 3, float(np.nanmax(heights)) * 6),
        xlabel=r"$Q^2/T^2$  (dimensionless)",
        ylabel=r"Integrand $d\sigma/dT\,dQ^2$, normalised",
    )
    if q2[0] < 1 < q2[-1]:
        axes.axvline(1, **LOOKS["guide"].line())
        note(
            axes,
            1,
            low / 2,
            r"$Q^2=T^2$",
            color=colour("muted"),
            offset=(5, 4),
            va="bottom",
        )
