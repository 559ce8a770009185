"""Feldman-Cousins for counts: the published tables, brute force, exact coverage."""

import math

import numpy as np
import pytest
from scipy import stats

from nuatom.errors import InvalidInput
from nuatom.inference.feldman_cousins_poisson import (
    feldman_cousins_poisson,
    poisson_acceptance,
    poisson_coverage,
    poisson_sensitivity,
)

# Feldman and Cousins, PRD 57, 3873 (1998), as far as the tables are quoted in public code.
# Table IV, 90 %, without background (also the table of unified intervals of the Particle
# Data Group's review of statistics)
NO_BACKGROUND_90 = (
    (0.00, 2.44), (0.11, 4.36), (0.53, 5.91), (1.10, 7.42), (1.47, 8.60), (1.84, 9.99),
    (2.21, 11.47), (3.56, 12.53), (3.96, 13.99), (4.36, 15.30), (5.50, 16.50),
)  # fmt: skip
# Table IV, 90 %: (n0, b, upper end)
UPPER_90 = (
    (0, 0.5, 1.94), (0, 1.0, 1.61), (1, 1.0, 3.36), (2, 1.0, 4.91), (3, 1.0, 6.42),
    (4, 1.0, 7.60), (10, 0.5, 16.00), (6, 3.0, 8.47), (0, 2.0, 1.26), (0, 3.0, 1.08),
    (0, 4.0, 1.01), (0, 5.0, 0.98), (1, 4.0, 1.39), (1, 5.0, 1.22),
)  # fmt: skip
# Table VI, 95 %: upper ends for n0 = 0 to 7
UPPER_95 = {
    0.0: (3.09, 5.14, 6.72, 8.25, 9.76, 11.26, 12.75, 13.81),
    0.5: (2.63, 4.64, 6.22, 7.75, 9.26, 10.76, 12.25, 13.31),
    1.0: (2.33, 4.14, 5.72, 7.25, 8.76, 10.26, 11.75, 12.81),
    1.5: (2.05, 3.69, 5.22, 6.75, 8.26, 9.76, 11.25, 12.31),
    2.0: (1.78, 3.30, 4.72, 6.25, 7.76, 9.26, 10.75, 11.81),
    2.5: (1.78, 2.95, 4.25, 5.75, 7.26, 8.76, 10.25, 11.31),
    3.0: (1.63, 2.63, 3.84, 5.25, 6.76, 8.26, 9.75, 10.81),
    3.5: (1.63, 2.33, 3.46, 4.78, 6.26, 7.76, 9.25, 10.31),
    4.0: (1.57, 2.08, 3.11, 4.35, 5.76, 7.26, 8.75, 9.81),
    5.0: (1.54, 1.88, 2.49, 3.58, 4.84, 6.26, 7.75, 8.81),
    6.0: (1.52, 1.78, 2.28, 2.91, 4.05, 5.33, 6.75, 7.81),
    7.0: (1.51, 1.73, 2.11, 2.69, 3.35, 4.52, 5.82, 6.81),
}  # fmt: skip
# Table IV and VI: lower ends
LOWER = ((10, 0.5, 0.90, 5.00), (6, 3.0, 0.90, 0.15), (7, 3.0, 0.95, 0.29))

GRID = 0.005
"""Steps of mu in which the tables were made: they hold the last step below the exact end."""


def agrees(exact: float, printed: float) -> bool:
    """Two digits after the point, of a number that may be one step of the grid too low."""
    return -0.005 - 1e-9 <= exact - printed <= 0.005 + GRID + 1e-9


def test_table_iv_without_background() -> None:
    """Both ends at 90 % for 0 to 10 counts are the published ones in every digit."""
    for count, (low, high) in enumerate(NO_BACKGROUND_90):
        found = feldman_cousins_poisson(count, 0.0, 0.90)
        assert found == pytest.approx((low, high), abs=0.005001)  # half of the last digit


@pytest.mark.parametrize(("count", "background", "high"), UPPER_90)
def test_table_iv(count: int, background: float, high: float) -> None:
    """Upper ends at 90 %, among them those that the paper lengthened."""
    assert agrees(feldman_cousins_poisson(count, background, 0.90)[1], high)


def test_table_vi() -> None:
    """96 upper ends at 95 %: 93 or more in every digit, the others one unit of the last.

    The grid of the published tables explains a last digit that is one too low.
    """
    same = 0
    for background, row in UPPER_95.items():
        for count, high in enumerate(row):
            found = feldman_cousins_poisson(count, background, 0.95)[1]
            assert agrees(found, high), (count, background)
            same += abs(found - high) <= 0.005
    assert same >= 93


@pytest.mark.parametrize(("count", "background", "confidence", "low"), LOWER)
def test_lower_ends(count: int, background: float, confidence: float, low: float) -> None:
    """Lower ends with a background are the published ones."""
    # half of the last digit and one step of the grid, which moves a lower end up
    found = feldman_cousins_poisson(count, background, confidence)[0]
    assert -0.005 - GRID <= found - low <= 0.005


def test_mean_limit() -> None:
    """Without a signal the mean limit above three background counts is 4.4 (Table XII)."""
    assert poisson_sensitivity(3.0) == pytest.approx(4.4, abs=0.05)  # as quoted: two digits


def brute_force(count: int, background: float, confidence: float, step: float) -> np.ndarray:
    """Return the signals of a grid that accept the count, ranking all counts at each."""
    n = np.arange(60)
    best = stats.poisson.pmf(n, np.maximum(n, background))
    accepted = []
    for mu in np.arange(step / 2, 16.0, step):
        p = stats.poisson.pmf(n, mu + background)
        ratio = p / best
        if p[ratio > ratio[count] * (1 + 1e-12)].sum() < confidence:
            accepted.append(mu)
    return np.array(accepted)


@pytest.mark.parametrize(
    ("count", "background", "confidence"),
    [(0, 0.0, 0.90), (3, 0.7, 0.90), (5, 3.0, 0.6827), (8, 2.2, 0.95), (2, 1.3, 0.99)],
)
def test_brute_force(count: int, background: float, confidence: float) -> None:
    """Ranking all counts on a grid of signals gives the same ends to a step of it.

    Backgrounds where the upper end is not lengthened.
    """
    step = 0.004
    accepted = brute_force(count, background, confidence, step)
    low, high = feldman_cousins_poisson(count, background, confidence)
    assert high == pytest.approx(accepted.max() + step / 2, abs=step)
    assert low == pytest.approx(max(accepted.min() - step / 2, 0.0), abs=step)


def test_upper_end_never_rises_with_the_background() -> None:
    """A larger background never weakens the limit, and lengthening is not larger than needed."""
    for count in (0, 2):
        ends = [feldman_cousins_poisson(count, b)[1] for b in np.arange(0.0, 6.0, 0.3)]
        assert np.all(np.diff(ends) <= 1e-9)
    # the plain construction at 2.0 ends at 1.08; lengthened it is the top at 2.33 to 2.34
    plain = brute_force(0, 2.0, 0.90, 0.004).max()
    tops = [brute_force(0, b, 0.90, 0.004).max() for b in (2.33, 2.335, 2.34)]
    assert plain < 1.09
    # half a step of each grid
    assert feldman_cousins_poisson(0, 2.0)[1] == pytest.approx(max(tops), abs=0.0045)


def test_table_i() -> None:
    """For mu = 0.5 and b = 3 the counts 0 to 6 are accepted at 90 %: the last to join is 6."""
    assert poisson_acceptance(0.5, 3.0, 0.90) == (0, 6)
    assert stats.poisson.cdf(5, 3.5) < 0.90 <= stats.poisson.cdf(6, 3.5)


def test_large_counts_are_gaussian() -> None:
    """Far from the boundary the interval is n - b -+ 1.645 sqrt(n), to the next order."""
    low, high = feldman_cousins_poisson(10_000, 4000.0, 0.90)
    # skewness moves both ends by (z^2 - 1)/6 + 1/2 or less, whole counts by 1/2 more
    assert low == pytest.approx(6000 - 164.5, abs=2.5)
    assert high == pytest.approx(6000 + 164.5, abs=2.5)


@pytest.mark.parametrize("confidence", [0.6827, 0.90, 0.95])
@pytest.mark.parametrize("background", [0.0, 0.8, 3.0])
def test_coverage_is_never_below(background: float, confidence: float) -> None:
    """The exact probability to hold the true signal is at least C, for every signal."""
    signals = np.concatenate([[0.0], np.geomspace(0.01, 20, 12)])
    exact = [poisson_coverage(float(mu), background, confidence) for mu in signals]
    assert min(exact) >= confidence - 1e-12  # rounding of the sum
    assert min(exact) < confidence + 0.04  # and somewhere it is close


def test_coverage_by_toys() -> None:
    """As many simulated counts have an interval with the truth as computed exactly."""
    signal, background = 2.2, 1.5
    counts = np.random.default_rng(5).poisson(signal + background, 20_000)
    ends = {int(n): feldman_cousins_poisson(int(n), background) for n in np.unique(counts)}
    held = sum(ends[int(n)][0] <= signal <= ends[int(n)][1] for n in counts)
    interval = stats.binomtest(held, counts.size).proportion_ci(0.99)
    assert interval.low <= poisson_coverage(signal, background) <= interval.high


def test_no_count_and_no_background() -> None:
    """Without background, no count is accepted up to where P(1 <= n <= 6) reaches C.

    R(k) = R(0) at mu = k/e, so that 1 to 6 rank before 0 from 6/e = 2.207 to 7/e = 2.575.
    """
    high = feldman_cousins_poisson(0, 0.0, 0.90)[1]
    assert 6 / math.e < high < 7 / math.e
    assert stats.poisson.cdf(6, high) - math.exp(-high) == pytest.approx(0.90, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1.0, 0.9), "count: found -1"),
        ((1.5, 1.0, 0.9), "count: found 1.5"),
        ((math.nan, 1.0, 0.9), "count: found a value that is not finite"),
        ((1, -0.1, 0.9), "background: found -0.1"),
        ((1, math.inf, 0.9), "background: found a value that is not finite"),
        ((1, 1.0, 90.0), "confidence: found 90"),
    ],
)
def test_bad_input(arguments: tuple[float, float, float], message: str) -> None:
    """Counts must be whole, and nothing negative."""
    with pytest.raises(InvalidInput, match=message):
        feldman_cousins_poisson(*arguments)  # type: ignore[arg-type]


def test_bad_signal() -> None:
    """A signal cannot be negative, and the confidence is a fraction everywhere."""
    for function in (poisson_acceptance, poisson_coverage):
        with pytest.raises(InvalidInput, match="signal: found -1"):
            function(-1.0, 1.0)
        with pytest.raises(InvalidInput, match="confidence"):
            function(1.0, 1.0, 1.2)
    with pytest.raises(InvalidInput, match="confidence"):
        poisson_sensitivity(1.0, 0.0)
