"""Orbitals in a self-consistent local potential: the second model."""

import numpy as np

from nuatom.arrays import Array
from nuatom.structure.atom import AtomicState
from nuatom.structure.diis import DirectInversion
from nuatom.structure.exchange import LocalExchange
from nuatom.structure.mean_field import MeanField
from nuatom.structure.problem import NotConverged, Problem
from nuatom.structure.rounds import (
    coefficients_of,
    diagonalise,
    energies_of,
    first_guess,
    fock_matrices,
    mean_field,
    occupied,
    pack,
)

STEP = 0.5
"""Fraction of the change in the potential that is taken in one round."""


def _charge_seen(problem: Problem, exchange: LocalExchange, field: MeanField) -> Array:
    """Return ``-r (V - V_nucleus)`` made by the orbitals."""
    r, bare = problem.stage.space.points, problem.stage.nuclear
    electrons = problem.filling.electrons
    density = field.densities @ electrons
    direct = field.direct(electrons)
    return -r * (exchange.potential(bare, direct, density, r, problem.ion_charge + 1) - bare)


def solve_local_potential(problem: Problem, exchange: LocalExchange) -> AtomicState:
    """Solve the Dirac equation in the local potential of its own solutions.

    All orbitals, and the continuum, share one potential: they are orthogonal, and their
    current is conserved.

    Parameters
    ----------
    problem : Problem
        Configuration, nucleus and grid; its tolerance is that of the charge seen from any
        point [problem].
    exchange : LocalExchange
        Kohn-Sham, Slater or any other factor [local exchange].

    Returns
    -------
    AtomicState
        Its energies are eigenvalues in the potential; the total energy is the mean of the
        same Hamiltonian as in `solve_dirac_fock`, and never below that.

    Raises
    ------
    NotConverged
        If the potential still changes after the allowed number of rounds.

    Example
    -------
    >>> from nuatom.structure.configuration import parse_configuration
    >>> from nuatom.structure.nucleus import PointNucleus
    >>> neon = Problem(parse_configuration("1s2 2s2 2p6"), PointNucleus(10))
    >>> state = solve_local_potential(neon, LocalExchange(2 / 3))
    >>> -128.70 < state.total_energy < -128.60
    True
    """
    accelerate = DirectInversion(8)
    stage = problem.stage
    r = stage.space.points
    states = first_guess(problem)
    seen: Array = np.zeros(0)
    for iteration in range(1, problem.numerics.max_iterations + 1):
        coefficients = coefficients_of(problem, occupied(problem, states))
        field = mean_field(problem, coefficients)
        made = _charge_seen(problem, exchange, field)
        change = made - (seen if seen.size else made)
        size = float(np.max(np.abs(change)))
        if seen.size and size < problem.tolerance:
            _, total = energies_of(problem, coefficients, fock_matrices(problem, field))
            own = np.array(
                [
                    c @ (stage.one_electron(k) + stage.basis(k).local(-seen / r)) @ c
                    for k, c in zip(problem.filling.kappas, coefficients, strict=True)
                ]
            )
            orbitals = pack(problem, field, coefficients, own)
            return AtomicState(problem, exchange, orbitals, total, iteration)
        if seen.size:
            trial = (seen + STEP * change).ravel()
            error = (change * np.sqrt(stage.space.weights)).ravel()
            seen = accelerate.improve(trial, error).reshape(r.shape)
        else:
            seen = made
        states = diagonalise(_matrices(problem, seen))
    raise NotConverged(
        f"local field of {problem.filling.total} electrons around Z = "
        f"{problem.nucleus.charge:g}: the charge still changes by {size:.1e} after "
        f"{problem.numerics.max_iterations} rounds, expected {problem.tolerance:.0e}; "
        "check the configuration or allow more rounds"
    )


def _matrices(problem: Problem, seen: Array) -> dict[int, Array]:
    """Return the matrix of each kappa in the potential that a charge makes."""
    stage, result = problem.stage, {}
    for kappa in problem.columns:
        screening = stage.basis(kappa).local(-seen / stage.space.points)
        result[kappa] = stage.frame(kappa).inside(stage.one_electron(kappa) + screening)
    return result
