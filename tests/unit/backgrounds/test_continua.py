"""Spectra of backgrounds."""

import numpy as np
import pytest
from scipy import integrate

from nuatom import constants as c
from nuatom import units as u
from nuatom.backgrounds import (
    TRITIUM_END_POINT,
    BetaContinuum,
    Exponential,
    Flat,
    NoiseEdge,
    Nuisance,
    PowerLaw,
    Template,
)
from nuatom.errors import InvalidInput


def test_exponential_and_power_pass_through_their_reference():
    """The rate is given where it is measured, and falls as the name says."""
    T = np.array([1.0, 2.0]) * u.keV
    falling = Exponential("a", 3 * u.cpkkd, 1 * u.keV, 2 * u.keV)
    assert falling.density(T) / u.cpkkd == pytest.approx([3, 3 * np.exp(-0.5)], rel=1e-12)
    power = PowerLaw("a", 3 * u.cpkkd, 1 * u.keV, 1.5)
    assert power.density(T) / u.cpkkd == pytest.approx([3, 3 / 2**1.5], rel=1e-12)


@pytest.mark.parametrize(
    ("end_point", "charge", "mass"),
    [(TRITIUM_END_POINT, 2, 3), (565 * u.keV, 19, 39), (100 * u.keV, 1, 1)],
)
def test_beta_electrons_add_up_to_the_activity(end_point, charge, mass):
    """The integral is the activity, by an adaptive quadrature that knows nothing of the norm
    (1e-6, the tolerance of that quadrature)."""
    beta = BetaContinuum("b", 2 / (u.kg * u.day), end_point, charge, mass)
    scale = end_point / u.keV
    found, _ = integrate.quad(
        lambda x: float(beta.density(np.array([x * x * end_point]))[0]) * 2 * x * end_point,
        0,
        1,
        epsrel=1e-9,
    )
    assert scale > 0
    assert found / (2 / (u.kg * u.day)) == pytest.approx(1, rel=1e-6)


def test_beta_spectrum_of_hydrogen_is_the_textbook_one():
    """p E (E_0 - T)^2 with the first order of the Fermi function, 1 + pi alpha E/p (2e-3: the
    second order is (pi alpha E/p)^2/3 < 6e-4, the rest is the size of the nucleus)."""
    end = 300 * u.keV
    T = np.linspace(100, 250, 7) * u.keV
    p, E = np.sqrt(T * (T + 2 * c.electron_mass)), T + c.electron_mass
    shape = p * E * (end - T) ** 2 * (1 + np.pi * c.fine_structure * E / p)
    found = BetaContinuum("b", 1.0, end, 1, 1).density(T)
    assert (found / found[0]) / (shape / shape[0]) == pytest.approx(1, rel=2e-3)


def test_tritium_has_its_mean_energy_and_end():
    """5.7 keV on average (a number of every data sheet), nothing above 18.6 keV."""
    T = np.linspace(0.001, 20, 8000) * u.keV
    rate = BetaContinuum("3H", 1.0, TRITIUM_END_POINT, 2, 3).density(T)
    assert np.trapezoid(T * rate, T) / np.trapezoid(rate, T) / u.keV == pytest.approx(5.7, abs=0.05)
    assert np.all(rate[T > 18.6 * u.keV] == 0)


def test_noise_falls_as_the_peaks_of_gaussian_noise():
    """Its integral above E is sigma^2/E0 exp[-(E^2 - E0^2)/2 sigma^2] (Rice)."""
    noise = NoiseEdge("n", 1.0, 0.2 * u.keV, 0.05 * u.keV)
    E = np.linspace(0.25, 1, 20001) * u.keV
    integral = np.trapezoid(noise.density(E), E)
    closed = (0.05**2 / 0.2) * u.keV * np.exp(-(0.25**2 - 0.2**2) / (2 * 0.05**2))
    assert integral == pytest.approx(closed, rel=1e-4)


def test_template_is_zero_outside():
    """A template says nothing where it has no bins."""
    template = Template("t", np.array([1.0, 2.0]), np.array([3.0]), scale=2.0)
    assert template.density(np.array([0.5, 1.5, 2.5])).tolist() == [0, 6, 0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Flat("a", -1.0),
        lambda: Exponential("a", 1.0, 1.0, 0.0),
        lambda: PowerLaw("a", 1.0, 0.0, 1.0),
        lambda: BetaContinuum("a", 1.0, 1.0, 0, 3),
        lambda: BetaContinuum("a", 1.0, 1.0, 2, 900),
        lambda: NoiseEdge("a", 1.0, 1.0, 1.0, observed=False),
        lambda: Template("a", np.array([1.0, 2.0]), np.array([-1.0])),
        lambda: Nuisance("rate", 0.0),
        lambda: Nuisance("rate", 1.0, "free"),
        lambda: Flat("a", float("nan")),
    ],
)
def test_wrong_numbers_are_refused(make):
    """Each background checks its numbers where it is made."""
    with pytest.raises(InvalidInput):
        make()
