"""Lindhard's theory with a binding energy: slow recoils leave no ionisation.

An atom must be freed from its place before it recoils.  With that energy U in Lindhard's
equation the ionisation vanishes at a recoil energy of about 2U, while for fast recoils it
is Lindhard's.
"""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np

from nuatom import units as u
from nuatom.arrays import RANGE_SLACK, Array, ArrayLike, finite
from nuatom.detectors.quenching import Lindhard
from nuatom.errors import InvalidInput, OutOfRange, lookup
from nuatom.targets import element

_TABLE = resources.files("nuatom") / "data/quenching/sarkis/2020/data.toml"
_STEPS = 80
_HALVINGS = 200


@dataclass(frozen=True)
class BoundLindhard:
    """Ionisation by recoils in a crystal whose atoms are bound.

    ::

        T_ion = [eps k g/(1 + k g) - C_0 eps^(1/2) - C_1]/c,   eps = c (T - U)
        g = 3 eps^0.15 + 0.7 eps^0.6 + eps,  c = 11.5 Z^(-7/3)/keV

    and nothing where that is negative or T < 2U.

    Parameters
    ----------
    atomic_number : int
        Z of the recoiling nucleus and of the medium [dimensionless].
    k : float
        Electronic stopping, as in `Lindhard` [dimensionless].
    binding_energy : float
        U >= 0 [energy].
    square_root, constant : float
        C_0 and C_1 >= 0 [dimensionless].

    Raises
    ------
    InvalidInput
        If Z or k is not positive, or another number negative.

    Notes
    -----
    The paper trusts its model from about 50 eV in Ge and 500 eV in Si.

    Example
    -------
    >>> germanium = sarkis("Ge", k=0.162)
    >>> round(germanium.lowest / u.eV, 1)
    43.7

    References
    ----------
    Y. Sarkis, A. Aguilar-Arevalo and J. C. D'Olivo, Phys. Rev. D 101, 102001 (2020), Eq. (13).
    """

    atomic_number: int
    k: float
    binding_energy: float
    square_root: float
    constant: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        Lindhard(self.atomic_number, self.k)
        numbers = finite("quenching", [self.binding_energy, self.square_root, self.constant])
        if np.any(numbers < 0):
            raise InvalidInput(
                f"quenching: found {numbers.min():g}, expected a binding energy and coefficients "
                "that are not negative"
            )

    @cached_property
    def lowest(self) -> float:
        """The recoil energy from which on something ionises: about 2U [energy]."""
        low, high = np.log(1e-15), np.log(1e3)
        for _ in range(_HALVINGS):  # the sign changes once
            middle = (low + high) / 2
            low, high = (middle, high) if self._reduced(np.exp(middle))[0] < 0 else (low, middle)
        first = max(float(np.exp(high)) / self._scale + self.binding_energy, 0.0)
        # without binding there is no cut-off, only the end of the search
        bound = self.binding_energy or self.square_root or self.constant
        return max(first, 2 * self.binding_energy) if bound else 0.0

    @property
    def highest(self) -> float:
        """Infinite [energy]."""
        return np.inf

    @property
    def invisible_below(self) -> bool:
        """True: slower recoils leave nothing."""
        return True

    @property
    def breaks(self) -> Array:
        """The cut-off [energy]."""
        return np.array([self.lowest]) if self.lowest else np.array([])

    def quenching_factor(self, recoil_energy: ArrayLike) -> Array:
        """Return Q(T) = T_ion/T.

        Parameters
        ----------
        recoil_energy : array_like
            T > 0 of the nucleus, any shape [energy].

        Returns
        -------
        ndarray
            Same shape, zero below the cut-off [dimensionless].

        Raises
        ------
        InvalidInput
            If a value is not positive and finite.
        """
        energy = finite("recoil energy", recoil_energy, positive=True)
        return np.asarray(self.ionisation_energy(energy) / energy)

    def ionisation_energy(self, recoil_energy: ArrayLike) -> Array:
        """Return T_ion(T), zero below the cut-off."""
        energy = finite("recoil energy", recoil_energy, positive=True)
        # at the cut-off itself rounding must not decide
        seen = energy >= self.lowest * (1 - RANGE_SLACK)
        eps = np.maximum(energy - self.binding_energy, 1e-12 * energy) * self._scale
        return np.where(seen, np.maximum(self._reduced(eps)[0], 0.0) / self._scale, 0.0)

    def jacobian(self, recoil_energy: ArrayLike) -> Array:
        """Return dT/dT_ion; below the cut-off an error."""
        energy = finite("recoil energy", recoil_energy, positive=True)
        if np.any(energy < self.lowest * (1 - RANGE_SLACK)):
            raise self._too_slow(float(np.min(energy)))
        return np.asarray(1 / self._reduced((energy - self.binding_energy) * self._scale)[1])

    def recoil_energy(self, ionisation_energy: ArrayLike) -> Array:
        """Return T(T_ion); less than what is left at the cut-off is an error."""
        energy = finite("ionisation energy", ionisation_energy, positive=True)
        if self.lowest:
            least = float(self.ionisation_energy(self.lowest))
            if np.any(energy < least * (1 - RANGE_SLACK)):
                raise self._too_slow(self.lowest)
        # T_ion(T) is convex: from the left Newton jumps over the root once, then falls to it
        free = Lindhard(self.atomic_number, self.k).recoil_energy(energy)
        start = np.maximum(free, self.lowest) - self.binding_energy
        eps, target = np.maximum(start, 1e-9 * free) * self._scale, energy * self._scale
        for _ in range(_STEPS):
            value, slope = self._reduced(eps)
            step = (value - target) / slope
            eps = np.maximum(eps - step, eps / 10)
            if np.all(np.abs(step) <= 1e-14 * eps):
                break
        return np.asarray(eps / self._scale + self.binding_energy)

    @property
    def _scale(self) -> float:
        """Return c."""
        return float(11.5 * self.atomic_number ** (-7 / 3) / u.keV)

    def _reduced(self, eps: ArrayLike) -> tuple[Array, Array]:
        """Return c T_ion and its derivative with respect to eps."""
        x = np.asarray(eps)
        kg = self.k * (3 * x**0.15 + 0.7 * x**0.6 + x)
        slope = self.k * (0.45 * x**0.15 + 0.42 * x**0.6 + x)  # k eps g'
        root = self.square_root * np.sqrt(x)
        value = x * kg / (1 + kg) - root - self.constant
        return value, kg / (1 + kg) + slope / (1 + kg) ** 2 - root / (2 * x)

    def _too_slow(self, energy: float) -> OutOfRange:
        return OutOfRange(
            f"quenching: found a recoil of {energy / u.keV:.4g} keV or its ionisation, expected "
            f"one above the cut-off of {self.lowest / u.keV:.4g} keV; slower recoils leave nothing"
        )


def sarkis(symbol: str, k: float) -> BoundLindhard:
    """Return the quenching that Sarkis et al. fitted to data in silicon or germanium.

    Parameters
    ----------
    symbol : str
        Si or Ge [name].
    k : float
        Electronic stopping; their numerical solution has 0.161 for Si and 0.162 for Ge
        [dimensionless].

    Returns
    -------
    BoundLindhard
        With their binding energy and coefficients.

    Raises
    ------
    UnknownName
        If the element is another.
    InvalidInput
        If k is not positive.

    Example
    -------
    >>> round(float(sarkis("Si", k=0.161).quenching_factor(2 * u.keV)), 2)
    0.19

    References
    ----------
    Y. Sarkis, A. Aguilar-Arevalo and J. C. D'Olivo, Phys. Rev. D 101, 102001 (2020), Table III.
    """
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    fits = {name: row for name, row in rows.items() if isinstance(row, dict)}
    row = lookup("element with a fitted binding energy", symbol, fits)
    energy = float(row["binding_energy_keV"]) * u.keV
    number = element(symbol).atomic_number
    return BoundLindhard(number, k, energy, float(row["square_root"]), float(row["constant"]))
