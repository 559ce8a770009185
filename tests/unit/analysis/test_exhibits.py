"""Run cards of experiments: complete, honest about what they lack, drawn at round couplings."""

import numpy as np
import pytest

from nuatom.analysis.cards.card import read_card
from nuatom.analysis.exhibits import (
    exhibits,
    release_folder,
    round_down,
    shown,
    user_exhibit,
    with_electrons,
)
from nuatom.analysis.s2_exhibit import s2_exhibit
from nuatom.datasets import RELEASES

BY_NAME = {one.name: one for one in exhibits()}


@pytest.mark.parametrize("name", ["conus-plus", "dresden-ii"])
def test_an_experiment_without_its_release_has_components_and_signals(name):
    """No spectrum, but the page says where to get it."""
    found = shown(BY_NAME[name])
    names = [c.name for c in found.table.columns]
    assert "coherent_counts" in names
    assert "observed_counts" not in names
    assert any(c.meaning.startswith("signal magnetic-moment") for c in found.table.columns)
    if BY_NAME[name].release:
        assert any("arXiv:2202.09672" in remark for remark in found.remarks)


def test_signals_are_drawn_below_what_is_expected():
    """At most 40 % of all counts, at least a 25th of it (couplings in steps of 1, 2, 5)."""
    found = shown(BY_NAME["conus-plus"])
    total = next(c for c in found.table.columns if c.name == "total_counts").values.sum()
    for column in found.table.columns:
        if column.meaning.startswith("signal") and "stepped" not in column.meaning:
            # one step of the couplings is at most 2.5, its square 6.25
            assert 0.4 / 6.5 * total < column.values.sum() <= 0.4 * total * (1 + 1e-9)


def test_every_release_has_an_exhibit():
    """Those in electron energies by a card, XENON1T S2-only by its response matrix."""
    assert {one.release for one in exhibits() if one.release} | {"xenon1t-s2only"} == set(RELEASES)


@pytest.mark.parametrize(("value", "expected"), [(3.7e-11, 2e-11), (5.0, 5.0), (9.99, 5.0), (1, 1)])
def test_couplings_are_round(value, expected):
    """1, 2 or 5, never above the value."""
    assert round_down(value) == pytest.approx(expected, rel=1e-9)


def test_releases_are_found_in_folders_of_a_folder(shared):
    """Or not at all."""
    assert release_folder("dresden-ii", shared / "data").name == "dresden2"
    assert release_folder("dresden-ii", shared / "data" / "xenonnt_sr0") is None


def test_backgrounds_fitted_for_display_are_the_best_of_their_shapes(shared):
    """Least squares: what is left of the spectrum is orthogonal to each component that is used."""
    table = shown(BY_NAME["dresden-ii"], shared / "data").table
    columns = {c.name: np.asarray(c.values) for c in table.columns}
    errors = columns["observed_error_counts"]
    rest = (columns["observed_counts"] - columns["total_counts"]) / errors
    used = [columns[f"{name}_counts"] / errors for name in ("flat", "soft", "71Ge")]
    for part in used:
        assert part.sum() > 0
        # rounding of a product of numbers of order 1e3 in 130 bins
        assert abs(part @ rest) < 1e-6 * (part @ part)


def test_published_background_of_xenonnt_is_not_doubled(shared):
    """All together are the published background alone, which counts 426 of 433 events."""
    table = shown(BY_NAME["xenonnt-sr0"], shared / "data").table
    columns = {c.name: np.asarray(c.values) for c in table.columns}
    assert columns["total_counts"].sum() == pytest.approx(426, rel=0.01)
    assert columns["observed_counts"].sum() == 433
    assert np.all(columns["weak_counts"] < columns["total_counts"])
    together = columns["weak_counts"] + columns["B0_counts"]
    assert together == pytest.approx(columns["total_counts"], rel=1e-12)  # rounding


def test_s2_only_needs_its_release(shared):
    """Bins and response are in it; with it the events are there."""
    absent = s2_exhibit(None)
    assert absent.table is None
    assert "Zenodo" in absent.remarks[0]
    table = s2_exhibit(shared / "data").table
    columns = {c.name: np.asarray(c.values) for c in table.columns}
    assert np.all(columns["s2_high_PE"] > columns["s2_low_PE"])
    assert np.all(columns["weak_counts"] >= 0)
    assert columns["observed_counts"].sum() > 0


def test_the_model_of_the_atom_alone_is_exchanged(tmp_path):
    """All else of a card stays."""
    read = read_card(BY_NAME["gemma"].path)
    other = with_electrons(read, "free")
    assert other.card.response.electrons == "free"
    assert other.card.source == read.card.source
    assert user_exhibit(BY_NAME["gemma"].path).title == read.card.title
