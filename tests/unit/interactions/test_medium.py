"""Closed forms of the photoabsorption-ionisation model; see also tests/physics/test_medium.py."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, OutOfRange
from nuatom.interactions.medium import allison_cobb, screened_collisions
from nuatom.targets import element
from nuatom.targets.dielectric import dielectric
from nuatom.targets.oscillator_strength import OscillatorStrength

GERMANIUM = dielectric(element("Ge"))
T = np.array([0.1, 1.3, 20.0]) * u.keV


@pytest.mark.parametrize("beta", [0.3, 0.9, 0.999999, 1.0])
def test_formula_as_printed(beta):
    """Term by term; 1e-9 for 1 - beta^2 eps, which loses digits when written like this."""
    photo, n = GERMANIUM.photoabsorption, GERMANIUM.number_density
    sigma, eps = photo.cross_section(T), GERMANIUM.permittivity(T)
    theta = np.angle(1 - beta**2 * eps.real + 1j * beta**2 * eps.imag)
    logarithms = np.log(1 / np.abs(1 - beta**2 * eps)) + np.log(2 * c.electron_mass * beta**2 / T)
    area = OscillatorStrength(photo).below(T).sum(axis=0)
    area *= 2 * np.pi**2 * c.fine_structure / c.electron_mass
    terms = (
        sigma / T * logarithms,
        (beta**2 - eps.real / np.abs(eps) ** 2) * theta / n,
        area / T**2,
    )
    expected = c.fine_structure * 4 / (np.pi * beta**2) * sum(terms)
    found = allison_cobb(T, dielectric=GERMANIUM, charge=2.0, beta=beta)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_factor_of_a_dense_medium():
    """1/|eps|^2 on the logarithms is the only difference between the two forms."""
    sigma, eps = GERMANIUM.photoabsorption.cross_section(T), GERMANIUM.permittivity(T)
    logarithms = np.log(1 / np.abs(1 - eps)) + np.log(2 * c.electron_mass / T)
    expected = c.fine_structure / np.pi * sigma / T * logarithms * (1 / np.abs(eps) ** 2 - 1)
    dense, dilute = (
        screened_collisions(T, dielectric=GERMANIUM, charge=1.0, dilute=flag)
        for flag in (False, True)
    )
    np.testing.assert_allclose(dense - dilute, expected, rtol=1e-8)


def test_charge_enters_squared():
    """A millicharge of 1e-12 e of either sign: 1e-24 of a full charge."""
    full, tiny = (allison_cobb(T, dielectric=GERMANIUM, charge=z) for z in (1.0, -1e-12))
    np.testing.assert_allclose(tiny, 1e-24 * full, rtol=1e-12)


@pytest.mark.parametrize("beta", [0.0, -0.5, 1.1, np.nan])
def test_velocities_are_below_that_of_light(beta):
    """0 < beta <= 1."""
    with pytest.raises(InvalidInput, match="beta"):
        screened_collisions(T, dielectric=GERMANIUM, charge=1.0, beta=beta)


def test_range_is_that_of_the_optical_constants():
    """Nothing is extrapolated."""
    with pytest.raises(OutOfRange):
        allison_cobb(200 * u.keV, dielectric=GERMANIUM, charge=1.0)
