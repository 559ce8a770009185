"""Standard output and files: whole, or not at all."""

import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from nuatom.cli.output import cannot_write_standard_output, emit, say, write_standard_output
from nuatom.errors import CannotWrite
from nuatom.table import Column, Table

TABLE = Table("t", "A table", (Column("energy_keV", np.array([1.0, 2.5])),))
FULL = Path("/dev/full")
CSV = "energy_keV\n1\n2.5\n"


def test_table_goes_to_standard_output(capsys):
    """Without a file the CSV is all that standard output receives."""
    emit(TABLE, None)
    assert capsys.readouterr() == (CSV, "")


def test_table_goes_to_a_file(tmp_path, capsys):
    """With a file, standard output stays empty; missing folders are made."""
    emit(TABLE, tmp_path / "new" / "t.csv")
    assert (tmp_path / "new" / "t.csv").read_text() == CSV
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "t.csv"]
    assert capsys.readouterr() == ("", "")


def test_file_replaces_the_one_before(tmp_path):
    """A second run overwrites the first."""
    (tmp_path / "t.csv").write_text("old and longer than the new text\n")
    emit(TABLE, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == CSV


def test_folder_is_no_file(tmp_path):
    """A folder is refused as such, and nothing is put into it."""
    with pytest.raises(CannotWrite, match="it is a folder"):
        emit(TABLE, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_full_disk_behind_standard_output(monkeypatch):
    """A full disk is an error that says so, and closing the stream later raises nothing."""
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    with FULL.open("w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(CannotWrite, match="No space left"):
            write_standard_output("text\n")
        monkeypatch.undo()


def test_reader_that_went_away(monkeypatch):
    """A closed pipe, as after `| head`, is not an error."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        write_standard_output("text\n")
        monkeypatch.undo()


def test_closed_standard_output(monkeypatch):
    """Without a standard output (`>&-`) a result cannot be shown, which is an error."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(CannotWrite, match="closed"):
        write_standard_output("text\n")


def test_terminal_that_cannot_show_a_character(tmp_path, monkeypatch):
    """A character outside the encoding of the terminal is an error in one line."""
    with (tmp_path / "terminal").open("w", encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(CannotWrite, match="ascii"):
            write_standard_output("\u03bc\n")
        monkeypatch.undo()


def test_reason_comes_from_the_system(capsys):
    """The message is that of the system."""
    error = cannot_write_standard_output(OSError(errno.EIO, os.strerror(errno.EIO)))
    assert os.strerror(errno.EIO) in str(error)


def test_remarks_go_to_standard_error(capsys):
    """Remarks never mix with the CSV."""
    say(["one", "two"])
    assert capsys.readouterr() == ("", "one\ntwo\n")


def test_nowhere_to_complain(monkeypatch):
    """A remark that nobody can receive is dropped: the exit code still tells."""
    monkeypatch.setattr(sys, "stderr", None)
    say(["lost"])

    class Full:
        def write(self, text):
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(sys, "stderr", Full())
    say(["lost"])
    monkeypatch.undo()
