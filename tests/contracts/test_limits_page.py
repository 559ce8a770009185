"""The limits and the coverage that docs/limits.md shows are those of the studies."""

import csv
import importlib.util
import re

import pytest


@pytest.fixture(scope="module")
def maker(root):
    path = root / "validation" / "limits_page.py"
    spec = importlib.util.spec_from_file_location("limits_page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sections_are_those_that_the_script_writes(maker):
    """`python validation/limits_page.py` changes nothing."""
    page = maker.PAGE.read_text(encoding="utf-8")
    assert maker.renewed(page) == page


def test_limits_on_the_page_are_in_the_file(root):
    """Each number of the tables of limits stands in limits.csv."""
    with (root / "validation/limits/limits.csv").open(encoding="utf-8", newline="") as stream:
        known = {line[key] for line in csv.DictReader(stream) for key in ("low", "high")}
    page = (root / "docs/limits.md").read_text(encoding="utf-8")
    text = page[page.index("## Limits from released data") : page.index("## Coverage")]
    cells = [c for line in text.splitlines() if line.startswith("|") for c in line.split("|")[4:-1]]
    shown = [number for cell in cells for number in re.findall(r"-?[0-9.]+e-[0-9]+", cell)]
    assert len(shown) > 80
    assert set(shown) <= known


def test_every_coverage_of_the_file_stands_on_the_page(maker, root):
    """Counted and read apart from the script: as many numbers, the same in order of size."""
    with (root / "validation/coverage/coverage.csv").open(encoding="utf-8", newline="") as stream:
        kept = list(csv.DictReader(stream))
    page = (root / "docs/limits.md").read_text(encoding="utf-8")
    text = page[page.index("## Coverage") :]
    text = text[: text.find("\n## ", 5)] if "\n## " in text[5:] else text
    shown = [
        re.sub(r"\*", "", cell.strip())
        for line in text.splitlines()
        if line.startswith("|") and "---" not in line and "experiments" not in line
        for cell in line.strip("|").split("|")[1:-1]
        if cell.strip()
    ]
    assert sorted(shown) == sorted(f"{100 * float(line['coverage']):.1f}" for line in kept)
    assert text.count("**") == 2 + 2 * sum(float(line["high_99"]) < 0.9 for line in kept)
