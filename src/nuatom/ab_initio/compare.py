"""A table of responses against what is known of its atom: everything that can be compared.

Photoabsorption against every source, cross sections against the other atomic models,
integrated responses against free electrons, thresholds against measured edges.
"""

from collections.abc import Callable

import numpy as np

from nuatom import units as u
from nuatom.ab_initio.compare_channels import (
    CHANNELS,
    ENERGY,
    channel_table,
    first_energy,
    integrated_table,
)
from nuatom.ab_initio.compare_photoabsorption import (
    EDGE_CLEARANCE,
    FORMS,
    JUDGED,
    MARKED,
    SOURCES,
    agreement_table,
    by_shell_table,
    photoabsorption_table,
)
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.responses import Tabulated
from nuatom.table import Column, Table
from nuatom.targets import Element
from nuatom.targets.kissel import subshell_tables
from nuatom.validity.conventions import FREE_ATOMS, SOLID_BELOW

SHARP = "recommended"
"""The source whose edges are steps at the measured energies above 1 keV."""
STEPS = ("thresholds", "photoabsorption", "channels", "integrated")
"""What is computed, in this order; each is also the name of a table and of a figure."""


def compare(
    model: Tabulated, target: Element, step: Callable[[str], None] = lambda name: None
) -> dict[str, Table]:
    """Compare a table with sources and models.

    Parameters
    ----------
    model : Tabulated
        The table, at its own edges [tabulated].
    target : Element
        Its element [element].
    step : callable, optional
        Called with each of `STEPS` when its work starts [any].

    Returns
    -------
    dict
        Name -> table: those of `STEPS`, ``photoabsorption_by_shell``, ``agreement``,
        ``summary`` and ``provenance``.

    Raises
    ------
    InvalidInput
        If the table is one of another element.
    """
    require_element(model, target)
    tables: list[Table] = []
    step("thresholds")
    tables.append(threshold_table(model, target))
    step("photoabsorption")
    absorbed = photoabsorption_table(model, target)
    tables += [absorbed, by_shell_table(model, target), agreement_table(absorbed, target)]
    step("channels")
    channels = channel_table(model, target)
    tables.append(channels)
    step("integrated")
    tables += [integrated_table(model), summary_table(absorbed, channels)]
    tables.append(provenance_table(model, tables))
    return {table.name: table for table in tables}


def require_element(model: Tabulated, target: Element) -> None:
    """Refuse a table of another element.

    Parameters
    ----------
    model : Tabulated
        The table [tabulated].
    target : Element
        What it should be of [element].

    Raises
    ------
    InvalidInput
        If the table is one of another element.
    """
    if model.element != target.symbol:
        raise InvalidInput(
            f"table: found one of {model.element}, expected one of {target.symbol}; compare it "
            f"with {model.element}"
        )


def threshold_table(model: Tabulated, target: Element) -> Table:
    """Return the thresholds of the table beside the measured edges.

    Parameters
    ----------
    model : Tabulated
        The table [tabulated].
    target : Element
        Its element [element].

    Returns
    -------
    Table
        ``thresholds``: one row for each shell, from the innermost outwards.
    """
    shells = model.table.shells
    measured = {shell.name: shell.binding_energy for shell in target.subshells}
    library = {table.subshell.name: table.threshold for table in subshell_tables(target)}
    calculated = np.array([shell.calculated_threshold for shell in shells])
    seen = np.array([measured.get(shell.name, np.nan) for shell in shells])
    eadl = np.array([library.get(shell.name, np.nan) for shell in shells])
    return Table(
        "thresholds",
        f"Thresholds of {target.symbol}, measured and calculated",
        (
            Column("shell", [shell.name for shell in shells]),
            Column("electrons", np.array([shell.electrons for shell in shells])),
            Column("measured_eV", seen / u.eV, "edge of the element, of the solid for a solid"),
            Column("used_eV", np.array([s.edge for s in shells]) / u.eV, "edge of the table"),
            Column("calculated_eV", calculated / u.eV, "threshold of the theory of the table"),
            Column("eadl_eV", eadl / u.eV, "threshold of Kissel's theory (EADL)"),
            Column("calculated_minus_measured_eV", (calculated - seen) / u.eV),
            Column("calculated_over_measured", calculated / seen),
            Column("eadl_over_measured", eadl / seen),
        ),
        notes=(f"edges used: {model.table.provenance.edges_used}",),
        references=model.table.provenance.references,
    )


def summary_table(absorbed: Table, channels: Table) -> Table:
    """Return the ratios at the marked energies.

    Parameters
    ----------
    absorbed : Table
        From `photoabsorption_table` [table].
    channels : Table
        From `channel_table` [table].

    Returns
    -------
    Table
        ``summary``: photoabsorption over each source, the spread of the sources, and each
        channel over stepped electrons with the band of the table; a cell is empty beyond
        the range of a source, a table or a band.
    """
    columns = {"energy_transfer_keV": MARKED / u.keV}
    recommended = _at_marked(absorbed, "energy_keV", "recommended_Mb")
    for form in _forms(absorbed):
        ours = _at_marked(absorbed, "energy_keV", f"{form}_Mb")
        for source in SOURCES:
            theirs = _at_marked(absorbed, "energy_keV", f"{source}_Mb")
            columns[f"{form}_over_{source}"] = ours / theirs
    for end in ("low", "high"):
        spread = _at_marked(absorbed, "energy_keV", f"tables_{end}_Mb")
        columns[f"tables_{end}_over_recommended"] = spread / recommended
    names = np.array(channels.column("channel"))
    for channel in CHANNELS:
        here, key = names == channel, channel.replace("-", "_")

        def value(column: str, here: Array = here) -> Array:
            return _at_marked(channels, "energy_transfer_keV", column, here)

        columns[f"{key}_over_stepped"] = value("ab_initio_1_MeV")
        columns[f"{key}_lowest"] = value("ab_initio_1_MeV") * (1 + value("band_low"))
        columns[f"{key}_highest"] = value("ab_initio_1_MeV") * (1 + value("band_high"))
    return Table(
        "summary",
        "Ratios at a few energies",
        tuple(Column(name, values) for name, values in columns.items()),
        notes=(f"channels: antineutrinos of {ENERGY / u.MeV:g} MeV over stepped electrons",),
    )


def provenance_table(model: Tabulated, tables: list[Table]) -> Table:
    """Return where the table of responses comes from, and what each comparison means.

    Parameters
    ----------
    model : Tabulated
        The table of responses [tabulated].
    tables : list of Table
        The comparisons [any].

    Returns
    -------
    Table
        ``provenance``: items and their text.
    """
    origin = model.table.provenance
    rows = [
        (f"table of responses: {label}", str(getattr(origin, label)))
        for label in ("element", "atomic_number", "method", "inputs", "code_version", "command")
    ]
    rows += [
        ("table of responses: edges_used", origin.edges_used),
        ("table of responses: created_by", origin.created_by),
        *(("table of responses: reference", text) for text in origin.references),
    ]
    for table in tables:
        rows.append((table.name, table.title))
        meanings = ((column.name, column.meaning) for column in table.columns if column.meaning)
        rows += [(f"{table.name}: {name}", meaning) for name, meaning in meanings]
        rows += [(f"{table.name}: note", text) for text in table.notes]
        rows += [(f"{table.name}: reference", text) for text in dict.fromkeys(table.references)]
    return Table(
        "provenance",
        "Where the numbers come from",
        (Column("item", [item for item, _ in rows]), Column("text", [text for _, text in rows])),
    )


def remarks(tables: dict[str, Table], model: Tabulated, target: Element) -> list[str]:
    """Return what a reader of the comparison must know, one line each.

    Parameters
    ----------
    tables : dict
        From `compare` [any].
    model : Tabulated
        The table of responses [tabulated].
    target : Element
        Its element [element].

    Returns
    -------
    list of str
        The result between 1 and 20 keV first, then the limits.
    """
    lines = [_verdict(tables["agreement"], form) for form in _forms(tables["photoabsorption"])]
    lines.append(
        "velocity form: R_T at |q| = T with every multipole; length form: R_L at |q| = T, a "
        "photon cross section in the dipole limit only"
    )
    lines.append(
        f"method: {model.table.provenance.method}; particles are independent, without the "
        "correlation of a random-phase approximation"
    )
    missing = np.asarray(tables["photoabsorption"].column("without_photon_point"), dtype=np.float64)
    if np.nanmax(missing) > 0:
        lines.append(
            f"shells above free_above have no photon point: up to {np.nanmax(missing):.2%} of the "
            "recommended photoabsorption is left out"
        )
    if model.table.uncertainty is None:
        lines.append("the table has no uncertainty: build it with variants to see a band")
    if target.symbol not in FREE_ATOMS:
        lines.append(
            f"theory of a free atom: below {SOLID_BELOW / u.keV:g} keV the valence electrons of a "
            f"solid are not those of an atom; channels start at "
            f"{first_energy(target) / u.keV:g} keV"
        )
    return lines


def _verdict(agreement: Table, form: str) -> str:
    """Return one line on how one form agrees with the sources."""
    low, high = (end / u.keV for end in JUDGED)
    names = ("worst", "worst_at_keV", "worst_off_edges", "worst_off_edges_at_keV")
    values = np.array([agreement.column(name) for name in names], dtype=np.float64).T
    labels = zip(agreement.column("form"), agreement.column("source"), strict=True)
    rows = {
        source: row for (label, source), row in zip(labels, values, strict=True) if label == form
    }
    away = [
        f"{source} {worst:.3f} at {at:.4g} keV"
        for source, (_, _, worst, at) in rows.items()
        if np.isfinite(worst)
    ]
    worst, at = rows[SHARP][:2]
    return (
        f"photoabsorption, {form} form, worst ratio at {low:g}-{high:g} keV: over "
        f"{', '.join(away)}, at least {EDGE_CLEARANCE:.0%} away from edges; with the edges "
        f"{worst:.3f} at {at:.4g} keV over {SHARP}"
    )


def _forms(absorbed: Table) -> list[str]:
    known = {column.name for column in absorbed.columns}
    return [form for form in FORMS if f"{form}_Mb" in known]


def _at_marked(table: Table, energy: str, name: str, where: Array | None = None) -> Array:
    """Return a column at the marked energies, NaN where the table does not have them."""
    rows = slice(None) if where is None else where
    grid, values = (np.asarray(table.column(n), dtype=np.float64)[rows] for n in (energy, name))
    marked = MARKED / u.keV
    at = np.abs(np.log(grid[:, None] / marked)).argmin(axis=0)
    return np.where(np.abs(grid[at] / marked - 1) < 1e-9, values[at], np.nan)
