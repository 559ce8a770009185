"""CLs and discoveries beside pyhf, closed forms and counting."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import optimize, stats

from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.asymptotic import cls_limit, cls_values, discovery
from nuatom.inference.likelihoods.normal import NormalTerm

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # jsonschema.RefResolver
    pyhf = pytest.importorskip("pyhf", reason="the extra 'hist' is not installed")

SIGNAL = [1.0, 4.0, 9.0, 6.0, 2.0]
BACKGROUND = [60.0, 52.0, 45.0, 39.0, 34.0]
TILT = [9.0, 5.0, 0.5, -4.0, -7.0]
COUNTS = {
    "as expected": [58.0, 55.0, 47.0, 36.0, 33.0],
    "excess": [62.0, 60.0, 66.0, 50.0, 38.0],
    "deficit": [55.0, 45.0, 33.0, 30.0, 33.0],
}
STRENGTH = Parameter("mu", starts=(1.0,), low=0.0, high=30.0)
# CLs to 1e-3: pyhf's own fits stop at 1e-4 in the deviance, which near the best fit of one
# bin moves CLs by some 1e-4
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Scaled:
    """``mu s + kappa^alpha b``: a normalisation with a log-normal factor."""

    signal: np.ndarray
    background: np.ndarray
    kappa: float
    names: tuple[str, ...] = ("mu", "rate")

    def expected(self, values: np.ndarray) -> np.ndarray:
        return values[0] * self.signal + self.kappa ** values[1] * self.background

    def jacobian(self, values: np.ndarray) -> np.ndarray:
        slope = math.log(self.kappa) * self.kappa ** values[1] * self.background
        return np.array([self.signal, slope]).T


def workspace(signal, background, modifiers):
    """Return a model of pyhf with one channel."""
    strength = {"name": "mu", "type": "normfactor", "data": None}
    spec = {
        "channels": [
            {
                "name": "counts",
                "samples": [
                    {"name": "signal", "data": signal, "modifiers": [strength]},
                    {"name": "background", "data": background, "modifiers": modifiers},
                ],
            }
        ],
        "parameters": [{"name": "mu", "bounds": [[0.0, 30.0]]}],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pyhf.Model(spec, poi_name="mu")


def of_pyhf(model, counts, tested):
    """Return CLs and its expectation by pyhf."""
    data = list(counts) + model.config.auxdata
    rows = [
        pyhf.infer.hypotest(mu, data, model, test_stat="qtilde", return_expected_set=True)
        for mu in tested
    ]
    cls = np.array([float(row[0]) for row in rows])
    return cls, np.array([[float(x) for x in row[1]] for row in rows]).T


def with_shape(counts):
    """Our likelihood and pyhf's model with a tilt of the background (histosys)."""
    up, down = np.add(BACKGROUND, TILT), np.subtract(BACKGROUND, TILT)
    modifier = {
        "name": "tilt",
        "type": "histosys",
        "data": {"hi_data": list(up), "lo_data": list(down)},
    }
    prediction = LinearPrediction(("mu", "tilt"), np.array([SIGNAL, TILT]), np.array(BACKGROUND))
    parameters = (STRENGTH, Parameter("tilt", prior=Gaussian(0.0, 1.0)))
    ours = Likelihood(parameters, (PoissonTerm(np.array(counts), prediction),))
    return ours, workspace(SIGNAL, BACKGROUND, [modifier])


def with_rate(signal, background, counts):
    """Our likelihood and pyhf's model with a 15 % uncertainty of the background (normsys)."""
    kappa = 1.15
    modifier = {"name": "rate", "type": "normsys", "data": {"hi": kappa, "lo": 1 / kappa}}
    prediction = Scaled(np.array(signal), np.array(background), kappa)
    parameters = (STRENGTH, Parameter("rate", prior=Gaussian(0.0, 1.0)))
    ours = Likelihood(parameters, (PoissonTerm(np.array(counts), prediction),))
    return ours, workspace(list(signal), list(background), [modifier])


def compare(ours, theirs, counts, tested):
    found = cls_values(ours, "mu", tested)
    cls, expected = of_pyhf(theirs, counts, tested)
    assert found.cls == pytest.approx(cls, abs=TOLERANCE)
    assert found.expected == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("count", [42.0, 55.0, 71.0])
def test_counting_with_a_normalisation(count):
    """One bin, 15 % on the background: CLs and its band are pyhf's."""
    ours, theirs = with_rate([5.0], [50.0], [count])
    compare(ours, theirs, [count], [0.5, 2.0, 6.0])


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_shape_with_a_normalisation(counts):
    """Five bins, 15 % on the background: CLs and its band are pyhf's."""
    ours, theirs = with_rate(SIGNAL, BACKGROUND, counts)
    compare(ours, theirs, counts, [0.7, 2.0])


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_shape_with_a_tilt(counts):
    """Five bins, a background whose shape is uncertain: CLs and its band are pyhf's."""
    ours, theirs = with_shape(counts)
    compare(ours, theirs, counts, [0.4, 1.5])


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_limits(counts):
    """The limit and its band are where pyhf's CLs is 0.05, and its band."""
    ours, theirs = with_shape(counts)
    found = cls_limit(ours, "mu", 0.95)
    at, _ = of_pyhf(theirs, counts, [found.limit])
    assert at[0] == pytest.approx(0.05, abs=TOLERANCE)
    _, bands = of_pyhf(theirs, counts, found.expected)
    assert np.diag(bands) == pytest.approx(0.05, abs=TOLERANCE)
    assert np.all(np.diff(found.expected) > 0)


def test_discovery():
    """The significance of an excess is pyhf's."""
    ours, theirs = with_shape(COUNTS["excess"])
    found = discovery(ours, "mu")
    data = COUNTS["excess"] + theirs.config.auxdata
    p = float(pyhf.infer.hypotest(0.0, data, theirs, test_stat="q0"))
    assert found.p_value == pytest.approx(p, rel=1e-2)  # 1e-4 in q0 of pyhf's fits
    assert found.significance == pytest.approx(stats.norm.isf(found.p_value), rel=1e-9)


def gaussian(value, error):
    """A measurement of the strength with a Gaussian error."""
    prediction = LinearPrediction(("mu",), np.ones((1, 1)), np.zeros(1))
    term = NormalTerm.independent([value], [error], prediction)
    return Likelihood((Parameter("mu", starts=(0.0,), low=0.0),), (term,))


@pytest.mark.parametrize("value", [-2.0, -0.3, 0.0, 0.8, 2.5])
def test_gaussian_measurement(value):
    """For a Gaussian measurement CLs is Phi((m - x)/s)/Phi(m/s), the closed form of `cls`."""
    # Read (2002): x = m - s Phi^-1[(1 - C) Phi(m/s)]
    error = 1.3
    limit = value - error * stats.norm.ppf(0.10 * stats.norm.cdf(value / error))
    assert cls_limit(gaussian(value, error), "mu", 0.90).limit == pytest.approx(limit, rel=1e-6)


def test_expected_band_of_a_gaussian_measurement():
    """The N sigma limit is N + Phi^-1[1 - (1 - C) Phi(N)], in standard deviations."""
    # Cowan et al. (2011), eq. (89)
    sigma = np.array([-2, -1, 0, 1, 2])
    expected = sigma + stats.norm.isf(0.05 * stats.norm.cdf(sigma))
    found = cls_limit(gaussian(0.4, 2.0), "mu", 0.95).expected
    assert found == pytest.approx(2.0 * expected, rel=1e-6)


def test_discovery_of_counts():
    """With a known background b, Z^2 = 2 [n ln(n/b) - (n - b)]; a deficit is no discovery."""
    prediction = LinearPrediction(("mu",), np.ones((1, 1)), np.array([9.0]))
    for count, expected in ((20.0, math.sqrt(2 * (20 * math.log(20 / 9) - 11))), (5.0, 0.0)):
        term = PoissonTerm(np.array([count]), prediction)
        for low in (0.0, -8.0):
            parameter = Parameter("mu", starts=(1.0,), low=low)
            found = discovery(Likelihood((parameter,), (term,)), "mu")
            assert found.significance == pytest.approx(expected, rel=1e-6)


def test_an_unbounded_strength_is_bounded_for_the_limit():
    """The limit is the same whether the likelihood lets the strength be negative or not."""
    ours, _ = with_shape(COUNTS["deficit"])
    free = ours.with_parameter(Parameter("mu", starts=(1.0, -1.0), low=-3.0))
    assert cls_limit(free, "mu").limit == pytest.approx(cls_limit(ours, "mu").limit, rel=1e-6)


def test_limit_solves_its_equation():
    """CLs at the limit is 1 - C, at several levels of confidence."""
    ours, _ = with_rate(SIGNAL, BACKGROUND, COUNTS["excess"])
    for confidence in (0.68, 0.90, 0.99):
        found = cls_limit(ours, "mu", confidence)
        at = cls_values(ours, "mu", [found.limit])
        assert at.cls[0] == pytest.approx(1 - confidence, rel=1e-5)
        assert at.p_signal[0] <= at.cls[0] <= 1


def test_profiles_by_another_optimiser():
    """The statistic and that of the Asimov data are those of a general minimiser."""
    ours, _ = with_shape(COUNTS["excess"])
    x = 3.0

    def least(likelihood, held=None):
        def D(v):
            return likelihood.deviance(np.array([v[0] if held is None else held, v[1]]))

        options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}
        return optimize.minimize(D, [1.0, 0.0], method="Nelder-Mead", options=options)

    none = np.array([0.0, least(ours, 0.0).x[1]])
    found = cls_values(ours, "mu", [x])
    assert found.statistic[0] == pytest.approx(least(ours, x).fun - least(ours).fun, abs=1e-7)
    assert found.asimov[0] == pytest.approx(least(ours.asimov(none), x).fun, abs=1e-6)


def test_refusals():
    """Bad points, unknown parameters, and a range in which nothing is excluded."""
    ours, _ = with_shape(COUNTS["as expected"])
    with pytest.raises(InvalidInput, match="points: found 0, expected all above 0"):
        cls_values(ours, "mu", [0.0, 1.0])
    with pytest.raises(UnknownName, match="parameter"):
        cls_limit(ours, "nu")
    with pytest.raises(InvalidInput, match="confidence"):
        cls_limit(ours, "mu", 95)
    tight = ours.with_parameter(Parameter("mu", starts=(0.1,), low=0.0, high=0.2))
    with pytest.raises(FitFailed, match=r"up to its bound 0\.2"):
        cls_limit(tight, "mu")
