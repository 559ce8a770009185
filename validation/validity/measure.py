"""Measure by how much each model misses, for each channel: the table of nuatom.validity.

The cross section of antineutrinos of 1 MeV in each model over that of the reference, its
lowest and highest value in bands of the energy transfer, on germanium and xenon.  Takes
about 30 s and gives the same table on every run.

Usage: python validation/validity/measure.py   (writes the edition in the package)
"""

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import OutOfRange, UnsupportedResponse
from nuatom.interactions.incoherent import combine
from nuatom.rates import cross_section_by_shell
from nuatom.responses import Response, Tabulated
from nuatom.targets import element
from nuatom.validity.conventions import (
    BAND_OF,
    BEYOND_TABLES,
    CHANNELS,
    EDITION,
    IN_MEDIUM,
    LIGHT,
    NEEDS_TABLE,
    OTHER_TABLES,
    REFERENCE_IN_MEDIUM,
    REFERENCES,
    VARIANTS,
)

FOLDER = Path(__file__).resolve().parents[2] / "src/nuatom/data/validity/channel-model" / EDITION
TARGETS = ("Ge", "Xe")
"""Elements that are measured; each has an ab-initio table.  Others take the nearer of them."""
NEUTRINO_ENERGY = 1 * u.MeV
BANDS_KEV = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 700.0)
POINTS = 40
"""On a logarithmic grid in each band, before the edges are added."""
BESIDE_EDGES = (1 - 1e-3, 1 + 1e-6, 1 + 1e-3, 0.969, 1.031)
SMEARED = 0.03
"""Relative distance from an edge within which models are not compared with a table of
photoabsorption, which does not resolve it (Henke spreads each over one interval, and takes the
L2 edge of Ge for L3), nor with the ab-initio response, whose structure in the first tens of eV
hangs on the relaxation of the ion."""
HEAVY, LIGHT_MASS = 1 * u.MeV, 10 * u.eV
OTHER_SOURCES = ("henke", "kissel", "elam")
TABLES_END = 100 * u.keV
FLAT_BELOW = 0.1 * u.keV
"""The Elam table is flat below; it is left out there."""
NEARER = ("stepped", "impulse")
"""Against which hydrogenic is measured beyond the energies of the ab-initio table."""
COUPLINGS = {"charge-radius": 1e-32, "transition-charge-radius": 1e-32, "anapole": 1e-33}
"""In the unit of the catalogue; 1e-12 for all others but weak.  A ratio does not depend on it."""
HEADER = (
    "channel,model,target,energy_low_keV,energy_high_keV,reference,"
    "ratio_low,ratio_high,medium_low,medium_high"
)

Range = tuple[float, float]


def edges_of(target: str) -> Array:
    """Return the measured edges."""
    return np.array([shell.binding_energy for shell in element(target).subshells])


def resolved(target: str, T: Array, models: tuple[str, str]) -> Array:
    """Return the energies that are not within the smeared edges of a table."""
    if not any(model.startswith((*NEEDS_TABLE, catalog.AB_INITIO)) for model in models):
        return T
    return T[np.all(np.abs(T / edges_of(target)[:, None] - 1) > SMEARED, axis=0)]


def grid(target: str, low: float, high: float) -> Array:
    """Return energies in [low, high) with points beside every edge."""
    edges = edges_of(target)
    beside = np.outer(edges, BESIDE_EDGES).ravel()
    T = np.append(np.geomspace(low, high * (1 - 1e-6), POINTS), beside)
    return np.unique(T[(low <= T) & (high > T)])


def sigma(channel: str, response: Response, T: Array) -> Array:
    """Return the cross section per atom."""
    name = CHANNELS[channel]
    interaction = catalog.interaction(
        name,
        1.0 if name == "weak" else COUPLINGS.get(name, 1e-12),
        mediator_mass=LIGHT_MASS if channel in LIGHT.values() else HEAVY,
    )
    return cross_section_by_shell(
        T,
        np.full(T.size, NEUTRINO_ENERGY),
        interaction=combine((interaction,)),
        response=response,
        flavor="anti_nu_e",
    ).sum(axis=0)


def span(values: Array, reference: Array) -> Range:
    """Return the lowest and highest ratio where the reference is not zero."""
    ratio = values[reference > 0] / reference[reference > 0]
    return float(ratio.min()), float(ratio.max())


def spread_of_tables(channel: str, model: str, target: str, T: Array) -> Range:
    """Return the span over photoabsorption tables of the median ratio of this one to theirs."""
    own = sigma(channel, catalog.response(model, target), T)
    ratios = [1.0]
    for source in OTHER_SOURCES:
        other = catalog.response(model, target, photoabsorption=source)
        inside = T >= FLAT_BELOW if source == "elam" else T > 0
        inside &= own > 0
        inside &= T < (30 * u.keV if source == "henke" else np.inf)
        if inside.any():
            found = sigma(channel, other, T[inside])
            ratios.append(float(np.median(own[inside] / found)))
    return min(ratios), max(ratios)


def variants(channel: str, target: str, T: Array) -> Range:
    """Return the span of the variants of the ab-initio response over itself."""
    model = catalog.response(catalog.AB_INITIO, target)
    if not isinstance(model, Tabulated):
        raise UnsupportedResponse(f"{target}: found no table")
    if model.table.uncertainty is None:
        raise UnsupportedResponse(f"{target}: found no variants")
    T = resolved(target, T, (catalog.AB_INITIO, catalog.AB_INITIO))
    # the band begins at the lowest edge; where it ends every shell is free, in each variant
    first, last = model.table.uncertainty.energy_transfer[[0, -1]]
    inside = T[(first <= T) & (last >= T)]
    if inside.size == 0:
        return 1.0, 1.0
    lower, upper = model.band(BAND_OF[channel], inside)
    return 1 + float(lower.min()), 1 + float(upper.max())


def reference_of(channel: str, model: str, target: str, T: Array) -> str:
    """Return the better model: that of the channel, or the one that goes on where it ends."""
    reference = REFERENCES[channel]
    if model in IN_MEDIUM:
        reference = REFERENCE_IN_MEDIUM.get(channel, reference)
    beyond = T[0] >= TABLES_END and reference.startswith(NEEDS_TABLE)
    candidates = (catalog.AB_INITIO,) if beyond else (reference,)
    for name in candidates:
        try:
            sigma(channel, catalog.response(name, target), T)
        except OutOfRange:
            continue
        return name
    return BEYOND_TABLES


def against_reference(channel: str, model: str, target: str, T: Array) -> tuple[str, Range]:
    """Return the reference and the span of the ratio to it."""
    reference = reference_of(channel, model, target, T)
    if model == catalog.AB_INITIO and model == reference:
        return VARIANTS, variants(channel, target, T)
    if model != reference:
        T = resolved(target, T, (model, reference))
    own = sigma(channel, catalog.response(model, target), T)
    if model != reference:
        return reference, span(own, sigma(channel, catalog.response(reference, target), T))
    if model != BEYOND_TABLES:
        return OTHER_TABLES, spread_of_tables(channel, model, target, T)
    spans = {n: span(own, sigma(channel, catalog.response(n, target), T)) for n in NEARER}
    return min(spans.items(), key=lambda item: max(abs(r - 1) for r in item[1]))


def rows() -> Iterator[tuple[str, ...]]:
    """Yield the table row by row."""
    models = [name for name in catalog.RESPONSES if name != "nucleus"]
    for channel in REFERENCES:
        for model in models:
            for target in TARGETS:
                for low, high in itertools.pairwise(BANDS_KEV):
                    T = grid(target, low * u.keV, high * u.keV)
                    try:
                        reference, ratio = against_reference(channel, model, target, T)
                    except (UnsupportedResponse, OutOfRange):
                        continue
                    medium = ("", "")
                    if channel in REFERENCE_IN_MEDIUM and model not in IN_MEDIUM and high <= 100:
                        medium = numbers(density_effect(channel, target, T))
                    ends = f"{low:g}", f"{high:g}"
                    yield channel, model, target, *ends, reference, *numbers(ratio), *medium


def density_effect(channel: str, target: str, T: Array) -> Range:
    """Return the span of the reference in the medium over that of a free atom."""
    dense, free = REFERENCE_IN_MEDIUM[channel], REFERENCES[channel]
    return span(
        sigma(channel, catalog.response(dense, target), T),
        sigma(channel, catalog.response(free, target), T),
    )


def numbers(values: Range) -> tuple[str, str]:
    """Return four digits of each."""
    return f"{values[0]:.4g}", f"{values[1]:.4g}"


def content() -> str:
    """Return the whole table."""
    return "\n".join([HEADER, *(",".join(row) for row in rows())]) + "\n"


CARD = """\
title = "Cross section of each channel and model over that of the better model, by energy transfer"
reference = "computed by validation/validity/measure.py of this package"
licence = "BSD-3-Clause, as the package"
units = "keV; ratios are dimensionless"
notes = "anti-nu_e of 1 MeV; m_nu = 0.1 eV for a millicharge; mass of a boson 1 MeV, light 10 eV"
sha256 = "{digest}"
table = "table.csv"
"""


def main() -> None:
    """Write the edition."""
    text = content()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "table.csv").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (FOLDER / "data.toml").write_text(CARD.format(digest=digest), encoding="utf-8")


if __name__ == "__main__":
    main()
