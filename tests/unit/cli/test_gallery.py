"""``nuatom gallery``: what is written, and what is refused before."""

import csv

import pytest

from nuatom.analysis import exhibits as module
from nuatom.analysis.exhibits import exhibits


@pytest.fixture
def few(monkeypatch):
    """Two experiments are enough to see the page."""
    chosen = tuple(one for one in exhibits() if one.name in ("dresden-ii", "conus-plus"))
    monkeypatch.setattr(module, "exhibits", lambda: chosen)


def test_page_figures_and_tables_are_written(run, few, tmp_path):
    """Without a release the page says where to get it; cards of a user come last."""
    card = tmp_path / "mine.toml"
    assert run("expected", "--init", "germanium", "--out", str(card)).code == 0
    answer = run("gallery", str(card), "--out", str(tmp_path / "g"))
    assert (answer.code, answer.out) == (0, "")
    page = (tmp_path / "g/gallery.html").read_text(encoding="utf-8")
    assert "arXiv:2202.09672" in page
    assert page.index('id="conus-plus"') < page.index('id="mine"')
    names = sorted(path.name for path in (tmp_path / "g").iterdir())
    files = [f"{name}.{end}" for name in ("conus-plus", "dresden-ii", "mine") for end in
             ("csv", "png")]  # fmt: skip
    # the starter asks for the limit that is expected
    limits = ["mine-limit.png", "mine-limit-profile.csv", "mine-limit-spectrum.csv", "limits.csv"]
    assert names == sorted([*files, *limits, "gallery.html"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--data", "nowhere"], "--data: found 'nowhere', expected a folder"),
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (["--out", "file"], "it is a file; give the name of a folder"),
        (["gemma.toml", "gemma.toml"], "found two cards named 'gemma'"),
    ],
)
def test_refusals_write_nothing(run, words, said, tmp_path, monkeypatch):
    """One line, and no folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run("expected", "--init", "--out", "gemma.toml").code == 0
    answer = run("gallery", *words)
    assert answer.code == 2
    assert said in answer.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "gemma.toml"]


def test_limits_of_the_page_are_those_of_the_command(run, monkeypatch, tmp_path):
    """All numbers in one file; what has no data has none, and is named."""
    monkeypatch.setattr(module, "exhibits", tuple)
    card = tmp_path / "mine.toml"
    assert run("expected", "--init", "germanium", "--out", str(card)).code == 0
    text = card.read_text(encoding="utf-8").replace('"stepped"', '"ab-initio"')
    card.write_text(text, encoding="utf-8")
    assert run("gallery", str(card), "--out", str(tmp_path / "g")).code == 0
    assert run("limit", str(card), "--out", str(tmp_path / "limit.csv")).code == 0
    gallery = _rows(tmp_path / "g/limits.csv")
    limit = _rows(tmp_path / "limit.csv")
    assert [(r["method"], r["high"]) for r in gallery] == [(r["method"], r["high"]) for r in limit]
    assert {row["numbers_from"] for row in gallery} == {
        "Asimov data: what is expected without the coupling"
    }
    assert "not at hand: XENON1T" in (tmp_path / "g/gallery.html").read_text(encoding="utf-8")


def _rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))
