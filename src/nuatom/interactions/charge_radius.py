"""Neutrino charge radius: a helicity-keeping amplitude without a pole."""

from dataclasses import dataclass, field

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.interactions.couplings import PHOTON_OVER_WEAK
from nuatom.interactions.terms import CHARGE


@dataclass(frozen=True)
class ChargeRadius:
    """A flavour-keeping neutrino charge radius <r^2>, ``<r^2> = 6 dF_1/dq^2`` at 0.

    ``c_V = -Z_c (2 sqrt2 pi alpha/G) <r^2>/6``, which for the electron is
    ``g_V -> g_V + sqrt2 pi alpha <r^2>/(3 G)``.

    Parameters
    ----------
    squared_radius : float
        <r^2>, of either sign; an anapole moment a enters as <r^2> - 6a [length^2].

    Raises
    ------
    InvalidInput
        If it is not finite.

    Notes
    -----
    In this convention the Standard Model value for nu_e is -0.83e-32 cm^2.

    Example
    -------
    >>> ChargeRadius(0.0).neutrino_mass
    0.0
    """

    squared_radius: float
    neutrino_mass: float = field(default=0.0, init=False)
    has_axial: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Check the radius."""
        finite("charge radius", self.squared_radius)

    def vector(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return ``-Z_c (2 sqrt2 pi alpha/G) <r^2>/6``."""
        return np.asarray(-CHARGE[constituent] * PHOTON_OVER_WEAK * self.squared_radius / 6)

    def axial(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return zero: a photon has no axial coupling."""
        return np.zeros(())
