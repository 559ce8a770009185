"""The coverage that docs/limits.md shows is that of the study."""

import csv
import importlib.util
import re

import pytest


@pytest.fixture(scope="module")
def maker(root):
    path = root / "validation" / "coverage" / "docs_table.py"
    spec = importlib.util.spec_from_file_location("docs_table", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_section_is_the_one_that_the_script_writes(maker):
    """`python validation/coverage/docs_table.py` changes nothing."""
    page = maker.PAGE.read_text(encoding="utf-8")
    assert maker.written(page, maker.section(maker.rows())) == page


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
