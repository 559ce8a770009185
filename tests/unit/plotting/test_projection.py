"""Figures of projections: what is drawn of a table."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nuatom.errors import InvalidInput, UnknownName
from nuatom.plotting.palette import colour
from nuatom.plotting.projection import draw, picture
from nuatom.plotting.style import house_style, new_figure
from nuatom.table import Column, Table


def table(points=((),), models=("ab-initio", "stepped"), axes=(), signed=False):
    """A projection with limits that are made up: 1e-11 times the number of the row."""
    rows = [(name, point) for name in models for point in points]
    size = 1e-11 * (1 + np.arange(len(rows)))
    columns = [
        Column(name, np.array([point[k] for _, point in rows])) for k, name in enumerate(axes)
    ]
    columns.append(Column("atomic_model", [name for name, _ in rows]))
    if signed:
        columns += [
            Column("limit_low_cm2", -3 * size, "median limit at 90 %"),
            Column("limit_high_cm2", size, "median limit at 90 %"),
        ]
    else:
        columns += [
            Column("limit_mu_B", size, "median limit at 90 %"),
            Column("reach_3_sigma_mu_B", 2 * size, "discovered at 3 sigma"),
            Column("limited_by", ["ambient"] * len(rows)),
            Column("limit_without_ambient_mu_B", size / 9, "without ambient"),
            Column("limit_if_known_mu_B", size / 9, "known"),
        ]
    return Table("projection", "made up", tuple(columns))


def drawn(what):
    """The figure of a table."""
    with house_style():
        figure = new_figure(4.0)
        draw(what, figure)
    return figure


LINE = [(x,) for x in (0.1, 0.3, 1.0)]
PLANE = [(x, y) for x in (0.1, 0.3, 1.0) for y in (0.01, 0.1, 1.0, 10.0)]


def test_lines_against_one_axis():
    """Limit and reach of each model, in its colour; nothing without a component."""
    (axes,) = drawn(table(LINE, axes=("threshold_keV",))).axes
    assert len(axes.lines) == 4
    first, second = axes.lines[0], axes.lines[1]
    assert first.get_xdata().tolist() == [0.1, 0.3, 1.0]
    assert first.get_ydata() == pytest.approx([1e-11, 2e-11, 3e-11])
    assert second.get_ydata() == pytest.approx([2e-11, 4e-11, 6e-11])
    assert to_hex(axes.lines[2].get_color()) == colour("blue")
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "threshold (keV)"
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[:2] == ["ab-initio: median limit at 90 %", "ab-initio: reach at 3 sigma"]


def test_both_signs_are_drawn_as_the_larger():
    """The limit on the size of the coupling."""
    (axes,) = drawn(table(LINE, ("stepped",), ("exposure_kg_day",), signed=True)).axes
    (line,) = axes.lines
    assert line.get_ydata() == pytest.approx([3e-11, 6e-11, 9e-11])


def test_contours_over_two_axes():
    """One panel for each model, with its name; levels inside the values."""
    axes = ("threshold_keV", "ambient_background_per_kg_keV_day")
    figure = drawn(table(PLANE, axes=axes))
    assert [panel.get_title(loc="left") for panel in figure.axes] == ["ab-initio", "stepped"]
    for panel in figure.axes:
        (contour,) = [c for c in panel.collections if hasattr(c, "levels")]
        assert np.all((contour.levels > 1e-11) & (contour.levels < 24e-11))
        assert contour.levels.size >= 3
        assert panel.get_yscale() == "log"
    assert figure.axes[0].get_ylabel() == "ambient background (1 / kg keV day)"


def test_points_without_an_axis():
    """One row for each model."""
    (axes,) = drawn(table()).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["ab-initio", "stepped"]
    assert axes.lines[0].get_xdata() == pytest.approx([1e-11, 2e-11])


def test_the_retracted_model_is_grey_and_named():
    """As in every figure."""
    models = ("stepped", "equivalent-photon-paper (retracted)")
    (axes,) = drawn(table(LINE, models, ("threshold_keV",))).axes
    assert to_hex(axes.lines[2].get_color()) == colour("retracted")
    assert "(retracted)" in axes.get_legend().get_texts()[2].get_text()


def test_what_a_target_takes():
    """The exposure; points that nothing reaches are left out."""
    columns = (
        Column("threshold_keV", np.array([0.1, 0.3, 1.0])),
        Column("atomic_model", ["stepped"] * 3),
        Column("target_mu_B", np.full(3, 1e-11)),
        Column("exposure_kg_day", np.array([10.0, 500.0, np.inf])),
    )
    (axes,) = drawn(Table("what_it_takes", "made up", columns)).axes
    (line,) = axes.lines
    assert line.get_ydata()[:2].tolist() == [10.0, 500.0]
    assert np.isnan(line.get_ydata()[2])
    assert axes.get_ylabel() == "exposure needed (kg day)"


@pytest.mark.parametrize("points", [LINE, PLANE, [()]], ids=["line", "plane", "point"])
def test_same_table_same_bytes(points):
    """Both formats."""
    axes = ("threshold_keV", "background_factor")[: len(points[0])]
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        first = picture(table(points, axes=axes), kind)
        assert first.startswith(start)
        assert first == picture(table(points, axes=axes), kind)


def test_what_cannot_be_drawn_is_refused():
    """Another table, no finite number, too many models, an axis of one point, a wrong format."""
    with pytest.raises(InvalidInput, match="expected that of a projection"):
        picture(Table("t", "", (Column("x", np.ones(2)),)), "png")
    columns = (
        Column("atomic_model", ["stepped"]),
        Column("exposure_kg_day", np.array([np.inf])),
    )
    with pytest.raises(InvalidInput, match="found no finite number"):
        picture(Table("what_it_takes", "", columns), "png")
    axes = ("threshold_keV", "background_factor")
    with pytest.raises(InvalidInput, match="found 7 models"):
        picture(table(PLANE, tuple("abcdefg"), axes), "png")
    with pytest.raises(InvalidInput, match="an axis of one point"):
        picture(table([(0.1, 1.0), (0.1, 2.0)], axes=axes), "png")
    with pytest.raises(UnknownName):
        picture(table(LINE, axes=("threshold_keV",)), "pdf")
