"""Reactors: fission fractions, energy per fission, captures on 238U, power and distance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from nuatom import units as u
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, lookup
from nuatom.sources.beta_decay import DECAYS, beta_decay, decay_spectrum
from nuatom.sources.continuum import Continuum, combined
from nuatom.sources.editions import edition
from nuatom.sources.fission_spectra import ISOTOPES, LOW_ENERGY, fission_spectrum
from nuatom.sources.flux import Source

ENERGY_PER_FISSION = {"kopeikin": "kopeikin-2004", "ma": "ma-2013"}
"""Name -> edition of the energies released per fission."""
_SLACK = 1e-3
"""How far published fission fractions may be from a sum of 1."""


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

    Raises
    ------
    InvalidInput
        If a value is out of range, or fractions do not add up to 1.
    UnknownName
        For an unknown isotope or energy per fission.

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

    def __post_init__(self) -> None:
        """Check, and normalise the fractions."""
        for isotope in self.fission_fractions:
            lookup("fissile isotope", isotope, ISOTOPES)
        lookup("energy per fission", self.energy_per_fission, ENERGY_PER_FISSION)
        values = finite("fission_fractions", list(self.fission_fractions.values()))
        total = float(values.sum())
        if np.any(values < 0) or abs(total - 1) > _SLACK:
            raise InvalidInput(
                f"fission_fractions: found a sum of {total:g} and a least value of "
                f"{values.min(initial=0.0):g}, expected a sum of 1 and none negative"
            )
        finite("thermal_power", self.thermal_power, positive=True)
        finite("distance", self.distance, positive=True)
        if float(finite("captures_per_fission", self.captures_per_fission)) < 0:
            raise InvalidInput(
                f"captures_per_fission: found {self.captures_per_fission:g}, expected >= 0"
            )
        normalised = {name: float(f) / total for name, f in self.fission_fractions.items()}
        object.__setattr__(self, "fission_fractions", MappingProxyType(normalised))

    def mean_energy_per_fission(self) -> float:
        """Return ``sum_i f_i E_i``, with the captures that go with a fission [energy]."""
        table = edition("energy-per-fission", ENERGY_PER_FISSION[self.energy_per_fission])
        column = table.column("energy_per_fission_MeV") * u.MeV
        energies = dict(zip(table.columns["isotope"], column, strict=True))
        return float(sum(f * energies[name] for name, f in self.fission_fractions.items()))

    def fissions_per_area(self) -> float:
        """Return ``P/(<E_f> 4 pi d^2)``: fissions per time, spread over the sphere.

        Returns
        -------
        float
            Times a spectrum per fission, it is the flux density [1/(length^2 time)].
        """
        fissions = self.thermal_power / self.mean_energy_per_fission()
        return float(fissions / (4 * np.pi * self.distance**2))


def components(core: ReactorCore, *, refinement: int = 1) -> dict[str, Continuum]:
    """Return the spectra per fission that add up to that of a core.

    Parameters
    ----------
    core : ReactorCore
        Its fission fractions and captures [reactor core].
    refinement : int
        Each interval between knots is cut into so many; 1 leaves an error of moments
        below 1e-5 [dimensionless].

    Returns
    -------
    dict
        "fission", and where there are captures "U239" and "Np239" [1/energy].

    Example
    -------
    >>> per_fission = components(kuo_sheng_core())
    >>> round(float(per_fission["U239"].moment(0)(np.array(0.0))), 6)
    0.6
    """
    fission = [
        fission_spectrum(isotope, refinement=refinement).scaled(fraction)
        for isotope, fraction in core.fission_fractions.items()
        if fraction > 0
    ]
    found = {"fission": combined(fission)}
    if core.captures_per_fission > 0:
        for parent in DECAYS:
            spectrum = decay_spectrum(beta_decay(parent), refinement=refinement)
            found[parent] = spectrum.scaled(core.captures_per_fission)
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
    summation spectra differ; 2 to 5 % above 2 MeV.

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
    used = from_power if total_flux is None else total_flux
    if not float(finite("total_flux", used)) > 0:
        raise InvalidInput(f"total_flux: found {used / u.flux:g} / (cm^2 s), expected > 0")
    notes = (
        f"{neutrinos:.3f} antineutrinos per fission; {core.thermal_power / u.GW:g} GW at "
        f"{core.distance / u.metre:g} m give {from_power / u.flux:.3g} / (cm^2 s)"
    )
    if total_flux is not None:
        notes += f"; normalised to {total_flux / u.flux:.3g} / (cm^2 s)"
    return Source(name, (per_fission.scaled(used / neutrinos),), _references(core), notes)


def _references(core: ReactorCore) -> tuple[str, ...]:
    spectra = {ISOTOPES[isotope] for isotope in core.fission_fractions} | {LOW_ENERGY}
    found = [edition("fission-spectra", name).reference for name in sorted(spectra)]
    energies = ENERGY_PER_FISSION[core.energy_per_fission]
    found.append(edition("energy-per-fission", energies).reference)
    if core.captures_per_fission > 0:
        found.append(beta_decay("U239").reference)
    return tuple(found)


def kuo_sheng_core() -> ReactorCore:
    """Return core 1 of the Kuo-Sheng power station as the TEXONO laboratory sees it.

    Returns
    -------
    ReactorCore
        2.9 GW at 28 m, fission fractions .55 .07 .32 .06 (U235, U238, Pu239, Pu241).

    Example
    -------
    >>> round(kuo_sheng_core().distance / u.metre, 12)
    28.0
    """
    card = edition("cores", "kuo-sheng-2007").card
    return ReactorCore(
        card["fission_fractions"],
        thermal_power=card["thermal_power_GW"] * u.GW,
        distance=card["distance_m"] * u.metre,
        captures_per_fission=card["captures_per_fission"],
    )


def kuo_sheng() -> Source:
    """Return the flux at the Kuo-Sheng laboratory, normalised to the published 6.4e12 /cm^2/s.

    Returns
    -------
    Source
        Named "kuo-sheng"; its notes say what power and distance give instead.

    References
    ----------
    H. T. Wong et al. (TEXONO), Phys. Rev. D 75, 012001 (2007).

    Example
    -------
    >>> round(kuo_sheng().total_flux() / u.flux / 1e12, 6)
    6.4
    """
    return _kuo_sheng()


@cache
def _kuo_sheng() -> Source:
    """Build the one object, so that its moments are computed once."""
    card = edition("cores", "kuo-sheng-2007").card
    source = reactor(
        kuo_sheng_core(), total_flux=card["total_flux_per_cm2_s"] * u.flux, name="kuo-sheng"
    )
    references = (str(card["reference"]), *source.references)
    return Source(source.name, source.fluxes, references, source.notes)
