r"""Angular factors of the relativistic central field: kappa, j, l and 3j symbols.

``kappa = (l - j)(2j + 1)``: -1 is s1/2, +1 p1/2, -2 p3/2, and so on.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput

LETTERS = "spdfghiklmnoqrtuvwxyz"


def orbital_l(kappa: int) -> int:
    """Return l of the large component: ``kappa`` if positive, else ``-kappa - 1``.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number, not zero [dimensionless].

    Returns
    -------
    int
        Orbital angular momentum.

    Raises
    ------
    InvalidInput
        If `kappa` is zero.

    Example
    -------
    >>> [orbital_l(kappa) for kappa in (-1, 1, -2, 2, -3)]
    [0, 1, 1, 2, 2]
    """
    if kappa == 0:
        raise InvalidInput("kappa: found 0, expected a positive or negative integer")
    return kappa if kappa > 0 else -kappa - 1


def twice_j(kappa: int) -> int:
    """Return ``2j = 2|kappa| - 1``.

    Parameters
    ----------
    kappa : int
        Relativistic quantum number, not zero [dimensionless].

    Returns
    -------
    int
        Twice the total angular momentum.

    Example
    -------
    >>> [twice_j(kappa) for kappa in (-1, 1, -2)]
    [1, 1, 3]
    """
    return 2 * abs(kappa) - 1


def _log_factorial(n: int) -> float:
    return math.lgamma(n + 1)


def three_j_zero_squared(l1: int, l2: int, l3: int) -> float:
    r"""Return the square of the 3j symbol ``(l1 l2 l3; 0 0 0)``.

    With ``2g = l1 + l2 + l3`` even, and zero otherwise::

        (...)^2 = (2g - 2 l1)! (2g - 2 l2)! (2g - 2 l3)! / (2g + 1)!
                  [g! / ((g - l1)! (g - l2)! (g - l3)!)]^2

    through logarithms of factorials, so that l of several hundred is no difficulty.

    Parameters
    ----------
    l1, l2, l3 : int
        Angular momenta, not negative [dimensionless].

    Returns
    -------
    float
        Zero where the triangle rule or parity forbids the symbol.

    Notes
    -----
    Edmonds, Angular Momentum in Quantum Mechanics (1957), eq. (3.7.17).

    Example
    -------
    >>> round(three_j_zero_squared(1, 1, 2) * 15, 12)
    2.0
    """
    total = l1 + l2 + l3
    if total % 2 or min(l1, l2, l3) < 0 or 2 * max(l1, l2, l3) > total:
        return 0.0
    g = total // 2
    logarithm = -_log_factorial(total + 1) + 2 * _log_factorial(g)
    for one in (l1, l2, l3):
        logarithm += _log_factorial(total - 2 * one) - 2 * _log_factorial(g - one)
    return math.exp(logarithm)


def three_j_half_squared(kappa1: int, rank: int, kappa2: int) -> float:
    r"""Return the square of the 3j symbol ``(j1 L j2; 1/2 0 -1/2)``, whatever the parity.

    With ``l1 = j1 - 1/2`` and that ``l2 = j2 -+ 1/2`` for which ``l1 + l2 + L`` is even::

        (j1 L j2; 1/2 0 -1/2)^2 = (l1 L l2; 0 0 0)^2 f,
        l2 = j2 - 1/2:  f = (S + 2)(l1 + l2 - L + 1) / [4 (l1 + 1)(l2 + 1)],
        l2 = j2 + 1/2:  f = (L + l1 - l2 + 1)(L - l1 + l2) / [4 (l1 + 1) l2],

    where ``S = l1 + l2 + L``.

    Parameters
    ----------
    kappa1, kappa2 : int
        Relativistic quantum numbers; only j matters [dimensionless].
    rank : int
        L, not negative [dimensionless].

    Returns
    -------
    float
        Zero where the triangle rule forbids the symbol.

    Notes
    -----
    Follows from the 6j symbols with one argument 1/2: Edmonds, table 5.

    Example
    -------
    >>> round(three_j_half_squared(-1, 1, -2) * 6, 12)   # s1/2 to p3/2
    1.0
    """
    l1, m = abs(kappa1) - 1, abs(kappa2) - 1
    if not abs(l1 - m) <= rank <= l1 + m + 1:
        return 0.0
    if (l1 + m + rank) % 2 == 0:
        factor = (l1 + m + rank + 2) * (l1 + m - rank + 1) / (4 * (l1 + 1) * (m + 1))
        return three_j_zero_squared(l1, rank, m) * factor
    l2 = m + 1
    factor = (rank + l1 - l2 + 1) * (rank - l1 + l2) / (4 * (l1 + 1) * l2)
    return three_j_zero_squared(l1, rank, l2) * factor


@functools.cache
def exchange_ranks(kappa1: int, kappa2: int) -> tuple[tuple[int, float], ...]:
    r"""Return the ranks k of the exchange between two subshells, with their coefficients.

    The configuration average of the Coulomb energy of a pair of electrons is
    ``F^0(12) - sum_k Gamma_k G^k(12)``, with ``Gamma_k = (j1 k j2; 1/2 0 -1/2)^2`` for
    ``l1 + l2 + k`` even.

    Parameters
    ----------
    kappa1, kappa2 : int
        Relativistic quantum numbers [dimensionless].

    Returns
    -------
    tuple of (int, float)
        k and Gamma_k, all that do not vanish.

    Notes
    -----
    I. P. Grant, Relativistic Quantum Theory of Atoms and Molecules (2007), section 6.4.

    Example
    -------
    >>> exchange_ranks(-1, -1)
    ((0, 0.5),)
    """
    parity = orbital_l(kappa1) + orbital_l(kappa2)
    ranks = range(abs(abs(kappa1) - abs(kappa2)), abs(kappa1) + abs(kappa2))
    pairs = ((k, three_j_half_squared(kappa1, k, kappa2)) for k in ranks if (k + parity) % 2 == 0)
    return tuple((k, value) for k, value in pairs if value > 0)


def exchange_coefficients(kappa: int, others: Sequence[int]) -> Array:
    """Return ``Gamma_k`` of one kappa with several others, as an array (k, other).

    Parameters
    ----------
    kappa : int
        Relativistic quantum number [dimensionless].
    others : sequence of int
        Those of the other subshells, at least one [dimensionless].

    Returns
    -------
    ndarray
        Shape ``(largest k + 1, len(others))``; zero where a rank is forbidden.

    Example
    -------
    >>> exchange_coefficients(-1, (-1, 1)).round(4).tolist()
    [[0.5, 0.0], [0.0, 0.1667]]
    """
    pairs = [exchange_ranks(kappa, other) for other in others]
    table = np.zeros((1 + max(k for pair in pairs for k, _ in pair), len(others)))
    for i, pair in enumerate(pairs):
        for k, value in pair:
            table[k, i] = value
    return table
