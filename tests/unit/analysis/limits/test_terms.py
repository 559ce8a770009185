"""What was counted, in the form that each kind of likelihood takes."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom import units as u
from nuatom.analysis.limits.terms import KINDS, Data, check_possible, default_kind
from nuatom.datasets import BinnedCounts, OnOff, Residuals, UnbinnedEvents
from nuatom.datasets.counts import ENERGY, S2_AREA
from nuatom.errors import InvalidInput
from nuatom.inference.predictions import LinearPrediction

COUNTS = np.array([30.0, 44.0, 52.0, 80.0, 65.0, 41.0, 39.0, 36.0])


def pair(synthetic, on=COUNTS, off=COUNTS * 2, shifts=None):
    """ON for a day, OFF for three, of 1 kg."""
    edges = synthetic.EDGES
    first = BinnedCounts("on", edges, np.asarray(on, dtype=float), 1.0 * u.day, 1.0 * u.kg)
    second = BinnedCounts("off", edges, np.asarray(off, dtype=float), 3.0 * u.day, 1.0 * u.kg)
    return OnOff(first, second, shifts or {})


def rates(synthetic, shifts=None):
    """A spectrum with errors of a tenth."""
    unit = 1 / (u.kg * u.day * u.keV)
    return Residuals("rates", synthetic.EDGES, 2 * COUNTS * unit, 0.2 * COUNTS * unit, shifts or {})


def events(synthetic, energies):
    """Single events in the whole window."""
    ends = (synthetic.EDGES[0], synthetic.EDGES[-1])
    return UnbinnedEvents("events", np.asarray(energies) * u.keV, ends, 1.0 * u.day, 1.0 * u.kg)


def read(kind, synthetic, data):
    """Data of a kind for the bins of the random model."""
    return KINDS[kind].read(synthetic.with_data(synthetic.model("weak"), data))


def test_the_kind_of_data_chooses_the_likelihood(synthetic):
    """Counts are Poisson, events single, rates Gaussian, a pair stays a pair."""
    plain = synthetic.model("weak")
    assert default_kind(plain) == "poisson"
    assert default_kind(synthetic.counted(plain)) == "poisson"
    for data, kind in (
        (pair(synthetic), "on-off"),
        (rates(synthetic), "normal"),
        (events(synthetic, [1.5, 2.5]), "unbinned"),
    ):
        assert default_kind(synthetic.with_data(plain, data)) == kind


def test_rates_become_counts(synthetic):
    """2 per (kg keV day) times counts in bins of half a keV and 1 kg day."""
    found = read("normal", synthetic, rates(synthetic))
    assert found.counts == pytest.approx(COUNTS, rel=1e-9)
    assert found.errors == pytest.approx(0.1 * COUNTS, rel=1e-9)


def test_a_difference_has_the_variance_of_both(synthetic):
    """on - off/3, with on + off/9 (exposures of one and three days)."""
    found = read("normal", synthetic, pair(synthetic))
    assert found.counts == pytest.approx(COUNTS / 3, rel=1e-9)
    assert found.errors**2 == pytest.approx(COUNTS * (1 + 2 / 9), rel=1e-9)


def test_a_difference_is_that_of_the_dataset(synthetic):
    """Rates and errors of the pair itself, times exposure and width."""
    both = pair(synthetic)
    own, size = both.residuals(), u.kg * u.day * np.diff(synthetic.EDGES)
    found = read("normal", synthetic, both)
    assert found.counts == pytest.approx(own.values * size, rel=1e-9)
    assert found.errors == pytest.approx(own.errors * size, rel=1e-9)


def test_shared_errors_become_counts(synthetic):
    """A shift of 3 per (kg keV day) in half a keV and 1 kg day is 1.5 counts, for pairs and
    for rates, also when bins are merged."""
    shift = {"gain": np.full(8, 3.0) / (u.kg * u.day * u.keV)}
    for kind, data in (
        ("on-off", pair(synthetic, shifts=shift)),
        ("normal", pair(synthetic, shifts=shift)),
        ("normal", rates(synthetic, shift)),
    ):
        assert read(kind, synthetic, data).shifts["gain"] == pytest.approx(1.5, rel=1e-9)
    merged = replace(synthetic.model("weak", backgrounds=False), bin_edges=synthetic.EDGES[::4])
    found = KINDS["on-off"].read(synthetic.with_data(merged, pair(synthetic, shifts=shift)))
    assert found.shifts["gain"] == pytest.approx(6.0, rel=1e-9)
    assert found.off == pytest.approx([2 * COUNTS[:4].sum(), 2 * COUNTS[4:].sum()], rel=1e-12)
    assert found.ratio == pytest.approx(3.0, rel=1e-9)


def test_events_outside_the_bins_are_left_out(synthetic):
    """Of a window that is wider than the bins."""
    narrow = replace(synthetic.model("weak", backgrounds=False), bin_edges=synthetic.EDGES[2:5])
    data = events(synthetic, [1.1, 2.2, 2.8, 3.0, 4.9])
    found = KINDS["unbinned"].read(synthetic.with_data(narrow, data))
    assert found.events / u.keV == pytest.approx([2.2, 2.8, 3.0], rel=1e-12)


def test_all_events_are_expected_once(synthetic):
    """The integral of the density is the sum of the bins (1e-12: the same sums)."""
    found = read("unbinned", synthetic, events(synthetic, [1.5, 2.5]))
    spectrum = LinearPrediction(("s",), COUNTS[None], np.ones(8))
    term = KINDS["unbinned"].term(found, spectrum, np.zeros(0))
    values = np.array([0.7])
    assert term.total(values) == pytest.approx(spectrum.expected(values).sum(), rel=1e-12)
    assert term.gradient(values).shape == (1,)


def test_background_of_a_dataset_goes_along(synthetic):
    """In its own bins or merged ones."""
    plain = synthetic.model("weak")
    found = KINDS["poisson"].read(synthetic.counted(plain, COUNTS, background=COUNTS / 2))
    assert found.background == pytest.approx(COUNTS / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "make", "said"),
    [
        ("poisson", rates, "expected counts; take 'normal'"),
        ("on-off", rates, "found no pair"),
        ("unbinned", rates, "found no single events"),
    ],
)
def test_data_of_another_kind_are_refused(synthetic, kind, make, said):
    """Each says what it needs."""
    with pytest.raises(InvalidInput, match=said):
        read(kind, synthetic, make(synthetic))


@pytest.mark.parametrize("kind", KINDS)
def test_no_data_are_refused(synthetic, kind):
    """For every kind."""
    with pytest.raises(InvalidInput, match=r"found no (data|pair|single events)"):
        KINDS[kind].read(synthetic.model("weak"))


def test_an_empty_bin_has_no_gaussian_error(synthetic):
    """Counts, and pairs without a count on either side; the bin is named."""
    holes = np.where(np.arange(8) == 2, 0.0, COUNTS)
    plain = synthetic.model("weak")
    with pytest.raises(InvalidInput, match=r"bin 3 \(2 to 2.5 keV\)"):
        KINDS["normal"].read(synthetic.counted(plain, holes))
    with pytest.raises(InvalidInput, match="bin 3"):
        read("normal", synthetic, pair(synthetic, holes, holes))
    with pytest.raises(InvalidInput, match="nothing expected in bin 1"):
        KINDS["normal"].term(
            Data(synthetic.EDGES),
            LinearPrediction(("s",), np.ones((1, 8)), np.zeros(8)),
            np.zeros(8),
        )


def test_counts_need_an_expectation(synthetic):
    """Where neither signal nor background can be, a count is impossible; its bin is named."""
    data = Data(synthetic.EDGES, COUNTS)
    filled = np.arange(8) != 5
    check_possible(data, ENERGY, np.ones(8, dtype=bool))
    check_possible(replace(data, counts=COUNTS * filled), ENERGY, filled)
    with pytest.raises(InvalidInput, match=r"found 41 counts from 3\.5 to 4 keV"):
        check_possible(data, ENERGY, filled)
    area = replace(data, bin_edges=np.arange(9.0))
    with pytest.raises(InvalidInput, match="from 5 to 6 PE"):
        check_possible(area, S2_AREA, filled)


def test_pairs_without_off_have_no_term(synthetic):
    """Asimov data need what is known of the background."""
    spectrum = LinearPrediction(("s",), np.ones((1, 8)), np.zeros(8))
    with pytest.raises(InvalidInput, match="expected counts OFF"):
        KINDS["on-off"].term(Data(synthetic.EDGES), spectrum, np.zeros(8))


def test_variances_are_those_of_the_data(synthetic):
    """Squares of errors; counts; both counts of a pair; never below one."""
    expected = np.full(8, 9.0)
    assert Data(synthetic.EDGES, errors=np.full(8, 3.0)).variances(expected) == pytest.approx(9.0)
    assert Data(synthetic.EDGES).variances(expected) == pytest.approx(9.0)
    assert Data(synthetic.EDGES, np.zeros(8)).variances(expected) == pytest.approx(1.0)
    both = Data(synthetic.EDGES, COUNTS, off=np.full(8, 6.0), ratio=np.full(8, 3.0))
    assert both.variances(expected) == pytest.approx(9 + 2 * 4 / 3)
