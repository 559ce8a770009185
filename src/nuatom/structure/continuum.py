r"""Orbitals of the continuum in a local potential, normalised per unit energy.

``P -> sqrt((e + 2 c^2)/(pi c^2 k)) sin(k r + ...)``, with e the energy less the rest energy
and ``k^2 = 2 e + e^2/c^2``; P is positive near the nucleus, as for bound orbitals.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.structure.asymptotics import amplitude
from nuatom.structure.continuum_grid import POINTS_PER_CELL, ContinuumGrid, gauss_rule
from nuatom.structure.problem import LIGHT_SPEED
from nuatom.structure.propagation import regular_waves

Kappas = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Waves:
    """Orbitals of one energy, normalised per unit energy.

    Parameters
    ----------
    grid : ContinuumGrid
        Where they are known [continuum grid].
    energy : float
        Less the rest energy [energy].
    kappas : ndarray of int
        Relativistic quantum numbers, shape (m,) [dimensionless].
    large, small : ndarray
        P and Q, shape (m, point) [1/(length^(1/2) energy^(1/2))].
    """

    grid: ContinuumGrid
    energy: float
    kappas: Kappas
    large: Array
    small: Array


@dataclass(frozen=True, eq=False)
class LocalField:
    """A local potential on a grid, with a Coulomb tail.

    Parameters
    ----------
    grid : ContinuumGrid
        Its end lies where the potential varies little over a wavelength [continuum grid].
    potential : ndarray
        Potential energy of the electron at the points, shape (point,) [energy].
    charge : float
        Of the ion: far outside the potential is -charge/r [dimensionless].
    light_speed : float
        c [dimensionless].

    Raises
    ------
    InvalidInput
        If the potential does not have one value at each point.

    Example
    -------
    >>> from nuatom.structure.continuum_grid import continuum_grid
    >>> grid = continuum_grid(1, 2.0, 40.0)
    >>> waves = LocalField(grid, -1 / grid.points, 1.0).waves(2.0, [-1, 1])
    >>> waves.large.shape == (2, len(grid.points))
    True
    """

    grid: ContinuumGrid
    potential: Array
    charge: float
    light_speed: float = LIGHT_SPEED

    def __post_init__(self) -> None:
        """Check the shape."""
        if self.potential.shape != self.grid.points.shape:
            raise InvalidInput(
                f"potential: found shape {self.potential.shape}, expected one value at each of "
                f"the {len(self.grid.points)} points of the grid"
            )

    @property
    def cells(self) -> tuple[Array, Array, Array]:
        """Points, widths and running integral, as the integrators take them."""
        return self.grid.points, self.grid.widths, gauss_rule()[2]

    @cached_property
    def end_charge(self) -> Array:
        """Z of the potential ``-Z/r`` at the end of the grid, and its derivative.

        From the points of the last cell; all that the amplitude of a wave at the end of the
        grid needs, if the wave oscillates there faster than Z varies.
        """
        last = slice(-POINTS_PER_CELL, None)
        distance = (self.grid.points[last] - self.grid.radius) / self.grid.widths[-1]
        values = -self.potential[last] * self.grid.points[last]
        terms = np.polynomial.polynomial.polyfit(distance, values, 3)
        return np.asarray(terms / self.grid.widths[-1] ** np.arange(4))

    def waves(self, energy: float, kappas: npt.ArrayLike) -> Waves:
        """Return the regular solutions of several kappas.

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
            If the energy is not positive, or the grid ends in the centrifugal barrier.
        """
        numbers = np.atleast_1d(np.asarray(kappas, dtype=np.int64))
        check_reach(self, energy, numbers)
        waves = np.zeros((len(numbers), 2, len(self.grid.points)))
        level = energy - self.potential
        ends = regular_waves(numbers, level, self.cells, self.light_speed**-2.0, waves)
        return normalised(self, energy, numbers, waves, ends)


def reach(energy: float, kappas: npt.ArrayLike, charge: float) -> float:
    r"""Return the radius at which the amplitude of waves is known to 1e-10.

    Where ``k^2 r^2 + 2 charge r - l(l+1) = w^2`` with ``w = max(40, l)``.

    Parameters
    ----------
    energy : float
        Positive, less the rest energy [energy].
    kappas : array_like of int
        Relativistic quantum numbers [dimensionless].
    charge : float
        Of the ion [dimensionless].

    Returns
    -------
    float
        The grid should extend to it at least.

    Example
    -------
    >>> round(reach(2.0, [-1, -3], 1.0), 2)
    19.83
    """
    square = 2 * energy
    highest = float(np.max(np.abs(np.asarray(kappas))))
    wanted = max(40.0, highest) ** 2 + highest * (highest + 1)
    return float(wanted / (charge + np.sqrt(charge**2 + square * wanted)))


def check_reach(field: LocalField, energy: float, kappas: Kappas) -> None:
    """Refuse an energy for which the grid is too short.

    Parameters
    ----------
    field : LocalField
        With its grid [local field].
    energy : float
        Less the rest energy [energy].
    kappas : ndarray of int
        Relativistic quantum numbers [dimensionless].

    Raises
    ------
    InvalidInput
        If the energy is not positive, or the grid ends before `reach`.
    """
    if not energy > 0:
        raise InvalidInput(f"energy of the continuum: found {energy}, expected > 0")
    needed = reach(energy, kappas, field.charge)
    if field.grid.radius < 0.999 * needed:
        raise InvalidInput(
            f"grid: found an end at {field.grid.radius:.4g}, expected at least {needed:.4g} Bohr "
            f"radii at an energy of {energy:.4g} with kappa up to {np.abs(kappas).max()}"
        )


def normalised(
    field: LocalField, energy: float, kappas: Kappas, waves: Array, ends: Array
) -> Waves:
    """Return waves per unit energy, with P positive near the nucleus.

    Parameters
    ----------
    field : LocalField
        In which the waves move near the end of the grid [local field].
    energy : float
        Less the rest energy [energy].
    kappas : ndarray of int
        Relativistic quantum numbers, shape (m,) [dimensionless].
    waves : ndarray
        P and ``c Q`` of any norm, shape (m, 2, point) [any].
    ends : ndarray
        The same at the end of the grid, shape (m, 2) [any].

    Returns
    -------
    Waves
        With the norm set by the amplitude at the end of the grid.
    """
    radius, charges, c = field.grid.radius, field.end_charge, field.light_speed
    a, slope = amplitude(radius, kappas, energy=energy, charge=charges, light_speed=c)
    force = charges[0] / radius**2 - charges[1] / radius  # V'
    mass = 2 + (energy + charges[0] / radius) / c**2
    rise = -kappas / radius * ends[:, 0] - mass * ends[:, 1]
    chi = ends[:, 0] / np.sqrt(mass)
    # P' = sqrt(A) chi' + A'/(2A) P with A' = -V'
    chi_slope = rise / np.sqrt(mass) + force / c**2 / (2 * mass) * chi
    norm = np.hypot(chi / a, a * chi_slope - slope * chi)
    first = np.argmax(waves[:, 0] != 0, axis=1)
    sign = np.sign(waves[np.arange(len(kappas)), 0, first])
    factor = (sign / (np.sqrt(np.pi) * norm))[:, None]
    return Waves(field.grid, energy, kappas, waves[:, 0] * factor, waves[:, 1] * factor / c)
