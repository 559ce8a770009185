"""The deuteron in effective-range theory, for real photons and at finite Q^2.

Bethe and Longmire, Phys. Rev. 77, 647 (1950).  The inside of the range of the force
enters through the effective ranges only; D wave and meson-exchange currents are left
out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite, within
from nuatom.errors import OutOfRange
from nuatom.responses.measure import Measure, gauss_legendre

NUCLEON_MASS = 2 * c.proton_mass * c.neutron_mass / (c.proton_mass + c.neutron_mass)
"""Twice the reduced mass of neutron and proton."""
ISOVECTOR_MOMENT = 2.79284734463 + 1.91304276
"""mu_p - mu_n in nuclear magnetons (CODATA 2022)."""
BINDING_ENERGY = 2.224575 * u.MeV
"""Machleidt and Entem, Phys. Rep. 503, 1 (2011), as are the four lengths below."""
TRIPLET_LENGTH, TRIPLET_RANGE = 5.419 * u.fm, 1.753 * u.fm
SINGLET_LENGTH, SINGLET_RANGE = -23.740 * u.fm, 2.77 * u.fm

CAPTURE_SPEED = 2200 * u.metre / u.second
"""Of thermal neutrons, where capture is quoted."""


@dataclass(frozen=True)
class EffectiveRangeDeuteron:
    """Photodisintegration of the deuteron in effective-range theory; a `Photoabsorption`.

    With ``gamma^2 = M B`` and ``k^2 = M (T - B)``::

        sigma_E1 = (8 pi alpha/3) gamma k^3 / [M^3 T^3 (1 - gamma r_t)]
        sigma_M1 = (2 pi alpha/3) (mu_p-mu_n)^2/M^2 (k^2+gamma^2) k gamma
                   X^2 / [(k^2 + c^2)(1 - gamma r_t)],
        X = (gamma + c)/(gamma^2 + k^2) - (r_s+r_t)/4,   c = -1/a_s + r_s k^2/2

    Parameters
    ----------
    binding_energy : float
        B [energy].
    triplet_length, triplet_range : float
        a_t and r_t [length].
    singlet_length, singlet_range : float
        a_s and r_s [length].

    Notes
    -----
    Valid from threshold to about 30 MeV; no D wave, no meson-exchange currents, which
    are worth 10 per cent of M1 at threshold.  Bethe and Longmire, Phys. Rev. 77, 647
    (1950).

    Example
    -------
    >>> d = EffectiveRangeDeuteron()
    >>> sigma = d.cross_section(np.array([4.45]) * u.MeV)
    >>> bool(2.3 < sigma[0] / (1e-3 * u.barn) < 2.6)
    True
    """

    binding_energy: float = BINDING_ENERGY
    triplet_length: float = TRIPLET_LENGTH
    triplet_range: float = TRIPLET_RANGE
    singlet_length: float = SINGLET_LENGTH
    singlet_range: float = SINGLET_RANGE
    name: str = "effective-range"
    element: str = "2H"
    shells: tuple[str, ...] = ("E1", "M1")
    energy_max: float = 30 * u.MeV

    @property
    def energy_min(self) -> float:
        """Threshold for an infinitely heavy target [energy]."""
        return self.binding_energy

    @property
    def edges(self) -> Array:
        """The same threshold for both multipoles [energy]."""
        return np.full(2, self.binding_energy)

    @cached_property
    def bound_momentum(self) -> float:
        """The gamma of the docstring, sqrt(M B) [energy]."""
        return float(np.sqrt(NUCLEON_MASS * self.binding_energy))

    @cached_property
    def normalisation(self) -> float:
        """A_S^2 = 2 gamma/(1 - gamma r_t) [energy]."""
        return 2 * self.bound_momentum / (1 - self.bound_momentum * self.triplet_range)

    def cross_section(self, energy: ArrayLike) -> Array:
        """Return sigma_gamma, E1 and M1 together [length^2]."""
        return np.asarray(self.by_shell(energy).sum(axis=0))

    def by_shell(self, energy: ArrayLike) -> Array:
        """Return sigma_gamma of E1 and M1, shape (2, T) [length^2]."""
        T = finite("photon energy", energy, positive=True)
        if not within(T, self.energy_min, self.energy_max):
            raise OutOfRange(
                f"photon energy: found {T.min() / u.MeV:g} to {T.max() / u.MeV:g} MeV, expected "
                f"{self.energy_min / u.MeV:g} to {self.energy_max / u.MeV:g} MeV for the deuteron"
            )
        M, g, norm, k = self._momenta(T)
        e1 = (4 * np.pi * c.fine_structure / 3) * norm * k**3 / (M * T) ** 3
        shape = _pole(-1 / self.singlet_length, self.singlet_range, k)
        overlap = (g + shape) / (g**2 + k**2) - (self.singlet_range + self.triplet_range) / 4
        m1 = np.pi * c.fine_structure / 3 * ISOVECTOR_MOMENT**2 / M**2 * (k**2 + g**2)
        return np.stack([e1, m1 * k * norm * overlap**2 / (k**2 + shape**2)])

    def thermal_capture(self) -> float:
        """Return the cross section of n p -> d gamma at 2200 m/s [length^2].

        Detailed balance of M1: ``sigma_capture = (3/2) (omega/k)^2 sigma_M1``.
        """
        k = NUCLEON_MASS * CAPTURE_SPEED / 2
        T = np.array([self.binding_energy + k**2 / NUCLEON_MASS])
        return float(1.5 * (T[0] / k) ** 2 * self.by_shell(T)[1, 0])

    def responses(self, T: Array, q2: Array) -> tuple[Array, Array, Array]:
        """Return R_L and R_T of the charge and convection current, and R_T of the spin flip.

        The deuteron outside the range of the force, ``exp(-gamma r)``, and free final
        states except for the S waves, which carry their phase shifts::

            R_L = (k M N/pi) { 1/(a^2-b^2) - S^2 + [C-C_0 + c_t (S-S_0)]^2/(k^2+c_t^2) }
            R_T = (k M N/pi) { (2k^2/M^2)(a S - 1)/b^2 },
                  (k M N/pi) { (|q|^2/6M^2)(mu_p-mu_n)^2 X^2/(k^2+c_s^2) }
            X = C + c_s S - (r_s+r_t)/4,   a = k^2 + |q|^2/4 + gamma^2,   b = k |q|
            S = ln[(a+b)/(a-b)]/(2b),   S_0 = 1/(k^2+gamma^2),   C_0 = gamma S_0
            C = { atan[(|q|/2+k)/gamma] + atan[(|q|/2-k)/gamma] }/|q|

        Parameters
        ----------
        T : ndarray
            Energy transfer above the threshold [energy].
        q2 : ndarray
            Q^2, broadcasting with T [energy^2].

        Returns
        -------
        tuple of ndarray
            [1/energy]
        """
        M, g, norm, k = self._momenta(T)
        q = np.sqrt(T**2 + q2)
        a, b = k**2 + q**2 / 4 + g**2, k * q
        s, s0 = np.log1p(2 * b / (a - b)) / (2 * b), 1 / (k**2 + g**2)
        cosine = (np.arctan((q / 2 + k) / g) + np.arctan((q / 2 - k) / g)) / q
        triplet = _pole(-1 / self.triplet_length, self.triplet_range, k)
        singlet = _pole(-1 / self.singlet_length, self.singlet_range, k)
        s_wave = (cosine - g * s0 + triplet * (s - s0)) ** 2 / (k**2 + triplet**2)
        overlap = cosine + singlet * s - (self.singlet_range + self.triplet_range) / 4
        density = k * M * norm / np.pi
        return (
            density * (1 / (a**2 - b**2) - s**2 + s_wave),
            density * 2 * (k / M) ** 2 * (a * s - 1) / b**2,
            density * (q * ISOVECTOR_MOMENT / M * overlap) ** 2 / (6 * (k**2 + singlet**2)),
        )

    def _momenta(self, T: Array) -> tuple[float, float, float, Array]:
        k2 = NUCLEON_MASS * np.maximum(T - self.binding_energy, 0.0)
        return NUCLEON_MASS, self.bound_momentum, self.normalisation, np.sqrt(k2)


def _pole(inverse_length: float, effective_range: float, k: Array) -> Array:
    """Return ``k cot(delta) = -1/a + r k^2/2``."""
    return np.asarray(inverse_length + effective_range * k**2 / 2)


@dataclass(frozen=True)
class DeuteronResponse:
    """The effective-range deuteron at finite Q^2; a `Response` with L and T.

    Parameters
    ----------
    deuteron : EffectiveRangeDeuteron
        Wave functions [any].
    nodes : int
        Gauss-Legendre nodes in ln |q|^2 [dimensionless].
    """

    deuteron: EffectiveRangeDeuteron
    nodes: int = 24
    name: str = "effective-range"
    provides: frozenset[str] = frozenset({"L", "T"})

    @property
    def shells(self) -> tuple[str, ...]:
        """Charge and convection current, and spin flip."""
        return self.deuteron.shells

    @property
    def edges(self) -> Array:
        """Thresholds [energy]."""
        return self.deuteron.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """The charge of one proton is in the responses."""
        return {"proton": np.ones(())}

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes in ln |q|^2 over the whole range of Q^2."""
        log_qq, dlog = gauss_legendre(np.log(T**2 + q2_min), np.log(T**2 + q2_max), self.nodes)
        T = T[:, None]
        q2 = np.maximum(np.exp(log_qq) - T**2, 0.0)
        dq2 = np.exp(log_qq) * dlog
        charge, current, spin = self.deuteron.responses(T, q2)
        weights = {
            "L": np.stack([charge * dq2, 0 * dq2]),
            "T": np.stack([current * dq2, spin * dq2]),
        }
        return Measure(q2[None], weights)
