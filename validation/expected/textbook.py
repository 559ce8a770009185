"""Counts from the textbook formulas by nested quadrature, without the machinery of the package.

Every integral is scipy's adaptive one: over the neutrino energy inside that over the recoil.
Constants are written out again; of the package only the neutrino spectrum (a function of the
energy), binding energies and isotopes are taken, as both sides must have the same.

Formulas: P. Vogel and J. Engel, Phys. Rev. D 39, 3378 (1989), Eq. (4) and (6); D. Z. Freedman,
Phys. Rev. D 9, 1389 (1974), with the form factor of Helm after J. D. Lewin and P. F. Smith,
Astropart. Phys. 6, 87 (1996).
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from scipy import integrate

FERMI_MEV = 1.1663788e-11  # MeV^-2
ELECTRON_MEV = 0.51099895
SIN2 = 0.23863
HBARC_MEV_CM = 1.973269804e-11
HBARC_MEV_FM = 197.3269804
ALPHA = 7.2973525693e-3
ATOMIC_MASS_MEV = 931.49410242
AVOGADRO_PER_KG = 6.02214076e26
SECONDS_PER_DAY = 86400.0
HIGHEST_MEV = 8.0  # where the tables of the reactor spectrum end

Density = Callable[[float], float]
"""Flux density in 1/(cm^2 s MeV) at an energy in MeV."""


def electron(T: float, E: float, flavor: str) -> float:
    """Return dsigma/dT of a free electron in cm^2/MeV."""
    left, right = (0.5 if flavor.endswith("nu_e") else -0.5) + SIN2, SIN2
    if flavor.startswith("anti"):
        left, right = right, left
    bracket = left**2 + right**2 * (1 - T / E) ** 2 - left * right * ELECTRON_MEV * T / E**2
    return 2 * FERMI_MEV**2 * ELECTRON_MEV / math.pi * bracket * HBARC_MEV_CM**2


def moment(T: float, E: float, _flavor: str) -> float:
    """Return dsigma/dT of a magnetic moment of one Bohr magneton on a free electron."""
    return math.pi * ALPHA**2 / ELECTRON_MEV**2 * (1 / T - 1 / E) * HBARC_MEV_CM**2


def helm(T: float, mass_number: int, mass: float) -> float:
    """Return the form factor at a recoil energy."""
    q = math.sqrt(2 * mass * T + T * T) / HBARC_MEV_FM
    c, a, s = 1.23 * mass_number ** (1 / 3) - 0.60, 0.52, 0.9
    radius = math.sqrt(c * c + 7 * math.pi**2 * a * a / 3 - 5 * s * s)
    x = q * radius
    return 3 * (math.sin(x) - x * math.cos(x)) / x**3 * math.exp(-((q * s) ** 2) / 2)


def coherent(T: float, E: float, Z: int, A: int, mass: float) -> float:
    """Return dsigma/dT of a spin-0 nucleus in cm^2/MeV."""
    charge = (A - Z) - (1 - 4 * SIN2) * Z
    shape = 1 - T / E - mass * T / (2 * E**2)
    value = FERMI_MEV**2 * mass / (4 * math.pi) * charge**2 * helm(T, A, mass) ** 2 * shape
    return max(value, 0.0) * HBARC_MEV_CM**2


def counts_on_electrons(
    cross_section: Callable[[float, float, str], float],
    density: Density,
    flavor: str,
    *,
    bins: Sequence[tuple[float, float]],
    shells: Sequence[tuple[float, float]],
    molar_mass: float,
) -> list[float]:
    """Return counts per kg and day in bins (MeV); shells are (binding energy in MeV, electrons)."""

    def rate(T: float) -> float:
        least = (T + math.sqrt(T * T + 2 * T * ELECTRON_MEV)) / 2
        inner = _over(lambda E: density(E) * cross_section(T, E, flavor), least, HIGHEST_MEV)
        return inner * sum(number for edge, number in shells if edge <= T)

    steps = [edge for edge, _ in shells]
    return [
        _over(rate, low, high, steps) * AVOGADRO_PER_KG / molar_mass * SECONDS_PER_DAY
        for low, high in bins
    ]


def counts_on_nuclei(
    density: Density,
    *,
    bins: Sequence[tuple[float, float]],
    isotopes: Sequence[tuple[int, float, float]],
    Z: int,
    molar_mass: float,
) -> list[float]:
    """Return counts per kg and day; isotopes are (A, abundance, mass in MeV)."""

    def rate(T: float) -> float:
        total = 0.0
        for A, abundance, mass in isotopes:
            least = (T + math.sqrt(T * T + 2 * T * mass)) / 2
            if least < HIGHEST_MEV:
                total += abundance * _over(
                    lambda E, A=A, m=mass: density(E) * coherent(T, E, Z, A, m), least, HIGHEST_MEV
                )
        return total

    return [
        _over(rate, low, high) * AVOGADRO_PER_KG / molar_mass * SECONDS_PER_DAY
        for low, high in bins
    ]


def _over(
    function: Callable[[float], float], low: float, high: float, steps: Sequence[float] = ()
) -> float:
    """Return an integral, cut at steps and where a reactor spectrum is patched together."""
    patches = (0.5, 1.0, 1.27, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)
    cuts = sorted({low, high, *(x for x in (*steps, *patches) if low < x < high)})
    pairs = pairwise(cuts)
    return float(
        sum(integrate.quad(function, a, b, epsrel=1e-4, epsabs=0, limit=200)[0] for a, b in pairs)
    )
