"""``nuatom atom compare``: files, numbers on standard output, and what it refuses."""

import csv
import importlib.util
import io
from pathlib import Path

import pytest

from nuatom.responses.table_format import write_table


@pytest.fixture(scope="module")
def neon(tmp_path_factory):
    """A response table of neon in a file."""
    path = Path(__file__).parents[1] / "ab_initio" / "hydrogenic_table.py"
    spec = importlib.util.spec_from_file_location("hydrogenic_table_for_commands", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    file = tmp_path_factory.mktemp("tables") / "Ne.nc"
    write_table(file, module.hydrogenic_table("Ne"))
    return str(file)


FIGURES = ("photoabsorption", "channels", "integrated", "thresholds")
TABLES = (*FIGURES, "photoabsorption_by_shell", "agreement", "summary", "provenance")


def test_tables_figures_and_numbers(run, neon, out):
    """Eight tables and four pictures, the summary on standard output, limits as notes."""
    answer = run("atom", "compare", "Ne", "--table", neon, "--out", str(out))
    assert answer.code == 0
    expected = {f"atom_Ne_{name}.csv" for name in TABLES}
    expected |= {f"atom_Ne_{name}.png" for name in FIGURES}
    assert {path.name for path in out.iterdir()} == expected
    assert all((out / f"atom_Ne_{name}.png").read_bytes()[:4] == b"\x89PNG" for name in FIGURES)
    assert (out / "atom_Ne_summary.csv").read_text(encoding="utf-8") == answer.out
    header, *rows = csv.reader(io.StringIO(answer.out))
    assert header[0] == "energy_transfer_keV"
    assert {"velocity_over_henke", "weak_over_stepped", "millicharge_lowest"} <= set(header)
    assert float(rows[0][0]) == pytest.approx(0.05, rel=1e-9)
    lines = answer.err.splitlines()
    assert all(line.startswith("note: ") for line in lines)
    assert any("dipole limit only" in line for line in lines)
    assert any("12 files in" in line for line in lines)


def test_same_table_gives_same_files(run, neon, tmp_path):
    """Two runs write the same bytes."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        assert run("atom", "compare", "Ne", "--table", neon, "--out", str(folder)).code == 0
    first, second = ({path.name: path.read_bytes() for path in f.iterdir()} for f in folders)
    assert first == second


def test_what_is_refused(refused, neon, tmp_path):
    """Another element, a missing or foreign file, a place that cannot be written."""
    compare = ("atom", "compare")
    assert "did you mean 'Ge'" in refused(*compare, "Gee")
    assert "expected one of Ar" in refused(*compare, "Ar", "--table", neon)
    assert "no such file" in refused(*compare, "Ne", "--table", "none.nc")
    assert "--table: found an empty path" in refused(*compare, "Ne", "--table", "")
    assert "--out: found an empty path" in refused(*compare, "Ne", "--table", neon, "--out", "")
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert "cannot write into file/below" in refused(
        *compare, "Ne", "--table", neon, "--out", "file/below"
    )
    (tmp_path / "other.nc").write_bytes(b"not a table")
    assert "other.nc" in refused(*compare, "Ne", "--table", "other.nc")
    assert "ELEMENT" in refused(*compare)


def test_element_without_a_table(refused):
    """The line names how to build one."""
    assert "nuatom atom build U" in refused("atom", "compare", "U")
