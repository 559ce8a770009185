"""The fast profile beside the general one."""

import numpy as np
import pytest

from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.fits.profiling import counted, curvature, profiled
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.subtracted import SubtractedTerm

BINS = np.arange(12)
TEMPLATES = np.array([np.exp(-BINS / 2.0), np.ones(12), np.linspace(1, 3, 12)])
NAMES = ("s", "flat", "slope")
PARAMETERS = (
    Parameter("s", low=0.0),
    Parameter("flat", starts=(1.0,), low=0.0),
    Parameter("slope", starts=(1.0,), low=0.0, prior=Gaussian(1.0, 0.1)),
)


def likelihood(counts, parameters=PARAMETERS, templates=TEMPLATES):
    """Three templates."""
    prediction = LinearPrediction(NAMES, 20 * templates, np.zeros(12))
    return Likelihood(parameters, (PoissonTerm(np.asarray(counts, float), prediction),))


@pytest.mark.parametrize("seed", range(8))
def test_it_finds_what_the_general_fit_finds(seed):
    """Deviance to 1e-9 and values to 1e-5 of their errors, which are near 0.1."""
    counts = np.random.default_rng(seed).poisson(20 * (TEMPLATES[1] + TEMPLATES[2]))
    data = likelihood(counts)
    ours, general = profiled(counted(data), {}), minimise(data)
    assert ours.deviance == pytest.approx(general.deviance, rel=1e-9)
    assert ours.values == pytest.approx(general.values, abs=1e-6)


def test_a_fixed_parameter_stays():
    """And the others take their best values."""
    data = likelihood(np.full(12, 40.0))
    found = profiled(counted(data), {"s": 0.7})
    assert found.values[0] == 0.7
    assert found.deviance == pytest.approx(minimise(data, fixed={"s": 0.7}).deviance, rel=1e-9)


def test_a_bound_holds():
    """Without any count every free strength without a prior ends at zero exactly."""
    found = profiled(counted(likelihood(np.zeros(12))), {})
    assert found.values[:2].tolist() == [0.0, 0.0]


def test_the_start_does_not_matter():
    """From far away the same least deviance, to 1e-9."""
    data = counted(likelihood(np.arange(12) + 30.0))
    here = profiled(data, {})
    assert profiled(data, {}, np.array([5.0, 9.0, 0.2])).deviance == pytest.approx(
        here.deviance, rel=1e-9
    )


def test_an_impossible_start_falls_back_to_the_own_one():
    """Zero strengths cannot explain counts, but the starts of the parameters can."""
    data = counted(likelihood(np.full(12, 40.0)))
    assert np.isfinite(profiled(data, {}, np.zeros(3)).deviance)


def test_impossible_data_are_refused():
    """Counts where nothing is expected."""
    data = counted(likelihood(np.ones(12), templates=np.zeros((3, 12))))
    with pytest.raises(FitFailed, match="impossible"):
        profiled(data, {})


def test_a_degenerate_nuisance_does_no_harm():
    """Two free templates of one shape: their sum is determined, the deviance is unique."""
    twice = np.array([TEMPLATES[0], TEMPLATES[1], TEMPLATES[1]])
    free = (*PARAMETERS[:2], Parameter("slope", starts=(1.0,), low=0.0))
    found = profiled(counted(likelihood(np.full(12, 37.0), free, twice)), {"s": 0.0})
    assert found.deviance == pytest.approx(0, abs=1e-9)
    assert found.values[1] + found.values[2] == pytest.approx(37 / 20, rel=1e-6)


def test_curvature_adds_priors_and_terms():
    """Central differences of the gradient, step 1e-5."""
    one = counted(likelihood(np.arange(12) + 20.0) + likelihood(np.arange(12) + 25.0))
    at = np.array([0.3, 1.1, 0.9])
    gradient, matrix = curvature(one, at)
    assert gradient == pytest.approx(one.gradient(at), rel=1e-12)
    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-5
        slope = (one.gradient(at + step) - one.gradient(at - step)) / 2e-5
        assert matrix[:, place] == pytest.approx(slope, rel=1e-6)


def test_other_terms_are_refused():
    """Only counts in bins have this curvature."""
    flat = LinearPrediction(("s",), np.ones((1, 2)), np.zeros(2))
    gaussian = NormalTerm(np.ones(2), np.ones(2), flat)
    with pytest.raises(InvalidInput, match="found a NormalTerm"):
        counted(Likelihood((Parameter("s"),), (gaussian,)))


def test_subtracted_terms_are_kept():
    """What is already of the right kind is not touched."""
    flat = LinearPrediction(("s",), np.ones((1, 2)), np.zeros(2))
    term = SubtractedTerm(np.ones(2), flat, np.ones(2), np.arange(2))
    assert counted(Likelihood((Parameter("s"),), (term,))).terms[0] is term


def test_the_general_fit_takes_subtracted_terms_too():
    """Both minima of counts with an error in groups of bins, to 1e-9."""
    prediction = LinearPrediction(NAMES, 20 * TEMPLATES, np.zeros(12))
    counts = np.random.default_rng(3).poisson(prediction.expected(np.ones(3))).astype(float)
    term = SubtractedTerm(counts, prediction, np.full(12, 4.0), np.arange(12) // 3)
    data = Likelihood(PARAMETERS, (term,))
    assert profiled(data, {}).deviance == pytest.approx(minimise(data).deviance, rel=1e-9)
