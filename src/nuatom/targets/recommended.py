"""The recommended photoabsorption of any element: Henke joined to Kissel's subshells."""

import functools
from dataclasses import dataclass, field

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.targets.elements import Element
from nuatom.targets.kissel import ENERGY_MAX_KEV, ENERGY_MIN_KEV, SubshellTable, subshell_tables
from nuatom.targets.totals import Henke, checked_energy

JOIN_WINDOW_KEV = (0.3, 1.5)
EDGE_CLEARANCE = 0.03
_EDGE_SLACK = 1e-12


@dataclass(frozen=True, eq=False)
class Recommended:
    """Henke's total below the join, Kissel's subshells at measured edges above it.

    ::

        sigma_s(E) = K_s(E) [H(E)/K(E)]^(1 - w(E)),   K = sum of K_s

    H is Henke's total and K_s Kissel's subshell moved to its measured edge.  The weight
    w rises from 0 to 1, linearly in ln E, from 3 % below to 3 % above the join energy.
    So the total is Henke's below and Kissel's above, without a step, and below the join
    the subshells share Henke's total in Kissel's proportions.

    The join energy is chosen for each element by one rule: the energy between 0.3 and
    1.5 keV, at least 3 % away from every edge, at which the two sources agree best (the
    largest of |ln(H/K)| there and at both ends of the blend is smallest).  Each element
    up to uranium has such an energy; the mismatch there is below 1 % for most of them, 4
    to 15 % for Ta, Yb, Er and Eu.

    Parameters
    ----------
    target : Element
        What absorbs [any].

    Notes
    -----
    Valid from 10 eV to 100 keV.  Where no subshell of Kissel is open and Henke is not
    zero, the outermost open subshell of the element carries it.  Below the lowest edge
    the cross section is zero.
    """

    target: Element
    name: str = field(default="recommended", init=False)
    energy_min: float = field(default=ENERGY_MIN_KEV * u.keV, init=False)
    energy_max: float = field(default=ENERGY_MAX_KEV * u.keV, init=False)

    @property
    def element(self) -> str:
        """Symbol of the element."""
        return self.target.symbol

    @property
    def shells(self) -> tuple[str, ...]:
        """All occupied subshells."""
        return self.target.shells

    @property
    def edges(self) -> Array:
        """Measured edges [energy]."""
        return self.target.edges

    @functools.cached_property
    def _henke(self) -> Henke:
        return Henke(self.target)

    @functools.cached_property
    def _tables(self) -> tuple[SubshellTable | None, ...]:
        known = {t.subshell.name: t for t in subshell_tables(self.target)}
        return tuple(known.get(name) for name in self.shells)

    @functools.cached_property
    def join(self) -> tuple[float, float]:
        """Join energy [energy] and mismatch |ln(H/K)| around it [dimensionless]."""
        energy = np.geomspace(*JOIN_WINDOW_KEV, 501) * u.keV
        distance = np.min(np.abs(np.log(energy[:, None] / self.edges)), axis=1)
        mismatch = np.max(
            [
                np.abs(np.log(self._henke.cross_section(e) / self._shifted(e).sum(axis=0)))
                for e in (energy / (1 + EDGE_CLEARANCE), energy, energy * (1 + EDGE_CLEARANCE))
            ],
            axis=0,
        )
        clear = distance > np.log1p(EDGE_CLEARANCE)
        best = int(np.argmin(np.where(clear, mismatch, np.inf)))
        return float(energy[best]), float(mismatch[best])

    @property
    def join_energy(self) -> float:
        """Where Henke gives way to Kissel [energy]."""
        return self.join[0]

    @property
    def join_mismatch(self) -> float:
        """The largest |ln(Henke/Kissel)| in the blend: the step that it hides [dimensionless]."""
        return self.join[1]

    def cross_section(self, energy: Array | float) -> Array:
        """Return sigma(T) of the atom [length^2]."""
        return np.asarray(self.by_shell(energy).sum(axis=0))

    def by_shell(self, energy: Array | float) -> Array:
        """Return sigma(shell, T) [length^2]."""
        values = checked_energy(
            f"recommended {self.element}", energy, self.energy_min, self.energy_max
        )
        result = self._shifted(values)
        below = values < self.join_energy * (1 + EDGE_CLEARANCE)
        if below.any():
            result[:, below] = self._scaled(values[below], result[:, below])
        return result

    def _shifted(self, energy: Array) -> Array:
        """Return Kissel's subshells at the measured edges, (shell, T)."""
        return np.array(
            [np.zeros_like(energy) if t is None else t.shifted(energy) for t in self._tables]
        )

    def _scaled(self, energy: Array, kissel: Array) -> Array:
        """Bring the sum of subshells to Henke's total, fading out across the join."""
        closed = kissel.sum(axis=0) <= 0
        if closed.any():
            kissel = kissel.copy()
            outermost = int(np.argmin(self.edges))
            kissel[outermost, closed] = self._henke.cross_section(
                np.clip(energy[closed], self._henke.energy_min, None)
            ) * (energy[closed] >= self.edges[outermost] * (1 - _EDGE_SLACK))
        total = kissel.sum(axis=0)
        width = np.log1p(EDGE_CLEARANCE)
        weight = np.clip((np.log(energy / self.join_energy) + width) / (2 * width), 0.0, 1.0)
        henke = self._henke.cross_section(np.maximum(energy, self._henke.energy_min))
        ratio = np.where(total > 0, henke / np.where(total > 0, total, 1.0), 1.0)
        return np.asarray(kissel * ratio ** (1 - weight))
