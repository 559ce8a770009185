"""Solar neutrinos: fluxes of a solar model, spectra, conversion, effective moments.

The continua are allowed beta spectra (`beta_decay`); pep and 7Be are lines.  The flux of 8B
is a sum of thirteen effective branches that stands for its published spectrum (area between
the two 0.1 %).  Neutrinos are converted adiabatically in the Sun, at the electron density
averaged over the production of each component, and arrive as a mixture of mass states.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nuatom import units as u
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, lookup
from nuatom.interactions.terms import EnergyWeight
from nuatom.mixing import EffectiveMoment, MixingParameters, MomentMatrix, Solar, global_fit
from nuatom.sources.beta_decay import beta_decay, decay_spectrum
from nuatom.sources.continuum import Continuum, combined
from nuatom.sources.conversion import RelativeWeight, SolarConversion, weighted
from nuatom.sources.editions import edition
from nuatom.sources.flux import Flux, Line, Source

SOLAR_MODELS = {"b16-gs98": "b16-gs98", "b16-agss09met": "b16-agss09met"}
"""Name -> edition of the fluxes."""
COMPONENTS = ("pp", "pep", "hep", "Be7", "B8", "N13", "O15", "F17")
"""What the Sun emits, in the order of the tables."""
FLAVORS = ("nu_e", "nu_mu", "nu_tau")
_LINES = ("pep", "Be7")


@dataclass(frozen=True, eq=False)
class SolarComponent:
    """The neutrinos of one reaction in the Sun, as they are produced.

    Parameters
    ----------
    name : str
        One of `COMPONENTS` [name].
    fluxes : tuple of Continuum or Line
        nu_e at the distance of the Earth, without conversion [1/(length^2 time)].
    relative_uncertainty : float
        Of the total flux, one standard deviation [dimensionless].
    electron_density : float
        n_e averaged over the production [1/length^3].
    """

    name: str
    fluxes: tuple[Continuum | Line, ...]
    relative_uncertainty: float
    electron_density: float

    def total_flux(self) -> float:
        """Return the flux of all flavours [1/(length^2 time)]."""
        return Source(self.name, self.fluxes).total_flux()

    def scaled(self, factor: float) -> "SolarComponent":
        """Return the component times a factor.

        Parameters
        ----------
        factor : float
            Not negative [dimensionless].
        """
        return replace(self, fluxes=tuple(flux.scaled(factor) for flux in self.fluxes))

    def converted(self, weight: EnergyWeight, flavor: str) -> tuple[Continuum | Line, ...]:
        """Return the fluxes times a weight, as a flavour.

        Parameters
        ----------
        weight : callable
            w(E) >= 0 [dimensionless].
        flavor : str
            Of the result [name].
        """
        return tuple(weighted(flux, weight, flavor) for flux in self.fluxes)


def solar_components(
    model: str = "b16-gs98", *, spectra: Mapping[str, Continuum] | None = None
) -> dict[str, SolarComponent]:
    """Return the components of a solar model.

    Parameters
    ----------
    model : str
        b16-gs98 or b16-agss09met [name].
    spectra : mapping, optional
        Component to a spectrum of nu_e that is used instead of the package's, such as a
        published table of 8B; any normalisation [any].

    Returns
    -------
    dict
        Name to component, in the order of `COMPONENTS`.

    Raises
    ------
    UnknownName
        If there is no such model or component.

    References
    ----------
    N. Vinyoles et al., Astrophys. J. 835, 202 (2017).

    Example
    -------
    >>> boron = solar_components()["B8"]
    >>> round(boron.total_flux() / u.flux / 1e6, 6), boron.relative_uncertainty
    (5.46, 0.12)
    """
    table = edition("solar-fluxes", lookup("solar model", model, SOLAR_MODELS))
    densities = edition("solar-production", "b16-gs98")
    names = table.columns["component"]
    totals = table.column("flux_per_cm2_s") * u.flux
    errors = table.column("relative_uncertainty")
    density = densities.column("electron_density_per_cm3") / u.cm**3
    given = {} if spectra is None else dict(spectra)
    for name in given:
        lookup("solar continuum", name, dict.fromkeys(set(COMPONENTS) - set(_LINES)))
    found = {}
    for name, total, error in zip(names, totals, errors, strict=True):
        n_e = float(density[densities.columns["component"].index(name)])
        shape = SolarComponent(name, _shape(name, given.get(name)), float(error), n_e)
        found[name] = shape.scaled(total / shape.total_flux())
    return found


def _shape(name: str, given: Continuum | None) -> tuple[Continuum | Line, ...]:
    """Return the spectrum of a component, of any normalisation."""
    if given is not None:
        if given.flavor != "nu_e":
            raise InvalidInput(f"spectrum of {name}: found {given.flavor}, expected nu_e")
        return (given,)
    if name == "pep":
        card = edition("solar-lines", "bahcall").card
        return (Line("nu_e", float(card["pep_energy_keV"]) * u.keV, 1.0),)
    if name == "Be7":
        table = edition("electron-capture", "be7-ensdf")
        q_value = float(table.card["q_value_keV"]) * u.keV
        energies = q_value - table.column("daughter_level_keV") * u.keV
        shares = table.column("k_percent") + table.column("l_percent")
        return tuple(
            Line("nu_e", float(e), float(s)) for e, s in zip(energies, shares, strict=True)
        )
    return (decay_spectrum(beta_decay(name)),)


def solar(
    model: str = "b16-gs98",
    *,
    components: Iterable[str] = COMPONENTS,
    mixing: MixingParameters | None = None,
) -> Source:
    """Return the solar neutrinos at the Earth, by flavour.

    Parameters
    ----------
    model : str
        b16-gs98 or b16-agss09met [name].
    components : iterable of str
        Which of `COMPONENTS` [names].
    mixing : MixingParameters, optional
        NuFIT 6.0, normal ordering, unless given [mixing parameters].

    Returns
    -------
    Source
        One continuum of each flavour with all components, then the lines.

    Raises
    ------
    UnknownName
        If there is no such model or component.

    Notes
    -----
    Mean over the year: the flux changes by +-3.3 % with the distance from the Sun.

    Example
    -------
    >>> source = solar(components=["Be7"])
    >>> [flux.flavor for flux in source.fluxes]
    ['nu_e', 'nu_e', 'nu_mu', 'nu_mu', 'nu_tau', 'nu_tau']
    """
    return solar_source(chosen_components(model, components), name=f"solar-{model}", mixing=mixing)


def solar_source(
    components: Iterable[SolarComponent],
    *,
    name: str = "solar",
    mixing: MixingParameters | None = None,
) -> Source:
    """Return the neutrinos of given components at the Earth, by flavour.

    Parameters
    ----------
    components : iterable of SolarComponent
        As they are produced [solar component].
    name : str
        Of the source [name].
    mixing : MixingParameters, optional
        NuFIT 6.0, normal ordering, unless given [mixing parameters].

    Returns
    -------
    Source
        One continuum of each flavour, then the lines.

    Example
    -------
    >>> both = [c for c in solar_components().values() if c.name in ("pp", "Be7")]
    >>> len(solar_source(both).fluxes)
    9
    """
    parameters = global_fit() if mixing is None else mixing
    chosen = tuple(components)
    converted = [
        flux
        for flavor in FLAVORS
        for component in chosen
        for flux in component.converted(
            SolarConversion(parameters, component.electron_density, flavor), flavor
        )
    ]
    fit = "NuFIT 6.0" if mixing is None else "given mixing"
    notes = f"{', '.join(c.name for c in chosen)}; adiabatic conversion by day, {fit}"
    return Source(name, _gathered(converted), _references(), notes)


def solar_moment(
    moments: MomentMatrix,
    reference_moment: float,
    *,
    model: str = "b16-gs98",
    components: Iterable[str] = COMPONENTS,
    mixing: MixingParameters | None = None,
) -> Source:
    """Return the solar neutrinos weighted with their effective moment.

    ``phi(E) mu_eff^2(E)/mu_0^2``, with ``mu_eff^2 = sum_k P_ek sum_j |(mu - i eps)_jk|^2``,
    so that the rate of a magnetic moment mu_0 in this source is that of the moment matrix.
    The ratio of its total flux to that of the Sun is the mean of mu_eff^2/mu_0^2.

    Parameters
    ----------
    moments : MomentMatrix
        mu and eps in the mass basis [moment matrix].
    reference_moment : float
        mu_0 > 0 [Bohr magneton].
    model : str
        b16-gs98 or b16-agss09met [name].
    components : iterable of str
        Which of `COMPONENTS` [names].
    mixing : MixingParameters, optional
        NuFIT 6.0, normal ordering, unless given [mixing parameters].

    Returns
    -------
    Source
        Of nu_e, for a helicity-flipping channel only: flavours are in the weight.

    Raises
    ------
    InvalidInput
        If the reference is not positive.
    UnknownName
        If there is no such model or component.

    References
    ----------
    C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015), section 4.

    Example
    -------
    >>> import numpy as np
    >>> diagonal = MomentMatrix(2e-11 * np.eye(3))
    >>> ratio = solar_moment(diagonal, 1e-11).total_flux() / solar().total_flux()
    >>> round(ratio, 6)
    4.0
    """
    mu_0 = float(finite("reference_moment", reference_moment, positive=True))
    parameters = global_fit() if mixing is None else mixing
    fluxes: list[Continuum | Line] = []
    for component in chosen_components(model, components):
        propagation = Solar(parameters, component.electron_density)
        effective = EffectiveMoment(moments, propagation, "nu_e")
        fluxes += component.converted(RelativeWeight(effective, mu_0**2), "nu_e")
    notes = f"weighted with mu_eff^2 in units of ({mu_0:g} mu_B)^2; for magnetic moments only"
    return Source(f"solar-{model}-moment", _gathered(fluxes), _references(), notes)


def chosen_components(model: str, components: Iterable[str]) -> list[SolarComponent]:
    """Return components of a solar model by name, at least one.

    Parameters
    ----------
    model : str
        b16-gs98 or b16-agss09met [name].
    components : iterable of str
        Which of `COMPONENTS` [names].

    Returns
    -------
    list of SolarComponent
        In the order given.

    Raises
    ------
    UnknownName
        If there is no such model or component.
    InvalidInput
        If none is given.
    """
    known = solar_components(model)
    chosen = [lookup("solar component", name, known) for name in components]
    if not chosen:
        raise InvalidInput("solar neutrinos: found no component, expected at least one")
    return chosen


def _gathered(fluxes: Iterable[Continuum | Line]) -> tuple[Flux, ...]:
    """One continuum for each flavour, then the lines."""
    everything = tuple(fluxes)
    continua = [flux for flux in everything if isinstance(flux, Continuum)]
    lines = [flux for flux in everything if isinstance(flux, Line)]
    flavors = dict.fromkeys(flux.flavor for flux in continua)
    sums = [combined([c for c in continua if c.flavor == flavor]) for flavor in flavors]
    return (*sums, *lines)


def _references() -> tuple[str, ...]:
    return (
        edition("solar-fluxes", "b16-gs98").reference,
        beta_decay("B8").reference,
        beta_decay("N13").reference,
        edition("nufit-ranges", "6.0", "oscillation").reference,
    )
