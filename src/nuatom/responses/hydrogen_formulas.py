"""Exact non-relativistic response of hydrogen-like shells, n = 1, 2, 3, in closed form.

With ``Qs = (|q| a0/Z)^2`` and ``W = T/(Z^2 Ry)`` everything is, per electron of nl,

::

    df/dW = W A(Qs, W) X/D^(2n+1),        C = c(Qs, W) X/D^(2n),
    D = (Qs - W)^2 + (4/n^2) Qs,          k^2 = W - 1/n^2,  b = Qs - W + 2/n^2,
    X = exp[-(2/k) atan2(2k/n, b)]/(1 - e^(-2 pi/k))              (k^2 > 0)
    X = [(b + 2 kappa/n)/(b - 2 kappa/n)]^(-1/kappa)              (k^2 = -kappa^2 < 0)

with polynomials A and c.  df/dW is the generalised oscillator strength and C the
response to the transverse convection current, ``2 sum |<f|e^(iqz) grad_x|i>|^2 + (x -> y)``
in units of the Bohr radius and the Rydberg, so that ``C = W df/dW`` at Qs = 0.

1s, 2s and 2p agree with H. Bethe (Ann. Phys. 397, 325, 1930) and M. C. Walske
(Phys. Rev. 101, 940, 1956).  The polynomials of all shells were derived here from the
integral of A. Nordsieck (Phys. Rev. 93, 785, 1954), in exact rational arithmetic.
"""

import math
from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput, lookup

Rows = tuple[tuple[int, ...], ...]
"""Row i, entry j: coefficient of y^i x^j."""


@dataclass(frozen=True)
class Shape:
    """The polynomials of one shell nl, in units of its own width 1/n.

    With ``x = n^2 W`` and ``y = n^2 (Qs - W)`` both polynomials are short sums of
    ``y^i x^j``; near the Bethe ridge, ``y ~ sqrt(x)``, their terms are of one size, so
    that nothing cancels.

    Parameters
    ----------
    n, orbital : int
        Principal and orbital quantum number [dimensionless].
    strength_factor, current_factor : float
        Common factor of each polynomial [dimensionless].
    strength, current : tuple of tuple of int
        Row i, entry j: coefficient of y^i x^j in A and in c [dimensionless].
    """

    n: int
    orbital: int
    strength_factor: float
    strength: Rows
    current_factor: float
    current: Rows


# fmt: off
SHAPES: dict[str, Shape] = {
    "1s": Shape(1, 0, 128 / 3, ((0, 4), (3,)), 128 / 3, ((0, 1),)),
    "2s": Shape(
        2, 0,
        1024 / 15,
        ((0, 0, 304, 128), (0, 544, 368), (240, 360, -80), (120, -200), (-105, 20), (15,)),
        1024 / 15,
        ((0, 0, 48, 16), (0, 48, 16), (), (), (15, 5)),
    ),
    "2p": Shape(
        2, 1,
        1024 / 45,
        ((0, 0, 816, 192), (0, 1536, 32), (720, -120, 240), (0, 360), (135,)),
        1024 / 45,
        ((0, 0, 112, 64), (0, 112, 144), (0, 240, 40), (120, 40), (15,)),
    ),
    "3s": Shape(
        3, 0,
        128 / 35,
        ((0, 0, 0, 528384, 561152, 68608), (0, 0, 1486848, 1968128, 350464),
         (0, 1388544, 2611200, 398336, -121856), (430080, 1562624, -478464, -729344),
         (358400, -1016064, -1240064, 110208), (-421120, -838656, 407008),
         (-201600, 490560, -20160), (186480, -48720), (-25200, 1260), (945,)),
        128 / 35,
        ((0, 0, 0, 65536, 63488, 6912), (0, 0, 131072, 126976, 13824),
         (0, 65536, 63488, 21248, 1792), (0, 0, 35840, 4480), (0, 93184, 81536, 8736),
         (71680, 114688, 13216), (40320, -8400, -1680), (-20160, -2520), (2520, 315)),
    ),
    "3p": Shape(
        3, 1,
        1024 / 35,
        ((0, 0, 0, 61952, 55424, 5120), (0, 0, 177664, 153408, 1280),
         (0, 169472, 162048, -29152, 8960), (53760, 81984, -73696, 55552),
         (17920, -76384, 119112, -6720), (-28000, 99540, -27440),
         (28000, -27370, 1680), (-7560, 2520), (945,)),
        1024 / 35,
        ((0, 0, 0, 6656, 9024, 1024), (0, 0, 13312, 25216, 2944),
         (0, 6656, 35008, 13120, 896), (0, 27776, 25760, 896), (8960, 23520, -3500),
         (8960, -9520, -280), (-5040, 1610, 280), (980, 280), (105,)),
    ),
    "3d": Shape(
        3, 2,
        2048 / 175,
        ((0, 0, 0, 142848, 56512, 8192), (0, 0, 420096, -44000, 31616),
         (0, 411648, -339072, 307792, 14336), (134400, -328160, 649488, -5824),
         (-89600, 493920, -18844, 10752), (127120, 12306, 22232), (12600, 15015), (3360,)),
        2048 / 175,
        ((0, 0, 0, 12800, 36256, 3072), (0, 0, 25600, 142400, 4800),
         (0, 12800, 252640, 10912, 3584), (0, 213696, -560, 7616), (67200, -12544, 14434, 1344),
         (-4480, 10472, 2324), (1680, 1785), (630,)),
    ),
}
"""Every shell with a closed form."""
# fmt: on


def polynomial(rows: Rows, x: Array, y: Array) -> Array:
    """Return ``sum_ij rows[i][j] y^i x^j`` by Horner's rule in y.

    Parameters
    ----------
    rows : tuple of tuple of int
        Coefficients [dimensionless].
    x : ndarray
        Broadcasting with y; usually much smaller, one value per energy [dimensionless].
    y : ndarray
        Any shape [dimensionless].

    Returns
    -------
    ndarray
        Of the broadcast shape.

    Example
    -------
    >>> float(polynomial(((1, 2), (3,)), np.array(10.0), np.array(5.0)))
    36.0
    """
    total: Array = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)))
    for row in reversed(rows):
        total *= y
        inner: Array = np.zeros(np.shape(x))
        for coefficient in reversed(row):
            inner = inner * x + coefficient
        total += inner
    return total


def coulomb_exponent(x: Array, y: Array) -> Array:
    """Return phi of ``X = exp(-n phi)/(1 - e^(-2 pi/k))``, on both sides of the threshold.

    ``phi = (2/h) atan2(2h, y + 2)`` with ``h^2 = x - 1 > 0``; below, with
    ``g^2 = 1 - x``, ``phi = (2/g) artanh(2g/(y + 2))``, which is the same function.

    Parameters
    ----------
    x : ndarray
        ``n^2 W > 0``, broadcasting with y [dimensionless].
    y : ndarray
        ``n^2 (Qs - W) > -x`` [dimensionless].

    Returns
    -------
    ndarray
        Of the broadcast shape.

    Example
    -------
    >>> near = coulomb_exponent(np.array([1 - 1e-9, 1.0, 1 + 1e-9]), np.array([0.0] * 3))
    >>> bool(np.allclose(near, 2.0))
    True
    """
    # 1e-9 stands for a zero wave number: the next term of the series is 1e-18
    wave = np.sqrt(np.maximum(np.abs(x - 1), 1e-18))
    above = np.broadcast_to(x >= 1, np.broadcast_shapes(x.shape, y.shape))
    angle: Array = np.arctan2(2 * wave, y + 2, out=np.empty(above.shape), where=above)
    if not np.all(above):
        np.arctanh(2 * wave / (y + 2), out=angle, where=~above)
    angle *= 2 / wave
    return angle


def sommerfeld_denominator(x: Array, n: int) -> Array:
    """Return ``1 - e^(-2 pi/k)`` above the hydrogenic threshold and 1 below it.

    Parameters
    ----------
    x : ndarray
        ``n^2 W``, any shape [dimensionless].
    n : int
        Principal quantum number [dimensionless].

    Returns
    -------
    ndarray
        Of the shape of x, in (0, 1].

    Example
    -------
    >>> sommerfeld_denominator(np.array([0.5, 1.0]), 1)
    array([1., 1.])
    """
    wave = np.sqrt(np.maximum(x - 1, 1e-18))
    return np.asarray(-np.expm1(-2 * np.pi * n / wave))


def oscillator_strength(
    energy: ArrayLike, momentum_squared: ArrayLike, *, shell: str = "1s"
) -> Array:
    """Return the generalised oscillator strength df/dW per electron.

    ``df/dW = W A(Qs, W) X/D^(2n+1)``.  Below the hydrogenic threshold ``W < 1/n^2`` it
    is the continuation that stands for the (smoothed) discrete spectrum, as the
    theory of inner shells with a screened threshold uses it.

    Parameters
    ----------
    energy : array_like
        W = T/(Z^2 Ry) > 0, broadcasting with Qs [dimensionless].
    momentum_squared : array_like
        Qs = (|q| a0/Z)^2 >= 0 [dimensionless].
    shell : str
        1s, 2s, 2p, 3s, 3p or 3d [name].

    Returns
    -------
    ndarray
        Of the broadcast shape, >= 0 [dimensionless].

    Raises
    ------
    InvalidInput
        If W <= 0 or Qs < 0.
    UnknownName
        If there is no closed form for the shell.

    Notes
    -----
    Non-relativistic.  Discrete and continuum strengths add up to 1 at every Qs (Bethe).

    Example
    -------
    >>> round(float(oscillator_strength(1.0, 0.0)), 4)   # 128/(3 e^4)
    0.7815

    References
    ----------
    H. Bethe, Ann. Phys. 397, 325 (1930); M. C. Walske, Phys. Rev. 101, 940 (1956).
    """
    return _evaluate(energy, momentum_squared, shell)[0]


def transverse_strength(
    energy: ArrayLike, momentum_squared: ArrayLike, *, shell: str = "1s"
) -> Array:
    """Return C, the response of the transverse convection current, per electron.

    ``C = c(Qs, W) X/D^(2n)``; the transverse response of a bound electron is
    ``R_T = C/m + (|q|^2/(2 m^2)) R_L`` in the Pauli approximation.  C = W df/dW at Qs = 0.

    Parameters
    ----------
    energy : array_like
        W = T/(Z^2 Ry) > 0, broadcasting with Qs [dimensionless].
    momentum_squared : array_like
        Qs = (|q| a0/Z)^2 >= 0 [dimensionless].
    shell : str
        1s, 2s, 2p, 3s, 3p or 3d [name].

    Returns
    -------
    ndarray
        Of the broadcast shape, >= 0 [dimensionless].

    Raises
    ------
    InvalidInput
        If W <= 0 or Qs < 0.
    UnknownName
        If there is no closed form for the shell.

    Notes
    -----
    Non-relativistic.

    Example
    -------
    >>> ratio = transverse_strength(2.0, 0.0) / oscillator_strength(2.0, 0.0)
    >>> round(float(ratio), 12)
    2.0
    """
    return _evaluate(energy, momentum_squared, shell)[1]


def _evaluate(energy: ArrayLike, momentum_squared: ArrayLike, shell: str) -> tuple[Array, Array]:
    """Return df/dW and C after checking the arguments."""
    shape = lookup("hydrogenic shell", shell, SHAPES)
    W = finite("energy", energy, positive=True)
    Qs = finite("momentum_squared", momentum_squared)
    if np.any(Qs < 0):
        raise InvalidInput("momentum_squared: found a negative value, expected Qs >= 0")
    strength, current = shell_strengths(shape.n**2 * W, shape.n**2 * (Qs - W), (shape,))[0]
    return shape.n**2 * strength, current


def shell_strengths(x: Array, y: Array, shapes: tuple[Shape, ...]) -> list[tuple[Array, Array]]:
    """Return df/dx and C for several shells of one width, which share the Coulomb factor.

    Parameters
    ----------
    x : ndarray
        ``n^2 W = T/(lambda^2/(2m))``, with lambda the width in momentum, broadcasting
        with y [dimensionless].
    y : ndarray
        ``Q^2/lambda^2 - x`` [dimensionless].
    shapes : tuple of Shape
        Shells of any n and l [shape].

    Returns
    -------
    list of tuple of ndarray
        (df/dx, C) for each shape [dimensionless].

    Example
    -------
    >>> x, y = np.array(1.0), np.array(-1.0)
    >>> (strength, _), = shell_strengths(x, y, (SHAPES["1s"],))
    >>> round(float(strength), 4)
    0.7815
    """
    inverse = 1 / (y * (y + 4) + 4 * x)
    factor = np.exp(-coulomb_exponent(x, y))
    factor *= inverse
    factor *= inverse
    results = []
    common: dict[int, Array] = {}
    for shape in shapes:
        n = shape.n
        if n not in common:
            # products: numpy takes a general power for exponents above 2
            common[n] = math.prod([factor] * (n - 1), start=factor / sommerfeld_denominator(x, n))
        strength = polynomial(shape.strength, x, y)
        strength *= shape.strength_factor * x
        strength *= inverse
        strength *= common[n]
        current = polynomial(shape.current, x, y)
        current *= shape.current_factor
        current *= common[n]
        results.append((strength, current))
    return results


def discrete_strength(level: int, momentum_squared: ArrayLike) -> Array:
    """Return the generalised oscillator strength f_n of 1s -> n.

    ``f_n = 256 n^5 (n^2-1)(n^2 Qs + (n^2-1)/3) [(n-1)^2 + n^2 Qs]^(n-3)
    /[(n+1)^2 + n^2 Qs]^(n+3)``.

    Parameters
    ----------
    level : int
        n >= 2 [dimensionless].
    momentum_squared : array_like
        Qs >= 0, any shape [dimensionless].

    Returns
    -------
    ndarray
        Of the shape of Qs [dimensionless].

    Raises
    ------
    InvalidInput
        If n < 2 or Qs < 0.

    Notes
    -----
    Non-relativistic; summed over the l of the final state.

    Example
    -------
    >>> round(float(discrete_strength(2, 0.0)), 4)
    0.4162

    References
    ----------
    H. Bethe, Ann. Phys. 397, 325 (1930).
    """
    Qs = finite("momentum_squared", momentum_squared)
    if level < 2 or np.any(Qs < 0):
        raise InvalidInput("discrete strength: found n < 2 or Qs < 0, expected n >= 2 and Qs >= 0")
    n = float(level)
    n2 = n * n
    low, high = (n - 1) ** 2 + n2 * Qs, (n + 1) ** 2 + n2 * Qs
    # in this order no power overflows
    strength = 256 * n**5 * (n2 - 1) * (n2 * Qs + (n2 - 1) / 3) / (low * high) ** 3
    return np.asarray(strength * (low / high) ** n)
