"""Nuclear charge form factors F(q), normalised to F(0) = 1."""

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput

_SERIES_BELOW = 0.1


def _radius_number(mass_number: float) -> float:
    """Return A after checking it."""
    number = float(finite("mass number", mass_number))
    if number < 1:
        raise InvalidInput(f"mass number: found {number:g}, expected at least 1")
    return number


def _momentum(q2: ArrayLike) -> Array:
    """Return |q| after checking that Q^2 is not negative."""
    values = finite("q2", q2)
    if np.any(values < 0):
        raise InvalidInput("q2: found a negative value, expected Q^2 >= 0")
    return np.sqrt(values)


def _sphere(x: Array) -> Array:
    """Return 3 j_1(x)/x, by its series below x = 0.1, where the closed form cancels."""
    safe = np.where(x > _SERIES_BELOW, x, 1.0)
    closed = 3 * (np.sin(safe) - safe * np.cos(safe)) / safe**3
    series = 1 - x**2 / 10 + x**4 / 280 - x**6 / 15120 + x**8 / 1330560
    return np.where(x > _SERIES_BELOW, closed, series)


def helm(q2: ArrayLike, mass_number: float) -> Array:
    """Return the Helm form factor with the parameters of Lewin and Smith.

    ::

        F = 3 j_1(qR)/(qR) exp(-(qs)^2/2),   R^2 = c^2 + 7 pi^2 a^2/3 - 5 s^2
        c = 1.23 A^(1/3) - 0.60 fm,  a = 0.52 fm,  s = 0.9 fm

    Parameters
    ----------
    q2 : array_like
        Q^2 = 2 M T for a recoil T; any shape [energy^2].
    mass_number : float
        A, or a mean over isotopes [dimensionless].

    Returns
    -------
    ndarray
        F itself, not squared; it changes sign at its zeros.

    Raises
    ------
    InvalidInput
        If Q^2 is negative or not finite, or A < 1.

    Notes
    -----
    Meant for A > 10: R^2 follows a fit to muonic atoms (for A below about 3 it is not
    even positive; there the point-like limit R = 0 is used).  J. D. Lewin and P. F.
    Smith, Astropart. Phys. 6, 87 (1996), Eqs. (4.7) and (4.11).

    Example
    -------
    >>> from nuatom import constants as c
    >>> mass = 72.63 * c.atomic_mass
    >>> round(float(helm(2 * mass * 1 * u.keV, 72.63)) ** 2, 5)
    0.98155
    """
    radius = np.cbrt(_radius_number(mass_number))
    c, a, s = (1.23 * radius - 0.60) * u.fm, 0.52 * u.fm, 0.9 * u.fm
    r = np.sqrt(max(c**2 + 7 * np.pi**2 * a**2 / 3 - 5 * s**2, 0.0))
    q = _momentum(q2)
    return np.asarray(_sphere(q * r) * np.exp(-((q * s) ** 2) / 2))


def klein_nystrand(q2: ArrayLike, mass_number: float) -> Array:
    """Return the Klein-Nystrand form factor: a sphere folded with a Yukawa potential.

    ::

        F = 3 j_1(qR)/(qR) / (1 + q^2 a_k^2),   R = 1.2 A^(1/3) fm,  a_k = 0.7 fm

    Parameters
    ----------
    q2 : array_like
        Q^2 = 2 M T for a recoil T; any shape [energy^2].
    mass_number : float
        A, or a mean over isotopes [dimensionless].

    Returns
    -------
    ndarray
        F itself, not squared.

    Raises
    ------
    InvalidInput
        If Q^2 is negative or not finite, or A < 1.

    Notes
    -----
    Meant for A > 10.  S. R. Klein and J. Nystrand, Phys. Rev. C 60, 014903 (1999).

    Example
    -------
    >>> float(klein_nystrand(0.0, 72.63))
    1.0
    """
    r, a_k = 1.2 * np.cbrt(_radius_number(mass_number)) * u.fm, 0.7 * u.fm
    q = _momentum(q2)
    return np.asarray(_sphere(q * r) / (1 + (q * a_k) ** 2))
