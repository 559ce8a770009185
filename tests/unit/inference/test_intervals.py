import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, special, stats

from nuatom.errors import InvalidInput, UnknownName
from nuatom.inference import intervals
from nuatom.inference.feldman_cousins import (
    feldman_cousins,
    feldman_cousins_acceptance,
    feldman_cousins_interval,
)
from nuatom.inference.intervals import DEFAULT, METHODS

ALL = pytest.mark.parametrize("name", METHODS)
MAY_BE_EMPTY = {"one_sided", "plain_1p28"}


# Wong, Li and Lin: mu^2 = -1.0 +- 2.7 +- 0.9, that is sigma = 2.846, in 1e-22 mu_B^2;
# the limits on mu in 1e-11 mu_B, each printed to three decimals
@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("feldman_cousins", 1.933),
        ("one_sided", 1.919),
        ("delta_chi2_2p71_physical", 1.946),
        ("cls", 2.028),
        ("bayes_flat_in_square", 2.028),
        ("bayes_flat_in_root", 1.716),
        ("plain_1p28", 1.627),
    ],
)
def test_limits_of_equation_11(name: str, limit: float) -> None:
    """Each prescription gives the stated limit on mu for the published fit."""
    square = METHODS[name].limit(-1.0, 2.846, 0.90)
    assert math.sqrt(square) == pytest.approx(limit, abs=5.001e-4)  # half of the last digit


def test_feldman_cousins_table_x() -> None:
    """The interval of a measured 2.6 sigma is Table X's 1.02 to 4.24 in every digit printed."""
    # Feldman and Cousins, PRD 57, 3873, Table X, 90 % C.L., as quoted in a comment of
    # gammapy's test_feldman_cousins.py
    found = feldman_cousins_interval(2.6, 1.0, 0.90)
    assert found == pytest.approx((1.02, 4.24), abs=0.005)  # half of the last digit


def test_two_sided_from_1p28() -> None:
    """At 90 % the lower end leaves zero at 1.28 sigma, where the paper says it does."""
    turn = float(special.ndtri(0.90))
    assert feldman_cousins_interval(turn - 1e-6, 1.0)[0] == 0.0
    assert 0.0 < feldman_cousins_interval(turn + 1e-6, 1.0)[0] < 1e-3


@pytest.mark.parametrize("confidence", [0.30, 0.6827, 0.90, 0.99])
@pytest.mark.parametrize("x0", [0.0, 0.4, 4.0, 5.2, 9.0])
def test_feldman_cousins_closed_form_above_zero(x0: float, confidence: float) -> None:
    """For x0 >= 0 the upper end is x0 + q sigma, and far from 0 the lower one x0 - q sigma."""
    q = float(stats.norm.ppf((1 + confidence) / 2))
    low, high = feldman_cousins_interval(x0, 1.0, confidence)
    assert high == pytest.approx(x0 + q, rel=1e-12)
    if x0 > 2 * q:
        assert low == pytest.approx(x0 - q, rel=1e-12)


@pytest.mark.parametrize("x0", [-12.0, -40.0, -1e4, -1e6])
def test_feldman_cousins_far_below_zero(x0: float) -> None:
    """Far below 0 the region is one-sided: sqrt(x^2 - 2 x x0) = 1.2816 fixes the limit."""
    q = float(stats.norm.ppf(0.90))
    limit = feldman_cousins(x0, 1.0, 0.90)
    # what is neglected is Phi(-12) = 2e-33; the rest is the root finder (1e-15 absolute)
    assert limit == pytest.approx(q**2 / (math.sqrt(x0**2 + q**2) - x0), rel=1e-7)


def grid_belt(true: float, confidence: float) -> tuple[float, float]:
    """Neyman construction by brute force: add cells of m in the order of their ratio."""
    m = np.arange(-12.0, 14.0, 1e-3) + 5e-4
    ratio = stats.norm.pdf(m, true) / stats.norm.pdf(m, np.maximum(m, 0.0))
    order = np.argsort(-ratio, kind="stable")
    content = np.cumsum(stats.norm.pdf(m[order], true)) * 1e-3
    taken = m[order][: int(np.searchsorted(content, confidence)) + 1]
    return float(taken.min()), float(taken.max())


@pytest.mark.parametrize("confidence", [0.6827, 0.90, 0.95])
@pytest.mark.parametrize("true", [0.2, 0.8136, 1.5, 1.7, 3.0])
def test_acceptance_against_brute_force(true: float, confidence: float) -> None:
    """The accepted region is the one that a sum over cells in order of the ratio gives."""
    exact = feldman_cousins_acceptance(true, 1.0, confidence)
    grid = grid_belt(true, confidence)
    # a cell is 1e-3 wide and equal ratios may enter in either order at both ends; the
    # slope of the lower end against the upper is at most 1/0.2 here
    assert grid == pytest.approx(exact, abs=0.012)


@pytest.mark.parametrize("confidence", [0.30, 0.90, 0.99])
@pytest.mark.parametrize("true", [1e-3, 0.05, 0.3, 1.0, 1.6448, 1.65, 4.0])
def test_interval_inverts_acceptance(true: float, confidence: float) -> None:
    """A true value is an end of the interval of each measurement at the edge of its region."""
    lowest, highest = feldman_cousins_acceptance(true, 1.0, confidence)
    content = special.ndtr(highest - true) - special.ndtr(lowest - true)
    assert content == pytest.approx(confidence, rel=1e-11)
    # the two share no code: upper end from the lowest measurement, lower from the highest;
    # 1e-9: the belt is nearly flat in theta near 0, which magnifies rounding
    assert feldman_cousins_interval(lowest, 1.0, confidence)[1] == pytest.approx(true, rel=1e-9)
    assert feldman_cousins_interval(highest, 1.0, confidence)[0] == pytest.approx(true, rel=1e-8)


@pytest.mark.parametrize("true", [0.0, 0.3, 1.0, 1.7, 4.0])
def test_feldman_cousins_coverage(true: float) -> None:
    """Intervals of 20,000 simulated measurements contain the true value in 90 % of them."""
    toys = np.random.default_rng(20100806).normal(true, 1.0, 20_000)
    low, high = feldman_cousins_acceptance(true, 1.0, 0.90)
    covered = int(np.count_nonzero((low <= toys) & (toys <= high)))
    interval = stats.binomtest(covered, toys.size).proportion_ci(0.99)
    assert interval.low >= 0.89
    assert interval.high <= 0.91
    assert interval.low <= 0.90 <= interval.high


def test_coverage_of_intervals_themselves() -> None:
    """An interval contains the true value exactly where the true value accepts the data."""
    toys = np.random.default_rng(3).normal(0.7, 1.0, 300)
    low, high = feldman_cousins_acceptance(0.7, 1.0, 0.90)
    for toy in toys:
        lower, upper = feldman_cousins_interval(float(toy), 1.0, 0.90)
        assert (lower <= 0.7 <= upper) == (low <= toy <= high)


def test_zero_accepts_everything_low() -> None:
    """Zero accepts each measurement below 1.28 sigma, and, below half, each one below 0."""
    assert feldman_cousins_acceptance(0.0, 2.0, 0.90) == pytest.approx((-np.inf, 2.5631031))
    assert feldman_cousins_acceptance(0.0, 2.0, 0.30) == (-np.inf, 0.0)
    assert feldman_cousins_interval(-2.0, 1.0, 0.30) == (0.0, 0.0)


@ALL
def test_scale_invariance(name: str) -> None:
    """A change of the unit of x changes the limit by the same factor."""
    limit = METHODS[name].limit
    for best_fit in (-3.0, -0.5, 0.0, 0.8, 5.0):
        scaled = limit(1e-22 * best_fit, 1e-22 * 1.7, 0.9)
        assert scaled == pytest.approx(1e-22 * limit(best_fit, 1.7, 0.9), rel=1e-12)


@ALL
def test_monotonic(name: str) -> None:
    """A larger measured value, a larger confidence: a weaker limit; never below zero."""
    limit = METHODS[name].limit
    by_value = [limit(z, 1.0, 0.9) for z in np.linspace(-8, 12, 61)]
    by_confidence = [limit(-0.4, 1.0, c) for c in np.linspace(0.55, 0.999, 20)]
    # one_sided_physical is flat below 0; all others rise
    assert all(a < b or (a == b and name == "one_sided_physical") for a, b in pairwise(by_value))
    assert all(a < b for a, b in pairwise(by_confidence))
    assert (min(by_value) > 0) == (name not in MAY_BE_EMPTY)


@ALL
def test_far_from_the_boundary(name: str) -> None:
    """Far above zero each prescription is the best fit plus 1.645 or 1.282 sigma."""
    one_tail = {"cls", "bayes_flat_in_square", "bayes_flat_in_root", "plain_1p28"}
    q = stats.norm.ppf(0.90 if name in one_tail else 0.95)
    # the flat prior in the root pulls by -sigma^2/(2 x) = 5e-4 here
    tolerance = 1e-3 if name == "bayes_flat_in_root" else 1e-10
    assert METHODS[name].limit(1000.0, 1.0, 0.90) == pytest.approx(1000 + q, abs=tolerance)


def test_bayes_flat_in_square_is_cls() -> None:
    """The flat prior in x >= 0 and CLs give one number for a Gaussian, however it is found."""
    for best_fit in (-30.0, -6.0, -1.0, 0.0, 2.0, 20.0):
        for confidence in (0.3, 0.9, 0.999):
            bayes = intervals.bayes_flat_in_square(best_fit, 1.3, confidence)
            # 1e-8: the limit at -30 sigma is a difference of two numbers near 23
            assert bayes == pytest.approx(intervals.cls(best_fit, 1.3, confidence), rel=1e-8)


@pytest.mark.parametrize("best_fit", [-30.0, -3.0, -0.1, 0.0, 0.7, 4.0, 8.9, 9.1, 60.0])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99])
def test_bayes_flat_in_root_against_quadrature(best_fit: float, confidence: float) -> None:
    """The posterior below the limit holds the stated probability, by adaptive quadrature."""

    def posterior(t: float) -> float:
        return math.exp(-(t**2) * (t**2 - 2 * best_fit) / 2 - max(best_fit, 0.0) ** 2 / 2)

    limit = math.sqrt(intervals.bayes_flat_in_root(best_fit, 1.0, confidence))
    peak = math.sqrt(max(best_fit, 0.0))
    end = math.sqrt(max(best_fit, 0.0) + 12)
    inner = [p for p in (0.9 * peak, peak, 1.1 * peak, 0.2) if 0 < p < end]
    args = {"epsabs": 1e-14, "epsrel": 1e-12, "limit": 400}
    below = integrate.quad(posterior, 0, limit, points=[p for p in inner if p < limit], **args)[0]
    total = integrate.quad(posterior, 0, end, points=inner, **args)[0]
    assert below / total == pytest.approx(confidence, rel=1e-9)  # quad itself: 1e-12


def test_cls_by_definition() -> None:
    """At the CLs limit the two tail probabilities have the ratio 1 - C."""
    limit = intervals.cls(-1.0, 2.846, 0.90)
    ratio = stats.norm.cdf(-1.0, limit, 2.846) / stats.norm.cdf(-1.0, 0.0, 2.846)
    assert ratio == pytest.approx(0.10, rel=1e-12)


@pytest.mark.parametrize("best_fit", [-7.0, -1.0, 0.0, 3.0])
def test_delta_chi2_by_scan(best_fit: float) -> None:
    """A scan of chi^2 over x >= 0 rises by 2.706 at the limit."""
    x = np.linspace(0.0, 10.0, 100_001)
    chi2 = ((x - best_fit) / 1.5) ** 2
    inside = x[chi2 - chi2.min() <= stats.chi2.isf(0.10, 1)]
    found = intervals.delta_chi2_2p71_physical(best_fit, 1.5, 0.90)
    assert found == pytest.approx(inside.max(), abs=1.01e-4)  # one step of the scan


def test_coverage_of_the_others() -> None:
    """CLs never under-covers; 1.28 sigma covers 90 % always; 1.645 sigma 95 %."""
    toys = np.random.default_rng(11).normal(size=(20_000,))
    for true in (0.0, 0.5, 2.0):
        z = toys + true
        cls = z - special.ndtri(0.10 * special.ndtr(z))
        assert np.mean(cls >= true) >= 0.90 - 0.006  # 3 standard deviations
        for name, level in (("plain_1p28", 0.90), ("one_sided", 0.95)):
            # both limits are the measurement plus a constant
            constant = METHODS[name].limit(0.0, 1.0, 0.90)
            assert np.mean(z + constant >= true) == pytest.approx(level, abs=0.0065)


@ALL
@pytest.mark.parametrize(
    ("best_fit", "sigma", "confidence", "named"),
    [
        (1.0, 0.0, 0.9, "sigma"),
        (1.0, -1.0, 0.9, "sigma"),
        (1.0, math.nan, 0.9, "sigma"),
        (math.nan, 1.0, 0.9, "value"),
        (math.inf, 1.0, 0.9, "value"),
        (1.0, 1.0, 0.0, "confidence"),
        (1.0, 1.0, 1.0, "confidence"),
        (1.0, 1.0, 90.0, "confidence"),
        (1.0, 1.0, math.nan, "confidence"),
        ([1.0, 2.0], 1.0, 0.9, "value"),
    ],
)
def test_bad_input(name: str, best_fit: float, sigma: float, confidence: float, named: str) -> None:
    """Bad numbers are refused in one line that names the argument."""
    with pytest.raises(InvalidInput, match=f"^{named}: found .*expected") as caught:
        METHODS[name].limit(best_fit, sigma, confidence)
    assert "\n" not in str(caught.value)


def test_negative_true_value() -> None:
    """A true value below the boundary has no acceptance region."""
    with pytest.raises(InvalidInput, match="true value: found -1"):
        feldman_cousins_acceptance(-1.0, 1.0, 0.9)


def test_names() -> None:
    """The default is a method, and a misspelt name suggests the nearest."""
    assert METHODS[DEFAULT].limit is feldman_cousins
    assert intervals.upper_limit(0.3, 1.0, 0.95) == feldman_cousins(0.3, 1.0, 0.95)
    assert intervals.upper_limit(0.3, 1.0, method="cls") == intervals.cls(0.3, 1.0)
    assert all("\n" not in method.use and method.use for method in METHODS.values())
    with pytest.raises(UnknownName, match="did you mean 'cls'"):
        intervals.upper_limit(0.0, 1.0, method="clss")
