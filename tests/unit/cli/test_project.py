"""``nuatom project``: table, picture, target, refusals, examples."""

import csv
import io
from functools import partial
from pathlib import Path

import pytest

CARD = """\
title = "three bins"
[source]
name = "kuo-sheng"
[detector]
target = "Ge"
exposure = "10 kg day"
resolution = { kind = "perfect" }
[bins]
edges = ["1 keV", "2 keV", "4 keV", "8 keV"]
[response]
electrons = "stepped"
[signals]
channels = ["weak", "magnetic-moment"]
[[backgrounds]]
kind = "flat"
name = "flat"
rate = "3 / kg / keV / day"
uncertainty = "10 %"
[project]
parameter = "magnetic-moment"
axes = [{ kind = "exposure", values = ["10 kg day", "100 kg day"] }]
"""
EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("project_*.toml"))


@pytest.fixture
def card(written_card):
    """A card in its folder, with changes of its text."""
    return partial(written_card, CARD)


def rows(text):
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def test_table_goes_to_standard_output_and_remarks_to_the_other(run, card):
    """The table alone can be piped."""
    answer = run("project", card())
    assert answer.code == 0
    first, second = rows(answer.out)
    assert (first["exposure_kg_day"], first["atomic_model"]) == ("10", "stepped")
    assert 0 < float(second["limit_mu_B"]) < float(first["limit_mu_B"])
    assert "note: limit: where the profiled deviance" in answer.err
    assert "cite: G. Cowan" in answer.err


def test_files(run, card, tmp_path):
    """CSV and picture; nothing on standard output."""
    out, picture = tmp_path / "a/p.csv", tmp_path / "a/p.svg"
    answer = run("project", card(), "--out", str(out), "--plot", str(picture))
    assert (answer.code, answer.out) == (0, "")
    assert len(rows(out.read_text(encoding="utf-8"))) == 2
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_target(run, card):
    """What a target takes, at a card without the axis of exposure."""
    without = ('axes = [{ kind = "exposure", values = ["10 kg day", "100 kg day"] }]', "")
    answer = run("project", card(without), "--target", "1e-10")
    (row,) = rows(answer.out)
    assert row["exposure_reaches"] == "yes"
    assert float(row["exposure_kg_day"]) > 0
    assert float(row["target_mu_B"]) == 1e-10


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[project]", "[projct]", "unknown key 'projct': did you mean 'project'?"),
        ('parameter = "magnetic-moment"', "", "project.parameter: found nothing"),
        ('parameter = "m', 'parameter = "n', "project.parameter: unknown channel"),
        ('"100 kg day"', '"100 kg"', "project.axes[0].values[1]: found '100 kg'"),
        ('kind = "exposure"', 'kind = "expsure"', "project.axes[0].kind"),
        ('"weak", ', "", ""),
    ],
)
def test_mistakes_in_a_card_are_one_line(refused, run, card, old, new, said):
    """Exit code 2, the path of the mistake; a card without the weak force is no mistake."""
    path = card((old, new))
    if not said:
        assert run("project", path).code == 0
        return
    assert said in refused("project", path, "--out", "p.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("project", "Missing argument 'CARD.toml'"),
        ("project nothing.toml", "no such file"),
        ("project nothing.toml --plot p.pdf", "ends in .png or .svg"),
        ("project nothing.toml --out .", "it is a folder"),
        ("project nothing.toml --target 0", "--target: found '0', expected a number > 0"),
        ("project nothing.toml --target many", "--target: found 'many'"),
        ("project nothing.toml --tagret 1", "did you mean '--target'"),
    ],
)
def test_wrong_words_are_refused(refused, words, said):
    """Before anything is computed."""
    assert said in refused(*words.split())


def test_a_card_without_the_section_is_refused(refused, card):
    """With the name of the card and what is expected."""
    text = CARD[CARD.index("[project]") :]
    assert "found no [project], expected one" in refused("project", card((text, "")))


def test_the_exposure_is_looked_for_and_no_axis(refused, card):
    """With --target."""
    assert "found the exposure, which is looked for" in refused(
        "project", card(), "--target", "1e-11"
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(run, path):
    """Every example gives limits that are finite, and labels what is retracted."""
    answer = run("project", str(path))
    assert answer.code == 0
    found = rows(answer.out)
    assert found
    for row in found:
        assert 1e-16 < float(row["limit_mu_B"]) < 1e-8
        assert ("equivalent-photon" in row["atomic_model"]) == (
            "(retracted)" in row["atomic_model"]
        )


def test_there_are_examples():
    """An empty folder would make the test above pass."""
    assert len(EXAMPLES) >= 3
