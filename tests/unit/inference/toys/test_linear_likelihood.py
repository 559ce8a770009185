"""Likelihoods as arrays: the same deviance, toys with the right moments, tangents."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.toys.linear_likelihood import is_linear, linear, tangent

RNG = np.random.default_rng(17)
COUNTED = LinearPrediction(("signal", "rate"), RNG.random((2, 6)) * 5, RNG.random(6))
MEASURED = LinearPrediction(("tilt", "signal"), RNG.normal(size=(2, 4)), RNG.normal(size=4))
ROOT = RNG.normal(size=(4, 4))
COVARIANCE = ROOT @ ROOT.T + np.eye(4)


@dataclass(frozen=True)
class Squared:
    """Counts that go with the square of a coupling, beside a background."""

    names: tuple[str, ...] = ("coupling", "rate")

    def expected(self, values):
        return values[0] ** 2 * np.array([1.0, 2.0, 3.0]) + values[1] * np.array([5.0, 4.0, 3.0])

    def jacobian(self, values):
        return np.array([2 * values[0] * np.array([1.0, 2.0, 3.0]), [5.0, 4.0, 3.0]]).T


@pytest.fixture
def joint():
    """Counts and correlated numbers, with two priors."""
    counts = RNG.poisson(COUNTED.expected(np.array([1.0, 1.0]))).astype(float)
    parameters = (
        Parameter("signal", starts=(0.5,), low=0.0),
        Parameter("rate", starts=(1.0,), low=0.0, prior=Gaussian(1.1, 0.2)),
        Parameter("tilt", prior=Gaussian(-0.3, 1.0)),
    )
    terms = (PoissonTerm(counts, COUNTED), NormalTerm(np.arange(4.0), COVARIANCE, MEASURED))
    return Likelihood(parameters, terms)


def test_the_same_minimum(joint):
    """The least deviance, free and with a parameter held, is that of the likelihood itself."""
    arrays = linear(joint)
    data = arrays.counts[None], arrays.measured[None]
    begin = np.array([0.7, 1.0, 0.0])
    least, values = arrays.best(*data, begin)
    best = minimise(joint)
    assert least[0] == pytest.approx(best.deviance, abs=1e-8)
    assert values[0] == pytest.approx(best.values, abs=1e-5)
    held = minimise(joint, fixed={"signal": 0.7}).deviance
    assert arrays.least(*data, begin, "signal")[0] == pytest.approx(held, abs=1e-8)
    # D of the likelihood at any place
    assert joint.deviance(values[0]) == pytest.approx(least[0], abs=1e-8)


def test_toys_have_the_moments_of_the_likelihood(joint):
    """Counts are Poisson about the expectation, numbers and priors normal about theirs.

    5 standard deviations of the mean of 40,000, and 5 % in the variances.
    """
    values, number = np.array([0.8, 1.2, 0.4]), 40_000
    arrays = linear(joint)
    counts, measured = arrays.draw(values, number, np.random.default_rng(3))
    mean = joint.terms[0].prediction.expected(values[:2])
    assert np.all(np.abs(counts.mean(axis=0) - mean) < 5 * np.sqrt(mean / number))
    assert counts.var(axis=0) == pytest.approx(mean, rel=0.05)
    expected = np.linalg.solve(np.linalg.cholesky(COVARIANCE), MEASURED.expected(values[[2, 0]]))
    expected = np.append(expected, [1.2 / 0.2, 0.4 / 1.0])
    assert np.all(np.abs(measured.mean(axis=0) - expected) < 5 / np.sqrt(number))
    assert np.cov(measured.T) == pytest.approx(np.eye(6), abs=0.05)


def test_independent_errors_are_a_diagonal_covariance(joint):
    """Variances alone mean the same as the diagonal matrix."""
    counts, numbers = joint.terms
    variances = np.array([1.0, 4.0, 0.25, 2.0])
    one, two = (
        linear(Likelihood(joint.parameters, (counts, replace(numbers, covariance=covariance))))
        for covariance in (variances, np.diag(variances))
    )
    assert one.measured == pytest.approx(two.measured, rel=1e-12)
    assert one.model.design == pytest.approx(two.model.design, rel=1e-12, abs=1e-15)


def test_possible_toys(joint):
    """Toys with counts where nothing is expected are impossible, and so is a negative mean."""
    arrays = linear(joint)
    drawn, _ = arrays.draw(np.array([1.0, 1.0, 0.0]), 10, np.random.default_rng(1))
    assert arrays.is_possible(drawn, np.array([0.0, 0.5, 0.0]))
    assert not arrays.is_possible(drawn, np.array([-9.0, 0.0, 0.0]))
    with pytest.raises(InvalidInput, match="negative expectation"):
        arrays.draw(np.array([-9.0, 0.0, 0.0]), 10, np.random.default_rng(1))


def test_what_is_linear(joint):
    """Squares of a coupling are not, nor are terms of other kinds."""
    assert is_linear(joint)
    squared = Likelihood(
        (Parameter("coupling"), Parameter("rate", (1.0,), low=0.0)),
        (PoissonTerm(np.array([5.0, 4.0, 3.0]), Squared()),),
    )
    assert not is_linear(squared)
    with pytest.raises(InvalidInput, match="a term that is not linear"):
        linear(squared)
    pairs = OnOffTerm(np.array([3.0]), np.array([5.0]), 1.0, LinearPrediction(("s",), [[1.0]], [0]))
    other = Likelihood((Parameter("s", low=0.0),), (pairs,))
    assert not is_linear(other)
    with pytest.raises(InvalidInput, match="found a OnOffTerm"):
        tangent(other, np.array([1.0]))


def test_tangent_touches():
    """At its point the tangent has the deviance and the gradient of the likelihood."""
    squared = Likelihood(
        (Parameter("coupling"), Parameter("rate", (1.0,), low=0.0, prior=Gaussian(1.0, 0.1))),
        (PoissonTerm(np.array([8.0, 4.0, 6.0]), Squared()),),
    )
    values = np.array([0.9, 1.1])
    straight = tangent(squared, values)
    assert is_linear(straight)
    assert straight.deviance(values) == pytest.approx(squared.deviance(values), rel=1e-12)
    assert straight.gradient(values) == pytest.approx(squared.gradient(values), rel=1e-10)
    # beside it they differ in second order
    step = np.array([1e-4, 0.0])
    assert straight.deviance(values + step) != squared.deviance(values + step)
    difference = straight.deviance(values + step) - squared.deviance(values + step)
    assert abs(difference) < 1e-6


def test_the_tangent_of_a_linear_likelihood_is_itself(joint):
    """Anywhere, to rounding."""
    straight = tangent(joint, np.array([2.0, 0.3, 1.0]))
    for values in np.random.default_rng(4).random((5, 3)):
        assert straight.deviance(values) == pytest.approx(joint.deviance(values), rel=1e-10)
