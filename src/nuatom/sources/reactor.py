"""Reactors: fission fractions, energy per fission, captures on 238U, power and distance."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np

from nuatom import units as u
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, lookup
from nuatom.sources.beta_decay import beta_decay, decay_spectrum
from nuatom.sources.continuum import Continuum, combined
from nuatom.sources.editions import edition
from nuatom.sources.fission_models import FISSION_MODELS, FissionModel, fission_model
from nuatom.sources.fission_spectra import ISOTOPES
from nuatom.sources.flux import Source

ENERGY_PER_FISSION = {"kopeikin": "kopeikin-2004", "ma": "ma-2013"}
"""Name -> edition of the energies released per fission."""
CAPTURE_CHAIN = ("U239", "Np239")
"""What a neutron capture on 238U leaves: two beta decays, in equilibrium."""
_SLACK = 1e-3
"""How far published fission fractions may be from a sum of 1."""


class Fuel(Protocol):
    """What decides the spectrum of a reactor, whatever its power and distance."""

    @property
    def fission_fractions(self) -> Mapping[str, float]:
        """Isotope to its share of the fissions; the sum is 1 [dimensionless]."""
        ...

    @property
    def captures_per_fission(self) -> float:
        """Neutron captures on 238U per fission [dimensionless]."""
        ...

    @property
    def model(self) -> str:
        """Name of the model of the fission spectra [name]."""
        ...


@dataclass(frozen=True)
class FuelMix:
    """The fuel of a core of which only the flux is known.

    Parameters
    ----------
    fission_fractions : mapping
        U235, U238, Pu239, Pu241 to their share of the fissions; missing ones are 0, the sum
        must be 1 within 1e-3 and is normalised [dimensionless].
    captures_per_fission : float
        Neutron captures on 238U per fission [dimensionless].
    model : str
        Model of the fission spectra, a key of `FISSION_MODELS` [name].

    Raises
    ------
    InvalidInput
        If a value is out of range, or fractions do not add up to 1.
    UnknownName
        For an unknown isotope or model.

    Example
    -------
    >>> FuelMix({"U235": 0.5, "Pu239": 0.5}).fission_fractions["U235"]
    0.5
    """

    fission_fractions: Mapping[str, float]
    captures_per_fission: float = 0.6
    model: str = "huber-mueller"

    def __post_init__(self) -> None:
        """Check, and normalise the fractions."""
        object.__setattr__(self, "fission_fractions", _checked_fuel(self))


@dataclass(frozen=True)
class ReactorCore:
    """A reactor core and where the detector stands.

    Parameters
    ----------
    fission_fractions : mapping
        U235, U238, Pu239, Pu241 to their share of the fissions; missing ones are 0, the sum
        must be 1 within 1e-3 and is normalised [dimensionless].
    thermal_power : float
        P [energy/time].
    distance : float
        From the centre of the core to the detector [length].
    captures_per_fission : float
        Neutron captures on 238U per fission, each of which gives two antineutrinos, of U239
        and of Np239 [dimensionless].
    energy_per_fission : str
        Whose values: "kopeikin" (2004) or "ma" (2013) [name].
    model : str
        Model of the fission spectra, a key of `FISSION_MODELS` [name].

    Raises
    ------
    InvalidInput
        If a value is out of range, or fractions do not add up to 1.
    UnknownName
        For an unknown isotope, energy per fission or model.

    Example
    -------
    >>> core = ReactorCore({"U235": 1.0}, thermal_power=1 * u.GW, distance=10 * u.metre)
    >>> round(core.mean_energy_per_fission() / u.MeV, 2)
    201.92
    """

    fission_fractions: Mapping[str, float]
    thermal_power: float
    distance: float
    captures_per_fission: float = 0.6
    energy_per_fission: str = "kopeikin"
    model: str = "huber-mueller"

    def __post_init__(self) -> None:
        """Check, and normalise the fractions."""
        lookup("energy per fission", self.energy_per_fission, ENERGY_PER_FISSION)
        object.__setattr__(self, "fission_fractions", _checked_fuel(self))
        finite("thermal_power", self.thermal_power, positive=True)
        finite("distance", self.distance, positive=True)

    def mean_energy_per_fission(self) -> float:
        """Return ``sum_i f_i E_i``, with the captures that go with a fission [energy]."""
        return mean_energy_per_fission(self.fission_fractions, self.energy_per_fission)

    def fissions_per_area(self) -> float:
        """Return ``P/(<E_f> 4 pi d^2)``: fissions per time, spread over the sphere.

        Returns
        -------
        float
            Times a spectrum per fission, it is the flux density [1/(length^2 time)].
        """
        fissions = self.thermal_power / self.mean_energy_per_fission()
        return float(fissions / (4 * np.pi * self.distance**2))


def mean_energy_per_fission(
    fission_fractions: Mapping[str, float], evaluation: str = "kopeikin"
) -> float:
    """Return ``sum_i f_i E_i``, with the captures that go with a fission.

    Parameters
    ----------
    fission_fractions : mapping
        Isotope to its share of the fissions [dimensionless].
    evaluation : str
        "kopeikin" (2004) or "ma" (2013) [name].

    Returns
    -------
    float
        [energy]

    Raises
    ------
    UnknownName
        For another evaluation.

    Example
    -------
    >>> round(mean_energy_per_fission({"U235": 1.0}) / u.MeV, 2)
    201.92
    """
    name = lookup("energy per fission", evaluation, ENERGY_PER_FISSION)
    table = edition("energy-per-fission", name)
    column = table.column("energy_per_fission_MeV") * u.MeV
    energies = dict(zip(table.columns["isotope"], column, strict=True))
    return float(sum(share * energies[isotope] for isotope, share in fission_fractions.items()))


def _checked_fuel(fuel: Fuel) -> Mapping[str, float]:
    """Return the normalised fission fractions after checking all of a fuel."""
    lookup("fission model", fuel.model, FISSION_MODELS)
    for isotope in fuel.fission_fractions:
        lookup("fissile isotope", isotope, ISOTOPES)
    values = finite("fission_fractions", list(fuel.fission_fractions.values()))
    total = float(values.sum())
    if np.any(values < 0) or abs(total - 1) > _SLACK:
        raise InvalidInput(
            f"fission_fractions: found a sum of {total:g} and a least value of "
            f"{values.min(initial=0.0):g}, expected a sum of 1 and none negative"
        )
    if float(finite("captures_per_fission", fuel.captures_per_fission)) < 0:
        raise InvalidInput(
            f"captures_per_fission: found {fuel.captures_per_fission:g}, expected >= 0"
        )
    shares = {name: float(f) / total for name, f in fuel.fission_fractions.items()}
    return MappingProxyType(shares)


def components(
    fuel: Fuel, *, refinement: int = 1, model: FissionModel | None = None
) -> dict[str, Continuum]:
    """Return the spectra per fission that add up to that of a core.

    Parameters
    ----------
    fuel : Fuel
        A core or a fuel mix: its fission fractions, captures and model [fuel].
    refinement : int
        Each interval between knots is cut into so many; 1 leaves an error of moments
        below 1e-5 [dimensionless].
    model : FissionModel, optional
        Instead of the model that the fuel names [fission model].

    Returns
    -------
    dict
        "fission", and where there are captures "U239" and "Np239" [1/energy].

    Example
    -------
    >>> per_fission = components(FuelMix({"U235": 0.6, "Pu239": 0.4}))
    >>> round(float(per_fission["U239"].moment(0)(np.array(0.0))), 6)
    0.6
    """
    chosen = fission_model(fuel.model) if model is None else model
    fission = [
        chosen.spectrum(isotope, refinement=refinement).scaled(fraction)
        for isotope, fraction in fuel.fission_fractions.items()
        if fraction > 0
    ]
    found = {"fission": combined(fission)}
    if fuel.captures_per_fission > 0:
        for parent in CAPTURE_CHAIN:
            spectrum = decay_spectrum(beta_decay(parent), refinement=refinement)
            found[parent] = spectrum.scaled(fuel.captures_per_fission)
    return found


def reactor(core: ReactorCore, *, total_flux: float | None = None, name: str = "reactor") -> Source:
    """Return the antineutrino flux of a reactor core at a detector.

    ::

        phi(E) = P/(<E_f> 4 pi d^2) { sum_i f_i phi_i(E) + n_c [phi_U239(E) + phi_Np239(E)] }

    Parameters
    ----------
    core : ReactorCore
        Fuel, power, distance and captures [reactor core].
    total_flux : float, optional
        If given, the flux is normalised to it instead of power and distance
        [1/(length^2 time)].
    name : str
        Of the source [name].

    Returns
    -------
    Source
        One continuum of anti_nu_e from 1 eV to 8 MeV; the notes say how it is normalised.

    Raises
    ------
    InvalidInput
        If `total_flux` is not positive.

    Notes
    -----
    Equilibrium spectra without oscillation.  Uncertainty: 12 % below 1.5 MeV, where
    summation spectra differ; 2 to 5 % above 2 MeV: see `reactor_variations`.

    References
    ----------
    P. Vogel and J. Engel, Phys. Rev. D 39, 3378 (1989); P. Huber, Phys. Rev. C 84, 024617
    (2011); T. A. Mueller et al., Phys. Rev. C 83, 054615 (2011); ENSDF.

    Example
    -------
    >>> core = ReactorCore({"U235": 0.6, "Pu239": 0.4}, 3 * u.GW, 25 * u.metre)
    >>> round(reactor(core).total_flux() / u.flux / 1e12, 1)
    7.8
    """
    per_fission = combined(list(components(core).values()))
    neutrinos = float(per_fission.moment(0)(np.array(0.0)))
    from_power = core.fissions_per_area() * neutrinos
    notes = (
        f"{neutrinos:.3f} antineutrinos per fission; {core.thermal_power / u.GW:g} GW at "
        f"{core.distance / u.metre:g} m give {from_power / u.flux:.3g} / (cm^2 s)"
    )
    table = edition("energy-per-fission", ENERGY_PER_FISSION[core.energy_per_fission])
    references = (*fuel_references(core), table.reference)
    if total_flux is None:
        return Source(name, (per_fission.scaled(core.fissions_per_area()),), references, notes)
    normalised = reactor_of_flux(core, total_flux, name=name)
    return Source(name, normalised.fluxes, references, f"{notes}; {normalised.notes}")


def reactor_of_flux(fuel: Fuel, total_flux: float, *, name: str = "reactor") -> Source:
    """Return the antineutrinos of a reactor of which the flux is known.

    Parameters
    ----------
    fuel : Fuel
        A core or a fuel mix [fuel].
    total_flux : float
        Flux of all antineutrinos [1/(length^2 time)].
    name : str
        Of the source [name].

    Returns
    -------
    Source
        One continuum of anti_nu_e from 1 eV to 8 MeV.

    Raises
    ------
    InvalidInput
        If `total_flux` is not positive.

    Example
    -------
    >>> source = reactor_of_flux(FuelMix({"U235": 1.0}), 1e13 * u.flux)
    >>> round(source.total_flux() / u.flux / 1e13, 9)
    1.0
    """
    if not float(finite("total_flux", total_flux)) > 0:
        raise InvalidInput(f"total_flux: found {total_flux / u.flux:g} / (cm^2 s), expected > 0")
    per_fission = combined(list(components(fuel).values()))
    neutrinos = float(per_fission.moment(0)(np.array(0.0)))
    notes = f"normalised to {total_flux / u.flux:.3g} / (cm^2 s)"
    flux = per_fission.scaled(total_flux / neutrinos)
    return Source(name, (flux,), fuel_references(fuel), notes)


def fuel_references(fuel: Fuel) -> tuple[str, ...]:
    """Return where the spectra of a fuel come from.

    Parameters
    ----------
    fuel : Fuel
        A core or a fuel mix [fuel].

    Returns
    -------
    tuple of str
        One text for each edition that is used.
    """
    spectra = sorted({ISOTOPES[isotope] for isotope in fuel.fission_fractions})
    found = [edition("fission-spectra", name).reference for name in spectra]
    found += fission_model(fuel.model).references()
    if fuel.captures_per_fission > 0:
        found.append(beta_decay("U239").reference)
    return tuple(found)
