"""The picture of expected counts."""

import numpy as np
import pytest

from nuatom.errors import UnknownName
from nuatom.plotting import expected
from nuatom.plotting.style import house_style, new_figure
from nuatom.table import Column, Table


def table(total=(4.0, 2.0), signal=(1e20, 5e19), low=(1.0, 2.0)):
    low = np.array(low)
    return Table(
        "expected",
        "a title",
        (
            Column("energy_low_keV", low),
            Column("energy_high_keV", low + 1),
            Column("total_counts", np.array(total)),
            Column("weak_counts", np.array(total), "signal weak"),
            Column("magnetic_moment_counts_at_1_mu_B", np.array(signal), "signal magnetic-moment"),
            Column("a_and_b_interference_counts", -np.array(total), "interference a*b"),
        ),
    )


def axes_of(found):
    with house_style():
        figure = new_figure(expected.HEIGHT_INCHES)
        expected.draw({"expected": found}, figure)
    return figure.axes[0]


def test_components_are_drawn_and_interferences_are_not():
    """The sum, the Standard Model and the shape of the new signal; no part that is negative."""
    labels = [text.get_text() for text in axes_of(table()).get_legend().get_texts()]
    assert labels == ["all together", "weak", "magnetic-moment (shape)"]


def test_a_signal_at_unit_coupling_is_scaled_to_the_sum():
    """10^20 counts at 1 mu_B are drawn with the total of the sum."""
    heights = [patch.get_data().values for patch in axes_of(table()).patches]
    assert heights[2].sum() == pytest.approx(6.0, rel=1e-9)


def test_nothing_expected_is_still_a_picture():
    """All zero: no logarithm of zero, no warning."""
    assert expected.picture(table((0.0, 0.0), (0.0, 0.0)), "svg").startswith(b"<?xml")


def test_same_table_gives_the_same_bytes():
    """A file that is made again is not a change."""
    assert expected.picture(table(), "png") == expected.picture(table(), "png")


def test_other_tables_are_refused():
    """A missing column is named."""
    with pytest.raises(UnknownName):
        axes_of(Table("expected", "", (Column("energy_low_keV", np.array([1.0])),)))
