"""Tables as a submission to HEPData.

A submission is a folder, or an archive, with ``submission.yaml`` and one file for each table.
It is made with hepdata_lib and checked with the validator of HEPData before anything is
written; the same tables give the same bytes.

In a table of nuatom the first columns are the independent variables: a pair such as
``energy_low_keV``, ``energy_high_keV`` is a binned one, else they are all columns of text at
the beginning, or the first column.  The unit is the end of the name.  A column such as
``observed_error_counts`` is the uncertainty of ``observed_counts``.  Empty numbers are written
as "-".
"""

import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom.analysis.limits.archives import check_folder, tar_gz, write_folder, zipped
from nuatom.errors import InvalidInput, lookup
from nuatom.table import Column, Table, write_bytes_atomically

if TYPE_CHECKING:
    from nuatom.analysis.limits.result import LimitResult

ARCHIVES = (".tar.gz", ".zip")
"""Ends of the names of archives; any other path is a folder."""
_UNIT_WORDS = frozenset({"neV", "meV", "eV", "keV", "MeV", "GeV", "TeV", "kg", "g", "mg", "tonne"})
_UNIT_WORDS |= {"s", "min", "hour", "day", "year", "fm", "fm2", "mm", "cm", "cm2", "cm3", "m"}
_UNIT_WORDS |= {"mu", "B", "e", "PE", "percent", "counts", "barn"}
_DIGITS = 9
_LONGEST_NAME = 64


@dataclass(frozen=True, eq=False)
class Entry:
    """A table with what HEPData wants to know of it.

    Parameters
    ----------
    table : Table
        Of any columns [table].
    independent : tuple of str
        Columns of independent variables, by the rule of this module if empty [names].
    qualifiers : mapping
        What holds for every dependent variable, such as ``{"Confidence level": "90 %"}``
        [text].
    keywords : mapping
        Such as ``{"observables": ["SIG"], "reactions": ["NUEBAR E- --> NUEBAR E-"]}`` [text].
    units : mapping
        Column -> unit, in place of the end of its name [text].
    location : str
        Where it is in a paper [text].
    """

    table: Table
    independent: tuple[str, ...] = ()
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    location: str = ""


def write(
    tables: Sequence[Table | Entry],
    path: Path,
    *,
    comment: str = "",
    references: Sequence[str] = (),
) -> None:
    """Write a submission whole or not at all.

    Parameters
    ----------
    tables : sequence of Table or Entry
        At least one; the names of their files are those of the tables [table].
    path : Path
        A new folder, one that is empty or holds nothing but a submission, which is then
        replaced; or a file that ends in .tar.gz or .zip [path].
    comment : str
        What the submission is, such as an abstract [text].
    references : sequence of str
        What to cite, besides the references of the tables [text].

    Raises
    ------
    InvalidInput
        If there is no table, two have one name, a column is missing, the validator refuses
        the submission, or hepdata_lib is not installed.
    CannotWrite
        If the place refuses, or is a folder with other files.
    """
    entries = [Entry(table) if isinstance(table, Table) else table for table in tables]
    _check(entries)
    archive = next((end for end in ARCHIVES if path.name.endswith(end)), "")
    if not archive:
        check_folder(path)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "submission"
        folder.mkdir()
        _fill(folder, entries, _text(comment, entries, references))
        _validate(folder)
        files = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    if archive == ".zip":
        write_bytes_atomically(path, zipped(files))
    elif archive:
        write_bytes_atomically(path, tar_gz(files))
    else:
        write_folder(path, files)


def submit(result: "LimitResult", path: Path) -> None:
    """Write what `nuatom limit` found as a submission.

    Parameters
    ----------
    result : LimitResult
        Limits, spectrum, profile or contour, parameters and correlations [limit result].
    path : Path
        As for `write` [path].

    Raises
    ------
    InvalidInput
        As `write`.
    CannotWrite
        As `write`.
    """
    independent = {"contour": tuple(c.name for c in result.tables["contour"].columns[:2])
                   if "contour" in result.tables else ()}  # fmt: skip
    entries = [
        Entry(table, independent.get(name, ()), {"Likelihood": result.kind})
        for name, table in result.tables.items()
    ]
    comment = ". ".join([result.title or "Limits", *result.notes])
    write(entries, path, comment=comment, references=result.references)


def unit_of(column: str) -> tuple[str, str]:
    """Return the name of a column without its unit, in words, and the unit.

    Parameters
    ----------
    column : str
        Such as ``energy_transfer_keV`` [name].

    Returns
    -------
    tuple of str
        Name and unit; the unit is empty where the name ends in none.

    Example
    -------
    >>> unit_of("rate_per_kg_keV_day"), unit_of("cross_section_cm2_per_keV"), unit_of("coupling")
    (('rate', '1/(kg keV day)'), ('cross section', 'cm2/keV'), ('coupling', ''))
    """
    words = column.split("_")
    cut = len(words)
    while cut > 1 and (words[cut - 1] in _UNIT_WORDS or words[cut - 1] == "per"):
        cut -= 1
    name, unit = words[:cut], words[cut:]
    if "per" not in unit:
        return " ".join(name), _joined(unit)
    place = unit.index("per")
    above, below = _joined(unit[:place]) or "1", unit[place + 1 :]
    return " ".join(name), f"{above}/({_joined(below)})" if len(
        below
    ) > 1 else f"{above}/{below[0]}"


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).replace("mu B", "mu_B")


def _check(entries: Sequence[Entry]) -> None:
    """Refuse what cannot be told apart, or lies in no column."""
    if not entries:
        raise InvalidInput("hepdata: found no table, expected at least one")
    names = [entry.table.name for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise InvalidInput(f"hepdata: found two tables {name!r}, expected different names")
        if not re.fullmatch(r"[\w. -]+", name) or len(name) > _LONGEST_NAME:
            raise InvalidInput(
                f"hepdata: found the name {name!r}, expected at most {_LONGEST_NAME} letters, "
                "digits, spaces, dots, dashes"
            )
    for entry in entries:
        known = {column.name: column for column in entry.table.columns}
        for name in (*entry.independent, *entry.units):
            lookup("column", name, known)
        if len(_independent(entry)) == len(known):
            raise InvalidInput(
                f"hepdata: found no dependent variable in {entry.table.name}, expected one column "
                "more"
            )


def _independent(entry: Entry) -> tuple[str, ...]:
    """Return the columns of the independent variables."""
    if entry.independent:
        return entry.independent
    columns = entry.table.columns
    if len(columns) > 1 and _is_pair(columns[0].name, columns[1].name):
        return columns[0].name, columns[1].name
    texts = []
    for column in columns:
        if not _is_text(column):
            break
        texts.append(column.name)
    return tuple(texts) or (columns[0].name,)


def _is_pair(low: str, high: str) -> bool:
    return "_low" in low and low.replace("_low", "_high", 1) == high


def _is_text(column: Column) -> bool:
    return not isinstance(column.values, np.ndarray) and all(
        isinstance(value, str) for value in column.values
    )


def _text(comment: str, entries: Sequence[Entry], references: Sequence[str]) -> str:
    """Return the comment with the references."""
    cited = dict.fromkeys([*references, *(r for e in entries for r in e.table.references)])
    lines = [comment] if comment else []
    if cited:
        lines.append("References: " + "; ".join(cited))
    return "\n".join(lines) or "Tables computed with nuatom."


def _fill(folder: Path, entries: Sequence[Entry], comment: str) -> None:
    """Write the files of a submission.

    `Submission.create_files` would also leave an archive in the working directory.
    """
    with _hepdata_lib() as (library, _):
        submission = library.Submission()
        head = {
            "data_license": submission.get_license(),
            "comment": comment,
            "additional_resources": submission.additional_resources,
        }
        dump = import_module("yaml").safe_dump
        (folder / "submission.yaml").write_text(
            dump(head, default_flow_style=False, explicit_start=True), encoding="utf-8"
        )
        for entry in entries:
            _table(library, entry).write_yaml(str(folder))


def _table(library: Any, entry: Entry) -> Any:
    """Return a table as hepdata_lib has it."""
    own = entry.table
    found = library.Table(own.name)
    found.description = ". ".join([own.title or own.name, *own.notes])
    found.location = entry.location or f"Table {own.name}"
    found.keywords = {name: list(values) for name, values in entry.keywords.items()}
    columns = {column.name: column for column in own.columns}
    independent = list(_independent(entry))
    while independent:
        first = independent.pop(0)
        pair = independent and _is_pair(first, independent[0])
        high = independent.pop(0) if pair else None
        found.add_variable(_variable(library, entry, columns, first, high))
    errors = {c.replace("_error", "", 1): c for c in columns if "_error" in c}
    errors = {of: error for of, error in errors.items() if of in columns}
    skipped = {*_independent(entry), *errors.values()}
    for name, column in columns.items():
        if name in skipped:
            continue
        variable = _variable(library, entry, columns, name, None, dependent=True)
        for qualifier, value in entry.qualifiers.items():
            variable.add_qualifier(qualifier, value)
        if column.meaning:
            variable.add_qualifier("Meaning", column.meaning)
        if name in errors:
            variable.add_uncertainty(_uncertainty(library, columns[errors[name]]))
        found.add_variable(variable)
    return found


def _variable(
    library: Any,
    entry: Entry,
    columns: Mapping[str, Column],
    name: str,
    high: str | None,
    *,
    dependent: bool = False,
) -> Any:
    """Return one variable, binned if it has a column of upper ends."""
    words, unit = unit_of(name if high is None else name.replace("_low", "", 1))
    unit = entry.units.get(name, unit)
    variable = library.Variable(
        words,
        is_independent=not dependent,
        is_binned=high is not None,
        units=unit,
        zero_uncertainties_warning=False,
    )
    variable.digits = _DIGITS
    values = [_cell(value) for value in columns[name].values]
    if high is not None:
        variable.values = list(zip(values, map(_cell, columns[high].values), strict=True))
    else:
        variable.values = values
    return variable


def _uncertainty(library: Any, column: Column) -> Any:
    found = library.Uncertainty(column.meaning or "one standard deviation")
    numbers = [float(value) for value in column.values]
    found.values = [number if np.isfinite(number) else None for number in numbers]
    return found


def _cell(value: Any) -> str | float:
    """Return a value as YAML takes it: no number is "-", an infinite one a word."""
    if isinstance(value, str):
        return value
    number = float(value)
    if np.isnan(number):
        return "-"
    return number if np.isfinite(number) else ("inf" if number > 0 else "-inf")


@contextmanager
def _hepdata_lib() -> Iterator[tuple[Any, Any]]:
    """Yield hepdata_lib and the validator, without their warnings.

    They import classes that jsonschema calls deprecated, and leave files to be closed.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="unclosed file", category=ResourceWarning)
        warnings.filterwarnings("ignore", message=r"jsonschema\.", category=DeprecationWarning)
        try:
            library = import_module("hepdata_lib")
            validator = import_module("hepdata_validator.full_submission_validator")
        except ImportError:
            raise InvalidInput(
                "found no package hepdata_lib, expected it for a HEPData submission; pip install "
                "'nuatom[hist]'"
            ) from None
        yield library, validator


def _validate(folder: Path) -> None:
    """Refuse a submission that HEPData would refuse."""
    with _hepdata_lib() as (_, module):
        validator = module.FullSubmissionValidator()
        if validator.validate(directory=str(folder)):
            return
        messages = [
            str(message).strip() for found in validator.get_messages().values() for message in found
        ]
    line = "; ".join(" ".join(message.split()) for message in messages)
    raise InvalidInput(f"hepdata: found a submission that the validator refuses: {line[:400]}")
