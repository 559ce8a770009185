"""Spectra at unit coupling: quadratic and interference parts."""

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.analysis.spectra import ChannelSettings, Site, unit_spectra
from nuatom.interactions.incoherent import combine
from nuatom.rates import rate_by_shell

POINTS = np.geomspace(0.3, 20, 12) * u.keV
GERMANIUM = na.target("Ge")
SITE = Site("electron", POINTS, ((na.response("stepped", "Ge"), GERMANIUM.atoms_per_mass),))
SOURCE = na.source("kuo-sheng")
SETTINGS = ChannelSettings(mediator_mass=50 * u.keV)


def direct(couplings):
    """The rate of the combined interaction, which knows nothing of parts."""
    parts = tuple(SETTINGS.channel(n, g) for n, g in couplings.items())
    return rate_by_shell(
        POINTS,
        source=SOURCE,
        interaction=combine(parts),
        response=SITE.parts[0][0],
        atoms_per_mass=GERMANIUM.atoms_per_mass,
    ).sum(axis=0)


@pytest.mark.parametrize(
    "couplings",
    [
        {"weak": 1.0, "millicharge": 1e-12},
        {"weak": 1.0, "millicharge": -3e-13},
        {"weak": 1.0, "charge-radius": -0.83e-32},
        {"weak": 0.9, "millicharge": 1e-13, "charge-radius": 2e-32, "magnetic-moment": 3e-11},
        {"weak": 1.0, "b-l-boson": 1e-6, "charge-radius": 1e-32},
    ],
)
def test_parts_put_together_give_the_rate_of_the_sum(couplings):
    """Any couplings of either sign, from parts at unit coupling that differ by 10^40 (1e-7:
    what the cancellation leaves of 16 digits)."""
    parts, powers = unit_spectra(list(couplings), SITE, SOURCE, SETTINGS)
    strength = {n: g ** powers[n] for n, g in couplings.items()}
    total = sum(
        np.prod([strength[name] for name in (key if len(key) == 2 else key * 2)]) * spectrum
        for key, spectrum in parts.items()
    )
    assert total == pytest.approx(direct(couplings), rel=1e-7)


def test_a_boson_enters_its_amplitude_with_the_square_of_its_coupling():
    """It acts at both ends; every other coupling acts once."""
    channels = ["weak", "millicharge", "magnetic-moment", "b-l-boson"]
    _, powers = unit_spectra(channels, SITE, SOURCE, SETTINGS)
    assert powers == {"weak": 1, "millicharge": 1, "magnetic-moment": 1, "b-l-boson": 2}


def test_flips_of_helicity_do_not_interfere():
    """There is no part for a magnetic moment with anything."""
    parts, _ = unit_spectra(["weak", "magnetic-moment", "millicharge"], SITE, SOURCE, SETTINGS)
    assert {key for key in parts if len(key) == 2} == {("weak", "millicharge")}


def test_positive_charge_lowers_the_rate_of_antineutrinos_on_electrons():
    """q_nu > 0 lowers g_V, which for anti-nu_e at low energy lowers the rate: the sign of the
    interference, which the square alone cannot show."""
    parts, _ = unit_spectra(["weak", "millicharge"], SITE, SOURCE, SETTINGS)
    assert np.all(parts[("weak", "millicharge")] < 0)


def test_every_flux_of_a_source_counts():
    """A source with two flavours is the sum of two sources."""
    both = na.sources.Source("two", (*SOURCE.fluxes, *na.mono_energetic(
        1 * u.MeV, 1e12 * u.flux, "nu_mu").fluxes))  # fmt: skip
    one, _ = unit_spectra(["weak", "charge-radius"], SITE, SOURCE, SETTINGS)
    line = na.mono_energetic(1 * u.MeV, 1e12 * u.flux, "nu_mu")
    other, _ = unit_spectra(["weak", "charge-radius"], SITE, line, SETTINGS)
    total, _ = unit_spectra(["weak", "charge-radius"], SITE, both, SETTINGS)
    for key, spectrum in total.items():
        assert spectrum == pytest.approx(one[key] + other[key], rel=1e-9)


def test_closed_kinematics_give_zero():
    """Above the highest recoil nothing is left, and nothing divides by zero."""
    slow = na.mono_energetic(1 * u.keV, 1e12 * u.flux)
    parts, powers = unit_spectra(["weak", "millicharge"], SITE, slow, SETTINGS)
    assert all(np.all(spectrum == 0) for spectrum in parts.values())
    assert powers == {"weak": 1, "millicharge": 1}


def test_nuclei_are_a_site_of_their_own():
    """Weak scattering on the nucleus, with its charge-radius interference."""
    nucleus = Site(
        "nuclear",
        np.array([0.2, 0.5]) * u.keV,
        ((catalog.response("nucleus", "Ge"), GERMANIUM.atoms_per_mass),),
    )
    parts, _ = unit_spectra(["coherent", "coherent-charge-radius"], nucleus, SOURCE, SETTINGS)
    assert np.all(parts[("coherent",)] > 0)
    assert np.all(parts[("coherent", "coherent-charge-radius")] != 0)
