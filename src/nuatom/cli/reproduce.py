"""``nuatom reproduce``: the paper, item by item, with a progress bar."""

from typing import Annotated

import typer

from nuatom.cli import parse, progress
from nuatom.cli.output import write_standard_output
from nuatom.report import results


def reproduce(
    out: Annotated[
        str, typer.Option("--out", help="Folder for the results.", metavar="DIR")
    ] = "results",
    only: Annotated[
        str,
        typer.Option("--only", help="Items: " + ",".join(results.ITEMS) + ".", metavar="a,b,c"),
    ] = "",
) -> None:
    """Compute every figure, equation and table of the paper beside what was published.

    Writes the CSV, SVG and PNG files of each item, report.html and summary.json.

    \u0008
    Example: nuatom reproduce --out results --only fig2,table1
    """
    names = results.chosen(only)
    folder = parse.place(out, "--out")
    results.check_writable(folder)
    with progress.steps(len(names)) as step:
        written = results.write(folder, names, step)
    write_standard_output(f"{len(written)} files in {folder}; open {folder / 'report.html'}\n")
