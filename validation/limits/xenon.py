"""XENONnT SR0 and XENON1T S2-only: cards and models of the published data.

XENONnT: events in 29 bins of 1 keV (or one by one), the published best-fit background B0 less
the solar neutrinos that this package expects, its rate free, and solar neutrinos beside it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.model import Model
from nuatom.analysis.s2_model import s2_model
from nuatom.arrays import Array
from nuatom.datasets import release
from nuatom.datasets.releases import xenonnt_background

LOW, HIGH = 1, 30
FINE = 290
"""Bins of 0.1 keV, the step of the published background."""
WINDOW = (150.0, 3000.0)
"""PE; the published part of the background does not describe what is below."""


def card(folder: Path, channels: Sequence[str], electrons: str, bins: int = HIGH - LOW):
    """Return the run card of XENONnT SR0 without backgrounds."""
    return {
        "title": "XENONnT SR0",
        "source": {"name": "solar-b16-gs98"},
        "detector": {
            "name": "xenonnt/sr0",
            "efficiencies": [{"kind": "release", "release": "xenonnt-sr0", "folder": str(folder)}],
            "resolution": {"kind": "power", "root_at_1_keV": "0.31 keV", "linear": "0.37 %"},
        },
        "bins": {"low": f"{LOW} keV", "high": f"{HIGH} keV", "number": bins},
        "data": {"release": "xenonnt-sr0", "folder": str(folder)},
        "response": {"electrons": electrons},
        "signals": {"channels": list(channels)},
    }


def background_counts(folder: Path, model: Model) -> Array:
    """Return the published background in the bins of a model, solar neutrinos included."""
    energies, rates = xenonnt_background(folder)
    steps = np.diff(energies) * (rates[1:] + rates[:-1]) / 2
    integral = np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(model.exposure * np.diff(np.interp(model.bin_edges, energies, integral)))


def with_background(
    folder: Path, scratch: Path, channel: str, electrons: str, uncertainty: str | None = None
) -> dict[str, Any]:
    """Return the card with the published background less our solar neutrinos.

    Its rate is free, or known to an uncertainty such as ``"8 %"``.
    """
    fine = analysis.load(card(folder, ["weak"], electrons, FINE))
    rest = background_counts(folder, fine) - fine.component("weak").counts
    edges = fine.bin_edges / u.keV
    rates = rest / (fine.exposure * np.diff(fine.bin_edges)) * (u.tonne * u.year * u.keV)
    table = scratch / f"background_{electrons}.csv"
    lines = [
        f"{a:.9g},{b:.9g},{r:.9g}\n" for a, b, r in zip(edges[:-1], edges[1:], rates, strict=True)
    ]
    table.write_text(
        "energy_low_keV,energy_high_keV,rate_per_tonne_keV_year\n" + "".join(lines),
        encoding="utf-8",
    )
    entry = {"kind": "template", "name": "B0", "file": str(table), "of": "observed"}
    if uncertainty is not None:
        entry["uncertainty"] = uncertainty
    return {**card(folder, ["weak", channel], electrons), "backgrounds": [entry]}


def s2(folder: Path, channels: Sequence[str], electrons: str, parts: int | None = None) -> Model:
    """Return the model of XENON1T S2-only in its window, in all bins or in some."""
    edges = s2_model(folder, ["weak"], "stepped").bin_edges
    first = int(np.searchsorted(edges, WINDOW[0]))
    inside = edges[first:]
    if parts is not None:
        inside = inside[np.linspace(0, inside.size - 1, parts + 1).round().astype(int)]
    return s2_model(folder, channels, electrons, bin_edges=inside)


def s2_fractions(folder: Path, model: Model, signal: Array) -> tuple[Array, float]:
    """Return the part of a signal below each event, and all of it."""
    text = release("xenon1t-s2only").read(folder, "events_after_cuts.csv")
    areas = np.array([float(line.split(",")[0]) for line in text.splitlines()[1:] if line])
    inside = areas[(areas >= model.bin_edges[0]) & (areas < model.bin_edges[-1])]
    below = np.concatenate([[0.0], np.cumsum(signal)])
    fractions = np.interp(inside, model.bin_edges, below / below[-1])
    return np.asarray(fractions), float(below[-1])
