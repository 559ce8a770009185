"""The exchange of a wave with one orbital, against closed forms and quadrature."""

import numpy as np
import pytest
from scipy.integrate import cumulative_simpson

from nuatom.structure.continuum_grid import POINTS_PER_CELL, continuum_grid, gauss_rule
from nuatom.structure.exchange_kernels import apply_exchange, radial_kernels


def exchange(terms, weights, large, small):
    """Return the grid, and ``X f`` where f and all orbitals are the same."""
    grid = continuum_grid(1, 1.0, 40.0, refinement=3.0)
    wave = np.stack([large(grid.points), small(grid.points)])
    numbers = np.array([(b, k, 0, grid.cells) for b, k in terms], dtype=np.int64)
    highest = max(k for _, k in terms)
    kernels = radial_kernels((grid.points, grid.boundaries, gauss_rule()[2]), highest)
    core = np.stack([wave] * (1 + max(b for b, _ in terms)))
    result = np.zeros_like(wave)
    apply_exchange(wave, core, (numbers, np.array(weights)), kernels, result)
    return grid, wave, result


def test_the_charge_of_1s_is_seen_as_in_the_closed_form():
    """``Y^0/r = [1 - exp(-2r)(1 + r)]/r`` of hydrogen 1s, times the orbital.

    1e-10: the rule of a cell is exact for polynomials of degree 15, a cell spans 0.2 in ln r.
    """
    grid, wave, result = exchange([(0, 0)], [1.0], lambda r: 2 * r * np.exp(-r), np.zeros_like)
    r = grid.points
    # 1 - exp(-2r)(1 + r) without loss near the nucleus
    charge = -np.expm1(-2 * r) - r * np.exp(-2 * r)
    assert result[0] == pytest.approx(charge / r * wave[0], abs=1e-10)
    assert np.all(result[1] == 0)


@pytest.mark.parametrize("rank", [1, 4, 12])
def test_any_rank_is_the_double_integral(rank):
    """``Int r_<^k/r_>^(k+1) (P^2 + Q^2) dr'`` by Simpson's rule in ln r.

    1e-6 of its maximum, the square of the step, because values are interpolated linearly; the
    cells are half as wide as those of tables, r^16 being beyond the degree of their points.
    """
    shape = lambda r: r**2 * np.exp(-r)  # noqa: E731
    grid, wave, result = exchange([(0, rank)], [1.0], shape, lambda r: 0.3 * shape(r))
    y = np.linspace(np.log(1e-6), np.log(40.0), 20001)
    r = np.exp(y)
    rho = 1.09 * shape(r) ** 2 * r  # dr = r dy
    step = y[1] - y[0]
    inside = cumulative_simpson(rho * r**rank, dx=step, initial=0)
    outer = rho * r ** (-rank - 1.0)
    outside = cumulative_simpson(outer[::-1], dx=step, initial=0)[::-1]
    exact = np.interp(np.log(grid.points), y, inside * r ** (-rank - 1.0) + outside * r**rank)
    scale = exact.max()
    assert result[0] == pytest.approx(exact * wave[0], abs=1e-6 * scale)
    assert result[1] == pytest.approx(0.3 * result[0], rel=1e-12)


def test_terms_add_with_their_weights():
    """Two ranks of one orbital and one of another: each alone, times its weight, in the sum."""
    shape = (lambda r: r * np.exp(-r), lambda r: 0.1 * r * np.exp(-2 * r))
    terms, weights = [(0, 0), (0, 2), (1, 1)], [0.5, -2.0, 3.0]
    _, _, whole = exchange(terms, weights, *shape)
    parts = [
        weight * exchange([term], [1.0], *shape)[2]
        for term, weight in zip(terms, weights, strict=True)
    ]
    assert whole == pytest.approx(sum(parts), rel=1e-12)
    assert whole.shape[1] % POINTS_PER_CELL == 0
