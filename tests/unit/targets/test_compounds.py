"""Compounds: atoms per kilogram against published mass fractions."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.targets import element
from nuatom.targets.compounds import Compound, compound, densities

# Particle Data Group, Atomic and Nuclear Properties of Materials (2020), six digits; its
# fractions rest on older atomic weights: that of gallium, 69.72, is 4e-5 below 69.723
PDG_FRACTIONS = {
    "NaI": {"Na": 0.153373, "I": 0.846627},
    "CsI": {"Cs": 0.511549, "I": 0.488451},
    "GaAs": {"Ga": 0.482019, "As": 0.517981},
}


@pytest.mark.parametrize("name", PDG_FRACTIONS)
def test_mass_fractions_are_those_of_the_particle_data_group(name):
    """The share of each element in the mass agrees to 5e-5."""
    found = compound(name).mass_fractions
    assert dict(found) == pytest.approx(PDG_FRACTIONS[name], rel=5e-5)


@pytest.mark.parametrize("name", ["NaI", "CaWO4", "LXe", "Ge"])
def test_mass_fractions_add_up_to_one(name):
    """A kilogram of a compound weighs a kilogram."""
    assert sum(compound(name).mass_fractions.values()) == pytest.approx(1, rel=1e-14)


def test_an_element_is_a_compound():
    """A kilogram of germanium holds as many atoms by either name."""
    ((atom, number),) = compound("Ge").atoms_per_mass
    assert atom is element("Ge")
    assert number == pytest.approx(element("Ge").atoms_per_mass, rel=1e-14)


def test_liquids_are_their_elements():
    """LAr and LXe are argon and xenon."""
    for liquid, gas in (("LAr", "Ar"), ("LXe", "Xe")):
        assert compound(liquid).atoms_per_mass == compound(gas).atoms_per_mass


def test_atoms_by_hand():
    """NaI weighs 149.894 g/mol: 1 g holds 6.02214e23/149.894 of each atom (mass to 1e-6)."""
    for _, number in compound("NaI").atoms_per_mass:
        assert number * u.gram == pytest.approx(6.02214076e23 / 149.894, rel=1e-5)


def test_proportions_are_kept():
    """CaWO4 has four oxygens for each tungsten, and scaling the formula changes nothing."""
    atoms = {atom.symbol: number for atom, number in compound("CaWO4").atoms_per_mass}
    assert atoms["O"] == pytest.approx(4 * atoms["W"], rel=1e-14)
    doubled = Compound("x", (("Ca", 2.0), ("W", 2.0), ("O", 8.0))).atoms_per_mass
    assert [n for _, n in doubled] == pytest.approx(list(atoms.values()), rel=1e-14)


def test_edges_are_those_of_every_element():
    """The K edges of both sodium and iodine are edges of NaI."""
    edges = compound("NaI").edges
    assert np.all(np.diff(edges) > 0)
    for symbol in ("Na", "I"):
        assert element(symbol).subshells[0].binding_energy in edges


def test_densities_of_liquids():
    """Liquid argon and xenon as tabulated (four digits)."""
    unit = u.gram / u.cm**3
    assert densities()["LAr"] / unit == pytest.approx(1.396, rel=1e-12)
    assert densities()["LXe"] / unit == pytest.approx(2.953, rel=1e-12)


@pytest.mark.parametrize("name", ["NaJ", "nai", "", "Na I", "2Na", "Ge-76", "LKr"])
def test_what_is_no_formula_is_refused(name):
    """A wrong formula names what was found."""
    with pytest.raises(UnknownName, match="compound"):
        compound(name)


@pytest.mark.parametrize(
    "formula", [(), (("Na", 1.0), ("Na", 1.0)), (("Na", 0.0),), (("Na", float("nan")),)]
)
def test_malformed_formulas_are_refused(formula):
    """No element, one twice, none of it, or a NaN."""
    with pytest.raises(InvalidInput):
        Compound("x", formula)


def test_a_number_is_no_formula():
    """Only text names a compound."""
    with pytest.raises(InvalidInput, match="formula"):
        compound(32)
