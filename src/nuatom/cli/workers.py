"""Processes that share the work of a command."""

import multiprocessing
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from nuatom.errors import InvalidInput


def jobs(text: str) -> int:
    """Return the number of processes that an option asks for.

    Parameters
    ----------
    text : str
        Of ``--jobs``; empty for all cores [text].

    Returns
    -------
    int
        At least one.

    Raises
    ------
    InvalidInput
        If it is no whole number from 1 to 999.

    Example
    -------
    >>> jobs("3")
    3
    """
    if not text:
        return os.cpu_count() or 1
    if not re.fullmatch(r"[1-9]\d{0,2}", text):
        raise InvalidInput(f"--jobs: found {text!r}, expected a whole number from 1 to 999")
    return int(text)


@contextmanager
def workers(number: int) -> Iterator[Executor | None]:
    """Yield an executor of spawned processes; none for a single one.

    No process begins before there is work for it.

    Parameters
    ----------
    number : int
        Of processes [dimensionless].
    """
    if number == 1:
        yield None
        return
    threads = "OPENBLAS_NUM_THREADS"
    before = os.environ.get(threads)
    os.environ[threads] = "1"  # the processes share the cores already
    pool = ProcessPoolExecutor(
        number,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),  # Ctrl-C is for this process
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if before is None:
            del os.environ[threads]
        else:
            os.environ[threads] = before
