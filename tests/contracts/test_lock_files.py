"""The lock files cover pyproject.toml, and install anywhere."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

pytestmark = pytest.mark.tooling


def pins(text: str) -> dict[str, set[str]]:
    """Name to locked versions (one for each range of Python versions)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


def imported(text: str) -> Iterator[str]:
    """The top-level names of all modules that a source file imports, anywhere in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.fixture
def core(root):
    """The text of the core lock file."""
    return (root / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture
def test(root):
    """The text of the lock file for tests."""
    return (root / "requirements-test.lock").read_text(encoding="utf-8")


def test_every_requirement_is_locked_at_an_accepted_version(root, core, test):
    """`make lock` was run after the last change of the requirements."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"] + project["build-system"]["requires"]
    extra = project["project"]["optional-dependencies"]["test"]
    for requirements, locked in ((runtime, pins(core)), (runtime + extra, pins(test))):
        for requirement in map(Requirement, requirements):
            versions = locked[requirement.name.lower()]
            assert all(requirement.specifier.contains(Version(v)) for v in versions)


def test_core_is_a_part_of_test(core, test):
    """Both commands may share one environment: no package is locked twice differently."""
    assert pins(core).items() <= pins(test).items()


def test_locks_name_no_place(core, test):
    """No index, path or address: hashes alone say what is meant."""
    for text in (core, test):
        assert not re.search(r"--index|--find-links|://|@ ", text)
        assert text.count("--hash=sha256:") > len(pins(text))


def test_the_package_imports_only_what_it_declares(root):
    """An import that a test tool happens to bring would fail for every user."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {Requirement(text).name.lower() for text in project["dependencies"]}
    # the xraylib wheel does not say that this module is its own
    providers = {"xraylib_np": ["xraylib"], **packages_distributions()}
    undeclared = {
        f"{path.relative_to(root)}: {module}"
        for path in (root / "src").rglob("*.py")
        for module in imported(path.read_text(encoding="utf-8"))
        if module not in sys.stdlib_module_names
        and module != "nuatom"
        and not declared & {name.lower() for name in providers.get(module, ())}
    }
    assert undeclared == set()
