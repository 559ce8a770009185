"""The compiled fit: how it ends, and that Python computes the same."""

import numpy as np
import pytest

from nuatom.inference.toys import linear_poisson_kernels as kernels


def model(constant, templates, low=-np.inf):
    """A spectrum without Gaussian numbers, fits beginning at one."""
    size = len(templates)
    return kernels.Spectrum(
        np.array(constant, dtype=float),
        np.array(templates, dtype=float),
        np.full(size, float(low)),
        np.full(size, np.inf),
        np.zeros((size, size)),
        np.ones(size),
    )


def fitted(spectrum, counts, start):
    """Return deviance, end and values of one spectrum."""
    size = spectrum.start.size
    data = kernels.Data(np.array([counts], dtype=float), np.zeros((1, size)), np.zeros(1))
    values, deviances = np.array([start], dtype=float), np.empty(1)
    ends = np.full(1, -1)
    kernels.fit_many(spectrum, data, values, deviances, ends)
    return deviances[0], ends[0], values[0]


def test_impossible_starts_are_told():
    """Counts where nothing is expected, or a negative expectation."""
    one = model([0.0, 1.0], [[1.0, 0.0]])
    assert fitted(one, [2.0, 1.0], [0.0])[:2] == (np.inf, kernels.IMPOSSIBLE)
    assert fitted(one, [0.0, 1.0], [-1.0])[1] == kernels.IMPOSSIBLE
    assert fitted(one, [2.0, 1.0], [1.0])[1] == kernels.DONE


def test_a_flat_direction_stays_where_it_is():
    """A parameter on which nothing depends does not move far, nor spoil the others."""
    deviance, end, values = fitted(model([0.0], [[1.0], [0.0]]), [5.0], [1.0, 1.0])
    assert end == kernels.DONE
    assert deviance == pytest.approx(0.0, abs=1e-10)
    assert values == pytest.approx([5.0, 1.0], rel=1e-6)


def test_empty_bins_pull_to_the_bound():
    """Without counts D is linear: the best strength is its bound."""
    deviance, end, values = fitted(model([0.5, 0.5], [[1.0, 2.0]], low=0.0), [0.0, 0.0], [7.0])
    assert (deviance, end, values[0]) == (2.0, kernels.DONE, 0.0)


def test_weights_and_pulls():
    """D = w d^2 - 2 v d + u, d = theta - 1, has its minimum at d = v/w."""
    spectrum = model([1.0], [[0.0]])._replace(weight=np.array([[4.0]]))
    data = kernels.Data(np.array([[1.0]]), np.array([[2.0]]), np.array([3.0]))
    values, deviances, ends = np.array([[0.0]]), np.empty(1), np.full(1, -1)
    kernels.fit_many(spectrum, data, values, deviances, ends)
    assert values[0, 0] == pytest.approx(1.5, rel=1e-9)
    assert deviances[0] == pytest.approx(3.0 - 1.0, rel=1e-9)


def test_deviance_keeps_its_digits():
    """For mu = n (1 + x), D = n x^2 (1 - 2x/3): at x = 1e-9 a difference would be noise."""
    n = np.array([4.0])
    for x in (1e-9, 1e-6, 0.999e-3, 1.001e-3):
        exact = 4 * x**2 * (1 - 2 * x / 3 + x**2 / 2)
        assert kernels._deviance(n, n * (1 + x)) == pytest.approx(exact, rel=1e-6)
    assert kernels._deviance(np.array([0.0]), np.array([1.5])) == 3.0
    assert kernels._deviance(np.array([0.0]), np.array([-1e-9])) == np.inf
    assert kernels._deviance(n, np.zeros(1)) == np.inf
