"""The measured table, and which of its bands speaks of an energy."""

import itertools

import numpy as np
import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.targets import element
from nuatom.validity import CHANNELS, LIGHT, REFERENCES, bands
from nuatom.validity.bands import measured_element, rows_at


def test_every_pair_of_the_catalogue_was_measured():
    """Each electronic channel on each model that provides what it needs, on Ge and Xe."""
    full = {"ab-initio", "free", "stepped", "hydrogenic", "impulse"}
    vector = set(catalog.RESPONSES) - {"nucleus", "equivalent-photon-paper"}
    for channel in (*catalog.ELECTRONIC, *LIGHT.values()):
        expected = full if channel == "weak" else vector
        if channel in catalog.DIPOLES:
            expected = vector | {"equivalent-photon-paper"}
        for target in ("Ge", "Xe"):
            assert {m for c, m, t in bands() if (c, t) == (channel, target)} == expected


def test_bands_follow_each_other():
    """From 10 eV on without a gap, to 100 keV at least; a ratio is positive."""
    for (channel, model, target), rows in bands().items():
        assert channel in CHANNELS
        assert rows[0].low == pytest.approx(0.01 * u.keV, rel=1e-12)
        assert rows[-1].high >= 100 * u.keV * (1 - 1e-12)
        assert all(a.high == b.low for a, b in itertools.pairwise(rows))
        for row in rows:
            assert (row.channel, row.model, row.target) == (channel, model, target)
            assert 0 < row.ratio[0] <= row.ratio[1]
            assert row.reference != model


def test_the_reference_is_named_in_one_place():
    """A model that is not a reference is compared with the one of its channel.

    What is measured with photons is the reference at a photon pole, ab-initio elsewhere.
    """
    assert {c for c, r in REFERENCES.items() if r != "ab-initio"} == {
        "millicharge",
        *LIGHT.values(),
    }
    for (channel, model, _), rows in bands().items():
        if model in ("free", "stepped", "hydrogenic", "equivalent-photon"):
            near = [row for row in rows if row.high <= 100 * u.keV * (1 + 1e-12)]
            assert {row.reference for row in near} == {REFERENCES[channel]}


@pytest.mark.parametrize("target", ["Ge", "Xe"])
@pytest.mark.parametrize("channel", ["magnetic-moment", "weak", "b-l-boson"])
def test_ab_initio_is_measured_by_its_own_variants(channel, target):
    """Without a pole there is nothing better: its rows hold its band, which includes itself."""
    rows = bands()[channel, "ab-initio", target]
    assert {row.reference for row in rows} == {"variants of the theory"}
    assert all(row.ratio[0] <= 1 <= row.ratio[1] for row in rows)
    # far above every edge all variants are free electrons
    assert rows[-1].miss < 0.02


def test_the_end_of_a_band_belongs_to_the_next():
    """An energy that is typed as an end, on any scale of units; the last one stands beyond."""
    T = np.array([0.0099, 0.01, 0.03, 0.0999, 0.1, 1.0, 100.0, 699.0, 700.0, 5000.0]) * u.keV
    _, index = rows_at("weak", "stepped", "Ge", T)
    assert index.tolist() == [-1, 0, 1, 1, 2, 4, 8, 9, 9, 9]
    _, index = rows_at("millicharge", "equivalent-photon", "Ge", T)
    assert index.tolist() == [-1, 0, 1, 1, 2, 4, 7, -1, -1, -1]


def test_other_elements_are_scaled_by_their_k_edge():
    """Silicon at its K edge is germanium at its own; iodine goes with xenon."""
    near, scale = measured_element("Si")
    assert near == "Ge"
    edges = [element(symbol).subshells[0].binding_energy for symbol in ("Si", "Ge")]
    assert scale * edges[0] == pytest.approx(edges[1], rel=1e-12)
    assert [measured_element(s)[0] for s in ("H", "Ge", "I", "U")] == ["Ge", "Ge", "Xe", "Xe"]
