"""How pulls and strengths act in models of pyhf."""

import numpy as np
import pyhf
import pytest

from nuatom.analysis.limits.pyhf_modifiers import Line, Parabola, modifier_set

TENSOR = pyhf.tensor.numpy_backend()
DOWN, NOMINAL, UP = (np.array(x) for x in ([4.0, 9.0], [5.0, 9.0], [7.0, 10.0]))
TEMPLATES = [[[DOWN, NOMINAL, UP]]]


@pytest.mark.parametrize("z", [-2.5, -1.0, -0.4, 0.0, 0.7, 1.0, 3.0])
def test_parabola_and_its_tangent(z: float) -> None:
    """Inside a polynomial through three points, beyond a straight line with its slope."""
    through = [
        np.polynomial.Polynomial.fit([-1, 0, 1], y, 2).convert()
        for y in zip(DOWN, NOMINAL, UP, strict=True)
    ]
    edge = np.clip(z, -1, 1)
    expected = [p(edge) + p.deriv()(edge) * (z - edge) - p(0) for p in through]
    found = Parabola(TEMPLATES, TENSOR)(TENSOR.astensor([[z]]))
    assert found.shape == (1, 1, 1, 2)
    assert found[0, 0, 0] == pytest.approx(expected, abs=1e-13)


def test_line() -> None:
    """Factors are linear in the parameter."""
    found = Line([[[[0.9], [1.0], [1.1]]]], TENSOR)(TENSOR.astensor([[-3.0, 0.0, 2.0]]))
    assert found.ravel() == pytest.approx([0.7, 1.0, 1.2], rel=1e-14)


def test_set_replaces_two_modifiers() -> None:
    """All modifiers of HistFactory are there, and pyhf's own set is as it was."""
    own = modifier_set(pyhf)
    theirs = pyhf.modifiers.histfactory_set
    assert own.keys() == theirs.keys()
    changed = {name for name in own if own[name] != theirs[name]}
    assert changed == {"histosys", "normsys"}
