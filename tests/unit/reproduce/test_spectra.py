"""What several figures share: source, models, quenched rates and grids."""

import dataclasses

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import Weak
from nuatom.reproduce import spectra
from nuatom.responses import Tabulated
from nuatom.sources import mono_energetic


def test_reactor_has_the_flux_that_was_asked_for():
    """The Kuo-Sheng shape, <E> = 1.371 MeV, at any total flux."""
    source = spectra.reactor(1e13)
    assert source.total_flux() / u.flux == pytest.approx(1e13, rel=1e-9)
    assert source.mean(1) / u.MeV == pytest.approx(1.371, rel=0.01)  # the required 1 %
    assert spectra.reactor(1e13) is source


def test_models_are_made_once():
    """A figure that asks twice gets the same object."""
    assert spectra.model("stepped") is spectra.model("stepped")
    assert spectra.model("equivalent-photon", "henke").photoabsorption.name == "henke"


def test_quenching_loses_no_event():
    """Int dR/dT_ion dT_ion = Int dR/dT dT: the Jacobian keeps the number of recoils."""
    source = mono_energetic(4 * u.MeV, 1e13 * u.flux)
    recoil_low, recoil_high = np.array([0.05, 0.4]) * u.keV  # below the end of every isotope
    low, high = spectra.QUENCHING.ionisation_energy(np.array([recoil_low, recoil_high]))
    x, w = np.polynomial.legendre.leggauss(40)

    def integral(function, a, b):
        return (b - a) / 2 * w @ function(a + (b - a) / 2 * (1 + x))

    seen = integral(lambda T: spectra.coherent_rate(T, source), low, high)
    response = spectra.model("nucleus")
    made = integral(lambda T: spectra.rate(T, source, Weak(), response), recoil_low, recoil_high)
    # smooth functions: 40 nodes leave rounding and the 1e-12 of the inverse
    assert seen == pytest.approx(made, rel=1e-9)


def test_coherent_rate_ends_where_quenched_recoils_end():
    """8 MeV give 70Ge at most 2E^2/M = 1.96 keV, which ionises like 0.41 keV, k = 0.157."""
    source = spectra.reactor(1e13)
    end = spectra.QUENCHING.ionisation_energy(1.963 * u.keV)
    assert end / u.eV == pytest.approx(386, rel=0.1)
    below, above = spectra.coherent_rate(np.array([0.9, 1.01]) * end, source)
    assert below > 0
    assert above == 0


def test_grid_holds_every_edge_twice():
    """Just below and at each edge inside the range, in increasing order, nothing smeared."""
    edges = np.array([0.5, 2.0, 2.0, 3.0, 30.0]) * u.keV
    grid = spectra.energy_grid(1 * u.keV, 10 * u.keV, 50, edges)
    assert np.all(np.diff(grid) > 0)
    assert (grid[0], grid[-1]) == pytest.approx((1 * u.keV, 10 * u.keV), rel=1e-12)
    for edge in edges[1:4]:
        at = int(np.searchsorted(grid, edge))
        assert grid[at] == edge
        assert grid[at - 1] == edge * (1 - 1e-9)
    assert grid.size == 50 + 4


def test_ends_of_the_ab_initio_band():
    """Beside the catalogue there are two models more: every response times 1 + band."""
    T = np.array([0.3, 1.3, 11.0]) * u.keV
    source = spectra.reactor(1e13)
    rates = [spectra.moment_rate(T, source, 1e-11, spectra.model(n)) for n in spectra.WITH_BAND]
    band = spectra.ab_initio_table("Ge").band("magnetic-moment", T)
    for found, change in zip(rates[1:], band, strict=True):
        # the factor multiplies each weight instead of the sum
        np.testing.assert_allclose(found, rates[0] * (1 + change), rtol=1e-12)
    for name in spectra.BAND_EDGES:
        assert spectra.model(name).name == name


def test_a_table_without_a_band_is_refused(monkeypatch):
    """What is shown with a band must have one."""
    bare = dataclasses.replace(spectra.ab_initio_table("Ge").table, uncertainty=None)
    monkeypatch.setattr(spectra.catalog, "response", lambda *_: Tabulated(bare))
    with pytest.raises(InvalidInput, match="found no relative_uncertainty"):
        spectra.ab_initio_table("Ge")
