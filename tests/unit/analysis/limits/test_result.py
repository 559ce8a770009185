"""The result: what it prints, what it saves, what it finds."""

import csv
import json

import numpy as np
import pytest

from nuatom.analysis.limits.limit import limit_of_model
from nuatom.analysis.limits.result import check_format
from nuatom.errors import CannotWrite, InvalidInput, UnknownName

COUNTS = np.array([52.0, 61.0, 90.0, 120.0, 88.0, 66.0, 50.0, 47.0])
ASKED = {"parameters": ["magnetic-moment"], "methods": ["profile-likelihood", "one-sided"]}


@pytest.fixture(scope="module")
def result(synthetic):
    """A moment by two methods."""
    model = synthetic.counted(synthetic.model("weak", "magnetic-moment"), COUNTS)
    return limit_of_model(model, ASKED)


def test_a_reader_sees_the_numbers(result):
    """Title, one line for each method with the unit, p-value, goodness of fit, pulls."""
    text = str(result)
    lines = text.splitlines()
    assert lines[0] == "random numbers"
    assert lines[1].split()[:3] == ["model", "method", "coupling"]
    assert f"{result.quote().high:.3g}" in lines[2]
    assert "magnetic-moment [mu_B]" in lines[2]
    assert "one-sided" in lines[3]
    assert "without the coupling: p = " in text
    assert "goodness of fit: deviance" in text
    assert f"pull of {next(iter(result.pulls))}" in text
    assert max(map(len, lines)) < 120


def test_a_quote_is_found_by_its_words(result):
    """The first one if nothing is said."""
    assert result.quote() is result.quotes[0]
    assert result.quote(method="one-sided").high < result.quote().high
    with pytest.raises(UnknownName, match="did you mean 'one-sided'"):
        result.quote(method="onesided")


def test_json_holds_everything(result, tmp_path):
    """Quotes, fit, tables, notes, references; the same bytes each time."""
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path in paths:
        result.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    found = json.loads(paths[0].read_text())
    assert found["quotes"][0]["high"] == pytest.approx(result.quote().high, rel=1e-8)
    assert set(found["tables"]) == {"parameters", "correlations", "spectrum", "profile"}
    assert found["goodness_of_fit"]["degrees"] == 6
    assert found["provenance"]["nuatom"] == "test"
    assert found["references"] == ["a reference"]


def test_csv_is_what_is_quoted(result, tmp_path):
    """Notes before the header, then one row each."""
    path = tmp_path / "a.csv"
    result.save(path)
    lines = path.read_text().splitlines()
    assert lines[0] == "# title: random numbers"
    assert "# reference: a reference" in lines
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [row["method"] for row in rows] == ASKED["methods"]
    assert float(rows[0]["high"]) == pytest.approx(result.quote().high, rel=1e-8)


def test_an_open_end_is_no_number(synthetic, tmp_path):
    """Without a bound the one-sided limit of a charge has no lower end: none, and null."""
    model = synthetic.counted(synthetic.model("weak", "millicharge", variations=False), COUNTS)
    found = limit_of_model(model, {"parameters": ["millicharge"], "methods": ["one-sided"]})
    assert "  none  " in str(found)
    found.save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["quotes"][0]["low"] is None


def test_other_endings_are_refused(tmp_path):
    """Before anything is computed."""
    with pytest.raises(InvalidInput, match=r"expected one of \.json, \.csv"):
        check_format(tmp_path / "a.txt")


def test_a_place_that_refuses(result, tmp_path):
    """A path below a file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        result.save(tmp_path / "file" / "a.json")
