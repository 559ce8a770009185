"""Steps and points over bins."""

import numpy as np
import pytest

from nuatom.plotting.counts import Points, Steps, draw_counts
from nuatom.plotting.style import house_style, new_figure

EDGES = np.array([1.0, 2.0, 4.0])


def drawn(curves, edges=EDGES, points=None):
    with house_style():
        return draw_counts(new_figure(4), edges, curves, labels=("E (keV)", "n"), points=points)


def test_counts_are_divided_by_the_width():
    """6 counts between 2 and 4 keV are 3 per keV."""
    (step,) = drawn([Steps("a", np.array([4.0, 6.0]), "green")]).patches
    assert step.get_data().values == pytest.approx([4.0, 3.0], rel=1e-12)
    assert step.get_data().edges == pytest.approx(EDGES, rel=1e-12)


def test_what_a_logarithm_cannot_show_is_a_gap():
    """An empty bin has no step, an empty curve no place in the legend."""
    axes = drawn([Steps("a", np.array([4.0, 0.0]), "green"), Steps("b", np.zeros(2), "sky")])
    assert np.isnan(axes.patches[0].get_data().values[1])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a"]


def test_points_lie_in_the_middle_with_their_errors():
    """9 +- 3 counts in 2 keV are 4.5 +- 1.5 per keV at 3 keV, above every step within the axis."""
    points = Points(np.array([0.0, 9.0]), np.array([0.0, 3.0]))
    axes = drawn([Steps("a", np.array([1.0, 2.0]), "green")], points=points)
    line, _, (bars,) = axes.containers[0]
    assert line.get_xydata()[1] == pytest.approx([3.0, 4.5], rel=1e-12)
    assert bars.get_segments()[1][:, 1] == pytest.approx([3.0, 6.0], rel=1e-12)
    assert axes.get_ylim()[1] > 6.0


def test_wide_ranges_are_logarithmic():
    """Energies from 0.1 to 10 keV, but not from 1 to 4 keV nor from zero."""
    curve = [Steps("a", np.array([4.0, 6.0]), "green")]
    assert drawn(curve).get_xscale() == "linear"
    assert drawn(curve, np.array([0.0, 1.0, 30.0])).get_xscale() == "linear"
    assert drawn(curve, np.array([0.1, 1.0, 10.0])).get_xscale() == "log"


def test_nothing_is_drawn_of_nothing():
    """No logarithm of zero."""
    axes = drawn([Steps("a", np.zeros(2), "green")])
    assert (len(axes.patches), axes.get_yscale(), axes.get_legend()) == (0, "linear", None)
