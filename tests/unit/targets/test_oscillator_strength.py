"""Counting electrons by energy."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.targets import element, photoabsorption
from nuatom.targets.oscillator_strength import OscillatorStrength, energy_nodes

PER_AREA = c.electron_mass / (2 * np.pi**2 * c.fine_structure)
ATOMS = ("C", "Si", "Ar", "Ge", "I", "Xe", "Pb")


class PowerLaw:
    """sigma ~ T^-2 from 0.1 keV on, with `number` electrons up to 100 keV."""

    name, element, shells = "power law", "C", ("K",)
    energy_min, energy_max = 0.1 * u.keV, 100 * u.keV
    edges = np.array([0.1 * u.keV])

    def __init__(self, number):
        self.height = number / PER_AREA / (1 / self.energy_min - 1 / self.energy_max)

    def cross_section(self, energy):
        return self.height * np.atleast_1d(energy) ** -2.0

    def by_shell(self, energy):
        return self.cross_section(energy)[None, :]


def test_count_of_a_power_law():
    """Int T^-2 dT is elementary; 1e-5 is the trapezium rule with steps of 0.5 % in T."""
    strength = OscillatorStrength(PowerLaw(5.0))
    T = np.array([0.2, 3.0, 100.0]) * u.keV
    expected = 5.0 * (1 / (0.1 * u.keV) - 1 / T) / (1 / (0.1 * u.keV) - 1 / (100 * u.keV))
    np.testing.assert_allclose(strength.below(T)[0], expected, rtol=2e-5)


def test_mean_excitation_energy_of_a_power_law():
    """Int ln T T^-2 dT = [-(1 + ln T)/T]: exp of the mean of ln T."""
    low, high = 0.1, 100.0
    mean = ((1 + np.log(low)) / low - (1 + np.log(high)) / high) / (1 / low - 1 / high)
    found = OscillatorStrength(PowerLaw(5.0)).mean_excitation_energy
    assert found / u.keV == pytest.approx(np.exp(mean), rel=2e-5)


def test_missing_strength_completes_the_sum_rule():
    """Thomas, Reiche and Kuhn: below, above and missing add up to Z = 6."""
    photo = PowerLaw(5.0)
    strength = OscillatorStrength(photo)
    above = PER_AREA * photo.cross_section(photo.energy_max)[0] * photo.energy_max / 2
    assert strength.tabulated + above + strength.missing == pytest.approx(6.0, rel=1e-12)
    part = strength.taking_part(np.array([0.05, 0.1, 100.0]) * u.keV).sum(axis=0)
    assert part[0] == 0
    assert part[1] == pytest.approx(strength.missing, rel=1e-6)
    assert part[2] == pytest.approx(6.0 - above, rel=1e-9)


def test_more_strength_than_electrons_is_refused():
    """7 electrons in carbon are a mistake of the source."""
    with pytest.raises(InvalidInput, match="of C: found 7"):
        OscillatorStrength(PowerLaw(7.0))


@pytest.mark.parametrize("symbol", ATOMS)
def test_real_atoms_keep_the_sum_rule(symbol):
    """The tables hold 83 to 100 per cent of Z electrons: valence strength is below 10 eV."""
    target = element(symbol)
    strength = OscillatorStrength(photoabsorption(target))
    assert 0.83 < strength.tabulated / target.atomic_number <= 1.0


def test_mean_excitation_energy_of_argon():
    """188 eV (ICRU 37): argon has nearly all its strength in the table.

    Tolerance 6 %: 0.08 electrons are discrete lines below the table, and the sources of
    photoabsorption differ by several per cent.
    """
    found = OscillatorStrength(photoabsorption(element("Ar"))).mean_excitation_energy
    assert found / u.eV == pytest.approx(188, rel=0.06)


@pytest.mark.parametrize("source", ["recommended", "kissel", "henke"])
def test_nodes_straddle_the_edges(source):
    """Each edge inside the range has nodes at a relative distance of 1e-9 on both sides."""
    photo = photoabsorption(element("Ge"), source)
    nodes = energy_nodes(photo)
    assert nodes[0] == photo.energy_min
    assert nodes[-1] == photo.energy_max
    assert np.all(np.diff(nodes) > 0)
    inside = photo.edges[(photo.edges > photo.energy_min) & (photo.edges < photo.energy_max)]
    for edge in inside:
        assert np.count_nonzero(np.abs(nodes / edge - 1) < 2e-9) == 2


def test_missing_electrons_join_the_outermost_shell():
    """By shell, taking part differs from below in one row only."""
    strength = OscillatorStrength(photoabsorption(element("Ge")))
    T = np.array([0.05, 1.0]) * u.keV
    extra = strength.taking_part(T) - strength.below(T)
    outermost = int(np.argmin(strength.photoabsorption.edges))
    np.testing.assert_allclose(extra[outermost], strength.missing, rtol=1e-12)
    assert np.all(np.delete(extra, outermost, axis=0) == 0)


def test_a_table_with_too_much_strength_is_scaled():
    """Rubidium's tables hold 37.4 of 37 electrons: never a negative count, and 37 in the end."""
    strength = OscillatorStrength(photoabsorption(element("Rb")))
    assert strength.missing < 0
    T = np.geomspace(0.01, 100, 50) * u.keV
    number = strength.taking_part(T)
    assert np.all(number >= 0)
    assert number[:, -1].sum() == pytest.approx(37, abs=0.1)
