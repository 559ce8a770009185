"""Linear predictions: templates times strengths."""

import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.inference.predictions import LinearPrediction


@pytest.fixture
def spectrum():
    return LinearPrediction(
        ("a", "b"), np.array([[1.0, 0.0, -2.0], [3.0, 4.0, 5.0]]), np.array([10.0, 20.0, 30.0])
    )


def test_expectation_by_hand(spectrum):
    """10 + 2 - 3, 20 - 4, 30 - 4 - 5: sums of small integers are exact."""
    assert spectrum.expected(np.array([2.0, -1.0])).tolist() == [9.0, 16.0, 21.0]


def test_jacobian_is_exact_for_any_step(spectrum):
    """For a linear function a difference over any step is the derivative; rounding 1e-12."""
    values, steps = np.array([0.5, -2.0]), np.diag([64.0, 1e-3])
    for k, step in enumerate(steps):
        difference = (spectrum.expected(values + step) - spectrum.expected(values)) / step[k]
        assert spectrum.jacobian(values)[:, k] == pytest.approx(difference, rel=1e-12, abs=1e-9)


def test_no_parameter_is_a_known_spectrum():
    """Without parameters the expectation is the constant."""
    known = LinearPrediction((), np.zeros((0, 2)), np.array([1.0, 2.0]))
    assert known.expected(np.zeros(0)).tolist() == [1.0, 2.0]
    assert known.jacobian(np.zeros(0)).shape == (2, 0)


@pytest.mark.parametrize(
    ("names", "templates", "constant", "words"),
    [
        (("a",), np.ones((1, 0)), np.zeros(0), "at least one bin"),
        (("a",), np.ones((1, 2)), np.zeros((1, 2)), "one number for each bin"),
        (("a",), np.ones((2, 2)), np.zeros(2), r"expected \(1, 2\)"),
        (("a",), np.ones(2), np.zeros(2), r"expected \(1, 2\)"),
        (("a", "a"), np.ones((2, 2)), np.zeros(2), "each once"),
        (("a",), np.full((1, 2), np.nan), np.zeros(2), "not finite"),
    ],
)
def test_shapes_are_checked(names, templates, constant, words):
    """What numpy would broadcast silently is refused."""
    with pytest.raises(InvalidInput, match=words):
        LinearPrediction(names, templates, constant)
