"""Source x interaction x response: the only place where the three meet.

::

    dsigma/dT = sum over terms, nodes  c(T, Q^2) R_name dQ^2  E^-k      [E >= E_min(T, Q^2)]
    dR/dT     = the same with  E^-k  ->  M_k(E_min) = Int_{E_min} phi w E^-k dE

so that an average over a neutrino spectrum costs as much as one energy.
"""

from collections.abc import Callable

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import UnsupportedResponse
from nuatom.interactions.terms import (
    EnergyWeight,
    Interaction,
    Term,
    minimum_neutrino_energy,
    q2_limits,
)
from nuatom.responses.measure import Measure, Response
from nuatom.sources.flux import Moments, Source

MomentsOf = Callable[[tuple[int, ...], EnergyWeight | None], Moments]
"""(powers, weight) -> M(E_min) of each power."""


def cross_section_by_shell(
    T: Array, E: Array, *, interaction: Interaction, response: Response, flavor: str
) -> Array:
    """Return dsigma/dT per atom for each shell at neutrino energies E.

    Parameters
    ----------
    T : ndarray
        Energy transfer, shape (T,) [energy].
    E : ndarray
        Neutrino energy for each energy transfer, shape (T,) [energy].
    interaction : Interaction
        The channel or sum of channels [interaction].
    response : Response
        The atomic or nuclear model [response].
    flavor : str
        One of the six flavours [name].

    Returns
    -------
    ndarray
        Shape (shell, T); zero beyond the kinematic end [length^2/energy].

    Raises
    ------
    UnsupportedResponse
        If the channel asks for a response that the model does not provide.
    """
    terms = _terms(interaction, response, flavor)
    mass = interaction.neutrino_mass
    q2_min, q2_max = q2_limits(T, E, neutrino_mass=mass)
    column = E[:, None]

    def moments(powers: tuple[int, ...], weight: EnergyWeight | None) -> Moments:
        factor = 1.0 if weight is None else weight(column)
        values = [column ** float(-power) * factor for power in powers]
        return lambda e_min: np.stack([np.where(column >= e_min, value, 0.0) for value in values])

    return _contract(T, terms, response.measure(T, q2_min=q2_min, q2_max=q2_max), moments, mass)


def rate_by_shell(
    T: Array,
    *,
    source: Source,
    interaction: Interaction,
    response: Response,
    atoms_per_mass: float,
) -> Array:
    """Return dR/dT for each shell, summed over the fluxes of a source.

    Parameters
    ----------
    T : ndarray
        Energy transfer, shape (T,) [energy].
    source : Source
        One or more fluxes, each with its flavour [source].
    interaction : Interaction
        The channel or sum of channels [interaction].
    response : Response
        The atomic or nuclear model [response].
    atoms_per_mass : float
        Atoms per unit mass of the target [1/mass].

    Returns
    -------
    ndarray
        Shape (shell, T) [1/(mass energy time)].

    Raises
    ------
    UnsupportedResponse
        If the channel asks for a response that the model does not provide.
    """
    mass = interaction.neutrino_mass
    total: Array = np.zeros((len(response.shells), T.size))
    for flux in source.fluxes:
        terms = _terms(interaction, response, flux.flavor)
        energy_max = np.full(T.size, flux.energy_max)
        q2_min, q2_max = q2_limits(T, energy_max, neutrino_mass=mass)
        measure = response.measure(T, q2_min=q2_min, q2_max=q2_max)
        total += _contract(T, terms, measure, flux.moments, mass)
    return total * atoms_per_mass


def _terms(interaction: Interaction, response: Response, flavor: str) -> tuple[Term, ...]:
    """Return the terms after checking that the model provides each response."""
    terms = interaction.terms(flavor=flavor, constituents=response.constituents)
    missing = sorted({term.response for term in terms} - response.provides)
    if missing:
        raise UnsupportedResponse(
            f"{type(interaction).__name__} needs the response {', '.join(missing)}, which the "
            f"model {response.name!r} does not provide (it has "
            f"{', '.join(sorted(response.provides))}); choose another response"
        )
    return terms


def _contract(
    T: Array, terms: tuple[Term, ...], measure: Measure, moments: MomentsOf, neutrino_mass: float
) -> Array:
    """Return ``sum over terms and nodes of c(T, Q^2) R dQ^2 M(E_min)`` for each shell."""
    column = T[:, None]
    q2 = measure.q2
    e_min = minimum_neutrino_energy(column, q2, neutrino_mass=neutrino_mass)
    terms = tuple(term for term in terms if term.response in measure.weights)
    kernels: dict[str, Array] = {}
    for weight in dict.fromkeys(term.weight for term in terms):
        weighted = [term for term in terms if term.weight == weight]
        powers = tuple(sorted({term.power for term in weighted}))
        values = dict(zip(powers, moments(powers, weight)(e_min), strict=True))
        for term in weighted:
            kernel = term.coefficient(column, q2) * values[term.power]
            before = kernels.get(term.response)
            kernels[term.response] = kernel if before is None else before + kernel
    return measure.integral(kernels)
