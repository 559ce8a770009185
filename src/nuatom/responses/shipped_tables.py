"""The tables of responses that come with the package."""

import functools
from importlib import resources
from pathlib import Path

from nuatom.errors import UnsupportedResponse
from nuatom.responses.response_table import ResponseTable
from nuatom.responses.table_format import read_table
from nuatom.targets.elements import SYMBOLS, element

EDITION = "data/responses/ab-initio/1"
"""Where they lie in the package."""


def shipped_folder() -> Path:
    """Return the folder of the tables.

    Returns
    -------
    Path
        Which holds one NetCDF file for each element, and data.toml.
    """
    return Path(str(resources.files("nuatom"))) / EDITION


@functools.cache
def shipped_elements() -> tuple[str, ...]:
    """Return the elements of which the package holds a table.

    Returns
    -------
    tuple of str
        Chemical symbols by atomic number; no table is read.

    Example
    -------
    >>> "Ge" in shipped_elements()
    True
    """
    found = {path.stem for path in shipped_folder().glob("*.nc")}
    return tuple(symbol for symbol in SYMBOLS if symbol in found)


@functools.cache
def shipped_table(symbol: str) -> ResponseTable:
    """Return the ab-initio table of an element, read and verified once.

    Parameters
    ----------
    symbol : str
        Chemical symbol [name].

    Returns
    -------
    ResponseTable
        The same object at every call.

    Raises
    ------
    UnknownName
        If there is no such element; the nearest ones are suggested.
    UnsupportedResponse
        If the package holds no table of the element.
    InvalidInput
        If the file is damaged.

    Example
    -------
    >>> shipped_table("Ge").provenance.atomic_number
    32
    """
    atom = element(symbol)
    if atom.symbol not in shipped_elements():
        raise UnsupportedResponse(
            f"ab-initio table: found none of {symbol}, expected one of "
            f"{', '.join(shipped_elements())}; make one with "
            f"`nuatom atom build {symbol} --out {symbol}.nc` and give the file as the response"
        )
    return read_table(shipped_folder() / f"{atom.symbol}.nc")
