"""Efficiency: the probability that an event is kept, as a function of a stated energy.

Each object says of which energy it is a function:

* ``recoil``: the energy of the recoil, before quenching (the same as ``true`` for electrons);
* ``true``: the electron-equivalent energy before smearing;
* ``reconstructed``: the energy after smearing, which the bins are made of.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.detectors.resolution_formulas import inside, table_of
from nuatom.errors import InvalidInput, lookup

ENERGIES = {name: name for name in ("recoil", "true", "reconstructed")}
"""The energies of which an efficiency may be a function."""

OUTSIDE = {name: name for name in ("error", "hold", "zero")}
"""What a table does outside its rows: refuse, hold its last value, or be zero."""


class Efficiency(Protocol):
    """A probability between 0 and 1 as a function of one energy."""

    @property
    def energy(self) -> str:
        """Which energy: recoil, true or reconstructed [name]."""
        ...

    @property
    def breaks(self) -> Array:
        """Energies at which it jumps, or between which it is nearly linear [energy]."""
        ...

    def __call__(self, energy: Array) -> Array:
        """Return the efficiency.

        Parameters
        ----------
        energy : ndarray
            Of the kind that `energy` names [energy].
        """
        ...


@dataclass(frozen=True)
class ConstantEfficiency:
    """The same probability at every energy.

    Parameters
    ----------
    value : float
        Between 0 and 1 [dimensionless].
    energy : str
        Which energy; it makes no difference here [name].

    Raises
    ------
    InvalidInput
        If the value is not a probability.

    Example
    -------
    >>> print(ConstantEfficiency(0.9)(np.array([1.0, 2.0])))
    [0.9 0.9]
    """

    value: float
    energy: str = "true"

    def __post_init__(self) -> None:
        """Check the value."""
        lookup("energy of an efficiency", self.energy, ENERGIES)
        _probabilities("efficiency", self.value)

    @property
    def breaks(self) -> Array:
        """None."""
        return np.array([])

    def __call__(self, energy: Array) -> Array:
        """Return the efficiency."""
        return np.full(np.shape(energy), float(self.value))


@dataclass(frozen=True)
class StepEfficiency:
    """A hard threshold: 0 below, `plateau` at and above.

    Parameters
    ----------
    threshold : float
        Where it opens [energy].
    plateau : float
        Above the threshold [dimensionless].
    energy : str
        Which energy: recoil, true or reconstructed [name].

    Raises
    ------
    InvalidInput
        If a value is not finite or no probability.

    Example
    -------
    >>> print(StepEfficiency(1.5)(np.array([1.0, 2.0])))
    [0. 1.]
    """

    threshold: float
    plateau: float = 1.0
    energy: str = "reconstructed"

    def __post_init__(self) -> None:
        """Check the numbers."""
        lookup("energy of an efficiency", self.energy, ENERGIES)
        finite("threshold", self.threshold)
        _probabilities("plateau", self.plateau)

    @property
    def breaks(self) -> Array:
        """The threshold [energy]."""
        return np.array([float(self.threshold)])

    def __call__(self, energy: Array) -> Array:
        """Return the efficiency."""
        return np.where(energy >= self.threshold, float(self.plateau), 0.0)


@dataclass(frozen=True)
class ErrorFunctionEfficiency:
    """A threshold smeared by a Gaussian.

    ``efficiency(E) = plateau [1 + erf((E - threshold)/(sqrt(2) width))]/2``

    Parameters
    ----------
    threshold : float
        Where it is half of the plateau [energy].
    width : float
        Standard deviation > 0; some papers put it in erf without the square root of two,
        which is sqrt(2) times this one [energy].
    plateau : float
        Far above the threshold [dimensionless].
    energy : str
        Which energy: recoil, true or reconstructed [name].

    Raises
    ------
    InvalidInput
        If a value is not finite, the width not positive or the plateau no probability.

    Example
    -------
    >>> curve = ErrorFunctionEfficiency(0.22, 0.05)
    >>> print(curve(np.array([0.17, 0.22, 0.27])).round(4))
    [0.1587 0.5    0.8413]
    """

    threshold: float
    width: float
    plateau: float = 1.0
    energy: str = "reconstructed"

    def __post_init__(self) -> None:
        """Check the numbers."""
        lookup("energy of an efficiency", self.energy, ENERGIES)
        finite("threshold", self.threshold)
        finite("width", self.width, positive=True)
        _probabilities("plateau", self.plateau)

    @property
    def breaks(self) -> Array:
        """Tenths of the width, seven widths either side: linear between them [energy]."""
        return np.asarray(self.threshold + self.width * np.linspace(-7, 7, 141))

    def __call__(self, energy: Array) -> Array:
        """Return the efficiency."""
        from scipy.special import ndtr

        return np.asarray(self.plateau * ndtr((energy - self.threshold) / self.width))


@dataclass(frozen=True, eq=False)
class TabulatedEfficiency:
    """An efficiency that is linear between the rows of a table.

    Parameters
    ----------
    energies : ndarray
        Strictly increasing, at least two [energy].
    values : ndarray
        Between 0 and 1, one for each energy [dimensionless].
    energy : str
        Which energy: recoil, true or reconstructed [name].
    outside : str
        ``error`` refuses energies outside the table, ``hold`` keeps its first and last
        value, ``zero`` keeps nothing there [name].

    Raises
    ------
    InvalidInput
        If the table is malformed or a value is no probability.

    Example
    -------
    >>> curve = TabulatedEfficiency(np.array([1.0, 2.0]), np.array([0.0, 0.8]))
    >>> print(curve(np.array([1.25])))
    [0.2]
    """

    energies: Array
    values: Array
    energy: str = "reconstructed"
    outside: str = "error"

    def __post_init__(self) -> None:
        """Check the table."""
        lookup("energy of an efficiency", self.energy, ENERGIES)
        lookup("rule outside a table", self.outside, OUTSIDE)
        energies, values = table_of("efficiency", self.energies, self.values)
        object.__setattr__(self, "energies", energies)
        object.__setattr__(self, "values", _probabilities("efficiency", values))

    @property
    def breaks(self) -> Array:
        """The rows [energy]."""
        return self.energies

    def __call__(self, energy: Array) -> Array:
        """Return the efficiency."""
        if self.outside == "error":
            inside(f"efficiency in {self.energy} energy", np.asarray(energy), self.energies)
        rim = 0.0 if self.outside == "zero" else None
        return np.asarray(np.interp(energy, self.energies, self.values, left=rim, right=rim))


def _probabilities(name: str, values: ArrayLike) -> Array:
    """Return values after checking that each lies between 0 and 1."""
    array = finite(name, values)
    if np.any((array < 0) | (array > 1)):
        raise InvalidInput(
            f"{name}: found {array.min():g} to {array.max():g}, expected values from 0 to 1; "
            "divide a percentage by 100"
        )
    return array
