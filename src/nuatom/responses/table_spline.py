"""Tensor-product cubic splines of the responses of a table, one set for each shell.

What is interpolated is smooth on the scaled grid of `nuatom.responses.scaled_grid`:
ln(R_L/|q|^2), ln R of the other squares, and A03 and VA divided by their bounds.  The
splines are not-a-knot, in ``ln(1 + eps/scale)`` and in the index of the momentum.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from nuatom.arrays import RANGE_SLACK, Array
from nuatom.responses.free import free_electron_weights
from nuatom.responses.response_table import PARTNERS, ResponseTable
from nuatom.responses.scaled_grid import TableShell


def hermite(x: Array) -> tuple[Array, Array, Array, Array]:
    """Return the weights of (value, slope) at 0 and of (value, slope) at 1 in a cubic.

    Parameters
    ----------
    x : ndarray
        Place between 0 and 1, any shape [dimensionless].

    Returns
    -------
    tuple of ndarray
        Each of the shape of x.

    Example
    -------
    >>> [float(w) for w in hermite(np.array(0.5))]
    [0.5, 0.125, 0.5, -0.125]
    """
    y = 1 - x
    return (1 + 2 * x) * y * y, x * y * y, x * x * (3 - 2 * x), -x * x * y


@dataclass(frozen=True, eq=False)
class Location:
    """Where points lie on the grid of one shell.

    Parameters
    ----------
    energies : sparse array
        Takes values and slopes on the energy grid to those at each T, shape
        (T, 2 energies) [dimensionless].
    column : ndarray
        Flat index of the momentum below each point, shape (T, node) [dimensionless].
    weights : tuple of ndarray
        Of value and slope below and above, each of shape (T, node) [dimensionless].
    beyond : ndarray
        Whether the momentum is beyond the table, shape (T, node) [flag].
    """

    energies: Any
    column: npt.NDArray[np.intp]
    weights: tuple[Array, Array, Array, Array]
    beyond: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ShellSpline:
    """Tensor-product cubic splines of the responses of one shell.

    Parameters
    ----------
    shell : TableShell
        Scales of the grid [table shell].
    variable : ndarray
        ``ln(1 + eps/scale)`` of the grid, shape (T,) [dimensionless].
    nodal : mapping of str to ndarray
        What is interpolated, shape (2 T, 2 momentum): values and energy slopes in
        alternating rows, values and then momentum slopes along a row [any].
    """

    shell: TableShell
    variable: Array
    nodal: Mapping[str, Array]

    def locate(self, energy_transfer: Array, momentum: Array, log_momentum: Array) -> Location:
        """Return where points lie on the grid.

        Parameters
        ----------
        energy_transfer : ndarray
            T on the scale of the table, at or above the edge, shape (T,) [energy].
        momentum : ndarray
            The magnitude of q, shape (T, node) [energy].
        log_momentum : ndarray
            Its logarithm, which shells share [any].

        Returns
        -------
        Location
            For `evaluate`.
        """
        from scipy.sparse import csr_array

        T, size = energy_transfer, self.variable.size
        kinetic = np.maximum(T - self.shell.edge, 0.0)
        variable = np.log1p(kinetic / self.shell.energy_scale)
        # below the first energy the first cubic is continued to the edge
        row = np.clip(np.searchsorted(self.variable, variable) - 1, 0, size - 2)
        step = self.variable[row + 1] - self.variable[row]
        value0, slope0, value1, slope1 = hermite((variable - self.variable[row]) / step)
        weights = np.stack([value0, slope0 * step, value1, slope1 * step], axis=1)
        columns = 2 * row[:, None] + np.arange(4)
        energies = csr_array(
            (weights.ravel(), columns.ravel(), 4 * np.arange(T.size + 1)),
            shape=(T.size, 2 * size),
        )
        width = next(iter(self.nodal.values())).shape[1]
        intervals = width // 2 - 1
        position = self.shell.position(T[:, None], momentum, log_momentum)
        beyond = position > 1 + RANGE_SLACK
        position *= intervals
        np.clip(position, 0.0, intervals, out=position)
        column = np.minimum(position.astype(np.intp), intervals - 1)
        position -= column
        column += width * np.arange(T.size)[:, None]
        return Location(energies, column, hermite(position), beyond)

    def evaluate(self, name: str, at: Location) -> Array:
        """Return what is interpolated for a response.

        Parameters
        ----------
        name : str
            A response of the table [name].
        at : Location
            From `locate` [location].

        Returns
        -------
        ndarray
            Shape (T, node) [any].
        """
        nodal = self.nodal[name]
        points = nodal.shape[1] // 2
        line = np.asarray(at.energies @ nodal).ravel()
        result: Array = line.take(at.column)
        result *= at.weights[0]
        for offset, weight in zip((points, 1, points + 1), at.weights[1:], strict=True):
            part = line[offset:].take(at.column)
            part *= weight
            result += part
        return result


def shell_splines(table: ResponseTable) -> tuple[ShellSpline, ...]:
    """Return the splines of every shell of a table.

    Parameters
    ----------
    table : ResponseTable
        Any table [table].

    Returns
    -------
    tuple of ShellSpline
        In the order of the shells.
    """
    smooth = {
        name: np.log(values) for name, values in table.responses.items() if name not in PARTNERS
    }
    if "L" in smooth:
        smooth["L"] = smooth["L"] - 2 * np.log(table.momentum())
    for name, (first, second, factor) in PARTNERS.items():
        if name in table.responses:
            bound = factor * np.sqrt(table.responses[first] * table.responses[second])
            smooth[name] = table.responses[name] / bound
    splines = []
    for i, shell in enumerate(table.shells):
        variable = np.log1p(table.kinetic_energy[i] / shell.energy_scale)
        nodal = {name: _nodal(variable, values[i]) for name, values in smooth.items()}
        splines.append(ShellSpline(shell, variable, nodal))
    return tuple(splines)


def _nodal(variable: Array, values: Array) -> Array:
    """Return values and slopes of the tensor-product spline through values (T, momentum)."""
    from scipy.interpolate import CubicSpline

    index = np.arange(values.shape[1])
    slope = CubicSpline(index, values, axis=1)(index, 1)
    both = np.hstack([values, slope])
    rows = np.stack([both, CubicSpline(variable, both, axis=0)(variable, 1)], axis=1)
    return np.ascontiguousarray(rows.reshape(2 * variable.size, -1))


@dataclass(frozen=True, eq=False)
class TabulatedWeights(Mapping[str, Array]):
    """Weights of the responses in a table, each computed when it is first asked for.

    Parameters
    ----------
    splines : tuple of ShellSpline
        One for each shell [shell spline].
    energy_transfer : ndarray
        T, shape (T,) [energy].
    on_table : ndarray
        T as each shell of the table has it, shape (shell, T) [energy].
    q2 : ndarray
        Nodes in the table, shape (T, node) [energy^2].
    dq2 : ndarray
        Their weights in Q^2 [energy^2].
    covered : ndarray
        Whether the table holds for a shell, shape (shell, T) [flag].
    free : ndarray
        Free electrons in the place of the table, shape (shell, T) [dimensionless].
    """

    splines: tuple[ShellSpline, ...]
    energy_transfer: Array
    on_table: Array
    q2: Array
    dq2: Array
    covered: npt.NDArray[np.bool_]
    free: Array
    _done: dict[str, Array] = field(default_factory=dict, init=False, repr=False)

    @property
    def has_ridge(self) -> bool:
        """Whether a node on the ridge follows those in the table."""
        return bool(np.any(self.free > 0))

    def __getitem__(self, name: str) -> Array:
        """Return the weights of one response."""
        if name not in self._done:
            if name not in self:
                raise KeyError(name)
            weights = np.zeros((*self.covered.shape, self.q2.shape[1] + self.has_ridge))
            if self.has_ridge:
                weights[:, :, -1] = self.free * free_electron_weights(self.energy_transfer)[name]
            inside = weights[:, :, : self.q2.shape[1]]
            if name in PARTNERS:
                self._fill_interference(name, inside)
            else:
                self._fill_square(name, inside)
            self._done[name] = weights
        return self._done[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, those already computed first."""
        return iter(sorted(self.splines[0].nodal, key=lambda name: (name not in self._done, name)))

    def __len__(self) -> int:
        """Return the number of responses."""
        return len(self.splines[0].nodal)

    def __contains__(self, name: object) -> bool:
        """Tell whether the table holds a response."""
        return name in self.splines[0].nodal

    @functools.cached_property
    def _momentum(self) -> tuple[Array, Array]:
        """The momenta of the nodes and their logarithms."""
        momentum = np.sqrt(self.energy_transfer[:, None] ** 2 + self.q2)
        return momentum, np.log(momentum)

    @functools.cached_property
    def _locations(self) -> tuple[tuple[npt.NDArray[np.intp], Location], ...]:
        """For each shell, the energies that it covers and where their nodes lie."""
        momentum, logarithm = self._momentum
        located = []
        for i, spline in enumerate(self.splines):
            rows = np.flatnonzero(self.covered[i])
            at = spline.locate(self.on_table[i, rows], momentum[rows], logarithm[rows])
            located.append((rows, at))
        return tuple(located)

    def _fill_square(self, name: str, weights: Array) -> None:
        """Write ``R dQ^2`` of a response that is a square."""
        kernel = self.dq2 * self._momentum[0] ** 2 if name == "L" else self.dq2
        for i, (rows, at) in enumerate(self._locations):
            if rows.size:
                value = self.splines[i].evaluate(name, at)
                np.exp(value, out=value)
                value *= kernel[rows]
                value[at.beyond] = 0.0
                weights[i, rows] = value

    def _fill_interference(self, name: str, weights: Array) -> None:
        """Write ``R dQ^2`` of a response of either sign, from its ratio to its bound."""
        first, second, factor = PARTNERS[name]
        nodes = self.q2.shape[1]
        squares = self[first][:, :, :nodes], self[second][:, :, :nodes]
        for i, (rows, at) in enumerate(self._locations):
            if rows.size:
                value = self.splines[i].evaluate(name, at)
                value *= np.sqrt(squares[0][i, rows] * squares[1][i, rows])
                weights[i, rows] = factor * value
