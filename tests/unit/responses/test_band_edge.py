"""A tabulated response at the ends of its band."""

import dataclasses

import numpy as np
import pytest

import nuatom as na
from nuatom import units as u
from nuatom.errors import OutOfRange, UnknownName, UnsupportedResponse
from nuatom.interactions.terms import q2_limits
from nuatom.responses import Tabulated
from nuatom.responses.band_edge import BandEdge, ScaledWeights
from nuatom.responses.response_table import RelativeUncertainty
from nuatom.responses.shipped_tables import shipped_table

E = 1 * u.MeV
MOMENT = na.MagneticMoment(1e-11)
LOW, HIGH = np.array([-0.3, -0.1]), np.array([0.2, 0.0])
"""Of a made-up band at 10 eV and at 100 keV, linear in ln T between them."""


@pytest.fixture(scope="module")
def table():
    """Germanium with a band that is known."""
    energies = np.array([0.01, 100.0]) * u.keV
    band = RelativeUncertainty(("magnetic-moment",), energies, LOW[None], HIGH[None])
    return Tabulated(dataclasses.replace(shipped_table("Ge"), uncertainty=band), name="germanium")


def sigma(T, response):
    return na.differential_cross_section(T, E, interaction=MOMENT, response=response)


@pytest.mark.parametrize(("upper", "change"), [(False, (-0.3, -0.2, -0.1)), (True, (0.2, 0.1, 0))])
def test_cross_section_moves_to_the_end_of_the_band(table, upper, change):
    """At the ends of the grid and half way between, in ln T."""
    T = np.array([0.01, np.sqrt(0.01 * 100), 100.0]) * u.keV
    found = sigma(T, BandEdge(table, "magnetic-moment", upper)) / sigma(T, table)
    # a factor on each weight instead of the sum
    np.testing.assert_allclose(found, 1 + np.array(change), rtol=1e-12)


def test_it_is_the_table_otherwise(table):
    """Shells, edges, element and what it provides are those of the table; the name says more."""
    edge = BandEdge(table, "magnetic-moment", upper=True)
    assert (edge.name, edge.element) == ("germanium-upper", "Ge")
    assert BandEdge(table, "magnetic-moment", upper=False).name == "germanium-lower"
    assert (edge.shells, edge.provides) == (table.shells, table.provides)
    assert edge.constituents is table.constituents
    np.testing.assert_array_equal(edge.edges, table.edges)
    T = np.array([0.5, 5.0]) * u.keV
    q2_min, q2_max = q2_limits(T, np.full(2, E), neutrino_mass=0.0)
    measures = [m.measure(T, q2_min=q2_min, q2_max=q2_max) for m in (edge, table)]
    np.testing.assert_array_equal(measures[0].q2, measures[1].q2)
    assert len(measures[0].weights) == len(measures[1].weights) == 7
    assert set(measures[0].weights) == set(edge.provides)


def test_weights_are_computed_when_asked_for():
    """Whether a response is there can be known without the work."""

    class Refusing(dict):
        def __getitem__(self, name):
            raise AssertionError(name)

    weights = ScaledWeights(Refusing(L=None), np.ones(1))
    assert "L" in weights
    assert "T" not in weights
    assert list(weights) == ["L"]


def test_what_has_no_band(table):
    """Another channel, an energy beyond the band and a table without one are errors."""
    T = np.array([1.0]) * u.keV
    with pytest.raises(UnknownName, match="uncertainty 'weak'"):
        sigma(T, BandEdge(table, "weak", upper=True))
    with pytest.raises(OutOfRange, match="relative_uncertainty"):
        sigma(200 * T, BandEdge(table, "magnetic-moment", upper=True))
    bare = Tabulated(dataclasses.replace(table.table, uncertainty=None))
    with pytest.raises(UnsupportedResponse, match="found no relative_uncertainty"):
        sigma(T, BandEdge(bare, "magnetic-moment", upper=True))
