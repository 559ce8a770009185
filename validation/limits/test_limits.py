"""Limits from published data against what was published for the same data.

What was found in sources, the tolerances and their reasons are in published.toml; limit_study.py
makes limits.csv, of which a few rows are made again here.
"""

import csv
import sys
import tomllib
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.limits.likelihood import LikelihoodSettings, likelihood
from nuatom.inference.fits.fit import fit
from nuatom.inference.fits.profile import interval
from nuatom.inference.likelihoods.poisson import PoissonTerm

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import dresden  # noqa: E402
import limit_study as study  # noqa: E402
import xenon  # noqa: E402

pytestmark = [
    pytest.mark.validate,
    pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning"),
    pytest.mark.filterwarnings("ignore::nuatom.errors.RetractedWarning"),
]
REFERENCE = tomllib.loads((HERE / "published.toml").read_text(encoding="utf-8"))
TOLERANCE = REFERENCE["tolerance"]
REPRODUCED = 0.01
"""Of a row of limits.csv: crossings are found to 1e-4, another machine rounds differently."""
MOMENT = "magnetic-moment"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    shared = HERE.parents[2] / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("no data releases: the folder ../shared beside the project is absent")
    return study.Folders(shared, tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def kept():
    with (HERE / "limits.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept_high(kept, **where):
    (found,) = [row for row in kept if all(row[key] == value for key, value in where.items())]
    return float(found["high"])


@pytest.fixture(scope="module")
def edges():
    """Bins of 10 eV around the energies of the program."""
    return np.arange(0.203, 1.49, 0.01)


def at(counts, edges, energies):
    middle = (edges[1:] + edges[:-1]) / 2
    return np.array([counts[np.argmin(np.abs(middle - energy))] for energy in energies])


@pytest.mark.parametrize("quenching", ["fef", "ybe"])
def test_nuclear_recoils_agree_with_the_published_program(folders, edges, quenching):
    """With its flux, threshold and resolution: the unit of the release and the whole chain."""
    wanted = REFERENCE["dresden_program"]
    rows = dresden.quenching_rows(folders.dresden, quenching)
    treatment = dresden.TREATMENTS[dresden.PUBLISHED]
    counts = dresden.direct_counts("coherent", edges, rows, treatment)
    found = at(counts, edges, wanted["energies_keV"])
    assert found == pytest.approx(wanted[f"coherent_{quenching}"], rel=TOLERANCE["counts"])


def test_electron_recoils_agree_with_the_published_program(edges):
    """Scattering on electrons above their edges."""
    wanted = REFERENCE["dresden_program"]
    treatment = dresden.TREATMENTS[dresden.PUBLISHED]
    found = at(
        dresden.direct_counts("weak", edges, None, treatment), edges, wanted["weak_energies_keV"]
    )
    assert found == pytest.approx(wanted["weak"], rel=TOLERANCE["electrons"])


def test_captures_are_a_sixth_of_the_flux(edges, folders):
    """All that the two fluxes differ by: 1.2 of 7.2 neutrinos per fission, below 1.3 MeV."""
    rows = dresden.quenching_rows(folders.dresden, "fef")
    with_, without = (
        dresden.direct_counts("coherent", edges, rows, dresden.Treatment(captures=c))
        for c in (True, False)
    )
    # at the threshold of the plain flux nothing of the captures is left; 2 %: fission spectra
    assert with_[:20] / without[:20] == pytest.approx(6 / 7.2, rel=0.02)


@pytest.mark.parametrize("channel", ["weak", "coherent"])
def test_the_detector_code_agrees_with_a_plain_sum(folders, channel):
    """Response matrix and cells against a sum over 6000 recoils, above 1e-6 of the largest."""
    model = study.dresden_model(folders, MOMENT, "stepped", "fef")
    rows = None if channel == "weak" else dresden.quenching_rows(folders.dresden, "fef")
    direct = dresden.direct_counts(channel, model.bin_edges / u.keV, rows, dresden.Treatment())
    found = model.component(channel).counts / dresden.DAYS
    seen = direct > 1e-6 * direct.max()
    # 1e-3: both integrate over steps of edges and of the plateau of the quenching
    assert found[seen] == pytest.approx(direct[seen], rel=1e-3)


@pytest.fixture(scope="module")
def dresden_fef(folders):
    return study.dresden_model(folders, MOMENT, "stepped", "fef")


def test_the_least_chi_square_is_the_published_one(dresden_fef):
    """The same background on the same 130 bins."""
    found, interest = dresden.likelihood(dresden_fef, MOMENT)
    assert fit(found, fixed={interest.name: 0.0}).deviance == pytest.approx(
        REFERENCE["dresden_program"]["deviance"], abs=TOLERANCE["deviance"]
    )


def test_the_unit_of_the_dresden_release(dresden_fef):
    """Coherent scattering as expected, within what its paper excludes; a kilogram more is not."""
    found, interest = dresden.likelihood(dresden_fef, "coherent")
    strength = fit(found).values[interest.name]
    allowed = REFERENCE["dresden_coherent"]["excluded_deviation"]
    assert abs(strength - 1) < allowed
    assert abs(strength * dresden.MASS - 1) > allowed  # rates per kilogram
    assert abs(strength / dresden.MASS - 1) > allowed / 2


def test_jacobian_of_the_background(dresden_fef):
    """The derivatives against central differences of the expectation."""
    found, _ = dresden.likelihood(dresden_fef, MOMENT)
    prediction = found.terms[0].prediction
    values = found.values()
    exact = prediction.jacobian(values)
    for k, parameter in enumerate(found.parameters):
        step = 1e-3 * parameter.scale
        up, down = values.copy(), values.copy()
        up[k] += step
        down[k] -= step
        rough = (prediction.expected(up) - prediction.expected(down)) / (2 * step)
        # third derivatives at a thousandth of a standard deviation: below 1e-4 of the largest
        assert exact[:, k] == pytest.approx(rough, abs=1e-4 * np.abs(rough).max())


@pytest.mark.parametrize("electrons", ["free", "stepped", "ab-initio"])
def test_xenonnt_magnetic_moment(folders, kept, electrons):
    """The limit of the collaboration from the same events, with each model of the atom."""
    card = study.xenonnt_card(folders, MOMENT, electrons)
    asked = {"parameters": [MOMENT], "likelihood": "poisson"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quote = study.limit({**card, "limit": asked}).quote()
    (published,) = REFERENCE["limit"]
    assert quote.high == pytest.approx(published["high"], rel=TOLERANCE["limit"])
    row = kept_high(
        kept,
        experiment="XENONnT SR0",
        channel=MOMENT,
        model=electrons,
        treatment="1 keV bins, B0 free",
        method="profile-likelihood",
    )
    assert quote.high == pytest.approx(row, rel=REPRODUCED)


@pytest.mark.parametrize("electrons", ["stepped", "ab-initio"])
def test_xenonnt_orders_of_magnitude(kept, electrons):
    """A few 1e-12 mu_B and about 1e-13 e, as an analysis of these events says."""
    wanted = REFERENCE["order_of_magnitude"]
    where = {"experiment": "XENONnT SR0", "model": electrons, "method": "profile-likelihood"}
    where["treatment"] = "1 keV bins, B0 free"
    moment = kept_high(kept, channel=MOMENT, **where)
    charge = kept_high(kept, channel="millicharge", **where)
    assert 1 < moment / wanted["magnetic_moment"] < 10
    assert 1 / 10 < charge / wanted["millicharge"] < 10


def test_dresden_limit_is_that_of_the_table(dresden_fef, kept):
    """The script makes the row."""
    found, interest = dresden.likelihood(dresden_fef, MOMENT)
    likely = study.bounded(found, interest.name)
    high = interest.coupling(interval(likely, interest.name, study.CONFIDENCE).high)
    row = kept_high(
        kept,
        experiment="Dresden-II",
        channel=MOMENT,
        model="stepped",
        treatment="quenching fef",
        method="profile-likelihood",
    )
    assert high == pytest.approx(row, rel=REPRODUCED)


def test_the_published_treatment_explains_the_limit_of_dresden(kept):
    """One ingredient after the other only strengthens the limit; the flux is the largest."""
    names = list(dresden.TREATMENTS)
    highs = [
        kept_high(kept, experiment="Dresden-II", treatment=f"quenching fef, {name}")
        for name in names
    ]
    plain = kept_high(
        kept,
        experiment="Dresden-II",
        channel=MOMENT,
        model="stepped",
        treatment="quenching fef",
        method="profile-likelihood",
    )
    assert highs[0] == pytest.approx(plain, rel=REPRODUCED)
    steps = -np.diff(highs)
    assert np.all(steps > 0)
    assert np.argmax(steps) == names.index("and no neutrinos of captures") - 1


@pytest.fixture(scope="module")
def xenonnt(folders):
    model = analysis.load(study.xenonnt_card(folders, MOMENT, "stepped"))
    return likelihood(model, LikelihoodSettings((MOMENT,), kind="poisson"))


def test_two_copies_are_twice_the_exposure(xenonnt):
    """The joint likelihood of XENONnT with itself: deviances, and the limit."""
    (term,) = xenonnt.terms

    class Doubled:
        names = term.prediction.names

        def expected(self, values):
            return 2 * term.prediction.expected(values)

        def jacobian(self, values):
            return 2 * term.prediction.jacobian(values)

    joint = xenonnt + xenonnt
    twice = replace(xenonnt, terms=(PoissonTerm(2 * term.counts, Doubled()),))
    for moment in (0.0, 0.3, 1.0):
        values = joint.values({"magnetic-moment^2": moment})
        # the deviance is a sum of logarithms of 29 bins: rounding
        assert joint.deviance(values) == pytest.approx(twice.deviance(values), rel=1e-10)
    ends = [interval(one, "magnetic-moment^2", 0.9).high for one in (joint, twice)]
    assert ends[0] == pytest.approx(ends[1], rel=1e-6)  # the accuracy of a crossing


@pytest.mark.parametrize("other", ["XENON1T S2-only", "Dresden-II"])
def test_joint_deviance_is_the_sum(folders, xenonnt, other):
    """Two experiments with one moment: their deviances add, and both see the same moment."""
    both, interest = study.joint(folders, other, "stepped")
    assert len(both.terms) == 2
    values = both.values({interest.name: 0.5})
    own = dict(zip(both.names, values, strict=True))
    first = xenonnt.deviance(np.array([own[name] for name in xenonnt.names]))
    rest = both.terms[1].deviance(np.array([own[name] for name in both.terms[1].names]))
    priors = sum(
        p.prior.deviance(own[p.name])
        for p in both.parameters
        if p.prior is not None and p.name not in xenonnt.names
    )
    assert both.deviance(values) == pytest.approx(first + rest + priors, rel=1e-12)  # a sum


def test_s2_only_confirms_xenonnt(kept):
    """Whatever its background, S2-only allows the moments that XENONnT allows."""
    allowed = kept_high(
        kept,
        experiment="XENON1T S2-only",
        channel=MOMENT,
        model="ab-initio",
        method="optimum-interval",
    )
    (published,) = REFERENCE["limit"]
    assert allowed > published["high"]


def test_events_of_s2_only_fill_the_signal(folders):
    """The parts of a signal below the events lie between 0 and 1, one for each counted event."""
    model = xenon.s2(folders.s2, [MOMENT], "stepped")
    signal = model.component(MOMENT).counts
    fractions, total = xenon.s2_fractions(folders.s2, model, signal)
    assert fractions.size == model.observed.counts.sum()
    assert np.all((fractions >= 0) & (fractions <= 1))
    assert total == pytest.approx(signal.sum(), rel=1e-12)  # the same sum
