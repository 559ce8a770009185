"""What happens to neutrinos on their way: flavours and moments as factors on a flux.

The factor is multiplied into the flux once, so that a source of several flavours has
moments as exact as any other, and the weak rate can sum over its flavours.
"""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import EnergyWeight
from nuatom.mixing import MixingParameters, pmns, solar_mass_probabilities
from nuatom.mixing.parameters import flavor_row
from nuatom.sources.continuum import WEIGHT_TOLERANCE, Continuum
from nuatom.sources.flux import Line
from nuatom.sources.segments import refined_product


def weighted(flux: Continuum | Line, weight: EnergyWeight, flavor: str) -> Continuum | Line:
    """Return ``phi(E) w(E)`` as a flux of a flavour.

    Parameters
    ----------
    flux : Continuum or Line
        phi [1/(length^2 time)].
    weight : callable
        w(E) >= 0, smooth between the knots [dimensionless].
    flavor : str
        Of the result [name].

    Returns
    -------
    Continuum or Line
        A line exactly; a continuum straight to 2e-5 on each segment, with the area kept.

    Raises
    ------
    InvalidInput
        If the weight is negative, not finite or not resolved.

    Example
    -------
    >>> halved = weighted(Line("nu_e", 2.0, 10.0), lambda E: 0.5 * np.ones_like(E), "nu_mu")
    >>> halved.flavor, halved.intensity
    ('nu_mu', 5.0)
    """
    if isinstance(flux, Line):
        factor = float(weight(np.array(flux.energy)))
        if not factor >= 0:
            raise InvalidInput(f"energy weight: found {factor:g}, expected >= 0")
        return Line(flavor, flux.energy, flux.intensity * factor)
    knots, low, high = refined_product(flux.energies, flux.low, flux.high, weight, WEIGHT_TOLERANCE)
    floor = -WEIGHT_TOLERANCE * max(np.max(np.abs(low)), np.max(np.abs(high)))
    if np.min(low) < floor or np.min(high) < floor:
        raise InvalidInput("energy weight: found a negative value on the spectrum, expected >= 0")
    # the area-conserving lift may bring a value at the very end of a spectrum below zero
    return Continuum(flavor, knots, np.maximum(low, 0.0), np.maximum(high, 0.0))


@dataclass(frozen=True)
class SolarConversion:
    """Probability that a solar electron neutrino arrives as a flavour.

    ``P_{e alpha}(E) = sum_k P_ek(E) |U_{alpha k}|^2`` with the adiabatic shares P_ek.

    Parameters
    ----------
    mixing : MixingParameters
        Angles and splittings [mixing parameters].
    electron_density : float
        n_e where the neutrino is produced [1/length^3].
    flavor : str
        nu_e, nu_mu or nu_tau [name].

    Raises
    ------
    InvalidInput
        For the flavour of an antineutrino.

    Notes
    -----
    By day; the regeneration in the Earth by night is left out.

    Example
    -------
    >>> from nuatom.mixing import global_fit
    >>> survival = SolarConversion(global_fit(), 0.0, "nu_e")
    >>> survival(np.array([1.0])).round(3)
    array([0.549])
    """

    mixing: MixingParameters
    electron_density: float
    flavor: str

    def __post_init__(self) -> None:
        """Check the flavour."""
        if flavor_row(self.flavor)[1]:
            raise InvalidInput(f"solar neutrinos: found {self.flavor!r}, expected a neutrino")

    def __call__(self, energy: Array) -> Array:
        """Return the probability.

        Parameters
        ----------
        energy : ndarray
            E, any shape [energy].

        Returns
        -------
        ndarray
            From 0 to 1 [dimensionless].
        """
        shares = solar_mass_probabilities(
            self.mixing, energy, electron_density=self.electron_density
        )
        content = np.abs(pmns(self.mixing)[flavor_row(self.flavor)[0]]) ** 2
        return np.asarray(shares @ content)


@dataclass(frozen=True)
class RelativeWeight:
    """An energy weight in units of a reference: ``w(E)/w_0``.

    Parameters
    ----------
    weight : callable
        w(E) [any].
    reference : float
        w_0 > 0 [any].
    """

    weight: EnergyWeight
    reference: float

    def __call__(self, energy: Array) -> Array:
        """Return the ratio.

        Parameters
        ----------
        energy : ndarray
            E, any shape [energy].

        Returns
        -------
        ndarray
            [dimensionless]
        """
        return np.asarray(self.weight(energy)) / self.reference
