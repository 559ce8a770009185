"""Terms: the one form that every cross section of this package has.

::

    dsigma/dT = sum over terms  E^-k  Int dQ^2  c(T, Q^2) R_name(T, Q^2),   k = 0, 1, 2,

with T the energy transfer, E the neutrino energy, Q^2 = |q|^2 - T^2 > 0 and the
kinematic limit E >= E_min(T, Q^2).  An interaction is a tuple of such terms; what
the target does is in the response functions R_name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput

FLAVORS = ("nu_e", "nu_mu", "nu_tau", "anti_nu_e", "anti_nu_mu", "anti_nu_tau")
RESPONSE_NAMES = ("L", "T", "A00", "A03", "A33", "AT", "VA")

Constituents = Mapping[str, Array]
"""Number of each kind of particle that scatters coherently: {"electron": 1} where the
response already sums over electrons, {"proton": Z, "neutron": N} for a nucleus."""

CHARGE = {"electron": -1.0, "proton": 1.0, "neutron": 0.0}
"""Electric charge of each constituent in units of e."""

Coefficient = Callable[[Array, Array], Array]
"""c(T, Q^2), broadcasting over arrays."""

EnergyWeight = Callable[[Array], Array]
"""A dimensionless factor w(E), such as an effective moment or a survival probability."""


@dataclass(frozen=True)
class Term:
    """One term: ``E^-power  c(T, Q^2)  R_response(T, Q^2)``, times w(E) if given.

    Parameters
    ----------
    response : str
        Name of the response function: L, T, A00, A03, A33, AT, VA, or one that a
        single channel shares with a single model [name].
    power : int
        The power k of 1/E [dimensionless].
    coefficient : callable
        c(T, Q^2), broadcasting over arrays, for responses per energy [energy^(k-3)].
    weight : callable, optional
        w(E) [dimensionless].
    """

    response: str
    power: int
    coefficient: Coefficient
    weight: EnergyWeight | None = None


class Interaction(Protocol):
    """What a channel must be: a list of terms, and the neutrino mass of its kinematics."""

    @property
    def neutrino_mass(self) -> float:
        """Mass in the kinematic limit [energy]; zero except where it regulates a pole."""
        ...

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms for one neutrino flavour on a target of these constituents.

        Parameters
        ----------
        flavor : str
            Any of the six flavours [name].
        constituents : mapping
            What scatters coherently [dimensionless].

        Returns
        -------
        tuple of Term
            In the responses that the channel needs.
        """
        ...


def shared(factor: Coefficient) -> Coefficient:
    """Return a factor of several terms that is computed once for the same arrays.

    Parameters
    ----------
    factor : callable
        A function of T and Q^2 [any].

    Returns
    -------
    callable
        The same function; it keeps its last arguments and value.

    Example
    -------
    >>> product = shared(lambda T, q2: T * q2)
    >>> T, q2 = np.ones(2), np.ones(2)
    >>> product(T, q2) is product(T, q2)
    True
    """
    last: list[Array] = []

    def value(T: Array, q2: Array) -> Array:
        if not last or last[0] is not T or last[1] is not q2:
            last[:] = T, q2, factor(T, q2)
        return last[2]

    return value


def total_charge(constituents: Constituents) -> Array:
    """Return the electric charge that scatters coherently, ``sum_c n_c Z_c``.

    Parameters
    ----------
    constituents : mapping
        Number of each constituent; arrays must broadcast with (shell, T, node)
        [dimensionless].

    Returns
    -------
    ndarray
        Charge in units of e.

    Example
    -------
    >>> float(total_charge({"proton": np.array(32.0), "neutron": np.array(41.0)}))
    32.0
    """
    return np.asarray(sum(np.asarray(n) * CHARGE[name] for name, n in constituents.items()))


def momentum_squared(energy_transfer: Array, q2: Array) -> Array:
    """Return the squared three-momentum transfer ``|q|^2 = T^2 + Q^2``.

    Parameters
    ----------
    energy_transfer : ndarray
        T [energy].
    q2 : ndarray
        Q^2, broadcasting with T [energy^2].

    Returns
    -------
    ndarray
        [energy^2]
    """
    return energy_transfer**2 + q2


def minimum_neutrino_energy(
    energy_transfer: Array, q2: Array, *, neutrino_mass: float = 0.0
) -> Array:
    """Return the lowest neutrino energy that can transfer (T, Q^2).

    ``E_min = T/2 + (|q|/2) sqrt(1 + 4 m_nu^2/Q^2)``, exact for an infinitely heavy
    atom; ``(T + |q|)/2`` for a massless neutrino.

    Parameters
    ----------
    energy_transfer : ndarray
        T [energy].
    q2 : ndarray
        Q^2 > 0, broadcasting with T [energy^2].
    neutrino_mass : float
        m_nu [energy].

    Returns
    -------
    ndarray
        [energy]

    Example
    -------
    >>> float(minimum_neutrino_energy(np.array(3.0), np.array(16.0)))
    4.0
    """
    q = np.sqrt(momentum_squared(energy_transfer, q2))
    if neutrino_mass == 0.0:
        return np.asarray((energy_transfer + q) / 2)
    return np.asarray((energy_transfer + q * np.sqrt(1 + 4 * neutrino_mass**2 / q2)) / 2)


def q2_limits(
    energy_transfer: Array, neutrino_energy: Array, *, neutrino_mass: float = 0.0
) -> tuple[Array, Array]:
    """Return the least and greatest Q^2 that a neutrino of energy E can transfer with T.

    ``Q^2 = 2 (E E' - m_nu^2 -+ k k')``, with k, k' the momenta before and after;
    0 and 4 E E' for a massless neutrino.

    Parameters
    ----------
    energy_transfer : ndarray
        T [energy].
    neutrino_energy : ndarray
        E, broadcasting with T [energy].
    neutrino_mass : float
        m_nu [energy].

    Returns
    -------
    tuple of ndarray
        (minimum, maximum); both 0 where T leaves no energy to the neutrino [energy^2].

    Example
    -------
    >>> low, high = q2_limits(np.array(1.0), np.array(3.0))
    >>> float(low), float(high)
    (0.0, 24.0)
    """
    final = np.maximum(neutrino_energy - energy_transfer, 0.0)
    if neutrino_mass == 0.0:
        return np.zeros(np.shape(final)), np.asarray(4 * neutrino_energy * final)
    mass2 = neutrino_mass**2
    open_ = final > neutrino_mass
    k2 = np.where(open_, neutrino_energy**2 - mass2, 0.0)
    k2_final = np.where(open_, final**2 - mass2, 0.0)
    high = np.where(open_, 2 * (neutrino_energy * final - mass2 + np.sqrt(k2 * k2_final)), 0.0)
    # the product of the two limits is 4 m_nu^2 T^2: no cancellation for the lower one
    low = np.divide(
        4 * mass2 * energy_transfer**2, high, out=np.zeros(np.shape(high)), where=high > 0
    )
    return low, high


def check_flavor(flavor: str) -> str:
    """Return `flavor` after checking that it is one of the six.

    Parameters
    ----------
    flavor : str
        nu_e, nu_mu, nu_tau, anti_nu_e, anti_nu_mu or anti_nu_tau [name].

    Returns
    -------
    str
        The same name.

    Raises
    ------
    InvalidInput
        For anything else.
    """
    if flavor not in FLAVORS:
        raise InvalidInput(f"flavor: found {flavor!r}, expected one of {', '.join(FLAVORS)}")
    return flavor
