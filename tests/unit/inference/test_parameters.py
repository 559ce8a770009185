"""Parameters: what they accept, and their Gaussian priors."""

import numpy as np
import pytest
from scipy import stats

from nuatom.errors import InvalidInput
from nuatom.inference.parameters import Gaussian, Parameter


@pytest.mark.parametrize("value", [-3.0, 0.2, 7.0])
def test_prior_is_minus_twice_the_log_of_a_normal_density(value):
    """Minus twice the logarithm of the density over its maximum; rounding only (1e-12)."""
    normal = stats.norm(1.5, 0.4)
    expected = -2 * (normal.logpdf(value) - normal.logpdf(1.5))
    assert Gaussian(1.5, 0.4).deviance(value) == pytest.approx(expected, rel=1e-12)


def test_slope_is_the_derivative():
    """A parabola has exact central differences; rounding only (1e-9)."""
    prior = Gaussian(-2.0, 3.0)
    difference = (prior.deviance(1.5) - prior.deviance(0.5)) / 1.0
    assert prior.slope(1.0) == pytest.approx(difference, rel=1e-9)


@pytest.mark.parametrize(("mean", "width"), [(np.nan, 1.0), (0.0, 0.0), (0.0, -1.0), (0.0, np.inf)])
def test_prior_refuses_what_is_no_measurement(mean, width):
    """A measurement is finite and has an error."""
    with pytest.raises(InvalidInput):
        Gaussian(mean, width)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"low": 1.0, "high": 1.0}, "low < high"),
        ({"low": np.nan}, "low < high"),
        ({"starts": ()}, "at least one"),
        ({"starts": (0.0, 3.0), "high": 2.0}, "between"),
        ({"starts": (np.inf,)}, "not finite"),
        ({"scale": 0.0}, "scale of x"),
        ({"scale": np.inf}, "scale of x"),
    ],
)
def test_parameter_names_what_is_wrong(arguments, words):
    """The message says which parameter and what was expected."""
    with pytest.raises(InvalidInput, match=words):
        Parameter("x", **arguments)


def test_title_is_the_label_or_the_name():
    """A table needs a heading in any case."""
    assert Parameter("x").title == "x"
    assert Parameter("x", label="strength").title == "strength"
