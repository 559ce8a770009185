"""Acceleration of fixed-point iterations."""

import numpy as np
import pytest

from nuatom.structure.diis import DirectInversion


def test_a_linear_problem_of_n_dimensions_takes_n_plus_two_rounds():
    """x -> A x + b: with n + 1 errors one combination vanishes exactly."""
    matrix = np.array([[0.9, 0.2, 0.0], [-0.3, 0.8, 0.1], [0.0, 0.4, -1.5]])
    shift = np.array([1.0, -2.0, 0.5])
    solver, x = DirectInversion(6), np.zeros(3)
    for _ in range(5):
        new = matrix @ x + shift
        x = solver.improve(new, new - x)
    assert x == pytest.approx(np.linalg.solve(np.eye(3) - matrix, shift), rel=1e-9)


def test_the_solution_itself_is_returned_unchanged():
    """No error, no change."""
    trial = np.array([1.0, 2.0])
    assert DirectInversion(3).improve(trial, np.zeros(2)) is trial
