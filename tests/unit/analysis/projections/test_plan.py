"""Plans of projections: one model, turned, is the model of the card that says the same."""

import numpy as np
import pytest

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.projections.axes import Knobs
from nuatom.analysis.projections.plan import plan, retracted
from nuatom.analysis.projections.sensitivity import Subtraction
from nuatom.errors import InvalidInput, UnknownName


@pytest.fixture(scope="module")
def projected(card):
    """A card with a section [project], with changes of both."""

    def make(section=None, **changes):
        return card(**changes, project={"parameter": "magnetic-moment", **(section or {})})

    return make


def axis(kind, **points):
    """A section with one axis."""
    return {"axes": [{"kind": kind, **points}]}


def at(found, number):
    """The model at one point of the only axis."""
    knobs = [knobs for _, knobs in found.points()][number]
    return found.model(found.models[0], knobs)


def same(model, other, rel=1e-9):
    """The same counts, components and variations."""
    assert model.bin_edges == pytest.approx(other.bin_edges, rel=1e-12)
    assert [p.name for p in model.components] == [p.name for p in other.components]
    for part, twin in zip(model.components, other.components, strict=True):
        scale = 1e-12 * np.abs(twin.counts).max()
        assert part.counts == pytest.approx(twin.counts, rel=rel, abs=scale)
        assert set(part.upper) == set(twin.upper)
        for name, counts in part.upper.items():
            assert counts == pytest.approx(twin.upper[name], rel=rel, abs=scale)


def test_exposure(projected, card):
    """A tonne day is the card with a tonne day, to rounding."""
    found = plan(projected(axis("exposure", values=["1 tonne day"])))
    twin = analysis.load(card(detector__exposure="1 tonne day"))
    same(at(found, 0), twin)
    assert at(found, 0).exposure == pytest.approx(twin.exposure, rel=1e-12)


def test_exposure_as_factors(projected, card):
    """Factors are on the exposure of the card."""
    found = plan(projected(axis("exposure", factors=[7.0])))
    same(at(found, 0), analysis.load(card(detector__exposure="7 kg day")))


def test_flux(projected, card):
    """A stated flux is the card with that flux."""
    found = plan(projected(axis("flux", values=["1e13 / cm2 / s"])))
    same(at(found, 0), analysis.load(card(source__total_flux="1e13 / cm2 / s")))


def test_distance(projected, card):
    """14 m instead of the 28 m of the core: four times the flux."""
    core = {"core": "kuo-sheng"}
    found = plan(projected(axis("distance", values=["14 m"]), source=core))
    near = at(found, 0).component("weak").counts
    far = analysis.load(card(source=core)).component("weak").counts
    assert near == pytest.approx(4 * far, rel=1e-9)


def test_background_at_a_rate(projected, card):
    """5 counts per kg keV day of the flat one, the other as it was."""
    rate = "5 / kg / keV / day"
    found = plan(projected(axis("background", of="compton", values=[rate])))
    twin = card()
    twin["backgrounds"][0]["rate"] = rate
    same(at(found, 0), analysis.load(twin))


def test_backgrounds_by_a_factor(projected):
    """All of them."""
    found = plan(projected(axis("background", factors=[3.0, 6.0])))
    low, high = at(found, 0), at(found, 1)
    for name in ("compton", "ge71"):
        assert high.component(name).counts == pytest.approx(2 * low.component(name).counts)
    assert high.component("weak").counts == pytest.approx(low.component("weak").counts)


def test_quenching(projected, card):
    """Another k is another card: recoils move, electrons stay."""
    found = plan(projected(axis("quenching", element="Ge", values=["0.12", "0.2"])))
    twin = card()
    twin["detector"]["quenching"]["Ge"]["k"] = "0.2"
    same(at(found, 1), analysis.load(twin))
    assert (
        at(found, 0).component("coherent").counts[0] < at(found, 1).component("coherent").counts[0]
    )


@pytest.mark.parametrize("varied", [False, True])
def test_threshold(projected, card, varied):
    """From 330 eV on, inside a bin of the card: the card that begins there.

    1e-4: the grids of deposits of the two differ, which moves counts by 1e-5 and less.
    With an error of the threshold each threshold has a model of its own.
    """
    changes = {"variations__threshold": "10 eV"} if varied else {}
    found = plan(projected(axis("threshold", values=["330 eV", "1 keV"]), **changes))
    edges = [f"{x} keV" for x in (0.33, *np.round(np.arange(0.4, 3.01, 0.1), 6))]
    twin = card(detector__threshold="330 eV", bins={"edges": edges}, **changes)
    same(at(found, 0), analysis.load(twin), rel=1e-4)
    assert at(found, 1).bin_edges[0] == pytest.approx(1 * u.keV, rel=1e-12)


def test_a_threshold_above_all_bins_is_refused(projected):
    """Where the bins end is said."""
    found = plan(projected(axis("threshold", values=["1 keV", "5 keV"])))
    with pytest.raises(InvalidInput, match="found a threshold of 5 keV, expected all below"):
        at(found, 0)


def test_thresholds_of_a_detector_with_its_own_bins(projected):
    """Must be edges of these."""
    changes = {"bins": None, "backgrounds": []}
    kept = {"resolution": {"kind": "perfect"}, "efficiencies": []}
    changes["detector"] = {"name": "texono-hpge", **kept}
    changes["signals__channels"] = ["weak", "magnetic-moment"]
    changes["variations"] = {}
    good = plan(projected(axis("threshold", values=["20 keV"]), **changes))
    assert good.axes[0].points.tolist() == pytest.approx([20.0])
    with pytest.raises(InvalidInput, match="expected the lower edge of a bin such as 20 keV"):
        plan(projected(axis("threshold", values=["20.2 keV"]), **changes))


def test_two_axes_and_models_are_a_product(projected):
    """The first axis is the slow one; models come outside."""
    section = {
        "axes": [
            {"kind": "exposure", "factors": [1.0, 2.0]},
            {"kind": "background", "factors": [1.0, 3.0, 9.0]},
        ],
        "models": ["stepped", "free"],
    }
    found = plan(projected(section))
    assert found.size == 12
    values = [values for values, _ in found.points()]
    assert values[:4] == [(1.0, 1.0), (1.0, 3.0), (1.0, 9.0), (2.0, 1.0)]
    knobs = [knobs for _, knobs in found.points()][5]
    assert (knobs.exposure, knobs.backgrounds) == (2.0, {"compton": 9.0, "ge71": 9.0})
    stepped, free = (found.model(name, Knobs()) for name in found.models)
    assert stepped.provenance["electrons"] == "stepped"
    assert free.component("weak").counts[0] > stepped.component("weak").counts[0]


def test_the_own_model_is_the_default(projected):
    """That of [response], never another."""
    assert plan(projected()).models == ("stepped",)


def test_subtraction_and_rejection_reach_the_question(projected):
    """As numbers of the card, or along an axis."""
    section = {
        "nuclear_recoil_rejection": "90 %",
        "subtraction": {"window": "2 keV"},
        "axes": [{"kind": "accuracy", "values": ["1 %", "3 %"]}],
        "toys": 200,
        "seed": 7,
        "confidence": "95 %",
    }
    found = plan(projected(section))
    knobs = [knobs for _, knobs in found.points()]
    assert [k.rejection for k in knobs] == [0.9, 0.9]
    asked = found.asked(knobs[1])
    assert asked.subtraction == Subtraction(0.03, 2 * u.keV)
    assert (asked.toys, asked.seed) == (200, 7)
    assert asked.confidence == pytest.approx(0.95, rel=1e-12)
    for word, window in (("bin", 0.0), ("all", np.inf)):
        section["subtraction"] = {"correlated": word}
        assert plan(projected(section)).asked(knobs[0]).subtraction.window == window
    along = plan(projected(axis("nuclear-recoil-rejection", values=["50 %"])))
    assert [k.rejection for _, k in along.points()] == [0.5]


@pytest.mark.parametrize(
    ("section", "changes", "said"),
    [
        ({"parameter": "magnetic-momnt"}, {}, "project.parameter: unknown channel"),
        ({"models": ["steped"]}, {}, "project.models[0]: unknown response 'steped'"),
        (
            axis("background", of="comptn", factors=[1.0]), {},
            "project.axes[0]: unknown background of the card 'comptn'",
        ),
        (
            axis("background", of="ge71", values=["1 / kg / keV / day"]), {},
            "found a rate for 'ge71' of kind electron-capture, expected factors",
        ),
        (axis("background", factors=[2.0]), {"backgrounds": []}, "found no [[backgrounds]]"),
        (axis("distance", values=["9 m"]), {}, "found a source without a distance"),
        (
            axis("distance", values=["9 m"]), {"source": {"core": "dresden-ii"}},
            "found no distance of dresden-ii",
        ),
        (
            axis("quenching", element="Xe", values=["0.1"]), {},
            "project.axes[0]: unknown element of detector.quenching 'Xe'",
        ),
        (
            axis("quenching", element="Ge", values=["0.1"]),
            {"detector__quenching": {"Ge": {"kind": "table", "file": "q.csv"}}},
            "found quenching of kind table",
        ),
    ],
)  # fmt: skip
def test_what_the_card_cannot_do_is_refused(projected, section, changes, said):
    """With the path, before anything is computed."""
    with pytest.raises((InvalidInput, UnknownName)) as error:
        plan(projected(section, **changes))
    assert said in str(error.value)


def test_a_card_without_the_section_is_refused(card):
    """What to write is said."""
    with pytest.raises(InvalidInput, match="found no \\[project\\]"):
        plan(card())


def test_data_with_a_background_of_their_own_are_refused(projected, tmp_path):
    """No axis could change it."""
    (tmp_path / "d.csv").write_text(
        "energy_low_keV,energy_high_keV,counts,background_counts\n1,2,5,3\n2,3,4,3\n"
    )
    (tmp_path / "d.toml").write_text(
        'name = "d"\nkind = "binned-counts"\ntable = "d.csv"\nmass = "1 kg"\nlive_time = "1 day"\n'
    )
    changes = {"data": {"file": str(tmp_path / "d.toml")}, "bins": None}
    with pytest.raises(InvalidInput, match="found counts of a background in the data"):
        plan(projected(None, detector__exposure=None, **changes))


def test_retracted_models_are_known():
    """Those of the equivalent photon, for dipoles."""
    assert retracted("equivalent-photon-paper", "magnetic-moment")
    assert not retracted("equivalent-photon-paper", "millicharge")
    assert not retracted("ab-initio", "magnetic-moment")
    assert not retracted("", "magnetic-moment")
