"""``nuatom doctor``: what a bug report needs, and whether the shipped data are intact."""

import hashlib
import importlib.metadata
import os
import platform
import shutil
import tomllib
from pathlib import Path

import nuatom
from nuatom import constants
from nuatom import units as u
from nuatom.cli.output import write_standard_output
from nuatom.errors import NuatomError

_LIBRARIES = ("numpy", "scipy", "periodictable", "xraylib", "sympy", "matplotlib", "typer", "rich")


def damaged_data(root: Path) -> tuple[int, list[str]]:
    """Compare the one table beside a data.toml, where there is one, with the checksum in it.

    Parameters
    ----------
    root : Path
        The data folder [path].

    Returns
    -------
    tuple of int and list of str
        How many editions were checked, and those that differ or lack their table.
    """
    checked, damaged = 0, []
    for card in sorted(root.rglob("data.toml")):
        digest = tomllib.loads(card.read_text(encoding="utf-8")).get("sha256")
        tables = [path for path in card.parent.iterdir() if path != card]
        checked += bool(tables)
        if tables and [hashlib.sha256(table.read_bytes()).hexdigest() for table in tables] != [
            digest
        ]:
            damaged.append(str(card.parent.relative_to(root)))
    return checked, damaged


def doctor() -> None:
    """Check the installation: versions, shipped data, optional tools.

    Example: nuatom doctor
    """
    checked, damaged = damaged_data(Path(nuatom.__file__).parent / "data")
    chromium = shutil.which("chromium")
    lines = [
        f"nuatom        {nuatom.__version__}",
        f"python        {platform.python_version()} on {platform.system()} {platform.machine()}",
        *(f"{name:13s} {importlib.metadata.version(name)}" for name in _LIBRARIES),
        f"cores         {os.cpu_count()}",
        "constants     " + ", ".join(f"{k} {v}" for k, v in constants.EDITIONS.items()),
        f"unit scale    1 keV = {u.keV:g} base units",
        f"shipped data  {checked} tables, {len(damaged)} damaged",
        f"chromium      {chromium or 'not found: browser tests are skipped (make browser)'}",
    ]
    write_standard_output("\n".join(lines) + "\n")
    if damaged:
        raise NuatomError(f"damaged data: {', '.join(damaged)}; install the package again")
