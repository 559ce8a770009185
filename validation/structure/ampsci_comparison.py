"""Compare with the ionisation form factors of ampsci for Ge, cut at the same multipole.

Usage: python ampsci_comparison.py TABLE [--out FILE.csv]

TABLE is the output of ampsci's module `formFactors` with operators V and A, K = 0 to 6, at
frozen thresholds.  In its columns ``E_H R_L = V_T``, ``E_H R_T = V_E + V_M``, ``A00 = A_T``,
``A33 = A_L``, ``A_T = A_E + A_M``, ``A03 = Y`` and ``R_VA = 2 Z``.

Its continuum (src/Wavefunction/ContinuumOrbitals.cpp, solveContinuumHF, options hp and orth):
the direct field of one electron of the hole is taken out, the exchange is that of the whole
atom, and the waves are made orthogonal to the atom afterwards.  `field="atom"` below does the
same; `field="ion"` is ours, in which exchange too is that of the ion and orthogonality is part
of the equation.  What is written are statistics of the ratios, never its numbers.
"""

import argparse
import csv
import sys
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.structure import AtomicState, CoreField, ground_state
from nuatom.structure.continuum import Waves, reach
from nuatom.structure.continuum_grid import continuum_grid
from nuatom.structure.core_continuum import CoreOnGrid, ExchangeField
from nuatom.structure.multipoles import Momenta, Multipoles

HERE = Path(__file__).parent
HARTREE_EV = c.fine_structure**2 * c.electron_mass / u.eV
BOHR_EV = 1 / (c.bohr_radius * u.eV)
COLUMNS = ("E", "q", "V_T", "V_E", "V_M", "V_L", "X", "A_T", "A_E", "A_M", "A_L", "Y", "Z")
OURS = ("L", "T", "A00", "A33", "AT", "A03", "VA")
SCALES = {"A03": ("A00", "A33"), "VA": ("T", "AT")}
"""An interference is measured against the root of the squares that bound it (Schwarz)."""
HIGHEST_RANK = 6
OUTSIDE = 25.0
"""Bohr radii beyond which an atom less one electron attracts as a single charge."""
HEADER = (
    "field", "response", "energy_transfer_eV", "region", "points",
    "median", "p90", "p95", "p99", "within_1_percent",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class OuterField:
    """What `ExchangeField` asks of a field: here with the exchange of the whole atom."""

    state: AtomicState
    hole: str

    @property
    def electrons(self) -> Array:
        return self.state.electrons

    @cached_property
    def _ion(self) -> CoreField:
        return CoreField(self.state, self.hole)

    def potential(self, r: Array) -> Array:
        return self._ion.potential(r)

    def matrix(self, kappa: int) -> Array:
        return self._ion.matrix(kappa)


def waves(core: CoreOnGrid, hole: str, energy: float, kappas: list[int], field: str) -> Waves:
    """Return the continuum in one of the two fields, orthogonal to the atom."""
    if field == "ion":
        return ExchangeField(CoreField(core.state, hole), core).waves(energy, kappas)
    found = ExchangeField(OuterField(core.state, hole), core, orthogonal=False).waves(  # type: ignore[arg-type]
        energy, kappas
    )
    n = core.points
    weights = core.grid.weights[:n]
    for i, kappa in enumerate(found.kappas):
        for one, (large, small) in zip(core.state.orbitals, core.orbitals[:, :, :n], strict=True):
            if one.kappa == kappa:
                overlap = weights @ (large * found.large[i, :n] + small * found.small[i, :n])
                found.large[i, :n] -= overlap * large
                found.small[i, :n] -= overlap * small
    return found


def cut_sums(table: Multipoles) -> dict[str, Array]:
    """Return the seven responses of a subshell without multipoles above the highest rank."""
    total = {name: np.zeros(len(table.momenta.values)) for name in OURS}
    for step in table.steps:
        rank = table.ranks(step)
        w = table.weights(step) * (rank <= HIGHEST_RANK)
        v = np.where(rank > 0, w * (rank + 1) / np.maximum(rank, 1), 0.0)
        (e, m), (e5, m5) = table.vector(step), table.axial(step)
        charge, time, along = (
            table.charge(step),
            table.axial_charge(step),
            table.axial_longitudinal(step),
        )
        total["L"] += w @ charge**2
        total["T"] += v @ (e**2 + m**2)
        total["A00"] += w @ time**2
        total["A33"] += w @ along**2
        total["A03"] += w @ (time * along)
        total["AT"] += v @ (e5**2 + m5**2)
        total["VA"] += 2 * v @ (e * m5 + m * e5)
    return total


def subshell(state: AtomicState, name: str, transfer: float, q: Array, field: str) -> dict:
    """Return the cut responses of a subshell, zero below its frozen threshold."""
    one = state.orbital(name)
    energy = transfer + one.energy
    if energy <= 0:
        return {key: np.zeros(len(q)) for key in OURS}
    own = abs(one.kappa)
    lowest = max(1, own - HIGHEST_RANK)
    kappas = [sign * k for k in range(lowest, own + HIGHEST_RANK + 1) for sign in (-1, 1)]
    wave_number = np.sqrt(2 * energy + (energy / state.problem.light_speed) ** 2)
    grid = continuum_grid(
        state.problem.nucleus.charge,
        max(wave_number, (wave_number + q.max()) / 2),
        max(OUTSIDE, reach(energy, kappas, 1.0)),
    )
    core = CoreOnGrid(state, grid)
    orbital = core.bound(name)
    momenta = Momenta(grid, q, 2 * own + HIGHEST_RANK, len(orbital.large))
    return cut_sums(Multipoles(orbital, waves(core, name, energy, kappas, field), momenta))


@dataclass(frozen=True, eq=False)
class PeerTable:
    """The other code's table: energies and momenta in eV, responses times the hartree."""

    energies: Array
    momenta: Array
    values: dict[str, Array]

    @classmethod
    def read(cls, path: Path) -> "PeerTable":
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
        data = [row for row in rows if len(row) == len(COLUMNS) and row[0][0] in "+-"]
        block = np.array(data, dtype=float)
        energies, momenta = np.unique(block[:, 0]), np.unique(block[:, 1])
        block = block.reshape(len(energies), len(momenta), -1)
        col = {name: block[:, :, i] for i, name in enumerate(COLUMNS)}
        values = {
            "L": col["V_T"], "T": col["V_E"] + col["V_M"], "A00": col["A_T"],
            "A33": col["A_L"], "AT": col["A_E"] + col["A_M"], "A03": col["Y"], "VA": 2 * col["Z"],
        }  # fmt: skip
        return cls(energies, momenta, values)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Our responses of each subshell beside theirs of the atom, shape (row, q) each."""

    energies: Array
    momenta: Array
    theirs: dict[str, Array]
    parts: dict[str, dict[str, Array]]
    thresholds: dict[str, float]

    def ours(self, key: str, *, only: str | None = None) -> Array:
        names = self.parts if only is None else (only,)
        return np.asarray(sum(self.parts[name][key] for name in names))

    def deviation(self, key: str, *, only: str | None = None) -> Array:
        """Return (ours - theirs)/theirs, or over the Schwarz bound of an interference."""
        scale = np.abs(self.theirs[key])
        if key in SCALES:
            first, second = (self.theirs[name] for name in SCALES[key])
            scale = np.sqrt(first * second)
        return np.asarray((self.ours(key, only=only) - self.theirs[key]) / scale)

    def with_norm_of_a_coarse_grid(self, key: str, strength: float, power: float) -> Array:
        """Return ours, each subshell over ``1 + strength e^power`` with e = T - B in keV."""
        total = np.zeros_like(self.theirs[key])
        for name, part in self.parts.items():
            kinetic = np.maximum(self.energies - self.thresholds[name], 0.0) / 1e3
            total += part[key] / (1 + strength * kinetic**power)[:, None]
        return total

    def norm_of_a_coarse_grid(self, rows: tuple[int, int]) -> tuple[float, float]:
        """Return strength and power for which R_T at the lowest momentum agrees in two rows."""
        from scipy.optimize import root

        def excess(x: Array) -> Array:
            ours = self.with_norm_of_a_coarse_grid("T", np.exp(x[0]), x[1])
            chosen = list(rows)
            return np.asarray(ours[chosen, 0] / self.theirs["T"][chosen, 0] - 1)

        found = root(excess, [-13.0, 5.0], tol=1e-12).x
        return float(np.exp(found[0])), float(found[1])


def compare(table: PeerTable, state: AtomicState, field: str, rows: range) -> Comparison:
    """Compute all subshells at the energies and momenta of the other code's rows."""
    q, chosen = table.momenta / BOHR_EV, list(rows)
    parts = {}
    for one in state.orbitals:
        found = [subshell(state, one.name, table.energies[i] / HARTREE_EV, q, field) for i in rows]
        parts[one.name] = {key: np.array([row[key] for row in found]) for key in OURS}
    return Comparison(
        table.energies[chosen],
        table.momenta,
        {key: value[chosen] for key, value in table.values.items()},
        parts,
        {one.name: -one.energy * HARTREE_EV for one in state.orbitals},
    )


def settings() -> dict:
    return tomllib.loads((HERE / "ampsci.toml").read_text(encoding="utf-8"))


def statistics(deviation: Array) -> list[float]:
    """Return median, 90, 95 and 99 per cent of |ratio - 1|, and the part within 1 per cent."""
    size = np.abs(deviation).ravel()
    return [*np.percentile(size, [50, 90, 95, 99]), float(np.mean(size < 0.01))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, default=HERE / "ampsci.csv")
    options = parser.parse_args()
    table, state, limits = PeerTable.read(options.table), ground_state("Ge"), settings()
    rows = range(len(table.energies) - 1)
    good_q = table.momenta < limits["largest_momentum_eV"]
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for field in ("atom", "ion"):
            found = compare(table, state, field, rows)
            good = (found.energies < limits["largest_energy_eV"])[:, None] & good_q

            def line(label: list[str], deviation: Array, field: str = field) -> None:
                numbers = (f"{x:.5f}" for x in statistics(deviation))
                writer.writerow([field, *label, deviation.size, *numbers])

            for key in OURS:
                deviation = found.deviation(key)
                line([key, "all", "resolved"], deviation[good])
                line([key, "all", "all"], deviation)
                for energy, row in zip(found.energies, deviation[:, good_q], strict=True):
                    line([key, f"{energy:.1f}", "momentum resolved"], row)
                inner = found.deviation(key, only="1s1/2")[-1, good_q]
                line([key, f"{found.energies[-1]:.1f}", "K shell alone"], inner)


if __name__ == "__main__":
    sys.exit(main())
