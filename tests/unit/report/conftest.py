"""A report with made-up numbers, rendered once."""

import importlib.util
from pathlib import Path

import pytest

from nuatom.plotting import FIGURES, draw_figure, figure_bytes
from nuatom.report import render


def load(name):
    """Import a module that lies beside the tests."""
    spec = importlib.util.spec_from_file_location(
        f"{name}_beside", Path(__file__).parent / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample():
    """Items, summary and provenance in the shape of the real ones."""
    return load("sample")


@pytest.fixture(scope="session")
def chromium():
    """The module that drives the browser; skips where there is none."""
    module = load("chromium")
    if module.executable() is None:
        pytest.skip(
            "no chromium on PATH: the report was NOT looked at in a browser; "
            "make browser installs it"
        )
    return module


@pytest.fixture(scope="session")
def figures(sample):
    """Every figure as SVG, drawn once."""
    return {
        name: figure_bytes(draw_figure(name, {t.name: t for t in item.tables}), "svg")
        for item in sample.items()
        for name in FIGURES[item.name]
    }


@pytest.fixture(scope="session")
def page(sample, figures):
    """The page with every figure."""
    return render(sample.items(), sample.summary(), sample.PROVENANCE, figures=figures)
