"""Tables, and files that are written whole or not at all."""

import csv
import errno
import io
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from nuatom.errors import CannotWrite, InvalidInput, UnknownName
from nuatom.table import Column, Table, write_bytes_atomically, write_text_atomically


def table(*columns: Column) -> Table:
    return Table("spectrum", "A spectrum", columns)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


ENERGY = Column("energy_keV", np.array([1.0, 2.5, 1e-300]), "energy transfer")
LABEL = Column("shell", ("K", 'the "L", perhaps', "M\nN"))


def test_csv_is_read_back_by_others():
    """Commas, quotes and line ends in text survive; numbers keep nine digits."""
    values = np.array([1 / 3, 123456789.0, 1e-47])
    text = table(Column("x", values), LABEL).to_csv()
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["x", "shell"]
    np.testing.assert_allclose([float(row[0]) for row in rows], values, rtol=5e-9)
    assert [row[1] for row in rows] == list(LABEL.values)


def test_not_a_number_is_an_empty_cell():
    """A gap in a curve is an empty cell, which every reader takes as missing."""
    assert table(Column("x", np.array([np.nan, 1.0]))).to_csv() == "x\n\n1\n"


def test_column_by_name():
    """A column is found by its name, and a slip suggests the nearest."""
    assert table(ENERGY, LABEL).column("energy_keV") is ENERGY.values
    with pytest.raises(UnknownName, match="did you mean 'energy_keV'"):
        table(ENERGY, LABEL).column("energy_kev")


@pytest.mark.parametrize(
    "columns",
    [(), (ENERGY, ENERGY), (ENERGY, Column("short", np.array([1.0])))],
    ids=["none", "name twice", "unequal"],
)
def test_tables_have_a_shape(columns):
    """No column, a name twice or columns of unequal length make no table."""
    with pytest.raises(InvalidInput, match=r"^table spectrum: "):
        table(*columns)


def test_text_is_written_as_utf8_below_new_folders(tmp_path):
    """Missing folders are made, and nothing but the file is left."""
    path = tmp_path / "a" / "b" / "t.csv"
    write_text_atomically(path, "µ_B\n")
    assert path.read_bytes() == "µ_B\n".encode()
    assert names(path.parent) == ["t.csv"]


def test_a_shorter_file_replaces_a_longer_one(tmp_path):
    """Nothing of the old content remains."""
    path = tmp_path / "t.csv"
    write_bytes_atomically(path, b"long content")
    write_bytes_atomically(path, b"short")
    assert path.read_bytes() == b"short"


def test_permissions_follow_the_umask(tmp_path):
    """Other people may read the results, as with any program."""
    old = os.umask(0o022)
    try:
        write_bytes_atomically(tmp_path / "t.csv", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "t.csv").stat().st_mode) == 0o644


def test_a_path_below_a_regular_file_cannot_be_written(tmp_path):
    """The error is one line that names the path; the regular file is untouched."""
    regular = tmp_path / "regular"
    regular.write_text("kept")
    with pytest.raises(CannotWrite) as caught:
        write_text_atomically(regular / "below" / "t.csv", "x")
    assert str(regular / "below" / "t.csv") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert regular.read_text() == "kept"
    assert names(tmp_path) == ["regular"]


def test_a_folder_cannot_be_overwritten(tmp_path):
    """A folder of that name stays, and no temporary file is left beside it."""
    folder = tmp_path / "t.csv"
    folder.mkdir()
    with pytest.raises(CannotWrite):
        write_text_atomically(folder, "x")
    assert names(tmp_path) == ["t.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device_cannot_be_written():
    """/dev/full refuses every byte; it is not replaced by a regular file."""
    with pytest.raises(CannotWrite, match="/dev/full"):
        write_text_atomically(Path("/dev/full"), "x" * 100_000)
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch, step):
    """When the disk fills up on the way, the old file is whole and alone."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    with pytest.raises(CannotWrite, match=os.strerror(errno.ENOSPC)):
        write_bytes_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["t.csv"]


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    """Ctrl-C while writing removes the temporary file and goes on as Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes_atomically(tmp_path / "t.csv", b"new")
    assert names(tmp_path) == []
