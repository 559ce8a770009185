"""CLs by toys beside sums over counts, the closed form for a Gaussian, and the asymptotic one."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import optimize, stats

from nuatom.errors import InvalidInput
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.asymptotic import cls_limit as asymptotic_limit
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.toys.cls import cls_limit
from nuatom.inference.toys.feldman_cousins import Toys


def counting(count, background, *, low=0.0):
    """One bin above a known background."""
    spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([background]))
    parameter = Parameter("signal", starts=(1.0,), low=low)
    return Likelihood((parameter,), (PoissonTerm(np.array([float(count)]), spectrum),))


def measurement(value, error):
    """One number with a Gaussian error; the strength may be negative."""
    prediction = LinearPrediction(("x",), np.ones((1, 1)), np.zeros(1))
    term = NormalTerm.independent([value], [error], prediction)
    return Likelihood((Parameter("x", low=-100.0),), (term,))


@pytest.mark.parametrize(("count", "background"), [(0, 3.0), (2, 3.0), (6, 3.0)])
def test_counting(count, background):
    """CLs is P(n <= n0 | s + b)/P(n <= n0 | b), summed over counts."""
    exact = optimize.brentq(
        lambda s: (
            stats.poisson.cdf(count, s + background) - 0.1 * stats.poisson.cdf(count, background)
        ),
        0,
        30,
    )
    points = np.linspace(0.5, 1.5 * exact, 12)
    found = cls_limit(counting(count, background), "signal", points, toys=Toys(3000, 2))
    # 4 standard deviations of the toys, and curvature between points
    assert found.limit == pytest.approx(exact, abs=4 * found.error + 0.02)
    assert 0 < found.error < 0.15
    below = found.points + background > count  # elsewhere q is zero and CLs one
    ratio = stats.poisson.cdf(count, found.points + background)
    ratio = np.where(below, ratio / stats.poisson.cdf(count, background), 1.0)
    assert np.all(np.abs(found.cls - ratio) < 4.5 * found.cls_errors + 1e-3)


@pytest.mark.parametrize("value", [-1.5, 0.4, 2.0])
def test_gaussian_measurement(value):
    """The limit is m - s Phi^-1[(1 - C) Phi(m/s)]."""
    error = 1.5
    exact = value - error * stats.norm.ppf(0.10 * stats.norm.cdf(value / error))
    points = np.linspace(0.2, 1.5 * exact, 10)
    found = cls_limit(measurement(value, error), "x", points, toys=Toys(3000, 4))
    assert found.limit == pytest.approx(exact, abs=4 * found.error + 0.01)


def test_expected_band():
    """Limits without a signal are spread as N + Phi^-1[1 - (1 - C) Phi(N)]."""
    sigma, number, error = np.array([-2, -1, 0, 1, 2]), 6000, 2.0
    z = stats.norm.isf(0.05 * stats.norm.cdf(sigma))
    one = measurement(0.3, error)
    found = cls_limit(one, "x", np.linspace(0.5, 11, 15), 0.95, toys=Toys(number, 6))
    # 4 standard deviations: of k = N 0.05 Phi toys in the tail, whose logarithm falls by z
    # for each standard deviation of the measurement
    tolerance = 4 * error / z / np.sqrt(number * 0.05 * stats.norm.cdf(sigma))
    assert np.all(np.abs(found.expected - error * (sigma + z)) < tolerance + 0.02)


def test_large_counts_are_asymptotic():
    """With hundreds of counts and a measured background the asymptotic limit is near."""
    templates = np.array([[30.0, 20.0, 10.0], [200.0, 200.0, 200.0]])
    spectrum = LinearPrediction(("signal", "rate"), templates, np.zeros(3))
    parameters = (
        Parameter("signal", starts=(1.0,), low=0.0),
        Parameter("rate", starts=(1.0,), low=0.0, prior=Gaussian(1.0, 0.05)),
    )
    one = Likelihood(parameters, (PoissonTerm(np.array([215.0, 190.0, 204.0]), spectrum),))
    expected = asymptotic_limit(one, "signal")
    points = np.linspace(0.3, 2.5, 8)
    found = cls_limit(one, "signal", points, toys=Toys(3000, 8))
    # corrections of order 1/sqrt(600) of a limit, and the toys
    assert found.limit == pytest.approx(expected.limit, rel=0.04, abs=4 * found.error)
    assert found.expected[2] == pytest.approx(expected.expected[2], rel=0.10)


def test_the_same_seed_gives_the_same_result():
    """For any number of threads."""
    one, points = counting(4, 3.0), np.linspace(1, 9, 9)
    alone = cls_limit(one, "signal", points, toys=Toys(2200, 3))
    with ThreadPoolExecutor(2) as executor:
        shared = cls_limit(one, "signal", points, toys=Toys(2200, 3, executor))
    assert alone.limit == shared.limit
    assert np.array_equal(alone.cls, shared.cls)


def test_beyond_the_points():
    """A limit beyond the points is an error, an expected one infinite."""
    one = counting(12, 3.0)
    with pytest.raises(InvalidInput, match="the largest, 8, is not excluded"):
        cls_limit(one, "signal", [2.0, 8.0], toys=Toys(500))
    found = cls_limit(counting(0, 3.0), "signal", [1.0, 2.0, 3.0], toys=Toys(2000))
    assert found.expected[-1] == np.inf
    with pytest.raises(InvalidInput, match="expected values above 0"):
        cls_limit(one, "signal", [0.0, 8.0])
    with pytest.raises(InvalidInput, match="confidence"):
        cls_limit(one, "signal", [1.0, 8.0], 1.0)
