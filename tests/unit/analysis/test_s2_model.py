"""XENON1T S2-only as a model, through the response matrix of its release."""

import csv

import numpy as np
import pytest

import nuatom as na
from nuatom import units as u
from nuatom.analysis.s2_model import gathered, response_of_release, s2_model
from nuatom.analysis.tables import expected_table
from nuatom.detectors.response_matrix import published_matrix
from nuatom.errors import InvalidInput, UnknownName


@pytest.fixture(scope="module")
def folder(shared):
    """Of the release."""
    return shared / "data/xenon1t_s2only"


@pytest.fixture(scope="module")
def model(folder):
    """All bins, with the quick model of the atom and its variations."""
    return s2_model(folder, ["weak", "magnetic-moment"], "stepped", solar_fluxes=True)


@pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
def test_counts_are_sums_over_the_rows_of_the_release(folder, model):
    """Rate x width of the cell x probability, from the file itself with its own ends of the
    cells, the rate averaged over 40 points of each cell (2e-3: the file rounds its ends, and
    steps of the spectrum inside a cell)."""
    with (folder / "s2_response_er.csv").open() as file:
        rows = np.array(list(csv.reader(file))[1:], dtype=float)
    low, high, probability = rows[:, 1], rows[:, 2], rows[:, 3:]
    inside = (np.arange(40) + 0.5) / 40
    T = low[:, None] + (high - low)[:, None] * inside
    rate = na.differential_rate(
        T.ravel() * u.keV,
        source="solar-b16-gs98",
        target="Xe",
        interaction=na.MagneticMoment(1e-10),
        response="stepped",
    )
    per_cell = (rate / u.cpkkd).reshape(T.shape).mean(axis=1) * (high - low)
    expected = 356770 * per_cell @ probability  # kg day, the readme of the release
    found = model.expected({"weak": 0.0, "magnetic-moment": 1e-10})
    assert found.sum() == pytest.approx(expected.sum(), rel=2e-3)
    np.testing.assert_allclose(found, expected, rtol=2e-2)


def test_all_events_are_in_the_bins(folder, model):
    """As many as the file has between the first and the last edge."""
    with (folder / "events_after_cuts.csv").open() as file:
        areas = np.array([float(row["s2_area_pe"]) for row in csv.DictReader(file)])
    edges = model.bin_edges
    assert model.observed.counts.sum() == np.sum((areas >= edges[0]) & (areas <= edges[-1]))
    assert model.observed.source.background.sum() > 10
    assert (model.axis, model.bin_edges[0]) == ("s2_area", 90.0)


def test_wider_bins_hold_the_sums(folder, model):
    """A window of twelve bins as three, of signals, counts and published background."""
    edges = model.bin_edges[[10, 12, 20, 22]]
    wide = s2_model(folder, ["weak", "magnetic-moment"], "stepped", bin_edges=edges)

    def summed(array):
        return [array[a:b].sum() for a, b in ((10, 12), (12, 20), (20, 22))]

    np.testing.assert_allclose(
        wide.component("weak").counts, summed(model.component("weak").counts), rtol=1e-12
    )
    np.testing.assert_allclose(wide.observed.counts, summed(model.observed.counts), rtol=1e-12)
    np.testing.assert_allclose(
        wide.observed.source.background, summed(model.observed.source.background), rtol=1e-12
    )


def test_solar_components_and_the_atom_vary(folder, model):
    """The fluxes by name; in all the pp neutrinos dominate and are known to 0.6 %."""
    moment = model.component("magnetic-moment")
    assert {"source_pp", "source_Be7"} <= set(model.variations) == set(moment.upper)
    assert moment.upper["source_pp"].sum() / moment.counts.sum() == pytest.approx(1.005, abs=0.002)
    atom = s2_model(folder, ["magnetic-moment"], bin_edges=model.bin_edges[::50], atomic_model=True)
    assert list(atom.variations) == ["atomic_model"]
    part = atom.component("magnetic-moment")
    assert np.all(part.lower["atomic_model"] <= part.counts)
    assert np.all(part.counts < part.upper["atomic_model"])


def test_its_table_has_bins_in_photoelectrons(model):
    """No energy is pretended."""
    table = expected_table(model)
    assert [c.name for c in table.columns[:2]] == ["s2_low_PE", "s2_high_PE"]
    assert table.columns[0].values[0] == 90.0


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        ((["coherent"], "stepped"), {}, "'coherent' on nuclei"),
        ((["weak", "weak"], "stepped"), {}, "each once"),
        (([], "stepped"), {}, "at least one"),
        ((["weak"], "stepped"), {"bin_edges": [91.0, 95.0]}, "none of the present"),
        ((["weak"], "stepped"), {"atomic_model": True}, "atomic_model: found response.electrons"),
    ],
)
def test_what_cannot_be_is_refused(folder, arguments, more, said):
    """With what was expected."""
    with pytest.raises(InvalidInput, match=said):
        s2_model(folder, *arguments, **more)
    with pytest.raises(UnknownName, match="did you mean 'weak'"):
        s2_model(folder, ["waek"])


def test_a_folder_without_the_release_says_where_to_get_it(tmp_path):
    """As every reader does."""
    with pytest.raises(InvalidInput, match="Zenodo"):
        s2_model(tmp_path, ["weak"])


def test_cells_hold_the_energies_of_the_release(folder):
    """One cell for each row, its energy inside; no recoil is counted more than once."""
    matrix = response_of_release(folder)
    assert np.all(np.diff(matrix.cell_edges) > 0)
    assert matrix.cell_edges[0] < 0.0501 * u.keV
    assert np.all(matrix.efficiency <= 1 + 1e-9)
    # 22 of 356 tonne days are effective above 0.4 keV: selections keep a few per cent at most
    assert matrix.efficiency.max() == pytest.approx(0.1, abs=0.1)


def test_cells_end_where_the_release_says(folder):
    """Midway between two energies in ln E, as its readme has it, to the rounding of the energies
    (1e-3; midway in energy would be 2e-3 off)."""
    with (folder / "s2_response_er.csv").open() as file:
        energies = np.array(list(csv.reader(file))[1:], dtype=float)[:, 0]
    inner = response_of_release(folder).cell_edges[1:-1] / u.keV
    np.testing.assert_allclose(inner, np.sqrt(energies[1:] * energies[:-1]), rtol=1e-3)


@pytest.mark.parametrize("edges", [[0, 1.5], [1, 1], [2, 1], [3], [0, 9]])
def test_edges_that_are_none_of_the_matrix_are_refused(edges):
    """Nothing is moved to the nearest one."""
    matrix = published_matrix("electron", np.arange(4.0), np.array([1.0, 2.0]), np.ones((3, 1)) / 4)
    with pytest.raises(InvalidInput, match="bin edges"):
        gathered(matrix, edges)
