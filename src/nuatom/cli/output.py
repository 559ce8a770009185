"""Where results and remarks go: CSV on standard output or in a file, remarks on stderr."""

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from nuatom.errors import CannotWrite
from nuatom.table import Table, write_text_atomically


def emit(table: Table, out: Path | None) -> None:
    """Write a table as CSV to `out`, or to standard output.

    Parameters
    ----------
    table : Table
        The result [table].
    out : Path or None
        A file, or None for standard output [path].

    Raises
    ------
    CannotWrite
        If the file or the device refuses; nothing is left behind.
    """
    if out is not None:
        write_text_atomically(out, table.to_csv())
        return
    write_standard_output(table.to_csv())


def write_standard_output(text: str) -> None:
    """Write `text` to standard output at once, whole or with an error.

    Parameters
    ----------
    text : str
        What to write [text].

    Raises
    ------
    CannotWrite
        If the device refuses, such as a full disk behind a redirection.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has gone, as with `| head`: that is not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CannotWrite(
            f"cannot write standard output: {error.strerror}; choose another place"
        ) from None


def say(lines: Iterable[str]) -> None:
    """Write remarks to standard error, one a line.

    Parameters
    ----------
    lines : iterable of str
        Remarks [text].
    """
    for line in lines:
        sys.stderr.write(line + "\n")
