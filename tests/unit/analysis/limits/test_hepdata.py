"""Submissions to HEPData, read back with a YAML reader of their own."""

import os
import sys
import tarfile
import warnings
from pathlib import Path

import numpy as np
import pytest
import yaml

from nuatom.analysis.limits import hepdata
from nuatom.errors import CannotWrite, InvalidInput, UnknownName
from nuatom.table import Column, Table

SPECTRUM = Table(
    "spectrum",
    "Counts of a test",
    (
        Column("energy_low_keV", np.array([0.2, 0.3, 0.4])),
        Column("energy_high_keV", np.array([0.3, 0.4, 0.6])),
        Column("observed_counts", np.array([7.0, 0.0, np.nan]), "observed"),
        Column("observed_error_counts", np.array([2.5, 0.0, np.nan]), "root of counts"),
        Column("rate_per_kg_keV_day", np.array([1.23456789e-11, 2.0, 3.0])),
    ),
    notes=("made for a test",),
    references=("Author, J. Tests 1, 2 (2020)",),
)
LIMITS = Table(
    "limits",
    "Limits",
    (
        Column("method", ["bayes", "cls"]),
        Column("unit", ["mu_B", "mu_B"]),
        Column("high", np.array([6.4e-11, np.inf])),
        Column("note", ["", "one, two: three"]),
    ),
)


def documents(folder: Path) -> list[dict]:
    """The parts of submission.yaml."""
    return list(yaml.safe_load_all((folder / "submission.yaml").read_text()))


def test_binned_table(tmp_path: Path) -> None:
    """Bins, values, errors, units and text come back as they were."""
    hepdata.write([SPECTRUM], tmp_path / "out")
    found = yaml.safe_load((tmp_path / "out" / "spectrum.yaml").read_text())
    (energy,) = found["independent_variables"]
    assert energy["header"] == {"name": "energy", "units": "keV"}
    assert energy["values"][2] == {"low": 0.4, "high": 0.6}
    counts, rate = found["dependent_variables"]
    assert counts["header"] == {"name": "observed", "units": "counts"}
    assert counts["values"][0] == {
        "value": 7.0,
        "errors": [{"symerror": 2.5, "label": "root of counts"}],
    }
    assert counts["values"][1] == {"value": 0.0}  # an error of zero is no error
    assert counts["values"][2] == {"value": "-"}
    assert rate["header"] == {"name": "rate", "units": "1/(kg keV day)"}
    assert rate["values"][0]["value"] == 1.23456789e-11


def test_head_of_the_submission(tmp_path: Path) -> None:
    """Comment, references, title and notes are in submission.yaml."""
    hepdata.write([SPECTRUM, LIMITS], tmp_path / "out", comment="A test.", references=["One"])
    head, spectrum, limits = documents(tmp_path / "out")
    assert head["comment"] == "A test.\nReferences: One; Author, J. Tests 1, 2 (2020)"
    assert spectrum["description"] == "Counts of a test. made for a test"
    assert spectrum["data_file"] == "spectrum.yaml"
    assert limits["name"] == "limits"


def test_text_columns(tmp_path: Path) -> None:
    """Text at the beginning is independent, later text a value; infinite numbers are words."""
    hepdata.write([LIMITS], tmp_path / "out")
    found = yaml.safe_load((tmp_path / "out" / "limits.yaml").read_text())
    assert [v["header"]["name"] for v in found["independent_variables"]] == ["method", "unit"]
    high, note = found["dependent_variables"]
    assert [v["value"] for v in high["values"]] == [6.4e-11, "inf"]
    assert note["values"][1] == {"value": "one, two: three"}


def test_entry(tmp_path: Path) -> None:
    """An entry chooses variables, units, qualifiers, keywords and the place in the paper."""
    table = Table(
        "contour",
        "",
        tuple(Column(name, np.arange(2.0)) for name in ("moment_mu_B", "charge_e", "rise")),
    )
    entry = hepdata.Entry(
        table,
        ("moment_mu_B", "charge_e"),
        {"Confidence level": "90 %"},
        {"observables": ["RISE"]},
        {"rise": "none"},
        "Figure 3",
    )
    hepdata.write([entry], tmp_path / "out")
    found = yaml.safe_load((tmp_path / "out" / "contour.yaml").read_text())
    headers = [v["header"] for v in found["independent_variables"]]
    assert headers == [{"name": "moment", "units": "mu_B"}, {"name": "charge", "units": "e"}]
    (rise,) = found["dependent_variables"]
    assert rise["qualifiers"] == [{"name": "Confidence level", "value": "90 %"}]
    assert rise["header"]["units"] == "none"
    described = documents(tmp_path / "out")[1]
    assert described["location"] == "Figure 3"
    assert described["keywords"] == [{"name": "observables", "values": ["RISE"]}]


@pytest.mark.parametrize(
    ("column", "words", "unit"),
    [
        ("energy_transfer_keV", "energy transfer", "keV"),
        ("rate_per_kg_keV_day", "rate", "1/(kg keV day)"),
        ("cross_section_cm2_per_keV", "cross section", "cm2/keV"),
        ("flux_per_cm2_s", "flux", "1/(cm2 s)"),
        ("magnetic_moment_mu_B", "magnetic moment", "mu_B"),
        ("observed_counts", "observed", "counts"),
        ("counts", "counts", ""),
        ("best_fit", "best fit", ""),
        ("s2_PE", "s2", "PE"),
    ],
)
def test_units(column: str, words: str, unit: str) -> None:
    """The end of a name is its unit, at least one word is the name."""
    assert hepdata.unit_of(column) == (words, unit)


@pytest.mark.parametrize("name", ["a.tar.gz", "a.zip"])
def test_archives(name: str, tmp_path: Path) -> None:
    """An archive holds what the folder holds, and is the same each time."""
    hepdata.write([SPECTRUM, LIMITS], tmp_path / "folder")
    hepdata.write([SPECTRUM, LIMITS], tmp_path / name)
    hepdata.write([SPECTRUM, LIMITS], tmp_path / f"again-{name}")
    assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()
    if name.endswith(".gz"):
        with tarfile.open(tmp_path / name) as archive:
            content = archive.extractfile("spectrum.yaml")
            assert content is not None
            assert content.read() == (tmp_path / "folder" / "spectrum.yaml").read_bytes()


def test_the_validator_of_hepdata_agrees(tmp_path: Path) -> None:
    """HEPData's own validator accepts the archive from outside, too."""
    hepdata.write([SPECTRUM, LIMITS], tmp_path / "a.tar.gz")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="unclosed file", category=ResourceWarning)
        warnings.filterwarnings("ignore", message=r"jsonschema\.", category=DeprecationWarning)
        from hepdata_validator.full_submission_validator import FullSubmissionValidator

        assert FullSubmissionValidator().validate(archive=str(tmp_path / "a.tar.gz"))


def test_refused_by_the_validator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What HEPData would refuse is refused before anything is written."""
    monkeypatch.setattr(hepdata, "_text", lambda *_: 5)
    with pytest.raises(InvalidInput, match="hepdata: found a submission that the validator"):
        hepdata.write([SPECTRUM], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory stays as it is."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    hepdata.write([SPECTRUM], tmp_path / "out")
    assert os.listdir(".") == []  # noqa: PTH208


def test_bad_input(tmp_path: Path) -> None:
    """Each mistake is named, and nothing is written."""
    out = tmp_path / "out"
    with pytest.raises(InvalidInput, match="found no table"):
        hepdata.write([], out)
    with pytest.raises(InvalidInput, match="found two tables 'limits'"):
        hepdata.write([LIMITS, LIMITS], out)
    odd = Table("a/b", "", LIMITS.columns)
    with pytest.raises(InvalidInput, match="found the name 'a/b'"):
        hepdata.write([odd], out)
    with pytest.raises(UnknownName, match="unknown column 'energy'"):
        hepdata.write([hepdata.Entry(SPECTRUM, ("energy",))], out)
    with pytest.raises(InvalidInput, match="found no dependent variable in short"):
        hepdata.write([Table("short", "", LIMITS.columns[:1])], out)
    (out).mkdir()
    (out / "mine.txt").write_text("x")
    with pytest.raises(CannotWrite, match=r"found 'mine\.txt' there"):
        hepdata.write([LIMITS], out)
    assert os.listdir(out) == ["mine.txt"]  # noqa: PTH208
    with pytest.raises(CannotWrite, match="cannot write"):
        hepdata.write([LIMITS], out / "mine.txt" / "a.zip")


def test_without_hepdata_lib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the message says what to install."""
    monkeypatch.setitem(sys.modules, "hepdata_lib", None)
    with pytest.raises(InvalidInput, match=r"no package hepdata_lib.*'nuatom\[hist\]'"):
        hepdata.write([LIMITS], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_limit_of_a_card(card, tmp_path: Path) -> None:
    """Everything that `nuatom limit` finds is one valid submission."""
    from nuatom import analysis

    result = analysis.limit(card(limit={"parameters": ["magnetic-moment"], "data": "asimov"}))
    hepdata.submit(result, tmp_path / "out")
    names = {part.get("name") for part in documents(tmp_path / "out")[1:]}
    assert names == set(result.tables)
    limits = yaml.safe_load((tmp_path / "out" / "limits.yaml").read_text())
    columns = {v["header"]["name"]: v for v in limits["dependent_variables"]}
    quoted = columns["high"]["values"][0]["value"]
    assert quoted == pytest.approx(result.quotes[0].high, rel=1e-8)  # nine digits are kept
    assert {"name": "Likelihood", "value": "poisson"} in columns["high"]["qualifiers"]
