"""Hydrogenic shells: charges, limits, closed channels, convergence."""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.responses.hydrogen_formulas import (
    SHAPES,
    discrete_strength,
    oscillator_strength,
    transverse_strength,
)
from nuatom.responses.hydrogenic import (
    Hydrogenic,
    HydrogenLike,
    hydrogenic_measure,
    quantum_numbers,
    screened_shells,
    slater_charge,
)
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.targets import element, photoabsorption
from nuatom.targets.elements import SYMBOLS

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

M = c.electron_mass
GERMANIUM = element("Ge")
MODEL = Hydrogenic(GERMANIUM)
E = 1 * u.MeV
CHANNELS = {
    "magnetic-moment": na.MagneticMoment(1e-11),
    "weak": na.Weak(),
    "charge-radius": na.ChargeRadius(1e-32 * u.cm**2),
    "millicharge": na.Millicharge(1e-12),
}


def sigma(T, response, interaction=CHANNELS["magnetic-moment"]):
    return na.differential_cross_section(T, E, interaction=interaction, response=response)


def whole_range(response, T):
    """Return the measure over every Q^2 > 0."""
    return response.measure(T, q2_min=0 * T, q2_max=1e8 * M * T)


@pytest.mark.parametrize(
    ("symbol", "n", "orbital", "screening"),
    [
        ("H", 1, 0, 0.0),
        ("He", 1, 0, 0.30),
        ("C", 2, 1, 2 * 0.85 + 3 * 0.35),
        ("Ge", 1, 0, 0.30),
        ("Ge", 2, 0, 4.15),
        ("Ge", 3, 1, 11.25),
        ("Ge", 3, 2, 21.15),
        ("Xe", 2, 1, 4.15),
    ],
)
def test_slater_screening(symbol, n, orbital, screening):
    """Slater (1930): 0.30 for K, 4.15 for L, 11.25 for 3s3p and 21.15 for 3d of full shells."""
    atom = element(symbol)
    charge = slater_charge(atom, n, orbital)
    assert charge == pytest.approx(atom.atomic_number - screening, abs=1e-9)


def test_every_element_has_positive_charges_and_all_its_electrons():
    """From hydrogen to uranium every subshell is bound by a positive charge."""
    for symbol in SYMBOLS:
        atom = element(symbol)
        shells = screened_shells(atom)
        assert all(shell.width > 0 for shell in shells)
        assert sum(shell.electrons for shell in shells) == pytest.approx(atom.atomic_number)
        assert all(shell.shape in SHAPES for shell in shells)


def test_width_of_a_shell_with_an_effective_quantum_number():
    """4p of krypton: Slater's charge is 8.25 and n* = 3.7; the width is their ratio, alpha m."""
    shells = {shell.name: shell for shell in screened_shells(element("Kr"))}
    expected = 8.25 / 3.7 * c.fine_structure * M
    assert shells["N3"].width == pytest.approx(expected, rel=1e-12)


def test_quantum_numbers_of_subshells():
    """K is 1s, L2 and L3 are 2p, M4 is 3d, N7 is 4f."""
    found = [quantum_numbers(name) for name in ("K", "L1", "L2", "L3", "M4", "N7")]
    assert found == [(1, 0), (2, 0), (2, 1), (2, 1), (3, 2), (4, 3)]


def test_hydrogen_is_exact():
    """For H the screened model is the hydrogen-like one, up to its edge in eV."""
    T = np.geomspace(14, 1e4, 20) * u.eV
    np.testing.assert_allclose(
        sigma(T, Hydrogenic(element("H"))), sigma(T, HydrogenLike(1.0)), rtol=1e-12
    )


@pytest.mark.parametrize("symbol", ["Ge", "Xe"])
@pytest.mark.parametrize(("times", "accuracy"), [(30, 0.01), (100, 0.001)])
def test_each_shell_tends_to_free_electrons(symbol, times, accuracy):
    """Int dQ^2 R_L -> T + 2m per electron: 1 % at 30 times the edge, 0.1 % at 100 times."""
    for shell in screened_shells(element(symbol)):
        T = np.array([times * shell.edge])
        measure = hydrogenic_measure((shell,), T, (0 * T, 1e8 * M * T), 1)
        per_electron = measure.weights["L"].sum() / shell.electrons / (T[0] + 2 * M)
        assert per_electron == pytest.approx(1, abs=accuracy)


def test_magnetic_moment_tends_to_all_the_electrons():
    """Above 20 keV Ge is 32 free electrons to 2 %, and 2s of them never count below their edge."""
    T = np.geomspace(20, 300, 8) * u.keV
    ratio = sigma(T, MODEL) / sigma(T, na.response("free", "Ge"))
    np.testing.assert_allclose(ratio, 1, atol=0.02)


def test_photoabsorption_is_the_low_momentum_limit():
    """2 pi^2 alpha df/dT/m is 0.7 to 1.3 of the recommended cross section of Ge, 0.2-80 keV."""
    T = np.geomspace(0.2, 80, 60) * u.keV
    measure = MODEL.measure(T, q2_min=0 * T, q2_max=1e-4 * T**2)
    transverse = measure.weights["T"].sum(axis=(0, 2)) / (1e-4 * T**2)
    ratio = transverse * 2 * np.pi**2 * c.fine_structure / T
    ratio /= photoabsorption(GERMANIUM).cross_section(T)
    assert ratio.min() > 0.7
    assert ratio.max() < 1.3


def test_no_electron_below_its_edge():
    """K of Ge is closed at 11.0 keV and open at 11.2 keV; nothing is open below the last edge."""
    T = np.array([1 * u.eV, 11.0 * u.keV, 11.2 * u.keV])
    weights = whole_range(MODEL, T).weights["L"].sum(axis=2)
    assert np.all(weights[:, 0] == 0)
    assert weights[0, 1] == 0
    assert weights[0, 2] > 0


def test_seven_responses_without_sign_problems():
    """All seven are provided, finite and not negative."""
    T = np.geomspace(0.01, 100, 30) * u.keV
    assert MODEL.provides == ALL_RESPONSES
    weights = whole_range(MODEL, T).weights
    for name in ALL_RESPONSES:
        assert np.all(np.isfinite(weights[name]))
        assert np.all(weights[name] >= 0)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("symbol", ["H", "Ge", "Xe"])
def test_convergence(channel, symbol):
    """Twice the nodes move no point by 1e-5 up to 200 keV, and the integral by less than 1e-6."""
    T = np.geomspace(0.015, 200, 120) * u.keV
    atom = element(symbol)
    once, twice = (
        sigma(T, Hydrogenic(atom, nodes_factor=factor), CHANNELS[channel]) for factor in (1, 2)
    )
    np.testing.assert_allclose(once, twice, rtol=1e-5)
    integrals = [np.trapezoid(values * T, np.log(T)) for values in (once, twice)]
    assert integrals[0] == pytest.approx(integrals[1], rel=1e-6)


@pytest.mark.parametrize("shell", SHAPES)
def test_convergence_on_the_bethe_ridge_of_one_shell(shell):
    """Twice the nodes move 2e-6 up to 3000 times the edge and 1e-4 up to 1e5 times.

    There the ridge is 50 and 300 times narrower than its momentum.
    """
    T = np.geomspace(1, 1e5, 40) * HydrogenLike(0.5, shell).edges[0] * (1 + 1e-12)
    once, twice = (sigma(T, HydrogenLike(0.5, shell, nodes_factor=k)) for k in (1, 2))
    np.testing.assert_allclose(once, twice, rtol=1e-4)
    wide = slice(27)  # 3000 times the edge
    np.testing.assert_allclose(once[wide], twice[wide], rtol=2e-6)


def test_nodes_stay_within_the_kinematic_limits():
    """Every node lies in [Q^2_min, Q^2_max], and the weights end at the kinematic limit."""
    T = np.geomspace(0.1, 50, 20) * u.keV
    low, high = 1e-8 * T**2, np.linspace(0.3, 3, 20) * 2 * M * T
    q2 = MODEL.measure(T, q2_min=low, q2_max=high).q2[0]
    assert np.all(q2 >= low[:, None] * (1 - 1e-9))
    assert np.all(q2 <= high[:, None] * (1 + 1e-9))


def test_a_closed_kinematic_range_gives_zero():
    """Where no Q^2 is allowed every weight is zero and every node finite."""
    T = np.array([1.0, 2.0]) * u.keV
    measure = MODEL.measure(T, q2_min=np.array([0.0, 1e-3]) * T**2, q2_max=np.array([0, 9]) * T**2)
    assert np.all(measure.weights["L"][:, 0] == 0)
    assert np.any(measure.weights["L"][:, 1] > 0)
    assert np.all(measure.q2 > 0)


def test_energies_are_independent_of_each_other():
    """A list of energies gives what each gives alone, in any order."""
    T = np.array([12.0, 0.05, 1.5]) * u.keV
    together = sigma(T, MODEL)
    # the sums over nodes may be taken in another order
    np.testing.assert_allclose(together, [sigma(t, MODEL) for t in T], rtol=1e-13)


def test_bad_shells_and_charges_are_refused():
    """A charge must be positive, a shell have a closed form, W be positive and n at least 2."""
    with pytest.raises(InvalidInput, match="atomic number"):
        HydrogenLike(0.0)
    with pytest.raises(UnknownName, match="3s"):
        HydrogenLike(1.0, "3x")
    with pytest.raises(UnknownName):
        oscillator_strength(1.0, 0.0, shell="4s")
    with pytest.raises(InvalidInput, match="energy"):
        oscillator_strength(0.0, 1.0)
    with pytest.raises(InvalidInput, match="Qs >= 0"):
        transverse_strength(1.0, -1.0)
    with pytest.raises(InvalidInput, match="n >= 2"):
        discrete_strength(1, 0.0)
