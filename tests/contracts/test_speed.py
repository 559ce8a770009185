"""A rate over the whole reactor spectrum costs milliseconds, with every model."""

import time

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.responses.shipped_tables import shipped_elements

pytestmark = [
    pytest.mark.speed,
    pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning"),
]
"""Models are also compared where one of them does not hold."""

POINTS = 1000
LIMIT_SECONDS = 0.020
"""The requirement itself, for one call on a warm process."""
REPEATS = 7
"""Calls at most: one must be fast enough, as anything else that runs only adds to the time."""


FORM_FACTORS = ("hydrogenic", "impulse")
"""Models that evaluate a form factor of each subshell at each node: a share of the total below."""
TABLE = "ab-initio"
"""The model that interpolates up to seven responses of each subshell at each node."""
TABLE_SECONDS = 0.150
"""For one channel of that one.  The weak channel needs all seven responses of every subshell:
95 ms for the 18 of caesium on a virtual machine, and half as much again for a slower one."""
FOUR = {"magnetic-moment": 1e-11, "millicharge": 1e-12, "charge-radius": 1e-32, "weak": 1.0}
TOTAL_SECONDS = 0.5
"""The requirement for all models in closed form or of one table, and four channels, together."""


def test_all_models_and_four_channels_in_half_a_second() -> None:
    """A thousand fresh energies over the reactor spectrum for every pair that works.

    The ab-initio response has a requirement of its own below.
    """
    target, source = na.target("Ge"), na.source("kuo-sheng")
    pairs = [
        (na.interaction(channel, coupling), na.response(name, target))
        for name in catalog.RESPONSES
        if name != TABLE
        for channel, coupling in FOUR.items()
        if name != "equivalent-photon-paper" or channel == "magnetic-moment"
    ]
    pairs = [
        (interaction, response)
        for interaction, response in pairs
        if "AT" in response.provides or not getattr(interaction, "has_axial", False)
    ]
    random = np.random.default_rng(REPEATS)

    def seconds() -> float:
        T = np.exp(np.sort(random.uniform(np.log(0.011), np.log(99), POINTS))) * u.keV
        start = time.perf_counter()
        for interaction, response in pairs:
            na.differential_rate(
                T, source=source, target=target, interaction=interaction, response=response
            )
        return time.perf_counter() - start

    seconds()
    assert any(seconds() < TOTAL_SECONDS for _ in range(REPEATS))


@pytest.mark.parametrize("channel", FOUR)
@pytest.mark.parametrize("symbol", shipped_elements())
def test_ab_initio_in_a_seventh_of_a_second(symbol: str, channel: str) -> None:
    """A thousand fresh energies over the reactor spectrum, on a warm process."""
    target, source = na.target(symbol), na.source("kuo-sheng")
    response, interaction = na.response(TABLE, target), na.interaction(channel, FOUR[channel])
    random = np.random.default_rng(REPEATS)

    def seconds() -> float:
        T = np.exp(np.sort(random.uniform(np.log(0.011), np.log(99), POINTS))) * u.keV
        start = time.perf_counter()
        na.differential_rate(
            T, source=source, target=target, interaction=interaction, response=response
        )
        return time.perf_counter() - start

    seconds()  # warm: the table read, splines made
    assert any(seconds() < TABLE_SECONDS for _ in range(REPEATS))


@pytest.mark.parametrize("name", [n for n in catalog.RESPONSES if n not in (*FORM_FACTORS, TABLE)])
def test_a_thousand_fresh_energies_in_twenty_milliseconds(name: str) -> None:
    """Magnetic moment, germanium, reactor: a grid that was never seen before at each call."""
    target, source = na.target("Ge"), na.source("kuo-sheng")
    response, interaction = na.response(name, target), na.MagneticMoment(1e-11)
    random = np.random.default_rng(REPEATS)

    def seconds() -> float:
        T = np.exp(np.sort(random.uniform(np.log(0.011), np.log(99), POINTS))) * u.keV
        start = time.perf_counter()
        rate = na.differential_rate(
            T, source=source, target=target, interaction=interaction, response=response
        )
        elapsed = time.perf_counter() - start
        assert rate.shape == (POINTS,)
        return elapsed

    seconds()  # warm: tables read, moments made
    assert any(seconds() < LIMIT_SECONDS for _ in range(REPEATS))
