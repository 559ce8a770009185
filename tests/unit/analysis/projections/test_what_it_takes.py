"""What a target takes, beside closed forms of a counting experiment."""

import numpy as np
import pytest
from scipy import special

from nuatom import units as u
from nuatom.analysis.model import Component, Model, Parameter
from nuatom.analysis.projections.sensitivity import Asked, Subtraction, limit_alone
from nuatom.analysis.projections.what_it_takes import (
    MOST_COUNTS,
    background_for,
    exposure_for,
    what_it_takes,
)
from nuatom.errors import InvalidInput

Z = float(special.ndtri(0.95))
SIGNAL = 1e24
"""Counts at 1 mu_B and an exposure of 1 kg day."""


def model(background=1e8, standard=0.0):
    """One bin at 1 kg day."""
    parts = (
        Component("magnetic-moment", "signal", ("magnetic-moment",), np.array([SIGNAL]), {}, {}),
        Component("weak", "signal", ("weak",), np.array([standard]), {}, {}),
        Component("ambient", "background", (), np.array([background]), {}, {}),
    )
    parameters = (
        Parameter("magnetic-moment", "mu_B", 0.0, 1),
        Parameter("weak", "times the Standard Model", 1.0, 1),
    )
    edges = np.array([1.0, 2.0]) * u.keV
    return Model("one bin", edges, parameters, parts, {}, u.kg * u.day, (), (), {})


def asked(accuracy=1e-9):
    """Backgrounds are subtracted with an accuracy."""
    return Asked("magnetic-moment", subtraction=Subtraction(accuracy, 0.0))


def test_exposure_in_closed_form():
    """``z sqrt(b N) = S N mu^2``: N = z^2 b/(S mu^2)^2, 2.7 kg day for 1e-10 mu_B; to 1e-3."""
    found = exposure_for(model(), asked(), 1e-10)
    assert found.possible
    assert found.value / (u.kg * u.day) == pytest.approx(
        Z**2 * 1e8 / (SIGNAL * 1e-20) ** 2, rel=1e-3
    )


@pytest.mark.parametrize("target", [3e-11, 1e-10, 1e-9])
def test_the_limit_at_that_exposure_is_the_target(target):
    """To 1e-5, whether more or less exposure than the card's is needed."""
    found = exposure_for(model(), asked(), target)
    from nuatom.analysis.projections.scaled_model import factors_of, scaled

    there = scaled(model(), factors_of(exposure=found.value / (u.kg * u.day)))
    assert limit_alone(there, asked()) == pytest.approx(target, rel=1e-5)


def test_no_exposure_helps_against_a_systematic():
    """1 % of 1e8 left over: mu stops at sqrt(z 1e6/S) = 1.28e-9, to 2 %; nothing is invented."""
    found = exposure_for(model(), asked(0.01), 1e-10)
    assert not found.possible
    assert found.value == np.inf
    assert found.floor == pytest.approx(np.sqrt(Z * 1e6 / SIGNAL), rel=0.02)
    assert found.reason == "systematics; ambient"
    assert exposure_for(model(), asked(0.01), 2e-9).possible


def test_background_in_closed_form():
    """``z sqrt(f b) = S mu^2`` at the exposure of the card: f = (S mu^2)^2/(z^2 b); to 1e-3."""
    found = background_for(model(), asked(), 5e-11)
    assert found.possible
    assert found.value == pytest.approx((SIGNAL * 25e-22) ** 2 / (Z**2 * 1e8), rel=1e-3)


def test_no_background_is_low_enough_below_a_standard_signal():
    """1e6 nu-e counts alone: mu stops at sqrt(z 1e3/S), to 1e-3, and the reason is named."""
    found = background_for(model(standard=1e6), asked(), 1e-11)
    assert (found.possible, found.value) == (False, 0.0)
    assert found.floor == pytest.approx(np.sqrt(Z * 1e3 / SIGNAL), rel=1e-3)
    assert found.reason == "statistics; nu-e"


def test_a_target_that_any_background_reaches():
    """A huge moment: more background than the card's would still do."""
    found = background_for(model(), asked(), 1e-9)
    assert found.possible
    assert found.value == pytest.approx((SIGNAL * 1e-18) ** 2 / (Z**2 * 1e8), rel=1e-3)


def test_the_search_ends():
    """At the stated number of counts a target that statistics would reach is refused, too.

    With MOST_COUNTS counts the limit is sqrt(z sqrt(1e12)/(S N)), N = 1e4.
    """
    least = np.sqrt(Z * np.sqrt(MOST_COUNTS) / (SIGNAL * MOST_COUNTS / 1e8))
    assert exposure_for(model(), asked(), 1.01 * least).possible
    found = exposure_for(model(), asked(), 0.99 * least)
    assert not found.possible
    assert found.floor == pytest.approx(least, rel=1e-3)


@pytest.mark.parametrize("target", [0.0, -1e-11, np.nan, np.inf])
def test_targets_are_positive(target):
    """Zero would need an infinite exposure."""
    with pytest.raises(InvalidInput, match="target"):
        exposure_for(model(), asked(), target)
    with pytest.raises(InvalidInput, match="target"):
        background_for(model(), asked(), target)


def test_no_background_no_level():
    """A level of nothing cannot be asked for."""
    with pytest.raises(InvalidInput, match="found no \\[\\[backgrounds\\]\\]"):
        background_for(model(background=0.0), asked(), 1e-10)


def test_table_of_a_card(card):
    """A row for each point; yes with a number, no with a reason; the exposure is no axis."""
    section = {
        "parameter": "magnetic-moment",
        "axes": [{"kind": "threshold", "values": ["200 eV", "1 keV"]}],
    }
    easy = what_it_takes(card(project=section), 1e-10)
    assert [column.name for column in easy.columns][:2] == ["threshold_keV", "atomic_model"]
    low, high = easy.column("exposure_kg_day")
    assert 0 < low < high < np.inf
    assert list(easy.column("exposure_reaches")) == ["yes", "yes"]
    assert list(easy.column("floor_from")) == ["not reached"] * 2
    section["subtraction"] = {"accuracy": "5 %", "correlated": "bin"}
    hard = what_it_takes(card(project=section), 1e-12)
    assert list(hard.column("exposure_reaches")) == ["no", "no"]
    assert np.all(np.isinf(hard.column("exposure_kg_day")))
    assert all(text.startswith("systematics; ") for text in hard.column("floor_from"))
    assert np.all(np.asarray(hard.column("floor_of_exposure_mu_B")) > 1e-12)
    section["axes"] = [{"kind": "exposure", "factors": [1.0]}]
    with pytest.raises(InvalidInput, match=r"project.axes\[0\]: found the exposure"):
        what_it_takes(card(project=section), 1e-11)
