"""The figures of the smoking gun and of binding suppression draw what is computed."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from nuatom.errors import UnknownName
from nuatom.plotting import smoking_gun as smoking_gun_figure
from nuatom.plotting import suppression as suppression_figure
from nuatom.plotting.palette import colour
from nuatom.plotting.style import figure_bytes, house_style, new_figure
from nuatom.reproduce import smoking_gun, suppression


def drawn(module, tables):
    with house_style():
        figure = new_figure(module.HEIGHT_INCHES)
        module.draw(tables, figure)
        figure.draw_without_rendering()
    return figure


@pytest.fixture(scope="module")
def near_edges():
    tables = (
        smoking_gun.spectrum_table(), smoking_gun.ratio_table(), smoking_gun.reach_table()
    )  # fmt: skip
    return {table.name: table for table in tables}


@pytest.fixture(scope="module")
def binding():
    tables = (suppression.ratio_table(), suppression.total_table())
    return {table.name: table for table in tables}


def test_smoking_gun_greys_the_retracted_curves(near_edges):
    """Four panels; each curve of Eq. (10) is grey, and its label says retracted."""
    figure = drawn(smoking_gun_figure, near_edges)
    assert len(figure.axes) == 4
    for axes in (figure.axes[0], figure.axes[2]):
        assert any(line.get_color() == colour("retracted") for line in axes.lines)
        assert any("retracted" in text.get_text() for text in axes.texts)
    assert figure_bytes(figure, "png")[1:4] == b"PNG"


def test_suppression_has_a_panel_against_t_and_one_of_totals(binding):
    """Both axes end a little above 1, and each element is labelled."""
    figure = drawn(suppression_figure, binding)
    first, second = figure.axes
    assert {t.get_text() for t in first.texts} == {"Ge", "I", "Xe"}
    assert {t.get_text() for t in second.texts} == {"H", "He", "Ne", "Ar", "Xe"}
    assert figure_bytes(figure, "svg").startswith(b"<?xml")


@pytest.mark.parametrize(
    ("module", "tables"), [(smoking_gun_figure, "near_edges"), (suppression_figure, "binding")]
)
def test_no_label_lies_on_another_or_leaves_its_axes(module, tables, request):
    """With the real curves each label has a place of its own beside its panel's curves."""
    figure = drawn(module, request.getfixturevalue(tables))
    FigureCanvasAgg(figure).draw()
    for axes in figure.axes:
        boxes = [(text.get_text(), Text.get_window_extent(text)) for text in axes.texts]
        for label, box in boxes:
            assert axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1, label
        for (first, here), (second, there) in combinations(boxes, 2):
            width = min(here.x1, there.x1) - max(here.x0, there.x0)
            height = min(here.y1, there.y1) - max(here.y0, there.y0)
            # one pixel: the side bearing of a glyph counts as part of its box
            assert width <= 1 or height <= 1, (first, second)


@pytest.mark.parametrize("module", [smoking_gun_figure, suppression_figure])
def test_a_missing_table_is_named(module):
    """Drawing without its tables is an error with the name of the table."""
    with pytest.raises(UnknownName, match="table"):
        drawn(module, {})
