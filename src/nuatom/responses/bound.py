"""From the charge of a non-relativistic bound electron to all seven responses.

The current of an electron is ``rho = e^(iqr)``, convection ``j = (p + p')/2m`` plus
spin, ``i sigma x q/2m``; its axial current is ``sigma`` and its axial charge ``sigma . j``.
After the sum over spins only two functions are left: R_L, and the response C/m to the
transverse convection current.  With ``j_3 = (T/|q|) rho`` (conservation of charge),

::

    A33 = R_L,   A_T = 2 R_L,   A03 = (T/|q|) R_L,   A00 = (T/|q|)^2 R_L + C/m,
    R_VA = 4 |q| R_L/(T + 2m),  R_T = C/m + 2 |q|^2 R_L/(T + 2m)^2.

The factors ``(1 + T/2m)`` in the last line are beyond the Pauli approximation, where
``R_T = C/m + (|q|^2/2m^2) R_L``: with them each of the seven is exactly that of a free
electron when R_L is (``|q|^2 = T^2 + 2mT``, R_L = T + 2m, C = 0).  Neglected are terms of
relative order ``<p^2>/m^2 ~ (Z alpha)^2``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.responses.measure import ALL_RESPONSES


@dataclass(frozen=True, eq=False)
class BoundElectronWeights(Mapping[str, Array]):
    """Weights of the seven responses, each computed when it is asked for.

    Parameters
    ----------
    energy_transfer : ndarray
        T, shape (T,) [energy].
    q2 : ndarray
        Nodes, broadcasting with (shell, T, node) [energy^2].
    longitudinal : ndarray
        ``R_L dQ^2``, shape (shell, T, node) [energy].
    convection : ndarray or None
        ``(C/m) dQ^2`` of the same shape, None where a model neglects it [energy].
    transverse_ratio : ndarray or None
        R_T/R_L of a model that has its own, broadcasting with the weights
        [dimensionless].

    Notes
    -----
    Non-relativistic bound electron; relative corrections are of order (Z alpha)^2.

    Example
    -------
    >>> weights = BoundElectronWeights(
    ...     np.array([1.0]), np.ones((1, 1, 2)), np.ones((1, 1, 2)), None
    ... )
    >>> sorted(weights), float(weights["AT"][0, 0, 0])
    (['A00', 'A03', 'A33', 'AT', 'L', 'T', 'VA'], 2.0)
    """

    energy_transfer: Array
    q2: Array
    longitudinal: Array
    convection: Array | None = None
    transverse_ratio: Array | None = None

    def __getitem__(self, name: str) -> Array:
        """Return the weights of one response by the formulas of this module."""
        if name in ("L", "A33"):
            return self.longitudinal
        if name == "AT":
            return 2 * self.longitudinal
        m = c.electron_mass
        T = self.energy_transfer[:, None]
        q = np.sqrt(T**2 + self.q2)
        if name == "A03":
            return T / q * self.longitudinal
        if name == "VA":
            return 4 * q / (T + 2 * m) * self.longitudinal
        if name == "T" and self.transverse_ratio is not None:
            return self.transverse_ratio * self.longitudinal
        factors = {"T": 2 * (q / (T + 2 * m)) ** 2, "A00": (T / q) ** 2}
        weights = factors[name] * self.longitudinal
        if self.convection is not None:
            weights += self.convection
        return weights

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, L first."""
        return iter(sorted(ALL_RESPONSES, key=lambda name: (name != "L", name)))

    def __len__(self) -> int:
        """Return seven."""
        return len(ALL_RESPONSES)

    def __contains__(self, name: object) -> bool:
        """Tell whether `name` is one of the seven."""
        return name in ALL_RESPONSES
