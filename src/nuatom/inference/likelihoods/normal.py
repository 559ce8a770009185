"""Numbers with Gaussian errors: chi-square, with or without a covariance.

::

    D = (d - mu)^T V^-1 (d - mu)
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Prediction
from nuatom.inference.likelihoods.poisson import binned, same_bins

_SINGULAR = 1e-12
"""Least part of a variance, given all others, of a covariance that can be inverted."""
_SYMMETRIC = 1e-9


@dataclass(frozen=True, eq=False)
class NormalTerm:
    """Measured numbers beside what is expected, their covariance known.

    Parameters
    ----------
    values : ndarray
        d_i, shape (bin,) [any].
    covariance : ndarray
        V, shape (bin, bin); or only the variances, shape (bin,), of independent numbers, in
        the unit of `values` squared [any].
    prediction : Prediction
        mu_i as a function of its parameters, in the unit of `values` [any].

    Raises
    ------
    InvalidInput
        If there is no bin, shapes differ, a number is not finite, a variance is not
        positive, or the covariance is not symmetric or singular.

    Example
    -------
    >>> from nuatom.inference.predictions import LinearPrediction
    >>> level = LinearPrediction(("level",), np.ones((1, 2)), np.zeros(2))
    >>> NormalTerm.independent([1.0, 5.0], [1.0, 2.0], level).deviance(np.array([1.0]))
    4.0
    """

    values: Array
    covariance: Array
    prediction: Prediction

    def __post_init__(self) -> None:
        """Check the numbers and take the root of the covariance once."""
        values = binned("values", finite("values", self.values))
        covariance = finite("covariance", self.covariance)
        if covariance.shape not in (values.shape, values.shape * 2):
            raise InvalidInput(
                f"covariance: found the shape {covariance.shape}, expected "
                f"{values.shape * 2}, or {values.shape} for variances"
            )
        variances = covariance if covariance.ndim == 1 else np.diag(covariance)
        if not np.all(variances > 0):
            raise InvalidInput("covariance: found a variance that is not positive")
        root = np.sqrt(variances) if covariance.ndim == 1 else _root(covariance)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "covariance", covariance)
        object.__setattr__(self, "_root", root)

    @classmethod
    def independent(
        cls, values: ArrayLike, errors: ArrayLike, prediction: Prediction
    ) -> "NormalTerm":
        """Return the term of numbers with independent errors.

        Parameters
        ----------
        values : array_like
            d_i, shape (bin,) [any].
        errors : array_like
            Standard deviations > 0, in the unit of `values` [any].
        prediction : Prediction
            mu_i as a function of its parameters, in the unit of `values` [any].

        Returns
        -------
        NormalTerm
            With the variances.

        Raises
        ------
        InvalidInput
            If shapes differ, a number is not finite, or an error not positive.
        """
        variances = finite("errors", errors, positive=True) ** 2
        return cls(finite("values", values), variances, prediction)

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters of the prediction, in order [names]."""
        return self.prediction.names

    @property
    def points(self) -> int:
        """Number of measured numbers [dimensionless]."""
        return self.values.size

    def expected(self, values: Array) -> Array:
        """Return mu_i.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (bin,).

        Raises
        ------
        InvalidInput
            If the prediction has another number of bins.
        """
        return same_bins(self.prediction.expected(values), self.values)

    def deviance(self, values: Array) -> float:
        """Return ``(d - mu)^T V^-1 (d - mu)``.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        float
            Chi-square [dimensionless].
        """
        rest = self._whitened(self.values - self.expected(values))
        return float(rest @ rest)

    def gradient(self, values: Array) -> Array:
        """Return ``-2 (dmu/dtheta)^T V^-1 (d - mu)``.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (parameter,).
        """
        rest = self._whitened(self.values - self.expected(values))
        return np.asarray(-2 * rest @ self._whitened(self.prediction.jacobian(values)))

    def simulated(self, values: Array, generator: np.random.Generator) -> "NormalTerm":
        """Return the term with numbers drawn about the expectation.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        NormalTerm
            With the same covariance.
        """
        drawn = generator.standard_normal(self.values.size)
        root = self._root  # type: ignore[attr-defined]
        spread = root * drawn if root.ndim == 1 else root @ drawn
        return replace(self, values=self.expected(values) + spread)

    def asimov(self, values: Array) -> "NormalTerm":
        """Return the term with numbers equal to the expectation.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].

        Returns
        -------
        NormalTerm
            With the same covariance.
        """
        return replace(self, values=self.expected(values))

    def _whitened(self, columns: Array) -> Array:
        """Return ``L^-1`` times the columns, with ``V = L L^T``."""
        root: Array = self._root  # type: ignore[attr-defined]
        if root.ndim == 1:
            return np.asarray((columns.T / root).T)
        return np.asarray(linalg.solve_triangular(root, columns, lower=True, check_finite=False))


def _root(covariance: Array) -> Array:
    """Return the lower triangle L of ``V = L L^T``."""
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    if np.max(np.abs(correlation - correlation.T)) > _SYMMETRIC:
        raise InvalidInput("covariance: found a matrix that is not symmetric")
    try:
        triangle = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        triangle = np.zeros((1, 1))
    if np.min(np.diag(triangle)) ** 2 < _SINGULAR:
        raise InvalidInput(
            "covariance: found a singular matrix (some combination of the numbers has no error); "
            "expected independent numbers: leave some out, or add their own errors"
        )
    return np.asarray(scale[:, None] * triangle)
