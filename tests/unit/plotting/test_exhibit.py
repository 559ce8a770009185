"""The picture of an experiment."""

import numpy as np
import pytest

from nuatom.errors import UnknownName
from nuatom.plotting import exhibit
from nuatom.plotting.style import house_style, new_figure
from nuatom.table import Column, Table


def table(axis=("energy_low_keV", "energy_high_keV"), observed=True, total=(4.0, 6.0)):
    low = np.array([1.0, 2.0])
    points = [
        Column("observed_counts", np.array([5.0, 0.0]), "observed counts"),
        Column("observed_error_counts", np.array([2.0, 0.0]), "one sigma"),
    ]
    return Table(
        "exhibit",
        "",
        (
            Column(axis[0], low),
            Column(axis[1], low * 2),
            *(points if observed else []),
            Column("total_counts", np.array(total), "total"),
            Column("weak_counts", np.array(total), "component weak"),
            Column("a_counts", np.array([1.0, 1.0]), "signal magnetic-moment 1e-10 mu_B"),
            Column("b_counts", np.array([2.0, 1.0]), "signal magnetic-moment 1e-10 mu_B, stepped"),
        ),
    )


def axes_of(found):
    with house_style():
        figure = new_figure(exhibit.HEIGHT_INCHES)
        exhibit.draw({"exhibit": found}, figure)
    return figure.axes[0]


def test_points_components_and_signals_are_drawn():
    """Counts per width; both models of the atom in one colour, the plain one dotted."""
    axes = axes_of(table())
    steps = {patch.get_label(): patch for patch in axes.patches}
    assert list(steps)[:2] == ["all components", "weak"]
    assert steps["weak"].get_data().values == pytest.approx([4.0, 3.0], rel=1e-12)
    better, plain = list(steps.values())[2:]
    assert better.get_edgecolor() == plain.get_edgecolor()
    assert (better.get_linestyle(), plain.get_linestyle()) == ("--", ":")
    assert "observed" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_without_a_spectrum_there_are_no_points():
    """And nothing pretends that there were."""
    labels = [t.get_text() for t in axes_of(table(observed=False)).get_legend().get_texts()]
    assert "observed" not in labels


def test_photoelectrons_are_an_axis_too():
    """XENON1T S2-only has no energies."""
    assert "PE" in axes_of(table(("s2_low_PE", "s2_high_PE"))).get_xlabel()


def test_same_table_gives_the_same_bytes():
    """A file that is made again is not a change."""
    assert exhibit.picture(table(), "png") == exhibit.picture(table(), "png")
    assert exhibit.picture(table(total=(0.0, 0.0)), "svg").startswith(b"<?xml")


def test_other_tables_are_refused():
    """A missing column is named."""
    with pytest.raises(UnknownName):
        axes_of(Table("exhibit", "", (Column("energy_low_keV", np.array([1.0])),)))
