"""3j symbols and exchange coefficients against sympy and sum rules."""

import pytest
from sympy import Rational
from sympy.physics.wigner import wigner_3j

from nuatom.errors import InvalidInput
from nuatom.structure.angular import (
    exchange_ranks,
    orbital_l,
    three_j_half_squared,
    three_j_zero_squared,
    twice_j,
)

ROUNDING = 1e-12
"""A dozen logarithms of factorials, each good to a few 1e-16 of a number below 1000."""


def test_small_symbols_of_half_integers_agree_with_sympy():
    """(j1 L j2; 1/2 0 -1/2)^2 is that of the Racah formula, allowed and forbidden."""
    for k1 in (-1, 1, -2, 3, -4, 5):
        for k2 in (-1, 2, -3, 4):
            j1, j2 = Rational(twice_j(k1), 2), Rational(twice_j(k2), 2)
            for rank in range(11):
                exact = float(wigner_3j(j1, rank, j2, Rational(1, 2), 0, -Rational(1, 2))) ** 2
                assert three_j_half_squared(k1, rank, k2) == pytest.approx(exact, abs=ROUNDING)


@pytest.mark.parametrize("triple", [(0, 0, 0), (2, 3, 5), (4, 4, 4), (3, 4, 6), (1, 1, 3)])
def test_small_symbols_of_integers_agree_with_sympy(triple):
    """(l1 l2 l3; 0 0 0)^2 is that of the Racah formula, allowed and forbidden."""
    exact = float(wigner_3j(*triple, 0, 0, 0)) ** 2
    assert three_j_zero_squared(*triple) == pytest.approx(exact, abs=ROUNDING)


@pytest.mark.parametrize(("k1", "k2"), [(-1, 1), (5, -9), (-70, 64), (-71, -71), (150, -149)])
def test_orthogonality_holds_at_large_angular_momenta(k1, k2):
    """sum_L (2L + 1) (j1 L j2; 1/2 0 -1/2)^2 = 1, far beyond where factorials overflow."""
    ranks = range(abs(k1) + abs(k2))
    total = sum((2 * rank + 1) * three_j_half_squared(k1, rank, k2) for rank in ranks)
    assert total == pytest.approx(1, rel=1e-11)  # rounding grows with the number of terms


def test_a_full_subshell_exchanges_with_itself_what_it_must():
    """The coefficients of F^k sum over a full l shell as the spin-averaged ones do.

    sum over j, j' of (2j+1)(2j'+1) Gamma_k = 2 (2l+1)(2l'+1) (l k l'; 0 0 0)^2.
    """
    for left, right in (((-1,), (1, -2)), ((1, -2), (2, -3)), ((3, -4), (3, -4))):
        ranks = {k for a in left for b in right for k, _ in exchange_ranks(a, b)}
        for rank in ranks:
            total = sum(
                4 * abs(a) * abs(b) * dict(exchange_ranks(a, b)).get(rank, 0.0)
                for a in left
                for b in right
            )
            l1, l2 = orbital_l(left[0]), orbital_l(right[0])
            exact = 2 * (2 * l1 + 1) * (2 * l2 + 1) * three_j_zero_squared(l1, rank, l2)
            assert total == pytest.approx(exact, rel=1e-11)


def test_kappa_zero_is_refused():
    """There is no kappa = 0."""
    with pytest.raises(InvalidInput, match="kappa"):
        orbital_l(0)
