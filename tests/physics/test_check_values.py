"""Point values that were worked out independently of the package.

Tolerance 1e-4 (1e-3 for the equivalent-photon ones): the values are quoted to six or
four digits and were computed with slightly different editions of the constants.
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.detectors.quenching import Lindhard
from nuatom.responses import (
    EquivalentPhoton,
    FreeElectrons,
    Nucleus,
    PaperEquivalentPhoton,
)
from nuatom.targets import helm
from nuatom.targets.elements import Isotope

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

CM2_PER_KEV = u.cm**2 / u.keV
MOMENT = na.MagneticMoment(1e-11)
E1 = 1 * u.MeV
FREE = FreeElectrons(na.target("H"))


class OnePhotonEnergy:
    """A photoabsorption of 7.5613e-19 cm^2 (germanium at 1.3 keV) at every energy."""

    name, element, shells = "constant", "Ge", ("total",)
    edges = np.array([10 * u.eV])
    energy_min, energy_max = 1 * u.eV, 1 * u.MeV

    def by_shell(self, energy):
        return np.full((1, np.size(energy)), 7.5613e-19 * u.cm**2)

    def cross_section(self, energy):
        return self.by_shell(energy)[0]


def sigma(T, E, interaction, response):
    value = na.differential_cross_section(T, E, interaction=interaction, response=response)
    return float(value / CM2_PER_KEV)


def test_prefactor_of_the_magnetic_moment():
    """pi alpha^2/m^2 = 2.494672e-25 cm^2."""
    value = np.pi * c.fine_structure**2 / c.electron_mass**2 / u.cm**2
    assert value == pytest.approx(2.494672e-25, rel=1e-6)


@pytest.mark.parametrize(
    ("interaction", "expected"),
    [
        (MOMENT, 2.492177e-47),
        (na.Millicharge(1e-12), 2.546350e-46),
        (na.Weak(), 1.036265e-47),
    ],
    ids=["magnetic moment", "millicharge", "weak"],
)
def test_free_electron_at_one_kev(interaction, expected):
    """One free electron, T = 1 keV, E = 1 MeV."""
    assert sigma(1 * u.keV, E1, interaction, FREE) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("response", "expected", "tolerance"),
    [
        (PaperEquivalentPhoton(OnePhotonEnergy()), 5.1740e-43, 1e-4),
        (EquivalentPhoton(OnePhotonEnergy(), cut_off=False), 5.1606e-43, 1e-4),
        (EquivalentPhoton(OnePhotonEnergy()), 1.716e-46, 1e-3),
        (EquivalentPhoton(OnePhotonEnergy(), transverse_only=True), 1.456e-48, 1e-3),
    ],
    ids=["Eq. (10) as printed", "constant F_a", "cut at 2mT", "transverse, cut at 2mT"],
)
def test_equivalent_photon_on_germanium(response, expected, tolerance):
    """Magnetic moment 1e-11, E = 1 MeV, T = 1.3 keV."""
    assert sigma(1.3 * u.keV, E1, MOMENT, response) == pytest.approx(expected, rel=tolerance)


MEAN_GERMANIUM = Nucleus(
    32, (Isotope(72.63, 1.0, 72.63 * c.atomic_mass),), lambda q2, a: 1.0 + 0 * q2
)


@pytest.mark.parametrize(
    ("interaction", "expected"),
    [(na.Weak(), 2.52585e-40), (MOMENT, 1.27721e-43)],
    ids=["weak", "magnetic moment"],
)
def test_coherent_scattering_on_mean_germanium(interaction, expected):
    """Z = 32, N = 40.63, M = 72.63 u, F = 1, T = 0.2 keV, E = 4 MeV."""
    value = sigma(0.2 * u.keV, 4 * u.MeV, interaction, MEAN_GERMANIUM)
    assert value == pytest.approx(expected, rel=1e-4)


def test_lindhard_quenching_factor():
    """0.1710 at 1 keV with k = 0.157 in germanium."""
    assert float(Lindhard(32, k=0.157).quenching_factor(1 * u.keV)) == pytest.approx(
        0.1710, abs=5e-5
    )


def test_helm_form_factor():
    """F^2 = 0.98155 at T = 1 keV on A = 72.63."""
    q2 = np.array(2 * 72.63 * c.atomic_mass * u.keV)
    assert float(helm(q2, 72.63)) ** 2 == pytest.approx(0.98155, rel=1e-4)
