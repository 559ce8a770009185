"""Neutrinos of pions that decay at rest, and of the muons that they leave.

::

    pi+ -> mu+ nu_mu             E = (m_pi^2 - m_mu^2)/(2 m_pi) = 29.79 MeV
    mu+ -> e+ nu_e anti_nu_mu    x = 2E/m_mu from 0 to 1, electron mass neglected:
                                 dN/dx = 12 x^2 (1-x)      nu_e
                                 dN/dx = 2 x^2 (3-2x)      anti_nu_mu
"""

from collections.abc import Callable

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.sources.continuum import Continuum
from nuatom.sources.editions import edition
from nuatom.sources.flux import Line, Source
from nuatom.sources.radioactive import isotropic

_KNOTS = 2001
REFERENCES = (
    "W. Fetscher and H.-J. Gerber, in S. Navas et al. (Particle Data Group), Phys. Rev. D 110, "
    "030001 (2024), review of muon decay parameters",
)


def pion_line_energy() -> float:
    """Return the energy of nu_mu from a pion at rest, ``(m_pi^2 - m_mu^2)/(2 m_pi)``.

    Returns
    -------
    float
        29.79 MeV [energy].

    Example
    -------
    >>> round(pion_line_energy() / u.MeV, 2)
    29.79
    """
    pion = float(edition("stopped-pion", "pdg-2024").card["pion_mass_MeV"]) * u.MeV
    return (pion**2 - c.muon_mass**2) / (2 * pion)


def stopped_pions(*, rate: float, distance: float) -> Source:
    """Return the neutrinos of positive pions that decay at rest.

    Parameters
    ----------
    rate : float
        Pion decays per time: one nu_mu, one nu_e and one anti_nu_mu each [1/time].
    distance : float
        From a point-like source to the detector [length].

    Returns
    -------
    Source
        A line of nu_mu, and continua of nu_e and anti_nu_mu up to half the muon mass.

    Raises
    ------
    InvalidInput
        If rate or distance are not positive.

    Notes
    -----
    Decays in flight, negative pions and oscillation are left out.

    Example
    -------
    >>> source = stopped_pions(rate=1e15 / u.second, distance=20 * u.metre)
    >>> round(source.total_flux() / u.flux / 1e7, 2)
    5.97
    """
    flux = isotropic(rate, distance)
    fluxes = (
        Line("nu_mu", pion_line_energy(), flux),
        _michel("nu_e", lambda x: 12 * x**2 * (1 - x)).scaled(flux),
        _michel("anti_nu_mu", lambda x: 2 * x**2 * (3 - 2 * x)).scaled(flux),
    )
    return Source("stopped-pion", fluxes, (*REFERENCES, _reference()), "pions at rest only")


def _michel(flavor: str, shape: Callable[[Array], Array]) -> Continuum:
    x = np.linspace(0.0, 1.0, _KNOTS)
    top = c.muon_mass / 2
    spectrum = Continuum.from_points(flavor, x * top, shape(x) / top)
    return spectrum.scaled(1 / float(spectrum.moment(0)(np.array(0.0))))


def _reference() -> str:
    return edition("stopped-pion", "pdg-2024").reference
