"""The tree has the shape that the architecture promises."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.tooling

SOURCE = Path(__file__).resolve().parents[2] / "src" / "nuatom"
UNIT = Path(__file__).resolve().parents[1] / "unit"
MODULES = sorted(SOURCE.rglob("*.py"))
TESTS = sorted(UNIT.rglob("test_*.py"))

LONGEST = 450
"""Modules are meant to be near 400 lines; this is where a test says stop."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_modules_are_short(path):
    """A module that outgrows the limit has more than one responsibility."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(UNIT)))
def test_unit_tests_mirror_the_package(path):
    """A unit test lies in the folder, or is named after the folder, that it tests."""
    folder = SOURCE / path.parent.relative_to(UNIT)
    assert folder.is_dir(), f"{path} mirrors no folder of the package"


def test_every_module_has_unit_tests():
    """Each module is tested in the mirrored folder, or its folder by one test file."""
    missing = []
    for module in MODULES:
        relative = module.relative_to(SOURCE)
        if module.name.startswith("__"):
            continue
        folder = UNIT / relative.parent
        own = folder / f"test_{module.stem.lstrip('_')}.py"
        if not own.exists() and not list(folder.glob("test_*.py")):
            missing.append(str(relative))
    assert missing == []


def test_every_package_says_what_it_is():
    """The docstring of a package is the first thing that a reader sees."""
    silent = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("__init__.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
        or path.read_text(encoding="utf-8").startswith('""""""')
    ]
    assert silent == []
