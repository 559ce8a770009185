r"""Responses of one subshell to any transfers of energy and momentum, from first principles.

The electron leaves with the kinetic energy ``e = T - B``, B its binding energy; the sum runs
over its partial waves and all multipoles.  With exact exchange its field is that of the ion
that it leaves behind, V^(N-1), in one of two limits:

* **relaxed**: the orbitals of the ion have adjusted to the hole, and the wave, an eigenstate
  beside them, is then made orthogonal to the orbitals of the atom along those of the ion;
* **frozen**: the ion has the orbitals of the atom.

Near an inner edge a frozen core does not screen the hole and draws the slow electron in: the
photoabsorption of Ar K and Ge K comes out 80 to 130 % too large at the edge and 30 % at 50 eV
above it.  Some 500 eV above an edge the two agree to a few per cent.  Neither counts the
overlap of the other electrons (below one, because of shake-up and shake-off): these leave the
sum over all final states as it is.  With local exchange the field is that of the atom.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.structure.atom import AtomicState
from nuatom.structure.continuum import LocalField, Waves, reach
from nuatom.structure.continuum_grid import (
    ContinuumGrid,
    continuum_grid,
    largest_momentum,
)
from nuatom.structure.core_continuum import (
    TAIL,
    TOLERANCE,
    CoreOnGrid,
    ExchangeField,
    make_orthogonal,
)
from nuatom.structure.hole import CoreField, RelaxedField
from nuatom.structure.multipole_sums import RESPONSES, responses
from nuatom.structure.multipoles import Momenta, partial_waves


@dataclass(frozen=True)
class Accuracy:
    """How finely waves are computed; the defaults are those of the shipped tables.

    Parameters
    ----------
    refinement : float
        Factor on the number of cells of the radial grid [dimensionless].
    waves : float
        Factor on the number of partial waves [dimensionless].
    exchange : float
        Relative residual at which an iteration with exchange ends [dimensionless].
    """

    refinement: float = 0.7
    waves: float = 1.0
    exchange: float = TOLERANCE


@dataclass(frozen=True)
class Treatment:
    """What is computed, apart from how finely; the defaults are those of the shipped tables.

    Parameters
    ----------
    relaxed : bool
        Whether the orbitals of the ion have adjusted to the hole; without effect where
        exchange is local or there is one electron only [flag].
    highest_rank : int or None
        The last multipole of the sum; None for all, anything else to compare with those who
        cut it [dimensionless].
    accuracy : Accuracy
        How finely: of the radial grid, the partial waves and the exchange [accuracy].
    """

    relaxed: bool = True
    highest_rank: int | None = None
    accuracy: Accuracy = field(default_factory=Accuracy)


def subshell_responses(
    state: AtomicState,
    name: str,
    kinetic_energy: Array,
    momentum: Array,
    *,
    wanted: Iterable[str] = RESPONSES,
    treatment: Treatment | None = None,
) -> dict[str, Array]:
    """Return the responses of one subshell, summed over its electrons.

    Parameters
    ----------
    state : AtomicState
        The atom, in atomic units [atomic state].
    name : str
        The subshell, such as 2p3/2 [name].
    kinetic_energy : ndarray
        Of the electron that leaves, positive, shape (T,) [energy].
    momentum : ndarray
        Momentum transfers, positive, shape (T, q) [1/length].
    wanted : iterable of str
        Among L, T, A00, A03, A33, AT, VA [name].
    treatment : Treatment, optional
        The field of the ion, the multipoles, and the accuracy [treatment].

    Returns
    -------
    dict
        Name to response, shape (T, q) [1/energy].

    Raises
    ------
    InvalidInput
        If an energy or a momentum is not positive, or their shapes do not fit.
    UnknownName
        If the atom has no such subshell, or there is no such response.
    NotConverged
        If the exchange of a wave does not settle.
    """
    energies = finite("kinetic energy", kinetic_energy, positive=True)
    momenta = finite("momentum transfer", momentum, positive=True)
    if energies.ndim != 1 or momenta.ndim != 2 or len(momenta) != len(energies):
        raise InvalidInput(
            f"momentum transfer: found the shape {momenta.shape} for {energies.shape} energies, "
            "expected (T, q)"
        )
    channel = _Channel(state, name, treatment or Treatment())
    names = tuple(wanted)
    rows = [channel.responses(float(e), q, names) for e, q in zip(energies, momenta, strict=True)]
    return {key: np.array([row[key] for row in rows]) for key in names}


@lru_cache(maxsize=64)
def _field(state: AtomicState, name: str, relaxed: bool) -> CoreField | RelaxedField:
    """Keep the field of a hole, so that the ion and its matrices are computed once in all calls."""
    alone = state.electrons.sum() <= 1
    return RelaxedField(state, name) if relaxed and not alone else CoreField(state, name)


@dataclass(frozen=True, eq=False)
class _Channel:
    """What all energies of an electron from one subshell have in common."""

    state: AtomicState
    name: str
    treatment: Treatment

    def radius(self, beyond: float) -> float:
        """Return the radius beyond which there is a given part of an electron."""
        one, space = self.state.orbital(self.name), self.state.problem.stage.space
        density = (space.weights * (one.large**2 + one.small**2)).ravel()
        left = np.cumsum(density[::-1])[::-1]
        return float(space.points.ravel()[max(int((left > beyond).sum()) - 1, 0)])

    @cached_property
    def extent(self) -> float:
        """Radius within which the subshell has its electrons."""
        return 1.05 * self.radius(TAIL)

    @cached_property
    def size(self) -> float:
        """Radius that waves must reach in order to matter."""
        return self.radius(1e-4)

    def wave_number(self, energy: float) -> float:
        """Return ``sqrt(2 e + e^2/c^2)``."""
        return float(np.sqrt(2 * energy + (energy / self.state.problem.light_speed) ** 2))

    def grid(self, energy: float, kappas: list[int], momentum: float) -> ContinuumGrid:
        """Return a grid to where the waves may be normalised, fine within the subshell."""
        problem = self.state.problem
        radius = max(1.01 * self.extent, reach(energy, kappas, problem.ion_charge + 1.0))
        return continuum_grid(
            problem.nucleus.charge,
            self.wave_number(energy),
            radius,
            refinement=self.treatment.accuracy.refinement,
            inner=(self.extent, momentum),
        )

    def momenta(self, core: CoreOnGrid, energy: float, values: Array, highest: int) -> Momenta:
        """Return the Bessel functions within the subshell, as far out as they matter."""
        grid, n = core.grid, len(core.bound(self.name).large)
        charge = self.state.problem.nucleus.charge
        largest = largest_momentum(charge, self.wave_number(energy), grid.points[:n])
        ends = np.append(grid.points[:n], np.inf)[np.searchsorted(-largest, -values)]
        return Momenta(grid, values, highest, n, ends)

    def kappas(self, energy: float, momentum: float) -> list[int]:
        """Return the partial waves that reach the subshell."""
        slower = min(momentum, self.wave_number(energy))
        kappa = self.state.orbital(self.name).kappa
        return partial_waves(kappa, slower, self.size * self.treatment.accuracy.waves)

    def waves(self, core: CoreOnGrid, energy: float, kappas: list[int]) -> Waves:
        """Return the partial waves of one energy."""
        problem, grid = self.state.problem, core.grid
        if self.state.exchange is None:
            hole = _field(self.state, self.name, self.treatment.relaxed)
            ion = core if hole.state is self.state else CoreOnGrid(hole.state, grid)
            tolerance = self.treatment.accuracy.exchange
            found = ExchangeField(hole, ion, tolerance=tolerance).waves(energy, kappas)
            if ion is not core:
                make_orthogonal(found, core, ion)
            return found
        charge = problem.ion_charge + 1.0
        potential = self.state.potential(grid.points)
        return LocalField(grid, potential, charge, problem.light_speed).waves(energy, kappas)

    def responses(self, energy: float, momenta: Array, names: tuple[str, ...]) -> dict[str, Array]:
        """Return the responses at one energy."""
        kappas, last = self.kappas(energy, float(momenta.max())), self.treatment.highest_rank
        core = CoreOnGrid(self.state, self.grid(energy, kappas, float(momenta.max())))
        orbital = core.bound(self.name)
        own = abs(orbital.kappa)
        if last is not None:  # L is at least |j - j'|
            kappas = [kappa for kappa in kappas if abs(abs(kappa) - own) <= last]
        table = self.momenta(core, energy, momenta, own + max(abs(kappa) for kappa in kappas))
        waves = self.waves(core, energy, kappas)
        return responses(orbital, waves, table, names, highest_rank=last)
