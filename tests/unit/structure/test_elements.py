"""Ground configurations by element."""

import pytest

from nuatom.errors import UnknownName
from nuatom.structure import ground_configuration, ground_state, parse_configuration
from nuatom.structure.elements import _table


@pytest.mark.parametrize("symbol", list(_table()))
def test_every_neutral_atom_has_as_many_electrons_as_protons(symbol):
    """The configuration can be read and adds up to Z; the isotope has neutrons or is hydrogen."""
    element = ground_configuration(symbol)
    assert sum(s.electrons for s in parse_configuration(element.configuration)) == (
        element.atomic_number
    )
    assert element.mass_number >= 2 * element.atomic_number or symbol in ("H", "Ar")


def test_the_table_runs_from_hydrogen_to_radon():
    """Every Z from 1 to 86 once, in order."""
    assert [e.atomic_number for e in _table().values()] == list(range(1, 87))


@pytest.mark.parametrize(
    ("symbol", "configuration"),
    [("Cr", "[Ar] 3d5 4s1"), ("Pd", "[Kr] 4d10"), ("Gd", "[Xe] 4f7 5d1 6s2")],
)
def test_exceptions_to_the_filling_rule_are_there(symbol, configuration):
    """Three well-known ground levels."""
    assert ground_configuration(symbol).configuration == configuration


SETTLED = ("Fe", "I", "Ce")


@pytest.mark.parametrize(
    "symbol",
    [
        symbol if symbol in SETTLED else pytest.param(symbol, marks=pytest.mark.validate)
        for symbol in _table()
    ],
)
def test_open_shells_of_every_kind_settle(symbol):
    """Every ground configuration: bound, and ordered by n within each kappa."""
    atom = ground_state(symbol)
    assert all(orbital.energy < -0.05 for orbital in atom.orbitals)
    for kappa, rows in atom.problem.columns.items():
        levels = [atom.orbitals[i].energy for i in rows]
        assert levels == sorted(levels), kappa


def test_unknown_names_are_refused():
    """An element beyond the table, and a model that does not exist."""
    with pytest.raises(UnknownName, match="element"):
        ground_state("Uue")
    with pytest.raises(UnknownName, match="atomic model"):
        ground_state("He", model="hartree")
