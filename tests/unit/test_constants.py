"""The constants are those of the editions that they name."""

import pytest
from scipy.constants import physical_constants

from nuatom import constants as c
from nuatom import units as u

# Both sides are re-keyed from the same table: only floating-point rounding may differ.
ROUNDING = 1e-12


def test_scipy_carries_codata_2022():
    """The comparison below means what it says: alpha of 2018 was ...5693e-3."""
    assert physical_constants["fine-structure constant"][0] == 7.2973525643e-3


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (c.fine_structure, "fine-structure constant"),
        (c.electron_mass / u.MeV, "electron mass energy equivalent in MeV"),
        (c.muon_mass / u.MeV, "muon mass energy equivalent in MeV"),
        (c.proton_mass / u.MeV, "proton mass energy equivalent in MeV"),
        (c.neutron_mass / u.MeV, "neutron mass energy equivalent in MeV"),
        (c.atomic_mass / u.MeV, "atomic mass constant energy equivalent in MeV"),
        (c.fermi_coupling * u.GeV**2, "Fermi coupling constant"),
    ],
)
def test_codata_2022(value, name):
    """Each constant equals the one of CODATA 2022 as scipy keys it."""
    assert value == pytest.approx(physical_constants[name][0], rel=ROUNDING)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (c.bohr_radius / u.metre, "Bohr radius"),
        (c.rydberg / u.eV, "Rydberg constant times hc in eV"),
        (c.classical_electron_radius / u.metre, "classical electron radius"),
    ],
)
def test_derived_constants(value, name):
    """What follows from alpha and m agrees with CODATA; 1e-9: m in MeV has eleven digits."""
    assert value == pytest.approx(physical_constants[name][0], rel=1e-9)


def test_particle_data_group_2024():
    """PDG 2024: m_tau = 1776.93 MeV, M_W = 80.3692 GeV, sin^2 theta_W(0) = 0.23863."""
    assert c.tau_mass / u.MeV == pytest.approx(1776.93, rel=ROUNDING)
    assert c.w_mass / u.GeV == pytest.approx(80.3692, rel=ROUNDING)
    assert c.weak_mixing == 0.23863


def test_electron_in_kilogram():
    """The electron mass in kg ties the units to the constants; 1e-9 as above."""
    assert c.electron_mass / u.kg == pytest.approx(physical_constants["electron mass"][0], rel=1e-9)
