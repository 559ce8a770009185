"""``nuatom project``: what the experiment of a run card could reach."""

from typing import Annotated

import typer

from nuatom.cli import parse
from nuatom.cli.output import emit, say
from nuatom.cli.progress import share
from nuatom.table import Table, write_bytes_atomically

_SOON = 2.0
"""Seconds after which progress is shown."""


def project(
    card: Annotated[
        str,
        typer.Argument(help="A run card (TOML) with a section [project].", metavar="CARD.toml"),
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", help="Write the CSV here.", metavar="FILE"),
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option("--plot", help="Draw the projection here (.png, .svg).", metavar="FILE"),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            help="Look for the exposure, and the background, at which the limit is this, in the "
            "unit of the channel (mu_B, e, cm^2).",
            metavar="COUPLING",
        ),
    ] = None,
) -> None:
    """Write median limit, discovery reach and what limits, at each point of the card's axes.

    One row for each point and atomic model; definitions and remarks go to standard error. With
    --target: what it would take, and a plain no where nothing reaches it.

    \u0008
    Example: nuatom project card.toml --out projection.csv --plot projection.png
    Example: nuatom project card.toml --target 1e-11
    """
    from nuatom.analysis.projections.table import project as projected
    from nuatom.analysis.projections.what_it_takes import what_it_takes

    wanted = None if target is None else parse.positive(target, "--target")
    file = None if out is None else parse.file(out, "--out")
    picture = None if plot is None else parse.file(plot, "--plot", parse.PICTURES)
    path = parse.place(card, "CARD.toml")
    with share("building the model", "projecting", after=_SOON) as progress:
        if wanted is None:
            table = projected(path, progress)
        else:
            table = what_it_takes(path, wanted, progress)
    drawn = None if picture is None else _drawn(table, picture.suffix[1:])
    emit(table, file)
    if picture is not None and drawn is not None:
        write_bytes_atomically(picture, drawn)
    say(f"note: {line}" for line in table.notes)
    say(f"cite: {line}" for line in table.references)


def _drawn(table: Table, kind: str) -> bytes:
    from nuatom.plotting.projection import picture

    return picture(table, kind)
