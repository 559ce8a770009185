"""Free electrons: one node on the Bethe ridge, Q^2 = 2 m T."""

from dataclasses import dataclass, field

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.responses.measure import ALL_RESPONSES, Measure, Part, SumOfParts
from nuatom.targets.elements import Element

ELECTRONS = {"electron": np.ones(())}
"""Constituents of every electronic response: it already sums over the electrons."""


def free_electron_weights(T: Array) -> dict[str, Array]:
    """Return the seven responses of one free electron at rest, integrated over Q^2.

    ``R_L = T + 2m, R_T = 2T, A00 = T, A03 = |q|, A33 = T + 2m, A_T = 2(T + 2m),
    R_VA = 4|q|`` at the node ``Q^2 = 2mT``, where ``|q|^2 = T^2 + 2mT``.

    Parameters
    ----------
    T : ndarray
        Energy transfer, any shape [energy].

    Returns
    -------
    dict of str to ndarray
        Each of the shape of T [energy].

    Example
    -------
    >>> sorted(free_electron_weights(np.array([1.0])))
    ['A00', 'A03', 'A33', 'AT', 'L', 'T', 'VA']
    """
    m = c.electron_mass
    q = np.sqrt(T**2 + 2 * m * T)
    return {
        "L": T + 2 * m,
        "T": 2 * T,
        "A00": T,
        "A03": q,
        "A33": T + 2 * m,
        "AT": 2 * (T + 2 * m),
        "VA": 4 * q,
    }


def electrons_on_the_ridge(T: Array, number: Array, q2_min: Array, q2_max: Array) -> Measure:
    """Return the measure of `number` free electrons per shell.

    Parameters
    ----------
    T : ndarray
        Energy transfer, shape (T,) [energy].
    number : ndarray
        Electrons that take part, shape (shell, T) [dimensionless].
    q2_min, q2_max : ndarray
        Kinematic limits, shape (T,) [energy^2].

    Returns
    -------
    Measure
        One node; its weights vanish where the node is outside the limits.
    """
    q2 = 2 * c.electron_mass * T
    number = number * ((q2 >= q2_min) & (q2 <= q2_max))
    factors = {name: value[:, None] for name, value in free_electron_weights(T).items()}
    part = Part(number, np.ones((1, 1, 1)), factors)
    return Measure(q2[None, :, None], SumOfParts((part,), 1))


@dataclass(frozen=True)
class FreeElectrons:
    """All Z electrons of an atom, free and at rest.

    Parameters
    ----------
    element : Element
        The target [element].

    Notes
    -----
    Valid where T is far above every binding energy.  Provides all seven responses.
    """

    element: Element
    name: str = field(default="free", init=False)
    provides: frozenset[str] = field(default=ALL_RESPONSES, init=False)

    @property
    def shells(self) -> tuple[str, ...]:
        """One shell with all the electrons."""
        return ("electrons",)

    @property
    def edges(self) -> Array:
        """No threshold."""
        return np.zeros(1)

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return one node with the weights of Z electrons."""
        number = np.full((1, T.size), float(self.element.atomic_number))
        return electrons_on_the_ridge(T, number, q2_min, q2_max)
