"""``nuatom expected``: files, remarks, refusals."""

import csv
import io
import json
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from nuatom.analysis.cards.starters import STARTERS
from nuatom.cli.main import main

CARD = """\
title = "one bin"
[source]
name = "kuo-sheng"
[detector]
target = "Ge"
exposure = "1 kg day"
resolution = { kind = "perfect" }
[bins]
edges = ["1 keV", "2 keV"]
[response]
electrons = "stepped"
[signals]
channels = ["weak", "magnetic-moment"]
[[backgrounds]]
kind = "flat"
name = "flat"
rate = "3 / kg / keV / day"
uncertainty = "10 %"
"""
CARDS = sorted((Path(__file__).resolve().parents[3] / "examples").glob("expected_*.toml"))


@pytest.fixture
def card(written_card):
    """A card in its folder, with changes of its text."""
    return partial(written_card, CARD)


def test_table_goes_to_standard_output_and_remarks_to_the_other(run, card):
    """The table alone can be piped; conventions and citations are on standard error."""
    answer = run("expected", card())
    assert answer.code == 0
    assert answer.table()["flat_background_counts"] == pytest.approx([3.0], rel=1e-9)
    assert answer.table()["flat_background_counts_flat_rate_up"] == pytest.approx([3.3], rel=1e-9)
    assert "cite: P. Vogel" in answer.err
    assert "note: card_sha256" in answer.err


def test_files_are_written_and_nothing_is_printed(run, card, tmp_path):
    """CSV with its provenance, NetCDF, and a picture."""
    out, picture = tmp_path / "a/e.csv", tmp_path / "a/e.png"
    answer = run("expected", card(), "--out", str(out), "--plot", str(picture))
    assert (answer.code, answer.out) == (0, "")
    assert picture.read_bytes()[1:4] == b"PNG"
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# title: one bin\n")
    body = "".join(line + "\n" for line in text.splitlines() if not line.startswith("#"))
    assert float(next(csv.DictReader(io.StringIO(body)))["flat_background_counts"]) == 3
    assert run("expected", card(), "--out", str(tmp_path / "e.nc")).code == 0
    assert (tmp_path / "e.nc").stat().st_size > 0


@pytest.mark.parametrize("name", STARTERS)
def test_starter_runs(run, tmp_path, name):
    """What --init writes is a card that gives numbers."""
    path = tmp_path / "card.toml"
    assert run("expected", "--init", name, "--out", str(path)).code == 0
    answer = run("expected", str(path))
    assert answer.code == 0
    assert max(answer.table()["total_counts"]) > 0


def test_first_starter_needs_no_name(run):
    """--init alone is enough to begin."""
    assert run("expected", "--init").out == next(iter(STARTERS.values()))


def test_schema_is_json(run):
    """For the editor's settings."""
    assert "properties" in json.loads(run("expected", "--schema").out)


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_examples_run(run, path):
    """Every example gives counts that are finite and, all together, not negative."""
    answer = run("expected", str(path))
    assert answer.code == 0
    assert min(answer.table()["total_counts"]) >= 0
    assert max(answer.table()["total_counts"]) > 0


def test_there_are_examples():
    """An empty folder would make the test above pass."""
    assert len(CARDS) >= 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"1 kg day"', '"1 kg"', "detector.exposure: found '1 kg', which is in mass"),
        ('"1 kg day"', "1", "detector.exposure: found 1, expected a quantity"),
        ("exposure", "exposur", "unknown key 'exposur': did you mean 'exposure'?"),
        ("perfect", "prefect", "detector.resolution.kind: unknown kind 'prefect'"),
        ("kuo-sheng", "kuosheng", "source: unknown source 'kuosheng': did you mean"),
        ("stepped", "steped", "response: unknown response 'steped': did you mean 'stepped'"),
        ('["weak"', '["waek"', "signals.channels[0]: unknown interaction 'waek'"),
        ('"2 keV"', '"1 keV"', "bins: found edges that do not increase"),
        ("[bins]", "[bins", "no valid TOML"),
    ],
)
def test_mistakes_in_a_card_are_one_line(refused, card, old, new, said):
    """Exit code 2, the path of the mistake, nothing written."""
    line = refused("expected", card((old, new)), "--out", "e.csv")
    assert said in line
    assert "card.toml" in line or "found edges" in line or "unknown" in line or "found" in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("expected", "found no card"),
        ("expected nothing.toml", "no such file"),
        ("expected .", "cannot be read"),
        ("expected --init germanum", "did you mean 'germanium'"),
        ("expected --init --schema", "expected it alone"),
        ("expected --init --plot a.png", "expected it alone"),
        ("expected --schema card.toml", "expected no card"),
        ("expected --sheme", "did you mean '--schema'"),
        ("expected nothing.toml --out e.txt", "expected one of .csv, .nc, .root"),
        ("expected nothing.toml --plot e.pdf", "ends in .png or .svg"),
        ("expected nothing.toml --out .", "it is a folder"),
    ],
)
def test_wrong_words_are_refused(refused, words, said):
    """Before anything is computed."""
    assert said in refused(*words.split())


def test_full_device_leaves_nothing(refused, card):
    """A device that refuses is told in one line."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    path = card()
    assert "cannot write" in refused("expected", path, "--out", str(Path(path) / "below" / "e.csv"))


@hypothesis.settings(
    max_examples=40, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(
    place=st.integers(0, len(CARD) - 1),
    junk=st.one_of(
        st.text(max_size=4), st.sampled_from(["[", "]]", '"', "=", "\n", "nan", "1e99"])
    ),
    length=st.integers(0, 12),
)
def test_damaged_cards_end_with_one_line(place, junk, length, tmp_path, capsys):
    """A card with a piece replaced is used or refused; never a traceback."""
    path = tmp_path / "card.toml"
    path.write_text(CARD[:place] + junk + CARD[place + length :], encoding="utf-8")
    capsys.readouterr()
    code = main(["expected", str(path)])
    captured = capsys.readouterr()
    if code == 0:
        assert captured.out.startswith("energy_low_keV,")
    else:
        assert code == 2
        assert captured.out == ""
        assert len(captured.err.splitlines()) == 1


@pytest.mark.validate
@hypothesis.settings(
    max_examples=600, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(
    place=st.integers(0, len(CARD) - 1), junk=st.text(max_size=6), length=st.integers(0, 30)
)
def test_hundreds_of_damaged_cards_end_with_one_line(place, junk, length, tmp_path, capsys):
    """The same with hundreds."""
    test_damaged_cards_end_with_one_line.hypothesis.inner_test(
        place, junk, length, tmp_path, capsys
    )


@pytest.mark.speed
@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_examples_take_less_than_three_seconds_cold(path, cold_seconds):
    """A new process, in one of three attempts, as other work disturbs."""
    assert any(cold_seconds("expected", str(path)) < 3.0 for _ in range(3))
