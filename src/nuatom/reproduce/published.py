"""What the paper prints, read from the shipped card."""

import csv
import tomllib
from functools import cache
from importlib import resources
from typing import Any

_FOLDER = resources.files("nuatom") / "data/papers/wong-li-lin/2010"

PAPER = "H. T. Wong, H. B. Li and S. T. Lin, Phys. Rev. Lett. 105, 061801 (2010)"
RETRACTION = "arXiv:1001.2074v3; M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010)"
RETRACTED_NOTE = (
    "Eq. (10) was retracted by its authors (" + RETRACTION + "); the right answer stands beside it"
)


@cache
def card() -> dict[str, Any]:
    """Return the card of published numbers; names carry their units.

    Returns
    -------
    dict
        Sections hpge, ulege, eq11, eq12, figures.

    Example
    -------
    >>> card()["eq11"]["limit_1e11_mu_B"]
    1.9
    """
    return tomllib.loads((_FOLDER / "data.toml").read_text(encoding="utf-8"))


@cache
def table1() -> tuple[dict[str, str], ...]:
    """Return the rows of Table I as printed; an empty cell is a dash of the paper.

    Returns
    -------
    tuple of dict
        One for each row.

    Example
    -------
    >>> len(table1())
    8
    """
    text = (_FOLDER / "table1.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
