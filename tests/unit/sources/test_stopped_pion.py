"""Pions that decay at rest: closed-form spectra."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.sources import Line, Source, stopped_pions
from nuatom.sources.stopped_pion import pion_line_energy


@pytest.fixture(scope="module")
def source():
    return stopped_pions(rate=1e15 / u.second, distance=20 * u.metre)


def only(source, flavor):
    return Source(flavor, tuple(f for f in source.fluxes if f.flavor == flavor))


def test_one_neutrino_of_each_kind(source):
    """nu_mu, nu_e and anti_nu_mu have the flux rate/(4 pi d^2) each."""
    each = 1e15 / (4 * np.pi * 2000.0**2) * u.flux
    for flavor in ("nu_mu", "nu_e", "anti_nu_mu"):
        assert only(source, flavor).total_flux() == pytest.approx(each, rel=1e-12)


def test_the_line_of_the_pion(source):
    """29.79 MeV, and momentum balances: E + sqrt(E^2 + m_mu^2) = m_pi."""
    (line,) = only(source, "nu_mu").fluxes
    assert isinstance(line, Line)
    assert line.energy / u.MeV == pytest.approx(29.79, abs=0.005)
    total = line.energy + np.hypot(line.energy, c.muon_mass)
    assert total / u.MeV == pytest.approx(139.57039, rel=1e-12)
    assert line.energy == pion_line_energy()


@pytest.mark.parametrize(
    ("flavor", "moment"),
    [
        ("nu_e", lambda n: 12 / ((n + 3) * (n + 4))),
        ("anti_nu_mu", lambda n: 6 / (n + 3) - 4 / (n + 4)),
    ],
)
@pytest.mark.parametrize("power", [-1, 1, 2, 3])
def test_moments_of_the_michel_spectra(source, flavor, moment, power):
    """<x^n> of 12 x^2 (1-x) and of 2 x^2 (3-2x); 2000 straight pieces are good to 1e-6."""
    found = only(source, flavor).mean(power) / (c.muon_mass / 2) ** power
    assert found == pytest.approx(moment(power), rel=3e-6)


def test_they_end_at_half_the_muon_mass(source):
    """nu_e vanishes there, anti_nu_mu ends with a jump to its greatest value."""
    top = c.muon_mass / 2
    just_below = np.array(top * (1 - 1e-9))
    nu_e, anti = (only(source, f).fluxes[0] for f in ("nu_e", "anti_nu_mu"))
    assert nu_e.energy_max == pytest.approx(top, rel=1e-12)
    # shapes in x: 12 x^2 (1 - x) ~ 12e-9, and 2
    assert nu_e.density(just_below) < 1e-7 * anti.density(just_below)
    assert anti.density(just_below) == pytest.approx(anti.high.max(), rel=1e-7)


@pytest.mark.parametrize("change", [{"rate": 0.0}, {"distance": 0.0}])
def test_wrong_sources_are_refused(change):
    """Rate and distance are positive."""
    with pytest.raises(InvalidInput, match="expected > 0"):
        stopped_pions(**({"rate": 1.0, "distance": 1.0} | change))
