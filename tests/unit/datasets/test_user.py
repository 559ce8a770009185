"""Datasets of a user: tables and cards."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.datasets import BinnedCounts, OnOff, Residuals, UnbinnedEvents, dataset
from nuatom.errors import NuatomError

BINNED = "energy_low_keV,energy_high_keV,counts\n0.2,0.3,5\n0.3,0.5,7\n"
PAIR = (
    "energy_low_keV,energy_high_keV,on_counts,off_counts,shift_gain_per_kg_keV_day\n"
    "1,2,50,10,0.1\n2,3,40,9,-0.1\n"
)
CARDS = {
    "binned-counts": ('mass = "5 g"\nlive_time = "10 day"', BINNED, BinnedCounts),
    "unbinned-events": (
        'mass = "1 tonne"\nlive_time = "1 year"\nwindow = ["1 keV", "30 keV"]',
        "energy_keV\n2.5\n17\n",
        UnbinnedEvents,
    ),
    "on-off": (
        'mass = "1.06 kg"\non_live_time = "570.7 day"\noff_live_time = "127.8 day"',
        PAIR,
        OnOff,
    ),
    "residuals": (
        'name = "difference"\nreference = "ours"\nnotes = ["made up"]',
        "energy_low_keV,energy_high_keV,rate_per_kg_keV_day,error_per_kg_keV_day\n1,2,-0.1,0.2\n",
        Residuals,
    ),
}


@pytest.fixture
def card(tmp_path):
    """Write a card with its table and read it."""

    def read(kind, keys=None, table=None, **replaced):
        own, rows, _ = CARDS[kind]
        (tmp_path / "t.csv").write_text(rows if table is None else table, encoding="utf-8")
        text = f'kind = "{replaced.get("named", kind)}"\ntable = "t.csv"\n'
        path = tmp_path / "card.toml"
        path.write_text(text + (own if keys is None else keys), encoding="utf-8")
        return dataset(path)

    return read


@pytest.mark.parametrize("kind", CARDS)
def test_each_kind_is_read(card, kind):
    """The kind of the card decides what comes out."""
    assert isinstance(card(kind), CARDS[kind][2])


def test_numbers_arrive_with_their_units(card):
    """5 counts in 100 eV, 5 g and 10 days are 1000 per (kg keV day)."""
    assert card("binned-counts").rate()[0] / u.cpkkd == pytest.approx(1000, rel=1e-12)
    pair = card("on-off")
    assert pair.residuals().shifts["gain"] / u.cpkkd == pytest.approx([0.1, -0.1], rel=1e-12)
    assert card("unbinned-events").window[1] / u.keV == pytest.approx(30, rel=1e-12)
    assert card("residuals").references == ("ours",)


def test_live_times_of_bins_come_from_a_column(card):
    """One place only: a column, or the card."""
    table = "energy_low_keV,energy_high_keV,counts,live_time_day\n1,2,5,10\n2,3,5,20\n"
    found = card("binned-counts", 'mass = "1 kg"', table)
    assert found.live_time / u.day == pytest.approx([10, 20], rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "keys", "table", "said"),
    [
        ("binned-counts", 'mass = "5 g"', None, "found none of live_time"),
        (
            "binned-counts",
            'mass = "5 g"\nlive_time = "1 day"',
            "energy_low_keV,energy_high_keV,counts,live_time_day\n1,2,5,10\n",
            "one in the table and one given",
        ),
        ("binned-counts", 'live_time = "1 day"', None, "found no mass"),
        ("binned-counts", 'mass = "5 s"\nlive_time = "1 day"', None, "mass: found '5 s'"),
        ("binned-counts", 'mas = "5 g"', None, "did you mean 'mass'"),
        ("binned-counts", "mass = ", None, "no valid TOML"),
        (
            "binned-counts",
            None,
            "energy_low_keV,energy_high_keV,counts\n1,2,5\n2.5,3,5\n",
            "line 3, column energy_low_keV: found a gap",
        ),
        (
            "binned-counts",
            None,
            "energy_low_keV,energy_high_keV,counts\n2,1,5\n",
            "line 2, column energy_high_keV: found an upper end",
        ),
        (
            "unbinned-events",
            None,
            "energy_keV\n2\n31\n",
            "line 3, column energy_keV: found an event outside",
        ),
        ("unbinned-events", 'mass = "1 kg"\nlive_time = "1 day"\nwindow = 3', None, "window"),
        (
            "residuals",
            None,
            "energy_low_keV,energy_high_keV,rate_per_kg_keV_day,error_per_kg_keV_day\n1,2,1,0\n",
            "line 2, column error_per_kg_keV_day: found 0",
        ),
        ("residuals", "notes = 3", None, "notes: found 3"),
    ],
)
def test_mistakes_name_the_place(card, kind, keys, table, said):
    """Card, key, line and column are in the message, which is one line."""
    with pytest.raises(NuatomError) as caught:
        card(kind, keys, table)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_kind_is_suggested(card):
    """A misspelt kind is answered with the nearest."""
    with pytest.raises(NuatomError, match="did you mean 'on-off'"):
        card("residuals", named="onoff")


def test_area_of_a_signal_is_an_axis_too(tmp_path):
    """An axis in photoelectrons has plain numbers."""
    (tmp_path / "t.csv").write_text("s2_area_low_PE,s2_area_high_PE,counts\n90,100,4\n")
    (tmp_path / "c.toml").write_text(
        'kind = "binned-counts"\ntable = "t.csv"\naxis = "s2_area"\n'
        'mass = "1 tonne"\nlive_time = "1 year"\n'
    )
    assert np.all(dataset(tmp_path / "c.toml").bin_edges == [90, 100])
