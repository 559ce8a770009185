"""Lindhard quenching: published value, limits, inverse and conservation of counts."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.detectors.quenching import Lindhard
from nuatom.errors import InvalidInput, OutOfRange

GERMANIUM = Lindhard(32, k=0.157)


def test_check_value() -> None:
    """Q(1 keV) = 0.1710 in Ge with k = 0.157 (four digits published)."""
    assert float(GERMANIUM.quenching_factor(1 * u.keV)) == pytest.approx(0.1710, abs=5e-5)


def test_k_of_germanium() -> None:
    """k = 0.133 Z^(2/3) A^(-1/2) is 0.157 for Ge (three digits published)."""
    assert 0.133 * 32 ** (2 / 3) * 72.63**-0.5 == pytest.approx(0.157, abs=5e-4)


def test_limits() -> None:
    """All of the energy ionises at high energy, and k g of it at low energy."""
    assert float(GERMANIUM.quenching_factor(1e9 * u.keV)) == pytest.approx(1, abs=1e-4)
    eps = 11.5 * 32 ** (-7 / 3) * 1e-9
    low = 0.157 * 3 * eps**0.15  # the next term is smaller by eps^0.45 ~ 3e-6
    ratio = float(GERMANIUM.quenching_factor(1e-9 * u.keV)) * (1 + low) / low
    assert ratio == pytest.approx(1, abs=1e-4)


def test_quenching_rises_with_energy() -> None:
    """Q and T_ion increase with T."""
    energy = np.geomspace(1e-4, 1e4, 2000) * u.keV
    assert np.all(np.diff(GERMANIUM.quenching_factor(energy)) > 0)
    assert np.all(np.diff(GERMANIUM.ionisation_energy(energy)) > 0)


def test_jacobian_is_the_derivative() -> None:
    """dT/dT_ion agrees with a central difference (1e-8: truncation of the difference)."""
    energy = np.geomspace(1e-3, 1e3, 30) * u.keV
    step = 1e-5 * energy
    slope = (
        GERMANIUM.ionisation_energy(energy + step) - GERMANIUM.ionisation_energy(energy - step)
    ) / (2 * step)
    assert GERMANIUM.jacobian(energy) * slope == pytest.approx(np.ones(30), abs=1e-8)


@pytest.mark.parametrize("lindhard", [GERMANIUM, Lindhard(54, k=0.166), Lindhard(14, k=0.05)])
def test_inverse(lindhard: Lindhard) -> None:
    """Recoil energy to ionisation and back to 1e-12, over ten decades and any shape."""
    energy = np.geomspace(1e-5, 1e5, 5000).reshape(2, -1) * u.keV
    back = lindhard.recoil_energy(lindhard.ionisation_energy(energy))
    assert back == pytest.approx(energy, rel=1e-12)


def test_counts_are_conserved() -> None:
    """The integral of dR/dT_ion is that of dR/dT between the same ends (1e-9: Simpson)."""
    from scipy.integrate import quad

    def rate(energy: np.ndarray) -> np.ndarray:
        return np.exp(-energy / (0.3 * u.keV)) / u.keV

    def rate_ion(log_energy: float) -> float:
        energy = np.array([np.exp(log_energy)]) * u.keV
        return float((GERMANIUM.rate_in_ionisation_energy(rate, energy) * energy)[0])

    low, high = np.array([0.05, 3.0])
    ends = np.log(GERMANIUM.ionisation_energy(np.array([low, high]) * u.keV) / u.keV)
    total = quad(rate_ion, *ends, epsrel=1e-11)[0]
    expected = 0.3 * (np.exp(-low / 0.3) - np.exp(-high / 0.3))
    assert total == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_bad_energies_are_refused(bad: float) -> None:
    """Zero, negative and undefined energies are refused everywhere."""
    for method in ("quenching_factor", "ionisation_energy", "jacobian", "recoil_energy"):
        with pytest.raises(InvalidInput):
            getattr(GERMANIUM, method)(bad)


@pytest.mark.parametrize(("atomic_number", "k"), [(0, 0.157), (32, 0.0), (32, np.nan)])
def test_bad_parameters_are_refused(atomic_number: int, k: float) -> None:
    """Z and k are positive."""
    with pytest.raises(InvalidInput):
        Lindhard(atomic_number, k=k)


def test_unphysical_ionisation_is_refused() -> None:
    """Ionisation energies far outside any experiment are refused."""
    with pytest.raises(OutOfRange):
        GERMANIUM.recoil_energy(1e-30 * u.keV)


def test_input_is_not_modified() -> None:
    """The inverse leaves its input as it was."""
    energy = np.array([0.1, 0.2]) * u.keV
    before = energy.copy()
    GERMANIUM.recoil_energy(energy)
    assert np.array_equal(energy, before)
