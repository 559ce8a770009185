"""Backgrounds with a continuous spectrum.

Each is a spectrum ``dR/dT`` of deposited energy, which a detector smears and selects, or
of observed energy, which it does not.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, finite, strictly_increasing
from nuatom.backgrounds.nuisance import Nuisance
from nuatom.errors import InvalidInput
from nuatom.sources.beta_decay import fermi_function

TRITIUM_END_POINT = 18.5898 * u.keV
"""Q value of tritium, from the masses of the atoms (neutrino mass and recoil neglected).

S. Nagy et al., Europhys. Lett. 74, 404 (2006)."""
_NODES = 96


@dataclass(frozen=True)
class Flat:
    """The same rate at every energy.

    Parameters
    ----------
    name : str
        Short name [name].
    rate : float
        >= 0 [1/(mass energy time)].
    observed : bool
        Whether the energy is the observed one [flag].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    InvalidInput
        If the rate is negative.

    Example
    -------
    >>> Flat("compton", 2.0).density(np.array([1.0, 5.0]))
    array([2., 2.])
    """

    name: str
    rate: float
    observed: bool = False
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check the rate."""
        check_rate(self.name, self.rate)

    def density(self, energy: Array) -> Array:
        """Return the rate."""
        return np.full(energy.shape, self.rate)


@dataclass(frozen=True)
class Exponential:
    """``R(T) = rate exp[-(T - T0)/decay_energy]``.

    Parameters
    ----------
    name : str
        Short name [name].
    rate : float
        At the reference energy, >= 0 [1/(mass energy time)].
    reference_energy : float
        T0 [energy].
    decay_energy : float
        Over which the rate falls by e, > 0 [energy].
    observed : bool
        Whether the energy is the observed one [flag].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    InvalidInput
        If a number is out of range.

    Example
    -------
    >>> Exponential("surface", 2.0, 1.0, 0.5).density(np.array([1.0, 1.5])).round(6)
    array([2.      , 0.735759])
    """

    name: str
    rate: float
    reference_energy: float
    decay_energy: float
    observed: bool = False
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_rate(self.name, self.rate)
        finite(f"{self.name}: reference energy", self.reference_energy)
        finite(f"{self.name}: decay energy", self.decay_energy, positive=True)

    def density(self, energy: Array) -> Array:
        """Return R(T)."""
        return np.asarray(self.rate * np.exp(-(energy - self.reference_energy) / self.decay_energy))


@dataclass(frozen=True)
class PowerLaw:
    """``R(T) = rate (T/T0)^-exponent``.

    Parameters
    ----------
    name : str
        Short name [name].
    rate : float
        At the reference energy, >= 0 [1/(mass energy time)].
    reference_energy : float
        T0 > 0 [energy].
    exponent : float
        Positive for a rate that falls [dimensionless].
    observed : bool
        Whether the energy is the observed one [flag].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    InvalidInput
        If a number is out of range.

    Example
    -------
    >>> PowerLaw("surface", 2.0, 1.0, 2.0).density(np.array([1.0, 2.0]))
    array([2. , 0.5])
    """

    name: str
    rate: float
    reference_energy: float
    exponent: float
    observed: bool = False
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_rate(self.name, self.rate)
        finite(f"{self.name}: reference energy", self.reference_energy, positive=True)
        finite(f"{self.name}: exponent", self.exponent)

    def density(self, energy: Array) -> Array:
        """Return R(T)."""
        return np.asarray(self.rate * (energy / self.reference_energy) ** (-self.exponent))


@dataclass(frozen=True)
class BetaContinuum:
    """Electrons of an allowed beta decay inside the detector.

    ::

        R(T) = activity  p E (E_0 - T)^2 F(Z, T) / (integral over T),   E = T + m

    Parameters
    ----------
    name : str
        Short name [name].
    activity : float
        Decays of this branch, >= 0 [1/(mass time)].
    end_point : float
        E_0, the greatest kinetic energy [energy].
    atomic_number : int
        Z of the daughter [dimensionless].
    mass_number : int
        A [dimensionless].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].
    observed : bool
        Whether the energy is the observed one [flag].

    Raises
    ------
    InvalidInput
        If a number is out of range.

    Notes
    -----
    Without forbidden shape factors, screening and excited final states, which for tritium
    change the spectrum by less than 1 % above 1 keV but matter below.

    Example
    -------
    >>> tritium = BetaContinuum("3H", 1.0, TRITIUM_END_POINT, 2, 3)
    >>> mean = np.trapezoid(
    ...     (T := np.linspace(0.001, 18.58, 4000) * u.keV) * tritium.density(T), T)
    >>> round(float(mean / u.keV), 1)
    5.7
    """

    name: str
    activity: float
    end_point: float
    atomic_number: int
    mass_number: int
    nuisances: tuple[Nuisance, ...] = ()
    observed: bool = False
    strength: ClassVar[str] = "activity"

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_rate(self.name, self.activity)
        finite(f"{self.name}: end point", self.end_point, positive=True)
        for what, number, most in (("Z", self.atomic_number, 100), ("A", self.mass_number, 300)):
            if not 1 <= number <= most:
                raise InvalidInput(
                    f"{self.name}: found {what} = {number}, expected between 1 and {most}"
                )

    def density(self, energy: Array) -> Array:
        """Return R(T), zero above the end point."""
        x, w = np.polynomial.legendre.leggauss(_NODES)
        root = (1 + x) / 2  # T = E_0 root^2: the shape may rise as a square root
        area = np.sum(w * root * self._shape(self.end_point * root**2)) * self.end_point
        return np.asarray(self.activity * self._shape(energy) / area)

    def _shape(self, kinetic: Array) -> Array:
        """Return p E (E_0 - T)^2 F."""
        inside = (kinetic > 0) & (kinetic < self.end_point)
        T = np.where(inside, kinetic, self.end_point / 2)
        momentum = np.sqrt(T * (T + 2 * c.electron_mass))
        factor = fermi_function(T, atomic_number=self.atomic_number, mass_number=self.mass_number)
        shape = momentum * (T + c.electron_mass) * (self.end_point - T) ** 2 * factor
        return np.asarray(np.where(inside, shape / self.end_point**4, 0.0))


@dataclass(frozen=True)
class NoiseEdge:
    """Excursions of Gaussian noise above the threshold, in observed energy.

    ``R(E) = rate (E/E0) exp[-(E^2 - E0^2)/(2 sigma^2)]``: the density of the peaks of Gaussian
    noise that exceed E (S. O. Rice, Bell Syst. Tech. J. 24, 46, 1945).

    Parameters
    ----------
    name : str
        Short name [name].
    rate : float
        At the reference energy, >= 0 [1/(mass energy time)].
    reference_energy : float
        E0 > 0 [energy].
    sigma : float
        Of the noise, > 0 [energy].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].
    observed : bool
        Always true: noise passes no resolution and no efficiency again [flag].

    Raises
    ------
    InvalidInput
        If a number is out of range.

    Example
    -------
    >>> NoiseEdge("noise", 4.0, 1.0, 0.5).density(np.array([1.0, 2.0])).round(6)
    array([4.     , 0.01983])
    """

    name: str
    rate: float
    reference_energy: float
    sigma: float
    nuisances: tuple[Nuisance, ...] = ()
    observed: bool = True
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_rate(self.name, self.rate)
        finite(f"{self.name}: reference energy", self.reference_energy, positive=True)
        finite(f"{self.name}: sigma", self.sigma, positive=True)
        if not self.observed:
            raise InvalidInput(f"{self.name}: noise is a spectrum of observed energy")

    def density(self, energy: Array) -> Array:
        """Return R(E)."""
        exponent = (energy**2 - self.reference_energy**2) / (2 * self.sigma**2)
        return np.asarray(self.rate * energy / self.reference_energy * np.exp(-exponent))


@dataclass(frozen=True, eq=False)
class Template:
    """A user's own spectrum, constant inside each of its bins and zero outside.

    Parameters
    ----------
    name : str
        Short name [name].
    bin_edges : ndarray
        Strictly increasing, shape (bin + 1,) [energy].
    rates : ndarray
        >= 0, shape (bin,) [1/(mass energy time)].
    scale : float
        Factor on all rates [dimensionless].
    observed : bool
        Whether the energy is the observed one [flag].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    InvalidInput
        If shapes differ or a number is out of range.

    Example
    -------
    >>> Template("mine", np.array([0.0, 1.0, 2.0]), np.array([3.0, 5.0])).density(
    ...     np.array([0.5, 1.5, 2.5]))
    array([3., 5., 0.])
    """

    name: str
    bin_edges: Array
    rates: Array
    scale: float = 1.0
    observed: bool = True
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "scale"

    def __post_init__(self) -> None:
        """Check shapes and signs."""
        edges = strictly_increasing(f"{self.name}: bin edges", self.bin_edges)
        rates = finite(f"{self.name}: rates", self.rates)
        if rates.shape != (edges.size - 1,) or np.any(rates < 0):
            raise InvalidInput(f"{self.name}: expected one rate >= 0 for each bin")
        check_rate(self.name, self.scale)

    def density(self, energy: Array) -> Array:
        """Return the rate of the bin of each energy."""
        place = np.searchsorted(self.bin_edges, energy, side="right")
        padded = np.concatenate([[0.0], self.rates, [0.0]])
        return np.asarray(self.scale * padded[place])


def check_rate(name: str, rate: float) -> None:
    """Refuse a rate that is negative or not finite.

    Parameters
    ----------
    name : str
        Of the background [name].
    rate : float
        Its strength [any].

    Raises
    ------
    InvalidInput
        If it is out of range.
    """
    if float(finite(f"{name}: rate", rate)) < 0:
        raise InvalidInput(f"{name}: found a rate of {rate:g}, expected >= 0")
