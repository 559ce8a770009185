"""The dielectric function of a dense target, from its photoabsorption.

::

    eps(T) = 1 - (4 pi n alpha/(m T^2)) (f1 - i f2),    f2 = m T sigma_gamma/(4 pi alpha)

with n atoms per volume and f1 + i f2 the atomic scattering factor in the forward
direction.  f1 comes from f2 by the dispersion relation or from Henke's table.  The
target is a collection of free atoms: near and below the plasma energy of the valence
electrons (16 eV in Ge) a solid is not, and neither is it within some 50 eV of an edge.

References: B. L. Henke, E. M. Gullikson and J. C. Davis, At. Data Nucl. Data Tables 54,
181 (1993); J. D. Jackson, Classical Electrodynamics, 3rd edition, section 7.10.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput, lookup
from nuatom.targets.elements import Element, element
from nuatom.targets.oscillator_strength import EDGE_BROADENING, energy_nodes
from nuatom.targets.photoabsorption import Photoabsorption, photoabsorption
from nuatom.targets.totals import checked_energy

ComplexArray = npt.NDArray[np.complex128]

_BEYOND = 30.0
"""The dispersion integral continues the table to this multiple of its last energy."""
_BEYOND_NODES = 60


class Dispersion(Protocol):
    """The real part of the scattering factor of one element.

    Parameters
    ----------
    energy : ndarray
        T, one-dimensional [energy].
    """

    @property
    def name(self) -> str:
        """Name of the source."""

    @property
    def energy_min(self) -> float:
        """Lower end of the range [energy]."""

    @property
    def energy_max(self) -> float:
        """Upper end of the range [energy]."""

    def real_part(self, energy: Array) -> Array:
        """Return f1(T); OutOfRange outside the range [dimensionless]."""


def electrons_at_high_energy(atomic_number: int) -> float:
    """Return f1 far above every edge, ``Z* = Z - (Z/82.5)^2.37``.

    Parameters
    ----------
    atomic_number : int
        Z [dimensionless].

    Returns
    -------
    float
        Z less a relativistic correction that does not depend on the energy; the form
        that Henke's tables contain.

    Example
    -------
    >>> round(electrons_at_high_energy(32), 3)
    31.894
    """
    return float(atomic_number - (atomic_number / 82.5) ** 2.37)


@dataclass(frozen=True, eq=False)
class HenkeDispersion:
    """f1 of Henke, Gullikson and Davis, 29 eV to 30 keV, linear in ln E between points.

    Parameters
    ----------
    target : Element
        What scatters [element].
    """

    target: Element
    name: str = "henke"

    @functools.cached_property
    def _table(self) -> tuple[Array, Array]:
        """Energies and f1 where the table has it (below 29 eV it has none)."""
        import periodictable

        table = np.asarray(periodictable.elements[self.target.atomic_number].xray.sftable)
        energy, f1, _ = table if table.shape[0] == 3 else table.T
        known = np.isfinite(f1)
        return energy[known] * u.keV, f1[known]

    @property
    def energy_min(self) -> float:
        """Lowest energy with f1 [energy]."""
        return float(self._table[0][0])

    @property
    def energy_max(self) -> float:
        """Highest energy [energy]."""
        return float(self._table[0][-1])

    def real_part(self, energy: Array) -> Array:
        """Return f1(T) [dimensionless]."""
        name = f"Henke f1 of {self.target.symbol}"
        values = checked_energy(name, energy, self.energy_min, self.energy_max)
        nodes, f1 = self._table
        return np.interp(np.log(values / u.keV), np.log(nodes / u.keV), f1)


@dataclass(frozen=True, eq=False)
class KramersKronig:
    """f1 from f2 by the dispersion relation.

    ::

        f1(E) = Z* + (2/pi) P Int_0^inf E' f2(E')/(E^2 - E'^2) dE'

    f2 is taken as piecewise linear in E'^2 on a dense grid with both sides of each edge,
    for which the principal value is a closed form; above the table ``f2 ~ E^-2``.  The
    strength below the table (valence electrons) counts as free electrons, which is
    right for E far above 10 eV.

    Parameters
    ----------
    photoabsorption : Photoabsorption
        Gives f2 [photoabsorption].

    Notes
    -----
    f1 has a logarithmic dip at each edge; it is cut off at a relative distance of 1e-4,
    about the natural width of the hole.  Valid over the range of the source, poor within
    a factor of three of its lower end.

    Example
    -------
    >>> from nuatom.targets import element, photoabsorption
    >>> f1 = KramersKronig(photoabsorption(element("Ge"))).real_part(30 * u.keV)
    >>> bool(31.5 < f1[0] < 33.0)
    True
    """

    photoabsorption: Photoabsorption
    name: str = "kramers-kronig"

    @property
    def energy_min(self) -> float:
        """Lower end of the photoabsorption [energy]."""
        return self.photoabsorption.energy_min

    @property
    def energy_max(self) -> float:
        """Upper end of the photoabsorption [energy]."""
        return self.photoabsorption.energy_max

    def real_part(self, energy: Array) -> Array:
        """Return f1(T) [dimensionless]."""
        name = f"f1 of {self.photoabsorption.element}"
        values = checked_energy(name, energy, self.energy_min, self.energy_max)
        nodes, f1 = self._table
        return np.interp(np.log(values / u.keV), nodes, f1)

    @functools.cached_property
    def _table(self) -> tuple[Array, Array]:
        """ln(E/keV) between the nodes of f2, and f1 there."""
        photo = self.photoabsorption
        nodes = energy_nodes(photo)
        f2 = scattering_factor(nodes, photo.cross_section(nodes))
        beyond = photo.energy_max * np.geomspace(1, _BEYOND, _BEYOND_NODES)[1:]
        f2 = np.concatenate([f2, f2[-1] * (photo.energy_max / beyond) ** 2])
        square = np.concatenate([nodes, beyond]) ** 2
        at = np.sqrt(nodes[1:] * nodes[:-1])
        near = np.abs(at[:, None] / photo.edges - 1).min(axis=1) < EDGE_BROADENING
        at = at[~near]
        heavy = electrons_at_high_energy(element(photo.element).atomic_number)
        return np.log(at / u.keV), heavy + _principal_value(at**2, square, f2) / np.pi


def _principal_value(at: Array, nodes: Array, values: Array) -> Array:
    """Return ``P Int f(u)/(x - u) du`` for f piecewise linear on the nodes, ``f ~ 1/u`` above.

    On each interval ``Int (a + b u)/(x - u) du = -(a + b x) ln|x - u| - b u``; above the
    last node ``(f u)_last ln(1 - x/u_last)/x``.
    """
    slope = np.diff(values) / np.diff(nodes)
    log_distance = np.log(np.abs(at[:, None] - nodes))
    at_x = values[:-1] + slope * (at[:, None] - nodes[:-1])
    inside = -(at_x * np.diff(log_distance, axis=1)).sum(axis=1) - np.diff(values).sum()
    return np.asarray(inside + values[-1] * nodes[-1] / at * np.log1p(-at / nodes[-1]))


def scattering_factor(energy: Array, cross_section: Array) -> Array:
    """Return ``f2 = m T sigma_gamma/(4 pi alpha)``, the optical theorem.

    Parameters
    ----------
    energy : ndarray
        T [energy].
    cross_section : ndarray
        sigma_gamma(T) of the atom [length^2].

    Returns
    -------
    ndarray
        [dimensionless]
    """
    return np.asarray(c.electron_mass * energy * cross_section / (4 * np.pi * c.fine_structure))


@dataclass(frozen=True, eq=False)
class Dielectric:
    """``eps(T) = 1 - (4 pi n alpha/(m T^2)) (f1 - i f2)`` of one element.

    Parameters
    ----------
    photoabsorption : Photoabsorption
        Gives f2 [photoabsorption].
    dispersion : Dispersion
        Gives f1 [dispersion].
    number_density : float
        Atoms per volume [1/length^3].

    Raises
    ------
    InvalidInput
        If the number density is not positive.

    Notes
    -----
    Its range is the common one of the two sources.
    """

    photoabsorption: Photoabsorption
    dispersion: Dispersion
    number_density: float

    def __post_init__(self) -> None:
        """Check the density."""
        finite("number density", self.number_density, positive=True)

    @property
    def energy_min(self) -> float:
        """Lower end of the range [energy]."""
        return max(self.photoabsorption.energy_min, self.dispersion.energy_min)

    @property
    def energy_max(self) -> float:
        """Upper end of the range [energy]."""
        return min(self.photoabsorption.energy_max, self.dispersion.energy_max)

    def deficit(self, energy: Array) -> ComplexArray:
        """Return ``1 - eps``, without the cancellation that 1 - (1 - x) would suffer.

        Parameters
        ----------
        energy : ndarray
            T, one-dimensional [energy].

        Returns
        -------
        ndarray of complex
            [dimensionless]

        Raises
        ------
        OutOfRange
            If an energy is outside the range of either source.
        """
        energy = np.atleast_1d(energy)
        f1 = self.dispersion.real_part(energy)
        f2 = scattering_factor(energy, self.photoabsorption.cross_section(energy))
        scale = 4 * np.pi * self.number_density * c.fine_structure / c.electron_mass
        return np.asarray(scale / energy**2 * (f1 - 1j * f2))

    def permittivity(self, energy: Array) -> ComplexArray:
        """Return eps(T).

        Parameters
        ----------
        energy : ndarray
            T, one-dimensional [energy].

        Returns
        -------
        ndarray of complex
            [dimensionless]

        Raises
        ------
        OutOfRange
            If an energy is outside the range of either source.
        """
        return np.asarray(1 - self.deficit(energy))


DISPERSIONS: Mapping[str, Callable[[Element, Photoabsorption], Dispersion]] = {
    "kramers-kronig": lambda target, source: KramersKronig(source),
    "henke": lambda target, source: HenkeDispersion(target),
}
"""Sources of f1 by name."""


@functools.cache
def dielectric(
    target: Element,
    *,
    photoabsorption_source: str = "recommended",
    dispersion: str = "kramers-kronig",
    number_density: float | None = None,
) -> Dielectric:
    """Return the dielectric function of an element at its usual density.

    Parameters
    ----------
    target : Element
        The material [element].
    photoabsorption_source : str
        Source of sigma_gamma, which gives f2 [name].
    dispersion : str
        ``kramers-kronig`` or ``henke``: where f1 comes from [name].
    number_density : float, optional
        Atoms per volume; by default that of `periodictable`, for a gas a value of the
        condensed phase (xenon 3.52 g/cm^3: give the density of a detector, about 2.9
        g/cm^3, where it matters) [1/length^3].

    Returns
    -------
    Dielectric
        The same object at every call.

    Raises
    ------
    UnknownName
        If a source does not exist.
    InvalidInput
        If no density is known and none is given.

    Example
    -------
    >>> germanium = dielectric(element("Ge"))
    >>> eps = germanium.permittivity(np.array([1.3 * u.keV]))
    >>> bool(abs(1 - eps[0]) < 1e-3)
    True
    """
    if number_density is None:
        import periodictable

        per_volume = periodictable.elements[target.atomic_number].number_density
        if per_volume is None:
            raise InvalidInput(
                f"dielectric of {target.symbol}: found no density, expected number_density=..."
            )
        number_density = float(per_volume) / u.cm**3
    source = photoabsorption(target, photoabsorption_source)
    build = lookup("dispersion", dispersion, DISPERSIONS)
    return Dielectric(source, build(target, source), number_density)
