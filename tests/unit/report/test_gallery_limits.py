"""Limits on the page of experiments."""

from dataclasses import dataclass

import numpy as np

from nuatom.plotting.exhibit import picture
from nuatom.report.gallery_limits import limit_part, overview
from nuatom.report.references import References
from nuatom.table import Column, Table

LIMITS = Table("limits", "magnetic-moment", (Column("method", ["bayes"]), Column("x", ["< 2e-11"])))
DRAWN = Table(
    "exhibit",
    "",
    (
        Column("energy_low_keV", np.array([1.0])),
        Column("energy_high_keV", np.array([2.0])),
        Column("total_counts", np.array([3.0]), "total"),
    ),
)


@dataclass
class Shown:
    title: str = "An <experiment>"
    tables: tuple = (LIMITS,)
    statements: tuple = ("goodness of fit: p = 0.5",)


def test_figure_statements_and_tables_of_an_experiment():
    """Everything inside the page, escaped."""
    text = limit_part("one", Shown(), {"one": picture(DRAWN, "svg")}, References())
    assert "data:image/svg+xml;base64," in text
    assert "An &lt;experiment&gt;" in text
    assert "goodness of fit: p = 0.5" in text
    assert "2&nbsp;&times;&nbsp;10<sup>&minus;11</sup>" in text


def test_an_experiment_without_data_has_its_remark_alone():
    """No figure, no number."""
    text = limit_part("one", Shown(tables=()), {}, References())
    assert "<figure>" not in text
    assert "<table>" not in text
    assert "goodness" in text


def test_experiments_without_data_are_named_at_the_top():
    """With the way to change it."""
    text = overview({"one": Shown("One", ()), "two": Shown("Two")}, LIMITS, References())
    assert "not at hand: One." in text
    assert "--data" in text
    assert "<table>" in text


def test_no_card_asks_for_a_limit():
    """Then it is said."""
    assert "No run card here asks for a limit" in overview({}, None, References())
