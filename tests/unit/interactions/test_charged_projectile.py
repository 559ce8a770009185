"""Massive projectiles: kernels from traces, the free electron, slow dark matter."""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions.charged_projectile import (
    ChargedProjectile,
    MagneticProjectile,
    largest_transfer,
    total_energy,
)
from nuatom.responses import FreeElectrons, Nucleus
from nuatom.targets.elements import Isotope

ALPHA, M = c.fine_structure, c.electron_mass
ELECTRON = FreeElectrons(na.target("H"))
ONE = {"electron": np.ones(())}


def sigma(T, E, interaction, response=ELECTRON):
    return na.differential_cross_section(T, E, interaction=interaction, response=response)


# --- kernels from traces ----------------------------------------------------------------

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
GAMMA = np.zeros((4, 4, 4), dtype=complex)
GAMMA[0] = np.diag([1, 1, -1, -1])
GAMMA[1:, :2, 2:], GAMMA[1:, 2:, :2] = PAULI, -PAULI
METRIC = np.diag([1.0, -1, -1, -1])


def slash(p):
    return np.einsum("m,mn,nij->ij", p, METRIC, GAMMA)


def tensor(kind, E, mass, T, q2):
    """Half the spin sum of Gamma^mu Gamma^nu*, with q along z; Gamma = gamma or i sigma q."""
    q = np.array([T, 0, 0, np.sqrt(T**2 + q2)])
    along = (E * T + q2 / 2) / q[3]
    k = np.array([E, np.sqrt(E**2 - mass**2 - along**2), 0, along])
    k_final = k - q
    assert k_final @ METRIC @ k_final == pytest.approx(mass**2, rel=1e-9)
    vertex = GAMMA
    if kind == "magnetic":
        commutators = np.array([g @ slash(q) - slash(q) @ g for g in GAMMA])
        vertex = -commutators / 2  # i sigma^{mu nu} q_nu = -(1/2) [gamma^mu, q-slash]
    conjugate = np.array([GAMMA[0] @ v.conj().T @ GAMMA[0] for v in vertex])
    unit = np.eye(4)
    left, right = slash(k_final) + mass * unit, slash(k) + mass * unit
    return np.einsum("ij,mjk,kl,nli->mn", left, vertex, right, conjugate).real / 2


@pytest.mark.parametrize("kind", ["charge", "magnetic"])
@pytest.mark.parametrize("mass", [0.05, 1.0, 3.9])
def test_kernels_are_traces(kind, mass):
    """K_L = L^00/|q|^4 and K_T = (L^xx + L^yy)/(2 Q^4), times pi alpha^2/|k|^2.

    Energies in MeV; 1e-9 is the rounding of traces of six 4x4 matrices.
    """
    E, T, q2 = 5.0 * u.MeV, 0.7 * u.MeV, 2.0 * u.MeV**2
    mass *= u.MeV
    numbers = tensor(kind, E / u.MeV, mass / u.MeV, T / u.MeV, q2 / u.MeV**2)
    unit = u.MeV**2 if kind == "charge" else u.MeV**4
    coupling = 1.0
    projectile = ChargedProjectile(mass, -0.5)
    if kind == "magnetic":
        projectile, coupling = MagneticProjectile(mass, 0.5), 1 / (4 * M**2)
    strength = np.pi * ALPHA**2 / (E**2 - mass**2) * 0.25 * coupling * unit
    expected = {
        "L": strength * numbers[0, 0] / (T**2 + q2) ** 2,
        "T": strength * (numbers[1, 1] + numbers[2, 2]) / (2 * q2**2),
    }
    found = {"L": 0.0, "T": 0.0}
    energy = np.array([E])
    for term in projectile.terms(flavor="nu_e", constituents=ONE):
        value = term.coefficient(np.array(T), np.array(q2)) * E**-term.power
        found[term.response] += float(value * term.weight(energy)[0])
    for name in ("L", "T"):
        assert found[name] == pytest.approx(expected[name], rel=1e-9)


# --- free electron ----------------------------------------------------------------------


@pytest.mark.parametrize("mass", [M, c.muon_mass, c.proton_mass], ids=["e", "mu", "p"])
@pytest.mark.parametrize("beta_gamma", [0.1, 1.0, 3.0, 100.0])
def test_free_electron(mass, beta_gamma):
    """(2 pi alpha^2 z^2/(m beta^2 T^2)) (1 - beta^2 T/T_max + T^2/(2E^2)), to 1e-10."""
    E = float(total_energy(mass, beta_gamma))
    top = float(largest_transfer(mass, E))
    T = top * np.array([1e-4, 0.1, 0.5, 0.99])
    beta2 = beta_gamma**2 / (1 + beta_gamma**2)
    expected = 2 * np.pi * ALPHA**2 * 4 / (M * beta2 * T**2)
    expected *= 1 - beta2 * T / top + T**2 / (2 * E**2)
    np.testing.assert_allclose(sigma(T, E, ChargedProjectile(mass, 2.0)), expected, rtol=1e-10)


@pytest.mark.parametrize("beta_gamma", [0.3, 3.0, 300.0])
def test_nothing_beyond_the_largest_transfer(beta_gamma):
    """T_max = 2 m k^2/(M^2 + 2mE + m^2) is where the free electron ends."""
    E = float(total_energy(c.muon_mass, beta_gamma))
    top = float(largest_transfer(c.muon_mass, E))
    values = sigma(top * np.array([1 - 1e-6, 1 + 1e-6]), E, ChargedProjectile(c.muon_mass))
    assert values[0] > 0
    assert values[1] == 0


@pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
def test_light_projectiles_are_neutrinos():
    """M << everything: a millicharge, and a magnetic moment."""
    T = np.array([1.0, 30.0]) * u.keV
    E, mass = 1 * u.MeV, 1e-3 * u.eV
    for massive, massless in (
        (ChargedProjectile(mass, 1e-12), na.Millicharge(1e-12)),
        (MagneticProjectile(mass, 1e-11), na.MagneticMoment(1e-11)),
    ):
        np.testing.assert_allclose(sigma(T, E, massive), sigma(T, E, massless), rtol=1e-9)


# --- slow dark matter -------------------------------------------------------------------


def point_nucleus(mass):
    return Nucleus(32, (Isotope(72, 1.0, mass),), lambda q2, number: np.ones_like(q2))


@pytest.mark.parametrize(("gev", "speed"), [(1.0, 1e-3), (10.0, 1e-3), (100.0, 7e-4)])
def test_slow_charge_is_rutherford(gev, speed):
    """dsigma/dT = 2 pi alpha^2 z^2 Z^2/(M_N v^2 T^2) on a point nucleus.

    1e-5: corrections of order v^2, and of 1e-16/v^2 in double precision.
    """
    mass, nucleus = gev * u.GeV, 67 * u.GeV
    E = mass / np.sqrt(1 - speed**2)
    top = 2 * nucleus * (mass * speed) ** 2 / (mass + nucleus) ** 2
    T = top * np.array([0.001, 0.1, 0.5, 0.9])
    expected = 2 * np.pi * ALPHA**2 * 1e-12 * 32**2 / (nucleus * speed**2 * T**2)
    found = sigma(T, E, ChargedProjectile(mass, 1e-6), point_nucleus(nucleus))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize(("gev", "speed"), [(1.0, 1e-3), (10.0, 1e-3), (100.0, 7e-4)])
def test_slow_magnetic_moment(gev, speed):
    """(pi alpha^2 mu^2 Z^2/m^2) [1/T - (1/v^2)(1/M + 1/(2 M_N))]: Barger et al. (2011).

    Without the magnetic moment of the nucleus.  1e-5 as above; at 0.9 of the end the
    bracket has cancelled by a factor of up to 20.
    """
    mass, nucleus, moment = gev * u.GeV, 67 * u.GeV, 1e-7
    E = mass / np.sqrt(1 - speed**2)
    top = 2 * nucleus * (mass * speed) ** 2 / (mass + nucleus) ** 2
    T = top * np.array([0.001, 0.1, 0.5, 0.9])
    bracket = 1 / T - (1 / mass + 1 / (2 * nucleus)) / speed**2
    expected = np.pi * ALPHA**2 * moment**2 * 32**2 / M**2 * bracket
    found = sigma(T, E, MagneticProjectile(mass, moment), point_nucleus(nucleus))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_relativistic_magnetic_moment_on_a_nucleus():
    """(pi alpha^2 mu^2 Z^2/m^2) { 1/T - [E + M^2/(2 M_N) - T/4]/|k|^2 }."""
    mass, nucleus, E = 2 * u.MeV, 67 * u.GeV, 5 * u.MeV
    T = np.array([1e-3, 0.1, 0.5]) * u.keV
    bracket = 1 / T - (E + mass**2 / (2 * nucleus) - T / 4) / (E**2 - mass**2)
    expected = np.pi * ALPHA**2 * 1e-16 * 32**2 / M**2 * bracket
    found = sigma(T, E, MagneticProjectile(mass, 1e-8), point_nucleus(nucleus))
    np.testing.assert_allclose(found, expected, rtol=1e-9)


# --- kinematics and input ---------------------------------------------------------------


def test_kinematics_of_a_muon():
    """beta gamma = 3: gamma = sqrt(10), T_max = 2m 9/(1 + 2 gamma m/M + (m/M)^2)."""
    ratio = M / c.muon_mass
    E = float(total_energy(c.muon_mass, 3.0))
    assert E / c.muon_mass == pytest.approx(np.sqrt(10), rel=1e-12)
    expected = 18 * M / (1 + 2 * np.sqrt(10) * ratio + ratio**2)
    assert float(largest_transfer(c.muon_mass, E)) == pytest.approx(expected, rel=1e-12)


def test_a_projectile_at_rest_does_nothing():
    """E = M: the weight 1/beta^2 is not used, and the cross section is zero."""
    for projectile in (ChargedProjectile(c.muon_mass), MagneticProjectile(c.muon_mass, 1.0)):
        assert sigma(np.array([1 * u.keV]), c.muon_mass, projectile)[0] == 0
        assert projectile.neutrino_mass == c.muon_mass


def test_charge_and_moment_enter_squared():
    """A sign of the charge, or none of it."""
    T, E = np.array([1 * u.keV]), 1 * u.GeV
    plus, minus, none = (sigma(T, E, ChargedProjectile(c.muon_mass, z)) for z in (2.0, -2.0, 0.0))
    np.testing.assert_array_equal(plus, minus)
    assert none[0] == 0
    assert sigma(T, E, MagneticProjectile(c.muon_mass, 0.0))[0] == 0


@pytest.mark.parametrize("mass", [0.0, -1.0, np.nan, np.inf])
def test_mass_is_positive(mass):
    """A massless neutrino is another object."""
    for build in (ChargedProjectile, MagneticProjectile):
        with pytest.raises(InvalidInput, match="mass of the projectile"):
            build(mass, 1.0)


def test_couplings_are_numbers():
    """A charge has either sign, a moment has none."""
    with pytest.raises(InvalidInput, match="charge of the projectile"):
        ChargedProjectile(M, np.nan)
    with pytest.raises(InvalidInput, match="magnetic moment"):
        MagneticProjectile(M, -1e-8)


def test_flavours_are_checked():
    """The flavour has no effect, but a wrong name is a mistake."""
    for projectile in (ChargedProjectile(M), MagneticProjectile(M, 1.0)):
        with pytest.raises(InvalidInput, match="flavor"):
            projectile.terms(flavor="muon", constituents=ONE)
