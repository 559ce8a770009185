"""The table of validity in brief: one row for each channel and model, as ranges of energy."""

from collections.abc import Sequence

import numpy as np

from nuatom import validity
from nuatom.table import Column, Table

TARGETS = ("Ge", "Xe")
_SOLID_KEV = 0.1
"""Below it one reason applies to every model of a solid; others are given first."""


def brief_table(channels: Sequence[str]) -> Table:
    """Return where each model holds for each of the channels, and why not elsewhere.

    Parameters
    ----------
    channels : sequence of str
        Names in the table of validity [names].

    Returns
    -------
    Table
        ``channels_validity``: range in germanium and in xenon, measured misses, reference,
        reason.

    Raises
    ------
    UnknownName
        If a column of the table of validity is missing.

    Example
    -------
    >>> brief_table(["weak"]).column("model")
    ('ab-initio', 'free', 'stepped', 'hydrogenic', 'impulse')
    """
    bands = _bands()
    pairs = [pair for pair in dict.fromkeys(key[:2] for key in bands) if pair[0] in channels]
    pairs.sort(key=lambda pair: channels.index(pair[0]))
    rows = {
        pair: {target: bands[*pair, target] for target in TARGETS if (*pair, target) in bands}
        for pair in pairs
    }
    return Table(
        "channels_validity",
        "Where each model holds for each channel, in keV of energy transfer",
        (
            Column("channel", tuple(channel for channel, _ in pairs)),
            Column("model", tuple(name for _, name in pairs)),
            *(
                Column(
                    f"holds_in_{target}",
                    tuple(_ranges(found.get(target, [])) for found in rows.values()),
                    "keV",
                )
                for target in TARGETS
            ),
            Column(
                "smallest_miss",
                np.array([min(_misses(found)) for found in rows.values()]),
                "best band above 0.1 keV",
            ),
            Column(
                "largest_miss",
                np.array([max(_misses(found)) for found in rows.values()]),
                "worst band above 0.1 keV; 1 is 100 %",
            ),
            Column("reference", tuple(_reference(found) for found in rows.values())),
            Column("reason", tuple(_reason(found) for found in rows.values()), "where it fails"),
        ),
        notes=(
            *validity.table().notes,
            "measured in bands of the energy transfer; every band is in validity.csv, and "
            "nuatom list validity prints them",
        ),
    )


_Row = dict[str, float | str]


def _bands() -> dict[tuple[str, str, str], list[_Row]]:
    """Return the rows of the table of validity by channel, model and target."""
    table = validity.table()
    names = ("energy_low_keV", "energy_high_keV", "miss", "reference", "valid", "reason")
    keys = zip(*(table.column(name) for name in ("channel", "model", "target")), strict=True)
    columns = zip(*(table.column(name) for name in names), strict=True)
    found: dict[tuple[str, str, str], list[_Row]] = {}
    for (channel, name, target), values in zip(keys, columns, strict=True):
        row: _Row = dict(zip(names, values, strict=True))
        found.setdefault((str(channel), str(name), str(target)), []).append(row)
    return found


def _ranges(rows: Sequence[_Row]) -> str:
    """Return the energies at which a pair holds, with neighbouring bands joined."""
    joined: list[list[float]] = []
    for row in rows:
        low, high = float(row["energy_low_keV"]), float(row["energy_high_keV"])
        if row["valid"] != "yes":
            continue
        if joined and joined[-1][1] == low:
            joined[-1][1] = high
        else:
            joined.append([low, high])
    return ", ".join(f"{low:g} to {high:g}" for low, high in joined) or "nowhere"


def _misses(rows: dict[str, list[_Row]]) -> list[float]:
    above = [row for found in rows.values() for row in found if _above_solid(row)]
    return [float(row["miss"]) for row in above]


def _above_solid(row: _Row) -> bool:
    return float(row["energy_low_keV"]) >= _SOLID_KEV


def _reference(rows: dict[str, list[_Row]]) -> str:
    return ", ".join(
        dict.fromkeys(str(row["reference"]) for found in rows.values() for row in found)
    )


def _reason(rows: dict[str, list[_Row]]) -> str:
    """Return why the pair fails where it misses most, above the energies of solids if possible."""
    failing = [row for found in rows.values() for row in found if row["valid"] != "yes"]
    chosen = [row for row in failing if _above_solid(row)] or failing
    worst = max(chosen, key=lambda row: float(row["miss"]), default=None)
    return "" if worst is None else str(worst["reason"])
