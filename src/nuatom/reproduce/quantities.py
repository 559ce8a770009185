"""What a reproduced quantity is, and how its status is decided.

The status is never set by hand: `judge` computes it from the committed table of
tolerances, in which each entry carries its reason.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import SupportsFloat

import numpy as np

from nuatom.errors import InvalidInput, unknown
from nuatom.table import Table

Value = float | str | bool | None

COMPARED = ("relative", "absolute", "identity")
"""Kinds whose status follows from the numbers."""
DECLARED = ("solved for", "not public", "retracted")
"""Kinds that are their own status, whatever the numbers."""
STATUSES = ("reproduced", "differs", *DECLARED)


@dataclass(frozen=True)
class Tolerance:
    """One entry of the table of tolerances.

    Parameters
    ----------
    kind : str
        relative, absolute, identity, solved for, not public or retracted [name].
    tolerance : float or None
        What still counts as agreement; None for the last three kinds [dimensionless].
    reason : str
        Why this number, or why this status [text].
    """

    kind: str
    tolerance: float | None
    reason: str


@dataclass(frozen=True)
class Quantity:
    """One published statement beside the computed one.

    Parameters
    ----------
    published : float, str, bool or None
        What the paper prints; None where it prints nothing [any].
    ours : float, str, bool or None
        What this package computes, in the same unit [any].
    ratio : float or None
        ours/published, None unless both are numbers and published is not 0
        [dimensionless].
    tolerance : float or None
        From the table of tolerances [any].
    status : str
        reproduced, differs, solved for, not public or retracted [name].
    note : str
        What the reader must know [text].
    """

    published: Value
    ours: Value
    ratio: float | None
    tolerance: float | None
    status: str
    note: str

    def to_dict(self) -> dict[str, Value]:
        """Return the six fields as plain values that JSON can hold."""
        return {
            "published": self.published,
            "ours": self.ours,
            "ratio": self.ratio,
            "tolerance": self.tolerance,
            "status": self.status,
            "note": self.note,
        }


@dataclass(frozen=True, eq=False)
class Item:
    """One figure, table or equation of the paper, computed.

    Parameters
    ----------
    name : str
        Short name, used for files [name].
    title : str
        One line [text].
    tables : tuple of Table
        The numbers; the first one is what a figure draws [any].
    summary : mapping
        Quantities, plain values, and nested mappings or lists of them [any].
    caption : str
        What the reader sees below the figure [text].
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    summary: Mapping[str, object]
    caption: str

    def summary_dict(self) -> dict[str, object]:
        """Return the summary with every quantity as a plain dictionary, ready for JSON."""
        return {key: _plain_summary(value) for key, value in self.summary.items()}


def judge(key: str, *, published: object, ours: object, note: str = "") -> Quantity:
    """Compare a computed value with the published one by the committed table.

    ::

        relative   max(ratio, 1/ratio) - 1 <= tolerance,  ratio = ours/published
        absolute   |ours - published| <= tolerance
        identity   equal; numbers as in "relative"

    Parameters
    ----------
    key : str
        Dotted name of an entry of the table, such as ``eq11.total-error``; where it
        has no entry of its own, the ``*`` of its family is used [name].
    published : float, str, bool or None
        What the paper prints [any].
    ours : float, str, bool or None
        What was computed, in the same unit [any].
    note : str
        What the reader must know; the reason of the entry where empty [text].

    Returns
    -------
    Quantity
        With the status.

    Raises
    ------
    UnknownName
        If the table has neither the key nor its family.
    InvalidInput
        If a value is not finite, or is missing where the entry asks for a comparison.

    Example
    -------
    >>> judge("derivation.eq9", published=1.0, ours=1.0).status
    'reproduced'
    >>> judge("eq11.statistical-error", published=2.7, ours=2.7).status
    'solved for'
    """
    entry = tolerance(key)
    stated, computed = _plain(key, published), _plain(key, ours)
    ratio = _ratio(stated, computed)
    if entry.kind in DECLARED:
        status = entry.kind
    else:
        if stated is None or computed is None:
            raise InvalidInput(
                f"quantity {key}: found None, expected two values to compare "
                f"(kind {entry.kind}); use an entry of kind 'not public'"
            )
        status = "reproduced" if _agree(entry, stated, computed) else "differs"
    return Quantity(stated, computed, ratio, entry.tolerance, status, note or entry.reason)


def judge_band(
    key: str, value: float, ends: tuple[float, float], *, note: str = ""
) -> dict[str, Quantity]:
    """Return a number that the paper does not print, with the ends of its band.

    Parameters
    ----------
    key : str
        Dotted name of an entry of the table [name].
    value : float
        What was computed [any].
    ends : tuple of float
        The same at the two ends of the band of a model, in any order [any].
    note : str
        What the reader must know; the reason of the entry where empty [text].

    Returns
    -------
    dict
        ``value``, ``lower`` and ``upper``, the lesser and the greater of the ends.

    Raises
    ------
    UnknownName
        If the table has neither the key nor its family.
    InvalidInput
        If a value is not finite.

    Example
    -------
    >>> [q.ours for q in judge_band("fig2.ab-initio", 1.0, (1.2, 0.9)).values()]
    [1.0, 0.9, 1.2]
    """
    # a NaN must not hide behind the comparison of min and max
    band = {"value": value, "lower": np.min(ends), "upper": np.max(ends)}
    return {name: judge(key, published=None, ours=ours, note=note) for name, ours in band.items()}


def tolerance(key: str) -> Tolerance:
    """Return the entry for `key`, or the ``*`` entry of its nearest family.

    Parameters
    ----------
    key : str
        Dotted name [name].

    Returns
    -------
    Tolerance
        Kind, tolerance and reason.

    Raises
    ------
    UnknownName
        If there is neither.

    Example
    -------
    >>> tolerance("derivation.eq9").kind
    'identity'
    """
    table = tolerances()
    if key in table and not key.endswith("*"):
        return table[key]
    family = key
    while "." in family:
        family = family.rpartition(".")[0]
        if f"{family}.*" in table:
            return table[f"{family}.*"]
    raise unknown("quantity", key, table)


@cache
def tolerances() -> Mapping[str, Tolerance]:
    """Return the whole table of tolerances, read once.

    Returns
    -------
    mapping
        Dotted key to `Tolerance`.

    Raises
    ------
    InvalidInput
        If an entry of the table is malformed.

    Example
    -------
    >>> all(entry.reason for entry in tolerances().values())
    True
    """
    path = resources.files("nuatom") / "data/tolerances/paper/2010/tolerances.toml"
    return dict(_entries("", tomllib.loads(path.read_text(encoding="utf-8"))))


def _entries(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, Tolerance]]:
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        key = f"{prefix}{name}"
        if "kind" in value:
            yield key, _entry(key, value)
        else:
            yield from _entries(f"{key}.", value)


def _entry(key: str, value: Mapping[str, object]) -> Tolerance:
    kind, reason, number = (
        value["kind"],
        value.get("reason", ""),
        value.get("tolerance"),
    )
    compared = kind in COMPARED
    if not (compared or kind in DECLARED) or not reason or not isinstance(reason, str):
        raise InvalidInput(f"tolerance {key}: found kind {kind!r}, expected a kind and a reason")
    if compared and not (isinstance(number, float) and 0 < number < math.inf):
        raise InvalidInput(f"tolerance {key}: found {number!r}, expected a number > 0")
    if not compared and number is not None:
        raise InvalidInput(f"tolerance {key}: found a number, but {kind!r} compares nothing")
    return Tolerance(str(kind), number if isinstance(number, float) else None, reason)


def _agree(entry: Tolerance, published: Value, ours: Value) -> bool:
    allowed = entry.tolerance if entry.tolerance is not None else 0.0
    if not isinstance(published, float) or not isinstance(ours, float):
        return type(published) is type(ours) and published == ours
    if entry.kind == "absolute":
        # the printed numbers are decimal: half of a last digit must not miss by rounding
        return abs(ours - published) <= allowed * (1 + 1e-9)
    if published == ours:
        return True
    if published * ours <= 0:
        return False
    ratio = ours / published
    return max(ratio, 1 / ratio) - 1 <= allowed * (1 + 1e-9)


def _ratio(published: Value, ours: Value) -> float | None:
    numbers = isinstance(published, float) and isinstance(ours, float)
    if not numbers or published == 0.0:
        return None
    ratio = float(np.divide(ours, published))  # type: ignore[arg-type]
    return ratio if math.isfinite(ratio) else None


def _plain(key: str, value: object) -> Value:
    """Return a plain float, bool, str or None."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if not isinstance(value, SupportsFloat) or not math.isfinite(float(value)):
        raise InvalidInput(
            f"quantity {key}: found {value!r}, expected a finite number, a word, "
            "True, False, or None where there is nothing to state"
        )
    return float(value)


def _plain_summary(value: object) -> object:
    if isinstance(value, Quantity):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): _plain_summary(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_summary(entry) for entry in value]
    return _plain("summary", value)
