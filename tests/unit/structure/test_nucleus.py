"""The potential of a nucleus of finite size."""

import numpy as np
import pytest

from nuatom.errors import InvalidInput, UnknownName
from nuatom.structure.nucleus import (
    BOHR_RADIUS_FM,
    FermiNucleus,
    PointNucleus,
    UniformNucleus,
    named_nucleus,
    rms_radius,
)

RADIUS = 4.8 / BOHR_RADIUS_FM


def integral(function, low, high):
    x, w = np.polynomial.legendre.leggauss(200)
    r = (high - low) / 2 * x + (high + low) / 2
    return (high - low) / 2 * (w * function(r)).sum()


def density(nucleus, r):
    return 1 / (1 + np.exp((r - nucleus.half_radius) / nucleus.skin))


def moment(nucleus, power):
    c, end = nucleus.half_radius, nucleus.half_radius + 45 * nucleus.skin
    return sum(
        integral(lambda r: r**power * density(nucleus, r), low, high)
        for low, high in ((0, c), (c, end))
    )


def test_the_fermi_nucleus_has_the_radius_that_was_asked_for():
    """<r^2> of its density, integrated numerically, is the square of the radius."""
    nucleus = FermiNucleus(54, RADIUS)
    # quadrature of an analytic function with 400 points
    assert moment(nucleus, 4) / moment(nucleus, 2) == pytest.approx(RADIUS**2, rel=1e-11)


@pytest.mark.parametrize("x", [0.01, 0.5, 0.999, 1.001, 1.5, 3.0])
def test_the_fermi_potential_is_that_of_its_charge(x):
    """-Z [Int_0^r rho r'^2 / r + Int_r rho r'] / Int rho r'^2, inside and outside c."""
    nucleus = FermiNucleus(54, RADIUS)
    c, end = nucleus.half_radius, nucleus.half_radius + 45 * nucleus.skin
    r = x * c

    def part(power, low, high):
        return integral(lambda t: t**power * density(nucleus, t), low, high)

    inner = part(2, 0, min(r, c)) + (part(2, c, r) if r > c else 0.0)
    outer = part(1, r, end) if r > c else part(1, r, c) + part(1, c, end)
    exact = -54 * (inner / r + outer) / moment(nucleus, 2)
    assert nucleus.potential(np.array([r]))[0] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("kind", [FermiNucleus, UniformNucleus])
def test_outside_every_nucleus_is_a_point(kind):
    """Gauss: beyond the charge the potential is -Z/r."""
    r = np.array([1e-3, 1.0, 50.0])
    point = PointNucleus(32).potential(r)
    assert kind(32, RADIUS).potential(r) == pytest.approx(point, rel=1e-13)


def test_a_uniform_sphere_is_continuous_and_has_its_radius():
    """At R = sqrt(5/3) r_rms value and slope of the two branches meet."""
    nucleus, h = UniformNucleus(20, RADIUS), 1e-5
    edge = np.sqrt(5 / 3) * RADIUS
    v = nucleus.potential(edge * np.array([1 - h, 1 + h]))
    assert (v[1] - v[0]) / (2 * h) == pytest.approx(20 / edge, rel=1e-4)  # h times curvature
    assert nucleus.potential(np.array([1e-12]))[0] == pytest.approx(-1.5 * 20 / edge, rel=1e-12)


def test_a_radius_smaller_than_the_skin_is_refused():
    """A Fermi distribution with the usual skin cannot be as small as a proton."""
    with pytest.raises(InvalidInput, match="UniformNucleus"):
        FermiNucleus(1, 0.84 / BOHR_RADIUS_FM)


def test_the_radius_formula_is_that_of_johnson_and_soff():
    """0.836 A^(1/3) + 0.570 fm: 5.0 fm near A = 149."""
    assert rms_radius(148.7) * BOHR_RADIUS_FM == pytest.approx(5.0, rel=1e-3)


def test_an_unknown_model_is_refused_with_a_hint():
    """A misspelt model gets the nearest name."""
    with pytest.raises(UnknownName, match="did you mean 'uniform'"):
        named_nucleus(32, 74, "unifrom")
