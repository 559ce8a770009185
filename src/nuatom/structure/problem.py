"""What is to be solved, and how finely."""

from dataclasses import dataclass, replace
from functools import cached_property

from nuatom import constants
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, NuatomError
from nuatom.structure.configuration import Occupation, Shell, average_occupation
from nuatom.structure.nucleus import Nucleus
from nuatom.structure.splines import SplineSpace, breakpoints
from nuatom.structure.stage import Stage

LIGHT_SPEED = 1 / constants.fine_structure
"""c in atomic units."""


class NotConverged(NuatomError, ArithmeticError):
    """A self-consistent field did not settle."""


@dataclass(frozen=True)
class Numerics:
    """How finely to compute.

    Parameters
    ----------
    cells : int
        Intervals between knots [dimensionless].
    order : int
        Of the splines of P; those of Q have one more [dimensionless].
    points_per_cell : int
        Gauss-Legendre points in each, more than the order [dimensionless].
    radius : float
        Of the box, in Bohr radii [length].
    nuclear_scale : float
        The knots turn from linear to exponential at this over Z, in Bohr radii [length].
    stretch : float
        The knots turn from exponential to linear at this, in Bohr radii [length].
    tolerance : float
        Largest rotation of an orbital in the last round [dimensionless].
    max_iterations : int
        After so many rounds give up [dimensionless].

    Example
    -------
    >>> Numerics(cells=80).order
    9
    """

    cells: int = 70
    order: int = 9
    points_per_cell: int = 12
    radius: float = 60.0
    nuclear_scale: float = 3e-3
    stretch: float = 20.0
    tolerance: float = 1e-8
    max_iterations: int = 80

    def __post_init__(self) -> None:
        """Check the settings."""
        if self.points_per_cell <= self.order or self.max_iterations < 1:
            raise InvalidInput(
                f"numerics: found order {self.order}, {self.points_per_cell} points in a cell, "
                f"{self.max_iterations} rounds; expected more points than the order, >= 1 round"
            )
        scales = [self.radius, self.nuclear_scale, self.stretch, self.tolerance]
        finite("radius, scales, tolerance", scales, positive=True)

    def space(self, charge: float) -> SplineSpace:
        """Return the splines for a nuclear charge.

        Parameters
        ----------
        charge : float
            Z [dimensionless].

        Returns
        -------
        SplineSpace
            From the nucleus to the end of the box.
        """
        scale = self.nuclear_scale / charge
        boundaries = breakpoints(self.cells, scale=scale, radius=self.radius, stretch=self.stretch)
        return SplineSpace(boundaries, self.order, self.points_per_cell)


@dataclass(frozen=True, eq=False)
class Problem:
    """A configuration in the field of a nucleus.

    Parameters
    ----------
    shells : tuple of Shell
        The configuration of the neutral atom or ion [shell].
    nucleus : Nucleus
        Charge and shape [nucleus].
    numerics : Numerics
        Grid and tolerances [numerics].
    light_speed : float
        c; a large value is the non-relativistic limit [dimensionless].
    occupation : Occupation or None
        The average of the configuration if not given; of an ion with a hole [occupation].

    Raises
    ------
    InvalidInput
        If there are no electrons, or more of them than protons.

    Example
    -------
    >>> from nuatom.structure.configuration import parse_configuration
    >>> from nuatom.structure.nucleus import PointNucleus
    >>> Problem(parse_configuration("1s2"), PointNucleus(2)).ion_charge
    0
    """

    shells: tuple[Shell, ...]
    nucleus: Nucleus
    numerics: Numerics = Numerics()
    light_speed: float = LIGHT_SPEED
    occupation: Occupation | None = None

    def __post_init__(self) -> None:
        """Check that there is something to bind."""
        if not self.filling.subshells:
            raise InvalidInput("configuration: found no electrons, expected at least one")
        if self.ion_charge < 0:
            raise InvalidInput(
                f"configuration: found {self.filling.total} electrons around Z = "
                f"{self.nucleus.charge:g}, expected no more than Z (no negative ions)"
            )

    @cached_property
    def filling(self) -> Occupation:
        """The occupation that is solved for."""
        return self.occupation or average_occupation(self.shells)

    @property
    def ion_charge(self) -> int:
        """Z minus the number of electrons."""
        return round(self.nucleus.charge) - self.filling.total

    @cached_property
    def stage(self) -> Stage:
        """Grid, kernels and bases."""
        return Stage(self.numerics.space(self.nucleus.charge), self.nucleus, self.light_speed)

    @cached_property
    def columns(self) -> dict[int, list[int]]:
        """Kappa -> numbers of its occupied subshells, in order of n."""
        kappas = self.filling.kappas
        return {
            kappa: [i for i, one in enumerate(kappas) if one == kappa]
            for kappa in sorted(set(kappas), key=lambda k: (abs(k), -k))
        }

    @property
    def tolerance(self) -> float:
        """Largest rotation that counts as rest: as asked for, but above rounding against 2 c^2."""
        return max(self.numerics.tolerance, 1e-15 * self.light_speed**2)

    def with_occupation(self, occupation: Occupation) -> "Problem":
        """Return the same atom with another occupation, on the same stage.

        Parameters
        ----------
        occupation : Occupation
            Such as that of an ion with a hole [occupation].

        Returns
        -------
        Problem
            The stage is shared, with all that was computed for it.
        """
        other = replace(self, occupation=occupation)
        other.__dict__["stage"] = self.stage  # fills the cache of the property
        return other
