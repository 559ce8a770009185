"""Photoabsorption from both responses at low momentum: length, velocity, and all multipoles.

``sigma = 4 pi^2 alpha T R_L/|q|^2`` and ``sigma = 2 pi^2 alpha R_T/T`` at |q| -> 0 (hbar = c
= 1); and the latter at the photon point |q| = T.  Frozen thresholds.

Usage: python low_momentum.py [--out FILE.csv]
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.structure import AtomicState, Numerics, ground_state
from nuatom.structure.ionisation import Treatment, subshell_responses

HARTREE_EV = c.fine_structure**2 * c.electron_mass / u.eV
BARN = (c.bohr_radius / u.cm) ** 2 * 1e24
"""Square Bohr radius in barn."""
SMALL = 1e-2
"""Momentum that stands for zero, over that of the photon."""
FINE = Numerics(cells=140)
"""Resolves the rounded corner of Latter's rule in the local potentials."""
HEADER = (
    "element", "model", "energy_transfer_eV",
    "length_barn", "velocity_barn", "photon_barn", "length_over_velocity",
)  # fmt: skip
ENERGIES = (50, 70, 100, 150, 200, 300, 500, 800, 1000, 1600, 3000, 5000, 8000, 12000, 20000)


def cross_sections(state: AtomicState, transfer: float) -> tuple[float, float, float]:
    """Return length, velocity and photon-point values, in square Bohr radii."""
    light = state.problem.light_speed
    total = np.zeros(3)
    q = transfer / light * np.array([[SMALL, 1.0]])
    for one in state.orbitals:
        energy = transfer + one.energy
        if energy <= 0:
            continue
        found = subshell_responses(
            state,
            one.name,
            np.array([energy]),
            q,
            wanted=("L", "T"),
            treatment=Treatment(relaxed=False),
        )
        (charge, _), (low, photon) = found["L"][0], found["T"][0]
        total += [
            4 * np.pi**2 / light * transfer * charge / q[0, 0] ** 2,
            2 * np.pi**2 * light * low / transfer,
            2 * np.pi**2 * light * photon / transfer,
        ]
    return float(total[0]), float(total[1]), float(total[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("low_momentum.csv"))
    with parser.parse_args().out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for symbol in ("Ar", "Ge", "Xe"):
            for model in ("kohn-sham", "dirac-fock"):
                state = ground_state(symbol, model=model, numerics=FINE)
                for energy in ENERGIES:
                    found = np.array(cross_sections(state, energy / HARTREE_EV))
                    numbers = [*(f"{x:.5g}" for x in found * BARN), f"{found[0] / found[1]:.6f}"]
                    writer.writerow([symbol, model, energy, *numbers])
                    file.flush()


if __name__ == "__main__":
    sys.exit(main())
