"""A flavour-changing charge radius adds and never interferes."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import ChargeRadius, Couplings, Weak
from nuatom.interactions.incoherent import combine
from nuatom.interactions.terms import FLAVORS
from nuatom.interactions.transition_radius import TransitionChargeRadius

T, Q2 = np.array(1.0 * u.keV), np.array([1.0, 1e3]) * u.keV**2
RADIUS = 2e-32 * u.cm**2


def kernel(interaction, response, E, flavor="nu_e", constituent="electron"):
    terms = interaction.terms(flavor=flavor, constituents={constituent: np.ones(())})
    return sum(E**-t.power * t.coefficient(T, Q2) for t in terms if t.response == response)


@pytest.mark.parametrize("flavor", FLAVORS)
def test_longitudinal_kernel(flavor):
    """(pi alpha^2/E^2) (Q^2 r/6)^2 (4EE'-Q^2)/|q|^4 for every flavour; ten operations."""
    E = 2 * u.MeV
    prefactor = np.pi * c.fine_structure**2 / E**2 * (Q2 * RADIUS / 6) ** 2
    expected = prefactor * (4 * E * (E - T) - Q2) / (T**2 + Q2) ** 2
    value = kernel(TransitionChargeRadius(RADIUS), "L", E, flavor)
    np.testing.assert_allclose(value, expected, rtol=1e-12)


def test_it_adds_to_the_weak_interaction():
    """Beside Weak it is a sum of cross sections, where a flavour-keeping one interferes."""
    E = 2 * u.MeV
    changing, keeping = TransitionChargeRadius(RADIUS), ChargeRadius(RADIUS)
    weak = Couplings((Weak(),))
    added = kernel(combine((Weak(), changing)), "L", E)
    np.testing.assert_allclose(added, kernel(weak, "L", E) + kernel(changing, "L", E), rtol=1e-13)
    alone = kernel(Couplings((keeping,)), "L", E)
    np.testing.assert_array_equal(kernel(changing, "L", E), alone)
    interfering = kernel(combine((Weak(), keeping)), "L", E)
    assert np.all(interfering > added)


def test_no_axial_response():
    """It needs R_L and R_T only."""
    terms = TransitionChargeRadius(RADIUS).terms(
        flavor="nu_mu", constituents={"electron": np.ones(())}
    )
    assert {term.response for term in terms} == {"L", "T"}


@pytest.mark.parametrize("bad", [-1e-32, np.nan, "x"])
def test_the_size_is_not_negative(bad):
    """It enters squared: a sign is a mistake."""
    with pytest.raises(InvalidInput, match="transition charge radius"):
        TransitionChargeRadius(bad)
