"""Builds the tables that come with the package, and the card that says what they are.

Each table is the one that `nuatom atom build ELEMENT --out FILE` writes.  An interrupted run
goes on where it ended; a table that this code has made already is not made again.

Usage: python validation/ab_initio/build_shipped.py [--jobs N] [--again] [ELEMENT ...]
"""

import argparse
import hashlib
import sys
import time
from pathlib import Path

from nuatom.ab_initio import TablePlan
from nuatom.ab_initio.plan import code_digest
from nuatom.cli.main import main as command
from nuatom.errors import NuatomError
from nuatom.responses.shipped_tables import shipped_folder
from nuatom.responses.table_format import read_table
from nuatom.targets.elements import SYMBOLS

ELEMENTS = ("H", "He", "Ne", "Na", "Si", "Ar", "Ge", "Kr", "I", "Xe", "Cs")
MOST_BYTES = 2_000_000
WORKSHOP = Path(__file__).resolve().parents[2] / ".cache" / "tables"
"""Where an unfinished table waits: the folder of the package holds whole ones only."""

CARD = """\
title = "Responses of neutral atoms to transfers of energy and momentum, subshell by subshell, \
with the range of computed variants; Dirac-Hartree-Fock, independent electrons"
reference = "this package: nuatom atom build ELEMENT --out ELEMENT.nc (each file holds its \
command, inputs and version)"
licence = "BSD-3-Clause"
units = "keV, 1/keV"

[sha256]
"""


def is_fresh(symbol: str) -> bool:
    """Tell whether the shipped table was made by this code."""
    try:
        made = read_table(shipped_folder() / f"{symbol}.nc").provenance.code_version
    except NuatomError:
        return False
    return made.endswith(code_digest()[:12])


def write_card() -> None:
    """Write the checksum of every table."""
    folder = shipped_folder()
    tables = sorted(folder.glob("*.nc"), key=lambda path: SYMBOLS.index(path.stem))
    lines = [f'"{p.name}" = "{hashlib.sha256(p.read_bytes()).hexdigest()}"\n' for p in tables]
    (folder / "data.toml").write_text(CARD + "".join(lines), encoding="utf-8")


def main() -> int:
    """Build what is missing or old."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("elements", nargs="*", metavar="ELEMENT", help="all if none is named")
    parser.add_argument("--jobs", default="2", help="processes (2)")
    parser.add_argument("--again", action="store_true", help="also those that are fresh")
    parser.add_argument("--card", action="store_true", help="only write the card")
    options = parser.parse_args()
    for symbol in () if options.card else options.elements or ELEMENTS:
        TablePlan(symbol)  # an unknown name ends here
        if is_fresh(symbol) and not options.again:
            print(f"{symbol}: fresh")
            continue
        place, start = WORKSHOP / f"{symbol}.nc", time.perf_counter()
        code = command(["atom", "build", symbol, "--jobs", options.jobs, "--out", str(place)])
        if code:
            return code
        size = place.stat().st_size
        print(f"{symbol}: {time.perf_counter() - start:.0f} s, {size / 1e6:.2f} MB", flush=True)
        if size > MOST_BYTES:
            print(f"{symbol}: more than {MOST_BYTES / 1e6:g} MB", file=sys.stderr)
            return 1
        place.replace(shipped_folder() / place.name)
        write_card()
    write_card()
    return 0


if __name__ == "__main__":
    sys.exit(main())
