"""Solar neutrinos, against published fluxes, spectra, limits of the conversion and sum rules."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import constants as si

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.mixing import MomentMatrix, global_fit, pmns
from nuatom.sources import Continuum, Line, Source, solar, solar_components, solar_moment
from nuatom.sources.conversion import RelativeWeight, SolarConversion, weighted
from nuatom.sources.solar import COMPONENTS, SOLAR_MODELS, solar_source

ZERO = np.array(0.0)
FILES = {
    "pp": "pp_shape.csv",
    "N13": "n13_shape.csv",
    "O15": "o15_shape.csv",
    "hep": "hep_shape.csv",
    "B8": "8B_shape_Winter_et_al.csv",
}


@pytest.fixture(scope="module")
def components():
    return solar_components()


def source_of(component):
    return Source(component.name, component.fluxes)


def flavor_flux(source, flavor):
    return sum(float(f.moment(0)(ZERO)) for f in source.fluxes if f.flavor == flavor)


# --- fluxes and spectra -----------------------------------------------------------------


@pytest.mark.parametrize(("column", "model"), list(enumerate(SOLAR_MODELS)))
def test_fluxes_are_the_published_ones(shared, column, model):
    """Every component has the flux and the uncertainty of the table of B16."""
    rows = np.loadtxt(
        shared / "reference/solar/fluxes_b16.dat", usecols=(2 * column, 2 * column + 1)
    )
    scales = [1e10, 1e8, 1e3, 1e9, 1e6, 1e8, 1e8, 1e6]
    found = solar_components(model)
    assert list(found) == list(COMPONENTS)
    for component, (flux, relative), scale in zip(found.values(), rows, scales, strict=True):
        assert component.total_flux() == pytest.approx(flux * scale * u.flux, rel=1e-12)
        assert component.relative_uncertainty == relative


@pytest.mark.parametrize(
    ("name", "mean", "shape"),
    [
        # the published pp spectrum holds the motion of the protons: it ends 3 keV of 420 higher
        ("pp", 0.01, 0.025),
        # Fermi functions and Q values of 1988 and of today
        ("N13", 1e-3, 2e-3),
        ("O15", 1e-3, 2e-3),
        ("hep", 1e-3, 3e-3),
        # thirteen effective branches for a tabulated spectrum
        ("B8", 1e-3, 2e-3),
    ],
)
def test_spectra_agree_with_published_ones(components, shared, name, mean, shape):
    """Mean energy and shape: the area between two normalised spectra is small."""
    rows = np.loadtxt(shared / "reference/solar" / FILES[name], delimiter=",", comments="#")
    energy, density = rows[:, 0], rows[:, 1]
    if energy[0] > 0:
        energy, density = np.append(0.0, energy), np.append(0.0, density)
    density = density / np.trapezoid(density, energy)
    component = components[name]
    ours = source_of(component)
    published = np.trapezoid(energy * density, energy)
    assert ours.mean(1) / u.MeV == pytest.approx(published, rel=mean)
    spectrum = component.fluxes[0].density(energy * u.MeV) * u.MeV / ours.total_flux()
    assert np.trapezoid(np.abs(spectrum - density), energy) < shape


def test_mean_energy_of_pp():
    """0.267 MeV is published; without the motion of the protons a per cent less at most."""
    assert source_of(solar_components()["pp"]).mean(1) / u.MeV == pytest.approx(0.267, rel=0.01)


def test_end_points_follow_from_nuclear_masses(components):
    """pp 420 keV and hep 18.77 MeV are differences of nuclear masses (CODATA)."""

    def mass(name):
        return si.physical_constants[f"{name} mass energy equivalent in MeV"][0]

    pp = 2 * mass("proton") - mass("deuteron") - mass("electron")
    hep = mass("helion") + mass("proton") - mass("alpha particle") - mass("electron")
    # atomic masses hold the binding of the electrons: 14 eV in pp
    assert components["pp"].fluxes[0].energy_max / u.MeV == pytest.approx(pp, abs=2e-5)
    assert components["hep"].fluxes[0].energy_max / u.MeV == pytest.approx(hep, abs=1e-4)


def test_pep_is_a_line_two_electron_masses_above_the_end_of_pp(components):
    """1.442 MeV: the same nuclei with an electron in the place of a positron, less recoil."""
    (line,) = components["pep"].fluxes
    assert isinstance(line, Line)
    expected = components["pp"].fluxes[0].energy_max + 2 * c.electron_mass
    assert line.energy == pytest.approx(expected, abs=1.0 * u.keV)


def test_beryllium_is_two_lines(components):
    """862 keV with about 90 % and 384 keV with about 10 %, exactly at their energies."""
    high, low = components["Be7"].fluxes
    total = components["Be7"].total_flux()
    assert high.energy / u.keV == pytest.approx(861.9, abs=0.2)
    assert low.energy / u.keV == pytest.approx(384.3, abs=0.2)
    # solar models use 89.7 and 10.3 %, the evaluation of today has 89.6 and 10.4 %
    assert high.intensity / total == pytest.approx(0.897, abs=0.002)
    assert low.intensity / total == pytest.approx(0.103, abs=0.002)
    at = np.array([high.energy, np.nextafter(high.energy, np.inf)])
    assert high.moment(0)(at)[1] == 0
    assert high.moment(0)(at)[0] == high.intensity


def test_luminosity_of_the_sun(components):
    """The neutrinos belong to 1361 W/m^2 (nominal irradiance, IAU 2015 resolution B3).

    Two neutrinos stand for a 4He made of four 1H, with what they carry subtracted.
    """
    source = [source_of(components[name]) for name in COMPONENTS]
    number = sum(s.total_flux() for s in source)
    carried = sum(s.total_flux() * s.mean(1) for s in source)
    alpha = si.physical_constants["alpha particle mass energy equivalent in MeV"][0] * u.MeV
    released = 4 * c.proton_mass + 2 * c.electron_mass - alpha
    heat = number / 2 * released - carried
    # intermediate nuclei are not all in equilibrium: some tenths of a per cent
    assert heat == pytest.approx(1361.0 * u.watt / u.metre**2, rel=0.01)


def test_a_users_spectrum_replaces_ours():
    """A table of 8B is normalised to the flux of the model; other flavours are refused."""
    table = Continuum.from_points(
        "nu_e", np.array([0.0, 8.0, 16.0]) * u.MeV, np.array([0.0, 3.0, 0.0])
    )
    ours = solar_components(spectra={"B8": table})["B8"]
    assert ours.total_flux() == pytest.approx(5.46e6 * u.flux, rel=1e-12)
    assert source_of(ours).mean(1) == pytest.approx(8 * u.MeV, rel=1e-12)
    wrong = Continuum("anti_nu_e", table.energies, table.low, table.high)
    with pytest.raises(InvalidInput, match="expected nu_e"):
        solar_components(spectra={"B8": wrong})
    with pytest.raises(UnknownName, match="solar continuum"):
        solar_components(spectra={"Be7": table})


# --- conversion -------------------------------------------------------------------------


@pytest.mark.parametrize("flavor", ["nu_e", "nu_mu", "nu_tau"])
def test_conversion_at_low_energy_is_vacuum_mixing(flavor):
    """Without matter P_ea = sum_k |U_ek|^2 |U_ak|^2."""
    fit = global_fit()
    content = np.abs(pmns(fit)) ** 2
    row = ("nu_e", "nu_mu", "nu_tau").index(flavor)
    found = SolarConversion(fit, 6e25 / u.cm**3, flavor)(np.array([1e-6]) * u.MeV)
    assert found[0] == pytest.approx(float(content[0] @ content[row]), rel=1e-5)


def test_survival_at_high_energy():
    """At high density everything is nu_2 but s13^2: P_ee = c13^4 s12^2 + s13^4."""
    fit = global_fit()
    s12, s13 = np.sin(fit.theta12) ** 2, np.sin(fit.theta13) ** 2
    found = SolarConversion(fit, 6e25 / u.cm**3, "nu_e")(np.array([1e6]) * u.MeV)
    assert found[0] == pytest.approx((1 - s13) ** 2 * s12 + s13**2, rel=1e-5)


def test_survival_at_low_energy_in_closed_form():
    """P_ee = c13^4 (1 - sin^2(2 th12)/2) + s13^4, 0.55 for the angles of today."""
    fit = global_fit()
    s13 = np.sin(fit.theta13) ** 2
    expected = (1 - s13) ** 2 * (1 - np.sin(2 * fit.theta12) ** 2 / 2) + s13**2
    found = SolarConversion(fit, 0.0, "nu_e")(np.array([1.0]) * u.MeV)
    assert found[0] == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(0.55, abs=0.01)


def test_flavours_add_up(components):
    """Conversion changes flavours, not the number of neutrinos, at every energy."""
    source = solar()
    total = sum(component.total_flux() for component in components.values())
    # the products of flux and probability are straight to 2e-5, with their areas kept
    assert source.total_flux() == pytest.approx(total, rel=1e-7)
    energies = np.array([0.1, 0.3, 0.7, 1.0, 5.0, 10.0]) * u.MeV
    before = sum(
        flux.density(energies)
        for component in components.values()
        for flux in component.fluxes
        if isinstance(flux, Continuum)
    )
    after = sum(f.density(energies) for f in source.fluxes if isinstance(f, Continuum))
    assert after == pytest.approx(before, rel=1e-4)


def test_one_continuum_for_each_flavour_then_lines():
    """Rates cost one continuum for each flavour; lines keep their own kinematic end."""
    source = solar()
    continua = [f.flavor for f in source.fluxes if isinstance(f, Continuum)]
    lines = [f for f in source.fluxes if isinstance(f, Line)]
    assert continua == ["nu_e", "nu_mu", "nu_tau"]
    assert len(lines) == 9
    assert {round(line.energy / u.keV) for line in lines} == {384, 862, 1442}


def test_converted_flux_is_flux_times_probability(components):
    """Moments of the nu_mu of pp agree with those of the weight."""
    component = components["pp"]
    weight = SolarConversion(global_fit(), component.electron_density, "nu_mu")
    (ours,) = component.converted(weight, "nu_mu")
    minima = np.array([0.0, 0.1, 0.3]) * u.MeV
    for power in (0, 1, 2):
        expected = component.fluxes[0].moment(power, weight)(minima)
        assert ours.moment(power)(minima) == pytest.approx(expected, rel=1e-6)


def test_no_antineutrinos_from_the_sun():
    """A conversion to an antineutrino is refused, and so is a negative weight."""
    with pytest.raises(InvalidInput, match="expected a neutrino"):
        SolarConversion(global_fit(), 0.0, "anti_nu_e")
    flat = Continuum.from_points("nu_e", np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    for flux in (flat, Line("nu_e", 1.5, 1.0)):
        with pytest.raises(InvalidInput, match="energy weight"):
            weighted(flux, lambda E: -np.ones_like(E), "nu_e")


# --- moments ----------------------------------------------------------------------------


def test_equal_moments_are_seen_as_they_are():
    """For mu = mu_0 times the unit matrix every mixture of mass states has mu_eff = mu_0."""
    ratio = solar_moment(MomentMatrix(3e-11 * np.eye(3)), 1e-11).total_flux() / solar().total_flux()
    assert ratio == pytest.approx(9, rel=1e-7)


def test_moment_of_one_state_counts_its_share(components):
    """mu_22 alone: mu_eff^2 = P_e2 mu_22^2, which is the probability of arriving as nu_2."""
    fit = global_fit()
    moments = MomentMatrix(np.diag([0.0, 1e-11, 0.0]))
    source = solar_moment(moments, 1e-11, components=["Be7"])
    high = source.fluxes[0]
    density = components["Be7"].electron_density
    scale = 2 * np.sqrt(2) * c.fermi_coupling * np.cos(fit.theta13) ** 2
    b = scale * density * high.energy / fit.mass_splitting_21
    cosine, sine = np.cos(2 * fit.theta12) - b, np.sin(2 * fit.theta12)
    share = np.cos(fit.theta13) ** 2 * (1 - cosine / np.hypot(cosine, sine)) / 2
    assert high.intensity / components["Be7"].fluxes[0].intensity == pytest.approx(share, rel=1e-9)


def test_moment_sources_are_additive():
    """The weights of the three diagonal moments add up to that of the unit matrix."""
    parts = [
        solar_moment(MomentMatrix(np.diag(row) * 1e-11), 1e-11, components=["pp"]).total_flux()
        for row in np.eye(3)
    ]
    assert sum(parts) == pytest.approx(solar_components()["pp"].total_flux(), rel=1e-7)


@pytest.mark.parametrize("reference", [0.0, -1e-11, np.nan])
def test_a_reference_moment_is_positive(reference):
    """A weight in units of nothing is refused."""
    with pytest.raises(InvalidInput, match="reference_moment"):
        solar_moment(MomentMatrix(np.eye(3)), reference)


def test_relative_weight():
    """A weight in units of its reference is 1 at the reference."""
    assert RelativeWeight(lambda E: 3 * E, 6.0)(np.array([2.0]))[0] == 1


def test_given_mixing_is_used():
    """Without mixing all neutrinos stay nu_e."""
    unmixed = replace(global_fit(), theta12=0.0, theta13=0.0)
    source = solar(components=["Be7"], mixing=unmixed)
    assert flavor_flux(source, "nu_e") == pytest.approx(source.total_flux(), rel=1e-12)
    assert "given mixing" in source.notes


@pytest.mark.parametrize(
    "call",
    [
        lambda: solar(components=["Be8"]),
        lambda: solar("b16-gs97"),
    ],
)
def test_unknown_names_are_refused(call):
    """Models and components are looked up."""
    with pytest.raises(UnknownName, match="solar"):
        call()


def test_no_component_is_refused():
    """A Sun without neutrinos is a mistake."""
    with pytest.raises(InvalidInput, match="no component"):
        solar(components=[])


def test_components_can_be_combined_by_hand(components):
    """Scaled components make a source of their own."""
    double = solar_source([components["pep"].scaled(2)])
    assert double.total_flux() == pytest.approx(2 * components["pep"].total_flux(), rel=1e-12)
