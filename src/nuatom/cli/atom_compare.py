"""``nuatom atom compare``: a table of responses against sources and models, with figures."""

from typing import Annotated

import typer

from nuatom.ab_initio import compare as comparison
from nuatom.catalog import AB_INITIO
from nuatom.cli import parse, progress
from nuatom.cli.output import say, write_standard_output
from nuatom.plotting import figure_bytes
from nuatom.report.results import check_writable
from nuatom.responses import Tabulated
from nuatom.responses.shipped_tables import shipped_table
from nuatom.table import write_bytes_atomically
from nuatom.targets import element


def compare(
    target: Annotated[str, typer.Argument(help="Element, such as Ge.", metavar="ELEMENT")],
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            help="A response table FILE.nc; that of the package if left out.",
            metavar="FILE",
        ),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", help="Folder for tables and figures.", metavar="DIR")
    ] = "results",
) -> None:
    """Compare a table of atomic responses with sources and models.

    Writes atom_ELEMENT_*.csv and .png: photoabsorption in velocity and length form against
    every source, cross sections over stepped electrons, responses integrated over Q^2,
    thresholds. Standard output has the ratios at a few energies.

    \u0008
    Example: nuatom atom compare Ge --out results
    """
    atom = element(target)
    folder = parse.place(out, "--out")
    if table is None:
        model = Tabulated(shipped_table(atom.symbol), name=AB_INITIO)
    else:
        model = Tabulated.read(parse.place(table, "--table"), name=AB_INITIO)
    comparison.require_element(model, atom)
    check_writable(folder)
    from nuatom.plotting.atom import ATOM_FIGURES, draw_atom_figure

    files: dict[str, bytes] = {}
    with progress.steps(len(comparison.STEPS) + len(ATOM_FIGURES)) as step:
        tables = comparison.compare(model, atom, step)
        for name in ATOM_FIGURES:
            step(f"figure {name}")
            files[f"{name}.png"] = figure_bytes(draw_atom_figure(name, tables), "png")
    files |= {f"{name}.csv": found.to_csv().encode() for name, found in tables.items()}
    for name, content in files.items():
        write_bytes_atomically(folder / f"atom_{atom.symbol}_{name}", content)
    write_standard_output(tables["summary"].to_csv())
    say(f"note: {line}" for line in comparison.remarks(tables, model, atom))
    say([f"note: {len(files)} files in {folder}, atom_{atom.symbol}_*"])
