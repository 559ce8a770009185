"""Variations of the flux of a reactor, each against its own arithmetic."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.sources import FuelMix, components, kuo_sheng_core, reactor, reactor_variations

GIVEN = {"thermal_power": 0.02, "fission_fractions": 0.03, "captures_per_fission": 0.1}
AT = np.array([0.05, 1.0, 1.9, 3.0, 6.0]) * u.MeV


@pytest.fixture(scope="module")
def core():
    return kuo_sheng_core()


@pytest.fixture(scope="module")
def variations(core):
    return {v.name: v for v in reactor_variations(core, **GIVEN)}


def density(source):
    return source.fluxes[0].density(AT)


def test_names(core, variations):
    """What has a published size is always there, what belongs to a plant only when given."""
    published = ["conversion", "low-energy", "energy-per-fission"]
    assert [v.name for v in reactor_variations(core)] == published
    assert list(variations) == [*published, "thermal-power", "fission-fractions", "capture-rate"]
    assert all(v.reference for v in variations.values())


def test_conversion_moves_uranium_above_two_mev(core, variations):
    """Below 2 MeV nothing moves; above, the part of U235 and U238 does, by 1.054."""
    nominal, up, down = (
        density(s)
        for s in (reactor(core), variations["conversion"].up, variations["conversion"].down)
    )
    assert up[:3] == pytest.approx(nominal[:3], rel=1e-12)
    high = AT > 2 * u.MeV
    shares = {name: f for name, f in core.fission_fractions.items() if name.startswith("U")}
    total = sum(shares.values())
    uranium = replace(core, fission_fractions={k: f / total for k, f in shares.items()})
    part = components(uranium)["fission"].density(AT) * total * core.fissions_per_area()
    assert (up - nominal)[high] == pytest.approx(0.054 * part[high], rel=1e-9)
    assert (nominal - down)[high] == pytest.approx((1 - 1 / 1.054) * part[high], rel=1e-9)


def test_low_energy_moves_fission_below_1500_kev(core, variations):
    """12 % of the fission spectra below 1.5 MeV, with the captures and the rest unmoved."""
    pair = variations["low-energy"]
    difference = density(pair.up) - density(pair.down)
    part = components(core)["fission"].density(AT) * core.fissions_per_area()
    assert difference == pytest.approx(np.where(AT < 1.5 * u.MeV, 0.24 * part, 0.0), rel=1e-9)


def test_power_and_energy_per_fission_scale(core, variations):
    """2 % of the power; 0.46, 0.96, 0.60, 0.65 MeV of 202 to 214 MeV per fission."""
    nominal = reactor(core).total_flux()
    power = variations["thermal-power"]
    assert power.up.total_flux() / nominal == pytest.approx(1.02, rel=1e-12)
    shares = np.array([0.55, 0.07, 0.32, 0.06])
    relative = shares @ [0.46, 0.96, 0.60, 0.65] / (shares @ [201.92, 205.52, 209.99, 213.60])
    energy = variations["energy-per-fission"]
    assert energy.up.total_flux() / nominal == pytest.approx(1 + relative, rel=1e-12)


def test_fractions_are_exchanged_at_constant_power(core, variations):
    """Three per cent more U235 for Pu239: the core so described, at its own power."""
    shares = dict(core.fission_fractions)
    shares["U235"] += 0.03
    shares["Pu239"] -= 0.03
    expected = reactor(replace(core, fission_fractions=shares))
    assert density(variations["fission-fractions"].up) == pytest.approx(density(expected), rel=1e-9)


def test_captures_move_their_own_spectra(core, variations):
    """A tenth of 0.6 captures is 0.12 antineutrinos per fission, none above 1.3 MeV."""
    pair, nominal = variations["capture-rate"], reactor(core)
    more = pair.up.total_flux() - nominal.total_flux()
    assert more == pytest.approx(0.12 * core.fissions_per_area(), rel=1e-9)
    assert density(pair.up)[2:] == pytest.approx(density(nominal)[2:], rel=1e-12)


def test_a_published_flux_keeps_its_fissions(core):
    """Normalised to a flux, spectra move at the same number of fissions, and energy does not."""
    flux = 6.4e12 * u.flux
    scale = flux / reactor(core).total_flux()
    plain = {v.name: v for v in reactor_variations(core)}
    found = {v.name: v for v in reactor_variations(core, total_flux=flux)}
    assert set(plain) - set(found) == {"energy-per-fission"}
    for name, variation in found.items():
        assert density(variation.up) == pytest.approx(scale * density(plain[name].up), rel=1e-9)


def test_a_fuel_of_which_the_flux_is_known(core):
    """Without power and distance the variations are those of the same fuel at the same flux."""
    flux = 6.4e12 * u.flux
    fuel = FuelMix(core.fission_fractions, core.captures_per_fission)
    changes = {k: v for k, v in GIVEN.items() if k != "thermal_power"}
    for ours, theirs in zip(
        reactor_variations(fuel, total_flux=flux, **changes),
        reactor_variations(core, total_flux=flux, **changes),
        strict=True,
    ):
        assert ours.name == theirs.name
        assert density(ours.up) == pytest.approx(density(theirs.up), rel=1e-12)
    with pytest.raises(InvalidInput, match="without total_flux"):
        reactor_variations(fuel)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"thermal_power": -0.1}, "thermal-power"),
        ({"captures_per_fission": 2.0}, "captures_per_fission"),
        ({"fission_fractions": 0.5}, "none negative"),
    ],
)
def test_impossible_sizes_are_refused(core, change, message):
    """No variation leads to a negative power, share or capture rate."""
    with pytest.raises(InvalidInput, match=message):
        reactor_variations(core, **change)
