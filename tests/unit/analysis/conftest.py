"""The card that the tests of run cards begin with."""

import importlib.util
from pathlib import Path

import pytest


def _load():
    spec = importlib.util.spec_from_file_location("cards", Path(__file__).with_name("cards.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.card


_card = _load()


@pytest.fixture(scope="session")
def card():
    """Return a card as a dict, with changes; see cards.py."""
    return _card
