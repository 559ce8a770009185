"""Counting in bins: conservation, column sums, and efficiencies inside the integrals."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from nuatom import units as u
from nuatom.detectors.efficiency import (
    ConstantEfficiency,
    ErrorFunctionEfficiency,
    StepEfficiency,
    TabulatedEfficiency,
)
from nuatom.detectors.resolution import FanoResolution
from nuatom.detectors.resolution_formulas import (
    ElectronCounting,
    PerfectResolution,
    PowerResolution,
)
from nuatom.detectors.response_matrix import (
    Counting,
    ResponseMatrix,
    gauss_points,
    published_matrix,
)
from nuatom.errors import InvalidInput

NOISE = FanoResolution(50 * u.eV, fano=0.0)
KERNELS = [
    NOISE,
    PowerResolution(0.02 * u.keV, 0.1 * u.keV**0.5),
    ElectronCounting(30 * u.eV, 10 * u.eV, 0.3),
]
TRUE = np.array([0.05, 0.31, 0.5, 0.77, 1.6]) * u.keV
BINS = np.linspace(0.2, 1.2, 11) * u.keV
TURN_ON = ErrorFunctionEfficiency(0.4 * u.keV, 0.06 * u.keV, 0.9)


@pytest.mark.parametrize("resolution", KERNELS)
def test_smearing_conserves_counts(resolution):
    """Bins that cover everything count everything, to 1e-10."""
    bins = np.linspace(-3, 6, 501) * u.keV
    found = Counting(bins, resolution, (), -3 * u.keV).probability(TRUE)
    assert found.sum(axis=0) == pytest.approx(np.ones(5), rel=1e-10)


@pytest.mark.parametrize("resolution", [*KERNELS, PerfectResolution()])
@pytest.mark.parametrize("kind", ["true", "recoil"])
def test_columns_sum_to_the_efficiency_in_true_energy(resolution, kind):
    """An efficiency before smearing is the sum over all bins of each column, to 1e-10."""
    curve = ErrorFunctionEfficiency(0.4 * u.keV, 0.06 * u.keV, 0.9, kind)
    bins = np.linspace(-3, 6, 201) * u.keV
    counting = Counting(bins, resolution, (curve, ConstantEfficiency(0.5)), -3 * u.keV)
    found = counting.probability(TRUE).sum(axis=0)
    assert found == pytest.approx(0.5 * curve(TRUE), rel=1e-10)


def test_efficiencies_of_two_energies_take_their_own():
    """Before quenching and after it are different energies."""
    recoil, true = StepEfficiency(2.0, 0.5, "recoil"), StepEfficiency(0.6, 0.8, "true")
    counting = Counting(np.array([0.0, 9.0]), PerfectResolution(), (recoil, true), 0.0)
    found = counting.probability(np.array([0.5, 0.7, 0.7]), np.array([3.0, 1.0, 3.0]))
    assert found.tolist() == [[0.0, 0.0, 0.4]]


def test_efficiency_in_reconstructed_energy_against_quadrature():
    """Sum of a column = Int efficiency(y) Gauss(y; E, sigma) dy.

    For an error function of width w that is an error function of width (w^2 + sigma^2)^1/2;
    pieces of w/10 leave 1e-6 of the plateau.
    """
    bins = np.linspace(-1, 4, 6) * u.keV
    found = Counting(bins, NOISE, (TURN_ON,), -1 * u.keV).probability(TRUE).sum(axis=0)
    width = math.hypot(0.06, 0.05)
    expected = [0.45 * (1 + math.erf((e - 0.4) / (math.sqrt(2) * width))) for e in TRUE / u.keV]
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_wide_bin_against_nested_quadrature():
    """The part of a turn-on inside one bin, integrated by brute force (abs 1e-6 as above)."""
    found = Counting(np.array([0.3, 0.45]) * u.keV, NOISE, (TURN_ON,), 0.0).probability(TRUE)
    for energy, value in zip(TRUE / u.keV, found[0], strict=True):

        def density(y, energy=energy):
            gauss = math.exp(-(((y - energy) / 0.05) ** 2) / 2) / (0.05 * math.sqrt(2 * math.pi))
            return gauss * float(TURN_ON(np.array(y * u.keV)))

        expected = quad(density, 0.3, 0.45, epsabs=1e-12, points=[0.4])[0]
        assert value == pytest.approx(expected, abs=1e-6)


def test_a_table_in_reconstructed_energy_is_exact():
    """Linear between its rows, jumps outside: closed form with Gaussian moments."""
    table = TabulatedEfficiency(
        np.array([0.3, 0.5, 0.9]) * u.keV, np.array([0.2, 0.6, 1.0]), outside="zero"
    )
    bins = np.array([0.0, 0.7, 2.0]) * u.keV
    found = Counting(bins, NOISE, (table,), 0.0).probability(TRUE)
    for column, energy in enumerate(TRUE / u.keV):

        def density(y, energy=energy):
            gauss = math.exp(-(((y - energy) / 0.05) ** 2) / 2) / (0.05 * math.sqrt(2 * math.pi))
            return gauss * float(np.interp(y, [0.3, 0.5, 0.9], [0.2, 0.6, 1.0]))

        low = quad(density, 0.3, 0.5, epsabs=1e-14)[0] + quad(density, 0.5, 0.7, epsabs=1e-14)[0]
        high = quad(density, 0.7, 0.9, epsabs=1e-14)[0]
        assert found[:, column] == pytest.approx([low, high], abs=1e-12)


def test_a_threshold_cuts_inside_a_bin():
    """A bin is counted from the threshold on, and bins below it are empty."""
    found = Counting(BINS, NOISE, (), 0.35 * u.keV).probability(TRUE)
    step = Counting(BINS, NOISE, (StepEfficiency(0.35 * u.keV),), 0.0).probability(TRUE)
    narrow = Counting(np.array([0.35, 0.4]) * u.keV, NOISE, (), 0.0).probability(TRUE)
    assert np.all(found[0] == 0)
    assert found[1] == pytest.approx(narrow[0], rel=1e-12)
    assert found == pytest.approx(step, rel=1e-9, abs=1e-15)


def test_a_line_becomes_a_gaussian():
    """A deposit of 0.77 keV is seen in each bin with the integral of a Gaussian."""
    found = Counting(BINS, NOISE, (), 0.0).probability(TRUE[3:4])[:, 0]
    below = [(1 + math.erf((b - 0.77) / (0.05 * math.sqrt(2)))) / 2 for b in BINS / u.keV]
    assert found == pytest.approx(np.diff(below), abs=1e-14)


def test_a_line_keeps_its_area_mean_and_width():
    """Area 1, mean T, variance sigma^2 plus that of the bin, w^2/12."""
    resolution = FanoResolution(20 * u.eV)
    edges = np.linspace(9.5, 11.2, 341) * u.keV
    line = 10.37 * u.keV
    share = Counting(edges, resolution, (), 0.0).probability(np.array([line]))[:, 0]
    middle = (edges[1:] + edges[:-1]) / 2
    mean = (share * middle).sum()
    variance = (share * (middle - mean) ** 2).sum()
    width = edges[1] - edges[0]
    # 13 sigma of room: what is outside is below 1e-12
    assert share.sum() == pytest.approx(1.0, rel=1e-12)
    assert mean == pytest.approx(line, rel=1e-9)
    expected = float(resolution.sigma(line)) ** 2 + width**2 / 12
    assert variance == pytest.approx(expected, rel=1e-6)


def test_without_smearing_a_deposit_lies_in_its_bin():
    """A perfect detector puts each deposit into one bin."""
    found = Counting(BINS, PerfectResolution(), (), 0.0).probability(TRUE)
    assert found.sum(axis=0).tolist() == [0, 1, 1, 1, 0]
    assert found[1, 1] == found[5, 3] == 1


def test_published_matrix_is_used_as_it_is():
    """Flat spectra give width x probability; per-cell probabilities come back."""
    cells = np.array([0.1, 0.2, 0.5, 1.0]) * u.keV
    parts = np.array([[0.1, 0.2, 0.0], [0.0, 0.3, 0.9]])
    matrix = published_matrix("nuclear", np.array([90.0, 100.0, 120.0]), cells, parts)
    assert matrix.per_cell == pytest.approx(parts, rel=1e-12, abs=1e-15)
    found = matrix.counts_of(lambda T: np.ones_like(T) / u.keV)
    assert found == pytest.approx(parts @ np.array([0.1, 0.3, 0.5]), rel=1e-12)


def test_gauss_points_integrate_polynomials():
    """Four points in each cell integrate x^7 exactly."""
    points, weights = gauss_points(np.array([0.0, 0.3, 2.0]))
    assert (weights * points**7).sum() == pytest.approx(2.0**8 / 8, rel=1e-13)


def test_several_spectra_at_once_and_linearity():
    """Axes before that of the energy are kept, and counts are linear."""
    matrix = published_matrix("electron", np.array([0.0, 1]), np.array([1.0, 2]), [[0.5]])
    both = matrix.counts(np.array([matrix.points, 3 * matrix.points]))
    assert both == pytest.approx(np.array([[0.75], [2.25]]), rel=1e-12)


def test_digest_tells_matrices_apart():
    """The same content has the same hash, another efficiency another one."""
    first, same, other = (
        published_matrix("electron", np.array([0.0, 1]), np.array([1.0, 2]), [[value]]).digest()
        for value in (0.5, 0.5, 0.6)
    )
    assert first == same != other


@pytest.mark.parametrize(
    "rate", [np.ones(3), np.float64(1.0), np.ones((4, 2)), np.array([1, np.nan, 1, 1])]
)
def test_spectra_of_the_wrong_shape_are_refused(rate):
    """One finite value for each point, on the last axis."""
    matrix = published_matrix("electron", np.array([0.0, 1]), np.array([1.0, 2]), [[0.5]])
    with pytest.raises(InvalidInput, match="rate"):
        matrix.counts(rate)


@pytest.mark.parametrize("parts", [[[0.5, 0.5]], [[-0.1]], [[1.1]], [[np.nan]], [[0.6], [0.6]]])
def test_matrices_that_are_no_probabilities_are_refused(parts):
    """Wrong shape, negative, or more than everything."""
    with pytest.raises(InvalidInput, match="response matrix"):
        bins = np.arange(len(parts) + 1.0)
        published_matrix("electron", bins, np.array([1.0, 2.0]), parts)


@pytest.mark.parametrize(
    ("bins", "threshold"), [([1.0], 0.0), ([2.0, 1.0], 0.0), ([1.0, 2.0], 2.0), ([1, np.nan], 0.0)]
)
def test_bins_that_count_nothing_are_refused(bins, threshold):
    """At least one bin, in order, above the threshold."""
    with pytest.raises(InvalidInput):
        Counting(np.array(bins), NOISE, (), threshold)


def test_efficiency_of_a_matrix_is_the_column_sum():
    """Columns add up over the bins."""
    matrix = ResponseMatrix(
        "electron", np.arange(3.0), np.arange(2.0), np.array([0.5]), np.array([1.0]),
        np.array([[0.3], [0.4]]),
    )  # fmt: skip
    assert matrix.efficiency == pytest.approx([0.7], rel=1e-14)
