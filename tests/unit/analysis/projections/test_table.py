"""The table of a projection."""

import time

import numpy as np
import pytest

from nuatom import analysis
from nuatom.analysis.projections.sensitivity import Asked, sensitivity
from nuatom.analysis.projections.table import project
from nuatom.errors import FitFailed, InvalidInput


@pytest.fixture(scope="module")
def small(card):
    """A card of a few bins with a section [project]."""

    def make(section=None, **changes):
        changes = {"bins": {"edges": ["0.3 keV", "0.6 keV", "1.2 keV", "3 keV"]}, **changes}
        return card(**changes, project={"parameter": "magnetic-moment", **(section or {})})

    return make


AXES = {
    "axes": [
        {"kind": "threshold", "values": ["300 eV", "600 eV"]},
        {"kind": "background", "of": "compton", "factors": [1.0, 4.0, 16.0]},
    ]
}


@pytest.fixture(scope="module")
def table(small):
    """Two thresholds, three backgrounds, two models."""
    return project(small(AXES | {"models": ["stepped", "free"]}))


def test_a_row_for_each_point_and_model(table):
    """Axes first, then the model, then the results."""
    names = [column.name for column in table.columns]
    assert names[:4] == ["threshold_keV", "compton_background_factor", "atomic_model", "limit_mu_B"]
    assert table.column("threshold_keV") == pytest.approx([0.3, 0.3, 0.3, 0.6, 0.6, 0.6] * 2)
    assert table.column("compton_background_factor").tolist() == [1.0, 4.0, 16.0] * 4
    assert list(table.column("atomic_model")) == ["stepped"] * 6 + ["free"] * 6
    assert table.name == "projection"


def test_more_threshold_and_more_background_are_worse(table):
    """Each limit rises along both axes; 5 sigma lies beyond 3 sigma beyond the limit."""
    limit = np.asarray(table.column("limit_mu_B")).reshape(2, 2, 3)
    assert np.all(np.diff(limit, axis=1) > 0)
    assert np.all(np.diff(limit, axis=2) > 0)
    three, five = (np.asarray(table.column(f"reach_{z}_sigma_mu_B")) for z in (3, 5))
    assert np.all(limit.ravel() < three)
    assert np.all(three < five)


def test_without_something_the_limit_is_not_worse(table):
    """Each component costs sensitivity, and so do uncertainties; 1e-6 for rounding."""
    limit = np.asarray(table.column("limit_mu_B"))
    for name in ("without_ambient", "without_nu_e", "without_nu_N", "if_known"):
        assert np.all(np.asarray(table.column(f"limit_{name}_mu_B")) <= limit * (1 + 1e-6))
    assert set(table.column("limited_by")) <= {"ambient", "nu-e", "nu-N", "nothing"}


def test_the_card_itself_is_one_row(small):
    """Without an axis: what `sensitivity` says of the model of the card."""
    found = project(small())
    assert found.columns[0].name == "atomic_model"
    model = analysis.load(small())
    expected = sensitivity(model, Asked("magnetic-moment"))
    assert found.column("limit_mu_B").tolist() == [expected.size]
    assert analysis.project(small()).to_csv() == found.to_csv()


def test_a_coupling_with_a_sign_has_columns_for_both(small):
    """Charge radius: low below zero, high above."""
    found = project(
        small(
            {"parameter": "charge-radius", "discovery": [3.0]},
            signals__channels=["weak", "charge-radius"],
        )
    )
    (low,), (high,) = (found.column(f"limit_{end}_cm2") for end in ("low", "high"))
    assert low < 0 < high
    (low,), (high,) = (found.column(f"reach_3_sigma_{end}_cm2") for end in ("low", "high"))
    assert low < 0 < high


def test_retracted_models_are_labelled(small):
    """In the row and in a note; without the weak force, which the model cannot do."""
    found = project(
        small(
            {"models": ["stepped", "equivalent-photon-paper"]},
            signals__channels=["coherent", "magnetic-moment"],
        )
    )
    stepped, wrong = found.column("atomic_model")
    assert (stepped, wrong) == ("stepped", "equivalent-photon-paper (retracted)")
    assert any("(retracted): Eq. (10)" in note for note in found.notes)
    limits = np.asarray(found.column("limit_mu_B"))
    assert limits[1] < limits[0] / 5


def test_notes_define_what_the_columns_say(table):
    """Definitions and remarks of the models; provenance; what to cite."""
    text = "\n".join(table.notes)
    for word in ("limit: ", "limited_by: ", "systematic_share: ", "threshold: ", "nuatom: "):
        assert word in text
    assert "source: kuo-sheng" in text
    assert any("Cowan" in line for line in table.references)


def test_few_counts_are_said(small):
    """An exposure of an hour: the limit of expected data is too low, and says so."""
    found = project(small({"axes": [{"kind": "exposure", "factors": [0.05, 1e4]}]}))
    assert list(found.column("few_counts")) == ["yes", "no"]
    assert any(note.startswith("few_counts") for note in found.notes)


def test_toys_come_with_their_error(small):
    """Median, its error, and where 68 % lie; the same seed gives the same."""
    section = {"toys": 100, "seed": 3, "axes": [{"kind": "exposure", "factors": [100.0]}]}
    section["discovery"] = []
    first, again = (project(small(section)) for _ in range(2))
    assert first.to_csv() == again.to_csv()
    median, error = (
        float(first.column(f"toys_{name}_mu_B")[0])
        for name in ("median_limit", "median_limit_error")
    )
    assert abs(median - first.column("limit_mu_B")[0]) < 4 * error + 0.02 * median
    low, high = (float(first.column(f"toys_limit_{q}_percent_mu_B")[0]) for q in (16, 84))
    assert low < median < high


def test_progress_counts_rows(small):
    """Up to all of them."""
    told = []
    project(small(AXES), lambda done, every: told.append((done, every)))
    assert told == [(k, 6) for k in range(1, 7)]


def test_an_error_names_its_point(small):
    """Axis, value and model."""
    changes = {"backgrounds": [], "signals__channels": ["magnetic-moment"], "variations": {}}
    section = {"axes": [{"kind": "exposure", "factors": [2.0]}]}
    with pytest.raises(FitFailed, match=r"project: exposure_factor = 2, stepped: .* a discovery"):
        project(small(section, **changes))
    with pytest.raises(InvalidInput, match="of the Standard Model"):
        project(small({"parameter": "weak"}))


def test_the_limit_of_asimov_data_is_the_same(small):
    """`nuatom limit` on the same expected data: another fit of the same likelihood, to 1e-4."""
    limit = {"parameters": ["magnetic-moment"], "data": "asimov"}
    quoted = analysis.limit({**small(), "limit": limit}).quotes[0]
    found = project(small({"discovery": []}))
    assert found.column("limit_mu_B")[0] == pytest.approx(quoted.high, rel=1e-4)


@pytest.mark.speed
def test_a_hundred_points_take_seconds(card):
    """10 x 10 points of a spectrum with 28 bins, five nuisances: under 10 s (measured: 4)."""
    axes = [
        {"kind": "threshold", "low": "200 eV", "high": "1 keV", "number": 10},
        {"kind": "background", "low": "0.1 / kg / keV / day", "high": "10 / kg / keV / day"},
    ]
    axes[1] |= {"of": "compton", "number": 10}
    start = time.perf_counter()
    table = project(card(project={"parameter": "magnetic-moment", "axes": axes}))
    assert len(table.column("limit_mu_B")) == 100
    assert time.perf_counter() - start < 10
