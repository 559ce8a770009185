"""Variations of the flux of a reactor."""

from collections.abc import Mapping
from dataclasses import replace

from nuatom.errors import InvalidInput
from nuatom.sources.continuum import combined
from nuatom.sources.editions import edition
from nuatom.sources.fission_models import FissionModel, conversion_ratio, fission_model
from nuatom.sources.fission_spectra import low_energy_systematic
from nuatom.sources.flux import Source
from nuatom.sources.reactor import (
    ENERGY_PER_FISSION,
    FuelMix,
    ReactorCore,
    components,
    mean_energy_per_fission,
    reactor,
    reactor_of_flux,
)
from nuatom.sources.variations import Variation, relative_step, scale_variation


def reactor_variations(
    core: ReactorCore | FuelMix,
    *,
    total_flux: float | None = None,
    thermal_power: float = 0.0,
    fission_fractions: float = 0.0,
    captures_per_fission: float = 0.0,
) -> tuple[Variation, ...]:
    """Return the variations of the flux of a reactor core.

    Always there, with published sizes:

    * ``conversion``: U235 and U238 above 2 MeV times 1.054 and divided by it, the
      difference between the ILL and the Kurchatov normalisation;
    * ``low-energy``: fission spectra below 1.5 MeV by 12 %, as summation spectra differ;
    * ``energy-per-fission``: of all isotopes together, if the flux follows from the power.

    If their size is given: ``thermal-power``, ``fission-fractions``, ``capture-rate``.

    Parameters
    ----------
    core : ReactorCore or FuelMix
        The nominal core, or the fuel of one of which the flux is known [reactor core].
    total_flux : float, optional
        Published flux to which the nominal source is normalised, needed with a fuel mix; the
        rate of fissions that it means is kept in the variations [1/(length^2 time)].
    thermal_power : float
        Relative standard deviation of the power [dimensionless].
    fission_fractions : float
        Standard deviation of the share of U235, which Pu239 makes up for; absolute
        [dimensionless].
    captures_per_fission : float
        Relative standard deviation of the captures on 238U [dimensionless].

    Returns
    -------
    tuple of Variation
        Each has the flux of one input moved up and down; they are independent.

    Raises
    ------
    InvalidInput
        If a size is out of range, a share would become negative, or a fuel mix comes
        without a flux.

    Notes
    -----
    The sizes of power, fractions and captures belong to a plant and are not assumed.

    References
    ----------
    V. Kopeikin, M. Skorokhvatov and O. Titov, Phys. Rev. D 104, L071301 (2021);
    V. Kopeikin, L. Mikaelyan and V. Sinev, Phys. At. Nucl. 67, 1892 (2004).

    Example
    -------
    >>> from nuatom.sources import kuo_sheng_core
    >>> [v.name for v in reactor_variations(kuo_sheng_core(), thermal_power=0.02)]
    ['conversion', 'low-energy', 'energy-per-fission', 'thermal-power']
    """
    nominal = _nominal(core, total_flux)
    fissions = nominal.total_flux() / _neutrinos_per_fission(core)
    found = [_conversion(core, fissions, nominal), _low_energy(core, fissions, nominal)]
    if total_flux is None and isinstance(core, ReactorCore):
        found.append(_energy_per_fission(core, nominal))
    if thermal_power:
        found.append(scale_variation(nominal, "thermal-power", thermal_power, "given"))
    if fission_fractions:
        found.append(_fractions(core, fissions, nominal, fission_fractions))
    if captures_per_fission:
        step = relative_step("captures_per_fission", captures_per_fission)
        moved = [
            replace(core, captures_per_fission=core.captures_per_fission * (1 + sign * step))
            for sign in (1, -1)
        ]
        up, down = (_source(fuel, fissions, nominal) for fuel in moved)
        found.append(Variation("capture-rate", up, down, "given"))
    return tuple(found)


def _nominal(core: ReactorCore | FuelMix, total_flux: float | None) -> Source:
    if isinstance(core, ReactorCore):
        return reactor(core, total_flux=total_flux)
    if total_flux is None:
        raise InvalidInput(
            "reactor_variations: found a fuel mix without total_flux, expected its flux"
        )
    return reactor_of_flux(core, total_flux)


def _neutrinos_per_fission(core: ReactorCore | FuelMix) -> float:
    return Source("one fission", tuple(components(core).values())).total_flux()


def _source(
    fuel: ReactorCore | FuelMix, fissions: float, nominal: Source, model: FissionModel | None = None
) -> Source:
    """Return the antineutrinos of so many fissions per area and time."""
    per_fission = combined(list(components(fuel, model=model).values()))
    return replace(nominal, fluxes=(per_fission.scaled(fissions),))


def _conversion(core: ReactorCore | FuelMix, fissions: float, nominal: Source) -> Variation:
    model, ratio = fission_model(core.model), conversion_ratio()
    up, down = (
        _source(core, fissions, nominal, replace(model, above=_times(model.above, factor)))
        for factor in (ratio, 1 / ratio)
    )
    reference = edition("fission-spectra", "kurchatov-2021").reference
    return Variation("conversion", up, down, reference)


def _times(above: Mapping[str, float], factor: float) -> dict[str, float]:
    return {**above, **{name: above.get(name, 1.0) * factor for name in ("U235", "U238")}}


def _low_energy(core: ReactorCore | FuelMix, fissions: float, nominal: Source) -> Variation:
    step, _ = low_energy_systematic()
    model = fission_model(core.model)
    up, down = (
        _source(core, fissions, nominal, replace(model, below=1 + sign * step)) for sign in (1, -1)
    )
    reference = edition("fission-spectra", "bestiole-2023-bins").reference
    return Variation("low-energy", up, down, reference)


def _energy_per_fission(core: ReactorCore, nominal: Source) -> Variation:
    table = edition("energy-per-fission", ENERGY_PER_FISSION[core.energy_per_fission])
    names = table.columns["isotope"]
    energies, errors = (
        dict(zip(names, table.column(column), strict=True))
        for column in ("energy_per_fission_MeV", "uncertainty_MeV")
    )
    mean, error = (
        sum(share * column[name] for name, share in core.fission_fractions.items())
        for column in (energies, errors)
    )
    return scale_variation(nominal, "energy-per-fission", error / mean, table.reference)


def _fractions(
    core: ReactorCore | FuelMix, fissions: float, nominal: Source, step: float
) -> Variation:
    """More U235 and less Pu239, and the reverse, at the same power."""
    sources = []
    for sign in (1, -1):
        shares = dict(core.fission_fractions)
        shares["U235"] = shares.get("U235", 0.0) + sign * step
        shares["Pu239"] = shares.get("Pu239", 0.0) - sign * step
        moved = replace(core, fission_fractions=shares)
        ratio = _mean_energy(core) / _mean_energy(moved)
        sources.append(_source(moved, fissions * ratio, nominal))
    return Variation("fission-fractions", sources[0], sources[1], "given")


def _mean_energy(core: ReactorCore | FuelMix) -> float:
    if isinstance(core, ReactorCore):
        return core.mean_energy_per_fission()
    return mean_energy_per_fission(core.fission_fractions)
