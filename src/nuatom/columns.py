"""Tables of a user: CSV with the unit in each header, checked line by line."""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import InvalidInput

ENERGIES = {"eV": u.eV, "keV": u.keV, "MeV": u.MeV}
TIMES = {"s": u.second, "hour": u.hour, "day": u.day, "year": u.year}
RATES = {
    "per_kg_keV_day": u.cpkkd,
    "per_tonne_keV_year": 1 / (u.tonne * u.keV * u.year),
}
LIGHT = {"PE": 1.0}
PLAIN = {"": 1.0}
"""Units that may end the name of a column, with their values."""
LARGEST_FILE = 64_000_000
"""Bytes; no table of counts is larger."""
_LONGEST = 60


@dataclass(frozen=True)
class Rule:
    """What a column must look like.

    Parameters
    ----------
    stem : str
        Its name without the unit; ``*`` at the end stands for any word [name].
    units : mapping
        Unit at the end of the name -> value; the empty word for a plain number [any].
    required : bool
        Whether it must be there [flag].
    least : float
        No number is below [any].
    whole : bool
        Whether all numbers are whole [flag].
    """

    stem: str
    units: Mapping[str, float]
    required: bool = True
    least: float = 0.0
    whole: bool = False

    def unit_of(self, header: str) -> float | None:
        """Return the unit of a header that belongs to this rule, else None.

        Parameters
        ----------
        header : str
            From the first line of the file [name].

        Returns
        -------
        float or None
            Value of the unit.

        Example
        -------
        >>> Rule("counts", PLAIN).unit_of("counts"), Rule("live_time", TIMES).unit_of("counts")
        (1.0, None)
        """
        for name, value in self.units.items():
            ending = f"_{name}" if name else ""
            body = header.removesuffix(ending) if header.endswith(ending) else ""
            if self.stem.endswith("*"):
                if body.startswith(self.stem[:-1]) and len(body) >= len(self.stem):
                    return value
            elif body == self.stem:
                return value
        return None

    def examples(self) -> list[str]:
        """Return the headers that would do."""
        return [f"{self.stem}_{name}" if name else self.stem for name in self.units]


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of a table in base units, with what an error needs to name a place.

    Parameters
    ----------
    path : Path
        The file [path].
    values : dict
        Stem -> numbers in base units; shape (row,) each [any].
    headers : dict
        Stem -> header in the file [names].
    lines : tuple of int
        Line number of each row [dimensionless].
    header_line : int
        Line number of the names [dimensionless].
    """

    path: Path
    values: dict[str, Array]
    headers: dict[str, str] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    header_line: int = 1

    def refused(self, stem: str, row: int, message: str) -> InvalidInput:
        """Return the error about one cell.

        Parameters
        ----------
        stem : str
            The column [name].
        row : int
            Counted from 0 [dimensionless].
        message : str
            What was found and expected [text].

        Returns
        -------
        InvalidInput
            To be raised.
        """
        line = self.lines[row] if row < len(self.lines) else "?"
        column = self.headers.get(stem, stem)
        return InvalidInput(f"{self.path}, line {line}, column {column}: {message}")


def text_of(path: Path, expected: str) -> str:
    """Return the text of a file of a user.

    Parameters
    ----------
    path : Path
        The file [path].
    expected : str
        What should be in it, for the message [text].

    Returns
    -------
    str
        UTF-8, without a byte-order mark.

    Raises
    ------
    InvalidInput
        If it is absent, a folder, not text, or too large.
    """
    try:
        if path.is_file() and path.stat().st_size > LARGEST_FILE:
            raise InvalidInput(f"{path}: found more than 64 MB, expected {expected}")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(f"{path}: no such file; expected {expected}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InvalidInput(f"{path}: cannot be read ({reason}); expected {expected}") from None


def read_columns(path: Path | str, rules: Sequence[Rule], *, example: str = "") -> Columns:
    r"""Return the columns of a CSV file after checking every cell.

    The first line that is neither empty nor a comment (#) names the columns, each with its
    unit, such as ``energy_low_keV``.  Order is free, unknown columns are refused.

    Parameters
    ----------
    path : Path or str
        The file [path].
    rules : sequence of Rule
        What may and must be there [any].
    example : str
        A header for messages; the columns that must be there if empty [text].

    Returns
    -------
    Columns
        In base units, in the order of the file.

    Raises
    ------
    InvalidInput
        Naming file, line and column, what was found and what was expected.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "counts.csv"
    ...     _ = file.write_text("energy_low_eV,counts\n200,7\n")
    ...     table = read_columns(file, [Rule("energy_low", ENERGIES), Rule("counts", PLAIN)])
    >>> (table.values["energy_low"] / u.keV).round(12), table.lines
    (array([0.2]), (2,))
    """
    path = Path(path)
    wanted = example or ",".join(rule.examples()[0] for rule in rules if rule.required)
    lines = [
        (number, [cell.strip() for cell in line.split(",")])
        for number, line in enumerate(text_of(path, f"a CSV with {wanted}").splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise InvalidInput(f"{path}, line 1: no rows of numbers, expected the header {wanted}")
    line, names = lines[0]
    found = _headers(path, line, names, rules)
    if len(lines) < 2:
        raise InvalidInput(
            f"{path}, line {line}: no rows of numbers: found 0 rows below the header"
        )
    width = len(names)
    for number, cells in lines[1:]:
        if len(cells) != width:
            raise InvalidInput(
                f"{path}, line {number}: found {len(cells)} columns, expected {width}"
            )
    values, headers = {}, {}
    for place, (header, rule, unit) in enumerate(found):
        stem = _stem(header, rule)
        numbers = [_number(path, n, header, cells[place], rule) for n, cells in lines[1:]]
        with np.errstate(over="ignore"):
            values[stem] = np.array(numbers) * unit
        if not np.all(np.isfinite(values[stem])):
            raise InvalidInput(f"{path}, column {header}: found numbers beyond floating point")
        headers[stem] = header
    return Columns(path, values, headers, tuple(n for n, _ in lines[1:]), line)


def _headers(
    path: Path, line: int, names: list[str], rules: Sequence[Rule]
) -> list[tuple[str, Rule, float]]:
    """Return header, rule and unit of each column, or say what is wrong with them."""
    where = f"{path}, line {line}"
    known = [example for rule in rules for example in rule.examples()]
    found = []
    for name in names:
        match = next(((r, v) for r in rules if (v := r.unit_of(name)) is not None), None)
        if match is None:
            near = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"expected {', '.join(known)}"
            raise InvalidInput(f"{where}: unknown column {name[:_LONGEST]!r}; {hint}")
        found.append((name, *match))
    stems = [_stem(name, rule) for name, rule, _ in found]
    for name, stem in zip(names, stems, strict=True):
        if names.count(name) > 1:
            raise InvalidInput(f"{where}: found the column {name} twice, expected it once")
        if stems.count(stem) > 1:
            raise InvalidInput(
                f"{where}: found {stem} twice, two columns of {stem} in other units; expected one"
            )
    for rule in rules:
        if rule.required and rule.stem not in stems:
            raise InvalidInput(
                f"{where}: found {len(names)} columns ({', '.join(names)[:200]}), expected a "
                f"column {' or '.join(rule.examples())} as well"
            )
    return found


def _stem(header: str, rule: Rule) -> str:
    if not rule.stem.endswith("*"):
        return rule.stem
    return next(header.removesuffix(f"_{n}") for n in rule.units if header.endswith(f"_{n}"))


def _number(path: Path, line: int, header: str, cell: str, rule: Rule) -> float:
    where = f"{path}, line {line}, column {header}"
    try:
        value = float(cell)
    except ValueError:
        raise InvalidInput(f"{where}: found {cell[:_LONGEST]!r}, expected a number") from None
    if not math.isfinite(value) or value < rule.least:
        bound = "" if rule.least == -math.inf else f" >= {rule.least:g}"
        raise InvalidInput(f"{where}: found {cell[:_LONGEST]}, expected a finite number{bound}")
    if rule.whole and value != int(value):
        raise InvalidInput(f"{where}: found {cell[:_LONGEST]}, expected a whole number")
    return value
