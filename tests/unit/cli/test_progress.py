"""Bars of progress: what a terminal shows, and that a file never holds them."""

import contextlib
import os
import pty
import time

import pytest

from nuatom.cli import progress


@pytest.fixture
def shown(monkeypatch):
    """Run something with standard error on a terminal and return what stood on it."""

    def run(work):
        master, slave = pty.openpty()
        with os.fdopen(slave, "w") as terminal:
            monkeypatch.setattr("sys.stderr", terminal)
            monkeypatch.setenv("TERM", "xterm")
            work()
        parts = []
        with contextlib.suppress(OSError):  # the end of a terminal whose other side is closed
            while part := os.read(master, 1 << 16):
                parts.append(part)
        os.close(master)
        return b"".join(parts).decode()

    return run


def test_steps_are_named_on_a_terminal(shown):
    """The last of two steps begins with one done: half of the work."""

    def work():
        with progress.steps(2) as step:
            step("first")
            step("second")

    text = shown(work)
    assert "second" in text
    assert "50%" in text


def test_a_share_of_the_work_is_shown(shown):
    """A quarter of everything is 25 %."""

    def work():
        with progress.share("before", "running") as step:
            step(1.0, 4.0)

    text = shown(work)
    assert "running" in text
    assert "25%" in text


def test_short_work_shows_no_bar(shown):
    """Before some time has passed nothing is shown, after it the next call shows it."""

    def work(after, pause):
        with progress.share("before", "running", after=after) as step:
            time.sleep(pause)
            step(1.0, 4.0)

    assert "running" not in shown(lambda: work(60.0, 0.0))
    assert "running" in shown(lambda: work(0.01, 0.02))


def test_a_file_holds_no_bar(capsys):
    """Standard error that is no terminal stays empty, and more steps than announced do no harm."""
    with progress.steps(1) as step:
        step("first")
        step("second")
    with progress.share("before", "running") as step:
        step(1.0, 4.0)
    assert capsys.readouterr().err == ""
