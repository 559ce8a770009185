"""Posteriors against closed forms."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import optimize, special, stats

from nuatom.arrays import Array
from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference import (
    Gaussian,
    Likelihood,
    LinearPrediction,
    NormalTerm,
    Parameter,
    PoissonTerm,
    intervals,
)
from nuatom.inference.bayes import posterior as bayes


def gaussian(best_fit: float, sigma: float, low: float = 0.0) -> Likelihood:
    """One number measured with a Gaussian error."""
    one = LinearPrediction(("x",), np.ones((1, 1)), np.zeros(1))
    term = NormalTerm.independent(np.array([best_fit]), np.array([sigma]), one)
    return Likelihood((Parameter("x", low=low, scale=2.0),), (term,))


def counts(n: int, background: float) -> Likelihood:
    """One count with a known background."""
    spectrum = LinearPrediction(("s",), np.ones((1, 1)), np.array([background]))
    term = PoissonTerm(np.array([float(n)]), spectrum)
    return Likelihood((Parameter("s", (1.0,), low=0.0),), (term,))


@pytest.mark.parametrize("best_fit", [-6.0, -1.0, 0.0, 0.7, 9.0])
def test_gaussian_measurement(best_fit: float) -> None:
    """Both priors give the closed forms for a Gaussian measurement with x >= 0."""
    flat = bayes.posterior(gaussian(best_fit, 1.3), "x").upper_limit(0.9).high
    assert flat == pytest.approx(intervals.bayes_flat_in_square(best_fit, 1.3), rel=1e-7)
    assert flat == pytest.approx(intervals.cls(best_fit, 1.3), rel=1e-7)
    root = bayes.posterior(gaussian(best_fit, 1.3), "x", "flat-in-root").upper_limit(0.9).high
    assert root == pytest.approx(intervals.bayes_flat_in_root(best_fit, 1.3), rel=1e-7)


@pytest.mark.parametrize(("n", "background"), [(0, 0.0), (0, 3.0), (3, 1.0), (10, 6.0), (2, 8.0)])
def test_helene(n: int, background: float) -> None:
    """A count with a known background gives Helene's formula."""

    # Helene (1983): 1 - C = Q(n + 1, s + b)/Q(n + 1, b)
    def excess(s: float) -> float:
        tail = special.gammaincc(n + 1, s + background) / special.gammaincc(n + 1, background)
        return float(tail - 0.1)

    found = bayes.posterior(counts(n, background), "s").upper_limit(0.9)
    assert found.high == pytest.approx(optimize.brentq(excess, 0, 60, xtol=1e-12), rel=1e-7)
    assert found.low == 0.0
    assert "no nuisance; numerical error 0" in found.note


@pytest.mark.parametrize("n", [0, 3])
def test_negative_signals_end_where_data_are_impossible(n: int) -> None:
    """Without a bound s + b is a Gamma variable: the range ends at s = -b by itself."""
    one = counts(n, 5.0).with_parameter(Parameter("s", (1.0,)))
    found = bayes.posterior(one, "s")
    for p in (0.05, 0.9):
        assert found.quantile(p) == pytest.approx(stats.gamma(n + 1).ppf(p) - 5, abs=1e-6)


def test_one_free_background() -> None:
    """On and off counts with a flat prior of the background: a sum of Gamma functions."""
    on, off, ratio = 8, 10, 2.0
    spectrum = LinearPrediction(("s", "b"), np.array([[1.0, 0.0], [1.0, ratio]]), np.zeros(2))
    term = PoissonTerm(np.array([8.0, 10.0]), spectrum)
    parameters = (Parameter("s", (1.0,), low=0.0), Parameter("b", (4.0,), low=0.0))
    found = bayes.posterior(Likelihood(parameters, (term,)), "s")
    # Int db (s+b)^n b^m e^-(1+r) b e^-s: terms s^(n-j) e^-s, whose integral is (n-j)!
    j = np.arange(on + 1)
    logs = (
        special.gammaln(on + 1) - special.gammaln(j + 1)
        + special.gammaln(off + j + 1) - (off + j + 1) * np.log(1 + ratio)
    )  # fmt: skip
    weights = np.exp(logs - special.logsumexp(logs))

    def below(s: float) -> float:
        return float(weights @ special.gammainc(on - j + 1, s) - 0.9)

    assert found.quantile(0.9) == pytest.approx(optimize.brentq(below, 0, 50), rel=1e-7)
    assert 0 < found.error(0.9) < 1e-4


def test_many_gaussian_nuisances() -> None:
    """With Gaussian errors the posterior is a Gaussian of the profiled width, cut at 0."""
    throw = np.random.default_rng(3)
    names = tuple("xabcd")
    templates = throw.normal(size=(5, 15))
    data = 0.3 * templates[0] + throw.normal(size=15)
    term = NormalTerm.independent(
        data, np.ones(15), LinearPrediction(names, templates, np.zeros(15))
    )
    priors = {"a": Gaussian(0.0, 0.5), "b": Gaussian(0.1, 2.0)}
    parameters = tuple(
        Parameter(n, low=0.0 if n == "x" else -np.inf, prior=priors.get(n)) for n in names
    )
    found = bayes.posterior(Likelihood(parameters, (term,)), "x", samples=256)
    known = np.diag([0.0, 4.0, 0.25, 0.0, 0.0])
    covariance = np.linalg.inv(templates @ templates.T + known)
    best = covariance @ (templates @ data + np.array([0.0, 0.0, 0.025, 0.0, 0.0]))
    closed = intervals.bayes_flat_in_square(best[0], np.sqrt(covariance[0, 0]))
    # samples are the same at every x, and a Gaussian only shifts: the noise cancels
    assert found.upper_limit().high == pytest.approx(closed, rel=1e-5)


def test_sampling_agrees_with_the_rule() -> None:
    """A nuisance that decouples changes the method to sampling, and nothing else."""
    spectrum = LinearPrediction(("s", "b"), np.array([[1.0, 2.0], [5.0, 5.0]]), np.zeros(2))
    term = PoissonTerm(np.array([4.0, 9.0]), spectrum)
    parameters = (
        Parameter("s", (1.0,), low=0.0),
        Parameter("b", (1.0,), low=0.0, prior=Gaussian(1.0, 0.3)),
    )
    exact = bayes.posterior(Likelihood(parameters, (term,)), "s")
    flat = LinearPrediction(("c",), np.ones((1, 1)), np.zeros(1))
    other = NormalTerm.independent(np.array([2.0]), np.array([0.5]), flat)
    both = Likelihood((*parameters, Parameter("c")), (term, other))
    found = [bayes.posterior(both, "s", samples=128, seed=s) for s in range(4)]
    limits = np.array([f.quantile(0.9) for f in found])
    stated = np.array([f.error(0.9) for f in found])
    assert np.max(stated) < 0.02 * exact.quantile(0.9)
    # the mean of four with four standard deviations
    assert limits.mean() == pytest.approx(exact.quantile(0.9), abs=4 * stated.mean() / 2)
    # a spread of four is known to 41 %, an error from eight batches to 27 %
    assert 0.1 < limits.std(ddof=1) / stated.mean() < 3
    assert "2 nuisances integrated by importance sampling" in found[0].method


@dataclass(frozen=True, eq=False)
class Square:
    """Expects x^2 in one bin."""

    names: tuple[str, ...] = ("x",)

    def expected(self, values: Array) -> Array:
        return np.asarray(values**2)

    def jacobian(self, values: Array) -> Array:
        return np.asarray(2 * values[None, :])


def test_both_signs_of_a_coupling() -> None:
    """Two equal maxima each hold half of the probability."""
    term = NormalTerm.independent(np.array([4.0]), np.array([0.5]), Square())
    found = bayes.posterior(Likelihood((Parameter("x", starts=(1.0, -1.0)),), (term,)), "x")
    assert found.probability(0.0) == pytest.approx(0.5, abs=1e-6)
    assert found.density([2.0]) == pytest.approx(found.density([-2.0]), rel=1e-6)
    low, high = (found.interval(0.9).low, found.interval(0.9).high)
    assert high == pytest.approx(-low, rel=1e-6)


def test_intervals_of_a_gaussian() -> None:
    """Equal tails and shortest interval agree without a bound: +- 1.645 sigma."""
    p = bayes.posterior(gaussian(1.0, 2.0, low=-np.inf), "x")
    for shortest in (False, True):
        found = p.interval(0.9, shortest=shortest)
        # the length is flat at its minimum, so that its ends are found to a root of rounding
        assert found.low == pytest.approx(1 - 2 * 1.644854, abs=1e-4)
        assert found.high == pytest.approx(1 + 2 * 1.644854, abs=1e-4)
        assert found.best_fit == pytest.approx(1.0, rel=1e-6)


def test_shortest_interval_begins_at_the_bound() -> None:
    """A posterior that falls from the bound has its shortest interval there."""
    p = bayes.posterior(counts(0, 0.0), "s")
    shortest = p.interval(0.9, shortest=True)
    assert (shortest.low, shortest.high) == (0.0, pytest.approx(np.log(10), rel=1e-7))
    tails = p.interval(0.9)
    assert tails.low == pytest.approx(-np.log(0.95), rel=1e-6)
    assert tails.high == pytest.approx(-np.log(0.05), rel=1e-6)


def test_density_and_probability() -> None:
    """Density and probability are those of the Gamma distribution, zero outside the range."""
    p = bayes.posterior(counts(3, 0.0), "s")
    x = np.array([-1.0, 0.5, 3.0, 9.0])
    assert p.density(x) == pytest.approx(stats.gamma(4).pdf(x), abs=1e-7)
    assert p.probability(5.0) == pytest.approx(stats.gamma(4).cdf(5.0), abs=1e-8)
    assert (p.probability(-2.0), p.probability(1e9)) == (0.0, 1.0)
    root = bayes.posterior(counts(3, 0.0), "s", "flat-in-root")
    # a prior s^(-1/2) makes it a Gamma distribution with 7/2
    assert root.density(x[1:]) == pytest.approx(stats.gamma(3.5).pdf(x[1:]), abs=1e-7)


def test_bounds_of_the_prior() -> None:
    """A prior that ends cuts the posterior, and nothing is put back beyond it."""
    p = bayes.posterior(gaussian(0.0, 1.0), "x", bounds=(0.5, 2.0))
    cut = stats.truncnorm(0.5, 2.0)
    assert p.quantile(0.9) == pytest.approx(cut.ppf(0.9), rel=1e-7)
    assert p.upper_limit(0.9).low == 0.5
    assert p.quantile(0.999) < 2.0


def test_prior_of_the_parameter_itself() -> None:
    """A Gaussian prior of the parameter multiplies: two measurements average."""
    one = gaussian(1.0, 1.0, low=-np.inf)
    known = one.with_parameter(Parameter("x", prior=Gaussian(3.0, 1.0)))
    p = bayes.posterior(known, "x")
    assert p.quantile(0.5) == pytest.approx(2.0, rel=1e-7)


def test_bad_input() -> None:
    """What is not there, or cannot be, is named."""
    one = gaussian(0.0, 1.0)
    with pytest.raises(UnknownName, match="unknown parameter 'y'"):
        bayes.posterior(one, "y")
    with pytest.raises(UnknownName, match="unknown prior 'jeffreys'"):
        bayes.posterior(one, "x", "jeffreys")
    with pytest.raises(InvalidInput, match="flat in the root: found the range of x from -1"):
        bayes.posterior(one, "x", "flat-in-root", bounds=(-1.0, 2.0))
    with pytest.raises(InvalidInput, match="bounds of x: found 2 to 1"):
        bayes.posterior(one, "x", bounds=(2.0, 1.0))
    with pytest.raises(InvalidInput, match=r"confidence: found 1\.5"):
        bayes.posterior(one, "x").upper_limit(1.5)


def test_flat_likelihood() -> None:
    """Data that say nothing about a parameter are an error, not the prior."""
    nothing = LinearPrediction(("x",), np.zeros((1, 1)), np.ones(1))
    term = PoissonTerm(np.array([2.0]), nothing)
    with pytest.raises(FitFailed, match="do not determine x"):
        bayes.posterior(Likelihood((Parameter("x", low=0.0),), (term,)), "x")
