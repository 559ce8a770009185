"""Closed forms for a charge in dense matter: the photoabsorption-ionisation model.

They are what the general machinery (`nuatom.responses.medium`) is compared with, and a
fast way to the same numbers where the projectile keeps nearly all of its energy.
"""

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.targets.dielectric import Dielectric
from nuatom.targets.oscillator_strength import OscillatorStrength


def allison_cobb(
    energy_transfer: ArrayLike, *, dielectric: Dielectric, charge: float, beta: float = 1.0
) -> Array:
    """Return dsigma/dT per atom of a charge in a medium, as published for gases.

    ::

        dsigma/dT = (alpha z^2/(pi beta^2)) { (sigma/T) [ ln(1/|1-beta^2 eps|) + ln(2m beta^2/T) ]
                    + (1/n) (beta^2 - eps1/|eps|^2) Theta + (1/T^2) Int_0^T sigma dT' },
        Theta = arg(1 - beta^2 eps1 + i beta^2 eps2)

    Parameters
    ----------
    energy_transfer : array_like
        T, one-dimensional [energy].
    dielectric : Dielectric
        The medium [dielectric].
    charge : float
        z; q_nu for a neutrino [e].
    beta : float
        Velocity of the projectile; 1 for a neutrino [dimensionless].

    Returns
    -------
    ndarray
        [length^2/energy]

    Raises
    ------
    InvalidInput
        If T or beta is not positive, or beta exceeds 1.
    OutOfRange
        If T is outside the range of the optical constants.

    Notes
    -----
    For T much less than the energy of the projectile, 2m beta^2 and T_max, and
    ``|eps| ~ 1``; `screened_collisions` has the factor 1/|eps|^2.  W. W. M. Allison and
    J. H. Cobb, Annu. Rev. Nucl. Part. Sci. 30, 253 (1980).

    Example
    -------
    >>> from nuatom import units as u
    >>> from nuatom.targets import element
    >>> from nuatom.targets.dielectric import dielectric
    >>> value = allison_cobb(1 * u.keV, dielectric=dielectric(element("Ge")), charge=1.0)
    >>> bool(value[0] > 0)
    True
    """
    T, beta = _checked(energy_transfer, beta)
    photo = dielectric.photoabsorption
    soft = screened_collisions(T, dielectric=dielectric, charge=1.0, beta=beta, dilute=True)
    strength = OscillatorStrength(photo).below(T).sum(axis=0)
    area = strength * 2 * np.pi**2 * c.fine_structure / c.electron_mass
    close = c.fine_structure / (np.pi * beta**2) * area / T**2
    return np.asarray(charge**2 * (soft + close))


def screened_collisions(
    energy_transfer: ArrayLike,
    *,
    dielectric: Dielectric,
    charge: float,
    beta: float = 1.0,
    dilute: bool = False,
) -> Array:
    """Return the part of dsigma/dT with Q^2 below 2mT: distant collisions in a medium.

    ::

        (alpha z^2/(pi beta^2)) { (sigma/(T |eps|^2)) [ ln(1/|1-beta^2 eps|) + ln(2m beta^2/T) ]
                                  + (1/n) (beta^2 - eps1/|eps|^2) Theta }

    Parameters
    ----------
    energy_transfer : array_like
        T, one-dimensional [energy].
    dielectric : Dielectric
        The medium [dielectric].
    charge : float
        z [e].
    beta : float
        Velocity of the projectile [dimensionless].
    dilute : bool
        Whether 1/|eps|^2 in the first term is left out, as published for gases [flag].

    Returns
    -------
    ndarray
        [length^2/energy]

    Raises
    ------
    InvalidInput
        If T or beta is not positive, or beta exceeds 1.
    OutOfRange
        If T is outside the range of the optical constants.

    Notes
    -----
    The integral of the screened transverse and longitudinal parts over Q^2 for a constant
    eps(T), to leading order in T/E and T/2m.
    """
    T, beta = _checked(energy_transfer, beta)
    sigma = dielectric.photoabsorption.cross_section(T)
    deficit = dielectric.deficit(T)
    eps = 1 - deficit
    # 1 - beta^2 eps and beta^2 - eps1/|eps|^2 without cancellation for beta = 1
    slowness = (1 - beta) * (1 + beta)
    denominator = slowness + beta**2 * deficit
    logarithm = np.log(2 * c.electron_mass * beta**2 / T) - np.log(np.abs(denominator))
    inverse = 1.0 if dilute else 1 / np.abs(eps) ** 2
    angle = np.angle(np.conj(denominator))
    excess = -slowness - (deficit / eps).real
    bracket = sigma / T * inverse * logarithm + excess * angle / dielectric.number_density
    return np.asarray(c.fine_structure * charge**2 / (np.pi * beta**2) * bracket)


def _checked(energy_transfer: ArrayLike, beta: float) -> tuple[Array, float]:
    """Return T as a one-dimensional array and beta after checking both."""
    T = np.atleast_1d(finite("energy_transfer", energy_transfer, positive=True))
    value = float(finite("beta", beta, positive=True))
    if value > 1:
        raise InvalidInput(f"beta: found {value:g}, expected 0 < beta <= 1")
    return T, value
