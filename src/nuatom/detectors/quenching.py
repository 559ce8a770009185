"""Quenching of nuclear recoils: how much of the recoil energy ionises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput, OutOfRange

_LOWEST_EPSILON = 1e-12
_HIGHEST_EPSILON = 1e12
_STEPS = 60


class Quenching(Protocol):
    """How much of the energy of a recoiling nucleus ionises, and over which range.

    Parameters
    ----------
    recoil_energy : array_like
        T > 0 of the nucleus, any shape [energy].
    ionisation_energy : array_like
        T_ion > 0, any shape [energy].
    """

    @property
    def lowest(self) -> float:
        """The recoil energy where it begins to be known; 0 if everywhere [energy]."""
        ...

    @property
    def highest(self) -> float:
        """The recoil energy where it ends to be known [energy]."""
        ...

    @property
    def invisible_below(self) -> bool:
        """Whether recoils below `lowest` leave nothing, rather than something unknown."""
        ...

    @property
    def breaks(self) -> Array:
        """Recoil energies at which its slope jumps [energy]."""
        ...

    def ionisation_energy(self, recoil_energy: ArrayLike) -> Array:
        """Return T_ion(T), increasing."""
        ...

    def jacobian(self, recoil_energy: ArrayLike) -> Array:
        """Return dT/dT_ion at a recoil energy."""
        ...

    def recoil_energy(self, ionisation_energy: ArrayLike) -> Array:
        """Return T(T_ion), the inverse."""
        ...


@dataclass(frozen=True)
class Lindhard:
    """Lindhard's theory of the ionisation that a recoiling nucleus leaves.

    ::

        T_ion = T Q(T),  Q = k g/(1 + k g),  g = 3 eps^0.15 + 0.7 eps^0.6 + eps
        eps = 11.5 Z^(-7/3) T/keV

    Parameters
    ----------
    atomic_number : int
        Z of the recoiling nucleus and of the medium [dimensionless].
    k : float
        Electronic stopping; 0.133 Z^(2/3) A^(-1/2), which is 0.157 for Ge
        [dimensionless].

    Raises
    ------
    InvalidInput
        If Z or k is not positive.

    Notes
    -----
    Neglects the binding of the electrons: it is uncertain below about 1 keV, where
    measurements in Ge disagree with it and with one another.  J. Lindhard et al., Mat.
    Fys. Medd. Dan. Vid. Selsk. 33, no. 10 (1963).

    Example
    -------
    >>> round(float(Lindhard(32, k=0.157).quenching_factor(1 * u.keV)), 4)
    0.171
    """

    atomic_number: int
    k: float

    def __post_init__(self) -> None:
        """Check Z and k."""
        if not float(finite("atomic number", self.atomic_number)) > 0:
            raise InvalidInput(f"atomic number: found {self.atomic_number}, expected > 0")
        if not float(finite("Lindhard k", self.k)) > 0:
            raise InvalidInput(f"Lindhard k: found {self.k}, expected > 0")

    @property
    def lowest(self) -> float:
        """Zero: a formula for every energy, however uncertain below 1 keV [energy]."""
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

    def quenching_factor(self, recoil_energy: ArrayLike) -> Array:
        """Return Q(T), between 0 and 1.

        Parameters
        ----------
        recoil_energy : array_like
            T > 0 of the nucleus, any shape [energy].

        Returns
        -------
        ndarray
            Same shape [dimensionless].

        Raises
        ------
        InvalidInput
            If a value is not positive and finite.
        """
        kg, _ = self._kg(finite("recoil energy", recoil_energy, positive=True) * self._scale)
        return np.asarray(kg / (1 + kg))

    def ionisation_energy(self, recoil_energy: ArrayLike) -> Array:
        """Return T_ion = T Q(T), what the detector sees.

        Parameters
        ----------
        recoil_energy : array_like
            T > 0 of the nucleus, any shape [energy].

        Returns
        -------
        ndarray
            Same shape, increasing with T [energy].

        Raises
        ------
        InvalidInput
            If a value is not positive and finite.
        """
        energy = finite("recoil energy", recoil_energy, positive=True)
        return np.asarray(energy * self.quenching_factor(energy))

    def jacobian(self, recoil_energy: ArrayLike) -> Array:
        """Return dT/dT_ion at a recoil energy.

        ::

            dT_ion/dT = Q + k eps g'/(1 + k g)^2

        Parameters
        ----------
        recoil_energy : array_like
            T > 0 of the nucleus, any shape [energy].

        Returns
        -------
        ndarray
            Same shape, above one [dimensionless].

        Raises
        ------
        InvalidInput
            If a value is not positive and finite.
        """
        energy = finite("recoil energy", recoil_energy, positive=True)
        kg, slope = self._kg(energy * self._scale)
        return np.asarray(1 / (kg / (1 + kg) + slope / (1 + kg) ** 2))

    def recoil_energy(self, ionisation_energy: ArrayLike) -> Array:
        """Return the recoil energy that leaves a given ionisation: the inverse.

        Parameters
        ----------
        ionisation_energy : array_like
            T_ion > 0, any shape [energy].

        Returns
        -------
        ndarray
            T, same shape, to 1e-12 relative [energy].

        Raises
        ------
        InvalidInput
            If a value is not positive and finite.
        OutOfRange
            If a recoil energy lies outside any physical range.
        """
        target = np.log(finite("ionisation energy", ionisation_energy, positive=True) * self._scale)
        x = target.copy()  # ln eps; Newton in ln(eps_ion)(ln eps): concave, from the left
        for _ in range(_STEPS):
            kg, slope = self._kg(np.exp(x))
            step = (x + np.log(kg / (1 + kg)) - target) / (1 + slope / (kg * (1 + kg)))
            x = x - step
            if np.all(np.abs(step) < 1e-14):
                break
        if np.any(x < np.log(_LOWEST_EPSILON)) or np.any(x > np.log(_HIGHEST_EPSILON)):
            raise OutOfRange(
                "ionisation energy: found a value outside any physical range, "
                "expected something between meV and GeV"
            )
        return np.asarray(np.exp(x) / self._scale)

    def rate_in_ionisation_energy(
        self, rate: Callable[[Array], Array], ionisation_energy: ArrayLike
    ) -> Array:
        """Return dR/dT_ion from dR/dT, with the Jacobian.

        ::

            dR/dT_ion (T_ion) = dR/dT (T) dT/dT_ion,   T = T(T_ion)

        Parameters
        ----------
        rate : callable
            dR/dT as a function of the recoil energy [1/(energy mass time)].
        ionisation_energy : array_like
            T_ion > 0, any shape [energy].

        Returns
        -------
        ndarray
            Same shape; the integral over T_ion is that over T.

        Raises
        ------
        InvalidInput
            If a value is not positive and finite.
        """
        recoil = self.recoil_energy(ionisation_energy)
        return np.asarray(rate(recoil) * self.jacobian(recoil))

    @property
    def _scale(self) -> float:
        """Return eps/T."""
        return float(11.5 * self.atomic_number ** (-7 / 3) / u.keV)

    def _kg(self, epsilon: Array) -> tuple[Array, Array]:
        """Return k g and k eps g'."""
        first, second = 3 * epsilon**0.15, 0.7 * epsilon**0.6
        return (
            self.k * (first + second + epsilon),
            self.k * (0.15 * first + 0.6 * second + epsilon),
        )
