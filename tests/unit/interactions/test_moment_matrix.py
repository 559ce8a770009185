"""A matrix of moments with its propagation is one channel for all flavours."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import MagneticMoment
from nuatom.interactions.moment_matrix import MixedMoments
from nuatom.interactions.terms import FLAVORS
from nuatom.mixing import Baseline, MomentMatrix, effective_moment_squared, global_fit

ELECTRON = {"electron": np.ones(())}
FIT = global_fit()
MOMENTS = MomentMatrix(1e-11 * np.array([[1, 2, 0], [2, 0, 1j], [0, -1j, 3]]))


@pytest.mark.parametrize("flavor", FLAVORS)
def test_terms_are_those_of_a_magnetic_moment_with_the_weight_of_the_flavor(flavor):
    """mu^2 -> mu_eff^2(E) of the flavour of the flux."""
    L, E = 1.7 * u.km, np.array([2.0, 5.0]) * u.MeV
    T, q2 = np.array(1.0 * u.keV), np.array(1e3 * u.keV**2)
    channel = MixedMoments(MOMENTS, Baseline(FIT, L))
    terms = channel.terms(flavor=flavor, constituents=ELECTRON)
    plain = MagneticMoment(1.0).terms(flavor=flavor, constituents=ELECTRON)
    expected = effective_moment_squared(MOMENTS, FIT, flavor=flavor, energy=E, distance=L)
    for one, two in zip(terms, plain, strict=True):
        assert (one.response, one.power) == (two.response, two.power)
        assert one.coefficient(T, q2) == two.coefficient(T, q2)
        np.testing.assert_array_equal(one.weight(E), expected)
    assert channel.neutrino_mass == 0


def test_unknown_flavors_are_refused():
    """The six names only."""
    with pytest.raises(InvalidInput, match="flavor"):
        MixedMoments(MOMENTS, Baseline(FIT, 0.0)).terms(flavor="nu_s", constituents=ELECTRON)
