"""Radioactive neutrino sources: electron capture (lines) and tritium."""

import numpy as np

from nuatom import units as u
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, lookup
from nuatom.sources.beta_decay import beta_decay, decay_spectrum
from nuatom.sources.editions import edition
from nuatom.sources.flux import Flux, Line, Source
from nuatom.targets import element

CAPTURES = {"Cr51": "cr51-ensdf", "Ar37": "ar37-ensdf"}
"""Nuclide -> edition of its branches."""
_SHELLS = {"k_percent": "K", "l_percent": "L1", "m_percent": "M1"}


def capture_lines(nuclide: str) -> tuple[Line, ...]:
    """Return the neutrino lines of an electron capture, one neutrino in all.

    ``E_nu = Q - E_level - B_shell``, with the binding energy of the captured electron in
    the daughter (measured edges; L1 and M1 stand for their shells).

    Parameters
    ----------
    nuclide : str
        Cr51 or Ar37 [name].

    Returns
    -------
    tuple of Line
        Strongest first; intensities add up to 1 [dimensionless].

    Raises
    ------
    UnknownName
        For another nuclide.

    Example
    -------
    >>> [round(line.energy / u.keV, 1) for line in capture_lines("Ar37")]
    [811.0, 813.6, 813.9]
    """
    table = edition("electron-capture", lookup("electron capture of", nuclide, CAPTURES))
    daughter = element(str(table.card["daughter"]))
    edges = {shell.name: shell.binding_energy for shell in daughter.subshells}
    q_value = float(table.card["q_value_keV"]) * u.keV
    levels = table.column("daughter_level_keV") * u.keV
    lines = []
    for column, shell in _SHELLS.items():
        energies = q_value - levels - edges[shell]
        lines += list(zip(energies, table.column(column), strict=True))
    total = sum(share for _, share in lines)
    lines.sort(key=lambda line: -line[1])
    return tuple(Line("nu_e", float(e), float(share / total)) for e, share in lines)


def capture_source(nuclide: str, *, activity: float, distance: float) -> Source:
    """Return the neutrinos of an electron-capture source at a distance.

    Parameters
    ----------
    nuclide : str
        Cr51 or Ar37 [name].
    activity : float
        Decays per time [1/time].
    distance : float
        From a point-like source to the detector [length].

    Returns
    -------
    Source
        Lines of nu_e with a total flux of ``activity/(4 pi d^2)``.

    Raises
    ------
    UnknownName
        For another nuclide.
    InvalidInput
        If activity or distance are not positive.

    Notes
    -----
    The activity falls by half in 27.7 days (51Cr) or 35.0 days (37Ar).

    Example
    -------
    >>> source = capture_source("Cr51", activity=1e17 / u.second, distance=1 * u.metre)
    >>> round(source.total_flux() / u.flux / 1e11, 3)
    7.958
    """
    flux = isotropic(activity, distance)
    table = edition("electron-capture", lookup("electron capture of", nuclide, CAPTURES))
    fluxes: tuple[Flux, ...] = tuple(line.scaled(flux) for line in capture_lines(nuclide))
    references = (table.reference, "edges: xraylib, measured (Elam, Ravel and Sieber)")
    return Source(nuclide, fluxes, references, f"half-life {table.card['half_life_days']} days")


def tritium_source(*, activity: float, distance: float) -> Source:
    """Return the antineutrinos of a tritium source at a distance.

    Parameters
    ----------
    activity : float
        Decays per time [1/time].
    distance : float
        From a point-like source to the detector [length].

    Returns
    -------
    Source
        One continuum of anti_nu_e up to 18.59 keV.

    Raises
    ------
    InvalidInput
        If activity or distance are not positive.

    Example
    -------
    >>> source = tritium_source(activity=1e17 / u.second, distance=1 * u.metre)
    >>> round(source.energy_max / u.keV, 2)
    18.59
    """
    decay = beta_decay("H3")
    flux = decay_spectrum(decay).scaled(isotropic(activity, distance))
    return Source("H3", (flux,), (decay.reference,), "allowed shape, point-like nucleus")


def isotropic(rate: float, distance: float) -> float:
    """Return ``rate/(4 pi d^2)``.

    Parameters
    ----------
    rate : float
        Neutrinos per time, > 0 [1/time].
    distance : float
        d > 0 [length].

    Returns
    -------
    float
        Flux [1/(length^2 time)].

    Raises
    ------
    InvalidInput
        If one is not positive.
    """
    for name, value in (("activity", rate), ("distance", distance)):
        if not float(finite(name, value)) > 0:
            raise InvalidInput(f"{name}: found {value:g}, expected > 0")
    return float(rate / (4 * np.pi * distance**2))
