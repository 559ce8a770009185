"""Impulse approximation: profiles, kinematics, sum rule, limits, convergence."""

import numpy as np
import pytest
import xraylib
from scipy.integrate import quad

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.responses.impulse import (
    MOMENTUM_UNIT,
    ImpulseApproximation,
    compton_profile,
    momentum_projection,
)
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.targets import element
from nuatom.targets.elements import SHELL_NAMES, SYMBOLS

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

M = c.electron_mass
MODEL = ImpulseApproximation(element("Ge"))
E = 1 * u.MeV
CHANNELS = {
    "magnetic-moment": na.MagneticMoment(1e-11),
    "weak": na.Weak(),
    "charge-radius": na.ChargeRadius(1e-32 * u.cm**2),
    "millicharge": na.Millicharge(1e-12),
}


def sigma(T, response, interaction=CHANNELS["magnetic-moment"]):
    return na.differential_cross_section(T, E, interaction=interaction, response=response)


def test_hydrogen_has_the_profile_of_1s():
    """J(p) = 8/(3 pi (1 + p^2)^3) in atomic units: the tables are per electron and in alpha m."""
    p = np.array([0, 0.1, 0.5, 1, 2, 4, 8])
    # three digits are tabulated, two beyond 10
    expected = 8 / (3 * np.pi * (1 + p**2) ** 3)
    np.testing.assert_allclose(compton_profile(1, "K")(p), expected, rtol=5e-3)
    np.testing.assert_allclose(compton_profile(1, "K")(-p), compton_profile(1, "K")(p))


@pytest.mark.parametrize(("number", "width"), [(1, 1.0), (54, 57.0)])
def test_tail_beyond_the_table_is_that_of_1s(number, width):
    """(p^2 + w^2)^-3 with w = 8/(3 pi J(0)): 1 for hydrogen, 57.0 for K of xenon."""
    tail = compton_profile(number, "K")
    expected = ((100**2 + width**2) / (300**2 + width**2)) ** 3
    # J(0) has three digits
    assert float(tail(300.0) / tail(100.0)) == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize(("symbol", "shell"), [("Ge", "K"), ("Ge", "M5"), ("Xe", "L1"), ("U", "K")])
def test_profiles_are_normalised(symbol, shell):
    """Int J dp = 1 over all momenta, the tail beyond the table included."""
    profile = compton_profile(element(symbol).atomic_number, shell)
    total = 2 * sum(
        quad(lambda p: float(profile(p)), a, b, epsabs=1e-10, limit=200)[0]
        for a, b in ((0, 2), (2, 20), (20, 100), (100, 600))
    )
    # the norm was taken by Gauss-Legendre between the tabulated points
    assert total == pytest.approx(1, abs=1e-8)


def test_tables_are_per_electron():
    """Before normalisation every table holds one electron to 2 %, K beyond Xe to 4 %."""
    for symbol in SYMBOLS:
        atom = element(symbol)
        for shell in atom.subshells:
            profile = compton_profile(atom.atomic_number, shell.name)
            # two digits beyond 10 alpha m; K of heavy atoms has up to 10 % beyond 100 alpha m
            accuracy = 0.04 if atom.atomic_number > 54 and shell.name == "K" else 0.02
            assert profile.tabulated_norm == pytest.approx(1, abs=accuracy), (symbol, shell.name)


def test_profiles_reproduce_the_table():
    """At a tabulated point the spline gives the tabulated value over the norm."""
    for shell in ("K", "L1", "M5", "N3"):
        profile = compton_profile(32, shell)
        for p in (0.0, 0.5, 4.0, 20.0, 100.0):
            value = xraylib.ComptonProfile_Partial(32, SHELL_NAMES.index(shell), p)
            assert float(profile(p)) * profile.tabulated_norm == pytest.approx(value, rel=1e-6)


def test_a_misprint_in_the_table_is_left_out():
    """Eu L2 rises to 4.61 at 30 alpha m, where Sm has 0.0045: J falls for every wave function."""
    p = np.array([20, 25, 30, 35, 40])
    europium, samarium = (compton_profile(z, "L2")(p) for z in (63, 62))
    assert np.all(np.diff(europium) < 0)
    # neighbouring elements; two digits are tabulated
    np.testing.assert_allclose(europium, samarium, rtol=0.15)


def test_an_empty_partner_takes_the_profile_of_the_same_orbital():
    """The tables fill L2 before L3; carbon's two 2p electrons share one profile."""
    assert compton_profile(6, "L3").shell == "L2"
    with pytest.raises(InvalidInput, match="no table"):
        compton_profile(6, "M1")


def test_projected_momentum():
    """p_z vanishes on the Bethe ridge, is positive below it, and satisfies energy conservation."""
    T = np.geomspace(0.1, 300, 9) * u.keV
    ridge = momentum_projection(T, 2 * M * T)
    assert np.all(np.abs(ridge) < 1e-12 * M)
    q2 = np.array([0.01, 0.5, 2, 50])[:, None] * 2 * M * T
    p = momentum_projection(T, q2)
    assert np.all(p[:2] > 0)
    assert np.all(p[2:] < 0)
    # (E_p + T)^2 = m^2 + (p + |q|)^2
    left = (np.sqrt(M**2 + p**2) + T) ** 2
    np.testing.assert_allclose(left, M**2 + (p + np.sqrt(T**2 + q2)) ** 2, rtol=1e-12)


def test_nodes_satisfy_the_impulse_formula():
    """R_L dQ^2 = N J(p_z) (dp_z/dT at fixed |q|) (2m+T)/(2(m+T)) dQ^2, by finite differences."""
    T = np.array([0.5, 5, 60]) * u.keV
    measure = MODEL.measure(T, q2_min=0 * T, q2_max=1e4 * M * T)
    q = np.sqrt(T[:, None] ** 2 + measure.q2[0])

    def at_fixed_q(energy):
        return momentum_projection(energy, q**2 - energy**2)

    step = 1e-5 * T[:, None]
    slope = (at_fixed_q(T[:, None] + step) - at_fixed_q(T[:, None] - step)) / (2 * step)
    p = momentum_projection(T[:, None], measure.q2[0])
    profile = compton_profile(32, "M1")(p / MOMENTUM_UNIT) / MOMENTUM_UNIT
    factor = (2 * M + T[:, None]) / (2 * (M + T[:, None]))
    # compare the part around the ridge, integrated by a trapezium in its own nodes
    near = np.abs(p / MOMENTUM_UNIT) < 5
    for i in range(T.size):
        order = np.argsort(measure.q2[0, i][near[i]])
        q2 = measure.q2[0, i][near[i]][order]
        density = (2 * profile * slope * factor)[i][near[i]][order]
        found = measure.weights["L"][4, i][near[i]][order]
        # half a node at each end and the trapezium: 1 %
        assert found.sum() == pytest.approx(np.trapezoid(density, q2), rel=0.02)


@pytest.mark.parametrize(("symbol", "accuracy"), [("He", 1e-4), ("Ge", 1.5e-3), ("Xe", 3e-3)])
def test_sum_rule(symbol, accuracy):
    """Int dQ^2 R_L = Z (T + 2m) above all edges, to the order <p^2>/m^2 of the K shell."""
    T = np.array([60, 100, 300]) * u.keV
    measure = ImpulseApproximation(element(symbol)).measure(T, q2_min=0 * T, q2_max=1e6 * M * T)
    total = measure.weights["L"].sum(axis=(0, 2))
    expected = element(symbol).atomic_number * (T + 2 * M)
    np.testing.assert_allclose(total, expected, rtol=accuracy)


@pytest.mark.parametrize("channel", ["magnetic-moment", "weak", "charge-radius"])
def test_tends_to_stepped_electrons(channel):
    """Far above the edges motion averages out: within 0.3 % of stepped from 0.02 to 200 keV."""
    T = np.geomspace(0.02, 200, 40) * u.keV
    interaction = CHANNELS[channel]
    ratio = sigma(T, MODEL, interaction) / sigma(T, na.response("stepped", "Ge"), interaction)
    np.testing.assert_allclose(ratio, 1, atol=3e-3)


def test_transverse_response_is_that_of_the_spin():
    """R_T/R_L = 2T/(2m + T) at every node."""
    T = np.array([1.0, 30.0]) * u.keV
    weights = MODEL.measure(T, q2_min=0 * T, q2_max=1e4 * M * T).weights
    expected = (2 * T / (2 * M + T))[None, :, None] * weights["L"]
    np.testing.assert_allclose(weights["T"], expected, rtol=1e-14)


def test_closed_shells_and_limits():
    """Nothing below an edge; every node has Q^2 within the limits; all seven are finite."""
    T = np.array([0.001, 1.0, 11.0, 11.2]) * u.keV
    low, high = 1e-6 * T**2, np.array([1, 2, 3, 4]) * M * T
    measure = MODEL.measure(T, q2_min=low, q2_max=high)
    total = measure.weights["L"].sum(axis=2)
    assert np.all(total[:, 0] == 0)
    assert total[0, 2] == 0
    assert total[0, 3] > 0
    assert np.all(measure.q2[0] >= low[:, None] * (1 - 1e-9))
    assert np.all(measure.q2[0] <= high[:, None] * (1 + 1e-9))
    for name in ALL_RESPONSES:
        assert np.all(np.isfinite(measure.weights[name]))
        assert np.all(measure.weights[name] >= 0)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("symbol", ["H", "Ge", "Xe"])
def test_convergence(channel, symbol):
    """Twice the nodes move no point by 1e-5 and the integral by less than 3e-6."""
    T = np.geomspace(0.02, 200, 120) * u.keV
    atom = element(symbol)
    once, twice = (
        sigma(T, ImpulseApproximation(atom, nodes_factor=factor), CHANNELS[channel])
        for factor in (1, 2)
    )
    np.testing.assert_allclose(once, twice, rtol=1e-5)
    integrals = [np.trapezoid(values * T, np.log(T)) for values in (once, twice)]
    assert integrals[0] == pytest.approx(integrals[1], rel=3e-6)


def test_energies_are_independent_of_each_other():
    """A list of energies gives what each gives alone."""
    T = np.array([12.0, 0.05, 200.0]) * u.keV
    np.testing.assert_allclose(sigma(T, MODEL), [sigma(t, MODEL) for t in T], rtol=1e-12)
