"""The rule that makes seven responses out of R_L and the convection current."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.responses.bound import BoundElectronWeights
from nuatom.responses.free import free_electron_weights
from nuatom.responses.measure import ALL_RESPONSES

T = np.geomspace(0.01, 500, 12) * u.keV
M = c.electron_mass
ON_THE_RIDGE = (2 * M * T)[None, :, None]


def test_a_free_electron_comes_out_exactly():
    """With R_L = T + 2m on the ridge and no convection, all seven are those of a free electron."""
    weights = BoundElectronWeights(T, ON_THE_RIDGE, (T + 2 * M)[None, :, None])
    free = free_electron_weights(T)
    assert set(weights) == set(free) == ALL_RESPONSES
    for name, expected in free.items():
        np.testing.assert_allclose(weights[name][0, :, 0], expected, rtol=1e-14)


def test_pauli_limit_of_the_spin():
    """For T << m, R_T = (|q|^2/2m^2) R_L and R_VA = (2|q|/m) R_L."""
    q2 = np.geomspace(1, 1e4, 5)[None, None] * u.keV**2
    low = T[:3] * 1e-4
    weights = BoundElectronWeights(low, q2, np.ones((1, 3, 5)))
    momentum = np.sqrt(low[:, None] ** 2 + q2)
    # the factors (1 + T/2m) are 1e-9 here
    np.testing.assert_allclose(weights["T"], momentum**2 / (2 * M**2), rtol=1e-7)
    np.testing.assert_allclose(weights["VA"], 2 * momentum / M, rtol=1e-7)


def test_convection_enters_where_the_current_does():
    """C/m adds to R_T and, through the axial charge sigma.j, to A00; nothing else sees it."""
    still = BoundElectronWeights(T, ON_THE_RIDGE, np.ones((1, T.size, 1)))
    moving = BoundElectronWeights(
        T, ON_THE_RIDGE, np.ones((1, T.size, 1)), np.full((1, T.size, 1), 0.5)
    )
    for name in ALL_RESPONSES:
        added = 0.5 if name in ("T", "A00") else 0.0
        np.testing.assert_allclose(moving[name] - still[name], added, atol=1e-12)


def test_the_axial_charge_combination_keeps_only_the_convection():
    """A00 - (2T/|q|) A03 + (T/|q|)^2 A33 = C/m: the conserved part cancels at any Q^2."""
    q2 = np.geomspace(1e-4, 1e4, 9)[None, None] * (2 * M * T[:, None])
    weights = BoundElectronWeights(T, q2, np.ones((1, T.size, 9)), np.full((1, T.size, 9), 0.25))
    ratio = T[:, None] / np.sqrt(T[:, None] ** 2 + q2)
    combination = weights["A00"] - 2 * ratio * weights["A03"] + ratio**2 * weights["A33"]
    np.testing.assert_allclose(combination, 0.25, rtol=1e-12)


def test_a_mapping_of_seven_names():
    """It reads like a dict, and asking for anything else is a KeyError."""
    weights = BoundElectronWeights(T, ON_THE_RIDGE, np.ones((1, T.size, 1)))
    assert len(weights) == 7
    assert next(iter(weights)) == "L"
    assert "VA" in weights
    assert "photon" not in weights
    with pytest.raises(KeyError):
        weights["photon"]


def test_a_model_may_bring_its_own_transverse_response():
    """`transverse_ratio` replaces the rule for R_T and leaves the others alone."""
    ones = np.ones((1, T.size, 1))
    own = BoundElectronWeights(T, ON_THE_RIDGE, ones, transverse_ratio=3 * ones)
    rule = BoundElectronWeights(T, ON_THE_RIDGE, ones)
    np.testing.assert_array_equal(own["T"], 3.0)
    np.testing.assert_array_equal(own["A00"], rule["A00"])
