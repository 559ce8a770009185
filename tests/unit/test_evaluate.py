"""The two functions that most users call: shapes, names and errors."""

import inspect
import warnings

import numpy as np
import pytest

import nuatom as na
from nuatom import units as u
from nuatom.errors import (
    InvalidInput,
    OutOfRange,
    RetractedWarning,
    UnknownName,
    UnsupportedResponse,
    ValidityWarning,
)
from nuatom.interactions import ChargedProjectile
from nuatom.rates import rate_by_shell
from nuatom.validity import TOLERANCE

MOMENT = na.MagneticMoment(1e-11)
GE = na.target("Ge")
STEPPED = na.response("stepped", GE)
ROUNDING = 1e-13
"""The same sum over terms in another order."""


def sigma(T, E, **changes):
    words = {"interaction": MOMENT, "response": STEPPED} | changes
    return na.differential_cross_section(T, E, **words)


def rate(T, **changes):
    words = {"source": "kuo-sheng", "target": "Ge", "interaction": MOMENT} | changes
    return na.differential_rate(T, **words)


# --- shapes -----------------------------------------------------------------------------


def test_scalar_in_scalar_out():
    """One energy gives one number, without an axis."""
    for value in (sigma(1 * u.keV, 1 * u.MeV), rate(1 * u.keV)):
        assert value.shape == ()
        assert float(value) > 0


@pytest.mark.parametrize("shape", [(0,), (1,), (5,), (2, 3), (2, 1, 3)])
def test_shape_is_kept(shape):
    """Energies of any shape give as many values of the same shape."""
    T = np.linspace(0.5, 20, int(np.prod(shape))).reshape(shape) * u.keV
    assert sigma(T, 1 * u.MeV).shape == shape
    assert rate(T).shape == shape
    np.testing.assert_allclose(rate(T).ravel(), rate(T.ravel()), rtol=ROUNDING)


def test_transfer_and_neutrino_energy_broadcast():
    """A column of T and a row of E give the table of both, element by element."""
    T = np.array([0.3, 1.3, 11.0])[:, None] * u.keV
    E = np.array([0.1, 1.0, 5.0, 20.0]) * u.MeV
    table = sigma(T, E, interaction=na.Weak())
    assert table.shape == (3, 4)
    for i, j in np.ndindex(3, 4):
        one = sigma(float(T[i, 0]), float(E[j]), interaction=na.Weak())
        assert table[i, j] == pytest.approx(float(one), rel=ROUNDING)


@pytest.mark.parametrize("convert", [list, tuple, np.array, lambda values: np.array(values, ">f8")])
def test_anything_like_an_array(convert):
    """Lists, tuples and arrays of either byte order mean the same."""
    values = [1.0 * u.keV, 2.0 * u.keV]
    np.testing.assert_array_equal(rate(convert(values)), rate(np.array(values)))


def test_input_is_not_modified():
    """The arrays of the caller stay as they are; read-only ones are welcome."""
    T, E = np.array([3.0, 1.0, 2.0]) * u.keV, np.array([1.0, 2.0, 3.0]) * u.MeV
    copies = T.copy(), E.copy()
    T.flags.writeable = E.flags.writeable = False
    sigma(T, E)
    rate(T)
    np.testing.assert_array_equal((T, E), copies)


def test_result_belongs_to_the_caller():
    """The result may be changed without changing the next one."""
    first = rate([1 * u.keV])
    keep = first.copy()
    first *= 0
    np.testing.assert_array_equal(rate([1 * u.keV]), keep)


@pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
@pytest.mark.parametrize("response", ["free", "stepped", "equivalent-photon", "nucleus"])
@pytest.mark.parametrize("channel", [MOMENT, na.Millicharge(1e-12)], ids=["moment", "charge"])
def test_order_of_the_energies_does_not_matter(response, channel):
    """Each energy is for itself: shuffled, repeated or alone."""
    T = np.geomspace(0.02, 90, 40) * u.keV
    order = np.random.default_rng(1).permutation(np.repeat(np.arange(40), 2))
    values = rate(T, response=response, interaction=channel)
    shuffled = rate(T[order], response=response, interaction=channel)
    np.testing.assert_allclose(shuffled, values[order], rtol=ROUNDING)


# --- names or objects -------------------------------------------------------------------


def test_names_and_objects_mean_the_same():
    """A source, a target and a model may be given by name."""
    T = np.array([0.3, 1.3, 11]) * u.keV
    by_name = rate(T, source="kuo-sheng", target="Ge", response="impulse")
    model = na.response("impulse", GE)
    objects = rate(T, source=na.source("kuo-sheng"), target=GE, response=model)
    np.testing.assert_array_equal(by_name, objects)


def test_amplitude_is_an_interaction():
    """A lone amplitude is squared by itself."""
    T = np.array([0.3, 1.3, 11]) * u.keV
    np.testing.assert_array_equal(
        rate(T, interaction=na.Weak()), rate(T, interaction=na.Couplings((na.Weak(),)))
    )


def test_rate_is_flux_times_cross_section():
    """A line of 1e13 /(cm^2 s) at 1 MeV: flux x atoms per mass x cross section."""
    T = np.array([0.3, 1.3, 11, 400]) * u.keV
    beam = na.mono_energetic(1 * u.MeV, 1e13 * u.flux)
    expected = 1e13 * u.flux / GE.mass * sigma(T, 1 * u.MeV)
    # the moments of a line are its closed form: only roundings differ
    np.testing.assert_allclose(rate(T, source=beam, response=STEPPED), expected, rtol=1e-12)


def test_flavour_of_the_source_is_the_flavour_of_the_rate():
    """The weak rate of a muon-neutrino line is that of muon neutrinos."""
    beam = na.mono_energetic(1 * u.MeV, 1e13 * u.flux, "nu_mu")
    expected = (
        1e13 * u.flux / GE.mass * sigma(5 * u.keV, 1 * u.MeV, interaction=na.Weak(), flavor="nu_mu")
    )
    value = rate(5 * u.keV, source=beam, interaction=na.Weak(), response=STEPPED)
    assert float(value) == pytest.approx(float(expected), rel=1e-12)


def test_default_response_is_ab_initio_where_there_is_a_table():
    """No default is an equivalent photon: ab-initio for germanium, stepped for uranium."""
    default = inspect.signature(na.differential_rate).parameters["response"].default
    assert default is None
    required = inspect.signature(na.differential_cross_section).parameters["response"].default
    assert required is inspect.Parameter.empty
    T = [5 * u.keV]
    for target, name in (("Ge", "ab-initio"), (GE, "ab-initio"), ("U", "stepped")):
        np.testing.assert_array_equal(rate(T, target=target), rate(T, target=target, response=name))
    assert rate(T) != rate(T, response=STEPPED)


def test_default_flavor_is_that_of_a_reactor():
    """Electron antineutrinos unless something else is asked for."""
    words = {"interaction": na.Weak()}
    value = sigma(5 * u.keV, 1 * u.MeV, **words)
    assert value == sigma(5 * u.keV, 1 * u.MeV, flavor="anti_nu_e", **words)
    assert value != sigma(5 * u.keV, 1 * u.MeV, flavor="nu_e", **words)


# --- errors -----------------------------------------------------------------------------

BAD_ENERGIES = [0.0, -1.0, np.nan, np.inf, -np.inf, [1.0, 0.0], [[1.0], [np.nan]], "x", None]


@pytest.mark.parametrize("T", BAD_ENERGIES)
def test_energy_transfer_is_positive_and_finite(T):
    """Zero, negative, NaN and infinite transfers are refused, alone or among good ones."""
    with pytest.raises(InvalidInput, match="energy_transfer"):
        sigma(T, 1 * u.MeV)
    with pytest.raises(InvalidInput, match="energy_transfer"):
        rate(T)


@pytest.mark.parametrize("E", BAD_ENERGIES)
def test_neutrino_energy_is_positive_and_finite(E):
    """The same holds for the neutrino energy."""
    with pytest.raises(InvalidInput, match="neutrino_energy"):
        sigma(1e-3 * u.eV, E)


@pytest.mark.parametrize("T", [1.0, 1.0000001, 2.0, [0.1, 1.0]])
def test_transfer_is_below_the_neutrino_energy(T):
    """T >= E is not a cross section of zero but a mistake."""
    with pytest.raises(InvalidInput, match="found T >= E"):
        sigma(np.multiply(T, u.MeV), u.MeV)


def test_shapes_that_do_not_fit():
    """Three transfers and two neutrino energies are no table."""
    with pytest.raises(InvalidInput, match=r"\(3,\).*\(2,\).*broadcast"):
        sigma(np.ones(3) * u.keV, np.ones(2) * u.MeV)


def test_response_by_name_needs_a_target():
    """For a cross section a model is an object; the error shows how to make it."""
    with pytest.raises(InvalidInput, match=r"use nuatom\.response\('free'"):
        sigma(1 * u.keV, 1 * u.MeV, response="free")


@pytest.mark.parametrize(
    ("changes", "nearest"),
    [
        ({"source": "kuo-shen"}, "kuo-sheng"),
        ({"target": "ge"}, "Ge"),
        ({"response": "steped"}, "stepped"),
    ],
)
def test_unknown_names(changes, nearest):
    """An unknown name suggests the nearest one."""
    with pytest.raises(UnknownName, match=f"did you mean '{nearest}'"):
        rate(1 * u.keV, **changes)


def test_unknown_flavor():
    """The six flavours are listed."""
    with pytest.raises(InvalidInput, match=r"found 'nu_x'.*anti_nu_tau"):
        sigma(1 * u.keV, 1 * u.MeV, flavor="nu_x")


def test_channel_that_the_model_lacks():
    """An equivalent photon says nothing of axial currents."""
    for call in (
        lambda model: sigma(1 * u.keV, 1 * u.MeV, interaction=na.Weak(), response=model),
        lambda model: rate(1 * u.keV, interaction=na.Weak(), response=model),
    ):
        with pytest.raises(UnsupportedResponse, match="'equivalent-photon'"):
            call(na.response("equivalent-photon", GE))


def test_energy_outside_a_table():
    """A photoabsorption table ends; nothing is extrapolated, in either function."""
    model = na.response("equivalent-photon", GE, photoabsorption="henke")
    for T in (5 * u.eV, [1 * u.keV, 31 * u.keV]):
        with pytest.raises(OutOfRange, match="table"):
            sigma(T, 1 * u.MeV, response=model)
        with pytest.raises(OutOfRange, match="table"):
            rate(T, response=model)


@pytest.mark.parametrize(
    "channel", [na.MagneticMoment(1e200), na.Weak(1e200), na.Weak(float("nan"))], ids=repr
)
def test_result_is_finite_or_an_error(channel):
    """Neither an inf nor a NaN ever comes back."""
    with pytest.raises(OutOfRange, match="floating-point"):
        sigma(1 * u.keV, 1 * u.MeV, interaction=channel)
    with pytest.raises(OutOfRange, match="floating-point"):
        rate(1 * u.keV, interaction=channel)


def test_settings_of_numpy_are_left_alone():
    """The checks of a call do not outlive it."""
    before = np.geterr()
    sigma(1 * u.keV, 1 * u.MeV)
    with pytest.raises(OutOfRange):
        sigma(1 * u.keV, 1 * u.MeV, interaction=na.Weak(1e200))
    assert np.geterr() == before


# --- where a model does not hold --------------------------------------------------------


def caught(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return [(warning.category, str(warning.message)) for warning in found]


@pytest.mark.parametrize("photon", ["equivalent-photon", "equivalent-photon-paper"])
def test_a_retracted_formula_warns_by_name(photon):
    """Once for a call with many energies, in one line, from the line of the caller."""
    T = np.array([0.3, 1.3, 11]) * u.keV
    model = na.response(photon, GE)
    for call in (lambda: sigma(T, 1 * u.MeV, response=model), lambda: rate(T, response=photon)):
        ((category, message),) = caught(call)
        assert category is RetractedWarning
        assert "arXiv:1001.2074v3" in message
        assert "\n" not in message
    with pytest.warns(RetractedWarning) as record:
        rate(T, response=photon)
    assert record[0].filename == __file__


def test_outside_of_its_range_a_model_warns():
    """Stepped electrons with a charge lack the photon point; a free atom is no solid at 50 eV."""
    charge = na.Millicharge(1e-12)
    ((category, message),) = caught(lambda: rate(1.3 * u.keV, interaction=charge, response=STEPPED))
    assert category is ValidityWarning
    assert message.startswith("millicharge with stepped on Ge at 1.3 keV: ")
    ((category, message),) = caught(lambda: rate([0.05 * u.keV, 1 * u.keV]))
    assert category is ValidityWarning
    assert "ab-initio on Ge at 0.05 keV: " in message
    assert "solid" in message
    # a free atom is what xenon is; the default holds there without a word
    assert caught(lambda: rate([1 * u.keV, 5 * u.keV], target="Xe")) == []


def test_the_warning_names_the_target_of_the_model():
    """A cross section takes the element from its model."""
    for target in ("Ge", "Xe", "Si"):
        model = na.response("impulse", target)
        ((_, message),) = caught(
            lambda model=model: sigma(
                0.5 * u.keV, 1 * u.MeV, interaction=na.Millicharge(1e-12), response=model
            )
        )
        assert f"on {target} at 0.5 keV" in message


def test_a_warning_leaves_the_numbers_alone():
    """What does not hold is still computed, as by the rates that do not judge."""
    T = np.array([0.05, 1.3]) * u.keV
    model = na.response("equivalent-photon", GE)
    with pytest.warns(RetractedWarning):
        found = rate(T, response=model)
    plain = rate_by_shell(
        T,
        source=na.source("kuo-sheng"),
        interaction=MOMENT,
        response=model,
        atoms_per_mass=GE.atoms_per_mass,
    )
    np.testing.assert_array_equal(found, plain.sum(axis=0))


# --- the spread of the models -----------------------------------------------------------


def spread(T, **changes):
    words = {"source": "kuo-sheng", "target": "Ge", "interaction": MOMENT} | changes
    return na.model_spread(T, **words)


def test_spread_is_the_envelope_of_the_models_that_hold():
    """For a moment above 3 keV: ab-initio and what agrees with it, none retracted."""
    T = np.array([[3.5, 12], [20, 80]]) * u.keV
    low, high = spread(T)
    assert low.shape == high.shape == T.shape
    names = ("ab-initio", "free", "stepped", "hydrogenic", "impulse")
    values = [rate(T, response=name) for name in names]
    np.testing.assert_array_equal(low, np.min(values, axis=0))
    np.testing.assert_array_equal(high, np.max(values, axis=0))
    # each model is within the tolerance of the same reference
    assert np.all(high / low < (1 + TOLERANCE) / (1 - TOLERANCE))


def test_spread_takes_each_model_where_it_holds():
    """Free electrons do not count below 3 keV, where K electrons of germanium are not free."""
    T = np.array([0.5, 12]) * u.keV
    _, high = spread(T)
    free = rate_by_shell(
        T,
        source=na.source("kuo-sheng"),
        interaction=MOMENT,
        response=na.response("free", GE),
        atoms_per_mass=GE.atoms_per_mass,
    )[0]
    assert high[0] < 0.8 * free[0]
    assert high[1] >= free[1]


def test_spread_of_several_channels_holds_for_each():
    """With a millicharge only the models of the photon in germanium are left, without weak."""
    T = np.array([1.3, 5]) * u.keV
    charge = na.Millicharge(1e-12)
    low, high = spread(T, interaction=charge)
    expected = rate(T, interaction=charge, response="photoabsorption-ionisation")
    np.testing.assert_array_equal(low, expected)
    np.testing.assert_array_equal(high, expected)
    with pytest.raises(OutOfRange, match="millicharge and weak on Ge"):
        spread(T, interaction=na.Couplings((charge, na.Weak())))


def test_spread_without_a_model_is_an_error():
    """A free atom in a solid at 50 eV: the energy is named, and where to look."""
    with pytest.raises(OutOfRange, match=r"found 0\.05 keV.*nuatom list validity"):
        spread(np.array([0.05, 1]) * u.keV)
    with pytest.raises(InvalidInput, match="of which no model was measured"):
        spread(1 * u.keV, interaction=ChargedProjectile(106 * u.MeV))


def test_spread_of_a_nucleus_is_left_to_the_nucleus():
    """Weak means electrons here; no energies give no values."""
    low, high = spread(np.array([]) * u.keV, interaction=na.Weak())
    assert low.shape == high.shape == (0,)
