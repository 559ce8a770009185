"""Poisson likelihood ratios of templates beside closed forms and another optimiser."""

import math

import numpy as np
import pytest
from scipy import optimize

from nuatom.errors import InvalidInput
from nuatom.inference.likelihood_ratio import (
    exposure_to_separate,
    fit_templates,
    separation,
    simulated_separations,
)
from nuatom.inference.likelihoods.poisson import poisson_deviance


def test_one_template_is_scaled_to_the_total():
    """The maximum of one template has the total of the counts."""
    fit = fit_templates([1.0, 4.0, 7.0], [[1.0, 2.0, 3.0]])
    assert fit.coefficients == pytest.approx([2.0], rel=1e-10)
    assert fit.expected.sum() == pytest.approx(12.0, rel=1e-10)


@pytest.mark.parametrize(("n_on", "n_off", "tau"), [(30.0, 60.0, 3.0), (12.0, 5.0, 0.5)])
def test_on_off_is_the_formula_of_li_and_ma(n_on, n_off, tau):
    """Two bins, a background of ratio tau: -2 ln lambda is Eq. (17) of Li and Ma (1983)."""
    alpha, total = 1 / tau, n_on + n_off
    li_ma = 2 * (
        n_on * math.log((1 + alpha) / alpha * n_on / total)
        + n_off * math.log((1 + alpha) * n_off / total)
    )
    assert separation([n_on, n_off], [[1.0, tau]]) == pytest.approx(li_ma, rel=1e-10)


def test_small_signal_is_gaussian():
    """For s << b: D = s^T V s with the templates projected out of s/sqrt(b).

    Tolerance 1 %: the next order is s/b = 1e-3 in the bins.
    """
    rng = np.random.default_rng(5)
    b, s = 100 + 50 * rng.random(40), 0.1 * rng.random(40)
    templates = np.vstack([np.ones(40), b])
    whitened, design = s / np.sqrt(b), (templates / np.sqrt(b)).T
    rest = whitened - design @ np.linalg.lstsq(design, whitened, rcond=None)[0]
    assert separation(b + s, templates) == pytest.approx(rest @ rest, rel=1e-2)


@pytest.mark.parametrize("seed", range(6))
def test_maximum_by_another_optimiser(seed):
    """L-BFGS-B with bounds never finds less, and the conditions of the maximum hold.

    Tolerances: 1e-6 of the counts for the gradient; L-BFGS-B itself stops at 1e-8.
    """
    rng = np.random.default_rng(seed)
    t = rng.random((6, 80)) ** 4 + 1e-3
    counts = rng.poisson(10.0 ** rng.uniform(-0.5, 2) * rng.random(6) @ t).astype(float)
    fit = fit_templates(counts, t)
    other = optimize.minimize(
        lambda c: poisson_deviance(counts, np.maximum(c @ t, 1e-12)),
        np.full(6, 1.0),
        jac=lambda c: 2 * (t * (1 - counts / np.maximum(c @ t, 1e-12))).sum(axis=1),
        bounds=[(0, None)] * 6,
        method="L-BFGS-B",
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 2000},
    )
    assert fit.deviance <= other.fun * (1 + 1e-9) + 1e-9
    gradient = (t * (1 - counts / fit.expected)).sum(axis=1) / t.sum(axis=1)
    assert np.all(gradient > -1e-5)
    assert np.all(np.abs(gradient * fit.coefficients * t.sum(axis=1)) < 1e-6 * counts.sum())


def test_coefficients_are_never_negative():
    """A deficit is not fitted by a negative signal."""
    fit = fit_templates([10.0, 4.0], [[1.0, 1.0], [0.0, 1.0]])
    assert np.all(fit.coefficients >= 0)
    assert fit.coefficients == pytest.approx([7.0, 0.0], abs=1e-7)


def test_separation_is_proportional_to_the_exposure():
    """Twice the exposure is twice -2 ln lambda, so that 9/D is the exposure for 3 sigma."""
    rate, flat = np.array([5.0, 3.0, 2.0, 2.0]), np.ones((1, 4))
    assert separation(2e6 * rate, flat) == pytest.approx(2e6 * separation(rate, flat), rel=1e-9)
    exposure = exposure_to_separate(rate, flat)
    assert separation(exposure * rate, flat) == pytest.approx(9.0, rel=1e-9)


def test_exposure_goes_as_the_inverse_fourth_power_of_a_coupling():
    """Signal ~ g^2 on a large background: D ~ g^4.  Tolerance 2 %: s/b is 1 %."""
    background, signal = np.full(20, 100.0), np.linspace(0, 1, 20)
    strong, weak = (
        exposure_to_separate(background + g**2 * signal, np.ones((1, 20))) for g in (1.0, 0.1)
    )
    assert weak / strong == pytest.approx(1e4, rel=0.02)


def test_what_the_alternative_contains_is_never_separated():
    """No exposure tells a spectrum from a set of templates that contains it."""
    templates = np.array([[1.0, 1.0, 1.0], [3.0, 2.0, 1.0]])
    assert exposure_to_separate(2 * templates[0] + 0.5 * templates[1], templates) == math.inf


def test_more_freedom_needs_more_exposure():
    """Adding a template to the alternative can only lower -2 ln lambda."""
    rng = np.random.default_rng(3)
    expected, templates = 1 + rng.random(30), rng.random((5, 30))
    values = [separation(expected, templates[:k]) for k in range(1, 6)]
    assert np.all(np.diff(values) <= 1e-9)


def test_deviance_keeps_its_digits_near_zero():
    """For mu = n (1 + x), D = n x^2 (1 - 2x/3): at x = 1e-9 a difference would be noise."""
    for x in (1e-9, 1e-6):
        assert poisson_deviance([4.0], [4.0 * (1 + x)]) == pytest.approx(4 * x**2, rel=1e-5)
    # on both sides of the series
    for x in (0.999e-3, 1.001e-3):
        exact = 2 * 4 * (x - math.log1p(x))
        assert poisson_deviance([4.0], [4.0 * (1 + x)]) == pytest.approx(exact, rel=1e-9)


def test_empty_bins_count():
    """n = 0 adds 2 mu, and counts where nothing is expected are impossible."""
    assert poisson_deviance([0.0], [1.5]) == pytest.approx(3.0, rel=1e-12)
    assert poisson_deviance([1.0], [0.0]) == math.inf
    assert fit_templates([0.0, 0.0], [[1.0, 2.0]]).deviance == 0.0


def test_simulated_experiments_reach_the_expected_significance():
    """At 9 = D the median of sqrt(q) is 3, and without a signal q > 2.71 in 5 % of cases.

    600 experiments: the error of the median is 0.05, that of the 5 % is 0.9 %.
    """
    flat, signal = np.ones((1, 12)), np.array([3.0, 1.0, *([0.0] * 10)])
    scale = 9 / separation(20 * flat[0] + signal, flat)
    mean = scale * (20 * flat[0] + signal)
    q = simulated_separations(mean, flat, signal, experiments=600, seed=11)
    assert np.median(np.sqrt(q)) == pytest.approx(3.0, abs=0.2)
    null = simulated_separations(scale * 20 * flat[0], flat, signal, experiments=600, seed=12)
    assert np.mean(null > 2.7055) == pytest.approx(0.05, abs=0.03)
    # a signal that cannot be negative: half of the experiments prefer none
    assert np.mean(null < 1e-6) == pytest.approx(0.5, abs=0.08)


def test_simulations_are_reproducible():
    """The same seed gives the same experiments."""
    arguments = ([4.0, 4.0], [[1.0, 1.0]], [1.0, 0.0])
    first, second = (simulated_separations(*arguments, experiments=5, seed=3) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize(
    ("counts", "templates"),
    [
        ([1.0, -1.0], [[1.0, 1.0]]),
        ([1.0, 1.0], [[1.0, -1.0]]),
        ([1.0, 1.0], [[1.0, 1.0, 1.0]]),
        ([1.0, 1.0], [[0.0, 0.0]]),
        ([1.0, 1.0], [[1.0, 0.0]]),
        ([math.nan, 1.0], [[1.0, 1.0]]),
    ],
)
def test_nonsense_is_refused(counts, templates):
    """Negative numbers, wrong shapes, empty templates, and counts that nothing explains."""
    with pytest.raises(InvalidInput):
        fit_templates(counts, templates)


def test_a_significance_must_be_positive():
    """Zero sigma need no exposure and no answer."""
    with pytest.raises(InvalidInput):
        exposure_to_separate([1.0], [[1.0]], 0.0)
    with pytest.raises(InvalidInput, match="experiments"):
        simulated_separations([1.0], [[1.0]], [1.0], experiments=0, seed=1)
