"""The Dirac equation of one electron in a basis of splines."""

import numpy as np
import pytest

from nuatom.structure.angular import orbital_l
from nuatom.structure.dirac_basis import DiracBasis
from nuatom.structure.nucleus import PointNucleus, named_nucleus
from nuatom.structure.problem import LIGHT_SPEED, Numerics

KAPPAS = (-1, 1, -2, 2, -3, 3, -4)


def dirac_energy(charge, n, kappa, c=LIGHT_SPEED):
    """Sommerfeld's formula, less the rest energy."""
    gamma = np.sqrt(kappa**2 - (charge / c) ** 2)
    apparent = n - abs(kappa) + gamma
    x = (charge / c / apparent) ** 2
    return -(c**2) * x / (np.sqrt(1 + x) * (1 + np.sqrt(1 + x)))


def solve(charge, kappa, nucleus=None, c=LIGHT_SPEED, **settings):
    numerics = Numerics(**({"radius": 200.0 / charge, "stretch": 1e6} | settings))
    basis = DiracBasis(numerics.space(charge), kappa, c)
    potential = (nucleus or PointNucleus(charge)).potential(basis.space.points)
    matrix = basis.free + basis.local(potential)
    energies, states = basis.eigenstates(matrix)
    first = int(np.searchsorted(energies, -(c**2)))
    bound = states[:, first:]
    # the quotient of a computed state is better than its eigenvalue
    return basis, bound, np.einsum("ij,ik,kj->j", bound[:, :6], matrix, bound[:, :6])


@pytest.mark.parametrize("charge", [1, 20, 54])
@pytest.mark.parametrize("kappa", KAPPAS)
def test_hydrogen_energies_are_sommerfelds(charge, kappa):
    """The three lowest levels of each kappa around a point charge, to 1e-9."""
    _, _, energies = solve(charge, kappa, cells=100, nuclear_scale=1e-3)
    low = orbital_l(kappa) + 1
    exact = [dirac_energy(charge, n, kappa) for n in range(low, low + 3)]
    assert energies[:3] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("kappa", KAPPAS)
def test_with_fast_light_hydrogen_is_schroedingers(kappa):
    """For c -> infinity the levels are -Z^2/(2 n^2)."""
    _, _, energies = solve(1, kappa, c=1e4, cells=100)
    low = orbital_l(kappa) + 1
    exact = [-0.5 / n**2 for n in range(low, low + 3)]
    assert energies[:3] == pytest.approx(exact, rel=2e-8)  # (1/c)^2 and rounding against c^2


@pytest.mark.parametrize("kappa", KAPPAS)
def test_states_are_orthonormal(kappa):
    """The bound states of one kappa are orthonormal to 1e-8 and better."""
    basis, states, _ = solve(32, kappa)
    products = states.T @ basis.overlap @ states
    assert products == pytest.approx(np.eye(states.shape[1]), abs=1e-10)


@pytest.mark.parametrize("charge", [1, 18, 55, 92])
def test_no_state_lies_in_the_gap(charge):
    """Between positrons and the lowest level there is nothing: no spurious state."""
    nucleus = named_nucleus(charge, {1: 1, 18: 40, 55: 133, 92: 238}[charge])
    for kappa in KAPPAS:
        basis = DiracBasis(Numerics().space(charge), kappa, LIGHT_SPEED)
        potential = nucleus.potential(basis.space.points)
        energies, _ = basis.eigenstates(basis.free + basis.local(potential))
        lowest = dirac_energy(charge, orbital_l(kappa) + 1, kappa)
        inside = (energies > -1.9 * LIGHT_SPEED**2) & (energies < 1.01 * lowest)
        assert not inside.any()


def test_a_finite_nucleus_binds_less():
    """First order: E(finite) - E(point) = 2/5 Z^4 R^2 for 1s of a light atom (R^2 = 5/3 <r^2>)."""
    nucleus = named_nucleus(10, 20, "uniform")
    finite, point = (solve(10, -1, n, cells=100)[2][0] for n in (nucleus, PointNucleus(10)))
    expected = 2 / 5 * 10**4 * 5 / 3 * nucleus.rms_radius**2
    # relativistic enhancement of the density at the nucleus, of order (Z alpha)^2 ln R
    assert finite - point == pytest.approx(expected, rel=0.05)


def test_functions_on_any_grid_are_those_of_the_points():
    """Evaluation elsewhere and at the quadrature points is the same expansion."""
    basis, states, _ = solve(10, -2)
    r = basis.space.points.ravel()
    large, _ = basis.evaluate(states[:, :2], r)
    n = basis.sizes[0]
    direct = (basis.on_points[0] @ states[:n, :2]).reshape(-1, 2)
    assert large == pytest.approx(direct, abs=1e-13)
