"""Solar neutrinos on the electrons of xenon: how far independent electrons go.

Chen, Chi, Liu and Wu (Phys. Lett. B 774, 656 (2017), arXiv:1610.04177) computed the recoil of
xenon electrons from solar neutrinos in a relativistic random-phase approximation and found a
rate about a quarter below that of stepped free electrons.  This script asks what a sum over
independent electrons gives with all seven responses, what becomes of it when the sum over
multipoles or partial waves is cut, and how well it is converged.  The rate of each flavour is
divided by that of stepped electrons with the same (measured) edges.

Usage: python study.py [--jobs N] [--out FILE.csv]
"""

import argparse
import csv
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.ab_initio.plan import HARTREE, INVERSE_BOHR, solved, xray_name
from nuatom.interactions.incoherent import combine
from nuatom.rates import rate_by_shell
from nuatom.responses.measure import Measure
from nuatom.responses.shipped_tables import shipped_table
from nuatom.responses.tabulated import Tabulated
from nuatom.sources import Source
from nuatom.structure.ionisation import Accuracy, Treatment, subshell_responses

ELEMENT = "Xe"
TRANSFERS = (0.3, 1.0, 3.0, 10.0, 20.0)
"""Energy transfers, keV."""
FLAVORS = {"e": "nu_e", "mu": "nu_mu"}
"""Column -> flavour; tau neutrinos differ from mu neutrinos by radiative corrections only."""
MULTIPOLES = (2, 4, 6, 10, 16, 24, 40)
"""Where the sum over multipoles is cut."""
PARTIAL_WAVES = (0.1, 0.2, 0.4, 0.7)
"""Parts of the partial waves that a full sum has."""
TREATMENTS: dict[str, tuple[str, Treatment]] = {
    "all": ("dirac-fock", Treatment()),
    "half the radial step": ("dirac-fock", Treatment(accuracy=Accuracy(refinement=1.4))),
    "half as many partial waves again": ("dirac-fock", Treatment(accuracy=Accuracy(waves=1.5))),
    "exchange to 1e-8": ("dirac-fock", Treatment(accuracy=Accuracy(exchange=1e-8))),
    "frozen core": ("dirac-fock", Treatment(relaxed=False)),
    "local exchange": ("kohn-sham", Treatment()),
    **{f"multipoles to {n}": ("dirac-fock", Treatment(highest_rank=n)) for n in MULTIPOLES},
    **{
        f"{x:.0%} of the waves": ("dirac-fock", Treatment(accuracy=Accuracy(waves=x)))
        for x in PARTIAL_WAVES
    },
}
"""Name -> model and treatment."""


def engine(
    treatment: tuple[str, Treatment],
    names: tuple[str, ...],
    job: tuple[str, float, na.arrays.Array],
) -> na.arrays.Array:
    """Return the responses of one subshell at (kinetic energy, momenta), in atomic units."""
    shell, kinetic, momenta = job
    model, how = treatment
    state = solved(ELEMENT, model)
    subshell = next(one.name for one in state.orbitals if xray_name(one.subshell) == shell)
    energy = np.array([kinetic])
    found = subshell_responses(state, subshell, energy, momenta[None], wanted=names, treatment=how)
    return np.array([found[name][0] for name in names])


@dataclass(eq=False)
class Directly:
    """The nodes of a table, to its end, with the responses of the engine.

    The nodes do not stop where a neutrino cannot reach them: the flux moments vanish there,
    and the responses are negligible long before (|q| = 0.8 MeV against a ridge at 0.14 MeV
    for pp neutrinos and 20 keV).
    """

    tabulated: Tabulated
    treatment: tuple[str, Treatment]
    executor: Executor
    name: str = "directly"
    _known: Measure | None = None

    def __getattr__(self, attribute: str) -> object:
        """Everything but the measure is that of the table."""
        return getattr(self.tabulated, attribute)

    def measure(self, T: na.arrays.Array, *, q2_min: na.arrays.Array, q2_max: na.arrays.Array):
        """Return the nodes of the table with the weights of the engine."""
        if self._known is None:
            self._known = self._computed(T, q2_min, np.full(T.size, np.inf))
        return self._known

    def _computed(self, T: na.arrays.Array, low: na.arrays.Array, high: na.arrays.Array) -> Measure:
        base = self.tabulated.measure(T, q2_min=low, q2_max=high)
        table, names = base.weights, tuple(sorted(self.tabulated.provides))
        weights = {name: table[name].copy() for name in names}
        edges, shells = self.tabulated.edges, self.tabulated.shells
        rows = [(i, k) for i in range(len(shells)) for k in range(T.size) if table.covered[i, k]]
        momenta = np.sqrt(T[:, None] ** 2 + table.q2) / INVERSE_BOHR
        jobs = [(shells[i], float((T[k] - edges[i]) / HARTREE), momenta[k]) for i, k in rows]
        compute = partial(engine, self.treatment, names)
        found = self.executor.map(compute, jobs, chunksize=3)
        for (i, k), values in zip(rows, found, strict=True):
            for name, row in zip(names, values, strict=True):
                weights[name][i, k, : row.size] = row / HARTREE * table.dq2[k]
        return Measure(base.q2, weights)


def sun(flavor: str) -> Source:
    """Return the neutrinos of the Sun as if all had one flavour."""
    fluxes = catalog.source("solar-b16-gs98").fluxes
    return Source("sun", tuple(flux for flux in fluxes if flux.flavor == flavor))


def ratios(treatment: tuple[str, Treatment], executor: Executor) -> dict[str, na.arrays.Array]:
    """Return the rate over that of stepped electrons, for each flavour, at `TRANSFERS`."""
    T = np.array(TRANSFERS) * u.keV
    table = Tabulated(shipped_table(ELEMENT))
    model = Directly(table, treatment, executor)
    weak = combine((catalog.interaction("weak"),))
    found = {}
    for column, flavor in FLAVORS.items():
        rates = [
            rate_by_shell(
                T, source=sun(flavor), interaction=weak, response=one, atoms_per_mass=1.0
            ).sum(axis=0)
            for one in (model, na.response("stepped", ELEMENT))
        ]
        found[column] = rates[0] / rates[1]
    return found


def rows(jobs: int) -> list[dict[str, object]]:
    """Return one row for each treatment and energy."""
    found = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as executor:
        for name, treatment in TREATMENTS.items():
            ratio = ratios(treatment, executor)
            for k, T in enumerate(TRANSFERS):
                row: dict[str, object] = {"treatment": name, "energy_transfer_keV": T}
                row |= {f"{key}_over_stepped": f"{x[k]:.4f}" for key, x in ratio.items()}
                found.append(row)
    return found


def main() -> int:
    """Compute and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("ratios.csv"))
    options = parser.parse_args()
    table = rows(options.jobs)
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
