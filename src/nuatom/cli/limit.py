"""``nuatom limit``: from a run card with data to limits on couplings."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Annotated

import typer

from nuatom.analysis.limits.uses import USES
from nuatom.cli import parse, progress, workers
from nuatom.cli.output import say, write_standard_output
from nuatom.errors import NuatomError
from nuatom.table import write_bytes_atomically

if TYPE_CHECKING:
    from nuatom.analysis.limits.result import LimitResult

_SOON = 2.0
"""Seconds after which progress is shown."""
_HELP = """Set limits on couplings: by several methods, with each atomic model.

    The run card says what with its section [limit]:

    \u0008
    [limit]
    parameters = ["magnetic-moment"]      # one or two of its channels
    methods = ["profile-likelihood"]      # see below
    models = ["ab-initio", "stepped"]     # repeated with each
    confidence = "90 %"

    The table goes to standard output, remarks and what to cite to the other.

    \u0008
    Methods, and when to use which:
{methods}

    \u0008
    Example: nuatom limit card.toml --out limit.json --plot limit.png
    Example: nuatom expected --init germanium --out card.toml
    """


def _methods() -> str:
    return "\n".join(f"    {name}\n        {use.use}" for name, use in USES.items())


HELP = _HELP.format(methods=_methods())
"""Of the command, with every method."""


def limit(
    card: Annotated[str, typer.Argument(help="A run card (TOML).", metavar="CARD.toml")],
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            help="Write the result here: all of it (.json), or what is quoted (.csv).",
            metavar="FILE",
        ),
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option(
            "--plot", help="Draw spectrum, fit and profile here (.png, .svg).", metavar="FILE"
        ),
    ] = None,
    jobs: Annotated[
        str,
        typer.Option("--jobs", help="Processes for toys; all cores if left out.", metavar="N"),
    ] = "",
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace", help="Write a HistFactory workspace (pyhf) here.", metavar="FILE.json"
        ),
    ] = None,
    hepdata: Annotated[
        str | None,
        typer.Option(
            "--hepdata", help="Write a HEPData submission into this folder.", metavar="FOLDER"
        ),
    ] = None,
) -> None:
    """Set limits on couplings; the text of --help is `HELP`."""
    file = None if out is None else parse.file(out, "--out")
    picture = None if plot is None else parse.file(plot, "--plot", parse.PICTURES)
    space = None if workspace is None else parse.file(workspace, "--workspace", (".json",))
    folder = None if hepdata is None else parse.place(hepdata, "--hepdata")
    if file is not None:
        from nuatom.analysis.limits.result import check_format

        check_format(file)
    result = _computed(card, workers.jobs(jobs))
    drawn = None
    if picture is not None:
        from nuatom.plotting.limit import picture as drawing

        drawn = drawing(result.tables, picture.suffix[1:])
    spec = None if space is None else _workspace(result)
    if file is not None:
        result.save(file)
    if picture is not None and drawn is not None:
        write_bytes_atomically(picture, drawn)
    if space is not None and spec is not None:
        from nuatom.analysis.limits.histfactory import write

        write(spec, space)
    if folder is not None:
        from nuatom.analysis.limits.hepdata import submit

        submit(result, folder)
    write_standard_output(str(result))
    say(f"note: {line}" for line in result.notes)
    say(f"cite: {line}" for line in result.references)


def _computed(card: str, number: int) -> "LimitResult":
    """Return the result, with progress for toys that take long."""
    from nuatom.analysis.limits.limit import limit as run
    from nuatom.analysis.limits.methods import Workers

    place = parse.place(card, "CARD.toml")
    bar = progress.share("limits", "toys", after=_SOON)
    threads = ThreadPoolExecutor(number)
    try:
        with workers.workers(number) as processes, threads, bar as step:
            return run(place, workers=Workers(threads, processes, step))
    except BrokenProcessPool:
        raise NuatomError(
            "a process ended unexpectedly (is the memory full?), expected it to finish; repeat "
            "the command with a smaller --jobs"
        ) from None


def _workspace(result: "LimitResult") -> dict[str, object]:
    from nuatom.analysis.limits.histfactory import workspace

    first = result.interests[0]
    value = result.quotes[0].parameter_high
    return workspace(result.likelihood, first.name, None if first.linear else value)
