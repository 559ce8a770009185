"""Quantities as text: units, dimensions, mistakes."""

import hypothesis
import pytest
from hypothesis import strategies as st

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.quantity import DIMENSIONS, UNITS, quantity


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        ("220 eV", "energy", 0.22 * u.keV),
        ("220eV", "energy", 0.22 * u.keV),
        ("6.4e12 / cm2 / s", "1/(area time)", 6.4e12 * u.flux),
        ("6.4e12 / (cm^2 s)", "1/(area time)", 6.4e12 * u.flux),
        ("0.338 kg day", "mass time", 0.338 * u.kg * u.day),
        ("1.16 tonne*year", "mass time", 1.16 * u.tonne * u.year),
        ("2 cpkkd", "1/(mass energy time)", 2 * u.cpkkd),
        ("2 / kg / keV / day", "1/(mass energy time)", 2 * u.cpkkd),
        ("2 kg-1 keV-1 day-1", "1/(mass energy time)", 2 * u.cpkkd),
        ("-1e-32 cm**2", "area", -1e-32 * u.cm**2),
        ("2.9 GW", "power", 2.9 * u.GW),
        ("5 %", "dimensionless", 0.05),
        ("0.157", "dimensionless", 0.157),
    ],
)
def test_quantity_is_number_times_unit(text, dimension, expected):
    """Text and multipliers mean the same (rounding of a few products)."""
    assert quantity(text, dimension, "x") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "said"),
    [
        ("220", "energy", "without a unit"),
        ("220 s", "energy", "in time"),
        ("220 ev", "energy", "did you mean eV"),
        ("1 / cm2", "1/(area time)", "length^-2"),
        ("keV 220", "energy", "'220 eV'"),
        ("1 /", "energy", "ends too early"),
        ("1 * / keV", "energy", "beside another sign"),
        ("1 / (kg", "mass", "unmatched bracket"),
        ("1 (kg) day", "mass time", "bracket"),
        ("1e999 keV", "energy", "beyond"),
        ("1 / barn9 / barn9 / barn9 / barn9 / barn9 / barn9", "energy", "found"),
        ("nan keV", "energy", "expected"),
        ("", "energy", "expected"),
        (3, "energy", "found 3"),
        (None, "mass", "found None"),
    ],
)
def test_mistakes_say_what_was_expected(text, dimension, said):
    """A wrong dimension is refused although hbar = c = 1 makes the numbers alike."""
    with pytest.raises(InvalidInput, match=r"^mass of the crystal: found ") as caught:
        quantity(text, dimension, "mass of the crystal")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sign_is_checked_where_it_matters():
    """A rate below zero is no rate; a reference energy of zero may be one."""
    assert quantity("0 keV", "energy", "x") == 0
    with pytest.raises(InvalidInput, match="more than zero"):
        quantity("0 keV", "energy", "x", positive=True)


def test_every_example_of_a_dimension_is_one():
    """The examples in messages can be copied."""
    assert all(quantity(example, name, "x") for name, (_, example) in DIMENSIONS.items())


@hypothesis.given(
    st.text(alphabet=[*"0123456789eE.+-*/^() %", *sorted({c for n in UNITS for c in n})])
)
def test_any_text_is_read_or_refused(text):
    """Nothing but InvalidInput comes out of nonsense."""
    try:
        quantity(text, "energy", "x")
    except InvalidInput as error:
        assert "\n" not in str(error)
