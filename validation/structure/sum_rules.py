"""Bethe's sum rule with what the exclusion principle blocks, from box states and continuum.

``S(q) = (2/q^2) sum_a sum_n (E_n - e_a) |<n|exp(i q x)|a>|^2`` over the subshells a of an atom.
For the Dirac equation with a local potential the sum over electrons and positrons vanishes,
because exp(iqx) commutes twice with alpha.p to zero; transitions between occupied orbitals
cancel in pairs if their subshells are full; so electrons beyond the occupied orbitals give
minus the part of the positrons, ``N - (5/3) <T>/(m c^2)`` and smaller terms at q -> 0.
"""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array
from nuatom.structure import AtomicState, CoreField
from nuatom.structure.angular import orbital_l, three_j_half_squared
from nuatom.structure.bessel import spherical_bessel
from nuatom.structure.ionisation import Treatment, subshell_responses

PANELS = np.array([0.0, 0.1, 0.5, 2.0, 6.0, 20.0, 60.0, 200.0, 600.0, 2000.0, 8000.0])
"""Kinetic energies in hartree between which the continuum is integrated."""
NODES = 7


@dataclass(frozen=True)
class Strengths:
    """Parts of the sum: positrons, occupied orbitals, free bound orbitals, continuum."""

    positrons: float
    blocked: float
    discrete: float
    continuum: float

    @property
    def allowed(self) -> float:
        return self.discrete + self.continuum

    def __add__(self, other: "Strengths") -> "Strengths":
        return Strengths(
            self.positrons + other.positrons,
            self.blocked + other.blocked,
            self.discrete + other.discrete,
            self.continuum + other.continuum,
        )


def _states(state: AtomicState, kappa: int, hole: str) -> tuple[Array, Array, Array]:
    """Return energies, columns and which are occupied, of all states in the box."""
    basis = state.problem.stage.basis(kappa)
    rows = state.problem.columns.get(kappa, [])
    if state.exchange is not None:
        potential = state.potential(state.points.ravel()).reshape(state.points.shape)
        energies, columns = basis.eigenstates(basis.free + basis.local(potential))
        first = int(np.searchsorted(energies, -(state.problem.light_speed**2)))
        taken = [first + state.orbitals[i].subshell.n - orbital_l(kappa) - 1 for i in rows]
    else:
        matrix = CoreField(state, hole).matrix(kappa)
        if rows:  # Q H Q: the occupied orbitals are its null space
            table = np.array([state.orbitals[i].coefficients for i in rows]).T
            out = np.eye(basis.size) - table @ table.T @ basis.overlap
            matrix = out.T @ matrix @ out
        energies, columns = basis.eigenstates(matrix)
        taken = list(np.argsort(np.abs(energies))[: len(rows)])
    occupied = np.zeros(len(energies), dtype=bool)
    occupied[taken] = True
    return energies, columns, occupied


def _across_threshold(energies: Array, strength: Array) -> float:
    """Return what states below zero hold of the continuum, each standing for half its gaps."""
    n = int(np.searchsorted(energies, 0.0))
    density = strength[n] / (energies[n + 1] - energies[n - 1]) * 2
    return float(density * (energies[n - 1] + energies[n]) / 2)


def box_strengths(state: AtomicState, name: str, q: float, highest: int) -> Strengths:
    """Return the parts of the sum of one subshell, over partial waves up to a highest l."""
    one, r = state.orbital(name), state.points
    j = spherical_bessel(highest + 2, q * r.ravel()).reshape(highest + 3, *r.shape)
    total = Strengths(0.0, 0.0, 0.0, 0.0)
    both = [sign * k for k in range(1, highest + 2) for sign in (-1, 1)]
    for kappa in (k for k in both if orbital_l(k) <= highest):
        energies, columns, occupied = _states(state, kappa, name)
        basis = state.problem.stage.basis(kappa)
        square = np.zeros(len(energies))
        for rank in range(abs(abs(kappa) - abs(one.kappa)), abs(kappa) + abs(one.kappa)):
            if (rank + orbital_l(kappa) + orbital_l(one.kappa)) % 2:
                continue
            factor = state.weights * (j[rank] - float(rank == 0 and kappa == one.kappa))
            parts = zip(basis.on_points, (one.large, one.small), strict=True)
            moments = np.concatenate(
                [np.einsum("vp,vpi->i", factor * wave, functions) for functions, wave in parts]
            )
            places = 2 * abs(kappa) * three_j_half_squared(one.kappa, rank, kappa)
            square += one.electrons * (2 * rank + 1) * places * (moments @ columns) ** 2
        strength = 2 / q**2 * (energies - one.energy) * square
        positron = energies < -(state.problem.light_speed**2)
        free = ~positron & ~occupied
        shared = _across_threshold(energies[free], strength[free])
        total += Strengths(
            float(strength[positron].sum()),
            float(strength[occupied].sum()),
            float(strength[free & (energies < 0)].sum()) - shared,
            float(strength[free & (energies > 0)].sum()) + shared,
        )
    return total


def continuum_strength(state: AtomicState, name: str, q: float) -> float:
    """Return ``(2/q^2) Int T R_L dT`` over the continuum, by integration."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(PANELS)[:, None] / 2
    energies = (PANELS[:-1, None] + half * (1 + x)).ravel()
    found = subshell_responses(
        state,
        name,
        energies,
        np.full((len(energies), 1), q),
        wanted=("L",),
        treatment=Treatment(relaxed=False),  # the box has the field of the frozen core
    )["L"][:, 0]
    transfer = energies - state.orbital(name).energy
    return float((half * w).ravel() @ (transfer * found) * 2 / q**2)


def kinetic_energy(state: AtomicState) -> float:
    """Return ``<(alpha.p c + (beta - 1) c^2)>``, summed over electrons."""
    return float(
        sum(
            one.electrons
            * (one.coefficients @ state.problem.stage.basis(one.kappa).free @ one.coefficients)
            for one in state.orbitals
        )
    )
