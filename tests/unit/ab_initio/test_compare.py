"""A table of responses against sources and models: the numbers of the comparison."""

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.ab_initio import compare, compare_channels, compare_photoabsorption
from nuatom.errors import InvalidInput
from nuatom.responses import Tabulated
from nuatom.responses.hydrogenic import screened_shells
from nuatom.table import Column, Table
from nuatom.targets import element, photoabsorption


def _made():
    path = Path(__file__).parent / "hydrogenic_table.py"
    spec = importlib.util.spec_from_file_location("hydrogenic_table", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made = _made()
NEON = element("Ne")
COARSE = 0.02
"""16 energies and 24 momenta for each shell; a formula that is wrong misses by more."""


@pytest.fixture(scope="module")
def model():
    """Neon of screened hydrogenic shells."""
    return Tabulated(made.hydrogenic_table("Ne"), name="ab-initio")


@pytest.fixture(scope="module")
def tables(model):
    """The whole comparison."""
    return compare.compare(model, NEON)


def numbers(table, *names):
    found = [np.asarray(table.column(name), dtype=float) for name in names]
    return found if len(names) > 1 else found[0]


def at(energy, values, keV):
    (place,) = np.flatnonzero(np.isclose(energy, keV, rtol=1e-9, atol=0))
    return values[place]


def test_every_step_has_its_table(model):
    """Steps are announced in order, and the tables are those that figures and files need."""
    seen = []
    found = compare.compare(model, NEON, seen.append)
    assert tuple(seen) == compare.STEPS
    assert set(found) == {
        *compare.STEPS, "photoabsorption_by_shell", "agreement", "summary", "provenance",
    }  # fmt: skip
    assert all(name == table.name for name, table in found.items())


def test_both_forms_are_those_of_the_responses(tables):
    """sigma = 2 pi^2 alpha R_T/T and 4 pi^2 alpha R_L/T with the closed forms at |q| = T."""
    energy, velocity, length = numbers(
        tables["photoabsorption"], "energy_keV", "velocity_Mb", "length_Mb"
    )
    for keV in (0.1, 1.0, 10.0):
        T = np.array([keV]) * u.keV
        shells = [shell for shell in screened_shells(NEON) if shell.edge <= T[0]]
        exact = [made.shell_responses(shell, T, T[:, None]) for shell in shells]
        scale = np.pi**2 * c.fine_structure / T[0] / u.megabarn
        for found, name, factor in ((velocity, "T", 2), (length, "L", 4)):
            expected = factor * scale * sum(float(r[name][0, 0]) for r in exact)
            assert at(energy, found, keV) == pytest.approx(expected, rel=COARSE)


def test_sources_are_those_of_the_package(tables):
    """Each column is its source inside the range and empty outside; the spread holds them."""
    table = tables["photoabsorption"]
    energy, low, high = numbers(table, "energy_keV", "tables_low_Mb", "tables_high_Mb")
    for name, last in (("henke", 30), ("elam", 100), ("recommended", 100)):
        values = numbers(table, f"{name}_Mb")
        source = photoabsorption(NEON, name)
        expected = float(source.cross_section(2 * u.keV)[0] / u.megabarn)
        assert at(energy, values, 2.0) == pytest.approx(expected, rel=1e-9)
        assert np.all(np.isnan(values[energy > last * 1.001]))
        seen = np.isfinite(values) & np.isfinite(low)
        assert np.all(low[seen] <= values[seen] * (1 + 1e-9))
        assert np.all(high[seen] >= values[seen] * (1 - 1e-9))


def test_shells_add_up_to_the_atom(tables):
    """The rows of the shells at one energy sum to the total."""
    energy, total = numbers(tables["photoabsorption"], "energy_keV", "velocity_Mb")
    each, parts = numbers(tables["photoabsorption_by_shell"], "energy_keV", "velocity_Mb")
    for keV in (0.1, 2.0, 20.0):
        here = np.isclose(each, keV, rtol=1e-9, atol=0)
        assert parts[here].sum() == pytest.approx(at(energy, total, keV), rel=1e-9)


def test_calculated_thresholds_move_the_edge(tables):
    """Between the measured K edge and the calculated one, 10 % higher, only one variant jumps."""
    energy, measured, moved = numbers(
        tables["photoabsorption"], "energy_keV", "velocity_Mb", "velocity_calculated_edges_Mb"
    )
    edge = NEON.subshells[0].binding_energy / u.keV
    between = (energy > 1.01 * edge) & (energy < 1.09 * edge)
    assert np.all(measured[between] > 5 * moved[between])


def doctored(ratio, energy):
    """A comparison in which the velocity form is 1, and one source 1/ratio."""
    ones = np.ones(energy.size)
    names = ("henke_Mb", "kissel_Mb", "elam_Mb", "recommended_Mb", "velocity_Mb")
    columns = dict.fromkeys(names, ones) | {"henke_Mb": 1 / ratio}
    return Table(
        "photoabsorption",
        "",
        (Column("energy_keV", energy), *(Column(*i) for i in columns.items())),
    )


def test_worst_ratio_is_found_with_its_place():
    """The farthest from 1 in the logarithm; a spike at an edge counts only where edges do."""
    energy = np.geomspace(0.5, 40, 400)
    near, far, outside = (np.argmin(np.abs(energy - place)) for place in (1.01, 5.0, 30.0))
    sodium = element("Na")  # K edge at 1.07 keV
    edge = sodium.subshells[0].binding_energy / u.keV
    near = np.argmin(np.abs(energy - edge))
    ratio = np.ones(energy.size)
    ratio[[near, far, outside]] = 0.2, 1.3, 9.0
    found = compare_photoabsorption.agreement_table(doctored(ratio, energy), sodium)
    assert found.column("form") == ["velocity"] * 4
    assert found.column("source")[0] == "henke"
    worst, place, clear, clear_place, share = (
        numbers(found, name)[0]
        for name in (
            "worst", "worst_at_keV", "worst_off_edges", "worst_off_edges_at_keV",
            "share_within_10_percent",
        )
    )  # fmt: skip
    assert (worst, place) == pytest.approx((0.2, energy[near]), rel=1e-12)
    assert (clear, clear_place) == pytest.approx((1.3, energy[far]), rel=1e-12)
    inside = np.count_nonzero((energy >= 1) & (energy <= 20))
    # two points of the equally spaced ones miss
    assert share == pytest.approx(1 - 2 / inside, rel=1e-9)


def test_shells_that_became_free_electrons_are_counted():
    """Above `free_above` of the L shells their share of photoabsorption is left out, and said."""
    model = Tabulated(made.hydrogenic_table("Ne", free_above=100.0, last_kev=120.0))
    table = compare_photoabsorption.photoabsorption_table(model, NEON)
    energy, missing = numbers(table, "energy_keV", "without_photon_point")
    assert at(energy, missing, 1.0) == 0.0
    T = 10 * u.keV
    shells = photoabsorption(NEON).by_shell(T)[:, 0]
    gone = [100 * shell.binding_energy < T for shell in NEON.subshells]
    assert any(gone) and not all(gone)
    assert at(energy, missing, 10.0) == pytest.approx(
        float(shells[gone].sum() / shells.sum()), rel=1e-9
    )
    lines = compare.remarks(compare.compare(model, NEON), model, NEON)
    assert any("no photon point" in line for line in lines)


# models are compared also where one of them does not hold
@pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
def test_ratios_to_stepped(tables, model):
    """Each channel and model is what the public functions give, at 1 MeV and at the reactor."""
    table = tables["channels"]
    names = np.array(table.column("channel"))
    T = 2 * u.keV
    for channel, coupling in compare_channels.CHANNELS.items():
        here = names == channel
        energy = numbers(table, "energy_transfer_keV")[here]
        interaction = na.interaction(channel, coupling)
        for name, response in (
            ("ab_initio", model),
            ("free", na.response("free", "Ne")),
            ("impulse", na.response("impulse", "Ne")),
        ):
            sigma, below = (
                float(na.differential_cross_section(T, u.MeV, interaction=interaction, response=r))
                for r in (response, na.response("stepped", "Ne"))
            )
            found = at(energy, numbers(table, f"{name}_1_MeV")[here], 2.0)
            assert found == pytest.approx(sigma / below, rel=1e-9)
        rate, below = (
            float(
                na.differential_rate(
                    T, source="kuo-sheng", target="Ne", interaction=interaction, response=r
                )
            )
            for r in (model, na.response("stepped", "Ne"))
        )
        found = at(energy, numbers(table, "ab_initio_reactor")[here], 2.0)
        assert found == pytest.approx(rate / below, rel=1e-9)
        assert at(energy, numbers(table, "band_low")[here], 0.3) == pytest.approx(-0.05, rel=1e-6)
        assert at(energy, numbers(table, "band_high")[here], 0.3) == pytest.approx(0.04, rel=1e-6)


def test_range_of_the_channels(tables):
    """From the first edge of a noble gas, from 50 eV for a solid, to 60 keV."""
    energy = numbers(tables["channels"], "energy_transfer_keV")
    first = min(shell.binding_energy for shell in NEON.subshells) / u.keV
    assert (energy.min(), energy.max()) == pytest.approx((first, 60.0), rel=1e-9)
    assert compare_channels.first_energy(element("Ge")) == pytest.approx(50 * u.eV, rel=1e-12)


def test_responses_become_those_of_free_electrons(tables):
    """Integrated over Q^2 the charge and axial responses tend to one far above the edge."""
    table = tables["integrated"]
    relative = numbers(table, "transfer_over_edge")
    for name in ("L", "A33", "AT"):
        values = numbers(table, name)
        # each shell misses at most 1 % at 30 edges, by the docstring of the hydrogenic model
        assert np.all(np.abs(values[relative > 30] - 1) < 0.01)
        assert np.all(values[relative < 1.2] < 0.99)
    assert set(table.column("shell")) == {shell.name for shell in NEON.subshells}
    assert numbers(table, "transfer_over_edge").min() == pytest.approx(1.0, rel=1e-9)


def test_exactly_one_where_free_electrons_replace_the_table():
    """Above `free_above` every response is that of free electrons."""
    model = Tabulated(made.hydrogenic_table("Ne", free_above=40.0))
    table = compare_channels.integrated_table(model)
    relative = numbers(table, "transfer_over_edge")
    for name in ("L", "T", "A00", "A03", "A33", "AT", "VA"):
        values = numbers(table, name)[relative > 40.001]
        assert values.size > 10
        np.testing.assert_allclose(values, 1, rtol=1e-12)


def test_thresholds(tables):
    """Measured edges of the element, calculated ones of the table, and their difference."""
    table = tables["thresholds"]
    measured, calculated, more, ratio = numbers(
        table, "measured_eV", "calculated_eV", "calculated_minus_measured_eV",
        "calculated_over_measured",
    )  # fmt: skip
    expected = [shell.binding_energy / u.eV for shell in NEON.subshells]
    assert measured == pytest.approx(expected, rel=1e-9)
    assert ratio == pytest.approx(1.1, rel=1e-9)
    assert more == pytest.approx(calculated - measured, rel=1e-6)


def test_summary_repeats_the_tables(tables):
    """Ratios at the marked energies, empty beyond a source; the band around the ratio."""
    summary = tables["summary"]
    energy, velocity, low, middle, high = numbers(
        summary, "energy_transfer_keV", "velocity_over_henke", "magnetic_moment_lowest",
        "magnetic_moment_over_stepped", "magnetic_moment_highest",
    )  # fmt: skip
    grid, ours, henke = numbers(tables["photoabsorption"], "energy_keV", "velocity_Mb", "henke_Mb")
    expected = at(grid, ours, 2.0) / at(grid, henke, 2.0)
    assert at(energy, velocity, 2.0) == pytest.approx(expected, rel=1e-9)
    assert np.isnan(at(energy, velocity, 50.0))  # Henke ends at 30 keV
    assert at(energy, low, 0.3) == pytest.approx(0.95 * at(energy, middle, 0.3), rel=1e-6)
    assert at(energy, high, 0.3) == pytest.approx(1.04 * at(energy, middle, 0.3), rel=1e-6)


def test_table_without_axial_responses_and_without_a_band():
    """The weak cells are empty, the band too, and the remarks say how to get one."""
    table = made.hydrogenic_table("Ne", names=("L", "T"), band=False)
    model = Tabulated(table)
    found = compare.compare(model, NEON)
    weak = np.array(found["channels"].column("channel")) == "weak"
    ours = numbers(found["channels"], "ab_initio_1_MeV")
    assert np.all(np.isnan(ours[weak])) and np.all(np.isfinite(ours[~weak]))
    assert np.all(np.isnan(numbers(found["channels"], "band_low")))
    assert {column.name for column in found["integrated"].columns} >= {"L", "T"}
    lines = compare.remarks(found, model, NEON)
    assert any("build it with variants" in line for line in lines)


def test_band_says_nothing_beyond_its_energies(model):
    """Outside the energies of the uncertainty there is no number."""
    T = np.array([0.004, 0.3, 151.0]) * u.keV
    low, high = compare_channels.band(model, "weak", T)
    assert list(np.isnan(low)) == list(np.isnan(high)) == [True, False, True]


def test_remarks_are_lines_for_a_reader(tables, model):
    """Agreement, meaning of the forms, theory; the solid only for a solid."""
    lines = compare.remarks(tables, model, NEON)
    assert all("\n" not in line for line in lines)
    assert "velocity form" in lines[0] and "henke" in lines[0] and "1-20 keV" in lines[0]
    assert any("dipole limit only" in line for line in lines)
    assert any("screened hydrogenic shells" in line for line in lines)
    assert not any("solid" in line for line in lines)
    silicon = Tabulated(made.hydrogenic_table("Si"))
    lines = compare.remarks(compare.compare(silicon, element("Si")), silicon, element("Si"))
    assert any("below 0.1 keV the valence electrons of a solid" in line for line in lines)


def test_provenance_travels_with_the_tables(tables, model):
    """Method, command and references of the table, and of each comparison."""
    table = tables["provenance"]
    rows = dict(zip(table.column("item"), table.column("text"), strict=True))
    origin = model.table.provenance
    assert rows["table of responses: method"] == origin.method
    assert rows["table of responses: command"] == origin.command
    assert "Henke" in " ".join(table.column("text"))
    assert "dipole limit only" in " ".join(table.column("text"))


def test_table_of_another_element_is_refused(model):
    """Neon is not compared with argon."""
    with pytest.raises(InvalidInput, match="found one of Ne, expected one of Ar"):
        compare.compare(model, element("Ar"))


def test_short_table_is_compared_as_far_as_it_goes():
    """A table that ends at 8 keV gives curves up to there, and empty cells beyond."""
    model = Tabulated(made.hydrogenic_table("Ne", last_kev=8.0))
    found = compare.compare(model, NEON)
    for name, column in (("photoabsorption", "energy_keV"), ("channels", "energy_transfer_keV")):
        assert numbers(found[name], column).max() <= 8.0 * (1 + 1e-9)
    energy, ours = numbers(found["summary"], "energy_transfer_keV", "weak_over_stepped")
    assert np.isfinite(at(energy, ours, 5.0)) and np.isnan(at(energy, ours, 10.0))
    moved = dataclasses.replace(model, calculated_edges=True)
    # the K shell, moved up by 10 % of its edge, ends that much later
    assert compare_photoabsorption.reach(moved) >= compare_photoabsorption.reach(model)
