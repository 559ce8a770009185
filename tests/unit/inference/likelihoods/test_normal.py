"""Numbers with Gaussian errors beside scipy, closed forms and iminuit."""

import numpy as np
import pytest
from scipy import stats

from nuatom.errors import InvalidInput
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.predictions import LinearPrediction

RNG = np.random.default_rng(5)
ROOT = RNG.random((4, 4)) + np.eye(4)
COVARIANCE = ROOT @ ROOT.T
LINE = LinearPrediction(("a", "b"), RNG.random((2, 4)), RNG.random(4))
DATA = np.array([1.0, -2.0, 0.5, 3.0])
AT = np.array([0.4, -1.1])


def test_it_is_the_log_density_of_a_multivariate_normal():
    """scipy's density over its maximum; the matrix has a condition below 1e4: 1e-9."""
    law = stats.multivariate_normal(LINE.expected(AT), COVARIANCE)
    expected = -2 * (law.logpdf(DATA) - law.logpdf(LINE.expected(AT)))
    assert NormalTerm(DATA, COVARIANCE, LINE).deviance(AT) == pytest.approx(expected, rel=1e-9)


def test_variances_are_a_diagonal_covariance():
    """Three ways to say the same errors; rounding 1e-12."""
    errors = np.array([0.1, 2.0, 0.7, 1.0])
    full = NormalTerm(DATA, np.diag(errors**2), LINE).deviance(AT)
    assert NormalTerm(DATA, errors**2, LINE).deviance(AT) == pytest.approx(full, rel=1e-12)
    one = NormalTerm.independent(DATA, errors, LINE)
    assert one.deviance(AT) == pytest.approx(full, rel=1e-12)
    by_hand = sum(((DATA - LINE.expected(AT)) / errors) ** 2)
    assert full == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("covariance", [COVARIANCE, np.diag(COVARIANCE)])
def test_gradient_is_exact(covariance):
    """A parabola has exact central differences over any step; rounding 1e-9."""
    term = NormalTerm(DATA, covariance, LINE)
    for k, found in enumerate(term.gradient(AT)):
        step = np.eye(2)[k]
        slope = (term.deviance(AT + step) - term.deviance(AT - step)) / 2
        assert found == pytest.approx(slope, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("covariance", [COVARIANCE, np.diag(COVARIANCE)])
def test_simulated_numbers_have_the_covariance(covariance):
    """Mean and covariance of 5000 draws: five standard deviations.

    Those of a sample covariance are ``sqrt((V_ii V_jj + V_ij^2)/N)``.
    """
    term, number = NormalTerm(DATA, covariance, LINE), 5000
    rng = np.random.default_rng(2)
    draws = np.array([term.simulated(AT, rng).values for _ in range(number)])
    full = covariance if covariance.ndim == 2 else np.diag(covariance)
    variances = np.diag(full)
    assert np.all(np.abs(draws.mean(axis=0) - LINE.expected(AT)) < 5 * np.sqrt(variances / number))
    spread = np.sqrt((np.outer(variances, variances) + full**2) / number)
    assert np.all(np.abs(np.cov(draws.T) - full) < 5 * spread)


def test_asimov_data_are_fitted_perfectly():
    """Data equal to the expectation have no deviance."""
    assert NormalTerm(DATA, COVARIANCE, LINE).asimov(AT).deviance(AT) == 0.0


def test_scale_of_the_numbers_does_not_matter():
    """Numbers of 1e-20 with errors of 1e-22 are as good as numbers of one; rounding 1e-9."""
    small = LinearPrediction(LINE.names, 1e-20 * LINE.templates, 1e-20 * LINE.constant)
    term = NormalTerm(1e-20 * DATA, 1e-40 * COVARIANCE, small)
    assert term.deviance(AT) == pytest.approx(
        NormalTerm(DATA, COVARIANCE, LINE).deviance(AT), rel=1e-9
    )


def test_iminuit_has_the_same_cost():
    """iminuit's least squares with errors; rounding 1e-12."""
    from iminuit.cost import LeastSquares

    x, errors = np.arange(4.0), np.array([0.1, 2.0, 0.7, 1.0])
    cost = LeastSquares(x, DATA, errors, lambda x, a, b: a + b * x)
    line = LinearPrediction(("a", "b"), np.array([np.ones(4), x]), np.zeros(4))
    assert NormalTerm.independent(DATA, errors, line).deviance(AT) == pytest.approx(
        cost(*AT), rel=1e-12
    )


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        (np.ones((4, 4)), "singular"),
        (COVARIANCE + np.triu(np.ones((4, 4)), 1), "symmetric"),
        (-np.eye(4), "variance that is not positive"),
        (np.zeros(4), "variance that is not positive"),
        (np.array([[1.0, 2.0, 0, 0], [2, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), "singular"),
        (np.eye(3), "shape"),
        (np.full(4, np.inf), "not finite"),
    ],
)
def test_a_covariance_that_cannot_be_one_is_named(covariance, words):
    """Singular, not symmetric, not positive, of another shape."""
    with pytest.raises(InvalidInput, match=words):
        NormalTerm(DATA, covariance, LINE)


def test_empty_data_and_other_bins_are_refused():
    """No numbers, or a prediction of another length."""
    with pytest.raises(InvalidInput, match="at least one bin"):
        NormalTerm(np.zeros(0), np.zeros(0), LINE)
    with pytest.raises(InvalidInput, match="shape"):
        NormalTerm(np.ones(3), np.ones(3), LINE).deviance(AT)
    with pytest.raises(InvalidInput, match="not positive"):
        NormalTerm.independent(DATA, -np.ones(4), LINE)
