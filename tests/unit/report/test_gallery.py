"""The page of experiments."""

from dataclasses import dataclass, field

import numpy as np

from nuatom.plotting.exhibit import picture
from nuatom.report.gallery import Limits, gallery_page
from nuatom.table import Column, Table

TABLE = Table(
    "exhibit",
    "title",
    (
        Column("energy_low_keV", np.array([1.0])),
        Column("energy_high_keV", np.array([2.0])),
        Column("total_counts", np.array([3.0]), "total"),
    ),
)


@dataclass
class Content:
    table: Table | None = TABLE
    remarks: tuple = ("no resolution was found",)
    references: tuple = field(default=("A. Author, arXiv:1234.56789",))


@dataclass
class Limit:
    title: str = "Other"
    tables: tuple = ()
    statements: tuple = ("no limit: its data are not at hand",)


def page(**more):
    experiments = [("one", "An <experiment>", Content(**more)), ("two", "Other", Content(None))]
    figures = {"one": picture(TABLE, "svg")}
    missing = {"gemma": ("resolution", "bins")}
    limits = Limits({"two": Limit()}, {}, None)
    return gallery_page(experiments, figures, missing, "Made here.", limits)


def test_everything_is_inside_the_page():
    """Figures as data, nothing fetched, titles escaped, the same for the same input."""
    text = page()
    assert "data:image/svg+xml;base64," in text
    assert "<script" not in text
    assert 'src="http' not in text
    assert "An &lt;experiment&gt;" in text
    assert text == page()


def test_what_is_missing_and_what_to_cite_is_said():
    """Remarks, missing numbers of every card, references with links."""
    text = page()
    assert "no resolution was found" in text
    assert "<dt>gemma</dt><dd>resolution; bins</dd>" in text
    assert "https://arxiv.org/abs/1234.56789" in text


def test_an_experiment_without_numbers_has_its_remarks():
    """XENON1T S2-only without its release."""
    assert page().count("<figure>") == 1


def test_limits_stand_first_and_with_their_experiment():
    """All of them at the top, each below its own spectrum."""
    text = page()
    assert text.index('id="limits"') < text.index('id="one"') < text.index('id="two"')
    assert text.index('id="two"') < text.index("no limit: its data are not at hand")
    assert '<a href="#limits">' in text
