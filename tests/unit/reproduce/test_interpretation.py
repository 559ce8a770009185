"""The axis of the neutrino magnetic moment."""

import hashlib
import json
import math
from importlib import resources

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.reproduce import interpretation
from nuatom.reproduce.interpretation import (
    KINDS,
    compute,
    minimal_dirac_moment,
    published_entries,
)
from nuatom.reproduce.published import card

OURS = {"Eq. (11) recomputed": 1.933e-11, "stepped, pseudo-data": 1.1e-10}
RETRACTED = ["Eq. (11) recomputed"]


def test_minimal_dirac_prediction() -> None:
    """A Dirac neutrino of 1 eV has 3.2e-19 Bohr magnetons, in proportion to its mass."""
    one = minimal_dirac_moment(1 * u.eV)
    # Bell et al., hep-ph/0606248, Eq. (1): 3e-19 (m_nu/eV); two digits: 3.2e-19
    assert one == pytest.approx(3.2e-19, abs=0.05e-19)  # half of the last digit
    assert minimal_dirac_moment(0.05 * u.eV) == pytest.approx(0.05 * one, rel=1e-12)
    assert minimal_dirac_moment(0.0) == 0.0


def test_minimal_dirac_by_its_definition() -> None:
    """3 e G m_nu/(8 sqrt2 pi^2) over e/(2m) with e = sqrt(4 pi alpha) is the same number."""
    charge = math.sqrt(4 * math.pi * c.fine_structure)
    moment = 3 * charge * c.fermi_coupling * u.eV / (8 * math.sqrt(2) * math.pi**2)
    magneton = charge / (2 * c.electron_mass)
    assert minimal_dirac_moment(1 * u.eV) == pytest.approx(moment / magneton, rel=1e-12)


def test_entries_of_the_paper() -> None:
    """The numbers that the paper quotes stand on the axis, its own two limits retracted."""
    entries = published_entries()
    by_limit = {round(entry.high / 1e-11, 3): entry for entry in entries}
    # the text of the paper: refs. 7 and 9, Eqs. (11) and (12), naturalness, astrophysics
    assert {7.4, 5.4, 1.9, 1.3, 0.001, 10.0} <= set(by_limit)
    assert [e.high for e in entries if e.retracted] == pytest.approx([1.9e-11, 1.3e-11])
    assert by_limit[10.0].low == 1e-12
    original = card()["eq11"]["free_electron_limits_1e11_mu_B"]["original_analysis"]
    assert by_limit[original].kind == "experimental limit"


def test_entries_are_complete() -> None:
    """Each entry has a known kind, an ordered positive range and a reference."""
    entries = published_entries()
    for entry in entries:
        assert entry.kind in KINDS
        assert 0 < entry.low <= entry.high
        assert len(entry.reference) > 10
    labels = [entry.label for entry in entries]
    assert len(set(labels)) == len(labels)
    assert [KINDS.index(e.kind) for e in entries] == sorted(KINDS.index(e.kind) for e in entries)


def test_checksum() -> None:
    """The table is the one that its card describes."""
    folder = resources.files("nuatom") / "data/limits/neutrino-magnetic-moment/2022"
    described = interpretation.data_card()
    content = (folder / described["table"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == described["sha256"]


def test_table() -> None:
    """The table follows its contract and lists this report's limits last."""
    table = compute(OURS, retracted=RETRACTED).tables[0]
    names = [column.name for column in table.columns]
    assert names == ["label", "kind", "low_mu_B", "high_mu_B", "retracted", "reference"]
    assert list(table.column("label")[-2:]) == list(OURS)
    assert list(table.column("retracted")[-2:]) == ["yes", "no"]
    assert set(table.column("kind")) == set(KINDS)
    assert set(table.column("retracted")) == {"yes", "no"}
    assert np.asarray(table.column("high_mu_B"))[-2:] == pytest.approx(list(OURS.values()))
    assert table.to_csv().count("\n") == len(table.column("label")) + 1
    assert any("retracted" in note for note in table.notes)


def test_naturalness_lies_below_every_limit() -> None:
    """The Dirac bound lies between the minimal prediction and every limit."""
    table = compute().tables[0]
    low = np.asarray(table.column("low_mu_B"))
    kind = np.array(table.column("kind"))
    (natural,) = low[kind == "theory bound"]
    assert low[kind == "prediction"].max() < natural
    assert natural < low[(kind == "experimental limit") | (kind == "astrophysical bound")].min()


def test_summary() -> None:
    """The minimal prediction is compared with the order quoted, retracted limits are marked."""
    summary = compute(OURS, retracted=RETRACTED).summary_dict()["interpretation"]
    assert isinstance(summary, dict)
    minimal = summary["minimal_dirac_mu_B_per_eV"]
    assert minimal["status"] == "reproduced"
    assert minimal["ratio"] == pytest.approx(3.2, abs=0.05)
    assert summary["this_work_mu_B"]["Eq. (11) recomputed"]["status"] == "retracted"
    stepped = summary["this_work_mu_B"]["stepped, pseudo-data"]
    assert (stepped["ours"], stepped["status"]) == (1.1e-10, "not public")
    assert summary["naturalness_mu_B"]["naturalness, Dirac neutrinos"]["published"] == 1e-14
    json.dumps(summary, allow_nan=False)


def test_no_limits_of_ours() -> None:
    """Without limits of its own the axis holds what is published."""
    kinds = compute().tables[0].column("kind")
    assert "this work" not in kinds


def test_bad_input() -> None:
    """Limits must be positive and retracted ones must be among them."""
    for bad in (0.0, -1e-11, math.nan, math.inf):
        with pytest.raises(InvalidInput, match="limit ours"):
            compute({"ours": bad})
    with pytest.raises(UnknownName, match="did you mean 'ours'"):
        compute({"ours": 1e-11}, retracted=["our"])
    with pytest.raises(InvalidInput, match="neutrino mass"):
        minimal_dirac_moment(-1.0)
