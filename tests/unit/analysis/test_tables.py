"""Expected counts as tables, NetCDF and histograms."""

import csv
import io
import json
import sys
import types

import numpy as np
import pytest
import xarray as xr

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis import tables
from nuatom.datasets import from_histogram, open_root
from nuatom.errors import InvalidInput


@pytest.fixture(scope="module")
def model(card):
    """A model with an interference."""
    return analysis.load(card(signals__channels=["weak", "coherent", "charge-radius"]))


def test_columns_say_what_a_unit_is(model):
    """The unit of the coupling is in the name; Standard Model channels have none."""
    names = [column.name for column in tables.expected_table(model).columns]
    for name in (
        "energy_low_keV",
        "total_counts",
        "weak_counts",
        "charge_radius_counts_at_1_cm2",
        "weak_and_charge_radius_interference_counts_at_1_cm2",
        "compton_background_counts",
        "coherent_counts_quenching_up",
        "compton_background_counts_compton_rate_down",
    ):
        assert name in names


def test_csv_can_be_put_together_again(model, tmp_path):
    """Weak + x interference + x^2 quadratic is what the model gives for x (9 digits kept)."""
    tables.write(model, tmp_path / "e.csv")
    lines = (tmp_path / "e.csv").read_text().splitlines()
    remarks = [line for line in lines if line.startswith("# ")]
    assert any("reference: " in line for line in remarks)
    assert any("card_sha256" in line or "source_digest" in line for line in remarks)
    rows = list(csv.DictReader(io.StringIO("\n".join(lines[len(remarks) :]))))
    x = -0.83e-32
    found = [
        float(r["weak_counts"])
        + float(r["coherent_counts"])
        + x * float(r["weak_and_charge_radius_interference_counts_at_1_cm2"])
        + x**2 * float(r["charge_radius_counts_at_1_cm2"])
        + float(r["compton_background_counts"])
        + float(r["ge71_background_counts"])
        for r in rows
    ]
    assert found == pytest.approx(model.expected({"charge-radius": x}), rel=1e-7)


def test_netcdf_holds_everything(model, tmp_path):
    """Components, variations, parameters and citations survive the file."""
    tables.write(model, tmp_path / "e.nc")
    with xr.open_dataset(tmp_path / "e.nc", engine="h5netcdf") as data:
        assert data.counts.shape == (len(model.components), model.bin_edges.size - 1)
        part = model.component("coherent")
        found = data.varied_counts.sel(variation="quenching", side="up", component="coherent")
        assert found.values == pytest.approx(part.upper["quenching"], rel=1e-12)
        assert json.loads(data.attrs["parameters"])[0]["channel"] == "weak"
        assert "Vogel" in data.attrs["references"]
        assert data.energy_low_keV.values[0] == pytest.approx(0.2, rel=1e-9)


def test_model_without_variations_has_empty_axes(card, tmp_path):
    """Nothing varied, nothing written, no error."""
    plain = analysis.load(card(variations={}, backgrounds=[]))
    tables.write(plain, tmp_path / "e.nc")
    with xr.open_dataset(tmp_path / "e.nc", engine="h5netcdf") as data:
        assert data.sizes["variation"] == 0


def test_other_packages_are_used_only_if_they_are_there(model, tmp_path, monkeypatch):
    """Without them the message says what to install; nothing is written."""
    for package in ("hist", "uproot"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InvalidInput, match="pip install hist"):
        tables.to_hist(model)
    with pytest.raises(InvalidInput, match="pip install uproot"):
        tables.write(model, tmp_path / "e.root")
    with pytest.raises(InvalidInput, match=r"expected one of \.csv, \.nc, \.root"):
        tables.write(model, tmp_path / "e.txt")
    assert list(tmp_path.iterdir()) == []


def test_histograms_of_hist_hold_the_counts(model, monkeypatch):
    """One histogram for each component, on an axis in keV."""

    class Hist:
        def __init__(self, axis):
            self.axis = axis

        def __setitem__(self, _, values):
            self.values = values

    axis = types.SimpleNamespace(Variable=lambda edges, name: (name, edges))
    monkeypatch.setitem(sys.modules, "hist", types.SimpleNamespace(Hist=Hist, axis=axis))
    found = tables.to_hist(model)["weak_counts"]
    assert np.all(found.values == model.component("weak").counts)
    assert found.axis[1] == pytest.approx(model.bin_edges / u.keV, rel=1e-12)


def test_root_files_hold_every_component_and_variation(model, monkeypatch, tmp_path):
    """What is handed to uproot is counts and edges under the names of the columns."""
    written = {}

    class File:
        def __init__(self, path):
            path.write_bytes(b"root")

        def __enter__(self):
            return written

        def __exit__(self, *_):
            return None

    monkeypatch.setitem(sys.modules, "uproot", types.SimpleNamespace(recreate=File))
    tables.write(model, tmp_path / "e.root")
    assert (tmp_path / "e.root").read_bytes() == b"root"
    assert {"weak_counts", "coherent_counts_quenching_down"} <= set(written)


def test_root_files_give_back_what_was_written(model, tmp_path):
    """Through uproot and `from_histogram`: every count to the last bit, edges to the rounding of
    low + i width, which is how ROOT keeps bins of one width (1e-13)."""
    tables.write(model, tmp_path / "e.root")
    part = model.component("coherent")
    setup = {"unit": u.keV, "mass": 1 * u.kg, "live_time": 1 * u.day}
    for name, counts in (
        ("coherent_counts", part.counts),
        ("coherent_counts_quenching_up", part.upper["quenching"]),
    ):
        found = from_histogram(open_root(tmp_path / "e.root", name), **setup)
        assert np.array_equal(found.counts, counts)
        np.testing.assert_allclose(found.bin_edges, model.bin_edges, rtol=1e-13)
        assert found.notes == ()
    with pytest.raises(InvalidInput, match="no readable histogram"):
        open_root(tmp_path / "e.root", "absent")


def test_histograms_of_hist_give_back_what_was_written(model):
    """The same without a file."""
    setup = {"unit": u.keV, "mass": 1 * u.kg, "live_time": 1 * u.day}
    found = from_histogram(tables.to_hist(model)["weak_counts"], **setup)
    assert np.array_equal(found.counts, model.component("weak").counts)
    # hist keeps edges as they are; only the unit is taken off and put on again
    assert found.bin_edges == pytest.approx(model.bin_edges, rel=1e-14)
