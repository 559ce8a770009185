import math

import numpy as np
import pytest
from scipy import optimize, stats

from nuatom.errors import InvalidInput
from nuatom.inference.chi_square import (
    TemplateFit,
    fit_by_covariance,
    fit_by_shift,
    statistical_error,
)

ERROR = np.array([0.5, 1.0, 0.8, 2.0, 0.3])
SIGNAL = np.array([3.0, 1.5, 0.7, 0.1, 0.05])
DATA = np.array([1.0, -0.6, 0.9, 2.2, -0.1])
SHIFTS = [np.array([0.4, 0.3, 0.2, 0.1, 0.0]), np.array([0.0, 0.5, -0.2, 0.5, 0.1])]
BOTH = pytest.mark.parametrize("fit", [fit_by_shift, fit_by_covariance])


@BOTH
def test_constant_is_the_weighted_mean(fit: object) -> None:
    """A constant template gives the weighted mean, its error and its chi2."""
    found: TemplateFit = fit(DATA, ERROR, np.ones(5))  # type: ignore[operator]
    weights = ERROR**-2
    mean = np.average(DATA, weights=weights)
    assert found.best_fit == pytest.approx(mean, rel=1e-12)
    assert found.statistical == pytest.approx(weights.sum() ** -0.5, rel=1e-12)
    assert found.systematic == 0.0
    assert found.chi2 == pytest.approx(np.sum(weights * (DATA - mean) ** 2), rel=1e-12)
    assert found.degrees_of_freedom == 4
    assert found.p_value == pytest.approx(stats.chi2.sf(found.chi2, 4), rel=1e-12)


@BOTH
def test_against_curve_fit(fit: object) -> None:
    """Best fit and error agree with scipy's least squares on the same template."""
    found: TemplateFit = fit(DATA, ERROR, SIGNAL)  # type: ignore[operator]
    best, covariance = optimize.curve_fit(
        lambda s, x: x * s, SIGNAL, DATA, p0=[0.0], sigma=ERROR, absolute_sigma=True
    )
    # curve_fit stops at a relative change of 1e-8 and differentiates numerically
    assert found.best_fit == pytest.approx(best[0], rel=1e-6)
    assert found.statistical == pytest.approx(math.sqrt(covariance[0, 0]), rel=1e-6)


def test_covariance_equals_profiled_nuisances() -> None:
    """The covariance fit equals a minimisation over one unit-Gaussian nuisance per source."""

    def chi2(p: np.ndarray) -> float:
        moved = DATA - p[0] * SIGNAL - p[1] * SHIFTS[0] - p[2] * SHIFTS[1]
        return float(np.sum((moved / ERROR) ** 2) + p[1] ** 2 + p[2] ** 2)

    found = fit_by_covariance(DATA, ERROR, SIGNAL, shifts=SHIFTS)
    best = optimize.minimize(chi2, np.zeros(3), tol=1e-12)
    assert found.best_fit == pytest.approx(best.x[0], abs=1e-6)  # BFGS with numerical slopes
    assert found.chi2 == pytest.approx(best.fun, rel=1e-9)

    # the total error from the curvature of the profile
    def profile(x: float) -> float:
        inner = optimize.minimize(lambda n: chi2(np.array([x, *n])), np.zeros(2), tol=1e-12)
        return float(inner.fun) - best.fun

    assert profile(found.best_fit + found.total) == pytest.approx(1.0, abs=1e-6)


def test_shift_is_the_move_of_the_best_fit() -> None:
    """Each source contributes what one standard deviation of it moves the best fit by."""
    plain = fit_by_shift(DATA, ERROR, SIGNAL)
    moves = [fit_by_shift(DATA + t, ERROR, SIGNAL).best_fit - plain.best_fit for t in SHIFTS]
    found = fit_by_shift(DATA, ERROR, SIGNAL, shifts=SHIFTS)
    assert found.systematic == pytest.approx(math.hypot(*moves), rel=1e-12)
    assert (found.best_fit, found.statistical) == (plain.best_fit, plain.statistical)


@BOTH
def test_normalisations_scale_the_best_fit(fit: object) -> None:
    """20 % on the cross section and 5 % on the flux are 20.6 % of the best fit."""
    found: TemplateFit = fit(DATA, ERROR, SIGNAL, normalisations=[0.20, 0.05])  # type: ignore[operator]
    assert found.systematic == pytest.approx(
        abs(found.best_fit) * math.sqrt(0.2**2 + 0.05**2), rel=1e-12
    )


def test_common_shift_that_copies_the_template() -> None:
    """A source with the shape of the signal adds its strength, and cannot be constrained."""
    for fit in (fit_by_shift, fit_by_covariance):
        found = fit(DATA, ERROR, SIGNAL, shifts=[0.7 * SIGNAL])
        assert found.systematic == pytest.approx(0.7, rel=1e-10)
        assert found.best_fit == pytest.approx(fit(DATA, ERROR, SIGNAL).best_fit, rel=1e-10)


def test_covariance_never_worse() -> None:
    """Using the data to constrain the sources cannot enlarge the total error."""
    shifted = fit_by_shift(DATA, ERROR, SIGNAL, shifts=SHIFTS)
    constrained = fit_by_covariance(DATA, ERROR, SIGNAL, shifts=SHIFTS)
    assert constrained.total < shifted.total
    assert constrained.systematic >= 0


def test_published_chi_square() -> None:
    """chi2/dof = 39/47 is a good fit: 48 bins give a p-value of 0.79."""
    rng = np.random.default_rng(39)
    error, signal = np.ones(48), np.linspace(2.0, 0.1, 48)
    noise = rng.normal(size=48)
    noise -= signal * (signal @ noise) / (signal @ signal)
    data = -1.0 * signal + noise * math.sqrt(39 / (noise @ noise))
    found = fit_by_shift(data, error, signal)
    assert (found.degrees_of_freedom, round(found.chi2, 9)) == (47, 39.0)
    assert found.best_fit == pytest.approx(-1.0, rel=1e-12)
    assert found.p_value == pytest.approx(stats.chi2.sf(39, 47), rel=1e-9)


def test_pulls_of_toys() -> None:
    """Pulls of 4000 simulated data sets are standard normal, chi2 has 4 degrees of freedom."""
    rng = np.random.default_rng(610)
    toys = 1.7 * SIGNAL + ERROR * rng.normal(size=(4000, 5))
    fits = [fit_by_shift(toy, ERROR, SIGNAL) for toy in toys]
    pulls = np.array([(f.best_fit - 1.7) / f.statistical for f in fits])
    assert stats.kstest(pulls, "norm").pvalue > 1e-3
    assert stats.kstest([f.p_value for f in fits], "uniform").pvalue > 1e-3


@BOTH
def test_pulls_with_systematics(fit: object) -> None:
    """With correlated shifts drawn as well, pulls by the total error are standard normal."""
    rng = np.random.default_rng(61801)
    nuisance = rng.normal(size=(3000, 2)) @ np.array(SHIFTS)
    toys = -1.0 * SIGNAL + nuisance + ERROR * rng.normal(size=(3000, 5))
    fits = [fit(toy, ERROR, SIGNAL, shifts=SHIFTS) for toy in toys]  # type: ignore[operator]
    pulls = np.array([(f.best_fit + 1.0) / f.total for f in fits])
    assert stats.kstest(pulls, "norm").pvalue > 1e-3


@BOTH
def test_units(fit: object) -> None:
    """The unit of counts drops out, that of the template changes x alone."""
    one: TemplateFit = fit(DATA, ERROR, SIGNAL, shifts=SHIFTS)  # type: ignore[operator]
    scaled: TemplateFit = fit(  # type: ignore[operator]
        1e30 * DATA, 1e30 * ERROR, 1e52 * SIGNAL, shifts=[1e30 * t for t in SHIFTS]
    )
    for name in ("best_fit", "statistical", "systematic"):
        assert getattr(scaled, name) == pytest.approx(1e-22 * getattr(one, name), rel=1e-10)
    assert scaled.chi2 == pytest.approx(one.chi2, rel=1e-10)


def test_predicted_error() -> None:
    """The error predicted before any data is the one that every data set has."""
    assert statistical_error(ERROR, SIGNAL) == fit_by_shift(DATA, ERROR, SIGNAL).statistical
    assert statistical_error(2 * ERROR, SIGNAL) == pytest.approx(
        2 * statistical_error(ERROR, SIGNAL)
    )


@BOTH
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"error": [1.0, 0.0]}, "error: found a value that is not positive"),
        ({"error": [1.0, -1.0]}, "error: found a value that is not positive"),
        ({"residual": [1.0, np.nan]}, "residual: found a value that is not finite"),
        ({"template": [0.0, 0.0]}, "template: found zero in every bin"),
        ({"template": [1.0, 1.0, 1.0]}, "template: found shape"),
        ({"residual": [1.0]}, "residual: found shape"),
        ({"residual": [1.0], "error": [1.0], "template": [1.0]}, "at least two bins"),
        ({"shifts": [[1.0]]}, "shifts: found shape"),
        ({"normalisations": [-0.2]}, "normalisations: found a negative"),
        ({"normalisations": [np.inf]}, "normalisations: found a value that is not finite"),
    ],
)
def test_bad_input(fit: object, arguments: dict[str, object], message: str) -> None:
    """Bad arrays are refused in one line that names them."""
    given = {"residual": [1.0, 2.0], "error": [1.0, 1.0], "template": [1.0, 1.0], **arguments}
    with pytest.raises(InvalidInput, match=message):
        fit(**given)  # type: ignore[operator]
