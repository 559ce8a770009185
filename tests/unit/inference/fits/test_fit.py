"""Best fits beside closed forms and iminuit: values, errors, pulls, goodness of fit."""

import numpy as np
import pytest
from scipy import stats

from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.fit import fit, goodness_of_fit
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.unbinned import UnbinnedTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.inference.predictions import LinearPrediction

RNG = np.random.default_rng(9)
DESIGN = RNG.random((6, 3)) + np.vstack([np.eye(3), np.eye(3)])
ROOT = RNG.random((6, 6)) + 2 * np.eye(6)
COVARIANCE = ROOT @ ROOT.T
DATA = RNG.normal(size=6) * 3


def gaussian(**priors):
    line = LinearPrediction(("a", "b", "c"), DESIGN.T, np.zeros(6))
    parameters = tuple(Parameter(n, prior=priors.get(n)) for n in ("a", "b", "c"))
    return Likelihood(parameters, (NormalTerm(DATA, COVARIANCE, line),))


def strength(data, template, background, low=0.0):
    spectrum = LinearPrediction(("s",), np.array([template]), np.array(background))
    return Likelihood(
        (Parameter("s", (1.0,), low=low),), (PoissonTerm(np.array(data, dtype=float), spectrum),)
    )


def test_gaussian_errors_are_the_normal_equations():
    """Best fit, covariance and chi-square of weighted least squares: differences give 1e-7."""
    inverse = np.linalg.inv(COVARIANCE)
    covariance = np.linalg.inv(DESIGN.T @ inverse @ DESIGN)
    values = covariance @ DESIGN.T @ inverse @ DATA
    rest = DATA - DESIGN @ values
    found = fit(gaussian())
    assert found.array == pytest.approx(values, abs=1e-7)
    assert found.covariance == pytest.approx(covariance, rel=1e-6)
    assert list(found.errors.values()) == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)
    assert found.deviance == pytest.approx(rest @ inverse @ rest, rel=1e-9)


def test_a_prior_is_one_more_measurement():
    """A row (0, 1, 0) with its error: normal equations of seven numbers (1e-6)."""
    inverse = np.linalg.inv(COVARIANCE)
    weight = DESIGN.T @ inverse @ DESIGN + np.diag([0.0, 1 / 0.5**2, 0.0])
    right = DESIGN.T @ inverse @ DATA + np.array([0.0, 2.0 / 0.5**2, 0.0])
    found = fit(gaussian(b=Gaussian(2.0, 0.5)))
    assert found.array == pytest.approx(np.linalg.solve(weight, right), abs=1e-6)
    assert found.covariance == pytest.approx(np.linalg.inv(weight), rel=1e-6)


def test_correlations_are_the_covariance_over_the_errors():
    """Unit diagonal, symmetric, rounding 1e-12."""
    found = fit(gaussian())
    errors = np.array(list(found.errors.values()))
    assert found.correlations() == pytest.approx(
        found.covariance / np.outer(errors, errors), rel=1e-12
    )
    fixed = fit(gaussian(), fixed={"b": 1.0})
    assert fixed.correlations()[1].tolist() == [0.0, 1.0, 0.0]
    assert (fixed.errors["b"], fixed.fixed) == (0.0, ("b",))


def test_iminuit_has_the_same_values_and_errors():
    """Migrad and Hesse of iminuit's own binned cost: 1e-3 of the errors, their own tolerance."""
    from iminuit import Minuit
    from iminuit.cost import ExtendedBinnedNLL

    edges = np.linspace(0, 3, 13)
    counts = np.random.default_rng(2).poisson(40 * np.exp(-edges[:-1])).astype(float)

    def shapes(x):
        return np.array([-np.exp(-x), x, -np.exp(-3 * x)])

    cost = ExtendedBinnedNLL(counts, edges, lambda x, a, b, c: np.array([a, b, c]) @ shapes(x))
    minuit = Minuit(cost, a=150.0, b=1.0, c=1.0)
    minuit.strategy, minuit.tol = 2, 1e-3
    minuit.migrad()
    minuit.hesse()
    templates = np.diff(shapes(edges), axis=1)
    term = PoissonTerm(counts, LinearPrediction(("a", "b", "c"), templates, np.zeros(12)))
    parameters = tuple(Parameter(n, (v,)) for n, v in (("a", 150.0), ("b", 1.0), ("c", 1.0)))
    found = fit(Likelihood(parameters, (term,)))
    errors = np.array(minuit.errors)
    assert found.deviance == pytest.approx(minuit.fval, abs=1e-5)
    assert found.array == pytest.approx(np.array(minuit.values), abs=1e-3 * errors.min())
    assert list(found.errors.values()) == pytest.approx(errors, rel=2e-3)
    assert found.correlations() == pytest.approx(
        np.array(minuit.covariance.correlation()), abs=2e-3
    )


def test_iminuit_has_the_same_unbinned_fit():
    """Extended unbinned cost, one amplitude each of a line and a flat: 2e-3 of the errors."""
    from iminuit import Minuit
    from iminuit.cost import ExtendedUnbinnedNLL

    rng = np.random.default_rng(7)
    grid = np.linspace(0.0, 10.0, 201)
    events = np.concatenate([rng.uniform(0, 10, 60), rng.normal(4.0, 0.5, 30)])
    peak = stats.norm.pdf(grid, 4.0, 0.5)
    nodes = np.array([np.full(201, 0.1), peak])

    def model(x, flat, line):
        density = np.array([flat, line]) @ nodes
        return np.trapezoid(density, grid), np.interp(x, grid, density)

    minuit = Minuit(ExtendedUnbinnedNLL(events, model), flat=50.0, line=20.0)
    minuit.limits = (0, None)
    minuit.strategy, minuit.tol = 2, 1e-3
    minuit.migrad()
    minuit.hesse()
    term = UnbinnedTerm(events, grid, LinearPrediction(("flat", "line"), nodes, np.zeros(201)))
    found = fit(Likelihood((Parameter("flat", (50.0,)), Parameter("line", (20.0,))), (term,)))
    for name in ("flat", "line"):
        error = minuit.errors[name]
        assert found.values[name] == pytest.approx(minuit.values[name], abs=2e-3 * error)
        assert found.errors[name] == pytest.approx(error, rel=2e-3)
    assert sum(found.values.values()) == pytest.approx(90.0, rel=2e-3)  # all events, cut at 10


def test_error_of_a_strength_is_the_root_of_the_counts():
    """Without background: s = n/t and its error root(n)/t (1e-5: differences)."""
    found = fit(strength([7.0, 11.0], [2.0, 1.0], [0.0, 0.0]))
    assert found.values["s"] == pytest.approx(6.0, abs=1e-6)
    assert found.errors["s"] == pytest.approx(np.sqrt(18.0) / 3, rel=1e-5)


def test_error_of_an_on_off_difference():
    """s = n_on - n_off/tau, error root(n_on + n_off/tau^2) (1e-5: differences)."""
    signal = LinearPrediction(("s",), np.ones((1, 1)), np.zeros(1))
    term = OnOffTerm(np.array([30.0]), np.array([40.0]), np.array(2.0), signal)
    found = fit(Likelihood((Parameter("s", (1.0,)),), (term,)))
    assert found.values["s"] == pytest.approx(10.0, abs=1e-6)
    assert found.errors["s"] == pytest.approx(np.sqrt(30 + 40 / 4), rel=1e-5)


def test_a_deficit_ends_at_the_bound():
    """The bound is named, and the error is the step inwards that raises D by one.

    Here D itself is solved for that step by bisection; the parabola of the fit differs from
    it by the third derivative, 2 sum n/mu^3 s^3/3 < 5 %.
    """
    from scipy.optimize import brentq

    one = strength([12.0, 15.0], [1.0, 2.0], [20.0, 20.0])
    found = fit(one)
    least = one.deviance(np.zeros(1))
    step = brentq(lambda s: one.deviance(np.array([s])) - least - 1, 0, 50)
    assert (found.values["s"], found.at_bound) == (0.0, ("s",))
    assert found.errors["s"] == pytest.approx(step, rel=0.05)
    assert found.covariance.tolist() == [[0.0]]


def test_no_counts_have_a_one_sided_error():
    """D = 2 (b + s t) rises by one at s = 1/(2 t), exactly (1e-9)."""
    found = fit(strength([0.0, 0.0], [1.0, 3.0], [0.5, 0.0]))
    assert found.values["s"] == 0.0
    assert found.errors["s"] == pytest.approx(1 / 8, rel=1e-9)


def test_the_error_at_a_bound_has_the_others_fitted():
    """Beside a free level the curvature of s is what the level leaves (1e-5, a parabola).

    Gaussian: D = sum (d - s t - l)^2, so c = 2 t_perp^2 and the slope -2 t_perp d_perp.
    """
    t, d = np.array([1.0, 2.0, 4.0]), np.array([3.0, 2.0, 1.0])
    line = LinearPrediction(("s", "level"), np.array([t, np.ones(3)]), np.zeros(3))
    term = NormalTerm.independent(d, np.ones(3), line)
    found = fit(Likelihood((Parameter("s", (1.0,), low=0.0), Parameter("level")), (term,)))
    across = t - t.mean()
    curve, slope = 2 * across @ across, -2 * across @ d
    step = (-slope + np.sqrt(slope**2 + 2 * curve)) / curve
    assert found.errors["s"] == pytest.approx(step, rel=1e-5)
    assert found.errors["level"] == pytest.approx(np.sqrt(1 / 3), rel=1e-5)


def test_errors_along_an_edge():
    """Two strengths, an empty bin at mu = 0: only the sum along the edge has an error.

    mu_1 = 1 + a + b = 0 is held; mu_2 = 20 + 5 (a - b) with 30 counts: a - b = 2 with the
    error root(30)/5, so a = 1/2, b = -3/2 with half of it each (1e-5: differences).
    """
    rows = np.array([[1.0, 5.0], [1.0, -5.0]])
    term = PoissonTerm(
        np.array([0.0, 30.0]), LinearPrediction(("a", "b"), rows, np.array([1.0, 20.0]))
    )
    found = fit(Likelihood((Parameter("a", (1.0,)), Parameter("b", (1.0,))), (term,)))
    assert found.array == pytest.approx([0.5, -1.5], abs=1e-6)
    assert list(found.errors.values()) == pytest.approx([np.sqrt(30) / 10] * 2, rel=1e-5)
    assert found.correlations()[0, 1] == pytest.approx(-1.0, abs=1e-6)
    assert "edge" in found.note
    assert fit(strength([3.0], [1.0], [1.0])).note == ""


def test_pulls_of_a_nuisance():
    """One number d +- 1 and a prior 0 +- 2 of one parameter: 0.8 d, error root(0.8).

    The pull is 0.4 d and the error is 1/root(5) of the width (1e-6).
    """
    line = LinearPrediction(("p",), np.ones((1, 1)), np.zeros(1))
    term = NormalTerm.independent([3.0], [1.0], line)
    one = Likelihood((Parameter("p", prior=Gaussian(0.0, 2.0)),), (term,))
    shift, reduction = fit(one).pulls(one)["p"]
    assert shift == pytest.approx(1.2, abs=1e-6)
    assert reduction == pytest.approx(1 / np.sqrt(5), rel=1e-6)
    assert fit(one, fixed={"p": 0.0}).pulls(one) == {}
    assert fit(gaussian()).pulls(gaussian()) == {}


def test_goodness_of_a_gaussian_fit():
    """chi-square of six numbers less three parameters, p-value of scipy (1e-9)."""
    found = goodness_of_fit(gaussian(), fit(gaussian()))
    assert found.degrees == 3
    assert found.deviance == pytest.approx(fit(gaussian()).deviance, rel=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(found.deviance, 3), rel=1e-9)


def test_priors_count_as_numbers_and_fixed_ones_do_not():
    """A fitted pull adds one number and one parameter; a fixed one neither, nor its D."""
    one = gaussian(b=Gaussian(2.0, 0.5))
    assert goodness_of_fit(one, fit(one)).degrees == 6 + 1 - 3
    held = goodness_of_fit(one, fit(one, fixed={"b": 9.0}))
    assert held.degrees == 6 - 2
    assert held.deviance == pytest.approx(fit(one, fixed={"b": 9.0}).deviance - 196.0, rel=1e-9)


def test_p_values_of_simulated_counts_are_uniform():
    """Forty bins of 30 counts, 200 fits: Kolmogorov-Smirnov above 1e-3.

    The mean of the deviance of a bin is 1 + 1/(6 mu), here 1.0056: 0.22 in all of 39, which
    the test with 200 fits does not see.
    """
    rng = np.random.default_rng(3)
    flat = strength(np.full(40, 30.0), np.ones(40), np.zeros(40))
    values = []
    for _ in range(200):
        drawn = flat.simulated(np.array([30.0]), rng)
        values.append(goodness_of_fit(drawn, fit(drawn)).p_value)
    assert stats.kstest(values, "uniform").pvalue > 1e-3


def test_single_events_and_full_models_have_no_goodness_of_fit():
    """Nothing is measured beyond the parameters, or no bin at all."""
    term = UnbinnedTerm(
        np.array([0.5]),
        np.array([0.0, 1.0]),
        LinearPrediction(("s",), np.ones((1, 2)), np.zeros(2)),
    )
    events = Likelihood((Parameter("s", (1.0,)),), (term,))
    with pytest.raises(InvalidInput, match="no binned data"):
        goodness_of_fit(events, fit(events))
    one = strength([3.0], [1.0], [1.0])
    with pytest.raises(InvalidInput, match="1 fitted parameters for 1 bins"):
        goodness_of_fit(one, fit(one))
    joint = events + strength([3.0, 4.0], [1.0, 1.0], [0.0, 0.0], low=-np.inf)
    best = fit(joint)
    assert goodness_of_fit(joint, best).deviance == pytest.approx(
        joint.terms[1].deviance(best.array), rel=1e-12
    )


def test_a_parameter_without_effect_at_its_bound_is_named():
    """It has no error, although its bound holds it."""
    rows = np.array([[1.0, 1.0], [0.0, 0.0]])
    term = PoissonTerm(np.array([3.0, 4.0]), LinearPrediction(("s", "idle"), rows, np.zeros(2)))
    idle = Parameter("idle", (0.0,), low=0.0)
    with pytest.raises(FitFailed, match="idle"):
        fit(Likelihood((Parameter("s", (1.0,)), idle), (term,)))


@pytest.mark.parametrize("start", [0.0, 0.5])
def test_a_parameter_without_effect_in_a_finite_range_is_noted(start):
    """Its range is all that is known: half of it is the error; the others are as without it."""
    rows = np.array([[1.0, 1.0], [0.0, 0.0]])
    term = PoissonTerm(np.array([3.0, 4.0]), LinearPrediction(("s", "idle"), rows, np.zeros(2)))
    idle = Parameter("idle", (start,), low=0.0, high=3.0)
    found = fit(Likelihood((Parameter("s", (1.0,)), idle), (term,)))
    assert found.errors["idle"] == 1.5
    assert found.values["s"] == pytest.approx(3.5, abs=1e-6)
    assert found.errors["s"] == pytest.approx(np.sqrt(7) / 2, rel=1e-5)


def test_the_start_is_taken():
    """Of two minima the one in whose valley the fit begins."""

    class Square:
        names = ("x",)

        def expected(self, values):
            return values**2

        def jacobian(self, values):
            return 2 * values[:, None]

    term = NormalTerm.independent([4.0], [1.0], Square())
    one = Likelihood((Parameter("x", (1.0,)),), (term,))
    assert fit(one).values["x"] == pytest.approx(2.0, abs=1e-6)
    assert fit(one, start={"x": -1.0}).values["x"] == pytest.approx(-2.0, abs=1e-6)
