"""Official releases: read where the user keeps them, after a checksum."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.datasets import READERS, RELEASES, release
from nuatom.datasets.releases import (
    dresden,
    xenon1t_response,
    xenon1t_s2only,
    xenonnt,
    xenonnt_background,
    xenonnt_efficiency,
)
from nuatom.errors import InvalidInput


def test_every_release_has_a_reader_and_a_card():
    """The card says what to cite and how to get it."""
    assert set(READERS) == set(RELEASES)
    for name in RELEASES:
        card = release(name)
        assert card.reference
        assert card.card["instructions"]


@pytest.mark.parametrize("name", RELEASES)
def test_absent_files_are_answered_with_instructions(name, tmp_path):
    """Nothing is downloaded, nothing is made up."""
    with pytest.raises(InvalidInput, match="download"):
        READERS[name](tmp_path)


def test_changed_file_is_refused(shared, tmp_path):
    """One changed figure is not the official release."""
    text = (shared / "data/xenonnt_sr0/data_unbinned_1to30kev.txt").read_text()
    (tmp_path / "data_unbinned_1to30kev.txt").write_text(text.replace("1.69", "1.68", 1))
    with pytest.raises(InvalidInput, match="found sha256"):
        xenonnt(tmp_path)


def test_xenonnt_has_433_events_in_its_exposure(shared):
    """The number of events is that of the readme of the release."""
    data = xenonnt(shared / "data/xenonnt_sr0")
    assert data.values.size == 433
    assert data.mass * data.live_time / (u.tonne * u.year) == pytest.approx(1.16, rel=1e-12)


def test_background_of_xenonnt_holds_its_efficiency(shared):
    """Its integral is the number of events within 5 %, so no efficiency is missing in it."""
    energy, rate = xenonnt_background(shared / "data/xenonnt_sr0")
    expected = 1.16 * u.tonne * u.year * np.sum(rate) * (energy[1] - energy[0])
    assert expected == pytest.approx(433, rel=0.05)
    assert "already contains the efficiency" in xenonnt(shared / "data/xenonnt_sr0").notes[0]
    assert xenonnt_efficiency(shared / "data/xenonnt_sr0")[1].max() < 0.9


def test_dresden_has_130_bins_of_10_ev(shared):
    """From 0.2 to 1.5 keV; the errors are those of a spectrum corrected for acceptance."""
    on, off = dresden(shared / "data/dresden2")
    assert on.bin_edges[[0, -1]] / u.keV == pytest.approx([0.2, 1.5], rel=1e-9)
    assert on.values.size == off.values.size == 130
    effective = on.values / on.errors**2
    assert effective[0] < effective[-1] / 10


def test_xenon1t_loses_no_event_between_its_bins(shared):
    """Events between 90 and 3000 PE, and a response whose sums are probabilities."""
    folder = shared / "data/xenon1t_s2only"
    data = xenon1t_s2only(folder)
    lines = (folder / "events_after_cuts.csv").read_text().splitlines()[1:]
    assert data.counts.sum() == len(lines)
    energies, edges, response = xenon1t_response(folder)
    assert response.shape == (energies.size, edges.size - 1)
    assert np.all(response >= 0)
    assert np.all(response.sum(axis=1) <= 1)
