"""Photoabsorption cross sections of atoms, by named source.

===========  ==========================  ===========================================
source       range                       what it is
===========  ==========================  ===========================================
henke        10 eV - 30 keV              measured and evaluated; whole atom
kissel       10 eV - 100 keV             theory, by subshell, at its own thresholds
recommended  10 eV - 100 keV             the two joined, by subshell, at measured edges
elam         100 eV - 100 keV            whole atom; for the spread between sources
===========  ==========================  ===========================================

The spread between the sources (`photoabsorption_band`) is the uncertainty.  For Ge,
as high/low - 1: 25 to 94 % at 10-25 eV, 20 to 35 % at 100-500 eV, less than 1 % at
1.00-1.20 keV, 54 % and more between the L3 and L2 edges (1217-1248 eV, where Henke's
table lumps L2 into L3) and at most 4 % above 1.42 keV, apart from the K edge itself.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from nuatom import units as u
from nuatom.arrays import RANGE_SLACK, Array
from nuatom.errors import InvalidInput, lookup
from nuatom.targets.elements import Element
from nuatom.targets.kissel import (
    ENERGY_MAX_KEV,
    ENERGY_MIN_KEV,
    SubshellTable,
    attenuated_from,
    subshell_tables,
)
from nuatom.targets.recommended import Recommended
from nuatom.targets.totals import Elam, Henke, checked_energy


class Photoabsorption(Protocol):
    """Photoabsorption of one element by one source, resolved into subshells where it can be."""

    @property
    def name(self) -> str:
        """Name of the source."""

    @property
    def element(self) -> str:
        """Symbol of the element."""

    @property
    def shells(self) -> tuple[str, ...]:
        """Subshells in the order of the first axis of `by_shell`."""

    @property
    def edges(self) -> Array:
        """Thresholds: points where the cross section jumps [energy]."""

    @property
    def energy_min(self) -> float:
        """Lower end of the range [energy]."""

    @property
    def energy_max(self) -> float:
        """Upper end of the range [energy]."""

    def cross_section(self, energy: Array | float) -> Array:
        """Return sigma(T) of the atom.

        Parameters
        ----------
        energy : array_like
            Photon energies inside the range [energy].

        Returns
        -------
        ndarray
            (T,) [length^2].

        Raises
        ------
        OutOfRange
            If an energy lies outside [energy_min, energy_max].
        InvalidInput
            If an energy is not positive and finite.
        """

    def by_shell(self, energy: Array | float) -> Array:
        """Return sigma(shell, T); the shells add up to the atom.

        Parameters
        ----------
        energy : array_like
            Photon energies inside the range [energy].

        Returns
        -------
        ndarray
            (shell, T) [length^2].

        Raises
        ------
        OutOfRange
            If an energy lies outside [energy_min, energy_max].
        InvalidInput
            If an energy is not positive and finite.
        """


@dataclass(frozen=True, eq=False)
class Kissel:
    """Kissel's theory by subshell, at its own thresholds, as `xraylib` holds it.

    The thresholds are theoretical: Ge M4 38.8 eV (measured 28.7), K 11067 eV (measured
    11103).  The tables are taken as they stand: above 500 times its threshold an outer
    subshell is artificially attenuated, which lowers the total by up to 1 %; where that
    reaches the K shell (30 times its edge) the range ends.  Where the measured edge is
    higher, xraylib has nothing in between: the value at the measured edge is held.

    Parameters
    ----------
    target : Element
        What absorbs [any].

    References
    ----------
    L. Kissel, Radiat. Phys. Chem. 59, 185 (2000); T. Schoonjans et al., Spectrochim.
    Acta B 66, 776 (2011).
    """

    target: Element
    name: str = field(default="kissel", init=False)
    energy_min: float = field(default=ENERGY_MIN_KEV * u.keV, init=False)

    @property
    def energy_max(self) -> float:
        """100 keV, or 30 K edges where that is lower [energy]."""
        return min(ENERGY_MAX_KEV, attenuated_from(self.target)) * u.keV

    @functools.cached_property
    def _tables(self) -> tuple[SubshellTable, ...]:
        return subshell_tables(self.target)

    @property
    def element(self) -> str:
        """Symbol of the element."""
        return self.target.symbol

    @property
    def shells(self) -> tuple[str, ...]:
        """Subshells that the source has."""
        return tuple(t.subshell.name for t in self._tables)

    @property
    def edges(self) -> Array:
        """Thresholds of this source [energy]."""
        return np.array([t.threshold for t in self._tables])

    def cross_section(self, energy: Array | float) -> Array:
        """Return sigma(T) of the atom [length^2]."""
        return np.asarray(self.by_shell(energy).sum(axis=0))

    def by_shell(self, energy: Array | float) -> Array:
        """Return sigma(shell, T) [length^2]."""
        values = checked_energy(f"kissel {self.element}", energy, self.energy_min, self.energy_max)
        return np.array([t.tabulated(values) for t in self._tables])


PHOTOABSORPTION_SOURCES: Mapping[str, Callable[[Element], Photoabsorption]] = {
    "henke": Henke,
    "kissel": Kissel,
    "recommended": Recommended,
    "elam": Elam,
}
"""Every source by name."""


@functools.cache
def photoabsorption(element: Element, source: str = "recommended") -> Photoabsorption:
    """Return the photoabsorption cross section of an element from a named source.

    Parameters
    ----------
    element : Element
        What absorbs, from `nuatom.targets.element` [any].
    source : str
        ``henke``, ``kissel``, ``recommended`` or ``elam`` [name].

    Returns
    -------
    Photoabsorption
        The same object at every call.

    Raises
    ------
    UnknownName
        If there is no such source.
    InvalidInput
        If `element` is not an Element.

    Notes
    -----
    Each source says in its docstring where it holds; none is extrapolated.

    Example
    -------
    >>> from nuatom.targets import element
    >>> germanium = photoabsorption(element("Ge"), "henke")
    >>> round(float(germanium.cross_section(1 * u.keV)[0] / u.megabarn), 4)
    0.2265
    """
    if not isinstance(element, Element):
        raise InvalidInput(
            f"photoabsorption: found {element!r}, expected an Element; use element('Ge')"
        )
    return lookup("photoabsorption source", source, PHOTOABSORPTION_SOURCES)(element)


def photoabsorption_band(element: Element, energy: Array | float) -> tuple[Array, Array]:
    """Return the lowest and highest cross section among the sources.

    ::

        low = min, high = max over {henke, elam, recommended, kissel at measured edges}

    each where it is valid.  Kissel enters with its subshells moved to the measured
    edges, so that the band shows the spread of the strength and not of edge positions;
    within the interval of its table around an edge Henke is smeared and widens the band.

    Parameters
    ----------
    element : Element
        What absorbs [any].
    energy : array_like
        Photon energies from 10 eV to 100 keV [energy].

    Returns
    -------
    tuple of ndarray
        low and high, one-dimensional [length^2].

    Raises
    ------
    OutOfRange
        If an energy lies outside 10 eV to 100 keV.

    Notes
    -----
    The width for Ge is given at the top of this module.  It is a spread of tables, not
    a confidence interval.

    Example
    -------
    >>> from nuatom.targets import element
    >>> low, high = photoabsorption_band(element("Ge"), 0.3 * u.keV)
    >>> bool(1.15 < high[0] / low[0] < 1.35)
    True
    """
    recommended = photoabsorption(element)
    values = checked_energy(
        "photoabsorption", energy, recommended.energy_min, recommended.energy_max
    )
    stack = [
        recommended.cross_section(values),
        sum((t.shifted(values) for t in subshell_tables(element)), np.zeros_like(values)),
    ]
    for name in ("henke", "elam"):
        source = photoabsorption(element, name)
        inside = (values >= source.energy_min * (1 - RANGE_SLACK)) & (
            values <= source.energy_max * (1 + RANGE_SLACK)
        )
        column = np.full_like(values, np.nan)
        if inside.any():
            column[inside] = source.cross_section(values[inside])
        stack.append(column)
    table = np.array(stack)
    return np.asarray(np.nanmin(table, axis=0)), np.asarray(np.nanmax(table, axis=0))
