"""Single events beside iminuit, narrow bins, closed forms and draws."""

import numpy as np
import pytest
from scipy import integrate, stats

from nuatom.errors import InvalidInput
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.unbinned import UnbinnedTerm
from nuatom.inference.predictions import LinearPrediction

GRID = np.array([0.0, 0.5, 1.0, 2.0, 4.0])
SHAPE = LinearPrediction(
    ("flat", "peak"),
    np.array([np.ones(5), [0.0, 1.0, 3.0, 1.0, 0.0]]),
    np.full(5, 0.1),
)
AT = np.array([0.7, 1.3])
EVENTS = np.array([0.0, 0.3, 0.9, 1.0, 1.7, 3.9, 4.0])
TERM = UnbinnedTerm(EVENTS, GRID, SHAPE)


def test_total_is_the_integral_of_the_density():
    """Trapezia by hand: 0.8 over 4 and 1.3 times (0.25 + 1 + 2 + 1); rounding 1e-12."""
    assert TERM.total(AT) == pytest.approx(0.8 * 4 + 1.3 * 4.25, rel=1e-12)


def test_iminuit_has_the_same_cost_up_to_a_constant():
    """Differences of iminuit's extended unbinned cost between parameters; rounding 1e-9."""
    from iminuit.cost import ExtendedUnbinnedNLL

    def model(x, flat, peak):
        nodes = SHAPE.expected(np.array([flat, peak]))
        return np.trapezoid(nodes, GRID), np.interp(x, GRID, nodes)

    cost = ExtendedUnbinnedNLL(EVENTS, model)
    other = np.array([1.9, 0.2])
    expected = cost(*AT) - cost(*other)
    assert TERM.deviance(AT) - TERM.deviance(other) == pytest.approx(expected, rel=1e-9)


def test_reference_is_a_flat_density_with_as_many_events():
    """D of that density is zero: 7 events over a length of 4; rounding 1e-12."""
    assert TERM.reference == pytest.approx(7 / 4, rel=1e-12)
    flat = np.array([7 / 4 - 0.1, 0.0])
    assert TERM.deviance(flat) == pytest.approx(0.0, abs=1e-12)


def test_narrow_bins_are_single_events():
    """Poisson bins of width w give the same differences of D as w -> 0.

    The density is taken half a bin away at most: twice 4 events times the slope of ln n,
    below 3, times 5e-5, for either of two values of the parameters: below 2.4e-3.
    """
    events, width = np.array([0.25, 0.85, 1.55, 3.45]), 1e-4
    edges = np.arange(0.0, 4.0 + width / 2, width)
    counts, _ = np.histogram(events, edges)
    middle = (edges[1:] + edges[:-1]) / 2
    rows = np.array([np.interp(middle, GRID, t) for t in SHAPE.templates]) * width
    binned = PoissonTerm(
        counts.astype(float),
        LinearPrediction(SHAPE.names, rows, np.full(middle.size, 0.1 * width)),
    )
    single, other = UnbinnedTerm(events, GRID, SHAPE), np.array([1.9, 0.2])
    expected = binned.deviance(AT) - binned.deviance(other)
    assert single.deviance(AT) - single.deviance(other) == pytest.approx(expected, abs=2.4e-3)


@pytest.mark.parametrize("values", [[0.7, 1.3], [2.0, -0.1], [0.0, 5.0]])
def test_gradient_is_the_slope_of_the_deviance(values):
    """Central differences over 1e-5: error below 1e-6 of (1 + |slope|).

    Third derivatives 4/n^3 per event < 4e3 at n = 0.1, times 1e-10/6; rounding 1e-10.
    """
    at = np.array(values)
    for k, found in enumerate(TERM.gradient(at)):
        step = np.eye(2)[k] * 1e-5
        slope = (TERM.deviance(at + step) - TERM.deviance(at - step)) / 2e-5
        assert found == pytest.approx(slope, abs=1e-6 * (1 + abs(slope)))


def test_no_event_leaves_the_total():
    """Without events D = 2 N and its gradient 2 dN/dtheta; rounding 1e-12."""
    none = UnbinnedTerm(np.zeros(0), GRID, SHAPE)
    assert none.deviance(AT) == pytest.approx(2 * TERM.total(AT), rel=1e-12)
    assert none.gradient(AT) == pytest.approx([8.0, 8.5], rel=1e-12)


def test_impossible_densities():
    """A density that is negative anywhere, or zero at an event, is impossible."""
    assert TERM.deviance(np.array([-0.2, 1.0])) == np.inf  # negative at the ends
    bare = LinearPrediction(("peak",), SHAPE.templates[1:], np.zeros(5))
    at_the_end = UnbinnedTerm(np.array([4.0]), GRID, bare)
    assert at_the_end.deviance(np.array([1.0])) == np.inf
    assert at_the_end.gradient(np.array([-1.0]))[0] > -np.inf
    numbers, rows = TERM.walls(AT)(AT)
    assert numbers.sum() == pytest.approx(TERM.total(AT), rel=1e-12)
    assert rows.sum(axis=0) == pytest.approx([4.0, 4.25], rel=1e-12)


def test_asimov_data_have_their_minimum_at_the_truth():
    """Gradient zero and N events in all: Gauss quadrature is exact for trapezia (1e-12)."""
    asimov = TERM.asimov(AT)
    assert asimov.weights.sum() == pytest.approx(TERM.total(AT), rel=1e-12)
    assert asimov.gradient(AT) == pytest.approx([0.0, 0.0], abs=1e-12)


def test_asimov_data_stand_for_an_integral():
    """D elsewhere is 2 [N - W - Int n_true ln(n/n_0) dx], here by adaptive quadrature.

    Two Gauss points in cells of 0.05: fourth order, below 1e-7 for fourth derivatives < 100;
    any other two points would be of second order, 1e-5.
    """
    grid = np.linspace(0.0, 4.0, 81)
    fine = LinearPrediction(
        SHAPE.names, np.array([np.interp(grid, GRID, t) for t in SHAPE.templates]), np.full(81, 0.1)
    )
    asimov, other = UnbinnedTerm(np.zeros(0), grid, fine).asimov(AT), np.array([1.9, 0.2])
    true, tried = SHAPE.expected(AT), SHAPE.expected(other)

    def integrand(x):
        return np.interp(x, GRID, true) * np.log(np.interp(x, GRID, tried) / asimov.reference)

    integral, _ = integrate.quad(integrand, 0, 4, points=[0.5, 1.0, 2.0], epsabs=1e-12)
    expected = 2 * (TERM.total(other) - TERM.total(AT) - integral)
    assert asimov.deviance(other) == pytest.approx(expected, abs=1e-6)


def test_simulated_events_follow_the_density():
    """Number: mean of 300 draws within five standard deviations; places: Kolmogorov-Smirnov.

    The p-value of 2500 places beside the exact distribution is above 1e-4.
    """
    rng = np.random.default_rng(8)
    draws = [TERM.simulated(AT, rng).events for _ in range(300)]
    total = TERM.total(AT)
    assert abs(np.mean([d.size for d in draws]) - total) < 5 * np.sqrt(total / 300)
    nodes = SHAPE.expected(AT)

    def distribution(x):
        k = np.clip(np.searchsorted(GRID, x, side="right") - 1, 0, 3)
        whole = np.append(0.0, np.cumsum(np.diff(GRID) * (nodes[1:] + nodes[:-1]) / 2))
        here = np.interp(x, GRID, nodes)
        return (whole[k] + (x - GRID[k]) * (nodes[k] + here) / 2) / total

    assert stats.kstest(np.concatenate(draws), distribution).pvalue > 1e-4


def test_single_events_have_no_goodness_of_fit():
    """They are not counted as measured numbers."""
    assert TERM.points == 0


@pytest.mark.parametrize(
    ("events", "grid", "weights", "words"),
    [
        (np.array([5.0]), GRID, np.zeros(0), "outside the grid"),
        (np.array([np.nan]), GRID, np.zeros(0), "not finite"),
        (np.ones((1, 1)), GRID, np.zeros(0), "list of events"),
        (np.zeros(0), np.array([1.0]), np.zeros(0), "at least two nodes"),
        (np.zeros(0), GRID[::-1], np.zeros(0), "increasing"),
        (np.array([1.0]), GRID, np.ones(2), "weights"),
        (np.array([1.0]), GRID, -np.ones(1), "negative"),
    ],
)
def test_events_are_checked(events, grid, weights, words):
    """Events outside the density have no likelihood."""
    with pytest.raises(InvalidInput, match=words):
        UnbinnedTerm(events, grid, SHAPE, weights)


def test_another_number_of_nodes_is_refused():
    """The prediction is the density at the nodes."""
    with pytest.raises(InvalidInput, match="shape"):
        UnbinnedTerm(np.zeros(0), GRID[:3], SHAPE).deviance(AT)


def test_simulation_of_a_negative_density_is_refused():
    """There are no events from a negative density."""
    with pytest.raises(InvalidInput, match="negative"):
        TERM.simulated(np.array([-1.0, 0.0]), np.random.default_rng(1))
