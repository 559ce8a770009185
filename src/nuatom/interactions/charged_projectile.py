"""Massive spin-1/2 projectiles that exchange a photon: a charge or a magnetic moment.

The same machinery as for a neutrino, with a mass that is not small: relativistic charged
particles (the comparison with quantum electrodynamics), millicharged particles, and dark
matter with a charge or a magnetic moment.
"""

from dataclasses import dataclass

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import (
    Constituents,
    Term,
    check_flavor,
    momentum_squared,
    total_charge,
)


@dataclass(frozen=True)
class ChargedProjectile:
    """A Dirac particle of mass M and charge z, distinguishable from the electron.

    ::

        dsigma/dT = (pi alpha^2 z^2/|k|^2) Int dQ^2 { (4EE'-Q^2)/|q|^4 R_L
                    + [ (4EE'-Q^2)/(2|q|^2 Q^2) + 1/Q^2 - 2M^2/Q^4 ] R_T }

    between ``Q^2 = 2 (EE' - M^2 -+ kk')``.

    Parameters
    ----------
    mass : float
        M > 0 [energy].
    charge : float
        z, of either sign [e].

    Raises
    ------
    InvalidInput
        If the mass is not positive or the charge not finite.

    Notes
    -----
    "Neutrino energy" elsewhere in the package is the total energy E of the projectile
    here; the flavour is without meaning.  First Born approximation: |z| alpha much less
    than the velocity.  On a free electron
    ``(2 pi alpha^2 z^2/(m beta^2 T^2)) (1 - beta^2 T/T_max + T^2/(2E^2))``.  For a slow
    projectile of velocity v the kinetic energy is a small part of E, and double
    precision leaves a relative error of about 1e-16/v^2.

    Example
    -------
    >>> from nuatom import units as u
    >>> print(f"{ChargedProjectile(c.muon_mass).neutrino_mass / u.MeV:.3f}")
    105.658
    """

    mass: float
    charge: float = 1.0

    def __post_init__(self) -> None:
        """Check the mass and the charge."""
        _positive_mass(self.mass)
        finite("charge of the projectile", self.charge)

    @property
    def neutrino_mass(self) -> float:
        """M, the mass in the kinematic limits [energy]."""
        return self.mass

    def inverse_velocity_squared(self, energy: Array) -> Array:
        """Return ``1/beta^2 = E^2/|k|^2``, the weight of every term.

        Parameters
        ----------
        energy : ndarray
            E [energy].

        Returns
        -------
        ndarray
            [dimensionless]
        """
        return _inverse_velocity_squared(energy, self.mass)

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms; the same for every flavour.

        Parameters
        ----------
        flavor : str
            Any of the six flavours, without effect [name].
        constituents : mapping
            What scatters coherently [dimensionless].

        Returns
        -------
        tuple of Term
            Three in L and three in T.
        """
        check_flavor(flavor)
        strength = np.pi * c.fine_structure**2 * self.charge**2 * total_charge(constituents) ** 2
        mass2 = self.mass**2

        def longitudinal(T: Array, q2: Array) -> Array:
            return np.asarray(strength / momentum_squared(T, q2) ** 2)

        def transverse(T: Array, q2: Array) -> Array:
            return np.asarray(strength / (2 * momentum_squared(T, q2) * q2))

        def rest(T: Array, q2: Array) -> Array:
            return np.asarray(-q2 * transverse(T, q2) + strength * (1 - 2 * mass2 / q2) / q2)

        weight = self.inverse_velocity_squared
        # (4EE' - Q^2)/E^2 = 4 - 4T/E - Q^2/E^2
        return (
            Term("L", 0, lambda T, q2: 4 * longitudinal(T, q2), weight),
            Term("L", 1, lambda T, q2: -4 * T * longitudinal(T, q2), weight),
            Term("L", 2, lambda T, q2: -q2 * longitudinal(T, q2), weight),
            Term("T", 0, lambda T, q2: 4 * transverse(T, q2), weight),
            Term("T", 1, lambda T, q2: -4 * T * transverse(T, q2), weight),
            Term("T", 2, rest, weight),
        )


@dataclass(frozen=True)
class MagneticProjectile:
    """A Dirac particle of mass M with a magnetic moment mu and no charge.

    ::

        dsigma/dT = (pi alpha^2/|k|^2) (mu^2/(4 m^2)) Int dQ^2
                    { [Q^2 (2E-T)^2 - 4 M^2 |q|^2]/|q|^4 R_L
                      + [ (4EE'-Q^2)/(2|q|^2) + 2M^2/Q^2 ] R_T }

    Parameters
    ----------
    mass : float
        M > 0 [energy].
    moment : float
        |mu|, in electron Bohr magnetons e/(2m) [Bohr magneton].

    Raises
    ------
    InvalidInput
        If the mass is not positive or the moment negative or not finite.

    Notes
    -----
    The massless limit is `MagneticMoment`.  On a spin-0 nucleus
    ``(pi alpha^2 mu^2 Z^2/m^2) { 1/T - [E + M^2/(2 M_N) - T/4]/|k|^2 }``, for a slow
    particle ``1/T - (1/v^2) (1/M + 1/(2 M_N))``: V. Barger, W.-Y. Keung and D. Marfatia,
    Phys. Lett. B 696, 74 (2011), arXiv:1007.4345.  An electric dipole moment of a massive
    particle is another formula and is not here.

    Example
    -------
    >>> from nuatom import units as u
    >>> MagneticProjectile(10 * u.GeV, 1e-8).moment
    1e-08
    """

    mass: float
    moment: float

    def __post_init__(self) -> None:
        """Check the mass and the moment."""
        _positive_mass(self.mass)
        if float(finite("magnetic moment", self.moment)) < 0:
            raise InvalidInput(f"magnetic moment: found {self.moment:g}, expected >= 0")

    @property
    def neutrino_mass(self) -> float:
        """M, the mass in the kinematic limits [energy]."""
        return self.mass

    def inverse_velocity_squared(self, energy: Array) -> Array:
        """Return ``1/beta^2 = E^2/|k|^2``, the weight of every term.

        Parameters
        ----------
        energy : ndarray
            E [energy].

        Returns
        -------
        ndarray
            [dimensionless]
        """
        return _inverse_velocity_squared(energy, self.mass)

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms; the same for every flavour.

        Parameters
        ----------
        flavor : str
            Any of the six flavours, without effect [name].
        constituents : mapping
            What scatters coherently [dimensionless].

        Returns
        -------
        tuple of Term
            Three in L and three in T.
        """
        check_flavor(flavor)
        strength = (
            np.pi
            * c.fine_structure**2
            * self.moment**2
            / (4 * c.electron_mass**2)
            * total_charge(constituents) ** 2
        )
        mass2 = self.mass**2

        def longitudinal(T: Array, q2: Array) -> Array:
            return np.asarray(strength * q2 / momentum_squared(T, q2) ** 2)

        def static(T: Array, q2: Array) -> Array:
            return np.asarray(
                T**2 * longitudinal(T, q2) - 4 * mass2 * strength / momentum_squared(T, q2)
            )

        def transverse(T: Array, q2: Array) -> Array:
            return np.asarray(strength / (2 * momentum_squared(T, q2)))

        def rest(T: Array, q2: Array) -> Array:
            return np.asarray(-q2 * transverse(T, q2) + 2 * mass2 * strength / q2)

        weight = self.inverse_velocity_squared
        return (
            Term("L", 0, lambda T, q2: 4 * longitudinal(T, q2), weight),
            Term("L", 1, lambda T, q2: -4 * T * longitudinal(T, q2), weight),
            Term("L", 2, static, weight),
            Term("T", 0, lambda T, q2: 4 * transverse(T, q2), weight),
            Term("T", 1, lambda T, q2: -4 * T * transverse(T, q2), weight),
            Term("T", 2, rest, weight),
        )


def total_energy(mass: float, beta_gamma: ArrayLike) -> Array:
    """Return ``E = M sqrt(1 + (beta gamma)^2)``.

    Parameters
    ----------
    mass : float
        M [energy].
    beta_gamma : array_like
        |k|/M [dimensionless].

    Returns
    -------
    ndarray
        [energy]

    Example
    -------
    >>> float(total_energy(4.0, 0.75))
    5.0
    """
    return np.asarray(mass * np.hypot(1.0, finite("beta gamma", beta_gamma)))


def largest_transfer(mass: float, energy: ArrayLike) -> Array:
    """Return the largest energy that a free electron at rest can take from a projectile.

    ``T_max = 2 m |k|^2/(M^2 + 2 m E + m^2)``

    Parameters
    ----------
    mass : float
        M [energy].
    energy : array_like
        E [energy].

    Returns
    -------
    ndarray
        [energy]

    Example
    -------
    >>> bool(largest_transfer(c.muon_mass, 10 * c.muon_mass) < 9 * c.muon_mass)
    True
    """
    E = finite("energy of the projectile", energy, positive=True)
    m = c.electron_mass
    return np.asarray(2 * m * (E**2 - mass**2) / (mass**2 + 2 * m * E + m**2))


def _inverse_velocity_squared(energy: Array, mass: float) -> Array:
    """Return E^2/(E^2 - M^2); zero where E <= M, where nothing moves."""
    E = np.asarray(energy, dtype=np.float64)
    k2 = (E - mass) * (E + mass)
    return np.divide(E**2, k2, out=np.zeros_like(E), where=k2 > 0)


def _positive_mass(mass: float) -> None:
    """Refuse a mass that is not a positive number."""
    if float(finite("mass of the projectile", mass)) <= 0:
        raise InvalidInput(
            "mass of the projectile: found a value <= 0, expected > 0; for a massless "
            "neutrino use Millicharge or MagneticMoment"
        )
