"""Run cards: what is accepted, and the exact path to a mistake."""

import json

import pytest

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.cards.card import json_schema, read_card
from nuatom.analysis.cards.starters import STARTERS
from nuatom.analysis.projections.what_it_takes import what_it_takes
from nuatom.detectors.bound_lindhard import sarkis
from nuatom.errors import InvalidInput, NuatomError


def test_quantities_become_numbers_in_base_units(card):
    """Text with a unit is read once, where the card is read."""
    found = read_card(card()).card
    assert found.detector.exposure / (u.kg * u.day) == pytest.approx(1, rel=1e-12)
    assert found.detector.resolution.noise / u.keV == pytest.approx(0.03, rel=1e-12)
    assert found.variations.quenching == pytest.approx(0.1, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"detector__resolution__noise": 30},
            "detector.resolution.noise: found 30, expected a quantity in energy such as '220 eV'",
        ),
        ({"detector__resolution__noise": "30 s"}, "detector.resolution.noise: found '30 s'"),
        ({"detector__resolution__noise": "-3 eV"}, "expected more than zero"),
        ({"detector__resolution__noise": None}, "detector.resolution.noise: found nothing"),
        ({"detector__resolution__nois": "3 eV"}, "unknown key 'nois': did you mean 'noise'"),
        ({"detector__resolution__kind": "fanno"}, "did you mean 'fano'?"),
        ({"detector__resolution__kind": None}, "found no kind, expected kind = one of fano,"),
        ({"detector__quenching__Ge__kk": 3}, "detector.quenching.Ge: unknown key 'kk'"),
        ({"detector__mass": "1 kg"}, "detector: found one of mass and live_time"),
        ({"detector__exposure": None}, "found no exposure"),
        ({"detector__resolution": None}, "found no resolution"),
        ({"detector__target": None}, "found neither name nor target"),
        ({"detektor": {}}, "unknown key 'detektor': did you mean 'detector'?"),
        ({"signals__channels": []}, "signals: channels: found none, expected at least one"),
        ({"signals__channels": "weak"}, "signals.channels: found 'weak', expected a list"),
        ({"signals__channels": ["weak", "weak"]}, "found 'weak' twice"),
        ({"bins__number": 2.5}, "bins.number: found 2.5, expected a whole number"),
        ({"bins__number": True}, "bins.number: found True"),
        ({"bins__high": "0.1 keV"}, "bins: found edges that do not increase"),
        ({"bins__edges": ["1 keV", "2 keV"]}, "bins: expected either edges, or low"),
        ({"bins__spacing": "log"}, "found 'log', expected 'linear' or 'logarithmic'"),
        ({"variations__resolution": "95 %"}, "variations.resolution: found '95 %'"),
        ({"source": {"name": "a", "file": "b"}}, "source: expected exactly one of"),
        ({"source": {"file": "flux.csv"}}, "source: found one of file and flavor"),
        ({"source": {"name": "a", "distance": "3 m"}}, "expected a core with them"),
        ({"backgrounds": [{"kind": "flat", "name": "a"}]}, "backgrounds[0].rate: found nothing"),
        (
            {"backgrounds": [{"kind": "flat", "name": "weak", "rate": "1 cpkkd"}] * 2},
            "two components named 'weak'",
        ),
        ({"title": 3}, "title: found 3, expected text"),
        ({"detector": 3}, "detector: found 3, expected a table of keys"),
        ({"backgrounds": {"kind": "flat"}}, "backgrounds: found a table, expected a list"),
    ],
)
def test_a_mistake_is_named_by_its_path(card, change, said):
    """One line: path, what was found, what was expected."""
    with pytest.raises(InvalidInput) as caught:
        read_card(card(**change))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_several_mistakes_are_counted(card):
    """The first is shown, and that there are more."""
    with pytest.raises(InvalidInput, match=r"; and 1 more$"):
        read_card(card(title=3, bins__number="x"))


def test_file_stands_before_the_path(tmp_path):
    """A syntax error has line and column; a wrong value the file and its path."""
    path = tmp_path / "c.toml"
    path.write_text('[source]\nname = "kuo-sheng\n')
    with pytest.raises(InvalidInput, match=r"c\.toml: found no valid TOML .*line 2"):
        read_card(path)
    path.write_text('[source]\nname = 3\n[detector]\n[signals]\nchannels = ["weak"]\n')
    with pytest.raises(InvalidInput, match=r"c\.toml: source\.name: found 3"):
        read_card(path)
    with pytest.raises(InvalidInput, match="no such file"):
        read_card(tmp_path / "nothing.toml")


@pytest.mark.parametrize("name", STARTERS)
def test_starters_are_valid_cards(name, tmp_path):
    """What --init writes is accepted as it stands."""
    path = tmp_path / "c.toml"
    path.write_text(STARTERS[name], encoding="utf-8")
    assert read_card(path).digest


def test_schema_is_what_an_editor_needs():
    """Every section has its properties, refuses others, and quantities are text."""
    schema = json.loads(json.dumps(json_schema()))
    assert {"source", "detector", "bins", "backgrounds"} <= set(schema["properties"])
    sections = [s for s in schema["$defs"].values() if s.get("type") == "object"]
    assert sections
    assert all(s["additionalProperties"] is False for s in sections)
    noise = schema["$defs"]["FanoSection"]["properties"]["noise"]
    assert noise["type"] == "string"


def test_nesting_without_end_is_refused(card):
    """A card as deep as the interpreter's stack is no card."""
    deep = {}
    for _ in range(5000):
        deep = {"a": deep}
    with pytest.raises(NuatomError):
        read_card(card(source=deep))


def test_polynomial_and_bound_recoils_are_kinds(card, tmp_path):
    """sigma = 0.1 + 0.02 T keV is 0.14 keV at 2 keV and ends at 5 keV; a recoil of 30 eV in
    germanium leaves nothing, one of 2 keV what `sarkis` says."""
    kinds = card(
        detector__resolution={
            "kind": "polynomial", "coefficients_in_keV": [0.1, 0.02], "highest": "5 keV",
        },
        detector__quenching={"Ge": {"kind": "sarkis", "k": "0.162"}},
    )  # fmt: skip
    section = read_card(kinds).card.detector
    width = section.resolution.build(tmp_path).sigma([2 * u.keV, 9 * u.keV]) / u.keV
    assert width == pytest.approx([0.14, 0.2], rel=1e-12)
    quenching = section.quenching["Ge"].build(tmp_path, "Ge")
    assert quenching.ionisation_energy(30 * u.eV) == 0
    expected = float(sarkis("Ge", 0.162).ionisation_energy(2 * u.keV))
    assert float(quenching.ionisation_energy(2 * u.keV)) == pytest.approx(expected, rel=1e-12)


def test_a_polynomial_that_vanishes_is_named(card):
    """Its numbers are checked where the detector is built."""
    with pytest.raises(InvalidInput, match=r"detector: resolution: found a width that reaches"):
        analysis.load(
            card(
                detector__resolution={
                    "kind": "polynomial", "coefficients_in_keV": [0.1, -0.2], "highest": "5 keV",
                }
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        analysis.load,
        analysis.limit,
        analysis.project,
        lambda path: what_it_takes(path, 1e-11),
    ],
    ids=["load", "limit", "project", "what-it-takes"],
)
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"magnetic-moment"', '"magnetic-momen"', "unknown"),  # found after reading
        ("exposure", "exposures", "unknown key"),  # while reading
        ("[detector]", "[detector", "found no valid TOML"),
    ],
)
def test_every_mistake_begins_with_the_file_once(call, old, new, said, tmp_path):
    """Also one that is found only when the model is built."""
    path = tmp_path / "ge.toml"
    text = (
        '[source]\nname = "kuo-sheng"\n[detector]\ntarget = "Ge"\nexposure = "1 kg day"\n'
        'resolution = {kind = "perfect"}\n[bins]\nedges = ["1 keV", "2 keV"]\n'
        '[response]\nelectrons = "stepped"\n[signals]\nchannels = ["magnetic-moment"]\n'
        '[limit]\ndata = "asimov"\nparameters = ["magnetic-momen"]\n'
        '[project]\nparameter = "magnetic-momen"\n'
    )
    path.write_text(text.replace(old, new))
    with pytest.raises(NuatomError) as found:
        call(path)
    assert str(found.value).startswith(f"{path}: ")
    assert said in str(found.value)
    assert str(found.value).count(str(path)) == 1
