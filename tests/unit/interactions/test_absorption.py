"""Absorption of dark photons, axion-like particles and solar axions."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput, OutOfRange
from nuatom.interactions.absorption import (
    LOCAL_DENSITY,
    axioelectric_cross_section,
    axion_like_rate,
    dark_photon_rate,
)
from nuatom.targets import element, photoabsorption
from nuatom.targets.dielectric import dielectric

GERMANIUM = element("Ge")
PHOTO = photoabsorption(GERMANIUM)
MASS = np.array([0.3, 1.0, 12.0]) * u.keV

# SI and particle-physics numbers, written out once more for the hand calculations
AVOGADRO, LIGHT_CM_PER_S, ELECTRON_KEV, ALPHA = (
    6.02214076e23,
    2.99792458e10,
    510.99895,
    7.2973526e-3,
)
PER_CM3 = 0.3e6  # keV


def per_kg_day(rate_per_atom):
    return rate_per_atom.sum(axis=0) * GERMANIUM.atoms_per_mass * u.kg * u.day


def test_dark_photons_by_hand():
    """R = N_A/A (rho/m) c kappa^2 sigma: 4.68e23/A kappa^2 (keV/m)(sigma/b) per (kg day)."""
    by_hand = AVOGADRO * 1e3 * PER_CM3 * LIGHT_CM_PER_S * 86400 * 1e-24
    assert by_hand == pytest.approx(4.68e23, rel=1e-3)
    barn = PHOTO.cross_section(MASS) / u.barn
    expected = by_hand / 72.63 * 1e-30 * barn / (MASS / u.keV)
    found = per_kg_day(dark_photon_rate(MASS, 1e-15, photoabsorption=PHOTO))
    np.testing.assert_allclose(found, expected, rtol=1e-4)  # A of germanium: 72.630(8)


def test_axion_like_particles_by_hand():
    """R = 1.466e19/A g_ae^2 (m/keV)(sigma/b) per (kg day) for 0.3 GeV/cm^3."""
    by_hand = AVOGADRO * 1e3 * PER_CM3 * LIGHT_CM_PER_S * 86400 * 1e-24
    by_hand *= 3 / (16 * np.pi * ALPHA * ELECTRON_KEV**2)
    assert by_hand == pytest.approx(1.466e19, rel=1e-3)
    barn = PHOTO.cross_section(MASS) / u.barn
    expected = by_hand / 72.63 * 1e-24 * (MASS / u.keV) * barn
    found = per_kg_day(axion_like_rate(MASS, 1e-12, photoabsorption=PHOTO))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_medium_changes_dark_photons_by_the_permittivity():
    """kappa^2/|eps|^2: 3 % at 0.3 keV in germanium, 1e-4 at 12 keV, a factor 3 near 16 eV."""
    medium = dielectric(GERMANIUM)
    vacuum = dark_photon_rate(MASS, 1e-15, photoabsorption=PHOTO)
    screened = dark_photon_rate(MASS, 1e-15, photoabsorption=PHOTO, medium=medium)
    ratio = screened.sum(axis=0) / vacuum.sum(axis=0)
    np.testing.assert_allclose(ratio, 1 / np.abs(medium.permittivity(MASS)) ** 2, rtol=1e-12)
    assert ratio[0] == pytest.approx(1.03, abs=0.01)
    assert ratio[2] == pytest.approx(1.0, abs=1e-4)
    plasmon = np.array([16 * u.eV])
    low, bare = (
        dark_photon_rate(plasmon, 1e-15, photoabsorption=PHOTO, medium=m).sum()
        for m in (medium, None)
    )
    assert 2 < low / bare < 4


def test_rates_keep_the_subshells():
    """A line at 12 keV is mostly absorbed in the K shell of germanium (86 to 88 per cent)."""
    rate = dark_photon_rate(12 * u.keV, 1e-15, photoabsorption=PHOTO)
    assert rate.shape == (len(PHOTO.shells), 1)
    assert PHOTO.shells[0] == "K"
    assert 0.83 < float(rate[0, 0] / rate.sum()) < 0.92


def test_couplings_and_density_scale():
    """kappa^2, g^2 and rho."""
    for rate in (dark_photon_rate, axion_like_rate):
        one = rate(MASS, 1e-13, photoabsorption=PHOTO)
        twice = rate(MASS, 2e-13, photoabsorption=PHOTO, local_density=1.5 * LOCAL_DENSITY)
        np.testing.assert_allclose(twice, 6 * one, rtol=1e-12)
        assert np.all(rate(MASS, 0.0, photoabsorption=PHOTO) == 0)


def test_relativistic_axion():
    """beta = 1: sigma_gamma g^2 E^2/(8 pi alpha m^2)."""
    found = axioelectric_cross_section(MASS, 1e-12, photoabsorption=PHOTO)
    expected = PHOTO.by_shell(MASS) * 1e-24 * (MASS / u.keV) ** 2
    expected /= 8 * np.pi * ALPHA * ELECTRON_KEV**2
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_slow_axion_is_dark_matter():
    """sigma beta tends to the sigma v of an axion-like particle of that mass.

    beta = 1e-6 leaves beta^(2/3)/3 = 3e-5.
    """
    mass = 2 * u.keV
    beta = 1e-6
    energy = mass * (1 + beta**2 / 2)
    found = axioelectric_cross_section(energy, 1e-12, photoabsorption=PHOTO, mass=mass) * beta
    rate = axion_like_rate(mass, 1e-12, photoabsorption=PHOTO)
    np.testing.assert_allclose(found, rate * mass / LOCAL_DENSITY, rtol=2e-4)


def test_iron_line_axion_on_germanium():
    """14.4 keV, massless: sigma = 4.33e-3 g^2 sigma_gamma (8 pi alpha = 0.18340, E/m = 0.02818)."""
    energy = 14.4 * u.keV
    factor = (14.4 / 510.99895) ** 2 / 0.183403
    found = axioelectric_cross_section(energy, 1.0, photoabsorption=PHOTO).sum()
    assert factor == pytest.approx(4.33e-3, rel=1e-3)
    assert found == pytest.approx(factor * PHOTO.cross_section(energy)[0], rel=1e-5)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_masses_are_positive(bad):
    """A line has an energy."""
    for rate in (dark_photon_rate, axion_like_rate):
        with pytest.raises(InvalidInput, match="mass"):
            rate(bad, 1e-12, photoabsorption=PHOTO)
    with pytest.raises(InvalidInput, match="energy"):
        axioelectric_cross_section(bad, 1e-12, photoabsorption=PHOTO)


@pytest.mark.parametrize("mass", [-1.0, 2.0, 3.0])
def test_axions_have_more_energy_than_mass(mass):
    """0 <= m_a < E."""
    with pytest.raises(InvalidInput, match="axion mass"):
        axioelectric_cross_section(2 * u.keV, 1e-12, photoabsorption=PHOTO, mass=mass * u.keV)


def test_outside_of_the_table():
    """1 MeV is not photoabsorption any more."""
    with pytest.raises(OutOfRange):
        dark_photon_rate(1 * u.MeV, 1e-15, photoabsorption=PHOTO)
