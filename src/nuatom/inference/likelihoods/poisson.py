"""Counts in bins: the Poisson deviance, alone and as a term of a likelihood.

::

    D = 2 sum_i [ mu_i - n_i + n_i ln(n_i/mu_i) ]

A bin without counts gives 2 mu_i, down to mu_i = 0; a bin with counts and mu_i = 0, or any
bin with mu_i < 0, is impossible (infinite).

References
----------
Baker and Cousins, Nucl. Instrum. Meth. 221, 437 (1984).
"""

from dataclasses import dataclass, replace

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Prediction, Wall

_SERIES_BELOW = 1e-3
_STEEP = 1e9
"""n/mu that stands for infinity in a gradient, so that its slope points back."""


def poisson_deviance(counts: ArrayLike, expected: ArrayLike) -> float:
    """Return ``2 sum_i [mu_i - n_i + n_i ln(n_i/mu_i)]``.

    Parameters
    ----------
    counts : array_like
        n_i >= 0, not necessarily whole [dimensionless].
    expected : array_like
        mu_i >= 0, and > 0 where n_i > 0 [dimensionless].

    Returns
    -------
    float
        Infinite where a bin has counts and no expectation.

    Raises
    ------
    InvalidInput
        If a number is negative or not finite, or the shapes differ.

    Example
    -------
    >>> round(poisson_deviance([4.0], [1.0]), 6)   # 2 (1 - 4 + 4 ln 4)
    5.090355
    """
    n, mu = non_negative("counts", counts), non_negative("expected", expected)
    if n.shape != mu.shape:
        raise InvalidInput(f"counts: found the shape {n.shape} beside {mu.shape}, expected equal")
    return deviance(n, mu)


def deviance(n: Array, mu: Array) -> float:
    """Return the Poisson deviance of arrays that were checked before.

    Terms of nearly equal n and mu are summed as a series, so that no digits cancel.

    Parameters
    ----------
    n : ndarray
        Counts >= 0 [dimensionless].
    mu : ndarray
        Expectations of any sign, same shape [dimensionless].

    Returns
    -------
    float
        Infinite where a bin has counts and no expectation, or a negative expectation.

    Example
    -------
    >>> deviance(np.array([0.0, 2.0]), np.array([1.5, 2.0]))
    3.0
    """
    if np.any(mu < 0):
        return float("inf")
    filled = n > 0
    some, here = n[filled], mu[filled]
    if np.any(here <= 0):
        return float("inf")
    x = (here - some) / some
    near = np.abs(x) < _SERIES_BELOW
    y = np.where(near, x, 0.0)
    series = y**2 * (1 / 2 - y * (1 / 3 - y * (1 / 4 - y * (1 / 5 - y / 6))))
    far = x - np.log1p(np.where(x < -0.5, 0.0, x))
    far = np.where(x < -0.5, x - np.log(here) + np.log(some), far)  # 1 + x may round to 0
    terms = some * np.where(near, series, far)
    return 2 * float(terms.sum() + mu[~filled].sum())


def slope(n: Array, mu: Array) -> Array:
    """Return the derivative of the Poisson deviance to each expectation, ``2 (1 - n_i/mu_i)``.

    Parameters
    ----------
    n : ndarray
        Counts >= 0 [dimensionless].
    mu : ndarray
        Expectations of any sign, same shape [dimensionless].

    Returns
    -------
    ndarray
        2 where there are no counts, also beyond the edge mu = 0; where counts are
        impossible, a steep slope that points back.

    Example
    -------
    >>> slope(np.array([0.0, 2.0]), np.array([0.0, 1.0]))
    array([ 2., -2.])
    """
    ratio = np.divide(n, mu, out=np.where(n > 0, _STEEP, 0.0), where=mu > n / _STEEP)
    return np.asarray(2 * (1 - ratio))


@dataclass(frozen=True, eq=False)
class PoissonTerm:
    """Counts in bins beside what is expected.

    Parameters
    ----------
    counts : ndarray
        n_i >= 0, shape (bin,), not necessarily whole [dimensionless].
    prediction : Prediction
        mu_i as a function of its parameters [dimensionless].

    Raises
    ------
    InvalidInput
        If there is no bin, or a count is negative or not finite.

    Example
    -------
    >>> from nuatom.inference.predictions import LinearPrediction
    >>> one = LinearPrediction(("strength",), np.array([[2.0]]), np.array([0.5]))
    >>> PoissonTerm(np.array([0.0]), one).deviance(np.array([1.0]))   # 2 (0.5 + 2)
    5.0
    """

    counts: Array
    prediction: Prediction

    def __post_init__(self) -> None:
        """Check the counts."""
        object.__setattr__(self, "counts", binned("counts", non_negative("counts", self.counts)))

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters of the prediction, in order [names]."""
        return self.prediction.names

    @property
    def points(self) -> int:
        """Number of bins [dimensionless]."""
        return self.counts.size

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
        return same_bins(self.prediction.expected(values), self.counts)

    def deviance(self, values: Array) -> float:
        """Return ``2 sum_i [mu_i - n_i + n_i ln(n_i/mu_i)]``.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        float
            Infinite where the counts are impossible [dimensionless].
        """
        return deviance(self.counts, self.expected(values))

    def gradient(self, values: Array) -> Array:
        """Return ``2 sum_i (1 - n_i/mu_i) dmu_i/dtheta``.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (parameter,).
        """
        slopes = slope(self.counts, self.expected(values))
        return np.asarray(slopes @ self.prediction.jacobian(values))

    def simulated(self, values: Array, generator: np.random.Generator) -> "PoissonTerm":
        """Return the term with Poisson counts about the expectation.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        PoissonTerm
            With whole counts.

        Raises
        ------
        InvalidInput
            If an expectation is negative.
        """
        mean = non_negative("expectation of simulated counts", self.expected(values))
        return replace(self, counts=generator.poisson(mean).astype(np.float64))

    def asimov(self, values: Array) -> "PoissonTerm":
        """Return the term with counts equal to the expectation.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].

        Returns
        -------
        PoissonTerm
            With counts that are in general not whole.
        """
        return replace(self, counts=self.expected(values))

    def walls(self, begin: Array) -> Wall:
        """Return the expectations, none of which may be negative.

        Parameters
        ----------
        begin : ndarray
            Not needed: they are the same everywhere [any].

        Returns
        -------
        callable
            Parameters -> mu_i, shape (bin,), and its derivatives, shape (bin, parameter).
        """
        return lambda values: (self.expected(values), self.prediction.jacobian(values))


def non_negative(name: str, values: ArrayLike) -> Array:
    """Return an array of floats after checking that each is finite and >= 0.

    Parameters
    ----------
    name : str
        What the values are, for the message [name].
    values : array_like
        Any shape [any].

    Returns
    -------
    ndarray
        Same shape.

    Raises
    ------
    InvalidInput
        If one is not finite, or negative.

    Example
    -------
    >>> non_negative("counts", [1, 0])
    array([1., 0.])
    """
    array = finite(name, values)
    if np.any(array < 0):
        raise InvalidInput(f"{name}: found a negative number, expected all >= 0")
    return array


def binned(name: str, values: Array) -> Array:
    """Return the values after checking that they are one number for each of some bins.

    Parameters
    ----------
    name : str
        What the values are, for the message [name].
    values : ndarray
        Any shape [any].

    Returns
    -------
    ndarray
        Shape (bin,).

    Raises
    ------
    InvalidInput
        If the shape is another, or there is no bin.

    Example
    -------
    >>> binned("counts", np.array([1.0, 0.0]))
    array([1., 0.])
    """
    if values.ndim != 1 or values.size == 0:
        raise InvalidInput(
            f"{name}: found the shape {values.shape}, expected one number for each bin, and at "
            "least one bin"
        )
    return values


def same_bins(expected: Array, data: Array) -> Array:
    """Return the expectation after checking that it has the bins of the data.

    Parameters
    ----------
    expected : ndarray
        Of a prediction [any].
    data : ndarray
        Shape (bin,) [any].

    Returns
    -------
    ndarray
        Shape (bin,).

    Raises
    ------
    InvalidInput
        If the shapes differ.

    Example
    -------
    >>> same_bins(np.array([1.5]), np.array([2.0]))
    array([1.5])
    """
    if expected.shape != data.shape:
        raise InvalidInput(
            f"prediction: found the shape {expected.shape}, expected that of the data, {data.shape}"
        )
    return expected
