"""Effective moments at a distance, averaged, and from the Sun."""

import dataclasses

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.mixing import (
    Baseline,
    Decohered,
    EffectiveMoment,
    MixingParameters,
    MomentMatrix,
    Solar,
    decohered_moment_squared,
    effective_moment_squared,
    global_fit,
    pmns,
    solar_mass_probabilities,
    vacuum_mass_probabilities,
)

FIT = dataclasses.replace(global_fit(), majorana_phase_21=0.9, majorana_phase_31=-0.4)
FLAVORS = ("nu_e", "nu_mu", "nu_tau")
BOTH = FLAVORS + tuple(f"anti_{f}" for f in FLAVORS)
ENERGY = np.array([0.3, 2.0, 8.0, 900.0])[:, None] * u.MeV
DISTANCE = np.array([0.0, 0.03, 1.0, 295.0]) * u.km
# Sums of nine products; the phases are below 1e3, so that their rounding is below 1e-12.
ROUNDING = 1e-11


def hermitian(seed):
    a = np.random.default_rng(seed).normal(size=(3, 3, 2)) @ [1, 1j]
    return a + a.conj().T


DIRAC = MomentMatrix(hermitian(1), hermitian(2))
E_MU_TAU = np.array([[0, 1 + 2j, 3j], [-1 - 2j, 0, 0.5], [-3j, -0.5, 0]])
MAJORANA = MomentMatrix.majorana_from_flavor_basis(E_MU_TAU, FIT)


def coherent(moments, flavor, energy=ENERGY, distance=DISTANCE, mixing=FIT):
    return effective_moment_squared(
        moments, mixing, flavor=flavor, energy=energy, distance=distance
    )


@pytest.mark.parametrize("flavor", BOTH)
def test_the_formula_term_by_term(flavor):
    """sum_j |sum_k U*_ak e^{-+ i m_k^2 L/2E} (mu - i eps)_jk|^2, loops written out."""
    E, L = 3 * u.MeV, 1.7 * u.km
    U = pmns(FIT)[BOTH.index(flavor) % 3]
    masses = [0.0, FIT.mass_splitting_21, FIT.mass_splitting_31]
    sign = 1j if flavor.startswith("anti") else -1j
    expected = 0.0
    for j in range(3):
        amplitude = sum(
            np.conj(U[k])
            * np.exp(sign * masses[k] * L / (2 * E))
            * (DIRAC.magnetic[j, k] - 1j * DIRAC.electric[j, k])
            for k in range(3)
        )
        expected += abs(amplitude) ** 2
    assert float(coherent(DIRAC, flavor, E, L)) == pytest.approx(expected, rel=ROUNDING)


def test_phase_in_laboratory_units():
    """1.26693 Dm^2[eV^2] L[km]/E[GeV] is half the phase between two states (PDG)."""
    two = MixingParameters(np.pi / 4, 0.0, 0.0, 0.0, 2.5e-3 * u.eV**2, 1.0 * u.eV**2)
    # to state 1 with (1 + e^{-i phi})/sqrt2, to state 2 with 1/sqrt2
    moments = MomentMatrix([[1, 1, 0], [1, 0, 0], [0, 0, 0]])
    E, L = 0.6 * u.GeV, 295 * u.km
    half = 1.26693 * 2.5e-3 * 295 / 0.6
    expected = 2 * np.cos(half) ** 2 + 0.5
    assert float(coherent(moments, "nu_e", E, L, two)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("flavor", BOTH)
def test_universal_moment(flavor):
    """A Dirac moment mu times the unit matrix gives mu for every flavour, E and L."""
    values = coherent(MomentMatrix(3e-11 * np.eye(3)), flavor)
    assert values.shape == (4, 4)
    np.testing.assert_allclose(values, 9e-22, rtol=ROUNDING)


@pytest.mark.parametrize("moments", [DIRAC, MAJORANA], ids=["Dirac", "Majorana"])
@pytest.mark.parametrize("prefix", ["", "anti_"])
def test_the_sum_over_flavors_is_a_trace(moments, prefix):
    """sum_a mu_eff^2(a) = Tr(lambda^dagger lambda) at every E and L."""
    total = sum(coherent(moments, prefix + flavor) for flavor in FLAVORS)
    trace = np.trace(moments.left_handed.conj().T @ moments.left_handed).real
    np.testing.assert_allclose(total, trace, rtol=ROUNDING)


@pytest.mark.parametrize("flavor", BOTH)
def test_short_baseline_is_a_column_of_the_flavor_matrix(flavor):
    """At L = 0, mu_eff^2 = sum_b |lambda_ba|^2 in the flavour basis, whatever U is."""
    column = BOTH.index(flavor) % 3
    mu, eps = hermitian(3), hermitian(4)
    moments = MomentMatrix.from_flavor_basis(mu, eps, FIT)
    expected = np.sum(np.abs(mu - 1j * eps)[:, column] ** 2)
    assert float(coherent(moments, flavor, u.MeV, 0.0)) == pytest.approx(expected, rel=ROUNDING)
    expected = np.sum(np.abs(E_MU_TAU)[:, column] ** 2)
    assert float(coherent(MAJORANA, flavor, u.MeV, 0.0)) == pytest.approx(expected, rel=ROUNDING)


def test_majorana_electron_neutrino_at_a_reactor():
    """mu_eff^2 = |lambda_e mu|^2 + |lambda_e tau|^2 (Grimus and Schwetz 2000)."""
    value = float(coherent(MAJORANA, "anti_nu_e", 3 * u.MeV, 0.0))
    assert value == pytest.approx(5 + 9, rel=ROUNDING)


@pytest.mark.parametrize("flavor", FLAVORS)
def test_cp_conjugation(flavor):
    """An antineutrino is a neutrino with conjugated U and moments; equal if both are real."""
    conjugate = MomentMatrix(np.conj(DIRAC.magnetic), -np.conj(DIRAC.electric))
    mirrored = dataclasses.replace(
        FIT, delta=-FIT.delta, majorana_phase_21=-0.9, majorana_phase_31=0.4
    )
    antineutrino = coherent(DIRAC, f"anti_{flavor}")
    np.testing.assert_allclose(
        antineutrino, coherent(conjugate, flavor, mixing=mirrored), rtol=ROUNDING
    )
    assert np.any(abs(antineutrino / coherent(DIRAC, flavor) - 1) > 0.01)
    real = dataclasses.replace(FIT, delta=0.0, majorana_phase_21=0.0, majorana_phase_31=0.0)
    symmetric = MomentMatrix(DIRAC.magnetic.real)
    np.testing.assert_allclose(
        coherent(symmetric, f"anti_{flavor}", mixing=real),
        coherent(symmetric, flavor, mixing=real),
        rtol=ROUNDING,
    )


@pytest.mark.parametrize("moments", [DIRAC, MAJORANA], ids=["Dirac", "Majorana"])
@pytest.mark.parametrize("flavor", ["nu_e", "anti_nu_mu"])
def test_average_over_many_periods_is_the_decohered_value(moments, flavor):
    """Uniform in L/E over common periods of commensurate splittings: phases average to 0."""
    splitting = FIT.mass_splitting_21
    toy = dataclasses.replace(FIT, mass_splitting_31=5 * splitting)
    energy = 3 * u.MeV
    period = 4 * np.pi * energy / splitting
    distance = period * (3 + np.arange(64) / 64)
    average = coherent(moments, flavor, energy, distance, toy).mean()
    expected = decohered_moment_squared(moments, vacuum_mass_probabilities(toy, flavor))
    assert average == pytest.approx(float(expected), rel=ROUNDING)


def test_average_over_a_spectrum_at_a_large_distance():
    """1 % of energy at 1e6 km smears 1e4 periods: within 2 % (random phases, 4000 points)."""
    energy = np.linspace(2.0, 4.0, 4001) * u.MeV
    average = coherent(DIRAC, "nu_e", energy, 1.234567e6 * u.km).mean()
    expected = decohered_moment_squared(DIRAC, vacuum_mass_probabilities(FIT, "nu_e"))
    assert average == pytest.approx(float(expected), rel=0.02)


# --- the Sun ----------------------------------------------------------------------------

CORE = 6e25 / u.cm**3


def test_low_energy_solar_neutrinos_oscillate_in_vacuum():
    """b -> 0: P_ek = |U_ek|^2."""
    shares = solar_mass_probabilities(FIT, [0.0, 1e-9 * u.eV], electron_density=CORE)
    np.testing.assert_allclose(
        shares, np.tile(vacuum_mass_probabilities(FIT, "nu_e"), (2, 1)), rtol=1e-10
    )


def test_high_energy_solar_neutrinos_arrive_in_the_second_state():
    """b -> infinity: P_e2 -> c13^2, P_e1 -> 0."""
    shares = solar_mass_probabilities(FIT, 1e12 * u.GeV, electron_density=CORE)
    c13 = np.cos(FIT.theta13) ** 2
    np.testing.assert_allclose(shares, [0.0, c13, 1 - c13], atol=1e-12)


def test_resonance():
    """At b = cos 2th12 the matter angle is 45 degrees: P_e1 = P_e2 = c13^2/2."""
    c13 = np.cos(FIT.theta13) ** 2
    potential = np.sqrt(2) * c.fermi_coupling * CORE
    energy = FIT.mass_splitting_21 * np.cos(2 * FIT.theta12) / (2 * potential * c13)
    shares = solar_mass_probabilities(FIT, energy, electron_density=CORE)
    np.testing.assert_allclose(shares[:2], c13 / 2, rtol=1e-12)


def test_survival_of_solar_electron_neutrinos():
    """P_ee = c13^4 (1 + cos 2th12 cos 2th_m)/2 + s13^4, with tan 2th_m (Parke 1986)."""
    energy = np.array([0.3, 1.0, 4.0, 12.0]) * u.MeV
    c13, double = np.cos(FIT.theta13) ** 2, 2 * FIT.theta12
    b = 2 * np.sqrt(2) * c.fermi_coupling * c13 * CORE * energy / FIT.mass_splitting_21
    in_matter = np.arctan2(np.sin(double), np.cos(double) - b)
    expected = c13**2 * (1 + np.cos(double) * np.cos(in_matter)) / 2 + (1 - c13) ** 2
    shares = solar_mass_probabilities(FIT, energy, electron_density=CORE)
    survival = shares @ vacuum_mass_probabilities(FIT, "nu_e")
    np.testing.assert_allclose(survival, expected, rtol=1e-12)


@pytest.mark.parametrize("energy_mev", [0.3, 1.0, 3.0, 10.0])
def test_solar_shares_against_the_full_hamiltonian(energy_mev):
    """Shares of nu_e among the eigenstates of U Dm^2 U^dagger/2E + V at the production point.

    The third state is not quite out of the way: 2 s13^2 (2EV/Dm31^2) is left over.
    """
    E, V = energy_mev * u.MeV, np.sqrt(2) * c.fermi_coupling * CORE
    U = pmns(FIT)
    masses = np.diag([0.0, FIT.mass_splitting_21, FIT.mass_splitting_31])
    hamiltonian = U @ masses @ U.conj().T / (2 * E) + np.diag([V, 0.0, 0.0])
    _, states = np.linalg.eigh(hamiltonian / V)
    shares = solar_mass_probabilities(FIT, E, electron_density=CORE)
    left_over = 2 * np.sin(FIT.theta13) ** 2 * 2 * E * V / FIT.mass_splitting_31
    np.testing.assert_allclose(shares, abs(states[0]) ** 2, atol=1.2 * left_over)
    assert left_over < 4e-3


def test_solar_moment_in_the_flavor_basis():
    """P mu_e^2 + (1-P)(c23^2 mu_mu^2 + s23^2 mu_tau^2) at th13 = 0 (Borexino, arXiv:1707.09355)."""
    mixing = dataclasses.replace(FIT, theta13=0.0)
    diagonal = np.diag([1.0, 2.0, 5.0])
    moments = MomentMatrix.from_flavor_basis(diagonal, np.zeros((3, 3)), mixing)
    energy = np.array([0.3, 1.0, 8.0]) * u.MeV
    shares = solar_mass_probabilities(mixing, energy, electron_density=CORE)
    P = shares @ vacuum_mass_probabilities(mixing, "nu_e")
    s23 = np.sin(mixing.theta23) ** 2
    expected = P + (1 - P) * ((1 - s23) * 4 + s23 * 25)
    np.testing.assert_allclose(decohered_moment_squared(moments, shares), expected, rtol=1e-12)


def test_solar_moment_in_the_mass_basis():
    """P_e1 mu_11^2 + P_e2 mu_22^2 + P_e3 mu_33^2 for diagonal Dirac moments."""
    shares = np.array([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]])
    values = decohered_moment_squared(MomentMatrix(np.diag([1.0, 2.0, 3.0])), shares)
    np.testing.assert_allclose(values, [0.2 + 2.8 + 0.9, 0.5 + 1.2 + 1.8], rtol=1e-14)


# --- weights ----------------------------------------------------------------------------


def test_weights_are_the_functions():
    """Each propagation gives the function of the same name, over any shape of energies."""
    E = ENERGY[:, 0]
    weight = EffectiveMoment(DIRAC, Baseline(FIT, 295 * u.km), "nu_mu")
    np.testing.assert_array_equal(weight(E), coherent(DIRAC, "nu_mu", E, 295 * u.km))
    weight = EffectiveMoment(DIRAC, Decohered(FIT), "anti_nu_e")
    shares = vacuum_mass_probabilities(FIT, "nu_e")
    np.testing.assert_array_equal(weight(E), np.full(4, decohered_moment_squared(DIRAC, shares)))
    weight = EffectiveMoment(DIRAC, Solar(FIT, CORE), "nu_e")
    shares = solar_mass_probabilities(FIT, E, electron_density=CORE)
    np.testing.assert_array_equal(weight(E), decohered_moment_squared(DIRAC, shares))
    assert weight(E[0]).shape == ()


def test_short_baseline_weight_is_constant():
    """At L = 0 the weight is the flavour column at any energy, zero included."""
    weight = EffectiveMoment(MAJORANA, Baseline(FIT, 0.0), "anti_nu_e")
    np.testing.assert_allclose(weight(np.array([0.0, u.MeV])), 14.0, rtol=ROUNDING)


def test_equal_weights_are_equal_keys():
    """A flux keeps the moments of a weight: the same physics must find them again."""
    one, two = (EffectiveMoment(DIRAC, Baseline(FIT, 1.0), "nu_e") for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)


# --- refusals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("energy", "distance"), [(0.0, 1.0), (-1.0, 1.0), (np.nan, 1.0), (1.0, -1.0), (1.0, np.inf)]
)
def test_energies_are_positive_and_distances_not_negative(energy, distance):
    """A phase needs E > 0 and L >= 0."""
    with pytest.raises(InvalidInput):
        coherent(DIRAC, "nu_e", energy, distance)


def test_a_negative_baseline_is_refused():
    """The distance is checked where it is given."""
    with pytest.raises(InvalidInput, match="distance"):
        Baseline(FIT, -1.0)


@pytest.mark.parametrize(("energy", "density"), [(-1.0, 1.0), (1.0, -1.0), (np.inf, 1.0)])
def test_solar_arguments_are_not_negative(energy, density):
    """Neither energies nor densities are negative."""
    with pytest.raises(InvalidInput):
        solar_mass_probabilities(FIT, energy, electron_density=density)


def test_the_sun_makes_electron_neutrinos():
    """A flux of another flavour has been oscillated already: refused, not weighted twice."""
    weight = EffectiveMoment(DIRAC, Solar(FIT, CORE), "nu_mu")
    with pytest.raises(InvalidInput, match="at production"):
        weight(ENERGY)


def test_unknown_flavors_are_refused():
    """The six names only."""
    with pytest.raises(UnknownName):
        EffectiveMoment(DIRAC, Decohered(FIT), "nu_s")


@pytest.mark.parametrize("bad", [0.5, [0.5, 0.5], [[1.0], [2.0]]])
def test_there_are_three_probabilities(bad):
    """One share for each mass state."""
    with pytest.raises(InvalidInput, match="probabilities"):
        decohered_moment_squared(DIRAC, bad)
