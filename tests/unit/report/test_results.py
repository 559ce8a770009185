"""The folder of results: written whole or not at all, and complete."""

import html
import json
import math
import os
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from nuatom.errors import CannotWrite, InvalidInput, UnknownName
from nuatom.plotting import DRAWINGS, FIGURES
from nuatom.report import results
from nuatom.reproduce.quantities import STATUSES, Item, Quantity
from nuatom.table import Column, Table

KEYS = ["published", "ours", "ratio", "tolerance", "status", "note"]
TOP_LEVEL = {
    "schema_version",
    "derivation",
    "fig2",
    "fig3a",
    "fig3b",
    "eq11",
    "eq12",
    "table1",
    "table1_ab_initio_1e12_mu_B",
    "interpretation",
    "qed",
    "channels",
    "smoking-gun",
    "suppression",
    "provenance",
}
ROW_KEYS = {"ambient_cpkkd", "threshold_eV", "limiting_background", "mode"}

# --- a small run ------------------------------------------------------------------------


def item(name, value=1.0):
    """An item that costs nothing: one table with one number, one quantity."""
    table = Table(name, f"Title of {name}", (Column("energy_keV", np.array([value])),))
    quantity = Quantity(1.0, value, value, 0.1, "reproduced", "made up")
    return Item(name, f"Title of {name}", (table,), {name: {"value": quantity}}, "A caption.")


@pytest.fixture
def small(monkeypatch):
    """Two items in place of the real ones, neither with a figure."""
    items = {"one": lambda: item("one"), "two": lambda: item("two")}
    monkeypatch.setattr(results, "ITEMS", items)
    return tuple(items)


def contents(folder):
    return {path.name: path.read_bytes() if path.is_file() else None for path in folder.iterdir()}


def test_small_run(small, out):
    """Tables, page and summary; each item is announced before its work starts."""
    announced = []
    written = results.write(out, small, announced.append)
    names = ["one.csv", "two.csv", "report.html", "summary.json"]
    assert [path.name for path in written] == names
    assert sorted(contents(out)) == sorted(names)
    assert announced == ["one", "two"]
    assert (out / "one.csv").read_text() == "energy_keV\n1\n"
    summary = json.loads((out / "summary.json").read_text())
    assert list(summary) == ["schema_version", "one", "two", "provenance"]
    assert summary["schema_version"] == results.SCHEMA_VERSION
    assert list(summary["one"]["value"]) == KEYS
    assert summary["provenance"]["tables"]["two.csv"]["title"] == "Title of two"


def test_part_of_a_run_has_only_its_own_keys(small, out):
    """The summary of one item does not speak of the others."""
    results.write(out, ("two",))
    assert sorted(contents(out)) == ["report.html", "summary.json", "two.csv"]
    summary = json.loads((out / "summary.json").read_text())
    assert list(summary) == ["schema_version", "two", "provenance"]


def test_second_run_replaces_the_first(small, out, monkeypatch):
    """New numbers take the place of old ones; files of others stay."""
    results.write(out, small)
    (out / "notes.txt").write_text("mine")
    monkeypatch.setattr(results, "ITEMS", {"one": lambda: item("one", 2.0)})
    results.write(out, ("one",))
    assert (out / "one.csv").read_text() == "energy_keV\n2\n"
    assert (out / "notes.txt").read_text() == "mine"
    assert not [name for name in contents(out) if name.startswith(".")]


@pytest.mark.parametrize("blocked", ["one.csv", "two.csv", "report.html", "summary.json"])
def test_folder_in_the_way_of_a_file(small, out, blocked, monkeypatch):
    """Whichever file cannot be put into place, the folder is as it was before."""
    results.write(out, small)
    (out / blocked).unlink()
    (out / blocked).mkdir()
    before = contents(out)
    monkeypatch.setattr(results, "ITEMS", {name: lambda n=name: item(n, 2.0) for name in small})
    with pytest.raises(CannotWrite, match=blocked):
        results.write(out, small)
    assert contents(out) == before


def test_folder_in_the_way_of_a_first_run(small, out):
    """Files that were not there before are taken away again."""
    (out / "summary.json").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=r"summary\.json"):
        results.write(out, small)
    assert contents(out) == {"summary.json": None}


@pytest.mark.parametrize("failing", [1, 3, 4])
@pytest.mark.parametrize("error", [CannotWrite("the disk is full"), KeyboardInterrupt()])
def test_disk_that_fills_up_while_staging(small, out, monkeypatch, failing, error):
    """Nothing of the new run is seen when one of its files cannot be written."""
    results.write(out, small)
    before = contents(out)
    genuine, calls = results.write_bytes_atomically, []

    def failing_write(path, content):
        calls.append(path)
        if len(calls) == failing:
            raise error
        genuine(path, content)

    monkeypatch.setattr(results, "write_bytes_atomically", failing_write)
    with pytest.raises(type(error)):
        results.write(out, small)
    assert len(calls) == failing
    assert contents(out) == before


@pytest.mark.parametrize("failing", [1, 2, 4])
def test_disk_that_fails_while_moving(small, out, monkeypatch, failing):
    """What was moved already is put back, links included."""
    results.write(out, small)
    (out / "one.csv").rename(out / "elsewhere.csv")
    (out / "one.csv").symlink_to("elsewhere.csv")
    before = contents(out)
    genuine, moved = Path.replace, []

    def failing_replace(self, target):
        # the files that are written go through here too, inside the staging folder
        if Path(target).parent == out:
            moved.append(target)
            if len(moved) == failing:
                raise OSError(5, "Input/output error")
        return genuine(self, target)

    monkeypatch.setattr(Path, "replace", failing_replace)
    with pytest.raises(CannotWrite, match="Input/output error"):
        results.write(out, small)
    monkeypatch.undo()
    assert contents(out) == before
    assert (out / "one.csv").is_symlink()


def test_item_that_fails_writes_nothing(small, out, monkeypatch):
    """Everything is computed before anything is written."""

    def failing():
        raise InvalidInput("no")

    monkeypatch.setattr(results, "ITEMS", {"one": lambda: item("one"), "two": failing})
    with pytest.raises(InvalidInput):
        results.write(out, small)
    assert not out.exists()


def test_number_that_json_cannot_hold(small, out, monkeypatch):
    """A NaN in the summary is an error, not a file that no reader can parse."""
    bad = Item("one", "One", (), {"one": {"value": Quantity(1.0, math.nan, 1.0, 1.0, "", "")}}, "")
    monkeypatch.setattr(results, "ITEMS", {"one": lambda: bad})
    with pytest.raises(ValueError, match="JSON"):
        results.write(out, ("one",))
    assert not out.exists()


def test_out_below_a_regular_file(small, tmp_path):
    """A file is no folder, and is left alone."""
    (tmp_path / "file").write_text("precious")
    for out in (tmp_path / "file", tmp_path / "file" / "results"):
        with pytest.raises(CannotWrite, match="another folder"):
            results.write(out, small)
        with pytest.raises(CannotWrite, match="another folder"):
            results.check_writable(out)
    assert contents(tmp_path) == {"file": b"precious"}


def test_check_leaves_nothing_behind(out):
    """Asking whether a folder can be written makes it, and no file in it."""
    results.check_writable(out)
    assert contents(out) == {}


def test_chosen_items():
    """Names come back once each, in the order of the page; none means all."""
    assert results.chosen("") == tuple(results.ITEMS)
    assert results.chosen("table1, fig2,fig2") == ("fig2", "table1")
    for bad in (",", "fig1,", "fig1,,fig2"):
        with pytest.raises(InvalidInput, match="empty name"):
            results.chosen(bad)
    with pytest.raises(UnknownName, match="did you mean 'table1'"):
        results.chosen("fig1,tabel1")


# --- the real run -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """Everything that `nuatom reproduce` writes."""
    folder = tmp_path_factory.mktemp("full") / "results"
    results.write(folder, tuple(results.ITEMS))
    return folder


@pytest.fixture(scope="module")
def summary(full):
    """The parsed summary; constants that are not JSON, such as NaN, are refused."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads((full / "summary.json").read_text(), parse_constant=refuse)


@pytest.fixture(scope="module")
def page(full):
    return (full / "report.html").read_text(encoding="utf-8")


def quantities(node, path=()):
    """Everything at the ends of the summary with its path: quantities, one hopes."""
    if isinstance(node, dict) and "published" in node:
        yield "/".join(path), node
    elif isinstance(node, dict | list):
        entries = node.items() if isinstance(node, dict) else enumerate(node)
        for key, entry in entries:
            yield from quantities(entry, (*path, str(key)))
    else:
        yield "/".join(path), node


@pytest.fixture(scope="module")
def leaves(summary):
    apart = ("schema_version", "provenance")
    computed = {k: v for k, v in summary.items() if k not in apart}
    return dict(quantities(computed))


def test_items_are_those_of_the_paper():
    """Derivation, figures, table and interpretation, then what the paper points to."""
    assert list(results.ITEMS) == [
        "derivation", "fig1", "fig2", "fig3a", "fig3b", "table1", "table1-contour",
        "interpretation", "qed", "channels", "smoking-gun", "suppression",
    ]  # fmt: skip
    assert set(FIGURES) == set(results.ITEMS)


@pytest.mark.parametrize("name", results.ITEMS)
def test_every_item_has_a_table_and_a_figure(full, name):
    """A CSV and a picture in two forms for each figure, none of them empty."""
    for figure in FIGURES[name]:
        table = full / ("qed_growth.csv" if figure == "qed" else f"{figure}.csv")
        header, *rows = table.read_text().splitlines()
        assert header
        assert rows
        assert (full / f"{figure}.png").read_bytes().startswith(b"\x89PNG\r\n")
        assert b"<svg" in (full / f"{figure}.svg").read_bytes()[:1000]


def test_nothing_else_is_in_the_folder(full):
    """No staging folder and no temporary file is left."""
    suffixes = {path.suffix for path in full.iterdir()}
    assert suffixes == {".csv", ".svg", ".png", ".html", ".json"}
    assert not [path for path in full.iterdir() if path.name.startswith(".")]


def test_top_level_keys(summary):
    """The keys that others rely on."""
    assert set(summary) == TOP_LEVEL
    assert summary["schema_version"] == results.SCHEMA_VERSION == 1


def test_every_quantity_has_the_six_fields(leaves):
    """Each quantity is complete, its status is one of five, and it says what it is."""
    assert len(leaves) > 80
    for path, leaf in leaves.items():
        assert isinstance(leaf, dict), f"{path}: a bare value"
        assert [key for key in leaf if key in KEYS] == KEYS
        assert set(leaf) == set(KEYS) or path.startswith("table1/")
        assert leaf["status"] in STATUSES
        assert isinstance(leaf["note"], str)


def test_ratio_is_ours_over_published(leaves):
    """The ratio is there exactly where both are numbers."""
    for path, leaf in leaves.items():
        pair = [leaf[key] for key in ("ours", "published")]
        numbers = all(isinstance(x, float | int) and not isinstance(x, bool) for x in pair)
        if numbers and pair[1] != 0:
            assert leaf["ratio"] == pytest.approx(pair[0] / pair[1], rel=1e-14), path
        else:
            assert leaf["ratio"] is None, path


def test_what_is_called_reproduced_has_a_tolerance(leaves):
    """Nothing agrees without a stated tolerance; nothing declared has one."""
    for path, leaf in leaves.items():
        compared = leaf["status"] in ("reproduced", "differs")
        assert (leaf["tolerance"] is not None) == compared, path


def test_all_kinds_of_status_occur(leaves):
    """Agreement, disagreement, what was solved for, what is not public, what is retracted."""
    assert {leaf["status"] for leaf in leaves.values()} == set(STATUSES)


def test_the_wrong_sign_of_equation_6_differs(summary):
    """The identities of the paper hold, and its sign slip does not."""
    derivation = summary["derivation"]
    assert derivation["printed-sign-of-eq6"]["status"] == "differs"
    assert derivation["bracket-of-eq6"]["status"] == "reproduced"


def test_limits_of_equation_11(summary):
    """Every prescription of the limit is there, with the value for -1.0 +- 2.846.

    Independent numbers: 1.645 sigma gives sqrt(-1 + 1.645 * 2.846) = 1.919, and so on.
    """
    limits = summary["eq11"]["limits"]
    expected = {
        "feldman_cousins": 1.933,
        "one_sided": 1.919,
        "delta_chi2_2p71_physical": 1.946,
        "cls": 2.028,
        "bayes_flat_in_square": 2.028,
        "bayes_flat_in_root": 1.716,
        "plain_1p28": 1.627,
    }
    assert set(expected) <= set(limits)
    for method, value in expected.items():
        # quoted with four digits; sigma enters with four
        assert limits[method]["ours"] == pytest.approx(value, abs=1.5e-3), method
        assert limits[method]["published"] == 1.9


def test_pseudo_data_are_never_called_reproduced(summary):
    """The errors and levels that the pseudo-datasets were made for are "solved for"."""
    eq11, eq12 = summary["eq11"], summary["eq12"]
    for quantity in (
        eq11["statistical_error_1e22_mu_B2"],
        eq11["background_cpkkd"],
        eq12["background_level_cpkkd"],
        eq12["limit_1e11_mu_B"],
    ):
        assert quantity["status"] == "solved for"
    assert summary["fig3a"]["pseudo_dataset"]["status"] == "not public"
    assert summary["fig3b"]["pseudo_spectrum"]["status"] == "not public"


def test_rows_of_table_1(summary):
    """Each row says background, threshold, what limits it and the mode."""
    rows = summary["table1"]
    assert len(rows) == 16
    for row in rows:
        assert set(row) >= ROW_KEYS | set(KEYS)
        assert row["mode"] in ("FE", "AI")
        assert row["limiting_background"]
        assert (row["ambient_cpkkd"] is None) == (row["threshold_eV"] is None)
    assert [row["mode"] for row in rows].count("AI") == 8
    projected = [row for row in rows if row["ambient_cpkkd"] is not None]
    assert {row["threshold_eV"] for row in projected} == {10, 100}
    # a projection by Eq. (10) is retracted, whatever its value
    assert {row["status"] for row in projected if row["mode"] == "AI"} == {"retracted"}
    assert "retracted" not in {row["status"] for row in projected if row["mode"] == "FE"}


def test_provenance(summary):
    """Versions, editions, the paper and its retraction, a checksum for each data file."""
    provenance = summary["provenance"]
    assert {"nuatom", "python", "libraries", "constants", "paper", "retraction"} <= set(provenance)
    assert "105, 061801" in provenance["paper"]
    assert "1001.2074v3" in provenance["retraction"]
    data = Path(results.__file__).parents[1] / "data"
    files = {str(path.relative_to(data)) for path in data.rglob("*") if path.is_file()}
    assert set(provenance["data_sha256"]) == files
    assert all(
        re.fullmatch("[0-9a-f]{64}", digest) for digest in provenance["data_sha256"].values()
    )


def test_every_table_is_described(summary, full):
    """Each CSV stands in the provenance with the meaning of each of its columns."""
    tables = summary["provenance"]["tables"]
    assert set(tables) == {path.name for path in full.glob("*.csv")}
    for name, table in tables.items():
        header = (full / name).read_text().partition("\n")[0].split(",")
        assert header == list(table["columns"])
        assert table["title"]


def test_page_asks_nothing_of_the_network(page):
    """No script, style sheet, picture, font or frame comes from anywhere."""
    forbidden = r"<(?:script|iframe|object|embed|audio|video|source|base)\b|@import|srcset="
    assert not re.search(forbidden, page, re.IGNORECASE)
    assert not re.search(r"<link\b[^>]*href\s*=\s*(?![\"']?data:)", page, re.IGNORECASE)
    assert not re.search(r"\bsrc\s*=\s*(?![\"']?data:)", page, re.IGNORECASE)
    assert not re.search(r"url\((?!\s*[\"']?(?:data:|#))", page, re.IGNORECASE)
    assert "default-src 'none'" in html.unescape(page)


def test_pictures_of_the_page_ask_nothing_either(page):
    """An embedded figure holds all that it shows; only names of XML dialects look like URLs."""
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert len(pictures) == len(DRAWINGS)
    for picture in pictures:
        svg = b64decode(picture).decode()
        assert not re.search(r"href\s*=\s*(?![\"'](?:#|data:))", svg)
        assert not re.search(r"url\((?!\s*[\"']?(?:data:|#))|@import|<script|<foreignObject", svg)


def test_page_says_that_equation_10_is_retracted(page):
    """In the opening, before any number, with both references."""
    opening = page.partition("</header>")[0]
    for words in ("retracted", "1001.2074v3", "Voloshin"):
        assert words in page
    assert "retracted" in opening


@pytest.mark.parametrize("name", results.ITEMS)
def test_page_has_a_section_for_each_item(page, name):
    """Every item is linked and shown, with its figure and its caption."""
    assert f'<a href="#{name}">' in page
    section = page.partition(f'<section id="{name}"')[2].partition("</section>")[0]
    assert "<img" in section
    assert "<figcaption>" in section
    assert 'alt="' in section


def test_another_process_writes_the_same_bytes(full, tmp_path):
    """CSV, SVG, PNG, page and summary depend on nothing but the input."""
    names = ("fig1", "table1")
    first, second = tmp_path / "first", tmp_path / "second"
    results.write(first, names)
    subprocess.run(
        [sys.executable, "-m", "nuatom.cli.main", "reproduce", "--only", ",".join(names),
         "--out", str(second)],
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"},
        check=True,
        capture_output=True,
    )  # fmt: skip
    assert contents(first) == contents(second)
    for path in first.iterdir():
        if path.suffix in (".csv", ".svg", ".png"):
            assert path.read_bytes() == (full / path.name).read_bytes()
