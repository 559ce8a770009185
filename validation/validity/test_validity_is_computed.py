"""The shipped table of validity is what the script measures."""

import csv
import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROUNDING = 2e-3
"""Four digits are written; the last may differ by one on another processor."""


@pytest.fixture(scope="module")
def measure():
    spec = importlib.util.spec_from_file_location("validity_measure", HERE / "measure.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.validate
def test_the_shipped_table_is_measured_again(measure):
    """Every row of the table, with the numbers of today."""
    shipped = list(csv.reader((measure.FOLDER / "table.csv").read_text("utf-8").splitlines()))
    again = list(csv.reader(measure.content().splitlines()))
    assert again[0] == shipped[0]
    assert [row[:6] for row in again] == [row[:6] for row in shipped]
    for new, old in zip(again[1:], shipped[1:], strict=True):
        numbers = [[float(cell or "nan") for cell in row[6:]] for row in (new, old)]
        # an absolute floor for ratios that vanish at a threshold
        assert numbers[0] == pytest.approx(numbers[1], rel=ROUNDING, abs=1e-9, nan_ok=True), new
