"""Every name that a user may ask for, and what is said about it."""

import dataclasses
import inspect

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName, UnsupportedResponse
from nuatom.interactions import Amplitude
from nuatom.responses.hydrogen_formulas import oscillator_strength
from nuatom.responses.response_table import Provenance, ResponseTable
from nuatom.responses.scaled_grid import TableShell, kinetic_grid
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.responses.table_format import write_table
from nuatom.sources import Source

TABLES = {
    "interaction": catalog.INTERACTIONS,
    "response": catalog.RESPONSES,
    "source": catalog.SOURCES,
    "photoabsorption": catalog.PHOTOABSORPTION,
    "form factor": catalog.FORM_FACTORS,
}
ENTRIES = [
    pytest.param(name, entry, id=f"{kind}: {name}")
    for kind, table in TABLES.items()
    for name, entry in table.items()
]

# --- what is said -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_entry_is_complete(name, entry):
    """A name in small letters, one line of help, validity, a reference."""
    assert name == name.lower()
    assert " " not in name
    texts = [entry.help, entry.reference]
    texts += [getattr(entry, key) for key in ("validity", "unit") if hasattr(entry, key)]
    for text in texts:
        assert text.strip() == text != ""
        assert "\n" not in text


def test_names_of_the_public_interface():
    """The names that documents and other programs rely on."""
    assert {
        "magnetic-moment": "mu_B",
        "millicharge": "e",
        "charge-radius": "cm^2",
        "weak": "times the Standard Model",
        "coherent": "times the Standard Model",
        "coherent-magnetic-moment": "mu_B",
    }.items() <= {name: entry.unit for name, entry in catalog.INTERACTIONS.items()}.items()
    assert {
        "ab-initio",
        "free",
        "stepped",
        "equivalent-photon",
        "equivalent-photon-transverse",
        "equivalent-photon-paper",
    } <= set(catalog.RESPONSES)
    assert "kuo-sheng" in catalog.SOURCES
    assert {"henke", "kissel", "recommended"} <= set(catalog.PHOTOABSORPTION)
    assert {"helm", "klein-nystrand"} <= set(catalog.FORM_FACTORS)


def test_equivalent_photons_are_retracted_for_a_magnetic_moment_only():
    """Models with equivalent photons carry the retraction; for a millicharge they stand."""
    photons = ("equivalent-photon", "photoabsorption-ionisation")
    retracted = {name: model.retracted for name, model in catalog.RESPONSES.items()}
    for name, channels in retracted.items():
        assert channels == (catalog.DIPOLES if name.startswith(photons) else ())
    assert catalog.DIPOLES == ("magnetic-moment", "electric-dipole-moment")
    for words in ("Eq. (10)", "arXiv:1001.2074v3", "Voloshin", "105, 201801"):
        assert words in catalog.RETRACTED
    assert "\n" not in catalog.RETRACTED


def test_no_default_is_an_equivalent_photon():
    """No argument of the catalogue defaults to a model."""
    for function in (catalog.interaction, catalog.response, catalog.source):
        for parameter in inspect.signature(function).parameters.values():
            assert "photon" not in str(parameter.default)
    names = inspect.signature(catalog.response).parameters
    assert names["name"].default is inspect.Parameter.empty
    assert names["photoabsorption"].default == "recommended"
    assert names["form_factor"].default == "helm"


def test_default_response():
    """Ab-initio for every element with a table and stepped elsewhere; by symbol or object."""
    assert {catalog.default_response(symbol) for symbol in shipped_elements()} == {"ab-initio"}
    assert catalog.default_response("U") == catalog.default_response(na.target("U")) == "stepped"
    assert catalog.default_response(na.target("Ge")) == "ab-initio"


# --- what is built ----------------------------------------------------------------------


@pytest.mark.parametrize("name", catalog.RESPONSES)
@pytest.mark.parametrize("target", ["Ge", "Si", na.target("Ge")], ids=str)
def test_model_knows_its_name_and_shells(name, target):
    """A model is called as in the catalogue and has one edge for each shell."""
    if name == "ab-initio" and catalog.default_response(target) != name:
        pytest.skip(f"the package holds no table of {target}")
    model = catalog.response(name, target)
    assert model.name == name
    assert len(model.shells) == len(set(model.shells)) == len(model.edges) > 0
    assert np.all(np.asarray(model.edges) >= 0)


@pytest.mark.parametrize("name", catalog.SOURCES)
def test_source(name):
    """A source is called as in the catalogue, has references and neutrinos."""
    source = catalog.source(name)
    assert source.name == name
    assert source.references
    assert source.total_flux() > 0


@pytest.mark.parametrize("name", catalog.PHOTOABSORPTION)
def test_photoabsorption(name):
    """Each source absorbs photons of 1.3 keV in germanium with about 7.56e-19 cm^2."""
    table = catalog.PHOTOABSORPTION[name].build(na.target("Ge"))
    assert table.name == name
    value = table.cross_section(np.array([1.3]) * u.keV)[0] / u.cm**2
    # the published tables differ by 14 % between the L edges
    assert value == pytest.approx(7.5613e-19, rel=0.16)


@pytest.mark.parametrize("name", catalog.FORM_FACTORS)
def test_form_factor(name):
    """A form factor is 1 at zero momentum transfer and falls from there."""
    form_factor = catalog.FORM_FACTORS[name].build
    q2 = np.array([0.0, 1e-4, 1e-3]) * u.GeV**2
    values = form_factor(q2, 72)
    assert values[0] == pytest.approx(1, abs=1e-12)
    assert values[0] > values[1] > values[2] > 0
    nucleus = catalog.response("nucleus", "Ge", form_factor=name)
    np.testing.assert_array_equal(nucleus.form_factor(q2, 72), values)


def test_photoabsorption_and_form_factor_reach_the_model():
    """The sources that are named are those that are used."""
    assert catalog.response("equivalent-photon", "Ge").photoabsorption.name == "recommended"
    for name in catalog.PHOTOABSORPTION:
        for model in ("equivalent-photon", "equivalent-photon-paper"):
            built = catalog.response(model, "Ge", photoabsorption=name)
            assert built.photoabsorption.name == name


def test_transverse_model_has_no_longitudinal_response():
    """The two cut-off models differ in R_L, the literal Eq. (10) is one of its own."""
    both, transverse = (
        catalog.response(name, "Ge")
        for name in ("equivalent-photon", "equivalent-photon-transverse")
    )
    assert (both.transverse_only, transverse.transverse_only) == (False, True)
    assert both.cut_off
    assert transverse.cut_off


@pytest.mark.parametrize("name", catalog.INTERACTIONS)
def test_channel_has_terms_for_an_electron(name):
    """Every channel is an amplitude or a list of terms."""
    channel = catalog.interaction(name, 1e-12, mediator_mass=1 * na.units.MeV)
    if isinstance(channel, Amplitude):
        channel = na.Couplings((channel,))
    terms = channel.terms(flavor="nu_mu", constituents={"electron": np.ones(())})
    assert {term.power for term in terms} == {0, 1, 2}


@pytest.mark.parametrize("name", catalog.INTERACTIONS)
def test_coupling_is_asked_for_unless_the_standard_model_gives_it(name):
    """Weak channels have the strength 1; the others have no natural coupling."""
    entry = catalog.INTERACTIONS[name]
    if entry.default is None:
        with pytest.raises(
            InvalidInput, match=rf"{name}=NUMBER in {entry.unit}".replace("^", r"\^")
        ):
            catalog.interaction(name)
    else:
        assert catalog.interaction(name) == catalog.interaction(name, entry.default)


def test_couplings_have_the_unit_of_the_entry():
    """Bohr magnetons, elementary charges, square centimetres, Standard Model strengths."""
    assert catalog.interaction("magnetic-moment", 3e-11).moment == 3e-11
    assert catalog.interaction("coherent-magnetic-moment", 3e-11).moment == 3e-11
    assert catalog.interaction("millicharge", -2e-13).charge == -2e-13
    radius = catalog.interaction("charge-radius", -1e-32).squared_radius
    assert radius / u.cm**2 == pytest.approx(-1e-32, rel=1e-14)
    assert catalog.interaction("weak", 0.5).strength == 0.5
    assert catalog.interaction("coherent").strength == 1


def test_table_of_a_user_is_a_source(tmp_path):
    """A name that ends in .csv is a file."""
    file = tmp_path / "beam.csv"
    file.write_text("neutrino_energy_keV,flux_per_keV_cm2_s\n100,3\n200,3\n")
    source = catalog.source(str(file))
    assert isinstance(source, Source)
    assert source.name == "beam"
    # a constant density times a width: two roundings of the units
    assert source.total_flux() / u.flux == pytest.approx(300, rel=1e-12)


# --- errors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: catalog.interaction("weka"), "unknown interaction 'weka': did you mean 'weak'"),
        (lambda: catalog.response("freee", "Ge"), "unknown response.*'free'"),
        (lambda: catalog.response("free", "Gr"), "unknown element 'Gr'"),
        (
            lambda: catalog.response("free", "Ge", photoabsorption="kisel"),
            "unknown photoabsorption source.*'kissel'",
        ),
        (lambda: catalog.response("free", "Ge", form_factor="Helm"), "form factor.*'helm'"),
        (lambda: catalog.source("kuosheng"), "unknown source.*'kuo-sheng'"),
    ],
)
def test_unknown_name_suggests_the_nearest(call, message):
    """The kind of name, what was found, what is near."""
    with pytest.raises(UnknownName, match=message):
        call()


def test_missing_file_is_not_an_unknown_name(tmp_path):
    """A path is answered as a path."""
    with pytest.raises(InvalidInput, match="no such file"):
        catalog.source(str(tmp_path / "beam.csv"))


@pytest.mark.parametrize("symbol", ["Tc", "Pm", "Po"])
def test_nucleus_needs_natural_isotopes(symbol):
    """An element that nature does not keep has no composition to average over."""
    with pytest.raises(InvalidInput, match=f"found {symbol}"):
        catalog.response("nucleus", symbol)
    assert catalog.response("stepped", symbol).shells


# --- what a channel needs besides its coupling ------------------------------------------


@pytest.mark.parametrize("name", ["b-l-boson", "universal-boson", "coherent-b-l-boson"])
def test_a_new_boson_needs_a_mass(name):
    """Without a mass nothing is assumed; with it the amplitude has that mass."""
    with pytest.raises(InvalidInput, match="found no mass, expected one"):
        catalog.interaction(name, 1e-6)
    assert catalog.interaction(name, 1e-6, mediator_mass=3 * u.keV).mass == 3 * u.keV


def test_neutrino_mass_reaches_the_millicharge():
    """The mass that regulates the photon pole is the one given, 0.1 eV otherwise."""
    assert catalog.interaction("millicharge", 1e-12).neutrino_mass == 0.1 * u.eV
    given = catalog.interaction("millicharge", 1e-12, neutrino_mass=2 * u.eV)
    assert given.neutrino_mass == 2 * u.eV


def test_every_electronic_channel_has_its_coherent_shorthand():
    """The same builder on the nucleus, under the name coherent-..., coherent for weak."""
    for name, channel in catalog.ELECTRONIC.items():
        twin = catalog.INTERACTIONS["coherent" if name == "weak" else f"coherent-{name}"]
        assert (channel.nuclear, twin.nuclear) == (False, True)
        assert twin.build is channel.build


# --- tables -----------------------------------------------------------------------------


@pytest.fixture
def hydrogen_table(tmp_path):
    """A small table of hydrogen from closed forms."""
    edge = c.rydberg
    shell = TableShell(
        "K", 1.0, edge, edge, 100 * edge, c.fine_structure * c.electron_mass / 2, 60.0, edge
    )
    eps = kinetic_grid(100 * edge, edge, 12)
    T = edge + eps
    q = shell.momentum_grid(T, 16)
    Qs = (q**2 - T[:, None] ** 2) * c.bohr_radius**2
    strength = oscillator_strength((T / c.rydberg)[:, None], Qs, shell="1s") / c.rydberg
    longitudinal = q**2 / (2 * c.electron_mass * T[:, None]) * strength
    provenance = Provenance(
        "H", 1, "closed form", "none", "0", "none", ("Bethe",), "calculated", "a test"
    )
    table = ResponseTable((shell,), eps[None], {"L": longitudinal[None]}, provenance)
    path = tmp_path / "hydrogen.nc"
    write_table(path, table)
    return path


def test_table_of_a_user_is_a_response(hydrogen_table):
    """A path that ends in .nc is read, verified and belongs to its element."""
    response = catalog.response(str(hydrogen_table), "H")
    assert response.name == "tabulated"
    assert response.provides == {"L"}
    with pytest.raises(InvalidInput, match="found a table of H, expected one of Ge"):
        catalog.response(str(hydrogen_table), "Ge")


def test_damaged_table_is_refused(hydrogen_table):
    """One flipped byte is found."""
    content = bytearray(hydrogen_table.read_bytes())
    content[len(content) // 2] ^= 1
    hydrogen_table.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"hydrogen\.nc"):
        catalog.response(str(hydrogen_table), "H")


def test_element_without_a_table_in_the_package():
    """The message says of which elements there is one, and how to make another."""
    with pytest.raises(UnsupportedResponse, match=r"none of U, expected one of .*Ge.*atom build U"):
        catalog.response("ab-initio", "U")


def test_table_in_the_package_is_read_once():
    """The splines are made once for all who ask; the element is known."""
    model = catalog.response("ab-initio", "Ge")
    assert model is catalog.response("ab-initio", na.target("Ge"))
    assert (model.name, model.element) == ("ab-initio", "Ge")
    assert model.provides == {"L", "T", "A00", "A03", "A33", "AT", "VA"}


@pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
@pytest.mark.parametrize("channel", ["magnetic-moment", "millicharge", "charge-radius", "weak"])
@pytest.mark.parametrize("symbol", shipped_elements())
def test_quadrature_of_the_ab_initio_models_has_converged(symbol, channel):
    """Against five times the nodes, 20 eV to 90 keV: 1e-3, a third of what is asked for (0.3 %)."""
    model = catalog.response("ab-initio", symbol)
    fine = dataclasses.replace(model, nodes_factor=5 * model.nodes_factor)
    rng = np.random.default_rng(2)
    T = np.exp(rng.uniform(np.log(0.02), np.log(90), 60)) * u.keV
    values, expected = (
        na.differential_cross_section(
            T, 1 * u.MeV, interaction=catalog.interaction(channel, 1e-11), response=response
        )
        for response in (model, fine)
    )
    np.testing.assert_allclose(values, expected, rtol=1e-3)


def test_missing_table_is_named():
    """The message names the file."""
    with pytest.raises(InvalidInput, match=r"nowhere\.nc"):
        catalog.response("nowhere.nc", "Ge")
