"""The profile along one parameter: warm starts, better minima, joined pieces."""

import numpy as np
import pytest

from nuatom.inference.fits.curve import Curve
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.parameters import Parameter
from nuatom.inference.predictions import LinearPrediction


class Valleys:
    """y = (x^2 - 1)(x - a): one number 0 has three roots; a second prefers one of them."""

    names = ("x", "other")

    def expected(self, values):
        x, y = values
        return np.array([4 * (x**2 - 1) * (x - 3), 0.2 * (x - 3), y**2 + y * x])

    def jacobian(self, values):
        x, y = values
        return np.array([[4 * (3 * x**2 - 6 * x - 1), 0.0], [0.2, 0.0], [y, 2 * y + x]])


def valleys(*starts):
    term = NormalTerm.independent([0.0, 0.0, 2.0], np.ones(3), Valleys())
    parameters = (Parameter("x", starts), Parameter("other", (1.0,)))
    return Likelihood(parameters, (term,))


def test_points_are_kept():
    """The same point is not fitted twice: the same object is returned."""
    curve = Curve(valleys(3.0), "x", {})
    assert curve.at(2.9) is curve.at(2.9)
    assert curve.rise(curve.best.values["x"]) == 0.0


def test_the_profile_takes_the_best_of_several_starts_of_a_nuisance():
    """y^2 = 1 and y = x: the branch y = -1 is better for x < 0; at x = -1 it fits perfectly.

    Following y = 1 from the best fit at x = 1 would give (1 + 1)^2 = 4 (1e-6: values).
    """

    class Branches:
        names = ("x", "other")

        def expected(self, values):
            x, y = values
            return np.array([30 * y**2, y - x, 0.5 * x])

        def jacobian(self, values):
            return np.array([[0.0, 60 * values[1]], [-1.0, 1.0], [0.5, 0.0]])

    term = NormalTerm.independent([30.0, 0.0, 0.5], np.ones(3), Branches())
    parameters = (Parameter("x", (1.0,)), Parameter("other", (1.0, -1.0)))
    curve = Curve(Likelihood(parameters, (term,)), "x", {})
    assert curve.at(1.0)[0] == pytest.approx(0.0, abs=1e-6)
    assert curve.at(-1.0)[0] == pytest.approx(1.0, abs=1e-6)
    assert curve.at(-1.0)[1] == pytest.approx([-1.0, -1.0], abs=1e-6)


def test_all_valleys_are_pieces():
    """x = 3 fits best; at 1 and -1 D is 0.16 and 0.64: three pieces below a rise of one.

    Near a root D = 0.04 (x - 3)^2 + [4 p'(x) (dx)]^2 to first order, so the half widths are
    root(1 - D_0)/(4 |p'|), |p'| = 8 at 3, 4 at 1 and 8 at -1, up to 20 % of curvature.
    """
    pieces, notes = Curve(valleys(3.0, 1.0, -1.0), "x", {}).pieces(1.0)
    assert [round((a + b) / 2) for a, b in pieces] == [-1, 1, 3]
    expected = [2 * np.sqrt(1 - d) / (4 * p) for d, p in ((0.64, 8), (0.16, 4), (0.0, 8))]
    assert [b - a for a, b in pieces] == pytest.approx(expected, rel=0.2)
    assert notes == ("", "")


def test_a_better_minimum_on_the_way_becomes_the_best_fit():
    """From x = -1 alone the fit ends there (D = 0.64); the scan finds 3 (D = 0)."""
    curve = Curve(valleys(-1.0), "x", {})
    assert curve.best.values["x"] == pytest.approx(-1.0, abs=0.05)
    curve.at(3.0)
    assert curve.improved()
    assert curve.best.values["x"] == pytest.approx(3.0, abs=1e-6)
    assert not curve.improved()


def test_impossible_points_are_infinite():
    """Counts where nothing is expected: no fit of the others helps."""
    term = PoissonTerm(np.array([2.0]), LinearPrediction(("x",), np.ones((1, 1)), np.ones(1)))
    curve = Curve(Likelihood((Parameter("x", (1.0,)),), (term,)), "x", {})
    assert curve.rise(-1.0) == np.inf
    assert curve.rise(-0.9) < np.inf


def test_fits_that_fail_far_out_do_not_stop_the_search():
    """A prediction that breaks at |x| > 20: crossings nearer than that are found all the same."""

    class Breaking:
        names = ("x",)

        def expected(self, values):
            return values if abs(values[0]) < 20 else np.full(1, np.nan)

        def jacobian(self, values):
            return np.ones((1, 1))

    term = NormalTerm.independent([2.0], [9.0], Breaking())
    one = Likelihood((Parameter("x", (0.0,), scale=9.0),), (term,))
    pieces, notes = Curve(one, "x", {}).pieces(1.0)
    assert pieces[0] == pytest.approx((-7.0, 11.0), abs=1e-5)
    assert notes == ("", "")
    # the next step, 2 + 18, ends where the prediction breaks: it is taken back to 19.8 at last
    pieces, _ = Curve(one, "x", {}).pieces(3.9)
    assert pieces[0] == pytest.approx((2 - 9 * 3.9**0.5, 2 + 9 * 3.9**0.5), abs=1e-5)
