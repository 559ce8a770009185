"""What every model owes to the rates: a measure of the stated shapes."""

import numpy as np
import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.responses.measure import gauss_legendre


@pytest.mark.parametrize("nodes", [1, 2, 5, 20])
def test_gauss_legendre_is_exact_for_polynomials(nodes):
    """n nodes integrate x^(2n-1) exactly on every interval at once, and not x^(2n)."""
    low, high = np.array([0.0, -1.0, 2.0]), np.array([1.0, 3.0, 2.5])
    x, w = gauss_legendre(low, high, nodes)
    assert x.shape == w.shape == (3, nodes)
    for power in range(2 * nodes):
        expected = (high ** (power + 1) - low ** (power + 1)) / (power + 1)
        # rounding of up to 2n powers against the greatest term of the sum
        scale = (w * np.abs(x) ** power).sum(axis=1)
        assert np.all(np.abs((w * x**power).sum(axis=1) - expected) <= 1e-13 * scale)
    power = 2 * nodes
    missed = (w * x**power).sum(axis=1)[0] - 1 / (power + 1)
    assert nodes > 5 or abs(missed) > 1e-8  # the known remainder, n!^4/((2n+1) (2n)!^2)


def test_empty_and_reversed_intervals_have_no_weight():
    """Where high <= low nothing is integrated, and the nodes stay at the lower end."""
    low, high = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    x, w = gauss_legendre(low, high, 7)
    assert not w.any()
    assert np.all(x == low[:, None])


def test_the_rule_cannot_be_spoilt_by_a_caller():
    """Two calls give equal, separate arrays even if the first result is overwritten."""
    low, high = np.zeros(1), np.ones(1)
    x, w = gauss_legendre(low, high, 3)
    x[:], w[:] = 9.0, 9.0
    again = gauss_legendre(low, high, 3)
    assert float(again[1].sum()) == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("name", catalog.RESPONSES)
def test_every_model_returns_the_stated_shapes(name):
    """Nodes and weights broadcast to (shell, T, node), are finite, and names match `provides`."""
    response = catalog.response(name, "Ge")
    T = np.geomspace(30 * u.eV, 90 * u.keV, 7)
    high = np.full(7, 1.0) * u.MeV**2
    high[-1] = 0.0  # a transfer beyond the kinematic end
    measure = response.measure(T, q2_min=0 * T, q2_max=high)
    shape = np.broadcast_shapes((len(response.shells), 7, 1), measure.q2.shape)
    assert set(measure.weights) <= response.provides
    for weights in measure.weights.values():
        assert weights.shape == shape
        assert np.all(np.isfinite(weights))
        assert np.all(weights[:, -1] == 0)
    assert np.all(np.isfinite(measure.q2))
    assert response.edges.shape == (len(response.shells),)
    assert response.name == name
    for number in response.constituents.values():
        np.broadcast_shapes(np.shape(number), shape)
