"""Compiled loops of the maximum gap and of the optimum interval."""

from itertools import combinations

import mpmath
import numpy as np
import pytest

from nuatom.inference.unknown_background.interval_kernels import (
    largest_intervals,
    no_larger_gap,
    no_larger_gaps,
)


def exact(gap: float, mean: float) -> float:
    """C_0 as printed in the paper's eq. (2), in 120 digits."""
    with mpmath.workdps(120):
        x, mu = mpmath.mpf(gap), mpmath.mpf(mean)
        terms = (
            (k * x - mu) ** k * mpmath.exp(-k * x) / mpmath.factorial(k) * (1 + k / (mu - k * x))
            for k in range(int(mpmath.floor(mu / x)) + 1)
        )
        return float(mpmath.fsum(terms))


@pytest.mark.parametrize("mean", [0.4, 2.0, 3.7, 10.0, 60.0, 300.0])
def test_sum_in_many_digits(mean: float) -> None:
    """The double-precision sum equals the published one in 120 digits.

    1e-9 where C_0 > 1e-5 leaves a factor 1e5 for cancelling terms; below, 2e-7 absolute.
    """
    for gap in np.geomspace(max(mean / 39.7, 0.0513), 0.999 * mean, 40):
        value = exact(gap, mean)
        tolerance = 1e-9 * value if value > 1e-5 else 2e-7
        assert no_larger_gap(gap, mean) == pytest.approx(value, abs=max(tolerance, 1e-12))


def test_simulated_gaps() -> None:
    """The fraction of 10,000 simulated experiments without a larger gap is C_0."""
    throw = np.random.default_rng(66)
    for mean, gap in ((3.0, 2.0), (8.0, 2.5), (8.0, 5.0)):
        counts = throw.poisson(mean, 10_000)
        smaller = [
            np.diff(np.sort(throw.uniform(0, mean, n)), prepend=0.0, append=mean).max() < gap
            for n in counts
        ]
        # four standard deviations of a fraction of 10,000
        assert np.mean(smaller) == pytest.approx(no_larger_gap(gap, mean), abs=4 * 0.005)


def test_ends_of_the_range() -> None:
    """No gap exceeds the range; the whole range is empty with probability exp(-mu)."""
    assert no_larger_gap(5.1, 5.0) == 1.0
    assert no_larger_gap(5.0, 5.0) == pytest.approx(1 - np.exp(-5.0), rel=1e-14)
    assert no_larger_gap(0.0, 5.0) == 0.0


def test_many_at_once() -> None:
    """Many gaps give what each gives."""
    gaps = np.array([0.3, 1.0, 2.9, 3.0])
    assert no_larger_gaps(gaps, 3.0).tolist() == [no_larger_gap(x, 3.0) for x in gaps]


def by_pairs(points: np.ndarray, length: float, events: int) -> float:
    """Largest interval with at most so many points inside, over all pairs of ends."""
    ends = np.concatenate([[0.0], points[points < length], [length]])
    inside = ends[1:-1]
    return max(
        b - a
        for a, b in combinations(ends, 2)
        if np.count_nonzero((inside > a) & (inside < b)) <= events
    )


def test_largest_intervals_over_all_pairs() -> None:
    """The largest interval with n points is that found by trying every pair of ends."""
    throw = np.random.default_rng(5)
    points = np.cumsum(throw.standard_exponential((30, 12)), axis=1)
    found = largest_intervals(points, 6.0, 9)
    for e, own in enumerate(points):
        expected = [by_pairs(own, 6.0, n) for n in range(9)]
        assert found[:, e] == pytest.approx(expected, rel=1e-14)
