"""Electric and magnetic dipole moments enter as |mu - i eps|."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import MagneticMoment
from nuatom.interactions.dipole_moment import DipoleMoment, electric_dipole_in_magnetons
from nuatom.interactions.terms import FLAVORS

T, Q2 = np.array(1.0 * u.keV), np.array([1.0, 1e3]) * u.keV**2
ELECTRON = {"electron": np.ones(())}


def values(interaction, flavor="anti_nu_e"):
    terms = interaction.terms(flavor=flavor, constituents=ELECTRON)
    return [(t.response, t.power, t.coefficient(T, Q2)) for t in terms]


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize("electric", [5e-11, -5e-11])
def test_electric_is_as_good_as_magnetic(electric, flavor):
    """A massless neutrino cannot tell: eps, of either sign, scatters as mu = |eps|."""
    for one, two in zip(
        values(DipoleMoment(electric), flavor), values(MagneticMoment(5e-11), flavor), strict=True
    ):
        assert one[:2] == two[:2]
        np.testing.assert_array_equal(one[2], two[2])


def test_diagonal_moments_add_in_squares():
    """Real mu and eps: mu^2 + eps^2."""
    assert DipoleMoment(4e-11, 3e-11).effective == pytest.approx(5e-11, rel=1e-15)


@pytest.mark.parametrize(("electric", "effective"), [(1j, 2.0), (-1j, 0.0), (1.0, 2**0.5)])
def test_transition_moments_interfere(electric, effective):
    """mu = 1 with eps = i, -i, 1: |mu - i eps| = 2, 0, sqrt2."""
    assert DipoleMoment(electric, 1.0).effective == pytest.approx(effective, abs=1e-15)


def test_weight_is_passed_on():
    """A moment that depends on the energy."""

    def weight(E):
        return E

    terms = DipoleMoment(1e-11, weight=weight).terms(flavor="nu_e", constituents=ELECTRON)
    assert all(term.weight is weight for term in terms)
    assert DipoleMoment(1e-11).neutrino_mass == 0


def test_electric_dipole_in_length():
    """mu_B = e hbar/(2 m c): half a reduced Compton wavelength (nine digits) times e."""
    reduced_compton = 3.86159267e-11 * u.cm
    assert electric_dipole_in_magnetons(reduced_compton / 2) == pytest.approx(1, rel=5e-9)
    assert electric_dipole_in_magnetons(-1 / c.electron_mass) == pytest.approx(-2, rel=1e-15)


@pytest.mark.parametrize("bad", [np.nan, np.inf, complex(0, np.nan)])
def test_no_number_is_refused(bad):
    """Both parts are finite."""
    for moments in ((bad, 0.0), (0.0, bad)):
        with pytest.raises(InvalidInput, match="dipole moment"):
            DipoleMoment(*moments)
    with pytest.raises(InvalidInput):
        electric_dipole_in_magnetons(np.nan)
