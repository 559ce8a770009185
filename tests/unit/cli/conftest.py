"""Run the command line inside the test process."""

import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from nuatom.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a run of the program left behind."""

    code: int
    out: str
    err: str

    def table(self) -> dict[str, list[float]]:
        """The CSV on standard output, column by column."""
        header, *rows = csv.reader(io.StringIO(self.out))
        columns = zip(*rows, strict=True) if rows else [()] * len(header)
        return {
            name: [float(cell) for cell in column]
            for name, column in zip(header, columns, strict=True)
        }


def listing(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its content, and every folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Call the program with some words."""

    def call(*words: str) -> Answer:
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def refused(
    run: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Call the program in an empty folder and return its one line of complaint.

    Exit code 2, nothing on standard output, one line on standard error, no traceback, and
    the folder as it was.
    """
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> str:
        before = listing(tmp_path)
        answer = run(*words)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.endswith("\n")
        (line,) = answer.err.splitlines()
        assert line.startswith("nuatom: ")
        assert "Traceback" not in line
        assert listing(tmp_path) == before
        return line

    return call


@pytest.fixture
def written_card(tmp_path: Path) -> Callable[..., str]:
    """Write the text of a card, with changes, into its folder."""

    def write(text: str, *changes: tuple[str, str]) -> str:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "card.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def cold_seconds() -> Callable[..., float]:
    """Time the program in a new process."""

    def call(*words: str) -> float:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "nuatom.cli.main", *words],
            check=True,
            capture_output=True,
            timeout=60,
        )
        return time.perf_counter() - start

    return call
