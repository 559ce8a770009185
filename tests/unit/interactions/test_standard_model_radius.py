"""The Standard Model charge radius of each flavour."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import ChargeRadius
from nuatom.interactions.standard_model_radius import standard_model_charge_radius
from nuatom.interactions.terms import FLAVORS

PUBLISHED = {"nu_e": -0.83, "nu_mu": -0.48, "nu_tau": -0.30}
"""1e-32 cm^2; Bernabeu et al., Phys. Rev. D 62, 113012 (2000), two digits."""


@pytest.mark.parametrize("flavor", FLAVORS)
def test_published_radii(flavor):
    """-0.83, -0.48, -0.30 e-32 cm^2, the same for antineutrinos; rounded to two digits."""
    value = standard_model_charge_radius(flavor) / (1e-32 * u.cm**2)
    assert value == pytest.approx(PUBLISHED[flavor.removeprefix("anti_")], abs=0.005)


def shift(flavor, constituent):
    amplitude = ChargeRadius(standard_model_charge_radius(flavor))
    one = np.ones(())
    return float(amplitude.vector(one, one, flavor=flavor, constituent=constituent))


def test_shift_of_the_electron_coupling():
    """delta g_V = -0.0197 for nu_e on an electron; three digits."""
    assert shift("nu_e", "electron") == pytest.approx(-0.0197, abs=5e-5)
    assert shift("anti_nu_e", "electron") == shift("nu_e", "electron")


def test_difference_between_flavors_on_the_proton():
    """g_V^p(nu_e) - g_V^p(nu_mu) = 0.00826, independent of m_W up to the prefactor."""
    assert shift("nu_e", "proton") - shift("nu_mu", "proton") == pytest.approx(0.00826, abs=5e-6)
    assert shift("nu_e", "neutron") == 0


def test_unknown_flavors_are_refused():
    """The six names only."""
    with pytest.raises(InvalidInput, match="flavor"):
        standard_model_charge_radius("nu_s")
