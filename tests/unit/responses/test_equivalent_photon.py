"""Equivalent photons: closed forms, limits, and convergence of the quadrature.

The closed forms are those of a constant F_a integrated by hand over Q^2 up to 2mT.
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import UnsupportedResponse
from nuatom.responses import EquivalentPhoton, PaperEquivalentPhoton
from nuatom.sources import mono_energetic
from nuatom.targets import element, photoabsorption

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

GERMANIUM = element("Ge")
PHOTO = photoabsorption(GERMANIUM)
ALPHA, M = c.fine_structure, c.electron_mass
FULL = EquivalentPhoton(PHOTO)
TRANSVERSE = EquivalentPhoton(PHOTO, transverse_only=True)
CONSTANT = EquivalentPhoton(PHOTO, cut_off=False)
PAPER = PaperEquivalentPhoton(PHOTO)

T = np.geomspace(0.01, 100, 90) * u.keV
SIGMA = PHOTO.cross_section(T)
E = 1 * u.MeV
Q_MAX = 2 * M * T  # below 4 E E' for all of T
CLOSED = 1e-8  # 48, 6 and 20 nodes leave 3e-9, see the convergence tests below

MU = 1e-11
CHARGE, NU_MASS = 1e-12, 0.1 * u.eV
RADIUS = 1e-32 * u.cm**2


def sigma(interaction, response, T=T, E=E):
    return na.differential_cross_section(T, E, interaction=interaction, response=response)


def half_squares():
    """Return E^2 - ET + T^2/2."""
    return E**2 - E * T + T**2 / 2


def test_magnetic_moment_with_both_responses():
    """alpha mu^2 sigma E' Qm^2/(4 pi E m^2 T)."""
    expected = ALPHA * MU**2 * SIGMA * (E - T) * Q_MAX / (4 * np.pi * E * M**2 * T)
    np.testing.assert_allclose(sigma(na.MagneticMoment(MU), FULL), expected, rtol=CLOSED)


def test_magnetic_moment_with_the_transverse_response():
    """(alpha mu^2 T sigma/(16 pi E^2 m^2)) [(2E-T)^2 ln(1 + Qm^2/T^2) - Qm^2]."""
    bracket = (2 * E - T) ** 2 * np.log1p(Q_MAX / T**2) - Q_MAX
    expected = ALPHA * MU**2 * T * SIGMA / (16 * np.pi * E**2 * M**2) * bracket
    np.testing.assert_allclose(sigma(na.MagneticMoment(MU), TRANSVERSE), expected, rtol=CLOSED)


def test_charge_radius_with_both_responses():
    """(alpha <r^2>^2 sigma/(36 pi E^2 T)) [(E^2-ET+T^2/2) Qm^4/2 - Qm^6/12]."""
    bracket = half_squares() * Q_MAX**2 / 2 - Q_MAX**3 / 12
    expected = ALPHA * RADIUS**2 * SIGMA / (36 * np.pi * E**2 * T) * bracket
    np.testing.assert_allclose(sigma(na.ChargeRadius(RADIUS), FULL), expected, rtol=CLOSED)


def photon_pole():
    """Return Qn^2 and what -2 m_nu^2/Q^4 in K_T adds to the bracket: -(EE' - m_nu^2 T^2/Qm^2)."""
    q2_min = NU_MASS**2 * T**2 / (E * (E - T))
    return q2_min, -(E * (E - T) - NU_MASS**2 * T**2 / Q_MAX)


def test_millicharge_with_both_responses():
    """(alpha q^2 sigma/(pi E^2 T)) [(E^2-ET+T^2/2) ln(Qm^2/Qn^2) - (Qm^2-Qn^2)/4] + mass."""
    q2_min, mass_term = photon_pole()
    bracket = half_squares() * np.log(Q_MAX / q2_min) - (Q_MAX - q2_min) / 4 + mass_term
    expected = ALPHA * CHARGE**2 * SIGMA / (np.pi * E**2 * T) * bracket
    found = sigma(na.Millicharge(CHARGE, neutrino_mass=NU_MASS), FULL)
    np.testing.assert_allclose(found, expected, rtol=CLOSED)


def test_millicharge_with_the_transverse_response():
    """The same with - (E^2-ET+T^2/4) ln((Qm^2+T^2)/(Qn^2+T^2)) for the longitudinal part."""
    q2_min, mass_term = photon_pole()
    bracket = (
        half_squares() * np.log(Q_MAX / q2_min)
        - (E**2 - E * T + T**2 / 4) * np.log((Q_MAX + T**2) / (q2_min + T**2))
        + mass_term
    )
    expected = ALPHA * CHARGE**2 * SIGMA / (np.pi * E**2 * T) * bracket
    found = sigma(na.Millicharge(CHARGE, neutrino_mass=NU_MASS), TRANSVERSE)
    np.testing.assert_allclose(found, expected, rtol=CLOSED)


def test_millicharge_grows_with_the_logarithm_of_the_neutrino_mass():
    """A mass ten times smaller adds (2 alpha/pi) q^2 (sigma/T) ln 10: the leading logarithm."""
    heavy, light = (
        sigma(na.Millicharge(CHARGE, neutrino_mass=mass * u.eV), FULL) for mass in (1.0, 0.1)
    )
    expected = 2 * ALPHA / np.pi * CHARGE**2 * SIGMA / T * np.log(10)
    low = T < 1 * u.keV  # E^2 - ET + T^2/2 -> E^2 up to T/E = 1e-3
    np.testing.assert_allclose((light - heavy)[low], expected[low], rtol=1.1e-3)


def test_millicharge_at_the_photon_point_needs_no_longitudinal_photons():
    """At 10 eV the transverse photons of the pole make three quarters of the millicharge rate."""
    ratio = sigma(na.Millicharge(CHARGE), TRANSVERSE) / sigma(na.Millicharge(CHARGE), FULL)
    # the two differ by ln(1 + Qm^2/T^2) = 11.5 of the 48 in ln(Qm^2/Qn^2)
    assert 0.7 < ratio[0] < 0.8
    assert np.all(ratio < 1)


@pytest.mark.parametrize("neutrino_energy", [0.2, 1.0, 8.0], ids=lambda e: f"{e} MeV")
def test_constant_f_a_is_equation_10_with_the_final_energy(neutrino_energy):
    """F_a held constant to the kinematic end gives (E'/E)^2 times the literal Eq. (10)."""
    energy = neutrino_energy * u.MeV
    literal = sigma(na.MagneticMoment(MU), PAPER, E=energy)
    ratio = sigma(na.MagneticMoment(MU), CONSTANT, E=energy) / literal
    # the integrand is a polynomial in Q^2 below T^2, and a polynomial in |q|^2 times
    # d ln|q|^2 above, where 20 nodes are exact to rounding
    np.testing.assert_allclose(ratio, ((energy - T) / energy) ** 2, rtol=1e-10)


def test_paper_prints_equation_10():
    """mu^2 (alpha/pi) (E/m)^2 sigma_gamma/T."""
    expected = MU**2 * ALPHA / np.pi * (E / M) ** 2 * SIGMA / T
    np.testing.assert_allclose(sigma(na.MagneticMoment(MU), PAPER), expected, rtol=1e-12)


def test_the_cut_off_is_where_the_enhancement_goes():
    """Cutting Q^2 at 2mT instead of 4EE' divides the magnetic-moment rate by 2EE'/(mT)."""
    ratio = sigma(na.MagneticMoment(MU), CONSTANT) / sigma(na.MagneticMoment(MU), FULL)
    np.testing.assert_allclose(ratio, 2 * E * (E - T) / (M * T), rtol=CLOSED)
    assert ratio[0] > 1e5


def test_kinematic_end_below_the_cut_off():
    """Where 4EE' < 2mT the limit is the kinematic one, for both choices of cut-off."""
    transfer, energy = np.array([60.0, 80.0, 95.0]) * u.keV, 100 * u.keV
    assert np.all(4 * energy * (energy - transfer) < 2 * M * transfer)
    for interaction in (na.MagneticMoment(MU), na.Millicharge(CHARGE)):
        np.testing.assert_allclose(
            sigma(interaction, FULL, transfer, energy),
            sigma(interaction, CONSTANT, transfer, energy),
            rtol=1e-14,
        )


@pytest.mark.parametrize(
    ("response", "interaction"),
    [
        (FULL, na.MagneticMoment(MU)),
        (TRANSVERSE, na.MagneticMoment(MU)),
        (PAPER, na.MagneticMoment(MU)),
        (FULL, na.Millicharge(CHARGE)),
        (TRANSVERSE, na.Millicharge(CHARGE)),
    ],
)
def test_transfers_beyond_the_end_of_a_line_give_zero(response, interaction):
    """A 50 keV line leaves nothing at 50 keV and above, whatever regulates the pole."""
    transfer = np.array([1.0, 49.0, 50.0, 60.0, 90.0]) * u.keV
    source = mono_energetic(50 * u.keV, 1e13 * u.flux)
    mixed = na.differential_rate(
        transfer, source=source, target=GERMANIUM, interaction=interaction, response=response
    )
    assert np.all(mixed[:2] > 0)
    assert np.all(mixed[2:] == 0)
    beyond = na.differential_rate(
        transfer[2:], source=source, target=GERMANIUM, interaction=interaction, response=response
    )
    assert np.all(beyond == 0)


@pytest.mark.parametrize("shell", ["K", "L1", "L2", "L3"])
def test_subshells_open_exactly_at_their_edges(shell):
    """The shell axis is that of the photoabsorption source: nothing just below an edge."""
    index = FULL.shells.index(shell)
    transfer = FULL.edges[index] * np.array([1 - 1e-11, 1.0])
    limits = {"q2_min": np.zeros(2), "q2_max": np.full(2, u.MeV**2)}
    for weights in FULL.measure(transfer, **limits).weights.values():
        below, at = weights[index].sum(axis=1)
        assert below == 0
        assert at > 0.05 * weights[:, 1].sum()  # each takes a visible share at once


def test_weak_channel_is_refused_with_both_names():
    """No axial response: the error names the channel and the model."""
    for response in (FULL, PAPER):
        with pytest.raises(UnsupportedResponse, match=rf"Couplings needs.*'{response.name}'"):
            sigma(na.Weak(), response)


INTERACTIONS = {
    "moment": na.MagneticMoment(MU),
    "charge, 0.1 eV": na.Millicharge(CHARGE, neutrino_mass=0.1 * u.eV),
    "charge, 1e-4 eV": na.Millicharge(CHARGE, neutrino_mass=1e-4 * u.eV),
    "charge, 10 eV": na.Millicharge(CHARGE, neutrino_mass=10 * u.eV),
}
SOURCES = {
    # tolerance: 1e-5 where the integrand is smooth; 1e-4 where the flux jumps, because the
    # moments then have kinks between the nodes
    "line at 1 MeV": (lambda: mono_energetic(1 * u.MeV, 1e13 * u.flux), 1e-5),
    "line at 110 keV": (lambda: mono_energetic(110 * u.keV, 1e13 * u.flux), 1e-5),
    "reactor": (lambda: na.source("kuo-sheng"), 1e-4),
}


@pytest.mark.parametrize("transverse", [False, True], ids=["L and T", "T"])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("interaction", INTERACTIONS)
def test_quadrature_has_converged(interaction, source, transverse):
    """Two and four times the nodes move no rate between 10 eV and 100 keV."""
    build, tolerance = SOURCES[source]
    transfer = np.geomspace(0.01, 100, 60) * u.keV

    def rate(factor):
        response = EquivalentPhoton(PHOTO, transverse_only=transverse, nodes_factor=factor)
        return na.differential_rate(
            transfer,
            source=build(),
            target=GERMANIUM,
            interaction=INTERACTIONS[interaction],
            response=response,
        )

    finest = rate(4)
    assert np.all(finest > 0)
    for factor in (1, 2):
        np.testing.assert_allclose(rate(factor), finest, rtol=tolerance)
