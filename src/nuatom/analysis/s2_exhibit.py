"""XENON1T S2-only as an exhibit: spectra through the response matrix of its release."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from nuatom import catalog
from nuatom.analysis.exhibits import DETAILED, PLAIN, Exhibit, Shown, release_folder, round_down
from nuatom.analysis.model import Model
from nuatom.analysis.s2_model import RELEASE, SOURCE, s2_model
from nuatom.arrays import Array
from nuatom.datasets import BinnedCounts, release
from nuatom.datasets.releases import xenon1t_s2only
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.table import Column, Table

CHANNELS = ("weak", "magnetic-moment", "millicharge")
_SHARE = 0.4
_TOGETHER = 5
"""Bins of the release that are shown as one."""


def s2_exhibit(data: Path | None) -> Shown:
    """Return XENON1T S2-only with its spectrum, background and the signals of solar neutrinos.

    Parameters
    ----------
    data : Path or None
        Folder with releases [path].

    Returns
    -------
    Shown
        Without a table where the release is not at hand, as only it has bins and response.

    Raises
    ------
    InvalidInput
        If a file of the release is not the official one.
    """
    card = release(RELEASE)
    exhibit = Exhibit(RELEASE, "XENON1T, ionisation signals only", Path(), release=RELEASE)
    place = None if data is None else release_folder(RELEASE, data)
    if place is None:
        remark = (
            f"the spectrum, the bins and the response are not at hand: {card.card['instructions']}"
        )
        return Shown(exhibit, None, (remark,), (card.reference,))
    every = xenon1t_s2only(place).bin_edges
    edges = np.append(every[:-1:_TOGETHER], every[-1])  # the last may hold fewer
    models = [DETAILED, PLAIN] if "Xe" in shipped_elements() else [PLAIN]
    found = {name: s2_model(place, CHANNELS, name, bin_edges=edges) for name in models}
    counts = {name: _counts(model) for name, model in found.items()}
    observed = found[models[0]].observed
    assert observed is not None
    assert isinstance(observed.source, BinnedCounts)
    background = np.asarray(observed.source.background)
    standard = counts[models[0]]["weak"]
    columns = [
        Column("s2_low_PE", edges[:-1]),
        Column("s2_high_PE", edges[1:]),
        Column("observed_counts", observed.counts, "observed counts"),
        Column("observed_error_counts", observed.errors, "one sigma"),
        Column("total_counts", background + standard, "total"),
        Column("published_background_counts", background, "component published part"),
        Column("weak_counts", standard, "component weak"),
        *_signals(models, counts, float(background.sum())),
    ]
    title = "XENON1T, ionisation signals only"
    return Shown(
        exhibit,
        Table("exhibit", title, tuple(columns), (), (card.reference,)),
        (
            "response from the release, no energy below its first row of 0.05 keV; solar "
            "neutrinos (B16-GS98)",
            f"{_TOGETHER} bins of the release are shown as one",
            *card.notes,
        ),
        (card.reference, *catalog.source(SOURCE).references),
    )


def _counts(model: Model) -> dict[str, Array]:
    """Return counts in each bin at unit coupling."""
    return {name: model.component(name).counts for name in CHANNELS}


def _signals(
    models: Sequence[str], spectra: dict[str, dict[str, Array]], total: float
) -> Iterator[Column]:
    for name in CHANNELS[1:]:
        unit = catalog.INTERACTIONS[name].unit
        coupling = round_down(np.sqrt(_SHARE * total / spectra[models[0]][name].sum()))
        number = f"{coupling:.0e}".replace("e-0", "e-")
        for place, model in enumerate(models):
            beside = f", {model}" if place else ""
            ending = f"_{model}" if place else ""
            yield Column(
                f"{name.replace('-', '_')}{ending}_counts",
                spectra[model][name] * coupling**2,
                f"signal {name} {number} {unit}{beside}",
            )
