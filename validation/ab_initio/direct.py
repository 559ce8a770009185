"""An atom computed by the engine wherever it is asked, to judge a table by.

`Directly` takes the nodes of a table and asks the engine for every response at each of
them, so that a cross section differs from that of the table by its interpolation alone.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

import numpy as np

from nuatom.ab_initio.plan import HARTREE, INVERSE_BOHR, solved, xray_name
from nuatom.responses.measure import Measure
from nuatom.responses.tabulated import Tabulated
from nuatom.structure.ionisation import subshell_responses

MODEL = "dirac-fock"


def at_one_energy(element, names, job):
    """Return the responses of one subshell at (kinetic energy, momenta), in atomic units."""
    shell, kinetic, momenta = job
    state = solved(element, MODEL)
    subshell = next(o.name for o in state.orbitals if xray_name(o.subshell) == shell)
    found = subshell_responses(state, subshell, np.array([kinetic]), momenta[None], wanted=names)
    return np.array([found[name][0] for name in names])


@dataclass(eq=False)
class Directly:
    """The model of a table with its splines replaced by the engine."""

    tabulated: Tabulated
    name: str = "directly"
    jobs: int = 2
    _known: dict = field(default_factory=dict)

    @property
    def shells(self):
        return self.tabulated.shells

    @property
    def edges(self):
        return self.tabulated.edges

    @property
    def constituents(self):
        return self.tabulated.constituents

    @property
    def provides(self):
        return self.tabulated.provides

    def measure(self, T, *, q2_min, q2_max):
        """Return the nodes of the table with the weights of the engine."""
        base = self.tabulated.measure(T, q2_min=q2_min, q2_max=q2_max)
        key = base.q2.tobytes()
        if key not in self._known:
            self._known[key] = Measure(base.q2, self._weights(T, base.weights))
        return self._known[key]

    def _weights(self, T, table):
        names = tuple(sorted(self.provides))
        nodes = table.q2.shape[1]
        weights = {name: table[name].copy() for name in names}  # free electrons are kept
        rows = [
            (i, k) for i, shell in enumerate(self.tabulated.table.shells)
            for k in np.flatnonzero(table.covered[i])
        ]  # fmt: skip
        momenta = np.sqrt(T[:, None] ** 2 + table.q2)
        jobs = [
            (
                self.shells[i],
                max((T[k] - self.edges[i]) / HARTREE, 1e-6),
                momenta[k] / INVERSE_BOHR,
            )
            for i, k in rows
        ]
        element = self.tabulated.table.provenance.element
        with ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn")) as pool:
            found = list(pool.map(partial(at_one_energy, element, names), jobs, chunksize=2))
        for (i, k), values in zip(rows, found, strict=True):
            for name, row in zip(names, values, strict=True):
                weights[name][i, k, :nodes] = row / HARTREE * table.dq2[k]
        return weights


def energies_off_the_grid(table, number, last, seed=1):
    """Random energies: two within 1 % above each edge, the others logarithmic up to `last`."""
    rng = np.random.default_rng(seed)
    edges = np.array([shell.edge for shell in table.shells])
    near = np.concatenate([edges * (1 + 0.01 * rng.uniform(size=edges.size)) for _ in range(2)])
    low = edges.min()
    others = low * (last / low) ** rng.uniform(size=number - near.size)
    return np.sort(np.append(near, others))
