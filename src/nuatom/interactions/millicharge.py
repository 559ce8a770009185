"""Neutrino millicharge: a helicity-keeping amplitude with a photon pole."""

from dataclasses import dataclass, field

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.interactions.couplings import PHOTON_OVER_WEAK
from nuatom.interactions.terms import CHARGE


@dataclass(frozen=True)
class Millicharge:
    """A neutrino electric charge q_nu (in units of e).

    ``c_V = Z_c (2 sqrt2 pi alpha/G) q_nu/Q^2``.  The 1/Q^4 of the cross section makes
    small Q^2 dominate wherever the target has a photon point, and there the
    neutrino mass regulates the pole.

    Parameters
    ----------
    charge : float
        q_nu, of either sign [e].
    neutrino_mass : float
        m_nu > 0; enters through a logarithm, 0.1 eV by default [energy].

    Raises
    ------
    InvalidInput
        If the charge is not finite or the mass not positive.

    Notes
    -----
    On a free electron: ``(pi alpha^2 q_nu^2/(m T^2)) [1 + (1-T/E)^2 - mT/E^2]``
    alone, and ``g_V -> g_V - sqrt2 pi alpha q_nu/(G m T)`` with the weak interaction.

    Example
    -------
    >>> Millicharge(1e-12).has_axial
    False
    """

    charge: float
    neutrino_mass: float = 0.1 * u.eV
    has_axial: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Check the charge and the mass."""
        finite("millicharge", self.charge)
        if float(finite("neutrino mass", self.neutrino_mass)) <= 0:
            raise InvalidInput(
                "neutrino mass: found a value <= 0, expected > 0: it regulates the photon pole"
            )

    def vector(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return ``Z_c (2 sqrt2 pi alpha/G) q_nu/Q^2``."""
        return np.asarray(CHARGE[constituent] * PHOTON_OVER_WEAK * self.charge / q2)

    def axial(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return zero: a photon has no axial coupling."""
        return np.zeros(())
