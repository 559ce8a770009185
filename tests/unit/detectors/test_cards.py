"""Cards of experiments: every number has a reference, and nothing missing is filled in."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.detectors.cards import UNITS, card_names, detector_card
from nuatom.detectors.detector import Detector
from nuatom.detectors.resolution import FanoResolution
from nuatom.errors import InvalidInput, UnknownName

EXPERIMENTS = {
    "texono-hpge", "texono-ulege", "texono-pcge", "gemma", "nugen", "conus", "conus-plus",
    "dresden-2", "xenon1t", "xenon1t-s2only", "xenonnt", "lz", "pandax-4t",
}  # fmt: skip
NOISE = FanoResolution(60 * u.eV)


def test_the_experiments_that_were_asked_for_have_a_card():
    """Each is there, however little was found."""
    assert {name.split("/")[0] for name in card_names()} >= EXPERIMENTS


@pytest.mark.parametrize("name", card_names())
def test_each_number_has_a_unit_and_a_reference(name):
    """No number without its source, no name whose unit is not understood."""
    card = detector_card(name)
    assert card.title and card.missing and card.references
    assert card.target.atoms_per_mass
    for key, entry in card.content["numbers"].items():
        assert len(entry["reference"]) > 20, key
        assert entry["value"] > 0
        assert any(key.endswith(suffix) for suffix in UNITS) or key == "crystals", key
    for part in ("resolution", "bins"):
        assert len(card.content.get(part, {"reference": "x" * 30})["reference"]) > 20


@pytest.mark.parametrize("name", card_names())
def test_what_is_missing_must_be_given(name):
    """With everything given a detector comes out; without, the error names what lacks."""
    card = detector_card(name)
    parts = {
        "exposure": 1 * u.kg * u.day, "resolution": NOISE, "efficiencies": (),
        "bin_edges": np.array([1.0, 2.0, 3.0]) * u.keV,
    }  # fmt: skip
    assert isinstance(card.detector(**parts), Detector)
    with pytest.raises(InvalidInput, match="efficiencies"):
        card.detector(**{key: value for key, value in parts.items() if key != "efficiencies"})
    if "resolution" not in card.content:
        del parts["resolution"]
        with pytest.raises(InvalidInput, match="resolution"):
            card.detector(**parts)


def test_units_of_numbers():
    """Exposures, masses and levels come in base units, uncertainties with them."""
    numbers = detector_card("xenonnt/sr0").numbers
    assert numbers["exposure"].value == pytest.approx(1.16 * u.tonne * u.year)
    level = numbers["background"]
    assert level.value == pytest.approx(15.8 / (u.tonne * u.year * u.keV))
    assert level.uncertainty / level.value == pytest.approx(1.3 / 15.8)
    assert detector_card("texono-ulege").numbers["mass"].value == pytest.approx(0.02 * u.kg)
    assert detector_card("gemma").numbers["live_time"].value == pytest.approx(11982 * u.hour)


def test_exposure_is_mass_times_live_time():
    """1.06 kg for 570.7 days."""
    assert detector_card("texono-hpge").exposure == pytest.approx(1.06 * 570.7 * u.kg * u.day)


def test_bins_of_kuo_sheng():
    """48 bins of 1 keV from 12 to 60 keV."""
    edges = detector_card("texono-hpge").bin_edges / u.keV
    assert edges.size == 49
    assert edges[[0, -1]] == pytest.approx([12, 60])


def test_quenching_of_conus():
    """Lindhard with k = 0.18 in germanium."""
    assert detector_card("conus/run-1-2").quenching["Ge"].k == 0.18


def test_resolution_of_pandax():
    """0.073 + 0.173 E - 6.5e-3 E^2 + 1.1e-4 E^3 keV: 1.263 keV at 10 keV, by hand."""
    width = detector_card("pandax-4t/2022").resolution.sigma(np.array([10.0, 30.0]) * u.keV)
    assert width / u.keV == pytest.approx([0.073 + 1.73 - 0.65 + 0.11, 2.383], rel=1e-9)


def test_resolution_of_xenon():
    """0.31 sqrt(E) + 0.0037 E keV, of XENON1T and for XENONnT: 0.6348 keV at 4 keV."""
    for name in ("xenon1t", "xenonnt"):
        width = detector_card(name).resolution.sigma(4 * u.keV) / u.keV
        assert width == pytest.approx(0.6348, rel=1e-9)


def test_all_that_is_missing_is_said_at_once():
    """With how to give it; nothing that is there is asked for."""
    with pytest.raises(InvalidInput) as error:
        detector_card("gemma").detector()
    said = str(error.value)
    assert "found no bin_edges and no resolution and no efficiencies in its card" in said
    assert "[bins] in a run card" in said
    assert "exposure" not in said


def test_names():
    """One edition needs no name, several do, and near misses are suggested."""
    assert detector_card("conus-plus") is not None
    with pytest.raises(InvalidInput, match="conus/2024 or conus/run-1-2"):
        detector_card("conus")
    with pytest.raises(UnknownName, match="xenonnt/sr0"):
        detector_card("xenonnt/sr1")
