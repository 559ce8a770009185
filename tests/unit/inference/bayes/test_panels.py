"""Densities as series on panels."""

import numpy as np
import pytest
from scipy import stats

from nuatom.errors import FitFailed
from nuatom.inference.bayes.panels import panel_density


def test_gamma_distribution() -> None:
    """Quantiles, cumulative and density of a Gamma distribution, from its unnormalised ln."""
    gamma = stats.gamma(4.0)
    found = panel_density(lambda t: np.array([3 * np.log(t) - t + 7.0]), [0.0, 3.0, 60.0], 1e-9)
    for p in (0.01, 0.3, 0.9, 0.999):
        # the last coefficients are below 1e-9 of the integral
        assert found.quantile(p) == pytest.approx(gamma.ppf(p), rel=1e-7)
        assert found.cumulative(gamma.ppf(p)) == pytest.approx(p, abs=1e-8)
    t = np.array([0.5, 3.0, 11.0])
    assert found.values(t) == pytest.approx(gamma.pdf(t), abs=1e-8)


def test_estimates_side_by_side() -> None:
    """Each estimate is normalised on its own, and has its own quantiles."""
    found = panel_density(lambda t: np.array([-t, -2 * t + 5]), [0.0, 10.0, 40.0], 1e-9)
    assert found.estimates == 2
    assert found.quantile(0.9, 0) == pytest.approx(np.log(10), rel=1e-7)
    assert found.quantile(0.9, 1) == pytest.approx(np.log(10) / 2, rel=1e-5)


def test_huge_logarithms() -> None:
    """A constant of any size in the logarithm does not matter."""
    for constant in (-1e5, 1e5):
        found = panel_density(lambda t, c=constant: np.array([c - t**2]), [-8.0, 8.0], 1e-8)
        assert found.quantile(0.5) == pytest.approx(0.0, abs=1e-8)


def test_ends() -> None:
    """Beyond what rounding leaves of the probability, quantiles are the ends."""
    found = panel_density(lambda t: np.array([0.0 * t]), [1.0, 3.0], 1e-9)
    assert found.quantile(0.0) == pytest.approx(1.0, abs=1e-9)
    assert found.quantile(1.0) == pytest.approx(3.0, abs=1e-9)


def test_nothing() -> None:
    """A density that is zero everywhere is an error."""
    with pytest.raises(FitFailed, match="density: found none above zero"):
        panel_density(lambda t: np.array([-np.inf]), [0.0, 1.0], 1e-8)
