"""What an atomic model is: a measure on Q^2 for each response function.

A response is a quadrature rule.  For each energy transfer it gives nodes in Q^2 and,
for each subshell (or isotope), the weights ``R_name dQ^2`` that turn the integral of a
coefficient over Q^2 into a sum over nodes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from nuatom.arrays import Array

ALL_RESPONSES = frozenset({"L", "T", "A00", "A03", "A33", "AT", "VA"})
"""Vector (L, T), axial (A00, A03, A33, AT) and interference (VA) responses."""


@dataclass(frozen=True, eq=False)
class Measure:
    """Nodes and weights of a response at given energy transfers.

    Parameters
    ----------
    q2 : ndarray
        Nodes, broadcasting with (shell, T, node) [energy^2].
    weights : mapping of str to ndarray
        ``R_name dQ^2`` of shape (shell, T, node); a response that the model provides
        but that is absent here is identically zero [energy].
    """

    q2: Array
    weights: Mapping[str, Array]


class Response(Protocol):
    """What an atomic (or nuclear) model must be."""

    @property
    def name(self) -> str:
        """Name in the catalogue."""
        ...

    @property
    def shells(self) -> tuple[str, ...]:
        """Labels of the first axis: subshells of an atom or isotopes of an element."""
        ...

    @property
    def edges(self) -> Array:
        """Thresholds [energy], where spectra jump; all of them where one shell is the sum."""
        ...

    @property
    def constituents(self) -> Mapping[str, Array]:
        """What scatters coherently, broadcasting with (shell, T, node)."""
        ...

    @property
    def provides(self) -> frozenset[str]:
        """Names of the response functions that the model defines."""
        ...

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes and weights within the kinematic limits.

        Parameters
        ----------
        T : ndarray
            Energy transfer, shape (T,) [energy].
        q2_min, q2_max : ndarray
            Limits of Q^2, shape (T,) [energy^2].

        Returns
        -------
        Measure
            Zero weights where the limits leave nothing.
        """
        ...


def gauss_legendre(low: Array, high: Array, nodes: int) -> tuple[Array, Array]:
    """Return Gauss-Legendre nodes and weights on each interval [low, high].

    Parameters
    ----------
    low, high : ndarray
        Ends of the intervals, shape (T,); where high <= low the weights are zero
        [any].
    nodes : int
        Number of nodes [dimensionless].

    Returns
    -------
    tuple of ndarray
        (nodes, weights), each of shape (T, node).

    Example
    -------
    >>> x, w = gauss_legendre(np.array([0.0]), np.array([2.0]), 4)
    >>> bool(np.isclose((w * x**3).sum(), 4.0))
    True
    """
    x, w = _unit_rule(nodes)
    half = np.maximum(high - low, 0.0)[:, None] / 2
    return low[:, None] + half * (1 + x), half * w


@cache
def _unit_rule(nodes: int) -> tuple[Array, Array]:
    """Return the rule on [-1, 1], made once for each number of nodes."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    x.setflags(write=False)
    w.setflags(write=False)
    return x, w
