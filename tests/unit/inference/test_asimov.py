"""Median limits and discovery reach beside closed forms, brute force and simulation."""

import numpy as np
import pytest
from scipy import optimize, special

from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.asimov import Question, median_limit, median_reach, simulated_limits
from nuatom.inference.fits.profile import upper_limit
from nuatom.inference.likelihoods.subtracted import SubtractedTerm

Z90 = float(special.ndtri(0.95))


def counting(background, signal=1.0, sigma=0.0):
    """One bin with a known background, or one that is known to sigma."""
    prediction = LinearPrediction(("s",), np.array([[signal]]), np.array([background]))
    term = SubtractedTerm(
        np.array([background]), prediction, np.array([sigma]), np.zeros(1, dtype=int)
    )
    return Question(Likelihood((Parameter("s", low=0.0),), (term,)), "s")


def spectrum(scale=1.0, *, prior=None, signal=1.0):
    """A falling signal on a flat background whose rate is free or has a prior."""
    bins = np.arange(15)
    templates = scale * np.array([signal * np.exp(-bins / 3.0), np.full(15, 40.0)])
    prediction = LinearPrediction(("s", "b"), templates, np.zeros(15))
    parameters = (Parameter("s", low=0.0), Parameter("b", starts=(1.0,), low=0.0, prior=prior))
    return Likelihood(parameters, (PoissonTerm(np.zeros(15), prediction),))


@pytest.mark.parametrize("background", [0.1, 3.0, 50.0, 1e4])
def test_limit_of_one_bin_solves_its_equation(background):
    """``2 [ s - b ln(1 + s/b) ] = z^2``, solved here by another method; to 1e-7."""
    z2 = Z90**2
    found = median_limit(counting(background))
    exact = optimize.brentq(
        lambda s: 2 * (s - background * np.log1p(s / background)) - z2, 1e-6, 1e6, xtol=1e-12
    )
    assert found == pytest.approx(exact, rel=1e-7)


def test_limit_without_background_is_half_of_z_squared():
    """D = 2 s for an empty bin: 1.3528 counts at 90 %, which the documentation warns of."""
    assert median_limit(counting(0.0)) == pytest.approx(Z90**2 / 2, rel=1e-7)


@pytest.mark.parametrize("background", [2.0, 1e3])
def test_reach_of_one_bin_solves_its_equation(background):
    """``2 [ (s+b) ln(1 + s/b) - s ] = Z^2``: Cowan et al. (2011), Eq. (97); to 1e-7."""
    found = median_reach(counting(background), 5.0)
    exact = optimize.brentq(
        lambda s: 2 * ((s + background) * np.log1p(s / background) - s) - 25, 1e-6, 1e6, xtol=1e-12
    )
    assert found == pytest.approx(exact, rel=1e-7)


def test_limit_of_many_counts_with_a_systematic():
    """``s = z sqrt(b + sigma^2)`` for b = 1e10 and sigma = 1 % of it; next order 2 %."""
    found = median_limit(counting(1e10, sigma=1e8))
    assert found == pytest.approx(Z90 * np.hypot(1e5, 1e8), rel=0.02)


def test_statistics_fall_with_the_root_of_exposure():
    """A hundred times the counts, a tenth of the limit in units of the rate, to 1 %."""
    few, many = (median_limit(Question(spectrum(x), "s")) for x in (1e4, 1e6))
    assert few / many == pytest.approx(10.0, rel=0.01)


def test_a_free_background_costs_sensitivity():
    """Its error matrix says by how much: ``sigma^2 = 1/(I_ss - I_sb^2/I_bb)``, to 1 %."""
    one = spectrum(1e6)
    templates = 1e6 * np.array([np.exp(-np.arange(15) / 3.0), np.full(15, 40.0)])
    information = (templates / templates[1]) @ templates.T
    free = Z90 * np.sqrt(np.linalg.inv(information)[0, 0])
    known = Z90 / np.sqrt(information[0, 0])
    assert median_limit(Question(one, "s")) == pytest.approx(free, rel=0.01)
    assert median_limit(Question(one, "s", fixed=("b",))) == pytest.approx(known, rel=0.01)
    assert free > 1.1 * known


def test_the_general_interval_agrees():
    """`profile.upper_limit` on the same Asimov data; 1e-5 is its precision."""
    one = spectrum(10.0, prior=Gaussian(1.0, 0.02))
    data = one.asimov(one.values())
    assert median_limit(Question(one, "s"), 0.95) == pytest.approx(
        upper_limit(data, "s", 0.95).high, rel=1e-5
    )


@pytest.mark.parametrize("prior", [None, Gaussian(1.0, 0.05)])
def test_median_of_simulated_limits(prior):
    """The Asimov limit is their median within 4 of its errors (order statistics).

    The difference beyond is the skewness of the limit, of the order of one count in 300.
    """
    question = Question(spectrum(10.0, prior=prior), "s")
    limits = np.sort(simulated_limits(question, experiments=400, seed=3))
    error = (limits[210] - limits[190]) / 2
    expected = median_limit(question)
    assert abs(np.median(limits) - expected) < 4 * error + 0.02 * expected


def test_same_seed_same_limits():
    """Bit by bit; another seed gives others."""
    question = Question(spectrum(10.0), "s")
    first, again = (simulated_limits(question, experiments=4, seed=9) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, simulated_limits(question, experiments=4, seed=8))


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_units_of_the_parameter_do_not_matter(unit):
    """A signal template times a factor divides limit and reach by it, to 1e-7."""
    one, other = (Question(spectrum(10.0, signal=s), "s") for s in (1.0, unit))
    assert median_limit(other) * unit == pytest.approx(median_limit(one), rel=1e-7)
    assert median_reach(other, 3.0) * unit == pytest.approx(median_reach(one, 3.0), rel=1e-7)


def test_reach_grows_with_significance():
    """Nearly in proportion for many counts, to 1 %."""
    question = Question(spectrum(1e6), "s")
    ratio = median_reach(question, 5.0) / median_reach(question, 3.0)
    assert ratio == pytest.approx(5 / 3, rel=0.01)


class Quadratic:
    """``100 + 20 x + x^2`` counts: an amplitude that interferes; -20 gives 100 again."""

    names = ("x",)

    def expected(self, values):
        return np.array([100 + 20 * values[0] + values[0] ** 2])

    def jacobian(self, values):
        return np.array([[20 + 2 * values[0]]])


def signed(**changes):
    """The question of it."""
    x = Parameter("x", starts=(0.0, -20.0))
    one = Likelihood((x,), (PoissonTerm(np.array([100.0]), Quadratic()),))
    return Question(one, "x", **changes)


def test_the_outermost_crossing_is_the_limit():
    """mu(x) = mu(-20 - x): the lower limit mirrors the upper one about -10, to 1e-6."""
    high = median_limit(signed(monotonic=False))
    low = median_limit(signed(side=-1, monotonic=False))
    assert low == pytest.approx(-20 - high, rel=1e-6)
    assert -10 < median_limit(signed(side=-1)) < 0  # the innermost one


def test_a_signal_that_a_free_background_mimics_has_no_narrow_limit():
    """Signal of the shape of the background: the limit is where the background is used up.

    There the expectation equals the data with the background at zero, so beyond it D rises:
    40 per bin at the least.
    """
    templates = np.ones((2, 5)) * np.array([[1.0], [40.0]])
    prediction = LinearPrediction(("s", "b"), templates, np.zeros(5))
    parameters = (Parameter("s", low=0.0), Parameter("b", starts=(1.0,), low=0.0))
    one = Likelihood(parameters, (PoissonTerm(np.zeros(5), prediction),))
    assert median_limit(Question(one, "s")) > 40


def test_a_signal_without_effect_has_no_limit():
    """An error, never a number."""
    with pytest.raises(FitFailed, match="set no limit"):
        median_limit(counting(10.0, signal=0.0))
    with pytest.raises(FitFailed, match="no value can be told"):
        median_reach(counting(10.0, signal=0.0), 3.0)


def test_wrong_questions_are_refused():
    """With what was expected."""
    one = spectrum()
    with pytest.raises(UnknownName):
        Question(one, "mu")
    with pytest.raises(UnknownName):
        Question(one, "s", fixed=("c",))
    with pytest.raises(InvalidInput, match="among the nuisances"):
        Question(one, "s", fixed=("s",))
    with pytest.raises(InvalidInput, match="expected 1 or -1"):
        Question(one, "s", side=0)
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        median_limit(Question(one, "s"), 1.0)
    with pytest.raises(InvalidInput, match="significance"):
        median_reach(Question(one, "s"), 0.0)
    with pytest.raises(InvalidInput, match="at least one"):
        simulated_limits(Question(one, "s"), experiments=0, seed=1)
    with pytest.raises(InvalidInput, match="with a sign"):
        simulated_limits(signed(monotonic=False), experiments=1, seed=1)
