"""Reactors by name."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.sources import FuelMix, reactor_at, reactor_core, reactor_of_flux
from nuatom.sources.cores import CORES

ZERO = np.array(0.0)
PUBLISHED = {
    "kuo-sheng": 6.4e12,
    "kalinin-gemma": 2.7e13,
    "leibstadt-conus-plus": 1.5e13,
    "dresden-ii": 4.8e13,
}


@pytest.mark.parametrize(("name", "flux"), PUBLISHED.items())
def test_published_fluxes(name, flux):
    """A core has its published flux when nothing is changed."""
    source = reactor_at(name)
    assert source.name == name
    assert source.total_flux() == pytest.approx(flux * u.flux, rel=1e-12)


@pytest.mark.parametrize("name", ["kuo-sheng", "kalinin-gemma", "leibstadt-conus-plus"])
def test_published_fluxes_follow_from_power_and_distance(name):
    """Power, distance and 6.8 neutrinos per fission give the published flux within 10 %.

    The publications round to two digits and use 7.2 or fewer neutrinos per fission.
    """
    core = reactor_core(name)
    source = reactor_at(name, distance=core.distance)
    assert source.total_flux() == pytest.approx(PUBLISHED[name] * u.flux, rel=0.1)


def test_brokdorf_follows_from_power():
    """3.9 GW at 17.1 m against 2.9 GW at 28 m: the inverse square and nearly the same fuel."""
    ratio = (
        reactor_at("brokdorf-conus").total_flux()
        / reactor_at("kuo-sheng", distance=28 * u.metre).total_flux()
    )
    # energies and neutrinos per fission of the two fuels differ by 0.7 %
    assert ratio == pytest.approx(3.9 / 2.9 * (28 / 17.1) ** 2, rel=0.01)


def test_parameters_replace_published_values():
    """Twice the distance is a quarter of the flux, half the power half of it."""
    near, far = (reactor_at("kalinin-gemma", distance=d * u.metre) for d in (10, 20))
    assert near.total_flux() / far.total_flux() == pytest.approx(4, rel=1e-12)
    weak = reactor_at("kalinin-gemma", distance=10 * u.metre, thermal_power=1.5 * u.GW)
    assert near.total_flux() / weak.total_flux() == pytest.approx(2, rel=1e-12)
    core = reactor_core("kuo-sheng", fission_fractions={"U235": 1.0}, model="kurchatov")
    assert core.fission_fractions == {"U235": 1.0}
    assert core.model == "kurchatov"


def test_fuel_changes_the_spectrum_of_a_published_flux():
    """With the same flux, pure U235 has the harder spectrum."""
    mixed, pure = (
        reactor_at("dresden-ii"),
        reactor_at("dresden-ii", fission_fractions={"U235": 1.0}),
    )
    assert pure.total_flux() == pytest.approx(mixed.total_flux(), rel=1e-12)
    assert pure.mean(1) > mixed.mean(1)
    assert "fission fractions" in mixed.notes
    assert "fission fractions" not in pure.notes


def test_what_is_not_published_is_asked_for():
    """Dresden-II has a flux but neither distance nor power here."""
    for given, missing in (({}, "thermal_power"), ({"thermal_power": 2.96 * u.GW}, "distance")):
        with pytest.raises(InvalidInput, match=f"found no {missing}.*expected {missing}"):
            reactor_core("dresden-ii", **given)
    full = reactor_at("dresden-ii", thermal_power=3 * u.GW, distance=10 * u.metre)
    assert full.total_flux() > 0


@pytest.mark.parametrize("name", CORES)
def test_cards_are_complete(name):
    """Each core has a reference and says where its fission fractions come from."""
    source = reactor_at(name)
    assert source.references[0].count("arXiv") + source.references[0].count("Phys. Rev.")
    assert "fission fractions" in source.notes


def test_unknown_cores_are_refused():
    """Names are looked up."""
    with pytest.raises(UnknownName, match="kuo-sheng"):
        reactor_at("kuosheng")
    with pytest.raises(UnknownName, match="fission model"):
        reactor_at("kuo-sheng", model="huber")


def test_a_fuel_mix_is_checked_like_a_core():
    """Fractions, captures and model of a fuel without power and distance."""
    for wrong in ({"fission_fractions": {"U235": 0.5}}, {"captures_per_fission": -1.0}):
        with pytest.raises(InvalidInput):
            FuelMix(**({"fission_fractions": {"U235": 1.0}} | wrong))
    with pytest.raises(InvalidInput, match="total_flux"):
        reactor_of_flux(FuelMix({"U235": 1.0}), 0.0)
