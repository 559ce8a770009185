"""XENON1T S2-only as an exhibit."""

import numpy as np
import pytest

from nuatom.analysis.s2_exhibit import s2_exhibit
from nuatom.datasets.releases import xenon1t_s2only


def test_five_bins_are_shown_as_one(shared):
    """All events and all of the published background are in the table, in photoelectrons; the
    total is background and solar neutrinos."""
    folder = shared / "data/xenon1t_s2only"
    table = s2_exhibit(shared / "data").table
    values = {c.name: np.asarray(c.values) for c in table.columns}
    counted = xenon1t_s2only(folder)
    assert values["observed_counts"].sum() == counted.counts.sum()
    assert values["published_background_counts"].sum() == pytest.approx(counted.background.sum())
    assert values["s2_low_PE"][1] == counted.bin_edges[5]
    np.testing.assert_allclose(
        values["total_counts"],
        values["published_background_counts"] + values["weak_counts"],
        rtol=1e-12,
    )


def test_without_the_release_it_says_where_to_get_it(tmp_path):
    """There is no table then."""
    found = s2_exhibit(tmp_path)
    assert found.table is None
    assert "Zenodo" in found.remarks[0]
