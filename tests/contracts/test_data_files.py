"""Every data edition in the package says what it is, and is what it says."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.tooling

DATA = Path(__file__).resolve().parents[2] / "src" / "nuatom" / "data"
OWN_KINDS = {"tolerances"}
"""Kinds that hold decisions of this project, not published numbers: no card is asked for."""

EDITIONS = sorted({path.parent for path in DATA.rglob("*") if path.is_file()})
PUBLISHED = [e for e in EDITIONS if e.relative_to(DATA).parts[0] not in OWN_KINDS]


def name(edition: Path) -> str:
    return str(edition.relative_to(DATA))


def card(edition: Path) -> dict:
    return tomllib.loads((edition / "data.toml").read_text(encoding="utf-8"))


def digests(edition: Path) -> dict[str, str]:
    """File name to sha256: `[sha256]` is a table, or one digest for the only other file."""
    entry = card(edition)["sha256"]
    if isinstance(entry, dict):
        return entry
    others = [path.name for path in edition.iterdir() if path.name != "data.toml"]
    assert len(others) == 1, "one sha256 for several files: use a [sha256] table"
    return {others[0]: entry}


@pytest.mark.parametrize("edition", EDITIONS, ids=name)
def test_path_is_kind_name_edition(edition):
    """Data lie at <kind>/<name>/<edition>, so that a new edition never replaces an old one."""
    assert len(edition.relative_to(DATA).parts) == 3


@pytest.mark.parametrize("edition", PUBLISHED, ids=name)
def test_card_says_what_the_data_are(edition):
    """Title, reference and licence are there and not empty."""
    assert (edition / "data.toml").is_file()
    for key in ("title", "reference", "licence"):
        assert card(edition).get(key), f"{name(edition)}/data.toml: no {key}"


@pytest.mark.parametrize("edition", PUBLISHED, ids=name)
def test_tables_are_what_the_card_says(edition):
    """Each file beside the card has its digest there, and matches it."""
    if not (edition / "data.toml").is_file():
        pytest.fail("no data.toml")
    files = {path.name for path in edition.iterdir() if path.name != "data.toml"}
    if not files and "sha256" not in card(edition):
        return  # a card that holds its few numbers itself
    expected = digests(edition)
    assert set(expected) == files
    for file, digest in expected.items():
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert hashlib.sha256((edition / file).read_bytes()).hexdigest() == digest, file
