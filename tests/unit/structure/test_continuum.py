"""Orbitals of the continuum in local potentials, against closed forms."""

import mpmath as mp
import numpy as np
import pytest
from scipy.special import spherical_jn

from nuatom.errors import InvalidInput
from nuatom.structure import LIGHT_SPEED
from nuatom.structure.asymptotics import amplitude
from nuatom.structure.continuum import LocalField, reach
from nuatom.structure.continuum_grid import ContinuumGrid, continuum_grid, gauss_rule

KAPPAS = [-1, 1, -2, 2, -6, 6, -21]


def coulomb_waves(charge, energy, kappas, *, refinement=2.0, c=LIGHT_SPEED):
    """Return numerical waves in the field of a point charge."""
    radius = max(reach(energy, kappas, charge), 2 / charge)
    grid = continuum_grid(
        charge, np.sqrt(2 * energy), radius, ion_charge=charge, refinement=refinement
    )
    return LocalField(grid, -charge / grid.points, float(charge), c).waves(energy, kappas)


def exact_coulomb(charge, energy, kappa, r):
    """P and Q of M. E. Rose, Relativistic Electron Theory (1961), sec. 29, up to a sign."""
    with mp.workdps(30):
        c = mp.mpf(LIGHT_SPEED)
        W = 1 + energy / c**2
        p, alpha = mp.sqrt(W**2 - 1), charge / c
        gamma, y = mp.sqrt(kappa**2 - alpha**2), alpha * W / mp.sqrt(W**2 - 1)
        eta = mp.log((-kappa + 1j * y / W) / (gamma + 1j * y)) / 2j
        x = p * c * mp.mpf(r)
        front = (2 * x) ** gamma * mp.exp(mp.pi * y / 2) * abs(mp.gamma(gamma + 1j * y))
        wave = mp.exp(1j * (eta - x)) * (gamma + 1j * y)
        wave *= mp.hyp1f1(gamma + 1 + 1j * y, 2 * gamma + 1, 2j * x) / mp.gamma(2 * gamma + 1)
        large = mp.sqrt((W + 1) / (mp.pi * p * c)) * front * wave.real
        return float(large), float(mp.sqrt((W - 1) / (mp.pi * p * c)) * front * wave.imag)


@pytest.mark.parametrize("charge", [1, 32, 54])
@pytest.mark.parametrize("energy", [0.05, 20.0, 700.0])
def test_coulomb_waves_are_those_of_dirac(charge, energy):
    """P and Q per unit energy in the field of a point charge have a closed form."""
    waves = coulomb_waves(charge, energy, KAPPAS[:6])
    for kappa, large, small in zip(waves.kappas, waves.large, waves.small, strict=True):
        for radius in (0.3, 1.0, 1.8):
            i = int(np.searchsorted(waves.grid.points, radius / charge))
            exact = exact_coulomb(charge, energy, int(kappa), waves.grid.points[i])
            size = max(abs(large).max(), 1e-3)
            # measured 6e-10 where a cell advances the phase by 1.5
            assert abs(large[i]) == pytest.approx(abs(exact[0]), abs=2e-9 * size)
            assert abs(small[i]) == pytest.approx(abs(exact[1]), abs=2e-9 * abs(small).max())


@pytest.mark.parametrize("energy", [0.05, 2.0, 700.0])
def test_free_waves_are_spherical_bessel_functions(energy):
    """P = sqrt((e + 2c^2)/(pi c^2 k)) k r j_l(k r) without a potential."""
    c = LIGHT_SPEED
    radius = max(reach(energy, KAPPAS, 0.0), 5.0)
    k = np.sqrt(2 * energy + (energy / c) ** 2)
    grid = continuum_grid(1, k, radius, ion_charge=0.0, refinement=3.5)
    waves = LocalField(grid, np.zeros(len(grid.points)), 0.0).waves(energy, KAPPAS)
    large, small = np.sqrt((energy + np.array([2 * c**2, 0])) / (np.pi * c**2 * k))
    x = k * grid.points
    for kappa, p, q in zip(KAPPAS, waves.large, waves.small, strict=True):
        orders = (kappa, kappa - 1) if kappa > 0 else (-kappa - 1, -kappa)
        # P and Q of the same sign at kappa < 0, where Q = -(P' + kappa P/r)/2c > 0
        exact = large * x * spherical_jn(orders[0], x), small * x * spherical_jn(orders[1], x)
        assert p == pytest.approx(exact[0], abs=1e-10 * large)
        assert q == pytest.approx(-np.sign(kappa) * exact[1], abs=1e-10 * small)


def test_points_converge_with_the_ninth_power_and_ends_with_the_sixteenth():
    """Within a cell the error falls as h^9, so that half the step gains a factor 512."""
    errors = []
    for refinement in (1.0, 2.0):
        waves = coulomb_waves(1, 20.0, [-1], refinement=refinement)
        i = np.searchsorted(waves.grid.points, 1.0)
        exact = exact_coulomb(1, 20.0, -1, waves.grid.points[i])[0]
        errors.append(abs(abs(waves.large[0, i]) - abs(exact)))
    assert errors[1] < errors[0] / 50


def test_the_normalisation_does_not_depend_on_where_it_is_taken():
    """A grid twice as long gives the same waves."""
    field = []
    for radius in (30.0, 60.0):
        grid = continuum_grid(10, 3.0, radius)
        inner = -(1 + 9 * np.exp(-3 * grid.points)) / grid.points
        waves = LocalField(grid, inner, 1.0).waves(2.0, [-1, 1, -3])
        field.append([np.interp(1.0, grid.points, abs(p)) for p in waves.large])
        last = abs(waves.large[:, grid.points > 10]).max(axis=1)
    # linear interpolation between points is common to both but for their places
    assert field[0] == pytest.approx(field[1], rel=2e-3)
    assert last == pytest.approx((2 / (np.pi * 2.0)) ** 0.5, rel=0.02)


def test_the_amplitude_obeys_the_equation_of_milne():
    """a'' + w^2 a = a^-3 by finite differences in a Coulomb tail."""
    h, e, z = 1e-2, 0.5, 1.0
    kappas = np.array([-1, 1, -4])
    at = [amplitude(50 + s * h, kappas, energy=e, charge=z, light_speed=1e6)[0] for s in (-1, 0, 1)]
    orbital = np.array([0, 1, 3])
    square = 2 * (e + z / 50) - orbital * (orbital + 1) / 50**2
    bend = (at[0] - 2 * at[1] + at[2]) / h**2
    assert bend + square * at[1] == pytest.approx(at[1] ** -3, rel=1e-9)


def test_waves_start_positive():
    """P is positive near the nucleus, as it is for bound orbitals."""
    waves = coulomb_waves(20, 3.0, KAPPAS)
    for large in waves.large:
        assert large[np.flatnonzero(large)[0]] > 0


def test_a_grid_resolves_and_integrates():
    """Gauss points integrate r^2 exactly and a wave of the stated wave number to 1e-9."""
    grid = continuum_grid(32, 10.0, 5.0)
    first = grid.boundaries[0]
    assert (grid.weights * grid.points**2).sum() == pytest.approx((125 - first**3) / 3, rel=1e-12)
    wave = (grid.weights * np.cos(20 * grid.points)).sum()  # the square of cos 10 r
    assert wave == pytest.approx((np.sin(100.0) - np.sin(20 * first)) / 20, abs=1e-9)
    assert grid.points_within(1.0) % len(gauss_rule()[0]) == 0
    assert grid.points[grid.points_within(1.0)] > 1.0


def test_a_short_grid_is_refused():
    """The amplitude is not known in the centrifugal barrier; the message says what is needed."""
    grid = continuum_grid(1, 1.0, 5.0)
    field = LocalField(grid, -1 / grid.points, 1.0)
    with pytest.raises(InvalidInput, match="expected at least"):
        field.waves(0.5, [-1, 10])
    with pytest.raises(InvalidInput, match="expected > 0"):
        field.waves(-0.5, [-1])
    with pytest.raises(InvalidInput, match="found shape"):
        LocalField(grid, np.zeros(3), 1.0)
    assert isinstance(grid, ContinuumGrid)
