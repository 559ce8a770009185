"""The figures of one atom: what they show, and that their files never change."""

import importlib.util
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text

from nuatom.ab_initio.compare import STEPS, compare
from nuatom.errors import UnknownName
from nuatom.plotting import figure_bytes
from nuatom.plotting.atom import ATOM_FIGURES, OURS, draw_atom_figure
from nuatom.plotting.palette import PALETTE
from nuatom.responses import Tabulated
from nuatom.table import Table
from nuatom.targets import element


@pytest.fixture(scope="module")
def hydrogenic_table():
    """What makes a table of screened hydrogenic shells."""
    path = Path(__file__).parents[1] / "ab_initio" / "hydrogenic_table.py"
    spec = importlib.util.spec_from_file_location("hydrogenic_table_for_figures", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.hydrogenic_table


@pytest.fixture(scope="module")
def tables(hydrogenic_table):
    """The comparison of neon."""
    return compare(Tabulated(hydrogenic_table("Ne")), element("Ne"))


@pytest.fixture(scope="module")
def drawn(tables):
    """Every figure, drawn once."""
    return {name: draw_atom_figure(name, tables) for name in ATOM_FIGURES}


def lines_like(axes, color):
    return [line for line in axes.get_lines() if to_hex(line.get_color()) == color]


def test_each_step_has_a_figure():
    """What is computed is drawn, and says what it shows."""
    assert set(ATOM_FIGURES) == set(STEPS)
    assert all(figure.alternative.endswith(".") for figure in ATOM_FIGURES.values())


@pytest.mark.parametrize("name", ATOM_FIGURES)
def test_same_figure_gives_same_bytes(name, tables, drawn):
    """Drawing again under other user settings gives the same file."""
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9}):
        again = figure_bytes(draw_atom_figure(name, tables), "png")
    assert again == figure_bytes(drawn[name], "png")
    assert again.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ATOM_FIGURES)
def test_nothing_is_cut_off(name, drawn):
    """Titles, keys and labels of axes lie inside the picture."""
    figure = drawn[name]
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    found = list(figure.texts) + [t for key in figure.legends for t in key.get_texts()]
    for axes in figure.axes:
        found += [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        found += [label for label in axes.get_yticklabels() if label.get_visible()]
    found.append(figure._suptitle)
    for text in found:
        assert isinstance(text, Text)
        box = text.get_window_extent()
        if box.width == 0:
            continue
        # two pixels: the side bearing of a glyph counts as part of its box
        assert box.x0 >= figure.bbox.x0 - 2 and box.x1 <= figure.bbox.x1 + 2, text.get_text()
        assert box.y0 >= figure.bbox.y0 - 2 and box.y1 <= figure.bbox.y1 + 2, text.get_text()


@pytest.mark.parametrize("name", ATOM_FIGURES)
def test_axes_state_units_and_colours_are_of_the_palette(name, drawn):
    """Each labelled axis names its unit in brackets or is a plain ratio."""
    known = {shade.light for shade in PALETTE.values()}
    for axes in drawn[name].axes:
        for label in (axes.get_xlabel(), axes.get_ylabel()):
            plain = label.startswith(("Ratio", "T / edge", "Calculated / measured"))
            assert not label or "(" in label or plain, label
        assert {to_hex(line.get_color()) for line in axes.get_lines()} <= known


@pytest.mark.parametrize("name", ATOM_FIGURES)
def test_missing_table_and_column_are_named(name, tables):
    """What is not there is an error that names it, not an empty plot."""
    with pytest.raises(UnknownName, match=f"table for the figure '{name}'"):
        draw_atom_figure(name, {})
    old = tables[name]
    for dropped in ("measured_eV", "energy_transfer_keV", "energy_keV", "transfer_over_edge"):
        kept = tuple(column for column in old.columns if column.name != dropped)
        if len(kept) == len(old.columns) or (name, dropped) == (
            "integrated",
            "energy_transfer_keV",
        ):
            continue
        with pytest.raises(UnknownName, match=f"column of table {name} '{dropped}'"):
            draw_atom_figure(name, {**tables, name: Table(name, old.title, kept)})


def test_unknown_figure_suggests_one(tables):
    """A slip of the finger is answered with the name that was meant."""
    with pytest.raises(UnknownName, match="did you mean 'channels'"):
        draw_atom_figure("chanels", tables)


def test_photoabsorption_shows_every_miss(tables, drawn):
    """The curve of the theory is the velocity form, from end to end, and so is its ratio."""
    top, bottom = drawn["photoabsorption"].axes
    energy, ours, reference = (
        np.asarray(tables["photoabsorption"].column(name), dtype=float)
        for name in ("energy_keV", "velocity_Mb", "recommended_Mb")
    )
    for axes, expected in ((top, ours), (bottom, ours / reference)):
        curve = max(lines_like(axes, OURS.color), key=lambda line: line.get_linewidth())
        np.testing.assert_array_equal(curve.get_xdata(), energy)
        np.testing.assert_array_equal(curve.get_ydata(), expected)
    drawn_labels = [text.get_text() for text in drawn["photoabsorption"].legends[0].get_texts()]
    for source in ("Henke", "Kissel", "Elam", "recommended"):
        assert any(source in label for label in drawn_labels)


def test_channels_have_a_panel_and_a_band_each(tables, drawn):
    """Four panels; the band is the ratio times one plus the relative change."""
    figure = drawn["channels"]
    assert [axes.get_title(loc="left").split(",")[0] for axes in figure.axes] == [
        "magnetic moment", "millicharge", "charge radius", "weak interaction",
    ]  # fmt: skip
    table = tables["channels"]
    channels = np.array(table.column("channel"))
    for axes, channel in zip(figure.axes, dict.fromkeys(channels), strict=True):
        here = channels == channel
        ours, low, high = (
            np.asarray(table.column(name), dtype=float)[here]
            for name in ("ab_initio_1_MeV", "band_low", "band_high")
        )
        (band,) = axes.collections
        heights = band.get_paths()[0].vertices[:, 1]
        # the outline runs along both ends
        for end in (ours * (1 + low), ours * (1 + high)):
            assert all(np.isclose(heights, y, rtol=1e-9, atol=0).any() for y in end[::20])


def test_channel_that_the_table_lacks_is_said(hydrogenic_table):
    """Without axial responses the panels say so instead of being empty."""
    model = Tabulated(hydrogenic_table("Ne", names=("L", "T"), band=False))
    tables = compare(model, element("Ne"))
    for name, missing in (("channels", 1), ("integrated", 2)):
        figure = draw_atom_figure(name, tables)
        said = [t.get_text() for axes in figure.axes for t in axes.texts]
        assert said.count("not in the table") == missing


def test_thresholds_lie_at_their_ratio(drawn):
    """The dots of the made-up table lie at 1.1, one for each shell, the innermost on top."""
    (axes,) = drawn["thresholds"].axes
    (dots,) = [line for line in lines_like(axes, OURS.color) if line.get_marker() == "o"]
    np.testing.assert_allclose(dots.get_xdata(), 1.1, rtol=1e-9)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[0].startswith("K ") and len(labels) == len(element("Ne").subshells)
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
