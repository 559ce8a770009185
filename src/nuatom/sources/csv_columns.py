"""Reading of a user's CSV table with the units in its header."""

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class ReadColumns:
    """What a file holds.

    Parameters
    ----------
    names : tuple of str
        The header [names].
    values : ndarray
        One row for each line of numbers, already multiplied by the units of the header [any].
    lines : tuple of int
        Line in the file of each row, for messages [dimensionless].
    """

    names: tuple[str, ...]
    values: Array
    lines: tuple[int, ...]


def read_columns(
    path: Path, known: Sequence[Mapping[str, float]], *, example: str, repeat: bool = False
) -> ReadColumns:
    r"""Return the numbers of a CSV file, all finite and not negative.

    The first line names the columns with their units.  Empty lines and lines that begin with
    # are skipped.

    Parameters
    ----------
    path : Path
        The file [path].
    known : sequence of mapping
        For each column the names that it may have, with their units [any].
    example : str
        A header, for messages [text].
    repeat : bool
        Whether further columns like the last one may follow [flag].

    Returns
    -------
    ReadColumns
        At least the header; there may be no rows.

    Raises
    ------
    InvalidInput
        If the file cannot be read, or a header or value is wrong; the message names file,
        line and column.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "lengths.csv"
    ...     _ = file.write_text("# mine\nlength_cm\n1\n2\n")
    ...     table = read_columns(file, [{"length_cm": 0.01}], example="length_cm")
    >>> table.values.ravel(), table.lines
    (array([0.01, 0.02]), (3, 4))
    """
    lines = _lines(path, example)
    number, names = next(lines, (1, []))
    where = f"{path}, line {number}"
    if len(names) != len(known) and not (repeat and len(names) > len(known)):
        raise InvalidInput(f"{where}: found {len(names)} columns, expected the header {example}")
    columns = [known[min(n, len(known) - 1)] for n in range(len(names))]
    units = np.array([_unit(where, *pair) for pair in zip(names, columns, strict=True)])
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(f"{where}: found the column {twice[0]} twice, expected it once")
    rows: list[list[float]] = []
    at: list[int] = []
    for number, cells in lines:
        where = f"{path}, line {number}"
        if len(cells) != len(names):
            raise InvalidInput(f"{where}: found {len(cells)} columns, expected {len(names)}")
        rows.append(
            [_number(f"{where}, column {n}", cell) for n, cell in zip(names, cells, strict=True)]
        )
        at.append(number)
    values = np.array(rows, dtype=np.float64).reshape(-1, len(names)) * units
    return ReadColumns(tuple(names), values, tuple(at))


def _lines(path: Path, example: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of the lines that hold something."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(f"{path}: no such file; expected a CSV with {example}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InvalidInput(f"{path}: cannot be read ({reason}); expected a CSV file") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, [cell.strip() for cell in line.split(",")]


def _unit(where: str, name: str, known: Mapping[str, float]) -> float:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
        hint = "did you mean " + " or ".join(near) + "?" if near else "expected " + ", ".join(known)
        raise InvalidInput(f"{where}: unknown column {name!r}: {hint}")
    return known[name]


def _number(where: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise InvalidInput(f"{where}: found {cell!r}, expected a number") from None
    if not math.isfinite(value) or value < 0:
        raise InvalidInput(f"{where}: found {cell}, expected a finite number >= 0")
    return value
