"""No file of the project knows the machine that it was written on, or what is left to do."""

import re
import subprocess

import pytest

pytestmark = pytest.mark.tooling

# Put together here, so that this file does not contain what it forbids.
MACHINE_PATHS = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + "home/[a-z]"]))
LEFTOVERS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")


@pytest.fixture(scope="module")
def text_files(root):
    """Path and text of every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git work tree: the list of committed files is not available")
    texts = {}
    for name in listed.stdout.split("\0"):
        path = root / name
        if not name or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            texts[name] = content.decode("utf-8")
    assert "pyproject.toml" in texts
    return texts


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, LEFTOVERS], ids=["paths", "leftovers"])
def test_no_file_contains(text_files, pattern):
    """A clone elsewhere means the same, and is finished."""
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in text_files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []
