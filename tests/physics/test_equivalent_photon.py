"""Equivalent photons in every channel, with light and heavy neutrinos.

F_a is constant up to Q^2 = 2mT.  The closed forms are integrals by hand; tolerance 1e-6.
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.interactions.terms import q2_limits
from nuatom.responses import EquivalentPhoton

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

ALPHA, M = c.fine_structure, c.electron_mass
CLOSED = 1e-6
ENERGIES = np.array([0.25, 1.0, 8.0]) * u.MeV
TRANSFERS = np.geomspace(0.05, 50, 40) * u.keV
E, T = (a.ravel() for a in np.meshgrid(ENERGIES, TRANSFERS))
Q_MAX = 2 * M * T


@pytest.fixture(params=["Ge", "Xe", "Ar"])
def target(request):
    """Photoabsorption, and the two variants of the response."""
    photo = na.targets.photoabsorption(na.target(request.param))
    return photo.cross_section(T), EquivalentPhoton(photo), EquivalentPhoton(photo, True)


def sigma(interaction, response):
    return na.differential_cross_section(T, E, interaction=interaction, response=response)


def agree(found, expected):
    np.testing.assert_allclose(found, expected, rtol=CLOSED)


def test_all_of_it_is_below_the_kinematic_end():
    """2mT < 4EE' at every point, so that the cut-off is the one of the model."""
    assert np.all(Q_MAX < 4 * E * (E - T))


def test_magnetic_moment(target):
    """The two variants differ by two orders of magnitude: nothing dominates at Q^2 = 0."""
    photo, both, transverse = target
    mu = 2e-11
    first = ALPHA * mu**2 * photo * (E - T) * Q_MAX / (4 * np.pi * E * M**2 * T)
    bracket = (2 * E - T) ** 2 * np.log1p(Q_MAX / T**2) - Q_MAX
    second = ALPHA * mu**2 * T * photo / (16 * np.pi * E**2 * M**2) * bracket
    agree(sigma(na.MagneticMoment(mu), both), first)
    agree(sigma(na.MagneticMoment(mu), transverse), second)
    at_one_kev = np.argmin(np.abs(np.log(T / u.keV)))
    assert first[at_one_kev] / second[at_one_kev] > 100


def test_charge_radius(target):
    """Q^2 up to the cut-off counts, and the photon point does not."""
    photo, both, _ = target
    radius = 1e-32 * u.cm**2
    bracket = (E**2 - E * T + T**2 / 2) * Q_MAX**2 / 2 - Q_MAX**3 / 12
    expected = ALPHA * radius**2 * photo / (36 * np.pi * E**2 * T) * bracket
    agree(sigma(na.ChargeRadius(radius), both), expected)


def logarithms(mass):
    """Exact lowest Q^2, and the two brackets with the term -2 m_nu^2/Q^4 of K_T."""
    lowest, _ = q2_limits(T, E, neutrino_mass=mass)
    square = E**2 - E * T + T**2 / 2
    heavy = -(mass**2) * T**2 * (1 / lowest - 1 / Q_MAX)
    both = square * np.log(Q_MAX / lowest) - (Q_MAX - lowest) / 4 + heavy
    fall = np.log((Q_MAX + T**2) / (lowest + T**2))
    transverse = square * np.log(Q_MAX / lowest) - (square - T**2 / 4) * fall + heavy
    return lowest, both, transverse


@pytest.mark.parametrize("mass", [1e-3, 0.1, 1e3], ids=["light", "default", "1 keV"])
def test_millicharge(target, mass):
    """Both variants, with the mass in the limits and in K_T."""
    photo, both, transverse = target
    charge = na.Millicharge(1e-12, neutrino_mass=mass * u.eV)
    _, first, second = logarithms(mass * u.eV)
    common = ALPHA * 1e-24 * photo / (np.pi * E**2 * T)
    agree(sigma(charge, both), common * first)
    agree(sigma(charge, transverse), common * second)


def test_exact_lowest_q2_is_the_approximate_one_for_a_light_neutrino():
    """Qn^2 = m_nu^2 T^2/(EE') up to m_nu^2/E'^2."""
    mass = 0.1 * u.eV
    lowest, _, _ = logarithms(mass)
    agree(lowest, mass**2 * T**2 / (E * (E - T)))
    heavy = 20 * u.keV
    lowest, _, _ = logarithms(heavy)
    excess = lowest / (heavy**2 * T**2 / (E * (E - T))) - 1
    assert np.all((excess > 0) & (excess < 2 * heavy**2 / (E - T) ** 2))


def test_mass_term_lowers_the_logarithm_by_one(target):
    """-2 m_nu^2/Q^4 in K_T takes EE' from the bracket, E^2 of which multiplies the logarithm."""
    photo, both, _ = target
    mass = 0.1 * u.eV
    square = E**2 - E * T + T**2 / 2
    lowest = mass**2 * T**2 / (E * (E - T))
    one_less = square * np.log(Q_MAX / lowest) - E * (E - T) - Q_MAX / 4
    expected = ALPHA * photo / (np.pi * E**2 * T) * one_less
    agree(sigma(na.Millicharge(1.0, neutrino_mass=mass), both), expected)


def test_leading_logarithm(target):
    """(2 alpha/pi) q^2 (sigma/T) ln(E/m_nu) for T << E: m_nu enters nowhere else."""
    photo, both, _ = target
    light, lighter = (na.Millicharge(1.0, neutrino_mass=m * u.eV) for m in (1e-1, 1e-4))
    gain = sigma(lighter, both) - sigma(light, both)
    square = (E**2 - E * T + T**2 / 2) / E**2
    agree(gain, 2 * ALPHA / np.pi * photo / T * np.log(1e3) * square)
