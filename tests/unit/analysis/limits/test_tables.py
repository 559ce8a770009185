"""Tables of a limit."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.limit import limit_of_model
from nuatom.analysis.limits.tables import coupling_column
from nuatom.datasets import BinnedCounts, OnOff

COUNTS = np.array([52.0, 61.0, 90.0, 120.0, 88.0, 66.0, 50.0, 47.0])
ASKED = {"parameters": ["magnetic-moment"]}


def test_parameters_are_those_of_the_fit(synthetic):
    """Best fit, error, prior, pull, correlation with the coupling."""
    model = synthetic.counted(synthetic.model("weak", "magnetic-moment"), COUNTS)
    found = limit_of_model(model, ASKED)
    table = found.tables["parameters"]
    assert list(table.column("parameter")) == list(found.fit.names)
    assert np.asarray(table.column("best_fit")) == pytest.approx(found.fit.array, rel=1e-12)
    place = found.fit.names.index("flat")
    pull = (found.fit.values["flat"] - 1) / 0.1
    assert float(np.asarray(table.column("pull"))[place]) == pytest.approx(pull, rel=1e-9)
    assert np.isnan(np.asarray(table.column("pull"))[found.fit.names.index("peak")])
    matrix = np.array([c.values for c in found.tables["correlations"].columns[1:]])
    assert matrix == pytest.approx(matrix.T, rel=1e-12)
    assert np.diag(matrix) == pytest.approx(1.0)


def test_components_add_up_to_the_best_fit(synthetic):
    """In every bin (rounding)."""
    model = synthetic.counted(synthetic.model("weak", "millicharge"), COUNTS)
    table = limit_of_model(model, {"parameters": ["millicharge"]}).tables["spectrum"]
    parts = [c.values for c in table.columns if c.name.startswith("component_")]
    assert np.sum(parts, axis=0) == pytest.approx(np.asarray(table.column("best_fit_counts")))


def test_a_pair_is_shown_as_a_difference(synthetic):
    """on - off/3 with its error."""
    edges = synthetic.EDGES
    on = BinnedCounts("on", edges, COUNTS, 1.0 * u.day, 1.0 * u.kg)
    off = BinnedCounts("off", edges, 2 * COUNTS, 3.0 * u.day, 1.0 * u.kg)
    bare = synthetic.model("weak", "magnetic-moment", backgrounds=False, variations=False)
    table = limit_of_model(synthetic.with_data(bare, OnOff(on, off)), ASKED).tables["spectrum"]
    assert np.asarray(table.column("observed_counts")) == pytest.approx(COUNTS / 3, rel=1e-9)
    errors = np.asarray(table.column("observed_error_counts"))
    assert errors**2 == pytest.approx(COUNTS * (1 + 2 / 9), rel=1e-9)


def test_edges_are_shown_in_keV(synthetic):
    """Whatever the base scale."""
    model = synthetic.model("weak", "magnetic-moment")
    table = limit_of_model(model, {**ASKED, "data": "asimov"}).tables["spectrum"]
    assert np.asarray(table.column("energy_low_keV")) == pytest.approx(np.linspace(1, 4.5, 8))
    assert "observed_counts" not in [column.name for column in table.columns]


def test_columns_of_couplings_have_units():
    """A pure number has none."""
    radius = Interest("charge-radius", ("charge-radius",), "cm^2", 1e-32, 1, False)
    weak = Interest("weak", ("weak",), "times the Standard Model", 1.0, 2, True)
    assert (coupling_column(radius), coupling_column(weak)) == ("charge_radius_cm2", "weak")
