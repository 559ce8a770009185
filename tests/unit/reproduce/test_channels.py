"""Every channel on every model: what the tables of the report must show."""

import numpy as np
import pytest

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.plotting import FIGURES
from nuatom.reproduce import channels
from nuatom.reproduce.channel_validity import TARGETS, brief_table

PER = "per_kg_keV_day"


@pytest.fixture(scope="module")
def item():
    return channels.compute()


@pytest.fixture(scope="module")
def tables(item):
    return {table.name: table for table in item.tables}


def curve(tables, channel, target, *names):
    """Columns of one channel for one target."""
    table = tables[f"channels_{channel}"]
    here = np.array(table.column("target")) == target
    return [np.asarray(table.column(name))[here] for name in names]


def test_every_figure_finds_its_table(tables):
    """The figures of the item are those of its channels."""
    assert set(FIGURES["channels"]) <= set(tables)
    assert {f"channels_{shown.key}" for shown in channels.CHANNELS} == set(FIGURES["channels"])


@pytest.mark.parametrize("channel", ["magnetic_moment", "charge_radius", "weak"])
def test_stepped_is_free_above_every_edge(tables, channel):
    """Above 34.56 keV, the K edge of xenon, no electron is bound: stepped equals free."""
    for target in TARGETS:
        energy, stepped, free = curve(
            tables, channel, target, "energy_keV", f"stepped_{PER}", f"free_{PER}"
        )
        above = energy > 34.6
        # the same 32 or 54 electrons, added in another order
        np.testing.assert_allclose(stepped[above], free[above], rtol=1e-12)


def test_steps_count_electrons(tables):
    """At the K edge of germanium the stepped rate rises from 30 to 32 electrons."""
    energy, stepped, free = curve(
        tables, "weak", "Ge", "energy_keV", f"stepped_{PER}", f"free_{PER}"
    )
    edge = 11.1031  # keV, the measured edge
    ratio = (stepped / free)[[np.searchsorted(energy, edge) - 3, np.searchsorted(energy, edge) + 3]]
    np.testing.assert_allclose(ratio, [30 / 32, 1], rtol=1e-12)


def test_magnetic_moment_follows_the_square(tables):
    """At 0.1 mu_B of the coupling the rate is a hundredth, whatever the model."""
    T = np.array([0.5, 5.0]) * u.keV
    for name in ("stepped", "hydrogenic"):
        full, tenth = (
            channels.rate(catalog.interaction("magnetic-moment", mu), "Xe", name, T)
            for mu in (1e-10, 1e-11)
        )
        np.testing.assert_allclose(full / tenth, 100, rtol=1e-12)


@pytest.mark.parametrize(("energy", "ratio"), [(0.3, 0.28), (1.3, 0.33), (11.0, 0.40)])
def test_medium_leaves_a_third_of_the_millicharge(item, energy, ratio):
    """Soft collisions in germanium: 0.28, 0.33, 0.40 of vacuum, to 0.02; the sum lies above.

    Allison and Cobb's terms at m_nu = 0.1 eV, E = 1 MeV.  Close collisions know no medium.
    """
    found = item.summary["channels"]["millicharge_in_medium_over_vacuum"]
    soft = found["soft_collisions"][f"at_{energy:g}_keV"].ours
    assert soft == pytest.approx(ratio, abs=0.02)
    assert soft < found["all_collisions"][f"at_{energy:g}_keV"].ours < 1


def test_stepped_misses_the_millicharge_at_edges(tables):
    """Low by 2.3 to 25 against the free atom just above the L and K edges."""
    for target, marks in (("Ge", (1.43, 11.2)), ("Xe", (1.2, 5.5, 34.7))):
        energy, stepped, atom = curve(
            tables,
            "millicharge",
            target,
            "energy_keV",
            f"stepped_{PER}",
            f"photoabsorption_ionisation_in_vacuum_{PER}",
        )
        ratio = np.interp(marks, energy, atom / stepped)
        assert np.all(ratio > 2.3) and np.all(ratio < 25)


def test_equation_10_is_far_above_and_never_valid(tables):
    """The retracted curve exceeds the stepped one ten thousandfold at 0.3 keV in germanium."""
    energy, paper, stepped = curve(
        tables, "magnetic_moment", "Ge", "energy_keV", f"eq10_retracted_{PER}", f"stepped_{PER}"
    )
    assert np.interp(0.3, energy, paper / stepped) > 1e4
    table = tables["channels_magnetic_moment"]
    assert any("retracted" in note for note in table.notes)
    assert not any(column.name.startswith("eq10_") and "holds" in column.name
                   for column in table.columns)  # fmt: skip
    for name in FIGURES["channels"]:
        has = any("eq10" in column.name for column in tables[name].columns)
        assert has == (name == "channels_magnetic_moment")


def test_interference_dominates_a_small_charge_radius(tables):
    """At 1e-32 cm^2 the change of the weak rate is fifty times the channel alone.

    delta g_V = (sqrt2 pi alpha/3G) <r^2> = 0.024 of g_V + g_A of order one.
    """
    change, alone = curve(
        tables, "charge_radius", "Ge", f"change_of_weak_{PER}", f"stepped_{PER}"
    )  # fmt: skip
    assert np.all(change > 50 * alone)


@pytest.mark.parametrize("channel", ["magnetic_moment", "millicharge", "charge_radius", "weak"])
def test_ab_initio_lies_in_its_band(tables, channel):
    """The band of the variants contains the response, in both targets."""
    for target in TARGETS:
        low, right, high = curve(
            tables, channel, target, f"ab_initio_lower_{PER}", f"ab_initio_{PER}",
            f"ab_initio_upper_{PER}",
        )  # fmt: skip
        assert np.all((low <= right) & (right <= high))


def test_ab_initio_over_stepped_in_the_summary(item, tables):
    """The ratio that the text quotes is that of the columns."""
    energy, right, stepped = curve(
        tables, "weak", "Ge", "energy_keV", f"ab_initio_{PER}", f"stepped_{PER}"
    )
    found = item.summary["channels"]["weak"]["Ge_at_3_keV"]["ab_initio_over_stepped"].ours
    at = int(np.argmin(np.abs(np.log(energy / 3))))
    assert found == pytest.approx(right[at] / stepped[at], rel=1e-12)


def test_validity_is_that_of_the_table(tables):
    """Whether a model holds comes from the measured table and from nowhere else."""
    energy, holds = curve(tables, "weak", "Ge", "energy_keV", "impulse_holds")
    expected = validity.is_valid("weak", "impulse", "Ge", energy * u.keV)
    np.testing.assert_array_equal(holds > 0, expected)


def test_a_boson_between_light_and_heavy_needs_both(tables):
    """10 keV lies between the 10 eV and the 1 MeV at which the validity was measured."""
    energy, holds = curve(tables, "b_l_boson", "Ge", "energy_keV", "stepped_holds")
    T = energy * u.keV
    both = [validity.is_valid(n, "stepped", "Ge", T) for n in ("b-l-boson", "light-b-l-boson")]
    np.testing.assert_array_equal(holds > 0, both[0] & both[1])
    assert not any("in_medium" in column.name for column in tables["channels_b_l_boson"].columns)


@pytest.mark.parametrize("shown", channels.CHANNELS, ids=lambda shown: shown.name)
def test_band_encloses_the_models_that_hold(tables, shown):
    """Lowest and highest are the envelope of what is valid, and of nothing else."""
    for target in TARGETS:
        low, high = curve(tables, shown.key, target, f"lowest_{PER}", f"highest_{PER}")
        names = [c.name for c in tables[f"channels_{shown.key}"].columns if "_holds" in c.name]
        rates = []
        for name in names:
            rate, holds = curve(
                tables, shown.key, target, name.replace("_holds", f"_{PER}"), name
            )  # fmt: skip
            rates.append(np.where(holds > 0, rate, np.nan))
        some = np.isfinite(rates).any(axis=0)
        np.testing.assert_array_equal(low[some], np.nanmin(np.array(rates)[:, some], axis=0))
        np.testing.assert_array_equal(high[some], np.nanmax(np.array(rates)[:, some], axis=0))
        assert np.isnan(low[~some]).all()


def test_summary_claims_nothing_of_the_paper(item):
    """The paper prints no number of these, so that every status is "not public"."""
    leaves = list(quantities(item.summary_dict()["channels"]))
    assert len(leaves) > 40
    assert {leaf["status"] for leaf in leaves} == {"not public"}
    spreads = [leaf["ours"] for leaf in leaves if leaf["note"].startswith("models that hold")]
    assert min(spreads) >= 1


def quantities(node):
    """Every quantity of a nested summary."""
    if "published" in node:
        yield node
    else:
        for entry in node.values():
            yield from quantities(entry)


def test_brief_validity(tables):
    """One row for a channel and model; Eq. (10) holds nowhere and the reason says why."""
    table = tables["channels_validity"]
    pairs = list(zip(table.column("channel"), table.column("model"), strict=True))
    assert len(set(pairs)) == len(pairs)
    row = pairs.index(("magnetic-moment", "equivalent-photon-paper"))
    assert [table.column(f"holds_in_{target}")[row] for target in TARGETS] == ["nowhere"] * 2
    assert "retracted" in table.column("reason")[row]
    row = pairs.index(("weak", "stepped"))
    # from some hundred eV on, where the M shell is open
    assert table.column("holds_in_Ge")[row].startswith(("0.1 to ", "0.3 to "))


def test_brief_validity_of_chosen_channels():
    """Only what is asked for, in that order."""
    table = brief_table(["weak", "millicharge"])
    assert list(dict.fromkeys(table.column("channel"))) == ["weak", "millicharge"]


def test_edges_are_the_measured_ones(tables):
    """K edges 11.103 keV of germanium and 34.561 keV of xenon (X-ray data booklet), to 3 eV."""
    table = tables["channels_edges"]
    rows = list(zip(*(table.column(n) for n in ("target", "shell", "energy_keV")), strict=True))
    found = {target: energy for target, shell, energy in rows if shell == "K"}
    assert found["Ge"] == pytest.approx(11.103, abs=3e-3)
    assert found["Xe"] == pytest.approx(34.561, abs=5e-3)
