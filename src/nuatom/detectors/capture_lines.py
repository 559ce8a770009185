"""Lines of electron capture in a detector: where they lie and how strong they are.

A nuclide inside the detector that captures an electron of shell s leaves a hole in its
daughter.  X rays and Auger electrons of the daughter add up to the binding energy B_s
of that hole, and the neutrino takes the rest: lines at B_K, B_L, B_M with intensities
in the ratio of the capture fractions, mostly from s orbitals, hence from L1 and M1.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.targets import element

LINE_SHELLS = {"K": "K", "L": "L1", "M": "M1"}
"""The subshell at whose binding energy each line lies."""

_TABLE = resources.files("nuatom") / "data/backgrounds/electron-capture/ensdf/table.csv"


@dataclass(frozen=True)
class CaptureNuclide:
    """A nuclide that decays by electron capture.

    Parameters
    ----------
    name : str
        Such as ``71Ge`` [name].
    daughter : str
        Symbol of the daughter, whose binding energies the lines show [name].
    half_life : float
        Of the ground state [time].
    fractions : tuple of float
        Captures from K, from L, and from M and all outer shells; only their ratios
        matter [dimensionless].
    daughter_level : float
        Excitation of the daughter after the most frequent capture; above 0 a gamma ray
        follows [energy].

    Notes
    -----
    Captures from L2, M2 and from shells outside M, which are few, are put at L1 and M1.
    The line energies are binding energies in the neutral daughter; the hole and the missing
    electron of the mother shift them by a few eV.

    Example
    -------
    >>> nuclide = capture_nuclide("71Ge")
    >>> (nuclide.line_energies / u.keV).round(2)
    array([10.37,  1.3 ,  0.16])
    >>> nuclide.relative_intensities.round(3)
    array([1.   , 0.12 , 0.022])
    """

    name: str
    daughter: str
    half_life: float
    fractions: tuple[float, float, float]
    daughter_level: float = 0.0

    @property
    def line_energies(self) -> Array:
        """Energies of the K, L and M line [energy]."""
        edges = {s.name: s.binding_energy for s in element(self.daughter).subshells}
        return np.array([edges[shell] for shell in LINE_SHELLS.values()])

    @property
    def relative_intensities(self) -> Array:
        """Intensities of the K, L and M line, that of K being 1 [dimensionless]."""
        return np.array(self.fractions) / self.fractions[0]


def capture_nuclide(name: str) -> CaptureNuclide:
    """Return a nuclide by its name.

    Parameters
    ----------
    name : str
        A key of `capture_nuclides` [name].

    Returns
    -------
    CaptureNuclide
        Energies, intensities, half-life.

    Raises
    ------
    UnknownName
        If there is no such nuclide in the table.

    Example
    -------
    >>> capture_nuclide("65Zn").daughter
    'Cu'
    """
    return lookup("capture nuclide", name, capture_nuclides())


@cache
def capture_nuclides() -> Mapping[str, CaptureNuclide]:
    """Return the nuclides of the table, those that cosmic rays and neutrons make in Ge.

    Returns
    -------
    mapping
        Name to `CaptureNuclide`.

    Example
    -------
    >>> list(capture_nuclides())[:3]
    ['71Ge', '68Ge', '68Ga']

    References
    ----------
    Evaluated Nuclear Structure Data File, National Nuclear Data Center, Brookhaven.
    """
    rows = csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines())
    return {
        row["nuclide"]: CaptureNuclide(
            row["nuclide"],
            row["daughter"],
            float(row["half_life_days"]) * u.day,
            (
                float(row["k_fraction"]),
                float(row["l_fraction"]),
                float(row["m_and_outer_fraction"]),
            ),
            float(row["daughter_level_keV"]) * u.keV,
        )
        for row in rows
    }
