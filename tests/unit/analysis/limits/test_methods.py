"""Each method against a closed form or another way to the same number."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nuatom import units as u
from nuatom.analysis.limits.limit import limit_of_model
from nuatom.analysis.limits.methods import METHODS
from nuatom.datasets import UnbinnedEvents
from nuatom.errors import InvalidInput
from nuatom.inference import intervals

ASKED = {"parameters": ["magnetic-moment"]}
COUNTS = np.array([52.0, 61.0, 90.0, 120.0, 88.0, 66.0, 50.0, 47.0])


def bare(synthetic):
    """A signal and nothing else, of 7 counts in all at a square of 1."""
    model = synthetic.model("magnetic-moment", backgrounds=False, variations=False)
    (part,) = model.components
    size = 7.0 / part.counts.sum() / 1e-22
    return replace(model, components=(replace(part, counts=part.counts * size),))


def high(model, method, **asked):
    """The upper end of the square, by one method."""
    found = limit_of_model(model, {**ASKED, "methods": [method], **asked})
    return found.quote().parameter_high


@pytest.mark.parametrize(
    ("method", "counts"),
    [
        ("profile-likelihood", stats.norm.ppf(0.95) ** 2 / 2),
        ("one-sided", stats.norm.ppf(0.90) ** 2 / 2),
        ("bayes", -np.log(0.1)),
        ("bayes-flat-in-coupling", stats.gamma(0.5).ppf(0.9)),
    ],
)
def test_no_counts_at_all(synthetic, method, counts):
    """The likelihood exp(-s): a rise of 2 s, posteriors s^0 exp(-s) and s^-1/2 exp(-s); with 7
    counts at a square of 1 (1e-4: integrals over the posterior)."""
    model = synthetic.counted(bare(synthetic), np.zeros(8))
    assert high(model, method) == pytest.approx(counts / 7, rel=1e-4)


@pytest.mark.parametrize("method", ["feldman-cousins", "cls-toys"])
def test_no_counts_with_toys(synthetic, method):
    """Feldman and Cousins: 2.44 counts (their Table IV); CLs: -ln(0.1) = 2.30.  2000 toys at
    each value: 3 %, and the graininess of whole counts 3 % more."""
    counts = {"feldman-cousins": 2.44, "cls-toys": 2.303}[method]
    model = synthetic.counted(bare(synthetic), np.zeros(8))
    reach = float(np.sqrt(4.5 / 7) * 1e-11)
    found = high(model, method, toys=2000, points=31, range=[0.0, reach])
    assert found == pytest.approx(counts / 7, rel=0.06)


def test_few_counts_are_said(synthetic):
    """A rise of the deviance means little there."""
    model = synthetic.counted(bare(synthetic), np.zeros(8))
    assert "take feldman-cousins or cls-toys" in limit_of_model(model, ASKED).quote().note
    many = synthetic.counted(synthetic.model("weak", "magnetic-moment"), COUNTS)
    assert "feldman-cousins" not in limit_of_model(many, ASKED).quote().note


def test_gaussian_methods_agree_for_many_counts(synthetic):
    """With 10^6 counts a bin, no pulls and the backgrounds known by the data: the closed forms
    of a Gaussian measurement with the best fit and error of an unbounded fit (1 %)."""
    model = synthetic.model("weak", "magnetic-moment", variations=False, scale=2e4)
    counts = model.expected() + 300.0 * np.array([1, -1, 1, 1, -2, 0, 1, -1])
    model = synthetic.counted(model, np.round(counts))
    fitted = limit_of_model(model, {**ASKED, "physical": False}).fit
    value, error = (x["magnetic-moment^2"] for x in (fitted.values, fitted.errors))
    for method, closed in (
        ("profile-likelihood", "delta_chi2_2p71_physical"),
        ("gaussian-feldman-cousins", "feldman_cousins"),
        ("cls", "cls"),
    ):
        expected = intervals.METHODS[closed].limit(value, error, 0.9)
        assert high(model, method) == pytest.approx(expected, rel=0.01), method


def test_toys_agree_with_the_closed_form_for_many_counts(synthetic):
    """The tangent in machine code, with pulls and 4000 counts a bin: Feldman-Cousins of the
    Gaussian (5 %: 3 % from 4000 toys a value, the rest from the curve of the pulls)."""
    model = synthetic.model("weak", "magnetic-moment", scale=100.0)
    model = synthetic.counted(model, np.round(model.expected() + 20.0 * (-1) ** np.arange(8)))
    toys = high(model, "feldman-cousins", toys=4000, seed=3)
    assert toys == pytest.approx(high(model, "gaussian-feldman-cousins"), rel=0.05)


def test_same_seed_same_limit(synthetic):
    """Another seed another one, inside what the note says of its error, five times."""
    model = synthetic.counted(bare(synthetic), np.ones(8))
    first, again, other = (
        high(model, "feldman-cousins", toys=200, points=12, seed=seed) for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_binned_poisson_asks_the_emptiest_bin(synthetic):
    """With one bin empty of eight: -ln(alpha_bin) over its signal, if no other says more."""
    model = bare(synthetic)
    counts = np.where(np.arange(8) == 4, 0.0, 1000.0)
    signal = model.components[0].counts[4] * 1e-22
    level = 1 - 0.9 ** (1 / 8)
    found = high(synthetic.counted(model, counts), "binned-poisson")
    assert found == pytest.approx(-np.log(level) / signal, rel=1e-9)


def events(synthetic, energies):
    """The bare model with single events."""
    ends = (synthetic.EDGES[0], synthetic.EDGES[-1])
    data = UnbinnedEvents("events", np.asarray(energies) * u.keV, ends, 1.0 * u.day, 1.0 * u.kg)
    return synthetic.with_data(bare(synthetic), data)


@pytest.mark.parametrize("method", ["maximum-gap", "optimum-interval"])
def test_without_events_every_gap_is_all(synthetic, method):
    """-ln(0.1) counts, as for any counting experiment without counts (1 %: toys of the table)."""
    found = high(events(synthetic, []), method)
    assert found == pytest.approx(-np.log(0.1) / 7, rel=0.01)


def test_an_event_at_the_end_leaves_the_gap(synthetic):
    """One event at the very end: nearly the limit without; in the middle of the signal weaker."""
    none, end = (high(events(synthetic, e), "maximum-gap") for e in ([], [4.9999]))
    middle = high(events(synthetic, [3.0]), "maximum-gap")
    assert none < end < middle


def test_an_event_where_no_signal_is_expected_changes_nothing(synthetic):
    """Below a signal that begins in the fifth bin the gap stays whole; inside it does not."""
    model = events(synthetic, [1.7])
    (part,) = model.components
    upper = replace(part, counts=part.counts * (np.arange(8) >= 4))
    flat = replace(part, name="flat", kind="background", channels=(), counts=np.ones(8))
    total = 1e-22 * upper.counts.sum()
    found = high(replace(model, components=(upper, flat)), "maximum-gap")
    assert found == pytest.approx(-np.log(0.1) / total, rel=1e-6)


@pytest.mark.parametrize("method", ["maximum-gap", "optimum-interval", "binned-poisson"])
def test_methods_of_counts_need_counts(synthetic, method):
    """Not Asimov data; the path says which method."""
    with pytest.raises(InvalidInput, match=r"limit.methods\[0\]: found no"):
        high(synthetic.model("weak", "magnetic-moment"), method, data="asimov")


@pytest.mark.parametrize("method", ["cls", "cls-toys", "gaussian-feldman-cousins"])
def test_methods_of_a_strength_refuse_a_sign(synthetic, method):
    """A charge that interferes is no strength."""
    model = synthetic.counted(synthetic.model("weak", "millicharge"), COUNTS)
    with pytest.raises(InvalidInput, match="not linear in a parameter"):
        limit_of_model(model, {"parameters": ["millicharge"], "methods": [method]})


def test_a_charge_has_a_credible_interval(synthetic):
    """Equal tails of exp(-D/2) on a fine grid, a flat prior in the charge (1e-3: the grid;
    the other valley, at some -3, is excluded)."""
    model = synthetic.model("weak", "millicharge", backgrounds=False, variations=False, scale=9.0)
    asked = {"parameters": ["millicharge"], "methods": ["bayes"], "data": "asimov"}
    found = limit_of_model(model, asked)
    grid = np.linspace(-0.25, 0.25, 4001)
    deviances = np.array([found.likelihood.deviance(np.array([x])) for x in grid])
    density = np.exp(-deviances / 2)
    assert density[0] + density[-1] < 1e-9
    below = np.cumsum(density) - density / 2
    low, high_end = np.interp([0.05, 0.95], below / below[-1], grid)
    assert found.quote().parameter_low == pytest.approx(low, rel=1e-3)
    assert found.quote().parameter_high == pytest.approx(high_end, rel=1e-3)


def test_negative_couplings_are_no_range_of_a_square(synthetic):
    """The path says where."""
    model = synthetic.counted(synthetic.model("weak", "magnetic-moment"), COUNTS)
    with pytest.raises(InvalidInput, match="expected no negative couplings"):
        high(model, "feldman-cousins", range=[-1e-11, 1e-10])


def test_only_profiles_stand_beside_a_second_coupling():
    """The others are for one."""
    assert {name for name, m in METHODS.items() if m.several} == {"profile-likelihood", "one-sided"}
