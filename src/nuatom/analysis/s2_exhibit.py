"""XENON1T S2-only as an exhibit: spectra through the response matrix of its release."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from nuatom import catalog
from nuatom.analysis.exhibits import DETAILED, PLAIN, Exhibit, Shown, release_folder, round_down
from nuatom.analysis.spectra import ChannelSettings, Site, unit_spectra
from nuatom.arrays import Array
from nuatom.datasets import release
from nuatom.datasets.releases import xenon1t_response, xenon1t_s2only
from nuatom.detectors.response_matrix import ResponseMatrix, published_matrix
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.table import Column, Table
from nuatom.targets.compounds import compound

RELEASE = "xenon1t-s2only"
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
    observed = xenon1t_s2only(place)
    matrix = response_of_release(place)
    exposure = float(observed.exposure[0])
    models = [DETAILED, PLAIN] if "Xe" in shipped_elements() else [PLAIN]
    spectra = {name: _counts(matrix, name, exposure) for name in models}
    background = np.asarray(observed.background)
    total = background + spectra[models[0]]["weak"]
    counts = [
        Column("observed_counts", _gathered(observed.counts), "observed counts"),
        Column("observed_error_counts", np.sqrt(_gathered(observed.counts)), "one sigma"),
        Column("total_counts", _gathered(total), "total"),
        Column("published_background_counts", _gathered(background), "component published part"),
        Column("weak_counts", _gathered(spectra[models[0]]["weak"]), "component weak"),
    ]
    edges = np.append(observed.bin_edges[:-1:_TOGETHER], observed.bin_edges[-1])
    ends = [Column("s2_low_PE", edges[:-1]), Column("s2_high_PE", edges[1:])]
    columns = [*ends, *counts, *_signals(models, spectra, float(background.sum()))]
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
        (card.reference, *catalog.source("solar-b16-gs98").references),
    )


def response_of_release(place: Path) -> ResponseMatrix:
    """Return the response to electronic recoils, cells ending midway in log energy.

    Parameters
    ----------
    place : Path
        Folder with the release [path].

    Returns
    -------
    ResponseMatrix
        From the energy of the recoil to bins of S2 area, selections included.

    Raises
    ------
    InvalidInput
        If a file is absent or is not the official one.
    """
    energies, edges, rows = xenon1t_response(place)
    middle = np.sqrt(energies[1:] * energies[:-1])
    first, last = energies[0] ** 2 / middle[0], energies[-1] ** 2 / middle[-1]
    return published_matrix("electron", edges, np.concatenate([[first], middle, [last]]), rows.T)


def _counts(matrix: ResponseMatrix, model: str, exposure: float) -> dict[str, Array]:
    """Return counts in each bin at unit coupling."""
    atoms = compound("LXe").atoms_per_mass
    parts = tuple((catalog.response(model, element), n) for element, n in atoms)
    site = Site("electron", matrix.points, parts)
    source = catalog.source("solar-b16-gs98")
    found, _ = unit_spectra(CHANNELS, site, source, ChannelSettings())
    return {name: exposure * matrix.counts(found[(name,)]) for name in CHANNELS}


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
                _gathered(spectra[model][name]) * coupling**2,
                f"signal {name} {number} {unit}{beside}",
            )


def _gathered(counts: Array) -> Array:
    """Return counts of several bins of the release together; the last may hold fewer."""
    return np.asarray(np.add.reduceat(counts, np.arange(0, counts.size, _TOGETHER)))
