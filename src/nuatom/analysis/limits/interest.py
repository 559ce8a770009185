"""Parameters of interest: couplings as the likelihood sees them.

Where a channel only adds counts, these are proportional to a power of its coupling, and the
parameter is that power; its fit is linear and its sign cannot be measured otherwise.  Where
a channel interferes with one that is there, its amplitude is the parameter, with a sign::

    magnetic-moment^2 = (mu_nu / 1e-11 mu_B)^2        millicharge = q_nu / 1e-13 e

The references depend on the unit alone, so that likelihoods of two experiments share them.
"""

from dataclasses import dataclass

import numpy as np

from nuatom.analysis.model import Model, Parameter
from nuatom.errors import InvalidInput, lookup

REFERENCES = {
    "mu_B": 1e-11,
    "e": 1e-13,
    "cm^2": 1e-32,
    "coupling g": 1e-6,
    "times the Standard Model": 1.0,
}
"""Unit of a coupling -> the coupling at which a parameter is 1."""
_TWIN = "coherent-"


@dataclass(frozen=True)
class Interest:
    """A coupling that data are asked for.

    Parameters
    ----------
    channel : str
        As it was asked for [name].
    channels : tuple of str
        Those that share the coupling, the one asked for first [names].
    unit : str
        Of the coupling [text].
    reference : float
        Coupling at which the parameter is 1 [any].
    order : int
        The parameter is ``(coupling/reference)^order`` [dimensionless].
    linear : bool
        Whether the counts are linear in the parameter; else they also have its square
        [flag].
    default : float
        The parameter of the Standard Model [dimensionless].

    Example
    -------
    >>> moment = Interest("magnetic-moment", ("magnetic-moment",), "mu_B", 1e-11, 2, True)
    >>> moment.name, round(moment.coupling(4.0) / 1e-11, 9)
    ('magnetic-moment^2', 2.0)
    """

    channel: str
    channels: tuple[str, ...]
    unit: str
    reference: float
    order: int
    linear: bool
    default: float = 0.0

    @property
    def name(self) -> str:
        """Name in a likelihood [name]."""
        return self.channel if self.order == 1 else f"{self.channel}^{self.order}"

    @property
    def label(self) -> str:
        """Name with its unit [text]."""
        if self.unit == "times the Standard Model":
            return self.name
        power = "" if self.order == 1 else f"^{self.order}"
        return f"{self.name} [({self.reference:g} {self.unit}){power}]"

    @property
    def signed(self) -> bool:
        """Whether negative values are physical."""
        return self.order == 1

    def coupling(self, value: float) -> float:
        """Return the coupling of a value of the parameter.

        Parameters
        ----------
        value : float
            Of the parameter [dimensionless].

        Returns
        -------
        float
            In `unit`; with the sign of an unphysical value of an even power [any].
        """
        size = abs(value) ** (1 / self.order) * self.reference
        return float(np.copysign(size, value)) if value else 0.0

    def value(self, coupling: float) -> float:
        """Return the parameter of a coupling.

        Parameters
        ----------
        coupling : float
            In `unit` [any].

        Returns
        -------
        float
            ``(coupling/reference)^order``.
        """
        return float((coupling / self.reference) ** self.order)


def interests(model: Model, names: tuple[str, ...]) -> tuple[Interest, ...]:
    """Return the parameters of interest of channels of a model.

    A channel of new physics and its twin on nuclei, such as ``magnetic-moment`` and
    ``coherent-magnetic-moment``, have one coupling, if both are among the signals.

    Parameters
    ----------
    model : Model
        From a card [model].
    names : tuple of str
        One or two channels [names].

    Returns
    -------
    tuple of Interest
        In the same order.

    Raises
    ------
    UnknownName
        If a channel is none of the model.
    InvalidInput
        If there is none, more than two, or one of them twice.
    """
    known = {p.channel: p for p in model.parameters}
    if not 1 <= len(names) <= 2:
        raise InvalidInput(f"parameters: found {len(names)}, expected one or two channels")
    groups = [_group(lookup("channel of the card", n, known), known) for n in names]
    if len(names) == 2 and set(groups[0]) & set(groups[1]):
        raise InvalidInput(
            f"parameters: found {names[0]!r} and {names[1]!r}, which are one coupling, expected "
            "one of them; the other goes with it"
        )
    present = {n for n, p in known.items() if p.default} | {n for g in groups for n in g}
    return tuple(_interest(model, group, present) for group in groups)


def _group(asked: Parameter, known: dict[str, Parameter]) -> tuple[str, ...]:
    """Return the channels that have the coupling of one."""
    name = asked.channel
    twin = name.removeprefix(_TWIN) if name.startswith(_TWIN) else f"{_TWIN}{name}"
    other = known.get(twin)
    if other is None or (other.unit, other.power) != (asked.unit, asked.power):
        return (name,)
    return (name, twin)


def _interest(model: Model, group: tuple[str, ...], present: set[str]) -> Interest:
    parameter = next(p for p in model.parameters if p.channel == group[0])
    interferes = any(
        part.kind == "interference"
        and set(part.channels) & set(group)
        and set(part.channels) <= present
        and np.any(part.counts)
        for part in model.components
    )
    order = parameter.power if interferes else 2 * parameter.power
    reference = REFERENCES.get(parameter.unit, 1.0)
    default = (parameter.default / reference) ** order
    return Interest(group[0], group, parameter.unit, reference, order, not interferes, default)
