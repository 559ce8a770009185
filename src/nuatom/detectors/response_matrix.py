"""One matrix from true energies to the bins that are counted.

The order is always the same::

    recoil energy T  ->  quenching  ->  efficiency in recoil or in true energy
      ->  smearing  ->  efficiency in reconstructed energy, threshold  ->  bins

The matrix acts on a spectrum at Gauss-Legendre points of true cells which end at every
edge of the target, so that a step of the spectrum is integrated exactly; integrals over
the bins are exact too.  A new coupling costs one product.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nuatom.arrays import RANGE_SLACK, Array, finite, strictly_increasing
from nuatom.detectors.efficiency import Efficiency
from nuatom.detectors.resolution import Resolution
from nuatom.errors import InvalidInput

NODES = 4
"""Gauss-Legendre points in each true cell."""


@dataclass(frozen=True, eq=False)
class ResponseMatrix:
    """Probabilities that deposits at given energies are counted in each bin.

    ``counts_b = sum_p probability_(b p) weight_p rate(T_p)``

    Parameters
    ----------
    recoil : str
        What recoils: electron, or nuclear [name].
    bin_edges : ndarray
        Of reconstructed energy, shape (bin + 1,) [energy].
    cell_edges : ndarray
        Of the energy of the recoil, before quenching, shape (cell + 1,) [energy].
    points : ndarray
        T_p, Gauss-Legendre points of the cells, shape (cell nodes,) [energy].
    weights : ndarray
        Their weights, of the same shape [energy].
    probability : ndarray
        Shape (bin, point) [dimensionless].

    Example
    -------
    >>> half = np.full((1, 2), 0.5)
    >>> matrix = ResponseMatrix("electron", np.array([0.0, 1.0]), np.array([0.0, 1.0]),
    ...     np.array([0.25, 0.75]), np.array([0.5, 0.5]), half)
    >>> print(matrix.counts(np.array([3.0, 5.0])))
    [2.]
    """

    recoil: str
    bin_edges: Array
    cell_edges: Array
    points: Array
    weights: Array
    probability: Array

    @property
    def efficiency(self) -> Array:
        """Probability to be counted in any bin, shape (point,) [dimensionless]."""
        return np.asarray(self.probability.sum(axis=0))

    @property
    def per_cell(self) -> Array:
        """Probabilities for deposits spread evenly over a cell, shape (bin, cell)."""
        shape = (-1, self.cell_edges.size - 1, self.points.size // (self.cell_edges.size - 1))
        weighted = (self.probability * self.weights).reshape(shape).sum(axis=2)
        return np.asarray(weighted / np.diff(self.cell_edges))

    def counts(self, rate: Array) -> Array:
        """Return the counts in each bin.

        Parameters
        ----------
        rate : ndarray
            Spectrum at `points`; other axes may stand before that of the energy
            [1/(energy mass time)].

        Returns
        -------
        ndarray
            Shape (..., bin); times the exposure a number [1/(mass time)].

        Raises
        ------
        InvalidInput
            If the last axis is not that of `points`, or a value is not finite.
        """
        values = np.asarray(rate, dtype=np.float64)
        if not values.ndim or values.shape[-1] != self.points.size:
            raise InvalidInput(
                f"rate: found the shape {values.shape}, expected {self.points.size} values on "
                "the last axis; evaluate it at the points of the matrix"
            )
        if not np.all(np.isfinite(values)):
            raise InvalidInput("rate: found a value that is not finite, expected finite numbers")
        return np.asarray((values * self.weights) @ self.probability.T)

    def counts_of(self, spectrum: Callable[[Array], Array]) -> Array:
        """Return the counts in each bin of a spectrum that is a function.

        Parameters
        ----------
        spectrum : callable
            dR/dT at an array of T [1/(energy mass time)].

        Returns
        -------
        ndarray
            Shape (..., bin) [1/(mass time)].
        """
        return self.counts(spectrum(self.points))

    def digest(self) -> str:
        """Return the SHA-256 of bins, points and probabilities."""
        content = hashlib.sha256(self.recoil.encode())
        for array in (self.bin_edges, self.points, self.weights, self.probability):
            content.update(np.ascontiguousarray(array).tobytes())
        return content.hexdigest()


@dataclass(frozen=True, eq=False)
class Counting:
    """How electron-equivalent energies become counts in bins.

    Parameters
    ----------
    bin_edges : ndarray
        Strictly increasing reconstructed energies, shape (bin + 1,) [energy].
    resolution : Resolution
        Smearing [resolution].
    efficiencies : tuple of Efficiency
        Any number, multiplied; each says of which energy [efficiency].
    threshold : float
        Reconstructed energies below are not counted [energy].

    Raises
    ------
    InvalidInput
        If the bins are not increasing, or the threshold leaves none of them.

    Example
    -------
    >>> from nuatom.detectors.resolution_formulas import PerfectResolution
    >>> counting = Counting(np.array([0.0, 1.0, 2.0]), PerfectResolution(), (), 0.5)
    >>> print(counting.probability(np.array([0.4, 0.6, 1.5])))
    [[0. 1. 0.]
     [0. 0. 1.]]
    """

    bin_edges: Array
    resolution: Resolution
    efficiencies: tuple[Efficiency, ...]
    threshold: float

    def __post_init__(self) -> None:
        """Check the bins."""
        edges = strictly_increasing("bin edges", self.bin_edges)
        if edges.size < 2:
            raise InvalidInput("bin edges: found fewer than two, expected at least one bin")
        if not self.threshold < edges[-1]:
            raise InvalidInput("threshold: found one above every bin, expected it below the last")
        object.__setattr__(self, "bin_edges", edges)

    @property
    def lowest(self) -> float:
        """The first reconstructed energy that counts [energy]."""
        return max(float(self.bin_edges[0]), self.threshold)

    @property
    def knots(self) -> Array:
        """Reconstructed energies between which every efficiency is nearly linear [energy]."""
        inner = [e.breaks for e in self.efficiencies if e.energy == "reconstructed"]
        candidates = np.concatenate([self.bin_edges, [self.lowest], *inner])
        inside = (candidates >= self.lowest) & (candidates <= self.bin_edges[-1])
        return np.unique(candidates[inside])

    def probability(self, energy: Array, recoil_energy: Array | None = None) -> Array:
        """Return the probability to be counted in each bin.

        Exact on each piece between two knots, where the efficiency in reconstructed
        energy is ``p + q y``::

            Int (p + q y) p(y|E) dy = p [P(y|E)] + q [Int y p(y|E) dy]

        Parameters
        ----------
        energy : ndarray
            Electron-equivalent true energies, shape (E,) [energy].
        recoil_energy : ndarray, optional
            Energies of the recoils before quenching; those in electron equivalent where
            nothing is quenched [energy].

        Returns
        -------
        ndarray
            Shape (bin, E) [dimensionless].
        """
        knots = self.knots
        part, moment = self.resolution.below(knots, energy)
        half = np.diff(knots) / 2
        middle = knots[:-1] + half
        # the line through the two Gauss points: right at a jump on a knot, and right in
        # its integral up to third order
        left, right = (
            self._efficiency("reconstructed", middle + sign * half / np.sqrt(3)) for sign in (-1, 1)
        )
        slope = (right - left) / (2 * half / np.sqrt(3))
        pieces = ((left + right) / 2 - slope * middle)[:, None] * np.diff(part, axis=0)
        if np.any(slope):
            pieces = pieces + slope[:, None] * np.diff(moment, axis=0)
        bins = np.searchsorted(self.bin_edges, middle, side="right") - 1
        counted, first = np.unique(bins, return_index=True)
        result = np.zeros((self.bin_edges.size - 1, energy.size))
        result[counted] = np.add.reduceat(pieces, first, axis=0)
        before = self._efficiency("true", energy)
        before = before * self._efficiency(
            "recoil", energy if recoil_energy is None else recoil_energy
        )
        return np.asarray(np.maximum(result, 0.0) * before)

    def true_breaks(self) -> Array:
        """Return the electron-equivalent energies at which the probability has a kink."""
        inner = [e.breaks for e in self.efficiencies if e.energy == "true"]
        if not np.any(self.resolution.sigma(self.bin_edges[-1:])):
            inner.append(self.knots)
        return np.concatenate([np.array([]), *inner])

    def recoil_breaks(self) -> Array:
        """Return the recoil energies at which the probability has a kink."""
        inner = [e.breaks for e in self.efficiencies if e.energy == "recoil"]
        return np.concatenate([np.array([]), *inner])

    def _efficiency(self, kind: str, energy: Array) -> Array:
        """Return the product of the efficiencies in one kind of energy."""
        product = np.ones_like(energy)
        for efficiency in self.efficiencies:
            if efficiency.energy == kind:
                product = product * efficiency(energy)
        return product


def published_matrix(
    recoil: str, bin_edges: Array, cell_edges: Array, per_cell: Array
) -> ResponseMatrix:
    """Return the response matrix that an experiment published, with probabilities per cell.

    Parameters
    ----------
    recoil : str
        What recoils: electron, or nuclear [name].
    bin_edges : ndarray
        Of the observable, shape (bin + 1,) [any].
    cell_edges : ndarray
        Of the energy of the recoil, shape (cell + 1,) [energy].
    per_cell : ndarray
        Probability that a deposit in a cell is counted in a bin, shape (bin, cell)
        [dimensionless].

    Returns
    -------
    ResponseMatrix
        With Gauss-Legendre points inside the cells, so that spectra are integrated well.

    Raises
    ------
    InvalidInput
        If shapes disagree, edges do not increase, or a column sums to more than one.

    Example
    -------
    >>> matrix = published_matrix("electron", np.array([0.0, 1.0]), np.array([1.0, 3.0]),
    ...     np.array([[0.5]]))
    >>> print(matrix.counts_of(lambda T: T).round(12))   # half of 4
    [2.]
    """
    bins = strictly_increasing("bin edges", bin_edges)
    cells = strictly_increasing("cell edges", cell_edges)
    parts = finite("response matrix", per_cell)
    if parts.shape != (bins.size - 1, cells.size - 1):
        raise InvalidInput(
            f"response matrix: found the shape {parts.shape}, expected "
            f"{(bins.size - 1, cells.size - 1)}: one row for each bin, one column for each cell"
        )
    if np.any(parts < 0) or np.any(parts.sum(axis=0) > 1 + RANGE_SLACK):
        raise InvalidInput(
            "response matrix: found a negative probability or a column that sums to more than "
            "one, expected probabilities; transpose it or divide by the width of the bins"
        )
    points, weights = gauss_points(cells)
    probability = np.repeat(parts, points.size // (cells.size - 1), axis=1)
    return ResponseMatrix(recoil, bins, cells, points, weights, probability)


def gauss_points(cell_edges: Array) -> tuple[Array, Array]:
    """Return Gauss-Legendre points and weights of cells, in order.

    Parameters
    ----------
    cell_edges : ndarray
        Strictly increasing [energy].

    Returns
    -------
    tuple of ndarray
        Points and weights; the weights add up to the range.

    Example
    -------
    >>> points, weights = gauss_points(np.array([0.0, 1.0, 3.0]))
    >>> points.size, round(float(weights @ points), 12)
    (8, 4.5)
    """
    x, w = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(cell_edges)[:, None] / 2
    return (cell_edges[:-1, None] + half * (1 + x)).ravel(), (half * w).ravel()
