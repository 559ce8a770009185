"""The published background of a release as an entry of a card."""

import numpy as np
import pytest

from nuatom import analysis
from nuatom.datasets.releases import xenonnt_background
from nuatom.errors import InvalidInput, UnknownName


def card(folder, flux=None, **background):
    entry = {"kind": "release", "name": "B0", "release": "xenonnt-sr0", "folder": str(folder)}
    source = {"name": "solar-b16-gs98"} | ({} if flux is None else {"total_flux": flux})
    return {
        "source": source,
        "detector": {
            "target": "LXe", "exposure": "1.16 tonne year", "resolution": {"kind": "perfect"},
        },
        "bins": {"low": "1 keV", "high": "30 keV", "number": 29},
        "response": {"electrons": "stepped"},
        "signals": {"channels": ["weak"]},
        "backgrounds": [{**entry, **background}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "xenonnt_sr0"


@pytest.fixture(scope="module")
def whole(folder):
    return analysis.load(card(folder))


def test_a_published_background_has_its_published_counts(folder, whole):
    """Exposure times the integral between the energies of its file, trapezoids."""
    energies, rates = xenonnt_background(folder)
    steps = np.diff(energies) * (rates[1:] + rates[:-1]) / 2
    integral = np.interp(whole.bin_edges, energies, np.concatenate([[0.0], np.cumsum(steps)]))
    expected = whole.exposure * np.diff(integral)
    # the same sum, by quadrature of constants between the edges
    assert whole.component("B0").counts == pytest.approx(expected, rel=1e-9)


def test_what_it_holds_is_taken_off(folder, whole):
    """With the solar neutrinos it is the published background; its error is of the rest."""
    rest = analysis.load(card(folder, holds=["weak"], uncertainty="8 %")).component("B0")
    together = rest.counts + whole.component("weak").counts
    assert together == pytest.approx(whole.component("B0").counts, rel=1e-12)  # rounding
    assert rest.upper["B0_scale"] == pytest.approx(1.08 * rest.counts, rel=1e-12)
    assert rest.lower["B0_scale"] == pytest.approx(0.92 * rest.counts, rel=1e-12)


def test_an_unknown_channel_is_refused(folder):
    """With its path."""
    with pytest.raises(UnknownName, match=r"backgrounds\[0\]: .* in holds 'coherent'"):
        analysis.load(card(folder, holds=["coherent"]))


def test_more_neutrinos_than_background_are_refused(folder):
    """A hundred times the flux of the Sun cannot be in the published background."""
    with pytest.raises(InvalidInput, match=r"found less in bin 1 than .* of weak"):
        analysis.load(card(folder, flux="6.5e12 / cm2 / s", holds=["weak"]))
