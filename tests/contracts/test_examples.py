"""Every example runs without a warning and prints a table with a header."""

import runpy
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


def test_there_are_examples():
    """An empty folder would make the test above pass."""
    assert EXAMPLES
