"""Counts of experiments: shapes, exposures, differences."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.datasets import BinnedCounts, OnOff, Residuals, UnbinnedEvents
from nuatom.errors import InvalidInput
from nuatom.inference.unknown_background import binned_poisson

EDGES = np.array([1.0, 2.0, 3.0, 5.0]) * u.keV


def counts(numbers=(6.0, 8.0, 20.0), live_time=10 * u.day, **more):
    return BinnedCounts("run", EDGES, np.array(numbers), live_time, 2 * u.kg, **more)


def test_rate_is_counts_per_exposure_and_width():
    """20 counts in 2 keV, 2 kg and 10 days are 0.5 per (kg keV day)."""
    assert counts().rate() / u.cpkkd == pytest.approx([0.3, 0.4, 0.5], rel=1e-12)


def test_each_bin_has_its_own_live_time():
    """Half the live time doubles the rate of that bin alone."""
    both = counts(live_time=np.array([10.0, 5.0, 10.0]) * u.day)
    assert both.rate() / counts().rate() == pytest.approx([1, 2, 1], rel=1e-12)


def test_merging_bins_keeps_the_counts():
    """Counts and backgrounds add; bins of different live time stay apart."""
    merged = counts(background=np.array([1.0, 2.0, 3.0])).rebinned(EDGES[[0, 2, 3]])
    assert merged.counts.tolist() == [14, 20]
    assert merged.background.tolist() == [3, 3]
    with pytest.raises(InvalidInput, match="none of the present"):
        counts().rebinned([1.5 * u.keV, 3 * u.keV])
    with pytest.raises(InvalidInput, match="different live times"):
        counts(live_time=np.array([10.0, 5.0, 10.0]) * u.day).rebinned(EDGES[[0, 2]])


def test_limits_without_background_need_only_the_counts():
    """No count in one bin excludes 2.3026 events at 90 % (a number of the Poisson law)."""
    empty = BinnedCounts("quiet", EDGES[:2], np.zeros(1), 1 * u.day, 1 * u.kg)
    assert binned_poisson.upper_limit(empty.counts, [1.0]) == pytest.approx(2.302585, rel=1e-6)


def test_events_fall_into_bins_that_hold_their_lower_edge():
    """Only the last bin holds its upper edge as well; none is lost."""
    values = np.array([1.0, 2.0, 2.5, 5.0]) * u.keV
    events = UnbinnedEvents("run", values, (1 * u.keV, 5 * u.keV), 10 * u.day, 2 * u.kg)
    binned = events.binned(EDGES)
    assert binned.counts.tolist() == [1, 2, 1]
    assert binned.exposure[0] / (u.kg * u.day) == pytest.approx(20, rel=1e-12)
    with pytest.raises(InvalidInput, match="outside the searched window"):
        events.binned([0.5 * u.keV, 2 * u.keV])
    with pytest.raises(InvalidInput, match="outside the window"):
        UnbinnedEvents("run", values, (1 * u.keV, 4 * u.keV), 10 * u.day, 2 * u.kg)


def test_difference_has_the_variance_of_both():
    """Simulated pairs scatter as the errors say (4000 pairs: 2.5 % of the variance, 4 sigma)."""
    random = np.random.default_rng(5)
    off_time = 4 * u.day
    draws = []
    for _ in range(4000):
        on = counts(random.poisson([60, 80, 200]).astype(float))
        off = counts(random.poisson([20, 30, 70]).astype(float), off_time)
        draws.append(OnOff(on, off).residuals().values)
    truth = OnOff(counts((60.0, 80.0, 200.0)), counts((20.0, 30.0, 70.0), off_time)).residuals()
    by_hand = [60 / 20 - 20 / 8, 80 / 20 - 30 / 8, (200 / 20 - 70 / 8) / 2]
    assert truth.values / u.cpkkd == pytest.approx(by_hand, rel=1e-9)
    assert np.std(draws, axis=0) / truth.errors == pytest.approx(1, abs=0.05)
    assert np.mean(draws, axis=0) == pytest.approx(truth.values, abs=0.1 * truth.errors.max())


def test_pairs_need_the_same_bins_and_a_count():
    """A bin that is empty in both has no Gaussian error, and says which it is."""
    other = BinnedCounts("off", EDGES * 1.01, np.ones(3), 1 * u.day, 2 * u.kg)
    with pytest.raises(InvalidInput, match="different bins"):
        OnOff(counts(), other)
    pair = OnOff(counts((1.0, 0.0, 2.0)), counts((1.0, 0.0, 2.0)))
    with pytest.raises(InvalidInput, match="found bin 2 without a count"):
        pair.residuals()


@pytest.mark.parametrize(
    "wrong",
    [
        {"numbers": (1.0, 2.0)},
        {"numbers": (1.0, -2.0, 3.0)},
        {"numbers": (1.0, np.nan, 3.0)},
        {"live_time": 0.0},
        {"live_time": np.array([1.0, 2.0])},
        {"background": np.array([1.0, -1.0, 0.0])},
    ],
)
def test_wrong_numbers_are_refused(wrong):
    """Shapes, signs and finiteness are checked where the dataset is made."""
    with pytest.raises(InvalidInput, match="dataset run"):
        counts(**wrong)
    with pytest.raises(InvalidInput):
        Residuals("run", EDGES, np.ones(3), np.array([1.0, 0.0, 1.0]))
