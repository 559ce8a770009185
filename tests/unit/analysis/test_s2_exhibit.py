"""XENON1T S2-only through the response matrix of its release."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.analysis.s2_exhibit import response_of_release


def test_cells_hold_the_energies_of_the_release(shared):
    """One cell for each row, its energy inside; no recoil is counted more than once."""
    matrix = response_of_release(shared / "data/xenon1t_s2only")
    assert np.all(np.diff(matrix.cell_edges) > 0)
    assert matrix.cell_edges[0] < 0.0501 * u.keV
    assert np.all(matrix.efficiency <= 1 + 1e-9)
    # 22 of 356 tonne days are effective above 0.4 keV: selections keep a few per cent at most
    assert matrix.efficiency.max() == pytest.approx(0.1, abs=0.1)
