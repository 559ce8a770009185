"""The response matrix against events that are thrown one by one.

Recoils of exponential spectra are quenched, kept with the efficiency, smeared, kept again
and counted; 2.4e7 events each, seeded.  The matrix must agree with every bin within five
standard deviations of the counts, and with all of them together: chi2 below its quantile
for a chance of 1e-4.  Wherever the matrix is wrong by 0.5 % in all bins, or by 3 % in one,
one of the two fails.
"""

import numpy as np
import pytest
from scipy.stats import chi2

from nuatom import units as u
from nuatom.detectors.detector import Detector
from nuatom.detectors.efficiency import ErrorFunctionEfficiency, TabulatedEfficiency
from nuatom.detectors.quenching import Lindhard
from nuatom.detectors.resolution import FanoResolution
from nuatom.detectors.resolution_formulas import ElectronCounting
from nuatom.targets.compounds import compound

EVENTS, ROUNDS = 2_000_000, 12
LINDHARD = Lindhard(32, k=0.157)
TRUE = ErrorFunctionEfficiency(0.1 * u.keV, 0.04 * u.keV, 0.9, "true")
SEEN = TabulatedEfficiency(
    np.array([0.1, 0.3, 0.8, 2.0]) * u.keV, np.array([0.1, 0.7, 0.9, 0.5]), outside="zero"
)
KERNELS = {
    "noise": FanoResolution(40 * u.eV),
    "electrons": ElectronCounting(60 * u.eV, 10 * u.eV, 0.3),
}


def smeared(energy, resolution, throw):
    """Return one observed energy for each true one."""
    if isinstance(resolution, FanoResolution):
        return throw.normal(energy, resolution.sigma(energy))
    number = throw.poisson(energy / resolution.energy_per_electron)
    width = resolution.spread * resolution.energy_per_electron
    sigma = np.sqrt(resolution.noise**2 + number * width**2)
    return throw.normal(number * resolution.energy_per_electron, sigma)


@pytest.mark.validate
@pytest.mark.parametrize("recoil", ["electron", "nuclear"])
@pytest.mark.parametrize("name", KERNELS)
def test_matrix_agrees_with_events(name, recoil):
    """Every bin holds what throwing events one by one puts into it."""
    throw = np.random.default_rng(20240611)
    scale = (0.4 if recoil == "electron" else 1.5) * u.keV
    lowest = 0.001 * u.eV
    chosen = Detector(
        "thrown", compound("Ge"), 1 * u.kg * u.day, np.linspace(0.15, 1.35, 25) * u.keV,
        KERNELS[name], (TRUE, SEEN), {"Ge": LINDHARD}, 0.2 * u.keV, lowest,
    )  # fmt: skip
    found = np.zeros(24)
    for _ in range(ROUNDS):
        energy = throw.exponential(scale, EVENTS)
        ionisation = LINDHARD.ionisation_energy(energy) if recoil == "nuclear" else energy
        kept = throw.uniform(size=EVENTS) < TRUE(ionisation)
        seen = smeared(ionisation[kept], KERNELS[name], throw)
        passed = (throw.uniform(size=seen.size) < SEEN(seen)) & (seen >= chosen.threshold)
        found += np.histogram(seen[passed], chosen.bin_edges)[0]
    rate = chosen.matrix(recoil).counts_of(lambda T: np.exp(-T / scale) / scale)
    expected = EVENTS * ROUNDS * rate
    assert np.all(found[expected == 0] == 0)
    pull = (found - expected)[expected > 0] / np.sqrt(expected[expected > 0])
    assert np.max(np.abs(pull)) < 5
    assert np.sum(pull**2) < chi2.isf(1e-4, pull.size)
