"""The checks that every public input passes."""

import numpy as np
import pytest

from nuatom.arrays import finite, strictly_increasing, within
from nuatom.errors import InvalidInput


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, [1.0, np.nan], [[1.0], [np.inf]]])
def test_not_finite_is_refused(bad):
    """NaN and infinity are never energies; the message names the argument."""
    with pytest.raises(InvalidInput, match=r"^energy_transfer: .*not finite"):
        finite("energy_transfer", bad)


@pytest.mark.parametrize("bad", ["1 keV", None, [1.0, [2.0, 3.0]], {"a": 1}, object()])
def test_not_a_number_is_refused(bad):
    """Text, nothing, ragged lists and objects are refused with what was found."""
    with pytest.raises(InvalidInput, match=r"^q2: "):
        finite("q2", bad)


@pytest.mark.parametrize("bad", [0.0, -1.0, [1.0, 0.0]])
def test_positive_refuses_zero_and_below(bad):
    """T = 0 has no cross section."""
    with pytest.raises(InvalidInput, match="not positive"):
        finite("T", bad, positive=True)
    finite("T", bad)


def test_shape_is_kept_and_input_is_not_modified():
    """The caller's numbers stay as they are, in the same shape, as float."""
    values = np.arange(6).reshape(2, 3)
    before = values.copy()
    result = finite("values", values)
    assert result.shape == (2, 3)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(values, before)


def test_scalars_and_empty_arrays_pass():
    """A number is an array of no dimension; nothing is nothing to complain about."""
    assert finite("T", 3).shape == ()
    assert finite("T", [], positive=True).shape == (0,)


def test_range_has_a_slack_for_rounding():
    """A conversion of units never pushes an edge out: 1e-9 is let through, 1e-8 is not."""
    low, high = 10.0, 30.0
    assert within(np.array([low * (1 - 1e-10), high * (1 + 1e-10)]), low, high)
    assert not within(np.array([low * (1 - 1e-8)]), low, high)
    assert not within(np.array([high * (1 + 1e-8)]), low, high)


def test_range_may_lie_below_zero():
    """The slack widens a range of negative numbers as well: its own ends are inside."""
    assert within(np.array([-2.0, -1.0]), -2.0, -1.0)
    assert within(np.array([-2.0, 2.0]), -2.0, 2.0)
    assert not within(np.array([-2.1]), -2.0, 2.0)


def test_empty_is_within_any_range():
    """No value lies outside."""
    assert within(np.array([]), 1.0, 2.0)


def test_increasing_grid_is_returned_as_an_array():
    """Any iterable will do."""
    np.testing.assert_array_equal(strictly_increasing("grid", iter((1, 2, 4))), [1.0, 2.0, 4.0])


@pytest.mark.parametrize("bad", [[1, 1], [2, 1], [1, np.nan], [[1, 2], [3, 4]], ["a", "b"]])
def test_other_grids_are_refused(bad):
    """Equal or falling neighbours, NaN, text and two dimensions are no grid."""
    with pytest.raises(InvalidInput, match=r"^grid: "):
        strictly_increasing("grid", bad)
