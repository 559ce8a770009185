"""The sum of channels that do not interfere."""

from dataclasses import dataclass

from nuatom.errors import InvalidInput
from nuatom.interactions.couplings import Amplitude, Couplings
from nuatom.interactions.terms import Constituents, Interaction, Term


@dataclass(frozen=True)
class IncoherentSum:
    """Cross sections that add: different helicities or flavours in the final state.

    Parameters
    ----------
    interactions : tuple of Interaction
        At least one [interaction].

    Raises
    ------
    InvalidInput
        If there is none.

    Notes
    -----
    The kinematic limit takes the largest neutrino mass of the parts.
    """

    interactions: tuple[Interaction, ...]

    def __post_init__(self) -> None:
        """Check that there is something to add."""
        if not self.interactions:
            raise InvalidInput("IncoherentSum: found no interaction, expected at least one")

    @property
    def neutrino_mass(self) -> float:
        """Largest neutrino mass of the parts [energy]."""
        return max(part.neutrino_mass for part in self.interactions)

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms of all parts."""
        return tuple(
            term
            for part in self.interactions
            for term in part.terms(flavor=flavor, constituents=constituents)
        )


def combine(channels: tuple[Amplitude | Interaction, ...]) -> Interaction:
    """Return one interaction in which amplitudes interfere and the rest adds.

    Parameters
    ----------
    channels : tuple of Amplitude or Interaction
        Every amplitude goes into one `Couplings` [interaction].

    Returns
    -------
    Interaction
        The single channel itself, or the sum.

    Raises
    ------
    InvalidInput
        If there is no channel.

    Example
    -------
    >>> from nuatom.interactions import MagneticMoment, Millicharge, Weak
    >>> both = combine((Weak(), Millicharge(1e-12), MagneticMoment(1e-11)))
    >>> len(both.interactions), len(both.interactions[0].amplitudes)
    (2, 2)
    """
    amplitudes: list[Amplitude] = []
    others: list[Interaction] = []
    for channel in channels:
        if isinstance(channel, Amplitude):
            amplitudes.append(channel)
        else:
            others.append(channel)
    parts = ([Couplings(tuple(amplitudes))] if amplitudes else []) + others
    return parts[0] if len(parts) == 1 else IncoherentSum(tuple(parts))
