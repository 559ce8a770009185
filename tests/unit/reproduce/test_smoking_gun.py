"""The smoking gun: ratios beside sigma_gamma/T and beside steps, and nested alternatives."""

import json
from itertools import pairwise

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import UnknownName
from nuatom.reproduce import edge_structure as es
from nuatom.reproduce import smoking_gun
from nuatom.reproduce.spectra import GERMANIUM
from nuatom.targets import photoabsorption

KG_DAY = u.kg * u.day


@pytest.fixture(scope="module")
def item():
    return smoking_gun.compute()


@pytest.fixture(scope="module")
def tables(item):
    return {table.name: table for table in item.tables}


def column(table, name):
    return np.asarray(table.column(name), dtype=float)


def test_eq10_rises_as_sigma_over_t():
    """The paper's signature: intensities at the edges in the ratio of sigma_gamma/T.

    Tolerance 1e-6: the average of E^2 over the reactor does not know of T << E.
    """
    photo = photoabsorption(GERMANIUM)
    edges = dict(zip(photo.shells, photo.edges, strict=True))
    expected = []
    for group in es.GROUPS.values():
        rise = 0.0
        for shell in group:
            T = edges[shell] * (1 + 1e-9)
            by_shell = photo.by_shell(np.array([T]))[photo.shells.index(shell), 0]
            rise += by_shell / T
        expected.append(rise)
    found = es.rises("eq10_retracted")
    assert found / found[0] == pytest.approx(np.array(expected) / expected[0], rel=1e-6)


def test_stepped_moment_rises_as_electrons_over_t():
    """N_s (1/B_s - <1/E>) for each shell: with <1/E> = 1/MeV, L/K = 36 and M/K = 340.

    Tolerance 2 %: <1/E> is of the order of 1/MeV and B_K/MeV = 1.1 %.
    """
    shells = {s.name: s for s in GERMANIUM.subshells}
    expected = [
        sum(
            shells[name].electrons * (1 / shells[name].binding_energy - 1 / u.MeV) for name in group
        )
        for group in es.GROUPS.values()
    ]
    found = es.rises("moment_stepped")
    assert found / found[0] == pytest.approx(np.array(expected) / expected[0], rel=0.02)


def test_weak_rises_as_electrons():
    """dsigma/dT of the weak interaction hardly depends on T: L/K and M/K are near 8/2.

    The reactor gives fewer neutrinos above the kinematic threshold at 11 keV: up to 6 %.
    """
    found = es.rises("weak")
    assert found[1:] / found[0] == pytest.approx([4.0, 4.0], rel=0.06)


@pytest.mark.parametrize("channel", ["eq10_retracted", "moment_stepped", "millicharge_in_solid"])
def test_counts_of_the_groups_by_a_plain_sum(channel):
    """Int dR/dT of the K and L subshells up to 15 keV by 4000 midpoints in ln T, to 0.2 %."""
    names, edges = es.response_of(channel).shells, es.response_of(channel).edges
    expected = []
    for group in ("K", "L"):
        total = 0.0
        for name in es.GROUPS[group]:
            i = names.index(name)
            step = np.log(es.HIGHEST / edges[i]) / 4000
            T = edges[i] * np.exp(step * (np.arange(4000) + 0.5))
            total += (es.rate_of_shells(channel, T)[i] * T).sum() * step
        expected.append(total)
    found = es.counts_by_group(channel)[:2]
    assert found * KG_DAY == pytest.approx(np.array(expected) * KG_DAY, rel=2e-3)


def test_every_channel_is_far_from_every_capture(tables):
    """L/K of a channel is more than 50 times, M/K more than 500 times that of a capture."""
    table = tables["smoking_gun_ratios"]
    neutrino = np.array([kind == "neutrino" for kind in table.column("kind")])
    for name, factor in (("counts_L_over_K", 50), ("counts_M_over_K", 500)):
        values = column(table, name)
        assert values[neutrino].min() > factor * values[~neutrino].max()


def test_lines_are_counted_once():
    """One K capture per kg day is one count in the K line."""
    lines = es.observed_lines("100-eV")
    # the line is six and more sigma inside the range
    assert lines[:, 0].sum(axis=1) == pytest.approx(np.ones(lines.shape[0]), rel=1e-9)


def test_flat_background_is_the_stated_level():
    """1 per (kg keV day) over 14.9 keV."""
    flat = es.smooth_templates("100-eV")[0]
    assert flat.sum() == pytest.approx(14.9, rel=1e-9)


def test_resolution_moves_counts_but_keeps_them():
    """The weak spectrum is nearly flat: bins hold Int dR/dT over the range, to 0.5 %."""
    counter = es.COUNTERS["100-eV"]
    edges = es.response_of("weak").edges
    knots = np.unique(
        np.concatenate([edges[(edges > counter.threshold)], [counter.threshold, es.HIGHEST]])
    )
    total = 0.0
    for low, high in pairwise(knots):
        T = low + (high - low) * (np.arange(200) + 0.5) / 200
        total += es.rate_of_shells("weak", T).sum() * (high - low) / 200
    assert es.observed("weak", "100-eV").sum() == pytest.approx(total * KG_DAY, rel=5e-3)


def test_more_free_templates_need_more_exposure(tables):
    """lines, smooth and untied are nested: the exposure never falls from one to the next."""
    table = tables["smoking_gun_exposures"]
    lines, smooth, untied = (column(table, f"{n}_kg_day") for n in ("lines", "smooth", "untied"))
    slack = 1 - 1e-9
    assert np.all(smooth >= lines * slack)
    assert np.all(untied >= smooth * slack)


def test_the_structure_alone_needs_a_thousand_times_more(tables):
    """For the stepped moment the edges are small steps; Eq. (10) made them peaks.

    The smoking gun goes with the retraction: at 1e-10 mu_B the edges of Eq. (10) would show
    in grams and hours, those of stepped electrons need tonnes and days.
    """
    table = tables["smoking_gun_exposures"]
    found = {
        (d, c, g): (x, y)
        for d, c, g, x, y in zip(
            table.column("detector"),
            table.column("channel"),
            column(table, "coupling"),
            column(table, "lines_kg_day"),
            column(table, "smooth_kg_day"),
            strict=True,
        )
    }
    stepped, paper = (found["100-eV", name, 1e-10] for name in ("moment_stepped", "eq10_retracted"))
    assert stepped[1] > 300 * stepped[0]
    assert stepped[1] > 1e6 * paper[1]


def test_exposure_goes_with_the_fourth_power_where_background_rules(tables):
    """Between 3e-11 and 1e-11 mu_B: (3e-11/1e-11)^4 = 81, tolerance 10 % (signal ~ 10 %)."""
    table = tables["smoking_gun_exposures"]
    rows = [
        i
        for i, (d, c) in enumerate(
            zip(table.column("detector"), table.column("channel"), strict=True)
        )
        if (d, c) == ("100-eV", "moment_stepped")
    ]
    coupling, exposure = column(table, "coupling")[rows], column(table, "lines_kg_day")[rows]
    ratio = exposure[coupling == 1e-11] / exposure[coupling == 3e-11]
    assert ratio == pytest.approx([81.0], rel=0.1)


def test_reach_meets_the_table(tables):
    """The curve and the table agree at 3e-11 mu_B, to the interpolation in the logarithm."""
    reach = tables["smoking_gun_reach"]
    moment, exposure = column(reach, "moment_mu_B"), column(reach, "moment_stepped_lines_kg_day")
    between = np.exp(np.interp(np.log(3e-11), np.log(moment), np.log(exposure)))
    direct = smoking_gun.exposures("moment_stepped", 3e-11, "100-eV")["lines"]
    assert between == pytest.approx(direct, rel=0.05)


def test_lines_do_not_decide(monkeypatch):
    """Ten times the capture lines changes the exposure by less than a factor 2."""
    before = smoking_gun.exposures("millicharge_in_solid", 1e-12, "100-eV")
    monkeypatch.setattr(es, "LINE_RATE", 10 * es.LINE_RATE)
    after = smoking_gun.exposures("millicharge_in_solid", 1e-12, "100-eV")
    for name in ("lines", "smooth", "untied"):
        assert 1 <= after[name] / before[name] < 2


def test_a_channel_is_not_told_from_itself(tables):
    """The diagonal of the pairs is empty, everything else is a number."""
    pairs = tables["smoking_gun_pairs"]
    names = list(pairs.column("true_channel"))
    values = np.array([column(pairs, f"against_{name}_kg_day") for name in names])
    assert np.all(np.isnan(np.diag(values)))
    assert np.all(np.isfinite(values[~np.eye(len(names), dtype=bool)]))


def test_simulations_confirm_three_sigma(tables):
    """Median of 300 simulated experiments: 3.0 within 0.25 (three standard errors)."""
    toys = tables["smoking_gun_toys"]
    assert column(toys, "median_significance") == pytest.approx([3.0, 3.0], abs=0.25)
    # 5 % with an error of 1.3 %
    assert np.all(np.abs(column(toys, "false_alarms_at_5_per_cent") - 0.05) < 0.035)


def test_every_table_with_eq10_says_retracted(item):
    """No number of Eq. (10) stands without its retraction."""
    for table in item.tables:
        if "eq10" in table.to_csv():
            assert any("retracted" in note for note in table.notes), table.name
    assert "retracted" in item.caption


def test_summary_is_plain(item):
    """The summary goes into JSON, without infinities."""
    text = json.dumps(item.summary_dict(), allow_nan=False)
    assert "exposure_for_three_sigma" in text


def test_unknown_names():
    """Channels and detectors are looked up."""
    with pytest.raises(UnknownName, match="moment_stepped"):
        es.response_of("moment_steped")
    with pytest.raises(UnknownName, match="100-eV"):
        es.smooth_templates("100eV")


def test_ab_initio_moment_is_near_the_stepped_one(tables):
    """Observed above 100 eV the counts are within 25 %, and K:L:M within a factor two."""
    for counter in es.COUNTERS:
        right, stepped = (es.observed(n, counter) for n in ("moment_ab_initio", "moment_stepped"))
        assert 0.75 < right.sum() / stepped.sum() < 1.05
    right, stepped = (es.counts_by_group(n) for n in ("moment_ab_initio", "moment_stepped"))
    assert np.all(np.abs(np.log(right / stepped)) < np.log(2))
    table = tables["smoking_gun_exposures"]
    assert "moment_ab_initio" in table.column("channel")
