"""Photoabsorption of an atom from its table of responses, against every source.

The photon point, |q| = T, of the two vector responses gives two forms of one cross section:

========  ===============================  ===========================================
form      formula                          what it holds
========  ===============================  ===========================================
velocity  sigma = 2 pi^2 alpha R_T/T       every multipole of the current
length    sigma = 4 pi^2 alpha R_L/T       the dipole: higher multipoles of the charge
                                           belong to no photon
========  ===============================  ===========================================

They agree where the current is conserved and the dipole is enough; their distance shows what
the approximations (exchange, shifted thresholds) cost.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from nuatom import catalog
from nuatom import units as u
from nuatom.arrays import RANGE_SLACK, Array
from nuatom.responses import Tabulated
from nuatom.table import Column, Table
from nuatom.targets import Element, Photoabsorption, photoabsorption, photoabsorption_band

Flags = npt.NDArray[np.bool_]

FORMS = {"velocity": "T", "length": "L"}
"""Form of the cross section -> response at the photon point."""
SOURCES = ("henke", "kissel", "elam", "recommended")
LOW, HIGH, POINTS = 10 * u.eV, 100 * u.keV, 500
JUDGED = 1 * u.keV, 20 * u.keV
"""Where theory must agree with the tables."""
GOAL = 0.1
"""By how much it may differ there."""
EDGE_CLEARANCE = 0.03
"""Relative distance from an edge at which the tables no longer smear it."""
_ROUNDING = 1e-12  # energies closer than that, relative, are one
MARKED = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 15, 20, 30, 50]) * u.keV
"""Energies whose numbers go into the summary; they belong to every grid."""


def reach(model: Tabulated) -> float:
    """Return the greatest energy transfer at which a table can be asked.

    Parameters
    ----------
    model : Tabulated
        With measured or calculated edges [tabulated].

    Returns
    -------
    float
        Infinite where free electrons follow the table in every shell [energy].
    """
    shells = model.table.shells
    used = np.array([shell.edge for shell in shells])
    ends = model.table.energy_transfer()[:, -1] - used + model.edges
    followed = np.isfinite([shell.free_above for shell in shells])
    return float(np.where(followed, np.inf, ends).min())


def energies(low: float, high: float, points: int, edges: Array) -> Array:
    """Return a logarithmic grid with the marked energies, and each edge twice.

    Parameters
    ----------
    low, high : float
        Ends of the grid [energy].
    points : int
        Before edges and marked energies are added [dimensionless].
    edges : ndarray
        Where a curve jumps: a point just below and one at it [energy].

    Returns
    -------
    ndarray
        Increasing [energy].

    Example
    -------
    >>> grid = energies(2 * u.keV, 8 * u.keV, 2, np.array([4.0]) * u.keV)
    >>> [round(float(value), 6) for value in grid / u.keV]
    [2.0, 4.0, 4.0, 5.0, 8.0]
    """
    extra = np.concatenate([edges * (1 - 1e-9), edges, MARKED])
    inside = extra[(extra > low) & (extra < high)]
    grid = np.sort(np.concatenate([np.geomspace(low, high, points), inside]))
    return grid[np.diff(grid, prepend=0.0) > _ROUNDING * grid]


def photoabsorption_table(model: Tabulated, target: Element) -> Table:
    """Return the cross section of the atom in both forms, and by every source.

    Parameters
    ----------
    model : Tabulated
        The table, at its own edges [tabulated].
    target : Element
        Its element [element].

    Returns
    -------
    Table
        ``photoabsorption``; a cell is empty where a source or the table says nothing.
    """
    shifted = dataclasses.replace(model, calculated_edges=True)
    high = min(HIGH, reach(model), reach(shifted))
    edges = np.concatenate([target.edges, model.edges, shifted.edges])
    T = energies(LOW, high, POINTS, edges)
    variants = (
        (model, "", "edges of the table"),
        (shifted, "_calculated_edges", "calculated thresholds"),
    )
    curves = [
        (f"{form}{suffix}", f"R_{response}, {words}", _whole(variant, T, response))
        for form, response in FORMS.items()
        if response in model.provides
        for variant, suffix, words in variants
    ]
    curves += [
        (name, catalog.PHOTOABSORPTION[name].help, _total(photoabsorption(target, name), T))
        for name in SOURCES
    ]
    low, top = photoabsorption_band(target, T)
    curves += [
        ("tables_low", "lowest source, at measured edges", low),
        ("tables_high", "highest source, at measured edges", top),
    ]
    return Table(
        "photoabsorption",
        f"Photoabsorption of {target.symbol} from its responses, and by every source",
        (
            Column("energy_keV", T / u.keV, "photon energy"),
            *(Column(f"{name}_Mb", _positive(y) / u.megabarn, text) for name, text, y in curves),
            Column(
                "without_photon_point",
                _replaced_share(model, target, T),
                "share of the recommended cross section in shells that are free electrons here",
            ),
        ),
        notes=(
            "velocity: R_T at |q| = T, all multipoles; length: R_L at |q| = T, a photon cross "
            "section in the dipole limit only",
            "tables_low, tables_high: spread of the sources, no confidence interval",
        ),
        references=(
            *model.table.provenance.references,
            *(catalog.PHOTOABSORPTION[name].reference for name in SOURCES[:-1]),
        ),
    )


def by_shell_table(model: Tabulated, target: Element) -> Table:
    """Return the cross section of each shell in both forms, and by the resolved sources.

    Parameters
    ----------
    model : Tabulated
        The table, at its own edges [tabulated].
    target : Element
        Its element [element].

    Returns
    -------
    Table
        ``photoabsorption_by_shell``: one block of rows for each shell, from its edge on.
    """
    T = energies(LOW, min(HIGH, reach(model)), POINTS // 4, model.edges)
    curves = {
        form: dict(
            zip(model.shells, model.photoabsorption_by_shell(T, response=response), strict=True)
        )
        for form, response in FORMS.items()
        if response in model.provides
    }
    for name in ("recommended", "kissel"):
        curves[name] = _by_shell(photoabsorption(target, name), T)
    shells, energy = [], []
    values: dict[str, list[Array]] = {name: [] for name in curves}
    nothing = np.full(T.size, np.nan)
    for shell, edge in zip(model.shells, model.edges, strict=True):
        here = edge <= T
        shells += [shell] * int(here.sum())
        energy.append(T[here])
        for name, found in curves.items():
            values[name].append(_positive(found.get(shell, nothing)[here]))
    return Table(
        "photoabsorption_by_shell",
        f"Photoabsorption of the shells of {target.symbol}",
        (
            Column("shell", shells),
            Column("energy_keV", np.concatenate(energy) / u.keV, "photon energy"),
            *(
                Column(f"{name}_Mb", np.concatenate(rows) / u.megabarn)
                for name, rows in values.items()
            ),
        ),
        notes=(
            "kissel at its own thresholds, recommended at the measured ones; a cell is empty where "
            "free electrons, which have no photon point, replace the table",
        ),
    )


def agreement_table(found: Table, target: Element) -> Table:
    """Return how far each form lies from each source between 1 and 20 keV.

    Parameters
    ----------
    found : Table
        From `photoabsorption_table` [table].
    target : Element
        For its measured edges [element].

    Returns
    -------
    Table
        ``agreement``: for each pair the worst ratio and its energy, everywhere and away
        from the edges, and the share of ln T within 10 %.
    """
    (energy,) = _numbers(found, "energy_keV")
    low, high = (end / u.keV for end in JUDGED)
    judged = (energy >= low) & (energy <= high)
    distance = np.abs(energy[:, None] / (target.edges / u.keV) - 1)
    clear = judged & np.all(distance > EDGE_CLEARANCE, axis=1)
    weight = np.gradient(np.log(energy))  # so that the doubled points at edges do not count
    known = {column.name for column in found.columns}
    pairs = [(form, name) for form in FORMS if f"{form}_Mb" in known for name in SOURCES]
    rows = []
    for pair in pairs:
        ours, theirs = _numbers(found, *(f"{name}_Mb" for name in pair))
        ratio = ours / theirs
        good = judged & np.isfinite(ratio)
        inside = good & (np.abs(ratio - 1) <= GOAL)
        share = weight[inside].sum() / weight[good].sum() if good.any() else np.nan
        rows.append((*_worst(energy, ratio, judged), *_worst(energy, ratio, clear), share))
    names = (
        "worst",
        "worst_at_keV",
        "worst_off_edges",
        "worst_off_edges_at_keV",
        "share_within_10_percent",
    )
    return Table(
        "agreement",
        f"Photoabsorption of {target.symbol} over that of each source, {low:g} to {high:g} keV",
        (
            Column("form", [form for form, _ in pairs]),
            Column("source", [source for _, source in pairs]),
            *(
                Column(name, values)
                for name, values in zip(names, np.array(rows).reshape(-1, 5).T, strict=True)
            ),
        ),
        notes=(f"off edges: more than {EDGE_CLEARANCE:.0%} away from every measured edge",),
    )


def _whole(model: Tabulated, T: Array, response: str) -> Array:
    """Return the cross section of the whole atom."""
    return np.asarray(model.photoabsorption_by_shell(T, response=response).sum(axis=0))


def _worst(energy: Array, ratio: Array, where: Flags) -> tuple[float, float]:
    """Return the ratio that is farthest from 1, and its energy."""
    distance = np.full(ratio.shape, -1.0)
    good = where & np.isfinite(ratio)
    distance[good] = np.abs(np.log(ratio[good]))
    at = int(np.argmax(distance))
    return (float(ratio[at]), float(energy[at])) if good.any() else (np.nan, np.nan)


def _numbers(table: Table, *names: str) -> list[Array]:
    return [np.asarray(table.column(name), dtype=np.float64) for name in names]


def _positive(values: Array) -> Array:
    """Leave out what is zero: below an edge, or where nothing is said."""
    return np.where(values > 0, values, np.nan)


def _inside(source: Photoabsorption, T: Array) -> Flags:
    low, high = source.energy_min * (1 - RANGE_SLACK), source.energy_max * (1 + RANGE_SLACK)
    return np.asarray((low <= T) & (high >= T))


def _total(source: Photoabsorption, T: Array) -> Array:
    """Return sigma(T) of a source, NaN outside its range."""
    return np.asarray(sum(_by_shell(source, T).values(), np.zeros(T.size)))


def _by_shell(source: Photoabsorption, T: Array) -> dict[str, Array]:
    """Return shell -> sigma(T), NaN outside the range of the source."""
    inside = _inside(source, T)
    values = np.full((len(source.shells), T.size), np.nan)
    values[:, inside] = source.by_shell(T[inside])
    return dict(zip(source.shells, values, strict=True))


def _replaced_share(model: Tabulated, target: Element, T: Array) -> Array:
    """Return the share of the recommended cross section in shells that are free electrons."""
    known = _by_shell(photoabsorption(target), T)
    total = sum(known.values(), np.zeros(T.size))
    replaced = np.zeros(T.size)
    for shell in model.table.shells:
        replaced += np.where(shell.free_above < T, known.get(shell.name, np.zeros(T.size)), 0.0)
    return np.asarray(replaced / np.where(total > 0, total, np.nan))
