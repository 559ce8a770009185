"""Parameters of a likelihood: range, where a fit begins, what is known beforehand."""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import finite
from nuatom.errors import InvalidInput


@dataclass(frozen=True)
class Gaussian:
    """An auxiliary measurement of a parameter: ``((theta - mean)/width)^2`` in the deviance.

    Parameters
    ----------
    mean : float
        As measured; pseudo-experiments draw it again [any].
    width : float
        One standard deviation, > 0 [any].

    Raises
    ------
    InvalidInput
        If a number is not finite, or the width not positive.

    Example
    -------
    >>> Gaussian(1.0, 0.5).deviance(2.0)
    4.0
    """

    mean: float
    width: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        finite("mean of a prior", self.mean)
        finite("width of a prior", self.width, positive=True)

    def deviance(self, value: float) -> float:
        """Return ``((theta - mean)/width)^2``.

        Parameters
        ----------
        value : float
            theta [any].

        Returns
        -------
        float
            [dimensionless].
        """
        return float(((value - self.mean) / self.width) ** 2)

    def slope(self, value: float) -> float:
        """Return the derivative of the deviance, ``2 (theta - mean)/width^2``.

        Parameters
        ----------
        value : float
            theta [any].

        Returns
        -------
        float
            [1/any].
        """
        return float(2 * (value - self.mean) / self.width**2)


@dataclass(frozen=True)
class Parameter:
    """A number that data are asked for, or that must be known to ask them.

    Parameters
    ----------
    name : str
        Terms of a joint likelihood share what has the same name [name].
    starts : tuple of float
        Where fits begin; all are tried, and the best end is taken [any].
    scale : float
        Its typical size, > 0: the first step of a fit [any].
    low, high : float
        Range, both ends allowed; infinite for none [any].
    prior : Gaussian or None
        What is known beforehand; None for a free parameter [prior].
    label : str
        For tables and figures, with the unit; the name if empty [text].

    Raises
    ------
    InvalidInput
        If the range is empty, a start lies outside it, or the scale is not positive.

    Example
    -------
    >>> Parameter("strength", starts=(1.0,), low=0.0).title
    'strength'
    """

    name: str
    starts: tuple[float, ...] = (0.0,)
    scale: float = 1.0
    low: float = -np.inf
    high: float = np.inf
    prior: Gaussian | None = None
    label: str = ""

    def __post_init__(self) -> None:
        """Check range, starts and scale."""
        finite(f"scale of {self.name}", self.scale, positive=True)
        starts = finite(f"starts of {self.name}", self.starts)
        if not self.low < self.high:
            raise InvalidInput(
                f"parameter {self.name}: found the range {self.low:g} to {self.high:g}, "
                "expected low < high"
            )
        if starts.size == 0 or np.any(starts < self.low) or np.any(starts > self.high):
            raise InvalidInput(
                f"parameter {self.name}: found starts {list(self.starts)}, expected at least "
                f"one, between {self.low:g} and {self.high:g}"
            )

    @property
    def title(self) -> str:
        """For tables and figures [text]."""
        return self.label or self.name
