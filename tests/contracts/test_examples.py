"""Every example runs without a warning and prints a table with a header."""

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_prints_a_table(path, capsys):
    """The columns of every line are as many as those of the header."""
    runpy.run_path(str(path))
    header, *lines = capsys.readouterr().out.splitlines()
    assert lines
    assert {line.count(",") for line in lines} == {header.count(",")}


def test_xenon_counts_go_through_a_root_file(monkeypatch, capsys, tmp_path):
    """Into the folder that is named, with a run card beside them; no CSV stands in for ROOT."""
    path = next(p for p in EXAMPLES if p.stem == "xenon_from_root")
    monkeypatch.setattr(sys, "argv", [str(path), str(tmp_path)])
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out.startswith("energy_low_keV,observed")
    names = {p.name for p in tmp_path.iterdir()}
    assert names == {"counts.root", "counts.toml", "xenon_from_root.toml"}


def test_there_are_examples():
    """An empty folder would make the test above pass."""
    assert EXAMPLES
