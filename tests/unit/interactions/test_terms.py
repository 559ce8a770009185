"""The kinematics that every channel shares, against explicit four-vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import (
    FLAVORS,
    check_flavor,
    minimum_neutrino_energy,
    momentum_squared,
    q2_limits,
    shared,
    total_charge,
)

# A few products and square roots of numbers of the same size.
ROUNDING = 1e-12

energies = st.floats(min_value=1.0, max_value=1e4)
fractions = st.floats(min_value=1e-3, max_value=0.999)
cosines = st.floats(min_value=-1.0, max_value=1.0)
masses = st.floats(min_value=0.01, max_value=0.9)


def scattering(energy, fraction, cosine, mass):
    """Return (T, E, Q^2, |q|^2) of a neutrino that leaves an infinitely heavy atom."""
    kinetic = energy - mass
    T = fraction * kinetic
    k = np.sqrt(energy**2 - mass**2)
    k_final = np.sqrt((energy - T) ** 2 - mass**2)
    before = np.array([0.0, 0.0, k])
    after = k_final * np.array([np.sqrt(1 - cosine**2), 0.0, cosine])
    qq = float(np.sum((before - after) ** 2))
    return np.array(T), np.array(energy), qq - T**2, qq


@given(energies, fractions, cosines)
def test_massless_limits_enclose_every_angle(energy, fraction, cosine):
    """0 <= Q^2 <= 4 E E', reached at 0 and 180 degrees; and then E >= (T + |q|)/2."""
    T, E, q2, qq = scattering(energy * u.keV, fraction, cosine, 0.0)
    low, high = q2_limits(T, E)
    scale = float(E) ** 2
    assert float(low) == 0
    assert -ROUNDING * scale <= q2 <= float(high) + ROUNDING * scale
    assert float(high) == pytest.approx(float(4 * E * (E - T)), rel=ROUNDING)
    assert float(momentum_squared(T, np.array(q2))) == pytest.approx(qq, rel=ROUNDING)
    # max(): forward scattering gives a q2 of -0 within rounding
    least = minimum_neutrino_energy(T, np.array(max(q2, 0.0)))
    assert float(least) <= float(E) * (1 + 1e-7)


def test_massless_minimum_energy_is_reached_backwards():
    """At 180 degrees the neutrino has just the energy (T + |q|)/2."""
    T, E, q2, _ = scattering(100 * u.keV, 0.3, -1.0, 0.0)
    assert float(minimum_neutrino_energy(T, np.array(q2))) == pytest.approx(float(E), rel=ROUNDING)


@given(energies, fractions, cosines, masses)
def test_massive_limits_enclose_every_angle(energy, fraction, cosine, share):
    """Q^2 = 2 (E E' - m^2 - k k' cos theta) lies between the limits, ends included."""
    mass = share * energy * u.keV
    T, E, q2, _ = scattering(energy * u.keV, fraction, cosine, mass)
    low, high = q2_limits(T, E, neutrino_mass=mass)
    slack = 1e-9 * float(E) ** 2  # q2 is a difference of squares of the size of E^2
    assert float(low) - slack <= q2 <= float(high) + slack


@pytest.mark.parametrize(("cosine", "end"), [(1.0, 0), (-1.0, 1)], ids=["forwards", "backwards"])
@pytest.mark.parametrize("mass", [0.1, 3.0, 30.0])
def test_massive_limits_and_minimum_energy_agree(cosine, end, mass):
    """At 0 and 180 degrees Q^2 is a limit and E the least energy for it; 1e-8: cancellation."""
    T, E, q2, _ = scattering(100 * u.keV, 0.4, cosine, mass * u.keV)
    limit = q2_limits(T, E, neutrino_mass=mass * u.keV)[end]
    assert float(limit) == pytest.approx(float(q2), rel=1e-8)
    least = minimum_neutrino_energy(T, limit, neutrino_mass=mass * u.keV)
    assert float(least) == pytest.approx(float(E), rel=1e-8)


def test_lower_limit_of_a_light_neutrino():
    """Q^2_min = m_nu^2 T^2/(E E') for m_nu << E, without cancellation at 0.1 eV and 1 MeV."""
    T, E, mass = np.array(1.0 * u.keV), np.array(1.0 * u.MeV), 0.1 * u.eV
    low, _ = q2_limits(T, E, neutrino_mass=mass)
    assert float(low) == pytest.approx(float(mass**2 * T**2 / (E * (E - T))), rel=ROUNDING)


@pytest.mark.parametrize("mass", [0.0, 0.5])
def test_no_energy_left_closes_the_interval(mass):
    """Where T leaves the neutrino less than its mass, both limits are zero."""
    T = np.array([1.6, 2.0, 3.0]) * u.keV
    low, high = q2_limits(T, np.array(2.0 * u.keV), neutrino_mass=mass * u.keV)
    closed = T > (2.0 - mass) * u.keV if mass else T >= 2.0 * u.keV
    assert np.all(low[closed] == 0)
    assert np.all(high[closed] == 0)
    assert np.all(high[~closed] > 0)


def test_limits_broadcast():
    """Energies along one axis and transfers along the other give a table."""
    low, high = q2_limits(np.ones((3, 1)), np.full((1, 4), 5.0), neutrino_mass=0.1)
    assert low.shape == high.shape == (3, 4)


def test_charges_of_the_constituents():
    """A germanium nucleus has charge 32, an electron -1, a neutron none."""
    assert float(total_charge({"proton": np.array(32.0), "neutron": np.array(41.0)})) == 32
    assert float(total_charge({"electron": np.ones(())})) == -1


@pytest.mark.parametrize("flavor", FLAVORS)
def test_six_flavors(flavor):
    """The six flavours are accepted as they are."""
    assert check_flavor(flavor) == flavor


@pytest.mark.parametrize("flavor", ["nu_sterile", "", "NU_E", "antinu_e"])
def test_other_flavors_are_refused(flavor):
    """The message lists what is accepted."""
    with pytest.raises(InvalidInput, match="anti_nu_tau"):
        check_flavor(flavor)


def test_a_shared_factor_is_computed_once_for_the_same_arrays():
    """Terms that share a factor ask for it with the same T and Q^2; other arrays count anew."""
    calls = []

    @shared
    def factor(T, q2):
        calls.append(1)
        return T * q2

    T, q2 = np.array([2.0]), np.array([3.0])
    assert factor(T, q2) is factor(T, q2)
    assert len(calls) == 1
    assert float(factor(T, 2 * q2)[0]) == 12.0
    assert float(factor(2 * T, q2)[0]) == 12.0
    assert float(factor(T, q2)[0]) == 6.0
    assert len(calls) == 4
