"""Absorption of bosonic dark matter and of solar axions, from photoabsorption.

A boson that couples to electrons is absorbed like a photon of the same energy, up to a
factor that comes from its coupling.  All rates and cross sections are per atom of the
target and by subshell of the photoabsorption source; multiply a rate by
``Element.atoms_per_mass`` for the rate per mass.

References: M. Pospelov, A. Ritz and M. B. Voloshin, Phys. Rev. D 78, 115012 (2008),
arXiv:0807.3279; for the medium H. An, M. Pospelov, J. Pradler and A. Ritz, Phys. Lett. B
747, 331 (2015), arXiv:1412.8378; for axions with momentum A. Derevianko, V. A. Dzuba,
V. V. Flambaum and M. Pospelov, Phys. Rev. D 82, 065006 (2010).
"""

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.targets.dielectric import Dielectric
from nuatom.targets.photoabsorption import Photoabsorption

LOCAL_DENSITY = 0.3 * u.GeV / u.cm**3
"""Energy density of dark matter near the Sun that direct searches conventionally take."""


def dark_photon_rate(
    mass: ArrayLike,
    mixing: float,
    *,
    photoabsorption: Photoabsorption,
    medium: Dielectric | None = None,
    local_density: float = LOCAL_DENSITY,
) -> Array:
    """Return the absorption rate per atom of dark photons that are all the dark matter.

    ::

        rate = (rho/m_V) kappa^2 sigma_gamma(m_V)/|eps(m_V)|^2

    Parameters
    ----------
    mass : array_like
        m_V, one-dimensional: the energy of the line [energy].
    mixing : float
        Kinetic mixing kappa with the photon [dimensionless].
    photoabsorption : Photoabsorption
        The target [photoabsorption].
    medium : Dielectric, optional
        Screens the mixing, ``kappa^2 -> kappa^2/|eps|^2``; without it the target is
        dilute, eps = 1 [dielectric].
    local_density : float
        rho [energy/length^3].

    Returns
    -------
    ndarray
        Shape (shell, mass) [1/time].

    Raises
    ------
    InvalidInput
        If a mass or the density is not positive.
    OutOfRange
        If a mass is outside the range of the photoabsorption source.

    Notes
    -----
    The effective mixing is ``kappa^2 m_V^4/|m_V^2 - Pi|^2`` with the photon's
    ``Pi = m_V^2 (1 - eps)``; for a slow boson longitudinal and transverse agree.  In Ge
    |eps|^2 differs from one by 3 % at 0.3 keV and by 4e-5 at 10 keV.

    Example
    -------
    >>> from nuatom.targets import element
    >>> from nuatom.targets.photoabsorption import photoabsorption
    >>> germanium = element("Ge")
    >>> line = dark_photon_rate(1 * u.keV, 1e-14, photoabsorption=photoabsorption(germanium))
    >>> print(f"{line.sum() * germanium.atoms_per_mass * u.kg * u.day:.3f}")
    0.146
    """
    m_v = _masses("dark photon mass", mass)
    finite("mixing", mixing)
    number = finite("local density", local_density, positive=True) / m_v
    screening = 1.0 if medium is None else 1 / np.abs(medium.permittivity(m_v)) ** 2
    return np.asarray(number * mixing**2 * screening * photoabsorption.by_shell(m_v))


def axion_like_rate(
    mass: ArrayLike,
    coupling: float,
    *,
    photoabsorption: Photoabsorption,
    local_density: float = LOCAL_DENSITY,
) -> Array:
    """Return the absorption rate per atom of axion-like particles that are all the dark matter.

    ::

        rate = (rho/m_a) sigma_a v,    sigma_a v = sigma_gamma(m_a) 3 g_ae^2 m_a^2/(16 pi alpha m^2)

    Parameters
    ----------
    mass : array_like
        m_a, one-dimensional: the energy of the line [energy].
    coupling : float
        g_ae, the axion-electron coupling [dimensionless].
    photoabsorption : Photoabsorption
        The target [photoabsorption].
    local_density : float
        rho [energy/length^3].

    Returns
    -------
    ndarray
        Shape (shell, mass) [1/time].

    Raises
    ------
    InvalidInput
        If a mass or the density is not positive.
    OutOfRange
        If a mass is outside the range of the photoabsorption source.

    Notes
    -----
    A pseudoscalar couples to the spin of the electron, which a medium does not screen.

    Example
    -------
    >>> from nuatom.targets import element
    >>> from nuatom.targets.photoabsorption import photoabsorption
    >>> germanium = element("Ge")
    >>> line = axion_like_rate(1 * u.keV, 1e-12, photoabsorption=photoabsorption(germanium))
    >>> print(f"{line.sum() * germanium.atoms_per_mass * u.kg * u.day:.3f}")
    0.046
    """
    m_a = _masses("axion mass", mass)
    finite("axion-electron coupling", coupling)
    number = finite("local density", local_density, positive=True) / m_a
    slow = 3 * coupling**2 * m_a**2 / (16 * np.pi * c.fine_structure * c.electron_mass**2)
    return np.asarray(number * slow * photoabsorption.by_shell(m_a))


def axioelectric_cross_section(
    energy: ArrayLike,
    coupling: float,
    *,
    photoabsorption: Photoabsorption,
    mass: float = 0.0,
) -> Array:
    """Return the axioelectric cross section per atom of an axion with energy E.

    ::

        sigma(E) = sigma_gamma(E) (g_ae^2/beta) (3 E^2/(16 pi alpha m^2)) (1 - beta^(2/3)/3)

    Parameters
    ----------
    energy : array_like
        E of the axion, one-dimensional [energy].
    coupling : float
        g_ae [dimensionless].
    photoabsorption : Photoabsorption
        The target [photoabsorption].
    mass : float
        m_a, less than every E; 0 for an axion from the Sun unless it is heavy [energy].

    Returns
    -------
    ndarray
        Shape (shell, E); multiply by a flux of axions [length^2].

    Raises
    ------
    InvalidInput
        If an energy is not positive or does not exceed the mass, or the mass is negative.
    OutOfRange
        If an energy is outside the range of the photoabsorption source.

    Notes
    -----
    The dependence on ``beta = |k|/E`` is an interpolation from the literature between the
    slow limit, ``3 g^2 m_a^2/(16 pi alpha m^2 beta)``, and the fast one,
    ``g^2 E^2/(8 pi alpha m^2)``.

    Example
    -------
    >>> from nuatom.targets import element
    >>> from nuatom.targets.photoabsorption import photoabsorption
    >>> source = photoabsorption(element("Xe"))
    >>> sigma = axioelectric_cross_section(2 * u.keV, 1e-12, photoabsorption=source)
    >>> bool(sigma.sum() > 0)
    True
    """
    E = _masses("axion energy", energy)
    finite("axion-electron coupling", coupling)
    m_a = float(finite("axion mass", mass))
    if m_a < 0 or np.any(m_a >= E):
        raise InvalidInput(
            f"axion mass: found {m_a / u.keV:.6g} keV, expected >= 0 and below every energy"
        )
    beta = np.sqrt((1 - m_a / E) * (1 + m_a / E))
    factor = 3 * E**2 / (16 * np.pi * c.fine_structure * c.electron_mass**2)
    factor *= coupling**2 / beta * (1 - beta ** (2 / 3) / 3)
    return np.asarray(factor * photoabsorption.by_shell(E))


def _masses(name: str, values: ArrayLike) -> Array:
    """Return positive energies as a one-dimensional array."""
    return np.atleast_1d(finite(name, values, positive=True))
