"""HistFactory workspaces against pyhf's own likelihood and limits."""

import json
import sys
from dataclasses import replace

import numpy as np
import pyhf
import pytest
from scipy.stats import norm

from nuatom import analysis
from nuatom.analysis.limits import histfactory
from nuatom.analysis.limits.likelihood import LikelihoodSettings, likelihood
from nuatom.errors import CannotWrite, InvalidInput, UnknownName
from nuatom.inference import (
    Gaussian,
    Likelihood,
    LinearPrediction,
    NormalTerm,
    Parameter,
    PoissonTerm,
    asymptotic,
)
from nuatom.inference.fits.minimum import minimise

MOMENT = LikelihoodSettings(("magnetic-moment",), asimov=True)
POI = "magnetic-moment^2"


@pytest.fixture(scope="module")
def exact_model(card):
    """Nothing moves a background besides its rate, which is a histosys then."""
    return analysis.load(card(variations={"source_normalisation": "5 %", "quenching": "30 %"}))


@pytest.fixture(scope="module")
def mixed_model(card):
    """The resolution moves a background of uncertain rate, which is a normsys then."""
    return analysis.load(card())


@pytest.fixture
def minuit():
    """pyhf with a precise optimiser, as long as a test runs."""
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer(tolerance=1e-3))
    yield
    pyhf.set_backend("numpy")


def translated(one: Likelihood, given: dict[str, float], value: float, names: list[str]):
    """Parameters of ours in the order and units of pyhf."""
    found = dict(zip(one.names, one.values(given), strict=True))
    in_errors = {
        p.name: (found[p.name] - p.prior.mean) / p.prior.width
        for p in one.parameters
        if p.prior is not None and p.low == 0
    }
    units = {"mu": found.get(POI, 0.0) / value, **found, **in_errors}
    return [units[name] for name in names]


def rises(one: Likelihood, points: list[dict[str, float]], value: float):
    """D, ours and pyhf's, less that at the first point."""
    model, data = histfactory.pyhf_model(histfactory.workspace(one, POI, value))
    ours, theirs = [], []
    for point in points:
        ours.append(one.deviance(one.values(point)))
        own = translated(one, point, value, model.config.par_names)
        theirs.append(float(-2 * model.logpdf(own, data)[0]))
    return np.array(ours) - ours[0], np.array(theirs) - theirs[0]


POINTS = [
    {},
    {POI: 700.0, "compton": 1.13, "ge71": 0.4},
    {"quenching": 0.6, "source_normalisation": -0.7},
    {POI: 300.0, "quenching": -2.3, "ge71": 1.2},
    {POI: 90.0, "source_normalisation": 2.4, "compton": 0.75, "quenching": 1.8},
]


@pytest.mark.parametrize("name", ["exact_model", "mixed_model"])
def test_same_likelihood_number_for_number(name: str, request: pytest.FixtureRequest) -> None:
    """Deviances of pyhf and ours differ by a constant, inside and beyond one error."""
    one = likelihood(request.getfixturevalue(name), MOMENT)
    data = one.simulated(one.values({POI: 200.0}), np.random.default_rng(3))
    for likely in (one, data):
        ours, theirs = rises(likely, POINTS, 25.0)
        assert np.ptp(ours) > 5
        # logarithms of Gamma functions of counts up to some hundred, in 28 bins
        assert theirs == pytest.approx(ours, abs=1e-8)


@pytest.mark.parametrize("z", [1.0, -1.0, 0.6, -0.6, 1.8, -2.3])
def test_where_the_default_of_pyhf_differs(exact_model, z: float) -> None:
    """Read by pyhf alone, spectra differ by the stated function of their asymmetry."""
    one = likelihood(exact_model, MOMENT)
    with pytest.warns(DeprecationWarning, match="RefResolver"):
        model = pyhf.Workspace(histfactory.workspace(one, POI)).model()
    point = translated(one, {"quenching": z}, 1.0, model.config.par_names)
    coherent = exact_model.component("coherent")
    both = coherent.upper["quenching"] + coherent.lower["quenching"]
    asymmetry = both / 2 - coherent.counts
    inside = abs(z) < 1
    ours = z**2 if inside else 2 * abs(z) - 1
    theirs = z**2 * (15 - 10 * z**2 + 3 * z**4) / 8 if inside else abs(z)
    expected = exact_model.expected(shifts={"quenching": z}) + (theirs - ours) * asymmetry
    assert np.max(np.abs(asymmetry)) > 1e-3
    assert model.expected_actualdata(point) == pytest.approx(expected, rel=1e-11)


def cls(one: Likelihood, value: float) -> float:
    """CLs of q-tilde by the asymptotic formulae of Cowan et al. (2011), eqs. (59), (65)."""

    def rise(of: Likelihood) -> float:
        best = minimise(of)
        if best.values[of.names.index(POI)] > value:
            return 0.0
        return max(minimise(of, fixed={POI: value}).deviance - best.deviance, 0.0)

    q = rise(one)
    null = minimise(one, fixed={POI: 0.0}).values
    expected = rise(one.asimov(null))
    root, middle = np.sqrt(q), np.sqrt(expected)
    if q <= expected:
        above, below = norm.sf(root), norm.sf(root - middle)
    else:
        above = norm.sf((q + expected) / (2 * middle))
        below = norm.sf((q - expected) / (2 * middle))
    return float(above / below)


@pytest.mark.parametrize("name", ["exact_model", "mixed_model"])
def test_cls(name: str, request: pytest.FixtureRequest, minuit: None) -> None:
    """CLs of pyhf equal those from our likelihood to 1e-3, with data that fluctuate."""
    one = likelihood(request.getfixturevalue(name), MOMENT)
    # experiment 5 pulls the quenching to -0.9, where interpolations differ most
    for seed in (5, 11):
        thrown = one.simulated(one.values({POI: 200.0}), np.random.default_rng(seed))
        model, data = histfactory.pyhf_model(histfactory.workspace(thrown, POI, 25.0))
        for mu in (15.0, 35.0):
            theirs = float(pyhf.infer.hypotest(mu, data, model, test_stat="qtilde"))
            assert theirs == pytest.approx(cls(thrown, 25.0 * mu), abs=1e-3)
            ours = asymptotic.cls_values(thrown, POI, [25.0 * mu]).cls[0]
            assert theirs == pytest.approx(ours, abs=1e-3)


def test_strength_at_a_stated_coupling(exact_model) -> None:
    """mu = 1 is the signal of the coupling that was asked for."""
    spec = histfactory.model_workspace(exact_model, MOMENT, 3e-11)
    model, _ = histfactory.pyhf_model(spec)
    one = likelihood(exact_model, MOMENT)
    names = model.config.par_names
    with_signal = model.expected_actualdata(translated(one, {POI: 9.0}, 9.0, names))
    assert with_signal == pytest.approx(exact_model.expected({"magnetic-moment": 3e-11}), rel=1e-12)
    assert spec["measurements"][0]["name"] == "magnetic-moment^2 = mu x 9"
    assert model.config.poi_name == "mu"


def test_bounds_hold_the_limit(exact_model) -> None:
    """The bounds of mu hold any value that is not excluded by far."""
    one = likelihood(exact_model, MOMENT)
    spec = histfactory.workspace(one, POI)
    low, high = spec["measurements"][0]["config"]["parameters"][0]["bounds"][0]
    assert low == 0.0
    assert cls(one, high) < 1e-10
    signed = one.with_parameter(Parameter(POI, (0.0,), 100.0))
    found = histfactory.workspace(signed, POI)["measurements"][0]["config"]["parameters"][0]
    assert found["bounds"] == [[-high, high]]


def test_interference_is_refused_or_held(card) -> None:
    """A signal that interferes is exported at one coupling only, with its exact counts."""
    model = analysis.load(card(signals__channels=["weak", "millicharge"]))
    settings = LikelihoodSettings(("millicharge",), asimov=True)
    with pytest.raises(InvalidInput, match="millicharge: found a signal with interference"):
        histfactory.model_workspace(model, settings)
    spec = histfactory.model_workspace(model, settings, -4e-13)
    read, _ = histfactory.pyhf_model(spec)
    for mu, coupling in ((1.0, -4e-13), (0.0, 0.0)):
        start = {"mu": mu, "ge71": 1.0}
        point = [start.get(name, 0.0) for name in read.config.par_names]
        expected = model.expected({"millicharge": coupling})
        assert read.expected_actualdata(point) == pytest.approx(expected, rel=1e-12)
    shift = {"mu": 1.0, "ge71": 1.0, "resolution": -1.7}
    shifted = [shift.get(name, 0.0) for name in read.config.par_names]
    expected = model.expected({"millicharge": -4e-13}, shifts={"resolution": -1.7})
    assert read.expected_actualdata(shifted) == pytest.approx(expected, rel=1e-12)


def test_joint_likelihood() -> None:
    """Two experiments are two channels; a parameter of the same name is one."""
    parameters = (
        Parameter("s", (1.0,), low=0.0),
        Parameter("b", (1.0,), low=0.0, prior=Gaussian(1.0, 0.2)),
    )
    one = Likelihood(
        parameters,
        (
            PoissonTerm(
                np.array([5.0, 9.0]),
                LinearPrediction(("s", "b"), np.array([[1.0, 3.0], [4.0, 5.0]]), np.ones(2)),
            ),
        ),
    )
    other = Likelihood(
        parameters[:1],
        (PoissonTerm(np.array([2.0]), LinearPrediction(("s",), np.ones((1, 1)), np.ones(1))),),
    )
    both = one + other
    model, data = histfactory.pyhf_model(histfactory.workspace(both, "s"))
    assert sorted(model.config.par_names) == ["b", "mu"]
    ours, theirs = [], []
    for s, b in ((0.5, 1.0), (2.0, 1.3), (0.0, 0.7)):
        ours.append(both.deviance(np.array([s, b])))
        point = [{"mu": s, "b": (b - 1) / 0.2}[name] for name in model.config.par_names]
        theirs.append(float(-2 * model.logpdf(point, data)[0]))
    assert np.diff(theirs) == pytest.approx(np.diff(ours), abs=1e-10)


def test_what_cannot_be_exported(exact_model) -> None:
    """Gaussian data, a prior of the parameter, two parameters, other predictions."""
    line = LinearPrediction(("s",), np.ones((1, 1)), np.ones(1))
    normal = NormalTerm.independent(np.ones(1), np.ones(1), line)
    with pytest.raises(InvalidInput, match="found a term NormalTerm, expected counts in bins"):
        histfactory.workspace(Likelihood((Parameter("s"),), (normal,)), "s")
    counts = PoissonTerm(np.ones(1), line)
    known = Parameter("s", prior=Gaussian(1.0, 0.1))
    with pytest.raises(InvalidInput, match="s: found a prior"):
        histfactory.workspace(Likelihood((known,), (counts,)), "s")
    with pytest.raises(UnknownName, match="unknown parameter 'x'"):
        histfactory.workspace(Likelihood((Parameter("s"),), (counts,)), "x")
    with pytest.raises(InvalidInput, match="found a prediction Square, expected templates"):
        histfactory.workspace(
            Likelihood((Parameter("x"),), (PoissonTerm(np.ones(1), Square()),)), "x"
        )
    two = LikelihoodSettings(("magnetic-moment", "weak"), asimov=True)
    with pytest.raises(InvalidInput, match="parameters: found 2, expected one"):
        histfactory.model_workspace(exact_model, two)
    with pytest.raises(InvalidInput, match="coupling: found 0"):
        histfactory.model_workspace(exact_model, MOMENT, 0.0)


class Square:
    """Expects x^2."""

    names = ("x",)

    def expected(self, values):
        return values**2

    def jacobian(self, values):
        return 2 * values[None, :]


def changed(one: Likelihood, **fields: object) -> Likelihood:
    """The likelihood with other fields of one parameter."""
    name = fields.pop("name")
    return one.with_parameter(replace(one.parameter(str(name)), **fields))


def test_priors_that_a_workspace_cannot_hold(mixed_model, card) -> None:
    """A strength that may vanish, a pull that is free, a signal that another one changes."""
    one = likelihood(mixed_model, MOMENT)
    wide = changed(one, name="compton", prior=Gaussian(1.0, 1.5))
    with pytest.raises(
        InvalidInput, match=r"compton: found 1 \+- 1\.5 of a sample that pulls move"
    ):
        histfactory.workspace(wide, POI)
    free = changed(one, name="resolution", prior=None)
    with pytest.raises(InvalidInput, match="resolution: found a pull without the prior"):
        histfactory.workspace(free, POI)
    both = analysis.load(card(signals__channels=["weak", "millicharge", "charge-radius"]))
    settings = LikelihoodSettings(("millicharge", "charge-radius"), asimov=True)
    with pytest.raises(InvalidInput, match="millicharge: found a signal that another parameter"):
        histfactory.workspace(likelihood(both, settings), "millicharge", 1.0)


def test_moved_auxiliary_measurements(mixed_model) -> None:
    """Pseudo-experiments move priors: pulls by their auxiliary data, strengths by their mean."""
    one = likelihood(mixed_model, MOMENT)
    thrown = one.simulated(one.values(), np.random.default_rng(2))
    model, _ = histfactory.pyhf_model(histfactory.workspace(thrown, POI))
    point = translated(thrown, {"compton": 1.0}, 1.0, model.config.par_names)
    point = [0.0 if name == "compton" else x for name, x in
             zip(model.config.par_names, point, strict=True)]  # fmt: skip
    prior = thrown.parameter("compton").prior
    nominal = one.asimov(one.values({"compton": prior.mean})).terms[0].counts
    assert model.expected_actualdata(point) == pytest.approx(nominal, rel=1e-12)
    auxiliary = dict(zip(model.config.auxdata_order, model.config.auxdata, strict=True))
    assert auxiliary["resolution"] == thrown.parameter("resolution").prior.mean


def test_files(exact_model, tmp_path) -> None:
    """A file is the workspace, the same each time, and nothing is left where none can be."""
    spec = histfactory.model_workspace(exact_model, MOMENT)
    histfactory.write(spec, tmp_path / "a.json")
    again = histfactory.model_workspace(exact_model, MOMENT)
    histfactory.write(again, tmp_path / "b.json")
    assert json.loads((tmp_path / "a.json").read_text()) == spec
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    with pytest.raises(InvalidInput, match=r"found the ending '\.txt', expected \.json"):
        histfactory.write(spec, tmp_path / "a.txt")
    with pytest.raises(CannotWrite, match="cannot write"):
        histfactory.write(spec, tmp_path / "a.json" / "below.json")


def test_without_pyhf(exact_model, monkeypatch) -> None:
    """Workspaces are made without pyhf; reading them says what to install."""
    monkeypatch.setitem(sys.modules, "pyhf", None)
    spec = histfactory.model_workspace(exact_model, MOMENT)
    with pytest.raises(InvalidInput, match=r"no package pyhf.*pip install 'nuatom\[hist\]'"):
        histfactory.pyhf_model(spec)
