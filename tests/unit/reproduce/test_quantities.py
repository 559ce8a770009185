"""Quantities and their status."""

import json
import math

import numpy as np
import pytest

from nuatom.errors import InvalidInput, UnknownName
from nuatom.reproduce import quantities
from nuatom.reproduce.quantities import (
    Item,
    Quantity,
    Tolerance,
    judge,
    judge_band,
    tolerance,
    tolerances,
)
from nuatom.table import Column, Table


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a small table in place of the committed one."""
    table = {
        "a.relative": Tolerance("relative", 0.1, "r"),
        "a.absolute": Tolerance("absolute", 0.05, "r"),
        "a.identity": Tolerance("identity", 1e-10, "r"),
        "a.solved": Tolerance("solved for", None, "r"),
        "a.hidden": Tolerance("not public", None, "r"),
        "a.gone": Tolerance("retracted", None, "r"),
        "b.*": Tolerance("relative", 0.2, "r"),
        "b.c.*": Tolerance("absolute", 0.2, "r"),
    }
    monkeypatch.setattr(quantities, "tolerances", lambda: table)


@pytest.mark.parametrize(
    ("key", "published", "ours", "status"),
    [
        ("a.relative", 1.0, 1.1, "reproduced"),
        ("a.relative", 1.1, 1.0, "reproduced"),
        ("a.relative", 1.0, 1.11, "differs"),
        ("a.relative", 1.0, 1 / 1.11, "differs"),
        ("a.relative", -1.0, 1.0, "differs"),
        ("a.relative", 0.0, 1e-30, "differs"),
        ("a.relative", 0.0, 0.0, "reproduced"),
        ("a.absolute", 1.9, 1.95, "reproduced"),
        ("a.absolute", 1.9, 1.951, "differs"),
        ("a.identity", True, True, "reproduced"),
        ("a.identity", True, np.False_, "differs"),
        ("a.identity", "E^2", "E'^2", "differs"),
        ("a.identity", 47, 47.0, "reproduced"),
        ("a.identity", 1.0, True, "differs"),
        ("a.solved", 1.0, 5.0, "solved for"),
        ("a.hidden", None, 5.0, "not public"),
        ("a.gone", 1.0, 1.0, "retracted"),
        ("b.anything", 1.0, 1.2, "reproduced"),
        ("b.c.anything", 10.0, 11.0, "differs"),
        ("b.d.anything", 10.0, 11.0, "reproduced"),
    ],
)
def test_status(committed: None, key: str, published: object, ours: object, status: str) -> None:
    """The status follows from kind and tolerance alone, the same above and below."""
    assert judge(key, published=published, ours=ours).status == status


def test_a_retracted_quantity_still_shows_its_ratio(committed: None) -> None:
    """Retracted does not mean hidden: the ratio is there."""
    assert judge("a.gone", published=2.0, ours=3.0).ratio == 1.5


def test_ratio_exists_for_two_numbers_only(committed: None) -> None:
    """A ratio needs two numbers and a denominator that is not zero."""
    assert judge("a.identity", published=True, ours=True).ratio is None
    assert judge("a.hidden", published=None, ours=1.0).ratio is None
    assert judge("a.solved", published=0.0, ours=1.0).ratio is None


def test_unknown_key_is_refused(committed: None) -> None:
    """A quantity without an agreed tolerance is an error, with the nearest key."""
    with pytest.raises(UnknownName, match=r"a\.relative"):
        judge("a.relativ", published=1.0, ours=1.0)
    with pytest.raises(UnknownName):
        tolerance("nothing")


@pytest.mark.parametrize("value", [math.nan, math.inf, object(), [1.0]])
def test_what_is_not_a_finite_value_is_refused(committed: None, value: object) -> None:
    """Nothing that JSON cannot hold enters a summary."""
    with pytest.raises(InvalidInput, match="finite"):
        judge("a.relative", published=1.0, ours=value)


def test_a_comparison_needs_two_values(committed: None) -> None:
    """None cannot be compared; the entry must say 'not public' instead."""
    with pytest.raises(InvalidInput, match="not public"):
        judge("a.relative", published=None, ours=1.0)


def test_note_defaults_to_the_reason() -> None:
    """Every quantity explains itself."""
    assert judge("eq11.chi-square", published=39.0, ours=None).note.startswith("needs the")
    assert judge("eq11.chi-square", published=39.0, ours=None, note="n").note == "n"


def test_committed_table_is_sound() -> None:
    """Each entry has a kind, a reason, and a number exactly where one is compared."""
    for key, entry in tolerances().items():
        assert entry.kind in quantities.COMPARED + quantities.DECLARED, key
        assert len(entry.reason) > 20, key
        assert (entry.tolerance is not None) == (entry.kind in quantities.COMPARED), key


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "roughly", "tolerance": 0.1, "reason": "r"},
        {"kind": "relative", "tolerance": 0.1},
        {"kind": "relative", "reason": "r"},
        {"kind": "relative", "tolerance": -0.1, "reason": "r"},
        {"kind": "retracted", "tolerance": 0.1, "reason": "r"},
    ],
)
def test_malformed_entries_are_refused(entry: dict[str, object]) -> None:
    """A table entry without kind, reason or number is an error, not a default."""
    with pytest.raises(InvalidInput, match=r"tolerance x\.y"):
        dict(quantities._entries("", {"x": {"y": entry}}))


def test_summary_is_plain() -> None:
    """A summary with nested quantities, numpy numbers and lists survives JSON."""
    quantity = Quantity(1.0, 2.0, 2.0, 0.1, "differs", "n")
    table = Table("t", "t", (Column("x", np.array([1.0])),))
    item = Item("i", "t", (table,), {"a": [quantity], "b": {"c": np.float64(2)}, "d": None}, "c")
    text = json.dumps(item.summary_dict(), allow_nan=False)
    assert json.loads(text) == {"a": [quantity.to_dict()], "b": {"c": 2.0}, "d": None}


def test_band_is_ordered_whatever_the_ends(committed: None) -> None:
    """The end of a response that is weaker gives the greater limit: the summary sorts them."""
    for ends in ((1.0, 3.0), (3.0, 1.0)):
        band = judge_band("a.hidden", 2.0, ends, note="n")
        assert [(name, q.ours) for name, q in band.items()] == [
            ("value", 2.0),
            ("lower", 1.0),
            ("upper", 3.0),
        ]
        assert all(q.published is None and q.note == "n" for q in band.values())
    with pytest.raises(InvalidInput):
        judge_band("a.hidden", 2.0, (1.0, math.nan))
