"""Neutrino spectra of beta decays with the allowed shape.

::

    dN/dE_nu ~ p_e E_e E_nu^2 F(+-Z, E_e),     E_e = m + E_0 - E_nu,

for each branch of end point E_0, with the Fermi function F of the daughter: +Z for an
electron (and an antineutrino), -Z for a positron (and a neutrino).  Forbidden shape
factors, screening and radiative corrections are left out: they change the shape by a few
per cent.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput, lookup
from nuatom.sources.continuum import Continuum
from nuatom.sources.editions import edition

DECAYS = {
    "U239": "u239-ensdf",
    "Np239": "np239-ensdf",
    "H3": "h3-ensdf",
    "pp": "pp-ame2020",
    "hep": "hep-ame2020",
    "N13": "n13-ensdf",
    "O15": "o15-ensdf",
    "F17": "f17-ensdf",
    "B8": "b8-effective",
}
"""Parent nuclide, or reaction in the Sun -> edition of its branches."""

LOWEST_ENERGY = 1 * u.eV
"""Where spectra begin; the flux below is a fraction of 1e-14 and is left out."""
_GEOMETRIC_UP_TO = 50 * u.keV
_RATIO = 1.01
_STEP = 1 * u.keV
_MOST_STEPS = 2000
"""Long spectra take longer steps: the greatest energy in so many."""
_LEAST_KINETIC_ENERGY = 1e-9
"""In units of the end point: p F(Z, E_e) has a finite limit where the electron is at rest."""


@dataclass(frozen=True, eq=False)
class BetaDecay:
    """The branches of a beta decay.

    Parameters
    ----------
    parent : str
        Nuclide [name].
    atomic_number : int
        Z of the daughter [dimensionless].
    mass_number : int
        A [dimensionless].
    end_points : ndarray
        Greatest neutrino energy of each branch [energy].
    intensities : ndarray
        Relative frequency of each branch; normalised to a sum of 1 [dimensionless].
    reference : str
        Where the numbers come from [text].
    positron : bool
        Whether a positron and a neutrino come out, not an electron and an antineutrino [flag].

    Raises
    ------
    InvalidInput
        If shapes differ, or an end point or intensity is not positive.
    """

    parent: str
    atomic_number: int
    mass_number: int
    end_points: Array
    intensities: Array
    reference: str = ""
    positron: bool = False

    def __post_init__(self) -> None:
        """Check and normalise."""
        end_points = finite("end point", self.end_points, positive=True)
        intensities = finite("branch intensity", self.intensities, positive=True)
        if end_points.shape != intensities.shape or end_points.ndim != 1:
            raise InvalidInput(
                f"decay of {self.parent}: found {end_points.shape} end points and "
                f"{intensities.shape} intensities, expected one intensity for each end point"
            )
        object.__setattr__(self, "end_points", end_points)
        object.__setattr__(self, "intensities", intensities / intensities.sum())


def beta_decay(parent: str) -> BetaDecay:
    """Return the evaluated branches of a decay.

    Parameters
    ----------
    parent : str
        A key of `DECAYS` [name].

    Returns
    -------
    BetaDecay
        End point of a branch = Q less the energy of the daughter level, and for a positron
        less two electron masses, with Q the difference of atomic masses.

    Raises
    ------
    UnknownName
        For another nuclide.

    Example
    -------
    >>> round(float(beta_decay("U239").end_points[2] / u.keV), 3)
    1186.836
    """
    table = edition("beta-branches", lookup("beta decay of", parent, DECAYS))
    levels = table.column("daughter_level_keV") * u.keV
    positron = bool(table.card.get("positron", False))
    rest = 2 * c.electron_mass if positron else 0.0
    return BetaDecay(
        parent,
        int(table.card["daughter_atomic_number"]),
        int(table.card["mass_number"]),
        float(table.card["q_value_keV"]) * u.keV - rest - levels,
        table.column("intensity_percent"),
        table.reference,
        positron,
    )


def fermi_function(kinetic_energy: Array, *, atomic_number: int, mass_number: int) -> Array:
    """Return the Fermi function of an electron at the surface of the daughter nucleus.

    ::

        F = 2 (1 + g) (2 p R)^(2(g-1)) exp(pi y) |Gamma(g + i y)|^2 / Gamma(2g + 1)^2,
        g = sqrt(1 - (alpha Z)^2),  y = alpha Z E_e/p,  R = 1.2 fm A^(1/3)

    Parameters
    ----------
    kinetic_energy : ndarray
        Of the electron, > 0 [energy].
    atomic_number : int
        Z of the daughter; -Z for a positron [dimensionless].
    mass_number : int
        A; it only enters the normalisation, not the shape [dimensionless].

    Returns
    -------
    ndarray
        F [dimensionless].

    References
    ----------
    E. J. Konopinski, The Theory of Beta Radioactivity (1966).

    Example
    -------
    >>> float(fermi_function(np.array(1 * u.MeV), atomic_number=0, mass_number=1))
    1.0
    """
    from scipy.special import gammaln, loggamma

    total = kinetic_energy + c.electron_mass
    p = np.sqrt(kinetic_energy * (kinetic_energy + 2 * c.electron_mass))
    strength = c.fine_structure * atomic_number
    g = np.sqrt(1 - strength**2)
    y = strength * total / p
    radius = 1.2 * u.fm * mass_number ** (1 / 3)
    logarithm = (
        np.log(2 * (1 + g))
        + 2 * (g - 1) * np.log(2 * p * radius)
        + np.pi * y
        + 2 * np.real(loggamma(g + 1j * y))
        - 2 * gammaln(2 * g + 1)
    )
    return np.asarray(np.exp(logarithm))


def allowed_shape(
    neutrino_energy: Array, *, end_point: float, atomic_number: int, mass_number: int
) -> Array:
    """Return ``p_e E_e E_nu^2 F(Z, E_e)``, without normalisation.

    At the end point the electron is at rest, and because of the Coulomb attraction the
    shape is finite there: the antineutrino spectrum ends with a jump.  A positron is
    repelled, and its neutrino spectrum ends smoothly.

    Parameters
    ----------
    neutrino_energy : ndarray
        E_nu, from 0 to the end point [energy].
    end_point : float
        E_0 [energy].
    atomic_number : int
        Z of the daughter; -Z for a positron [dimensionless].
    mass_number : int
        A [dimensionless].

    Returns
    -------
    ndarray
        [energy^4]

    Example
    -------
    >>> E = np.array([0.0, 0.5, 1.0]) * u.MeV
    >>> shape = allowed_shape(E, end_point=1 * u.MeV, atomic_number=93, mass_number=239)
    >>> bool(shape[0] == 0 and shape[2] > shape[1])
    True
    """
    kinetic = np.maximum(end_point - neutrino_energy, _LEAST_KINETIC_ENERGY * end_point)
    p = np.sqrt(kinetic * (kinetic + 2 * c.electron_mass))
    factor = fermi_function(kinetic, atomic_number=atomic_number, mass_number=mass_number)
    return np.asarray(p * (kinetic + c.electron_mass) * neutrino_energy**2 * factor)


def decay_spectrum(decay: BetaDecay, *, refinement: int = 1) -> Continuum:
    """Return the neutrino spectrum of one decay, normalised to 1.

    Parameters
    ----------
    decay : BetaDecay
        Its branches [beta decay].
    refinement : int
        Each interval between knots is cut into so many; 1 leaves an error of moments
        below 1e-5 [dimensionless].

    Returns
    -------
    Continuum
        Of anti_nu_e, or of nu_e beside a positron; knots 1 keV or 1/2000 of the greatest
        energy apart (closer below 50 keV), each end point among them [1/energy].

    Example
    -------
    >>> spectrum = decay_spectrum(beta_decay("Np239"))
    >>> bool(np.isclose(spectrum.moment(0)(np.array(0.0)), 1, rtol=1e-12))
    True
    """
    knots = sampled([LOWEST_ENERGY, *decay.end_points.tolist()], refinement)
    charge = -decay.atomic_number if decay.positron else decay.atomic_number
    low, high = np.zeros(knots.size - 1), np.zeros(knots.size - 1)
    for end_point, intensity in zip(decay.end_points, decay.intensities, strict=True):
        n = int(np.searchsorted(knots, end_point))
        shape = allowed_shape(
            knots[: n + 1],
            end_point=float(end_point),
            atomic_number=charge,
            mass_number=decay.mass_number,
        )
        area = np.sum((shape[:-1] + shape[1:]) / 2 * np.diff(knots[: n + 1]))
        low[:n] += intensity * shape[:-1] / area
        high[:n] += intensity * shape[1:] / area
    return Continuum("nu_e" if decay.positron else "anti_nu_e", knots, low, high)


def sampled(marks: list[float], refinement: int = 1) -> Array:
    """Return knots through all `marks`: 1 % apart below 50 keV, then 1 keV or 1/2000 of the last.

    Parameters
    ----------
    marks : list of float
        Energies that must be knots, such as end points [energy].
    refinement : int
        Number of pieces into which each interval is cut further [dimensionless].

    Returns
    -------
    ndarray
        Increasing, from the least to the greatest mark [energy].

    Example
    -------
    >>> knots = sampled([1 * u.keV, 100 * u.keV])
    >>> bool(np.all(np.diff(knots) < 1.001 * u.keV))
    True
    """
    edges = np.unique([float(mark) for mark in marks])
    if edges[0] < _GEOMETRIC_UP_TO < edges[-1]:
        edges = np.unique(np.append(edges, _GEOMETRIC_UP_TO))
    step = max(_STEP, edges[-1] / _MOST_STEPS)
    parts = [edges[:1]]
    for start, stop in pairwise(edges.tolist()):
        if stop <= _GEOMETRIC_UP_TO:
            n = int(np.ceil(np.log(stop / start) / np.log(_RATIO) - 1e-6)) * refinement
            parts.append(np.geomspace(start, stop, max(n, refinement) + 1)[1:])
        else:
            n = int(np.ceil((stop - start) / step - 1e-6)) * refinement
            parts.append(np.linspace(start, stop, max(n, refinement) + 1)[1:])
        parts[-1][-1] = stop
    return np.concatenate(parts)
