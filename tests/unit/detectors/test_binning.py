"""Averages over bins: exact at steps, wherever they lie."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.detectors.binning import bin_averages
from nuatom.errors import InvalidInput
from nuatom.responses import SteppedElectrons
from nuatom.targets import element

EXACT = 1e-13  # a handful of roundings


def staircase(x):
    """Return 1, 3, 7 on x < 0.3, 0.3 <= x < 1.25, x >= 1.25."""
    return np.where(x < 0.3, 1.0, np.where(x < 1.25, 3.0, 7.0))


@pytest.mark.parametrize("breaks", [[0.3, 1.25], [1.25, 0.3], [1.25, 9.0, 0.3, -1.0, 0.3]])
def test_steps_inside_bins_are_exact(breaks):
    """Each side of a step counts with its width, in any order of the breaks."""
    edges = np.array([0.0, 0.5, 1.0, 2.0])
    expected = [(0.3 * 1 + 0.2 * 3) / 0.5, 3.0, 0.25 * 3 + 0.75 * 7]
    found = bin_averages(staircase, edges, breaks=np.array(breaks))
    np.testing.assert_allclose(found, expected, rtol=EXACT)


def test_a_step_on_a_bin_edge_changes_nothing_between():
    """Where steps coincide with bin edges every bin holds one value."""
    found = bin_averages(staircase, np.array([0.0, 0.3, 1.25, 4.0]), breaks=np.array([0.3, 1.25]))
    np.testing.assert_allclose(found, [1, 3, 7], rtol=EXACT)


def test_two_steps_in_one_bin():
    """A bin that contains both steps averages three values."""
    found = bin_averages(staircase, np.array([0.0, 2.0]), breaks=np.array([0.3, 1.25]))
    np.testing.assert_allclose(found, [(0.3 + 0.95 * 3 + 0.75 * 7) / 2], rtol=EXACT)


def test_a_step_that_is_not_announced_is_smeared():
    """Without the break the rule misses by far more than rounding: breaks are needed."""
    found = bin_averages(staircase, np.array([0.0, 0.5]), breaks=np.array([]))
    assert abs(found[0] - 1.8) > 0.01


@pytest.mark.parametrize("nodes", [2, 5, 8])
def test_polynomials_below_twice_the_nodes_are_exact(nodes):
    """Gauss-Legendre: x^(2n-1) over bins of unequal width."""
    edges = np.array([0.5, 0.7, 2.0, 2.1])
    power = 2 * nodes - 1
    expected = np.diff(edges ** (power + 1)) / (power + 1) / np.diff(edges)
    found = bin_averages(lambda x: x**power, edges, breaks=np.array([1.0]), nodes=nodes)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_averages_times_widths_add_up_to_the_integral():
    """No part of the range is lost or counted twice: Int of 1/x is ln(b/a)."""
    edges = np.linspace(12, 60, 49)
    found = bin_averages(lambda x: 1 / x, edges, breaks=np.array([33.33, 40.0]))
    assert found @ np.diff(edges) == pytest.approx(np.log(5), rel=1e-12)


def test_edges_of_germanium_in_wide_bins():
    """The number of open electrons, averaged over 1 - 2 and 10 - 12 keV, from the edges alone."""
    response = SteppedElectrons(element("Ge"))
    electrons = np.array([shell.electrons for shell in element("Ge").subshells])
    below = electrons @ (response.edges <= 1 * u.keV)

    def open_electrons(T):
        return electrons @ (T >= response.edges[:, None])

    bins = np.array([1.0, 2.0, 10.0, 12.0]) * u.keV
    found = bin_averages(open_electrons, bins, breaks=response.edges)
    edge = dict(zip(response.shells, response.edges / u.keV, strict=True))
    l_shells = sum(n * (2 - edge[name]) for name, n in (("L1", 2), ("L2", 2), ("L3", 4)))
    expected = [below + l_shells, 30, 30 + 2 * (12 - edge["K"]) / 2]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_bin_edges_must_increase():
    """Equal or falling edges are refused."""
    for edges in ([1.0, 1.0], [2.0, 1.0]):
        with pytest.raises(InvalidInput, match="bin_edges"):
            bin_averages(np.sin, np.array(edges), breaks=np.array([]))
