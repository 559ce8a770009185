"""The charge distribution of the nucleus and its potential, in atomic units."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom import constants
from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput, lookup

BOHR_RADIUS_FM = constants.bohr_radius / u.fm
SKIN_THICKNESS_FM = 2.30
"""Distance over which the charge of a Fermi nucleus falls from 90 to 10 per cent."""


class Nucleus(Protocol):
    """A spherical charge distribution.

    Parameters
    ----------
    r : ndarray
        Radii, positive [length].
    """

    @property
    def charge(self) -> float:
        """Z."""

    def potential(self, r: Array) -> Array:
        """Return the energy of an electron in the field of the nucleus."""


@dataclass(frozen=True)
class PointNucleus:
    """All charge in the origin: ``V = -Z/r``.

    Parameters
    ----------
    charge : float
        Z [dimensionless].

    Example
    -------
    >>> PointNucleus(2).potential(np.array([0.5]))
    array([-4.])
    """

    charge: float

    def potential(self, r: Array) -> Array:
        """Return the energy of an electron in the field of the nucleus."""
        return np.asarray(-self.charge / r)


@dataclass(frozen=True)
class UniformNucleus:
    """A homogeneously charged sphere of radius ``R = sqrt(5/3) r_rms``.

    ``V = -Z/(2R) (3 - r^2/R^2)`` inside, ``-Z/r`` outside.

    Parameters
    ----------
    charge : float
        Z [dimensionless].
    rms_radius : float
        Root-mean-square radius of the charge [length].

    Example
    -------
    >>> UniformNucleus(1, math.sqrt(0.6)).potential(np.array([1.0, 2.0]))
    array([-1. , -0.5])
    """

    charge: float
    rms_radius: float

    def __post_init__(self) -> None:
        """Refuse a radius that is not positive."""
        finite("rms_radius", self.rms_radius, positive=True)

    def potential(self, r: Array) -> Array:
        """Return the energy of an electron in the field of the nucleus."""
        edge = math.sqrt(5 / 3) * self.rms_radius
        inside = np.minimum(r / edge, 1.0)
        return np.asarray(
            -self.charge * np.where(r < edge, (3 - inside**2) / (2 * edge), 1 / np.maximum(r, edge))
        )


def _alternating_sum(power: int, x: Array) -> Array:
    """Return ``sum_n>=1 (-1)^n exp(n x)/n^power`` for x <= 0, to rounding.

    Convergence acceleration of H. Cohen, F. Rodriguez Villegas and D. Zagier,
    Experimental Mathematics 9, 3 (2000), algorithm 1.
    """
    terms = 24
    d = (3 + math.sqrt(8)) ** terms
    d = (d + 1 / d) / 2
    b, c = -1.0, -d
    total = np.zeros_like(x)
    for k in range(terms):
        c = b - c
        total -= c * np.exp((k + 1) * x) / (k + 1) ** power
        b *= (k + terms) * (k - terms) / ((k + 0.5) * (k + 1))
    return np.asarray(total / d)


@dataclass(frozen=True)
class FermiNucleus:
    r"""Charge ``rho(r) ~ 1/(1 + exp((r - c)/a))``, skin thickness ``4 a ln 3 = 2.30 fm``.

    With ``S_p(x) = sum_n (-1)^n exp(n x)/n^p`` and ``M = Int r^2 f dr =
    c^3/3 + pi^2 a^2 c/3 - 2 a^3 S_3(-c/a)``, and ``U = -r V/Z``::

        r > c:  U = 1 + [a^2 r S_2(x) + 2 a^3 S_3(x)]/M,             x = (c - r)/a
        r < c:  U = B r - [r^3/6 + a^2 r S_2(x) - 2 a^3 S_3(x) + 2 a^3 S_3(-c/a)]/M,  x = (r - c)/a

    B makes U continuous at c.

    Parameters
    ----------
    charge : float
        Z [dimensionless].
    rms_radius : float
        Root-mean-square radius of the charge, at least 1.9 fm [length].

    Raises
    ------
    InvalidInput
        If the radius is too small for that skin: use `UniformNucleus`.

    Notes
    -----
    F. A. Parpia and A. K. Mohanty, Phys. Rev. A 46, 3735 (1992).

    Example
    -------
    >>> nucleus = FermiNucleus(54, 4.8 / BOHR_RADIUS_FM)
    >>> round(nucleus.half_radius * BOHR_RADIUS_FM, 4)
    5.6649
    """

    charge: float
    rms_radius: float

    def __post_init__(self) -> None:
        """Refuse a radius that the skin alone exceeds."""
        finite("rms_radius", self.rms_radius, positive=True)
        smallest = self._rms(0.0)
        if self.rms_radius <= smallest:
            raise InvalidInput(
                f"rms_radius: found {self.rms_radius * BOHR_RADIUS_FM:.3f} fm, a Fermi nucleus "
                f"has more than {smallest * BOHR_RADIUS_FM:.3f} fm; use UniformNucleus"
            )

    @property
    def skin(self) -> float:
        """Parameter a."""
        return SKIN_THICKNESS_FM / (4 * math.log(3)) / BOHR_RADIUS_FM

    @property
    def half_radius(self) -> float:
        """Parameter c, where the density has half its central value."""
        from scipy.optimize import brentq

        def excess(c: float) -> float:
            return self._rms(c) - self.rms_radius

        return float(brentq(excess, 0.0, 2 * self.rms_radius, xtol=1e-18, rtol=1e-14))

    def _rms(self, c: float) -> float:
        """Return the root-mean-square radius for a given c."""
        a, pi = self.skin, math.pi
        tail = np.array(-c / a)
        fourth = c**5 / 5 + 2 * pi**2 * a**2 * c**3 / 3 + 7 * pi**4 * a**4 * c / 15
        fourth -= 24 * a**5 * float(_alternating_sum(5, tail))
        return math.sqrt(fourth / self._second_moment(c))

    def _second_moment(self, c: float) -> float:
        """Return M."""
        a = self.skin
        tail = float(_alternating_sum(3, np.array(-c / a)))
        return c**3 / 3 + math.pi**2 * a**2 * c / 3 - 2 * a**3 * tail

    def potential(self, r: Array) -> Array:
        """Return the energy of an electron in the field of the nucleus."""
        a, c = self.skin, self.half_radius
        moment = self._second_moment(c)
        x = -np.abs(r - c) / a
        s2, s3 = _alternating_sum(2, x), _alternating_sum(3, x)
        origin, half = (float(_alternating_sum(3, np.array(v))) for v in (-c / a, 0.0))
        s2_half = float(_alternating_sum(2, np.array(0.0)))
        outside = 1 + (a**2 * r * s2 + 2 * a**3 * s3) / moment

        def inside(radius: Array | float, two: Array | float, three: Array | float) -> Array:
            cubic = radius**3 / 6 + a**2 * radius * two - 2 * a**3 * three + 2 * a**3 * origin
            return np.asarray(-cubic / moment)

        at_c = 1 + (a**2 * c * s2_half + 2 * a**3 * half) / moment
        slope = (at_c - float(inside(c, s2_half, half))) / c
        charge_seen = np.where(r > c, outside, slope * r + inside(r, s2, s3))
        return np.asarray(-self.charge * charge_seen / r)


def rms_radius(mass_number: int) -> float:
    """Return the usual estimate ``(0.836 A^(1/3) + 0.570) fm`` of the charge radius.

    Parameters
    ----------
    mass_number : int
        A [dimensionless].

    Returns
    -------
    float
        Root-mean-square radius [length].

    Notes
    -----
    W. R. Johnson and G. Soff, At. Data Nucl. Data Tables 33, 405 (1985); fitted for A > 9.

    Example
    -------
    >>> round(rms_radius(132) * BOHR_RADIUS_FM, 3)
    4.827
    """
    return float(0.836 * mass_number ** (1 / 3) + 0.570) / BOHR_RADIUS_FM


def fermi_or_uniform(charge: int, mass_number: int) -> Nucleus:
    """Return a Fermi nucleus of the usual size; a uniform sphere for A < 6, too small for one.

    Parameters
    ----------
    charge : int
        Z [dimensionless].
    mass_number : int
        A [dimensionless].

    Returns
    -------
    Nucleus
        With the radius of `rms_radius`.

    Example
    -------
    >>> type(fermi_or_uniform(2, 4)).__name__, type(fermi_or_uniform(32, 74)).__name__
    ('UniformNucleus', 'FermiNucleus')
    """
    radius = rms_radius(mass_number)
    if mass_number < 6:
        return UniformNucleus(charge, radius)
    return FermiNucleus(charge, radius)


def named_nucleus(charge: int, mass_number: int, model: str = "finite") -> Nucleus:
    """Return the nucleus of a named model.

    Parameters
    ----------
    charge : int
        Z [dimensionless].
    mass_number : int
        A; a point nucleus does not need it [dimensionless].
    model : str
        finite (Fermi, or uniform for A < 6), fermi, uniform, point [name].

    Returns
    -------
    Nucleus
        Its potential.

    Raises
    ------
    UnknownName
        If there is no such model.

    Example
    -------
    >>> named_nucleus(32, 74, "point").charge
    32
    """
    radius = rms_radius(mass_number)
    builders: dict[str, Callable[[], Nucleus]] = {
        "finite": lambda: fermi_or_uniform(charge, mass_number),
        "fermi": lambda: FermiNucleus(charge, radius),
        "uniform": lambda: UniformNucleus(charge, radius),
        "point": lambda: PointNucleus(charge),
    }
    return lookup("nuclear model", model, builders)()
