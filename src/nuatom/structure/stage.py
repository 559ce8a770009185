"""What orbitals move in before there are any: nucleus, splines, kernels and bases."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.dirac_basis import DiracBasis
from nuatom.structure.nucleus import Nucleus
from nuatom.structure.slater import SlaterKernel
from nuatom.structure.splines import SplineSpace

_V = TypeVar("_V")

HIGHEST_ENERGY = 1e6
"""States above this, or as far below, take no part in a self-consistent field."""


def thomas_fermi_potential(charge: float, r: Array) -> Array:
    """Return the potential of the Thomas-Fermi atom, ``-max(Z phi(x), 1)/r``.

    Parameters
    ----------
    charge : float
        Z [dimensionless].
    r : ndarray
        Radii [length].

    Returns
    -------
    ndarray
        Where a self-consistent iteration may begin; of no other use.

    Notes
    -----
    phi(x) as fitted by R. Latter, Phys. Rev. 99, 510 (1955).

    Example
    -------
    >>> thomas_fermi_potential(10, np.array([1e-9, 1e9])) * np.array([1e-9, 1e9])
    array([-9.99998642, -1.        ])
    """
    x = r * (128 * charge / (9 * np.pi**2)) ** (1 / 3)
    s = np.sqrt(x)
    phi = 1 / (
        1 + 0.02747 * s + 1.243 * x - 0.1486 * x * s + 0.2302 * x**2
        + 0.007298 * x**2 * s + 0.006944 * x**3
    )  # fmt: skip
    return np.asarray(-np.maximum(charge * phi, 1.0) / r)


@dataclass(frozen=True, eq=False)
class Frame:
    """Orthonormal states in which matrices are diagonalised.

    The splines nearest to the nucleus reach energies of 1e8; rounding against those would
    disturb valence orbitals, which do not need them.

    Parameters
    ----------
    energies : ndarray
        Of the states in the field that defines them, ascending [energy].
    columns : ndarray
        Coefficients of each state in the basis of splines, shape (size, state) [dimensionless].

    Example
    -------
    >>> Frame(np.ones(1), np.array([[2.0], [1.0]])).inside(np.eye(2))
    array([[5.]])
    """

    energies: Array
    columns: Array

    def inside(self, matrix: Array) -> Array:
        """Return an operator matrix between these states.

        Parameters
        ----------
        matrix : ndarray
            In the basis of splines [any].

        Returns
        -------
        ndarray
            Symmetric to rounding.
        """
        turned = self.columns.T @ matrix @ self.columns
        return np.asarray((turned + turned.T) / 2)


@dataclass(frozen=True, eq=False)
class Stage:
    """All that stays the same while orbitals change: splines, nucleus, kernels, bases.

    What belongs to one kappa or one rank is computed when it is first asked for.

    Parameters
    ----------
    space : SplineSpace
        The splines [spline space].
    nucleus : Nucleus
        Its potential is part of h [nucleus].
    light_speed : float
        c, in atomic units [dimensionless].

    Example
    -------
    >>> from nuatom.structure.nucleus import PointNucleus
    >>> space = SplineSpace(np.linspace(0, 30, 31), 5, 8)
    >>> Stage(space, PointNucleus(1), 137.036).one_electron(-1).shape
    (64, 64)
    """

    space: SplineSpace
    nucleus: Nucleus
    light_speed: float
    _known: dict[tuple[str, int], Any] = field(default_factory=dict, init=False, repr=False)

    def _once(self, kind: str, key: int, build: Callable[[], _V]) -> _V:
        """Return what was built before under this key, or build it."""
        if (kind, key) not in self._known:
            self._known[kind, key] = build()
        return cast(_V, self._known[kind, key])

    @cached_property
    def nuclear(self) -> Array:
        """Potential of the nucleus at the points, shape (cell, point)."""
        return self.nucleus.potential(self.space.points)

    def basis(self, kappa: int) -> DiracBasis:
        """Return the basis of a kappa.

        Parameters
        ----------
        kappa : int
            Relativistic quantum number [dimensionless].

        Returns
        -------
        DiracBasis
            The same object each time.
        """
        return self._once("basis", kappa, lambda: DiracBasis(self.space, kappa, self.light_speed))

    def kernel(self, rank: int) -> SlaterKernel:
        """Return the kernel of a rank.

        Parameters
        ----------
        rank : int
            k [dimensionless].

        Returns
        -------
        SlaterKernel
            The same object each time.
        """
        return self._once("kernel", rank, lambda: SlaterKernel(self.space, rank))

    def one_electron(self, kappa: int) -> Array:
        """Return the matrix h of a kappa: free electron and nucleus.

        Parameters
        ----------
        kappa : int
            Relativistic quantum number [dimensionless].

        Returns
        -------
        ndarray
            In the basis of splines, less the rest energy.
        """

        def build() -> Array:
            basis = self.basis(kappa)
            return np.asarray(basis.free + basis.local(self.nuclear))

        return self._once("one-electron", kappa, build)

    def frame(self, kappa: int) -> Frame:
        """Return the states of a kappa in the Thomas-Fermi field of the neutral atom.

        Parameters
        ----------
        kappa : int
            Relativistic quantum number [dimensionless].

        Returns
        -------
        Frame
            Orthonormal; a basis to diagonalise in, and a first guess.
        """

        def build() -> Frame:
            basis, r, z = self.basis(kappa), self.space.points, self.nucleus.charge
            screening = z / r + thomas_fermi_potential(z, r)
            energies, columns = basis.eigenstates(self.one_electron(kappa) + basis.local(screening))
            kept = np.abs(energies) < HIGHEST_ENERGY + 3 * self.light_speed**2
            return Frame(energies[kept], columns[:, kept])

        return self._once("frame", kappa, build)
