"""What was counted, in the bins of a card."""

import numpy as np
import pytest

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.observation import observation, with_exposure
from nuatom.datasets import BinnedCounts, OnOff, Residuals, UnbinnedEvents
from nuatom.errors import InvalidInput

EDGES = np.array([1.0, 2.0, 4.0]) * u.keV
TIME, MASS = 2 * u.day, 3 * u.kg


def binned(counts=(9.0, 4.0), time=TIME):
    return BinnedCounts("test", EDGES, np.array(counts), time, MASS)


def test_rates_become_counts_with_an_exposure():
    """rate x width x exposure, and so the errors."""
    rate = 1 / (u.kg * u.day * u.keV)
    data = Residuals("test", EDGES, np.array([5.0, 7.0]) * rate, np.array([1.0, 2.0]) * rate)
    found = with_exposure(observation(data, None), MASS * TIME)
    assert found.counts == pytest.approx([30, 84], rel=1e-9)
    assert found.errors == pytest.approx([6, 24], rel=1e-9)


def test_events_are_put_into_the_bins_of_the_card():
    """They have none of their own."""
    events = UnbinnedEvents("test", np.array([1.5, 3.0, 3.5]) * u.keV, (EDGES[0], EDGES[-1]), TIME,
                            MASS)  # fmt: skip
    assert observation(events, EDGES).counts.tolist() == [1, 2]
    with pytest.raises(InvalidInput, match=r"expected \[bins\]"):
        observation(events, None)


def test_of_a_pair_the_source_is_on():
    """What is compared with signal and background."""
    assert observation(OnOff(binned(), binned((1.0, 1.0))), None).counts.tolist() == [9, 4]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: observation(BinnedCounts("s2", np.array([1.0, 2.0]), np.array([1.0]), TIME, MASS,
                                          axis="s2_area"), None), "axis s2_area"),
        (lambda: observation(Residuals("r", EDGES, np.ones(2), np.ones(2)), EDGES[:2]),
         "other bins"),
        (lambda: with_exposure(observation(binned(), None), 2 * MASS * TIME), "0.5 times"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call, said):
    """Nothing is rescaled in silence."""
    with pytest.raises(InvalidInput, match=said):
        call()


def test_data_give_bins_exposure_and_a_column(card, tmp_path):
    """Live times of single bins count: the second bin ran half as long."""
    (tmp_path / "c.csv").write_text(
        "energy_low_keV,energy_high_keV,counts,live_time_day\n1,2,5,10\n2,3,4,5\n"
    )
    (tmp_path / "d.toml").write_text('kind="binned-counts"\ntable="c.csv"\nmass="2 kg"\n')
    found = analysis.load(
        card(
            data={"file": str(tmp_path / "d.toml")},
            bins=None,
            detector__exposure=None,
            backgrounds=[{"kind": "flat", "name": "f", "rate": "1 / kg / keV / day"}],
            detector__resolution={"kind": "perfect"},
            variations={},
        )
    )
    assert found.observed.counts.tolist() == [5, 4]
    assert found.component("f").counts == pytest.approx([20, 10], rel=1e-9)
    assert found.bin_edges / u.keV == pytest.approx([1, 2, 3], rel=1e-9)
