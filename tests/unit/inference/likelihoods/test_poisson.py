"""The Poisson deviance beside scipy, closed forms, iminuit and Sherpa."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nuatom.errors import InvalidInput
from nuatom.inference.likelihoods.poisson import PoissonTerm, deviance, poisson_deviance, slope
from nuatom.inference.predictions import LinearPrediction

# mu, n and the C statistic of Sherpa, as quoted in the tests of gammapy 0.13
# (gammapy/stats/tests/test_fit_statistics.py, "produced using sherpa stats module")
SHERPA = [
    (0.59752422, 0, 1.19504844),
    (9.13666449, 13, 1.4423323052792387),
    (12.98288095, 7, 3.3176610316373925),
    (5.56974565, 5, 0.06037653810442922),
    (13.52509804, 11, 0.5038564644586838),
    (11.81725635, 16, 1.3314041078406706),
    (0.47963765, 0, 0.9592753),
    (11.17708176, 9, 0.4546285248764317),
    (5.18504894, 3, 1.0870959295929628),
    (8.30202394, 12, 1.4458234764515652),
]


@pytest.fixture
def term():
    rng = np.random.default_rng(3)
    prediction = LinearPrediction(("a", "b"), rng.random((2, 6)) + 0.1, rng.random(6))
    return PoissonTerm(np.array([0.0, 1.0, 0.0, 5.0, 2.0, 11.0]), prediction)


@pytest.mark.parametrize(("mu", "n", "expected"), SHERPA)
def test_the_c_statistic_of_another_code(mu, n, expected):
    """Ten values of Sherpa; mu is quoted with 8 decimals, hence 1e-7."""
    assert poisson_deviance([float(n)], [mu]) == pytest.approx(expected, rel=1e-7)


def test_it_is_minus_twice_the_log_of_the_ratio_to_a_perfect_fit():
    """scipy's probabilities, that of mu over that of mu = n; rounding of gammaln 1e-10."""
    n, mu = np.array([0, 1, 4, 30]), np.array([0.3, 2.5, 4.0, 21.0])
    logs = stats.poisson.logpmf(n, mu) - stats.poisson.logpmf(n, np.where(n > 0, n, 1e-300))
    assert poisson_deviance(n, mu) == pytest.approx(-2 * logs.sum(), rel=1e-10)


@pytest.mark.parametrize(
    ("n", "mu", "expected"),
    [
        (0.0, 0.0, 0.0),
        (0.0, 1.5, 3.0),
        (2.0, 2.0, 0.0),
        (2.0, 0.0, np.inf),
        (0.0, -1e-9, np.inf),
        (2.0, -1.0, np.inf),
    ],
)
def test_zeros_are_exact(n, mu, expected):
    """No counts and no expectation agree; counts without expectation are impossible."""
    assert deviance(np.array([n]), np.array([mu])) == expected


@given(st.floats(-7, -1), st.floats(0, 6))
@settings(max_examples=60, deadline=None)
def test_it_keeps_its_digits_near_the_minimum(small, large):
    """D = n x^2 [1 - 2x/3 + x^2/2 - ...] for mu = n (1 + x): no digits cancel.

    Tolerance: mu - n carries the rounding of mu, 1e-16 over x; and for x up to 0.1 the
    series is summed far enough that its rest, 2 x^13/15, is below 1e-12.
    """
    x, n = 10**small, 10**large
    mu = n * (1 + x)
    exact = (mu - n) / n
    series = sum((-exact) ** k * 2 / (k + 2) for k in range(13))
    found = deviance(np.array([n]), np.array([mu]))
    assert found == pytest.approx(n * exact**2 * series, rel=1e-11 + 1e-15 / x)


@pytest.mark.parametrize("values", [[0.3, 1.0], [4.0, 0.2], [0.0, 0.0]])
def test_gradient_is_the_slope_of_the_deviance(term, values):
    """Central differences over 1e-5: their own error is below 1e-6 of (1 + |slope|).

    Third derivatives 2 n/mu^3 < 1e4 here times 1e-10/6, and rounding 1e-15 * D/1e-5.
    """
    at = np.array(values)
    for k, found in enumerate(term.gradient(at)):
        step = np.eye(2)[k] * 1e-5
        slopes = (term.deviance(at + step) - term.deviance(at - step)) / 2e-5
        assert found == pytest.approx(slopes, abs=1e-6 * (1 + abs(slopes)))


def test_slope_points_back_from_the_impossible():
    """Beyond mu = 0 a bin with counts is steep, one without keeps its slope 2."""
    steep, empty = slope(np.array([3.0, 0.0]), np.array([-0.1, -0.1]))
    assert steep < -1e6
    assert empty == 2.0


def test_an_expectation_of_almost_nothing():
    """One count and mu = 1e-300: D = 2 (mu - 1 - ln mu), far from infinite; rounding 1e-12."""
    expected = 2 * (-1 + 300 * np.log(10))
    assert poisson_deviance([1.0], [1e-300]) == pytest.approx(expected, rel=1e-12)


def test_twice_the_exposure_is_twice_the_deviance(term):
    """Counts and expectation times two: D is proportional to the exposure (rounding 1e-12)."""
    p = term.prediction
    double = PoissonTerm(
        2 * term.counts, LinearPrediction(p.names, 2 * p.templates, 2 * p.constant)
    )
    at = np.array([0.7, 1.9])
    assert double.deviance(at) == pytest.approx(2 * term.deviance(at), rel=1e-12)


def test_asimov_data_are_fitted_perfectly(term):
    """For counts equal to the expectation D and its gradient vanish, exactly."""
    at = np.array([0.7, 1.9])
    asimov = term.asimov(at)
    assert asimov.deviance(at) == 0.0
    assert np.all(np.abs(asimov.gradient(at)) < 1e-12)  # rounding of 1 - n/mu


def test_simulated_counts_have_the_expectation_and_its_variance(term):
    """Mean and variance of 4000 draws: five standard deviations of either.

    The variance of a sample variance is mu (1 + 2 mu)/N for Poisson counts.
    """
    at, number = np.array([0.7, 1.9]), 4000
    rng = np.random.default_rng(11)
    draws = np.array([term.simulated(at, rng).counts for _ in range(number)])
    mu = term.expected(at)
    assert np.all(np.abs(draws.mean(axis=0) - mu) < 5 * np.sqrt(mu / number))
    spread = np.sqrt(mu * (1 + 2 * mu) / number)
    assert np.all(np.abs(draws.var(axis=0, ddof=1) - mu) < 5 * spread)
    assert np.all(draws == np.round(draws))


def test_walls_are_the_expectations(term):
    """No expectation may be negative: the walls are mu and its derivatives."""
    at = np.array([0.7, 1.9])
    numbers, rows = term.walls(at)(at)
    assert numbers.tolist() == term.expected(at).tolist()
    assert rows.tolist() == term.prediction.templates.T.tolist()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (np.zeros(0), "at least one bin"),
        (np.ones((2, 2)), "one number for each bin"),
        (np.array([1.0, -1.0]), "negative"),
        (np.array([1.0, np.nan]), "not finite"),
    ],
)
def test_counts_are_checked(counts, words):
    """No bins, negative counts or NaN have names."""
    with pytest.raises(InvalidInput, match=words):
        PoissonTerm(counts, LinearPrediction((), np.zeros((0, 2)), np.ones(2)))


def test_another_number_of_bins_is_refused():
    """A prediction of one bin is not spread over three."""
    term = PoissonTerm(np.ones(3), LinearPrediction((), np.zeros((0, 1)), np.ones(1)))
    with pytest.raises(InvalidInput, match="shape"):
        term.deviance(np.zeros(0))
    with pytest.raises(InvalidInput, match="shape"):
        poisson_deviance([1.0, 2.0], [1.0])


def test_simulation_of_a_negative_expectation_is_refused(term):
    """There are no counts about a negative mean."""
    with pytest.raises(InvalidInput, match="negative"):
        term.simulated(np.array([-100.0, 0.0]), np.random.default_rng(1))


def test_iminuit_has_the_same_cost():
    """The extended binned cost of iminuit is this deviance: same value, rounding 1e-9."""
    from iminuit.cost import ExtendedBinnedNLL

    edges, counts = np.array([0.0, 1.0, 2.0, 4.0]), np.array([3.0, 0.0, 7.0])
    cost = ExtendedBinnedNLL(counts, edges, lambda x, rate, slope: rate * x + slope * x**2)
    widths, squares = np.diff(edges), np.diff(edges**2)
    term = PoissonTerm(
        counts, LinearPrediction(("rate", "slope"), np.array([widths, squares]), np.zeros(3))
    )
    assert term.deviance(np.array([1.3, 0.4])) == pytest.approx(cost(1.3, 0.4), rel=1e-9)
