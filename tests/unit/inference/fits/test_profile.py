"""Profiles, intervals, limits and contours beside closed forms, gammapy, iminuit, scipy."""

import numpy as np
import pytest
from scipy import optimize, special, stats

from nuatom.errors import InvalidInput, UnknownName
from nuatom.inference.fits.fit import fit
from nuatom.inference.fits.profile import (
    CENTRAL,
    ONE_SIDED,
    contour,
    interval,
    rise,
    scan,
    upper_limit,
)
from nuatom.inference.intervals import delta_chi2_2p71_physical, plain_1p28
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.inference.predictions import LinearPrediction

ONE_SIGMA, THREE_SIGMA = special.erf(1 / np.sqrt(2)), special.erf(3 / np.sqrt(2))


def measured(value, sigma, low=-np.inf):
    line = LinearPrediction(("x",), np.ones((1, 1)), np.zeros(1))
    term = NormalTerm.independent([value], [sigma], line)
    return Likelihood((Parameter("x", (1.0,), low=low, scale=sigma),), (term,))


def counted(n, background, low=-np.inf):
    spectrum = LinearPrediction(("x",), np.ones((1, 1)), np.array([float(background)]))
    term = PoissonTerm(np.array([float(n)]), spectrum)
    return Likelihood((Parameter("x", (1.0,), low=low),), (term,))


def on_off(on, off, alpha, low=-np.inf):
    signal = LinearPrediction(("x",), np.ones((1, 1)), np.zeros(1))
    term = OnOffTerm(np.array([float(on)]), np.array([float(off)]), np.array(1 / alpha), signal)
    return Likelihood((Parameter("x", (1.0,), low=low),), (term,))


def spectrum(seed=1):
    """Counts of a signal on a background with a free level and two pulls."""
    rng = np.random.default_rng(seed)
    e = np.linspace(0.1, 1.0, 12)
    shapes = np.array([2 / e, 3 * np.ones(12), 4 * (e - 0.5), np.cos(6 * e)])
    names = ("x", "level", "slope", "wave")
    term = PoissonTerm(
        rng.poisson(shapes[:2].sum(axis=0)).astype(float),
        LinearPrediction(names, shapes, np.zeros(12)),
    )
    pulls = (Parameter(n, prior=Gaussian(0.0, 0.5)) for n in names[2:])
    return Likelihood(
        (Parameter("x", (1.0,), low=0.0), Parameter("level", (1.0,), low=0.0), *pulls), (term,)
    )


class Interference:
    """Counts b + 2 g q + h q^2 of a signed coupling."""

    names = ("x",)

    def expected(self, values):
        return 30.0 + np.array([4.0, 2.0]) * values[0] + np.array([5.0, 3.0]) * values[0] ** 2

    def jacobian(self, values):
        return (np.array([4.0, 2.0]) + 2 * np.array([5.0, 3.0]) * values[0])[:, None]


def coupling(data, *starts):
    term = PoissonTerm(np.array(data), Interference())
    return Likelihood((Parameter("x", starts),), (term,))


@pytest.mark.parametrize(("best", "sigma"), [(1.3, 0.4), (-2.0, 1.0), (1e-11, 3e-12)])
def test_gaussian_interval_is_central(best, sigma):
    """best +- Phi^-1((1 + C)/2) sigma (1e-6 sigma: differences and root)."""
    found = interval(measured(best, sigma), "x", 0.90)
    half = stats.norm.ppf(0.95) * sigma
    assert found.low == pytest.approx(best - half, abs=1e-6 * sigma)
    assert found.high == pytest.approx(best + half, abs=1e-6 * sigma)
    assert found.best_fit == pytest.approx(best, abs=1e-6 * sigma)
    assert found.note == ""
    assert len(found.pieces) == 1


@pytest.mark.parametrize("best", [-3.0, -0.5, 0.0, 0.2, 4.0])
@pytest.mark.parametrize("confidence", [0.68, 0.90, 0.95])
def test_limit_with_a_boundary_is_the_prescription_for_gaussian_data(best, confidence):
    """`intervals.delta_chi2_2p71_physical` is its closed form (1e-6)."""
    found = upper_limit(measured(best, 1.0, low=0.0), "x", confidence)
    assert found.high == pytest.approx(delta_chi2_2p71_physical(best, 1.0, confidence), abs=1e-6)
    assert found.low == 0.0
    assert found.best_fit == pytest.approx(max(best, 0.0), abs=1e-6)


@pytest.mark.parametrize("best", [-3.0, 2.0])
def test_one_sided_limit_far_from_bounds_is_a_quantile(best):
    """best + Phi^-1(C) sigma, exceeded with probability C; negative without a bound (1e-6)."""
    found = upper_limit(measured(best, 0.7), "x", 0.90, convention=ONE_SIDED)
    assert found.high == pytest.approx(plain_1p28(best, 0.7, 0.90), abs=1e-6)
    assert found.low == -np.inf
    assert "one-sided" in found.method


@pytest.mark.parametrize("background", [0.0, 0.3, 10.0])
def test_no_counts_limit_half_the_rise(background):
    """D = 2 (b + s): the limit is 2.7055/2 = 1.353 for any background, 1e-7."""
    found = upper_limit(counted(0, background, low=0.0), "x", 0.90)
    assert found.high == pytest.approx(stats.chi2.ppf(0.9, 1) / 2, abs=1e-7)
    assert found.best_fit == 0.0
    two = interval(counted(0, background, low=0.0), "x", 0.90)
    assert (two.low, two.note) == (0.0, "the lower end is the bound 0, no crossing")


# counts, known background, excess, errors of one standard deviation and the limit at three,
# as in the tests of gammapy (gammapy/stats/tests/test_counts_statistic.py)
CASH = [
    (1, 2, -1.0, -0.69829, 1.35767667, 5.869898),
    (5, 1, 4.0, -1.915916, 2.581106, 13.98959),
    (10, 5, 5.0, -2.838105, 3.504033, 17.696064),
    (100, 23, 77.0, -9.669482, 10.336074, 110.07206),
    (1, 20, -19.0, -0.69829, 1.357677, 4.711538),
]
# the same for counts on and off and alpha = 1/tau
WSTAT = [
    (1, 2, 1.0, -1.0, -1.942465, 1.762589, 6.272627),
    (5, 1, 1.0, 4.0, -2.310459, 2.718807, 14.222831),
    (10, 5, 0.3, 8.5, -2.932472, 3.55926, 21.309229),
    (10, 23, 0.1, 7.7, -2.884366, 3.533279, 20.45803),
    (1, 20, 1.0, -19.0, -4.897018, 4.299083, 4.884418),
]


@pytest.mark.parametrize(("n", "background", "excess", "down", "up", "limit"), CASH)
def test_intervals_and_limits_of_counts_in_another_code(n, background, excess, down, up, limit):
    """gammapy: asymmetric errors, signals of any sign; limits relative to s >= 0 (1e-5)."""
    found = interval(counted(n, background), "x", ONE_SIGMA)
    assert found.best_fit == pytest.approx(excess, abs=1e-5)
    assert found.low == pytest.approx(excess + down, abs=1e-5)
    assert found.high == pytest.approx(excess + up, abs=1e-5)
    bounded = upper_limit(counted(n, background, low=0.0), "x", THREE_SIGMA)
    assert bounded.high == pytest.approx(limit, abs=2e-5)


@pytest.mark.parametrize(("on", "off", "alpha", "excess", "down", "up", "limit"), WSTAT)
def test_intervals_and_limits_on_off_in_another_code(on, off, alpha, excess, down, up, limit):
    """gammapy: as above with the background profiled (1e-5)."""
    found = interval(on_off(on, off, alpha), "x", ONE_SIGMA)
    assert found.best_fit == pytest.approx(excess, abs=1e-5)
    assert found.low == pytest.approx(excess + down, abs=1e-5)
    assert found.high == pytest.approx(excess + up, abs=1e-5)
    bounded = upper_limit(on_off(on, off, alpha, low=0.0), "x", THREE_SIGMA)
    assert bounded.high == pytest.approx(limit, rel=1e-5)


def test_minos_of_iminuit_has_the_same_ends():
    """Asymmetric errors with nuisances, MINUIT's own search: 2e-3 of an error, its tolerance."""
    from iminuit import Minuit

    joint = spectrum()
    minuit = Minuit(joint.deviance, joint.values(), name=joint.names)
    minuit.errordef, minuit.strategy, minuit.tol = 1.0, 2, 1e-3
    minuit.limits["x"] = minuit.limits["level"] = (0, None)
    minuit.migrad()
    minuit.minos("x")
    found = interval(joint, "x", ONE_SIGMA)
    ends = minuit.merrors["x"]
    best, error = minuit.values["x"], minuit.errors["x"]
    assert found.low == pytest.approx(best + ends.lower, abs=2e-3 * error)
    assert found.high == pytest.approx(best + ends.upper, abs=2e-3 * error)


def test_scan_is_the_least_over_the_other_parameters():
    """scipy from three starts at each point never finds less, nor more than 1e-6."""
    joint = spectrum(2)
    points = [0.0, 0.5, 1.0, 2.5]
    found = scan(joint, "x", points)
    for k, x in enumerate(points):
        ends = [
            optimize.minimize(
                lambda y, x=x: joint.deviance(np.append(x, y)),
                [level, 0.0, 0.0],
                jac=lambda y, x=x: joint.gradient(np.append(x, y))[1:],
                method="L-BFGS-B",
                bounds=[(0.0, None), (None, None), (None, None)],
                options={"ftol": 1e-15, "gtol": 1e-10},
            ).fun
            for level in (0.5, 1.0, 3.0)
        ]
        assert found.deviances[k] <= min(ends) + 1e-9
        assert found.deviances[k] == pytest.approx(min(ends), abs=1e-6)
        assert joint.deviance(found.values[k]) == pytest.approx(found.deviances[k], rel=1e-12)
        assert found.values[k, 0] == x
    assert np.all(found.rises >= 0)
    assert found.minimum == pytest.approx(fit(joint).deviance, abs=1e-9)


def test_interval_ends_have_the_rise_of_their_level():
    """At each end the scan has the rise that was asked for (1e-6)."""
    joint = spectrum(5)
    found = interval(joint, "x", 0.68)
    curve = scan(joint, "x", [found.low, found.high])
    assert found.low > 0
    assert curve.rises == pytest.approx([rise(0.68)] * 2, abs=1e-6)


def test_fixed_nuisances_narrow_an_interval():
    """Fixing all others at their best values cannot widen; the fixed ones stay."""
    joint = spectrum(5)
    best = fit(joint).values
    others = {n: best[n] for n in ("level", "slope", "wave")}
    free, held = interval(joint, "x", 0.68), interval(joint, "x", 0.68, fixed=others)
    assert free.low < held.low < held.high < free.high


def test_a_signed_coupling_has_two_pieces():
    """Interference: both minima, the hull and the gap; D itself is solved for the crossings.

    Brute force: sign changes of D - min D - 2.7055 on a fine grid, then bisection (1e-6).
    """
    both = coupling((68.0, 51.0), 2.0, -2.0)
    grid = np.linspace(-6, 6, 24001)
    curve = np.array([both.deviance(np.array([x])) for x in grid])
    level = curve.min() + rise(0.90)
    places = np.flatnonzero(np.diff(np.sign(curve - level)))
    expected = [
        optimize.brentq(lambda x: both.deviance(np.array([x])) - level, grid[k], grid[k + 1])
        for k in places
    ]
    found = interval(both, "x", 0.90)
    assert len(expected) == 4
    # the grid misses the minimum by 2.5e-4, D by less than 1e-5
    assert np.ravel(found.pieces) == pytest.approx(expected, abs=1e-4)
    assert (found.low, found.high) == (found.pieces[0][0], found.pieces[-1][1])
    assert "2 pieces" in found.note
    assert upper_limit(both, "x", 0.90).high == pytest.approx(expected[-1], abs=1e-4)


def test_the_other_minimum_is_found_from_one_start():
    """D falls again beyond what is accepted: the mirror piece is found, and noted."""
    found, both = (interval(coupling((68.0, 51.0), *s), "x", 0.90) for s in ((2.0,), (2.0, -2.0)))
    assert np.ravel(found.pieces) == pytest.approx(np.ravel(both.pieces), abs=1e-6)


def test_a_start_in_the_worse_valley_does_not_decide():
    """From the side of the worse minimum the best fit is still the better one (1e-6)."""
    data = (78.0, 46.0)  # of q = 2.2 about: the mirror value fits worse
    better = interval(coupling(data, 2.0, -2.0), "x", 0.90)
    from_worse = interval(coupling(data, -3.0 if better.best_fit > 0 else 3.0), "x", 0.90)
    assert from_worse.best_fit == pytest.approx(better.best_fit, abs=1e-6)
    assert np.ravel(from_worse.pieces) == pytest.approx(np.ravel(better.pieces), abs=1e-6)


def test_two_minima_that_are_not_told_apart_are_one_piece():
    """Counts as of no signal: both minima lie in one accepted piece."""
    found = interval(coupling((30.0, 30.0), 2.0, -2.0), "x", 0.90)
    assert len(found.pieces) == 1
    assert found.note == ""
    assert found.low < -0.8 < 0.0 < found.high


def test_data_without_an_upper_end():
    """mu = 1 + exp(-x) with one count: every large x is accepted, and it is said."""

    class Fading:
        names = ("x",)

        def expected(self, values):
            return 1 + np.exp(-values)

        def jacobian(self, values):
            return -np.exp(-values)[:, None]

    one = Likelihood(
        (Parameter("x", (0.0,), low=-50.0, high=30.0),), (PoissonTerm(np.ones(1), Fading()),)
    )
    found = interval(one, "x", 0.90)
    assert found.high == 30.0
    assert "upper end is the bound 30" in found.note
    # lower end: n ln mu: 2 (mu - 1 - ln mu) = 2.7055 at mu = 1 + exp(-x)
    mu = optimize.brentq(lambda m: 2 * (m - 1 - np.log(m)) - rise(0.90), 1.0, 20.0)
    assert found.low == pytest.approx(-np.log(mu - 1), abs=1e-5)


def test_an_end_where_the_data_become_impossible():
    """No counts, background 0.4, signal of any sign: s > -0.4 is accepted down to the edge."""
    found = interval(counted(0, 0.4), "x", 0.90)
    assert found.low == pytest.approx(-0.4, abs=1e-8)
    assert found.high == pytest.approx(-0.4 + rise(0.90) / 2, abs=1e-8)
    assert "impossible" in found.note


def test_nuisances_may_make_room_at_an_edge():
    """s below -b is possible while a background strength can grow (bounds of D by hand).

    One empty bin mu = s + b, b = 1 +- 0.5: for s < 0 the least D is 0 down to s = -1 and
    ((b - 1)/0.5)^2 with b = -s below: the rise 2.7055 is reached at b = 1 + 0.5 x 1.645.
    The best fit is s = -b, so the upper end has 2 mu + pull^2 with the least over b:
    b = 1 - 0.25 (slope 2 against 8 (b - 1)), mu = 2.7055/2 - 0.125.
    """
    rows = np.ones((2, 1))
    term = PoissonTerm(np.zeros(1), LinearPrediction(("x", "b"), rows, np.zeros(1)))
    known = Parameter("b", (1.0,), low=0.0, prior=Gaussian(1.0, 0.5))
    found = interval(Likelihood((Parameter("x", (0.5,)), known), (term,)), "x", 0.90)
    root = np.sqrt(rise(0.90))
    assert found.low == pytest.approx(-1 - 0.5 * root, abs=1e-5)
    assert found.high == pytest.approx((rise(0.90) - 0.25) / 2 - 0.75, abs=1e-5)


def test_gaussian_contour_is_an_ellipse():
    """D - min D of two correlated numbers is their chi-square; levels -2 ln(1 - C) (1e-7)."""
    covariance = np.array([[1.0, 0.6], [0.6, 2.0]])
    plane = LinearPrediction(("x", "y"), np.eye(2), np.zeros(2))
    term = NormalTerm(np.array([0.5, -1.0]), covariance, plane)
    grid = np.linspace(-2, 2, 5), np.linspace(-3, 1, 4)
    found = contour(
        Likelihood((Parameter("x"), Parameter("y")), (term,)), ("x", "y"), [0.68, 0.90, 0.95], grid
    )
    inverse = np.linalg.inv(covariance)
    for i, x in enumerate(grid[0]):
        for j, y in enumerate(grid[1]):
            rest = np.array([x - 0.5, y + 1.0])
            assert found.rises[i, j] == pytest.approx(rest @ inverse @ rest, abs=1e-7)
    assert found.levels == pytest.approx(stats.chi2.ppf([0.68, 0.90, 0.95], 2), rel=1e-9)
    assert found.best_fit == pytest.approx((0.5, -1.0), abs=1e-6)


def test_contour_profiles_the_other_parameters():
    """The projection of a contour at rise r has the ends of the interval at rise r.

    For the grid through the end of the interval of x, the least over the level is 1e-3
    above its rise at most: the grid of the level is fine.
    """
    joint = spectrum(5)
    found = interval(joint, "x", 0.68)
    values = scan(joint, "x", [found.high]).values[0]
    levels = values[1] + np.linspace(-0.02, 0.02, 5)
    surface = contour(joint, ("x", "level"), [0.68], ([found.high], levels)).rises
    assert surface.min() == pytest.approx(rise(0.68), abs=1e-6)
    assert np.argmin(surface) == 2


def test_impossible_points_of_a_contour_are_infinite():
    """Negative strengths below what the background allows."""
    rows = np.array([[1.0, 0.0], [1.0, 1.0]])
    term = PoissonTerm(np.array([2.0, 3.0]), LinearPrediction(("x", "y"), rows, np.ones(2)))
    both = Likelihood((Parameter("x", (1.0,)), Parameter("y", (1.0,))), (term,))
    found = contour(both, ("x", "y"), [0.9], ([-5.0, 1.0], [-2.0, 0.5]))
    assert found.rises[0].tolist() == [np.inf, np.inf]
    assert np.isfinite(found.rises[1, 1])


def test_rises_and_their_conventions():
    """Quantiles of chi-square with one degree: C for an interval, 2 C - 1 for one side."""
    assert rise(0.90) == pytest.approx(stats.chi2.ppf(0.90, 1), rel=1e-9)
    assert rise(0.95, ONE_SIDED) == pytest.approx(stats.chi2.ppf(0.90, 1), rel=1e-9)
    with pytest.raises(InvalidInput, match=r"above 0\.5"):
        rise(0.4, ONE_SIDED)
    with pytest.raises(UnknownName, match="central"):
        rise(0.9, "centrel")


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda one: scan(one, "y", [1.0]), UnknownName),
        (lambda one: scan(one, "x", [1.0, 1.0]), InvalidInput),
        (lambda one: scan(one, "x", [-1.0]), InvalidInput),
        (lambda one: scan(one, "x", []), InvalidInput),
        (lambda one: scan(one, "x", [1.0], fixed={"x": 1.0}), InvalidInput),
        (lambda one: interval(one, "x", 1.0), InvalidInput),
        (lambda one: upper_limit(one, "x", 0.0), InvalidInput),
        (lambda one: contour(one, ("x", "x"), [0.9], ([1.0], [1.0])), InvalidInput),
        (lambda one: contour(one, ("x", "y"), [0.9], ([1.0], [1.0])), UnknownName),
    ],
)
def test_bad_input_is_named(call, error):
    """Unknown names, points out of order or range, confidence levels that are none."""
    with pytest.raises(error):
        call(counted(3, 1, low=0.0))


def test_statements_carry_their_convention():
    """The method says rise and convention, so that a table can."""
    assert interval(counted(3, 1), "x").method == "rise of the profile deviance by 2.706, central"
    assert CENTRAL in upper_limit(counted(3, 1), "x").method
