"""Detectors that are off by one standard deviation."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.analysis.variations import (
    ScaledQuenching,
    blurred,
    misread,
    requenched,
    shifted_threshold,
    widened,
)
from nuatom.detectors.detector import Detector
from nuatom.detectors.efficiency import ErrorFunctionEfficiency
from nuatom.detectors.quenching import Lindhard
from nuatom.detectors.resolution import FanoResolution
from nuatom.detectors.resolution_formulas import (
    ElectronCounting,
    PerfectResolution,
    PowerResolution,
    TabulatedResolution,
    polynomial_in_keV,
)
from nuatom.errors import InvalidInput
from nuatom.targets.compounds import compound


def detector(**more):
    parts = {"resolution": FanoResolution(50 * u.eV), **more}
    return Detector(
        "sketch", compound("Ge"), 1 * u.kg * u.day, np.array([0.3, 0.5, 1.0]) * u.keV, **parts
    )


@pytest.mark.parametrize(
    "resolution",
    [
        FanoResolution(50 * u.eV),
        PowerResolution(20 * u.eV, 0.01 * np.sqrt(u.keV), 0.02),
        polynomial_in_keV([0.05, 0.1, -0.005], 4 * u.keV),
        TabulatedResolution(np.array([0.1, 9.0]) * u.keV, np.array([0.05, 0.3]) * u.keV),
        ElectronCounting(2.96 * u.eV, 30 * u.eV),
    ],
    ids=lambda r: type(r).__name__,
)
def test_all_standard_deviations_grow_by_the_factor(resolution):
    """At every energy sigma is 1.1 times what it was; of single electrons only the noise."""
    E = np.array([0.3, 1.0, 5.0]) * u.keV
    if isinstance(resolution, ElectronCounting):
        assert widened(resolution, 1.1).noise == pytest.approx(1.1 * resolution.noise, rel=1e-12)
        return
    assert widened(resolution, 1.1).sigma(E) == pytest.approx(1.1 * resolution.sigma(E), rel=1e-9)


def test_misreading_twice_the_other_way_changes_nothing():
    """A factor and its inverse cancel, in bins, threshold and efficiency."""
    curve = ErrorFunctionEfficiency(0.4 * u.keV, 0.05 * u.keV)
    right = detector(efficiencies=(curve,), threshold=0.32 * u.keV)
    back = misread(misread(right, 1.25), 0.8)
    E = np.array([0.35, 0.45, 0.7]) * u.keV
    assert back.probability(E) == pytest.approx(right.probability(E), rel=1e-9)
    assert not np.allclose(misread(right, 1.25).probability(E), right.probability(E), atol=1e-3)


def test_a_line_read_ten_per_cent_high_lies_ten_per_cent_higher():
    """With a perfect detector a deposit of 0.47 keV leaves the first bin."""
    sharp = detector(resolution=PerfectResolution())
    E = np.array([0.47]) * u.keV
    assert sharp.probability(E).ravel().tolist() == [1, 0]
    assert misread(sharp, 1.1).probability(E).ravel().tolist() == [0, 1]


def test_more_ionisation_lifts_recoils():
    """Ten per cent more ionisation is the same as a recoil of that ionisation."""
    central = Lindhard(32, k=0.157)
    more = ScaledQuenching(central, 1.1)
    T = np.array([0.5, 2.0]) * u.keV
    assert more.ionisation_energy(T) == pytest.approx(1.1 * central.ionisation_energy(T), rel=1e-12)
    assert more.recoil_energy(more.ionisation_energy(T)) == pytest.approx(T, rel=1e-9)
    step = 1e-4 * T
    slope = (more.ionisation_energy(T + step) - more.ionisation_energy(T - step)) / (2 * step)
    assert more.jacobian(T) * slope == pytest.approx(1, rel=1e-6)


def test_thresholds_move_together():
    """The sharp one and those of efficiency curves."""
    curve = ErrorFunctionEfficiency(0.4 * u.keV, 0.05 * u.keV)
    moved = shifted_threshold(detector(efficiencies=(curve,), threshold=0.3 * u.keV), 0.01 * u.keV)
    assert moved.threshold / u.keV == pytest.approx(0.31, rel=1e-12)
    assert moved.efficiencies[0].threshold / u.keV == pytest.approx(0.41, rel=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        lambda: blurred(detector(resolution=PerfectResolution()), 1.1),
        lambda: requenched(detector(), 1.1),
        lambda: shifted_threshold(detector(), 0.01 * u.keV),
    ],
)
def test_what_is_not_there_cannot_be_varied(change):
    """Each says what was not found."""
    with pytest.raises(InvalidInput, match="leave it out"):
        change()
