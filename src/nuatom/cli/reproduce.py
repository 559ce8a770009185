"""``nuatom reproduce``: the paper, item by item, with a progress bar."""

from pathlib import Path
from typing import Annotated

import typer

from nuatom.cli.output import write_standard_output
from nuatom.report import results


def reproduce(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("results"),
    only: Annotated[
        str,
        typer.Option("--only", help="Items: " + ",".join(results.ITEMS) + ".", metavar="a,b,c"),
    ] = "",
) -> None:
    """Compute every figure, equation and table of the paper beside what was published.

    Writes one CSV, SVG and PNG for each item, report.html and summary.json.

    Example: nuatom reproduce --out results --only fig2,table1
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    names = results.chosen(only)
    results.check_writable(out)
    bar = Progress(
        TextColumn("{task.description:16s}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar as progress:
        task = progress.add_task("starting", total=len(names))

        def step(name: str) -> None:
            progress.update(task, description=name, advance=1)

        written = results.write(out, names, step)
    write_standard_output(f"{len(written)} files in {out}; open {out / 'report.html'}\n")
