"""How far a command has come: a bar on a terminal, nothing anywhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def steps(number: int) -> Iterator[Callable[[str], None]]:
    """Yield a function to be called with the name of each step when it begins.

    Parameters
    ----------
    number : int
        Of steps [dimensionless].
    """
    with _bar() as progress:
        task = progress.add_task("starting", total=number)
        done = iter(range(number))

        def step(name: str) -> None:
            progress.update(task, description=name, completed=next(done, number))

        yield step


@contextmanager
def share(
    before: str, while_running: str, *, after: float = 0.0
) -> Iterator[Callable[[float, float], None]]:
    """Yield a function to be called with the work done and all of it.

    Parameters
    ----------
    before : str
        What is done before the first call [text].
    while_running : str
        What is done from then on [text].
    after : float
        Seconds that must pass before a bar is shown; it then comes with a call
        [dimensionless].
    """
    progress, begin = _bar(), time.monotonic()
    task = progress.add_task(before, total=None)

    def step(done: float, everything: float) -> None:
        if not progress.live.is_started and time.monotonic() - begin >= after:
            progress.start()
        progress.update(task, description=while_running, completed=done, total=everything)

    if after <= 0:
        progress.start()
    try:
        yield step
    finally:
        progress.stop()


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description:24s}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
