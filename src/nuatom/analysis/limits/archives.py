"""Folders and archives of several files, written whole or not at all, the same each time."""

import gzip
import io
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from nuatom.errors import CannotWrite


def tar_gz(files: Mapping[str, bytes]) -> bytes:
    """Return a compressed archive without times or owners.

    Parameters
    ----------
    files : mapping
        Name -> content [bytes].

    Returns
    -------
    bytes
        As of a file .tar.gz.

    Example
    -------
    >>> tar_gz({"a": b"1"}) == tar_gz({"a": b"1"})
    True
    """
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a compressed archive with one time for all files.

    Parameters
    ----------
    files : mapping
        Name -> content [bytes].

    Returns
    -------
    bytes
        As of a file .zip.

    Example
    -------
    >>> zipped({"a": b"1"})[:2]
    b'PK'
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def check_folder(path: Path) -> None:
    """Refuse a folder that holds anything but a submission.

    Parameters
    ----------
    path : Path
        That may exist [path].

    Raises
    ------
    CannotWrite
        If it is a file, or holds other files than a submission.yaml and other .yaml.
    """
    if not path.exists():
        return
    if not path.is_dir():
        raise CannotWrite(f"cannot write {path}: it is a file; give a folder, or .tar.gz or .zip")
    names = [file.name for file in path.iterdir()]
    others = [name for name in names if not name.endswith(".yaml")]
    if names and (others or "submission.yaml" not in names):
        raise CannotWrite(
            f"cannot write {path}: found {(others or names)[0]!r} there; give a new folder, or one "
            "with nothing but a submission"
        )


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Put a folder in place by renaming; an old one is put back if that fails.

    Parameters
    ----------
    path : Path
        Of the folder; one that exists is replaced [path].
    files : mapping
        Name -> content [bytes].

    Raises
    ------
    CannotWrite
        If the place refuses; what was there is there still.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    except OSError as error:
        raise _cannot(path, error) from None
    try:
        new, old = place / "new", place / "old"
        new.mkdir()
        for name, content in files.items():
            with (new / name).open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        if path.exists():
            path.rename(old)
        try:
            new.rename(path)
        except BaseException:
            if old.exists():
                old.rename(path)
            raise
    except OSError as error:
        raise _cannot(path, error) from None
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _cannot(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"cannot write {path}: {error.strerror or error}; choose another place")
