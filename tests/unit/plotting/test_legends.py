"""Headlines and keys: nothing is cut, and no curve is hidden."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nuatom.plotting.legends import headline, key_above, key_below
from nuatom.plotting.style import house_style, new_figure

LONG = "Spectra in germanium at a reactor flux of 1e13 / (cm^2 s), mu = 1e-10 mu_B, with its band"
WITHOUT_COMMA = "words " * 30


@pytest.fixture
def figure():
    with house_style():
        yield new_figure(4)


@pytest.mark.parametrize("text", ["short", LONG, WITHOUT_COMMA])
def test_a_headline_fits(figure, text):
    """Every word is there, within the width of the figure."""
    figure.add_subplot()
    headline(figure, text)
    FigureCanvasAgg(figure).draw()
    shown = figure.get_suptitle()
    assert shown.count("words") == text.count("words")
    title = next(one for one in figure.texts if one.get_text() == shown)
    assert title.get_window_extent().x1 <= figure.bbox.x1


def test_a_headline_breaks_after_a_comma(figure):
    """The formula mu = 1e-10 mu_B stays on one line."""
    headline(figure, LONG)
    first, second = figure.get_suptitle().split("\n")
    assert first.endswith(",")
    assert second.startswith(r"$\mu$ = $10^{-10}$ $\mu_B$")


def test_an_empty_title_is_no_headline(figure):
    """A table without title leaves no space."""
    headline(figure, "")
    assert figure.get_suptitle() == ""


def test_keys_lie_outside_the_axes(figure):
    """Above one panel, below all of them: neither covers a point of the axes."""
    axes = figure.add_subplot()
    lines = axes.plot([0, 1], [0, 1], label="a") + axes.plot([0, 1], [1, 0], label="b")
    key_above(axes)
    key_below(figure, lines)
    FigureCanvasAgg(figure).draw()
    # half a pixel: rounding of the layout
    assert axes.get_legend().get_window_extent().y0 >= axes.bbox.y1 - 0.5
    assert figure.legends[0].get_window_extent().y1 <= axes.bbox.y0 + 0.5
