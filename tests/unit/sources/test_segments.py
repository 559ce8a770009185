"""Integrals of piecewise linear functions, against exact arithmetic."""

import mpmath
import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.sources.segments import LinearPart, integrals_above, refined_product

POWERS = (-3, -2, -1, 0, 1, 2, 3, 4, 5)


def above(knots, low, high, power, *, at):
    """The integrals of one power above some energies."""
    return integrals_above(knots, low, high, (power,))(at)[0]


def exactly(low, high, value, slope, power):
    """Int_low^high (a + s E) E^-k dE with 60 digits, from the textbook primitives."""
    with mpmath.workdps(60):
        x, y, v, s = (mpmath.mpf(float(number)) for number in (low, high, value, slope))

        def primitive(k):
            return mpmath.log(y / x) if k == 1 else (y ** (1 - k) - x ** (1 - k)) / (1 - k)

        return float((v - s * y) * primitive(power) + s * primitive(power - 1))


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("shape", ["falls to zero", "rises from zero", "flat", "tilted"])
@pytest.mark.parametrize("ratio", [1 + 1e-10, 1 + 1e-6, 1.001, 1.1, 1.105, 1.11, 2.0, 50.0, 1e6])
def test_part_of_a_segment_equals_exact_arithmetic(power, shape, ratio):
    """The closed form loses no digits, however narrow or wide the part is."""
    low, high = 3.7, 3.7 * ratio
    values = {
        "falls to zero": (1.0, 0.0), "rises from zero": (0.0, 1.0), "flat": (2.0, 2.0),
        "tilted": (1.0, 4.0),
    }[shape]  # fmt: skip
    slope = (values[1] - values[0]) / (high - low)
    part = LinearPart(*(np.array([x]) for x in (low, high, values[1], slope)))
    ours = part.integral(power)[0]
    # rounding of the slope alone moves the exact result by a few eps; a rise from zero
    # under a steep E^-k amplifies the rounding of phi(low) = 0 by the ratio squared
    tolerance = 2e-13 if ratio < 3 else 1e-8 if shape == "rises from zero" else 1e-11
    assert ours == pytest.approx(exactly(low, high, values[1], slope, power), rel=tolerance)


@pytest.mark.parametrize("seed", range(6))
def test_the_segment_found_is_the_one_that_contains_the_energy(seed):
    """The moment of order 0 of random steps equals a plain sum over the segments."""
    rng = np.random.default_rng(seed)
    kind = ("uniform", "logarithmic", "clustered")[seed % 3]
    knots = {
        "uniform": np.linspace(1, 9, 300),
        "logarithmic": np.geomspace(1e-6, 1e3, 1000),
        "clustered": np.unique(np.concatenate([[1.0, 50.0], 7 + 1e-9 * rng.uniform(size=200)])),
    }[kind]
    low, high = rng.uniform(size=(2, knots.size - 1))
    energies = np.concatenate([knots, rng.uniform(knots[0] / 2, knots[-1] * 1.1, 300)])
    ours = above(knots, low, high, 0, at=energies)
    left, right = knots[:-1], knots[1:]
    foot = np.clip(energies[:, None], left, right)
    at_foot = low + (high - low) * (foot - left) / (right - left)
    brute = np.sum((right - foot) * (at_foot + high) / 2, axis=1)
    assert ours == pytest.approx(brute, rel=1e-12, abs=1e-15 * brute.max())


def test_a_spectrum_that_begins_at_zero_energy():
    """Int E dE/E converges at E = 0, Int E dE/E^2 and Int dE/E do not."""
    knots, zero = np.array([0.0, 2.0, 3.0]), np.array([0.0])
    ramp = (knots, np.array([0.0, 1.0]), np.array([1.0, 1.0]))
    assert above(*ramp, 1, at=zero) == pytest.approx(1 + np.log(1.5), rel=1e-14)
    assert above(*ramp, 1, at=np.array([1.0])) == pytest.approx(0.5 + np.log(1.5), rel=1e-14)
    assert np.isinf(above(*ramp, 2, at=zero)[0])
    assert above(*ramp, -1, at=zero) == pytest.approx(4 / 3 + 2.5, rel=1e-14)
    flat = (knots, np.ones(2), np.ones(2))
    assert np.isinf(above(*flat, 1, at=zero)[0])
    nothing = (knots, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert above(*nothing, 2, at=zero) == pytest.approx(1 / 6, rel=1e-14)


def test_refined_product_follows_a_fast_oscillation():
    """A flat spectrum of two knots times sin^2 integrates to half its length and a ripple."""
    k = 200.0
    parts = refined_product(
        np.array([1.0, 3.0]), np.ones(1), np.ones(1), lambda e: np.sin(k * e) ** 2, 2e-5
    )
    exact = 1 - (np.sin(6 * k) - np.sin(2 * k)) / (4 * k)
    # Simpson on segments that are straight to 2e-5: (2 k h)^4/2880 = 1e-11, and rounding
    assert above(*parts, 0, at=np.array(0.0)) == pytest.approx(exact, rel=1e-9)


def test_refined_product_of_two_sloping_segments():
    """A triangle times a power integrates to the closed form: phi is cut where it stands."""
    parts = refined_product(
        np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0]), np.array([1.0, 0.0]), np.sqrt, 2e-5
    )
    # Int_1^2 (E-1) E^(1/2) + Int_2^3 (3-E) E^(1/2)
    exact = (2 / 5 * (2 * 2**2.5 - 1 - 3**2.5) - 2 / 3 * (2**1.5 - 1)) + 2 * (3**1.5 - 2**1.5)
    # Simpson on 1/64 of the range: h^4/2880 of the fourth derivative, 1e-11
    assert above(*parts, 0, at=np.array(0.0)) == pytest.approx(exact, rel=1e-9)


def test_refinement_gives_up_with_an_error():
    """A weight with noise at every scale is refused instead of eating the memory."""
    with pytest.raises(InvalidInput, match="too fast"):
        refined_product(
            np.array([1.0, 3.0]), np.ones(1), np.ones(1), lambda e: np.sin(1e9 * e) ** 2, 1e-9
        )
