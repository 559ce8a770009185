"""Fluxes from a user's own table."""

import difflib
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import check_flavor
from nuatom.sources.continuum import Continuum
from nuatom.sources.flux import Source

ENERGY_COLUMNS = {
    f"neutrino_energy_{name}": unit
    for name, unit in (("eV", u.eV), ("keV", u.keV), ("MeV", u.MeV), ("GeV", u.GeV))
}
"""Header of the first column -> its unit."""
FLUX_COLUMNS = {
    f"flux_per_{name}_cm2_s": u.flux / unit
    for name, unit in (("eV", u.eV), ("keV", u.keV), ("MeV", u.MeV), ("GeV", u.GeV))
}
"""Header of the second column -> its unit."""


def user_table(path: Path | str, flavor: str = "anti_nu_e") -> Source:
    r"""Return the flux in a CSV file.

    The first line names the columns with their units, such as
    ``neutrino_energy_MeV,flux_per_MeV_cm2_s`` (eV, keV, MeV or GeV); energies increase.
    Between the rows the flux density is linear, outside it is zero.  Empty lines and lines
    that begin with # are skipped.

    Parameters
    ----------
    path : Path or str
        The file [path].
    flavor : str
        One of the six flavours [name].

    Returns
    -------
    Source
        Named after the file.

    Raises
    ------
    InvalidInput
        If the file cannot be read, or a header or value is wrong; the message names file,
        line and column.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "beam.csv"
    ...     _ = file.write_text("neutrino_energy_MeV,flux_per_MeV_cm2_s\n1,10\n2,10\n")
    ...     source = user_table(file, "nu_e")
    >>> source.name, round(source.total_flux() / u.flux, 9)
    ('beam', 10.0)
    """
    path = Path(path)
    check_flavor(flavor)
    lines = _lines(path)
    number, cells = next(lines, (1, []))
    where = f"{path}, line {number}"
    if len(cells) != 2:
        raise InvalidInput(
            f"{where}: found {len(cells)} columns, expected the header "
            "neutrino_energy_MeV,flux_per_MeV_cm2_s (or eV, keV, GeV)"
        )
    units = [_unit(where, cells[0], ENERGY_COLUMNS), _unit(where, cells[1], FLUX_COLUMNS)]
    energies, densities = _numbers(path, lines, cells)
    if energies.size < 2:
        raise InvalidInput(f"{path}: found {energies.size} rows of numbers, expected at least 2")
    continuum = Continuum.from_points(flavor, energies * units[0], densities * units[1])
    return Source(path.stem, (continuum,), (str(path),), "flux density linear between the rows")


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of the lines that hold something."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(
            f"{path}: no such file; expected a CSV with neutrino_energy_MeV,flux_per_MeV_cm2_s"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InvalidInput(f"{path}: cannot be read ({reason}); expected a CSV file") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, [cell.strip() for cell in line.split(",")]


def _unit(where: str, name: str, known: dict[str, float]) -> float:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
        hint = "did you mean " + " or ".join(near) + "?" if near else "expected " + ", ".join(known)
        raise InvalidInput(f"{where}: unknown column {name!r}: {hint}")
    return known[name]


def _numbers(
    path: Path, lines: Iterator[tuple[int, list[str]]], names: list[str]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    rows: list[list[float]] = []
    for number, cells in lines:
        where = f"{path}, line {number}"
        if len(cells) != 2:
            raise InvalidInput(f"{where}: found {len(cells)} columns, expected 2")
        row = [_number(f"{where}, column {n}", cell) for n, cell in zip(names, cells, strict=True)]
        if rows and row[0] <= rows[-1][0]:
            raise InvalidInput(
                f"{where}, column {names[0]}: found {row[0]:g} after {rows[-1][0]:g}, expected "
                "increasing energies; sort the table"
            )
        rows.append(row)
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _number(where: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise InvalidInput(f"{where}: found {cell!r}, expected a number") from None
    if not math.isfinite(value) or value < 0:
        raise InvalidInput(f"{where}: found {cell}, expected a finite number >= 0")
    return value
