"""Crossings of counted probabilities, and their errors."""

import numpy as np
import pytest
from scipy import stats

from nuatom.inference.toys.crossings import counted, counting_error, crossings


def test_a_gaussian_measurement_is_interpolated_exactly():
    """For p = 1 - Phi(x - 3) the quantile is linear, so that any two points give the crossing."""
    points = np.array([0.0, 2.5, 6.0])
    p = stats.norm.sf(points - 3)
    (found,) = crossings(points, p, np.full(3, 1e-3), 0.10)
    assert found.place == pytest.approx(3 + stats.norm.isf(0.10), rel=1e-12)
    assert not found.rising


def test_errors_are_those_of_repeated_counting():
    """The spread of crossings from 2000 repeated countings is the error that each quotes.

    Tolerance 10 %: three times the statistical error of a spread of 2000, and the error's own.
    """
    points, toys, rng = np.array([1.0, 1.8]), 4000, np.random.default_rng(2)
    p = stats.norm.sf(points)
    counts = rng.binomial(toys, p, size=(2000, 2))
    places, errors = [], []
    for pair in counts:
        one = counted(pair, toys)
        (found,) = crossings(points, one, counting_error(one, toys), 0.10)
        places.append(found.place)
        errors.append(found.error)
    assert np.mean(errors) == pytest.approx(np.std(places), rel=0.10)
    assert np.mean(places) == pytest.approx(stats.norm.isf(0.10), abs=5e-3)


def test_every_crossing_is_found_in_order():
    """Up at 1, down at 3, up at 5: the sign tells which."""
    points = np.arange(7.0)
    p = np.array([0.01, 0.1, 0.5, 0.1, 0.02, 0.1, 0.9])
    found = crossings(points, p, np.full(7, 1e-3), 0.1)
    # a p equal to the level lies below it
    assert [one.rising for one in found] == [True, False, True]
    assert [one.place for one in found] == pytest.approx([1.0, 3.0, 5.0])


def test_no_crossing():
    """Where p stays on one side there is none, even at p = 0 and 1."""
    points = np.arange(3.0)
    assert crossings(points, np.ones(3), np.zeros(3), 0.1) == ()
    assert crossings(points, np.zeros(3), np.zeros(3), 0.1) == ()
    (one,) = crossings(points, np.array([1.0, 1.0, 0.0]), np.zeros(3), 0.1)
    assert 1 < one.place < 2


def test_counted_p_values_are_valid():
    """The chance of p <= alpha for a true hypothesis is never above alpha.

    With N toys and the data alike, the rank of the data is uniform: P(p <= k/(N + 1)) is
    k/(N + 1) exactly.
    """
    toys = 19
    p = counted(np.arange(toys + 1), toys)
    assert p == pytest.approx((np.arange(20) + 1) / 20, rel=1e-12)
    for alpha in (0.05, 0.10, 0.333):
        assert np.mean(p <= alpha + 1e-12) <= alpha + 1e-12


def test_counting_error():
    """Binomial, and never zero."""
    assert counting_error(np.array([0.1, 0.0, 1.0]), 900) == pytest.approx([0.01, 1 / 901, 1 / 901])
