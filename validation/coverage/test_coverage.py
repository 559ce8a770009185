"""How often each method holds the true value: what is promised, and the table that is shown.

A promise is tested with the 99 per cent binomial interval of the simulated experiments: it
must not lie wholly below (or, for an equality, beside) what is promised.
"""

import csv
import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.validate
HERE = Path(__file__).resolve().parent
REPEATED = 0.002
"""Of a coverage, when it is counted again with the same seeds: last digits of a logarithm may
move some of 20,000 experiments across a limit."""


@pytest.fixture(scope="module")
def rows():
    spec = importlib.util.spec_from_file_location("coverage_study", HERE / "study.py")
    study = importlib.util.module_from_spec(spec)
    sys.modules["coverage_study"] = study
    spec.loader.exec_module(study)
    return study.table()


def chosen(rows, measurement, method):
    found = [r for r in rows if measurement in r.measurement and r.method == method]
    assert found
    return found


def test_gaussian_feldman_cousins(rows):
    """At five true values, the boundary among them, 20,000 toys lie inside [0.89, 0.91]."""
    found = chosen(rows, "Gaussian", "Feldman-Cousins, interval")
    assert len(found) == 5
    assert found[0].signal == 0.0
    for row in found:
        assert row.toys == 20_000
        assert row.low_99 >= 0.89
        assert row.high_99 <= 0.91


@pytest.mark.parametrize(
    ("method", "promise"),
    [("best fit + 1.28 sigma", 0.90), ("best fit + 1.645 sigma", 0.95)],
)
def test_limits_without_a_boundary(rows, method, promise):
    """They cover what they say everywhere, empty ones included."""
    for row in chosen(rows, "Gaussian", method):
        assert row.low_99 <= promise <= row.high_99


@pytest.mark.parametrize(
    "method",
    [
        "CLs",
        "Bayes, flat in x",
        "Feldman-Cousins, upper end",
        "physical best fit + 1.645 sigma",
        "Delta chi^2 = 2.71, physical",
    ],
)
def test_conservative_limits(rows, method):
    """None of these covers less than 90 % for a Gaussian measurement."""
    for row in chosen(rows, "Gaussian", method):
        assert row.high_99 >= 0.90


def test_a_prior_flat_in_the_root_covers_less(rows):
    """Favouring small values costs coverage around two standard deviations."""
    assert min(r.high_99 for r in chosen(rows, "Gaussian", "Bayes, flat in sqrt(x)")) < 0.90


def test_low_counts(rows):
    """Summed exactly, Feldman-Cousins never covers less than 90 % for a few counts."""
    found = chosen(rows, "one count", "Feldman-Cousins")
    assert len(found) >= 14
    for row in found:
        assert row.coverage >= 0.90
    # the flat prior is the exact CLs of one count: it covers more by construction
    for row in chosen(rows, "one count", "Bayes, flat in x"):
        assert row.coverage >= 0.90


def test_approximations_fail_where_counts_are_few(rows):
    """What the table is for: neither Delta chi^2 nor asymptotic CLs keeps 90 % for few counts."""
    for method in ("Delta chi^2 = 2.71, interval", "CLs, asymptotic"):
        assert min(r.coverage for r in chosen(rows, "one count", method)) < 0.90


def test_binned_poisson(rows):
    """Toys agree with the exact formula, and none covers less than 90 %."""
    exact = chosen(rows, "10 bins, background unknown", "binned Poisson, exact")
    toys = chosen(rows, "10 bins, background unknown", "binned Poisson")
    for one, two in zip(exact, toys, strict=True):
        assert two.low_99 <= one.coverage <= two.high_99
        assert one.coverage >= 0.90


def test_unknown_background(rows):
    """Maximum gap and optimum interval cover 90 % without a background, more with one."""
    for method in ("maximum gap", "optimum interval"):
        for row in chosen(rows, "single events", method):
            assert row.high_99 >= 0.90
            if row.background == 0:
                assert row.low_99 <= 0.90
            else:
                assert row.low_99 > 0.90


def test_profiled_background(rows):
    """Feldman-Cousins with a fitted background covers 90 %, at the boundary and for few counts."""
    for measurement in ("10 bins, background fitted", "ON and OFF"):
        for row in chosen(rows, measurement, "Feldman-Cousins, profiled"):
            assert row.high_99 >= 0.90
            assert row.low_99 <= 0.92


def test_statistic_of_the_tangent(rows):
    """Toys from the likelihood keep 90 % with the statistic of its tangent."""
    for row in chosen(rows, "signal known to 20 %", "Feldman-Cousins, tangent"):
        assert row.low_99 <= 0.90 <= row.high_99


def test_the_table_that_is_shown(rows):
    """The file holds these numbers: `python study.py --out coverage.csv` writes it."""
    with (HERE / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        kept = list(csv.DictReader(stream))
    assert [(k["measurement"], k["method"], float(k["signal"])) for k in kept] == [
        (r.measurement, r.method, r.signal) for r in rows
    ]
    for line, row in zip(kept, rows, strict=True):
        assert float(line["coverage"]) == pytest.approx(row.coverage, abs=REPEATED)
