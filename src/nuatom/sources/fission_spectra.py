"""Antineutrino spectra per fission of the four isotopes of a reactor.

The rules, from below:

* below 7.813 keV the spectrum rises as E^2, as each beta branch does, from the first point
  of the table of Vogel and Engel; below 1 eV it is zero;
* from 7.813 keV to 2 MeV it is linear in E between the points of that table;
* at 2 MeV it steps from Vogel and Engel to the conversion spectrum (by -5 % to +5 %);
* from 2 to 8 MeV ln phi is linear in E between the published points of Huber (U235, Pu239,
  Pu241) and Mueller et al. (U238), which the published polynomials miss by up to 22 %;
* above 8 MeV it is zero: nothing is published there, and about 1e-4 of the neutrinos are
  lost (2e-3 of <E^2>).
"""

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.sources.beta_decay import LOWEST_ENERGY, sampled
from nuatom.sources.continuum import Continuum
from nuatom.sources.editions import edition

ISOTOPES = {"U235": "huber-2011", "U238": "mueller-2011", "Pu239": "huber-2011",
            "Pu241": "huber-2011"}  # fmt: skip
"""Fissile isotope -> edition of its spectrum above 2 MeV."""
LOW_ENERGY = "vogel-engel-1989"
JOIN = 2 * u.MeV
"""Where the low-energy table ends and the conversion spectra begin."""
_PIECES = 80
"""Straight pieces in each published interval of 0.25 MeV above 2 MeV."""


def fission_spectrum(isotope: str, *, refinement: int = 1) -> Continuum:
    """Return the antineutrino spectrum of one fission.

    Parameters
    ----------
    isotope : str
        U235, U238, Pu239 or Pu241 [name].
    refinement : int
        Each interval between knots is cut into so many; 1 leaves an error of moments
        below 1e-5 [dimensionless].

    Returns
    -------
    Continuum
        From 1 eV to 8 MeV, with a step at 2 MeV [1/energy].

    Raises
    ------
    UnknownName
        For another isotope.

    Notes
    -----
    Below 1.5 MeV summation spectra differ by 12 %: see `low_energy_systematic`.

    References
    ----------
    P. Vogel and J. Engel, Phys. Rev. D 39, 3378 (1989); P. Huber, Phys. Rev. C 84, 024617
    (2011); T. A. Mueller et al., Phys. Rev. C 83, 054615 (2011).

    Example
    -------
    >>> spectrum = fission_spectrum("U235")
    >>> round(float(spectrum.density(np.array(4 * u.MeV)) * u.MeV), 6)
    0.294
    """
    energies, densities = low_energy_points(isotope)
    rise = sampled([LOWEST_ENERGY, float(energies[0])], refinement)
    below = np.append(rise, energies[1:])
    phi_below = np.append(densities[0] * (rise / energies[0]) ** 2, densities[1:])
    above, phi_above = _between(*high_energy_points(isotope), _PIECES * refinement)
    knots = np.append(below, above[1:])
    low = np.append(phi_below[:-1], phi_above[:-1])
    high = np.append(phi_below[1:], phi_above[1:])
    return Continuum("anti_nu_e", knots, low, high)


def low_energy_points(isotope: str) -> tuple[Array, Array]:
    """Return the published points up to 2 MeV (Vogel and Engel, Table II).

    Parameters
    ----------
    isotope : str
        U235, U238, Pu239 or Pu241 [name].

    Returns
    -------
    tuple of ndarray
        Energies [energy] and densities per fission [1/energy].

    Raises
    ------
    UnknownName
        For another isotope.
    """
    lookup("fissile isotope", isotope, ISOTOPES)
    return _points(LOW_ENERGY, isotope)


def high_energy_points(isotope: str) -> tuple[Array, Array]:
    """Return the published points from 2 to 8 MeV (Huber; Mueller et al. for U238).

    Parameters
    ----------
    isotope : str
        U235, U238, Pu239 or Pu241 [name].

    Returns
    -------
    tuple of ndarray
        Energies [energy] and densities per fission [1/energy].

    Raises
    ------
    UnknownName
        For another isotope.
    """
    return _points(lookup("fissile isotope", isotope, ISOTOPES), isotope)


def low_energy_systematic() -> tuple[float, float]:
    """Return the relative uncertainty of the spectra at low energy, and up to where.

    It is what the number of neutrinos below 1.5 MeV differs by from recent summation
    spectra (BESTIOLE 2023).  The difference is not flat: 40 % below 0.25 MeV, 20 % from
    0.25 to 0.5 MeV and under 5 % (Pu241 7 %) from 0.5 to 2 MeV.

    Returns
    -------
    tuple of float
        0.12 [dimensionless], fully correlated, below 1.5 MeV [energy].

    Example
    -------
    >>> low_energy_systematic()[0]
    0.12
    """
    card = edition("fission-spectra", LOW_ENERGY).card
    below = float(card["low_energy_systematic_below_MeV"]) * u.MeV
    return float(card["low_energy_systematic"]), below


def _points(name: str, isotope: str) -> tuple[Array, Array]:
    table = edition("fission-spectra", name)
    densities = table.column(f"{isotope}_per_MeV_fission") / u.MeV
    return table.column("neutrino_energy_MeV") * u.MeV, densities


def _between(energies: Array, densities: Array, pieces: int) -> tuple[Array, Array]:
    """Points on the lines of ln phi between the published ones, which are kept exactly."""
    fraction = np.arange(pieces) / pieces
    fine = (energies[:-1, None] + np.diff(energies)[:, None] * fraction).ravel()
    ratio = (densities[1:] / densities[:-1])[:, None]
    values = (densities[:-1, None] * ratio**fraction).ravel()
    return np.append(fine, energies[-1]), np.append(values, densities[-1])
