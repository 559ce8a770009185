"""Stepped free electrons: each subshell takes part above its binding energy."""

from dataclasses import dataclass, field

import numpy as np

from nuatom.arrays import Array
from nuatom.responses.free import ELECTRONS, electrons_on_the_ridge
from nuatom.responses.measure import ALL_RESPONSES, Measure
from nuatom.targets.elements import Element

EDGE_SLACK = 1e-12
"""Relative; a transfer typed as an edge counts as at the edge on every unit scale."""


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
    name: str = field(default="stepped", init=False)
    provides: frozenset[str] = field(default=ALL_RESPONSES, init=False)

    @property
    def shells(self) -> tuple[str, ...]:
        """The subshells, K first."""
        return self.element.shells

    @property
    def edges(self) -> Array:
        """Measured binding energies [energy]."""
        return self.element.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return one node with the weights of the open subshells."""
        electrons = np.array([shell.electrons for shell in self.element.subshells])
        number = electrons[:, None] * (T >= self.edges[:, None] * (1 - EDGE_SLACK))
        return electrons_on_the_ridge(T, number, q2_min, q2_max)
