"""Moment matrices: their symmetries and the change of basis."""

import dataclasses

import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.mixing import MomentMatrix, global_fit, pmns

FIT = global_fit()
# A few products of 3 x 3 matrices.
ROUNDING = 1e-13


def hermitian(seed):
    a = np.random.default_rng(seed).normal(size=(3, 3, 2)) @ [1, 1j]
    return a + a.conj().T


def antisymmetric(seed):
    a = np.random.default_rng(seed).normal(size=(3, 3, 2)) @ [1, 1j]
    return a - a.T


def test_left_handed_combination():
    """A left-handed neutrino feels mu - i eps; a moment may be left out."""
    mu, eps = hermitian(1), hermitian(2)
    np.testing.assert_array_equal(MomentMatrix(mu, eps).left_handed, mu - 1j * eps)
    np.testing.assert_array_equal(MomentMatrix(electric=eps).left_handed, -1j * eps)


def test_strengths_are_columns():
    """The squared moment of mass state k sums over the final states j, the rows."""
    moments = MomentMatrix(hermitian(1), hermitian(2))
    expected = [sum(abs(moments.left_handed[j, k]) ** 2 for j in range(3)) for k in range(3)]
    np.testing.assert_allclose(moments.strengths, expected, rtol=ROUNDING)


def test_dirac_matrix_from_flavors_and_back():
    """mu_flavor = U mu U^dagger."""
    mu, eps = hermitian(3), hermitian(4)
    moments = MomentMatrix.from_flavor_basis(mu, eps, FIT)
    U = pmns(FIT)
    np.testing.assert_allclose(U @ moments.magnetic @ U.conj().T, mu, atol=ROUNDING * 10)
    np.testing.assert_allclose(U @ moments.electric @ U.conj().T, eps, atol=ROUNDING * 10)


def test_majorana_matrix_from_flavors():
    """U^T lambda U, antisymmetric; mu and eps come out imaginary and antisymmetric."""
    flavored = antisymmetric(5)
    phases = dataclasses.replace(FIT, majorana_phase_21=0.7, majorana_phase_31=2.0)
    moments = MomentMatrix.majorana_from_flavor_basis(flavored, phases)
    U = pmns(phases)
    np.testing.assert_allclose(moments.left_handed, U.T @ flavored @ U, atol=ROUNDING * 10)
    for matrix in (moments.magnetic, moments.electric):
        np.testing.assert_array_equal(matrix, -matrix.T)
        assert np.all(matrix.real == 0)
    assert moments.majorana


def test_majorana_neutrinos_have_no_diagonal_moments():
    """A diagonal, or a real transition moment, is refused for Majorana neutrinos."""
    imaginary = np.array([[0, 1j, 0], [-1j, 0, 0], [0, 0, 0]])
    assert MomentMatrix(imaginary, majorana=True).strengths[0] == 1
    for wrong in (np.eye(3), np.abs(imaginary)):
        with pytest.raises(InvalidInput, match="antisymmetric for Majorana"):
            MomentMatrix(wrong, majorana=True)


@pytest.mark.parametrize("name", ["magnetic", "electric"])
def test_moments_are_hermitian(name):
    """A form factor at zero momentum is Hermitian, so that the Lagrangian is real."""
    with pytest.raises(InvalidInput, match=rf"{name} moments.*Hermitian"):
        MomentMatrix(**{name: [[0, 1, 0], [0, 0, 0], [0, 0, 0]]})
    with pytest.raises(InvalidInput, match="Hermitian"):
        MomentMatrix(**{name: 1j * np.eye(3)})


@pytest.mark.parametrize("bad", [np.eye(2), np.full((3, 3), np.nan), "moment", [[1], [2, 3]]])
def test_moments_are_three_by_three_numbers(bad):
    """Another shape and what is no number are refused."""
    with pytest.raises(InvalidInput, match="magnetic moments"):
        MomentMatrix(bad)


def test_majorana_flavor_matrix_is_antisymmetric():
    """A symmetric flavour matrix is no Majorana matrix."""
    with pytest.raises(InvalidInput, match=r"transition moments.*antisymmetric"):
        MomentMatrix.majorana_from_flavor_basis(np.eye(3), FIT)


def test_matrices_are_kept_apart_from_the_input():
    """The caller's array is copied and the kept one cannot be written."""
    mu = np.eye(3)
    moments = MomentMatrix(mu)
    mu[0, 0] = 7
    assert moments.magnetic[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        moments.magnetic[0, 0] = 2
