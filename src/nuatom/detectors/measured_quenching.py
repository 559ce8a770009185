"""Quenching that was measured: a constant factor, or a table of factors."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nuatom.arrays import RANGE_SLACK, Array, ArrayLike, finite
from nuatom.detectors.resolution_formulas import inside, table_of
from nuatom.errors import InvalidInput


@dataclass(frozen=True)
class ConstantQuenching:
    """The same factor at every recoil energy.

    ``T_ion = Q T``

    Parameters
    ----------
    factor : float
        0 < Q <= 1 [dimensionless].

    Raises
    ------
    InvalidInput
        If Q is out of range.

    Example
    -------
    >>> print(ConstantQuenching(0.25).ionisation_energy(8.0))
    2.0
    """

    factor: float

    def __post_init__(self) -> None:
        """Check Q."""
        if not 0 < float(finite("quenching factor", self.factor)) <= 1:
            raise InvalidInput(
                f"quenching factor: found {self.factor:g}, expected 0 < Q <= 1; divide a "
                "percentage by 100"
            )

    @property
    def lowest(self) -> float:
        """Zero: known everywhere [energy]."""
        return 0.0

    @property
    def highest(self) -> float:
        """Infinite [energy]."""
        return np.inf

    @property
    def invisible_below(self) -> bool:
        """False: every recoil ionises."""
        return False

    @property
    def breaks(self) -> Array:
        """None [energy]."""
        return np.array([])

    def ionisation_energy(self, recoil_energy: ArrayLike) -> Array:
        """Return T_ion(T)."""
        return np.asarray(self.factor * finite("recoil energy", recoil_energy, positive=True))

    def jacobian(self, recoil_energy: ArrayLike) -> Array:
        """Return dT/dT_ion."""
        energy = finite("recoil energy", recoil_energy, positive=True)
        return np.full(energy.shape, 1 / self.factor)

    def recoil_energy(self, ionisation_energy: ArrayLike) -> Array:
        """Return T(T_ion)."""
        energy = finite("ionisation energy", ionisation_energy, positive=True)
        return np.asarray(energy / self.factor)


@dataclass(frozen=True, eq=False)
class TabulatedQuenching:
    """Factors measured at some recoil energies; between them T_ion is a power of T.

    ``ln T_ion`` is linear in ``ln T`` between the rows, ``T_ion = T Q(T)`` at them.

    Parameters
    ----------
    recoil_energies : ndarray
        Strictly increasing and > 0, at least two [energy].
    factors : ndarray
        0 < Q <= 1, one for each energy [dimensionless].
    invisible_below : bool
        Whether recoils below the first row leave nothing: a cut-off.  If not, they are
        unknown, and asking for them is an error [flag].

    Raises
    ------
    InvalidInput
        If the table is malformed, or the ionisation would fall with the recoil energy.

    Example
    -------
    >>> table = TabulatedQuenching(np.array([1.0, 4.0]), np.array([0.1, 0.2]))
    >>> print(table.ionisation_energy(np.array([1.0, 2.0, 4.0])).round(6))
    [0.1      0.282843 0.8     ]
    """

    recoil_energies: Array
    factors: Array
    invisible_below: bool = False

    def __post_init__(self) -> None:
        """Check the table."""
        energies, factors = table_of("quenching", self.recoil_energies, self.factors)
        finite("quenching, recoil energies", energies, positive=True)
        if np.any((factors <= 0) | (factors > 1)):
            raise InvalidInput(
                f"quenching: found factors from {factors.min():g} to {factors.max():g}, "
                "expected 0 < Q <= 1; divide a percentage by 100, and end the table where "
                "nothing is left"
            )
        if np.any(np.diff(energies * factors) <= 0):
            raise InvalidInput(
                "quenching: found an ionisation T Q(T) that does not increase with T, expected "
                "one recoil energy for each ionisation; smooth the table"
            )
        object.__setattr__(self, "recoil_energies", energies)
        object.__setattr__(self, "factors", factors)

    @property
    def lowest(self) -> float:
        """The first row [energy]."""
        return float(self.recoil_energies[0])

    @property
    def highest(self) -> float:
        """The last row [energy]."""
        return float(self.recoil_energies[-1])

    @property
    def breaks(self) -> Array:
        """The rows [energy]."""
        return self.recoil_energies

    def ionisation_energy(self, recoil_energy: ArrayLike) -> Array:
        """Return T_ion(T); zero below the first row if `invisible_below`."""
        energy = finite("recoil energy", recoil_energy, positive=True)
        dark = self._dark(energy)
        inside("quenching", energy[~dark], self.recoil_energies)
        logarithm = np.interp(np.log(energy), *self._logarithms)
        return np.where(dark, 0.0, np.exp(logarithm))

    def jacobian(self, recoil_energy: ArrayLike) -> Array:
        """Return dT/dT_ion; at a row, that of the interval above it."""
        energy = finite("recoil energy", recoil_energy, positive=True)
        inside("quenching", energy, self.recoil_energies)
        x, y = self._logarithms
        interval = np.clip(np.searchsorted(x, np.log(energy), side="right") - 1, 0, x.size - 2)
        slope = (np.diff(y) / np.diff(x))[interval]
        return np.asarray(energy / (slope * self.ionisation_energy(energy)))

    def recoil_energy(self, ionisation_energy: ArrayLike) -> Array:
        """Return T(T_ion)."""
        energy = finite("ionisation energy", ionisation_energy, positive=True)
        x, y = self._logarithms
        inside("quenching, ionisation", energy, np.exp(y))
        return np.asarray(np.exp(np.interp(np.log(energy), y, x)))

    @property
    def _logarithms(self) -> tuple[Array, Array]:
        """Return ln T and ln T_ion at the rows."""
        return np.log(self.recoil_energies), np.log(self.recoil_energies * self.factors)

    def _dark(self, energy: Array) -> npt.NDArray[np.bool_]:
        """Tell which recoils lie below the cut-off."""
        cut_off = self.recoil_energies[0] * (1 - RANGE_SLACK) if self.invisible_below else 0.0
        return np.asarray(energy < cut_off)
