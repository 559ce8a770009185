"""A tabulated response at one end of its uncertainty: a model of its own.

Whatever can be computed with a model can so be computed with the ends of its band, such
as a limit by a fit, which is not linear in the response.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nuatom.arrays import Array
from nuatom.responses.measure import Measure
from nuatom.responses.tabulated import Tabulated


@dataclass(frozen=True, eq=False)
class BandEdge:
    """A table whose responses are moved to the end of its band for one channel.

    ``R(T, Q^2) -> R(T, Q^2) [1 + d(T)]`` with the lower or upper d of `Tabulated.band`, which
    is a change of the cross section of that channel; other channels have other bands.

    Parameters
    ----------
    tabulated : Tabulated
        With an uncertainty [tabulated].
    channel : str
        Catalogue name of the channel that the band belongs to [name].
    upper : bool
        The upper end instead of the lower one [flag].

    Notes
    -----
    The ends at different energies are taken together, as if the variants moved all of them
    the same way: the widest that the band allows for a sum over energies.
    """

    tabulated: Tabulated
    channel: str
    upper: bool

    @property
    def name(self) -> str:
        """Of the table, with the end of the band."""
        return f"{self.tabulated.name}-{'upper' if self.upper else 'lower'}"

    @property
    def element(self) -> str:
        """Symbol of the element that the table is of."""
        return self.tabulated.element

    @property
    def shells(self) -> tuple[str, ...]:
        """The subshells of the table."""
        return self.tabulated.shells

    @property
    def edges(self) -> Array:
        """Thresholds [energy]."""
        return self.tabulated.edges

    @property
    def constituents(self) -> Mapping[str, Array]:
        """One electron current: the response sums over the electrons."""
        return self.tabulated.constituents

    @property
    def provides(self) -> frozenset[str]:
        """The responses in the table."""
        return self.tabulated.provides

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return the nodes of the table with weights at the end of the band."""
        central = self.tabulated.measure(T, q2_min=q2_min, q2_max=q2_max)
        change = self.tabulated.band(self.channel, T)[self.upper]
        return Measure(central.q2, ScaledWeights(central.weights, 1 + change[:, None]))


@dataclass(frozen=True, eq=False)
class ScaledWeights(Mapping[str, Array]):
    """Weights of responses, each multiplied by one factor when it is asked for.

    Parameters
    ----------
    weights : mapping of str to ndarray
        Of shape (shell, T, node) [energy].
    factor : ndarray
        Broadcasting with them [dimensionless].
    """

    weights: Mapping[str, Array]
    factor: Array

    def __getitem__(self, name: str) -> Array:
        """Return the weights of one response."""
        return self.weights[name] * self.factor

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names as the weights do."""
        return iter(self.weights)

    def __len__(self) -> int:
        """Return the number of responses."""
        return len(self.weights)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a response, without computing it."""
        return name in self.weights
