"""The axis of the neutrino magnetic moment: prediction, bounds, published limits, this work.

The paper argues that a moment within its reach would show neutrinos to be Majorana
particles, because the naturalness bound for Dirac neutrinos lies far below.  That
argument stands; the reach rested on Eq. (10) and was retracted with it.
"""

import csv
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, unknown
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE, RETRACTION, card
from nuatom.reproduce.quantities import Item, judge
from nuatom.table import Column, Table

KINDS = (
    "prediction",
    "theory bound",
    "astrophysical bound",
    "experimental limit",
    "this work",
)
"""Kinds of entries, in the order in which they are listed."""

MINIMAL_DIRAC_REFERENCE = "K. Fujikawa and R. E. Shrock, Phys. Rev. Lett. 45, 963 (1980)"
_MINIMAL_DIRAC_PUBLISHED = 1e-19  # "of order 1e-19 [m_nu/1 eV] mu_B": the paper, its ref. 28
_FOLDER = resources.files("nuatom") / "data/limits/neutrino-magnetic-moment/2022"
_NO_LIMITS: Mapping[str, float] = MappingProxyType({})

CAPTION = (
    "Predictions for, bounds and limits on the neutrino magnetic moment. The minimal prediction "
    "for a Dirac neutrino is proportional to its mass. A moment observed above the naturalness "
    "bound for Dirac neutrinos would point to Majorana neutrinos. Limits that rest on Eq. (10) "
    "are retracted. Reactor and solar limits are on different effective moments, and the "
    "red-giant bounds are disputed (arXiv:2307.13050)."
)


class Entry(NamedTuple):
    """One row of the axis.

    Parameters
    ----------
    label : str
        What the reader sees [text].
    kind : str
        One of `KINDS` [name].
    low, high : float
        Range; equal for a single value or limit [Bohr magneton].
    retracted : bool
        Whether it rests on Eq. (10) [flag].
    reference : str
        Where it comes from [text].
    """

    label: str
    kind: str
    low: float
    high: float
    retracted: bool
    reference: str


def minimal_dirac_moment(neutrino_mass: float) -> float:
    """Return the moment of a Dirac neutrino in the minimally extended Standard Model.

    ::

        mu = 3 e G m_nu/(8 sqrt2 pi^2),   mu/mu_B = 3 G m m_nu/(4 sqrt2 pi^2),   mu_B = e/(2m)

    Parameters
    ----------
    neutrino_mass : float
        m_nu >= 0 [energy].

    Returns
    -------
    float
        In Bohr magnetons.

    Raises
    ------
    InvalidInput
        If the mass is negative or not finite.

    Notes
    -----
    Valid to leading order in (m_lepton/M_W)^2.  Fujikawa and Shrock, Phys. Rev. Lett. 45,
    963 (1980).

    Example
    -------
    >>> from nuatom import units as u
    >>> f"{minimal_dirac_moment(1 * u.eV):.1e}"
    '3.2e-19'
    """
    if float(finite("neutrino mass", neutrino_mass)) < 0:
        raise InvalidInput("neutrino mass: found a negative number, expected >= 0")
    return float(
        3 * c.fermi_coupling * c.electron_mass * neutrino_mass / (4 * np.sqrt(2) * np.pi**2)
    )


@cache
def data_card() -> dict[str, Any]:
    """Return the card of the table of bounds and limits.

    Returns
    -------
    dict
        title, reference, licence, units, note, table, sha256.

    Example
    -------
    >>> data_card()["table"]
    'table.csv'
    """
    return tomllib.loads((_FOLDER / "data.toml").read_text(encoding="utf-8"))


@cache
def published_entries() -> tuple[Entry, ...]:
    """Return the bounds and limits from the literature, with the two of the paper.

    Returns
    -------
    tuple of Entry
        In the order of `KINDS`.

    Example
    -------
    >>> sorted({entry.kind for entry in published_entries()})
    ['astrophysical bound', 'experimental limit', 'theory bound']
    """
    text = (_FOLDER / str(data_card()["table"])).read_text(encoding="utf-8")
    rows = [
        Entry(
            row["label"],
            row["kind"],
            float(row["low_mu_B"]),
            float(row["high_mu_B"]),
            False,
            row["reference"],
        )
        for row in csv.DictReader(text.splitlines())
    ]
    for name, detector in (("eq11", "HPGe"), ("eq12", "ULEGe")):
        limit = 1e-11 * card()[name]["limit_1e11_mu_B"]
        label = f"{detector} 2010, Eq. ({name[2:]})"
        rows.append(
            Entry(label, "experimental limit", limit, limit, True, f"{PAPER}; {RETRACTION}")
        )
    return _in_order(rows)


def compute(limits: Mapping[str, float] = _NO_LIMITS, *, retracted: Collection[str] = ()) -> Item:
    """Return the axis of the magnetic moment with this report's own limits on it.

    Parameters
    ----------
    limits : mapping
        Label -> limit computed in this report [Bohr magneton].
    retracted : collection of str
        Labels among them that rest on Eq. (10) [names].

    Returns
    -------
    Item
        With the table ``interpretation``.

    Raises
    ------
    InvalidInput
        If a limit is not a positive number.
    UnknownName
        If `retracted` names a label that is not among `limits`.

    Example
    -------
    >>> item = compute({"Eq. (11) recomputed": 1.93e-11}, retracted=["Eq. (11) recomputed"])
    >>> item.tables[0].column("kind")[-1], item.tables[0].column("retracted")[-1]
    ('this work', 'yes')
    """
    for label in retracted:
        if label not in limits:
            raise unknown("limit", label, limits)
    values = {
        label: float(finite(f"limit {label}", value, positive=True))
        for label, value in limits.items()
    }
    minimal = minimal_dirac_moment(1 * u.eV)
    entries = _in_order(
        (
            Entry(
                "minimal Dirac, mass 1 eV",
                "prediction",
                minimal,
                minimal,
                False,
                MINIMAL_DIRAC_REFERENCE,
            ),
            *published_entries(),
            *(
                Entry(label, "this work", value, value, label in retracted, "this report")
                for label, value in values.items()
            ),
        )
    )
    return Item(
        "interpretation",
        "The axis of the neutrino magnetic moment",
        (_table(entries),),
        {"interpretation": _summary(minimal, values, retracted)},
        CAPTION,
    )


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: KINDS.index(entry.kind)))


def _table(entries: tuple[Entry, ...]) -> Table:
    return Table(
        "interpretation",
        "The neutrino magnetic moment: prediction, bounds and limits",
        (
            Column("label", [entry.label for entry in entries]),
            Column("kind", [entry.kind for entry in entries]),
            Column("low_mu_B", np.array([entry.low for entry in entries]), "lower end of a range"),
            Column("high_mu_B", np.array([entry.high for entry in entries]), "value or limit"),
            Column("retracted", ["yes" if entry.retracted else "no" for entry in entries]),
            Column("reference", [entry.reference for entry in entries]),
        ),
        notes=(RETRACTED_NOTE, str(data_card()["note"])),
        references=(PAPER, RETRACTION, MINIMAL_DIRAC_REFERENCE),
    )


def _summary(
    minimal: float, values: Mapping[str, float], retracted: Collection[str]
) -> dict[str, object]:
    by_kind: dict[str, dict[str, object]] = {kind: {} for kind in KINDS}
    for entry in published_entries():
        single = entry.low == entry.high
        by_kind[entry.kind][entry.label] = judge(
            "interpretation.retracted-limit" if entry.retracted else "interpretation.quoted",
            published=entry.high if single else f"{entry.low:g} - {entry.high:g}",
            ours=None,
        )
    return {
        "minimal_dirac_mu_B_per_eV": judge(
            "interpretation.minimal-dirac",
            published=_MINIMAL_DIRAC_PUBLISHED,
            ours=minimal,
            note="3 e G m_nu/(8 sqrt2 pi^2) from constants; the paper quotes the order",
        ),
        "naturalness_mu_B": by_kind["theory bound"],
        "astrophysical_mu_B": by_kind["astrophysical bound"],
        "published_limits_mu_B": by_kind["experimental limit"],
        "this_work_mu_B": {
            label: judge(
                "interpretation.retracted-limit" if label in retracted else "interpretation.limit",
                published=None,
                ours=value,
            )
            for label, value in values.items()
        },
    }
