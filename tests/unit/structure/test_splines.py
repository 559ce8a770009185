"""Splines, quadrature and the integrals over r_<^k/r_>^(k+1)."""

import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.structure.slater import SlaterKernel
from nuatom.structure.splines import SplineSpace, breakpoints


@pytest.fixture(scope="module")
def space():
    return SplineSpace(breakpoints(50, scale=1e-3, radius=60.0, stretch=20.0), 9, 12)


def test_splines_add_up_to_one_within_the_box_and_to_nothing_beyond(space):
    """The splines are a partition of unity."""
    r = np.array([0.0, 1e-6, 0.3, 7.0, 59.9, 60.1, 1e3])
    assert space.evaluate(r).sum(axis=1) == pytest.approx([1, 1, 1, 1, 1, 0, 0], abs=1e-14)


def test_slopes_are_differences_of_values(space):
    """The derivative of each spline is the limit of its difference quotient."""
    r, h = np.array([0.02, 1.0, 20.0]), 1e-5
    quotient = (space.evaluate(r * (1 + h)) - space.evaluate(r * (1 - h))) / (2 * h * r[:, None])
    # the error of a central difference: h^2 times the third derivative
    assert space.evaluate(r, 1) * r[:, None] == pytest.approx(quotient * r[:, None], abs=1e-8)


def test_breakpoints_are_equally_spaced_in_their_own_variable():
    """ln(1 + r/a) + r/b grows by equal steps."""
    r = breakpoints(40, scale=1e-4, radius=80.0, stretch=3.0)
    steps = np.diff(np.log1p(r / 1e-4) + r / 3.0)
    assert steps == pytest.approx(np.full(40, steps[0]), rel=1e-11)
    assert r[0] == 0
    assert r[-1] == 80


def test_the_running_integral_is_exact_for_polynomials(space):
    """Int_-1^x of t^11 from 12 points is the closed form."""
    x = np.polynomial.legendre.leggauss(12)[0]
    assert space.running_integral @ x**11 == pytest.approx((x**12 - 1) / 12, abs=1e-14)


def test_interpolation_returns_a_smooth_function_everywhere(space):
    """exp(-r) known at the points is known between them, and at them."""
    r = np.append(np.geomspace(1e-7, 60, 200), space.points[7, 3])
    between = space.interpolate(np.exp(-space.points), r)
    assert between == pytest.approx(np.exp(-r), abs=1e-9)  # 12 points in cells up to 2.5 wide


HYDROGEN = {
    "1s": lambda r: 2 * r * np.exp(-r),
    "2s": lambda r: r * (1 - r / 2) * np.exp(-r / 2) / np.sqrt(2),
    "2p": lambda r: r**2 * np.exp(-r / 2) / np.sqrt(24),
}


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "rank", "exact"),
    [
        ("1s", "1s", "1s", "1s", 0, 5 / 8),
        ("1s", "1s", "2s", "2s", 0, 17 / 81),
        ("1s", "2s", "1s", "2s", 0, 16 / 729),
        ("1s", "1s", "2p", "2p", 0, 59 / 243),
        ("1s", "2p", "1s", "2p", 1, 112 / 2187),
        ("2p", "2p", "2p", "2p", 0, 93 / 512),
        ("2p", "2p", "2p", "2p", 2, 45 / 512),
    ],
)
def test_slater_integrals_of_hydrogen_are_the_closed_forms(space, a, b, c, d, rank, exact):
    """R^k(ab, cd) of hydrogen orbitals (J. C. Slater, Quantum Theory of Atomic Structure I)."""
    p = {name: orbital(space.points) for name, orbital in HYDROGEN.items()}
    y = SlaterKernel(space, rank).potential(p[a] * p[b])
    # quadrature of a product of exponentials with 12 points in a cell
    assert (space.weights * p[c] * p[d] * y).sum() == pytest.approx(exact, rel=1e-11)


def test_the_outer_part_keeps_its_relative_accuracy():
    """Far outside, Y^k/r falls as r^(-k-1): no difference of large numbers stands for it."""
    space = SplineSpace(breakpoints(60, scale=1e-3, radius=200.0, stretch=1e6), 9, 12)
    y = SlaterKernel(space, 6).potential(4 * space.points**2 * np.exp(-2 * space.points))
    moment = 4 * 40320 / 2**9  # Int 4 r^8 exp(-2r) dr
    assert y[-1] * space.points[-1] ** 7 == pytest.approx(np.full(12, moment), rel=1e-9)


@pytest.mark.parametrize(("order", "points"), [(2, 12), (9, 8)])
def test_an_impossible_space_is_refused(order, points):
    """Order and number of points are checked."""
    with pytest.raises(InvalidInput, match="expected order"):
        SplineSpace(np.linspace(0, 1, 5), order, points)
