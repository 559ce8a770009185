"""The spectra that several figures share: one place for source, models and quenching."""

from functools import cache

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.detectors.quenching import Lindhard
from nuatom.errors import InvalidInput
from nuatom.interactions import Interaction, MagneticMoment, Weak
from nuatom.interactions.incoherent import combine
from nuatom.rates import rate_by_shell
from nuatom.responses import Response, Tabulated
from nuatom.responses.band_edge import BandEdge
from nuatom.sources import Source
from nuatom.targets import element

GERMANIUM = element("Ge")
QUENCHING = Lindhard(32, k=0.157)
"""Lindhard quenching in germanium with k = 0.157."""
AB_INITIO = catalog.AB_INITIO
BAND_EDGES = {f"{AB_INITIO}-lower": False, f"{AB_INITIO}-upper": True}
"""Names of the ends of its band for a magnetic moment -> whether it is the upper one."""
WITH_BAND = (AB_INITIO, *BAND_EDGES)
"""The central response, its lower and its upper end."""
BAND_NOTE = (
    "ab-initio: independent electrons in relativistic Hartree-Fock fields of a free atom; its band "
    "contains the computed variants of exchange and thresholds, not the correlation left out"
)


@cache
def reactor(flux_per_cm2_s: float) -> Source:
    """Return the Kuo-Sheng spectrum scaled to a total flux.

    Parameters
    ----------
    flux_per_cm2_s : float
        Total flux [1/(cm^2 s)].

    Returns
    -------
    Source
        One object for each flux.
    """
    return catalog.source("kuo-sheng").normalised_to(flux_per_cm2_s * u.flux)


@cache
def model(name: str, photoabsorption: str = "recommended") -> Response:
    """Return a response of germanium, made once.

    Parameters
    ----------
    name : str
        A catalogue name, or one of `BAND_EDGES` [name].
    photoabsorption : str
        Source of sigma_gamma [name].

    Returns
    -------
    Response
        The model.
    """
    if name in BAND_EDGES:
        return BandEdge(ab_initio_table(GERMANIUM.symbol), "magnetic-moment", BAND_EDGES[name])
    return catalog.response(name, GERMANIUM, photoabsorption=photoabsorption)


def ab_initio_table(symbol: str) -> Tabulated:
    """Return the ab-initio response of an element, with its band.

    Parameters
    ----------
    symbol : str
        Of an element with a table in the package [name].

    Returns
    -------
    Tabulated
        One object for each element.

    Raises
    ------
    UnsupportedResponse
        If there is no table of the element.
    InvalidInput
        If the table has no band.
    """
    found = catalog.response(AB_INITIO, symbol)
    if not isinstance(found, Tabulated) or found.table.uncertainty is None:
        raise InvalidInput(
            f"{AB_INITIO} of {symbol}: found no relative_uncertainty, expected a table with it"
        )
    return found


def rate(T: Array, source: Source, interaction: Interaction | Weak, response: Response) -> Array:
    """Return dR/dT in germanium, whether or not the model holds.

    Parameters
    ----------
    T : ndarray
        Energy transfer [energy].
    source : Source
        The reactor [source].
    interaction : Interaction or Weak
        The channel [interaction].
    response : Response
        The model [response].

    Returns
    -------
    ndarray
        [1/(mass energy time)]
    """
    by_shell = rate_by_shell(
        np.ravel(T),
        source=source,
        interaction=combine((interaction,)),
        response=response,
        atoms_per_mass=GERMANIUM.atoms_per_mass,
    )
    return np.asarray(by_shell.sum(axis=0).reshape(np.shape(T)))


def moment_rate(T: Array, source: Source, moment: float, response: Response) -> Array:
    """Return dR/dT of a magnetic moment in germanium.

    Parameters
    ----------
    T : ndarray
        Energy transfer [energy].
    source : Source
        The reactor [source].
    moment : float
        mu [Bohr magneton].
    response : Response
        The model [response].

    Returns
    -------
    ndarray
        [1/(mass energy time)]
    """
    return rate(T, source, MagneticMoment(moment), response)


def coherent_rate(observed: Array, source: Source) -> Array:
    """Return the coherent rate in ionisation energy, with Lindhard quenching.

    ``dR/dT_ion = dR/dT_nr dT_nr/dT_ion``.

    Parameters
    ----------
    observed : ndarray
        Ionisation energy [energy].
    source : Source
        The reactor [source].

    Returns
    -------
    ndarray
        [1/(mass energy time)]
    """
    return QUENCHING.rate_in_ionisation_energy(
        lambda recoil: rate(recoil, source, Weak(), model("nucleus")), observed
    )


def energy_grid(low: float, high: float, points: int, edges: Array) -> Array:
    """Return a logarithmic grid in which every edge stands twice: just below and at it.

    Parameters
    ----------
    low, high : float
        Ends of the grid [energy].
    points : int
        Points before the edges are added [dimensionless].
    edges : ndarray
        Where the spectra jump [energy].

    Returns
    -------
    ndarray
        Increasing [energy].
    """
    inside = np.unique(edges[(edges > low) & (edges < high)])
    grid = np.geomspace(low, high, points)
    return np.unique(np.concatenate([grid, inside * (1 - 1e-9), inside]))
