"""Small linear algebra beside numpy's."""

import numpy as np
import pytest

from nuatom.inference.toys.small_matrices import normalise, remove, solve


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_solutions_are_those_of_numpy(size):
    """Elimination with pivots solves what numpy solves, also with zeros on the diagonal."""
    rng = np.random.default_rng(size)
    matrix, vector = rng.normal(size=(size, size)), rng.normal(size=size)
    if size > 1:
        np.fill_diagonal(matrix, 0.0)
    expected = np.linalg.solve(matrix, vector)
    room = np.full((size + 2, size + 2), np.nan)
    room[:size, :size] = matrix
    right = np.append(vector, np.nan)
    assert solve(room, right, size)
    assert right[:size] == pytest.approx(expected, rel=1e-9)


def test_singular_matrices_are_told():
    """Exactly dependent rows have no solution."""
    assert not solve(np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones(2), 2)
    assert not solve(np.zeros((1, 1)), np.ones(1), 1)
    assert solve(np.zeros((0, 0)), np.zeros(0), 0)


def test_projection():
    """What is left is orthogonal to the direction, and removing again changes nothing."""
    rng = np.random.default_rng(1)
    vector, unit = rng.normal(size=6), rng.normal(size=6)
    normalise(unit)
    assert np.linalg.norm(unit) == pytest.approx(1.0, rel=1e-15)
    expected = vector - (vector @ unit) * unit
    remove(vector, unit)
    assert vector == pytest.approx(expected, rel=1e-12)
    assert abs(vector @ unit) < 1e-15 * np.linalg.norm(vector) * 10
