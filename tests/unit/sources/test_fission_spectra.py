"""Spectra per fission of the four isotopes."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import UnknownName
from nuatom.sources.fission_spectra import (
    ISOTOPES,
    JOIN,
    fission_spectrum,
    high_energy_points,
    low_energy_points,
    low_energy_systematic,
)

ZERO = np.array(0.0)
ISOTOPE = pytest.mark.parametrize("isotope", ISOTOPES)


@ISOTOPE
def test_published_points_are_on_the_curve(isotope):
    """At each published energy the spectrum is the published number."""
    spectrum = fission_spectrum(isotope)
    for points in (low_energy_points(isotope), high_energy_points(isotope)):
        energies, densities = (array[:-1] for array in points)
        assert spectrum.density(energies) == pytest.approx(densities, rel=1e-12)


@ISOTOPE
def test_between_published_points(isotope):
    """Linear below 2 MeV, geometric mean half way between points above, E^2 at the bottom."""
    spectrum = fission_spectrum(isotope)
    energies, densities = low_energy_points(isotope)
    middle = spectrum.density((energies[1:] + energies[:-1]) / 2)
    assert middle == pytest.approx((densities[1:] + densities[:-1]) / 2, rel=1e-12)
    energies, densities = high_energy_points(isotope)
    middle = spectrum.density((energies[1:] + energies[:-1]) / 2)
    assert middle == pytest.approx(np.sqrt(densities[1:] * densities[:-1]), rel=1e-12)
    low = spectrum.density(np.array([0.1, 0.2, 0.4]) * u.keV)
    # straight pieces of 1 % on a parabola
    assert low[1:] / low[:-1] == pytest.approx([4, 4], rel=2e-4)


@ISOTOPE
def test_step_at_the_join(isotope):
    """At 2 MeV the spectrum steps by less than 5 % from Vogel-Engel to the conversion table."""
    spectrum = fission_spectrum(isotope)
    n = int(np.searchsorted(spectrum.energies, JOIN * (1 - 1e-12)))
    before, after = spectrum.high[n - 1], spectrum.low[n]
    assert spectrum.energies[n] == pytest.approx(JOIN, rel=1e-12)
    # two calculations thirty years apart; the step is what the sources themselves say
    assert abs(before / after - 1) < 0.05


@ISOTOPE
def test_conversion_polynomials(isotope, shared):
    """The table lies within 9 % of the authors' polynomial below 5 MeV, within 22 % above."""
    import json

    content = json.loads((shared / "reference/reactor/coefficients.json").read_text())
    key = "Mueller2011_TableVI" if isotope == "U238" else next(k for k in content if "Huber" in k)
    energies, densities = high_energy_points(isotope)
    x = energies / u.MeV
    polynomial = np.exp(np.polynomial.polynomial.polyval(x, content[key][isotope]))
    below = x < 5
    # the polynomials miss their own tables by 9 %, and by 22 % for Pu239 at high energy
    assert polynomial[below] == pytest.approx(densities[below] * u.MeV, rel=0.09)
    assert polynomial == pytest.approx(densities * u.MeV, rel=0.22)


@ISOTOPE
def test_low_energy_points_are_those_of_the_reference_folder(isotope, shared):
    """The re-keyed table of Vogel and Engel equals the independent transcription."""
    import json

    content = json.loads((shared / "reference/reactor/coefficients.json").read_text())
    table = content["VogelEngel1989_TableII"]
    energies, densities = low_energy_points(isotope)
    assert energies / u.MeV == pytest.approx(table["E_MeV"], rel=1e-12)
    assert densities * u.MeV == pytest.approx(table[isotope], rel=1e-12)


@ISOTOPE
@pytest.mark.parametrize("power", [-2, 0, 1, 2])
def test_halving_the_knots_changes_nothing(isotope, power):
    """The straight pieces are short enough: half as long, moments move by less than 1e-5."""
    energies = np.array([1e-5, 1e-3, 0.1, 1.9, 2.1, 5.0, 7.49]) * u.MeV
    coarse, fine = (fission_spectrum(isotope, refinement=n).moment(power)(energies) for n in (1, 2))
    assert coarse == pytest.approx(fine, rel=1e-5)


@ISOTOPE
def test_little_is_lost_above_the_tables(isotope, shared):
    """Of the neutrinos of BESTIOLE, less than 1e-3 lie above 8 MeV, and below 1 % of <E^2>."""
    energy, density = np.loadtxt(
        shared / f"reference/reactor/bestiole_{isotope.lower()}.txt", delimiter=","
    ).T
    above = energy > 8
    # bounds stated in the documentation of the module
    assert density[above].sum() / density.sum() < 1e-3
    assert (energy**2 * density)[above].sum() / (energy**2 * density).sum() < 0.01
    assert fission_spectrum(isotope).energy_max == pytest.approx(8 * u.MeV, rel=1e-12)


@ISOTOPE
def test_bestiole_between_half_and_four_mev(isotope, shared):
    """From 0.5 to 4 MeV the number of neutrinos agrees with BESTIOLE within 8 %."""
    energy, density = np.loadtxt(
        shared / f"reference/reactor/bestiole_{isotope.lower()}.txt", delimiter=","
    ).T
    spectrum = fission_spectrum(isotope).moment(0)
    for low, high in ((0.5, 1.0), (1.0, 1.5), (1.5, 2.0), (2.0, 4.0)):
        ours = float(spectrum(np.array(low * u.MeV)) - spectrum(np.array(high * u.MeV)))
        inside = (energy > low) & (energy < high)
        # the reactor anomaly (6 %) and 3 % of modelling between conversion and summation
        assert ours == pytest.approx(density[inside].sum() * 0.025, rel=0.08)


def test_low_energy_systematic():
    """12 % below 1.5 MeV, as a named number."""
    relative, below = low_energy_systematic()
    assert relative == 0.12
    assert below == pytest.approx(1.5 * u.MeV, rel=1e-12)


@pytest.mark.parametrize("function", [fission_spectrum, low_energy_points, high_energy_points])
def test_unknown_isotopes(function):
    """The nearest isotope is suggested."""
    with pytest.raises(UnknownName, match="did you mean 'Pu239'"):
        function("Pu-239")
