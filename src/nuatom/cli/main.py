"""Entry point: exit code 0, or 2 with one line on standard error."""

import sys
from collections.abc import Sequence

import typer

import nuatom
from nuatom.cli import atom
from nuatom.cli.doctor import doctor
from nuatom.cli.evaluate import rate, xsec
from nuatom.cli.expected import expected
from nuatom.cli.gallery import gallery
from nuatom.cli.limit import HELP as LIMIT_HELP
from nuatom.cli.limit import limit
from nuatom.cli.listing import listing
from nuatom.cli.output import (
    cannot_write_standard_output,
    discard,
    say,
    write_standard_output,
)
from nuatom.cli.project import project
from nuatom.cli.reproduce import reproduce
from nuatom.errors import NuatomError, unknown

_INTERRUPTED = "interrupted; nothing was written"

# The character \u0008 keeps the parser from wrapping an example, so that it can be copied.
app = typer.Typer(
    name="nuatom",
    help="""Neutrino-atom interactions at low energy: cross sections, rates, and the paper
    PRL 105, 061801 with the retraction of its Eq. (10) beside it.

    \u0008
    Example: nuatom reproduce
    """,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(reproduce)
app.command()(xsec)
app.command()(rate)
app.command()(expected)
app.command()(project)
app.command(help=LIMIT_HELP)(limit)
app.command()(gallery)
app.command("list")(listing)
app.command()(doctor)
app.add_typer(atom.app)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version and exit."),
) -> None:
    if version:
        write_standard_output(f"nuatom {nuatom.__version__}\n")
    elif context.invoked_subcommand is None:
        write_standard_output(context.get_help() + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; those of the process if left out [text].

    Returns
    -------
    int
        0, or 2 after one line on standard error.
    """
    command = typer.main.get_command(app)
    message = None
    try:
        # after Ctrl-C the parser returns a code instead of raising
        if command.main(arguments, prog_name="nuatom", standalone_mode=False):
            message = _INTERRUPTED
    except typer.TyperException as error:
        message = _usage(error)
    except NuatomError as error:
        message = str(error)
    except OSError as error:
        message = _system(error)
    except SystemExit:  # the parser's way out when the reader of --help has gone
        discard(sys.stdout)
    except (KeyboardInterrupt, typer.Abort):
        message = _INTERRUPTED
    if message is None:
        return 0
    say(["nuatom: " + " ".join(message.split())])
    return 2


def _usage(error: typer.TyperException) -> str:
    """Return what is wrong with the words of the command line and what to do."""
    context = getattr(error, "ctx", None)
    command = "nuatom" if context is None else context.command_path
    if context is not None and hasattr(error, "possibilities"):
        known = [name for option in context.command.get_params(context) for name in option.opts]
        options = [name for name in known if name.startswith("--")]
        return str(unknown("option", getattr(error, "option_name", ""), options))
    return f"{error.format_message().rstrip('.')}; see {command} --help"


def _system(error: OSError) -> str:
    """Return what the system refused: a file, or the help text, which the parser writes."""
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}; choose another file"
    return str(cannot_write_standard_output(error))


if __name__ == "__main__":
    sys.exit(main())
