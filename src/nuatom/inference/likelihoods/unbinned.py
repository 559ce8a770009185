"""Single events and the density from which they come: the extended unbinned likelihood.

The density n(x; theta), in counts per unit of x, is given at the nodes of a grid and linear
between them, so that its integral N, its values at events and draws from it are exact::

    D = 2 [ N - W - sum_i w_i ln( n(x_i)/n_0 ) ],    W = sum_i w_i,   n_0 = W/(x_max - x_min)

D is measured from a flat density with as many events: a perfect fit does not exist, D may
be negative, and its least value says nothing about the goodness of fit (`points` is 0).
Events that are nodes of the grid have the density of the prediction without interpolation.

References
----------
Barlow, Nucl. Instrum. Meth. A 297, 496 (1990).
"""

from dataclasses import dataclass, field, replace

import numpy as np

from nuatom.arrays import Array, finite, strictly_increasing
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Prediction, Wall
from nuatom.inference.likelihoods.poisson import non_negative, same_bins

_STEEP = 1e9
_GAUSS = 0.5 / np.sqrt(3)
"""Nodes of two-point Gauss quadrature, from the middle of a cell in units of its width."""


@dataclass(frozen=True, eq=False)
class UnbinnedTerm:
    """Events beside a density that is linear between the nodes of a grid.

    Parameters
    ----------
    events : ndarray
        x_i, shape (event,), within the grid; may be empty [any].
    grid : ndarray
        Increasing nodes, shape (node,), in the unit of `events` [any].
    prediction : Prediction
        n at the nodes as a function of its parameters, in counts per unit of `events`
        [any].
    weights : ndarray
        w_i >= 0, shape (event,); by default 1 each.  Only Asimov data have others
        [dimensionless].

    Raises
    ------
    InvalidInput
        If a shape differs, an event lies outside the grid, or the grid is not increasing.

    Example
    -------
    >>> from nuatom.inference.predictions import LinearPrediction
    >>> flat = LinearPrediction(("rate",), np.ones((1, 2)), np.zeros(2))
    >>> term = UnbinnedTerm(np.array([0.5, 2.0]), np.array([0.0, 4.0]), flat)
    >>> term.deviance(np.array([0.5])), term.deviance(np.array([1.0])).__round__(4)
    (0.0, 1.2274)
    """

    events: Array
    grid: Array
    prediction: Prediction
    weights: Array = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Place the events on the grid."""
        grid = strictly_increasing("grid", self.grid)
        events = finite("events", self.events)
        if grid.size < 2 or events.ndim != 1:
            raise InvalidInput(
                f"events: found the shape {events.shape} on a grid of {grid.size} nodes, "
                "expected a list of events and at least two nodes"
            )
        if events.size and not grid[0] <= events.min() <= events.max() <= grid[-1]:
            raise InvalidInput(
                f"events: found one outside the grid, {grid[0]:g} to {grid[-1]:g}; leave it out "
                "or extend the density"
            )
        weights = non_negative("weights", self.weights)
        if weights.size == 0:
            weights = np.ones(events.size)
        if weights.shape != events.shape:
            raise InvalidInput(f"weights: found {weights.shape}, expected {events.shape}")
        cell = np.clip(np.searchsorted(grid, events, side="right") - 1, 0, grid.size - 2)
        share = (events - grid[cell]) / (grid[cell + 1] - grid[cell])
        width = np.diff(grid)
        length = (np.append(width, 0.0) + np.insert(width, 0, 0.0)) / 2
        for name, value in (
            ("events", events),
            ("grid", grid),
            ("weights", weights),
            ("_cell", cell),
            ("_share", share),
            ("_length", length),
        ):
            object.__setattr__(self, name, value)

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters of the prediction, in order [names]."""
        return self.prediction.names

    @property
    def points(self) -> int:
        """Zero: the deviance of single events does not measure the goodness of fit."""
        return 0

    @property
    def reference(self) -> float:
        """Density n_0 of as many events, spread evenly, per unit of `events` [any]."""
        return float(self.weights.sum() / (self.grid[-1] - self.grid[0]))

    def density(self, values: Array) -> Array:
        """Return n at the nodes.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (node,), per unit of `events`.

        Raises
        ------
        InvalidInput
            If the prediction has another number of nodes.
        """
        return same_bins(self.prediction.expected(values), self.grid)

    def total(self, values: Array) -> float:
        """Return the expected number of events N.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        float
            The integral of the density [dimensionless].
        """
        return float(self._length @ self.density(values))  # type: ignore[attr-defined]

    def deviance(self, values: Array) -> float:
        """Return ``2 [N - W - sum_i w_i ln(n(x_i)/n_0)]``.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        float
            Infinite where the density is negative at a node, or zero at an event
            [dimensionless].
        """
        density = self.density(values)
        total = float(self._length @ density)  # type: ignore[attr-defined]
        here = self._at_events(density)
        if np.any(density < 0) or np.any(here <= 0):
            return float("inf")
        logarithms = np.log(here / (self.reference or 1.0))
        return 2 * float(total - self.weights.sum() - self.weights @ logarithms)

    def gradient(self, values: Array) -> Array:
        """Return ``2 [dN/dtheta - sum_i w_i (dn/dtheta)/n at x_i]``.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (parameter,); where an event is impossible, a steep slope that points back.
        """
        here = self._at_events(self.density(values))
        steep = _STEEP / (self.reference or 1.0)
        inverse = np.divide(1.0, here, out=np.full_like(here, steep), where=here > 1 / steep)
        pull, share = self.weights * inverse, self._share  # type: ignore[attr-defined]
        slopes = self._length.copy()  # type: ignore[attr-defined]
        np.add.at(slopes, self._cell, -pull * (1 - share))  # type: ignore[attr-defined]
        np.add.at(slopes, self._cell + 1, -pull * share)  # type: ignore[attr-defined]
        return np.asarray(2 * slopes @ self.prediction.jacobian(values))

    def simulated(self, values: Array, generator: np.random.Generator) -> "UnbinnedTerm":
        """Return the term with events drawn from the density, their number from Poisson's law.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        UnbinnedTerm
            On the same grid.

        Raises
        ------
        InvalidInput
            If the density is negative at a node.
        """
        density = non_negative("density of simulated events", self.density(values))
        width = np.diff(self.grid)
        contents = width * (density[:-1] + density[1:]) / 2
        numbers = generator.poisson(contents)
        left, right, start, wide = (
            np.repeat(a, numbers) for a in (density[:-1], density[1:], self.grid[:-1], width)
        )
        # of a trapezium: u = [left y + (right - left) y^2/2] / [(left + right)/2]
        u = generator.random(left.size) * (left + right)
        y = u / (left + np.sqrt(left**2 + (right - left) * u))
        events = np.clip(start + wide * y, self.grid[0], self.grid[-1])
        return replace(self, events=events, weights=np.zeros(0))

    def asimov(self, values: Array) -> "UnbinnedTerm":
        """Return the term with two weighted events in each cell, which stand for the density.

        Gauss quadrature, exact for a density that is linear in each cell, so that the true
        parameters are where D is stationary.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].

        Returns
        -------
        UnbinnedTerm
            On the same grid.
        """
        density = self.density(values)
        middle, width = (self.grid[1:] + self.grid[:-1]) / 2, np.diff(self.grid)
        events = np.concatenate([middle - _GAUSS * width, middle + _GAUSS * width])
        weights = np.tile(width / 2, 2) * np.interp(events, self.grid, density)
        return replace(self, events=events, weights=weights)

    def walls(self, begin: Array) -> Wall:
        """Return the expected counts of the nodes, none of which may be negative.

        Parameters
        ----------
        begin : ndarray
            Not needed: they are the same everywhere [any].

        Returns
        -------
        callable
            Parameters -> the density times the length of each node, shape (node,), and its
            derivatives, shape (node, parameter).
        """
        length: Array = self._length  # type: ignore[attr-defined]
        return lambda values: (
            length * self.density(values),
            length[:, None] * self.prediction.jacobian(values),
        )

    def _at_events(self, density: Array) -> Array:
        cell, share = self._cell, self._share  # type: ignore[attr-defined]
        return np.asarray((1 - share) * density[cell] + share * density[cell + 1])
