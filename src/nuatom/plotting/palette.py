"""Colours of the figures and the report, in a light and a dark version.

The hues are those of Okabe and Ito (colour-blind safe); ink, paper and grid are
neutral.  A figure is drawn once, in the light colours; `dark_aware` lets a browser
swap them for the dark ones.  Nothing here needs matplotlib.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Shade:
    """One colour of the palette.

    Parameters
    ----------
    light : str
        On white paper, as ``#rrggbb`` [colour].
    dark : str
        On dark paper, as ``#rrggbb`` [colour].
    """

    light: str
    dark: str


PALETTE: Mapping[str, Shade] = MappingProxyType(
    {
        "paper": Shade("#ffffff", "#171b22"),
        "ink": Shade("#1c2128", "#e8ebf0"),
        "muted": Shade("#59626e", "#a7b0bd"),
        "grid": Shade("#e3e6eb", "#2c333d"),
        "frame": Shade("#9aa2ad", "#5d6774"),
        "retracted": Shade("#6f7680", "#9ba3af"),
        "retracted_fill": Shade("#d8dbe0", "#3a414c"),
        "blue": Shade("#0072b2", "#56aee6"),
        "blue_fill": Shade("#cfe3f1", "#16405c"),
        "sky": Shade("#3a9bd0", "#8fcdf2"),
        "band": Shade("#f2dfae", "#5a4a1c"),
        "green": Shade("#00805f", "#2fc99b"),
        "vermilion": Shade("#c94f00", "#ff9155"),
        "purple": Shade("#a8527f", "#e6a3c8"),
    }
)
"""Every colour that a figure may use, by name."""


def colour(name: str) -> str:
    """Return the light version of a colour, which is what figures are drawn in.

    Parameters
    ----------
    name : str
        A key of `PALETTE` [name].

    Returns
    -------
    str
        As ``#rrggbb``.

    Example
    -------
    >>> colour("paper")
    '#ffffff'
    """
    return PALETTE[name].light


def dark_aware(svg: str) -> str:
    """Let a figure follow the colour scheme of the page that shows it.

    Each palette colour in a style becomes a CSS variable with the light colour as
    its fallback, and a style sheet inside the picture sets the variables.

    Parameters
    ----------
    svg : str
        A picture drawn in the light colours, with a root element ``<svg ...>`` [text].

    Returns
    -------
    str
        The same picture; unchanged wherever CSS variables are not understood.

    Example
    -------
    >>> "var(--paper, #ffffff)" in dark_aware('<svg><path style="fill: #ffffff"/></svg>')
    True
    """
    names = {shade.light: name for name, shade in PALETTE.items()}

    def swap(match: re.Match[str]) -> str:
        name = names.get(match.group(0))
        return match.group(0) if name is None else f"var(--{name}, {match.group(0)})"

    styled = re.sub(r"(?<=[:\s])#[0-9a-f]{6}\b", swap, svg)
    light = "".join(f"--{name}:{shade.light};" for name, shade in PALETTE.items())
    dark = "".join(f"--{name}:{shade.dark};" for name, shade in PALETTE.items())
    sheet = f"<style>:root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    return re.sub(r"(<svg\b[^>]*>)", lambda m: m.group(1) + sheet, styled, count=1)
