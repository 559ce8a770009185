"""A table of atomic responses in memory, and what must hold of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nuatom import units as u
from nuatom.arrays import RANGE_SLACK, Array, finite
from nuatom.errors import InvalidInput
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.responses.scaled_grid import TableShell

FIRST_ENERGY = 0.01
"""Largest first kinetic energy, relative to the edge: the splines are continued to 0."""
LEAST_POINTS = 8
"""Fewest energies and momenta."""
PARTNERS = {"A03": ("A00", "A33", 1.0), "VA": ("T", "AT", 2.0)}
"""Responses of either sign: ``|R| <= factor sqrt(R_1 R_2)`` (Cauchy and Schwarz)."""
BOUND_SLACK = 1e-3
"""Relative; more than the rounding of a file."""


@dataclass(frozen=True)
class Provenance:
    """Where a table comes from; every entry is text for the reader.

    Parameters
    ----------
    element : str
        Chemical symbol [name].
    atomic_number : int
        Z [dimensionless].
    method : str
        Theory and its approximations [text].
    inputs : str
        Configuration, edges, nuclear model, grids: what the result depends on [text].
    code_version : str
        Of the program that computed it [text].
    command : str
        That rebuilds it [text].
    references : tuple of str
        At least one [text].
    edges_used : str
        Where `edge` comes from: measured (which table) or calculated [text].
    created_by : str
        Program or person [text].
    """

    element: str
    atomic_number: int
    method: str
    inputs: str
    code_version: str
    command: str
    references: tuple[str, ...]
    edges_used: str
    created_by: str

    def __post_init__(self) -> None:
        """Refuse a table that does not say where it comes from."""
        for label in Provenance.__annotations__:
            if not getattr(self, label):
                raise InvalidInput(f"provenance: found no {label}, expected it to be stated")


@dataclass(frozen=True, eq=False)
class RelativeUncertainty:
    """How far variants of the theory lie from the table, for each channel and energy.

    Parameters
    ----------
    channels : tuple of str
        Catalogue names, such as magnetic-moment [name].
    energy_transfer : ndarray
        T, shape (T,), strictly increasing [energy].
    lower, upper : ndarray
        Least and greatest of (variant - table)/table, shape (channel, T);
        ``lower <= 0 <= upper`` [dimensionless].

    Raises
    ------
    InvalidInput
        If shapes differ, the energies are not sorted or a band excludes the table.
    """

    channels: tuple[str, ...]
    energy_transfer: Array
    lower: Array
    upper: Array

    def __post_init__(self) -> None:
        """Check shapes and signs."""
        shape = (len(self.channels), self.energy_transfer.size)
        if self.lower.shape != shape or self.upper.shape != shape:
            raise InvalidInput(f"relative_uncertainty: expected the shape {shape} (channel, T)")
        finite("relative_uncertainty", [self.lower, self.upper])
        increasing = np.diff(finite("band_energy", self.energy_transfer, positive=True)) > 0
        if not np.all(increasing):
            raise InvalidInput("band_energy: found an unsorted grid, expected increasing energies")
        if np.any(self.lower > 0) or np.any(self.upper < 0) or np.any(self.lower < -1):
            raise InvalidInput("relative_uncertainty: expected -1 <= lower <= 0 <= upper")


@dataclass(frozen=True, eq=False)
class ResponseTable:
    """Responses of every subshell on its own grid.

    Parameters
    ----------
    shells : tuple of TableShell
        At least one [table shell].
    kinetic_energy : ndarray
        ``eps = T - edge``, shape (shell, T), increasing from at most 1 % of the edge
        [energy].
    responses : mapping of str to ndarray
        R per atom (all electrons of the shell), shape (shell, T, momentum), at the
        momenta of `TableShell.momentum_grid`; any of L, T, A00, A03, A33, AT, VA
        [1/energy].
    provenance : Provenance
        Where it comes from [provenance].
    uncertainty : RelativeUncertainty, optional
        From computed variants [relative uncertainty].

    Raises
    ------
    InvalidInput
        If shapes differ, a grid is not sorted, a value is not finite, a diagonal
        response is not positive, A03 or VA exceeds the bound of its partners, or the
        table ends below `free_above`.
    """

    shells: tuple[TableShell, ...]
    kinetic_energy: Array
    responses: Mapping[str, Array]
    provenance: Provenance
    uncertainty: RelativeUncertainty | None = None

    def __post_init__(self) -> None:
        """Check everything that the reader relies on."""
        names = [shell.name for shell in self.shells]
        if not names or len(set(names)) != len(names):
            raise InvalidInput(f"shells: found {names}, expected at least one and no name twice")
        self._check_energies()
        if not self.responses:
            raise InvalidInput("responses: found none, expected at least one of L, T, ...")
        for name, values in self.responses.items():
            self._check_response(name, values)

    @property
    def momentum_points(self) -> int:
        """Momenta at each energy."""
        return int(next(iter(self.responses.values())).shape[2])

    def energy_transfer(self) -> Array:
        """Return T = edge + eps, shape (shell, T)."""
        edges = np.array([shell.edge for shell in self.shells])
        return np.asarray(edges[:, None] + self.kinetic_energy)

    def momentum(self) -> Array:
        """Return the momenta, shape (shell, T, momentum)."""
        pairs = zip(self.shells, self.energy_transfer(), strict=True)
        return np.array([shell.momentum_grid(T, self.momentum_points) for shell, T in pairs])

    def _check_energies(self) -> None:
        """Check the energy grid of each shell."""
        grid = finite("kinetic_energy", self.kinetic_energy)
        if grid.ndim != 2 or grid.shape[0] != len(self.shells) or grid.shape[1] < LEAST_POINTS:
            raise InvalidInput(
                f"kinetic_energy: found the shape {grid.shape}, expected ({len(self.shells)}, "
                f"{LEAST_POINTS} or more)"
            )
        for shell, energies in zip(self.shells, grid, strict=True):
            if np.any(np.diff(energies) <= 0):
                raise InvalidInput(
                    f"kinetic_energy of {shell.name}: found an unsorted grid, expected increasing"
                )
            if not 0 <= energies[0] <= FIRST_ENERGY * shell.edge * (1 + RANGE_SLACK):
                raise InvalidInput(
                    f"kinetic_energy of {shell.name}: found a first value of "
                    f"{energies[0] / shell.edge:.3g} edges, expected 0 to {FIRST_ENERGY:g}"
                )
            last = shell.edge + energies[-1]
            if np.isfinite(shell.free_above) and shell.free_above > last * (1 + RANGE_SLACK):
                raise InvalidInput(
                    f"shell {shell.name}: found a grid that ends at {last / u.keV:.6g} keV, "
                    f"expected it to reach free_above = {shell.free_above / u.keV:.6g} keV"
                )

    def _check_response(self, name: str, values: Array) -> None:
        """Check shape, finiteness, sign and the bound of one response."""
        if name not in ALL_RESPONSES:
            raise InvalidInput(
                f"response {name!r}: expected one of {', '.join(sorted(ALL_RESPONSES))}"
            )
        finite(f"response {name}", values)
        points = self.momentum_points
        if values.shape != (*self.kinetic_energy.shape, points) or points < LEAST_POINTS:
            raise InvalidInput(
                f"response {name}: found the shape {values.shape}, expected "
                f"{self.kinetic_energy.shape} and {LEAST_POINTS} or more momenta, the same for all"
            )
        if name not in PARTNERS:
            if not np.all(values > 0):
                raise InvalidInput(
                    f"response {name}: found a value <= 0, expected a square, > 0 everywhere; "
                    "leave a response that was not computed out of the table"
                )
            return
        first, second, factor = PARTNERS[name]
        if first not in self.responses or second not in self.responses:
            raise InvalidInput(f"response {name}: expected {first} and {second} beside it")
        bound = factor * np.sqrt(self.responses[first] * self.responses[second])
        if np.any(np.abs(values) > (1 + BOUND_SLACK) * bound):
            raise InvalidInput(
                f"response {name}: found more than {factor:g} sqrt({first} {second}), "
                "expected |value| within that bound"
            )
