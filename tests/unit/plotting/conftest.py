"""Made-up tables in the shape of the real ones."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def synthetic():
    """The module that makes the tables."""
    path = Path(__file__).parent / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic_tables", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tables(synthetic):
    """The tables of each item by item and table name."""
    return synthetic.all_tables()
