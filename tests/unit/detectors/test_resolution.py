"""Resolution: a line becomes a Gaussian, a step an error function, and nothing is lost."""

import math
from itertools import pairwise

import numpy as np
import pytest

from nuatom import units as u
from nuatom.detectors.resolution import FanoResolution, observed_in_bins, observed_spectrum
from nuatom.errors import InvalidInput

RESOLUTION = FanoResolution(20 * u.eV)


def test_sigma_at_10_kev_by_hand():
    """sqrt(400 + 0.11 x 2.96 x 10370) eV = sqrt(3776.47) eV = 61.453 eV."""
    assert RESOLUTION.sigma(10.37 * u.keV) / u.eV == pytest.approx(61.453, rel=1e-5)


def test_noise_alone_at_zero_energy():
    """Without carriers there is no Fano noise."""
    assert RESOLUTION.sigma(0.0) / u.eV == pytest.approx(20.0, rel=1e-12)


def test_a_line_keeps_its_area_mean_and_width():
    """Area 1, mean T, variance sigma^2 plus that of the bin, w^2/12."""
    edges = np.linspace(9.5, 11.2, 341) * u.keV
    line = 10.37 * u.keV
    (share,) = observed_in_bins(np.array([line]), edges, RESOLUTION)
    middle = (edges[1:] + edges[:-1]) / 2
    mean = (share * middle).sum()
    variance = (share * (middle - mean) ** 2).sum()
    width = edges[1] - edges[0]
    # 13 sigma of room: what is outside is below 1e-12
    assert share.sum() == pytest.approx(1.0, rel=1e-12)
    assert mean == pytest.approx(line, rel=1e-9)
    expected = float(RESOLUTION.sigma(line)) ** 2 + width**2 / 12
    assert variance == pytest.approx(expected, rel=1e-6)


def test_a_step_becomes_an_error_function():
    """theta(T - B) at constant sigma is Int Phi((x - B)/sigma) dx over the bin.

    Tolerance 1e-6: six Gauss-Legendre nodes on pieces of one sigma; 1e-12 of a full bin
    seven sigma below the edge.
    """
    constant, edge = FanoResolution(30 * u.eV, fano=0.0), 1.217 * u.keV
    edges = np.linspace(1.0, 1.4, 17) * u.keV
    found = observed_spectrum(
        lambda T: np.where(T < edge, 0.0, 1.0),
        edges,
        constant,
        lowest=0.5 * u.keV,
        breaks=np.array([edge]),
    )

    def primitive(x):
        z = x / (30 * u.eV)
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        return 30 * u.eV * (z * (1 + math.erf(z / math.sqrt(2))) / 2 + density)

    expected = [primitive(b - edge) - primitive(a - edge) for a, b in pairwise(edges)]
    assert found / u.keV == pytest.approx(np.array(expected) / u.keV, rel=1e-6, abs=1e-13)


def test_several_spectra_at_once():
    """Axes before that of the energy are kept."""
    edges = np.linspace(1.0, 2.0, 5) * u.keV
    both = observed_spectrum(
        lambda T: np.array([np.ones_like(T), 2 * np.ones_like(T)]),
        edges,
        RESOLUTION,
        lowest=0.5 * u.keV,
        breaks=np.array([]),
    )
    assert both.shape == (2, 4)
    assert both[1] == pytest.approx(2 * both[0], rel=1e-12)


@pytest.mark.parametrize("wrong", [{"noise": 0.0}, {"noise": 1.0, "fano": -0.1}])
def test_nonsense_is_refused(wrong):
    """Noise must be positive and F not negative."""
    with pytest.raises(InvalidInput):
        FanoResolution(**wrong)


def test_lowest_must_be_below_the_bins():
    """Deposits below threshold leak up, so that the spectrum must start below it."""
    with pytest.raises(InvalidInput, match="lowest"):
        observed_spectrum(
            np.ones_like,
            np.array([1.0, 2.0]) * u.keV,
            RESOLUTION,
            lowest=1.5 * u.keV,
            breaks=np.array([]),
        )
