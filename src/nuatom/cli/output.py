"""Where results and remarks go: CSV on standard output or in a file, remarks on stderr."""

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

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
    if out is None:
        write_standard_output(table.to_csv())
        return
    if out.is_dir():
        raise CannotWrite(f"cannot write {out}: it is a folder; give the name of a file")
    write_text_atomically(out, table.to_csv())


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
    if sys.stdout is None:
        raise CannotWrite("cannot write standard output: it is closed; choose another place")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)  # the reader has gone, as with `| head`: not an error of ours
    except (OSError, UnicodeEncodeError) as error:
        raise cannot_write_standard_output(error) from None


def cannot_write_standard_output(error: OSError | UnicodeEncodeError) -> CannotWrite:
    """Return the error to raise, after giving up what standard output still holds.

    Parameters
    ----------
    error : OSError or UnicodeEncodeError
        What writing raised [any].

    Returns
    -------
    CannotWrite
        With its reason.
    """
    discard(sys.stdout)
    reason = getattr(error, "strerror", None) or str(error)
    return CannotWrite(f"cannot write standard output: {reason}; choose another place")


def say(lines: Iterable[str]) -> None:
    """Write remarks to standard error, one a line.

    Parameters
    ----------
    lines : iterable of str
        Remarks [text].
    """
    if sys.stderr is None:
        return
    try:
        for line in lines:
            sys.stderr.write(line + "\n")
    except OSError:
        discard(sys.stderr)  # nowhere is left to say it; the exit code does


def discard(stream: TextIO) -> None:
    """Point a stream that refuses at the null device, for the flush at exit.

    Parameters
    ----------
    stream : file
        Standard output or standard error [any].
    """
    with contextlib.suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
