"""A light vector boson: its sign, its normalisation and its two limits."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions import Millicharge
from nuatom.interactions.terms import FLAVORS
from nuatom.interactions.vector_mediator import (
    B_MINUS_L,
    VECTOR_CHARGES,
    VectorCharges,
    VectorMediator,
)

T, Q2 = np.array(1.0 * u.keV), np.array([1e-3, 1.0, 1e3, 1e6]) * u.keV**2


@pytest.mark.parametrize("constituent", ["electron", "proton", "neutron"])
@pytest.mark.parametrize("charge", [2e-12, -3e-12])
def test_a_massless_boson_is_a_millicharge(charge, constituent):
    """M = 0, g = e and electric charges: the amplitude of a millicharge, sign included."""
    electric = VectorCharges("electric", (charge,) * 3, -1.0, 1.0, 0.0)
    boson = VectorMediator(np.sqrt(4 * np.pi * c.fine_structure), 0.0, electric)
    where = {"flavor": "anti_nu_e", "constituent": constituent}
    expected = Millicharge(charge).vector(T, Q2, **where)
    np.testing.assert_allclose(boson.vector(T, Q2, **where), expected, rtol=1e-14)
    assert boson.neutrino_mass == Millicharge(charge).neutrino_mass


def test_a_heavy_boson_is_a_shift_of_g_v():
    """M^2 >> Q^2: eps^V = g^2 Q_nu Q_e/(sqrt2 G M^2); 1e-12 = Q^2/M^2 at most."""
    g, M = 1e-3, 1e9 * u.keV
    shift = VectorMediator(g, M).vector(T, Q2, flavor="nu_e", constituent="electron")
    expected = g**2 / (np.sqrt(2) * c.fermi_coupling * M**2)
    np.testing.assert_allclose(shift, expected, rtol=2e-12)


def test_propagator():
    """At Q^2 = M^2 the amplitude is half of that at Q^2 = 0."""
    M = 30 * u.keV
    values = VectorMediator(1e-6, M).vector(
        T, np.array([0.0, M**2]), flavor="nu_e", constituent="electron"
    )
    assert values[1] == pytest.approx(values[0] / 2, rel=1e-14)


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize(
    ("name", "constituent", "expected"),
    [
        ("B-L", "electron", [1, 1, 1]),
        ("B-L", "proton", [-1, -1, -1]),
        ("B-L", "neutron", [-1, -1, -1]),
        ("universal", "electron", [1, 1, 1]),
        ("universal", "proton", [3, 3, 3]),
        ("universal", "neutron", [3, 3, 3]),
        ("L_e-L_mu", "electron", [1, -1, 0]),
        ("L_e-L_mu", "proton", [0, 0, 0]),
        ("L_e-L_tau", "electron", [1, 0, -1]),
        ("L_e-L_tau", "neutron", [0, 0, 0]),
    ],
)
def test_charges(name, constituent, expected, flavor):
    """Q_nu Q_c: quarks 1/3 and leptons -1 for B-L, three quarks in a nucleon."""
    row = FLAVORS.index(flavor) % 3
    neutrino, matter = VECTOR_CHARGES[name].of(flavor, constituent)
    assert neutrino * matter == expected[row]
    g, M = 2e-6, 1e3 * u.keV
    value = VectorMediator(g, M, VECTOR_CHARGES[name]).vector(
        T, np.array(0.0), flavor=flavor, constituent=constituent
    )
    scale = g**2 / (np.sqrt(2) * c.fermi_coupling * M**2)
    assert float(value) == pytest.approx(expected[row] * scale, rel=1e-14)


def test_no_axial_part():
    """A vector boson has no axial coupling."""
    boson = VectorMediator(1e-6, 1.0)
    assert np.all(boson.axial(T, Q2, flavor="nu_e", constituent="electron") == 0)
    assert not boson.has_axial


@pytest.mark.parametrize(
    "wrong",
    [
        {"coupling": np.nan, "mass": 1.0},
        {"coupling": 1e-6, "mass": -1.0},
        {"coupling": 1e-6, "mass": np.inf},
        {"coupling": 1e-6, "mass": 0.0, "neutrino_mass": 0.0},
    ],
)
def test_values_out_of_range(wrong):
    """Finite coupling, M >= 0, m_nu > 0."""
    with pytest.raises(InvalidInput):
        VectorMediator(**wrong)


def test_charges_out_of_range():
    """Three neutrino charges, all finite; six flavours."""
    with pytest.raises(InvalidInput, match="three"):
        VectorCharges("two", (1.0, 1.0), 1.0, 1.0, 1.0)
    with pytest.raises(InvalidInput, match="charges of bad"):
        VectorCharges("bad", (1.0, 1.0, np.nan), 1.0, 1.0, 1.0)
    with pytest.raises(InvalidInput, match="flavor"):
        B_MINUS_L.of("nu_s", "electron")
