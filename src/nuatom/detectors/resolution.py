"""Energy resolution of an ionisation detector, applied to lines and to spectra."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite, strictly_increasing
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


def observed_in_bins(energy: Array, bin_edges: Array, resolution: FanoResolution) -> Array:
    """Return the probability that a deposit is observed in each bin.

    ``P_i(T) = Phi[(b_(i+1) - T)/sigma(T)] - Phi[(b_i - T)/sigma(T)]``

    Parameters
    ----------
    energy : ndarray
        T of the deposits, shape (T,) [energy].
    bin_edges : ndarray
        Strictly increasing observed energies, shape (bin + 1,) [energy].
    resolution : FanoResolution
        sigma(T) [any].

    Returns
    -------
    ndarray
        Shape (T, bin) [dimensionless].

    Raises
    ------
    InvalidInput
        If the bin edges are not strictly increasing.

    Example
    -------
    >>> edges = np.array([0.0, 10.0, 20.0]) * u.keV
    >>> observed_in_bins(np.array([10.0]) * u.keV, edges, FanoResolution(20 * u.eV))
    array([[0.5, 0.5]])
    """
    from scipy.special import ndtr

    edges = strictly_increasing("bin_edges", bin_edges)
    deposits = np.atleast_1d(energy)[:, None]
    below = ndtr((edges - deposits) / resolution.sigma(deposits))
    return np.asarray(np.diff(below, axis=1))


def observed_spectrum(
    spectrum: Callable[[Array], Array],
    bin_edges: Array,
    resolution: FanoResolution,
    *,
    lowest: float,
    breaks: Array,
    nodes: int = 6,
) -> Array:
    """Return a spectrum in each bin of observed energy, its steps smeared by the resolution.

    ``Int_lowest dT f(T) P_i(T)``, on pieces no wider than the noise that end at each
    break, so that no step lies inside one.

    Parameters
    ----------
    spectrum : callable
        f(T) for a one-dimensional array; what it returns may have more axes before that
        of T [any].
    bin_edges : ndarray
        Strictly increasing observed energies, shape (bin + 1,) [energy].
    resolution : FanoResolution
        sigma(T) [any].
    lowest : float
        Deposits below are left out; positive and below the first bin edge [energy].
    breaks : ndarray
        Where f may jump, any order [energy].
    nodes : int
        Gauss-Legendre nodes on each piece [dimensionless].

    Returns
    -------
    ndarray
        Shape (..., bin), in the unit of f times energy.

    Raises
    ------
    InvalidInput
        If the bin edges are not strictly increasing, or `lowest` is not below them.

    Example
    -------
    >>> edges = np.linspace(1, 2, 3) * u.keV
    >>> flat = observed_spectrum(np.ones_like, edges, FanoResolution(20 * u.eV),
    ...     lowest=0.5 * u.keV, breaks=np.array([]))
    >>> (flat / u.keV).round(6)
    array([0.5, 0.5])
    """
    edges = strictly_increasing("bin_edges", bin_edges)
    if not 0 < lowest < edges[0]:
        raise InvalidInput("lowest: expected a positive energy below the first bin edge")
    highest = edges[-1] + REACH * float(resolution.sigma(edges[-1]))
    pieces = int(np.ceil((highest - lowest) / resolution.noise))
    inside = breaks[(breaks > lowest) & (breaks < highest)]
    grid = np.unique(np.concatenate([np.linspace(lowest, highest, pieces + 1), inside]))
    x, w = np.polynomial.legendre.leggauss(nodes)
    half = np.diff(grid)[:, None] / 2
    points = (grid[:-1, None] + half * (1 + x)).ravel()
    weighted = spectrum(points) * (half * w).ravel()
    return np.asarray(weighted @ observed_in_bins(points, edges, resolution))
