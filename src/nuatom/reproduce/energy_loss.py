"""Energy loss of a charged particle per length: our cross sections against Bethe's formula.

::

    -dE/dx = n Int T (dsigma/dT) dT

with dsigma/dT from the same kernels and responses as for a neutrino: equivalent photons in
the medium, close collisions, and free electrons above the photoabsorption table.
"""

import csv
import functools
from dataclasses import dataclass, field
from importlib import resources

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import OutOfRange, lookup
from nuatom.interactions.charged_projectile import (
    ChargedProjectile,
    largest_transfer,
    total_energy,
)
from nuatom.rates import cross_section_by_shell
from nuatom.responses import FreeElectrons, Response
from nuatom.responses.measure import gauss_legendre
from nuatom.responses.medium import photoabsorption_ionisation
from nuatom.targets import Element, Photoabsorption, element
from nuatom.targets.dielectric import Dielectric, dielectric
from nuatom.targets.oscillator_strength import OscillatorStrength

PER_AREAL_DENSITY = u.MeV * u.cm**2 / u.gram
"""The unit of a mass stopping power: MeV cm^2/g."""

_PARAMETERS = "data/targets/stopping-power-parameters/sternheimer-1984/table.csv"
_MUONS = "data/targets/muon-ionisation-loss/groom-2001/table.csv"
_PANELS, _NODES, _HARD_NODES = 40, 8, 120


@dataclass(frozen=True)
class BetheParameters:
    """What Bethe's formula needs of a material.

    Parameters
    ----------
    element : str
        Symbol [name].
    mean_excitation_energy : float
        I [energy].
    c_bar, x0, x1, a, k, delta0 : float
        Sternheimer's parameters of the density effect [dimensionless].
    """

    element: str
    mean_excitation_energy: float
    c_bar: float
    x0: float
    x1: float
    a: float
    k: float
    delta0: float


def bethe_parameters(symbol: str) -> BetheParameters:
    """Return the parameters of silicon or germanium.

    Parameters
    ----------
    symbol : str
        Si or Ge [name].

    Returns
    -------
    BetheParameters
        Sternheimer, Berger and Seltzer (1984), ICRU 37.

    Raises
    ------
    UnknownName
        For any other element.

    Example
    -------
    >>> round(bethe_parameters("Ge").mean_excitation_energy / u.eV)
    350
    """
    text = (resources.files("nuatom") / _PARAMETERS).read_text(encoding="utf-8")
    rows = {row["element"]: row for row in csv.DictReader(text.splitlines())}
    row = lookup("element with density-effect parameters", symbol, rows)
    return BetheParameters(
        element=symbol,
        mean_excitation_energy=float(row["mean_excitation_energy_eV"]) * u.eV,
        **{name: float(row[name]) for name in ("c_bar", "x0", "x1", "a", "k", "delta0")},
    )


def tabulated_muon_loss(symbol: str) -> tuple[Array, Array]:
    """Return kinetic energies and tabulated ionisation losses of muons.

    Parameters
    ----------
    symbol : str
        Ge [name].

    Returns
    -------
    tuple of ndarray
        Kinetic energy [energy] and mass stopping power [energy length^2/mass].

    Example
    -------
    >>> _, loss = tabulated_muon_loss("Ge")
    >>> print(f"{loss.min() / PER_AREAL_DENSITY:.3f}")
    1.370
    """
    text = (resources.files("nuatom") / _MUONS).read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["element"] == symbol]
    kinetic = np.array([float(row["kinetic_energy_MeV"]) for row in rows])
    loss = np.array([float(row["ionisation_MeV_cm2_per_g"]) for row in rows])
    return kinetic * u.MeV, loss * PER_AREAL_DENSITY


def density_effect(beta_gamma: ArrayLike, parameters: BetheParameters) -> Array:
    """Return Sternheimer's delta.

    ::

        X = log10(beta gamma)
        delta = 2 X ln 10 - C                      X >= x1
                2 X ln 10 - C + a (x1 - X)^k       x0 <= X < x1
                delta0 10^(2 (X - x0))             X < x0

    Parameters
    ----------
    beta_gamma : array_like
        Momentum over mass [dimensionless].
    parameters : BetheParameters
        Of the material [bethe parameters].

    Returns
    -------
    ndarray
        [dimensionless]

    Example
    -------
    >>> germanium = bethe_parameters("Ge")
    >>> bool(density_effect(1e6, germanium) > density_effect(3.0, germanium) > 0)
    True
    """
    X = np.log10(finite("beta gamma", beta_gamma, positive=True))
    p = parameters
    high = 2 * np.log(10) * X - p.c_bar
    middle = high + p.a * np.maximum(p.x1 - X, 0.0) ** p.k
    low = p.delta0 * 10 ** (2 * np.minimum(X - p.x0, 0.0))
    return np.asarray(np.where(p.x1 <= X, high, np.where(p.x0 <= X, middle, low)))


def bethe_loss(
    beta_gamma: ArrayLike, mass: float, parameters: BetheParameters, *, dense: bool = True
) -> Array:
    """Return the mass stopping power of Bethe's formula for a particle of charge 1.

    ::

        (4 pi alpha^2 Z n/(m beta^2)) { (1/2) ln[2m (beta gamma)^2 T_max/I^2] - beta^2
                                        - delta/2 + (1/8)(T_max/E)^2 }

    Parameters
    ----------
    beta_gamma : array_like
        Momentum over mass [dimensionless].
    mass : float
        M of the particle [energy].
    parameters : BetheParameters
        Of the material [bethe parameters].
    dense : bool
        Whether the density effect is subtracted [flag].

    Returns
    -------
    ndarray
        [energy length^2/mass]

    Notes
    -----
    Without shell corrections: for beta gamma above 0.3.  Groom, Mokhov and Striganov, At.
    Data Nucl. Data Tables 78, 183 (2001), section 3.

    Example
    -------
    >>> loss = bethe_loss(3.21, c.muon_mass, bethe_parameters("Ge"))
    >>> print(f"{loss / PER_AREAL_DENSITY:.2f}")
    1.37
    """
    bg = finite("beta gamma", beta_gamma, positive=True)
    E = total_energy(mass, bg)
    top = largest_transfer(mass, E)
    beta2 = bg**2 / (1 + bg**2)
    m, target = c.electron_mass, element(parameters.element)
    bracket = np.log(2 * m * bg**2 * top / parameters.mean_excitation_energy**2) / 2 - beta2
    bracket += top**2 / (8 * E**2)
    if dense:
        bracket -= density_effect(bg, parameters) / 2
    strength = 4 * np.pi * c.fine_structure**2 * target.atomic_number * target.atoms_per_mass
    return np.asarray(strength / (m * beta2) * bracket)


def struck_electron_bremsstrahlung(beta_gamma: ArrayLike, mass: float, target: Element) -> Array:
    """Return the loss to bremsstrahlung of the struck electrons, which tables include.

    ``(alpha^3 Z n/m) [ln(2E/M) - (1/3) ln(2T_max/m)] ln^2(2T_max/m)``

    Parameters
    ----------
    beta_gamma : array_like
        Momentum over mass [dimensionless].
    mass : float
        M [energy].
    target : Element
        The material [element].

    Returns
    -------
    ndarray
        [energy length^2/mass]

    Notes
    -----
    Groom, Mokhov and Striganov (2001), section 3; of a higher order in alpha than the
    rest, and negligible below 1 GeV.

    Example
    -------
    >>> loss = struck_electron_bremsstrahlung(95.6, c.muon_mass, element("Ge"))
    >>> print(f"{loss / PER_AREAL_DENSITY:.3f}")
    0.015
    """
    E = total_energy(mass, beta_gamma)
    m = c.electron_mass
    log_top = np.log(2 * largest_transfer(mass, E) / m)
    strength = c.fine_structure**3 * target.atomic_number * target.atoms_per_mass / m
    return np.asarray(strength * (np.log(2 * E / mass) - log_top / 3) * log_top**2)


@dataclass(frozen=True, eq=False)
class WholeAtom:
    """A photoabsorption source with its subshells added up, which is all that a loss needs.

    Parameters
    ----------
    resolved : Photoabsorption
        The source by subshell [photoabsorption].
    """

    resolved: Photoabsorption
    name: str = "whole-atom"
    shells: tuple[str, ...] = field(default=("total",), init=False)

    @property
    def element(self) -> str:
        """Symbol of the element."""
        return self.resolved.element

    @property
    def edges(self) -> Array:
        """All edges [energy]."""
        return self.resolved.edges

    @property
    def energy_min(self) -> float:
        """Lower end of the range [energy]."""
        return self.resolved.energy_min

    @property
    def energy_max(self) -> float:
        """Upper end of the range [energy]."""
        return self.resolved.energy_max

    def cross_section(self, energy: Array | float) -> Array:
        """Return sigma(T) of the atom [length^2]."""
        return self.resolved.cross_section(energy)

    def by_shell(self, energy: Array | float) -> Array:
        """Return sigma(T) as the only shell [length^2]."""
        return self.cross_section(energy)[None, :]


@dataclass(frozen=True, eq=False)
class EnergyLoss:
    """Mass stopping power of an element by integration of T dsigma/dT.

    Parameters
    ----------
    symbol : str
        The element [name].
    vacuum : bool
        Whether the density effect is left out [flag].

    Notes
    -----
    Three parts: the photoabsorption-ionisation model over the range of the table (10 eV to
    100 keV), Z free electrons above it, and distant collisions with the strength that
    lies below it (see `below_table`).
    """

    symbol: str
    vacuum: bool = False

    @functools.cached_property
    def _medium(self) -> Dielectric:
        resolved = dielectric(element(self.symbol))
        whole = WholeAtom(resolved.photoabsorption)
        return Dielectric(whole, resolved.dispersion, resolved.number_density)

    @functools.cached_property
    def _grid(self) -> tuple[Array, Array]:
        """Energy transfers and weights dT, with panels that end at the edges."""
        low, high = self._medium.energy_min, self._medium.energy_max
        edges = self._medium.photoabsorption.edges
        ends = np.concatenate(
            [np.geomspace(low, high, _PANELS + 1), edges[(edges > low) & (edges < high)]]
        )
        ends = np.log(np.unique(ends))
        ends[0], ends[-1] = np.log(low), np.log(high)
        x, dx = gauss_legendre(ends[:-1], ends[1:], _NODES)
        T = np.exp(x.ravel())
        return T, dx.ravel() * T

    @functools.cached_property
    def below_table(self) -> float:
        """Return the electrons whose strength lies below the table [dimensionless].

        In the medium it is what the loss function leaves of the sum rule,
        ``Z - (m/(2 pi^2 alpha n)) Int T Im(-1/eps) dT``; in vacuum what photoabsorption
        leaves of it.
        """
        medium = self._medium
        if self.vacuum:
            return OscillatorStrength(medium.photoabsorption).missing
        T, dT = self._grid
        eps = medium.permittivity(T)
        found = (T * dT * eps.imag / np.abs(eps) ** 2).sum() * c.electron_mass
        found /= 2 * np.pi**2 * c.fine_structure * medium.number_density
        return float(element(self.symbol).atomic_number - found)

    def __call__(self, beta_gamma: float, mass: float) -> float:
        """Return the mass stopping power of a particle of charge 1.

        Parameters
        ----------
        beta_gamma : float
            Momentum over mass, above 0.4: free electrons must reach beyond the
            photoabsorption table [dimensionless].
        mass : float
            M [energy].

        Returns
        -------
        float
            [energy length^2/mass]

        Raises
        ------
        OutOfRange
            If the particle is too slow.
        """
        E = float(total_energy(mass, beta_gamma))
        top = float(largest_transfer(mass, E))
        if top < self._medium.energy_max:
            raise OutOfRange(
                f"energy loss: found beta gamma = {beta_gamma:.4g}, with which a free electron "
                f"takes at most {top / u.keV:.4g} keV, expected more than "
                f"{self._medium.energy_max / u.keV:.4g} keV; choose a faster particle"
            )
        T, dT = self._grid
        model = photoabsorption_ionisation(self._medium, vacuum=self.vacuum)
        atom = (self._differential(T, E, mass, model) * T * dT).sum()
        ends = np.log([self._medium.energy_max, top])
        x, dx = gauss_legendre(ends[:1], ends[1:], _HARD_NODES)
        hard = np.exp(x[0])
        free = FreeElectrons(element(self.symbol))
        atom += (self._differential(hard, E, mass, free) * hard**2 * dx[0]).sum()
        atom += self._distant(beta_gamma)
        return float(atom * element(self.symbol).atoms_per_mass)

    def _differential(self, T: Array, E: float, mass: float, response: Response) -> Array:
        """Return dsigma/dT of the atom."""
        by_shell = cross_section_by_shell(
            T,
            np.full(T.size, E),
            interaction=ChargedProjectile(mass),
            response=response,
            flavor="nu_e",
        )
        return np.asarray(by_shell.sum(axis=0))

    def _distant(self, beta_gamma: float) -> float:
        """Return ``(2 pi alpha^2 N/(m beta^2)) [ln(2m beta^2/T_0) + (ln gamma^2 - beta^2)]``.

        T_0 is the lower end of the table.  The last bracket, the relativistic rise, is
        there in vacuum only: the fields of a plasma do not reach further as gamma grows.
        """
        gamma2 = 1 + beta_gamma**2
        beta2 = beta_gamma**2 / gamma2
        logarithm = np.log(2 * c.electron_mass * beta2 / self._medium.energy_min)
        if self.vacuum:
            logarithm += np.log(gamma2) - beta2
        strength = 2 * np.pi * c.fine_structure**2 * self.below_table
        return float(strength / (c.electron_mass * beta2) * logarithm)
