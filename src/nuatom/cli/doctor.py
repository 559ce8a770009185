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
    """Compare the tables beside each data.toml with the checksums in it.

    ``sha256`` is one checksum for the only table, or a table of them by file name; a card
    without it holds its few numbers itself.

    Parameters
    ----------
    root : Path
        The data folder [path].

    Returns
    -------
    tuple of int and list of str
        How many editions were checked, and those that differ, lack a table or have a card
        that cannot be read.
    """
    checked, damaged = 0, []
    for card in sorted(root.rglob("data.toml")):
        tables = [path for path in card.parent.iterdir() if path != card and path.is_file()]
        found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tables}
        try:
            stated = tomllib.loads(card.read_text(encoding="utf-8")).get("sha256", {})
        except ValueError:
            stated = "unreadable"
        checked += bool(found or stated)
        if stated != (found if isinstance(stated, dict) else "".join(found.values())):
            damaged.append(str(card.parent.relative_to(root)))
    return checked, damaged


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed: install the package again"


def doctor() -> None:
    """Check the installation: versions, shipped data, optional tools.

    \u0008
    Example: nuatom doctor
    """
    checked, damaged = damaged_data(Path(nuatom.__file__).parent / "data")
    chromium = shutil.which("chromium")
    lines = [
        f"nuatom        {nuatom.__version__}",
        f"python        {platform.python_version()} on {platform.system()} {platform.machine()}",
        *(f"{name:13s} {_version(name)}" for name in _LIBRARIES),
        f"cores         {os.cpu_count()}",
        "constants     " + ", ".join(f"{k} {v}" for k, v in constants.EDITIONS.items()),
        f"unit scale    1 keV = {u.keV:g} base units",
        f"shipped data  {checked} tables, {len(damaged)} damaged",
        f"chromium      {chromium or 'not found: browser tests are skipped (make browser)'}",
    ]
    write_standard_output("\n".join(lines) + "\n")
    if damaged:
        raise NuatomError(f"damaged data: {', '.join(damaged)}; install the package again")
