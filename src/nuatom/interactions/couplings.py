"""Helicity-keeping channels: amplitudes that add before they are squared."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import (
    Coefficient,
    Constituents,
    Term,
    check_flavor,
    momentum_squared,
    shared,
)

PHOTON_OVER_WEAK = 2 * np.sqrt(2) * np.pi * c.fine_structure / c.fermi_coupling
"""``2 sqrt2 pi alpha/G``: photon exchange in units of the weak amplitude [energy^2].

A form factor F_1 is ``c_V = Z_c (2 sqrt2 pi alpha/G) F_1(Q^2)/Q^2`` on a constituent of
charge Z_c (-1 for the electron), with ``F_1(Q^2) = q_nu - Q^2 <r^2>/6``."""


@runtime_checkable
class Amplitude(Protocol):
    """One helicity-keeping channel: its vector and axial couplings to a constituent.

    Both are dimensionless, in units of the weak amplitude, so that the Standard Model is
    ``g_V`` and ``g_A``; they broadcast over T and Q^2.
    """

    @property
    def neutrino_mass(self) -> float:
        """Mass that regulates the photon pole [energy]; zero without a pole."""
        ...

    @property
    def has_axial(self) -> bool:
        """Whether the axial coupling is not identically zero."""
        ...

    def vector(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return the vector coupling c_V(T, Q^2).

        Parameters
        ----------
        T : ndarray
            Energy transfer [energy].
        q2 : ndarray
            Q^2 [energy^2].
        flavor : str
            Any of the six flavours [name].
        constituent : str
            electron, proton or neutron [name].

        Returns
        -------
        ndarray
            Dimensionless.
        """
        ...

    def axial(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return the axial coupling c_A(T, Q^2).

        Parameters
        ----------
        T : ndarray
            Energy transfer [energy].
        q2 : ndarray
            Q^2 [energy^2].
        flavor : str
            Any of the six flavours [name].
        constituent : str
            electron, proton or neutron [name].

        Returns
        -------
        ndarray
            Dimensionless.
        """
        ...


@dataclass(frozen=True)
class Couplings:
    """The cross section of a coherent sum of amplitudes, with every interference.

    ::

        dsigma/dT = (G^2/(8 pi E^2)) Int dQ^2 {
            c_V^2 [ (4EE'-Q^2)(Q^4/|q|^4) R_L + B R_T ]
          + c_A^2 [ (4EE'-Q^2)(A00 - (2T/|q|) A03 + (T^2/|q|^2) A33) + B A_T ]
          +- c_V c_A (Q^2 (2E-T)/|q|) R_VA },
        B = (4EE'-Q^2) Q^2/(2|q|^2) + Q^2,     + for neutrinos, - for antineutrinos,

    with c_V and c_A summed over the amplitudes and the constituents.  A neutrino mass
    (which regulates the photon pole of a millicharge) adds ``-2 m_nu^2`` to the B of
    c_V^2 and enters the kinematic limits.

    Parameters
    ----------
    amplitudes : tuple of Amplitude
        At least one [amplitude].

    Raises
    ------
    InvalidInput
        If there is no amplitude.

    Notes
    -----
    Valid for an infinitely heavy atom and |Q^2| << M_W^2.  The free electron gives
    the textbook formula exactly (tested to 1e-12).  Source: the package's physics
    notes, derived from the Standard Model Lagrangian with
    J = g_V V - g_A A and checked by traces.
    """

    amplitudes: tuple[Amplitude, ...]

    def __post_init__(self) -> None:
        """Check that there is something to add."""
        if not self.amplitudes:
            raise InvalidInput("Couplings: found no amplitude, expected at least one")

    @property
    def neutrino_mass(self) -> float:
        """Largest neutrino mass that an amplitude brings [energy]."""
        return max(a.neutrino_mass for a in self.amplitudes)

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms for one flavour on a target of these constituents.

        Parameters
        ----------
        flavor : str
            Any of the six flavours [name].
        constituents : mapping
            What scatters coherently [dimensionless].

        Returns
        -------
        tuple of Term
            In L and T; in the axial and interference responses too where an
            amplitude has an axial coupling.
        """
        check_flavor(flavor)
        strength = c.fermi_coupling**2 / (8 * np.pi)

        def vector(T: Array, q2: Array) -> Array:
            return self._sum("vector", T, q2, flavor, constituents)

        def axial(T: Array, q2: Array) -> Array:
            return self._sum("axial", T, q2, flavor, constituents)

        @shared
        def vv(T: Array, q2: Array) -> Array:
            return np.asarray(strength * vector(T, q2) ** 2)

        @shared
        def ratio(T: Array, q2: Array) -> Array:
            return np.asarray(q2 / momentum_squared(T, q2))

        terms = _hadronic("L", lambda T, q2: vv(T, q2) * ratio(T, q2) ** 2)
        terms += _spin_sum("T", vv, ratio, self.neutrino_mass)
        if any(a.has_axial for a in self.amplitudes):

            @shared
            def aa(T: Array, q2: Array) -> Array:
                return np.asarray(strength * axial(T, q2) ** 2)

            @shared
            def t_over_q(T: Array, q2: Array) -> Array:
                return np.asarray(T / np.sqrt(momentum_squared(T, q2)))

            terms += _hadronic("A00", aa)
            terms += _hadronic("A03", lambda T, q2: -2 * t_over_q(T, q2) * aa(T, q2))
            terms += _hadronic("A33", lambda T, q2: t_over_q(T, q2) ** 2 * aa(T, q2))
            terms += _spin_sum("AT", aa, ratio, 0.0)
            sign = -1.0 if flavor.startswith("anti") else 1.0

            @shared
            def va(T: Array, q2: Array) -> Array:
                product = vector(T, q2) * axial(T, q2)
                return np.asarray(sign * strength * product * q2 / np.sqrt(momentum_squared(T, q2)))

            terms += (
                Term("VA", 1, lambda T, q2: 2 * va(T, q2)),
                Term("VA", 2, lambda T, q2: -T * va(T, q2)),
            )
        return terms

    def _sum(
        self, current: str, T: Array, q2: Array, flavor: str, constituents: Constituents
    ) -> Array:
        """Return ``sum over amplitudes and constituents of n_c c(T, Q^2)``."""
        return np.asarray(
            sum(
                number * getattr(amplitude, current)(T, q2, flavor=flavor, constituent=constituent)
                for amplitude in self.amplitudes
                for constituent, number in constituents.items()
            )
        )


def _hadronic(response: str, factor: Coefficient) -> tuple[Term, ...]:
    """Return the terms of ``(4EE' - Q^2)/E^2 c0 R = (4 - 4T/E - Q^2/E^2) c0 R``."""
    c0 = shared(factor)
    return (
        Term(response, 0, lambda T, q2: 4 * c0(T, q2)),
        Term(response, 1, lambda T, q2: -4 * T * c0(T, q2)),
        Term(response, 2, lambda T, q2: -q2 * c0(T, q2)),
    )


def _spin_sum(
    response: str, c0: Coefficient, ratio: Coefficient, neutrino_mass: float
) -> tuple[Term, ...]:
    """Return the terms of ``B c0 R/E^2``, ``B = (4EE'-Q^2) Q^2/(2|q|^2) + Q^2 - 2 m_nu^2``."""

    @shared
    def half_ratio(T: Array, q2: Array) -> Array:
        return np.asarray(ratio(T, q2) / 2 * c0(T, q2))

    def rest(T: Array, q2: Array) -> Array:
        return np.asarray(-q2 * half_ratio(T, q2) + (q2 - 2 * neutrino_mass**2) * c0(T, q2))

    return (
        Term(response, 0, lambda T, q2: 4 * half_ratio(T, q2)),
        Term(response, 1, lambda T, q2: -4 * T * half_ratio(T, q2)),
        Term(response, 2, rest),
    )
