"""Energy resolution of an ionisation detector: what becomes of one true energy."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput

REACH = 6.0
"""How far beyond the last bin deposits are followed, in standard deviations."""


class Resolution(Protocol):
    """What becomes of one true energy: a distribution of observed energies.

    Parameters
    ----------
    observed : ndarray
        Observed energies x, shape (x,) [energy].
    energy : ndarray
        True energies E in electron equivalent, shape (E,) [energy].
    """

    def sigma(self, energy: ArrayLike) -> Array:
        """Return the standard deviation of the observed energy, of the shape of `energy`."""
        ...

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return ``Int_-inf^x p(y|E) dy`` and ``Int_-inf^x y p(y|E) dy``, shape (x, E)."""
        ...


def gaussian_below(observed: Array, energy: Array, sigma: Array) -> tuple[Array, Array]:
    """Return the part of a Gaussian below each observed energy, and its first moment.

    ``Phi(z)`` and ``E Phi(z) - sigma phi(z)`` with ``z = (x - E)/sigma``

    Parameters
    ----------
    observed : ndarray
        x, shape (x,) [energy].
    energy : ndarray
        E, the mean, shape (E,) [energy].
    sigma : ndarray
        Standard deviation > 0 at each E [energy].

    Returns
    -------
    tuple of ndarray
        Each of shape (x, E), [dimensionless] and [energy].

    Example
    -------
    >>> part, moment = gaussian_below(np.array([1.0]), np.array([1.0]), np.array([0.1]))
    >>> print(part.item(), round(moment.item(), 6))
    0.5 0.460106
    """
    from scipy.special import ndtr

    z = (observed[:, None] - energy) / sigma
    part = ndtr(z)
    density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return np.asarray(part), np.asarray(energy * part - sigma * density)


@dataclass(frozen=True)
class FanoResolution:
    """Electronic noise and the statistics of charge carriers.

    ::

        sigma(T)^2 = sigma_noise^2 + F epsilon T

    Parameters
    ----------
    noise : float
        sigma_noise of the electronics, its standard deviation [energy].
    fano : float
        F, 0.11 for germanium [dimensionless].
    energy_per_pair : float
        epsilon, 2.96 eV for germanium at 77 K [energy].

    Raises
    ------
    InvalidInput
        If the noise or the energy per pair is not positive, or F is negative.

    Notes
    -----
    Gaussian; incomplete collection of charge is left out.  The defaults are usual values
    for germanium, stated and not fitted to any detector.  G. F. Knoll, Radiation Detection
    and Measurement, 4th edition (2010).

    Example
    -------
    >>> resolution = FanoResolution(20 * u.eV)
    >>> round(float(resolution.sigma(10 * u.keV) / u.eV), 1)
    60.5
    """

    noise: float
    fano: float = 0.11
    energy_per_pair: float = 2.96 * u.eV

    def __post_init__(self) -> None:
        """Check the numbers."""
        finite("noise", self.noise, positive=True)
        finite("energy per pair", self.energy_per_pair, positive=True)
        if float(finite("Fano factor", self.fano)) < 0:
            raise InvalidInput(f"Fano factor: found {self.fano:g}, expected >= 0")

    def sigma(self, energy: ArrayLike) -> Array:
        """Return the standard deviation of the observed energy.

        Parameters
        ----------
        energy : array_like
            T >= 0 deposited, any shape [energy].

        Returns
        -------
        ndarray
            Of the shape of T [energy].
        """
        deposit = finite("energy", energy)
        return np.asarray(np.sqrt(self.noise**2 + self.fano * self.energy_per_pair * deposit))

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return the part below each observed energy and its first moment."""
        return gaussian_below(observed, energy, self.sigma(energy))
