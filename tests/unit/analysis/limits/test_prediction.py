"""The prediction of a likelihood is the model's own expectation, with derivatives."""

import itertools

import numpy as np
import pytest

from nuatom import analysis
from nuatom.analysis.limits.interest import interests
from nuatom.analysis.limits.prediction import Extra, model_prediction

KINDS = [
    (("weak", "magnetic-moment"), ("magnetic-moment",)),
    (("weak", "millicharge"), ("millicharge",)),
    (("weak", "millicharge", "charge-radius"), ("millicharge", "charge-radius")),
    (("weak", "millicharge", "magnetic-moment"), ("magnetic-moment", "millicharge")),
    (("weak", "b-l-boson"), ("b-l-boson",)),
    (("b-l-boson",), ("b-l-boson",)),
    (
        ("weak", "millicharge", "coherent", "coherent-millicharge", "magnetic-moment"),
        ("millicharge",),
    ),
    (("weak", "magnetic-moment", "coherent-magnetic-moment"), ("coherent-magnetic-moment",)),
    (("weak", "coherent"), ("weak",)),
]


def drawn(model, names, prediction, generator):
    """Random values of the prediction, and the same as the model takes them."""
    wanted = interests(model, names)
    values, couplings, strengths, shifts = [], {}, {}, {}
    for interest in wanted:
        value = generator.uniform(0.1, 3) * (generator.choice([-1, 1]) if interest.signed else 1)
        values.append(value)
        couplings |= dict.fromkeys(interest.channels, interest.coupling(value))
    backgrounds = {p.name for p in model.components if p.kind == "background"}
    for name in prediction.names[len(wanted) :]:
        if name in backgrounds:
            strengths[name] = generator.uniform(0.2, 2)
            values.append(strengths[name])
        else:
            shifts[name] = generator.uniform(-3, 3)
            values.append(shifts[name])
    return np.array(values), {"couplings": couplings, "strengths": strengths, "shifts": shifts}


@pytest.mark.parametrize(("channels", "names"), KINDS)
def test_prediction_is_the_expectation_of_the_model(synthetic, channels, names):
    """At random couplings, strengths and pulls, inside and outside one standard deviation
    (1e-12: the same sums in another order)."""
    model = synthetic.model(*channels)
    prediction = model_prediction(model, interests(model, names))
    generator = np.random.default_rng(5)
    for _ in range(50):
        values, given = drawn(model, names, prediction, generator)
        assert prediction.expected(values) == pytest.approx(model.expected(**given), rel=1e-12)


@pytest.mark.parametrize(("channels", "names"), KINDS)
def test_derivatives_are_those_of_differences(synthetic, channels, names):
    """Central differences with steps of 1e-4 in units of order one: 1e-6 from the third
    derivatives, and the same from the join of the parabola at one standard deviation."""
    model = synthetic.model(*channels)
    prediction = model_prediction(model, interests(model, names))
    generator = np.random.default_rng(7)
    step = 1e-4
    for _ in range(20):
        values, _ = drawn(model, names, prediction, generator)
        found = prediction.jacobian(values)
        size = np.abs(prediction.expected(values)).max()
        for place in range(values.size):
            up, down = values.copy(), values.copy()
            up[place] += step
            down[place] -= step
            slope = (prediction.expected(up) - prediction.expected(down)) / (2 * step)
            assert found[:, place] == pytest.approx(slope, rel=1e-5, abs=1e-6 * size)


def test_prediction_of_a_card_is_its_expectation(card):
    """The same for a card with a reactor, nuclear recoils and quenching (1e-12)."""
    channels = ["weak", "coherent", "magnetic-moment", "coherent-magnetic-moment", "millicharge"]
    model = analysis.load(card(signals__channels=channels))
    generator = np.random.default_rng(11)
    for names in (("magnetic-moment",), ("millicharge",)):
        prediction = model_prediction(model, interests(model, names))
        for _ in range(5):
            values, given = drawn(model, names, prediction, generator)
            assert prediction.expected(values) == pytest.approx(model.expected(**given), rel=1e-12)


def test_the_uncertainty_of_a_rate_is_no_pull(synthetic):
    """It is the prior of the strength; both would count it twice."""
    model = synthetic.model("weak", "magnetic-moment")
    names = model_prediction(model, interests(model, ("magnetic-moment",))).names
    assert names == ("magnetic-moment^2", "flat", "peak", "source_normalisation", "resolution")


def test_a_pull_that_moves_nothing_is_left_out(synthetic):
    """Only what is there counts: with the couplings of the radius at zero its own variation
    is none, and a likelihood has no parameter on which nothing depends."""
    model = synthetic.model("charge-radius", "magnetic-moment", backgrounds=False)
    moment = next(p for p in model.components if p.name == "magnetic-moment")
    for found in (moment.upper, moment.lower):
        found.pop("resolution")
    names = model_prediction(model, interests(model, ("magnetic-moment",))).names
    assert names == ("magnetic-moment^2", "source_normalisation")


def test_linear_is_what_has_no_products(synthetic):
    """A square beside free backgrounds; not a charge, nor anything with a pull."""
    model = synthetic.model("weak", "millicharge", "magnetic-moment", variations=False)
    assert model_prediction(model, interests(model, ("magnetic-moment",))).linear
    assert not model_prediction(model, interests(model, ("millicharge",))).linear
    varied = synthetic.model("weak", "magnetic-moment")
    assert not model_prediction(varied, interests(varied, ("magnetic-moment",))).linear


def test_tangent_touches(synthetic):
    """The same value and slope at its point, everywhere the same where it was linear."""
    generator = np.random.default_rng(2)
    for variations in (True, False):
        model = synthetic.model("weak", "magnetic-moment", variations=variations)
        prediction = model_prediction(model, interests(model, ("magnetic-moment",)))
        here, other = (
            drawn(model, ("magnetic-moment",), prediction, generator)[0] for _ in range(2)
        )
        tangent = prediction.linearised(here)
        assert tangent.expected(here) == pytest.approx(prediction.expected(here), rel=1e-12)
        assert tangent.jacobian(here) == pytest.approx(prediction.jacobian(here), rel=1e-12)
        same = np.allclose(tangent.expected(other), prediction.expected(other), rtol=1e-12, atol=0)
        assert same != variations


def test_parts_add_up(synthetic):
    """Components with their names; their sum is the expectation (rounding)."""
    model = synthetic.model("weak", "millicharge")
    extra = Extra("shared", np.arange(8.0))
    prediction = model_prediction(model, interests(model, ("millicharge",)), (extra,))
    values = np.array([0.5, 1.1, 0.9, 0.3, 1.5, -0.5])
    parts = prediction.parts(values)
    assert set(parts) == {"weak", "millicharge", "weak*millicharge", "flat", "peak", "shared"}
    assert sum(parts.values()) == pytest.approx(prediction.expected(values), rel=1e-12)
    assert parts["shared"] == pytest.approx(0.3 * np.arange(8.0), rel=1e-12)


def test_what_is_held_has_a_strength_of_one(synthetic):
    """It is counted, and is no parameter."""
    model = synthetic.model("weak", "magnetic-moment", variations=False)
    wanted = interests(model, ("magnetic-moment",))
    all_free, held = model_prediction(model, wanted), model_prediction(model, wanted, (), {"flat"})
    assert held.names == ("magnetic-moment^2", "peak")
    for value, peak in itertools.product((0.0, 2.0), (0.5, 1.0)):
        assert held.expected(np.array([value, peak])) == pytest.approx(
            all_free.expected(np.array([value, 1.0, peak])), rel=1e-12
        )
