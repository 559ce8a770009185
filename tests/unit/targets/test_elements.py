"""Elements against published masses, compositions and edges."""

import csv
import hashlib
import tomllib
from pathlib import Path

import pytest

import nuatom.targets.elements as module
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.targets import element
from nuatom.targets.elements import SHELL_NAMES, SYMBOLS

DATA = Path(module.__file__).parents[1] / "data/targets"

# X-Ray Data Booklet (LBNL, 2009), Table 1-1, for the deep shells; eV.
BOOKLET = {
    ("Ge", "K"): 11103.1,
    ("Ge", "L1"): 1414.6,
    ("Ge", "L2"): 1248.1,
    ("Ge", "L3"): 1217.0,
    ("Ge", "M1"): 180.1,
    ("Ge", "M3"): 120.8,
    ("Xe", "L1"): 5453.0,
    ("Xe", "M4"): 689.0,
    ("Xe", "N4"): 69.5,
    ("Si", "K"): 1839.0,
    ("Ar", "L3"): 248.4,
    ("Na", "K"): 1070.8,
}


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_atom_is_neutral_and_its_composition_complete(symbol: str) -> None:
    """The electrons add up to Z, edges are positive, and abundances add up to one."""
    atom = element(symbol)
    assert sum(s.electrons for s in atom.subshells) == pytest.approx(atom.atomic_number, abs=1e-12)
    assert all(s.binding_energy > 0 for s in atom.subshells)
    assert all(s.name in SHELL_NAMES for s in atom.subshells)
    if atom.isotopes:
        assert sum(i.abundance for i in atom.isotopes) == pytest.approx(1, abs=1e-12)


def test_symbols_are_the_periodic_table() -> None:
    """Position in the list is the atomic number."""
    assert len(SYMBOLS) == 92
    assert [SYMBOLS.index(s) + 1 for s in ("H", "Ge", "Xe", "Cs", "Pb", "U")] == [
        1, 32, 54, 55, 82, 92,
    ]  # fmt: skip


@pytest.mark.parametrize(("symbol", "shell"), BOOKLET)
def test_edges_are_the_published_ones(symbol: str, shell: str) -> None:
    """Edges agree with the X-Ray Data Booklet.

    2 eV: the Na K edges of the two compilations differ by 1.3 eV, the rest by less
    than 1 eV.
    """
    atom = element(symbol)
    found = dict(zip(atom.shells, atom.edges, strict=True))[shell]
    tolerance = 2.0 if (symbol, shell) == ("Na", "K") else 1.0
    assert found / u.eV == pytest.approx(BOOKLET[symbol, shell], abs=tolerance)


def test_mean_mass_of_germanium() -> None:
    """The standard atomic weight of Ge is 72.63 u, the mean over its isotopes.

    1e-4: weights and compositions are evaluated separately; nuclei lack 32 electrons.
    """
    atom = element("Ge")
    assert atom.mass / c.atomic_mass == pytest.approx(72.63, abs=0.01)
    mean = sum(i.abundance * (i.mass + 32 * c.electron_mass) for i in atom.isotopes)
    assert mean == pytest.approx(atom.mass, rel=1e-4)
    assert [i.mass_number for i in atom.isotopes] == [70, 72, 73, 74, 76]
    assert atom.atoms_per_mass * u.kg == pytest.approx(1000 / 72.63 * 6.02214076e23, rel=1e-4)


def test_nuclear_mass_of_hydrogen_is_the_proton() -> None:
    """The atomic mass of hydrogen-1 less an electron is the proton mass.

    2e-8: the 13.6 eV of binding that is neglected, over 938 MeV.
    """
    proton = element("H").isotopes[0]
    assert proton.mass == pytest.approx(c.proton_mass, rel=2e-8)


def test_isotopes_of_uranium_and_technetium() -> None:
    """Uranium has its natural composition and technetium has none."""
    assert {i.mass_number: round(i.abundance, 4) for i in element("U").isotopes} == {
        234: 0.0001,
        235: 0.0072,
        238: 0.9927,
    }
    assert element("Tc").isotopes == ()


def test_germanium_4p_is_an_average_of_configuration() -> None:
    """Two 4p electrons of Ge are shared 1 : 2 between j = 1/2 and 3/2."""
    n = {s.name: s.electrons for s in element("Ge").subshells}
    assert n["N2"] == pytest.approx(2 / 3, abs=1e-15)
    assert n["N3"] == pytest.approx(4 / 3, abs=1e-15)


def test_valence_shell_without_edge_has_the_ionisation_energy() -> None:
    """Caesium's 6s electron has no measured edge and is bound by 3.894 eV (NIST)."""
    last = element("Cs").subshells[-1]
    assert last.name == "P1"
    assert last.binding_energy / u.eV == pytest.approx(3.8939, abs=1e-4)


def test_noble_gas_outer_edge_is_the_ionisation_energy() -> None:
    """For gases the measured edges are those of the free atom: Xe 12.13, Ar 15.76, He 24.59 eV."""
    for symbol, value in (("Xe", 12.13), ("Ar", 15.76), ("He", 24.59)):
        edge = min(s.binding_energy for s in element(symbol).subshells)
        assert edge / u.eV == pytest.approx(value, abs=0.1)


def test_elements_are_cached() -> None:
    """The same symbol gives the same object."""
    assert element("Ge") is element("Ge")


@pytest.mark.parametrize(("given", "meant"), [("ge", "Ge"), ("Gee", "Ge"), ("XE", "Xe")])
def test_misspelt_symbol_suggests_the_nearest(given: str, meant: str) -> None:
    """A wrong symbol is refused with the right one in the message."""
    with pytest.raises(UnknownName, match=f"did you mean '?.*{meant}"):
        element(given)


def test_number_instead_of_symbol_is_refused() -> None:
    """Z is not a symbol."""
    with pytest.raises(InvalidInput, match="expected a chemical symbol"):
        element(32)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["first-ionisation-energies/nist-asd", "theoretical-edges/eadl-1997"]
)
def test_tables_match_their_cards(name: str) -> None:
    """The hash on each data card is that of its table."""
    folder = DATA / name
    card = tomllib.loads((folder / "data.toml").read_text(encoding="utf-8"))
    content = (folder / card["table"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == card["sha256"]
    assert card["units"] == "eV" and card["reference"] and card["licence"]


def test_theory_and_measured_edges_agree() -> None:
    """Theoretical thresholds above 50 eV lie within 30 % of the measured edges.

    It catches an error of keying; the worst are the 3p shells of iron (26 %).
    """
    with (DATA / "theoretical-edges/eadl-1997/table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    theory = {(int(r["atomic_number"]), r["subshell"]): float(r["binding_energy_eV"]) for r in rows}
    for symbol in SYMBOLS:
        atom = element(symbol)
        for s in atom.subshells:
            value = theory[atom.atomic_number, s.name]
            if s.binding_energy > 50 * u.eV:
                assert value == pytest.approx(s.binding_energy / u.eV, rel=0.3)
