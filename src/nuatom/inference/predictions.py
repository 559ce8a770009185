"""What is expected in each bin, as a function of parameters that a fit may change."""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class LinearPrediction:
    """Templates times their strengths, on top of what is known: ``c_i + sum_k theta_k t_ki``.

    Parameters
    ----------
    names : tuple of str
        Parameters theta_k, in the order of the templates [names].
    templates : ndarray
        t_ki, shape (parameter, bin), of any sign [any].
    constant : ndarray
        c_i, shape (bin,), of any sign [any].

    Raises
    ------
    InvalidInput
        If there is no bin, a shape or a number of names differs, two names are equal, or a
        number is not finite.

    Notes
    -----
    A pull that is linear (the spectrum moved by one standard deviation, less the spectrum)
    is a template like any other.

    Example
    -------
    >>> spectrum = LinearPrediction(("strength",), np.array([[1.0, 2.0]]), np.array([5.0, 5.0]))
    >>> spectrum.expected(np.array([3.0]))
    array([ 8., 11.])
    """

    names: tuple[str, ...]
    templates: Array
    constant: Array

    def __post_init__(self) -> None:
        """Check the shapes."""
        templates, constant = finite("templates", self.templates), finite("constant", self.constant)
        if constant.ndim != 1 or constant.size == 0:
            raise InvalidInput(
                f"constant: found the shape {constant.shape}, expected one number for each bin, "
                "and at least one bin"
            )
        if templates.shape != (len(self.names), constant.size):
            raise InvalidInput(
                f"templates: found the shape {templates.shape}, expected "
                f"{(len(self.names), constant.size)}: one row for each name, one column for each "
                "bin"
            )
        if len(set(self.names)) != len(self.names):
            raise InvalidInput(f"names: found {list(self.names)}, expected each once")
        object.__setattr__(self, "templates", templates)
        object.__setattr__(self, "constant", constant)

    def expected(self, values: Array) -> Array:
        """Return ``c_i + sum_k theta_k t_ki``.

        Parameters
        ----------
        values : ndarray
            theta_k, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (bin,).
        """
        return np.asarray(self.constant + values @ self.templates)

    def jacobian(self, values: Array) -> Array:
        """Return the derivatives ``t_ki``, the same for all values.

        Parameters
        ----------
        values : ndarray
            theta_k, shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (bin, parameter).
        """
        return self.templates.T
