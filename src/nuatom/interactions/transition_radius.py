"""Flavour-changing charge radius: its final state is another flavour, so it only adds."""

from dataclasses import dataclass

from nuatom.arrays import finite
from nuatom.errors import InvalidInput
from nuatom.interactions.charge_radius import ChargeRadius
from nuatom.interactions.couplings import Couplings
from nuatom.interactions.terms import Constituents, Term


@dataclass(frozen=True)
class TransitionChargeRadius:
    """A charge radius that changes the flavour of the neutrino.

    The vector part of `Couplings` with ``c_V = -Z_c (2 sqrt2 pi alpha/G) r/6`` and
    ``r^2 = sum_{b != a} |<r^2>_{ba}|^2``, without interference: neither the weak
    interaction nor a flavour-keeping radius leads to the same final flavour.

    Parameters
    ----------
    squared_radius : float
        ``sqrt(sum_{b != a} |<r^2>_{ba}|^2)`` >= 0, over the final flavours b [length^2].

    Raises
    ------
    InvalidInput
        If it is negative or not finite.

    Notes
    -----
    Valid at a short baseline; zero in the Standard Model.  K. A. Kouzakov and A. I.
    Studenikin, Phys. Rev. D 95, 055013 (2017), arXiv:1703.00401; M. Cadeddu et al., Phys.
    Rev. D 98, 113010 (2018), arXiv:1810.05606.

    Example
    -------
    >>> TransitionChargeRadius(1e-32).neutrino_mass
    0.0
    """

    squared_radius: float
    neutrino_mass: float = 0.0

    def __post_init__(self) -> None:
        """Check the radius."""
        if float(finite("transition charge radius", self.squared_radius)) < 0:
            raise InvalidInput(
                f"transition charge radius: found {self.squared_radius:g}, expected >= 0: "
                "it enters squared"
            )

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms of a lone vector amplitude, in L and T."""
        alone = Couplings((ChargeRadius(self.squared_radius),))
        return alone.terms(flavor=flavor, constituents=constituents)
