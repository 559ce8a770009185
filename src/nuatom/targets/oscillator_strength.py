"""Oscillator strength: how many electrons have answered up to a given energy.

A photoabsorption cross section is a density of oscillator strength,

::

    df/dT = m sigma(T)/(2 pi^2 alpha),    Int_0^inf df = Z   (Thomas, Reiche and Kuhn)

and the count of electrons that take part in close collisions, the mean excitation
energy and the real part of the scattering factor are integrals over it.
"""

import functools
from dataclasses import dataclass

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.targets.elements import element
from nuatom.targets.photoabsorption import Photoabsorption

POINTS = 1500
"""Nodes, geometric between the ends of a source."""
EDGE_POINTS = 25
"""Further nodes on either side of each edge, geometric in the distance from it."""
EDGE_BROADENING = 1e-4
"""Relative distance from an edge that is not resolved: the natural width of a K hole in
germanium (2 eV in 11.1 keV) is of this size."""
_JUMP = 1e-9


def energy_nodes(photoabsorption: Photoabsorption) -> Array:
    """Return energies over the range of a source, with the two sides of each edge.

    Parameters
    ----------
    photoabsorption : Photoabsorption
        The source [photoabsorption].

    Returns
    -------
    ndarray
        Strictly increasing, both ends of the range included [energy].
    """
    low, high = photoabsorption.energy_min, photoabsorption.energy_max
    distance = np.concatenate([[_JUMP], np.geomspace(EDGE_BROADENING, 0.05, EDGE_POINTS)])
    sides = np.concatenate([1 - distance, 1 + distance])
    nodes = np.concatenate(
        [np.geomspace(low, high, POINTS), np.outer(photoabsorption.edges, sides).ravel()]
    )
    nodes[0], nodes[POINTS - 1] = low, high
    return np.unique(nodes[(nodes >= low) & (nodes <= high)])


@dataclass(frozen=True, eq=False)
class OscillatorStrength:
    """The electrons of an atom, counted by energy.

    ::

        N_s(T) = (m/(2 pi^2 alpha)) Int^T sigma_s dT',    sum_s N_s(inf) = Z

    What the table lacks of Z (the strength below its lowest energy, and the discrete
    lines) is `missing`; it is given to the outermost shell, from its edge on, so that
    hard collisions see Z electrons.

    Parameters
    ----------
    photoabsorption : Photoabsorption
        sigma_gamma by subshell [photoabsorption].

    Raises
    ------
    InvalidInput
        If the table holds more strength than Z electrons have, by more than 2 %.

    Notes
    -----
    The tables of Ge hold 30.1 of 32: the valence electrons of the solid absorb below
    10 eV.  Relativity lowers the sum rule by ``(Z/82.5)^2.37`` (0.1 for Ge), which is
    left to `missing` too.  Above the table ``sigma ~ T^-3``.

    Example
    -------
    >>> from nuatom.targets import element, photoabsorption
    >>> strength = OscillatorStrength(photoabsorption(element("Ge")))
    >>> bool(1.5 < strength.missing < 2.5)
    True
    """

    photoabsorption: Photoabsorption

    def __post_init__(self) -> None:
        """Check the sum rule."""
        if self.missing < -0.02 * self.electrons:
            raise InvalidInput(
                f"oscillator strength of {self.photoabsorption.element}: found "
                f"{self.electrons - self.missing:.4g} electrons in the source "
                f"{self.photoabsorption.name!r}, expected at most {self.electrons:g}; "
                "choose another source of photoabsorption"
            )

    @property
    def electrons(self) -> float:
        """Return Z."""
        return float(element(self.photoabsorption.element).atomic_number)

    @functools.cached_property
    def _cumulative(self) -> tuple[Array, Array]:
        """Energies and N_s up to each of them, (shell, energy)."""
        energy = energy_nodes(self.photoabsorption)
        density = self.photoabsorption.by_shell(energy) * c.electron_mass
        density /= 2 * np.pi**2 * c.fine_structure
        steps = np.diff(np.log(energy)) * ((density * energy)[:, 1:] + (density * energy)[:, :-1])
        start = np.zeros((density.shape[0], 1))
        return energy, np.hstack([start, np.cumsum(steps / 2, axis=1)])

    @functools.cached_property
    def tabulated(self) -> float:
        """Electrons in the range of the table."""
        return float(self._cumulative[1][:, -1].sum())

    @functools.cached_property
    def missing(self) -> float:
        """Electrons that the table and its continuation lack of Z."""
        photo = self.photoabsorption
        above = photo.cross_section(photo.energy_max)[0] * photo.energy_max / 2
        above *= c.electron_mass / (2 * np.pi**2 * c.fine_structure)
        return float(self.electrons - self.tabulated - above)

    @functools.cached_property
    def mean_excitation_energy(self) -> float:
        """Return exp(Int ln T df/Int df) over the range of the table [energy]."""
        energy, count = self._cumulative
        log_energy = np.log(energy)
        total = count.sum(axis=0)
        middle = (log_energy[1:] + log_energy[:-1]) / 2
        return float(np.exp((np.diff(total) * middle).sum() / total[-1]))

    def below(self, energy: Array) -> Array:
        """Return N_s(T), the part that the table holds.

        Parameters
        ----------
        energy : ndarray
            T, one-dimensional; above the table the count at its end [energy].

        Returns
        -------
        ndarray
            Shape (shell, T) [dimensionless].
        """
        nodes, count = self._cumulative
        position = np.log(nodes)
        return np.array([np.interp(np.log(energy), position, shell) for shell in count])

    def taking_part(self, energy: Array) -> Array:
        """Return the electrons that take part in close collisions with energy transfer T.

        Parameters
        ----------
        energy : ndarray
            T, one-dimensional [energy].

        Returns
        -------
        ndarray
            `below` plus the missing ones in the outermost shell, (shell, T); a table
            with more than Z electrons is scaled down instead [dimensionless].
        """
        number = self.below(energy)
        if self.missing < 0:
            return np.asarray(number * self.electrons / (self.electrons - self.missing))
        edges = self.photoabsorption.edges
        outermost = int(np.argmin(edges)) if number.shape[0] == edges.size else 0
        number[outermost] += self.missing * (energy >= edges.min() * (1 - _JUMP))
        return number
