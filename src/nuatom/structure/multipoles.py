r"""Multipole integrals between one bound orbital and the continuum, and their sums.

Unprimed bound, primed continuum, k and k' their kappa, ``j = j_L(x)`` with ``x = |q| r``::

    even:  I0  = Int S j,       I3  = Int [j' B - (k'-k)(j/x) A]
           E_V = Int [-((k'-k)/(L+1))(j' + j/x) A + L (j/x) B],   M_A = ((k'-k)/(L+1)) Int D j
    odd:   I0A = Int B j,       I3A = -Int [j' S - (k'+k)(j/x) D]
           E_A = Int [((k'+k)/(L+1))(j' + j/x) D - L (j/x) S],    M_V = ((k'+k)/(L+1)) Int A j

with ``S = P'P + Q'Q``, ``D = P'P - Q'Q``, ``A = P'Q + Q'P``, ``B = P'Q - Q'P``; even and odd
refer to l + l' + L.  Because ``j' = [L j_(L-1) - (L+1) j_(L+1)]/(2L+1)`` and ``j/x =
[j_(L-1) + j_(L+1)]/(2L+1)``, all follow from the integrals of S and D with Bessel functions
of even orders and those of A and B with odd ones.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.structure.angular import orbital_l, three_j_half_squared
from nuatom.structure.bessel import negligible_below
from nuatom.structure.continuum import Kappas, Waves
from nuatom.structure.continuum_grid import ContinuumGrid
from nuatom.structure.multipole_kernels import add_integrals

LEAST = 1e-10
"""Bessel functions below this, at arguments less than their order, count as zero."""


@dataclass(frozen=True, eq=False)
class BoundOrbital:
    """A bound orbital on the grid of the continuum.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    electrons : float
        In the subshell [dimensionless].
    large, small : ndarray
        P and Q at the first points of the grid, up to where the orbital ends, shape
        (point,) [1/length^(1/2)].
    """

    kappa: int
    electrons: float
    large: Array
    small: Array

    def radius(self, grid: ContinuumGrid, beyond: float = 1e-4) -> float:
        """Return the radius beyond which there is a given part of an electron.

        Parameters
        ----------
        grid : ContinuumGrid
            On which the orbital is given [continuum grid].
        beyond : float
            Part [dimensionless].

        Returns
        -------
        float
            In Bohr radii, to the next point of the grid.
        """
        n = len(self.large)
        density = grid.weights[:n] * (self.large**2 + self.small**2)
        left = np.cumsum(density[::-1])[::-1]
        return float(grid.points[max(int((left > beyond * density.sum()).sum()) - 1, 0)])


def partial_waves(kappa: int, wave_number: float, radius: float) -> list[int]:
    """Return the kappas of the continuum that matter: l' up to ``l + 3 + k r``.

    A wave with more angular momentum passes the orbital by; with the radius that leaves out
    1e-4 of the electron this leaves out less than 1e-4 of the integral over momenta and
    1e-3 of a response where that exceeds 1e-4 of its maximum.

    Parameters
    ----------
    kappa : int
        Of the bound orbital [dimensionless].
    wave_number : float
        Of the electron that leaves, or the largest momentum transfer if less [1/length].
    radius : float
        Of the bound orbital [length].

    Returns
    -------
    list of int
        Ordered by |kappa|.

    Example
    -------
    >>> partial_waves(-1, 0.0, 1.0)
    [-1, 1, -2, 2, -3, 3, -4]
    """
    highest = orbital_l(kappa) + 3 + int(np.ceil(wave_number * radius))
    both = [sign * k for k in range(1, highest + 2) for sign in (-1, 1)]
    return [k for k in both if orbital_l(k) <= highest]


@dataclass(frozen=True, eq=False)
class Momenta:
    """Bessel functions of a set of momentum transfers on a grid.

    Parameters
    ----------
    grid : ContinuumGrid
        Whose points are used [continuum grid].
    values : ndarray
        Momentum transfers, positive, shape (q,) [1/length].
    highest : int
        Largest order [dimensionless].
    points : int
        Number of points, from the nucleus outwards [dimensionless].
    limits : ndarray, optional
        Where the functions of each momentum end smoothly, because what lies beyond varies too
        little to matter; none otherwise, shape (q,) [length].
    """

    grid: ContinuumGrid
    values: Array
    highest: int
    points: int
    limits: Array | None = None

    def __post_init__(self) -> None:
        """Check the momenta."""
        finite("momentum transfer", self.values, positive=True)

    @cached_property
    def begins(self) -> Array:
        """Least ``|q| r`` at which the functions of each order exceed `LEAST`."""
        return negligible_below(self.highest + 1, LEAST)

    @property
    def ends(self) -> Array:
        """The limits, infinite where there are none, shape (q,)."""
        return np.full(len(self.values), np.inf) if self.limits is None else self.limits


@cache
def _three_j(kappa1: int, rank: int, kappa2: int) -> float:
    return three_j_half_squared(kappa1, rank, kappa2)


@dataclass(frozen=True, eq=False)
class Multipoles:
    """All multipole integrals of one bound orbital with waves of one energy.

    Of the rank ``L = ||k'| - |k|| + step`` for step = 0, 1, ..., 2|k| - 1, with which all
    allowed ranks of every wave are reached; those of the wrong parity are zero.

    Parameters
    ----------
    orbital : BoundOrbital
        Of the atom [orbital].
    waves : Waves
        Of one energy [waves].
    momenta : Momenta
        Momentum transfers with their Bessel functions [momenta].
    kinds : str
        Products among SDAB to integrate; the others count as zero [name].

    Raises
    ------
    InvalidInput
        If the Bessel functions end below the orders that the waves need.
    """

    orbital: BoundOrbital
    waves: Waves
    momenta: Momenta
    kinds: str = "SDAB"

    def __post_init__(self) -> None:
        """Check the orders."""
        needed = abs(self.orbital.kappa) + int(np.abs(self.waves.kappas).max())
        if self.momenta.highest < needed:
            raise InvalidInput(
                f"Bessel functions: found orders up to {self.momenta.highest}, expected {needed} "
                "at least for these waves"
            )

    @property
    def steps(self) -> range:
        """The steps in rank."""
        return range(2 * abs(self.orbital.kappa))

    def ranks(self, step: int) -> Kappas:
        """Return the rank L of each wave at a step.

        Parameters
        ----------
        step : int
            As explained above [dimensionless].

        Returns
        -------
        ndarray of int
            Shape (wave,); beyond j + j' too, where `weights` vanish.
        """
        ranks = np.abs(np.abs(self.waves.kappas) - abs(self.orbital.kappa)) + step
        return np.asarray(ranks, dtype=np.int64)

    def weights(self, step: int) -> Array:
        """Return ``w = N (2L+1)(2j'+1)(j L j'; 1/2 0 -1/2)^2`` of each wave at a step.

        Parameters
        ----------
        step : int
            As explained above [dimensionless].

        Returns
        -------
        ndarray
            Shape (wave,).
        """
        pairs = zip(self.ranks(step).tolist(), self.waves.kappas.tolist(), strict=True)
        k, n = self.orbital.kappa, self.orbital.electrons
        return np.array([
            n * (2 * rank + 1) * 2 * abs(kappa) * _three_j(k, rank, kappa)
            for rank, kappa in pairs
        ])  # fmt: skip

    @cached_property
    def _weighted(self) -> tuple[Array, Array]:
        """P and Q of the orbital with the weights of the points."""
        weights = self.momenta.grid.weights[: len(self.orbital.large)]
        return weights * self.orbital.large, weights * self.orbital.small

    @cached_property
    def _integrals(self) -> Array:
        """``Int X j_n``, n = rank at step 0 less 1, ..., shape (kind, 2|k|+2, wave, q)."""
        kappas, k, momenta = self.waves.kappas, self.orbital.kappa, self.momenta
        first, last = self.ranks(0) - 1, abs(k) + np.abs(kappas)
        ell = np.where(kappas > 0, kappas, -kappas - 1)
        r = momenta.grid.points[: min(momenta.points, len(self.orbital.large))]
        rows = np.argsort(momenta.values)
        values = np.zeros((4, 2 * abs(k) + 2, len(kappas), len(rows)))
        add_integrals(
            (r, self._weighted, self._components),
            (momenta.values[rows], momenta.ends[rows], momenta.begins[: last.max() + 1]),
            (first, last, (ell + orbital_l(k)) % 2),
            np.array([kind in self.kinds for kind in "SDAB"]),
            values,
        )
        return np.asarray(values[..., np.argsort(rows)])

    @property
    def _components(self) -> tuple[Array, Array]:
        """P' and Q' of the waves."""
        return np.ascontiguousarray(self.waves.large), np.ascontiguousarray(self.waves.small)

    def _here(self, kind: str, step: int) -> Array:
        return np.asarray(self._integrals["SDAB".index(kind), step + 1])

    def _slopes(self, kind: str, step: int) -> tuple[Array, Array]:
        """Return ``Int X j'`` and ``Int X j/x``; the latter not at L = 0, where none needs it."""
        values = self._integrals["SDAB".index(kind)]
        rank = self.ranks(step)[:, None]
        below, above = values[step], values[step + 2]
        return (
            (rank * below - (rank + 1) * above) / (2 * rank + 1),
            (below + above) / (2 * rank + 1),
        )

    @cached_property
    def _difference(self) -> Array:
        return np.asarray(self.waves.kappas - float(self.orbital.kappa))[:, None]

    @cached_property
    def _sum(self) -> Array:
        return np.asarray(self.waves.kappas + float(self.orbital.kappa))[:, None]

    def charge(self, step: int, *, orthogonal: bool = True) -> Array:
        """Return I0.

        Parameters
        ----------
        step : int
            As explained above [dimensionless].
        orthogonal : bool
            Whether ``j_0 - 1`` stands for j_0 between orbitals of one kappa [flag].

        Returns
        -------
        ndarray
            Shape (wave, q) [1/energy^(1/2)].
        """
        values = self._here("S", step)
        same = self.waves.kappas == self.orbital.kappa
        if step == 0 and orthogonal and np.any(same):
            (large, small), (up, down) = self._weighted, self._components
            n = len(large)
            values = values.copy()
            values[same] -= (up[same, :n] @ large + down[same, :n] @ small)[:, None]
        return values

    def longitudinal(self, step: int) -> Array:
        """Return I3.

        Parameters
        ----------
        step : int
            Number of the step in rank [dimensionless].

        Returns
        -------
        ndarray
            Shape (wave, q) [1/energy^(1/2)].
        """
        slope, _ = self._slopes("B", step)
        _, ratio = self._slopes("A", step)
        return np.asarray(slope - self._difference * ratio)

    def vector(self, step: int) -> tuple[Array, Array]:
        """Return E_V and M_V.

        Parameters
        ----------
        step : int
            Number of the step in rank [dimensionless].

        Returns
        -------
        tuple of ndarray
            Each of shape (wave, q) [1/energy^(1/2)].
        """
        rank = self.ranks(step)[:, None]
        slope, ratio = self._slopes("A", step)
        _, other = self._slopes("B", step)
        electric = -self._difference / (rank + 1) * (slope + ratio) + rank * other
        return electric, self._sum / (rank + 1) * self._here("A", step)

    def axial_charge(self, step: int) -> Array:
        """Return I0A.

        Parameters
        ----------
        step : int
            Number of the step in rank [dimensionless].

        Returns
        -------
        ndarray
            Shape (wave, q) [1/energy^(1/2)].
        """
        return self._here("B", step)

    def axial_longitudinal(self, step: int) -> Array:
        """Return I3A.

        Parameters
        ----------
        step : int
            Number of the step in rank [dimensionless].

        Returns
        -------
        ndarray
            Shape (wave, q) [1/energy^(1/2)].
        """
        slope, _ = self._slopes("S", step)
        _, ratio = self._slopes("D", step)
        return np.asarray(self._sum * ratio - slope)

    def axial(self, step: int) -> tuple[Array, Array]:
        """Return E_A and M_A.

        Parameters
        ----------
        step : int
            Number of the step in rank [dimensionless].

        Returns
        -------
        tuple of ndarray
            Each of shape (wave, q) [1/energy^(1/2)].
        """
        rank = self.ranks(step)[:, None]
        slope, ratio = self._slopes("D", step)
        _, other = self._slopes("S", step)
        electric = self._sum / (rank + 1) * (slope + ratio) - rank * other
        return electric, self._difference / (rank + 1) * self._here("D", step)
