"""The anapole moment is a charge radius of -6a."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import ChargeRadius
from nuatom.interactions.anapole import Anapole
from nuatom.interactions.terms import FLAVORS

T, Q2 = np.array(1.0 * u.keV), np.array([1.0, 1e3]) * u.keV**2


@pytest.mark.parametrize("constituent", ["electron", "proton", "neutron"])
@pytest.mark.parametrize("flavor", FLAVORS)
def test_effective_radius(flavor, constituent):
    """<r^2>_eff = <r^2> - 6a on every constituent, for nu and antinu alike; one rounding."""
    a = 1.4e-33 * u.cm**2
    value = Anapole(a).vector(T, Q2, flavor=flavor, constituent=constituent)
    expected = ChargeRadius(-6 * a).vector(T, Q2, flavor=flavor, constituent=constituent)
    np.testing.assert_allclose(value, expected, rtol=1e-15)


def test_sign_on_an_electron():
    """g_V -> g_V - 2 * 7.1387e30/cm^2 * a: a positive anapole lowers it."""
    value = float(
        Anapole(1e-33 * u.cm**2).vector(T, Q2, flavor="anti_nu_mu", constituent="electron")
    )
    assert value == pytest.approx(-2 * 7.1387e-3, rel=1e-4)


def test_no_axial_part():
    """The electron feels a photon."""
    anapole = Anapole(1e-33)
    assert np.all(anapole.axial(T, Q2, flavor="nu_e", constituent="electron") == 0)
    assert not anapole.has_axial
    assert anapole.neutrino_mass == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, "x"])
def test_no_number_is_refused(bad):
    """The moment is a finite number."""
    with pytest.raises(InvalidInput, match="anapole"):
        Anapole(bad)
