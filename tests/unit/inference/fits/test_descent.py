"""Newton's method with bounds on functions whose minimum is known."""

import numpy as np
import pytest

from nuatom.inference.fits.descent import Problem, curvature, is_minimum, newton
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.parameters import Parameter
from nuatom.inference.predictions import LinearPrediction

MATRIX = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, -0.3], [0.0, -0.3, 4.0], [1.0, 1.0, 1.0]])
DATA = np.array([1.0, -2.0, 3.0, 0.5])
NAMES = ("a", "b", "c")


def parabola(**ranges):
    """Least squares of a linear model: D = |data - MATRIX x|^2."""
    line = LinearPrediction(NAMES, MATRIX.T, np.zeros(4))
    term = NormalTerm.independent(DATA, np.ones(4), line)
    return Likelihood(tuple(Parameter(n, **ranges.get(n, {})) for n in NAMES), (term,))


def places(*k):
    return np.array(k, dtype=int)


def test_a_parabola_ends_at_the_normal_equations():
    """One step is exact up to rounding and the differences for H: 1e-9."""
    problem = Problem(parabola(), {})
    expected = np.linalg.lstsq(MATRIX, DATA, rcond=None)[0]
    assert newton(problem, np.array([9.0, -7.0, 3.0])) == pytest.approx(expected, abs=1e-9)


def test_fixed_parameters_stay():
    """The others are fitted beside them; 1e-9 as above."""
    problem = Problem(parabola(), {"b": 2.0})
    expected = np.linalg.lstsq(MATRIX[:, [0, 2]], DATA - 2.0 * MATRIX[:, 1], rcond=None)[0]
    assert newton(problem, np.zeros(2)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_scales_need_not_be_good(scale):
    """The curvature sets its own steps; 1e-6 of the error of a parameter."""
    ranges = {n: {"scale": scale} for n in NAMES}
    problem = Problem(parabola(**ranges), {})
    expected = np.linalg.lstsq(MATRIX, DATA, rcond=None)[0]
    end = newton(problem, np.zeros(3))
    assert problem.full(end) == pytest.approx(expected, abs=1e-6)


def test_a_bound_holds_exactly():
    """scipy's bounded least squares has the same point: on the bound exactly, else 1e-8."""
    from scipy.optimize import lsq_linear

    ranges = {"a": {"low": 2.0, "starts": (2.0,)}, "c": {"high": 0.25}}
    problem = Problem(parabola(**ranges), {})
    expected = lsq_linear(
        MATRIX, DATA, ([2.0, -np.inf, -np.inf], [np.inf, np.inf, 0.25]), tol=1e-13
    )
    found = problem.full(newton(problem, np.array([3.0, 0.0, -5.0])))
    assert found == pytest.approx(expected.x, abs=1e-8)
    assert (found[0], found[2]) == (2.0, 0.25)


def test_a_bound_is_left_where_the_deviance_falls_inwards():
    """From the corner of two bounds the descent goes to the free minimum (1e-8)."""
    ranges = {"a": {"low": -3.0}, "c": {"high": 5.0}}
    problem = Problem(parabola(**ranges), {})
    expected = np.linalg.lstsq(MATRIX, DATA, rcond=None)[0]
    assert newton(problem, np.array([-3.0, 0.0, 5.0])) == pytest.approx(expected, abs=1e-8)


def test_a_bound_that_rounding_would_miss_is_kept():
    """A bound of 0.1 in units of a scale 0.3 is 0.1 again, not 0.1 less a bit."""
    ranges = {"a": {"low": 0.1, "starts": (0.1,), "scale": 0.3}}
    problem = Problem(parabola(**ranges), {})
    for x in (0.1 / 0.3, -4.0):
        assert problem.full(np.array([x, 0.0, 0.0]))[0] == 0.1


def test_curvature_of_counts_is_that_of_the_formula():
    """H = 2 sum n/mu^2 t t^T; differences over 1e-3 of an error: 1e-5 relative."""
    rng = np.random.default_rng(4)
    templates, counts = rng.random((2, 9)) + 0.1, rng.poisson(20, 9).astype(float)
    term = PoissonTerm(counts, LinearPrediction(("a", "b"), templates, np.full(9, 5.0)))
    problem = Problem(Likelihood((Parameter("a"), Parameter("b")), (term,)), {})
    at = np.array([4.0, 9.0])
    found, flat = curvature(problem, at, places(0, 1))
    weight = 2 * counts / term.expected(at) ** 2
    assert found == pytest.approx((templates * weight) @ templates.T, rel=1e-5)
    assert not np.any(flat)


def test_a_parameter_that_changes_nothing_is_flat():
    """Zero curvature at any distance, however far."""
    line = LinearPrediction(("a", "b"), np.array([[1.0, 2.0], [0.0, 0.0]]), np.zeros(2))
    term = NormalTerm.independent(np.ones(2), np.ones(2), line)
    problem = Problem(Likelihood((Parameter("a"), Parameter("b")), (term,)), {})
    _, flat = curvature(problem, np.zeros(2), places(0, 1))
    assert flat.tolist() == [False, True]
    assert newton(problem, np.zeros(2)) is None


def test_a_linear_deviance_slides_to_its_bound():
    """Without counts D = 2 mu falls to the lowest strength, exactly."""
    term = PoissonTerm(np.zeros(2), LinearPrediction(("a",), np.ones((1, 2)), np.ones(2)))
    problem = Problem(Likelihood((Parameter("a", (5.0,), low=0.5),), (term,)), {})
    assert newton(problem, np.array([7.0])).tolist() == [0.5]


def test_a_saddle_is_no_minimum():
    """At x = 0 of D = (x^2 - 1)^2 the slope vanishes, and D falls on both sides."""

    class Square:
        names = ("x",)

        def expected(self, values):
            return values**2

        def jacobian(self, values):
            return 2 * values[:, None]

    term = NormalTerm.independent(np.ones(1), np.ones(1), Square())
    problem = Problem(Likelihood((Parameter("x"),), (term,)), {})
    assert newton(problem, np.zeros(1)) is None
    assert newton(problem, np.array([0.4])) == pytest.approx([1.0], abs=1e-6)
    assert newton(problem, np.array([-0.1])) == pytest.approx([-1.0], abs=1e-6)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (np.zeros((0, 0)), True),
        (np.diag([1e-20, 1e20]), True),
        (np.array([[1.0, 1.0], [1.0, 1.0]]), False),
        (np.diag([1.0, -1.0]), False),
        (np.diag([1.0, 0.0]), False),
    ],
)
def test_minimum_or_not(matrix, expected):
    """Units of the parameters do not matter, flat and falling directions do."""
    assert is_minimum(matrix) is expected
