"""What a table of responses is made of: the request, and the grid of each subshell.

A `TablePlan` is what a user asks for.  `lay_out` solves the atom and turns it into one
`TableShell` for each subshell; every choice that is not the user's is made here:

* **Edges** are the measured ones of `nuatom.targets.elements` (for a valence subshell
  without one, the first ionisation energy, as stated there).  The wave of the electron has
  the kinetic energy T - edge; the threshold of the theory moves nothing but is kept beside.
* **Momenta** reach `REACH` widths beyond the Bethe ridge.  The inner loops of an orbital
  hold momenta far above its own sqrt(2 m B): of the cross section of a charge radius at 10
  MeV, Ge 3d has 1.4 % beyond 20 widths, 3e-4 beyond 40 and 2e-6 beyond 80; Ge 4s and 4p
  have 3e-4 beyond 120 and 1e-5 beyond 300; Xe 1s to 2p less than 1e-5 beyond 60.
* **Energies** are spaced in ``ln(1 + eps/scale)`` with a scale of at most `FIRST_SCALE`, the
  first steps shorter than the last by ``(1 - STRETCH)/(1 + STRETCH)``: a wave near its
  threshold changes within a few eV whatever the binding energy is.  30 x 40 points change no
  cross section of Ge or Ar, averaged over a reactor's spectrum, by more than 2e-3 (3e-2 with
  equal steps, for a millicharge at the L edges of Ar); 60 x 80 with equal steps are within
  2e-4 of the engine in Ge (3e-3 with a scale of 20 eV, 2e-2 with 50 eV).
* **Free electrons** replace a subshell above `FREE_AFTER` times its binding energy, or above
  the greatest energy of the plan.  At 300 times, Ge misses 9e-3 of the cross section of a
  millicharge and 4e-4 of the others; at 1000 times 3e-3 and 3e-4.  At 200 keV the K shell of
  Xe still misses 5e-2 of a millicharge's and 5e-3 of a charge radius' cross section, so that
  plans go to 1 MeV.
"""

import ast
import functools
import hashlib
import json
from concurrent.futures import Executor
from dataclasses import astuple, dataclass, field
from pathlib import Path

import numpy as np

import nuatom
from nuatom import constants as c
from nuatom import structure
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup
from nuatom.responses.response_table import LEAST_POINTS
from nuatom.responses.scaled_grid import TableShell
from nuatom.structure import (
    MODELS,
    AtomicState,
    Numerics,
    Subshell,
    ground_configuration,
    ground_state,
    parse_configuration,
)
from nuatom.structure import threshold as relaxed_threshold
from nuatom.structure.exchange import LOCAL_MODELS
from nuatom.structure.ionisation import Accuracy
from nuatom.structure.multipole_sums import RESPONSES
from nuatom.targets.elements import element

HARTREE = c.fine_structure**2 * c.electron_mass
"""Energy in atomic units."""
INVERSE_BOHR = c.fine_structure * c.electron_mass
"""Momentum in atomic units."""

REACH = {1: 40.0, 2: 60.0, 3: 120.0}
"""Widths beyond the ridge at which the momenta of shell n end."""
OUTER_REACH = 240.0
"""The same for n >= 4."""
FIRST_SCALE = 10 * u.eV
"""Greatest scale of the energy grid."""
FIRST_ENERGY = 0.01
"""First kinetic energy over scale (and over edge, where that is less)."""
STRETCH = 0.7
"""How unequal the steps in the variable of the energies are, 0 to 1."""
FREE_AFTER = 1000.0
"""Binding energies above which a subshell is free electrons."""
LOCAL_CELLS = 140
"""Cells of the spline grid of a local potential."""
FROZEN = "dirac-fock-frozen"
"""Exact exchange, with the orbitals of the atom in the place of those of the ion."""
PLANNED_MODELS = (*MODELS, FROZEN)
"""What a table may be made with: the models of bound electrons, and one of the wave."""
EDGES = ("measured", "calculated")
"""Which thresholds a table uses."""


@dataclass(frozen=True)
class TablePlan:
    """What to compute.

    Parameters
    ----------
    element : str
        Chemical symbol [name].
    model : str
        dirac-fock, dirac-fock-frozen, kohn-sham or slater [name].
    points : tuple of int
        Energies and momenta of each subshell [dimensionless].
    maximum : float
        Energy transfer above which every subshell is free electrons [energy].
    wanted : tuple of str
        Responses [name].
    edges : str
        measured or calculated [name].
    accuracy : Accuracy
        Of the engine [accuracy].
    variants : bool
        Whether the uncertainty is computed too [flag].

    Raises
    ------
    UnknownName
        If a name is not known.
    InvalidInput
        If there are too few points or the energies end below the edges.

    Example
    -------
    >>> TablePlan("Ge").points
    (60, 80)
    """

    element: str
    model: str = "dirac-fock"
    points: tuple[int, int] = (60, 80)
    maximum: float = 1000 * u.keV
    wanted: tuple[str, ...] = RESPONSES
    edges: str = "measured"
    accuracy: Accuracy = field(default_factory=Accuracy)
    variants: bool = True

    def __post_init__(self) -> None:
        """Check the request before anything is computed."""
        ground_configuration(self.element)
        lookup("atomic model", self.model, dict.fromkeys(PLANNED_MODELS))
        lookup("edges", self.edges, dict.fromkeys(EDGES))
        for name in self.wanted:
            lookup("response", name, dict.fromkeys(RESPONSES))
        if min(self.points) < LEAST_POINTS:
            raise InvalidInput(
                f"points: found {self.points[0]}x{self.points[1]}, expected at least "
                f"{LEAST_POINTS} energies and {LEAST_POINTS} momenta"
            )
        if not 0 < self.maximum < np.inf:
            raise InvalidInput(
                f"maximum energy: found {self.maximum / u.keV:g} keV, expected a number > 0"
            )

    @property
    def configuration(self) -> str:
        """Of the neutral atom in its ground level."""
        return ground_configuration(self.element).configuration

    def digest(self) -> str:
        """Return a checksum of the request and of the code that answers it."""
        accuracy = list(astuple(self.accuracy))
        content = [
            self.element, self.configuration, self.model, list(self.points),
            f"{self.maximum / u.keV:.12g}", list(self.wanted), self.edges, accuracy, code_digest(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class ShellPlan:
    """One subshell of a table and what the engine must know of it.

    Parameters
    ----------
    grid : TableShell
        Scales of the grid [table shell].
    subshell : str
        Name in the engine, such as 2p3/2 [name].
    frozen_threshold : float
        Minus the eigenvalue (Koopmans) [energy].
    kinetic_energy : ndarray
        Shape (T,) [energy].
    """

    grid: TableShell
    subshell: str
    frozen_threshold: float
    kinetic_energy: Array

    def momentum(self, points: int) -> Array:
        """Return the momenta of the grid.

        Parameters
        ----------
        points : int
            How many [dimensionless].

        Returns
        -------
        ndarray
            Shape (T, points) [energy].
        """
        return self.grid.momentum_grid(self.grid.edge + self.kinetic_energy, points)


@dataclass(frozen=True, eq=False)
class Layout:
    """A plan with the grid of every subshell.

    Parameters
    ----------
    plan : TablePlan
        What was asked for [table plan].
    shells : tuple of ShellPlan
        From K outwards [shell plan].
    without_edge : tuple of str
        Subshells for which no measured edge was found: the calculated one is used [name].
    """

    plan: TablePlan
    shells: tuple[ShellPlan, ...]
    without_edge: tuple[str, ...]


def xray_name(subshell: Subshell) -> str:
    """Return the X-ray name of a subshell.

    Parameters
    ----------
    subshell : Subshell
        n and kappa [subshell].

    Returns
    -------
    str
        K, L1, L2, ...

    Example
    -------
    >>> xray_name(Subshell(1, -1)), xray_name(Subshell(2, -2)), xray_name(Subshell(3, 2))
    ('K', 'L3', 'M4')
    """
    letter = "KLMNOPQ"[subshell.n - 1]
    ell = subshell.angular_momentum
    number = 2 * ell + (1 if subshell.kappa < 0 else 0)
    return letter if letter == "K" else f"{letter}{number}"


def solved(symbol: str, model: str) -> AtomicState:
    """Return the atom, solved once in each process.

    Parameters
    ----------
    symbol : str
        Chemical symbol [name].
    model : str
        One of `PLANNED_MODELS` [name].

    Returns
    -------
    AtomicState
        In atomic units.
    """
    return _solved(symbol, "dirac-fock" if model == FROZEN else model)


@functools.lru_cache(maxsize=4)
def _solved(symbol: str, model: str) -> AtomicState:
    # the corner of the Latter tail asks for finer splines: length and velocity agree to 7e-6
    numerics = Numerics(cells=LOCAL_CELLS) if model in LOCAL_MODELS else Numerics()
    return ground_state(symbol, model=model, numerics=numerics)


def threshold_of(symbol: str, model: str, subshell: str) -> float:
    """Return the relaxed threshold of a subshell; in a local field minus its eigenvalue.

    Parameters
    ----------
    symbol : str
        Chemical symbol [name].
    model : str
        One of `PLANNED_MODELS` [name].
    subshell : str
        Name in the engine [name].

    Returns
    -------
    float
        [energy]

    Raises
    ------
    NotConverged
        If a field does not settle.
    """
    state = solved(symbol, model)
    if state.exchange is None:
        return float(relaxed_threshold(state, subshell).relaxed * HARTREE)
    return float(-state.orbital(subshell).energy * HARTREE)


def lay_out(plan: TablePlan, executor: Executor | None = None) -> Layout:
    """Solve the atom and choose the grid of each subshell.

    Parameters
    ----------
    plan : TablePlan
        What was asked for [table plan].
    executor : Executor, optional
        Of `concurrent.futures`, for the ions; without one they are solved here [any].

    Returns
    -------
    Layout
        With measured or calculated edges, as the plan says.

    Raises
    ------
    InvalidInput
        If the greatest energy lies below an edge.
    NotConverged
        If a field does not settle.
    """
    configuration = parse_configuration(plan.configuration)
    names = [subshell.name for shell in configuration for subshell in shell.subshells]
    threshold = functools.partial(threshold_of, plan.element, plan.model)
    # other processes begin before the atom is solved here
    found = map(threshold, names) if executor is None else executor.map(threshold, names)
    state = solved(plan.element, plan.model)
    thresholds = dict(zip(names, found, strict=True))
    measured = {shell.name: shell.binding_energy for shell in element(plan.element).subshells}
    shells, missing = [], []
    for orbital in state.orbitals:
        name, frozen = xray_name(orbital.subshell), -orbital.energy * HARTREE
        relaxed = thresholds[orbital.name]
        edge = relaxed if plan.edges == "calculated" else measured.get(name, relaxed)
        if plan.edges == "measured" and name not in measured:
            missing.append(name)
        shells.append(_shell(plan, orbital.subshell, orbital.electrons, (edge, relaxed, frozen)))
    return Layout(plan, tuple(shells), tuple(missing))


def _shell(
    plan: TablePlan, subshell: Subshell, electrons: float, energies: tuple[float, float, float]
) -> ShellPlan:
    """Return the grid of one subshell from its edge, relaxed and frozen threshold."""
    edge, relaxed, frozen = energies
    name = xray_name(subshell)
    last = min(FREE_AFTER * max(edge, relaxed), plan.maximum)
    if last < 2 * edge:
        raise InvalidInput(
            f"maximum energy: found {plan.maximum / u.keV:.6g} keV, expected at least twice the "
            f"edge {edge / u.keV:.6g} keV of {name}"
        )
    scale = min(edge, FIRST_SCALE)
    first, end = np.log1p([FIRST_ENERGY, (last - edge) / scale])
    place = np.linspace(0, 1, plan.points[0])
    place = place + STRETCH * (place**2 - place)
    kinetic = scale * np.expm1(first + (end - first) * place)
    kinetic[-1] = last - edge
    grid = TableShell(
        name=name,
        electrons=electrons,
        edge=edge,
        calculated_threshold=relaxed,
        free_above=last,
        momentum_width=float(np.sqrt(2 * c.electron_mass * relaxed)) / 2,
        energy_scale=scale,
        momentum_reach=REACH.get(subshell.n, OUTER_REACH),
    )
    return ShellPlan(grid, subshell.name, frozen, kinetic)


@functools.cache
def code_digest() -> str:
    """Return a checksum of the code that a table depends on: engine, grid and variants.

    Returns
    -------
    str
        Comments, docstrings and layout do not count.
    """
    root = Path(nuatom.__file__).parent
    files = [*Path(structure.__file__).parent.glob("*.py")]
    files += [root / "ab_initio" / f"{name}.py" for name in ("plan", "tasks", "build", "variants")]
    files += [root / "responses/scaled_grid.py", root / "targets/elements.py"]
    digest = hashlib.sha256()
    for path in sorted(files):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                body[:] = [part for part in body if not _is_text(part)]
        digest.update(path.name.encode() + b"\0" + ast.dump(tree).encode())
    return digest.hexdigest()


def _is_text(part: ast.AST) -> bool:
    """Tell whether a statement is a text that stands alone."""
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
