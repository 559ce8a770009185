"""Numbers and words as HTML."""

import math

import numpy as np
import pytest

from nuatom.report.text import escape, heading, number, typeset, value


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (0.0, "0"),
        (57.0, "57"),
        (1.9e-11, "1.9&nbsp;&times;&nbsp;10<sup>&minus;11</sup>"),
        (1.93349e-11, "1.933&nbsp;&times;&nbsp;10<sup>&minus;11</sup>"),
        (9.99996e-5, "10<sup>&minus;4</sup>"),
        (9.99996, "10"),
        (-0.25, "&minus;0.25"),
        (0.0012345, "0.001234"),
        (99999.6, "10<sup>5</sup>"),
        (12345.6, "12350"),
        (1e13, "10<sup>13</sup>"),
        (math.nan, "&ndash;"),
        (math.inf, "&infin;"),
        (-math.inf, "&minus;&infin;"),
    ],
)
def test_numbers_have_four_digits_and_true_exponents(given, shown):
    """Four significant digits, no trailing zeros, a power of ten only where it helps."""
    assert number(given) == shown


@pytest.mark.parametrize("exponent", range(-12, 13))
def test_shown_number_is_the_number(exponent):
    """Reading a shown number back gives the value to half a unit of the fourth digit."""
    given = 1.23456 * 10.0**exponent
    shown = number(given).replace("&nbsp;&times;&nbsp;10<sup>", "e").replace("</sup>", "")
    # four digits after rounding: at most 5e-4 relative for a mantissa near 1
    assert float(shown.replace("&minus;", "-")) == pytest.approx(given, rel=5e-4)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("mu_nu < 1e-10 mu_B", "&mu;<sub>&nu;</sub> &lt; 10<sup>&minus;10</sup> &mu;<sub>B</sub>"),
        ("kg^-1 keV^{-1}", "kg<sup>&minus;1</sup> keV<sup>&minus;1</sup>"),
        ("2.7e+3", "2.7&nbsp;&times;&nbsp;10<sup>3</sup>"),
        ("numbers, munch", "numbers, munch"),
        ("1e5a3b", "1e5a3b"),
        ("a -> b", "a &rarr; b"),
        ("R_L + W_00", "R<sub>L</sub> + W<sub>00</sub>"),
        ("L^{mu nu}", "L<sup>&mu; &nu;</sup>"),
        ("file_name a_long", "file_name a_long"),
        ("<b>&</b>", "&lt;b&gt;&amp;&lt;/b&gt;"),
    ],
)
def test_plain_text_is_typeset(given, shown):
    """Symbols and powers are recognised, other words and markup are left as text."""
    assert typeset(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, "&ndash;"),
        ("", "&ndash;"),
        (True, "yes"),
        (np.bool_(False), "no"),
        (np.float64(2.5), "2.5"),
        ([1.0, None, "a"], "1, &ndash;, a"),
        (object, escape(str(object))),
    ],
)
def test_cells(given, shown):
    """A cell holds whatever a summary can hold."""
    assert value(given) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("energy_low_keV", "energy low (keV)"),
        ("ratio_at_1.3_keV", "ratio at 1.3 keV"),
        ("error_1e22_mu_B2", "error (10<sup>&minus;22</sup> &mu;<sub>B</sub><sup>2</sup>)"),
        ("constant_F_a", "constant F<sub>a</sub>"),
        ("eq11", "Eq. (11)"),
        ("chi2_per_dof", "&chi;&sup2; per dof"),
        ("<i>", "&lt;i&gt;"),
    ],
)
def test_names_become_words(name, shown):
    """Units stand apart, symbols stay whole."""
    assert heading(name) == shown
