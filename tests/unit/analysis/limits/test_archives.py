"""Folders and archives that are written whole or not at all."""

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from nuatom.analysis.limits.archives import check_folder, tar_gz, write_folder, zipped
from nuatom.errors import CannotWrite

FILES = {"submission.yaml": b"---\n", "a.yaml": b"x" * 5000}


def test_archives_hold_the_files() -> None:
    """Both archives give back what was put in."""
    with tarfile.open(fileobj=io.BytesIO(tar_gz(FILES))) as archive:
        found = {m.name: archive.extractfile(m).read() for m in archive.getmembers()}  # type: ignore[union-attr]
        assert {m.mtime for m in archive.getmembers()} == {0}
    assert found == FILES
    with zipfile.ZipFile(io.BytesIO(zipped(FILES))) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == FILES


def test_folder_is_written_and_replaced(tmp_path: Path) -> None:
    """A folder holds the files, an older submission is replaced, nothing else is left."""
    place = tmp_path / "deep" / "out"
    write_folder(place, FILES)
    write_folder(place, {"submission.yaml": b"new"})
    assert [f.name for f in place.iterdir()] == ["submission.yaml"]
    assert (place / "submission.yaml").read_bytes() == b"new"
    assert os.listdir(tmp_path / "deep") == ["out"]  # noqa: PTH208


def test_failure_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last step fails, what was there is there, and no temporary folder is left."""
    place = tmp_path / "out"
    write_folder(place, FILES)
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(CannotWrite, match="No space left on device; choose another place"):
        write_folder(place, {"submission.yaml": b"other"})
    assert (place / "a.yaml").read_bytes() == FILES["a.yaml"]
    assert [f.name for f in tmp_path.iterdir()] == ["out"]


def test_place_that_cannot_be(tmp_path: Path) -> None:
    """Below a file no folder can be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match="cannot write"):
        write_folder(tmp_path / "file" / "out", FILES)


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    """New and empty folders and submissions pass; a file, or other files, do not."""
    check_folder(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    check_folder(tmp_path / "empty")
    write_folder(tmp_path / "empty", FILES)
    check_folder(tmp_path / "empty")
    (tmp_path / "empty" / "thesis.tex").write_text("mine")
    with pytest.raises(CannotWrite, match=r"found 'thesis\.tex' there"):
        check_folder(tmp_path / "empty")
    (tmp_path / "yaml").mkdir()
    (tmp_path / "yaml" / "settings.yaml").write_text("mine")
    with pytest.raises(CannotWrite, match=r"found 'settings\.yaml' there"):
        check_folder(tmp_path / "yaml")
    with pytest.raises(CannotWrite, match="it is a file"):
        check_folder(tmp_path / "empty" / "a.yaml")
