"""Fixtures and settings that every test shares."""

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

# Deterministic everywhere, so that a green run stays green; `explore` looks further.
hypothesis.settings.register_profile(
    "deterministic", derandomize=True, database=None, deadline=None, max_examples=60
)
hypothesis.settings.register_profile("explore", database=None, deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "deterministic"))


def pytest_report_header() -> str:
    """Say on which unit scale this run computes."""
    from nuatom import units as u

    seed = os.environ.get("NUATOM_UNIT_SEED") or "none"
    return f"nuatom: NUATOM_UNIT_SEED={seed}, 1 keV = {u.keV:.6g} base units"


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the project; skips where it is absent."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("no reference data: the folder ../shared beside the project is absent")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder that does not exist yet."""
    return tmp_path / "out"
