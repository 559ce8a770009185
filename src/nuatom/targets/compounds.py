"""Compounds: which atoms a kilogram of a detector material holds."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput, unknown
from nuatom.targets.elements import SYMBOLS, Element, element

_TABLE = resources.files("nuatom") / "data/targets/densities/pdg-2020/table.csv"
_PART = re.compile(r"([A-Z][a-z]?)(\d*)")


@dataclass(frozen=True)
class Compound:
    """A material of atoms in fixed proportions; one element is a compound too.

    ``atoms of element i per mass = n_i / sum_j n_j m_j``

    Parameters
    ----------
    name : str
        Such as ``NaI`` [name].
    formula : tuple of (str, float)
        Element symbols and how many atoms of each; only their ratios matter
        [dimensionless].

    Raises
    ------
    InvalidInput
        If there is no element, one occurs twice, or a number is not positive.
    UnknownName
        If a symbol is no element.

    Notes
    -----
    Atoms are free: chemical shifts of the edges, a few eV, are left out.  The rate per
    mass is the sum over elements of the rate per atom times these numbers.

    Example
    -------
    >>> water = Compound("water", (("H", 2), ("O", 1)))
    >>> [round(number * u.gram / 6.022e22, 3) for _, number in water.atoms_per_mass]
    [1.11, 0.555]
    """

    name: str
    formula: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        """Check the formula."""
        symbols = [symbol for symbol, _ in self.formula]
        if not symbols or len(set(symbols)) != len(symbols):
            raise InvalidInput(
                f"compound {self.name}: found the elements {symbols}, expected at least one and "
                "each once"
            )
        finite(f"compound {self.name}", [n for _, n in self.formula], positive=True)
        for symbol in symbols:
            element(symbol)

    @property
    def atoms_per_mass(self) -> tuple[tuple[Element, float], ...]:
        """Each element and how many of its atoms a unit of mass holds [1/mass]."""
        parts = [(element(symbol), float(number)) for symbol, number in self.formula]
        mass = sum(number * atom.mass for atom, number in parts)
        return tuple((atom, number / mass) for atom, number in parts)

    @property
    def mass_fractions(self) -> Mapping[str, float]:
        """Share of each element in the mass; they add up to one [dimensionless]."""
        return {atom.symbol: atom.mass * number for atom, number in self.atoms_per_mass}

    @property
    def edges(self) -> Array:
        """Binding energies of all subshells of all elements, increasing [energy]."""
        return np.unique(np.concatenate([atom.edges for atom, _ in self.atoms_per_mass]))


def compound(name: str) -> Compound:
    """Return a material by its chemical formula, an element by its symbol.

    Parameters
    ----------
    name : str
        Such as ``NaI``, ``GaAs``, ``CaWO4`` or ``Ge``; ``LAr`` and ``LXe`` are liquid
        argon and xenon [name].

    Returns
    -------
    Compound
        Named as asked.

    Raises
    ------
    UnknownName
        If it is no formula of elements up to uranium.
    InvalidInput
        If `name` is not a string, or repeats an element.

    Example
    -------
    >>> compound("CsI").formula
    (('Cs', 1.0), ('I', 1.0))
    >>> round(compound("NaI").mass_fractions["I"], 4)
    0.8466
    """
    if not isinstance(name, str):
        raise InvalidInput(f"compound: found {name!r}, expected a formula such as 'NaI'")
    formula = {"LAr": "Ar", "LXe": "Xe"}.get(name, name)
    parts = _PART.findall(formula)
    written = "".join(symbol + number for symbol, number in parts)
    if not parts or written != formula or any(symbol not in SYMBOLS for symbol, _ in parts):
        raise unknown("compound or element", name, [*densities(), *SYMBOLS])
    return Compound(name, tuple((symbol, float(number or 1)) for symbol, number in parts))


@cache
def densities() -> Mapping[str, float]:
    """Return the densities of the materials of detectors.

    Returns
    -------
    mapping
        Name to density, for those of the table [mass/length^3].

    Example
    -------
    >>> round(densities()["NaI"] / (u.gram / u.cm**3), 3)
    3.667

    References
    ----------
    Particle Data Group, Atomic and Nuclear Properties of Materials.
    """
    rows = csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines())
    return {row["material"]: float(row["density_g_per_cm3"]) * u.gram / u.cm**3 for row in rows}
