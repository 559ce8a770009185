"""Reactors by name: the cores in use, with distance, power, fuel and published flux."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from nuatom import units as u
from nuatom.errors import InvalidInput, lookup
from nuatom.sources.editions import edition
from nuatom.sources.flux import Source
from nuatom.sources.reactor import FuelMix, ReactorCore, reactor, reactor_of_flux

CORES = {
    "kuo-sheng": "kuo-sheng-2007",
    "kalinin-gemma": "gemma-2010",
    "brokdorf-conus": "conus-2021",
    "leibstadt-conus-plus": "conus-plus-2024",
    "dresden-ii": "dresden-ii-2022",
}
"""Name -> edition of the core."""


def reactor_core(
    name: str,
    *,
    distance: float | None = None,
    thermal_power: float | None = None,
    fission_fractions: Mapping[str, float] | None = None,
    model: str = "huber-mueller",
) -> ReactorCore:
    """Return a core by name, with what is given instead of its published values.

    Parameters
    ----------
    name : str
        A key of `CORES` [name].
    distance : float, optional
        From the centre of the core to the detector [length].
    thermal_power : float, optional
        P [energy/time].
    fission_fractions : mapping, optional
        Isotope to its share of the fissions [dimensionless].
    model : str
        Model of the fission spectra, a key of `FISSION_MODELS` [name].

    Returns
    -------
    ReactorCore
        Frozen.

    Raises
    ------
    UnknownName
        If there is no such core or model.
    InvalidInput
        If distance or power are neither published nor given.

    Example
    -------
    >>> round(reactor_core("brokdorf-conus").thermal_power / u.GW, 12)
    3.9
    """
    card = _card(name)
    return ReactorCore(
        card["fission_fractions"] if fission_fractions is None else fission_fractions,
        thermal_power=_published(name, "thermal_power_GW", u.GW, thermal_power),
        distance=_published(name, "distance_m", u.metre, distance),
        captures_per_fission=float(card["captures_per_fission"]),
        model=model,
    )


def reactor_fuel(
    name: str,
    *,
    fission_fractions: Mapping[str, float] | None = None,
    model: str = "huber-mueller",
) -> FuelMix:
    """Return the fuel of a core by name, for one of which only the flux is known.

    Parameters
    ----------
    name : str
        A key of `CORES` [name].
    fission_fractions : mapping, optional
        Isotope to its share of the fissions [dimensionless].
    model : str
        Model of the fission spectra, a key of `FISSION_MODELS` [name].

    Returns
    -------
    FuelMix
        Frozen.

    Raises
    ------
    UnknownName
        If there is no such core or model.

    Example
    -------
    >>> reactor_fuel("dresden-ii").fission_fractions["U238"]
    0.08
    """
    card = _card(name)
    shares = card["fission_fractions"] if fission_fractions is None else fission_fractions
    return FuelMix(shares, float(card["captures_per_fission"]), model)


def core_or_fuel(
    name: str,
    *,
    distance: float | None = None,
    thermal_power: float | None = None,
    model: str = "huber-mueller",
) -> ReactorCore | FuelMix:
    """Return a core by name, or its fuel alone where distance or power are not known.

    Parameters
    ----------
    name : str
        A key of `CORES` [name].
    distance : float, optional
        From the centre of the core to the detector [length].
    thermal_power : float, optional
        P [energy/time].
    model : str
        Model of the fission spectra, a key of `FISSION_MODELS` [name].

    Returns
    -------
    ReactorCore or FuelMix
        What `reactor_variations` needs.

    Raises
    ------
    UnknownName
        If there is no such core or model.

    Example
    -------
    >>> type(core_or_fuel("dresden-ii")).__name__, type(core_or_fuel("kuo-sheng")).__name__
    ('FuelMix', 'ReactorCore')
    """
    card = _card(name)
    given = {"distance_m": distance, "thermal_power_GW": thermal_power}
    if all(key in card or value is not None for key, value in given.items()):
        return reactor_core(name, distance=distance, thermal_power=thermal_power, model=model)
    return reactor_fuel(name, model=model)


def reactor_at(
    name: str,
    *,
    distance: float | None = None,
    thermal_power: float | None = None,
    fission_fractions: Mapping[str, float] | None = None,
    model: str = "huber-mueller",
) -> Source:
    """Return the antineutrino flux of a core by name.

    The flux is the published one, if there is one and neither distance nor power is given;
    otherwise it follows from power and distance.

    Parameters
    ----------
    name : str
        A key of `CORES` [name].
    distance : float, optional
        From the centre of the core to the detector [length].
    thermal_power : float, optional
        P [energy/time].
    fission_fractions : mapping, optional
        Isotope to its share of the fissions [dimensionless].
    model : str
        Model of the fission spectra, a key of `FISSION_MODELS` [name].

    Returns
    -------
    Source
        Called as the core; its notes say how it is normalised.

    Raises
    ------
    UnknownName
        If there is no such core or model.
    InvalidInput
        If distance or power are needed and neither published nor given.

    Example
    -------
    >>> round(reactor_at("kalinin-gemma").total_flux() / u.flux / 1e13, 6)
    2.7
    """
    card = _card(name)
    known = "distance_m" in card and "thermal_power_GW" in card
    total = None
    if "total_flux_per_cm2_s" in card and distance is None and thermal_power is None:
        total = float(card["total_flux_per_cm2_s"]) * u.flux
    if total is not None and not known:
        fuel = reactor_fuel(name, fission_fractions=fission_fractions, model=model)
        source = reactor_of_flux(fuel, total, name=name)
    else:
        core = reactor_core(
            name,
            distance=distance,
            thermal_power=thermal_power,
            fission_fractions=fission_fractions,
            model=model,
        )
        source = reactor(core, total_flux=total, name=name)
    references = (str(card["reference"]), *source.references)
    notes = source.notes
    if fission_fractions is None:
        notes += f"; {card['fission_fractions_reference']}"
    return Source(name, source.fluxes, references, notes)


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
    return reactor_core("kuo-sheng")


@cache
def kuo_sheng() -> Source:
    """Return the flux at the Kuo-Sheng laboratory, normalised to the published 6.4e12 /cm^2/s.

    Returns
    -------
    Source
        Named "kuo-sheng", one object, so that its moments are computed once; its notes say
        what power and distance give instead.

    References
    ----------
    H. T. Wong et al. (TEXONO), Phys. Rev. D 75, 012001 (2007).

    Example
    -------
    >>> round(kuo_sheng().total_flux() / u.flux / 1e12, 6)
    6.4
    """
    return reactor_at("kuo-sheng")


def _card(name: str) -> dict[str, Any]:
    return edition("cores", lookup("reactor", name, CORES)).card


def _published(name: str, column: str, unit: float, given: float | None) -> float:
    """Return what is given, or the published value."""
    if given is not None:
        return given
    card = _card(name)
    if column not in card:
        what = column.rpartition("_")[0]
        raise InvalidInput(
            f"reactor {name!r}: found no {what}, which could not be confirmed in a publication; "
            f"expected {what} to be given"
        )
    return float(card[column]) * unit
