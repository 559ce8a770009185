"""What an atomic model is: a measure on Q^2 for each response function.

A response is a quadrature rule.  For each energy transfer it gives nodes in Q^2 and,
for each subshell (or isotope), the weights ``R_name dQ^2`` that turn the integral of a
coefficient over Q^2 into a sum over nodes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import numpy as np

from nuatom.arrays import Array

ALL_RESPONSES = frozenset({"L", "T", "A00", "A03", "A33", "AT", "VA"})
"""Vector (L, T), axial (A00, A03, A33, AT) and interference (VA) responses."""


@dataclass(frozen=True, eq=False)
class Part:
    """A product that adds to responses: ``R_name dQ^2 = number profile factor_name``.

    Parameters
    ----------
    number : ndarray
        What differs from shell to shell but not from node to node, such as how many
        electrons take part, shape (shell, T) [any].
    profile : ndarray
        What differs from node to node, broadcasting with (shell, T, node) [any].
    factors : mapping of str to ndarray
        For each response that the part adds to, broadcasting with (T, node) [any].
    nodes : slice
        Which nodes of the measure are those of the part [dimensionless].
    """

    number: Array
    profile: Array
    factors: Mapping[str, Array]
    nodes: slice = field(default_factory=lambda: slice(None))

    def integral(self, kernels: Mapping[str, Array]) -> Array:
        """Return ``sum over responses and nodes of kernel R dQ^2``, shape (shell, T).

        Parameters
        ----------
        kernels : mapping of str to ndarray
            For each response, broadcasting with all nodes of the measure [any].

        Returns
        -------
        ndarray
            The kernels of all responses are added before the one sum over nodes.
        """
        common = sum(
            kernels[name][..., self.nodes] * self.factors[name]
            for name in kernels
            if name in self.factors
        )
        return np.asarray(self.number * np.einsum("stn,stn->st", self.profile, common))


@dataclass(frozen=True, eq=False)
class SumOfParts(Mapping[str, Array]):
    """Weights of responses as a sum of products, never multiplied out for a rate.

    Parameters
    ----------
    parts : tuple of Part
        At least one, all for the same shells and T [part].
    nodes : int
        Number of nodes of the measure [dimensionless].

    Example
    -------
    >>> one = np.ones((2, 3))
    >>> part = Part(one, np.ones((1, 3, 4)), {"L": np.array(2.0)})
    >>> SumOfParts((part,), 4)["L"].shape
    (2, 3, 4)
    """

    parts: tuple[Part, ...]
    nodes: int

    def __getitem__(self, name: str) -> Array:
        """Return the weights of one response, of shape (shell, T, node)."""
        if name not in self:
            raise KeyError(name)
        weights = np.zeros((*self.parts[0].number.shape, self.nodes))
        for part in self.parts:
            if name in part.factors:
                product = part.number[:, :, None] * part.profile * part.factors[name]
                weights[:, :, part.nodes] += product
        return weights

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(dict.fromkeys(name for part in self.parts for name in part.factors))

    def __len__(self) -> int:
        """Return the number of responses."""
        return len(tuple(iter(self)))

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a response, without computing it."""
        return any(name in part.factors for part in self.parts)


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

    def parts(self, names: Iterable[str]) -> tuple[Part, ...]:
        """Return the products whose sum the weights of the named responses are.

        Parameters
        ----------
        names : iterable of str
            Responses that are needed [names].

        Returns
        -------
        tuple of Part
            One for each of them that is there, unless the model has its own parts.
        """
        if isinstance(self.weights, SumOfParts):
            return self.weights.parts
        found = {name: self.weights[name] for name in names if name in self.weights}
        return tuple(
            Part(np.ones(weights.shape[:2]), weights, {name: np.ones(())})
            for name, weights in found.items()
        )

    def integral(self, kernels: Mapping[str, Array]) -> Array:
        """Return ``sum over responses and nodes of kernel R dQ^2`` for each shell.

        Parameters
        ----------
        kernels : mapping of str to ndarray
            For each response, broadcasting with (shell, T, node) [any].

        Returns
        -------
        ndarray
            Shape (shell, T) [energy any].
        """
        parts = [p for p in self.parts(kernels) if not kernels.keys().isdisjoint(p.factors)]
        if not parts:
            return np.zeros_like(next(iter(self.weights.values()))[:, :, 0])
        return np.asarray(sum(part.integral(kernels) for part in parts))


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
