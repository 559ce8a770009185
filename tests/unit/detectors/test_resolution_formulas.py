"""Resolutions: widths by hand, moments of what is observed, and refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom import units as u
from nuatom.detectors.resolution import FanoResolution, gaussian_below
from nuatom.detectors.resolution_formulas import (
    ElectronCounting,
    PerfectResolution,
    PolynomialResolution,
    PowerResolution,
    TabulatedResolution,
    polynomial_in_keV,
    table_of,
)
from nuatom.errors import InvalidInput, OutOfRange

ALL = {
    "fano": FanoResolution(60 * u.eV),
    "power": PowerResolution(0.02 * u.keV, 0.1 * u.keV**0.5, 0.01),
    "polynomial": polynomial_in_keV([0.05, 0.1, -0.005], 8 * u.keV),
    "table": TabulatedResolution(np.array([0.0, 9.0]) * u.keV, np.array([0.05, 0.2]) * u.keV),
    "electrons": ElectronCounting(20 * u.eV, 5 * u.eV, 0.3),
    "perfect": PerfectResolution(),
}


def test_power_by_hand():
    """0.02 + 0.3 x 2 + 0.01 x 4 keV at 4 keV."""
    resolution = PowerResolution(0.02 * u.keV, 0.3 * u.keV**0.5, 0.01)
    assert resolution.sigma(4 * u.keV) / u.keV == pytest.approx(0.66, rel=1e-12)


def test_polynomial_by_hand():
    """0.1 + 0.2 x 3 - 0.01 x 9 keV at 3 keV, and beyond the fit what it ends with."""
    resolution = polynomial_in_keV([0.1, 0.2, -0.01], 5 * u.keV)
    width = resolution.sigma(np.array([0.0, 3.0, 5.0, 50.0]) * u.keV) / u.keV
    assert width == pytest.approx([0.1, 0.61, 0.85, 0.85], rel=1e-12)


@pytest.mark.parametrize(
    "coefficients",
    [(), (0.0, 1.0), (-0.1, 1.0), (0.1, -0.2), (1.0, -2.0, 1.0), (0.1, math.nan), (1.0, -3.0, 2.1)],
)
def test_a_width_that_vanishes_is_refused(coefficients):
    """At the ends or in between, as 1 - 2 E + E^2 does at E = 1."""
    with pytest.raises(InvalidInput, match="resolution"):
        PolynomialResolution(coefficients, 2.0)


def test_table_is_linear_between_rows():
    """Half way between the rows the width is the mean."""
    assert ALL["table"].sigma(4.5 * u.keV) / u.keV == pytest.approx(0.125, rel=1e-12)


@pytest.mark.parametrize("energy", [-0.001, 9.001])
def test_table_is_silent_outside(energy):
    """No width is extrapolated."""
    with pytest.raises(OutOfRange, match="keV"):
        ALL["table"].sigma(energy * u.keV)


@pytest.mark.parametrize("name", ALL)
def test_everything_is_observed_somewhere_with_the_right_mean(name):
    """Far above, the part is one and the first moment is the true energy."""
    energy = np.array([0.3, 2.0, 7.0]) * u.keV
    part, moment = ALL[name].below(np.array([1e3 * u.keV]), energy)
    # electrons: the Poisson sum is cut below 1e-16 of it
    assert part[0] == pytest.approx(np.ones(3), rel=1e-12)
    assert moment[0] == pytest.approx(energy, rel=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_sigma_is_the_standard_deviation(name):
    """Int y^2 p dy - E^2 on a fine grid of the first moment is sigma^2."""
    energy = np.array([3.0]) * u.keV
    grid = np.linspace(-5, 12, 20001) * u.keV
    _, moment = ALL[name].below(grid, energy)
    middle = (grid[1:] + grid[:-1]) / 2
    variance = (np.diff(moment[:, 0]) * middle).sum() - energy[0] ** 2
    # step of the grid, 0.85 eV: h^2/12 and, for no width, h E/2
    expected = float(ALL[name].sigma(energy)[0]) ** 2
    assert variance / u.keV**2 == pytest.approx(expected / u.keV**2, abs=3e-3, rel=1e-5)


def test_first_moment_of_a_gaussian_by_hand():
    """Below its mean a Gaussian has E/2 - sigma/sqrt(2 pi)."""
    _, moment = gaussian_below(np.array([5.0]), np.array([5.0]), np.array([2.0]))
    assert moment.item() == pytest.approx(2.5 - 2 / math.sqrt(2 * math.pi), rel=1e-14)


def test_few_electrons_are_poisson():
    """With narrow peaks the part below n + 1/2 electrons is the sum of Poisson terms."""
    mean = 2.3
    signal = ElectronCounting(10 * u.eV, 0.1 * u.eV)
    part, _ = signal.below((np.arange(5) + 0.5) * 10 * u.eV, np.array([mean * 10 * u.eV]))
    terms = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(5)]
    assert part[:, 0] == pytest.approx(np.cumsum(terms), rel=1e-12)


def test_no_deposit_gives_no_electron():
    """At E = 0 only noise is left, half of it negative."""
    part, _ = ALL["electrons"].below(np.array([0.0]), np.array([0.0]))
    assert part.item() == pytest.approx(0.5, rel=1e-12)


def test_many_electrons_are_refused():
    """The sum is for few electrons."""
    with pytest.raises(OutOfRange, match="Gaussian"):
        ALL["electrons"].below(np.array([1 * u.keV]), np.array([50 * u.keV]))


@pytest.mark.parametrize(
    "make",
    [
        PowerResolution,
        lambda: PowerResolution(1.0, -0.1),
        lambda: PowerResolution(math.nan),
        lambda: ElectronCounting(0.0, 1.0),
        lambda: ElectronCounting(1.0, 0.0),
        lambda: ElectronCounting(1.0, 1.0, -0.5),
        lambda: TabulatedResolution([1, 2], [0.1, 0.0]),
        lambda: TabulatedResolution([1, 2], [0.1, -0.1]),
        lambda: PowerResolution(1.0).sigma(-1.0),
    ],
)
def test_nonsense_is_refused(make):
    """Widths are positive, and energies not negative."""
    with pytest.raises(InvalidInput):
        make()


BAD = st.one_of(st.just(math.nan), st.just(math.inf), st.floats(-5, 5))


@given(st.lists(st.tuples(BAD, BAD), max_size=6))
def test_a_table_is_sound_or_refused(rows):
    """Whatever is thrown at it: finite and increasing columns come out, or an error."""
    x, y = [r[0] for r in rows], [r[1] for r in rows]
    try:
        energies, values = table_of("curve", x, y)
    except InvalidInput:
        sound = len(x) >= 2 and all(map(math.isfinite, x + y))
        assert not (sound and x[0] >= 0 and all(np.diff(x) > 0))
    else:
        assert energies.size == values.size >= 2
        assert np.all(np.isfinite(values)) and np.all(np.diff(energies) > 0) and energies[0] >= 0


@pytest.mark.parametrize(
    ("x", "y"),
    [([1, 2], [1]), ([[1, 2]], [[1, 2]]), (["a", "b"], [1, 2]), ([2, 1], [1, 1]), ([1, 1], [1, 1])],
)
def test_shapes_and_order(x, y):
    """Unequal columns, matrices, text and disorder are refused."""
    with pytest.raises(InvalidInput, match="curve"):
        table_of("curve", x, y)
