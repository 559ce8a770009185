"""Elements: mean mass, isotopes, and subshells with their measured edges.

Masses and isotopic compositions are those of `periodictable` (CIAAW standard
atomic weights and representative compositions, AME atomic masses), edges and
occupations those of `xraylib` (Schoonjans et al., Spectrochim. Acta B 66, 776,
2011).  Both packages are imported on first use only.
"""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, UnknownName, lookup

_SYMBOL_TEXT = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br"
    " Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho"
    " Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U"
)
SYMBOLS: tuple[str, ...] = tuple(_SYMBOL_TEXT.split())
"""The elements that may be asked for, hydrogen to uranium."""

SHELL_NAMES: tuple[str, ...] = tuple(
    f"{shell}{index}" if shell != "K" else "K"
    for shell, count in (("K", 1), ("L", 3), ("M", 5), ("N", 7), ("O", 7), ("P", 5), ("Q", 3))
    for index in range(1, count + 1)
)
"""X-ray names in the order of `xraylib`: the position is its shell number."""

_ORBITAL = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3}
_IONISATION = (
    Path(__file__).parents[1] / "data/targets/first-ionisation-energies/nist-asd/table.csv"
)
# CIAAW representative composition (Meija et al., Pure Appl. Chem. 88, 293, 2016);
# the table of periodictable leaves uranium out because natural samples vary.
_URANIUM = {234: 0.000054, 235: 0.007204, 238: 0.992742}


@dataclass(frozen=True)
class Subshell:
    """One occupied subshell of an atom.

    Parameters
    ----------
    name : str
        X-ray name such as ``K``, ``L3``, ``M5`` [name].
    electrons : float
        How many electrons it holds; a partly filled pair j = l - 1/2, l + 1/2 is
        shared in proportion 2l : 2l + 2 (average of configuration)
        [dimensionless].
    binding_energy : float
        The measured edge [energy].
    """

    name: str
    electrons: float
    binding_energy: float


@dataclass(frozen=True)
class Isotope:
    """One naturally occurring isotope.

    Parameters
    ----------
    mass_number : int
        Protons plus neutrons [dimensionless].
    abundance : float
        Mole fraction; the fractions of an element add up to one [dimensionless].
    mass : float
        Mass of the nucleus: the atomic mass less Z electron masses.  The binding
        energy of the electrons is neglected, less than 1e-5 of the mass [energy].
    """

    mass_number: int
    abundance: float
    mass: float


@dataclass(frozen=True)
class Element:
    """An element as a target.

    Parameters
    ----------
    symbol : str
        Chemical symbol [name].
    atomic_number : int
        Z [dimensionless].
    mass : float
        Standard atomic weight: the mean mass of an atom [energy].
    isotopes : tuple of Isotope
        The natural composition; empty for an element that has none [any].
    subshells : tuple of Subshell
        The occupied ones, from K outwards [any].

    Notes
    -----
    A material of several elements is a `nuatom.targets.compounds.Compound`.
    """

    symbol: str
    atomic_number: int
    mass: float
    isotopes: tuple[Isotope, ...]
    subshells: tuple[Subshell, ...]

    @property
    def atoms_per_mass(self) -> float:
        """Return the number of atoms per mass of target, 1/mass [1/energy]."""
        return 1 / self.mass

    @property
    def shells(self) -> tuple[str, ...]:
        """Names of the subshells, K first."""
        return tuple(shell.name for shell in self.subshells)

    @property
    def edges(self) -> Array:
        """Measured binding energies of the subshells [energy]."""
        return np.array([shell.binding_energy for shell in self.subshells])


@functools.cache
def element(symbol: str) -> Element:
    """Return an element, hydrogen to uranium, by its chemical symbol.

    Parameters
    ----------
    symbol : str
        Chemical symbol in its usual case [name].

    Returns
    -------
    Element
        The same object at every call.

    Raises
    ------
    UnknownName
        If there is no such symbol; the nearest ones are suggested.
    InvalidInput
        If `symbol` is not a string.

    Notes
    -----
    The edges are measured ones (`xraylib`, from Elam, Ravel and Sieber, Radiat.
    Phys. Chem. 63, 121, 2002, which follow Bearden and Burr and the X-Ray Data
    Booklet).  For an element that is solid at room temperature they are relative
    to the Fermi level or the band edge of the solid, a few eV less than the free
    atom needs, and outermost shells may lie below the first ionisation energy (Ge
    N2,3: 2.3 eV against 7.9 eV).  A valence subshell without a measured edge (the s
    electrons of most metals among them) is given the first ionisation energy of the
    free atom (Kramida, Ralchenko, Reader and NIST ASD Team, NIST Atomic Spectra
    Database).

    Example
    -------
    >>> germanium = element("Ge")
    >>> germanium.atomic_number, len(germanium.isotopes)
    (32, 5)
    >>> round(germanium.subshells[0].binding_energy / u.eV, 1)
    11103.1
    """
    if not isinstance(symbol, str):
        raise InvalidInput(f"element: found {symbol!r}, expected a chemical symbol such as 'Ge'")
    if symbol not in SYMBOLS and symbol.capitalize() in SYMBOLS:
        hint = symbol.capitalize()
        raise UnknownName(f"unknown element {symbol!r}: did you mean {hint!r}?")
    atomic_number = lookup("element", symbol, {s: z for z, s in enumerate(SYMBOLS, start=1)})
    import periodictable

    atom = periodictable.elements[atomic_number]
    return Element(
        symbol=symbol,
        atomic_number=atomic_number,
        mass=float(atom.mass) * c.atomic_mass,
        isotopes=_isotopes(atomic_number),
        subshells=_subshells(atomic_number),
    )


def _isotopes(atomic_number: int) -> tuple[Isotope, ...]:
    """Return the natural composition, normalised to one."""
    import periodictable

    atom = periodictable.elements[atomic_number]
    if atomic_number == 92:
        fractions = dict(_URANIUM)
    else:
        fractions = {int(i.isotope): float(i.abundance) for i in atom if i.abundance > 0}
    total = sum(fractions.values())
    return tuple(
        Isotope(
            mass_number=number,
            abundance=fraction / total,
            mass=float(atom[number].mass) * c.atomic_mass - atomic_number * c.electron_mass,
        )
        for number, fraction in sorted(fractions.items())
    )


def _subshells(atomic_number: int) -> tuple[Subshell, ...]:
    """Return the occupied subshells; the electrons add up to Z exactly."""
    raw = {
        name: _quiet("ElectronConfig", atomic_number, number)
        for number, name in enumerate(SHELL_NAMES)
    }
    subshells = []
    for number, name in enumerate(SHELL_NAMES):
        if raw[name] > 0:
            edge = _quiet("EdgeEnergy", atomic_number, number) * u.keV
            if edge == 0:
                edge = _first_ionisation_energies()[atomic_number]
            subshells.append(Subshell(name, _shared(raw, name), edge))
    return tuple(subshells)


def _quiet(function: str, atomic_number: int, shell: int) -> float:
    """Return a number of xraylib, zero where it has none."""
    import xraylib

    try:
        return float(getattr(xraylib, function)(atomic_number, shell))
    except ValueError:
        return 0.0


def _shared(raw: dict[str, float], name: str) -> float:
    """Return the electrons of a subshell with its pair rounded to a whole number.

    xraylib prints six digits (0.666667); the pair together holds an integer.
    """
    if name == "K" or name[1] == "1":
        return float(round(raw[name]))
    index = int(name[1])
    orbital = _ORBITAL[index]
    lower = index % 2 == 0
    partner = f"{name[0]}{index + 1 if lower else index - 1}"
    together = round(raw[name] + raw.get(partner, 0.0))
    share = orbital if lower else orbital + 1
    return together * share / (2 * orbital + 1)


@functools.cache
def _first_ionisation_energies() -> dict[int, float]:
    """Return Z -> first ionisation energy [energy], where an edge is missing."""
    with _IONISATION.open(newline="", encoding="utf-8") as file:
        return {
            int(row["atomic_number"]): float(row["first_ionisation_energy_eV"]) * u.eV
            for row in csv.DictReader(file)
        }
