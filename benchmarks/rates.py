"""Flux moments beside a loop over neutrino energies and nested adaptive quadrature.

All three compute the same rates of a magnetic moment on germanium at a reactor, in one
run on one machine, so that their ratios mean something even where the seconds do not::

    moments   nuatom.differential_rate
    loop      sum over a grid of neutrino energies of phi(E) dsigma/dT, in numpy
    quad      scipy.integrate.quad over E of a scalar dsigma/dT, itself a quad over Q^2
              where the model is not a single node

Usage: python benchmarks/rates.py
"""

import itertools
import time
import warnings
from collections.abc import Callable

import numpy as np
from scipy import integrate

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import ValidityWarning
from nuatom.targets import photoabsorption

MU, POINTS, LOOPED, NESTED = 1e-11, 1000, 20, 2
ALPHA, M = c.fine_structure, c.electron_mass
GERMANIUM = na.target("Ge")
SOURCE = na.source("kuo-sheng")
(FLUX,) = SOURCE.fluxes
INTERACTION = na.MagneticMoment(MU)
HIGHEST = {"free": 90 * u.keV, "equivalent-photon": 90 * u.keV, "nucleus": 0.5 * u.keV}


def moments(T: np.ndarray, name: str) -> np.ndarray:
    return na.differential_rate(
        T,
        source=SOURCE,
        target=GERMANIUM,
        interaction=INTERACTION,
        response=na.response(name, GERMANIUM),
    )


def loop(T: np.ndarray, name: str) -> np.ndarray:
    """Two Gauss-Legendre nodes on each of the 5806 segments of the spectrum, one T at a time."""
    x, w = np.polynomial.legendre.leggauss(2)
    half = np.diff(FLUX.energies)[:, None] / 2
    energies = (FLUX.energies[:-1, None] + half * (1 + x)).ravel()
    weights = (half * w).ravel() * FLUX.density(energies)
    response = na.response(name, GERMANIUM)
    rates = np.empty(T.size)
    for i, transfer in enumerate(T):
        above = energies > transfer
        sigma = na.differential_cross_section(
            transfer, energies[above], interaction=INTERACTION, response=response
        )
        rates[i] = weights[above] @ sigma
    return rates * GERMANIUM.atoms_per_mass


def quad(T: np.ndarray, name: str) -> np.ndarray:
    """Adaptive quadrature over E, to 1e-4, and over Q^2 inside."""
    scalar = {"free": _free, "equivalent-photon": _equivalent_photon, "nucleus": _nucleus}[name]
    jumps = FLUX.energies[1:-1][np.abs(FLUX.low[1:] / FLUX.high[:-1] - 1) > 1e-2]
    rates = [scalar(float(transfer), jumps) for transfer in T]
    return np.array(rates) * GERMANIUM.atoms_per_mass


def _over_energies(low: float, sigma: Callable[[float], float], jumps: np.ndarray) -> float:
    """Return ``Int_low phi(E) sigma(E) dE``; sigma in units of its value at 4 MeV."""
    unit = sigma(4 * u.MeV)
    cuts = [low, *(float(jump) for jump in jumps if jump > low), FLUX.energy_max]

    def integrand(E: float) -> float:
        return float(FLUX.density(np.array(E))) * sigma(E) / unit

    return unit * sum(
        integrate.quad(integrand, a, b, epsrel=1e-4, epsabs=0, limit=500)[0]
        for a, b in itertools.pairwise(cuts)
    )


def _free(T: float, jumps: np.ndarray) -> float:
    low = (T + np.sqrt(T**2 + 2 * M * T)) / 2
    strength = 32 * np.pi * ALPHA**2 * MU**2 / M**2
    return _over_energies(low, lambda E: strength * (1 / T - 1 / E), jumps)


def _nucleus(T: float, jumps: np.ndarray) -> float:
    total = 0.0
    for isotope in GERMANIUM.isotopes:
        q2 = 2 * isotope.mass * T
        low = (T + np.sqrt(T**2 + q2)) / 2
        square = float(na.targets.helm(q2, isotope.mass_number)) ** 2
        strength = np.pi * ALPHA**2 * MU**2 / M**2 * 32**2 * square * isotope.abundance
        total += _over_energies(
            low, lambda E, s=strength: s * (1 / T - 1 / E + T / (4 * E**2)), jumps
        )
    return total


def _equivalent_photon(T: float, jumps: np.ndarray) -> float:
    photon = float(photoabsorption(GERMANIUM).cross_section(T)[0]) / (4 * np.pi**2 * ALPHA)

    def sigma(E: float) -> float:
        scale = np.pi * ALPHA**2 / E**2 * MU**2 / (4 * M**2) * photon

        def integrand(q2: float) -> float:
            qq = T**2 + q2
            longitudinal = q2 * (2 * E - T) ** 2 / qq**2 * qq / T
            return longitudinal + (4 * E * (E - T) - q2) / (2 * qq) * 2 * T

        high = min(2 * M * T, 4 * E * (E - T))
        return scale * integrate.quad(integrand, 0, high, epsrel=1e-6, epsabs=0)[0]

    low = T * (1 + 1e-9)
    return _over_energies(low, sigma, np.append(jumps, (T + np.sqrt(T**2 + 2 * M * T)) / 2))


def seconds_per_rate(
    method: Callable[[np.ndarray, str], np.ndarray], T: np.ndarray, name: str, repeats: int
) -> tuple[float, np.ndarray]:
    """Return the best time for one energy transfer, and the rates."""
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        rates = method(T, name)
        best = min(best, time.perf_counter() - start)
    return best / T.size, rates


def main() -> None:
    warnings.simplefilter("ignore", ValidityWarning)  # models are timed beyond their validity
    print(f"{POINTS} energies at once, {FLUX.energies.size} knots in the reactor spectrum")
    print(f"{'model':18} {'moments':>12} {'loop':>9} {'quad':>9}   {'loop':>8} {'quad':>8}")
    print(f"{'':18} {'us per rate':>12} {'x slower':>9} {'x slower':>9}   {'differ by':>17}")
    for name, highest in HIGHEST.items():
        T = np.geomspace(highest / 5000, highest, POINTS)
        moments(T, name)
        fast, rates = seconds_per_rate(moments, T, name, 5)
        few, fewer = np.arange(0, POINTS, POINTS // LOOPED), np.array([POINTS // 3, POINTS - 200])
        looped, by_loop = seconds_per_rate(loop, T[few], name, 1)
        nested, by_quad = seconds_per_rate(quad, T[fewer][:NESTED], name, 1)
        off = (
            np.abs(by_loop / rates[few] - 1).max(),
            np.abs(by_quad / rates[fewer][:NESTED] - 1).max(),
        )
        print(
            f"{name:18} {fast * 1e6:12.2f} {looped / fast:9.0f} {nested / fast:9.0f}"
            f"   {off[0]:8.0e} {off[1]:8.0e}"
        )


if __name__ == "__main__":
    main()
