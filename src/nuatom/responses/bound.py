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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.responses.measure import ALL_RESPONSES

CONVECTION = ("T", "A00")
"""The responses to which C/m adds."""


@dataclass(frozen=True, eq=False)
class BoundElectronWeights(Mapping[str, Array]):
    """What R_L alone brings to the seven responses, each computed when it is asked for.

    Parameters
    ----------
    energy_transfer : ndarray
        T, shape (T,) [energy].
    q2 : ndarray
        Nodes, shape (T, node) [energy^2].
    longitudinal : ndarray
        ``R_L dQ^2``, or what multiplies each shell's profile in it, broadcasting with
        (T, node) [energy].
    transverse_ratio : ndarray or None
        R_T/R_L of a model that has its own, broadcasting with the weights
        [dimensionless].

    Notes
    -----
    Non-relativistic bound electron; relative corrections are of order (Z alpha)^2.

    Example
    -------
    >>> weights = BoundElectronWeights(np.array([1.0]), np.ones((1, 2)), np.ones((1, 2)))
    >>> sorted(weights), float(weights["AT"][0, 0])
    (['A00', 'A03', 'A33', 'AT', 'L', 'T', 'VA'], 2.0)
    """

    energy_transfer: Array
    q2: Array
    longitudinal: Array
    transverse_ratio: Array | None = None

    @cached_property
    def _momentum(self) -> Array:
        """The magnitude of q, shape (T, node)."""
        return np.asarray(np.sqrt(self.energy_transfer[:, None] ** 2 + self.q2))

    def __getitem__(self, name: str) -> Array:
        """Return the weights of one response by the formulas of this module."""
        if name in ("L", "A33"):
            return self.longitudinal
        if name == "T" and self.transverse_ratio is not None:
            return self.transverse_ratio * self.longitudinal
        T, q, m = self.energy_transfer[:, None], self._momentum, c.electron_mass
        ratios: dict[str, Callable[[], Array | float]] = {
            "T": lambda: 2 * (q / (T + 2 * m)) ** 2,
            "A00": lambda: (T / q) ** 2,
            "A03": lambda: T / q,
            "AT": lambda: 2.0,
            "VA": lambda: 4 / (T + 2 * m) * q,
        }
        return np.asarray(ratios[name]() * self.longitudinal)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, L first."""
        return iter(sorted(ALL_RESPONSES, key=lambda name: (name != "L", name)))

    def __len__(self) -> int:
        """Return seven."""
        return len(ALL_RESPONSES)

    def __contains__(self, name: object) -> bool:
        """Tell whether `name` is one of the seven."""
        return name in ALL_RESPONSES
