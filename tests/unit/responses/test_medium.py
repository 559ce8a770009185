"""Responses in a medium, and the sum of soft and close collisions.

The integrals are compared with closed forms in tests/physics/test_medium.py.
"""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.responses import EquivalentPhoton, FreeElectrons, Nucleus, SteppedElectrons
from nuatom.responses.measure import Measure
from nuatom.responses.medium import (
    CloseCollisions,
    EquivalentPhotonInMedium,
    InMedium,
    Together,
    concatenated,
    photoabsorption_ionisation,
)
from nuatom.targets import element
from nuatom.targets.dielectric import dielectric
from nuatom.targets.oscillator_strength import OscillatorStrength

GERMANIUM = element("Ge")
SOLID = dielectric(GERMANIUM)
T = np.array([0.05, 1.0, 20.0]) * u.keV
LOW, HIGH = np.zeros(3), np.full(3, (2 * u.MeV) ** 2)


def measure(response, low=LOW, high=HIGH):
    return response.measure(T, q2_min=low, q2_max=high)


def test_screening_of_one_node():
    """A free electron: R_L/|eps|^2 and R_T |Q^2/(Q^2 + T^2 (1 - eps))|^2 at Q^2 = 2mT."""
    bare, screened = (
        measure(FreeElectrons(GERMANIUM)),
        measure(InMedium(FreeElectrons(GERMANIUM), SOLID)),
    )
    eps = SOLID.permittivity(T)
    q2 = 2 * c.electron_mass * T
    for name, factor in (
        ("L", 1 / np.abs(eps) ** 2),
        ("T", q2**2 / np.abs(q2 + T**2 * (1 - eps)) ** 2),
    ):
        total = screened.weights[name].sum(axis=2)
        np.testing.assert_allclose(total, bare.weights[name].sum(axis=2) * factor, rtol=1e-12)


def test_only_what_a_photon_sees():
    """Stepped electrons provide seven responses, in a medium two."""
    wrapped = InMedium(SteppedElectrons(GERMANIUM), SOLID)
    assert wrapped.provides == {"L", "T"}
    assert set(measure(wrapped).weights) == {"L", "T"}
    assert wrapped.name == "stepped-in-medium"
    assert wrapped.shells == SteppedElectrons(GERMANIUM).shells
    np.testing.assert_array_equal(wrapped.edges, SteppedElectrons(GERMANIUM).edges)
    assert wrapped.constituents == SteppedElectrons(GERMANIUM).constituents


def test_a_response_without_a_photon_is_refused():
    """An axial response alone cannot be screened."""

    class Axial:
        name, provides = "axial", frozenset({"A00"})

    with pytest.raises(InvalidInput, match="neither L nor T"):
        InMedium(Axial(), SOLID)


def test_a_nucleus_can_be_put_into_a_medium():
    """A model without R_T, and with a node for each isotope."""
    nucleus = Nucleus(32, GERMANIUM.isotopes)
    bare, screened = measure(nucleus), measure(InMedium(nucleus, SOLID))
    assert set(screened.weights) == {"L"}
    factor = 1 / np.abs(SOLID.permittivity(T)) ** 2
    np.testing.assert_allclose(
        screened.weights["L"].sum(axis=2), bare.weights["L"][..., 0] * factor, rtol=1e-12
    )


def test_nodes_stay_inside_the_limits():
    """No node outside of [q2_min, q2_max], open or closed."""
    low, high = 1e-20 * T**2, np.array([1.0, 0.0, 1e-3]) * T**2
    for response in (
        EquivalentPhotonInMedium(SOLID),
        InMedium(EquivalentPhoton(SOLID.photoabsorption), SOLID),
    ):
        found = measure(response, low, high)
        used = found.weights["T"].sum(axis=0) > 0
        q2 = np.broadcast_to(found.q2[0], used.shape)
        assert np.all((q2 >= low[:, None] * (1 - 1e-12))[used])
        assert np.all((q2 <= high[:, None] * (1 + 1e-12))[used])
        assert np.all(found.weights["L"][:, 1] == 0)


def test_longitudinal_weights_integrate_a_polynomial():
    """Int |q|^2 dQ^2 = Qm^4/2 + T^2 Qm^2 with Qm^2 = 2mT: R_L without the kernel.

    1e-9: 60 nodes, the integrand grows as e^(2s) over the interval in s.
    """
    found = measure(EquivalentPhotonInMedium(SOLID)).weights["L"].sum(axis=(0, 2))
    top = 2 * c.electron_mass * T
    sigma = SOLID.photoabsorption.cross_section(T)
    expected = sigma / (4 * np.pi**2 * c.fine_structure * T) * (top**2 / 2 + T**2 * top)
    expected /= np.abs(SOLID.permittivity(T)) ** 2
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_close_collisions_count_the_electrons():
    """R_L = N(T) (T + 2m) at Q^2 = 2mT; N tends to Z."""
    strength = OscillatorStrength(SOLID.photoabsorption)
    response = CloseCollisions(strength)
    found = measure(response).weights["L"].sum(axis=(0, 2))
    number = strength.taking_part(T).sum(axis=0)
    np.testing.assert_allclose(found, number * (T + 2 * c.electron_mass), rtol=1e-12)
    assert np.all(np.diff(number) > 0)
    assert 31 < number[-1] < 32
    assert response.shells == SOLID.photoabsorption.shells
    assert response.edges.size == len(response.shells)


def test_parts_add():
    """The whole has the nodes of all parts and provides what all provide."""
    whole = photoabsorption_ionisation(SOLID)
    soft, hard = whole.parts
    assert whole.provides == {"L", "T"}
    found = measure(whole)
    for name in ("L", "T"):
        expected = sum(measure(part).weights[name].sum(axis=2) for part in (soft, hard))
        np.testing.assert_allclose(found.weights[name].sum(axis=2), expected, rtol=1e-12)
    assert found.q2.shape[2] == measure(soft).q2.shape[2] + 1
    assert whole.shells == hard.shells
    assert whole.constituents == hard.constituents
    np.testing.assert_array_equal(whole.edges, hard.edges)


def test_vacuum_version_says_so():
    """Both versions are there, so that the difference can be reported."""
    vacuum = photoabsorption_ionisation(SOLID, vacuum=True)
    assert vacuum.name == "photoabsorption-ionisation-in-vacuum"
    assert isinstance(vacuum.parts[0], EquivalentPhoton)


def test_parts_need_the_same_shells():
    """Adding subshells to a whole atom is a mistake, as is adding nothing."""
    with pytest.raises(InvalidInput, match="same shells"):
        Together("mixed", (FreeElectrons(GERMANIUM), SteppedElectrons(GERMANIUM)))
    with pytest.raises(InvalidInput, match="same shells"):
        Together("nothing", ())


def test_a_response_that_a_piece_lacks_is_zero_there():
    """A nucleus has no R_T; beside a part that has one it counts as zero."""
    q2, weight = np.ones((1, 3, 1)), np.ones((2, 3, 1))
    both = Measure(q2, {"L": weight, "T": 2 * weight})
    found = concatenated([Measure(q2, {"L": weight}), both], frozenset({"L", "T"}))
    np.testing.assert_array_equal(found.weights["T"][..., 0], 0 * weight[..., 0])
    np.testing.assert_array_equal(found.weights["T"][..., 1], 2 * weight[..., 0])


def test_inputs_are_not_modified():
    """T and the limits are the caller's."""
    arrays = T.copy(), LOW.copy(), HIGH.copy()
    photoabsorption_ionisation(SOLID).measure(arrays[0], q2_min=arrays[1], q2_max=arrays[2])
    for found, original in zip(arrays, (T, LOW, HIGH), strict=True):
        np.testing.assert_array_equal(found, original)
