"""Free electrons: the seven responses, from explicit gamma matrices."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.responses import FreeElectrons
from nuatom.responses.free import free_electron_weights
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.targets import element

M = c.electron_mass
TRANSFERS = np.array([1e-3, 0.1, 10.0, 500.0, 5000.0]) * u.keV

_ZERO, _ONE = np.zeros((2, 2)), np.eye(2)
_SIGMA = (
    np.array([[0, 1], [1, 0]]),
    np.array([[0, -1j], [1j, 0]]),
    np.array([[1, 0], [0, -1]]),
)
GAMMA = (
    np.block([[_ONE, _ZERO], [_ZERO, -_ONE]]),
    *(np.block([[_ZERO, s], [-s, _ZERO]]) for s in _SIGMA),
)
GAMMA_5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]


def tensor(T: float, left: str, right: str, mu: int, nu: int) -> complex:
    """Spin-averaged <f|J^mu|i><f|J^nu|i>* of an electron at rest, integrated over Q^2.

    The energy delta function fixes Q^2 with the Jacobian 2 (m + T), and the wave functions
    are normalised to one electron: Tr[(p'+m) G (p+m) G']/(2 . 4 m (m+T)) . 2 (m+T).
    """
    q = np.sqrt(T**2 + 2 * M * T)
    initial = M * GAMMA[0] + M * np.eye(4)
    final = (M + T) * GAMMA[0] - q * GAMMA[3] + M * np.eye(4)
    vertex = {"V": lambda i: GAMMA[i], "A": lambda i: GAMMA[i] @ GAMMA_5}
    # the Dirac conjugates of g^nu and of g^nu g_5 are those matrices themselves
    trace = np.trace(final @ vertex[left](mu) @ initial @ vertex[right](nu))
    return complex(trace / (4 * M))


def from_traces(T: float) -> dict[str, complex]:
    def vector(mu: int, nu: int) -> complex:
        return tensor(T, "V", "V", mu, nu)

    def axial(mu: int, nu: int) -> complex:
        return tensor(T, "A", "A", mu, nu)

    def interference(mu: int, nu: int) -> complex:
        return -tensor(T, "V", "A", mu, nu) - tensor(T, "A", "V", mu, nu)

    return {
        "L": vector(0, 0),
        "T": vector(1, 1) + vector(2, 2),
        "A00": axial(0, 0),
        "A03": (axial(0, 3) + axial(3, 0)) / 2,
        "A33": axial(3, 3),
        "AT": axial(1, 1) + axial(2, 2),
        "VA": 1j * (interference(1, 2) - interference(2, 1)),
    }


@pytest.mark.parametrize("T", TRANSFERS, ids=lambda T: f"{T / u.keV:g} keV")
def test_seven_responses_are_traces_of_gamma_matrices(T: float) -> None:
    """J = V - A of a free electron at rest gives each response, z along the momentum transfer."""
    expected = from_traces(float(T))
    found = free_electron_weights(np.array([T]))
    for name in sorted(ALL_RESPONSES):
        # products of four 4x4 matrices with entries m + T: rounding against the greatest term
        scale = M + T
        assert expected[name].imag == pytest.approx(0, abs=1e-12 * scale)
        assert found[name][0] == pytest.approx(expected[name].real, rel=1e-9, abs=1e-12 * scale)


def test_vector_current_is_conserved() -> None:
    """T W^00 = |q| W^03, so that the longitudinal response is the charge response."""
    for T in TRANSFERS:
        q = np.sqrt(T**2 + 2 * M * T)
        w00, w03 = tensor(T, "V", "V", 0, 0), tensor(T, "V", "V", 0, 3)
        assert T * w00.real == pytest.approx(q * w03.real, rel=1e-9)  # rounding of the traces
        assert free_electron_weights(np.array([T]))["L"][0] == pytest.approx(w00.real, rel=1e-9)


def test_atom_of_free_electrons_is_z_electrons() -> None:
    """Germanium has 32 times the responses of one electron, at the one node Q^2 = 2mT."""
    measure = FreeElectrons(element("Ge")).measure(
        TRANSFERS, q2_min=0 * TRANSFERS, q2_max=np.full(5, 1e3 * u.MeV**2)
    )
    np.testing.assert_allclose(measure.q2[0, :, 0], 2 * M * TRANSFERS, rtol=1e-15)
    for name, one in free_electron_weights(TRANSFERS).items():
        np.testing.assert_allclose(measure.weights[name][0, :, 0], 32 * one, rtol=1e-15)


def test_node_outside_the_kinematic_limits_has_no_weight() -> None:
    """Only limits that contain Q^2 = 2mT leave the electron free to take part."""
    T = np.full(4, 1 * u.keV)
    node = 2 * M * T
    low = node * np.array([0.0, 0.5, 1.0001, 0.0])
    high = node * np.array([2.0, 1.0, 2.0, 0.9999])
    measure = FreeElectrons(element("Ge")).measure(T, q2_min=low, q2_max=high)
    for weights in measure.weights.values():
        assert list(weights[0, :, 0] > 0) == [True, True, False, False]


def test_no_threshold_and_all_responses() -> None:
    """Free electrons answer at any transfer and to every channel."""
    response = FreeElectrons(element("Xe"))
    assert response.provides == ALL_RESPONSES
    assert response.edges.tolist() == [0.0]
    assert len(response.shells) == 1
    assert response.name == "free"
