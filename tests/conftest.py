"""Fixtures and settings that every test shares."""

import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

_approx = pytest.approx


def approx(expected: Any, rel: Any = None, abs: Any = None, nan_ok: bool = False) -> Any:
    """Compare as `pytest.approx` does, but without its hidden absolute tolerance of 1e-12.

    Cross sections here are of the order of 1e-45 cm^2: with that tolerance any two are equal.
    """
    if abs is None:
        rel, abs = (1e-6 if rel is None else rel), 0.0
    return _approx(expected, rel=rel, abs=abs, nan_ok=nan_ok)


pytest.approx = approx

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
