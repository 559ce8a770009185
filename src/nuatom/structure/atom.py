"""What a bound-state calculation returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.structure.configuration import Subshell
from nuatom.structure.exchange import LocalExchange
from nuatom.structure.mean_field import MeanField
from nuatom.structure.problem import Problem


@dataclass(frozen=True, eq=False)
class Orbital:
    """One radial wave function, normalised to one, with P positive near the nucleus.

    Parameters
    ----------
    subshell : Subshell
        n and kappa [subshell].
    electrons : float
        Mean number of electrons in it [dimensionless].
    energy : float
        Eigenvalue, less the rest energy [energy].
    coefficients : ndarray
        In the basis of splines of its kappa [dimensionless].
    large, small : ndarray
        P and Q at the points of the grid, shape (cell, point) [1/length^(1/2)].
    """

    subshell: Subshell
    electrons: float
    energy: float
    coefficients: Array
    large: Array
    small: Array

    @property
    def name(self) -> str:
        """Such as 2p3/2."""
        return self.subshell.name

    @property
    def kappa(self) -> int:
        """Relativistic quantum number."""
        return self.subshell.kappa


@dataclass(frozen=True, eq=False)
class AtomicState:
    """The orbitals of an atom or ion and the field they make, in atomic units.

    Parameters
    ----------
    problem : Problem
        Configuration, occupation, nucleus and grid [problem].
    exchange : LocalExchange or None
        The local potential, or nothing where exchange is exact [local exchange].
    orbitals : tuple of Orbital
        One for each occupied subshell, ordered by n, l, j [orbital].
    total_energy : float
        Mean of the Dirac-Coulomb Hamiltonian, less the rest energies [energy].
    iterations : int
        Number of rounds to self-consistency [dimensionless].

    Notes
    -----
    Omitted: Breit interaction, radiative corrections, correlation, recoil of the nucleus.
    """

    problem: Problem
    exchange: LocalExchange | None
    orbitals: tuple[Orbital, ...]
    total_energy: float
    iterations: int

    @property
    def points(self) -> Array:
        """Radii of the grid, shape (cell, point)."""
        return self.problem.stage.space.points

    @property
    def weights(self) -> Array:
        """Quadrature weights of the grid, shape (cell, point)."""
        return self.problem.stage.space.weights

    @property
    def electrons(self) -> Array:
        """Number of electrons in each orbital."""
        return self.problem.filling.electrons

    @cached_property
    def field(self) -> MeanField:
        """The field of the orbitals; its weights are free, so that it serves ions too."""
        return mean_field_of(self.problem, self.orbitals)

    def orbital(self, name: str) -> Orbital:
        """Return the orbital of a subshell.

        Parameters
        ----------
        name : str
            Such as 2p3/2 [name].

        Returns
        -------
        Orbital
            The one of that name.

        Raises
        ------
        UnknownName
            If the subshell is empty.
        """
        return lookup("occupied subshell", name, {one.name: one for one in self.orbitals})

    def evaluate(self, r: Array) -> tuple[Array, Array]:
        """Return all orbitals at any radii, to the accuracy of the splines themselves.

        Parameters
        ----------
        r : ndarray
            Radii, shape (n,) [length].

        Returns
        -------
        tuple of ndarray
            P and Q, each of shape (orbital, n); zero beyond the box.
        """
        large, small = np.empty((2, len(self.orbitals), len(r)))
        for kappa, rows in self.problem.columns.items():
            table = np.array([self.orbitals[i].coefficients for i in rows]).T
            values = self.problem.stage.basis(kappa).evaluate(table, r)
            large[rows], small[rows] = values[0].T, values[1].T
        return large, small

    def potential(self, r: Array) -> Array:
        """Return the potential of nucleus and electrons at any radii.

        With exact exchange the direct part only; with local exchange all of it, from the
        same formula as during self-consistency.

        Parameters
        ----------
        r : ndarray
            Radii, positive, shape (n,) [length].

        Returns
        -------
        ndarray
            Potential energy of an electron, shape (n,).
        """
        bare = self.problem.nucleus.potential(r)
        direct = self.field.direct_at(self.electrons, r)
        if self.exchange is None:
            return np.asarray(bare + direct)
        large, small = self.evaluate(r)
        density = self.electrons @ (large**2 + small**2)
        return self.exchange.potential(bare, direct, density, r, self.problem.ion_charge + 1)

    def mean_power(self, name: str, power: float) -> float:
        """Return ``<r^power>`` of one orbital.

        Parameters
        ----------
        name : str
            Such as 2p3/2 [name].
        power : float
            Exponent, above -3 [dimensionless].

        Returns
        -------
        float
            In atomic units.
        """
        one = self.orbital(name)
        return float((self.weights * self.points**power * (one.large**2 + one.small**2)).sum())


def mean_field_of(problem: Problem, orbitals: Sequence[Orbital]) -> MeanField:
    """Return the field of orbitals, in the order in which they are given.

    Parameters
    ----------
    problem : Problem
        Its stage [problem].
    orbitals : sequence of Orbital
        Any, on the grid of the problem [orbital].

    Returns
    -------
    MeanField
        With the weights left open.
    """
    parts = [np.concatenate([one.large, one.small], axis=1) for one in orbitals]
    return MeanField(problem.stage, tuple(one.kappa for one in orbitals), np.stack(parts, axis=2))
