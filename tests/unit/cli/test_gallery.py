"""``nuatom gallery``: what is written, and what is refused before."""

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
    assert names == sorted([*files, "gallery.html"])


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
