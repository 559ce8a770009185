"""What the tests of run cards begin with: a card, and a model of random numbers."""

import importlib.util
from pathlib import Path

import pytest


def _load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_card = _load("sample_cards").card
_synthetic = _load("synthetic")


@pytest.fixture(scope="session")
def card():
    """Return a card as a dict, with changes; see sample_cards.py."""
    return _card


@pytest.fixture(scope="session")
def synthetic():
    """Return the module of random models; see synthetic.py."""
    return _synthetic
