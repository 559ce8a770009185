"""Scattering through a matrix of dipole moments, with mixing and propagation."""

from dataclasses import dataclass

from nuatom.interactions.magnetic_moment import MagneticMoment
from nuatom.interactions.terms import Constituents, Term, check_flavor
from nuatom.mixing import EffectiveMoment, MomentMatrix, Propagation


@dataclass(frozen=True)
class MixedMoments:
    """Scattering through the effective moment of each flavour, at each energy.

    A magnetic moment of 1 with the weight ``mu_eff^2(E)`` of `EffectiveMoment`, for the
    flavour of the flux.

    Parameters
    ----------
    moments : MomentMatrix
        mu and eps in the mass basis [moment matrix].
    propagation : Propagation
        Baseline, decohered or solar [propagation].

    Notes
    -----
    The flavours of the source must be those at production: a flux that has been
    oscillated already would be oscillated twice.  A baseline so long that the phase
    turns many times within the spectrum is refused by the flux; use `Decohered`.
    C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015), section 4.

    Example
    -------
    >>> import numpy as np
    >>> from nuatom.mixing import Baseline, global_fit
    >>> channel = MixedMoments(MomentMatrix(1e-11 * np.eye(3)), Baseline(global_fit(), 0.0))
    >>> len(channel.terms(flavor="anti_nu_e", constituents={"electron": np.ones(())}))
    6
    """

    moments: MomentMatrix
    propagation: Propagation
    neutrino_mass: float = 0.0

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms of a magnetic moment with the weight of this flavour."""
        weight = EffectiveMoment(self.moments, self.propagation, check_flavor(flavor))
        return MagneticMoment(1.0, weight).terms(flavor=flavor, constituents=constituents)
