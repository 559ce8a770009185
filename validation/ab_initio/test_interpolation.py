"""A table between its points: against the engine itself, and against a table of half the grid.

The goal is 0.5 % in cross sections averaged over the spectrum of a reactor.
"""

import importlib.util
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.ab_initio import TablePlan, build_table
from nuatom.interactions.incoherent import combine
from nuatom.rates import rate_by_shell
from nuatom.responses.shipped_tables import shipped_table
from nuatom.responses.tabulated import Tabulated

GOAL = 5e-3
"""Largest relative change of a flux-averaged cross section."""
POINTWISE = 0.05
"""A response at a single (T, q): R_L of an orbital with nodes has sharp minima, where a
relative error is large and means nothing; 99 % of the points are nearer than this."""
CHANNELS = {"magnetic-moment": 1e-11, "charge-radius": 1e-32, "millicharge": 1e-12, "weak": 1.0}
LAST = 150 * u.keV


@pytest.fixture(scope="module")
def direct():
    path = Path(__file__).with_name("direct.py")
    spec = importlib.util.spec_from_file_location("direct", path)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["direct"] = module  # spawned processes import it by this name
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(path.parent))


def averaged(model, channel, T):
    return rate_by_shell(
        T,
        source=na.source("kuo-sheng"),
        interaction=combine((catalog.interaction(channel, CHANNELS[channel]),)),
        response=model,
        atoms_per_mass=1.0,
    ).sum(axis=0)


@pytest.mark.validate
@pytest.mark.parametrize(("symbol", "number"), [("Ge", 50), ("Ar", 30)])
def test_the_table_is_the_engine_off_the_grid(direct, symbol, number):
    """At random energies, two within 1 % of each edge, with all momenta of an integral."""
    table = shipped_table(symbol)
    T = direct.energies_off_the_grid(table, number, LAST)
    model = Tabulated(table)
    exact = direct.Directly(model)
    for channel in CHANNELS:
        ratio = averaged(model, channel, T) / averaged(exact, channel, T)
        assert ratio == pytest.approx(1.0, abs=GOAL), channel


@pytest.mark.validate
@pytest.mark.parametrize("symbol", ["Ge", "Ar"])
def test_half_the_grid_gives_the_same(symbol):
    """A table of 30 x 40 points has the cross sections of one of 60 x 80."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        half = build_table(TablePlan(symbol, points=(30, 40), variants=False), executor=pool)
    model, coarse = Tabulated(shipped_table(symbol)), Tabulated(half)
    lowest = min(shell.edge for shell in half.shells)
    T = lowest * (LAST / lowest) ** np.random.default_rng(2).uniform(size=300)
    for channel in CHANNELS:
        ratio = averaged(coarse, channel, T) / averaged(model, channel, T)
        assert ratio == pytest.approx(1.0, abs=GOAL), channel
