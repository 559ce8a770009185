"""Counts beside an expectation that is off by an unknown part in groups of bins.

::

    D = sum_g min_delta { (delta - c_g)^2 + sum_(i in g) 2 [ m_i - n_i + n_i ln(n_i/m_i) ] },
    m_i = mu_i + delta sigma_i

sigma_i is one standard deviation of what was subtracted from bin i, or is known of it by
other means; the same delta moves every bin of a group, and groups are independent.  The
least value over delta is found for all groups at once, so that a fit never sees them.
"""

from dataclasses import dataclass, replace

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Prediction
from nuatom.inference.likelihoods.poisson import (
    binned,
    deviance,
    non_negative,
    same_bins,
    slope,
)

_STEPS = 60
_ENOUGH = 1e-12
"""Newton's method ends when no delta moves by more than this."""

_Integers = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class SubtractedTerm:
    """Counts in bins whose expectation has one unknown error in each group of bins.

    Parameters
    ----------
    counts : ndarray
        n_i >= 0, shape (bin,), not necessarily whole [dimensionless].
    prediction : Prediction
        mu_i as a function of its parameters [dimensionless].
    sigmas : ndarray
        sigma_i >= 0, shape (bin,); all zero for plain Poisson counts [dimensionless].
    groups : ndarray
        Number of the group of each bin, 0, 1, 2, ..., shape (bin,) [dimensionless].
    centres : ndarray or None
        c_g, what an auxiliary measurement found for delta; zero if None [dimensionless].

    Raises
    ------
    InvalidInput
        If there is no bin, a shape differs, or a count or sigma is negative or not finite.

    Example
    -------
    >>> from nuatom.inference.predictions import LinearPrediction
    >>> flat = LinearPrediction(("b",), np.array([[100.0]]), np.zeros(1))
    >>> term = SubtractedTerm(np.array([130.0]), flat, np.array([30.0]), np.array([0]))
    >>> bool(term.deviance(np.array([1.0])) < 1.0)   # one sigma of 30 would explain it
    True
    """

    counts: Array
    prediction: Prediction
    sigmas: Array
    groups: _Integers
    centres: Array | None = None

    def __post_init__(self) -> None:
        """Check the shapes."""
        counts = binned("counts", non_negative("counts", self.counts))
        sigmas = same_bins(non_negative("sigmas", self.sigmas), counts)
        groups = np.asarray(self.groups, dtype=np.intp)
        if groups.shape != counts.shape or np.any(groups < 0):
            raise InvalidInput(
                f"groups: found the shape {groups.shape}, expected a number >= 0 for each of "
                f"{counts.size} bins"
            )
        size = int(groups.max()) + 1
        centres = np.zeros(size) if self.centres is None else np.asarray(self.centres, float)
        if centres.shape != (size,) or not np.all(np.isfinite(centres)):
            raise InvalidInput(f"centres: expected {size} finite numbers, one for each group")
        for name, value in (
            ("counts", counts),
            ("sigmas", sigmas),
            ("groups", groups),
            ("centres", centres),
        ):
            object.__setattr__(self, name, value)

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters of the prediction, in order [names]."""
        return self.prediction.names

    @property
    def points(self) -> int:
        """Number of bins [dimensionless]."""
        return self.counts.size

    def deviance(self, values: Array) -> float:
        """Return D, at the best error of each group.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        float
            Infinite where the counts are impossible [dimensionless].
        """
        mu = same_bins(self.prediction.expected(values), self.counts)
        delta = self._best(mu)
        pulls = delta - self._centres
        return deviance(self.counts, self._moved(mu, delta)) + float(pulls @ pulls)

    def gradient(self, values: Array) -> Array:
        """Return ``2 sum_i (1 - n_i/m_i) dmu_i/dtheta`` (delta is at its minimum).

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (parameter,).
        """
        mu = same_bins(self.prediction.expected(values), self.counts)
        slopes = slope(self.counts, self._moved(mu, self._best(mu)))
        return np.asarray(slopes @ self.prediction.jacobian(values))

    def curvature(self, values: Array) -> tuple[Array, Array]:
        """Return the gradient, and the second derivatives without those of mu itself.

        ::

            d2D = 2 J^T [ W - sum_g (W sigma)(W sigma)^T / (1 + sigma W sigma) ] J,
            W_i = n_i/m_i^2

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        tuple of ndarray
            Shapes (parameter,) and (parameter, parameter); exact where mu is linear.
        """
        mu = same_bins(self.prediction.expected(values), self.counts)
        moved = self._moved(mu, self._best(mu))
        slopes, jacobian = slope(self.counts, moved), self.prediction.jacobian(values)
        weights = self._weights(moved)
        matrix = jacobian.T @ (weights[:, None] * jacobian)
        if np.any(self.sigmas):
            pulled = np.zeros((self._centres.size, jacobian.shape[1]))
            np.add.at(pulled, self.groups, (weights * self.sigmas)[:, None] * jacobian)
            matrix -= pulled.T @ (pulled / (1 + self._summed(weights * self.sigmas**2))[:, None])
        return np.asarray(slopes @ jacobian), 2 * matrix

    def simulated(self, values: Array, generator: np.random.Generator) -> "SubtractedTerm":
        """Return the term with Poisson counts and new auxiliary measurements of delta = 0.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        SubtractedTerm
            With whole counts.

        Raises
        ------
        InvalidInput
            If an expectation is negative.
        """
        mean = non_negative("expectation of simulated counts", self.prediction.expected(values))
        counts = generator.poisson(mean).astype(np.float64)
        return replace(self, counts=counts, centres=generator.normal(size=self._centres.size))

    def asimov(self, values: Array) -> "SubtractedTerm":
        """Return the term with counts equal to the expectation, and no error.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].

        Returns
        -------
        SubtractedTerm
            With counts that are in general not whole.
        """
        return replace(self, counts=self.prediction.expected(values), centres=None)

    @property
    def _centres(self) -> Array:
        assert self.centres is not None
        return self.centres

    def _summed(self, values: Array) -> Array:
        total: Array = np.zeros(self._centres.size)
        np.add.at(total, self.groups, values)
        return total

    def _moved(self, mu: Array, delta: Array) -> Array:
        """Return m_i."""
        return np.asarray(mu + delta[self.groups] * self.sigmas)

    def _weights(self, moved: Array) -> Array:
        filled = (self.counts > 0) & (moved > 0)
        return np.divide(self.counts, moved**2, out=np.zeros_like(moved), where=filled)

    def _best(self, mu: Array) -> Array:
        """Return delta of each group: Newton's method, which climbs to the root from below.

        The derivative to delta rises and is concave, so that from the left every step stays
        left of the root; a step that starts right of it may end beyond the range, and is
        then halved.
        """
        delta = self._centres.copy()
        if not np.any(self.sigmas):
            return delta
        lowest = self._lowest(mu)
        delta = np.where(delta > lowest, delta, lowest + 1.0)
        for _ in range(_STEPS):
            moved = self._moved(mu, delta)
            ratio = np.divide(self.counts, moved, out=np.zeros_like(moved), where=moved != 0)
            first = self._summed(self.sigmas * (1 - ratio)) + delta - self._centres
            second = self._summed(self.sigmas**2 * self._weights(moved)) + 1
            step = -first / second
            target = delta + step
            inside = target > lowest
            step = np.where(inside, step, (lowest - delta) / 2)
            delta = delta + step
            if np.all(np.abs(step) <= _ENOUGH * (1 + np.abs(delta))):
                break
        return np.asarray(np.maximum(delta, lowest))

    def _lowest(self, mu: Array) -> Array:
        """Return the delta of each group below which an expectation would be negative."""
        ends = np.full(self._centres.size, -np.inf)
        some = self.sigmas > 0
        np.maximum.at(ends, self.groups[some], -mu[some] / self.sigmas[some])
        return ends
