"""Responses of fast electrons, integrated over Q^2, against those of a free electron at rest.

The core is frozen: bound orbitals and waves then belong to one Hamiltonian.  With the relaxed
ion of the tables the cross sections at 50 binding energies are half a per cent larger.

Usage: python free_limit.py [--out FILE.csv]
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.responses.free import ELECTRONS, free_electron_weights
from nuatom.structure import AtomicState, ground_state
from nuatom.structure.ionisation import Accuracy, Treatment, subshell_responses

HARTREE = c.fine_structure**2 * c.electron_mass
NEUTRINO_ENERGY = 1 * u.MeV
RESPONSES = ("L", "T", "A00", "A03", "A33", "AT", "VA")
WIDTHS = (-30.0, -14.0, -8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 5.0, 8.0, 14.0, 30.0)
"""Panels in |q| around the ridge, in units of ``sqrt(2 m B)``."""
NODES = 6
WAVES = 3.0
"""Factor on the number of partial waves, so that those left out do not matter."""


def momenta(transfer: float, binding: float, light: float) -> tuple[Array, Array]:
    """Return nodes in |q| from the photon point across the ridge, and weights of ``dQ^2``."""
    ridge = np.sqrt((transfer / light) ** 2 + 2 * transfer)
    ends = ridge + np.sqrt(2 * binding) * np.array(WIDTHS)
    low = transfer / light
    ends = np.concatenate([[low], ends[ends > 1.05 * low]])
    x, w = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(ends)[:, None] / 2
    q = (ends[:-1, None] + half * (1 + x)).ravel()
    return q, 2 * q * (half * w).ravel()


def integrated(
    state: AtomicState, name: str, multiple: float, waves: float = WAVES
) -> dict[str, float]:
    """Return ratios to a free electron: the responses, and two cross sections at 1 MeV.

    Parameters
    ----------
    state : AtomicState
        The atom [atomic state].
    name : str
        The subshell [name].
    multiple : float
        Energy transfer over binding energy, above 1 [dimensionless].
    waves : float
        Factor on the number of partial waves [dimensionless].
    """
    one, light = state.orbital(name), state.problem.light_speed
    transfer = -one.energy * multiple
    q, weights = momenta(transfer, -one.energy, light)
    found = {
        key: value[0] / one.electrons
        for key, value in subshell_responses(
            state,
            name,
            np.array([transfer + one.energy]),
            q[None, :],
            wanted=RESPONSES,
            treatment=Treatment(relaxed=False, accuracy=Accuracy(waves=waves)),
        ).items()
    }
    T = np.array(transfer * HARTREE)
    momentum = q / c.bohr_radius
    free = {key: float(value) for key, value in free_electron_weights(T).items()}
    scale = 1 / (c.bohr_radius**2 * HARTREE)
    result = {key: float(weights @ value) * scale / free[key] for key, value in found.items()}
    q2 = np.maximum(momentum**2 - T**2, 0.0)
    for label, channel in (
        ("magnetic-moment", na.MagneticMoment(1e-11)),
        ("weak", na.Couplings((na.Weak(),))),
    ):
        terms = channel.terms(flavor="anti_nu_e", constituents=ELECTRONS)
        inside = q2 <= 4 * NEUTRINO_ENERGY * (NEUTRINO_ENERGY - T)
        bound = sum(
            NEUTRINO_ENERGY**-term.power
            * np.sum((term.coefficient(T, q2) * found[term.response] * weights)[inside])
            * scale
            for term in terms
        )
        node = 2 * c.electron_mass * T
        at_rest = sum(
            NEUTRINO_ENERGY**-term.power * term.coefficient(T, node) * free[term.response]
            for term in terms
        )
        result[label] = float(bound / at_rest)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("free_limit.csv"))
    with parser.parse_args().out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = (*RESPONSES, "magnetic-moment", "weak")
        writer.writerow(["element", "subshell", "transfer_over_binding", *names])
        for symbol, shells in (
            ("Ne", ("2p3/2", "1s1/2")),
            ("Ge", ("3d5/2", "3p3/2", "2p3/2", "1s1/2")),
            ("Xe", ("4d5/2", "3d5/2")),
        ):
            state = ground_state(symbol)
            for shell in shells:
                for multiple in (1.2, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0):
                    if -state.orbital(shell).energy * multiple > 3000:
                        continue
                    ratio = integrated(state, shell, multiple)
                    row = [symbol, shell, multiple, *(f"{ratio[key]:.5f}" for key in names)]
                    writer.writerow(row)
                    file.flush()


if __name__ == "__main__":
    sys.exit(main())
