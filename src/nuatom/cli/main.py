"""Entry point: exit code 0, or 2 with one line on standard error."""

import sys
from collections.abc import Sequence

import click
import typer

import nuatom
from nuatom.cli.doctor import doctor
from nuatom.cli.evaluate import rate, xsec
from nuatom.cli.listing import listing
from nuatom.cli.output import say, write_standard_output
from nuatom.cli.reproduce import reproduce
from nuatom.errors import NuatomError

app = typer.Typer(
    name="nuatom",
    help="Neutrino-atom interactions at low energy: cross sections, rates, and the paper "
    "PRL 105, 061801 with the retraction of its Eq. (10) beside it.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(reproduce)
app.command()(xsec)
app.command()(rate)
app.command("list")(listing)
app.command()(doctor)


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
    try:
        command.main(arguments, prog_name="nuatom", standalone_mode=False)
    except click.ClickException as error:
        return _refuse(error.format_message())
    except NuatomError as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, click.Abort):
        return _refuse("interrupted; nothing was written")
    return 0


def _refuse(message: str) -> int:
    say(["nuatom: " + " ".join(message.split())])
    return 2


if __name__ == "__main__":
    sys.exit(main())
