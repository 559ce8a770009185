"""Variations of the solar neutrinos: the flux of each component, and the mixing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from nuatom import units as u
from nuatom.mixing import MixingParameters, global_fit
from nuatom.sources.editions import edition
from nuatom.sources.solar import COMPONENTS, SOLAR_MODELS, chosen_components, solar_source
from nuatom.sources.variations import ScaledPart, Variation


def solar_parts(
    model: str = "b16-gs98",
    *,
    components: Iterable[str] = COMPONENTS,
    mixing: MixingParameters | None = None,
) -> tuple[ScaledPart, ...]:
    """Return the solar neutrinos at the Earth component by component, with their errors.

    Rates are linear in a flux, so that the rate of each part gives its own variation: much
    cheaper than two whole Suns for each component.

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
    tuple of ScaledPart
        Called as the components; together they are the Sun.

    Raises
    ------
    UnknownName
        If there is no such model or component.

    Notes
    -----
    The correlations of the fluxes within a solar model are left out.

    Example
    -------
    >>> [(part.name, part.relative) for part in solar_parts(components=["pp", "Be7"])]
    [('pp', 0.006), ('Be7', 0.06)]
    """
    chosen = chosen_components(model, components)
    reference = edition("solar-fluxes", SOLAR_MODELS[model]).reference
    return tuple(
        ScaledPart(
            one.name,
            solar_source([one], name=f"solar-{one.name}", mixing=mixing),
            one.relative_uncertainty,
            reference,
        )
        for one in chosen
    )


def mixing_variations(
    model: str = "b16-gs98",
    *,
    components: Iterable[str] = COMPONENTS,
    mixing: MixingParameters | None = None,
) -> tuple[Variation, ...]:
    """Return the variations of the two solar mixing parameters.

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
    tuple of Variation
        theta12 and mass-splitting-21, by the ranges of NuFIT 6.0.

    Raises
    ------
    UnknownName
        If there is no such model or component.

    Example
    -------
    >>> [v.name for v in mixing_variations(components=["Be7"])]
    ['theta12', 'mass-splitting-21']
    """
    chosen = chosen_components(model, components)
    parameters = global_fit() if mixing is None else mixing
    ranges = edition("nufit-ranges", "6.0", "oscillation")
    found = []
    for name, pair in _moved_mixing(parameters, ranges.card).items():
        up, down = (solar_source(chosen, name=f"solar-{model}", mixing=m) for m in pair)
        found.append(Variation(name, up, down, ranges.reference))
    return tuple(found)


def _moved_mixing(
    mixing: MixingParameters, ranges: Mapping[str, float]
) -> dict[str, tuple[MixingParameters, MixingParameters]]:
    """Name -> mixing with one parameter moved up and down."""
    sine = float(np.sin(mixing.theta12) ** 2)
    angles = (
        float(np.arcsin(np.sqrt(sine + ranges["sin2_theta12_up"]))),
        float(np.arcsin(np.sqrt(sine - ranges["sin2_theta12_down"]))),
    )
    splittings = (
        mixing.mass_splitting_21 + ranges["dm21_eV2_up"] * u.eV**2,
        mixing.mass_splitting_21 - ranges["dm21_eV2_down"] * u.eV**2,
    )
    up, down = (replace(mixing, theta12=angle) for angle in angles)
    more, less = (replace(mixing, mass_splitting_21=value) for value in splittings)
    return {"theta12": (up, down), "mass-splitting-21": (more, less)}
