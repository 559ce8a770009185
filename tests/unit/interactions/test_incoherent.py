"""What interferes goes into one amplitude, the rest adds."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import Couplings, MagneticMoment, Millicharge, Weak
from nuatom.interactions.incoherent import IncoherentSum, combine

ELECTRON = {"electron": np.ones(())}


def test_amplitudes_are_collected_into_one_sum():
    """Weak and millicharge interfere; the magnetic moment stands beside them."""
    both = combine((MagneticMoment(1e-11), Weak(), Millicharge(1e-12)))
    couplings, moment = both.interactions
    assert isinstance(couplings, Couplings)
    assert couplings.amplitudes == (Weak(), Millicharge(1e-12))
    assert moment == MagneticMoment(1e-11)


def test_one_channel_stays_itself():
    """A single interaction is not wrapped; a single amplitude becomes its cross section."""
    assert combine((MagneticMoment(1e-11),)) == MagneticMoment(1e-11)
    assert combine((Weak(),)) == Couplings((Weak(),))


def test_terms_of_a_sum_are_the_terms_of_its_parts():
    """Cross sections of different final states add."""
    parts = (Couplings((Weak(),)), MagneticMoment(1e-11))
    terms = IncoherentSum(parts).terms(flavor="nu_e", constituents=ELECTRON)
    expected = sum(len(p.terms(flavor="nu_e", constituents=ELECTRON)) for p in parts)
    assert len(terms) == expected


def test_mass_of_a_sum_is_the_largest():
    """The kinematics follow the heaviest neutrino of the parts."""
    charged = combine((MagneticMoment(1e-11), Millicharge(1e-12, neutrino_mass=2 * u.eV)))
    assert charged.neutrino_mass == 2 * u.eV


@pytest.mark.parametrize("build", [IncoherentSum, combine])
def test_a_sum_of_nothing_is_refused(build):
    """No channel is a mistake."""
    with pytest.raises(InvalidInput, match="at least one"):
        build(())
