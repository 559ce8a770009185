"""Subshell photoionisation by theory: Kissel's tables as `xraylib` holds them.

Three properties of that copy are handled here once.  (1) A subshell is held back below
its *measured* edge; where theory has the lower threshold (Ge K 11067 against 11103 eV)
the value at the measured edge is held down to it, and where theory has the higher one
(Ge M4 38.8 against 28.7 eV) the straight line that xraylib draws between them is cut
off.  (2) Above ``min(500 B, 30 B_K, 300 keV)`` the tables carry an artificial
exponential attenuation (the factor ``A2EX`` in Kissel's files; silicon is 20 % low at
60 keV); `continued` replaces it, see `_shape`.  (3) Values are per electron.

References: L. Kissel, Radiat. Phys. Chem. 59, 185 (2000), with the program PIXS of
J. H. Scofield; T. Schoonjans et al., Spectrochim. Acta B 66, 776 (2011); thresholds:
S. T. Perkins et al., EADL, UCRL-50400 vol. 30 (1991).
"""

import csv
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.targets.elements import SHELL_NAMES, Element, Subshell
from nuatom.targets.totals import elam_total

ENERGY_MIN_KEV = 0.010
ENERGY_MAX_KEV = 100.0
_NODES = 1500
_CLEAR_OF_ATTENUATION = 0.9
_EDGE_SLACK = 1e-12
_TINY = 1e-300
_THRESHOLDS = Path(__file__).parents[1] / "data/targets/theoretical-edges/eadl-1997/table.csv"


@dataclass(frozen=True, eq=False)
class SubshellTable:
    """The cross section of one subshell, all its electrons together, on a dense grid.

    Parameters
    ----------
    subshell : Subshell
        Name, electrons and measured edge [any].
    threshold : float
        Theoretical threshold [energy].
    log_energy : ndarray
        ln(E/keV) from the threshold or the measured edge upwards, whichever is
        higher [dimensionless].
    log_tabulated : ndarray
        ln(sigma/barn) as tabulated, attenuation included [dimensionless].
    log_continued : ndarray
        ln(sigma/barn) with the attenuated part replaced [dimensionless].
    """

    subshell: Subshell
    threshold: float
    log_energy: Array
    log_tabulated: Array
    log_continued: Array

    def tabulated(self, energy: Array) -> Array:
        """Return sigma(E) as tabulated, zero below the theoretical threshold.

        Parameters
        ----------
        energy : ndarray
            Photon energies [energy].

        Returns
        -------
        ndarray
            Same shape [length^2].
        """
        return self._value(energy, energy, self.threshold, self.log_tabulated)

    def continued(self, energy: Array) -> Array:
        """Return sigma(E) with the attenuated part replaced.

        Parameters
        ----------
        energy : ndarray
            Photon energies [energy].

        Returns
        -------
        ndarray
            Same shape [length^2].
        """
        return self._value(energy, energy, self.threshold, self.log_continued)

    def shifted(self, energy: Array) -> Array:
        """Return sigma with the threshold moved to the measured edge B.

        ::

            sigma(E + (B_theory - B) B/E)   for E >= B, else 0

        The full shift at the edge, where the onset belongs to the photoelectron, and
        none far above, where the tables are right at the photon energy.  An edge below
        10 eV lies outside every table and is one of the solid: there the energy is not
        shifted, and the value at the theoretical threshold is held down to the edge.

        Parameters
        ----------
        energy : ndarray
            Photon energies [energy].

        Returns
        -------
        ndarray
            Same shape [length^2].
        """
        edge = self.subshell.binding_energy
        seen = edge >= ENERGY_MIN_KEV * u.keV * (1 - _EDGE_SLACK)
        moved = (self.threshold - edge) * edge / energy if seen else 0.0
        at = np.maximum(energy + moved, self.threshold)
        return self._value(energy, at, edge, self.log_continued)

    def _value(self, energy: Array, at: Array, edge: float, log_values: Array) -> Array:
        """Interpolate linearly in ln sigma against ln E; constant below the first node."""
        value = np.exp(np.interp(np.log(at / u.keV), self.log_energy, log_values)) * u.barn
        return np.where(energy >= edge * (1 - _EDGE_SLACK), value, 0.0)


@functools.cache
def subshell_tables(target: Element) -> tuple[SubshellTable, ...]:
    """Return the tables of an element, from K outwards.

    Parameters
    ----------
    target : Element
        What absorbs [any].

    Returns
    -------
    tuple of SubshellTable
        Valence subshells without a measured edge are not in xraylib and are left
        out; above 10 eV they hardly absorb.
    """
    return tuple(_tables(target))


def _tables(target: Element) -> Iterator[SubshellTable]:
    """Build the tables one by one; each may serve a later one of its kind."""
    atomic_number = target.atomic_number
    inner: dict[str, SubshellTable] = {}
    for subshell in target.subshells:
        shell = SHELL_NAMES.index(subshell.name)
        edge = subshell.binding_energy / u.keV
        if not _raw(atomic_number, shell, np.array([2 * edge]))[0] > 0:
            continue
        threshold = _thresholds()[atomic_number, subshell.name]
        energy = _grid(max(threshold, edge))
        last = _CLEAR_OF_ATTENUATION * min(500 * threshold, attenuated_from(target), 300.0)
        known, beyond = energy[energy <= last], energy[energy > last]
        tabulated = np.maximum(_raw(atomic_number, shell, energy), _TINY)
        values = tabulated[: known.size]
        family = subshell.name[1:] or "1"
        shape = _shape(subshell.name, atomic_number, known, values, inner.get(family))
        values = np.concatenate([values, values[-1] * shape(beyond) / shape(known[-1:])])
        inner[family] = SubshellTable(
            subshell=subshell,
            threshold=threshold * u.keV,
            log_energy=np.log(energy),
            log_tabulated=np.log(tabulated * subshell.electrons),
            log_continued=np.log(values * subshell.electrons),
        )
        yield inner[family]


def attenuated_from(target: Element) -> float:
    """Return 30 B_K in keV: from there on even the K shell is attenuated.

    Parameters
    ----------
    target : Element
        What absorbs [any].

    Returns
    -------
    float
        Energy in keV.
    """
    return 30 * target.subshells[0].binding_energy / u.keV


def _grid(start: float) -> Array:
    """Return energies in keV, geometric in the distance from the lowest one."""
    start = start * (1 + 1e-9)
    steps = np.geomspace(1e-6, 1.1 * ENERGY_MAX_KEV / start + 1, _NODES)
    return np.concatenate([[start], start * (1 + steps)])


def _raw(atomic_number: int, shell: int, energy: Array) -> Array:
    """Return the xraylib values per electron in barn at energies in keV; 0 where it has none."""
    import xraylib_np

    values = xraylib_np.CSb_Photo_Partial(np.array([atomic_number]), np.array([shell]), energy)
    return np.asarray(values[0, 0], dtype=np.float64)


@functools.cache
def _thresholds() -> dict[tuple[int, str], float]:
    """Return (Z, subshell) -> theoretical threshold in keV."""
    with _THRESHOLDS.open(newline="", encoding="utf-8") as file:
        return {
            (int(row["atomic_number"]), row["subshell"]): float(row["binding_energy_eV"]) / 1000
            for row in csv.DictReader(file)
        }


def _shape(
    name: str, atomic_number: int, known: Array, values: Array, inner: SubshellTable | None
) -> Callable[[Array], Array]:
    """Return the shape in which a subshell continues above its last `known` energy in keV.

    Far above threshold photoionisation happens near the nucleus, where orbitals of
    equal l and j are proportional: an outer subshell follows the next inner one of
    its kind.  K follows Elam's total, which it dominates there.  The first p, d and f
    subshells follow a power law with their last slope.
    """
    if inner is not None:
        return lambda energy: inner.continued(energy * u.keV)
    if name == "K":
        return lambda energy: elam_total(atomic_number, energy)
    slope = np.log(values[-1] / values[-20]) / np.log(known[-1] / known[-20])
    return lambda energy: np.asarray(energy**slope)
