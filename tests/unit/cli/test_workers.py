"""Processes that share work."""

import os

import pytest

from nuatom.cli.workers import jobs, workers
from nuatom.errors import InvalidInput


def test_all_cores_unless_a_number_is_given():
    """The option is text."""
    assert jobs("") == (os.cpu_count() or 1)
    assert jobs("12") == 12


@pytest.mark.parametrize("text", ["0", "-1", "two", "1000", "1.5"])
def test_numbers_of_processes_are_checked(text):
    """From 1 to 999."""
    with pytest.raises(InvalidInput, match="--jobs"):
        jobs(text)


def test_one_process_is_this_one():
    """No executor at all."""
    with workers(1) as executor:
        assert executor is None


def test_processes_share_the_cores(monkeypatch):
    """Each has one thread for linear algebra; afterwards the setting is as before."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    with workers(2) as executor:
        assert list(executor.map(os.getenv, ["OPENBLAS_NUM_THREADS"])) == ["1"]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    with workers(2):
        assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert "OPENBLAS_NUM_THREADS" not in os.environ
