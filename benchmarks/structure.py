"""The ab-initio engine: atoms, the germanium table, and the work of one ampsci run.

Times are of one process and of processor time, so that a busy machine does not matter, but
for the last table, which two processes share, with their start and the atom in the time of
the clock.  The public code ampsci took 46 s on two cores of this kind for its 16 energies x 64
momenta of germanium with vector and axial operators and multipoles to 6; the same work is done
here (`validation/structure` compares the numbers).

Usage: python benchmarks/structure.py [--profile]
"""

import argparse
import cProfile
import multiprocessing
import pstats
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from nuatom import units as u
from nuatom.ab_initio import TablePlan
from nuatom.ab_initio.plan import FROZEN, HARTREE, INVERSE_BOHR, lay_out, solved
from nuatom.ab_initio.tasks import run, tasks_of
from nuatom.structure import ground_state
from nuatom.structure.ionisation import Treatment, subshell_responses
from nuatom.structure.multipole_sums import RESPONSES

RELAXED = "dirac-fock"
WITHOUT_AXIAL = ("L", "T")
WHO = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
AMPSCI_SECONDS, AMPSCI_CORES = 46.0, 2
AMPSCI_ENERGIES = np.geomspace(0.1, 20, 16) * u.keV
AMPSCI_MOMENTA = np.geomspace(1, 2000, 64) * u.keV


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of something."""
    start = time.process_time()
    work()
    return time.process_time() - start


def atom(symbol: str) -> float:
    return seconds(lambda: ground_state(symbol))


def table(wanted: tuple[str, ...], model: str) -> float:
    """Return the time of the 12 x 60 x 80 values of germanium, without its variants."""
    plan = TablePlan("Ge", model, variants=False, wanted=wanted)
    tasks = tasks_of(lay_out(plan), plan.model)
    return seconds(lambda: [run(task) for task in tasks])


def shared_table(wanted: tuple[str, ...], model: str, processes: int = 2) -> float:
    """Return the time on the clock of the same table made by some processes."""
    start = time.perf_counter()
    plan = TablePlan("Ge", model, variants=False, wanted=wanted)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        tasks = tasks_of(lay_out(plan, pool), plan.model)
        list(pool.map(run, sorted(tasks, key=lambda task: -task.cost)))
    return time.perf_counter() - start


def ampsci_work() -> float:
    """Return the time of what ampsci did: calculated thresholds, multipoles to 6."""
    state, how = solved("Ge", "dirac-fock"), Treatment(relaxed=False, highest_rank=6)
    momenta = AMPSCI_MOMENTA / INVERSE_BOHR

    def work() -> None:
        for one in state.orbitals:
            kinetic = AMPSCI_ENERGIES / HARTREE + one.energy
            kinetic = kinetic[kinetic > 0]
            q = np.broadcast_to(momenta, (kinetic.size, momenta.size))
            subshell_responses(state, one.name, kinetic, q, treatment=how)

    return seconds(work)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", action="store_true", help="where the time of a table goes")
    options = parser.parse_args()
    ground_state("He")
    ampsci_work()  # compiles
    if options.profile:
        with cProfile.Profile() as profile:
            table(RESPONSES, RELAXED)
        pstats.Stats(profile).sort_stats("tottime").print_stats(15)
        return
    print(f"Dirac-Hartree-Fock           Ge {atom('Ge'):6.2f} s   Xe {atom('Xe'):6.2f} s")
    for label, model in (("frozen core", FROZEN), ("relaxed ion", RELAXED)):
        two, seven = table(WITHOUT_AXIAL, model), table(RESPONSES, model)
        print(f"Ge 12 x 60 x 80, {label}  L, T {two:6.1f} s   seven {seven:6.1f} s")
    for label, wanted in (("L, T", WITHOUT_AXIAL), ("seven", RESPONSES)):
        print(f"the frozen table, {label}, in two processes {shared_table(wanted, FROZEN):.1f} s")
    size = max(resource.getrusage(who).ru_maxrss for who in WHO)
    print(f"memory of a process at most {size / 1024:.0f} MB")
    ours, theirs = ampsci_work(), AMPSCI_SECONDS * AMPSCI_CORES
    print(f"work of ampsci: {ours:.1f} s of one core; ampsci {theirs:.0f}: {theirs / ours:.0f} x")


if __name__ == "__main__":
    main()
