"""Continuum orbitals with exact exchange, and the photoabsorption that follows from them."""

from functools import cache

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.structure import (
    LIGHT_SPEED,
    CoreField,
    NotConverged,
    Numerics,
    core_continuum,
    ground_state,
)
from nuatom.structure.continuum import reach
from nuatom.structure.continuum_grid import POINTS_PER_CELL, continuum_grid
from nuatom.structure.core_continuum import CoreOnGrid, ExchangeField, make_orthogonal
from nuatom.structure.hole import RelaxedField
from nuatom.structure.multipole_sums import responses
from nuatom.structure.multipoles import Momenta, partial_waves
from nuatom.targets.elements import element
from nuatom.targets.photoabsorption import photoabsorption

state = cache(ground_state)
TIGHT = 1e-7
"""Tolerance of exchange where the equation is tested and not what suffices for tables."""
EV = 1 / 27.211386245981
"""An electronvolt in hartree (CODATA 2022)."""


def exchange_field(atom, hole, energy, kappas, *, refinement=1.0, orthogonal=True):
    """Return the field on a grid fit for an energy."""
    charge = atom.problem.nucleus.charge
    radius = max(30.0, reach(energy, kappas, 1.0))
    grid = continuum_grid(charge, np.sqrt(2 * energy), radius, refinement=refinement)
    return ExchangeField(CoreField(atom, hole), CoreOnGrid(atom, grid), orthogonal, TIGHT)


def test_without_other_electrons_exchange_does_nothing():
    """The electron of hydrogen leaves in the field of the proton alone."""
    kappas = [-1, 1, -2, 5]
    field = exchange_field(state("H"), "1s1/2", 0.7, kappas)
    found, bare = field.waves(0.7, kappas), field.local.waves(0.7, kappas)
    # the projection leaves what the splines of 1s lack
    assert found.large == pytest.approx(bare.large, abs=1e-6)
    assert found.small == pytest.approx(bare.small, abs=1e-8)


@pytest.mark.parametrize("kappa", [-1, 1, -2, -3, 4])
def test_waves_are_those_of_a_box(kappa):
    """Where a state of the box has its energy, the wave of the continuum has its shape.

    The box diagonalises ``Q H Q`` in splines, with Q the projection out of the atom; the
    continuum integrates outwards and iterates.
    """
    # linear cells outside, which the wave needs and bound orbitals do not
    atom = ground_state("Ar", numerics=Numerics(cells=130, radius=30.0, stretch=1.0))
    core = CoreField(atom, "3p3/2")
    basis = atom.problem.stage.basis(kappa)
    matrix, rows = core.matrix(kappa), atom.problem.columns.get(kappa, [])
    if rows:
        table = np.array([atom.orbitals[i].coefficients for i in rows]).T
        out = np.eye(basis.size) - table @ table.T @ basis.overlap
        matrix = out.T @ matrix @ out
    energies, columns = basis.eigenstates(matrix)
    n = int(np.searchsorted(energies, 1.0))
    field = exchange_field(atom, "3p3/2", energies[n], [kappa], refinement=2.0)
    wave = field.waves(energies[n], [kappa])
    near = (wave.grid.points < 12) & (wave.grid.points > 1e-3)
    large, small = basis.evaluate(columns[:, n : n + 1], wave.grid.points[near])
    ratio = (wave.large[0, near] @ large[:, 0]) / (large[:, 0] @ large[:, 0])
    size = abs(wave.large).max()
    assert wave.large[0, near] == pytest.approx(ratio * large[:, 0], abs=1e-5 * size)
    assert wave.small[0, near] == pytest.approx(ratio * small[:, 0], abs=1e-5 * size)


def test_waves_are_orthogonal_to_the_atom():
    """No part of a wave is an occupied orbital; without projection some is."""
    atom = state("Ar")
    left = {}
    for orthogonal in (True, False):
        field = exchange_field(atom, "3p3/2", 0.5, [-1, 1, -2], orthogonal=orthogonal)
        waves, grid = field.waves(0.5, [-1, 1, -2]), field.core.grid
        n = field.core.points
        w = grid.weights[:n]
        left[orthogonal] = max(
            abs(w @ (large[:n] * p[:n] + small[:n] * q[:n]))
            for one, (large, small) in zip(atom.orbitals, field.core.orbitals, strict=True)
            for kappa, p, q in zip(waves.kappas, waves.large, waves.small, strict=True)
            if one.kappa == kappa
        )
    assert left[True] < 1e-9
    assert left[False] > 1e-3


@pytest.mark.parametrize("energy", [0.5, 10.0])
def test_waves_of_a_relaxed_ion_are_made_orthogonal_to_the_atom(energy):
    """No part of them is an orbital of the atom, on a grid that holds these or ends within them.

    At 10 hartree the shorter grid ends where the outer electrons are; 1e-5 of a dipole is
    what the smooth end of the overlaps leaves (tolerance ten times that).
    """
    atom, kappas, dipoles = state("Ar"), [-1, 2], []
    relaxed = RelaxedField(atom, "2p3/2")
    for radius in (reach(energy, kappas, 1.0), max(30.0, 2 * reach(energy, kappas, 1.0))):
        grid = continuum_grid(18, np.sqrt(2 * energy), radius)
        core, ion = CoreOnGrid(atom, grid), CoreOnGrid(relaxed.state, grid)
        waves = ExchangeField(relaxed, ion, tolerance=TIGHT).waves(energy, kappas)
        make_orthogonal(waves, core, ion)
        one = core.bound("2p3/2")
        n = len(one.large)
        weighted = (grid.weights * grid.points)[:n] * np.stack([one.large, one.small])
        dipoles.append(waves.large[:, :n] @ weighted[0] + waves.small[:, :n] @ weighted[1])
    n = core.points
    left = max(
        abs(grid.weights[:n] @ (large[:n] * p[:n] + small[:n] * q[:n]))
        for one, (large, small) in zip(atom.orbitals, core.orbitals, strict=True)
        for kappa, p, q in zip(kappas, waves.large, waves.small, strict=True)
        if one.kappa == kappa
    )
    assert left < 1e-9
    assert dipoles[0] == pytest.approx(dipoles[1], rel=1e-4)


def test_a_wave_that_does_not_enter_the_atom_is_free_of_exchange():
    """Behind a barrier far outside the atom only the Coulomb field is left."""
    field = exchange_field(state("Ne"), "1s1/2", 0.05, [-31])
    found, bare = field.waves(0.05, [-31]), field.local.waves(0.05, [-31])
    assert np.all(np.isfinite(found.large))
    assert found.large == pytest.approx(bare.large, abs=1e-12)


def test_exchange_dies_out_at_high_energy():
    """The exchange potential falls off as 1/e; the waves turn to those of the direct field."""
    atom, kappas = state("Ne"), [-1, 1, -2, -3]
    distance = []
    for energy in (2.0, 50.0):
        field = exchange_field(atom, "2p3/2", energy, kappas, orthogonal=False)
        found, bare = field.waves(energy, kappas), field.local.waves(energy, kappas)
        n = field.core.points
        w = field.core.grid.weights[:n]
        distance.append((w * (found.large - bare.large)[:, :n] ** 2).sum() / (
            w * bare.large[:, :n] ** 2
        ).sum())  # fmt: skip
    assert distance[1] < distance[0] / 4


def cross_sections(symbol, energy):
    """Photoabsorption in velocity and length form with calculated thresholds, in cm^2."""
    atom, c = state(symbol), LIGHT_SPEED
    transfer, low = energy * EV, 1e-3
    charge = atom.problem.nucleus.charge
    ready = [one for one in atom.orbitals if transfer + one.energy > 0]
    slowest = min(transfer + one.energy for one in ready)
    radius = max(30.0, reach(slowest, [8], 1.0))
    core = CoreOnGrid(atom, continuum_grid(charge, np.sqrt(2 * transfer), radius))
    total = np.zeros(2)
    for one in ready:
        field = ExchangeField(CoreField(atom, one.name), core)
        kappas = partial_waves(one.kappa, 0.0, 1.0)[:10]
        waves, bound = field.waves(transfer + one.energy, kappas), core.bound(one.name)
        q = np.array([transfer / c, low])
        momenta = Momenta(core.grid, q, 12, len(bound.large))
        found = responses(bound, waves, momenta, ("L", "T"))
        total[0] += 2 * np.pi**2 * c * found["T"][0] / transfer
        total[1] += 4 * np.pi**2 / c * transfer * found["L"][1] / low**2
    return total * (0.529177210544e-8) ** 2


@pytest.mark.parametrize(
    ("symbol", "energy"),
    [("Ar", 1000.0), ("Ar", 4000.0), ("Ar", 20000.0), ("Ge", 2000.0), ("Ge", 15000.0)],
)
def test_photoabsorption_agrees_with_the_tables(symbol, energy):
    """Above 1 keV within 10 per cent, in both forms where the dipole is enough."""
    table = photoabsorption(element(symbol))
    measured = table.cross_section(np.array([energy * u.eV]))[0] / u.cm**2
    velocity, length = cross_sections(symbol, energy)
    assert velocity == pytest.approx(measured, rel=0.10)
    assert length == pytest.approx(velocity, rel=0.025 if energy < 9e3 else 0.08)


def test_what_does_not_settle_is_told(monkeypatch):
    """Too few rounds of the iteration end in an error, not in a wave."""
    monkeypatch.setattr(core_continuum, "MOST_ITERATIONS", 1)
    field = exchange_field(state("Ne"), "2p3/2", 0.5, [-1])
    with pytest.raises(NotConverged, match="kappa -1"):
        field.waves(0.5, [-1])
    with pytest.raises(InvalidInput, match="expected > 0"):
        field.waves(0.0, [-1])
    assert field.core.points % POINTS_PER_CELL == 0
