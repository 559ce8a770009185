"""What a table holds, as a table of its subshells and as lines of text."""

import numpy as np

from nuatom import units as u
from nuatom.ab_initio.plan import HARTREE, solved, xray_name
from nuatom.arrays import Array
from nuatom.responses.response_table import RelativeUncertainty, ResponseTable
from nuatom.structure import ground_configuration
from nuatom.table import Column, Table

BAND_KEV = (0.03, 0.1, 0.3, 1.0, 10.0, 60.0)
"""Energy transfers at which the uncertainty is shown."""


def shell_table(table: ResponseTable) -> Table:
    """Return the subshells of a table with their thresholds and grids.

    Parameters
    ----------
    table : ResponseTable
        Any table [table].

    Returns
    -------
    Table
        One row for each subshell; the frozen threshold (minus the Dirac-Hartree-Fock
        eigenvalue) is computed here and empty for a subshell that the atom does not have.
    """
    orbitals = {
        xray_name(orbital.subshell): orbital
        for orbital in solved(table.provenance.element, "dirac-fock").orbitals
    }
    names = [shell.name for shell in table.shells]
    known = [orbitals.get(name) for name in names]
    frozen = [np.nan if one is None else -one.energy * HARTREE for one in known]
    kinetic = table.kinetic_energy
    return Table(
        f"atom-{table.provenance.element}",
        f"Subshells of the response table of {table.provenance.element}",
        (
            Column("shell", names, "X-ray name"),
            Column("orbital", ["" if one is None else one.name for one in known]),
            Column("electrons", np.array([shell.electrons for shell in table.shells])),
            Column("edge_keV", _column(table, "edge"), "used by the table"),
            Column("calculated_threshold_keV", _column(table, "calculated_threshold"), "relaxed"),
            Column("frozen_threshold_keV", np.array(frozen) / u.keV, "minus the eigenvalue"),
            Column("free_above_keV", _column(table, "free_above")),
            Column("first_kinetic_energy_keV", kinetic[:, 0] / u.keV),
            Column("last_kinetic_energy_keV", kinetic[:, -1] / u.keV),
            Column("energy_scale_keV", _column(table, "energy_scale")),
            Column("momentum_width_keV", _column(table, "momentum_width")),
            Column("momentum_reach", np.array([shell.momentum_reach for shell in table.shells])),
        ),
        references=table.provenance.references,
    )


def table_notes(table: ResponseTable) -> list[str]:
    """Return where a table comes from, what it holds and how uncertain it is.

    Parameters
    ----------
    table : ResponseTable
        As read, which verifies its checksum [table].

    Returns
    -------
    list of str
        One line for each.
    """
    origin = table.provenance
    shape = f"{table.kinetic_energy.shape[1]} energies x {table.momentum_points} momenta"
    lines = [
        f"{origin.element} (Z = {origin.atomic_number}), ground configuration "
        f"{ground_configuration(origin.element).configuration}",
        f"responses {', '.join(sorted(table.responses))} at {shape} for each subshell",
        f"method: {origin.method}",
        f"inputs: {origin.inputs}",
        f"edges: {origin.edges_used}",
        f"made by {origin.created_by}, {origin.code_version}: {origin.command}",
        *(f"reference: {text}" for text in origin.references),
        "checksum, format version and content verified",
    ]
    if table.uncertainty is None:
        return [*lines, "no uncertainty: build the table with variants"]
    return lines + _band_lines(table.uncertainty)


def _band_lines(band: RelativeUncertainty) -> list[str]:
    """Return the uncertainty of each channel at some energies."""
    x = np.log(band.energy_transfer)
    shown = [
        energy for energy in BAND_KEV
        if band.energy_transfer[0] <= energy * u.keV <= band.energy_transfer[-1]
    ]  # fmt: skip
    lines = []
    for name, low, high in zip(band.channels, band.lower, band.upper, strict=True):
        cells = [
            f"{100 * float(np.interp(np.log(T * u.keV), x, low)):+.1f}"
            f"..{100 * float(np.interp(np.log(T * u.keV), x, high)):+.1f} % at {T:g} keV"
            for T in shown
        ]
        lines.append(f"variants move {name} by " + ", ".join(cells))
    return lines


def _column(table: ResponseTable, name: str) -> Array:
    """Return a scale of every shell, in keV."""
    return np.array([getattr(shell, name) for shell in table.shells]) / u.keV
