"""Effective moments: how the mass states add up where the neutrino scatters.

The scattered neutrino is not seen, so that the final mass states j add incoherently; the
initial ones k add coherently, unless their wave packets have separated::

    coherent   mu_eff^2(E, L) = sum_j | sum_k U*_{ak} e^{-i m_k^2 L/2E} (mu - i eps)_{jk} |^2
    decohered  mu_eff^2(E)    = sum_k P_{ak}(E) sum_j |(mu - i eps)_{jk}|^2

with the phase conjugated for antineutrinos.  The flavour a is the one at production: a flux
that has been oscillated already must not be weighted again.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.mixing.moments import MomentMatrix
from nuatom.mixing.parameters import MixingParameters, flavor_row, pmns


def effective_moment_squared(
    moments: MomentMatrix,
    mixing: MixingParameters,
    *,
    flavor: str,
    energy: ArrayLike,
    distance: ArrayLike,
) -> Array:
    """Return mu_eff^2 of a neutrino at a distance from its source, in vacuum.

    ``mu_eff^2(E, L) = sum_j | sum_k U*_{ak} e^{-+ i m_k^2 L/2E} (mu - i eps)_{jk} |^2``,
    - for neutrinos and + for antineutrinos.

    Parameters
    ----------
    moments : MomentMatrix
        mu and eps in the mass basis [moment matrix].
    mixing : MixingParameters
        U and the splittings [mixing parameters].
    flavor : str
        One of the six flavours, at production [name].
    energy : array_like
        E > 0 [energy].
    distance : array_like
        L >= 0, broadcasting with E; 0 for a short baseline [length].

    Returns
    -------
    ndarray
        Squared moment in units of the squared Bohr magneton, of the broadcast shape.

    Raises
    ------
    InvalidInput
        If an energy is not positive or a distance negative.
    UnknownName
        If the flavour is not one of the six.

    Notes
    -----
    Valid for relativistic neutrinos in vacuum while the mass states overlap.
    C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015), section 4; J. F. Beacom
    and P. Vogel, Phys. Rev. Lett. 83, 5222 (1999).

    Example
    -------
    >>> from nuatom import units as u
    >>> from nuatom.mixing import global_fit
    >>> value = effective_moment_squared(MomentMatrix(1e-11 * np.eye(3)), global_fit(),
    ...     flavor="anti_nu_e", energy=3 * u.MeV, distance=28 * u.metre)
    >>> print(f"{value:.6e}")
    1.000000e-22
    """
    E = finite("neutrino_energy", energy, positive=True)
    L = finite("distance", distance)
    if np.any(L < 0):
        raise InvalidInput("distance: found a value < 0, expected >= 0")
    return _coherent(moments, mixing, flavor, np.asarray(L / (2 * E)))


def _coherent(
    moments: MomentMatrix, mixing: MixingParameters, flavor: str, half_length: Array
) -> Array:
    """Return mu_eff^2 for L/2E = `half_length` [1/energy^2]."""
    row, antineutrino = flavor_row(flavor)
    squared_masses = np.array([0.0, mixing.mass_splitting_21, mixing.mass_splitting_31])
    phase = half_length[..., None] * squared_masses
    initial = pmns(mixing)[row].conj() * np.exp((1j if antineutrino else -1j) * phase)
    return np.asarray(np.sum(np.abs(initial @ moments.left_handed.T) ** 2, axis=-1))


def decohered_moment_squared(moments: MomentMatrix, probabilities: ArrayLike) -> Array:
    """Return mu_eff^2 of an incoherent mixture of mass states.

    ``mu_eff^2 = sum_k P_k sum_j |(mu - i eps)_{jk}|^2``

    Parameters
    ----------
    moments : MomentMatrix
        mu and eps in the mass basis [moment matrix].
    probabilities : array_like
        P_k along the last axis, of length 3 [dimensionless].

    Returns
    -------
    ndarray
        Squared moment in units of the squared Bohr magneton; without the last axis.

    Raises
    ------
    InvalidInput
        If the last axis is not of length 3 or a value is not finite.

    Example
    -------
    >>> bool(decohered_moment_squared(MomentMatrix(np.diag([1.0, 2.0, 3.0])), [0, 1, 0]) == 4)
    True
    """
    P = finite("probabilities", probabilities)
    if P.ndim == 0 or P.shape[-1] != 3:
        raise InvalidInput(f"probabilities: found shape {P.shape}, expected (..., 3)")
    return np.asarray(P @ moments.strengths)


def vacuum_mass_probabilities(mixing: MixingParameters, flavor: str) -> Array:
    """Return the share of each mass state in a flavour, ``P_{ak} = |U_{ak}|^2``.

    Parameters
    ----------
    mixing : MixingParameters
        Gives U [mixing parameters].
    flavor : str
        One of the six flavours [name].

    Returns
    -------
    ndarray
        Shape (3,), adding up to 1 [dimensionless].

    Raises
    ------
    UnknownName
        If the flavour is not one of the six.

    Example
    -------
    >>> from nuatom.mixing import global_fit
    >>> vacuum_mass_probabilities(global_fit(), "nu_e").round(3)
    array([0.677, 0.301, 0.022])
    """
    return np.asarray(np.abs(pmns(mixing)[flavor_row(flavor)[0]]) ** 2)


def solar_mass_probabilities(
    mixing: MixingParameters, energy: ArrayLike, *, electron_density: float
) -> Array:
    """Return the share of each mass state in solar neutrinos, adiabatic conversion.

    ::

        P_e1 = c13^2 cos^2 th_m,   P_e2 = c13^2 sin^2 th_m,   P_e3 = s13^2,
        cos 2th_m = (cos 2th12 - b)/sqrt((cos 2th12 - b)^2 + sin^2 2th12),
        b = 2 sqrt2 G c13^2 n_e E/Dm21^2

    Parameters
    ----------
    mixing : MixingParameters
        Angles and splittings [mixing parameters].
    energy : array_like
        E >= 0 [energy].
    electron_density : float
        n_e >= 0 where the neutrino is produced; about 6e25 per cm^3 in the centre of
        the Sun [1/length^3].

    Returns
    -------
    ndarray
        Shape (..., 3), adding up to 1 [dimensionless].

    Raises
    ------
    InvalidInput
        If an energy or the density is negative or not finite.

    Notes
    -----
    Valid for electron neutrinos of the Sun by day, with the third state out of the way:
    corrections are of order ``b s13^2 Dm21^2/Dm31^2``.  S. J. Parke, Phys. Rev. Lett. 57,
    1275 (1986); Particle Data Group, Phys. Rev. D 110, 030001 (2024), review 14.

    Example
    -------
    >>> from nuatom import units as u
    >>> from nuatom.mixing import global_fit
    >>> solar_mass_probabilities(global_fit(), 10 * u.MeV,
    ...     electron_density=6e25 / u.cm**3).round(2)
    array([0.07, 0.91, 0.02])
    """
    E = finite("neutrino_energy", energy)
    density = float(finite("electron density", electron_density))
    if np.any(E < 0) or density < 0:
        raise InvalidInput("solar neutrinos: found an energy or density < 0, expected >= 0")
    c13_squared = np.cos(mixing.theta13) ** 2
    b = 2 * np.sqrt(2) * c.fermi_coupling * c13_squared * density * E / mixing.mass_splitting_21
    numerator = np.cos(2 * mixing.theta12) - b
    cosine = numerator / np.hypot(numerator, np.sin(2 * mixing.theta12))
    first = c13_squared * (1 + cosine) / 2
    second = c13_squared * (1 - cosine) / 2
    return np.stack([first, second, np.full(E.shape, np.sin(mixing.theta13) ** 2)], axis=-1)


class Propagation(Protocol):
    """What happens to a neutrino between source and detector, as far as moments go."""

    def moment_squared(self, moments: MomentMatrix, *, flavor: str, energy: Array) -> Array:
        """Return mu_eff^2 in squared Bohr magnetons.

        Parameters
        ----------
        moments : MomentMatrix
            mu and eps in the mass basis [moment matrix].
        flavor : str
            One of the six flavours, at production [name].
        energy : ndarray
            E, any shape [energy].
        """
        ...


@dataclass(frozen=True)
class Baseline:
    """Coherent propagation in vacuum: reactors and accelerators.

    Parameters
    ----------
    mixing : MixingParameters
        U and the splittings [mixing parameters].
    distance : float
        L >= 0; 0 for a short baseline, where the moment does not depend on the energy
        [length].

    Raises
    ------
    InvalidInput
        If the distance is negative or not finite.

    Example
    -------
    >>> from nuatom.mixing import global_fit
    >>> Baseline(global_fit(), 0.0).distance
    0.0
    """

    mixing: MixingParameters
    distance: float

    def __post_init__(self) -> None:
        """Check the distance."""
        if float(finite("distance", self.distance)) < 0:
            raise InvalidInput(f"distance: found {self.distance:g}, expected >= 0")

    def moment_squared(self, moments: MomentMatrix, *, flavor: str, energy: Array) -> Array:
        """Return the coherent sum at this distance; constant in E at distance 0."""
        if self.distance == 0:
            return _coherent(moments, self.mixing, flavor, np.zeros(np.shape(energy)))
        return effective_moment_squared(
            moments, self.mixing, flavor=flavor, energy=energy, distance=self.distance
        )


@dataclass(frozen=True)
class Decohered:
    """Mass states that have separated, or whose phases average out, in vacuum.

    Parameters
    ----------
    mixing : MixingParameters
        Gives U [mixing parameters].
    """

    mixing: MixingParameters

    def moment_squared(self, moments: MomentMatrix, *, flavor: str, energy: Array) -> Array:
        """Return the incoherent sum with |U_ak|^2, constant in E."""
        value = decohered_moment_squared(moments, vacuum_mass_probabilities(self.mixing, flavor))
        return np.full(np.shape(energy), float(value))


@dataclass(frozen=True)
class Solar:
    """Solar neutrinos: adiabatic conversion, then decoherence on the way to the Earth.

    Parameters
    ----------
    mixing : MixingParameters
        Angles and splittings [mixing parameters].
    electron_density : float
        n_e where the neutrinos are produced [1/length^3].
    """

    mixing: MixingParameters
    electron_density: float

    def moment_squared(self, moments: MomentMatrix, *, flavor: str, energy: Array) -> Array:
        """Return the incoherent sum with the adiabatic shares; for nu_e only."""
        if flavor != "nu_e":
            raise InvalidInput(
                f"solar neutrinos: found {flavor!r}, expected 'nu_e', the flavour at production"
            )
        shares = solar_mass_probabilities(
            self.mixing, energy, electron_density=self.electron_density
        )
        return decohered_moment_squared(moments, shares)


@dataclass(frozen=True)
class EffectiveMoment:
    """mu_eff^2(E) as an energy weight: for a magnetic moment of 1 with this weight.

    Parameters
    ----------
    moments : MomentMatrix
        mu and eps in the mass basis [moment matrix].
    propagation : Propagation
        Baseline, decohered or solar [propagation].
    flavor : str
        One of the six flavours, at production [name].

    Example
    -------
    >>> from nuatom.mixing import global_fit
    >>> weight = EffectiveMoment(MomentMatrix(np.eye(3)), Decohered(global_fit()), "nu_e")
    >>> weight(np.array([1.0, 2.0])).round(12)
    array([1., 1.])
    """

    moments: MomentMatrix
    propagation: Propagation
    flavor: str

    def __post_init__(self) -> None:
        """Check the flavour."""
        flavor_row(self.flavor)

    def __call__(self, energy: Array) -> Array:
        """Return mu_eff^2(E).

        Parameters
        ----------
        energy : ndarray
            E, any shape [energy].

        Returns
        -------
        ndarray
            In squared Bohr magnetons, of the shape of E.
        """
        return self.propagation.moment_squared(self.moments, flavor=self.flavor, energy=energy)
