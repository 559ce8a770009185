"""Yields of liquid xenon from NEST, through nestpy, which is no dependency of this package."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput, lookup

RECOILS = {"electron": "beta", "nuclear": "NR"}
"""Recoil -> interaction of NEST; electron recoils of neutrinos are those of beta particles."""
HIGHEST_FIELD = 1e4
"""V/cm; NEST knows no larger one."""


@dataclass(frozen=True)
class NestYields:
    """Mean numbers of photons and electrons of a recoil in liquid xenon.

    Parameters
    ----------
    recoil : str
        ``electron`` or ``nuclear`` [name].
    drift_field_V_per_cm : float
        Electric field, from 0 to 1e4, in the unit of its name [any].
    density_g_per_cm3 : float
        Of the liquid, in the unit of its name [any].

    Raises
    ------
    UnknownName
        If there is no such recoil.
    InvalidInput
        If a number is out of range.

    Notes
    -----
    Means without fluctuations; NEST extrapolates below about 0.2 keV.  M. Szydagis et al.,
    JINST 6, P10002 (2011), arXiv:1106.1613; the version is that of the installed nestpy.

    Example
    -------
    >>> NestYields("electron", 23.0).recoil
    'electron'
    """

    recoil: str
    drift_field_V_per_cm: float
    density_g_per_cm3: float = 2.86

    def __post_init__(self) -> None:
        """Check the numbers."""
        lookup("recoil", self.recoil, RECOILS)
        field = float(finite("drift field", self.drift_field_V_per_cm))
        if not 0 <= field <= HIGHEST_FIELD:
            raise InvalidInput(f"drift field: found {field:g} V/cm, expected 0 to 1e4")
        finite("density", self.density_g_per_cm3, positive=True)

    def quanta(self, energy: ArrayLike) -> tuple[Array, Array]:
        """Return mean numbers of photons and of electrons.

        Parameters
        ----------
        energy : array_like
            T > 0 of the recoil, any shape [energy].

        Returns
        -------
        tuple of ndarray
            N_photon and N_electron, of the shape of the energies [dimensionless].

        Raises
        ------
        InvalidInput
            If nestpy is not installed, or an energy is not positive.
        """
        T = finite("energy", energy, positive=True)
        package = _nestpy()
        calculator = package.NESTcalc(package.detectors.VDetector())
        interaction = getattr(package.interactions, RECOILS[self.recoil])
        yields = [
            calculator.GetYields(
                interaction=interaction,
                energy=float(value),
                density=self.density_g_per_cm3,
                drift_field=self.drift_field_V_per_cm,
            )
            for value in (T / u.keV).ravel()
        ]
        photons = np.array([y.PhotonYield for y in yields]).reshape(T.shape)
        electrons = np.array([y.ElectronYield for y in yields]).reshape(T.shape)
        return photons, electrons

    def quenching_table(self, recoil_energies: ArrayLike) -> Array:
        """Return factors Q for a `TabulatedQuenching` of nuclear recoils.

        ``Q(T) = E(T)/T``, E being the energy of an electron recoil with as many quanta,
        photons and electrons together, which NEST has linear in energy.

        Parameters
        ----------
        recoil_energies : array_like
            T > 0, shape (row,) [energy].

        Returns
        -------
        ndarray
            Shape (row,) [dimensionless].

        Raises
        ------
        InvalidInput
            If these are electron recoils, or nestpy is not installed.
        """
        if self.recoil != "nuclear":
            raise InvalidInput(
                "quenching table: found electron recoils, expected nuclear ones; electrons are "
                "not quenched"
            )
        T = np.ravel(finite("recoil energies", recoil_energies, positive=True))
        field, density = self.drift_field_V_per_cm, self.density_g_per_cm3
        reference = np.array(100 * u.keV)
        per_energy = sum(NestYields("electron", field, density).quanta(reference)) / reference
        return np.asarray(sum(self.quanta(T)) / per_energy / T)


def _nestpy() -> Any:
    """Return the package, or say what is missing."""
    try:
        return import_module("nestpy")
    except ImportError:
        raise InvalidInput(
            "NEST: found no package nestpy, expected it for yields of xenon; pip install nestpy"
        ) from None
