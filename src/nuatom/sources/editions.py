"""Reading of the small published tables that lie in the package."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nuatom.arrays import Array


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of a table: its card and its columns.

    Parameters
    ----------
    card : dict
        The content of data.toml: title, reference, licence, units and single numbers [any].
    columns : dict
        Column name to its cells as text; empty where the card holds all numbers [any].
    """

    card: dict[str, Any]
    columns: dict[str, tuple[str, ...]]

    @property
    def reference(self) -> str:
        """Where the numbers come from [text]."""
        return str(self.card["reference"])

    def column(self, name: str) -> Array:
        """Return a column as numbers.

        Parameters
        ----------
        name : str
            As in the first line of the table [name].

        Returns
        -------
        ndarray
            In the unit that the name says.
        """
        return np.array([float(cell) for cell in self.columns[name]])


@cache
def edition(table: str, name: str, kind: str = "sources") -> Edition:
    """Return an edition of a table of this layer.

    Parameters
    ----------
    table : str
        Folder below that of the kind [name].
    name : str
        Edition, a folder below that [name].
    kind : str
        Folder below data: sources or oscillation [name].

    Returns
    -------
    Edition
        Read once and kept.

    Example
    -------
    >>> edition("fission-spectra", "huber-2011").column("U235_per_MeV_fission")[0]
    np.float64(1.32)
    """
    folder = resources.files("nuatom") / "data" / kind / table / name
    card = tomllib.loads((folder / "data.toml").read_text(encoding="utf-8"))
    file = folder / "table.csv"
    if not file.is_file():
        return Edition(card, {})
    header, *rows = (line.split(",") for line in file.read_text(encoding="utf-8").splitlines())
    return Edition(card, dict(zip(header, zip(*rows, strict=True), strict=True)))
