"""The least deviance: from several starts, and what is said when there is none."""

import itertools
import time

import numpy as np
import pytest
from scipy import optimize

from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.inference.predictions import LinearPrediction


class Interference:
    """Counts of a signed coupling beside an amplitude that is known: b + 2 g q + h q^2."""

    names = ("q",)

    def __init__(self, background=20.0, interference=3.0, square=5.0):
        self.b = background * np.ones(3)
        self.g = interference * np.array([1.0, 0.5, 0.1])
        self.h = square * np.array([1.0, 0.5, 0.1])

    def expected(self, values):
        return self.b + 2 * self.g * values[0] + self.h * values[0] ** 2

    def jacobian(self, values):
        return (2 * self.g + 2 * self.h * values[0])[:, None]


def coupling(*starts, data=(90.0, 55.0, 27.0)):
    term = PoissonTerm(np.array(data), Interference())
    return Likelihood((Parameter("q", starts=starts),), (term,))


def spectrum(nuisances, seed=1):
    """Counts with a signal and many correlated pulls."""
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 1, 50)
    background = 200 * np.exp(-3 * x) + 20
    rows = [10 * np.exp(-(((x - 0.3) / 0.1) ** 2))]
    rows += [0.05 * background * np.cos(3 * (k + 1) * x + k) for k in range(nuisances)]
    names = ("signal", *(f"pull {k}" for k in range(nuisances)))
    term = PoissonTerm(
        rng.poisson(background).astype(float), LinearPrediction(names, np.array(rows), background)
    )
    pulls = (Parameter(n, prior=Gaussian(0.0, 1.0)) for n in names[1:])
    return Likelihood((Parameter("signal", low=0.0), *pulls), (term,))


def test_the_better_of_two_minima_is_taken():
    """q and -2 g/h - q give the same total, not the same spectrum: brute force on a grid.

    The grid of 1e-4 misses the minimum by 5e-5 at most.
    """
    both = coupling(4.0, -4.0)
    grid = np.arange(-8, 8, 1e-4)
    best = grid[np.argmin([both.deviance(np.array([q])) for q in grid[::40]]) * 40]
    near = np.arange(best - 0.01, best + 0.01, 1e-4)
    best = near[np.argmin([both.deviance(np.array([q])) for q in near])]
    assert minimise(both).values == pytest.approx([best], abs=1e-4)


def test_starts_lead_to_different_minima():
    """The two starts alone end on two sides, and both have their own deviance."""
    plus, minus = minimise(coupling(4.0)), minimise(coupling(-4.0))
    assert plus.values[0] > 0 > minus.values[0]
    assert minimise(coupling(4.0, -4.0)).deviance == pytest.approx(
        min(plus.deviance, minus.deviance), abs=1e-9
    )


@pytest.mark.parametrize("nuisances", [0, 3, 12])
def test_another_optimiser_finds_nothing_less(nuisances):
    """L-BFGS-B of scipy with the same gradient ends within 1e-6 of D, never below."""
    joint = spectrum(nuisances)
    other = optimize.minimize(
        joint.deviance,
        joint.values(),
        jac=joint.gradient,
        method="L-BFGS-B",
        bounds=[(0, None)] + [(None, None)] * nuisances,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 5000, "maxfun": 20000},
    )
    found = minimise(joint)
    assert found.deviance <= other.fun + 1e-9
    assert found.deviance == pytest.approx(other.fun, abs=1e-6)


@pytest.mark.speed
def test_forty_nuisances_take_a_fraction_of_a_second():
    """41 parameters and 50 bins within half a second, the best of three."""
    joint = spectrum(40)
    minimise(joint)  # imports iminuit

    def seconds():
        begin = time.perf_counter()
        minimise(joint)
        return time.perf_counter() - begin

    assert min(seconds() for _ in range(3)) < 0.5


def test_a_warm_start_ends_at_the_same_minimum():
    """From nearby Newton's method alone suffices: values to 1e-6 of their errors (about 1)."""
    joint = spectrum(12)
    cold = minimise(joint, fixed={"signal": 1.0})
    start = {n: float(v) + 0.1 for n, v in zip(joint.names[1:], cold.values[1:], strict=True)}
    warm = minimise(joint, fixed={"signal": 1.0}, start=start)
    assert warm.values == pytest.approx(cold.values, abs=1e-6)


def test_everything_fixed_is_only_evaluated():
    """The deviance of the values themselves."""
    found = minimise(coupling(1.0), fixed={"q": 2.0})
    assert found.deviance == coupling(1.0).deviance(np.array([2.0]))
    assert found.free.size == 0


def test_more_combinations_than_can_be_tried_are_varied_one_by_one():
    """Eight couplings with two starts: the one whose first start is bad is still found."""

    class Squares:
        names = tuple("abcdefgh")

        def expected(self, values):
            return values**2 + 0.3 * values

        def jacobian(self, values):
            return np.diag(2 * values + 0.3)

    wanted = np.full(8, 4.0)
    wanted[5] = -4.0
    term = NormalTerm.independent(wanted**2 + 0.3 * wanted, np.ones(8), Squares())
    parameters = tuple(Parameter(n, starts=(4.0, -4.0)) for n in Squares.names)
    found = minimise(Likelihood(parameters, (term,)))
    assert found.deviance == pytest.approx(0.0, abs=1e-9)
    signs = [np.sign(v) for v in found.values]
    assert signs.count(-1.0) <= 1  # (-4.3)^2 - 0.3 x 4.3 is as good; only one was varied


def test_a_start_at_a_bound_is_left():
    """A strength from its lower bound, with an excess: four counts above the background."""
    term = PoissonTerm(np.array([5.0]), LinearPrediction(("a",), np.ones((1, 1)), np.array([1.0])))
    found = minimise(Likelihood((Parameter("a", (0.0,), low=0.0, high=50.0),), (term,)))
    assert found.values == pytest.approx([4.0], abs=1e-6)


def test_a_start_where_the_slope_vanishes_at_a_bound_is_left():
    """A squared coupling from q = 0, with an excess: a maximum there, the minimum at q = 2."""

    class Square:
        names = ("q",)

        def expected(self, values):
            return 1 + values**2

        def jacobian(self, values):
            return 2 * values[:, None]

    one = Likelihood((Parameter("q", (0.0,), low=0.0),), (PoissonTerm(np.array([5.0]), Square()),))
    assert minimise(one).values == pytest.approx([2.0], abs=1e-6)


@pytest.mark.parametrize(
    ("names", "rows", "words"),
    [
        (("a", "idle"), [[1.0, 2.0, 1.0], [0.0, 0.0, 0.0]], "do not determine idle"),
        (("a", "b"), [[1.0, 2.0, 1.0], [2.0, 4.0, 2.0]], "do not tell a, b apart"),
    ],
)
def test_what_the_data_do_not_determine_is_named(names, rows, words):
    """A parameter without effect, and two with the same."""
    term = PoissonTerm(
        np.array([3.0, 4.0, 5.0]), LinearPrediction(names, np.array(rows), np.ones(3))
    )
    with pytest.raises(FitFailed, match=words):
        minimise(Likelihood(tuple(Parameter(n, (1.0,)) for n in names), (term,)))


def test_a_parameter_without_effect_is_named_at_its_bound_too():
    """The slope vanishes at the bound where the fit begins: that is no minimum."""
    rows = np.array([[1.0, 2.0, 1.0], [0.0, 0.0, 0.0]])
    term = PoissonTerm(np.array([3.0, 4.0, 5.0]), LinearPrediction(("a", "idle"), rows, np.ones(3)))
    parameters = (Parameter("a", (1.0,)), Parameter("idle", (0.0,), low=0.0))
    with pytest.raises(FitFailed, match="do not determine idle"):
        minimise(Likelihood(parameters, (term,)))


def test_a_prior_determines_what_the_data_do_not():
    """The parameter without effect ends at the mean of its prior."""
    rows = np.array([[1.0, 2.0, 1.0], [0.0, 0.0, 0.0]])
    term = PoissonTerm(np.array([3.0, 4.0, 5.0]), LinearPrediction(("a", "idle"), rows, np.ones(3)))
    known = Parameter("idle", prior=Gaussian(0.7, 0.1))
    found = minimise(Likelihood((Parameter("a", (1.0,)), known), (term,)))
    assert found.values[1] == pytest.approx(0.7, abs=1e-7)


def test_not_a_number_is_an_error():
    """A prediction that breaks inside the range is named, with the place."""

    class Broken(Interference):
        def expected(self, values):
            return super().expected(values) * (np.nan if values[0] > 2 else 1.0)

    term = PoissonTerm(np.array([90.0, 55.0, 27.0]), Broken())
    with pytest.raises(FitFailed, match="not a number at q"):
        minimise(Likelihood((Parameter("q", (1.0,)),), (term,)))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"fixed": {"q": 11.0}}, InvalidInput),
        ({"start": {"q": -11.0}}, InvalidInput),
        ({"fixed": {"q": np.nan}}, InvalidInput),
        ({"fixed": {"p": 1.0}}, UnknownName),
        ({"start": {"p": 1.0}}, UnknownName),
    ],
)
def test_values_out_of_range_are_refused(arguments, error):
    """Also where nothing is fitted."""
    ranged = coupling(1.0).with_parameter(Parameter("q", (1.0,), low=-10.0, high=10.0))
    with pytest.raises(error):
        minimise(ranged, **arguments)


def test_order_of_the_parameters_does_not_matter():
    """All orders of three parameters end at the same point; 1e-6 of errors of about 1."""
    joint = spectrum(2)
    expected = dict(zip(joint.names, minimise(joint).values, strict=True))
    for order in itertools.permutations(joint.parameters):
        turned = Likelihood(order, joint.terms)
        found = dict(zip(turned.names, minimise(turned).values, strict=True))
        assert found == pytest.approx(expected, abs=1e-6)
