"""Fluxes from a user's own table."""

from pathlib import Path

import numpy as np

from nuatom import units as u
from nuatom.columns import ENERGIES, Columns, Rule, read_columns
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import FLAVORS, check_flavor
from nuatom.sources.continuum import Continuum
from nuatom.sources.flux import Source

_SCALES = {**ENERGIES, "GeV": u.GeV}
_FLUXES = {f"per_{name}_cm2_s": u.flux / unit for name, unit in _SCALES.items()}
_ENERGY = "neutrino_energy"
_PLAIN = "flux"
"""A flux of the flavour that the caller names."""
_STEMS = {f"{flavor}_flux": flavor for flavor in FLAVORS}
"""Fluxes that name their flavour themselves."""
_RULES = [
    Rule(_ENERGY, _SCALES),
    *(Rule(stem, _FLUXES, required=False) for stem in (_PLAIN, *_STEMS)),
]
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
    table = read_columns(path, _RULES, example=_EXAMPLE)
    flavors = {stem: _STEMS.get(stem, flavor) for stem in table.values if stem != _ENERGY}
    _check_flavors(table, list(flavors.values()))
    _check_energies(table)
    fluxes = tuple(
        Continuum.from_points(found, table.values[_ENERGY], table.values[stem])
        for stem, found in flavors.items()
    )
    return Source(path.stem, fluxes, (str(path),), "flux density linear between the rows")


def _check_flavors(table: Columns, flavors: list[str]) -> None:
    where = f"{table.path}, line {table.header_line}"
    if not flavors:
        raise InvalidInput(f"{where}: found 1 columns, expected a flux as well: {_EXAMPLE}")
    for found in flavors:
        if flavors.count(found) > 1:
            raise InvalidInput(f"{where}: found two columns of {found}, expected one")


def _check_energies(table: Columns) -> None:
    energies = table.values[_ENERGY]
    falling = np.flatnonzero(np.diff(energies) <= 0)
    if falling.size:
        n = int(falling[0])
        unit = _SCALES[table.headers[_ENERGY].removeprefix(f"{_ENERGY}_")]
        raise table.refused(
            _ENERGY,
            n + 1,
            f"found {energies[n + 1] / unit:g} after {energies[n] / unit:g}, expected increasing "
            "energies; sort the table",
        )
    if energies.size < 2:
        raise InvalidInput(f"{table.path}: found {energies.size} rows, expected at least 2")
