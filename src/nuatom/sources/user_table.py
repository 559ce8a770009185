"""Fluxes from a user's own table."""

from pathlib import Path

import numpy as np

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import FLAVORS, check_flavor
from nuatom.sources.continuum import Continuum
from nuatom.sources.csv_columns import ReadColumns, read_columns
from nuatom.sources.flux import Source

_SCALES = (("eV", u.eV), ("keV", u.keV), ("MeV", u.MeV), ("GeV", u.GeV))
ENERGY_COLUMNS = {f"neutrino_energy_{name}": unit for name, unit in _SCALES}
"""Header of the first column -> its unit."""
FLUX_COLUMNS = {f"flux_per_{name}_cm2_s": u.flux / unit for name, unit in _SCALES}
"""Header of a flux of the flavour that the caller names -> its unit."""
FLAVOR_COLUMNS = {
    f"{flavor}_{name}": unit for flavor in FLAVORS for name, unit in FLUX_COLUMNS.items()
}
"""Header of a flux that names its flavour itself -> its unit."""
_EXAMPLE = "neutrino_energy_MeV,flux_per_MeV_cm2_s (or eV, keV, GeV)"


def user_table(path: Path | str, flavor: str = "anti_nu_e") -> Source:
    r"""Return the fluxes in a CSV file.

    The first line names the columns with their units, such as
    ``neutrino_energy_MeV,flux_per_MeV_cm2_s`` (eV, keV, MeV or GeV); energies increase.
    A beam of several flavours has a column for each, such as
    ``nu_mu_flux_per_MeV_cm2_s,anti_nu_mu_flux_per_MeV_cm2_s``.  Between the rows the flux
    density is linear, outside it is zero.  Empty lines and lines that begin with # are
    skipped.

    Parameters
    ----------
    path : Path or str
        The file [path].
    flavor : str
        One of the six flavours, of a column that does not name its own [name].

    Returns
    -------
    Source
        Named after the file, with one flux for each column.

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
    known = [ENERGY_COLUMNS, {**FLUX_COLUMNS, **FLAVOR_COLUMNS}]
    table = read_columns(path, known, example=_EXAMPLE, repeat=True)
    flavors = [_flavor(name, flavor) for name in table.names[1:]]
    for found in flavors:
        if flavors.count(found) > 1:
            raise InvalidInput(f"{path}, line 1: found two columns of {found}, expected one")
    _check_energies(path, table)
    fluxes = tuple(
        Continuum.from_points(found, table.values[:, 0], density)
        for found, density in zip(flavors, table.values[:, 1:].T, strict=True)
    )
    return Source(path.stem, fluxes, (str(path),), "flux density linear between the rows")


def _flavor(name: str, default: str) -> str:
    return default if name in FLUX_COLUMNS else name.partition("_flux_per_")[0]


def _check_energies(path: Path, table: ReadColumns) -> None:
    energies = table.values[:, 0]
    falling = np.flatnonzero(np.diff(energies) <= 0)
    if falling.size:
        n = int(falling[0])
        unit = ENERGY_COLUMNS[table.names[0]]
        raise InvalidInput(
            f"{path}, line {table.lines[n + 1]}, column {table.names[0]}: found "
            f"{energies[n + 1] / unit:g} after {energies[n] / unit:g}, expected increasing "
            "energies; sort the table"
        )
    if energies.size < 2:
        raise InvalidInput(f"{path}: found {energies.size} rows of numbers, expected at least 2")
