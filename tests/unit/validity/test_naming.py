"""From objects to the names under which they were measured."""

import numpy as np
import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.interactions import (
    ChargedProjectile,
    Couplings,
    DipoleMoment,
    MagneticMoment,
    Millicharge,
    MixedMoments,
    VectorMediator,
    Weak,
)
from nuatom.interactions.incoherent import combine
from nuatom.interactions.vector_mediator import B_MINUS_L, ELECTRON_MINUS_MUON
from nuatom.mixing import Baseline, MomentMatrix, global_fit
from nuatom.responses import InMedium
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.validity import CHANNELS, LIGHT_BOSON, channels_of, target_of


@pytest.mark.parametrize("name", catalog.ELECTRONIC)
def test_each_channel_of_the_catalogue_is_recognised(name):
    """An object says which channel made it; that of a nucleus is the same object."""
    made = catalog.interaction(name, 1e-11, mediator_mass=1 * u.MeV)
    assert channels_of(made) == channels_of(combine((made,))) == (name,)
    coherent = "coherent" if name == "weak" else f"coherent-{name}"
    assert channels_of(catalog.interaction(coherent, 1e-11, mediator_mass=1 * u.MeV)) == (name,)
    assert name in CHANNELS


def test_sums_give_the_names_of_their_parts_once():
    """Amplitudes inside of couplings, and what adds to them."""
    parts = (Weak(), MagneticMoment(1e-11), Millicharge(1e-12), DipoleMoment(1e-11, 1e-11))
    assert channels_of(combine(parts)) == ("weak", "millicharge", "magnetic-moment")


def test_a_light_boson_is_another_channel():
    """Below 30 keV it acts as a photon, whatever its charges are."""
    light, heavy = (VectorMediator(1e-6, x * LIGHT_BOSON, B_MINUS_L) for x in (0.99, 1.01))
    assert channels_of(light) == ("light-b-l-boson",)
    assert channels_of(Couplings((heavy,))) == ("b-l-boson",)
    other = VectorMediator(1e-6, 1 * u.eV, ELECTRON_MINUS_MUON)
    assert channels_of(other) == ("light-universal-boson",)


def test_a_moment_matrix_is_a_magnetic_moment():
    """Mixing changes the size of the moment, not the atom."""
    mixed = MixedMoments(MomentMatrix(1e-11 * np.eye(3)), Baseline(global_fit(), 0.0))
    assert channels_of(mixed) == ("magnetic-moment",)


def test_nothing_is_said_of_what_was_not_measured():
    """A muon is no neutrino."""
    assert channels_of(ChargedProjectile(106 * u.MeV)) == ()


@pytest.mark.parametrize("name", catalog.RESPONSES)
@pytest.mark.parametrize("target", ["Ge", "Xe", "Al"])
def test_a_model_knows_its_element(name, target):
    """Every model of the catalogue but the nucleus, which holds isotopes."""
    if name == "ab-initio" and target not in shipped_elements():
        pytest.skip(f"the package holds no table of {target}")
    expected = None if name == "nucleus" else target
    assert target_of(catalog.response(name, target)) == expected


def test_a_model_without_an_element():
    """A wrapped model does not say of what it is."""
    medium = catalog.response("equivalent-photon-in-medium", "Ge").dielectric
    assert target_of(InMedium(catalog.response("impulse", "Ge"), medium)) == "Ge"
    assert target_of(object()) is None
