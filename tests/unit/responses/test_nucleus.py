"""Coherent scattering: closed forms of a spin-0 nucleus, isotope by isotope."""

from dataclasses import replace

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.responses import Nucleus
from nuatom.targets import element, helm, klein_nystrand

GERMANIUM = element("Ge")
EXACT = 1e-12  # closed forms on both sides: about ten roundings
E = 6 * u.MeV
T = np.array([0.01, 0.1, 0.3, 0.6, 0.9]) * u.keV


def sigma(T, interaction, response, E=E, flavor="anti_nu_e"):
    return na.differential_cross_section(
        T, E, interaction=interaction, response=response, flavor=flavor
    )


def pure(mass_number):
    """Return the isotope of germanium with this mass number, isotopically pure."""
    (found,) = (i for i in GERMANIUM.isotopes if i.mass_number == mass_number)
    return replace(found, abundance=1.0)


def point_like(q2, mass_number):
    return 1 + 0 * q2


def over_isotopes(cross_section, form_factor=helm, T=T):
    """Sum abundance x cross_section(M, N, F^2) over the natural isotopes, by hand."""
    total = np.zeros(T.shape)
    for isotope in GERMANIUM.isotopes:
        square = form_factor(2 * isotope.mass * T, isotope.mass_number) ** 2
        neutrons = isotope.mass_number - 32
        total += isotope.abundance * cross_section(isotope.mass, neutrons, square)
    return total


def weak(mass, neutrons, square):
    """G^2 M/(4 pi) Q_W^2 F^2 (1 - T/E - MT/(2E^2)), Q_W = N - (1 - 4 s2) Z."""
    charge = neutrons - (1 - 4 * c.weak_mixing) * 32
    spin = 1 - T / E - mass * T / (2 * E**2)
    return c.fermi_coupling**2 * mass / (4 * np.pi) * charge**2 * square * np.maximum(spin, 0)


def moment(mass, neutrons, square):
    """(pi alpha^2 mu^2/m^2) Z^2 F^2 (1/T - 1/E + T/(4E^2)) for mu = 1e-11."""
    open_ = 2 * E**2 / (mass + 2 * E) > T
    strength = np.pi * c.fine_structure**2 * 1e-22 / c.electron_mass**2
    return strength * 32**2 * square * (1 / T - 1 / E + T / (4 * E**2)) * open_


def millicharge(mass, neutrons, square):
    """(2 pi alpha^2 Z^2 q^2 F^2/(M T^2)) (1 - T/E - MT/(2E^2)) for q = 1e-12."""
    strength = 2 * np.pi * c.fine_structure**2 * 32**2 * 1e-24 / (mass * T**2)
    return strength * square * np.maximum(1 - T / E - mass * T / (2 * E**2), 0)


@pytest.mark.parametrize(
    ("interaction", "formula"),
    [
        (na.Weak(), weak),
        (na.MagneticMoment(1e-11), moment),
        # the mass that regulates the photon pole only shifts E_min, by m_nu^2/Q^2 = 1e-15
        (na.Millicharge(1e-12, neutrino_mass=0.001 * u.eV), millicharge),
    ],
    ids=["weak", "magnetic moment", "millicharge"],
)
@pytest.mark.parametrize("name", ["helm", "klein-nystrand"])
def test_isotopic_sum_of_the_closed_form(interaction, formula, name):
    """Each natural isotope enters with its abundance, mass, neutrons and form factor."""
    response = na.response("nucleus", "Ge", form_factor=name)
    form_factor = {"helm": helm, "klein-nystrand": klein_nystrand}[name]
    expected = over_isotopes(formula, form_factor)
    np.testing.assert_allclose(sigma(T, interaction, response), expected, rtol=EXACT)


def test_form_factors_differ():
    """Helm and Klein-Nystrand are different functions: 1e-4 to 10 % apart at reactor recoils."""
    first = sigma(T, na.Weak(), na.response("nucleus", "Ge"))
    other = sigma(T, na.Weak(), na.response("nucleus", "Ge", form_factor="klein-nystrand"))
    assert np.all(np.abs(first / other - 1) > 1e-5)
    assert np.all(np.abs(first / other - 1) < 0.1)


def test_weak_rate_vanishes_at_the_endpoint_and_stays_zero():
    """dsigma/dT falls linearly to zero at T_max = 2E^2/(M + 2E) of each isotope."""
    for isotope in GERMANIUM.isotopes:
        single = Nucleus(32, (isotope,))
        end = 2 * E**2 / (isotope.mass + 2 * E)
        near = end * np.array([1 - 2e-6, 1 - 1e-6, 1 + 1e-9, 1.1])
        values = sigma(near, na.Weak(), single)
        assert values[0] == pytest.approx(2 * values[1], rel=1e-5)  # F^2 over 1e-6 of the range
        assert values[1] < 2e-6 * sigma(0.01 * end, na.Weak(), single)
        assert np.all(values[2:] == 0)


def test_magnetic_moment_does_not_vanish_at_the_endpoint():
    """At T_max, 1/T - 1/E + T/(4E^2) -> M/(2E^2) up to T/E: the helicity flip goes backward."""
    isotope = pure(70)
    single = Nucleus(32, (isotope,), point_like)
    end = 2 * E**2 / (isotope.mass + 2 * E) * (1 - 1e-9)
    strength = np.pi * c.fine_structure**2 * 1e-22 / c.electron_mass**2 * 32**2
    value = sigma(end, na.MagneticMoment(1e-11), single) / strength
    assert value == pytest.approx(isotope.mass / (2 * E**2), rel=5 * end / E)


def test_every_flavour_scatters_alike_at_tree_level():
    """Neutral currents on a spin-0 nucleus do not tell flavours or antineutrinos apart."""
    response = na.response("nucleus", "Ge")
    reference = sigma(T, na.Weak(), response)
    for flavor in ("nu_e", "nu_mu", "nu_tau", "anti_nu_mu"):
        np.testing.assert_allclose(
            sigma(T, na.Weak(), response, flavor=flavor), reference, rtol=1e-14
        )


def test_weak_rate_grows_with_the_square_of_the_neutrons():
    """From 70Ge to 76Ge at T -> 0, dsigma/dT grows as M Q_W^2, nearly M N^2."""
    light, heavy = (
        sigma(1 * u.eV, na.Weak(), Nucleus(32, (pure(a),), point_like)) for a in (70, 76)
    )
    # T = 1 eV: the spin factors of the two differ by (M_76 - M_70) T/(2E^2) = 8e-5
    s2 = c.weak_mixing
    charges = [n - (1 - 4 * s2) * 32 for n in (38, 44)]
    masses = [pure(a).mass for a in (70, 76)]
    expected = masses[1] * charges[1] ** 2 / (masses[0] * charges[0] ** 2)
    assert heavy / light == pytest.approx(expected, rel=2e-4)


def test_shells_are_isotopes_without_threshold():
    """The first axis carries the mass numbers; a nucleus recoils at any energy."""
    response = Nucleus(32, GERMANIUM.isotopes)
    assert response.shells == tuple(f"A={i.mass_number}" for i in GERMANIUM.isotopes)
    assert not response.edges.any()
    assert sum(i.abundance for i in GERMANIUM.isotopes) == pytest.approx(1, abs=1e-9)
    assert response.constituents["proton"] == 32
    assert response.constituents["neutron"].ravel().tolist() == [
        i.mass_number - 32 for i in GERMANIUM.isotopes
    ]


def test_isotopes_outside_the_kinematic_limits_have_no_weight():
    """At fixed limits of Q^2 = 2MT the lighter isotopes recoil and the heavier do not."""
    response = Nucleus(32, GERMANIUM.isotopes)
    middle = 2 * pure(73).mass * u.keV
    mass_numbers = np.array([i.mass_number for i in GERMANIUM.isotopes])
    transfer, zero, far = np.full(1, u.keV), np.zeros(1), np.full(1, u.GeV**2)
    upper, lower = (
        response.measure(transfer, q2_min=low, q2_max=high).weights["L"][:, 0, 0] > 0
        for low, high in ((np.full(1, middle), far), (zero, np.full(1, middle)))
    )
    np.testing.assert_array_equal(upper, mass_numbers >= 73)
    np.testing.assert_array_equal(lower, mass_numbers <= 73)
