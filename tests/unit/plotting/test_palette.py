"""The colours: legible on light and on dark paper, and swapped by the browser."""

import re

import pytest

from nuatom.plotting.palette import PALETTE, colour, dark_aware
from nuatom.plotting.style import power_of_ten, pretty

WORDS = ("ink", "muted", "retracted", "blue", "green", "vermilion", "purple")


def luminance(code):
    """Relative luminance of WCAG 2."""
    parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", WORDS)
def test_words_are_legible_on_light_and_dark_paper(name):
    """Colours that words are written in have the contrast 4.5 that WCAG 2 asks for."""
    paper, shade = PALETTE["paper"], PALETTE[name]
    assert contrast(shade.light, paper.light) >= 4.5
    assert contrast(shade.dark, paper.dark) >= 4.5


def test_contrast_of_black_on_white_is_21():
    """The formula itself: black on white has the contrast 21 by definition."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_light_colours_are_distinct():
    """One colour has one name, so that the swap is unambiguous."""
    assert len({shade.light for shade in PALETTE.values()}) == len(PALETTE)


def test_dark_aware_swaps_styles_only():
    """Colours in styles become variables with the light colour as fallback; names stay."""
    ink = colour("ink")
    svg = f'<svg width="1"><use href="{ink}"/><path style="fill: {ink}; stroke:#123456"/></svg>'
    swapped = dark_aware(svg)
    assert f"fill: var(--ink, {ink})" in swapped
    assert f'href="{ink}"' in swapped and "stroke:#123456" in swapped
    assert re.match(r'<svg width="1"><style>:root\{', swapped)
    assert f"--ink:{PALETTE['ink'].dark}" in swapped


def test_powers_of_ten():
    """A mantissa of one is left out."""
    assert power_of_ten(1e-14) == "$10^{-14}$"
    assert power_of_ten(3.2e-19) == r"$3.2\times10^{-19}$"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("delta_chi2_2p71_physical", r"delta $\chi^2$ 2.71 physical"),
        ("mu_B and nu_e", r"$\mu_B$ and $\nu_e$"),
        ("numbers and muons", "numbers and muons"),
    ],
)
def test_labels_are_made_readable(text, shown):
    """Greek letters are recognised as whole words only."""
    assert pretty(text) == shown
