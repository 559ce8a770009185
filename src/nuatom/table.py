"""The table: the artefact between computing and drawing.

Every result is a `Table` with named columns (the unit is in the name), notes and
references.  Files are written whole or not at all.
"""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import CannotWrite, InvalidInput, unknown


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        With the unit at its end, such as ``energy_transfer_keV`` [name].
    values : ndarray or sequence of str
        One-dimensional, already divided by the unit of the name [any].
    meaning : str
        One line for the reader [text].
    """

    name: str
    values: Array | Sequence[str]
    meaning: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length with a title, notes and references.

    Parameters
    ----------
    name : str
        Short name, used for files [name].
    title : str
        One line [text].
    columns : tuple of Column
        At least one, all of the same length [any].
    notes : tuple of str
        What the reader must know, such as "retracted" [text].
    references : tuple of str
        Where the numbers come from [text].

    Raises
    ------
    InvalidInput
        If columns differ in length or a name occurs twice.

    Example
    -------
    >>> t = Table("t", "A table", (Column("energy_keV", np.array([1.0, 2.5])),))
    >>> print(t.to_csv(), end="")
    energy_keV
    1
    2.5
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the shape."""
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or not names:
            raise InvalidInput(f"table {self.name}: found columns {names}, expected unique names")
        if len({len(column.values) for column in self.columns}) != 1:
            raise InvalidInput(f"table {self.name}: expected columns of equal length")

    def column(self, name: str) -> Array | Sequence[str]:
        """Return the values of the column `name`.

        Parameters
        ----------
        name : str
            A column of this table [name].

        Returns
        -------
        ndarray or sequence of str
            One-dimensional.

        Raises
        ------
        UnknownName
            If there is no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column.values
        raise unknown("column", name, [column.name for column in self.columns])

    def to_csv(self) -> str:
        """Return the table as CSV with one header line; numbers keep nine digits."""
        lines = [",".join(column.name for column in self.columns)]
        cells = [[_cell(value) for value in column.values] for column in self.columns]
        lines += [",".join(row) for row in zip(*cells, strict=True)]
        return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\n') else value
    return "" if np.isnan(value) else f"{value:.9g}"  # type: ignore[call-overload]


def write_bytes_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all.

    The bytes go to a new file beside `path`, are flushed to the disk, and the file is
    then renamed; a device such as /dev/full is written to directly.

    Parameters
    ----------
    path : Path
        Where to write; missing folders are made [path].
    content : bytes
        What to write [bytes].

    Raises
    ------
    CannotWrite
        If the folder, the disk or the device refuses; nothing is left behind.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(f"cannot write {path}: {reason}; choose another place") from None


def write_text_atomically(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all.

    Parameters
    ----------
    path : Path
        Where to write; missing folders are made [path].
    text : str
        What to write [text].

    Raises
    ------
    CannotWrite
        If the folder, the disk or the device refuses; nothing is left behind.
    """
    write_bytes_atomically(path, text.encode())
