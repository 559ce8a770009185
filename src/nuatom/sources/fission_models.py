"""Models of the antineutrino spectra of fission, side by side.

* ``huber-mueller``: conversion tables above 2 MeV, Vogel and Engel below (`fission_spectra`);
* ``kurchatov``: the same with U235 and U238 above 2 MeV divided by 1.054, the excess of the
  ratio U235/Pu239 of the beta spectra measured at ILL over the one measured at the
  Kurchatov Institute;
* ``summation-low-energy``: the same with the number of antineutrinos in five bins below
  2 MeV taken from the summation BESTIOLE; inside a bin the shape of Vogel and Engel stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, finite, strictly_increasing
from nuatom.errors import InvalidInput, lookup
from nuatom.sources.continuum import Continuum
from nuatom.sources.editions import edition
from nuatom.sources.fission_spectra import (
    ISOTOPES,
    JOIN,
    LOW_ENERGY,
    fission_spectrum,
    low_energy_systematic,
)

KURCHATOV = "kurchatov-2021"
SUMMATION = "bestiole-2023-bins"


@dataclass(frozen=True)
class FissionModel:
    """How the spectra of fission differ from those of Huber, Mueller et al., Vogel and Engel.

    Parameters
    ----------
    name : str
        Short name [name].
    above : mapping
        Isotope to the factor on its spectrum above 2 MeV; 1 where it is missing
        [dimensionless].
    summation : bool
        Whether the numbers of antineutrinos in bins below 2 MeV are those of a summation
        [flag].
    below : float
        Factor on all spectra below the energy of `low_energy_systematic` [dimensionless].
    editions : tuple of str
        Editions of fission-spectra beside those of the isotopes [names].

    Raises
    ------
    InvalidInput
        If a factor is negative or not finite.
    """

    name: str
    above: Mapping[str, float] = field(default_factory=dict)
    summation: bool = False
    below: float = 1.0
    editions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the factors."""
        for isotope, factor in self.above.items():
            lookup("fissile isotope", isotope, ISOTOPES)
            if float(finite(f"factor of {isotope}", factor)) < 0:
                raise InvalidInput(f"factor of {isotope}: found {factor:g}, expected >= 0")
        if float(finite("factor at low energy", self.below)) < 0:
            raise InvalidInput(f"factor at low energy: found {self.below:g}, expected >= 0")

    def spectrum(self, isotope: str, *, refinement: int = 1) -> Continuum:
        """Return the antineutrino spectrum of one fission.

        Parameters
        ----------
        isotope : str
            U235, U238, Pu239 or Pu241 [name].
        refinement : int
            Each interval between knots is cut into so many [dimensionless].

        Returns
        -------
        Continuum
            From 1 eV to 8 MeV [1/energy].

        Raises
        ------
        UnknownName
            For another isotope.

        Example
        -------
        >>> lower = fission_model("kurchatov").spectrum("U235")
        >>> higher = fission_model("huber-mueller").spectrum("U235")
        >>> at = np.array([1.0, 4.0]) * u.MeV
        >>> (higher.density(at) / lower.density(at)).round(3)
        array([1.   , 1.054])
        """
        spectrum = fission_spectrum(isotope, refinement=refinement)
        edges, factors = np.array([0.0, JOIN, spectrum.energy_max]), np.ones(2)
        factors[1] = self.above.get(isotope, 1.0)
        if self.summation:
            edges, below = _summation_factors(isotope, spectrum)
            factors = np.append(below, factors[1])
        spectrum = reweighted(spectrum, edges, factors)
        if self.below == 1.0:
            return spectrum
        _, limit = low_energy_systematic()
        edges = np.array([0.0, limit, spectrum.energy_max])
        return reweighted(spectrum, edges, np.array([self.below, 1.0]))

    def references(self) -> tuple[str, ...]:
        """Return what is used below 2 MeV and beside the tables of the isotopes."""
        names = (LOW_ENERGY, *self.editions)
        return tuple(edition("fission-spectra", name).reference for name in names)


def fission_model(name: str) -> FissionModel:
    """Return a model of the fission spectra by its name.

    Parameters
    ----------
    name : str
        huber-mueller, kurchatov or summation-low-energy [name].

    Returns
    -------
    FissionModel
        Frozen.

    Raises
    ------
    UnknownName
        For another name.

    References
    ----------
    V. Kopeikin, M. Skorokhvatov and O. Titov, Phys. Rev. D 104, L071301 (2021);
    L. Perisse et al., Phys. Rev. C 108, 055501 (2023).

    Example
    -------
    >>> fission_model("summation-low-energy").summation
    True
    """
    build = lookup("fission model", name, FISSION_MODELS)
    return build(name)


def conversion_ratio() -> float:
    """Return ILL over Kurchatov Institute for the ratio U235/Pu239 of the beta spectra.

    Returns
    -------
    float
        1.054 [dimensionless].

    Example
    -------
    >>> conversion_ratio()
    1.054
    """
    return float(edition("fission-spectra", KURCHATOV).card["ratio"])


def reweighted(continuum: Continuum, edges: Array, factors: Array) -> Continuum:
    """Return a spectrum with one factor between each two edges, exactly.

    Parameters
    ----------
    continuum : Continuum
        What is multiplied [any].
    edges : ndarray
        n + 1 increasing energies from the first to the last knot or beyond; those inside
        become knots [energy].
    factors : ndarray
        n values >= 0 [dimensionless].

    Returns
    -------
    Continuum
        With jumps at the edges.

    Raises
    ------
    InvalidInput
        If edges do not increase or do not enclose the spectrum, or shapes do not fit.

    Example
    -------
    >>> flat = Continuum("nu_e", np.array([1.0, 3.0]), np.array([2.0]), np.array([2.0]))
    >>> reweighted(flat, np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.5])).low
    array([2., 1.])
    """
    edges = strictly_increasing("edges", np.ravel(edges))
    factors = finite("factors", factors)
    knots = continuum.energies
    if edges[0] > knots[0] or edges[-1] < knots[-1] or factors.shape != (edges.size - 1,):
        raise InvalidInput(
            f"edges: found {edges.size} with {factors.size} factors, expected one factor for each "
            "interval and edges that enclose the spectrum"
        )
    inside = edges[(edges > knots[0]) & (edges < knots[-1])]
    # an edge that is a knot up to rounding stays one knot
    near = np.searchsorted(knots, inside)
    gap = np.minimum(abs(knots[near] - inside), abs(knots[np.maximum(near - 1, 0)] - inside))
    cut = continuum.split(inside[gap > 1e-12 * inside])
    middle = (cut.energies[:-1] + cut.energies[1:]) / 2
    which = np.searchsorted(edges, middle) - 1
    return Continuum(cut.flavor, cut.energies, cut.low * factors[which], cut.high * factors[which])


def _summation_factors(isotope: str, spectrum: Continuum) -> tuple[Array, Array]:
    """Edges up to the end of the spectrum, and the factor in each bin below 2 MeV."""
    table = edition("fission-spectra", SUMMATION)
    low, high = (table.column(name) * u.MeV for name in ("low_MeV", "high_MeV"))
    above = spectrum.moment(0)
    present = above(low) - above(high)
    factors = table.column(f"{isotope}_per_fission") / present
    return np.append(low, [high[-1], spectrum.energy_max]), factors


def _huber_mueller(name: str) -> FissionModel:
    return FissionModel(name)


def _kurchatov(name: str) -> FissionModel:
    factor = 1 / conversion_ratio()
    return FissionModel(name, {"U235": factor, "U238": factor}, editions=(KURCHATOV,))


def _summation(name: str) -> FissionModel:
    return FissionModel(name, summation=True, editions=(SUMMATION,))


FISSION_MODELS = {
    "huber-mueller": _huber_mueller,
    "kurchatov": _kurchatov,
    "summation-low-energy": _summation,
}
"""Name -> builder."""
