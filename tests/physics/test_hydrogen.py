"""Hydrogen: closed forms, sum rules and limits that are known without this package.

The published forms of 1s, 2s and 2p (Bethe 1930; Walske 1956) stand here in another
arrangement than in the package, which expands all shells around the Bethe ridge.
"""

import functools
import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import spherical_jn

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.responses.hydrogen_formulas import (
    SHAPES,
    discrete_strength,
    oscillator_strength,
    transverse_strength,
)
from nuatom.responses.hydrogenic import HydrogenLike

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

RNG = np.random.default_rng(3)
W = 10 ** RNG.uniform(-0.4, 2, 400)
QS = 10 ** RNG.uniform(-5, 2.5, 400)

E = 1 * u.MeV  # far above every transfer below: terms in T/E and Q^2/E^2 vanish
SMALL_Z = 0.01  # relativistic shifts of order (Z alpha)^2/2 = 3e-9
MOMENT = na.MagneticMoment(1e-11)
RADIUS = na.ChargeRadius(1e-32 * u.cm**2)


def published_factor(W, Qs, n):
    """X1 and X2 as printed, above and below the hydrogenic threshold."""
    k2 = W - 1 / n**2
    k = np.sqrt(np.abs(k2))
    above = np.exp(-(2 / k) * np.arctan2(2 * k / n, Qs + 1 / n**2 - k2))
    above /= 1 - np.exp(-2 * np.pi / k)
    below = ((Qs + (1 / n + k) ** 2) / (Qs + (1 / n - k) ** 2)) ** (-1 / k)
    return np.where(k2 > 0, above, below)


def published(W, Q):
    """Return (df/dW, C) of 1s, 2s and 2p as printed."""
    x1, x2 = published_factor(W, Q, 1), published_factor(W, Q, 2)
    k2 = W - 1
    d1 = (Q - k2 + 1) ** 2 + 4 * k2
    k2 = W - 0.25
    d = (Q - k2 + 0.25) ** 2 + k2
    a_2s = (
        16 * Q**5
        - (28 + 176 * W / 3) * Q**4
        + (8 + 176 * W / 3 + 224 * W**2 / 3) * Q**3
        + (4 - 88 * W**2 / 3 - 32 * W**3) * Q**2
        + (16 * W / 15 + 8 * W**2 / 15 - 16 * W**3 / 3 - 16 * W**4 / 3) * Q
        + 4 * W**4
        + 16 * W**5 / 3
    )
    a_2p = (
        12 * Q**4
        - 16 * W * Q**3
        + (4 - 8 * W / 3 - 8 * W**2 / 3) * Q**2
        + (8 * W / 15 + 272 * W**2 / 45 + 16 * W**3 / 3) * Q
        + 8 * W**3 / 9
        + 4 * W**4 / 3
    )
    c_2p = (
        4 * Q**4 / 3
        + (8 / 3 - 16 * W / 9) * Q**3
        + (8 * W**2 / 9 - 8 * W / 3) * Q**2
        + (28 * W / 45 + 8 * W**2 / 15 - 16 * W**3 / 9) * Q
        + 8 * W**3 / 9
        + 4 * W**4 / 3
    )
    c_2s = 16 / 15 * (W + 0.75) * (5 * (W - Q) ** 4 + Q * W)
    return {
        "1s": (128 * W * (Q + W / 3) * x1 / d1**3, 128 / 3 * W * x1 / d1**2),
        "2s": (W * a_2s * x2 / d**5, c_2s * x2 / d**4),
        "2p": (W * a_2p * x2 / d**5, c_2p * x2 / d**4),
    }


@pytest.mark.parametrize("shell", ["1s", "2s", "2p"])
def test_the_published_forms_of_n_1_and_2(shell):
    """df/dW and C of Bethe and Walske, on both sides of the threshold."""
    strength, current = published(W, QS)[shell]
    # the printed powers of Qs and W cancel by up to 1e4 on the ridge
    np.testing.assert_allclose(oscillator_strength(W, QS, shell=shell), strength, rtol=1e-10)
    np.testing.assert_allclose(transverse_strength(W, QS, shell=shell), current, rtol=1e-10)


def continuum(shell, Qs, low=None):
    """Return Int df/dW dW, in ln W piece by piece around the ridge."""
    low = 1 / SHAPES[shell].n ** 2 if low is None else low
    ends = np.log(np.unique(np.concatenate([low * np.geomspace(1, 1e7, 25), [max(Qs, low)]])))

    def integrand(t):
        return float(oscillator_strength(np.exp(t), Qs, shell=shell)) * np.exp(t)

    return sum(quad(integrand, a, b, epsabs=1e-11)[0] for a, b in itertools.pairwise(ends))


@pytest.mark.parametrize("Qs", [0.0, 0.01, 0.3, 1.0, 7.0, 60.0])
def test_bethe_sum_rule(Qs):
    """The strengths to all discrete levels and to the continuum add up to 1 at every Qs."""
    levels = 3000
    discrete = sum(float(discrete_strength(n, Qs)) for n in range(2, levels))
    # f_n n^3 is constant far out, with relative terms of order 1/n^2
    discrete += float(discrete_strength(levels, Qs)) * (levels / 2 + 0.5)
    assert discrete + continuum("1s", Qs) == pytest.approx(1, abs=1e-7)
    if Qs == 1.0:
        assert discrete == pytest.approx(0.117782, abs=6e-7)
        assert continuum("1s", Qs) == pytest.approx(0.882218, abs=6e-7)


@pytest.mark.parametrize(("shell", "strength"), [("2s", 0.35109), ("2p", 0.19075)])
def test_dipole_strength_of_the_continuum(shell, strength):
    """What is left of the sum rule for ionisation by photons: 0.35109 (2s), 0.19075 (2p)."""
    assert continuum(shell, 0.0) == pytest.approx(strength, abs=6e-6)


def test_photoionisation_of_hydrogen_at_threshold():
    """sigma = (2 pi^2 alpha/m) df/dT = 6.3043e-18 cm^2."""
    sigma = 2 * np.pi**2 * c.fine_structure / c.electron_mass
    sigma *= float(oscillator_strength(1.0, 0.0)) / c.rydberg
    assert sigma / u.cm**2 == pytest.approx(6.3043e-18, rel=1e-5)


@pytest.mark.parametrize("shell", SHAPES)
def test_transverse_and_longitudinal_meet_at_the_photon_point(shell):
    """C = W df/dW at Qs = 0: the gauge invariance of the dipole."""
    strength = oscillator_strength(W, 0.0, shell=shell)
    # coefficients up to 2e6 cancel for W well below the threshold
    np.testing.assert_allclose(transverse_strength(W, 0.0, shell=shell), W * strength, rtol=1e-11)


def ridge_integrals(shell, W):
    """Return Int df/dW dQs and Int C dQs, with Qs = (sqrt(W) + tan(phi)/n)^2."""
    n = SHAPES[shell].n
    x, weight = np.polynomial.legendre.leggauss(64)
    phi = x * (np.pi / 2 - 1e-3)
    root = np.sqrt(W) + np.tan(phi) / n
    dQs = 2 * root / np.cos(phi) ** 2 / n * weight * (np.pi / 2 - 1e-3)
    return [
        float((function(W, root**2, shell=shell) * dQs).sum())
        for function in (oscillator_strength, transverse_strength)
    ]


@pytest.mark.parametrize("shell", SHAPES)
def test_far_above_the_edge_the_electron_is_free_and_moves(shell):
    """For W -> infinity Int df/dW dQs = 1 and Int C dQs = 4 <p^2>/3, with <p^2> = 1/n^2."""
    strength, current = ridge_integrals(shell, 1e8)
    n = SHAPES[shell].n
    # the tail beyond 1e3 widths and terms of order 1/W
    assert strength == pytest.approx(1, abs=1e-7)
    assert current == pytest.approx(4 / (3 * n**2), rel=1e-7)


@pytest.mark.parametrize("shell", SHAPES)
def test_the_response_is_continuous_at_the_hydrogenic_threshold(shell):
    """The form for k^2 < 0 continues the one for k^2 > 0."""
    threshold = 1 / SHAPES[shell].n ** 2
    for function in (oscillator_strength, transverse_strength):
        below, at, above = (
            function(threshold * (1 + d), np.geomspace(1e-3, 10, 9), shell=shell)
            for d in (-1e-9, 0.0, 1e-9)
        )
        np.testing.assert_allclose(below, at, rtol=1e-7)
        np.testing.assert_allclose(above, at, rtol=1e-7)


# ---- an independent calculation: partial waves on a radial grid -------------------------

_X, _WEIGHT = np.polynomial.legendre.leggauss(72)
RADII, STEPS = 40 * (1 + _X), 40 * _WEIGHT
ENERGY = 0.35
"""k^2 of the final electron."""
LAST_WAVE = 12


@functools.cache
def continuum_wave(orbital):
    """Return P_l of the continuum per unit W, (pi k)^(-1/2) F_l(-1/k, kr)."""
    import mpmath

    k = np.sqrt(ENERGY)
    wave = [float(mpmath.coulombf(orbital, -1 / k, k * r)) for r in RADII]
    return np.array(wave) / np.sqrt(np.pi * k)


def bound_wave(shell):
    """Return R_nl(r) and its derivative for n = 2 and 3."""
    r = RADII
    polynomial, norm = {
        "2p": ([0, 1], 1 / np.sqrt(24)),
        "3s": ([1, -2 / 3, 2 / 27], 2 / np.sqrt(27)),
        "3p": ([0, 1, -1 / 6], 8 / (27 * np.sqrt(6))),
        "3d": ([0, 0, 1], 4 / (81 * np.sqrt(30))),
    }[shell]
    p = norm * np.polynomial.Polynomial(polynomial)
    decay = np.exp(-r / SHAPES[shell].n)
    return p(r) * decay, (p.deriv()(r) - p(r) / SHAPES[shell].n) * decay


@functools.cache
def three_j(*numbers):
    from sympy.physics.wigner import wigner_3j  # slow to import, needed by one test

    return float(wigner_3j(*numbers))


def plane_wave(final, start, m, q, radial):
    """Return <l' m|e^(iqz)|l m> with the radial functions P_l' and `radial`."""
    total = 0j
    for order in range(abs(final - start), final + start + 1, 2):
        bessel = spherical_jn(order, q * RADII)
        integral = (continuum_wave(final) * bessel * radial * RADII * STEPS).sum()
        angular = three_j(final, order, start, 0, 0, 0) * three_j(final, order, start, -m, 0, m)
        factor = (2 * order + 1) * np.sqrt((2 * final + 1) * (2 * start + 1)) * (-1) ** m
        total += 1j**order * factor * angular * integral
    return total


@pytest.mark.parametrize("shell", ["2p", "3s", "3p", "3d"])
def test_partial_waves_give_the_closed_forms(shell):
    """Summed over thirteen partial waves, <f|e^(iqz)|i> and <f|e^(iqz) grad|i> give df/dW and C."""
    n, start = SHAPES[shell].n, SHAPES[shell].orbital
    q = 0.25
    energy, Qs = ENERGY + 1 / n**2, q**2
    wave, slope = bound_wave(shell)
    # gradient formula: grad(R Y_lm) has parts with l + 1 and l - 1
    parts = {start + 1: -np.sqrt((start + 1) / (2 * start + 1)) * (slope - start * wave / RADII)}
    if start:
        parts[start - 1] = np.sqrt(start / (2 * start + 1)) * (slope + (start + 1) * wave / RADII)
    charge = current = 0.0
    for final in range(LAST_WAVE + 1):
        for m in range(-start, start + 1):
            if abs(m) <= final:
                charge += abs(plane_wave(final, start, m, q, wave)) ** 2
            for mu in (-1, 1):
                amplitude = 0j
                for l, radial in parts.items():  # noqa: E741
                    if abs(m - mu) <= min(final, l):
                        clebsch = np.sqrt(2 * start + 1) * three_j(l, 1, start, m - mu, mu, -m)
                        clebsch *= (-1) ** (l - 1 + m)
                        amplitude += clebsch * plane_wave(final, l, m - mu, q, radial)
                current += abs(amplitude) ** 2
    charge /= 2 * start + 1
    current /= 2 * start + 1
    strength, closed = (
        float(function(energy, Qs, shell=shell))
        for function in (oscillator_strength, transverse_strength)
    )
    # the waves that are left out carry 2e-6
    assert energy / Qs * charge == pytest.approx(strength, rel=1e-5)
    assert 2 * current == pytest.approx(closed, rel=1e-5)


# ---- through the general machinery ------------------------------------------------------


def ratio(interaction, W, shell="1s", Z=SMALL_Z):
    """Return dsigma/dT of one bound electron over that of a free one."""
    T = W * Z**2 * c.rydberg
    bound, free = (
        na.differential_cross_section(T, E, interaction=interaction, response=response)
        for response in (HydrogenLike(Z, shell), na.response("free", "H"))
    )
    return float(bound / free)


e4, e8 = np.exp(-4), np.exp(-8)
AT_THRESHOLD = 1 + 1e-12


@pytest.mark.parametrize(
    ("shell", "magnetic", "weak"),
    [
        ("1s", 1 - 7 / 3 * e4, 1 - 7 / 3 * e4),
        ("2s", 1 - 1639 / 15 * e8, 1 - 871 / 15 * e8),
        ("2p", 1 - 2101 / 45 * e8, 1 - 103 / 15 * e8),
    ],
)
def test_ratio_to_a_free_electron_at_threshold(shell, magnetic, weak):
    """1s 1 - (7/3)e^-4 for every channel; 2s and 2p have one ratio for each kind."""
    W = AT_THRESHOLD / SHAPES[shell].n ** 2
    assert ratio(MOMENT, W, shell) == pytest.approx(magnetic, rel=1e-6)
    assert ratio(na.Weak(), W, shell) == pytest.approx(weak, rel=1e-6)
    assert ratio(RADIUS, W, shell) == pytest.approx(weak, rel=1e-6)


@pytest.mark.parametrize(
    ("W", "expected"), [(AT_THRESHOLD, 0.957264), (1.1, 0.963205), (2, 0.987439), (10, 0.999531)]
)
def test_ratio_of_the_magnetic_moment_above_threshold(W, expected):
    """The published six digits for 1s."""
    assert ratio(MOMENT, W) == pytest.approx(expected, abs=6e-7)


def test_relativistic_kinematics_shift_hydrogen_by_ten_millionths():
    """At Z = 1 the threshold ratio is 1.04e-5 above the non-relativistic one, growing as Z^2."""
    exact = 1 - 7 / 3 * e4
    shift = ratio(MOMENT, AT_THRESHOLD, Z=1.0) - exact
    # T/m = 2.7e-5 sets the scale; half of it where |q|^2 and Q^2 differ by T^2
    assert shift == pytest.approx(1.04e-5, abs=1e-7)
    assert ratio(MOMENT, AT_THRESHOLD, Z=3.0) - exact == pytest.approx(9 * shift, rel=0.01)


def test_longitudinal_low_momentum_limit_is_photoabsorption():
    """R_T = (T/m) df/dT and R_L = |q|^2 df/dT/(2mT) for Q^2 -> 0, so R_T/2 = (T/|q|)^2 R_L."""
    Z = SMALL_Z
    T = np.geomspace(1, 50, 6) * Z**2 * c.rydberg * AT_THRESHOLD
    q2 = 1e-4 * T**2
    measure = HydrogenLike(Z).measure(T, q2_min=0 * T, q2_max=q2)
    longitudinal, transverse = (measure.weights[name].sum(axis=(0, 2)) / q2 for name in "LT")
    strength = oscillator_strength(T / (Z**2 * c.rydberg), 0.0) / (Z**2 * c.rydberg)
    mean_q2 = T**2 + q2 / 2
    # the form factor and the spin are of relative order (Z alpha W)^2, 1e-7 at W = 50
    expected = mean_q2 * strength / (2 * c.electron_mass * T)
    np.testing.assert_allclose(longitudinal, expected, rtol=1e-7)
    np.testing.assert_allclose(transverse, T * strength / c.electron_mass, rtol=1e-7)


def test_spin_gives_the_transverse_response_of_a_free_electron():
    """Far above the edge Int dQ^2 R_T = 2T: the spin alone; and Int dQ^2 R_L = T + 2m."""
    T = np.array([1e4, 1e6]) * SMALL_Z**2 * c.rydberg
    measure = HydrogenLike(SMALL_Z).measure(T, q2_min=0 * T, q2_max=1e6 * c.electron_mass * T)
    # <p^2> adds (4/3)/W by convection and (4/3)/W by the width of the ridge
    moving = 1 + 8 / 3 / np.array([1e4, 1e6])
    np.testing.assert_allclose(measure.weights["T"].sum(axis=(0, 2)), 2 * T * moving, rtol=1e-6)
    np.testing.assert_allclose(
        measure.weights["L"].sum(axis=(0, 2)), T + 2 * c.electron_mass, rtol=1e-7
    )
