"""``nuatom atom build`` and ``show``: whole tables, and one line when something is wrong."""

import csv
import inspect
import io

import pytest

from nuatom.ab_initio.plan import EDGES, PLANNED_MODELS
from nuatom.cli import atom
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.responses.table_format import read_table

SMALL = "--points 8x8 --maximum-keV 0.1"
"""A table of hydrogen in a second."""


def build(run, *words):
    return run("atom", "build", *words, *SMALL.split())


@pytest.fixture(scope="module")
def hydrogen(tmp_path_factory):
    """A small table, built by the program."""
    from nuatom.cli.main import main

    path = tmp_path_factory.mktemp("built") / "H.nc"
    assert main(["atom", "build", "H", *SMALL.split(), "--jobs", "1", "--out", str(path)]) == 0
    return path


def test_the_group_shows_its_commands(run):
    """A group called without words says what it can do."""
    answer = run("atom")
    assert (answer.code, answer.err) == (0, "")
    assert all(name in answer.out for name in ("build", "show", "compare"))


def test_help_names_every_model():
    """The words of the help are those that the engine knows."""
    text = inspect.getsource(atom.build)
    assert all(name in text for name in (*PLANNED_MODELS, *EDGES))


def test_a_built_table_is_sound(hydrogen):
    """It is read back, with its uncertainty, and nothing else is left in the folder."""
    table = read_table(hydrogen)
    assert table.kinetic_energy.shape == (1, 8)
    assert table.uncertainty is not None
    assert [path.name for path in hydrogen.parent.iterdir()] == ["H.nc"]


def test_processes_make_the_same_bytes(run, hydrogen, tmp_path):
    """Two spawned processes do what one does."""
    answer = build(run, "H", "--jobs", "2", "--out", str(tmp_path / "H.nc"))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"{tmp_path / 'H.nc'}: 1 subshells of H, A00, A03")
    assert (tmp_path / "H.nc").read_bytes() == hydrogen.read_bytes()


def test_show_prints_the_subshells(run, hydrogen):
    """Thresholds of a file, as CSV on standard output and notes on standard error."""
    answer = run("atom", "show", str(hydrogen))
    (row,) = csv.DictReader(io.StringIO(answer.out))
    assert (row["shell"], row["orbital"], row["electrons"]) == ("K", "1s1/2", "1")
    assert float(row["edge_keV"]) == pytest.approx(0.0136, abs=5e-5)
    assert float(row["frozen_threshold_keV"]) == pytest.approx(0.0136057, abs=5e-7)
    assert all(line.startswith("note: ") for line in answer.err.splitlines())
    for words in ("1s1", "checksum", "nuatom atom build H", "variants move millicharge by"):
        assert words in answer.err


def test_show_knows_the_tables_of_the_package(run):
    """By the symbol of the element."""
    answer = run("atom", "show", shipped_elements()[-1])
    assert answer.code == 0
    assert answer.out.startswith("shell,orbital,electrons,edge_keV")


def test_show_writes_a_file(run, hydrogen, tmp_path):
    """The CSV goes where it is told."""
    answer = run("atom", "show", str(hydrogen), "--out", str(tmp_path / "H.csv"))
    assert answer.out == ""
    assert (tmp_path / "H.csv").read_text().startswith("shell,")


@pytest.mark.parametrize(
    ("words", "help_"),
    [
        ("atom build Gee --out Ge.nc", "Ge"),
        ("atom build U --out U.nc", "U"),
        ("atom build H --out H.nc --model dirac-fok", "dirac-fock"),
        ("atom build H --out H.nc --edges mesured", "measured"),
        ("atom build H --out H.nc --points 60", "60x80"),
        ("atom build H --out H.nc --points 4x80", "at least 8"),
        ("atom build H --out H.nc --maximum-keV x", "--maximum-keV"),
        ("atom build H --out H.nc --maximum-keV 0.02", "maximum energy"),
        ("atom build H --out H.nc --jobs 0", "--jobs"),
        ("atom build H --out H.nc --jobs two", "--jobs"),
        ("atom build H --out H.txt", ".nc"),
        ("atom build H --out .", "folder"),
        ("atom build H", "--out"),
        ("atom show Gee", "Ge"),
        ("atom show U", "nuatom atom build U"),
        ("atom show nowhere.nc", "nowhere.nc"),
        ("atom shwo Ge", "show"),
    ],
)
def test_bad_words_are_refused(refused, words, help_):
    """One line that names what was found and what to do; nothing is written."""
    assert help_ in refused(*words.split())


def test_a_place_below_a_file_is_refused(refused, tmp_path):
    """Before anything is computed."""
    (tmp_path / "file").write_text("in the way")
    line = refused("atom", "build", "H", "--out", str(tmp_path / "file" / "H.nc"))
    assert "cannot write" in line


def test_a_full_disk_is_an_error(run):
    """A device that takes nothing: one line, exit code 2."""
    answer = build(run, "H", "--no-variants", "--jobs", "1", "--out", "/dev/full")
    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert "/dev/full" in line


def test_a_damaged_table_is_refused(refused, hydrogen, tmp_path):
    """A bit has flipped."""
    content = bytearray(hydrogen.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "H.nc").write_bytes(content)
    assert "H.nc" in refused("atom", "show", "H.nc")


def test_an_interrupted_build_keeps_what_was_done(run, hydrogen, tmp_path, monkeypatch):
    """Ctrl-C: no table, one line that says how to go on, and then the same bytes."""
    from nuatom.ab_initio import build as building

    whole, seen = building.run, []

    def stop(task):
        seen.append(task.name)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return whole(task)

    monkeypatch.setattr(building, "run", stop)
    answer = build(run, "H", "--jobs", "1", "--out", str(tmp_path / "H.nc"))
    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("nuatom: interrupted; no table was written")
    assert [path.name for path in tmp_path.iterdir()] == [".H.nc.unfinished"]
    monkeypatch.undo()
    assert build(run, "H", "--jobs", "1", "--out", str(tmp_path / "H.nc")).code == 0
    assert (tmp_path / "H.nc").read_bytes() == hydrogen.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["H.nc"]


def test_a_process_that_dies_is_an_error(run, tmp_path, monkeypatch):
    """As when the memory is full: a smaller number of jobs is proposed."""
    from concurrent.futures.process import BrokenProcessPool

    from nuatom import ab_initio

    def broken(*_words, **_options):
        raise BrokenProcessPool

    monkeypatch.setattr(ab_initio, "build_table", broken)
    answer = build(run, "H", "--jobs", "1", "--out", str(tmp_path / "H.nc"))
    assert answer.code == 2
    assert "--jobs" in answer.err
