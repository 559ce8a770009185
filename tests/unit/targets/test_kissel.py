"""Kissel's subshells against his own tables and an independent evaluation."""

from collections.abc import Callable

import numpy as np
import pytest

from nuatom import units as u
from nuatom.targets import element, photoabsorption
from nuatom.targets.kissel import subshell_tables

ELEMENTS = ("Ge", "Xe", "Ar", "Si", "I", "Na")
Rows = Callable[..., list[dict[str, float]]]


@pytest.mark.parametrize("symbol", ELEMENTS)
@pytest.mark.parametrize("column", ["xrl-Kissel", "xu-Kissel"])
def test_kissel_reproduces_its_tables(covered: Rows, symbol: str, column: str) -> None:
    """Kissel's total agrees with both copies of it wherever the three hold the same table.

    1e-3: four digits printed.  Left out are rows at which some subshell lies between
    its theoretical threshold and its measured edge: there xraylib (xrl) extends or cuts
    the table, and where the measured edge is the higher one it gives no values at all.
    """
    source = photoabsorption(element(symbol), "kissel")
    tables = subshell_tables(element(symbol))
    compared = 0
    for row in covered(source, column):
        energy = row["E"] * u.eV
        between = [
            t
            for t in tables
            if min(t.threshold, t.subshell.binding_energy)
            <= energy
            < max(t.threshold, t.subshell.binding_energy)
            and (column == "xrl-Kissel" or t.threshold < t.subshell.binding_energy)
        ]
        if not between:
            compared += 1
            value = source.cross_section(energy)[0] / u.megabarn
            assert value == pytest.approx(row[column], rel=1e-3), row["E"]
    assert compared >= 17


@pytest.mark.parametrize("symbol", ELEMENTS)
def test_continued_kissel_agrees_with_epdl(reference: Rows, symbol: str) -> None:
    """With the attenuation replaced, Kissel agrees with EPDL97 from 11 to 100 keV.

    EPDL97 is an independent evaluation of the same kind of theory; 2e-3 is their
    difference at lower energies, where nothing is replaced.  Rows within a threshold
    gap are left out as above.
    """
    tables = subshell_tables(element(symbol))
    for row in reference(symbol):
        energy = row["E"] * u.eV
        if row["E"] < 11000 or any(
            t.threshold <= energy < t.subshell.binding_energy for t in tables
        ):
            continue
        value = sum(t.continued(np.array([energy]))[0] for t in tables) / u.megabarn
        assert value == pytest.approx(row["EPDL97"], rel=2e-3), row["E"]


def test_kissel_thresholds_are_theoretical() -> None:
    """Kissel's Ge thresholds are those of the header of his file: K 11067.0, M4 38.82 eV."""
    source = photoabsorption(element("Ge"), "kissel")
    edges = dict(zip(source.shells, source.edges / u.eV, strict=True))
    published = {"K": 11067.0, "L1": 1402.34, "L2": 1255.44, "L3": 1222.82, "M4": 38.82, "M5": 38.2}
    for shell, value in published.items():
        assert edges[shell] == pytest.approx(value, abs=0.05)


def test_threshold_is_where_the_straight_line_of_xraylib_ends() -> None:
    """xraylib draws a line of log-log slope -1 from the measured Ge M4 edge to the threshold."""
    import xraylib

    threshold = 0.03882
    energy = threshold * np.array([0.9, 0.95, 0.999, 1.01, 1.06])
    value = np.array([xraylib.CSb_Photo_Partial(32, 7, e) for e in energy])
    slope = np.diff(np.log(value)) / np.diff(np.log(energy))
    assert slope[:2] == pytest.approx([-1, -1], abs=1e-9)
    assert abs(slope[3] + 1) > 1e-2
