"""``nuatom limit``: table, files, help, refusals."""

import csv
import json
from functools import partial
from pathlib import Path

import pyhf
import pytest

from nuatom.analysis.cards.starters import STARTERS
from nuatom.analysis.limits.histfactory import pyhf_model
from nuatom.analysis.limits.uses import USES

CARD = """\
title = "four bins"
[source]
name = "kuo-sheng"
[detector]
target = "Ge"
exposure = "10 kg day"
resolution = { kind = "perfect" }
[bins]
low = "1 keV"
high = "3 keV"
number = 4
[response]
electrons = "stepped"
[signals]
channels = ["weak", "magnetic-moment"]
[[backgrounds]]
kind = "flat"
name = "flat"
rate = "3 / kg / keV / day"
uncertainty = "10 %"
[limit]
parameters = ["magnetic-moment"]
data = "asimov"
"""
CARDS = sorted((Path(__file__).resolve().parents[3] / "examples").glob("limit_*.toml"))


@pytest.fixture
def card(written_card):
    """A card in its folder, with changes of its text."""
    return partial(written_card, CARD)


def test_the_table_can_be_read_and_the_rest_is_beside_it(run, card):
    """The limit on standard output, what to know and to cite on standard error."""
    answer = run("limit", card())
    assert answer.code == 0
    assert answer.out.startswith("four bins\nmodel")
    assert "magnetic-moment [mu_B]" in answer.out
    assert "note: Asimov data" in answer.err
    assert "cite: P. Vogel" in answer.err


def test_files_hold_the_same(run, card, tmp_path):
    """JSON with all, CSV with what is quoted, a picture, a workspace."""
    path = card()
    files = {end: tmp_path / f"found{end}" for end in (".json", ".csv", ".svg")}
    space = tmp_path / "space.json"
    words = ["--plot", str(files[".svg"]), "--workspace", str(space)]
    assert run("limit", path, "--out", str(files[".json"]), *words).code == 0
    assert run("limit", path, "--out", str(files[".csv"])).code == 0
    quote = json.loads(files[".json"].read_text())["quotes"][0]
    lines = [x for x in files[".csv"].read_text().splitlines() if not x.startswith("#")]
    row = next(csv.DictReader(lines))
    assert float(row["high"]) == pytest.approx(quote["high"], rel=1e-8)
    assert files[".svg"].read_bytes().startswith(b"<?xml")
    assert json.loads(space.read_text())["channels"]


def test_pyhf_finds_the_limit_in_the_workspace(run, card, tmp_path):
    """Its own CLs at our limit is 10 %, to the 1e-3 at which the two programs must agree."""
    found, space = tmp_path / "found.json", tmp_path / "space.json"
    path = card(("[limit]", '[limit]\nmethods = ["cls"]'))
    assert run("limit", path, "--out", str(found), "--workspace", str(space)).code == 0
    high = json.loads(found.read_text())["quotes"][0]["parameter_high"]
    model, data = pyhf_model(json.loads(space.read_text()))
    cls = pyhf.infer.hypotest(high, data, model, test_stat="qtilde")
    assert float(cls) == pytest.approx(0.1, abs=1e-3)


def test_a_submission_is_written(run, card, tmp_path):
    """For HEPData, with a table for each of the result."""
    folder = tmp_path / "submission"
    assert run("limit", card(), "--hepdata", str(folder)).code == 0
    assert {"submission.yaml", "limits.yaml", "profile.yaml"} <= {p.name for p in folder.iterdir()}


def test_toys_do_not_depend_on_the_processes(run, card):
    """One or two: the same numbers."""
    path = card(
        ("[limit]", '[limit]\nmethods = ["feldman-cousins"]\ntoys = 300\npoints = 12\nseed = 5')
    )
    assert run("limit", path, "--jobs", "1").out == run("limit", path, "--jobs", "2").out


def test_help_teaches_the_methods(run):
    """Each with the line that says when to use it."""
    answer = run("limit", "--help")
    for name, use in USES.items():
        assert f"{name}\n" in answer.out
        assert use.use in answer.out


@pytest.mark.parametrize("name", STARTERS)
def test_starter_sets_a_limit(run, tmp_path, name):
    """What --init writes is a card for this, too."""
    path = tmp_path / "card.toml"
    assert run("expected", "--init", name, "--out", str(path)).code == 0
    answer = run("limit", str(path))
    assert answer.code == 0
    assert "90 %" in answer.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[limit]", "[limits]", "unknown key 'limits': did you mean 'limit'?"),
        ('parameters = ["magnetic-moment"]\n', "", "limit.parameters"),
        ('parameters = ["magnetic-moment"]', 'parameters = ["magnetic-mom"]', "did you mean"),
        ('data = "asimov"', 'data = "observed"', "data: found none, expected [data]"),
        ('data = "asimov"', 'methods = ["maximum-gap"]\ndata = "asimov"', "limit.methods[0]"),
        ('data = "asimov"', 'methods = ["fc"]\ndata = "asimov"', "limit.methods[0]: unknown"),
        ('data = "asimov"', 'models = ["fre"]\ndata = "asimov"', "limit.models[0]"),
    ],
)
def test_mistakes_in_a_card_are_one_line(refused, card, old, new, said):
    """Exit code 2, the path of the mistake, nothing written."""
    assert said in refused("limit", card((old, new)), "--out", "found.json")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("limit", "Missing argument"),
        ("limit nothing.toml", "no such file"),
        ("limit nothing.toml --out a.txt", "expected one of .json, .csv"),
        ("limit nothing.toml --plot a.pdf", "ends in .png or .svg"),
        ("limit nothing.toml --workspace a.yaml", "ends in .json"),
        ("limit nothing.toml --out .", "it is a folder"),
        ("limit nothing.toml --jobs many", "--jobs: found 'many'"),
        ("limit nothing.toml --plott a.png", "did you mean '--plot'"),
    ],
)
def test_wrong_words_are_refused(refused, words, said):
    """Before anything is computed."""
    assert said in refused(*words.split())


def test_a_place_that_refuses_leaves_nothing(refused, card):
    """Below a file no file can be; nothing is printed either."""
    path = card()
    assert "cannot write" in refused("limit", path, "--out", str(Path(path) / "found.json"))


def test_there_are_examples():
    """Else the test below would pass without them."""
    assert len(CARDS) >= 4


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_example_sets_a_limit(run, path):
    """With its own data; a model that fits them."""
    answer = run("limit", str(path))
    assert answer.code == 0
    assert "MISFIT" not in answer.out


@pytest.mark.speed
@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_examples_take_less_than_five_seconds_cold(path, cold_seconds):
    """A new process, in one of three attempts, as other work disturbs."""
    assert any(cold_seconds("limit", str(path)) < 5.0 for _ in range(3))
