"""Limits of the experiments that are shown: only from data, labelled, the same as `limit`."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom.analysis import exhibit_limits as module
from nuatom.analysis.exhibit_limits import (
    ShownLimit,
    exhibit_limit,
    limits_list,
    limits_overview,
    s2_limit,
)
from nuatom.analysis.exhibits import exhibits, user_exhibit
from nuatom.analysis.limits.limit import limit
from nuatom.analysis.limits.result import LimitResult, Quote
from nuatom.inference.fits.fit import GoodnessOfFit

BY_NAME = {one.name: one for one in exhibits()}
CARD = """
title = "mine"
source = {{ core = "kuo-sheng" }}
detector = {{ target = "Ge", exposure = "100 kg day", resolution = {{ kind = "perfect" }} }}
bins = {{ low = "12 keV", high = "60 keV", number = 8 }}
response = {{ electrons = "stepped" }}
signals = {{ channels = ["weak", "magnetic-moment"] }}
backgrounds = [{{ kind = "flat", name = "flat", rate = "1 / kg / keV / day" }}]
{limit}
"""
ASIMOV = 'limit = { parameters = ["magnetic-moment"], data = "asimov", models = ["free"] }'


def quote(model="stepped", method="profile-likelihood", ends=(0.0, 2e-11), **more):
    return Quote(
        model, method, more.get("channel", "magnetic-moment"), "mu_B", 0.9, 0.0, *ends,
        "m^2", 0.0, 0.0, 4.0, more.get("note", ""),
    )  # fmt: skip


def result(*quotes, goodness=None):
    """Only what tables of limits need."""
    found = object.__new__(LimitResult)
    object.__setattr__(found, "quotes", quotes)
    object.__setattr__(found, "goodness", goodness)
    return found


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    path = tmp_path_factory.mktemp("card") / "mine.toml"
    path.write_text(CARD.format(limit=ASIMOV), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["dresden-ii", "xenonnt-sr0"])
def test_without_its_release_an_experiment_has_no_number(name):
    """It is said, and no table or figure pretends."""
    found = exhibit_limit(BY_NAME[name])
    assert (found.results, found.tables, found.curves) == ((), (), {})
    assert "no limit" in found.statements[0]
    assert limits_overview([found]) is None
    assert s2_limit(None).tables == ()


def test_a_card_without_the_section_has_no_limit():
    """Neither a number nor a remark."""
    assert exhibit_limit(BY_NAME["gemma"]) is None


def test_a_card_of_a_user_has_the_limits_of_the_command(mine):
    """The response is the better one of the package; Asimov data are called so."""
    found = exhibit_limit(user_exhibit(mine))
    card = mine.read_text(encoding="utf-8").replace('"stepped"', '"ab-initio"')
    other = mine.with_name("other.toml")
    other.write_text(card, encoding="utf-8")
    expected = limit(other)
    assert [q.model for q in found.quotes] == ["ab-initio", "free"]
    # the same computation
    assert [q.high for q in found.quotes] == [q.high for q in expected.quotes]
    assert found.data.startswith("Asimov data")
    table = limits_overview([found])
    assert table.column("numbers_from") == ["Asimov data"]
    assert table.column("ab-initio")[0] == f"<\u00a0{expected.quotes[0].high:.3g}"
    assert [t.name for t in found.tables] == ["limits", "parameters"]
    assert found.curves["profile"].column("magnetic_moment_mu_B").size > 10


def test_limit_of_xenonnt_is_that_of_its_study(shared):
    """Real data, published background less solar neutrinos: 7.4e-12 mu_B, not 6.6 of free ones."""
    found = exhibit_limit(BY_NAME["xenonnt-sr0"], shared / "data")
    first, *_ = found.results
    assert found.data.startswith("real data")
    # validation/limits/limits.csv, made with another template of the same background; crossings
    # to 1e-4, bins of 1 keV instead of 0.1 keV for what is taken off
    assert first.quote(model="ab-initio").high == pytest.approx(7.413e-12, rel=0.01)
    assert first.quote(model="free").high == pytest.approx(6.63e-12, rel=0.01)
    assert 0.01 < first.goodness.p_value < 0.99  # a background fitted to these data


def test_s2_only_states_that_its_background_is_incomplete(shared):
    """The limit without subtraction is the weaker one, with every model."""
    found = s2_limit(shared / "data")
    highs = {(q.model, q.method): q.high for q in found.quotes}
    for model in ("ab-initio", "stepped", "free"):
        assert highs[model, "binned-poisson"] > highs[model, "profile-likelihood"]
    assert "incomplete" in found.statements[1]
    assert found.data.startswith("real data: XENON1T")
    assert "XENON1T, ionisation signals only, stepped: the fit is poor" in " ".join(
        limits_overview([found]).notes
    )


def test_a_retracted_model_is_labelled():
    """The equivalent photons of a magnetic moment, in every table."""
    shown = ShownLimit("A", "real data: x", (result(quote("equivalent-photon"), quote()),))
    assert limits_list([shown]).column("model") == ["equivalent-photon (RETRACTED)", "stepped"]
    names = [c.name for c in limits_overview([shown]).columns]
    assert names[-2:] == ["equivalent-photon (RETRACTED)", "stepped"]
    charge = replace(quote("equivalent-photon"), channel="millicharge")
    plain = ShownLimit("A", "real data: x", (result(charge),))
    assert limits_list([plain]).column("model") == ["equivalent-photon"]


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((0.0, 2e-11), "<\u00a02e-11"),
        ((-1e-13, 4e-13), "-1e-13 to 4e-13"),
        ((5e-10, 8e-10), "5e-10 to 8e-10"),
        ((0.0, np.inf), "no limit"),
        ((5e-10, np.inf), ">\u00a05e-10"),
        ((-np.inf, 3e-11), "<\u00a03e-11"),
    ],
)
def test_limits_intervals_and_what_is_not_bounded(ends, text):
    """Never infinity as a number."""
    shown = ShownLimit("A", "real data: x", (result(quote(ends=ends)),))
    assert limits_overview([shown]).column("stepped") == [text]
    numbers = limits_list([shown])
    empty = [np.isnan(numbers.column(name)[0]) for name in ("low", "high")]
    assert empty == [bool(np.isinf(x)) for x in ends]


def test_a_method_without_a_model_leaves_its_cell_empty():
    """Two experiments with different methods and models share a table."""
    first = ShownLimit("A", "real data: x", (result(quote("free")),))
    second = ShownLimit("B", "data of the card", (result(quote("stepped", "bayes")),))
    table = limits_overview([first, second])
    assert table.column("free") == ["<\u00a02e-11", ""]
    assert table.column("stepped") == ["", "<\u00a02e-11"]
    assert table.column("numbers_from") == ["real data", "data of the card"]


def test_notes_of_several_models_are_said_once():
    """With the models that they hold for."""
    quotes = [quote(model, note="bound") for model in ("stepped", "free")]
    table = module._by_method(ShownLimit("A", "", (result(*quotes),)), "magnetic-moment")
    assert table.notes == ("profile-likelihood, stepped, free: bound",)


@pytest.mark.parametrize(("p_value", "said"), [(0.002, True), (0.02, False)])
def test_a_poor_fit_is_said_where_its_limit_stands(p_value, said):
    """In the table of all limits, not only below the figure."""
    shown = ShownLimit("A", "", (result(quote(), goodness=GoodnessOfFit(9.0, 1, p_value)),))
    notes = limits_overview([shown]).notes
    assert ("A, stepped: the fit is poor, p = 0.002" in notes) is said
