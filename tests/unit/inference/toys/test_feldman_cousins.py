"""Feldman-Cousins by toys beside the exact constructions, and its errors.

Tolerances are 4 standard deviations of the toys, as quoted by the result, and where stated
what interpolation between points adds.
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest

from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.feldman_cousins import feldman_cousins_interval
from nuatom.inference.feldman_cousins_poisson import feldman_cousins_poisson
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.toys.feldman_cousins import Toys, feldman_cousins, suggested_points


def counting(count, background, *, low=0.0):
    """One bin above a known background."""
    spectrum = LinearPrediction(("signal",), np.ones((1, 1)), np.array([background]))
    parameter = Parameter("signal", starts=(1.0,), low=low)
    return Likelihood((parameter,), (PoissonTerm(np.array([float(count)]), spectrum),))


def measurement(value, error=1.0, *, low=0.0):
    """One number with a Gaussian error."""
    prediction = LinearPrediction(("x",), np.ones((1, 1)), np.zeros(1))
    term = NormalTerm.independent([value], [error], prediction)
    return Likelihood((Parameter("x", starts=(max(low, 0.0),), low=low),), (term,))


@pytest.mark.parametrize(("count", "background"), [(6, 3.0), (1, 0.0), (10, 0.5)])
def test_counting(count, background):
    """Without other parameters the interval is that of the exact belt for counts.

    P-values of counts jump between points: half a step more than the errors of the toys.
    """
    step = 0.5
    low, high = feldman_cousins_poisson(count, background)
    points = np.arange(0.0, high + 2, step)
    found = feldman_cousins(counting(count, background), "signal", points, toys=Toys(2000, 3))
    assert found.high == pytest.approx(high, abs=step / 2 + 4 * found.high_error)
    assert found.low == pytest.approx(low, abs=step / 2 + 4 * found.low_error)


@pytest.mark.parametrize("value", [-1.2, 0.3, 1.6, 3.5])
def test_gaussian_measurement(value):
    """A Gaussian measurement has the interval of the exact construction, to the toys' error."""
    low, high = feldman_cousins_interval(value, 2.0, 0.90)
    points = np.linspace(0.0, 1.4 * high, 20)
    found = feldman_cousins(measurement(value, 2.0), "x", points, toys=Toys(2000, 7))
    # linear quantiles between points, where the belt has its kink: 0.5 % of sigma
    assert found.high == pytest.approx(high, abs=4 * found.high_error + 0.01)
    assert found.low == pytest.approx(low, abs=4 * found.low_error + 0.01)
    assert 0 < found.high_error < 0.1
    assert found.best_fit == pytest.approx(max(value, 0.0), abs=1e-6)
    if low == 0:
        assert (found.low_error, found.note) == (0.0, "the lower end is the bound 0")


def test_without_a_boundary_the_interval_is_central():
    """Unbounded, the construction gives m -+ 1.645 sigma."""
    points = np.linspace(-4.0, 4.0, 17)
    found = feldman_cousins(measurement(-0.4, low=-50.0), "x", points, toys=Toys(2000, 2))
    assert found.low == pytest.approx(-0.4 - 1.64485, abs=4 * found.low_error)
    assert found.high == pytest.approx(-0.4 + 1.64485, abs=4 * found.high_error)


def test_quoted_errors_are_the_spread_between_seeds():
    """Limits from 60 seeds spread by what each quotes.

    Tolerance 30 %: three standard deviations of a spread of 60.
    """
    one, points = measurement(0.7), np.array([0.0, 2.2, 2.6, 4.0])
    found = [feldman_cousins(one, "x", points, toys=Toys(500, seed)) for seed in range(60)]
    spread = np.std([each.high for each in found], ddof=1)
    quoted = np.sqrt(np.mean([each.high_error**2 for each in found]))
    assert spread == pytest.approx(quoted, rel=0.30)


def test_p_values_and_critical_values_accept_alike():
    """A point is accepted by p > 1 - C exactly where t is at most the critical value."""
    found = feldman_cousins(measurement(1.1), "x", np.linspace(0, 4, 17), toys=Toys(999, 5))
    by_value = found.statistic <= found.critical
    assert np.array_equal(found.p_values > 0.1 + 1e-12, by_value)
    assert found.statistic[0] == pytest.approx(1.21, abs=1e-7)
    assert found.p_values.min() >= 1 / 1000


def background(prior=None):
    """Three bins with a background that is fitted."""
    templates = np.array([[6.0, 3.0, 1.0], [10.0, 10.0, 10.0]])
    spectrum = LinearPrediction(("signal", "rate"), templates, np.zeros(3))
    parameters = (
        Parameter("signal", starts=(1.0,), low=0.0),
        Parameter("rate", starts=(1.0,), low=0.0, prior=prior),
    )
    return Likelihood(parameters, (PoissonTerm(np.array([16.0, 13.0, 9.0]), spectrum),))


@pytest.mark.parametrize("workers", [1, 3])
def test_the_same_seed_gives_the_same_result(workers):
    """Numbers do not depend on how many threads share the work."""
    one, points = background(), np.linspace(0, 4.5, 4)
    alone = feldman_cousins(one, "signal", points, toys=Toys(2500, 11))
    with ThreadPoolExecutor(workers) as executor:
        shared = feldman_cousins(one, "signal", points, toys=Toys(2500, 11, executor))
    assert np.array_equal(alone.p_values, shared.p_values)
    assert (alone.low, alone.high) == (shared.low, shared.high)
    other = feldman_cousins(one, "signal", points, toys=Toys(2500, 12))
    assert not np.array_equal(alone.p_values, other.p_values)


def test_processes_share_the_work_as_well():
    """Tasks and results can be sent to another process."""
    one, points = background(Gaussian(1.0, 0.1)), np.linspace(0, 4, 3)
    alone = feldman_cousins(one, "signal", points, toys=Toys(1200, 1))
    with ProcessPoolExecutor(1) as executor:
        shared = feldman_cousins(one, "signal", points, toys=Toys(1200, 1, executor))
    assert np.array_equal(alone.p_values, shared.p_values)


def test_more_knowledge_of_the_background_narrows_the_interval():
    """Known exactly < measured < free, for the lower end and the upper one."""
    points = np.linspace(0, 4.5, 10)
    widths = []
    for prior in (Gaussian(1.0, 1e-4), Gaussian(1.0, 0.1), None):
        found = feldman_cousins(background(prior), "signal", points, toys=Toys(1500, 3))
        widths.append(found.high - found.low)
    assert widths == sorted(widths)


def test_a_known_background_is_one_parameter():
    """A background measured to 1e-6 gives the interval without that parameter."""
    spectrum = LinearPrediction(("signal",), np.array([[6.0, 3.0, 1.0]]), np.full(3, 10.0))
    single = Likelihood(
        (Parameter("signal", starts=(1.0,), low=0.0),),
        (PoissonTerm(np.array([16.0, 13.0, 9.0]), spectrum),),
    )
    points = np.linspace(0, 3.5, 8)
    one = feldman_cousins(single, "signal", points, toys=Toys(1500, 1))
    two = feldman_cousins(background(Gaussian(1.0, 1e-6)), "signal", points, toys=Toys(1500, 2))
    error = np.hypot(one.high_error, two.high_error)
    assert one.high == pytest.approx(two.high, abs=4 * error)


@dataclass(frozen=True)
class Coupling:
    """Counts proportional to the square of a signed coupling, beside a background of 8."""

    names: tuple[str, ...] = ("g",)

    def expected(self, values):
        return values[0] ** 2 * np.array([4.0, 1.0]) + 8.0

    def jacobian(self, values):
        return 2 * values[0] * np.array([[4.0], [1.0]])


def test_a_signed_coupling_has_a_symmetric_interval():
    """Counts cannot tell the sign: both ends are alike, and their square is that of g^2 >= 0.

    One likelihood is fitted by the general minimiser, the other in machine code.
    """
    counts = np.array([9.0, 8.0])
    signed = Likelihood((Parameter("g", (0.5, -0.5)),), (PoissonTerm(counts, Coupling()),))
    linear = LinearPrediction(("g2",), np.array([[4.0, 1.0]]), np.full(2, 8.0))
    square = Likelihood((Parameter("g2", (0.5,), low=0.0),), (PoissonTerm(counts, linear),))
    found = feldman_cousins(signed, "g", np.array([-2.1, -1.1, 0.0, 1.1, 2.1]), toys=Toys(60, 4))
    exact = feldman_cousins(square, "g2", np.linspace(0, 4.4, 12), toys=Toys(3000, 1))
    for end, error in ((found.high, found.high_error), (-found.low, found.low_error)):
        tolerance = 4 * np.hypot(error, exact.high_error / (2 * np.sqrt(exact.high)))
        assert end == pytest.approx(np.sqrt(exact.high), abs=tolerance + 0.15)  # coarse points


def test_terms_of_other_kinds():
    """ON and OFF counts go through the general path, and tell more signal from less."""
    signal = LinearPrediction(("s",), np.array([[5.0]]), np.zeros(1))
    pairs = OnOffTerm(np.array([14.0]), np.array([20.0]), 2.0, signal)
    one = Likelihood((Parameter("s", starts=(0.5,), low=0.0),), (pairs,))
    found = feldman_cousins(one, "s", np.array([0.0, 0.8, 3.0]), toys=Toys(60, 1))
    assert found.p_values[1] > 0.3
    assert found.p_values[2] < 0.1
    assert found.low == 0.0


def test_tangent_of_a_curved_likelihood():
    """With the tangent's statistic the interval of g > 0 agrees to the toys' error."""
    counts = np.array([30.0, 11.0])
    bounded = Parameter("g", (2.0,), low=0.5)  # a tangent at 0 would be flat
    one = Likelihood((bounded,), (PoissonTerm(counts, Coupling()),))
    points = np.linspace(1.0, 3.6, 7)
    straight = feldman_cousins(one, "g", points, toys=Toys(1500, 5, tangent=True))
    general = feldman_cousins(one, "g", points, toys=Toys(60, 5))
    assert straight.high == pytest.approx(
        general.high, abs=4 * np.hypot(straight.high_error, general.high_error)
    )


def test_suggested_points_hold_the_interval():
    """The grid reaches beyond the interval on both sides, and begins at a bound."""
    for count, background_counts in ((0, 3.0), (6, 3.0), (40, 3.0)):
        one = counting(count, background_counts)
        points = suggested_points(one, "signal", number=9)
        low, high = feldman_cousins_poisson(count, background_counts)
        assert points[-1] > high
        assert points[0] == 0.0 or points[0] < low
        assert points.size == 9


def test_ends_beyond_the_points():
    """An end that the points do not reach is an error that says which."""
    one = measurement(2.0, low=-50.0)
    with pytest.raises(InvalidInput, match=r"points: the largest, 2\.5, is accepted"):
        feldman_cousins(one, "x", [-2.0, 1.0, 2.5], toys=Toys(200))
    with pytest.raises(InvalidInput, match=r"points: the smallest, 1\.5, is accepted"):
        feldman_cousins(one, "x", [1.5, 2.0, 6.0], toys=Toys(200))
    with pytest.raises(FitFailed, match="no point is accepted; add points near the best fit 2"):
        feldman_cousins(one, "x", [-9.0, -8.0, 12.0], toys=Toys(200))


def test_refusals():
    """Unknown names, bad confidence, too few points."""
    one = measurement(1.0)
    with pytest.raises(UnknownName, match="parameter"):
        feldman_cousins(one, "y", [0.0, 1.0])
    with pytest.raises(InvalidInput, match="confidence"):
        feldman_cousins(one, "x", [0.0, 1.0], 90.0)
    with pytest.raises(InvalidInput, match="number of points: found 1"):
        suggested_points(one, "x", number=1)
