"""The likelihood of a model: against formulas, other kinds, and doubled data."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.limits.likelihood import LikelihoodSettings, described, likelihood
from nuatom.datasets import BinnedCounts, OnOff, UnbinnedEvents
from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference.fits.fit import fit
from nuatom.inference.fits.profile import interval, scan
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm

MOMENT = LikelihoodSettings(("magnetic-moment",))
COUNTS = np.array([52.0, 61.0, 90.0, 120.0, 88.0, 66.0, 50.0, 47.0])


def moment_model(synthetic, counts=COUNTS, **how):
    """Counts of a model with a magnetic moment."""
    return synthetic.counted(synthetic.model("weak", "magnetic-moment", **how), counts)


def test_deviance_is_that_of_poisson_and_priors(synthetic):
    """-2 ln of probabilities over those of a perfect fit, and squares of pulls (1e-9)."""
    model = moment_model(synthetic)
    found = likelihood(model, MOMENT)
    values = found.values({"magnetic-moment^2": 0.4, "flat": 1.2, "peak": 0.7, "resolution": -0.6})
    mean = model.expected(
        {"magnetic-moment": np.sqrt(0.4) * 1e-11},
        strengths={"flat": 1.2, "peak": 0.7},
        shifts={"resolution": -0.6},
    )
    logs = stats.poisson.logpmf(COUNTS, COUNTS) - stats.poisson.logpmf(COUNTS, mean)
    expected = 2 * logs.sum() + 0.6**2 + (0.2 / 0.1) ** 2
    assert found.deviance(values) == pytest.approx(expected, rel=1e-9)


def test_gradient_is_that_of_differences(synthetic):
    """Of every kind of term with the real prediction (1e-6 of the largest)."""
    found = likelihood(moment_model(synthetic), MOMENT)
    values = found.values({"magnetic-moment^2": 0.4, "flat": 1.2, "resolution": -0.6})
    slopes = found.gradient(values)
    for place in range(values.size):
        up, down = values.copy(), values.copy()
        up[place] += 1e-5
        down[place] -= 1e-5
        slope = (found.deviance(up) - found.deviance(down)) / 2e-5
        assert slopes[place] == pytest.approx(slope, rel=1e-6, abs=1e-6 * np.abs(slopes).max())


def test_values_are_the_standard_model_with_the_backgrounds_of_the_card(synthetic):
    """Where a fit begins is what `Model.expected` gives."""
    model = moment_model(synthetic)
    found = described(model, MOMENT)
    null = found.likelihood.values()
    assert found.prediction.expected(null) == pytest.approx(model.expected(), rel=1e-12)


def test_two_copies_are_twice_the_exposure(synthetic):
    """A joint likelihood of the same data twice has the interval of doubled counts and
    doubled exposure, all nuisances shared (1e-6: precision of the crossing)."""
    once = likelihood(moment_model(synthetic), MOMENT)
    double = moment_model(synthetic, 2 * COUNTS, scale=2.0)
    both, twice = once + once, likelihood(double, MOMENT)
    for one, other in zip(
        *(
            (found.low, found.high, found.best_fit)
            for found in (interval(x, "magnetic-moment^2") for x in (both, twice))
        ),
        strict=True,
    ):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-9)


def test_prefix_keeps_nuisances_of_two_experiments_apart(synthetic):
    """All but the shared ones; the coupling is always one."""
    model = moment_model(synthetic)
    first = likelihood(model, replace(MOMENT, prefix="a:", shared=("source_normalisation",)))
    second = likelihood(model, replace(MOMENT, prefix="b:", shared=("source_normalisation",)))
    joint = first + second
    assert set(joint.names) == {
        "magnetic-moment^2",
        "source_normalisation",
        *(f"{p}{n}" for p in ("a:", "b:") for n in ("flat", "peak", "resolution")),
    }


def test_shared_errors_as_pulls_are_a_covariance(synthetic):
    """A pull of each shared error gives the deviance of the covariance of both,
    diag(sigma^2) + s s^T, when it is fitted (1e-9)."""
    shift = np.linspace(2.0, 9.0, 8) / (u.kg * u.day * u.keV)
    edges = synthetic.EDGES
    on = BinnedCounts("on", edges, COUNTS, 1.0 * u.day, 1.0 * u.kg)
    off = BinnedCounts("off", edges, 2 * COUNTS, 3.0 * u.day, 1.0 * u.kg)
    bare = synthetic.model("weak", "magnetic-moment", backgrounds=False, variations=False)
    model = synthetic.with_data(bare, OnOff(on, off, {"gain": shift}))
    pulled = described(model, replace(MOMENT, kind="normal"))
    added = 0.5 * shift * (u.kg * u.day * u.keV)
    covariance = np.diag(pulled.data.errors**2) + np.outer(added, added)
    term = replace(
        NormalTerm(pulled.data.counts, covariance, pulled.likelihood.terms[0].prediction)
    )
    for value in (0.0, 1.0, 3.0):
        profiled = scan(pulled.likelihood, "magnetic-moment^2", [value]).deviances[0]
        assert profiled == pytest.approx(term.deviance(np.array([value, 0.0])), rel=1e-9)


def test_many_counts_are_gaussian(synthetic):
    """For 10^6 counts in a bin the limits of the Poisson and of the Gaussian likelihood of a
    pair agree to 1 %."""
    edges, counts = synthetic.EDGES, np.round(COUNTS * 2e4)
    on = BinnedCounts("on", edges, counts, 1.0 * u.day, 1.0 * u.kg)
    off = BinnedCounts("off", edges, 3 * counts, 3.0 * u.day, 1.0 * u.kg)
    bare = synthetic.model("weak", "magnetic-moment", backgrounds=False, variations=False)
    model = synthetic.with_data(bare, OnOff(on, off))
    highs = [
        interval(likelihood(model, replace(MOMENT, kind=kind)), "magnetic-moment^2").high
        for kind in ("on-off", "normal")
    ]
    assert highs[0] == pytest.approx(highs[1], rel=0.01)


def test_fine_bins_are_single_events(card):
    """The unbinned likelihood differs from the Poisson likelihood of bins as fine by a constant,
    but for the density between the centres of bins: 1 % of the limit with 300 bins."""
    generator = np.random.default_rng(4)
    fine = card(
        bins={"low": "0.3 keV", "high": "3 keV", "number": 300},
        signals__channels=["weak", "magnetic-moment"],
        variations={},
    )
    model = analysis.load(fine)
    number = generator.poisson(200 * model.expected() / model.expected().sum())
    middle = np.repeat(model.bin_edges[:-1], number)
    energies = middle + generator.random(middle.size) * np.diff(model.bin_edges)[0]
    ends = (model.bin_edges[0], model.bin_edges[-1])
    data = UnbinnedEvents("events", energies, ends, 1.0 * u.day, 1.0 * u.kg)
    from nuatom.analysis.observation import observation

    seen = replace(model, observed=observation(data, model.bin_edges))
    highs = [
        interval(likelihood(seen, replace(MOMENT, kind=kind)), "magnetic-moment^2").high
        for kind in ("unbinned", "poisson")
    ]
    assert highs[0] == pytest.approx(highs[1], rel=0.01)


def test_asimov_data_are_the_expectation_and_nothing_was_looked_at(synthetic):
    """Deviance zero without a signal; the same for a model with any counts."""
    model = synthetic.model("weak", "magnetic-moment")
    asked = replace(MOMENT, asimov=True)
    found = likelihood(model, asked)
    assert found.deviance(found.values()) == pytest.approx(0.0, abs=1e-9)
    limits = [
        interval(likelihood(m, asked), "magnetic-moment^2").high
        for m in (model, synthetic.counted(model, COUNTS), synthetic.counted(model, 5 * COUNTS))
    ]
    assert limits[1] == limits[0]
    assert limits[2] == limits[0]


def test_asimov_of_a_pair_takes_the_background_from_off(synthetic):
    """Whatever was counted ON."""
    edges = synthetic.EDGES
    off = BinnedCounts("off", edges, 2 * COUNTS, 3.0 * u.day, 1.0 * u.kg)
    bare = synthetic.model("weak", "magnetic-moment", backgrounds=False, variations=False)
    terms = []
    for factor in (1, 3):
        on = BinnedCounts("on", edges, factor * COUNTS, 1.0 * u.day, 1.0 * u.kg)
        model = synthetic.with_data(bare, OnOff(on, off))
        terms.append(likelihood(model, replace(MOMENT, asimov=True)).terms[0])
    assert terms[0].on == pytest.approx(2 * COUNTS / 3 + bare.expected(), rel=1e-9)
    assert terms[1].on == pytest.approx(terms[0].on, rel=1e-12)


def test_fit_finds_what_was_put_in(synthetic):
    """Data of a true square of 4, with backgrounds off by a tenth: fitted exactly."""
    model = synthetic.model("weak", "magnetic-moment")
    found = likelihood(model, replace(MOMENT, asimov=True))
    truth = {"magnetic-moment^2": 4.0, "flat": 1.1, "peak": 0.8, "resolution": 0.5}
    best = fit(found.asimov(found.values(truth)))
    for name, value in truth.items():
        assert best.values[name] == pytest.approx(value, rel=1e-4)


def test_both_signs_of_a_charge_are_tried(synthetic):
    """Data of a negative charge are fitted by it, those of a positive one by that."""
    model = synthetic.model("weak", "millicharge", variations=False)
    found = likelihood(model, LikelihoodSettings(("millicharge",), asimov=True))
    for truth in (-6.0, 4.0):
        data = found.asimov(found.values({"millicharge": truth}))
        assert fit(data).values["millicharge"] == pytest.approx(truth, rel=1e-4)


def test_an_unphysical_square_may_be_negative(synthetic):
    """Few counts pull it below zero, where the physical one stops."""
    few = np.round(0.75 * synthetic.model("weak", "magnetic-moment").expected())
    model = moment_model(synthetic, few)
    name = "magnetic-moment^2"
    assert fit(likelihood(model, MOMENT)).values[name] == 0
    assert fit(likelihood(model, replace(MOMENT, physical=False))).values[name] < 0


def test_a_linear_likelihood_says_so(synthetic):
    """Then toys are fitted in machine code: without pulls, for a square."""
    from nuatom.inference.toys.linear_likelihood import is_linear

    assert is_linear(likelihood(moment_model(synthetic, variations=False), MOMENT))
    assert not is_linear(likelihood(moment_model(synthetic), MOMENT))


def test_published_background_is_counted(synthetic):
    """An exact one is expected as it stands; a free one has a strength."""
    bare = synthetic.model("weak", "magnetic-moment", backgrounds=False, variations=False)
    model = synthetic.counted(bare, COUNTS, background=COUNTS / 2)
    exact = described(model, replace(MOMENT, published_background="exact"))
    assert exact.likelihood.names == ("magnetic-moment^2",)
    assert exact.prediction.expected(np.zeros(1)) == pytest.approx(
        bare.expected() + COUNTS / 2, rel=1e-12
    )
    free = likelihood(model, replace(MOMENT, published_background="free"))
    assert free.parameter("published-background").prior is None
    known = likelihood(model, replace(MOMENT, published_background=0.1))
    assert known.parameter("published-background").prior.width == 0.1


def test_a_channel_that_changes_nothing_is_refused(synthetic):
    """A flat likelihood sets no limit."""
    model = synthetic.model("weak", "magnetic-moment")
    parts = tuple(
        replace(p, counts=np.zeros(8), upper={}, lower={}) if p.name == "magnetic-moment" else p
        for p in model.components
    )
    with pytest.raises(InvalidInput, match="no bin in which magnetic-moment changes the counts"):
        likelihood(synthetic.counted(replace(model, components=parts)), MOMENT)


def test_counts_without_any_expectation_are_refused(synthetic):
    """Zero background and zero signal in a bin with counts."""
    model = synthetic.model("magnetic-moment", backgrounds=False, variations=False)
    parts = tuple(replace(p, counts=p.counts * (np.arange(8) > 0)) for p in model.components)
    with pytest.raises(InvalidInput, match=r"found 52 counts from 1 to 1\.5 keV"):
        likelihood(synthetic.counted(replace(model, components=parts), COUNTS), MOMENT)


def test_counts_of_a_signal_alone_need_no_background(synthetic):
    """Where the signal can explain them they are possible, and no signal is not."""
    model = synthetic.model("magnetic-moment", backgrounds=False, variations=False)
    found = likelihood(synthetic.counted(model, COUNTS), MOMENT)
    assert isinstance(found, Likelihood)
    assert interval(found, "magnetic-moment^2").low > 0
    assert found.deviance(found.values()) == np.inf


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (LikelihoodSettings(("magnetic-momnt",)), UnknownName, "did you mean 'magnetic-moment'"),
        (replace(MOMENT, kind="poison"), UnknownName, "did you mean 'poisson'"),
        (MOMENT, InvalidInput, "found no data"),
        (replace(MOMENT, published_background="free"), InvalidInput, "published_background"),
    ],
)
def test_mistakes_are_named(synthetic, asked, error, said):
    """Before any fit."""
    model = synthetic.model("weak", "magnetic-moment")
    if asked.published_background:
        model = synthetic.counted(model, COUNTS)
    with pytest.raises(error, match=said):
        likelihood(model, asked)


def test_backgrounds_of_one_shape_cannot_both_be_free(synthetic):
    """The fit says which."""
    model = synthetic.model("weak", "magnetic-moment", variations=False)
    peak = model.component("peak")
    twice = replace(model, components=(*model.components, replace(peak, name="peak-2")))
    with pytest.raises(FitFailed, match="peak"):
        fit(likelihood(synthetic.counted(twice, COUNTS), MOMENT))
