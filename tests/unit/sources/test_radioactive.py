"""Electron-capture and tritium sources, against published lines and closed forms."""

import numpy as np
import pytest
from scipy.integrate import quad

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.sources import capture_source, tritium_source
from nuatom.sources.radioactive import capture_lines, isotropic

ZERO = np.array(0.0)


@pytest.mark.parametrize("nuclide", ["Cr51", "Ar37"])
def test_one_neutrino_per_decay(nuclide):
    """The lines add up to one."""
    assert sum(line.intensity for line in capture_lines(nuclide)) == pytest.approx(1, rel=1e-12)


def test_chromium_lies_where_it_is_published():
    """Mainly 747 keV (SAGE, Phys. Rev. C 59, 2246), 0.72 MeV on average (arXiv:2212.09722)."""
    lines = capture_lines("Cr51")
    assert round(lines[0].energy / u.keV) == 747
    mean = sum(line.energy * line.intensity for line in lines)
    assert round(mean / u.MeV, 2) == 0.72


def test_a_captured_electron_takes_its_binding_with_it():
    """K lines lie below L lines by the difference of the edges of the daughter, 4.84 keV in V."""
    lines = capture_lines("Cr51")
    assert (lines[2].energy - lines[0].energy) / u.keV == pytest.approx(5.465 - 0.628, abs=0.01)


def test_chromium_has_two_levels():
    """The lines to the level at 320 keV lie 320.08 keV lower and have 9.9 % of the decays."""
    lines = capture_lines("Cr51")
    assert (lines[0].energy - lines[1].energy) / u.keV == pytest.approx(320.08, abs=0.01)
    excited = sum(line.intensity for line in lines if line.energy < 500 * u.keV)
    assert excited == pytest.approx(0.0991, abs=0.0005)


def test_flux_falls_with_the_square_of_the_distance():
    """activity/(4 pi d^2): 1e15 /s at 1 m are 7.958e9 / (cm^2 s)."""
    near = capture_source("Ar37", activity=1e15 / u.second, distance=1 * u.metre)
    far = capture_source("Ar37", activity=1e15 / u.second, distance=2 * u.metre)
    assert near.total_flux() == pytest.approx(1e15 / (4e4 * np.pi) * u.flux, rel=1e-12)
    assert near.total_flux() / far.total_flux() == pytest.approx(4, rel=1e-12)
    assert {flux.flavor for flux in near.fluxes} == {"nu_e"}
    assert "35.011 days" in near.notes


def test_a_line_ends_exactly():
    """An electron recoils with at most 2E^2/(2E+m); above, the needed energy exceeds the line."""
    line = capture_lines("Ar37")[0]
    T = 2 * line.energy**2 / (2 * line.energy + c.electron_mass)
    for factor, alive in ((1 - 1e-12, True), (1 + 1e-12, False)):
        t = T * factor
        least = (t + np.sqrt(t * (t + 2 * c.electron_mass))) / 2
        assert bool(line.moment(0)(np.array(least)) > 0) is alive


def test_tritium_mean_energy():
    """The mean of the allowed shape by an independent quadrature, with the same mass difference.

    The non-relativistic Fermi function x/(1 - e^-x), x = 2 pi alpha Z/v, differs from the
    relativistic one of Z = 2 by (alpha Z)^2 ln, less than 1e-3 over this spectrum.
    """
    source = tritium_source(activity=1e15 / u.second, distance=1 * u.metre)
    top, m = 18.59202, c.electron_mass / u.keV

    def shape(E, power):
        T = top - E
        p = np.sqrt(T * (T + 2 * m))
        x = 2 * np.pi * c.fine_structure * 2 * (T + m) / p
        return E**power * p * (T + m) * E**2 * x / (1 - np.exp(-x))

    norm, first = (quad(shape, 0, top, args=(k,))[0] for k in (0, 1))
    assert source.mean(1) / u.keV == pytest.approx(first / norm, rel=1e-3)
    assert {flux.flavor for flux in source.fluxes} == {"anti_nu_e"}
    assert source.total_flux() == pytest.approx(1e15 / (4e4 * np.pi) * u.flux, rel=1e-12)


@pytest.mark.parametrize("change", [{"activity": 0.0}, {"distance": -1.0}, {"activity": np.nan}])
def test_wrong_sources_are_refused(change):
    """Activity and distance are positive."""
    good = {"activity": 1.0, "distance": 1.0}
    for build in (lambda **k: capture_source("Cr51", **k), tritium_source):
        with pytest.raises(InvalidInput, match=next(iter(change))):
            build(**(good | change))
    with pytest.raises(UnknownName, match="Cr51"):
        capture_source("Cr-51", **good)
    assert isotropic(4 * np.pi, 1.0) == pytest.approx(1, rel=1e-15)
