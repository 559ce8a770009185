"""Every channel on a free electron and on a nucleus, against its published closed form.

Tolerance 1e-12 unless said otherwise: closed forms on both sides, about ten operations.
Where a photon pole is regulated, a neutrino mass of 1e-6 eV keeps its effect below that.
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.interactions.anapole import Anapole
from nuatom.interactions.dipole_moment import DipoleMoment
from nuatom.interactions.incoherent import combine
from nuatom.interactions.moment_matrix import MixedMoments
from nuatom.interactions.standard_model_radius import standard_model_charge_radius
from nuatom.interactions.terms import FLAVORS
from nuatom.interactions.transition_radius import TransitionChargeRadius
from nuatom.interactions.vector_mediator import UNIVERSAL, VectorCharges, VectorMediator
from nuatom.mixing import Baseline, EffectiveMoment, MomentMatrix, Solar, global_fit
from nuatom.responses import FreeElectrons, Nucleus
from nuatom.sources import Source
from nuatom.sources.flux import Continuum, Line
from nuatom.targets.elements import Isotope

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

EXACT = 1e-12
M = c.electron_mass
G = c.fermi_coupling
S2 = c.weak_mixing
ELECTRON = FreeElectrons(na.target("H"))
Z, N = 32, 41
M_A = 73 * c.atomic_mass
FORM = 0.8
NUCLEUS = Nucleus(Z, (Isotope(Z + N, 1.0, M_A),), lambda q2, a: FORM + 0 * q2)
LIGHT = 1e-6 * u.eV


def sigma(T, E, interaction, response=ELECTRON, flavor="anti_nu_e"):
    return na.differential_cross_section(
        T, E, interaction=interaction, response=response, flavor=flavor
    )


def points(mass):
    """Neutrino energies and transfers up to 0.99 of the kinematic end."""
    E = np.geomspace(20 * u.keV, 20 * u.MeV, 12)[:, None]
    end = 2 * E**2 / (mass + 2 * E)
    T = end * np.array([1e-3, 0.1, 0.5, 0.9, 0.99])
    return T, np.broadcast_to(E, T.shape)


TE, EE = points(M)
TN, EN = points(M_A)


def textbook_weak(T, E, flavor, shift=0.0):
    """'t Hooft (1971) with g_V shifted: g_L and g_R shift by half of it each."""
    left = (0.5 if flavor.endswith("nu_e") else -0.5) + S2 + shift / 2
    right = S2 + shift / 2
    if flavor.startswith("anti"):
        left, right = right, left
    bracket = left**2 + right**2 * (1 - T / E) ** 2 - left * right * M * T / E**2
    return 2 * G**2 * M / np.pi * bracket


def close(actual, expected, rtol=EXACT):
    expected = np.broadcast_to(expected, np.shape(actual))
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=rtol * abs(expected).max())


# --- dipole moments ---------------------------------------------------------------------


def test_electric_dipole_on_an_electron():
    """(pi alpha^2/m^2)(mu^2 + eps^2)(1/T - 1/E) for diagonal moments."""
    expected = np.pi * c.fine_structure**2 / M**2 * 25e-22 * (1 / TE - 1 / EE)
    close(sigma(TE, EE, DipoleMoment(4e-11, 3e-11)), expected)
    added = combine((DipoleMoment(4e-11), na.MagneticMoment(3e-11)))
    close(sigma(TE, EE, added), expected)


@pytest.mark.parametrize("channel", [na.MagneticMoment(1e-11), DipoleMoment(-1e-11)])
def test_dipole_on_a_nucleus(channel):
    """(pi alpha^2 mu^2/m^2) Z^2 F^2 (1/T - 1/E + T/(4E^2)): spin 0, Vogel and Engel (1989)."""
    strength = np.pi * c.fine_structure**2 * 1e-22 / M**2 * Z**2 * FORM**2
    close(sigma(TN, EN, channel, NUCLEUS), strength * (1 / TN - 1 / EN + TN / (4 * EN**2)))


# --- radii ------------------------------------------------------------------------------


@pytest.mark.parametrize("flavor", FLAVORS)
def test_anapole_interferes_as_a_radius(flavor):
    """g_V -> g_V + (sqrt2 pi alpha/G)(<r^2> - 6a)/3 on an electron, nu and antinu alike."""
    radius, a = -0.83e-32 * u.cm**2, 0.5e-32 * u.cm**2
    shift = np.sqrt(2) * np.pi * c.fine_structure / G * (radius - 6 * a) / 3
    both = na.Couplings((na.Weak(), na.ChargeRadius(radius), Anapole(a)))
    close(sigma(TE, EE, both, flavor=flavor), textbook_weak(TE, EE, flavor, shift), 1e-11)


def test_anapole_can_cancel_a_radius():
    """<r^2> = 6a leaves the weak interaction alone."""
    both = na.Couplings((na.Weak(), na.ChargeRadius(6e-33 * u.cm**2), Anapole(1e-33 * u.cm**2)))
    close(sigma(TE, EE, both), sigma(TE, EE, na.Weak()))


def spin_zero_weak(T, E, coupling):
    """G^2 M/pi c_V^2 F^2 (1 - T/E - MT/2E^2), with c_V = -Q_W/2 for the weak interaction."""
    return G**2 * M_A / np.pi * coupling**2 * FORM**2 * (1 - T / E - M_A * T / (2 * E**2))


WEAK_SUM = Z * (0.5 - 2 * S2) - N / 2


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize("radius", [-2e-32, 5e-32])
def test_charge_radius_on_a_nucleus(flavor, radius):
    """g_V^p -> g_V^p - (sqrt2 pi alpha/G) <r^2>/3: a negative radius lowers |Q_W|."""
    radius = radius * u.cm**2
    shift = -np.sqrt(2) * np.pi * c.fine_structure / G * radius / 3
    both = na.Couplings((na.Weak(), na.ChargeRadius(radius)))
    close(sigma(TN, EN, both, NUCLEUS, flavor), spin_zero_weak(TN, EN, WEAK_SUM + Z * shift))
    larger = sigma(TN, EN, both, NUCLEUS, flavor) > sigma(TN, EN, na.Weak(), NUCLEUS, flavor)
    assert np.all(larger == (radius > 0))


def test_the_other_form_of_the_shift_is_larger():
    """(2/3) M_W^2 s^2 <r^2>, as often written, is 11 % above sqrt2 pi alpha/(3G) <r^2>."""
    other = 2 / 3 * c.w_mass**2 * S2
    ours = np.sqrt(2) * np.pi * c.fine_structure / (3 * G)
    assert other / ours == pytest.approx(1.11, abs=0.005)


def test_standard_model_radii_order_the_flavors_on_a_nucleus():
    """<r^2> is most negative for nu_e, which scatters least; 0.00826 Z/Q_W per amplitude."""
    rates = {
        flavor: sigma(
            TN,
            EN,
            na.Couplings((na.Weak(), na.ChargeRadius(standard_model_charge_radius(flavor)))),
            NUCLEUS,
            flavor,
        )
        for flavor in FLAVORS[:3]
    }
    assert np.all(rates["nu_e"] < rates["nu_mu"])
    assert np.all(rates["nu_mu"] < rates["nu_tau"])
    step = (np.sqrt(rates["nu_mu"]) - np.sqrt(rates["nu_e"])) / np.sqrt(rates["nu_mu"])
    base = abs(WEAK_SUM) - Z * 7.1387e30 * 0.48e-32 / 3
    np.testing.assert_allclose(step, 0.00826 * Z / base, rtol=2e-3)


@pytest.mark.parametrize("response", [ELECTRON, NUCLEUS], ids=["electron", "nucleus"])
def test_flavor_changing_radius_adds(response):
    """(4/9)-type term without interference: weak + (the radius alone), squared apart."""
    r = 3e-32 * u.cm**2
    T, E, mass = (TE, EE, M) if response is ELECTRON else (TN, EN, M_A)
    both = combine((na.Weak(), TransitionChargeRadius(r)))
    if response is ELECTRON:
        spin = 1 + (1 - T / E) ** 2 - mass * T / E**2
        alone = np.pi * c.fine_structure**2 * mass * r**2 / 9 * spin
    else:
        alone = spin_zero_weak(T, E, Z * np.sqrt(2) * np.pi * c.fine_structure / G * r / 3)
    close(sigma(T, E, both, response), sigma(T, E, na.Weak(), response) + alone)


# --- millicharge on the nucleus ---------------------------------------------------------


def test_millicharge_on_a_nucleus():
    """(2 pi alpha^2 Z^2 q^2 F^2/(M T^2)) (1 - T/E - MT/(2E^2))."""
    q = 1e-12
    strength = 2 * np.pi * c.fine_structure**2 * Z**2 * q**2 * FORM**2 / (M_A * TN**2)
    expected = strength * (1 - TN / EN - M_A * TN / (2 * EN**2))
    close(sigma(TN, EN, na.Millicharge(q, neutrino_mass=LIGHT), NUCLEUS), expected, 1e-11)


@pytest.mark.parametrize("q", [1e-12, -1e-12])
def test_millicharge_interferes_on_a_nucleus(q):
    """g_V^p -> g_V^p + sqrt2 pi alpha q/(G M T): the sign opposite to the electron's."""
    shift = np.sqrt(2) * np.pi * c.fine_structure * q / (G * M_A * TN)
    both = na.Couplings((na.Weak(), na.Millicharge(q, neutrino_mass=LIGHT)))
    close(sigma(TN, EN, both, NUCLEUS), spin_zero_weak(TN, EN, WEAK_SUM + Z * shift), 1e-11)


# --- vector mediator --------------------------------------------------------------------


def boson(g, mass, **charges):
    return VectorMediator(g, mass, neutrino_mass=LIGHT, **charges)


@pytest.mark.parametrize("response", [ELECTRON, NUCLEUS], ids=["electron", "nucleus"])
def test_massless_boson_is_a_millicharge(response):
    """M = 0, g = e, electric charges: the same cross section, interference included."""
    q = -2e-12
    electric = VectorCharges("electric", (q,) * 3, -1.0, 1.0, 0.0)
    T, E = (TE, EE) if response is ELECTRON else (TN, EN)
    g = np.sqrt(4 * np.pi * c.fine_structure)
    ours = sigma(T, E, combine((na.Weak(), boson(g, 0.0, charges=electric))), response)
    millicharge = na.Millicharge(q, neutrino_mass=LIGHT)
    np.testing.assert_allclose(
        ours, sigma(T, E, combine((na.Weak(), millicharge)), response), rtol=1e-13
    )


@pytest.mark.parametrize("mass", [1 * u.keV, 300 * u.keV, 50 * u.MeV])
def test_b_minus_l_alone_on_an_electron(mass):
    """g^4 m (2E^2 + T^2 - 2TE - mT)/(4 pi E^2 (M^2 + 2mT)^2) (Harnik, Kopp, Machado 2012)."""
    g = 1e-6
    spin = 2 * EE**2 + TE**2 - 2 * TE * EE - M * TE
    expected = g**4 * M * spin / (4 * np.pi * EE**2 * (mass**2 + 2 * M * TE) ** 2)
    close(sigma(TE, EE, boson(g, mass)), expected, 1e-11)


def bilmis(T, E, flavor):
    """The brackets of the interference in Bilmis et al. (2015), beta = the s^2 part."""
    beta = S2 * (8 * E**2 - 8 * E * T - 4 * M * T + 4 * T**2)
    return (
        beta
        + {
            "nu_e": 2 * E**2 - M * T,
            "anti_nu_e": 2 * E**2 + 2 * T**2 - T * (4 * E + M),
            "nu_mu": -2 * E**2 + M * T,
            "anti_nu_mu": -2 * E**2 - 2 * T**2 + T * (4 * E + M),
        }[flavor.replace("tau", "mu")]
    )


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize("mass", [1 * u.keV, 50 * u.MeV])
def test_b_minus_l_interference_on_an_electron(flavor, mass):
    """g^2 G m {...}/(2 sqrt2 pi E^2 (M^2 + 2mT)) for each flavour (Bilmis et al. 2015)."""
    g = 2e-6
    weak, alone = na.Weak(), boson(g, mass)
    both = sigma(TE, EE, combine((weak, alone)), flavor=flavor)
    parts = sigma(TE, EE, weak, flavor=flavor) + sigma(TE, EE, alone, flavor=flavor)
    prefactor = g**2 * G * M / (2 * np.sqrt(2) * np.pi * EE**2 * (mass**2 + 2 * M * TE))
    expected = prefactor * bilmis(TE, EE, flavor)
    # 1e-11 of the three terms, from which the interference is the difference
    np.testing.assert_allclose(both - parts, expected, rtol=1e-9, atol=1e-11 * float(both.max()))


def test_b_minus_l_signs_on_an_electron():
    """Constructive for nu_e and anti-nu_e, destructive for nu_mu, either for anti-nu_mu."""
    E, T = np.full(2, 200 * u.MeV), np.array([0.02, 0.6]) * 200 * u.MeV
    signs = {
        flavor: np.sign(
            sigma(T, E, combine((na.Weak(), boson(1e-7, u.keV))), flavor=flavor)
            - sigma(T, E, na.Weak(), flavor=flavor)
            - sigma(T, E, boson(1e-7, u.keV), flavor=flavor)
        ).tolist()
        for flavor in FLAVORS
    }
    assert signs["nu_e"] == signs["anti_nu_e"] == [1, 1]
    assert signs["nu_mu"] == signs["nu_tau"] == [-1, -1]
    assert signs["anti_nu_mu"] == signs["anti_nu_tau"] == [-1, 1]


@pytest.mark.parametrize(
    "charges", [VectorMediator(1.0, 1.0).charges, UNIVERSAL], ids=["B-L", "universal"]
)
def test_mediator_on_a_nucleus(charges):
    """CEvNS times [1 - (sqrt2/G)(3A g_nu g_q/Q_W)/(Q^2 + M^2)]^2 (Cerdeno et al. 2016)."""
    g, mass = 1e-5, 20 * u.MeV
    quark = charges.neutron / 3  # the same for u and d in both models
    weak_charge = N - (1 - 4 * S2) * Z
    factor = 1 - np.sqrt(2) / G * 3 * (Z + N) * g**2 * charges.neutrinos[0] * quark / (
        weak_charge * (2 * M_A * TN + mass**2)
    )
    both = combine((na.Weak(), boson(g, mass, charges=charges)))
    close(sigma(TN, EN, both, NUCLEUS), factor**2 * sigma(TN, EN, na.Weak(), NUCLEUS), 1e-11)
    assert np.all(factor > 1) if charges.name == "B-L" else np.all(factor < 1)


def test_heavy_mediator_is_a_nonstandard_interaction():
    """Z(g_V^p + 2 eps_u + eps_d) + N(g_V^n + eps_u + 2 eps_d) (Barranco et al. 2005).

    eps^V = g^2 Q_nu Q_q/(sqrt2 G M^2); Q^2/M^2 < 1e-9 is what the contact term leaves out.
    """
    g, mass = 0.3, 1 * u.GeV * 1e3
    eps = g**2 * (-1) * (1 / 3) / (np.sqrt(2) * G * mass**2)
    coupling = Z * (0.5 - 2 * S2 + 3 * eps) + N * (-0.5 + 3 * eps)
    both = combine((na.Weak(), boson(g, mass)))
    close(sigma(TN, EN, both, NUCLEUS), spin_zero_weak(TN, EN, coupling), 1e-8)
    # on electrons g_L and g_R shift by eps^L = eps^R = eps^V/2 each
    eps_e = g**2 / (np.sqrt(2) * G * mass**2)
    expected = textbook_weak(TE, EE, "nu_mu", eps_e)
    close(sigma(TE, EE, both, flavor="nu_mu"), expected, 1e-8)


# --- effective moments ------------------------------------------------------------------

FIT = global_fit()
MOMENTS = MomentMatrix(1e-11 * np.array([[1, 2, 0], [2, -1, 1j], [0, -1j, 3]]))


@pytest.mark.parametrize("flavor", FLAVORS)
def test_moment_matrix_in_a_cross_section(flavor):
    """(pi alpha^2 mu_eff^2(E)/m^2)(1/T - 1/E), flavour by flavour."""
    where = Baseline(FIT, 60 * u.km)
    squared = EffectiveMoment(MOMENTS, where, flavor)(EE)
    expected = np.pi * c.fine_structure**2 * squared / M**2 * (1 / TE - 1 / EE)
    close(sigma(TE, EE, MixedMoments(MOMENTS, where), flavor=flavor), expected)


def test_moment_matrix_in_a_rate_of_lines():
    """Each line of a source has its own effective moment."""
    T = np.array([1.0, 10.0]) * u.keV
    sun = Solar(FIT, 6e25 / u.cm**3)
    lines = (Line("nu_e", 0.862 * u.MeV, 2.0 * u.flux), Line("nu_e", 1.442 * u.MeV, 1.0 * u.flux))
    rate = na.differential_rate(
        T,
        source=Source("lines", lines),
        target="H",
        interaction=MixedMoments(MOMENTS, sun),
        response="free",
    )
    weight = EffectiveMoment(MOMENTS, sun, "nu_e")
    expected = sum(
        line.intensity
        * weight(np.array(line.energy))
        * np.pi
        * c.fine_structure**2
        / M**2
        * (1 / T - 1 / line.energy)
        for line in lines
    )
    close(rate, expected * na.target("H").atoms_per_mass)


def test_moment_matrix_in_a_rate_of_a_continuum():
    """A flat flux from 2 to 8 MeV at 1 km: Gauss-Legendre in E of the same integrand.

    1e-5: what the piecewise linear product of flux and weight promises.
    """
    T = np.array([1.0, 10.0]) * u.keV
    low, high = 2 * u.MeV, 8 * u.MeV
    density = 1.0 / (u.MeV * u.cm**2 * u.second)
    flat = Continuum.from_points("anti_nu_e", np.array([low, high]), np.full(2, density))
    where = Baseline(FIT, 1 * u.km)
    rate = na.differential_rate(
        T,
        source=Source("flat", (flat,)),
        target="H",
        interaction=MixedMoments(MOMENTS, where),
        response="free",
    )
    x, w = np.polynomial.legendre.leggauss(80)
    E = (low + high) / 2 + (high - low) / 2 * x
    squared = EffectiveMoment(MOMENTS, where, "anti_nu_e")(E)
    strength = np.pi * c.fine_structure**2 / M**2 * density * (high - low) / 2
    expected = [strength * np.sum(w * squared * (1 / t - 1 / E)) for t in T]
    close(rate, np.array(expected) * na.target("H").atoms_per_mass, 1e-5)
