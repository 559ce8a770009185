"""What the README shows is what happens."""

import re
from pathlib import Path

import pytest

from nuatom.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", TEXT, flags=re.DOTALL)
SLOW = ("nuatom reproduce", "nuatom atom build", "nuatom gallery")
"""Commands of minutes, or that need files of others; they have tests of their own."""
COMMANDS = [
    line.partition("#")[0].split()[1:]
    for language, block in BLOCKS
    if not language
    for line in block.splitlines()
    if line.startswith("nuatom ") and not line.startswith(SLOW)
]


def test_python_of_the_readme_runs(capsys):
    """The lines of Python print one rate for each model; binding lowers that of the second."""
    (code,) = [block for language, block in BLOCKS if language == "python"]
    assert len(code.splitlines()) <= 10
    exec(compile(code, "README.md", "exec"), {})
    stepped, bound = (float(line.split()[1]) for line in capsys.readouterr().out.splitlines())
    assert 0 < bound < stepped


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the reader types the commands, one after the other, with the examples."""
    place = tmp_path_factory.mktemp("readme")
    (place / "examples").symlink_to(ROOT / "examples")
    return place


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_of_the_readme_runs(words, folder, capsys, monkeypatch):
    """Each command line exits with 0, and prints or writes something."""
    monkeypatch.chdir(folder)
    assert main(words) == 0
    written = (folder / words[words.index("--out") + 1]).exists() if "--out" in words else False
    assert capsys.readouterr().out or written


def test_images_of_the_readme_exist():
    """Every picture that the README shows is in the repository."""
    pictures = re.findall(r"\]\(([^)]+\.(?:png|svg))\)", TEXT)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_targets_of_the_readme_exist():
    """Every make target that the README names is in the Makefile."""
    targets = set(re.findall(r"(?:^|`)make (\w+)", TEXT, flags=re.MULTILINE))
    assert {"reproduce", "test"} <= targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in targets)
