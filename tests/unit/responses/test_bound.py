"""The rule that makes seven responses out of R_L and the convection current."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.responses.bound import BoundElectronWeights
from nuatom.responses.free import free_electron_weights
from nuatom.responses.hydrogenic import HydrogenLike
from nuatom.responses.measure import ALL_RESPONSES

T = np.geomspace(0.01, 500, 12) * u.keV
M = c.electron_mass
ON_THE_RIDGE = (2 * M * T)[:, None]


def test_a_free_electron_comes_out_exactly():
    """With R_L = T + 2m on the ridge and no convection, all seven are those of a free electron."""
    weights = BoundElectronWeights(T, ON_THE_RIDGE, (T + 2 * M)[:, None])
    free = free_electron_weights(T)
    assert set(weights) == set(free) == ALL_RESPONSES
    for name, expected in free.items():
        np.testing.assert_allclose(weights[name][:, 0], expected, rtol=1e-14)


def test_pauli_limit_of_the_spin():
    """For T << m, R_T = (|q|^2/2m^2) R_L and R_VA = (2|q|/m) R_L."""
    q2 = np.geomspace(1, 1e4, 5)[None] * u.keV**2
    low = T[:3] * 1e-4
    weights = BoundElectronWeights(low, q2, np.ones((3, 5)))
    momentum = np.sqrt(low[:, None] ** 2 + q2)
    # the factors (1 + T/2m) are 1e-9 here
    np.testing.assert_allclose(weights["T"], momentum**2 / (2 * M**2), rtol=1e-7)
    np.testing.assert_allclose(weights["VA"], 2 * momentum / M, rtol=1e-7)


def hydrogen(q2_max):
    """T, |q| and the measure of hydrogen up to some Q^2/(2mT)."""
    low = np.array([20.0, 200.0, 2000.0]) * u.eV
    measure = HydrogenLike(1.0).measure(low, q2_min=0 * low, q2_max=q2_max * 2 * M * low)
    return low[:, None], np.sqrt(low[:, None] ** 2 + measure.q2), measure


def test_convection_enters_where_the_current_does():
    """At the photon point C/m is all of R_T, and what A00 has besides the charge."""
    low, momentum, measure = hydrogen(1e-8)
    ratio, bare = (low / momentum) ** 2, measure.weights["L"]
    assert bare.any(axis=2).all()
    # R_T = T sigma/(2 pi^2 alpha) and R_L = |q|^2 sigma/(4 pi^2 alpha T); Q^2 a0^2 < 2e-6,
    # and the spin adds T/2m of it, 2e-3
    for current in (measure.weights["T"], measure.weights["A00"] - ratio * bare):
        np.testing.assert_allclose(current, 2 * ratio * bare, rtol=5e-3)


def test_the_axial_charge_combination_keeps_only_the_convection():
    """A00 - (2T/|q|) A03 + (T/|q|)^2 A33 = C/m = R_T without spin: the conserved part cancels."""
    low, momentum, measure = hydrogen(4)
    weights, ratio = measure.weights, low / momentum
    combination = weights["A00"] - 2 * ratio * weights["A03"] + ratio**2 * weights["A33"]
    current = weights["T"] - 2 * (momentum / (low + 2 * M)) ** 2 * weights["L"]
    # rounding of what cancels
    scale = weights["A00"] + weights["T"]
    np.testing.assert_array_less(np.abs(combination - current), 1e-14 * scale + 1e-300)


def test_a_mapping_of_seven_names():
    """It reads like a dict, and asking for anything else is a KeyError."""
    weights = BoundElectronWeights(T, ON_THE_RIDGE, np.ones((T.size, 1)))
    assert len(weights) == 7
    assert next(iter(weights)) == "L"
    assert "VA" in weights
    assert "photon" not in weights
    with pytest.raises(KeyError):
        weights["photon"]


def test_a_model_may_bring_its_own_transverse_response():
    """`transverse_ratio` replaces the rule for R_T and leaves the others alone."""
    ones = np.ones((T.size, 1))
    own = BoundElectronWeights(T, ON_THE_RIDGE, ones, transverse_ratio=3 * ones)
    rule = BoundElectronWeights(T, ON_THE_RIDGE, ones)
    np.testing.assert_array_equal(own["T"], 3.0)
    np.testing.assert_array_equal(own["A00"], rule["A00"])
