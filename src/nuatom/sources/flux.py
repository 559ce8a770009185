"""Neutrino fluxes and their cumulative moments.

A rate needs of a source only the moments ``M_k(E_min) = Int_{E_min} phi(E) w(E) E^-k dE``.
A continuum is piecewise linear, with jumps where a beta branch ends, and its moments are
exact; a line is exact by nature.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import EnergyWeight, check_flavor
from nuatom.sources.continuum import Continuum, Moment, Moments, combined, content_hash

__all__ = ["Continuum", "Flux", "Line", "Moment", "Moments", "Source", "combined", "mono_energetic"]


class Flux(Protocol):
    """A flux of one flavour: a continuum or one line."""

    @property
    def flavor(self) -> str:
        """One of the six flavours [name]."""
        ...

    @property
    def energy_max(self) -> float:
        """No neutrino has more energy [energy]."""
        ...

    def moment(self, power: int, weight: EnergyWeight | None = None) -> Moment:
        """Return ``E_min -> Int_{E_min} phi(E) w(E) E^-power dE``.

        Parameters
        ----------
        power : int
            k, any integer [dimensionless].
        weight : callable, optional
            w(E) [dimensionless].
        """
        ...

    def moments(self, powers: tuple[int, ...], weight: EnergyWeight | None = None) -> Moments:
        """Return the moments of several powers of 1/E at once.

        Parameters
        ----------
        powers : tuple of int
            Each k, any integers [dimensionless].
        weight : callable, optional
            w(E) [dimensionless].
        """
        ...

    def scaled(self, factor: float) -> Self:
        """Return the same flux times `factor`.

        Parameters
        ----------
        factor : float
            Not negative [any].
        """
        ...

    def digest(self) -> str:
        """Return a hash of the content."""
        ...


@dataclass(frozen=True)
class Line:
    """Neutrinos of a single energy.

    Parameters
    ----------
    flavor : str
        One of the six flavours [name].
    energy : float
        E_0 > 0 [energy].
    intensity : float
        Flux >= 0 [1/(length^2 time)].

    Raises
    ------
    InvalidInput
        If energy or intensity is out of range or not finite.

    Example
    -------
    >>> Line("nu_e", 2.0, 10.0).moment(1)(np.array([1.0, 2.0, 2.1]))
    array([5., 5., 0.])
    """

    flavor: str
    energy: float
    intensity: float

    def __post_init__(self) -> None:
        """Check the values."""
        check_flavor(self.flavor)
        finite("neutrino_energy", self.energy, positive=True)
        if float(finite("flux", self.intensity)) < 0:
            raise InvalidInput(f"flux: found {self.intensity:g}, expected >= 0")

    @property
    def energy_max(self) -> float:
        """The energy of the line [energy]."""
        return self.energy

    def moment(self, power: int, weight: EnergyWeight | None = None) -> Moment:
        """Return ``E_min -> intensity w(E_0) E_0^-power`` for E_min <= E_0, else 0."""
        moments = self.moments((power,), weight)
        return lambda minimum: moments(minimum)[0]

    def moments(self, powers: tuple[int, ...], weight: EnergyWeight | None = None) -> Moments:
        """Return the same for several powers, with the shape (power, ...)."""
        factor = 1.0 if weight is None else float(weight(np.array(self.energy)))
        strengths = [self.intensity * factor * self.energy ** (-power) for power in powers]

        def above(minimum: Array) -> Array:
            open_ = np.asarray(minimum) <= self.energy
            return np.stack([np.where(open_, strength, 0.0) for strength in strengths])

        return above

    def scaled(self, factor: float) -> "Line":
        """Return the same line times `factor` [any]."""
        return replace(self, intensity=self.intensity * factor)

    def digest(self) -> str:
        """Return the SHA-256 of flavour, energy and intensity."""
        return content_hash(self.flavor, np.array([self.energy, self.intensity]))


@dataclass(frozen=True, eq=False)
class Source:
    """Where neutrinos come from: one or more fluxes, with their references.

    Parameters
    ----------
    name : str
        Short name [name].
    fluxes : tuple of Flux
        At least one [any].
    references : tuple of str
        Where the numbers come from [text].
    notes : str
        What the reader must know [text].

    Raises
    ------
    InvalidInput
        If there is no flux.

    Example
    -------
    >>> beam = Source("beam", (Line("nu_mu", 2.0, 3.0), Line("nu_mu", 4.0, 1.0)))
    >>> beam.total_flux(), beam.mean(1)
    (4.0, 2.5)
    """

    name: str
    fluxes: tuple[Flux, ...]
    references: tuple[str, ...] = ()
    notes: str = ""

    def __post_init__(self) -> None:
        """Check that there is a flux."""
        if not self.fluxes:
            raise InvalidInput(f"source {self.name!r}: found no flux, expected at least one")

    @property
    def energy_max(self) -> float:
        """No neutrino has more energy [energy]."""
        return max(flux.energy_max for flux in self.fluxes)

    def total_flux(self) -> float:
        """Return the flux of all neutrinos, ``sum Int phi dE`` [1/(length^2 time)]."""
        return self._full_moment(0)

    def _full_moment(self, power: int) -> float:
        zero = np.array(0.0)
        return float(sum(flux.moment(power)(zero) for flux in self.fluxes))

    def mean(self, power: int) -> float:
        """Return the mean ``<E^power>`` over the flux.

        Parameters
        ----------
        power : int
            Any integer [dimensionless].

        Returns
        -------
        float
            [energy^power]

        Raises
        ------
        InvalidInput
            If the total flux is zero.

        Example
        -------
        >>> Source("beam", (Line("nu_mu", 2.0, 3.0),)).mean(2)
        4.0
        """
        total = self.total_flux()
        if total == 0:
            raise InvalidInput(f"source {self.name!r}: found a total flux of 0, expected > 0")
        return self._full_moment(-power) / total

    def scaled(self, factor: float) -> "Source":
        """Return the same source times `factor`, which must not be negative."""
        if not float(finite("scale factor", factor)) >= 0:
            raise InvalidInput(f"scale factor: found {factor:g}, expected >= 0")
        return replace(self, fluxes=tuple(flux.scaled(factor) for flux in self.fluxes))

    def normalised_to(self, total_flux: float) -> "Source":
        """Return the source scaled to a given total flux.

        Parameters
        ----------
        total_flux : float
            Flux of all neutrinos [1/(length^2 time)].

        Returns
        -------
        Source
            Same spectrum, other flux.

        Raises
        ------
        InvalidInput
            If `total_flux` is negative, or the source itself has none.

        Example
        -------
        >>> Source("beam", (Line("nu_mu", 2.0, 3.0),)).normalised_to(6.0).total_flux()
        6.0
        """
        present = self.total_flux()
        if present == 0:
            raise InvalidInput(f"source {self.name!r}: found a total flux of 0, expected > 0")
        return self.scaled(total_flux / present)

    def digest(self) -> str:
        """Return the SHA-256 of the name and of every flux."""
        return content_hash(self.name + "".join(flux.digest() for flux in self.fluxes))


def mono_energetic(energy: float, flux: float, flavor: str = "anti_nu_e") -> Source:
    """Return a source of neutrinos of a single energy.

    Parameters
    ----------
    energy : float
        Neutrino energy [energy].
    flux : float
        Total flux [1/(length^2 time)].
    flavor : str
        One of the six flavours [name].

    Returns
    -------
    Source
        Named "mono-energetic", with one line.

    Raises
    ------
    InvalidInput
        If a value is out of range.

    Example
    -------
    >>> from nuatom import units as u
    >>> source = mono_energetic(1 * u.MeV, 1e13 * u.flux)
    >>> round(source.total_flux() / u.flux / 1e13, 12)
    1.0
    """
    return Source("mono-energetic", (Line(flavor, energy, flux),))
