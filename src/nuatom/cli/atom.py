"""``nuatom atom``: tables of atomic responses from first principles.

The engine is imported by the commands that need it: loading its machine code takes a second.
"""

import os
import re
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nuatom import units as u
from nuatom.cli import parse, progress, workers
from nuatom.cli.atom_compare import compare
from nuatom.cli.output import emit, say, write_standard_output
from nuatom.errors import CannotWrite, InvalidInput, NuatomError

if TYPE_CHECKING:
    from nuatom.responses.response_table import ResponseTable

app = typer.Typer(
    name="atom",
    help="""Tables of atomic responses, computed from the structure of the atom.

    \u0008
    Example: nuatom atom show Ge
    """,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command()(compare)

Out = Annotated[
    str | None,
    typer.Option("--out", help="Write the CSV here instead of standard output.", metavar="FILE"),
]


@app.callback(invoke_without_command=True)
def _atom(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        write_standard_output(context.get_help() + "\n")


@app.command()
def build(
    target: Annotated[str, typer.Argument(help="Element, such as Ge.", metavar="ELEMENT")],
    out: Annotated[
        str, typer.Option("--out", help="The table to write, ending in .nc.", metavar="FILE")
    ],
    model: Annotated[
        str, typer.Option("--model", help="dirac-fock, dirac-fock-frozen, kohn-sham or slater.")
    ] = "dirac-fock",
    edges: Annotated[str, typer.Option("--edges", help="measured or calculated.")] = "measured",
    points: Annotated[
        str, typer.Option("--points", help="Energies x momenta of each subshell.", metavar="NxM")
    ] = "60x80",
    maximum_kev: Annotated[
        str,
        typer.Option("--maximum-keV", help="Above it every electron counts as free.", metavar="X"),
    ] = "1000",
    variants: Annotated[
        bool,
        typer.Option(
            "--variants/--no-variants", help="Compute the uncertainty too (three times the work)."
        ),
    ] = True,
    jobs: Annotated[
        str, typer.Option("--jobs", help="Processes; all cores if left out.", metavar="N")
    ] = "",
) -> None:
    """Compute the table of an atom; what was done is kept if it is interrupted.

    The same command goes on where an interrupted one ended.  The result does not depend on
    the number of processes.

    \u0008
    Example: nuatom atom build H --points 16x16 --out H.nc
    """
    from nuatom.ab_initio import TablePlan, build_table
    from nuatom.responses.table_format import write_table

    place = _table_place(out)
    plan = TablePlan(
        target,
        model=model,
        points=_points(points),
        maximum=parse.quantity(maximum_kev, u.keV, "--maximum-keV"),
        edges=edges,
        variants=variants,
    )
    number = workers.jobs(jobs)
    # a device has no place beside it
    store = place.with_name(f".{place.name}.unfinished") if _ordinary(place) else None
    try:
        bar = progress.share(f"{target}: solving the atom", f"{target}: responses")
        with workers.workers(number) as executor, bar as step:
            table = build_table(plan, executor=executor, progress=step, store=store)
    except KeyboardInterrupt:
        kept = "" if store is None else f"; {store} keeps what was done: repeat the command"
        raise NuatomError(f"interrupted; no table was written{kept}") from None
    except BrokenProcessPool:
        raise NuatomError(
            "a process ended unexpectedly (is the memory full?), expected it to finish; repeat "
            "the command with a smaller --jobs"
        ) from None
    write_table(place, table)
    names = ", ".join(sorted(table.responses))
    write_standard_output(f"{place}: {len(table.shells)} subshells of {target}, {names}\n")


@app.command()
def show(
    target: Annotated[
        str, typer.Argument(help="Element of the package, or a table FILE.nc.", metavar="ELEMENT")
    ],
    out: Out = None,
) -> None:
    """Show what a table holds: subshells, thresholds, grid, provenance, uncertainty.

    \u0008
    Example: nuatom atom show Ge
    """
    from nuatom.ab_initio.shown import shell_table, table_notes

    file = None if out is None else parse.place(out, "--out")
    table = _table(target)
    emit(shell_table(table), file)
    say(f"note: {line}" for line in table_notes(table))


def _table(target: str) -> "ResponseTable":
    """Return the table of a file or of the package; both are verified when read."""
    from nuatom.responses.shipped_tables import shipped_table
    from nuatom.responses.table_format import read_table

    return read_table(Path(target)) if target.endswith(".nc") else shipped_table(target)


def _table_place(text: str) -> Path:
    """Return where to write a table, after making sure before a long computation."""
    place = parse.place(text, "--out")
    if place.is_dir():
        raise CannotWrite(f"cannot write {place}: it is a folder; give the name of a file")
    if _ordinary(place) and place.suffix != ".nc":
        raise InvalidInput(f"--out: found {text!r}, expected a name that ends in .nc")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"cannot write {place}: {error.strerror}; choose another place") from None
    if not os.access(place.parent, os.W_OK):
        raise CannotWrite(f"cannot write into {place.parent}; choose another place")
    return place


def _ordinary(place: Path) -> bool:
    """Tell whether a path is a file, or may become one."""
    return place.is_file() or not place.exists()


def _points(text: str) -> tuple[int, int]:
    """Return the points that a word such as 60x80 spells."""
    found = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    if found is None:
        raise InvalidInput(f"--points: found {text!r}, expected energies x momenta such as 60x80")
    return int(found[1]), int(found[2])
