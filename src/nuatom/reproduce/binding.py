"""Bound electrons against free ones: ratios at one energy transfer, and of totals.

The numbers behind `suppression`, which sets them beside published statements.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.interactions import Amplitude, Interaction, MagneticMoment, Weak
from nuatom.interactions.incoherent import combine
from nuatom.rates import cross_section_by_shell
from nuatom.reproduce.spectra import ab_initio_table
from nuatom.responses import FreeElectrons, Response, SteppedElectrons
from nuatom.responses.hydrogenic import Hydrogenic, HydrogenLike
from nuatom.responses.measure import gauss_legendre
from nuatom.targets import Element, element

NEUTRINO_ENERGY = 1 * u.MeV
"""Of the ratios against T; they do not depend on it while T << E."""
CHANNELS: dict[str, Interaction | Amplitude] = {"moment": MagneticMoment(1e-11), "weak": Weak()}
FACTORS = np.array([1 + 1e-9, 1.1, 2.0, 10.0])
"""Energy transfers in units of an edge."""
_LEAST = 1e-8
"""Where integrals over T begin, as a fraction of the largest transfer to a free electron."""


def cross_sections(
    T: Array, neutrino_energy: float, channel: str, response: Response, flavor: str = "anti_nu_e"
) -> Array:
    """Return dsigma/dT of each shell at one neutrino energy.

    Parameters
    ----------
    T : ndarray
        Energy transfer, shape (T,) [energy].
    neutrino_energy : float
        E [energy].
    channel : str
        ``moment`` or ``weak`` [name].
    response : Response
        The model [response].
    flavor : str
        Of the neutrino [name].

    Returns
    -------
    ndarray
        Shape (shell, T) [length^2/energy].
    """
    return cross_section_by_shell(
        T,
        np.full(T.size, neutrino_energy),
        interaction=combine((CHANNELS[channel],)),
        response=response,
        flavor=flavor,
    )


def suppression(T: Array, channel: str, response: Response, target: Element) -> Array:
    """Return the ratio of the atom to Z free electrons at 1 MeV.

    Parameters
    ----------
    T : ndarray
        Energy transfer, shape (T,) [energy].
    channel : str
        ``moment`` or ``weak`` [name].
    response : Response
        The model [response].
    target : Element
        The atom [element].

    Returns
    -------
    ndarray
        Shape (T,) [dimensionless].
    """
    free = cross_sections(T, NEUTRINO_ENERGY, channel, FreeElectrons(target))
    bound = cross_sections(T, NEUTRINO_ENERGY, channel, response)
    return np.asarray(bound.sum(axis=0) / free.sum(axis=0))


def bound_models(symbol: str) -> dict[str, Response]:
    """Return the models of bound electrons that are compared with steps.

    Parameters
    ----------
    symbol : str
        Of an element with a table in the package [name].

    Returns
    -------
    dict
        Name in a column -> model.
    """
    return {"ab_initio": ab_initio_table(symbol), "hydrogenic": Hydrogenic(element(symbol))}


def over_step(shells: Sequence[str], channel: str, bound: Response, target: Element) -> Array:
    """Return the ratio of shells to their steps at `FACTORS` times their edges.

    Parameters
    ----------
    shells : sequence of str
        Such as L3 [names].
    channel : str
        ``moment`` or ``weak`` [name].
    bound : Response
        A model of bound electrons [response].
    target : Element
        The atom [element].

    Returns
    -------
    ndarray
        Shape (shell, factor); NaN above 100 keV [dimensionless].
    """
    stepped = SteppedElectrons(target)
    T = stepped.edges[[stepped.shells.index(name) for name in shells]][:, None] * FACTORS
    ratios = np.full(T.shape, np.nan)
    seen = T <= 100 * u.keV
    rows = np.nonzero(seen)[0]
    found = []
    for model in (bound, stepped):
        by_shell = cross_sections(T[seen], NEUTRINO_ENERGY, channel, model)
        own = np.array([model.shells.index(shells[int(row)]) for row in rows])
        found.append(by_shell[own, np.arange(own.size)])
    ratios[seen] = found[0] / found[1]
    return ratios


def total_cross_section(neutrino_energy: float, response: Response, flavor: str) -> float:
    """Return the weak cross section, integrated over the energy transfer.

    Parameters
    ----------
    neutrino_energy : float
        E [energy].
    response : Response
        The model [response].
    flavor : str
        Of the neutrino [name].

    Returns
    -------
    float
        [length^2]
    """
    end = 2 * neutrino_energy**2 / (c.electron_mass + 2 * neutrino_energy)
    knots = np.concatenate(
        [
            np.geomspace(_LEAST * end, neutrino_energy * (1 - 1e-9), 90),
            end * np.array([0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.3, 1.5, 2.0]),
            response.edges,
        ]
    )
    knots = np.unique(knots[(knots >= _LEAST * end) & (knots < neutrino_energy)])
    T, dT = (x.ravel() for x in gauss_legendre(knots[:-1], knots[1:], 6))
    return float((cross_sections(T, neutrino_energy, "weak", response, flavor) @ dT).sum())


@cache
def total_ratio(neutrino_energy: float, symbol: str, model: str, flavor: str) -> float:
    """Return the total weak ionisation cross section over that of Z free electrons.

    Parameters
    ----------
    neutrino_energy : float
        E [energy].
    symbol : str
        The element [name].
    model : str
        ``stepped`` or ``hydrogenic`` [name].
    flavor : str
        Of the neutrino [name].

    Returns
    -------
    float
        [dimensionless]
    """
    target = element(symbol)
    bound: Response = SteppedElectrons(target) if model == "stepped" else Hydrogenic(target)
    free = total_cross_section(neutrino_energy, FreeElectrons(target), flavor)
    return total_cross_section(neutrino_energy, bound, flavor) / free


def coulomb_deviations() -> tuple[float, ...]:
    """Return 1 - exact/stepped of a magnetic moment at the threshold of n = 1, 2, 3.

    Averaged over the electrons of the full shell n of hydrogen-like atoms at small Z.

    Returns
    -------
    tuple of float
        For n = 1, 2, 3 [dimensionless].
    """
    found = []
    for n in (1, 2, 3):
        total = 0.0
        for orbital in range(n):
            model = HydrogenLike(0.05, f"{n}{'spd'[orbital]}")
            T = model.edges * (1 + 1e-9)
            bound = cross_sections(T, NEUTRINO_ENERGY, "moment", model)[0, 0]
            free = cross_sections(T, NEUTRINO_ENERGY, "moment", FreeElectrons(element("H")))[0, 0]
            total += (2 * orbital + 1) * (1 - bound / free)
        found.append(float(total / n**2))
    return tuple(found)
