"""XENON1T S2-only as a model: counts in bins of S2 area through the matrix of its release.

The matrix maps energies of electronic recoils to bins of S2 area, its selections included, so
that there is no detector of a run card.  The release has no uncertainty of the matrix, and no
energies below 0.05 keV: what lies below gives no count here.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.analysis.atomic_band import check_band
from nuatom.analysis.cards.build import at
from nuatom.analysis.model import Model
from nuatom.analysis.observation import of_counts
from nuatom.analysis.signal_components import (
    Counter,
    Neutrinos,
    conventions,
    signal_components,
    validity_notes,
)
from nuatom.analysis.spectra import ChannelSettings, Site
from nuatom.arrays import ArrayLike
from nuatom.datasets import release
from nuatom.datasets.counts import S2_AREA
from nuatom.datasets.releases import xenon1t_cells, xenon1t_response, xenon1t_s2only
from nuatom.detectors.response_matrix import ResponseMatrix, published_matrix
from nuatom.errors import InvalidInput, lookup
from nuatom.sources import solar_parts
from nuatom.targets.compounds import compound

RELEASE = "xenon1t-s2only"
SOURCE, SOLAR_MODEL = "solar-b16-gs98", "b16-gs98"
"""Solar neutrinos of the catalogue, and their fluxes with errors."""


def s2_model(
    folder: Path | str,
    channels: Sequence[str],
    electrons: str = catalog.AB_INITIO,
    *,
    bin_edges: ArrayLike | None = None,
    solar_fluxes: bool = False,
    atomic_model: bool = False,
) -> Model:
    """Return what solar neutrinos give in the S2 bins of XENON1T, and what was counted there.

    ``counts_b = exposure Int dT P(b|T) dR/dT``

    Parameters
    ----------
    folder : Path or str
        With the files of the release [path].
    channels : sequence of str
        On electrons [names].
    electrons : str
        Model of the atom, or a table ending in .nc [name].
    bin_edges : array_like, optional
        Some of the edges of the release, increasing, for a window or for wider bins; all
        of them unless given [dimensionless].
    solar_fluxes : bool
        Whether the published errors of the solar fluxes are variations [flag].
    atomic_model : bool
        Whether the band of the ab-initio response is a variation [flag].

    Returns
    -------
    Model
        On the axis ``s2_area``, its edges in photoelectrons.  The published background is
        that of ``observed.source``, no component.

    Raises
    ------
    InvalidInput
        If a file is not the official one, a channel is not one on electrons or named
        twice, or an edge is none of the release.
    UnknownName
        If there is no such channel or model.
    """
    names = _checked(channels)
    observed = xenon1t_s2only(folder)
    if bin_edges is not None:
        observed = observed.rebinned(bin_edges)
    matrix = gathered(response_of_release(folder), observed.bin_edges)
    atoms = compound("LXe").atoms_per_mass
    parts = tuple((catalog.response(electrons, element), n) for element, n in atoms)
    if atomic_model:
        with at("atomic_model"):
            check_band(electrons, [response for response, _ in parts], names)
    neutrinos = Neutrinos(
        catalog.source(SOURCE),
        ChannelSettings(),
        parts=tuple(solar_parts(SOLAR_MODEL)) if solar_fluxes else (),
        atomic_model=atomic_model,
    )
    site = Site("electron", matrix.points, parts), Counter(matrix.points, matrix)
    exposure = float(observed.exposure[0])
    components, parameters = signal_components(names, [site], neutrinos, exposure)
    window = float(matrix.cell_edges[0]), float(matrix.cell_edges[-1])
    varied = dict.fromkeys(name for part in components for name in part.upper)
    return Model(
        "XENON1T, ionisation signals only",
        observed.bin_edges,
        tuple(parameters),
        tuple(components),
        dict.fromkeys(varied, "one standard deviation"),
        exposure,
        (
            *_NOTES,
            *validity_notes(names, ChannelSettings(), (electrons, "Xe"), window),
            *conventions(names),
            *observed.notes,
        ),
        tuple(dict.fromkeys([*observed.references, *neutrinos.source.references])),
        _provenance(matrix, neutrinos, electrons),
        of_counts(observed),
        S2_AREA,
    )


_NOTES = (
    "response of the release to electronic recoils; recoils below its first row, 0.05 keV, "
    "give no count",
)


def response_of_release(folder: Path | str) -> ResponseMatrix:
    """Return the response to electronic recoils, in the cells of energy of the release.

    Parameters
    ----------
    folder : Path or str
        With the release [path].

    Returns
    -------
    ResponseMatrix
        From the energy of the recoil to bins of S2 area, selections included.

    Raises
    ------
    InvalidInput
        If a file is absent or is not the official one.
    """
    _, edges, rows = xenon1t_response(folder)
    return published_matrix("electron", edges, xenon1t_cells(folder), rows.T)


def gathered(matrix: ResponseMatrix, bin_edges: ArrayLike) -> ResponseMatrix:
    """Return a matrix with some of its bins left out or taken together.

    Parameters
    ----------
    matrix : ResponseMatrix
        Of any observable [response matrix].
    bin_edges : array_like
        Some of its edges, increasing [any].

    Returns
    -------
    ResponseMatrix
        Of the same energies.

    Raises
    ------
    InvalidInput
        If an edge is none of the matrix.

    Example
    -------
    >>> rows = np.array([[0.1], [0.2], [0.3]])
    >>> matrix = published_matrix("electron", np.arange(4.0), np.array([1.0, 2.0]), rows)
    >>> print(gathered(matrix, [1, 3]).efficiency[:1])
    [0.5]
    """
    edges = np.ravel(np.asarray(bin_edges, dtype=float))
    place = np.array([int(np.argmin(np.abs(matrix.bin_edges - edge))) for edge in edges])
    same = np.isclose(matrix.bin_edges[place], edges, rtol=1e-9, atol=0)
    if edges.size < 2 or not np.all(same) or np.any(np.diff(place) < 1):
        raise InvalidInput("bin edges: found some that are none of the matrix, expected its own")
    sums = np.add.reduceat(matrix.probability[: place[-1]], place[:-1], axis=0)
    return replace(matrix, bin_edges=matrix.bin_edges[place], probability=sums)


def _checked(channels: Sequence[str]) -> list[str]:
    """Return the channels if all of them scatter on electrons, each named once."""
    for name in channels:
        if lookup("interaction", name, catalog.INTERACTIONS).nuclear:
            raise InvalidInput(
                f"channels: found {name!r} on nuclei, expected channels on electrons: the release "
                "here read has the response to electronic recoils"
            )
    if not channels or len(set(channels)) < len(channels):
        raise InvalidInput(f"channels: found {list(channels)}, expected at least one, each once")
    return list(channels)


def _provenance(matrix: ResponseMatrix, neutrinos: Neutrinos, electrons: str) -> dict[str, str]:
    from nuatom import __version__

    card = release(RELEASE).card
    return {
        "nuatom": __version__,
        "source": neutrinos.source.name,
        "source_digest": neutrinos.source.digest(),
        "flavors": " ".join(sorted({flux.flavor for flux in neutrinos.source.fluxes})),
        "target": "LXe",
        "detector": RELEASE,
        "exposure_kg_day": f"{card['numbers']['exposure_tonne_year'] * 1000 * u.year / u.day:.9g}",
        "electrons": electrons,
        "response_digest": matrix.digest(),
    }
