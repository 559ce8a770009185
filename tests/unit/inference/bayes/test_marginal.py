"""Marginal likelihoods against closed forms."""

import numpy as np
import pytest
from scipy import special

from nuatom.errors import FitFailed
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.bayes.marginal import BATCHES, Marginal, composite_rule, end_of_support
from nuatom.inference.likelihoods.normal import NormalTerm


def on_off(on: tuple[int, ...], off: tuple[int, ...], ratio: float) -> Likelihood:
    """Counts on = s + b_k, off = ratio b_k; flat priors of all b_k >= 0."""
    size = len(on)
    names = ("s", *(f"b{k}" for k in range(size)))
    templates = np.zeros((size + 1, 2 * size))
    templates[0, :size] = 1.0
    for k in range(size):
        templates[k + 1, k], templates[k + 1, size + k] = 1.0, ratio
    counts = np.array([*on, *off], dtype=float)
    term = PoissonTerm(counts, LinearPrediction(names, templates, np.zeros(2 * size)))
    starts = (1.0, *(float(n + 1) for n in off))
    return Likelihood(
        tuple(Parameter(n, (x,), low=0.0) for n, x in zip(names, starts, strict=True)), (term,)
    )


def log_integral(s: float, on: int, off: int, ratio: float) -> float:
    """ln Int_0^inf e^-(s+b) (s+b)^n e^-(r b) (r b)^m db = ln sum of Gamma functions."""
    j = np.arange(on + 1)
    terms = (
        np.log(special.binom(on, j))
        + special.xlogy(on - j, s)
        + special.gammaln(off + j + 1)
        - (off + j + 1) * np.log(1 + ratio)
    )
    return float(special.logsumexp(terms) - s + off * np.log(ratio))


def differences(marginal: Marginal, points: list[float], expected: list[float]) -> np.ndarray:
    """ln m(x) less its closed form, less the same at the first point."""
    found = np.array([marginal.logs(x)[0] for x in points]) - np.array(expected)
    return np.asarray(found[1:] - found[0])


POINTS = [0.0, 0.5, 2.0, 6.0, 15.0]


@pytest.mark.parametrize(("on", "off"), [(7, 9), (0, 3), (4, 0), (0, 0)])
def test_one_background_in_closed_form(on: int, off: int) -> None:
    """One background, integrated numerically, is a sum of Gamma functions."""
    marginal = Marginal(on_off((on,), (off,), 2.0), "s")
    expected = [log_integral(s, on, off, 2.0) for s in POINTS]
    # exp(-30) is cut off, and the rule of 72 points has an error far below 1e-8
    assert differences(marginal, POINTS, expected) == pytest.approx(0.0, abs=1e-8)
    best, half = marginal.logs(2.0)
    assert half == pytest.approx(best, abs=1e-3)
    assert (marginal.estimates, marginal.weight) == (1, 1.0)


@pytest.mark.parametrize(("on", "off"), [((7, 3), (9, 1)), ((0, 5, 2), (3, 0, 2))])
def test_more_backgrounds_in_closed_form(on: tuple[int, ...], off: tuple[int, ...]) -> None:
    """Several backgrounds, sampled, are a product of such sums within the stated error."""
    marginal = Marginal(on_off(on, off, 2.0), "s")
    expected = [
        sum(log_integral(s, n, m, 2.0) for n, m in zip(on, off, strict=True)) for s in POINTS
    ]
    for place, x in enumerate(POINTS):
        logs = marginal.logs(x)
        error = np.sqrt(marginal.weight * np.sum((logs[1:] - logs[0]) ** 2))
        assert len(logs) == 1 + marginal.estimates == 1 + BATCHES
        assert error < 0.02  # 1024 points
        # the constant: factorials that D leaves out, and the perfect fit that it divides by
        constant = sum(float(special.xlogy(n, n) - n) for n in (*on, *off))
        # 4.5 standard deviations of eight batches, and what their own error leaves unseen
        assert logs[0] == pytest.approx(expected[place] - constant, abs=4.5 * error + 2e-3)


def test_gaussian_nuisances() -> None:
    """With Gaussian errors the marginal is a Gaussian in x with the profiled width."""
    throw = np.random.default_rng(2)
    templates = throw.normal(size=(5, 12))
    names = tuple("xabcd")
    term = NormalTerm.independent(
        throw.normal(size=12), np.full(12, 0.7), LinearPrediction(names, templates, np.zeros(12))
    )
    priors = {"a": Gaussian(0.0, 1.0), "b": Gaussian(0.3, 0.2)}
    one = Likelihood(tuple(Parameter(n, prior=priors.get(n)) for n in names), (term,))
    marginal = Marginal(one, "x")
    hessian = templates @ templates.T / 0.49 + np.diag([0.0, 1.0, 25.0, 0.0, 0.0])
    width = np.sqrt(np.linalg.inv(hessian)[0, 0])
    logs = np.array([marginal.logs(x)[0] for x in (-width, 0.0, width)])
    # the second difference of a parabola; noise of the samples is the same at every x
    assert logs[0] - 2 * logs[1] + logs[2] == pytest.approx(-1.0, rel=1e-6)
    assert "4 nuisances integrated by importance sampling" in marginal.method


def test_without_nuisances() -> None:
    """Without nuisances it is exp(-D/2)."""
    term = PoissonTerm(np.array([3.0]), LinearPrediction(("s",), np.ones((1, 1)), np.ones(1)))
    one = Likelihood((Parameter("s", (1.0,), low=0.0),), (term,))
    marginal = Marginal(one, "s")
    assert marginal.logs(4.0).tolist() == [-one.deviance(np.array([4.0])) / 2]
    assert marginal.profile(4.0) == one.deviance(np.array([4.0]))
    assert (marginal.estimates, marginal.method) == (0, "no nuisance")


def test_same_seed_same_result() -> None:
    """Sampling is repeatable, and another seed gives another number."""
    first, again, other = (
        Marginal(on_off((7, 3), (9, 1), 2.0), "s", seed=seed).logs(1.0)[0] for seed in (4, 4, 5)
    )
    assert first == again != other


def test_ends_of_a_function() -> None:
    """The end is where it has risen by 60 to 90, at the edge of its domain, or at the bound."""
    found = end_of_support(lambda x: x**2, 0.0, 1e-3, np.inf)
    assert 60 <= found**2 <= 90
    assert end_of_support(lambda x: x**2, 0.0, 1e6, np.inf) ** 2 == pytest.approx(75, abs=15)
    assert end_of_support(lambda x: x**2, 0.0, -1.0, -2.0) == -2.0
    edge = end_of_support(lambda x: np.inf if x > 3 else x, 0.0, 1.0, np.inf)
    assert edge == pytest.approx(3.0, rel=1e-9)
    assert edge <= 3
    with pytest.raises(FitFailed, match="does not fall towards large values"):
        end_of_support(lambda x: 1.0, 0.0, 1.0, np.inf)


def test_rule() -> None:
    """The rule integrates polynomials of twice its order less one exactly."""
    nodes, weights = composite_rule(-1.0, 2.0, 2, 3)
    assert nodes.shape == (6,)
    assert weights @ nodes**5 == pytest.approx((2**6 - 1) / 6, rel=1e-13)
