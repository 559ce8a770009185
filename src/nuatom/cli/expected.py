"""``nuatom expected``: the counts that a run card expects."""

import json
from typing import Annotated

import typer

from nuatom.analysis.cards.starters import STARTERS
from nuatom.cli import parse
from nuatom.cli.output import say, write_standard_output
from nuatom.errors import InvalidInput, lookup
from nuatom.table import write_bytes_atomically, write_text_atomically


def expected(
    card: Annotated[
        str | None,
        typer.Argument(
            help="A run card (TOML); with --init the name of a starter: "
            + ", ".join(STARTERS)
            + ".",
            metavar="CARD.toml",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            help="Write here (.csv, .nc, .root) instead of standard output.",
            metavar="FILE",
        ),
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option("--plot", help="Draw the components here (.png, .svg).", metavar="FILE"),
    ] = None,
    init: Annotated[bool, typer.Option("--init", help="Write a commented card.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON schema of a card, for editors.")
    ] = False,
) -> None:
    """Write what an experiment expects to count: bins x components at unit coupling.

    Signals of each channel and their interferences, backgrounds, and each of them with every
    variation one standard deviation up and down.

    \u0008
    Example: nuatom expected --init germanium --out card.toml
    Example: nuatom expected card.toml --out expected.csv --plot expected.png
    """
    if init or schema:
        _text(card, out, plot, init=init, schema=schema)
        return
    if card is None:
        raise InvalidInput(
            "found no card, expected CARD.toml; write one with `nuatom expected --init`"
        )
    from nuatom.analysis import load, tables

    file = None if out is None else parse.file(out, "--out")
    picture = None if plot is None else parse.file(plot, "--plot", parse.PICTURES)
    if file is not None:
        tables.check_format(file)
    model = load(parse.place(card, "CARD.toml"))
    table = tables.expected_table(model)
    drawn = None if picture is None else _drawn(table, picture.suffix[1:])
    if file is None:
        write_standard_output(table.to_csv())
    else:
        tables.write(model, file)
    if picture is not None and drawn is not None:
        write_bytes_atomically(picture, drawn)
    say(f"note: {line}" for line in table.notes)
    say(f"cite: {line}" for line in table.references)


def _text(name: str | None, out: str | None, plot: str | None, *, init: bool, schema: bool) -> None:
    """Write a starter or the schema."""
    if plot is not None or (init and schema):
        raise InvalidInput("found --init or --schema with other work, expected it alone")
    if schema:
        if name is not None:
            raise InvalidInput(f"--schema: found {name!r}, expected no card")
        from nuatom.analysis.cards.card import json_schema

        text = json.dumps(json_schema(), indent=2) + "\n"
    else:
        text = lookup("starter", name or next(iter(STARTERS)), STARTERS)
    if out is None:
        write_standard_output(text)
    else:
        write_text_atomically(parse.file(out, "--out"), text)


def _drawn(table: object, kind: str) -> bytes:
    from nuatom.plotting.expected import picture

    return picture(table, kind)  # type: ignore[arg-type]
