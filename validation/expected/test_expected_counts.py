"""Expected counts against textbook formulas by nested quadrature, and published totals."""

import importlib.util
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import nuatom as na
from nuatom import analysis
from nuatom import units as u
from nuatom.datasets.releases import xenonnt_background, xenonnt_efficiency
from nuatom.detectors.binning import bin_averages
from nuatom.rates import rate_by_shell
from nuatom.sources import reactor
from nuatom.sources.cores import reactor_core
from nuatom.sources.solar import solar

HERE = Path(__file__).parent
REFERENCE = tomllib.loads((HERE / "reference.toml").read_text(encoding="utf-8"))
BINS_KEV = {"electron": [1.0, 1.3, 3.0, 12.0, 40.0], "nuclear": [0.05, 0.2, 0.6, 1.5]}

pytestmark = [
    pytest.mark.validate,
    # scipy says where a spectrum of straight pieces keeps it from its goal; the comparison judges
    pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning"),
]


@pytest.fixture(scope="module")
def textbook():
    spec = importlib.util.spec_from_file_location("textbook", HERE / "textbook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def card(target, channels, edges):
    """Return a card of a perfect detector, one kilogram and day, that sees recoils whole."""
    return {
        "source": {"name": "kuo-sheng"},
        "detector": {
            "target": target,
            "exposure": "1 kg day",
            "resolution": {"kind": "perfect"},
            "quenching": {target: {"kind": "constant", "factor": "1"}},
        },
        "bins": {"edges": [f"{edge} keV" for edge in edges]},
        "response": {"electrons": "stepped"},
        "signals": {"channels": channels},
    }


def density(source):
    """Return the flux density in 1/(cm^2 s MeV) as a function of MeV."""
    (flux,) = source.fluxes

    def at(energy):
        return float(flux.density(np.array([energy * u.MeV]))[0] / (u.flux / u.MeV))

    return at


def bins(kind):
    edges = BINS_KEV[kind]
    return [(a / 1e3, b / 1e3) for a, b in pairwise(edges)]


@pytest.mark.parametrize("target", ["Ge", "Xe"])
@pytest.mark.parametrize("channel", ["weak", "magnetic-moment"])
def test_electrons_agree_with_the_textbook(textbook, target, channel):
    """nu-e and magnetic moment on Ge and Xe over the whole reactor spectrum."""
    source, element = na.source("kuo-sheng"), na.target(target)
    formula = {"weak": textbook.electron, "magnetic-moment": textbook.moment}[channel]
    expected = textbook.counts_on_electrons(
        formula,
        density(source),
        "anti_nu_e",
        bins=bins("electron"),
        shells=[(s.binding_energy / u.MeV, s.electrons) for s in element.subshells],
        molar_mass=element.mass / (u.MeV * textbook.ATOMIC_MASS_MEV),
    )
    model = analysis.load(card(target, [channel], BINS_KEV["electron"]))
    found = model.component(channel).counts
    assert found == pytest.approx(expected, rel=REFERENCE["textbook"]["tolerance"])


@pytest.mark.parametrize("target", ["Ge", "Xe"])
def test_nuclei_agree_with_the_textbook(textbook, target):
    """Coherent scattering on the isotopes of Ge and Xe over the whole reactor spectrum."""
    source, element = na.source("kuo-sheng"), na.target(target)
    expected = textbook.counts_on_nuclei(
        density(source),
        bins=bins("nuclear"),
        isotopes=[(i.mass_number, i.abundance, i.mass / u.MeV) for i in element.isotopes],
        Z=element.atomic_number,
        molar_mass=element.mass / (u.MeV * textbook.ATOMIC_MASS_MEV),
    )
    model = analysis.load(card(target, ["coherent"], BINS_KEV["nuclear"]))
    found = model.component("coherent").counts
    assert found == pytest.approx(expected, rel=REFERENCE["textbook"]["tolerance"])


def test_reactor_flux_at_28_m():
    """From power and distance alone, within the range of published fluxes."""
    wanted = REFERENCE["reactor_flux"]
    found = reactor(reactor_core("kuo-sheng")).total_flux() / u.flux
    low, high = (wanted["low"], wanted["high"])
    assert low * (1 - wanted["tolerance"]) < found < high * (1 + wanted["tolerance"])


@pytest.mark.parametrize("core", ["leibstadt-conus-plus", "kalinin-gemma", "brokdorf-conus"])
def test_fluxes_at_other_reactors(core):
    """From power and distance alone against the flux that each experiment quotes."""
    wanted = REFERENCE["published_fluxes"]
    found = reactor(reactor_core(core)).total_flux() / u.flux
    print(f"{core}: {found:.4g}, published {wanted[core]:.2g}")
    low, high = (wanted[core] + sign * wanted["rounding"] for sign in (-1, 1))
    assert low * (1 - wanted["tolerance"]) < found < high * (1 + wanted["tolerance"])


def test_coherent_scattering_in_conus_plus():
    """Neutrinos that CONUS+ expects to count, with its flux and the measured quenching."""
    wanted = REFERENCE["conus_plus"]
    total = 0.0
    for threshold in wanted["thresholds_eV"]:
        found = card("Ge", ["coherent"], [threshold / 1e3, wanted["highest_eV"] / 1e3])
        found["source"] = {"core": "leibstadt-conus-plus"}
        found["detector"]["exposure"] = f"{wanted['exposure_kg_day'] / 3} kg day"
        found["detector"]["quenching"] = {"Ge": {"kind": "lindhard", "k": str(wanted["k"])}}
        found["detector"]["resolution"] = {
            "kind": "fano",
            "noise": f"{wanted['noise_eV']} eV",
            "fano": str(wanted["fano"]),
            "energy_per_pair": "2.96 eV",
        }
        total += float(analysis.load(found).expected().sum())
    print(f"CONUS+: {total:.0f} expected, {wanted['events']} published")
    assert total == pytest.approx(wanted["events"], rel=wanted["tolerance"])


def solar_counts(components, edges):
    """Events per tonne and year in bins on stepped xenon."""
    xenon = na.target("Xe")
    model = na.response("stepped", "Xe")
    rate = bin_averages(
        lambda T: rate_by_shell(
            T,
            source=solar(components=components),
            interaction=na.Couplings((na.Weak(),)),
            response=model,
            atoms_per_mass=xenon.atoms_per_mass,
        ).sum(axis=0),
        edges,
        breaks=np.asarray(model.edges),
    )
    return rate * np.diff(edges) * u.tonne * u.year


def test_pp_neutrinos_on_xenon():
    """Events between 2 and 30 keV per tonne and year against a published total; with 7Be more."""
    wanted = REFERENCE["pp_xenon"]
    edges = np.array([2.0, 30.0]) * u.keV
    found = solar_counts(("pp",), edges)[0]
    published = wanted["events"] / wanted["tonnes"] / wanted["years"]
    assert found == pytest.approx(published, rel=wanted["tolerance"])
    both = solar_counts(("pp", "Be7"), edges)[0]
    assert 1.05 < both / found < 1.3


def test_solar_neutrinos_lie_below_the_background_of_xenonnt(shared_release):
    """The best-fit background contains them: in no keV may they exceed it."""
    energy, background = xenonnt_background(shared_release)
    centre, efficiency = xenonnt_efficiency(shared_release)
    edges = np.arange(2, 31) * u.keV
    middle = (edges[:-1] + edges[1:]) / 2
    solar_rate = solar_counts(("pp", "Be7", "pep", "N13", "O15", "B8", "hep", "F17"), edges)
    solar_rate = solar_rate * np.interp(middle, centre, efficiency)
    whole = np.interp(middle, energy, background) * u.tonne * u.year * u.keV
    assert np.all(solar_rate < whole)
    assert np.all(solar_rate > 0.05 * whole)


@pytest.fixture
def shared_release():
    folder = HERE.parents[2] / "shared" / "data" / "xenonnt_sr0"
    if not folder.is_dir():
        pytest.skip("no reference data: the folder ../shared beside the project is absent")
    return folder
