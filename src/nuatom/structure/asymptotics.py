r"""The amplitude of a wave in a Coulomb tail, by an iterated phase-amplitude expansion.

With ``A = e - V + 2 c^2`` and ``P = sqrt(A) chi`` the Dirac equation is
``chi'' + w^2 chi = 0``, and ``chi = N a(r) sin(phase)`` with ``phase' = 1/a^2`` and
``a^-4 = w^2 + a''/a``.  This is solved by iteration with truncated power series about one
radius, which keep all derivatives exact.
"""

import numpy as np
import numpy.typing as npt

from nuatom.arrays import Array

TERMS = 13
"""Coefficients of the power series; every iteration uses up two of them."""


def _multiply(x: Array, y: Array) -> Array:
    terms = min(x.shape[-1], y.shape[-1])
    shape = (*np.broadcast_shapes(x.shape[:-1], y.shape[:-1]), terms)
    product = np.zeros(shape)
    for n in range(terms):
        product[..., n] = (x[..., : n + 1] * y[..., n::-1][..., : n + 1]).sum(axis=-1)
    return product


def _power(x: Array, exponent: float) -> Array:
    """Return a power of a series, from ``x y' = p x' y``."""
    terms = x.shape[-1]
    y = np.zeros_like(x)
    y[..., 0] = x[..., 0] ** exponent
    for n in range(1, terms):
        k = np.arange(1, n + 1)
        factor = exponent * k - (n - k)
        y[..., n] = (factor * x[..., k] * y[..., n - k]).sum(axis=-1) / (n * x[..., 0])
    return y


def _derivative(x: Array) -> Array:
    return np.asarray(x[..., 1:] * np.arange(1, x.shape[-1]))


def amplitude(
    radius: float,
    kappas: npt.ArrayLike,
    *,
    energy: float,
    charge: npt.ArrayLike,
    light_speed: float,
) -> tuple[Array, Array]:
    r"""Return ``a`` and ``a'`` at a radius beyond which the potential varies slowly.

    Parameters
    ----------
    radius : float
        Beyond the classical turning point [length].
    kappas : array_like of int
        Relativistic quantum numbers, shape (m,) [dimensionless].
    energy : float
        e > 0, less the rest energy [energy].
    charge : array_like
        Z of the potential -Z/r near the radius: a number, or the coefficients of its powers of
        the distance from there, shape (n,) [any].
    light_speed : float
        c [dimensionless].

    Returns
    -------
    tuple of ndarray
        a [length^(1/2)] and a' [1/length^(1/2)], each of shape (m,).

    Notes
    -----
    Far outside ``a -> k^(-1/2)``.  W. E. Milne, Phys. Rev. 35, 863 (1930).

    Example
    -------
    >>> a, _ = amplitude(3.0, np.array([-1]), energy=2.0, charge=0.0, light_speed=1e6)
    >>> round(float(a[0]) * 2**0.5, 9)
    1.0
    """
    kappa = np.asarray(kappas, dtype=np.float64)[:, None]
    signs = (-1.0) ** np.arange(TERMS + 2)
    inverse = signs / radius ** np.arange(1.0, TERMS + 3)
    charges = np.zeros(TERMS + 2)
    charges[: np.size(charge)] = charge
    level = _multiply(charges, inverse)  # e - V as a series
    level[0] += energy
    mass = level / light_speed**2
    mass[0] += 2.0  # A / c^2
    slope = _multiply(_derivative(mass), _power(mass, -1.0)[:-1])  # A'/A
    bend = _derivative(slope)
    n = TERMS
    square = _multiply(level, mass)[:n] + bend[:n] / 2 - _multiply(slope, slope)[:n] / 4
    square = (
        square
        - kappa * (kappa + 1) * _multiply(inverse, inverse)[:n]
        - kappa * _multiply(slope, inverse)[:n]
    )
    fourth = square
    for _ in range((TERMS - 2) // 2):
        a = _power(fourth, -0.25)
        bent = _multiply(_derivative(_derivative(a)), _power(a, -1.0))
        fourth = square[:, : bent.shape[-1]] + bent
    a = _power(fourth, -0.25)
    return a[:, 0], a[:, 1]
