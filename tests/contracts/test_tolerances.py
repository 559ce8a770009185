"""No comparison hides an absolute tolerance that is larger than what is compared."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.tooling

TESTS = Path(__file__).resolve().parents[1]
TINY = 1e-45


def test_tiny_numbers_are_compared_relatively():
    """tests/conftest.py takes the default absolute tolerance of 1e-12 away."""
    assert 2 * TINY != pytest.approx(TINY, rel=1e-3)
    assert 2 * TINY != pytest.approx(TINY)
    assert [2 * TINY] != pytest.approx([TINY], rel=1e-3)
    assert 1.0001 * TINY == pytest.approx(TINY, rel=1e-3)
    assert 1e-10 == pytest.approx(0.0, abs=1e-9)


def hides_its_tolerance(node: ast.AST) -> bool:
    """Whether this is a call of numpy's isclose or allclose without atol."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("isclose", "allclose")
        and getattr(node.func.value, "id", "") != "math"
        and "atol" not in {keyword.arg for keyword in node.keywords}
    )


def test_every_isclose_names_its_absolute_tolerance():
    """numpy's isclose and allclose add 1e-8 unless told otherwise."""
    files = sorted([*TESTS.rglob("*.py"), *(TESTS.parent / "src").rglob("*.py")])
    hidden = [
        f"{path.relative_to(TESTS.parent)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if hides_its_tolerance(node)
    ]
    assert hidden == []
