"""The import order of the architecture holds."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.tooling

RUN = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_imports_go_one_way(root, tmp_path):
    """Every contract in pyproject.toml is kept: layers, statistics, plotting."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--no-logo", "--cache-dir", str(tmp_path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
