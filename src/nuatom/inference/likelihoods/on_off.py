"""Counts beside a control region that measures the background of each bin.

With the ratio tau of exposures, off over on, and a background b_i >= 0 of each bin that
nothing else is known about::

    n_on ~ Poisson(s + b),   n_off ~ Poisson(tau b)
    D = min_b 2 sum_i [ s + b - n_on + n_on ln(n_on/(s + b))
                        + tau b - n_off + n_off ln(n_off/(tau b)) ]

The minimum is the larger root of a quadratic equation::

    (1 + tau) b^2 + [(1 + tau) s - n_on - n_off] b - n_off s = 0

A signal s < 0 is possible: b is then at least -s.

References
----------
Li and Ma, Astrophys. J. 272, 317 (1983); Rolke, Lopez and Conrad, Nucl. Instrum. Meth. A
551, 493 (2005).
"""

from dataclasses import dataclass, replace

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Prediction, Wall
from nuatom.inference.likelihoods.poisson import binned, deviance, non_negative, same_bins


@dataclass(frozen=True, eq=False)
class OnOffTerm:
    """Counts in a signal and in a control region, the background of each bin profiled.

    Parameters
    ----------
    on : ndarray
        n_on >= 0, shape (bin,), not necessarily whole [dimensionless].
    off : ndarray
        n_off >= 0, shape (bin,), not necessarily whole [dimensionless].
    ratio : ndarray
        tau > 0: exposure of the control region over that of the signal region, shape ()
        or (bin,) [dimensionless].
    prediction : Prediction
        s_i as a function of its parameters; may be negative [dimensionless].

    Raises
    ------
    InvalidInput
        If there is no bin, shapes differ, or a number is negative or not finite.

    Example
    -------
    >>> from nuatom.inference.predictions import LinearPrediction
    >>> one = LinearPrediction(("strength",), np.array([[1.0]]), np.array([0.0]))
    >>> term = OnOffTerm(np.array([5.0]), np.array([4.0]), np.array(2.0), one)
    >>> term.deviance(np.array([3.0])), term.background(np.array([3.0]))   # 5 - 4/2 = 3
    (0.0, array([2.]))
    """

    on: Array
    off: Array
    ratio: Array
    prediction: Prediction

    def __post_init__(self) -> None:
        """Check the numbers."""
        on = binned("counts on", non_negative("counts on", self.on))
        off = non_negative("counts off", self.off)
        ratio = finite("ratio of exposures", self.ratio, positive=True)
        if off.shape != on.shape or ratio.shape not in ((), on.shape):
            raise InvalidInput(
                f"counts off: found the shape {off.shape} with ratios {ratio.shape}, expected "
                f"{on.shape} as the counts on"
            )
        object.__setattr__(self, "on", on)
        object.__setattr__(self, "off", off)
        object.__setattr__(self, "ratio", ratio)

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters of the prediction, in order [names]."""
        return self.prediction.names

    @property
    def points(self) -> int:
        """Number of bins: two counts each, less the background that was profiled."""
        return self.on.size

    def signal(self, values: Array) -> Array:
        """Return s_i.

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
        return same_bins(self.prediction.expected(values), self.on)

    def background(self, values: Array) -> Array:
        """Return the b_i that fits best beside a signal.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            b_i >= max(0, -s_i), shape (bin,) [dimensionless].
        """
        return self._profiled(self.signal(values))[1]

    def deviance(self, values: Array) -> float:
        """Return D, both regions together.

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        float
            Always finite [dimensionless].
        """
        mean, background = self._profiled(self.signal(values))
        return deviance(self.on, mean) + deviance(self.off, self.ratio * background)

    def gradient(self, values: Array) -> Array:
        """Return ``dD/ds ds/dtheta``, b held (its own derivative of D is zero, or b at an end).

        ::

            dD/ds = 2 [1 - n_on/(s + b)]            s >= 0, where s + b > 0 or n_on = 0
            dD/ds = -2 [tau - n_off/b]              s < 0, where b > 0 (s + b held)

        Parameters
        ----------
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (parameter,).
        """
        signal = self.signal(values)
        mean, background = self._profiled(signal)
        above = 2 * (1 - _ratio(self.on, mean))
        below = -2 * (self.ratio - _ratio(self.off, background))
        slopes = np.where(signal >= 0, above, below)
        return np.asarray(slopes @ self.prediction.jacobian(values))

    def simulated(self, values: Array, generator: np.random.Generator) -> "OnOffTerm":
        """Return the term with counts drawn about s + b and tau b, with the profiled b.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        OnOffTerm
            With whole counts.
        """
        mean, background = self._profiled(self.signal(values))
        on = generator.poisson(mean).astype(np.float64)
        return replace(
            self, on=on, off=generator.poisson(self.ratio * background).astype(np.float64)
        )

    def asimov(self, values: Array) -> "OnOffTerm":
        """Return the term with the counts that are expected, with the profiled b.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].

        Returns
        -------
        OnOffTerm
            With counts that are in general not whole.
        """
        mean, background = self._profiled(self.signal(values))
        return replace(self, on=mean, off=self.ratio * background)

    def walls(self, begin: Array) -> Wall:
        """Return the signals of bins without any count, on the side of zero where they are.

        Such a bin has a kink at s = 0, from ``-2 tau s`` to ``2 s``, where D may be least.

        Parameters
        ----------
        begin : ndarray
            Parameters where a fit begins, shape (parameter,) [any].

        Returns
        -------
        callable
            Parameters -> |s_i|, shape (empty bin,), and its derivatives, shape (empty bin,
            parameter), continued beyond zero.
        """
        empty = (self.on == 0) & (self.off == 0)
        side = np.where(self.signal(begin)[empty] >= 0, 1.0, -1.0)
        return lambda values: (
            side * self.signal(values)[empty],
            side[:, None] * self.prediction.jacobian(values)[empty],
        )

    def _profiled(self, signal: Array) -> tuple[Array, Array]:
        """Return ``s + b`` and b: the smaller of the two from its equation, then the other.

        The equation of s + b is that of b with n_on and n_off, and s and -s, exchanged.
        """
        size = np.abs(signal)
        other = np.where(signal >= 0, self.off, self.on)
        a = 1 + self.ratio
        half = (a * size - self.on - self.off) / 2
        root = np.sqrt(half**2 + a * other * size)
        # no cancellation: the sum of two numbers of one sign stands in each form
        safe = np.where(half > 0, half + root, 1.0)
        smaller = np.where(half > 0, other * size / safe, (root - half) / a)
        larger = smaller + size
        mean = np.where(signal >= 0, larger, smaller)
        return mean, np.where(signal >= 0, smaller, larger)


def _ratio(counts: Array, mean: Array) -> Array:
    """Return ``n/mu``, 0 where there is neither."""
    return np.divide(counts, mean, out=np.zeros_like(mean), where=mean > 0)
