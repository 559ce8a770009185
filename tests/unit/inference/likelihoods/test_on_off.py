"""Counts beside a control region: brute force, Li and Ma, Sherpa, special branches."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from nuatom.errors import InvalidInput
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import poisson_deviance
from nuatom.inference.predictions import LinearPrediction

# signal, on, off, alpha = 1/tau and the W statistic of Sherpa, as quoted in the tests of
# gammapy 0.13 (gammapy/stats/tests/test_fit_statistics.py)
SHERPA = [
    (0.59752422, 0, 0, 0.83746243, 1.19504844),
    (9.13666449, 13, 7, 0.17003354, 0.625311794002),
    (12.98288095, 7, 4, 0.26034507, 4.25810886127),
    (5.56974565, 5, 0, 0.69197751, 0.0603765381044),
    (13.52509804, 11, 18, 0.89557033, 11.7285002468),
    (11.81725635, 16, 7, 0.34068848, 0.206014834301),
    (0.47963765, 0, 1, 0.0646732, 1.084611),
    (11.17708176, 9, 5, 0.86411967, 2.72972381792),
    (5.18504894, 3, 12, 0.29087245, 4.60602990838),
    (8.30202394, 12, 25, 0.74108241, 7.51658734973),
]


def one_bin(on, off, ratio):
    signal = LinearPrediction(("s",), np.ones((1, 1)), np.zeros(1))
    return OnOffTerm(np.array([float(on)]), np.array([float(off)]), np.array(ratio), signal)


def brute(signal, on, off, ratio):
    """Least D over b by a bounded search from a fine grid, to 1e-12 of b."""

    def value(b):
        return poisson_deviance([on], [max(signal + b, 0.0)]) + poisson_deviance([off], [ratio * b])

    low = max(0.0, -signal)
    grid = low + np.concatenate([[0.0], np.geomspace(1e-9, 10 * (on + off + 10), 200)])
    values = [value(b) for b in grid]
    k = int(np.argmin(values))
    ends = grid[max(k - 1, 0)], grid[min(k + 1, grid.size - 1)]
    found = optimize.minimize_scalar(value, bounds=ends, method="bounded", options={"xatol": 1e-12})
    return min(float(found.fun), values[k])


@pytest.mark.parametrize(("signal", "on", "off", "alpha", "expected"), SHERPA)
def test_the_w_statistic_of_another_code(signal, on, off, alpha, expected):
    """Ten values of Sherpa, with n_on = 0 and n_off = 0; quoted with 8 decimals: 1e-6."""
    found = one_bin(on, off, 1 / alpha).deviance(np.array([signal]))
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("on", "off", "alpha", "significance"),
    [
        (18, 97, 0.1, 2.2421704424844875),  # documentation of gammapy.stats
        (10, 20, 0.1, 3.6850322025333071),  # its tests, test_significance.py
        (4, 9, 0.5, 0.19744427645023557),  # a deficit there, with a minus sign
    ],
)
def test_the_significance_of_li_and_ma(on, off, alpha, significance):
    """Eq. (17) of Li and Ma is the root of D without a signal (the best fit has D = 0).

    Published to 8 digits (the first two differ there by 1e-8 between versions): 1e-7.
    """
    found = math.sqrt(one_bin(on, off, 1 / alpha).deviance(np.array([0.0])))
    assert found == pytest.approx(significance, rel=1e-7)
    best = np.array([on - alpha * off])
    assert one_bin(on, off, 1 / alpha).deviance(best) == pytest.approx(0.0, abs=1e-12)


@given(
    st.floats(-20, 40),
    st.integers(0, 15),
    st.integers(0, 15),
    st.floats(0.05, 20),
)
@settings(max_examples=30, deadline=None)
def test_the_background_is_the_best_one(signal, on, off, ratio):
    """No b >= max(0, -s) gives less than the closed form: brute force, 1e-7 of 1 + D.

    The search ends within 1e-12 of b or at a grid point; D is then right to its square.
    """
    found = one_bin(on, off, ratio).deviance(np.array([signal]))
    least = brute(signal, on, off, ratio)
    assert found == pytest.approx(least, abs=1e-7 * (1 + least))


@pytest.mark.parametrize(
    ("signal", "on", "off", "ratio", "background"),
    [
        (2.3, 0, 5, 2.0, 5 / 3),  # n_on = 0: b = n_off/(1 + tau)
        (2.0, 9, 0, 2.0, 1.0),  # n_off = 0, s below n_on/(1 + tau): the difference
        (5.0, 9, 0, 2.0, 0.0),  # n_off = 0, s above: none
        (0.0, 4, 8, 2.0, 4.0),  # no signal: both regions together
        (0.0, 0, 0, 2.0, 0.0),
        (-3.0, 0, 0, 2.0, 3.0),  # a negative signal needs as much background
        (-3.0, 5, 0, 2.0, 5 / 3 + 3),  # s + b = n_on/(1 + tau)
    ],
)
def test_branches_have_closed_forms(signal, on, off, ratio, background):
    """Rolke, Lopez and Conrad treat these cases apart; here one formula has them all (1e-12)."""
    found = one_bin(on, off, ratio).background(np.array([signal]))
    assert found == pytest.approx([background], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_gradient_with_the_background_profiled(seed):
    """Central differences over 1e-5, signals of both signs, empty bins: 1e-5 of (1 + |slope|).

    Second derivatives jump where b reaches zero, which costs up to 1e-5 times their jump.
    """
    rng = np.random.default_rng(seed)
    on, off = rng.poisson(3, 12).astype(float), rng.poisson(2, 12).astype(float)
    signal = LinearPrediction(("a", "b"), rng.normal(size=(2, 12)), rng.normal(size=12))
    term = OnOffTerm(on, off, rng.uniform(0.2, 5, 12), signal)
    at = rng.normal(size=2) * 3
    for k, found in enumerate(term.gradient(at)):
        step = np.eye(2)[k] * 1e-5
        slopes = (term.deviance(at + step) - term.deviance(at - step)) / 2e-5
        assert found == pytest.approx(slopes, abs=1e-5 * (1 + abs(slopes)))


def test_a_very_long_control_measurement_is_a_known_background():
    """tau = 1e9: D is that of counts with b = n_off/tau; the rest is n/(tau b), 1e-8."""
    b, n, s = 2.5, 6.0, 1.2
    found = one_bin(n, 1e9 * b, 1e9).deviance(np.array([s]))
    assert found == pytest.approx(poisson_deviance([n], [s + b]), rel=1e-7)


@pytest.mark.parametrize("signal", [1e-12, 1e12, -1e12])
def test_extreme_signals_keep_their_digits(signal):
    """D tends to 2 |s| (times tau if negative) far out: rounding 1e-9 of it."""
    found = one_bin(3, 2, 4.0).deviance(np.array([signal]))
    far = 2 * signal if signal > 0 else -8 * signal
    none = one_bin(3, 2, 4.0).deviance(np.array([0.0]))
    expected = far if abs(signal) > 1 else none
    assert found == pytest.approx(expected, rel=1e-9)


def test_asimov_data_are_fitted_perfectly():
    """On = s + b, off = tau b with the profiled b: D vanishes there (rounding 1e-12)."""
    at = np.array([2.0])
    assert one_bin(7, 8, 2.0).asimov(at).deviance(at) == pytest.approx(0.0, abs=1e-12)


def test_simulated_counts_have_their_expectations():
    """Means of 4000 draws within five standard deviations, in both regions."""
    term, at, number = one_bin(7, 8, 2.0), np.array([2.0]), 4000
    rng = np.random.default_rng(4)
    draws = [term.simulated(at, rng) for _ in range(number)]
    b = term.background(at)[0]
    for mean, mu in (
        (np.mean([d.on[0] for d in draws]), 2.0 + b),
        (np.mean([d.off[0] for d in draws]), 2.0 * b),
    ):
        assert abs(mean - mu) < 5 * math.sqrt(mu / number)


def test_walls_are_the_signals_of_empty_bins():
    """Only a bin without any count has a kink, on the side where the signal is."""
    signal = LinearPrediction(("s",), np.ones((1, 3)), np.zeros(3))
    term = OnOffTerm(np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 2.0]), np.array(1.0), signal)
    numbers, rows = term.walls(np.array([-2.0]))(np.array([-3.0]))
    assert numbers.tolist() == [3.0]
    assert rows.tolist() == [[-1.0]]


@pytest.mark.parametrize(
    ("on", "off", "ratio", "words"),
    [
        (np.zeros(0), np.zeros(0), np.array(1.0), "at least one bin"),
        (np.ones(2), np.ones(3), np.array(1.0), "shape"),
        (np.ones(2), np.ones(2), np.ones(3), "shape"),
        (np.ones(2), np.ones(2), np.array(0.0), "not positive"),
        (np.ones(2), np.array([1.0, -1.0]), np.array(1.0), "negative"),
    ],
)
def test_data_are_checked(on, off, ratio, words):
    """Shapes, negative counts and a control region without exposure have names."""
    with pytest.raises(InvalidInput, match=words):
        OnOffTerm(on, off, ratio, LinearPrediction((), np.zeros((0, 2)), np.zeros(2)))
