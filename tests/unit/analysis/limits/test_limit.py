"""From a card to a result: against brute force, profiles and other cards."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.limits import limit as limits
from nuatom.analysis.limits.limit import limit_of_model
from nuatom.datasets import UnbinnedEvents
from nuatom.errors import FitFailed, InvalidInput, UnknownName

COUNTS = np.array([52.0, 61.0, 90.0, 120.0, 88.0, 66.0, 50.0, 47.0])
ASKED = {"parameters": ["magnetic-moment"]}


@pytest.fixture(scope="module")
def result(synthetic):
    """A moment with counts."""
    return limit_of_model(
        synthetic.counted(synthetic.model("weak", "magnetic-moment"), COUNTS), ASKED
    )


def asimov(card, **changes):
    """The standard card with Asimov data."""
    asked = {**ASKED, "data": "asimov", **changes.pop("limit", {})}
    return card(limit=asked, **changes)


def test_limit_is_where_brute_force_finds_it(synthetic):
    """The interval of a linear model with two strengths by Nelder and Mead on the formula
    itself: the deviance has risen by 2.7055 from the least physical one (1e-3: the search)."""
    model = synthetic.model("weak", "magnetic-moment", variations=False)
    found = limit_of_model(synthetic.counted(model, COUNTS), ASKED).quote()
    signal = model.component("magnetic-moment").counts * 1e-22
    parts = [model.component(name).counts for name in ("flat", "peak")]
    weak = model.component("weak").counts

    def deviance(strengths, square):
        mean = weak + square * signal + strengths[0] * parts[0] + strengths[1] * parts[1]
        if np.any(mean <= 0) or min(strengths) < 0:
            return 1e9
        terms = mean - COUNTS + COUNTS * np.log(COUNTS / mean)
        return 2 * terms.sum() + ((strengths[0] - 1) / 0.1) ** 2

    def profiled(square):
        how = {"method": "Nelder-Mead", "options": {"xatol": 1e-9, "fatol": 1e-10}}
        return optimize.minimize(deviance, [1.0, 1.0], (square,), **how).fun

    least = min(profiled(x) for x in np.linspace(0.0, 1.0, 101))
    level = stats.chi2(1).ppf(0.9)
    high = optimize.brentq(lambda x: profiled(x) - least - level, found.parameter_high / 3, 10.0)
    assert found.parameter_high == pytest.approx(high, rel=1e-3)


def test_coupling_is_the_root_of_the_square(result):
    """Both are quoted."""
    quote = result.quote()
    assert quote.high == pytest.approx(np.sqrt(quote.parameter_high) * 1e-11, rel=1e-12)
    assert quote.parameter == "magnetic-moment^2 [(1e-11 mu_B)^2]"


def test_profile_crosses_the_level_at_the_limit(result):
    """The table of the profile, read at the limit, shows 2.71 (1 %: between its points)."""
    table = result.tables["profile"]
    rises = np.asarray(table.column("rise_free"))
    at = np.interp(result.quote().parameter_high, np.asarray(table.column("parameter")), rises)
    assert at == pytest.approx(stats.chi2(1).ppf(0.9), rel=0.02)
    fixed = np.asarray(table.column("rise_nuisances_at_their_best_fit"))
    assert np.all(fixed >= rises - 1e-6)


def test_p_value_is_that_of_the_rise_without_a_signal(synthetic):
    """One-sided for a square, with the sign of an unphysical fit; two-sided for a charge."""
    model = synthetic.model("weak", "magnetic-moment", "millicharge", variations=False)
    truth = np.round(model.expected({"magnetic-moment": 1.5e-11}))
    seen = synthetic.counted(model, truth)
    square = limit_of_model(seen, ASKED)
    rise = square.likelihood.with_parameter(square.likelihood.parameters[0])
    null = analysis_minimum(rise, {"magnetic-moment^2": 0.0}) - square.fit.deviance
    assert square.p_value == pytest.approx(stats.norm.sf(np.sqrt(null)), rel=1e-6)
    charge = limit_of_model(seen, {"parameters": ["millicharge"]})
    null = analysis_minimum(charge.likelihood, {"millicharge": 0.0}) - charge.fit.deviance
    assert charge.p_value == pytest.approx(stats.chi2(1).sf(null), rel=1e-6)
    low = synthetic.counted(model, np.round(0.8 * model.expected()))
    assert limit_of_model(low, ASKED).p_value == pytest.approx(0.5, abs=1e-6)
    assert limit_of_model(low, {**ASKED, "physical": False}).p_value > 0.9


def analysis_minimum(likelihood, fixed):
    """The least deviance with something held."""
    from nuatom.inference.fits.minimum import minimise

    return minimise(likelihood, fixed=fixed).deviance


def test_spectrum_is_that_of_the_model(synthetic, result):
    """At the best fit, without couplings and at the limit, with the pulls fitted there; the
    signal is what the coupling adds."""
    table = result.tables["spectrum"]
    model = synthetic.model("weak", "magnetic-moment")
    values = dict(zip(result.fit.names, result.fit.array, strict=True))
    names = ("flat", "peak"), ("source_normalisation", "resolution")
    strengths, shifts = ({n: values[n] for n in group} for group in names)
    quote = result.quote()
    coupling = {"magnetic-moment": np.sqrt(values["magnetic-moment^2"]) * 1e-11}
    best = model.expected(coupling, strengths=strengths, shifts=shifts)
    assert np.asarray(table.column("best_fit_counts")) == pytest.approx(best, rel=1e-9)
    at_limit = dict(
        zip(
            result.fit.names,
            np.asarray(result.tables["parameters"].column("at_limit")),
            strict=True,
        )
    )
    strengths, shifts = ({n: at_limit[n] for n in group} for group in names)
    there = model.expected({"magnetic-moment": quote.high}, strengths=strengths, shifts=shifts)
    without = model.expected(strengths=strengths, shifts=shifts)
    assert np.asarray(table.column("at_limit_counts")) == pytest.approx(there, rel=1e-6)
    signal = np.asarray(table.column("signal_at_limit_counts"))
    assert signal == pytest.approx(there - without, rel=1e-5, abs=1e-6)
    assert np.asarray(table.column("observed_counts")) == pytest.approx(COUNTS)


def test_two_couplings_have_a_contour(synthetic):
    """On a grid around both intervals; the least rise is at the best fit, and the contour of
    68 % for both holds the point."""
    model = synthetic.model("weak", "magnetic-moment", "millicharge", variations=False)
    seen = synthetic.counted(model, COUNTS)
    found = limit_of_model(seen, {"parameters": ["millicharge", "magnetic-moment"]})
    rises = np.asarray(found.tables["contour"].column("rise"))
    assert rises.min() == pytest.approx(0.0, abs=0.3)
    assert [q.channel for q in found.quotes] == ["millicharge", "magnetic-moment"]
    assert found.quote("magnetic-moment").unit == "mu_B"
    assert "profile" not in found.tables


def test_card_to_limit(card):
    """Asimov data of a card: best fit without a signal, p = 1/2, and a limit that falls with
    the root of the square root of the exposure when the prior of the background is much wider
    than what so many counts say of it, 2 for 16 times (2 %)."""
    found = analysis.limit(asimov(card, variations={}, detector__exposure="1e4 kg day"))
    assert found.quote().best_fit == 0
    assert found.p_value == pytest.approx(0.5, abs=1e-6)
    assert any("Asimov" in note for note in found.notes)
    assert found.goodness is None
    more = analysis.limit(asimov(card, variations={}, detector__exposure="16e4 kg day"))
    assert found.quote().high / more.quote().high == pytest.approx(2.0, rel=0.02)


def test_each_model_has_its_limit(card):
    """The card's own first, then the others; each is that of its own card."""
    both = analysis.limit(asimov(card, limit={"models": ["free", "stepped"]}))
    assert [quote.model for quote in both.quotes] == ["stepped", "free"]
    alone = analysis.limit(asimov(card, response={"electrons": "free"}))
    assert both.quote(model="free").high == pytest.approx(alone.quote().high, rel=1e-9)
    assert {"rise_stepped", "rise_free"} <= {c.name for c in both.tables["profile"].columns}


def test_band_of_the_atomic_model(card):
    """The limits at its ends stand around the one with the pull; another model has no band."""
    found = analysis.limit(
        asimov(
            card,
            response={"electrons": "ab-initio"},
            variations={"atomic_model": True},
            signals__channels=["weak", "magnetic-moment"],
            limit={"models": ["stepped"]},
        )
    )
    low, high = found.band["magnetic-moment"]
    assert low < high
    assert low < found.quote(model="ab-initio").high < 1.2 * high
    assert "atomic_model" in found.fit.names
    assert "inside the band of the atomic model" in str(found)


def test_single_events_get_fine_bins(card):
    """The density is computed in 400 bins, the spectrum shown in those of the card."""
    found = analysis.limit(asimov(card, variations={}, limit={"likelihood": "unbinned"}))
    assert found.kind == "unbinned"
    assert found.likelihood.terms[0].grid.size >= 400
    assert len(found.tables["spectrum"].columns[0].values) == 28
    binned = analysis.limit(asimov(card, variations={}))
    # 28 bins lose little of a smooth signal: 3 %
    assert found.quote().high == pytest.approx(binned.quote().high, rel=0.03)


def test_events_are_read_by_their_kind(tmp_path):
    """A card with a dataset of events has the unbinned likelihood, asked or not."""
    (tmp_path / "events.csv").write_text("energy_keV\n1.1\n1.4\n2.6\n")
    (tmp_path / "events.toml").write_text(
        'kind = "unbinned-events"\nname = "e"\ntable = "events.csv"\nmass = "1 kg"\n'
        'live_time = "1 day"\nwindow = ["1 keV", "3 keV"]\n'
    )
    path = tmp_path / "card.toml"
    path.write_text(
        '[source]\nname = "kuo-sheng"\n[data]\nfile = "events.toml"\n[detector]\ntarget = "Ge"\n'
        'resolution = { kind = "perfect" }\n[bins]\nlow = "1 keV"\nhigh = "3 keV"\nnumber = 4\n'
        '[response]\nelectrons = "stepped"\n[signals]\nchannels = ["magnetic-moment"]\n'
        '[limit]\nparameters = ["magnetic-moment"]\nmethods = ["maximum-gap"]\n'
    )
    found = analysis.limit(path)
    assert found.kind == "unbinned"
    assert np.asarray(found.tables["spectrum"].column("observed_counts")).tolist() == [2, 0, 0, 1]


def test_a_misfit_is_told(synthetic):
    """A bin that nothing explains: the result says that its numbers mean nothing."""
    odd = np.where(np.arange(8) == 6, 400.0, COUNTS)
    model = synthetic.model("weak", "magnetic-moment")
    found = limit_of_model(synthetic.counted(model, odd), ASKED)
    assert found.goodness.p_value < 1e-6
    assert "MISFIT" in str(found)


def test_a_far_pull_is_a_misfit(synthetic):
    """Single events have no goodness of fit, but a background known to 10 % that must be off by
    half says as much."""
    model = synthetic.model("magnetic-moment", variations=False)
    found = limit_of_model(synthetic.counted(model, np.round(0.4 * model.expected())), ASKED)
    assert found.pulls["flat"].shift < -4
    assert "pull of flat by" in found.misfit


def test_goodness_needs_degrees_of_freedom(synthetic):
    """As many free parameters as bins: nothing is left to judge by."""
    model = synthetic.model("magnetic-moment", backgrounds=False, variations=False)
    one = replace(
        model,
        bin_edges=synthetic.EDGES[:2],
        components=tuple(replace(p, counts=p.counts[:1]) for p in model.components),
    )
    assert limit_of_model(synthetic.counted(one, [3.0]), ASKED).goodness is None


def test_pulls_come_with_the_largest_first(result):
    """Those with a prior; free strengths have none."""
    shifts = [abs(pull.shift) for pull in result.pulls.values()]
    assert shifts == sorted(shifts, reverse=True)
    assert set(result.pulls) == {"flat", "source_normalisation", "resolution"}


def test_notes_say_whose_coupling_it_is(result):
    """Flavour and source, as a moment depends on both."""
    assert "magnetic-moment: the effective coupling of anti_nu_e of reactor as they arrive" in (
        result.notes
    )


def test_impossible_without_a_signal(synthetic):
    """Counts that only a signal explains: p = 0, and a lower end above zero."""
    model = synthetic.model("magnetic-moment", backgrounds=False, variations=False)
    found = limit_of_model(synthetic.counted(model, COUNTS), ASKED)
    assert found.p_value == 0
    assert found.quote().low > 0


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"limit": None}, InvalidInput, "found no section [limit]"),
        ({"limit": {"methods": ["cl"]}}, UnknownName, "limit.methods[0]: unknown method 'cl'"),
        ({"limit": {"data": "observed"}}, InvalidInput, "data: found none, expected [data]"),
        ({"limit": {"parameters": ["weka"]}}, UnknownName, "limit: unknown channel"),
        ({"limit": {"models": ["steped"]}}, UnknownName, "limit.models[0]"),
        ({"limit": {"likelihood": "on-off"}}, InvalidInput, "limit: found no data"),
        (
            {"limit": {"parameters": ["magnetic-moment", "weak"], "methods": ["cls"]}},
            InvalidInput,
            "limit.methods[0]: found 'cls' for two parameters",
        ),
        (
            {"bins": {"edges": ["20 MeV", "21 MeV"]}, "backgrounds": []},
            (InvalidInput, FitFailed),
            "limit:",
        ),
    ],
)
def test_mistakes_have_a_path(card, changes, error, said):
    """One line, with the key of the card."""
    given = card() if changes.get("limit", 0) is None else asimov(card, **changes)
    with pytest.raises(error) as caught:
        analysis.limit(given)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_models_need_electrons(card):
    """Nuclei have one model."""
    given = asimov(
        card,
        signals__channels=["coherent"],
        response={},
        limit={"parameters": ["coherent"], "models": ["stepped"]},
    )
    with pytest.raises(InvalidInput, match=r"limit.models\[0\]: found a model of electrons"):
        analysis.limit(given)


def test_models_need_a_card(synthetic):
    """A single model is one model."""
    with pytest.raises(InvalidInput, match="expected a run card"):
        limit_of_model(synthetic.model("weak", "magnetic-moment"), {**ASKED, "models": ["free"]})


def test_events_of_a_model_in_its_own_bins(synthetic):
    """From Python the bins are those of the model."""
    ends = (synthetic.EDGES[0], synthetic.EDGES[-1])
    data = UnbinnedEvents("e", np.array([1.5, 2.5]) * u.keV, ends, 1.0 * u.day, 1.0 * u.kg)
    bare = synthetic.model("magnetic-moment", backgrounds=False, variations=False)
    model = synthetic.with_data(bare, data)
    assert limit_of_model(model, ASKED).kind == "unbinned"
    assert limits.ATOMIC_MODEL == "atomic_model"
