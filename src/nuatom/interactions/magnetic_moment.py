"""Neutrino magnetic moment: the helicity-flipping electromagnetic channel."""

from dataclasses import dataclass, field

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import (
    Constituents,
    EnergyWeight,
    Term,
    check_flavor,
    momentum_squared,
    total_charge,
)


@dataclass(frozen=True)
class MagneticMoment:
    """Scattering through an effective neutrino magnetic moment mu (in Bohr magnetons).

    ::

        dsigma/dT = (pi alpha^2/E^2) (mu^2/(4 m^2)) Int dQ^2
                    { Q^2 (2E-T)^2/|q|^4 R_L + (4EE'-Q^2)/(2|q|^2) R_T }

    It flips the neutrino helicity and therefore never interferes with the weak
    interaction of a massless neutrino.

    Parameters
    ----------
    moment : float
        Effective moment |mu| [Bohr magneton].
    weight : callable, optional
        w(E) that multiplies mu^2, for a moment that depends on the energy
        [dimensionless].

    Raises
    ------
    InvalidInput
        If the moment is negative or not finite.

    Notes
    -----
    Valid for a massless neutrino and an infinitely heavy atom.  The free electron
    gives ``(pi alpha^2 mu^2/m^2)(1/T - 1/E)`` (Vogel and Engel, Phys. Rev. D 39,
    3378, 1989).

    Example
    -------
    >>> MagneticMoment(1e-11).neutrino_mass
    0.0
    """

    moment: float
    weight: EnergyWeight | None = None
    neutrino_mass: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Check the moment."""
        if float(finite("magnetic moment", self.moment)) < 0:
            raise InvalidInput(f"magnetic moment: found {self.moment:g}, expected >= 0")

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms; the same for every flavour and antiflavour.

        Parameters
        ----------
        flavor : str
            Any of the six flavours [name].
        constituents : mapping
            What scatters coherently [dimensionless].

        Returns
        -------
        tuple of Term
            Three in L and three in T; for an equivalent photon the one of Eq. (10).
        """
        check_flavor(flavor)
        if "equivalent_photon" in constituents:
            return (self._paper_equation_10(),)
        strength = (
            np.pi
            * c.fine_structure**2
            * self.moment**2
            / (4 * c.electron_mass**2)
            * total_charge(constituents) ** 2
        )

        def longitudinal(T: Array, q2: Array) -> Array:
            return np.asarray(strength * q2 / momentum_squared(T, q2) ** 2)

        def transverse(T: Array, q2: Array) -> Array:
            return np.asarray(strength / (2 * momentum_squared(T, q2)))

        # (2E - T)^2/E^2 = 4 - 4T/E + T^2/E^2 and (4EE' - Q^2)/E^2 = 4 - 4T/E - Q^2/E^2
        return (
            Term("L", 0, lambda T, q2: 4 * longitudinal(T, q2), self.weight),
            Term("L", 1, lambda T, q2: -4 * T * longitudinal(T, q2), self.weight),
            Term("L", 2, lambda T, q2: T**2 * longitudinal(T, q2), self.weight),
            Term("T", 0, lambda T, q2: 4 * transverse(T, q2), self.weight),
            Term("T", 1, lambda T, q2: -4 * T * transverse(T, q2), self.weight),
            Term("T", 2, lambda T, q2: -q2 * transverse(T, q2), self.weight),
        )

    def _paper_equation_10(self) -> Term:
        """Return ``mu^2 (alpha/pi) (E/m)^2 sigma_gamma(T)/T`` as the paper prints it.

        The response "photon" is sigma_gamma(T) at one node.  Wong, Li and Lin, PRL
        105, 061801 (2010), Eq. (10); retracted by its authors in arXiv:1001.2074v3.
        """
        strength = self.moment**2 * c.fine_structure / (np.pi * c.electron_mass**2)
        return Term("photon", -2, lambda T, q2: strength / T + 0 * q2, self.weight)
