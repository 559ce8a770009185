r"""Orbitals of the continuum in the field V^(N-1) of a core, with exact exchange.

The equation ``(H - e) f = sum_b b <b|H|f>``, with the sum over the orbitals of the atom of
the same kappa, makes the wave orthogonal to all of them, whatever they are eigenstates of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nuatom.arrays import Array
from nuatom.structure.angular import exchange_ranks
from nuatom.structure.atom import AtomicState, Orbital
from nuatom.structure.continuum import LocalField, Waves, check_reach, normalised
from nuatom.structure.continuum_grid import POINTS_PER_CELL, ContinuumGrid, gauss_rule
from nuatom.structure.exchange_kernels import radial_kernels, solve_wave
from nuatom.structure.hole import CoreField
from nuatom.structure.multipoles import BoundOrbital
from nuatom.structure.problem import NotConverged

TOLERANCE = 1e-7
"""Relative residual at which an iteration with exchange ends."""
MOST_ITERATIONS = 40
"""After so many rounds give up."""
TAIL = 1e-14
"""Part of an electron that may lie beyond the end of its orbital."""


@dataclass(frozen=True, eq=False)
class CoreOnGrid:
    """The orbitals of an atom at the points of a grid of the continuum.

    What does not depend on the hole or on the energy is computed once and kept.

    Parameters
    ----------
    state : AtomicState
        The atom [atomic state].
    grid : ContinuumGrid
        Which ends outside the atom [continuum grid].
    """

    state: AtomicState
    grid: ContinuumGrid

    @cached_property
    def orbitals(self) -> Array:
        """P and Q, shape (orbital, 2, point), on the whole grid."""
        return np.stack(self.state.evaluate(self.grid.points), axis=1)

    @cached_property
    def cells(self) -> tuple[int, ...]:
        """Number of cells within which each orbital has its electrons."""
        density = (self.orbitals**2).sum(axis=1) * self.grid.weights
        per_cell = density.reshape(len(density), -1, POINTS_PER_CELL).sum(axis=2)
        beyond = np.cumsum(per_cell[:, ::-1], axis=1)[:, ::-1]
        return tuple(int(n) for n in (beyond > TAIL).sum(axis=1))

    @property
    def points(self) -> int:
        """Number of points within which there are electrons."""
        return POINTS_PER_CELL * max(self.cells)

    def bound(self, name: str) -> BoundOrbital:
        """Return an orbital of the atom for multipole integrals.

        Parameters
        ----------
        name : str
            Such as 2p3/2 [name].

        Returns
        -------
        BoundOrbital
            As far out as it has electrons.
        """
        one = self.state.orbital(name)
        i = self.state.orbitals.index(one)
        n = POINTS_PER_CELL * self.cells[i]
        large, small = self.orbitals[i, :, :n]
        return BoundOrbital(one.kappa, one.electrons, large.copy(), small.copy())

    @cached_property
    def _kernels(self) -> dict[int, Any]:
        return {}

    def kernels(self, highest: int) -> Any:
        """Return the tables of `radial_kernels` up to a rank at least.

        Parameters
        ----------
        highest : int
            Largest rank [dimensionless].

        Returns
        -------
        tuple of ndarray
            For the cells within the atom.
        """
        known = [rank for rank in self._kernels if rank >= highest]
        if not known:
            n = self.points
            boundaries = self.grid.boundaries[: max(self.cells) + 1]
            grid = (self.grid.points[:n], boundaries, gauss_rule()[2])
            self._kernels.clear()
            self._kernels[highest] = radial_kernels(grid, self.grid.weights[:n], highest)
            known = [highest]
        return self._kernels[known[0]]


@cache
def _rank_table(kappa: int, kappas: tuple[int, ...]) -> tuple[tuple[int, int, float], ...]:
    return tuple(
        (i, rank, value)
        for i, other in enumerate(kappas)
        for rank, value in exchange_ranks(kappa, other)
    )


@dataclass(frozen=True, eq=False)
class ExchangeField:
    """The field of an atom with a hole, for waves of the continuum.

    Parameters
    ----------
    field : CoreField
        Atom and hole [local field].
    core : CoreOnGrid
        The orbitals of the same atom on the grid [core on grid].
    orthogonal : bool
        Whether waves are made orthogonal to the orbitals of the atom [flag].
    """

    field: CoreField
    core: CoreOnGrid
    orthogonal: bool = True

    @cached_property
    def local(self) -> LocalField:
        """The direct part of the field."""
        problem = self.field.state.problem
        grid = self.core.grid
        charge = problem.ion_charge + 1.0
        return LocalField(grid, self.field.potential(grid.points), charge, problem.light_speed)

    @cached_property
    def _images(self) -> dict[int, tuple[Array, Array]]:
        return {}

    def _same(self, kappa: int) -> tuple[Array, Array]:
        """Return b and, with the weights of the points, H b, for the orbitals of a kappa."""
        n = self.core.points
        rows = self.field.state.problem.columns.get(kappa, []) if self.orthogonal else []
        if not rows:
            return np.zeros((0, 2, n)), np.zeros((0, 2, n))
        if kappa not in self._images:
            basis = self.field.state.problem.stage.basis(kappa)
            table = np.array([self.field.state.orbitals[i].coefficients for i in rows]).T
            acted = np.linalg.solve(basis.overlap, self.field.matrix(kappa) @ table)
            large, small = basis.evaluate(acted, self.core.grid.points[:n])
            images = np.stack([large.T, small.T], axis=1) * self.core.grid.weights[:n]
            same = np.ascontiguousarray(self.core.orbitals[rows][:, :, :n])
            self._images[kappa] = same, np.ascontiguousarray(images)
        return self._images[kappa]

    def _terms(self, kappa: int) -> tuple[npt.NDArray[np.int64], Array]:
        electrons = self.field.electrons
        kappas = tuple(one.kappa for one in self.field.state.orbitals)
        used = [term for term in _rank_table(kappa, kappas) if electrons[term[0]] > 0]
        numbers = np.array(
            [(i, rank, self.core.cells[i]) for i, rank, _ in used], dtype=np.int64
        ).reshape(-1, 3)
        return numbers, np.array([electrons[i] * value for i, _, value in used])

    def waves(self, energy: float, kappas: npt.ArrayLike) -> Waves:
        """Return the waves of several kappas with exact exchange.

        Parameters
        ----------
        energy : float
            Positive, less the rest energy [energy].
        kappas : array_like of int
            Relativistic quantum numbers, shape (m,) [dimensionless].

        Returns
        -------
        Waves
            Normalised per unit energy.

        Raises
        ------
        InvalidInput
            If the energy is not positive, or the grid is too short.
        NotConverged
            If the iteration with exchange does not settle.
        """
        numbers = np.atleast_1d(np.asarray(kappas, dtype=np.int64))
        local, core = self.local, self.core
        check_reach(local, energy, numbers)
        n, c = core.points, local.light_speed
        kernels = core.kernels(int(np.abs(numbers).max()) + _largest(core.state.orbitals))
        orbitals = self._core_orbitals
        grid = (*local.cells, np.repeat(core.grid.widths, POINTS_PER_CELL))
        waves = np.empty((len(numbers), 2, len(core.grid.points)))
        ends = np.empty((len(numbers), 2))
        settings = (kernels, 1 / c, TOLERANCE, MOST_ITERATIONS)
        for i, kappa in enumerate(numbers.tolist()):
            parts = (orbitals, self._terms(kappa), *self._same(kappa))
            try:
                waves[i], ends[i], residual, rounds = solve_wave(
                    kappa, energy - local.potential, grid, parts, settings
                )
            except np.linalg.LinAlgError:
                raise NotConverged(
                    f"exchange of a wave with kappa {kappa} at an energy of {energy:.6g}: found a "
                    "singular least-squares problem, expected independent vectors; refine the grid"
                ) from None
            if not residual < 100 * TOLERANCE:
                raise NotConverged(
                    f"exchange of a wave with kappa {kappa} at an energy of {energy:.6g}: found a "
                    f"residual of {residual:.1e} after {rounds} rounds, expected {TOLERANCE:.0e}"
                )
        found = normalised(local, energy, numbers, waves, ends)
        for i, kappa in enumerate(numbers.tolist()):
            self._project(found, i, kappa, n)
        return found

    def _project(self, waves: Waves, i: int, kappa: int, n: int) -> None:
        """Take out what rounding and splines leave of the orbitals of the atom."""
        same, _ = self._same(kappa)
        for large, small in same:
            w = self.core.grid.weights[:n]
            overlap = w @ (large * waves.large[i, :n] + small * waves.small[i, :n])
            waves.large[i, :n] -= overlap * large
            waves.small[i, :n] -= overlap * small

    @cached_property
    def _core_orbitals(self) -> Array:
        return np.ascontiguousarray(self.core.orbitals[:, :, : self.core.points])


def _largest(orbitals: Sequence[Orbital]) -> int:
    return max(abs(one.kappa) for one in orbitals)
