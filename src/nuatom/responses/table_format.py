"""Tables of atomic responses on disk: NetCDF files that are verified when read.

The layout is described in ``docs/table-format.md``.  Energies and momenta are stored in
keV, responses in 1/keV; `nuatom.responses.response_table` says what a table must fulfil.
"""

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, NuatomError
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.responses.response_table import Provenance, RelativeUncertainty, ResponseTable
from nuatom.responses.scaled_grid import TableShell
from nuatom.responses.table_seal import checksum, sealed, unsealed
from nuatom.table import write_bytes_atomically

if TYPE_CHECKING:
    import xarray as xr

FORMAT = "nuatom response table"
FORMAT_VERSION = 1
HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
DEFAULT_BITS = 16
"""Bits of the significand that are kept: rounding by at most 2^-17 = 8e-6."""

GRID = ("shell", "energy_transfer", "momentum_transfer")
BAND = ("channel", "bound", "band_energy")
_SHELL_UNITS = {
    "electrons": "1",
    "edge": "keV",
    "calculated_threshold": "keV",
    "free_above": "keV",
    "momentum_width": "keV",
    "energy_scale": "keV",
    "momentum_reach": "1",
}
_MEANING = {
    "electrons": "electrons in the shell; responses are summed over them",
    "edge": "threshold used: T = edge + kinetic_energy",
    "calculated_threshold": "threshold of the theory alone",
    "free_above": "T above which free electrons replace the table",
    "momentum_width": "w of the momentum grid",
    "energy_scale": "scale of ln(1 + kinetic_energy/scale)",
    "momentum_reach": "end of the momentum grid, in w above the ridge",
    "kinetic_energy": "T - edge",
    "momentum": "|q| of each point, for reference; follows from momentum_formula",
    "relative_uncertainty": "range of (variant - table)/table",
}
_FORMULA = (
    "equal steps in arsinh((|q| - c)/w) + 0.5 ln|q| from |q| = T to c + momentum_reach w, "
    "c = sqrt(T^2 + 2 m T), w = momentum_width"
)
_UNITS = {"keV": u.keV, "1": 1.0, "1/keV": 1 / u.keV}
_MOMENTUM_TOLERANCE = 1e-5
"""Relative, between the stored momenta (single precision) and the formula."""


def write_table(path: Path, table: ResponseTable, *, significand_bits: int = DEFAULT_BITS) -> None:
    """Write a table, whole or not at all.

    Parameters
    ----------
    path : Path
        Where to write, usually ending in ``.nc`` [path].
    table : ResponseTable
        What to write [table].
    significand_bits : int
        Bits of the responses that are kept, 8 to 23; they are stored in single
        precision, compressed, with the accuracy as an attribute [dimensionless].

    Raises
    ------
    InvalidInput
        If the number of bits is not 8 to 23.
    CannotWrite
        If the place refuses; nothing is left behind.

    Notes
    -----
    Equal tables give equal bytes (with equal versions of the libraries below).
    """
    dataset = to_dataset(table, significand_bits=significand_bits)
    compressed = {"zlib": True, "complevel": 9, "shuffle": True, "fletcher32": True}
    encoding: dict[str, dict[str, Any]] = {
        str(name): {"_FillValue": None} | (compressed if variable.ndim == len(GRID) else {})
        for name, variable in dataset.variables.items()
        if variable.dtype.kind == "f"
    }
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / "table.nc"
        dataset.to_netcdf(temporary, engine="h5netcdf", encoding=encoding)
        content = temporary.read_bytes()
    write_bytes_atomically(path, sealed(content))


def read_table(path: Path) -> ResponseTable:
    """Read a table after verifying its version, its checksum and its content.

    Parameters
    ----------
    path : Path
        A file that `write_table` wrote [path].

    Returns
    -------
    ResponseTable
        In double precision.

    Raises
    ------
    InvalidInput
        If the file is missing, truncated, corrupted, of another version, or does not
        hold what the format asks for.  The message names the file and says what to do.
    """
    import xarray as xr

    if not path.is_file():
        raise InvalidInput(f"{path}: found no such file, expected a response table")
    try:
        body = unsealed(path.read_bytes())
        if not body.startswith(HDF5_SIGNATURE):
            raise InvalidInput("found no HDF5 signature, expected NetCDF; build the table again")
        try:
            with xr.open_dataset(
                io.BytesIO(body), engine="h5netcdf", mask_and_scale=False, decode_times=False
            ) as opened:
                dataset = opened.load()
        except Exception as error:  # the libraries raise almost anything
            raise InvalidInput(
                f"found a file that cannot be read ({type(error).__name__}), expected NetCDF; "
                "fetch or build the table again"
            ) from None
        return from_dataset(dataset)
    except NuatomError as error:
        raise InvalidInput(f"{path}: {error}") from None
    except OSError as error:
        raise InvalidInput(f"{path}: found a file that cannot be read: {error.strerror}") from None


def to_dataset(table: ResponseTable, *, significand_bits: int = DEFAULT_BITS) -> "xr.Dataset":
    """Return a table as an xarray dataset, with its checksum.

    Parameters
    ----------
    table : ResponseTable
        Any table [table].
    significand_bits : int
        Bits of the responses that are kept, 8 to 23 [dimensionless].

    Returns
    -------
    Dataset
        What `write_table` writes.

    Raises
    ------
    InvalidInput
        If the number of bits is not 8 to 23.
    """
    import xarray as xr

    if not 8 <= significand_bits <= 23:
        raise InvalidInput(f"significand_bits: found {significand_bits}, expected 8 to 23")
    variables: dict[str, Any] = {}
    for name, unit in _SHELL_UNITS.items():
        values = np.array([getattr(shell, name) for shell in table.shells]) / _UNITS[unit]
        variables[name] = (GRID[:1], values, _labels(name, unit))
    kinetic = table.kinetic_energy / u.keV
    variables["kinetic_energy"] = (GRID[:2], kinetic, _labels("kinetic_energy", "keV"))
    momentum = (table.momentum() / u.keV).astype(np.float32)
    variables["momentum"] = (GRID, momentum, _labels("momentum", "keV"))
    accuracy = f"relative {2.0 ** -(significand_bits + 1):.1e}, from rounding"
    for name in sorted(table.responses):
        rounded = _rounded(table.responses[name] * u.keV, significand_bits)
        attributes = {"units": "1/keV", "storage_accuracy": accuracy}
        variables[name] = (GRID, rounded, attributes)
    coordinates: dict[str, Any] = {"shell": [shell.name for shell in table.shells]}
    if table.uncertainty is not None:
        band = np.stack([table.uncertainty.lower, table.uncertainty.upper], axis=1)
        variables["relative_uncertainty"] = (BAND, band, _labels("relative_uncertainty", "1"))
        coordinates["channel"] = list(table.uncertainty.channels)
        coordinates["bound"] = ["lower", "upper"]
        energy = table.uncertainty.energy_transfer / u.keV
        coordinates["band_energy"] = ("band_energy", energy, {"units": "keV"})
    dataset = xr.Dataset(variables, coordinates, _attributes(table.provenance))
    dataset.attrs["sha256"] = checksum(dataset)
    return dataset


def from_dataset(dataset: "xr.Dataset") -> ResponseTable:
    """Return the table that a dataset holds, after verifying it.

    Parameters
    ----------
    dataset : Dataset
        As `to_dataset` makes it [any].

    Returns
    -------
    ResponseTable
        In double precision.

    Raises
    ------
    InvalidInput
        If the version, the checksum, a unit or the content is not what the format asks.
    """
    _check_version(dataset.attrs)
    found, expected = dataset.attrs.get("sha256"), checksum(dataset)
    if found != expected:
        raise InvalidInput(
            f"found the checksum {str(found)[:12]}..., expected {expected[:12]}...: the content "
            "was changed or damaged; fetch or build the table again"
        )
    names = _strings(dataset, "shell")
    columns = {name: _read(dataset, name, GRID[:1], unit) for name, unit in _SHELL_UNITS.items()}
    shells = tuple(
        TableShell(name, **{label: float(column[i]) for label, column in columns.items()})
        for i, name in enumerate(names)
    )
    table = ResponseTable(
        shells=shells,
        kinetic_energy=_read(dataset, "kinetic_energy", GRID[:2], "keV"),
        responses={
            name: _read(dataset, name, GRID, "1/keV")
            for name in sorted(ALL_RESPONSES)
            if name in dataset.variables
        },
        provenance=_provenance(dataset.attrs),
        uncertainty=_uncertainty(dataset),
    )
    stored = _read(dataset, "momentum", GRID, "keV")
    if not np.allclose(stored, table.momentum(), rtol=_MOMENTUM_TOLERANCE, atol=0.0):
        raise InvalidInput(
            "found momenta that are not those of momentum_formula; expected responses at the "
            "momenta of TableShell.momentum_grid"
        )
    return table


def _labels(name: str, unit: str) -> dict[str, str]:
    """Return the attributes of a variable."""
    return {"units": unit, "long_name": _MEANING[name]}


def _attributes(provenance: Provenance) -> dict[str, Any]:
    """Return the attributes of the file, but for the checksum."""
    attributes: dict[str, Any] = {"format": FORMAT, "format_version": FORMAT_VERSION}
    attributes |= {label: getattr(provenance, label) for label in Provenance.__annotations__}
    attributes["references"] = "\n".join(provenance.references)
    attributes["momentum_formula"] = _FORMULA
    return attributes


def _provenance(attributes: Mapping[Any, Any]) -> Provenance:
    """Return the provenance from the attributes of a file."""
    missing = [label for label in Provenance.__annotations__ if label not in attributes]
    if missing:
        raise InvalidInput(f"found no attribute {missing[0]}, expected it; build the table again")
    text = {label: str(attributes[label]) for label in Provenance.__annotations__}
    number = int(text.pop("atomic_number"))
    references = tuple(text.pop("references").split("\n"))
    return Provenance(**text, atomic_number=number, references=references)


def _check_version(attributes: Mapping[Any, Any]) -> None:
    """Refuse another format and another version."""
    if attributes.get("format") != FORMAT:
        raise InvalidInput(f"found no attribute format = {FORMAT!r}; expected a response table")
    version = attributes.get("format_version")
    if not isinstance(version, int | np.integer):
        raise InvalidInput(f"found format_version {version!r}, expected {FORMAT_VERSION}")
    if version < FORMAT_VERSION:
        raise InvalidInput(
            f"found format_version {version}, expected {FORMAT_VERSION}; the table is older than "
            "this program: build it again"
        )
    if version > FORMAT_VERSION:
        raise InvalidInput(
            f"found format_version {version}, expected {FORMAT_VERSION}; the table is newer than "
            "this program: install a newer nuatom"
        )


def _read(dataset: "xr.Dataset", name: str, dims: tuple[str, ...], unit: str) -> Array:
    """Return a variable in the units of the package, after checking its dimensions and unit."""
    if name not in dataset.variables:
        raise InvalidInput(f"found no variable {name!r}, expected it; build the table again")
    variable = dataset.variables[name]
    if variable.dims != dims or variable.dtype.kind != "f":
        raise InvalidInput(
            f"{name}: found {variable.dtype} with the dimensions {variable.dims}, expected "
            f"floating-point numbers with {dims}"
        )
    if variable.attrs.get("units") != unit:
        raise InvalidInput(
            f"{name}: found units {variable.attrs.get('units')!r}, expected {unit!r}"
        )
    return np.asarray(variable.values, dtype=np.float64) * _UNITS[unit]


def _strings(dataset: "xr.Dataset", name: str) -> tuple[str, ...]:
    """Return a coordinate of names."""
    if name not in dataset.variables:
        raise InvalidInput(f"found no variable {name!r}, expected it; build the table again")
    return tuple(str(value) for value in dataset.variables[name].values)


def _uncertainty(dataset: "xr.Dataset") -> RelativeUncertainty | None:
    """Return the uncertainty if there is one."""
    if "relative_uncertainty" not in dataset.variables:
        return None
    band = _read(dataset, "relative_uncertainty", BAND, "1")
    if _strings(dataset, "bound") != ("lower", "upper"):
        raise InvalidInput("bound: expected 'lower' and 'upper'")
    energy = _read(dataset, "band_energy", ("band_energy",), "keV")
    return RelativeUncertainty(_strings(dataset, "channel"), energy, band[:, 0], band[:, 1])


def _rounded(values: Array, bits: int) -> Any:
    """Return single-precision values with all but the first bits of the significand zero."""
    drop = 23 - bits
    words = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    half = np.uint32((1 << drop) >> 1)
    mask = np.uint32(0xFFFFFFFF << drop & 0xFFFFFFFF)
    return ((words + half) & mask).view(np.float32)
