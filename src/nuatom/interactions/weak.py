"""The Standard Model weak interaction at low energy."""

from dataclasses import dataclass, field

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array

_ISOSPIN_CHARGE = {"electron": (-0.5, -1.0), "proton": (0.5, 1.0), "neutron": (-0.5, 0.0)}


def weak_couplings(flavor: str, constituent: str) -> tuple[float, float]:
    """Return (g_V, g_A) of a constituent for one neutrino flavour.

    ``g_V = I_3 - 2 Q sin^2 theta_W`` and ``g_A = I_3`` (nucleons: ``I_3`` without the
    axial renormalisation, which a spin-0 nucleus never sees); the charged current adds
    1 to both for an electron and an electron flavour.

    Parameters
    ----------
    flavor : str
        Any of the six flavours; antiflavours have the same couplings [name].
    constituent : str
        electron, proton or neutron [name].

    Returns
    -------
    tuple of float
        (g_V, g_A) [dimensionless]; ``g_L = (g_V + g_A)/2``, ``g_R = (g_V - g_A)/2``.

    Example
    -------
    >>> g_v, g_a = weak_couplings("nu_e", "electron")
    >>> round(g_v, 5), g_a
    (0.97726, 0.5)
    """
    isospin, charge = _ISOSPIN_CHARGE[constituent]
    charged_current = 1.0 if constituent == "electron" and flavor.endswith("nu_e") else 0.0
    g_v = isospin - 2 * charge * c.weak_mixing + charged_current
    g_a = isospin + charged_current
    return g_v, g_a


@dataclass(frozen=True)
class Weak:
    """The Standard Model amplitude: tree-level couplings at zero momentum transfer.

    Its free-electron cross section is ``(2 G^2 m/pi) [ g_L^2 + g_R^2 (1-T/E)^2
    - g_L g_R m T/E^2 ]``, with g_L and g_R exchanged for antineutrinos, and on a
    spin-0 nucleus ``(G^2 M/(4 pi)) Q_W^2 F^2 (1 - T/E - M T/(2E^2))``.

    Parameters
    ----------
    strength : float
        Factor on the amplitude, 1 in the Standard Model [dimensionless].

    Notes
    -----
    The radiative corrections that distinguish flavours on nucleons (the Standard
    Model charge radius) are left out, so that a charge radius may be added.
    """

    strength: float = 1.0
    neutrino_mass: float = field(default=0.0, init=False)
    has_axial: bool = field(default=True, init=False)

    def vector(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return g_V, independent of T and Q^2."""
        return np.asarray(self.strength * weak_couplings(flavor, constituent)[0])

    def axial(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return g_A, independent of T and Q^2."""
        return np.asarray(self.strength * weak_couplings(flavor, constituent)[1])
