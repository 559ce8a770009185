"""The spectra that several figures share: one place for source, models and quenching."""

from functools import cache

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.detectors.quenching import Lindhard
from nuatom.interactions import Interaction, MagneticMoment, Weak
from nuatom.interactions.incoherent import combine
from nuatom.rates import rate_by_shell
from nuatom.responses import Response
from nuatom.sources import Source
from nuatom.targets import element

GERMANIUM = element("Ge")
QUENCHING = Lindhard(32, k=0.157)
"""Lindhard quenching in germanium with k = 0.157."""


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
        A catalogue name [name].
    photoabsorption : str
        Source of sigma_gamma [name].

    Returns
    -------
    Response
        The model.
    """
    return catalog.response(name, GERMANIUM, photoabsorption=photoabsorption)


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
