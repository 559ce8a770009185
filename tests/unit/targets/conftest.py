"""The photoabsorption tables of several packages side by side, beside the project."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nuatom import units as u
from nuatom.targets import Photoabsorption

COLUMNS = ("E", "EPDL97", "xrl-Kissel", "xrl-Photo", "Chantler", "Elam", "Henke-f2", "xu-Kissel")

Row = dict[str, float]


@pytest.fixture(scope="session")
def reference(shared: Path) -> Callable[[str], list[Row]]:
    """Symbol -> rows of the reference table; energies in eV, cross sections in Mb."""
    text = (shared / "reference/photoabsorption_tables.txt").read_text(encoding="utf-8")

    def rows(symbol: str) -> list[Row]:
        block = re.search(rf"=== {symbol} total.*?\n(.*?)(?:\n===|\Z)", text, re.DOTALL)
        assert block is not None
        lines = [line.split() for line in block[1].splitlines()[1:] if line.strip()]
        return [dict(zip(COLUMNS, map(float, line), strict=True)) for line in lines]

    return rows


@pytest.fixture(scope="session")
def covered(
    reference: Callable[[str], list[Row]],
) -> Callable[[Photoabsorption, str], list[Row]]:
    """Source, column -> the rows inside the range of the source for which there is a value."""

    def rows(source: Photoabsorption, column: str) -> list[Row]:
        low, high = source.energy_min / u.eV * (1 - 1e-9), source.energy_max / u.eV * (1 + 1e-9)
        return [r for r in reference(source.element) if low <= r["E"] <= high and r[column] > 0]

    return rows
