"""The lock files cover pyproject.toml, and install anywhere."""

import re
import tomllib

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
