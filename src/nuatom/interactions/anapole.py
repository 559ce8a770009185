"""Neutrino anapole moment: a charge radius in other words, as long as the mass is zero."""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.interactions.couplings import PHOTON_OVER_WEAK
from nuatom.interactions.terms import CHARGE


@dataclass(frozen=True)
class Anapole:
    """A flavour-keeping neutrino anapole moment a, ``<r^2>_eff = <r^2> - 6 a``.

    ``c_V = Z_c (2 sqrt2 pi alpha/G) a``, which for the electron is
    ``g_V -> g_V - 2 sqrt2 pi alpha a/G``.  The vertex ``(F_1 + a q^2 gamma_5) gamma^mu``
    acts on a left-handed neutrino, and on its antineutrino, only through one
    combination; it keeps the helicity and interferes with the weak interaction.

    Parameters
    ----------
    moment : float
        a, of either sign [length^2].

    Raises
    ------
    InvalidInput
        If it is not finite.

    Notes
    -----
    Valid for a massless neutrino, where <r^2> and a cannot be told apart: what the
    Standard Model predicts may be called either and must be counted once.  A Majorana
    neutrino has an anapole moment only.  C. Giunti and A. Studenikin, Rev. Mod. Phys. 87,
    531 (2015), section 7.

    Example
    -------
    >>> Anapole(1e-33).has_axial
    False
    """

    moment: float
    neutrino_mass: float = 0.0
    has_axial: bool = False

    def __post_init__(self) -> None:
        """Check the moment."""
        finite("anapole moment", self.moment)

    def vector(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return ``Z_c (2 sqrt2 pi alpha/G) a``."""
        return np.asarray(CHARGE[constituent] * PHOTON_OVER_WEAK * self.moment)

    def axial(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return zero: the target feels a photon, which has no axial coupling."""
        return np.zeros(())
