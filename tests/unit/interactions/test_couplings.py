"""The terms of each channel add up to the formula, power by power.

The right-hand sides are written out as polynomials of the neutrino energy; the terms are
evaluated at several energies, so that a coefficient of any power of 1/E counts.
"""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import ChargeRadius, Couplings, MagneticMoment, Millicharge, Weak
from nuatom.interactions.terms import FLAVORS, RESPONSE_NAMES
from nuatom.interactions.weak import weak_couplings

# About twenty operations; differences such as 4EE' - Q^2 are kept away from zero.
ROUNDING = 1e-12

T = np.array([0.1, 1.0, 30.0])[:, None] * u.keV
Q2 = np.array([1e-3, 1.0, 300.0, 4e4]) * u.keV**2
ENERGIES = np.array([200.0, 1000.0, 8000.0]) * u.keV
ELECTRON = {"electron": np.ones(())}
NUCLEUS = {"proton": np.array(32.0), "neutron": np.array(41.0)}


def kernel(interaction, response, E, flavor="nu_e", constituents=ELECTRON):
    """Sum of E^-k c(T, Q^2) over the terms of one response."""
    terms = interaction.terms(flavor=flavor, constituents=constituents)
    values = [E**-t.power * t.coefficient(T, Q2) for t in terms if t.response == response]
    return np.broadcast_to(sum(values), (T + Q2).shape)


def agree(actual, expected):
    expected = np.broadcast_to(expected, np.shape(actual))
    np.testing.assert_allclose(actual, expected, rtol=ROUNDING, atol=1e-13 * abs(expected).max())


QQ = T**2 + Q2


@pytest.mark.parametrize("E", ENERGIES)
@pytest.mark.parametrize(("constituents", "charge"), [(ELECTRON, -1.0), (NUCLEUS, 32.0)])
def test_magnetic_moment(E, constituents, charge):
    """K_L and K_T of a magnetic moment, on an electron and with Z^2 on a nucleus."""
    mu = 3e-11
    strength = np.pi * c.fine_structure**2 / E**2 * mu**2 / (4 * c.electron_mass**2) * charge**2
    moment = MagneticMoment(mu)
    expected = strength * Q2 * (2 * E - T) ** 2 / QQ**2
    agree(kernel(moment, "L", E, constituents=constituents), expected)
    expected = strength * (4 * E * (E - T) - Q2) / (2 * QQ)
    agree(kernel(moment, "T", E, constituents=constituents), expected)


def test_magnetic_moment_is_blind_to_the_flavor():
    """The six flavours have the same terms, in the vector responses only."""
    reference = [kernel(MagneticMoment(1.0), name, ENERGIES[0]) for name in ("L", "T")]
    for flavor in FLAVORS:
        terms = MagneticMoment(1.0).terms(flavor=flavor, constituents=ELECTRON)
        assert {t.response for t in terms} == {"L", "T"}
        for name, expected in zip(("L", "T"), reference, strict=True):
            agree(kernel(MagneticMoment(1.0), name, ENERGIES[0], flavor), expected)


def test_equation_10_as_printed():
    """On the equivalent photon: mu^2 (alpha/pi) (E/m)^2 sigma_gamma/T, with E, not E'."""
    (term,) = MagneticMoment(2e-11).terms(
        flavor="nu_e", constituents={"equivalent_photon": np.ones(())}
    )
    E = ENERGIES[1]
    expected = 4e-22 * c.fine_structure / np.pi * (E / c.electron_mass) ** 2 / T
    agree(E**-term.power * term.coefficient(T, Q2), expected + 0 * Q2)


def test_a_weight_reaches_every_term():
    """A moment that depends on the energy is a weight on each of its terms."""

    def weight(E):
        return E**0.5

    terms = MagneticMoment(1e-11, weight).terms(flavor="nu_e", constituents=ELECTRON)
    assert all(term.weight is weight for term in terms)


@pytest.mark.parametrize("bad", [-1e-11, np.nan, np.inf, "large", None])
def test_magnetic_moment_is_a_number_from_zero_up(bad):
    """|mu| enters squared: a negative one is a mistake, as is no number."""
    with pytest.raises(InvalidInput, match=r"^magnetic moment: "):
        MagneticMoment(bad)


def test_no_moment_no_scattering():
    """mu = 0 is allowed and gives zero."""
    assert np.all(kernel(MagneticMoment(0.0), "L", ENERGIES[0]) == 0)


# --- amplitudes -------------------------------------------------------------------------


@pytest.mark.parametrize("E", ENERGIES)
@pytest.mark.parametrize("flavor", FLAVORS)
def test_seven_kernels_of_the_weak_interaction(E, flavor):
    """The weak cross section, response by response, for neutrinos and antineutrinos."""
    g_v, g_a = weak_couplings(flavor, "electron")
    sign = -1 if flavor.startswith("anti") else 1
    strength = c.fermi_coupling**2 / (8 * np.pi * E**2)
    cone = 4 * E * (E - T) - Q2
    q = np.sqrt(QQ)
    spin = cone * Q2 / (2 * QQ) + Q2
    expected = {
        "L": g_v**2 * cone * Q2**2 / QQ**2,
        "T": g_v**2 * spin,
        "A00": g_a**2 * cone,
        "A03": g_a**2 * cone * (-2 * T / q),
        "A33": g_a**2 * cone * T**2 / QQ,
        "AT": g_a**2 * spin,
        "VA": sign * g_v * g_a * Q2 * (2 * E - T) / q,
    }
    assert set(expected) == set(RESPONSE_NAMES)
    for name, value in expected.items():
        agree(kernel(Couplings((Weak(),)), name, E, flavor), strength * value)


@pytest.mark.parametrize("E", ENERGIES)
@pytest.mark.parametrize(
    ("constituents", "charge"), [(ELECTRON, -1.0), (NUCLEUS, 32.0)], ids=["electron", "nucleus"]
)
@pytest.mark.parametrize("light", [True, False], ids=["light", "heavy"])
def test_vector_form_factor(E, constituents, charge, light):
    """A millicharge with a charge radius: F_1^2 K_L and K_T of photon exchange.

    K_T has -2 m_nu^2/Q^4 where a neutrino mass regulates the pole.
    """
    charge_nu, radius = 1e-12, 3e-32 * u.cm**2
    mass = (1e-4 if light else 5.0) * u.keV
    channel = Couplings((Millicharge(charge_nu, neutrino_mass=mass), ChargeRadius(radius)))
    form_factor = charge_nu - Q2 * radius / 6
    prefactor = np.pi * c.fine_structure**2 / E**2 * charge**2 * form_factor**2
    cone = 4 * E * (E - T) - Q2
    agree(kernel(channel, "L", E, constituents=constituents), prefactor * cone / QQ**2)
    transverse = cone / (2 * QQ * Q2) + 1 / Q2 - 2 * mass**2 / Q2**2
    agree(kernel(channel, "T", E, constituents=constituents), prefactor * transverse)


def test_photon_exchange_has_no_axial_part():
    """A millicharge and a charge radius need R_L and R_T only."""
    for amplitude in (Millicharge(1e-12), ChargeRadius(1e-32 * u.cm**2)):
        terms = Couplings((amplitude,)).terms(flavor="nu_e", constituents=ELECTRON)
        assert {term.response for term in terms} == {"L", "T"}
        axial = amplitude.axial(T, Q2, flavor="nu_e", constituent="electron")
        assert np.all(axial == 0)


def test_amplitudes_interfere():
    """The sum of amplitudes is squared: twice the same amplitude gives four times the rate."""
    once, twice = Couplings((Weak(),)), Couplings((Weak(), Weak()))
    for name in RESPONSE_NAMES:
        agree(kernel(twice, name, ENERGIES[0]), 4 * kernel(once, name, ENERGIES[0]))


def test_opposite_amplitudes_cancel():
    """A millicharge and its opposite leave nothing."""
    channel = Couplings((Millicharge(1e-12), Millicharge(-1e-12)))
    assert np.all(kernel(channel, "L", ENERGIES[0]) == 0)


def test_the_neutron_feels_no_photon():
    """Photon exchange has the charge of the constituent: 0, and opposite for e and p."""
    for amplitude in (Millicharge(1e-12), ChargeRadius(1e-32 * u.cm**2)):
        electron, proton, neutron = (
            amplitude.vector(T, Q2, flavor="nu_mu", constituent=name)
            for name in ("electron", "proton", "neutron")
        )
        assert np.all(neutron == 0)
        agree(proton, -electron)
        assert np.all(np.sign(electron) == (-1 if isinstance(amplitude, Millicharge) else 1))


def test_neutrino_mass_of_a_sum_is_the_largest():
    """Only photon poles bring a mass; the largest one sets the kinematics."""
    light, heavy = (Millicharge(1e-12, neutrino_mass=m * u.eV) for m in (0.1, 2.0))
    assert Couplings((Weak(),)).neutrino_mass == 0
    assert Couplings((Weak(), light, heavy)).neutrino_mass == heavy.neutrino_mass


def test_couplings_need_an_amplitude():
    """A sum of nothing is a mistake."""
    with pytest.raises(InvalidInput, match="at least one"):
        Couplings(())


@pytest.mark.parametrize("bad", [np.nan, np.inf, "x"])
def test_amplitudes_are_finite_numbers(bad):
    """A coupling that is no number is refused where it is given."""
    for build in (Millicharge, ChargeRadius):
        with pytest.raises(InvalidInput):
            build(bad)


@pytest.mark.parametrize("mass", [0.0, -1.0, np.nan])
def test_millicharge_needs_a_neutrino_mass(mass):
    """Without a mass the photon pole is not integrable."""
    with pytest.raises(InvalidInput, match="neutrino mass"):
        Millicharge(1e-12, neutrino_mass=mass)


@pytest.mark.parametrize("interaction", [MagneticMoment(1e-11), Couplings((Weak(),))])
def test_unknown_flavors_are_refused(interaction):
    """Every channel checks the flavour."""
    with pytest.raises(InvalidInput, match="flavor"):
        interaction.terms(flavor="nu_x", constituents=ELECTRON)
