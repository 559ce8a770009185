"""The mixing matrix and the published best-fit points."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.mixing import MixingParameters, global_fit, pmns
from nuatom.mixing.parameters import flavor_row

# A dozen products of numbers of order one.
ROUNDING = 1e-14

angles = st.floats(min_value=0.0, max_value=np.pi / 2)
phases = st.floats(min_value=-7.0, max_value=7.0)


@given(angles, angles, angles, phases, phases, phases)
def test_unitary(theta12, theta13, theta23, delta, alpha21, alpha31):
    """Probability is conserved for any angles and phases."""
    U = pmns(MixingParameters(theta12, theta13, theta23, delta, 1.0, 30.0, alpha21, alpha31))
    np.testing.assert_allclose(U @ U.conj().T, np.eye(3), atol=ROUNDING)


def test_elements_as_printed():
    """The nine elements of the PDG parametrisation, written out."""
    a, b, t, d = 0.59, 0.15, 0.75, 1.3
    c12, s12, c13, s13 = np.cos(a), np.sin(a), np.cos(b), np.sin(b)
    c23, s23, plus = np.cos(t), np.sin(t), np.exp(1j * d)
    expected = [
        [c12 * c13, s12 * c13, s13 / plus],
        [-s12 * c23 - c12 * s23 * s13 * plus, c12 * c23 - s12 * s23 * s13 * plus, s23 * c13],
        [s12 * s23 - c12 * c23 * s13 * plus, -c12 * s23 - s12 * c23 * s13 * plus, c23 * c13],
    ]
    U = pmns(MixingParameters(a, b, t, d, 1.0, 30.0))
    np.testing.assert_allclose(U, expected, atol=ROUNDING)


def test_majorana_phases_turn_columns():
    """alpha_21/2 and alpha_31/2 multiply the second and third column."""
    fit = global_fit()
    turned = dataclasses.replace(fit, majorana_phase_21=0.8, majorana_phase_31=-1.1)
    expected = pmns(fit) * np.exp(1j * np.array([0.0, 0.4, -0.55]))
    np.testing.assert_allclose(pmns(turned), expected, atol=ROUNDING)


def test_jarlskog_invariant():
    """Im(U_e1 U_mu2 U*_e2 U*_mu1) = c12 s12 c23 s23 c13^2 s13 sin(delta)."""
    p = global_fit()
    U = pmns(p)
    invariant = (U[0, 0] * U[1, 1] * U[0, 1].conj() * U[1, 0].conj()).imag
    products = np.prod([np.sin(2 * t) / 2 for t in (p.theta12, p.theta13, p.theta23)])
    assert invariant == pytest.approx(products * np.cos(p.theta13) * np.sin(p.delta), rel=1e-12)


@pytest.mark.parametrize(
    ("ordering", "variant", "s12", "s13", "s23", "delta", "dm31"),
    [
        ("normal", "ic24-with-sk", 0.308, 0.02215, 0.470, 212, 2.513e-3),
        ("inverted", "ic24-with-sk", 0.308, 0.02231, 0.550, 274, -2.484e-3 + 7.49e-5),
        ("normal", "ic19-without-sk", 0.307, 0.02195, 0.561, 177, 2.534e-3),
    ],
)
def test_published_best_fits(ordering, variant, s12, s13, s23, delta, dm31):
    """NuFIT 6.0; for the inverted ordering Delta m^2_31 = Delta m^2_32 + Delta m^2_21."""
    fit = global_fit(ordering, variant)
    angles = (fit.theta12, fit.theta13, fit.theta23)
    assert [np.sin(t) ** 2 for t in angles] == pytest.approx([s12, s13, s23], rel=1e-12)
    assert np.rad2deg(fit.delta) == pytest.approx(delta, rel=1e-12)
    assert fit.mass_splitting_21 / u.eV**2 == pytest.approx(7.49e-5, rel=1e-12)
    assert fit.mass_splitting_31 / u.eV**2 == pytest.approx(dm31, rel=1e-12)


@pytest.mark.parametrize("wanted", [("inverted", "ic19-without-sk"), ("random", "ic24-with-sk")])
def test_other_fits_are_refused(wanted):
    """A combination that is not in the table is an error that names the nearest."""
    with pytest.raises(UnknownName, match="ic24-with-sk"):
        global_fit(*wanted)


@pytest.mark.parametrize(
    "change",
    [
        {"theta12": -0.1},
        {"theta23": 1.6},
        {"theta13": np.nan},
        {"delta": np.inf},
        {"mass_splitting_21": 0.0},
        {"mass_splitting_31": "x"},
    ],
)
def test_parameters_out_of_range(change):
    """Angles lie in the first quadrant and m_2 > m_1."""
    with pytest.raises(InvalidInput, match=next(iter(change))):
        dataclasses.replace(global_fit(), **change)


def test_rows_of_the_flavors():
    """Rows e, mu, tau; antineutrinos share them; anything else is refused."""
    assert [flavor_row(f) for f in ("nu_e", "nu_mu", "nu_tau")] == [
        (0, False),
        (1, False),
        (2, False),
    ]
    assert flavor_row("anti_nu_tau") == (2, True)
    with pytest.raises(UnknownName, match="nu_e"):
        flavor_row("nu_x")
