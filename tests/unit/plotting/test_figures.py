"""Every figure: what it shows, in which style, and that its files never change."""

import struct
import warnings

import matplotlib
import numpy as np
import pytest
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text

from nuatom.errors import InvalidInput, UnknownName
from nuatom.plotting import (
    DRAWINGS,
    FIGURES,
    alternative_text,
    draw_figure,
    figure_bytes,
    figure_caption,
)
from nuatom.plotting.palette import colour
from nuatom.table import Column, Table

WITH_TABLES = tuple(name for name in DRAWINGS if name != "fig1")
CHANNELS = FIGURES["channels"]
ITEM = {figure: item for item, figures in FIGURES.items() for figure in figures}
"""The item whose tables a figure draws."""
RETRACTED = "Eq. (10), retracted"
PER = "per_kg_keV_day"


@pytest.fixture(scope="module")
def drawn(tables):
    """Every figure, drawn once."""
    return {name: draw_figure(name, tables[ITEM[name]]) for name in DRAWINGS}


@pytest.fixture(scope="module")
def files(drawn):
    """The files of every figure."""
    return {
        name: {kind: figure_bytes(figure, kind) for kind in ("svg", "png")}
        for name, figure in drawn.items()
    }


def visible_texts(figure):
    """Every text that is drawn, axis labels and legends included."""
    found = figure.findobj(Text)
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def without(tables, table, column):
    """The same tables with one column of one table taken away."""
    old = tables[table]
    kept = tuple(c for c in old.columns if c.name != column)
    return {**tables, table: Table(table, old.title, kept)}


@pytest.mark.parametrize("name", DRAWINGS)
def test_same_figure_gives_same_bytes(name, tables, drawn, files):
    """Drawing twice, under different user settings, gives the same SVG and PNG."""
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        again = draw_figure(name, tables[ITEM[name]])
        assert {kind: figure_bytes(again, kind) for kind in ("svg", "png")} == files[name]
    assert figure_bytes(drawn[name], "svg") == files[name]["svg"], "saving twice changes it"


@pytest.mark.parametrize("name", DRAWINGS)
def test_files_are_what_they_say(name, drawn, files):
    """The SVG needs no font and carries no date; the PNG has 160 dots per inch."""
    figure = drawn[name]
    svg = files[name]["svg"].decode()
    assert "<svg" in svg and "<text" not in svg and "dc:date" not in svg
    assert matplotlib.__version__ not in svg
    assert "http://matplotlib" not in svg and "https://matplotlib" not in svg
    png = files[name]["png"]
    width, height = struct.unpack(">II", png[16:24])
    inches = figure.get_size_inches()
    # half a pixel: the size is rounded to whole ones
    assert abs(width - 160 * inches[0]) <= 1 and abs(height - 160 * inches[1]) <= 1


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_cut_off(name, drawn):
    """Every word lies inside the picture, on the real canvas."""
    figure = drawn[name]
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    frame = figure.bbox
    # a label of a tick outside the limits has a place but is not drawn
    ticks = {id(label) for tick in figure.findobj(Tick) for label in (tick.label1, tick.label2)}
    for text in visible_texts(figure):
        box = text.get_window_extent()
        if id(text) in ticks or box.width == 0:
            continue
        # two pixels: the side bearing of a glyph counts as part of its box
        assert box.x0 >= frame.x0 - 2 and box.x1 <= frame.x1 + 2, text.get_text()
        assert box.y0 >= frame.y0 - 2 and box.y1 <= frame.y1 + 2, text.get_text()


@pytest.mark.parametrize("name", WITH_TABLES)
def test_axes_state_their_units(name, drawn):
    """Each labelled axis names its unit in brackets, or is a plain ratio or norm."""
    figure = drawn[name]
    plain = ("ours / published", "Integrand", "Ratio", "L/K", "Atom / ")
    for axes in figure.axes:
        for label in (axes.get_xlabel(), axes.get_ylabel()):
            assert not label or "(" in label or label.startswith(plain), label


@pytest.mark.parametrize("name", WITH_TABLES)
def test_missing_table_and_column_are_named(name, tables):
    """A table or column that is not there is an error that names it, not an empty plot."""
    with pytest.raises(UnknownName, match="table for the figure"):
        draw_figure(name, {})
    made = tables[ITEM[name]]
    first = made.get(name, next(iter(made.values())))
    column = first.columns[1].name
    with pytest.raises(UnknownName, match=f"column of table {first.name} '{column}'"):
        draw_figure(name, without(made, first.name, column))


def test_text_where_numbers_belong_is_refused(tables):
    """A column of words cannot be drawn as a curve."""
    old = tables["fig2"]["fig2"]
    words = Column("energy_keV", ("a",) * len(old.columns[0].values))
    broken = Table("fig2", "", (words, *old.columns[1:]))
    with pytest.raises(InvalidInput, match="energy_keV: found text"):
        draw_figure("fig2", {**tables["fig2"], "fig2": broken})


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("fig2", "ai_eq10_retracted_per_kg_keV_day"),
        ("fig3b", "limit_eq10_retracted_1e11_mu_B"),
        ("fig3a", "statistical_error_1e22_mu_B2"),
        ("smoking_gun", "eq10_retracted_per_kg_keV_day"),
    ],
)
def test_retracted_curves_are_grey_dashed_and_labelled(name, column, tables, drawn):
    """What follows the retracted formula is grey and dashed, and the label says so."""
    figure = drawn[name]
    values = next(
        table.column(column)
        for table in tables[ITEM[name]].values()
        if column in [c.name for c in table.columns]
    )
    lines = [
        line
        for axes in figure.axes
        for line in axes.lines
        if len(line.get_ydata()) == len(values) and np.array_equal(line.get_ydata(), values)
    ]
    assert len(lines) == 1, "the curve is drawn once, with the numbers of the table"
    assert to_hex(lines[0].get_color()) == colour("retracted")
    assert lines[0].is_dashed()
    assert any(RETRACTED in text.get_text() for text in visible_texts(figure))


@pytest.mark.parametrize("name", ["fig2", "fig3b"])
def test_stepped_curve_stands_out(name, drawn):
    """The result that stands is solid, coloured and thicker than the retracted one."""
    figure = drawn[name]
    blue = [
        line
        for axes in figure.axes
        for line in axes.lines
        if to_hex(line.get_color()) == colour("blue") and len(line.get_ydata()) > 2
    ]
    grey = [
        line
        for axes in figure.axes
        for line in axes.lines
        if to_hex(line.get_color()) == colour("retracted")
    ]
    assert blue and all(not line.is_dashed() for line in blue)
    assert min(b.get_linewidth() for b in blue) > max(g.get_linewidth() for g in grey)


@pytest.mark.parametrize("name", ["fig3a", "fig3b"])
def test_pseudo_data_are_labelled(name, drawn):
    """Nobody can take the pseudo-dataset for the measured spectrum."""
    words = [text.get_text() for text in visible_texts(drawn[name])]
    assert any("labelled pseudo-dataset, not the Kuo-Sheng spectrum" in text for text in words)


@pytest.mark.parametrize(("name", "level"), [("fig3a", 0.6), ("fig3b", 46.41)])
def test_solved_for_marker_lies_on_the_curve(name, level, drawn):
    """The marker sits where the made-up power law crosses the published number."""
    # fig3a: 2.7 sqrt(b/0.6) = 2.7 at 0.6; fig3b: 0.55 (1 + b/2)^0.27 = 1.3 at 46.41
    figure = drawn[name]
    markers = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "D"]
    assert len(markers) == 1
    # a grid of 10 points a decade and linear interpolation of the logarithms
    assert float(markers[0].get_xdata()[0]) == pytest.approx(level, rel=5e-3)
    assert any("solved for" in text.get_text() for text in visible_texts(figure))


def test_no_marker_where_the_curve_never_crosses(tables):
    """Without a crossing nothing is solved for."""
    old = tables["fig3b"]["fig3b_limit_vs_level"]
    high = tuple(Column(c.name, c.values * (1 if "level" in c.name else 100)) for c in old.columns)
    changed = {**tables["fig3b"], old.name: Table(old.name, "", high)}
    words = [text.get_text() for text in visible_texts(draw_figure("fig3b", changed))]
    assert not any("solved for" in text for text in words)


def test_edges_are_marked_once_a_shell(drawn):
    """The K, L and M edges of Fig. 2 are named on top, once each."""
    words = [text.get_text() for text in visible_texts(drawn["fig2"])]
    assert [words.count(shell) for shell in "KLM"] == [1, 1, 1]


def test_stepped_error_is_drawn_where_the_table_has_it(tables):
    """The error for stepped electrons stands beside that of the retracted formula."""
    old = tables["fig3a"]["fig3a_error_vs_background"]
    more = Column("statistical_error_stepped_1e22_mu_B2", old.columns[1].values * 17)
    right = Column("statistical_error_ab_initio_1e22_mu_B2", old.columns[1].values * 18)
    changed = {**tables["fig3a"], old.name: Table(old.name, "", (*old.columns, more, right))}
    figure = draw_figure("fig3a", changed)
    drawn = [line.get_ydata() for axes in figure.axes for line in axes.lines]
    assert any(np.array_equal(values, more.values) for values in drawn)


def test_one_published_limit_is_one_guide(tables):
    """Where every method is compared with one number, it is written once."""
    old = tables["fig3a"]["eq11_limits"]
    same = Column("published_1e11_mu_B", np.full(len(old.columns[0].values), 1.9))
    narrow = Column("limit_1e11_mu_B", np.linspace(1.6, 2.1, len(old.columns[0].values)))
    changed = {**tables["fig3a"], old.name: Table(old.name, "", (old.columns[0], narrow, same))}
    words = [text.get_text() for text in visible_texts(draw_figure("fig3a", changed))]
    assert words.count("published: 1.9") == 1


def test_interpretation_shows_every_entry(tables, drawn):
    """Each row of the table is on the axis, and the retracted ones say so."""
    table = tables["interpretation"]["interpretation"]
    words = [t.get_text() for t in visible_texts(drawn["interpretation"])]
    for label, retracted in zip(table.column("label"), table.column("retracted"), strict=True):
        shown = [text for text in words if label.split(",")[0] in text]
        assert shown, label
        if retracted == "yes":
            assert any(RETRACTED in text for text in shown), label


def test_table1_shows_each_ratio(tables, drawn):
    """Every ratio of Table I is written beside its point; gaps are said."""
    table = tables["table1"]["table1"]
    words = [text.get_text() for text in visible_texts(drawn["table1"])]
    ratios = np.asarray(table.column("ratio"))
    for ratio in ratios[np.isfinite(ratios)]:
        assert f"{ratio:.2f}" in words
    right = tables["table1"]["table1_ab_initio"]
    value, stepped = (
        np.asarray(right.column(name)) for name in ("ab_initio_1e12_mu_B", "stepped_1e12_mu_B")
    )
    for ratio in (value / stepped)[np.isfinite(stepped)]:
        assert f"{ratio:.3f}" in words
    gaps = np.count_nonzero(~np.isfinite(ratios)) + np.count_nonzero(~np.isfinite(stepped))
    assert words.count("no ratio") == gaps


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("fig2", f"ab_initio_{PER}"),
        ("fig3b", "limit_ab_initio_1e11_mu_B"),
        ("smoking_gun", f"moment_ab_initio_{PER}"),
        ("channels_magnetic_moment", f"ab_initio_lower_{PER}"),
    ],
)
def test_the_right_answer_is_black_and_solid(name, column, tables, drawn):
    """The ab-initio response is drawn in ink, over its band, which is not grey."""
    table = next(t for t in tables[ITEM[name]].values() if column in [c.name for c in t.columns])
    figure = drawn[name]
    ink = [
        line
        for axes in figure.axes
        for line in axes.lines
        if to_hex(line.get_color()) == colour("ink") and not line.is_dashed()
    ]
    assert any(len(line.get_ydata()) > 2 for line in ink)
    if not name.startswith("channels"):
        assert any(
            len(line.get_ydata()) == len(table.column(column))
            and np.array_equal(line.get_ydata(), table.column(column))
            for line in ink
        )
    fills = {
        to_hex(color)
        for axes in figure.axes
        for collection in axes.collections
        for color in collection.get_facecolor()
    }
    assert (colour("band") in fills) == (name != "smoking_gun")


def test_drawing_changes_no_table(synthetic):
    """Tables are read, never written."""
    made = {table.name: table for table in synthetic.fig2()}
    before = {key: table.to_csv() for key, table in made.items()}
    draw_figure("fig2", made)
    assert {key: table.to_csv() for key, table in made.items()} == before


def test_drawing_leaves_no_global_state(tables):
    """The settings of matplotlib are the caller's again afterwards, and no warning is raised."""
    before = dict(matplotlib.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure_bytes(draw_figure("fig2", tables["fig2"]), "png")
    assert dict(matplotlib.rcParams) == before


def test_unknown_names_suggest_the_nearest(drawn):
    """A misspelt figure or format gets a hint."""
    with pytest.raises(UnknownName, match="did you mean"):
        draw_figure("fig2a", {})
    with pytest.raises(UnknownName, match="svg"):
        figure_bytes(drawn["fig1"], "svgz")
    with pytest.raises(UnknownName, match="figure"):
        alternative_text("nothing of the sort")


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_figure_has_an_alternative(name):
    """A reader who cannot see the figure gets a sentence or more."""
    assert len(alternative_text(name)) > 80


def test_rows_that_test_nothing_say_so(tables):
    """A ratio of a number that was solved for, or of data that are not public, is marked."""
    old = tables["table1"]["table1"]
    statuses = ["differs"] * len(old.columns[0].values)
    statuses[1], statuses[4] = "solved for", "not public"
    columns = tuple(Column("status", statuses) if c.name == "status" else c for c in old.columns)
    figure = draw_figure("table1", tables["table1"] | {"table1": Table("table1", "", columns)})
    words = [text.get_text() for text in visible_texts(figure)]
    assert "AI (solved for)" in words and "FE (not public)" in words
    assert words.count("FE") + words.count("AI") == len(statuses) - 2 - 1  # one row has no number


# --- figures of channels ----------------------------------------------------------------


def test_every_figure_belongs_to_one_item():
    """Each drawing is the figure of an item, once."""
    assert sorted(ITEM) == sorted(DRAWINGS)
    assert sum(map(len, FIGURES.values())) == len(DRAWINGS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_figures_that_share_an_item_have_their_own_caption(name):
    """The caption of an item with one figure says it all; several have one each."""
    assert bool(figure_caption(name)) == (len(FIGURES[ITEM[name]]) > 1)


def curves(axes, column):
    """The lines of an axes of one colour, as (energy, values, dashed)."""
    return [line for line in axes.lines if to_hex(line.get_color()) == colour(column)]


@pytest.mark.parametrize("name", CHANNELS)
def test_channels_show_both_targets_with_edges(name, drawn):
    """Two columns, rate above ratio; K, L and M are named once for each target."""
    figure = drawn[name]
    assert len(figure.axes) == 4
    words = [text.get_text() for text in visible_texts(figure)]
    assert [words.count(word) for word in ("Ge", "Xe", "K", "L", "M", "N")] == [1, 1, 2, 2, 2, 0]


@pytest.mark.parametrize("name", CHANNELS)
def test_model_is_solid_only_where_it_holds(name, drawn, tables):
    """The solid part of the hydrogenic curve lies within its validity, the rest is dotted."""
    made = tables["channels"][name]
    target = np.array(made.column("target"))
    energy = made.column("energy_keV")[target == "Ge"]
    holds = made.column("hydrogenic_holds")[target == "Ge"] > 0
    dotted, solid = curves(drawn[name].axes[0], "green")
    assert dotted.is_dashed() and not solid.is_dashed()
    shown = np.isfinite(solid.get_ydata())
    # one point more at the border, so that the two parts touch
    assert set(energy[holds]) <= set(solid.get_xdata()[shown])
    assert np.count_nonzero(shown) <= np.count_nonzero(holds) + 1


@pytest.mark.parametrize("name", CHANNELS)
def test_models_that_hold_nowhere_are_left_out(name, drawn):
    """The made-up equivalent photon is valid nowhere, and is not drawn."""
    assert not any(curves(axes, "sky") for axes in drawn[name].axes)


def test_retracted_curve_of_the_magnetic_moment(drawn):
    """Eq. (10) is grey and dashed in both columns, off the ratios, and on no other channel."""
    for name in CHANNELS:
        figure = drawn[name]
        grey = [curves(axes, "retracted") for axes in figure.axes]
        expected = [1, 1, 0, 0] if name == "channels_magnetic_moment" else [0, 0, 0, 0]
        assert [len(lines) for lines in grey] == expected
        assert all(line.is_dashed() for lines in grey for line in lines)
        said = any(RETRACTED in text.get_text() for text in visible_texts(figure))
        assert said == (name == "channels_magnetic_moment")


def test_free_atom_stands_beside_the_medium(drawn):
    """The vacuum curve of the millicharge is shown, dashed, where it does not hold."""
    figure = drawn["channels_millicharge"]
    outside, inside = curves(figure.axes[0], "purple")
    assert outside.is_dashed() and not inside.is_dashed()
    words = [text.get_text() for text in visible_texts(figure)]
    assert "photoabsorption, free atom" in words


def test_unknown_model_is_drawn_all_the_same(tables):
    """A model that the figure has no look for is drawn in ink under its own name."""
    old = tables["channels"]["channels_weak"]
    rate = old.column("stepped_per_kg_keV_day")
    more = (
        Column("new_model_per_kg_keV_day", rate * 1.01),
        Column("new_model_holds", np.ones(rate.size)),
    )
    table = Table(old.name, "", (*old.columns, *more))
    figure = draw_figure("channels_weak", {**tables["channels"], old.name: table})
    assert "new model" in [text.get_text() for text in visible_texts(figure)]
    assert curves(figure.axes[0], "ink")


def test_qed_greys_the_square_and_shows_the_logarithm(drawn, tables):
    """Eq. (10) is grey and dashed on both scales; the enlarged one holds the logarithm."""
    figure = drawn["qed"]
    logarithmic, linear = figure.axes[:2]
    assert logarithmic.get_yscale() == "log" and linear.get_yscale() == "linear"
    for axes in (logarithmic, linear):
        (line,) = curves(axes, "retracted")
        assert line.is_dashed()
    (charge,) = curves(linear, "vermilion")
    low, high = linear.get_ylim()
    assert all(low < y < high for y in charge.get_ydata())
    assert any(RETRACTED in text.get_text() for text in visible_texts(figure))
