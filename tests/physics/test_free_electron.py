"""The seven responses of a free electron give every textbook formula exactly.

Tolerance 1e-12: both sides are closed forms; what differs is the order of about ten
floating-point operations with mild cancellation near the kinematic end.
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.interactions.terms import FLAVORS
from nuatom.responses import FreeElectrons

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

M = c.electron_mass
EXACT = 1e-12

ELECTRON = FreeElectrons(na.target("H"))


def sigma(T, E, interaction, flavor="anti_nu_e"):
    return na.differential_cross_section(
        T, E, interaction=interaction, response=ELECTRON, flavor=flavor
    )


def allowed_points():
    """Return neutrino energies and transfers up to 0.99 of the kinematic end."""
    E = np.geomspace(3 * u.keV, 12 * u.MeV, 40)[:, None]
    T_max = 2 * E**2 / (M + 2 * E)
    T = T_max * np.concatenate([np.geomspace(1e-4, 0.5, 20), np.linspace(0.55, 0.99, 12)])
    return T, np.broadcast_to(E, T.shape)


T, E = allowed_points()


def test_magnetic_moment_is_one_over_t_minus_one_over_e():
    """Vogel and Engel (1989): (pi alpha^2 mu^2/m^2)(1/T - 1/E)."""
    mu = 3e-11
    expected = np.pi * c.fine_structure**2 * mu**2 / M**2 * (1 / T - 1 / E)
    np.testing.assert_allclose(sigma(T, E, na.MagneticMoment(mu)), expected, rtol=EXACT)


def textbook_weak(T, E, flavor, shift=0.0):
    """(2 G^2 m/pi) [g_L^2 + g_R^2 (1-T/E)^2 - g_L g_R m T/E^2], g_L <-> g_R for antinu."""
    s2 = c.weak_mixing
    g_left = (0.5 if flavor.endswith("nu_e") else -0.5) + s2 + shift / 2
    g_right = s2 + shift / 2
    if flavor.startswith("anti"):
        g_left, g_right = g_right, g_left
    bracket = g_left**2 + g_right**2 * (1 - T / E) ** 2 - g_left * g_right * M * T / E**2
    return 2 * c.fermi_coupling**2 * M / np.pi * bracket


@pytest.mark.parametrize("flavor", FLAVORS)
def test_seven_responses_give_the_textbook_weak_cross_section(flavor):
    """'t Hooft (1971) for every flavour and antiflavour."""
    np.testing.assert_allclose(
        sigma(T, E, na.Weak(), flavor),
        textbook_weak(T, E, flavor),
        rtol=EXACT,
        atol=EXACT * float(textbook_weak(T, E, "nu_e").max()),
    )


@pytest.mark.parametrize("flavor", ["nu_e", "anti_nu_e", "nu_mu", "anti_nu_tau"])
def test_charge_radius_shifts_g_v(flavor):
    """g_V -> g_V + sqrt2 pi alpha <r^2>/(3 G) on an electron, for nu and antinu alike."""
    radius = -0.83e-32 * u.cm**2
    shift = np.sqrt(2) * np.pi * c.fine_structure / c.fermi_coupling * radius / 3
    both = na.Couplings((na.Weak(), na.ChargeRadius(radius)))
    expected = textbook_weak(T, E, flavor, shift)
    np.testing.assert_allclose(sigma(T, E, both, flavor), expected, rtol=1e-11)


def test_charge_radius_shift_of_nu_e_is_known():
    """delta g_V = -0.0197 for <r^2> = -0.83e-32 cm^2, and sqrt2 pi alpha/G = 7.1387e30/cm^2."""
    per_area = np.sqrt(2) * np.pi * c.fine_structure / c.fermi_coupling * u.cm**2
    assert per_area == pytest.approx(7.1387e30, rel=1e-4)
    amplitude = na.ChargeRadius(-0.83e-32 * u.cm**2)
    shift = amplitude.vector(T, E, flavor="nu_e", constituent="electron")
    assert shift == pytest.approx(-0.0197, abs=1e-4)
    assert amplitude.vector(T, E, flavor="nu_e", constituent="proton") == pytest.approx(-shift)


def test_millicharge_shift_at_one_kev_is_known():
    """g_V shifts by -5.4396 for q_nu = 1e-12 at T = 1 keV on an electron."""
    energy = np.array(1 * u.keV)
    shift = na.Millicharge(1e-12).vector(
        energy, 2 * M * energy, flavor="nu_e", constituent="electron"
    )
    assert float(shift) == pytest.approx(-5.4396, rel=1e-5)


def spin_factor(T, E):
    return 1 + (1 - T / E) ** 2 - M * T / E**2


def test_millicharge_alone():
    """(pi alpha^2 q^2/(m T^2)) [1 + (1-T/E)^2 - mT/E^2] for a light neutrino."""
    charge = na.Millicharge(1e-12, neutrino_mass=1e-6 * u.eV)
    expected = np.pi * c.fine_structure**2 * 1e-24 / (M * T**2) * spin_factor(T, E)
    np.testing.assert_allclose(sigma(T, E, charge), expected, rtol=1e-11)


def test_charge_radius_alone():
    """(pi alpha^2 m <r^2>^2/9) [1 + (1-T/E)^2 - mT/E^2]."""
    radius = 1e-32 * u.cm**2
    expected = np.pi * c.fine_structure**2 * M * radius**2 / 9 * spin_factor(T, E)
    np.testing.assert_allclose(sigma(T, E, na.ChargeRadius(radius)), expected, rtol=1e-11)


def test_cross_section_vanishes_beyond_the_kinematic_end():
    """T_max = 2E^2/(m + 2E) on a free electron."""
    end = 2 * (100 * u.keV) ** 2 / (M + 200 * u.keV)
    values = sigma([0.999 * end, 1.001 * end, 0.99 * 100 * u.keV], 100 * u.keV, na.Weak())
    assert values[0] > 0
    assert np.all(values[1:] == 0)


def test_incoherent_channels_add_and_amplitudes_interfere():
    """The magnetic moment adds to the weak rate; a charge radius interferes with it."""
    from nuatom.interactions.incoherent import combine

    moment, weak, radius = na.MagneticMoment(1e-11), na.Weak(), na.ChargeRadius(1e-32 * u.cm**2)
    added = sigma(T, E, combine((moment, weak)))
    np.testing.assert_allclose(added, sigma(T, E, moment) + sigma(T, E, weak), rtol=EXACT)
    shift = np.sqrt(2) * np.pi * c.fine_structure / c.fermi_coupling * 1e-32 * u.cm**2 / 3
    interfering = sigma(T, E, combine((radius, weak)))
    np.testing.assert_allclose(interfering, textbook_weak(T, E, "anti_nu_e", shift), rtol=1e-11)
