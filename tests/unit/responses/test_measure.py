"""What every model owes to the rates: a measure of the stated shapes."""

import numpy as np
import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.responses.measure import Measure, Part, SumOfParts, gauss_legendre


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
def test_kernels_are_integrated_as_with_the_weights_written_out(name):
    """A sum of products, contracted part by part, is the plain sum over nodes of kernel times R."""
    response = catalog.response(name, "Ge")
    T = np.geomspace(60 * u.eV, 50 * u.keV, 5)
    measure = response.measure(T, q2_min=1e-9 * T**2, q2_max=np.full(5, 1.0) * u.MeV**2)
    shape = next(iter(measure.weights.values())).shape
    random = np.random.default_rng(1)
    names = [*measure.weights, "not there"]
    kernels = {name: random.uniform(size=(1, *shape[1:])) for name in names}
    kernels[names[0]] = random.uniform(size=shape)  # a kernel may differ from shell to shell
    expected = sum((kernels[name] * measure.weights[name]).sum(axis=2) for name in names[:-1])
    # rounding of a sum of some hundred positive numbers
    np.testing.assert_allclose(measure.integral(kernels), expected, rtol=1e-13, atol=0)
    assert not measure.integral({"not there": kernels["not there"]}).any()


def test_parts_have_their_own_nodes():
    """Two parts on different nodes give weights that are zero on the nodes of the other."""
    number, first, second = np.array([[2.0]]), np.array([[[3.0]]]), np.array([[[5.0, 7.0]]])
    weights = SumOfParts(
        (
            Part(number, first, {"L": np.array([[10.0]])}, slice(0, 1)),
            Part(number, second, {"L": np.array([[1.0]]), "T": np.array([[4.0]])}, slice(1, 3)),
        ),
        3,
    )
    np.testing.assert_array_equal(weights["L"], [[[60.0, 10.0, 14.0]]])
    np.testing.assert_array_equal(weights["T"], [[[0.0, 40.0, 56.0]]])
    assert list(weights) == ["L", "T"]
    assert len(weights) == 2
    with pytest.raises(KeyError):
        weights["VA"]
    kernels = {"L": np.array([[[1.0, 2.0, 3.0]]]), "T": np.array([[[1.0, 1.0, 1.0]]])}
    found = Measure(np.ones((1, 1, 3)), weights).integral(kernels)
    np.testing.assert_array_equal(found, [[60.0 + 20 + 42 + 40 + 56]])


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
