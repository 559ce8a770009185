"""The band of a table holds its variants, each of which does what it says."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.ab_initio import TablePlan, build_table, variants
from nuatom.ab_initio.plan import lay_out
from nuatom.interactions.incoherent import combine
from nuatom.rates import cross_section_by_shell
from nuatom.responses.tabulated import Tabulated
from nuatom.validity import bands

HELIUM = TablePlan("He", points=(10, 10), maximum=0.5 * u.keV)
STORAGE = 1e-12
"""Relative; the same operations on the same numbers."""


@pytest.fixture(scope="module")
def table():
    return build_table(HELIUM)


@pytest.fixture(scope="module")
def plain():
    """The table without variants, and the ratio of length to velocity."""
    return build_table(replace(HELIUM, variants=False))


def changed(table, factor):
    return {name: factor * values for name, values in table.responses.items()}


def cross_section(table, channel, T, *, E=1 * u.MeV, flavor="anti_nu_e"):
    coupling, _ = variants.CHANNELS[channel]
    return cross_section_by_shell(
        T,
        np.full(T.size, E),
        interaction=combine((catalog.interaction(channel, coupling),)),
        response=Tabulated(table),
        flavor=flavor,
    ).sum(axis=0)


def test_the_channels_are_those_of_the_catalogue():
    """Each name can be asked for; a new boson depends on its mass and has no band."""
    assert set(variants.CHANNELS) < set(catalog.ELECTRONIC)
    left = set(catalog.ELECTRONIC) - set(variants.CHANNELS)
    assert left == {"b-l-boson", "universal-boson"}


def test_a_built_table_names_its_variants(table):
    """Exchange, relaxation, thresholds and gauge."""
    inputs = table.provenance.inputs
    names = "exchange (kohn-sham), relaxation (dirac-fock-frozen), thresholds, gauge"
    assert f"variants {names}" in inputs
    assert table.uncertainty.channels == tuple(variants.CHANNELS)


@pytest.mark.parametrize("channel", ["magnetic-moment", "millicharge", "weak"])
def test_the_band_holds_the_other_exchange(table, channel):
    """A Kohn-Sham table on the same edges lies within the band at every energy of it."""
    local = build_table(replace(HELIUM, model="kohn-sham", edges="measured", variants=False))
    same = replace(table, responses=_on_the_grid_of(table, local))
    band = table.uncertainty
    row = band.channels.index(channel)
    for E in variants.NEUTRINO_ENERGIES:
        T = band.energy_transfer[band.energy_transfer < 0.4 * u.keV]
        ratio = cross_section(same, channel, T, E=E) / cross_section(table, channel, T, E=E)
        inside = slice(0, T.size)
        # the grids of the two models differ a little: 1e-3 of interpolation on 10 x 10 points
        assert np.all(ratio - 1 >= band.lower[row, inside] - 1e-3)
        assert np.all(ratio - 1 <= band.upper[row, inside] + 1e-3)


def _on_the_grid_of(table, other):
    (shell,) = table.shells
    T, q = shell.edge + table.kinetic_energy[0], table.momentum()[0]
    found = variants._evaluated(Tabulated(other).splines[0], T, q)
    return {name: values[None] for name, values in found.items()}


def test_a_band_contains_every_variant_that_is_given(plain):
    """Whatever the variants are: here all responses 10 % up, and 5 % down."""
    up, down = (replace(plain, responses=changed(plain, f)) for f in (1.1, 0.95))
    band = variants.envelope(plain, (up, down))
    low = band.energy_transfer < 0.4 * u.keV
    # the band is rounded outwards, by less than its step
    assert band.upper[:, low] == pytest.approx(0.1, abs=1.01 * variants.ROUNDING)
    assert band.lower[:, low] == pytest.approx(-0.05, abs=1.01 * variants.ROUNDING)
    assert np.all(band.upper[:, low] >= 0.1 - STORAGE)
    free = band.energy_transfer > 1 * u.keV
    assert not np.any(band.upper[:, free])
    assert not np.any(band.lower[:, free])


def test_a_band_reaches_from_the_lowest_edge_to_free_electrons(plain):
    """With two energies at each edge, because cross sections jump there."""
    energies = variants.band_energies(plain)
    (shell,) = plain.shells
    assert energies[0] == shell.edge
    assert energies[-1] == variants.LAST_ENERGY
    assert np.all(np.diff(energies) > 0)
    assert np.any(np.abs(energies / shell.edge - 1 - variants.AT_EDGE) < 1e-9)


def test_a_channel_that_the_table_cannot_do_has_no_band(plain):
    """Without axial responses there is nothing weak."""
    bare = replace(plain, responses={name: plain.responses[name] for name in "LT"})
    band = variants.envelope(bare, (bare,))
    assert "weak" not in band.channels
    assert "magnetic-moment" in band.channels


def test_one_electron_has_no_exchange():
    """A local potential of hydrogen would only add an electron's field on itself."""
    assert variants.other_models(TablePlan("H")) == ()
    assert variants.other_models(TablePlan("He")) == ("kohn-sham", "dirac-fock-frozen")
    assert variants.other_models(TablePlan("He", model="slater")) == ("dirac-fock",)
    assert variants.other_models(TablePlan("He", variants=False)) == ()


def test_own_thresholds_move_a_shell(plain):
    """Between edge and threshold the wave stays at its threshold; above it is moved rigidly."""
    (shell,) = plain.shells
    ahead = replace(shell, calculated_threshold=1.5 * shell.edge)
    moved = variants.variant_tables(replace(plain, shells=(ahead,)), {}, np.ones((1, 10)))
    found = moved["thresholds"].responses["L"][0]
    energies, q = plain.kinetic_energy[0], plain.momentum()[0]
    own = np.maximum(energies - 0.5 * shell.edge, 0.0)
    expected = variants._evaluated(Tabulated(plain).splines[0], shell.edge + own, q)["L"]
    assert found == pytest.approx(expected, rel=STORAGE)
    below = energies < 0.5 * shell.edge
    slope = found[below] / q[below] ** 2
    assert np.all(np.diff(slope[:, 0]) < 0)  # only |q| grows: L/q^2 falls


def test_a_table_at_its_own_thresholds_has_nothing_to_move(plain):
    """The transform is the identity where edge and threshold agree."""
    (shell,) = plain.shells
    same = replace(plain, shells=(replace(shell, calculated_threshold=shell.edge),))
    moved = variants.variant_tables(same, {}, np.ones((1, 10)))["thresholds"]
    for name, values in plain.responses.items():
        # logarithms and exponentials
        assert moved.responses[name] == pytest.approx(values, rel=1e-9)


def test_length_form_at_the_photon_point(plain):
    """There R_T changes by the ratio g, far from it not at all."""
    gauge = np.full((1, 10), 1.3)
    moved = variants.variant_tables(plain, {}, gauge)["gauge"].responses
    ratio = moved["T"][0] / plain.responses["T"][0]
    assert ratio[:, 0] == pytest.approx(1.3, rel=STORAGE)
    assert ratio[-1, -1] == pytest.approx(1.0, abs=1e-3)
    assert moved["VA"][0] / plain.responses["VA"][0] == pytest.approx(np.sqrt(ratio), rel=STORAGE)
    np.testing.assert_array_equal(moved["L"], plain.responses["L"])


def test_current_conservation_gives_a_ratio_of_one():
    """R_T = 2 (T/|q|)^2 R_L is what the ratio measures; three times it gives a third."""
    length = np.array([[2.0, 3.0]])
    velocity = 2 * length / variants.DIPOLE_MOMENTUM**2
    values = np.stack([length, velocity, 3 * velocity], axis=1)
    found = variants.gauge_ratio(("L", "T"), values[:, :2])
    assert found == pytest.approx(1.0, rel=STORAGE)
    found = variants.gauge_ratio(("L", "T"), values[:, ::2])
    assert found == pytest.approx(1 / 3, rel=STORAGE)
    assert variants.gauge_ratio(("L",), values[:, :1]) == pytest.approx(1.0, rel=STORAGE)


def test_length_is_velocity_for_hydrogen_at_its_own_threshold():
    """A local potential conserves the current; only (T/(T + dB))^2 of the edge is left."""
    plan = TablePlan("H", points=(8, 8), maximum=0.1 * u.keV, edges="calculated", variants=False)
    layout = lay_out(plan)
    gauge = variants_gauge(plan, layout)
    # |q| = T/100 leaves (q r)^2 = 1e-8; relativistic spin terms are of order alpha^2
    assert gauge == pytest.approx(1.0, abs=1e-3)


def variants_gauge(plan, layout):
    from nuatom.ab_initio.tasks import run, tasks_of

    rows = np.concatenate([run(task) for task in tasks_of(layout, plan.model)], axis=1)
    return variants.gauge_ratio(plan.wanted, rows[None, ..., -1])


def test_bands_belong_to_the_catalogue_of_validity():
    """The channels of a band are named as those of the validity table."""
    known = {channel for channel, _, _ in bands()}
    assert {"magnetic-moment", "millicharge", "charge-radius", "weak"} <= known
