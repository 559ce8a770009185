"""The true grid: it reaches as far as smearing matters, and cells end where asked."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.detectors.resolution import FanoResolution
from nuatom.detectors.resolution_formulas import (
    ElectronCounting,
    PerfectResolution,
    PowerResolution,
)
from nuatom.detectors.true_grid import TAIL, TrueRange, true_cells, true_range, with_breaks
from nuatom.errors import InvalidInput

KERNELS = [
    FanoResolution(60 * u.eV),
    PowerResolution(0.01 * u.keV, 0.3 * u.keV**0.5, 0.01),
    ElectronCounting(14 * u.eV, 4 * u.eV, 0.2),
]


@pytest.mark.parametrize("resolution", KERNELS)
def test_what_is_left_out_is_hardly_ever_observed(resolution):
    """Below the grid and above it less than 1e-9 of a deposit lies between the ends."""
    ends = np.array([1.0, 3.0]) * u.keV
    reach = true_range(*ends, resolution, lowest=1 * u.eV)
    part, _ = resolution.below(ends, np.array([reach.low, reach.high]))
    if reach.low > 1.001 * u.eV:
        assert 1 - part[0, 0] < TAIL
    assert part[1, 1] < TAIL
    assert reach.low < ends[0] < ends[1] < reach.high


def test_the_grid_never_goes_below_the_lowest_deposit():
    """Where noise reaches down to zero energy the grid begins at the lowest deposit."""
    reach = true_range(0.2 * u.keV, 1 * u.keV, FanoResolution(68.5 * u.eV), lowest=3 * u.eV)
    assert reach.low == pytest.approx(3 * u.eV, rel=1e-12)


def test_without_smearing_the_grid_is_the_bins():
    """A perfect detector sees nothing from elsewhere."""
    reach = true_range(1 * u.keV, 2 * u.keV, PerfectResolution(), lowest=1 * u.eV)
    assert (reach.low, reach.high) == (1 * u.keV, 2 * u.keV)


@pytest.mark.parametrize("step", [1.0, 0.5, 0.1])
@pytest.mark.parametrize("resolution", [*KERNELS, PerfectResolution()])
def test_cells_are_as_narrow_as_promised(resolution, step):
    """No wider than `step` standard deviations, nor than a tenth of the energy (1 % slack)."""
    cells = true_cells(TrueRange(0.01 * u.keV, 5 * u.keV), resolution, step=step)
    assert cells[[0, -1]] == pytest.approx(np.array([0.01, 5]) * u.keV, rel=1e-9)
    sigma = resolution.sigma(cells[1:])
    limit = 0.1 * cells[1:]
    limit = np.where(sigma > 0, np.minimum(sigma, limit), limit)
    assert np.all(np.diff(cells) > 0)
    assert np.all(np.diff(cells) <= 1.01 * step * limit)


def test_breaks_are_edges_of_cells():
    """Every break inside is an edge, those outside are none, and no cell is empty."""
    breaks = np.array([0.3, 1.217, 1.217 * (1 + 1e-12), 99.0, 2.0]) * u.keV
    cells = with_breaks(np.array([0.5, 1.0, 2.0, 3.0]) * u.keV, breaks)
    assert cells / u.keV == pytest.approx([0.5, 1.0, 1.217, 2.0, 3.0], rel=1e-10)


@pytest.mark.parametrize(("high", "lowest"), [(1.0, 0.0), (1.0, -1.0), (0.5, 0.6)])
def test_nonsense_is_refused(high, lowest):
    """The lowest deposit is positive and below the last bin."""
    with pytest.raises(InvalidInput):
        true_range(0.1, high, PerfectResolution(), lowest=lowest)


def test_a_resolution_wider_than_everything_is_refused():
    """A width that grows faster than the energy never lets go."""
    with pytest.raises(InvalidInput, match="unit"):
        true_range(1 * u.keV, 2 * u.keV, PowerResolution(linear=0.9), lowest=1 * u.eV)
