r"""Orbitals of the continuum in the field V^(N-1) of a core, with exact exchange.

The equation ``(H - e) f = sum_b b <b|H|f>``, with the sum over the orbitals of the atom of
the same kappa, makes the wave orthogonal to all of them, whatever they are eigenstates of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from nuatom.arrays import Array
from nuatom.structure.angular import exchange_ranks
from nuatom.structure.atom import AtomicState, Orbital
from nuatom.structure.bessel import smooth_end
from nuatom.structure.continuum import LocalField, Waves, check_reach, normalised
from nuatom.structure.continuum_grid import POINTS_PER_CELL, ContinuumGrid, gauss_rule
from nuatom.structure.exchange_kernels import radial_kernels, solve_wave
from nuatom.structure.multipoles import BoundOrbital
from nuatom.structure.problem import NotConverged
from nuatom.structure.propagation import common_matrices
from nuatom.structure.splines import SplineSpace

TOLERANCE = 3e-5
"""Relative residual at which an iteration with exchange ends."""
MOST_ITERATIONS = 40
"""After so many rounds give up."""
TAIL = 1e-14
"""Part of an electron that may lie beyond the end of its orbital."""
CONTAINED = 1e-7
"""Part of an electron that may lie beyond a grid that holds its orbital."""


class HoleField(Protocol):
    """The field of an atom or ion that an electron leaves, and the orbitals in it."""

    @property
    def state(self) -> AtomicState:
        """The atom or ion whose orbitals make the field."""

    @property
    def electrons(self) -> Array:
        """Number of electrons that stay in each orbital, shape (orbital,)."""

    def __hash__(self) -> int:
        """Tell one field from another."""

    def potential(self, r: Array) -> Array:
        """Return nucleus and direct field at any radii.

        Parameters
        ----------
        r : ndarray
            Radii, positive, shape (n,) [length].

        Returns
        -------
        ndarray
            Potential energy of the electron, shape (n,).
        """

    def matrix(self, kappa: int) -> Array:
        """Return the whole Hamiltonian of the electron in the basis of splines.

        Parameters
        ----------
        kappa : int
            Of the electron that leaves; need not be occupied [dimensionless].

        Returns
        -------
        ndarray
            Less the rest energy.
        """


def on_points(space: SplineSpace, values: Array, r: Array) -> Array:
    """Return functions known at the points of spline cells at other radii.

    Splines are polynomials in each cell, of lower degree than the number of points, so that
    this is exact.

    Parameters
    ----------
    space : SplineSpace
        Cells and points [spline space].
    values : ndarray
        Shape (cell, point, m) [any].
    r : ndarray
        Radii, positive, shape (n,) [length].

    Returns
    -------
    ndarray
        Shape (m, n), zero beyond the cells.
    """
    x, w = np.polynomial.legendre.leggauss(space.points_per_cell)
    node_weights = (-1.0) ** np.arange(len(x)) * np.sqrt((1 - x**2) * w)
    n = int(np.searchsorted(r, space.radius, side="right"))
    cell = np.clip(np.searchsorted(space.boundaries, r[:n]) - 1, 0, space.cells - 1)
    middle = (space.boundaries[1:] + space.boundaries[:-1])[cell] / 2
    distance = ((r[:n] - middle) / space.half_widths[cell])[:, None] - x
    terms = node_weights / np.where(np.abs(distance) < 1e-15, 1e-15, distance)
    terms /= terms.sum(axis=1)[:, None]
    found = np.zeros((values.shape[2], len(r)))
    found[:, :n] = np.matmul(terms[:, None], values[cell])[:, 0].T
    return found


@dataclass(frozen=True, eq=False)
class CoreOnGrid:
    """The orbitals of an atom at the points of a grid of the continuum.

    What does not depend on the hole or on the energy is computed once and kept.

    Parameters
    ----------
    state : AtomicState
        The atom [atomic state].
    grid : ContinuumGrid
        Which may end within the atom [continuum grid].
    """

    state: AtomicState
    grid: ContinuumGrid

    @cached_property
    def orbitals(self) -> Array:
        """P and Q, shape (orbital, 2, point), on the whole grid."""
        space = self.state.problem.stage.space
        parts = [part for one in self.state.orbitals for part in (one.large, one.small)]
        found = on_points(space, np.stack(parts, axis=2), self.grid.points)
        return found.reshape(len(self.state.orbitals), 2, -1)

    @cached_property
    def _beyond(self) -> Array:
        """Part of an electron that lies beyond the beginning of each cell."""
        density = (self.orbitals**2).sum(axis=1) * self.grid.weights
        per_cell = density.reshape(len(density), -1, POINTS_PER_CELL).sum(axis=2)
        missing = np.maximum(1 - 1e-12 - per_cell.sum(axis=1), 0.0)
        beyond = np.cumsum(per_cell[:, ::-1], axis=1)[:, ::-1] + missing[:, None]
        return np.asarray(np.where(beyond < TAIL, 0.0, beyond))

    @cached_property
    def cells(self) -> tuple[int, ...]:
        """Number of cells within which each orbital has its electrons."""
        return tuple(int(n) for n in (self._beyond > TAIL).sum(axis=1))

    @cached_property
    def contained(self) -> tuple[bool, ...]:
        """Whether each orbital ends before the grid does."""
        return tuple(bool(part < CONTAINED) for part in self._beyond[:, -1])

    @cached_property
    def end(self) -> Array:
        """A smooth step from one at half the radius of the grid to zero at its end."""
        return smooth_end(2 * self.grid.points[: self.points] / self.grid.radius - 1)

    @cached_property
    def damped(self) -> Array:
        """P and Q within `points`, made to vanish smoothly where the grid ends within them.

        A smooth end does not reflect a wave, and what it takes away of an integral over a
        wave that oscillates is negligible.
        """
        n = self.points
        shape = np.where(np.array(self.contained)[:, None], 1.0, self.end)
        return np.ascontiguousarray(self.orbitals[:, :, :n] * shape[:, None])

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
            boundaries = self.grid.boundaries[: max(self.cells) + 1]
            grid = (self.grid.points[: self.points], boundaries, gauss_rule()[2])
            self._kernels.clear()
            self._kernels[highest] = radial_kernels(grid, highest)
            known = [highest]
        return self._kernels[known[0]]


@lru_cache(maxsize=256)
def _images(field: HoleField, kappa: int) -> tuple[list[int], Array]:
    """Return which orbitals have a kappa, and P and Q of H b, shape (cell, point, 2 b)."""
    rows = field.state.problem.columns.get(kappa, [])
    basis = field.state.problem.stage.basis(kappa)
    table = np.array([field.state.orbitals[i].coefficients for i in rows]).T
    hamiltonian = field.matrix(kappa)
    mean = np.einsum("ib,ij,jb->b", table, hamiltonian, table)
    acted = np.linalg.solve(basis.overlap, hamiltonian @ table) - mean * table
    n = basis.sizes[0]
    large, small = basis.on_points
    return rows, np.concatenate([large @ acted[:n], small @ acted[n:]], axis=2)


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
    field : HoleField
        Atom and hole, or the relaxed ion [hole field].
    core : CoreOnGrid
        The orbitals of the same atom on the grid [core on grid].
    orthogonal : bool
        Whether waves are made orthogonal to the orbitals of the atom [flag].
    tolerance : float
        Relative residual at which an iteration with exchange ends [dimensionless].
    """

    field: HoleField
    core: CoreOnGrid
    orthogonal: bool = True
    tolerance: float = TOLERANCE

    @cached_property
    def local(self) -> LocalField:
        """The direct part of the field."""
        problem = self.field.state.problem
        grid = self.core.grid
        charge = problem.ion_charge + 1.0
        return LocalField(grid, self.field.potential(grid.points), charge, problem.light_speed)

    @cached_property
    def _known(self) -> dict[int, tuple[list[int], Array, Array]]:
        return {}

    def _same(self, kappa: int) -> tuple[list[int], Array, Array]:
        """Return which orbitals have a kappa, b, and H b with the weights of the points."""
        n = self.core.points
        if not self.orthogonal or kappa not in self.field.state.problem.columns:
            return [], np.zeros((0, 2, n)), np.zeros((0, 2, n))
        if kappa not in self._known:
            rows, values = _images(self.field, kappa)
            grid, space = self.core.grid, self.field.state.problem.stage.space
            images = on_points(space, values, grid.points[:n]).reshape(2, len(rows), n)
            ends = np.array(self.core.contained)[rows]
            shape = np.where(ends[:, None], 1.0, self.core.end) * grid.weights[:n]
            acted = np.ascontiguousarray(images.transpose(1, 0, 2) * shape[:, None])
            self._known[kappa] = rows, self.core.damped[rows], acted
        return self._known[kappa]

    def _terms(self, kappa: int) -> tuple[npt.NDArray[np.int64], Array]:
        electrons = self.field.electrons
        kappas = tuple(one.kappa for one in self.field.state.orbitals)
        used = [term for term in _rank_table(kappa, kappas) if electrons[term[0]] > 0]
        numbers = np.array(
            [(i, rank, self.core.cells[i]) for i, rank, _ in used], dtype=np.int64
        ).reshape(-1, 3)
        return numbers, np.array([electrons[i] * value for i, _, value in used])

    @cached_property
    def _densities(self) -> Array:
        """``P^2 + Q^2`` with the weights of the points, shape (orbital, n)."""
        n = self.core.points
        return np.asarray((self.core.damped**2).sum(axis=1) * self.core.grid.weights[:n])

    @cached_property
    def _room(self) -> tuple[Array, Array, Array]:
        most, points = MOST_ITERATIONS, len(self.core.grid.points)
        basis = np.empty((most + 1, 2 * self.core.points))
        return basis, np.empty((most, 2, points)), np.empty((most, 2))

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
        inverse_c = 1 / local.light_speed
        kernels = core.kernels(int(np.abs(numbers).max()) + _largest(core.state.orbitals))
        level, orbitals = energy - local.potential, core.damped
        fields = (level, local.cells, common_matrices(level, local.cells, inverse_c**2))
        waves = np.empty((len(numbers), 2, len(core.grid.points)))
        ends = np.empty((len(numbers), 2))
        densities = 8 / np.sqrt(2 * energy + (energy * inverse_c) ** 2) * self._densities
        dipole = _largest(core.state.orbitals) + 1
        room = self._room
        for i, kappa in enumerate(numbers.tolist()):
            parts = (orbitals, self._terms(kappa), *self._same(kappa)[1:])
            # a barrier may hide how much exchange does to waves that the dipole reaches
            least = self.tolerance if abs(kappa) > dipole else 0.0
            settings = (kernels, densities, inverse_c, self.tolerance, least)
            residual, rounds = solve_wave(kappa, fields, parts, settings, (waves[i], ends[i]), room)
            if not residual < 10 * self.tolerance:
                raise NotConverged(
                    f"exchange of a wave with kappa {kappa} at an energy of {energy:.6g}: found a "
                    f"residual of {residual:.1e} after {rounds} rounds, expected "
                    f"{self.tolerance:.0e}"
                )
        found = normalised(local, energy, numbers, waves, ends)
        for i, kappa in enumerate(numbers.tolist()):
            self._project(found, i, kappa)
        return found

    def _project(self, waves: Waves, i: int, kappa: int) -> None:
        """Take out what rounding and splines leave of the orbitals of the atom."""
        n = self.core.points
        w = self.core.grid.weights[:n]
        for row in self._same(kappa)[0]:
            if self.core.contained[row]:
                large, small = self.core.damped[row]
                overlap = w @ (large * waves.large[i, :n] + small * waves.small[i, :n])
                waves.large[i, :n] -= overlap * large
                waves.small[i, :n] -= overlap * small


def _largest(orbitals: Sequence[Orbital]) -> int:
    return max(abs(one.kappa) for one in orbitals)


def make_orthogonal(waves: Waves, atom: CoreOnGrid, ion: CoreOnGrid) -> None:
    r"""Take orbitals of an ion out of waves until these are orthogonal to those of the atom.

    ``f -> f - sum_b c_b b'`` with ``<a|f> = sum_b <a|b'> c_b`` for the orbitals a of the atom
    and b' of the ion of one kappa: what remains of the determinants of ion and wave when all
    electrons but one stay in their places.

    Parameters
    ----------
    waves : Waves
        In the field of the ion; changed in place [waves].
    atom, ion : CoreOnGrid
        On the grid of the waves [core on grid].
    """
    space = atom.state.problem.stage.space
    stay = {one.name: j for j, one in enumerate(ion.state.orbitals)}
    n, m = atom.points, ion.points
    for i, kappa in enumerate(waves.kappas.tolist()):
        same = [a for a, one in enumerate(atom.state.orbitals) if one.kappa == kappa]
        before = [a for a in same if atom.state.orbitals[a].name in stay]
        after = [stay[atom.state.orbitals[a].name] for a in before]
        if not before:
            continue
        table = np.array([
            [_overlap(space, atom.state.orbitals[a], ion.state.orbitals[b]) for b in after]
            for a in before
        ])  # fmt: skip
        wave = np.stack([waves.large[i, :n], waves.small[i, :n]])
        # a grid may end within an orbital, where the rest of the integral averages out
        overlaps = (atom.damped[before] * wave * atom.grid.weights[:n]).sum(axis=(1, 2))
        taken = np.tensordot(np.linalg.solve(table, overlaps), ion.orbitals[after], axes=1)
        waves.large[i, :m] -= taken[0, :m]
        waves.small[i, :m] -= taken[1, :m]


def _overlap(space: SplineSpace, one: Orbital, other: Orbital) -> float:
    """Return ``<a|b>`` of two orbitals on the same spline cells."""
    return float((space.weights * (one.large * other.large + one.small * other.small)).sum())
