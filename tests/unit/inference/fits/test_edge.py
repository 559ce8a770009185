"""Minima where an expectation reaches zero, beside linear programming and scipy."""

import numpy as np
import pytest
from scipy import optimize

from nuatom.errors import FitFailed
from nuatom.inference.fits.descent import Problem
from nuatom.inference.fits.edge import at_edge, inside
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.unbinned import UnbinnedTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.inference.predictions import LinearPrediction


def counts(data, templates, constant, *, priors=()):
    names = tuple("abcdef"[: len(templates)])
    term = PoissonTerm(
        np.array(data, dtype=float),
        LinearPrediction(names, np.array(templates), np.array(constant)),
    )
    parameters = (
        Parameter(n, prior=Gaussian(0.0, 1.0) if n in priors else None, starts=(0.5,))
        for n in names
    )
    return Likelihood(tuple(parameters), (term,))


def test_no_counts_at_all_end_where_the_background_is_cancelled():
    """D = 2 (3 + 2 x) falls to x = -3/2, where mu = 0 (1e-9: 1e-10 counts are left)."""
    found = minimise(counts([0.0], [[2.0]], [3.0]))
    assert found.values == pytest.approx([-1.5], abs=1e-9)
    assert found.deviance == pytest.approx(0.0, abs=1e-9)
    assert found.edges.shape == (1, 1)


def test_the_smallest_ratio_of_background_to_signal_is_the_edge():
    """Many empty bins: x = -min b/t, as in linear programming with one variable (1e-9)."""
    rng = np.random.default_rng(3)
    t, b = rng.random(20) + 0.1, rng.random(20) + 0.1
    found = minimise(counts(np.zeros(20), [t], b))
    assert found.values == pytest.approx([-np.min(b / t)], abs=1e-9)


def test_empty_bins_of_two_strengths_are_a_linear_programme():
    """D = 2 sum mu with mu >= 0: linprog finds the same corner (1e-7).

    Each active wall keeps 1e-10 counts, which the inverse of the corner enlarges.
    """
    rng = np.random.default_rng(6)
    t, b = rng.random((2, 12)) + 0.05, rng.random(12) + 0.1
    found = minimise(counts(np.zeros(12), t, b))
    programme = optimize.linprog(t.sum(axis=1), A_ub=-t.T, b_ub=b, bounds=[(None, None)] * 2)
    assert found.values == pytest.approx(programme.x, abs=1e-7)
    assert found.deviance == pytest.approx(2 * (programme.fun + b.sum()), abs=1e-7)


@pytest.mark.parametrize("seed", range(12))
def test_few_counts_and_signals_of_any_sign(seed):
    """Trust-region interior points with the same constraints never find less: 1e-5.

    The other method keeps a barrier of 1e-8 and its own tolerance.
    """
    rng = np.random.default_rng(seed)
    t, b = rng.random((3, 8)) ** 2 * 3, rng.random(8)
    data = rng.poisson(b + 0.2)
    joint = counts(data, t, b, priors=("b",))
    found = minimise(joint)
    other = optimize.minimize(
        lambda x: min(joint.deviance(x), 1e6),
        np.full(3, 0.5),
        jac=joint.gradient,
        method="trust-constr",
        constraints=optimize.LinearConstraint(t.T, -b + 1e-9, np.inf, keep_feasible=True),
        options={"gtol": 1e-9, "xtol": 1e-12, "maxiter": 400},
    )
    assert found.deviance <= other.fun + 1e-9
    assert found.deviance >= other.fun - 1e-5
    assert np.all(b + found.values @ t >= 0)


@pytest.mark.parametrize("seed", range(16))
def test_bounds_and_edges_of_many_strengths(seed):
    """SLSQP from another start ends within 1e-6 of D, never below: convex, so one minimum."""
    rng = np.random.default_rng(100 + seed)
    number, bins = int(rng.integers(2, 7)), int(rng.integers(6, 20))
    t, b = rng.random((number, bins)) ** 2 * 10 ** rng.uniform(-1, 2), rng.random(bins)
    low = np.where(rng.random(number) < 0.6, -0.2, -np.inf)
    high = np.where(rng.random(number) < 0.3, 1.5, np.inf)
    names = tuple("abcdef"[:number])
    data = rng.poisson(b + 0.3 * rng.random(number) @ t / number).astype(float)
    term = PoissonTerm(data, LinearPrediction(names, t, b))
    ranges = zip(names, low, high, strict=True)
    joint = Likelihood(tuple(Parameter(n, low=v, high=w) for n, v, w in ranges), (term,))
    found = minimise(joint)
    other = optimize.minimize(
        lambda x: min(joint.deviance(x), 1e7),
        np.full(number, 0.1),
        jac=joint.gradient,
        method="SLSQP",
        bounds=optimize.Bounds(low, high),
        constraints={"type": "ineq", "fun": lambda x: b + x @ t - 1e-10, "jac": lambda x: t.T},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    least = joint.deviance(np.clip(other.x, low, high))
    assert found.deviance == pytest.approx(least, abs=1e-6)
    assert np.all((found.values >= low) & (found.values <= high))


def test_a_density_that_is_zero_where_no_event_was():
    """A negative line on a flat 2 per unit: no event in it, so it ends at -2/3 (1e-9)."""
    grid = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    line = LinearPrediction(("s",), np.array([[0.0, 0.0, 3.0, 0.0, 0.0]]), np.full(5, 2.0))
    term = UnbinnedTerm(np.array([0.2, 0.9, 3.5]), grid, line)
    found = minimise(Likelihood((Parameter("s", (0.3,)),), (term,)))
    assert found.values == pytest.approx([-2 / 3], abs=1e-9)


def test_bound_and_edge_together():
    """One strength ends at its bound, the other at the edge that this leaves (1e-9)."""
    term = PoissonTerm(
        np.array([0.0]), LinearPrediction(("a", "b"), np.array([[1.0], [1.0]]), np.array([2.0]))
    )
    joint = Likelihood(
        (Parameter("a", (0.0,), low=-0.5), Parameter("b", prior=Gaussian(0.0, 0.1))), (term,)
    )
    found = minimise(joint)  # D = 2 (2 + a + b) + 100 b^2: a = -0.5, b = -0.01
    assert found.values == pytest.approx([-0.5, -0.01], abs=1e-9)
    assert found.edges.size == 0


def test_the_kink_of_a_bin_without_any_counts():
    """On-off with nothing seen anywhere: D = 2 s or -2 tau s is least at s = 0 (1e-9)."""
    signal = LinearPrediction(("s",), np.ones((1, 2)), np.zeros(2))
    term = OnOffTerm(np.zeros(2), np.zeros(2), np.array(3.0), signal)
    found = minimise(Likelihood((Parameter("s", (0.7,)),), (term,)))
    assert found.values == pytest.approx([0.0], abs=1e-9)


@pytest.mark.parametrize("start", [-10.0, -1.2])
def test_a_way_back_from_an_impossible_start(start):
    """From beyond the edge the fit returns: the minimum is that of the other starts (1e-9)."""
    joint = counts([4.0, 7.0], [[1.0, 2.0]], [1.0, 1.0])
    found = minimise(joint, start={"a": start})
    assert found.values == pytest.approx(minimise(joint).values, abs=1e-7)


def test_what_is_impossible_everywhere_is_said():
    """Counts in a bin that nothing reaches, and a background below zero."""
    with pytest.raises(FitFailed, match="no start at which the data are possible"):
        minimise(counts([1.0, 1.0], [[1.0, 0.0]], [0.0, 0.0]))
    with pytest.raises(FitFailed, match="no start at which the data are possible"):
        minimise(counts([1.0, 1.0], [[1.0, -1.0]], [0.0, -2.0]))
    with pytest.raises(FitFailed, match="fix fewer"):
        minimise(counts([1.0], [[1.0]], [0.0]), fixed={"a": 0.0})


def test_no_walls_no_edge():
    """Numbers with Gaussian errors have no edge to end at, or to come back from."""
    line = LinearPrediction(("a",), np.ones((1, 1)), np.zeros(1))
    one = Likelihood((Parameter("a"),), (NormalTerm.independent([1.0], [1.0], line),))
    assert at_edge(Problem(one, {}), np.zeros(1)) is None
    assert inside(Problem(one, {}), np.zeros(1)) is None


def test_a_flat_direction_along_an_edge_is_no_minimum():
    """Two strengths, one wall, nothing else: the data do not determine both."""
    with pytest.raises(FitFailed, match="do not"):
        minimise(counts([0.0], [[1.0], [2.0]], [1.0]))
