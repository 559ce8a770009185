"""The model of a card: counts, couplings, variations."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate

import nuatom as na
from nuatom import analysis
from nuatom import constants as c
from nuatom import units as u
from nuatom.analysis.cards.build import experiment
from nuatom.analysis.cards.card import read_card
from nuatom.analysis.expectation import build_model, kinematic_ends
from nuatom.detectors.detector import Detector
from nuatom.errors import InvalidInput, NuatomError
from nuatom.sources import solar_parts

KG_DAY = u.kg * u.day
EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("expected_*.toml"))


@pytest.fixture(scope="module")
def model(card):
    """The model of the standard card."""
    return analysis.load(card())


def test_components_are_signals_and_backgrounds_of_the_card(model):
    """Every channel and background once; weak and magnetic moment do not interfere."""
    assert [p.name for p in model.components] == [
        "weak",
        "magnetic-moment",
        "coherent",
        "compton",
        "ge71",
    ]


def test_without_smearing_counts_are_integrals_of_the_rate(card):
    """With a perfect detector a bin holds the integral of the rate by an adaptive quadrature,
    split at the edges (1e-6, the tolerance of the quadrature)."""
    perfect = card(
        detector={"target": "Ge", "exposure": "2 kg day", "resolution": {"kind": "perfect"}},
        signals__channels=["magnetic-moment"],
        backgrounds=[],
        variations={},
        bins={"edges": ["0.9 keV", "1.3 keV", "2 keV"]},
    )
    found = analysis.load(perfect).expected({"magnetic-moment": 1e-11})
    edges = sorted(s.binding_energy / u.keV for s in na.target("Ge").subshells)

    def rate(T):
        value = na.differential_rate(
            T * u.keV,
            source="kuo-sheng",
            target="Ge",
            interaction=na.MagneticMoment(1e-11),
            response="stepped",
        )
        return float(value / u.cpkkd)

    for low, high, counts in ((0.9, 1.3, found[0]), (1.3, 2.0, found[1])):
        inside = [e for e in edges if low < e < high]
        integral = integrate.quad(rate, low, high, points=inside or None, epsrel=1e-9)[0]
        assert counts == pytest.approx(2 * integral, rel=1e-6)


def test_flat_background_is_rate_times_exposure(model):
    """1 per (kg keV day) in 0.1 keV and 1 kg day, far from the threshold (1e-6: grid)."""
    assert model.component("compton").counts[10:] == pytest.approx(0.1, rel=1e-6)


def test_standard_model_is_the_default(model):
    """Without couplings weak and coherent count once, new physics not at all."""
    standard = sum(model.component(n).counts for n in ("weak", "coherent", "compton", "ge71"))
    assert model.expected() == pytest.approx(standard, rel=1e-12)
    nothing = model.expected({"weak": 0.0, "coherent": 0.0}, strengths={"compton": 0, "ge71": 0})
    assert np.all(nothing == 0)


def test_couplings_enter_with_their_square(model):
    """Twice the moment, four times the counts."""
    signal = [model.expected({"magnetic-moment": m}) - model.expected() for m in (1e-10, 2e-10)]
    assert signal[1] == pytest.approx(4 * signal[0], rel=1e-9)


def test_shifts_pass_through_the_varied_spectra(model):
    """At plus and minus one standard deviation the counts are those of the variation, at zero
    the nominal ones, and beyond they go on straight."""
    for name in model.variations:
        weights = model.coefficients()
        for side, sign in (("upper", 1.0), ("lower", -1.0)):
            varied = sum(
                w * getattr(p, side).get(name, p.counts)
                for w, p in zip(weights, model.components, strict=True)
            )
            assert model.expected(shifts={name: sign}) == pytest.approx(varied, rel=1e-9)
        assert model.expected(shifts={name: 0.0}) == pytest.approx(model.expected(), rel=1e-12)
        far = [model.expected(shifts={name: z}) for z in (1.5, 2.0, 2.5)]
        assert far[0] + far[2] == pytest.approx(2 * far[1], rel=1e-9)


def test_variations_act_on_what_they_name(model):
    """The flux on signals, the quenching on nuclei, the uncertainty of a rate on its own."""
    touched = {p.name: set(p.upper) for p in model.components}
    assert "quenching" in touched["coherent"]
    assert "quenching" not in touched["weak"]
    assert "source_normalisation" not in touched["compton"]
    assert touched["compton"] == {"resolution", "compton_rate"}
    assert model.component("weak").upper["source_normalisation"] == pytest.approx(
        1.05 * model.component("weak").counts, rel=1e-12
    )
    more = model.component("coherent").upper["quenching"]
    assert np.all(more[:3] > model.component("coherent").counts[:3])


def test_energy_scale_moves_a_line(card):
    """Energies read 1 % too high put the 10.37 keV line 0.1 keV higher; its counts stay."""
    wide = card(
        bins={"low": "9 keV", "high": "12 keV", "number": 60},
        variations={"energy_scale": "1 %"},
        signals__channels=["magnetic-moment"],
    )
    line = analysis.load(wide).component("ge71")
    middle = np.linspace(9.025, 11.975, 60)
    mean = [float(c @ middle / c.sum()) for c in (line.counts, line.upper["energy_scale"])]
    assert mean[1] / mean[0] == pytest.approx(1.01, rel=1e-3)
    assert line.upper["energy_scale"].sum() == pytest.approx(line.counts.sum(), rel=1e-6)


def test_threshold_shift_moves_only_the_first_bins(card):
    """A threshold 10 eV higher costs counts where it lies and none above."""
    found = analysis.load(card(variations={"threshold": "20 eV"}))
    flat = found.component("compton")
    assert flat.upper["threshold"][0] < 0.9 * flat.counts[0]
    assert flat.upper["threshold"][1:] == pytest.approx(flat.counts[1:], rel=1e-9)


def test_published_uncertainties_of_a_reactor_are_variations(card):
    """A core brings its own; the spectrum below 1.5 MeV is the largest for soft recoils."""
    core = card(
        source={"core": "kuo-sheng"},
        variations={"reactor_spectra": True, "reactor_power": "2 %"},
        backgrounds=[],
        signals__channels=["magnetic-moment"],
    )
    found = analysis.load(core)
    assert {"source_conversion", "source_low_energy", "reactor_power"} <= set(found.variations)
    part = found.component("magnetic-moment")
    assert part.upper["reactor_power"] == pytest.approx(1.02 * part.counts, rel=1e-9)
    assert np.all(part.upper["source_low_energy"] > part.counts)


def test_a_core_known_by_its_flux_alone_has_variations(card):
    """Dresden-II has neither distance nor power published; its spectra vary all the same."""
    found = analysis.load(
        card(
            source={"core": "dresden-ii"},
            variations={"reactor_spectra": True},
            backgrounds=[],
            signals__channels=["coherent"],
        )
    )
    assert set(found.variations) == {"source_conversion", "source_low_energy"}


def test_components_of_the_sun_vary_one_by_one(card):
    """Each moves the rate by its error times its share; the shares add up to one."""
    sun = card(
        source={"name": "solar-b16-gs98"},
        variations={"solar_fluxes": True, "solar_mixing": True},
        backgrounds=[],
        signals__channels=["weak"],
    )
    part = analysis.load(sun).component("weak")
    errors = {p.name: p.relative for p in solar_parts()}
    shares = [
        (part.upper[f"source_{name}"] / part.counts - 1) / error for name, error in errors.items()
    ]
    # 1e-4: spectra times probabilities are straight to 2e-5 on each segment
    assert sum(shares) == pytest.approx(np.ones(part.counts.size), rel=1e-4)
    assert np.all(part.upper["source_theta12"] < part.counts)


def test_variations_of_the_sun_need_it(card):
    """A reactor has no 7Be."""
    for name in ("solar_fluxes", "solar_mixing"):
        with pytest.raises(InvalidInput, match="variations: found one of the Sun"):
            analysis.load(card(variations={name: True}))


def test_the_end_of_a_line_is_an_edge_of_a_cell(card):
    """Free electrons of 7Be end at 2 E^2/(2 E + m): the step lies between two cells."""
    setup = experiment(
        read_card(card(source={"name": "solar-b16-gs98"}, signals__channels=["weak"]))
    )
    ends = kinematic_ends(setup, "electron", None)
    # ENSDF: Q = 861.89 keV, all to the ground state
    line = 861.89 * u.keV
    end = 2 * line**2 / (2 * line + c.electron_mass)
    assert np.min(np.abs(ends / end - 1)) < 1e-4


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_half_the_grid_moves_no_count_of_an_example(path, monkeypatch):
    """Every component in every bin stays within 1e-3, the bound of the project."""
    coarse = analysis.load(path)
    original = Detector.matrix

    def halved(self, *arguments, step=1.0, **more):
        return original(self, *arguments, step=step / 2, **more)

    monkeypatch.setattr(Detector, "matrix", halved)
    fine = analysis.load(path)
    for one, other in zip(coarse.components, fine.components, strict=True):
        # bins beyond the end of a spectrum hold less than 1e-9 of it, which is no count
        floor = 1e-9 * np.max(np.abs(other.counts))
        assert one.counts == pytest.approx(other.counts, rel=1e-3, abs=floor), one.name


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_half_the_bins_add_up_to_the_bins_of_an_example(path):
    """Every component within 1e-3."""
    read = read_card(path)
    if read.card.bins is None:
        pytest.skip("the bins are those of data")
    double = read.card.bins.model_copy(update={"number": 2 * read.card.bins.number})
    whole = build_model(read)
    halves = build_model(replace(read, card=read.card.model_copy(update={"bins": double})))
    for one, other in zip(whole.components, halves.components, strict=True):
        floor = 1e-9 * np.max(np.abs(one.counts))
        both = other.counts.reshape(-1, 2).sum(axis=1)
        assert one.counts == pytest.approx(both, rel=1e-3, abs=floor), one.name


def test_compound_is_the_sum_of_its_elements(card):
    """NaI counts what its parts count in pure elements, by their mass (1e-3: their own grids)."""

    def counts(target):
        return analysis.load(
            card(
                detector={
                    "target": target,
                    "exposure": "1 kg day",
                    "resolution": {"kind": "power", "constant": "0.1 keV"},
                },
                signals__channels=["magnetic-moment"],
                backgrounds=[],
                variations={},
                bins={"low": "1 keV", "high": "8 keV", "number": 7},
            )
        ).expected({"magnetic-moment": 1e-10})

    from nuatom.targets.compounds import compound

    parts = compound("NaI").mass_fractions
    total = parts["Na"] * counts("Na") + parts["I"] * counts("I")
    assert counts("NaI") == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source__name": "kuosheng"}, "source: unknown source 'kuosheng': did you mean"),
        ({"signals__channels": ["waek"]}, r"signals.channels\[0\]: unknown interaction 'waek'"),
        ({"signals__channels": ["b-l-boson"]}, "signals: b-l-boson|found no mass"),
        ({"response__electrons": "steped"}, "response: unknown response 'steped'"),
        ({"response__electrons": None}, "response: found no model of electrons"),
        ({"response__electrons": "nucleus"}, "found 'nucleus'"),
        ({"response__electrons": "equivalent-photon"}, "signals: .* needs the response"),
        ({"detector__target": "Xx"}, "detector: "),
        ({"detector__quenching": None}, "variations: quenching: found none"),
        ({"detector__quenching": None, "variations": {}}, "detector: nuclear recoils of Ge"),
        ({"backgrounds": [{"kind": "electron-capture", "name": "a", "nuclide": "71Gee",
                           "rate": "1 / kg / day"}]}, r"backgrounds\[0\]: unknown capture"),
        ({"backgrounds": [{"kind": "template", "name": "a", "file": "t.csv",
                           "of": "observed"}]}, r"backgrounds\[0\]: t.csv: no such file"),
        ({"variations": {"reactor_spectra": True}}, "expected source.core"),
        ({"source": {"file": "f.csv", "flavor": "nu_e"}}, "source: f.csv: no such file"),
        ({"detector": {"name": "texno"}}, "detector: unknown detector"),
        ({"detector": {"name": "texono-ulege"}}, "detector: "),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_named_by_its_section(card, change, said):
    """The path of the key stands before what the objects themselves say."""
    with pytest.raises(NuatomError, match=said) as caught:
        analysis.load(card(**change))
    assert "\n" not in str(caught.value)


def test_unknown_names_are_refused_by_the_model(model):
    """Couplings, backgrounds and variations are looked up."""
    for wrong in (
        {"couplings": {"magnetic_moment": 1.0}},
        {"strengths": {"comptn": 1.0}},
        {"shifts": {"resolutoin": 1.0}},
    ):
        with pytest.raises(NuatomError, match="did you mean"):
            model.expected(**wrong)
    with pytest.raises(InvalidInput, match="not finite"):
        model.expected({"weak": float("nan")})


def test_shipped_detector_with_what_it_lacks(card):
    """A shipped card is completed by the run card, and cites its numbers."""
    found = analysis.load(
        card(
            detector={
                "name": "texono-ulege",
                "resolution": {"kind": "power", "constant": "0.07 keV"},
                "quenching": {"Ge": {"kind": "lindhard", "k": "0.157"}},
                "efficiencies": [{"kind": "step", "threshold": "220 eV"}],
            }
        )
    )
    assert found.exposure / KG_DAY == pytest.approx(0.338, rel=1e-12)
    assert any("Lin" in reference or "Wong" in reference for reference in found.references)


def test_a_new_coupling_takes_less_than_50_milliseconds(model):
    """Linear algebra on what was computed before; the best of five, as other work disturbs."""

    def seconds():
        start = time.perf_counter()
        model.expected({"magnetic-moment": 1e-11}, shifts={"resolution": 0.3})
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.050
