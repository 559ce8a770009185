"""From words to numbers, channels and models."""

from pathlib import Path

import numpy as np
import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.cli import parse
from nuatom.errors import CannotWrite, InvalidInput, UnknownName, UnsupportedResponse
from nuatom.interactions import Couplings, MagneticMoment
from nuatom.interactions.incoherent import IncoherentSum


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-11", 1e-11), ("-2.5", -2.5), ("+3", 3.0), ("0", 0.0), (".5", 0.5), (" 7 ", 7.0)],
)
def test_number(text, value):
    """A number may be spelt in any way that Python knows."""
    assert parse.number(text, "x") == value


@pytest.mark.parametrize("text", ["", " ", "abc", "1e", "1,5", "0x10", "1e-11mu_B", "--"])
def test_text_is_no_number(text):
    """What is not a number is shown with what was expected."""
    with pytest.raises(InvalidInput, match=r"^x: found .*expected a number"):
        parse.number(text, "x")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "NaN", "Infinity", "1e999"])
def test_number_is_finite(text):
    """Neither NaN nor infinity, however it is spelt, is a coupling or an energy."""
    with pytest.raises(InvalidInput, match="finite"):
        parse.number(text, "x")


@pytest.mark.parametrize("text", ["0", "-0.0", "-1", "-1e-300", "1e-400"])
def test_positive_number(text):
    """An energy of zero, or of less, transfers nothing."""
    with pytest.raises(InvalidInput, match="> 0"):
        parse.positive(text, "x")


def test_energies_keep_their_order():
    """Energies come back as they were asked for, in any order, repeated or not."""
    values = parse.energies("11, 0.3,1.3 ,0.3", "--transfer-keV")
    # a multiplication and a division by the unit: two roundings
    np.testing.assert_allclose(values / u.keV, [11, 0.3, 1.3, 0.3], rtol=1e-15)


@pytest.mark.parametrize("text", ["", ",", "1,,2", ",1", "1,", "1, ,2"])
def test_energies_have_no_gaps(text):
    """A doubled or a dangling comma is an error, not an energy that is left out."""
    with pytest.raises(InvalidInput, match="--transfer-keV: found an empty value"):
        parse.energies(text, "--transfer-keV")


def test_place():
    """A path is taken as it is; an empty one, as of an unset variable, is refused."""
    assert parse.place("a/b.csv", "--out") == Path("a/b.csv")
    for text in ("", "  "):
        with pytest.raises(InvalidInput, match="--out: found an empty path"):
            parse.place(text, "--out")


def test_amplitudes_interfere_and_the_magnetic_moment_adds():
    """Helicity-keeping channels share one amplitude, a helicity flip does not."""
    wanted = parse.channels(["weak", "magnetic-moment=1e-11", "charge-radius=1e-32"])
    assert isinstance(wanted.interaction, IncoherentSum)
    keeping, flipping = wanted.interaction.interactions
    assert isinstance(keeping, Couplings)
    assert [type(a).__name__ for a in keeping.amplitudes] == ["Weak", "ChargeRadius"]
    assert flipping == MagneticMoment(1e-11)
    assert wanted.names == ("weak", "magnetic-moment", "charge-radius")
    assert not wanted.nuclear


def test_couplings_are_in_the_unit_of_the_catalogue():
    """A charge radius is given in cm^2, whatever the base scale is."""
    wanted = parse.channels(["charge-radius=-3e-32"])
    (radius,) = wanted.interaction.amplitudes
    # one multiplication and one division
    assert radius.squared_radius / u.cm**2 == pytest.approx(-3e-32, rel=1e-14)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (["magnetic-momnt=1"], UnknownName, "did you mean 'magnetic-moment'"),
        (["Weak"], UnknownName, "did you mean 'weak'"),
        (["magnetic-moment"], InvalidInput, "magnetic-moment=NUMBER in mu_B"),
        (["millicharge="], InvalidInput, r"millicharge \[e\]: found ''"),
        (["millicharge=1=2"], InvalidInput, "found '1=2'"),
        (["weak", "weak=2"], InvalidInput, "found twice"),
        (["coherent", "weak"], InvalidInput, "different observables"),
        (["magnetic-moment=-1"], InvalidInput, "expected >= 0"),
    ],
)
def test_channels_that_are_refused(words, error, message):
    """Each error names the channel and says what is missing."""
    with pytest.raises(error, match=message):
        parse.channels(words)


def test_default_response_is_never_an_equivalent_photon():
    """Ab-initio where there is a table, else stepped; nuclei coherent; or what is asked for."""
    electrons, nuclei = (parse.channels([name]) for name in ("weak", "coherent"))
    assert parse.response_name(None, electrons, "Ge") == "ab-initio"
    assert parse.response_name(None, electrons, "U") == "stepped"
    assert parse.response_name("free", electrons, "Ge") == "free"
    assert parse.response_name(None, nuclei, "Ge") == "nucleus"
    assert parse.response_name("nucleus", nuclei, "Ge") == "nucleus"
    for name in ("stepped", "free", ""):
        with pytest.raises(InvalidInput, match="expected nucleus"):
            parse.response_name(name, nuclei, "Ge")
    assert parse.response_name("", electrons, "Ge") == "", "an empty name is no default"


def test_a_default_is_named():
    """Which model was used is said when it was not asked for; a nucleus has one only."""
    (line,) = parse.default_notes(None, "ab-initio")
    assert line.startswith("response: ab-initio, the default for this element")
    assert parse.default_notes("stepped", "stepped") == parse.default_notes(None, "nucleus") == []


RETRACTED = [
    "equivalent-photon",
    "equivalent-photon-transverse",
    "equivalent-photon-paper",
    "equivalent-photon-in-medium",
    "photoabsorption-ionisation",
    "photoabsorption-ionisation-in-vacuum",
]


@pytest.mark.parametrize("name", catalog.RESPONSES)
def test_retraction_goes_with_every_equivalent_photon_of_a_magnetic_moment(name):
    """One line says it for a magnetic moment, alone or with others, and for nothing else."""
    moment = parse.channels(["magnetic-moment=1e-11"])
    mixed = parse.channels(["millicharge=1e-12", "magnetic-moment=1e-11"])
    charge = parse.channels(["millicharge=1e-12"])
    expected = 1 if name in RETRACTED else 0
    T = np.array([0.3, 1.3, 11]) * u.keV
    for wanted in (moment, mixed):
        notes = parse.validity_notes(name, wanted, "Ge", T)
        assert all(note.startswith("note: ") and "\n" not in note for note in notes)
        assert sum("retracted" in note for note in notes) == expected
    assert "retracted" not in " ".join(parse.validity_notes(name, charge, "Ge", T))


def test_a_reason_stands_on_one_line():
    """Energies in several bands and two reasons: a line for each reason, none repeated."""
    wanted = parse.channels(["millicharge=1e-12", "weak"])
    T = np.array([0.05, 0.08, 0.5, 2, 20]) * u.keV
    notes = parse.validity_notes("stepped", wanted, "Ge", T)
    assert 2 <= len(notes) == len(set(notes)) <= 3
    assert "0.05-20 keV: free electrons have no soft photons" in notes[0]
    assert "0.05-0.08 keV: theory of a free atom" in notes[-1]
    assert parse.validity_notes("nucleus", parse.channels(["coherent"]), "Ge", T) == []


def test_what_a_model_lacks_is_said_in_the_words_of_the_command_line():
    """The user asked for weak and --response, not for a class."""
    wanted = parse.channels(["weak"])
    with (
        pytest.raises(UnsupportedResponse, match="weak with --response some-model: too little"),
        parse.as_asked("some-model", wanted),
    ):
        raise UnsupportedResponse("too little")


@pytest.mark.parametrize("name", ["a.png", "deep/a.svg"])
def test_a_file_to_be_written_keeps_its_path(name, tmp_path):
    """It need not exist, nor need its folder."""
    assert parse.file(str(tmp_path / name), "--plot", parse.PICTURES) == tmp_path / name


def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path):
    """A folder, another ending and an empty name, each with its option."""
    with pytest.raises(CannotWrite, match="it is a folder"):
        parse.file(str(tmp_path), "--out")
    with pytest.raises(InvalidInput, match=r"--plot: found 'a\.pdf', expected .* \.png or \.svg"):
        parse.file("a.pdf", "--plot", parse.PICTURES)
    with pytest.raises(InvalidInput, match="--out: found an empty path"):
        parse.file(" ", "--out")
