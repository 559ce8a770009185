"""Stepped free electrons: each subshell takes part above its binding energy."""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array
from nuatom.responses.free import ELECTRONS, electrons_on_the_ridge
from nuatom.responses.measure import ALL_RESPONSES, Measure
from nuatom.targets.elements import Element


@dataclass(frozen=True)
class SteppedElectrons:
    """``sum_i N_i theta(T - B_i)`` times the free electron, with measured edges B_i.

    Parameters
    ----------
    element : Element
        The target [element].

    Notes
    -----
    For a magnetic moment it is right to some tens of per cent below 1 keV and to
    about 1 % above; for a millicharge it misses the photon point and is far too low
    near the edges.  Provides all seven responses.  Source: V. Kopeikin, L. Mikaelyan,
    V. Sinev and S. Fayans, Phys. At. Nucl. 60, 1859 (1997).
    """

    element: Element
    name: str = "stepped"
    provides: frozenset[str] = ALL_RESPONSES

    @property
    def shells(self) -> tuple[str, ...]:
        """The subshells, K first."""
        return tuple(shell.name for shell in self.element.subshells)

    @property
    def edges(self) -> Array:
        """Measured binding energies [energy]."""
        return np.array([shell.binding_energy for shell in self.element.subshells])

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return one node with the weights of the open subshells."""
        electrons = np.array([shell.electrons for shell in self.element.subshells])
        number = electrons[:, None] * (T >= self.edges[:, None])
        return electrons_on_the_ridge(T, number, q2_min, q2_max)
