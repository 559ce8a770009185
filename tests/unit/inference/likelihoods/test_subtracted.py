"""Counts whose expectation is off by an unknown part in groups of bins."""

import numpy as np
import pytest
from scipy import optimize

from nuatom.errors import InvalidInput
from nuatom.inference.likelihoods.poisson import PoissonTerm, poisson_deviance
from nuatom.inference.likelihoods.subtracted import SubtractedTerm
from nuatom.inference.predictions import LinearPrediction

GENERATOR = np.random.default_rng(5)
TEMPLATES = GENERATOR.uniform(0.5, 3.0, (2, 6))
CONSTANT = GENERATOR.uniform(5.0, 30.0, 6)
PREDICTION = LinearPrediction(("a", "b"), TEMPLATES, CONSTANT)
COUNTS = np.array([0.0, 21.0, 8.0, 40.0, 3.0, 17.0])
SIGMAS = np.array([3.0, 5.0, 0.0, 8.0, 2.0, 40.0])
GROUPS = np.array([0, 0, 0, 1, 1, 2])
VALUES = np.array([2.0, 0.7])


def term(**changes):
    """Six bins in three groups."""
    given = {
        "counts": COUNTS,
        "prediction": PREDICTION,
        "sigmas": SIGMAS,
        "groups": GROUPS,
        "centres": None,
    }
    return SubtractedTerm(**(given | changes))


def brute(values, centres=(0.0, 0.0, 0.0)):
    """The least deviance over each delta by a bounded search."""
    mu = PREDICTION.expected(values)
    total = 0.0
    for group, centre in enumerate(centres):
        here = group == GROUPS
        low = max(-m / s for m, s in zip(mu[here], SIGMAS[here], strict=True) if s > 0)

        def of(delta, here=here, centre=centre):
            return (
                poisson_deviance(COUNTS[here], np.maximum(mu[here] + delta * SIGMAS[here], 0))
                + (delta - centre) ** 2
            )

        found = optimize.minimize_scalar(
            of, bounds=(low + 1e-12, 20.0), method="bounded", options={"xatol": 1e-10}
        )
        total += found.fun
    return total


def test_deviance_is_the_least_over_the_errors():
    """A bounded search in each group finds the same; 1e-8 is its own accuracy."""
    assert term().deviance(VALUES) == pytest.approx(brute(VALUES), rel=1e-8)


def test_auxiliary_measurements_move_the_least():
    """With other centres, too."""
    centres = np.array([1.5, -0.4, 0.2])
    found = term(centres=centres).deviance(VALUES)
    assert found == pytest.approx(brute(VALUES, centres), rel=1e-8)


def test_without_errors_it_is_the_poisson_deviance():
    """Value and gradient are those of plain counts, to rounding."""
    plain = PoissonTerm(COUNTS, PREDICTION)
    found = term(sigmas=np.zeros(6))
    assert found.deviance(VALUES) == pytest.approx(plain.deviance(VALUES), rel=1e-13)
    assert found.gradient(VALUES) == pytest.approx(plain.gradient(VALUES), rel=1e-13)


def test_gradient_is_the_slope_of_the_deviance():
    """Central differences of relative step 1e-5; their error is near 1e-9."""
    found = term()
    for place in range(2):
        step = np.zeros(2)
        step[place] = 1e-5
        slope = (found.deviance(VALUES + step) - found.deviance(VALUES - step)) / 2e-5
        assert found.gradient(VALUES)[place] == pytest.approx(slope, rel=1e-6)


def test_curvature_is_the_slope_of_the_gradient():
    """For a linear expectation it is exact; central differences of step 1e-5."""
    found = term()
    gradient, matrix = found.curvature(VALUES)
    assert gradient == pytest.approx(found.gradient(VALUES), rel=1e-13)
    for place in range(2):
        step = np.zeros(2)
        step[place] = 1e-5
        slope = (found.gradient(VALUES + step) - found.gradient(VALUES - step)) / 2e-5
        assert matrix[:, place] == pytest.approx(slope, rel=1e-6)


def test_many_counts_in_one_bin_are_gaussian():
    """D = (n - mu)^2/(mu + sigma^2) for n of 1e8: the error of the expectation adds to its own.

    The next order is the relative shift, 3e-4.
    """
    flat = LinearPrediction(("b",), np.array([[1e8]]), np.zeros(1))
    one = SubtractedTerm(np.array([1e8 + 3e4]), flat, np.array([2e4]), np.array([0]))
    assert one.deviance(np.array([1.0])) == pytest.approx(9e8 / (1e8 + 4e8), rel=1e-3)


def test_an_expectation_is_never_pulled_below_zero():
    """A large error of an empty bin beside a full one ends where the first is empty."""
    flat = LinearPrediction(("b",), np.array([[1.0, 50.0]]), np.zeros(2))
    one = SubtractedTerm(np.array([0.0, 1.0]), flat, np.array([1.0, 1.0]), np.array([0, 0]))
    # delta >= -1: (0 expected, 49 expected), and (delta)^2 = 1
    assert one.deviance(np.array([1.0])) == pytest.approx(
        poisson_deviance([0.0, 1.0], [0.0, 49.0]) + 1, rel=1e-9
    )


def test_asimov_data_agree_with_what_they_are_made_of():
    """The deviance there is zero, whatever the centres were."""
    assert term(centres=np.ones(3)).asimov(VALUES).deviance(VALUES) == pytest.approx(0, abs=1e-12)


def test_simulated_counts_scatter_about_the_expectation():
    """Counts as Poisson, centres as standard normal: 4 sigma of the mean of 2000."""
    generator = np.random.default_rng(2)
    drawn = [term().simulated(VALUES, generator) for _ in range(2000)]
    mean = np.mean([one.counts for one in drawn], axis=0)
    mu = PREDICTION.expected(VALUES)
    assert np.all(np.abs(mean - mu) < 4 * np.sqrt(mu / 2000))
    centres = np.array([one.centres for one in drawn])
    assert np.all(np.abs(centres.mean(axis=0)) < 4 / np.sqrt(2000))
    assert np.all(np.abs(centres.std(axis=0) - 1) < 4 / np.sqrt(4000))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"counts": np.array([-1.0, 1, 1, 1, 1, 1])}, "counts: found a negative"),
        ({"sigmas": np.array([-1.0, 1, 1, 1, 1, 1])}, "sigmas: found a negative"),
        ({"sigmas": np.ones(3)}, "expected that of the data"),
        ({"groups": np.zeros(3, int)}, "groups: found the shape"),
        ({"groups": np.array([-1, 0, 0, 0, 0, 0])}, "groups: found the shape"),
        ({"centres": np.zeros(7)}, "centres: expected 3"),
        ({"centres": np.array([np.nan, 0, 0])}, "centres: expected 3"),
    ],
)
def test_wrong_data_are_refused(changes, said):
    """With what was expected."""
    with pytest.raises(InvalidInput, match=said):
        term(**changes)
