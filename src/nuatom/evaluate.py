"""From names to numbers: the functions that most users call.

A model that is asked where it does not hold (`nuatom.validity`) gives its numbers with a
warning.  Whoever asks for that on purpose calls `nuatom.rates`, which does not judge.
"""

import warnings
from collections.abc import Callable

import numpy as np

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput, OutOfRange, RetractedWarning, ValidityWarning
from nuatom.interactions import Amplitude
from nuatom.interactions.incoherent import combine
from nuatom.interactions.terms import Interaction, check_flavor
from nuatom.rates import cross_section_by_shell, rate_by_shell
from nuatom.responses import Response
from nuatom.sources import Source
from nuatom.targets import Element, element


def differential_cross_section(
    energy_transfer: ArrayLike,
    neutrino_energy: ArrayLike,
    *,
    interaction: Interaction | Amplitude,
    response: Response,
    flavor: str = "anti_nu_e",
) -> Array:
    """Return dsigma/dT per atom at one or more neutrino energies.

    Parameters
    ----------
    energy_transfer : array_like
        T to the atom, or the nuclear recoil energy, any shape [energy].
    neutrino_energy : array_like
        E, broadcasting with T [energy].
    interaction : Interaction or Amplitude
        The channel; a lone amplitude is squared by itself [interaction].
    response : Response
        The model, from `nuatom.response` [response].
    flavor : str
        nu_e, nu_mu, nu_tau, anti_nu_e, anti_nu_mu or anti_nu_tau [name].

    Returns
    -------
    ndarray
        Of the broadcast shape; zero beyond the kinematic end [length^2/energy].

    Raises
    ------
    InvalidInput
        If T <= 0, T >= E, a value is not finite, the shapes of T and E do not broadcast,
        or the response is a name (which says nothing of the target).
    UnsupportedResponse
        If the model does not provide what the channel needs.
    OutOfRange
        If the model is a table and T lies outside it, or floating-point numbers end.

    Warns
    -----
    RetractedWarning
        If the formula was retracted for the channel.
    ValidityWarning
        If the model does not hold for the channel at an energy; one line with the reason.

    Example
    -------
    >>> import nuatom as na
    >>> from nuatom import units as u
    >>> sigma = na.differential_cross_section(1 * u.keV, 1 * u.MeV,
    ...     interaction=na.MagneticMoment(1e-11), response=na.response("stepped", "Ge"))
    >>> print(f"{sigma / 22 / (u.cm**2 / u.keV):.6e}")
    2.492177e-47
    """
    T = finite("energy_transfer", energy_transfer, positive=True)
    E = finite("neutrino_energy", neutrino_energy, positive=True)
    try:
        T, E = np.broadcast_arrays(T, E)
    except ValueError:
        raise InvalidInput(
            f"energy_transfer: found the shape {T.shape} with a neutrino_energy of {E.shape}, "
            "expected shapes that broadcast"
        ) from None
    if isinstance(response, str):
        raise InvalidInput(
            f"response: found the name {response!r}, expected a model of a target; use "
            f"nuatom.response({response!r}, 'Ge')"
        )
    if np.any(T >= E):
        raise InvalidInput("energy_transfer: found T >= E, expected T below the neutrino energy")
    by_shell = _finite(
        lambda: cross_section_by_shell(
            T.ravel(),
            E.ravel(),
            interaction=combine((interaction,)),
            response=response,
            flavor=check_flavor(flavor),
        )
    )
    _warn(T, interaction, response, validity.target_of(response))
    return np.asarray(by_shell.sum(axis=0).reshape(T.shape))


def differential_rate(
    energy_transfer: ArrayLike,
    *,
    source: Source | str,
    target: Element | str,
    interaction: Interaction | Amplitude,
    response: Response | str | None = None,
) -> Array:
    """Return the event rate per mass, energy and time in a target.

    Parameters
    ----------
    energy_transfer : array_like
        T to the atom, or the nuclear recoil energy, any shape [energy].
    source : Source or str
        The neutrino source or its name [name].
    target : Element or str
        The target or its symbol [name].
    interaction : Interaction or Amplitude
        The channel; a lone amplitude is squared by itself [interaction].
    response : Response or str, optional
        The model or its name; of electrons, ``ab-initio`` where the package holds a table of
        the element and ``stepped`` elsewhere (`nuatom.catalog.default_response`), unless
        something else is asked for [name].

    Returns
    -------
    ndarray
        Of the shape of T; divide by ``units.cpkkd`` [1/(mass energy time)].

    Raises
    ------
    InvalidInput
        If T <= 0 or a value is not finite.
    UnknownName
        If a name is not in the catalogue.
    UnsupportedResponse
        If the model does not provide what the channel needs.
    OutOfRange
        If the model is a table and T lies outside it, or floating-point numbers end.

    Warns
    -----
    RetractedWarning
        If the formula was retracted for the channel.
    ValidityWarning
        If the model does not hold for the channel at an energy; one line with the reason.

    Example
    -------
    >>> import nuatom as na
    >>> from nuatom import units as u
    >>> rate = na.differential_rate([1 * u.keV, 10 * u.keV], source="kuo-sheng", target="Ge",
    ...     interaction=na.MagneticMoment(1e-11))
    >>> rate.shape
    (2,)
    """
    T = finite("energy_transfer", energy_transfer, positive=True)
    atom = element(target) if isinstance(target, str) else target
    flux = catalog.source(source) if isinstance(source, str) else source
    name = catalog.default_response(atom) if response is None else response
    model = catalog.response(name, atom) if isinstance(name, str) else name
    rate = _rate(T, flux, interaction, model, atom)
    _warn(T, interaction, model, atom.symbol)
    return rate


def model_spread(
    energy_transfer: ArrayLike,
    *,
    source: Source | str,
    target: Element | str,
    interaction: Interaction | Amplitude,
) -> tuple[Array, Array]:
    """Return the lowest and highest event rate among the models that hold at each energy.

    Parameters
    ----------
    energy_transfer : array_like
        T to the atom, any shape [energy].
    source : Source or str
        The neutrino source or its name [name].
    target : Element or str
        The target or its symbol [name].
    interaction : Interaction or Amplitude
        The channel or channels; a model must hold for each of them [interaction].

    Returns
    -------
    tuple of ndarray
        low and high, of the shape of T [1/(mass energy time)].

    Raises
    ------
    InvalidInput
        If T <= 0 or a value is not finite, or nothing is known of the interaction.
    UnknownName
        If a name is not in the catalogue.
    OutOfRange
        If at one of the energies no model holds.

    Notes
    -----
    The spread of the models of this package, no confidence interval; where one model alone
    holds, low and high are equal.  See `nuatom.validity` for what holds.

    Example
    -------
    >>> import nuatom as na
    >>> low, high = na.model_spread(2 * u.keV, source="kuo-sheng", target="Ge",
    ...     interaction=na.MagneticMoment(1e-11))
    >>> bool(0.9 < low / high < 1)
    True
    """
    T = finite("energy_transfer", energy_transfer, positive=True)
    atom = element(target) if isinstance(target, str) else target
    flux = catalog.source(source) if isinstance(source, str) else source
    channels = validity.channels_of(interaction)
    if not channels:
        raise InvalidInput(
            f"model_spread: found {type(interaction).__name__}, of which no model was "
            "measured, expected a channel of the catalogue"
        )
    low, high = np.full(T.shape, np.inf), np.full(T.shape, -np.inf)
    for name in validity.valid_models(channels[0], atom.symbol, T):
        holds = np.all([validity.is_valid(c, name, atom.symbol, T) for c in channels], axis=0)
        if not np.any(holds):
            continue
        rate = _rate(T[holds], flux, interaction, catalog.response(name, atom), atom)
        low[holds] = np.minimum(low[holds], rate)
        high[holds] = np.maximum(high[holds], rate)
    if np.any(empty := low > high):
        raise OutOfRange(
            f"model_spread: found {T[empty].min() / u.keV:.4g} keV, where no model holds for "
            f"{' and '.join(channels)} on {atom.symbol}, expected other energies "
            "(see `nuatom list validity`)"
        )
    return low, high


def _rate(
    T: Array,
    source: Source,
    interaction: Interaction | Amplitude,
    model: Response,
    target: Element,
) -> Array:
    """Return the rate of the shape of T."""
    by_shell = _finite(
        lambda: rate_by_shell(
            T.ravel(),
            source=source,
            interaction=combine((interaction,)),
            response=model,
            atoms_per_mass=target.atoms_per_mass,
        )
    )
    return np.asarray(by_shell.sum(axis=0).reshape(T.shape))


def _warn(
    T: Array, interaction: Interaction | Amplitude, model: Response, target: str | None
) -> None:
    """Warn once if the model does not hold; models that the catalogue lacks are not judged."""
    if target is None or model.name not in catalog.RESPONSES or not T.size:
        return
    lines = validity.warnings_for(validity.channels_of(interaction), model.name, target, T)
    if lines:
        retracted = any(catalog.RETRACTED in line for line in lines)
        kind = RetractedWarning if retracted else ValidityWarning
        warnings.warn("; also: ".join(lines), kind, stacklevel=3)


def _finite(compute: Callable[[], Array]) -> Array:
    """Return what `compute` gives; an overflow is an error, never an inf or a NaN."""
    reason = "the result is not finite"
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            values = compute()
    except ArithmeticError as error:
        reason = str(error.args[-1])
    else:
        if np.all(np.isfinite(values)):
            return values
    raise OutOfRange(
        f"found energies or couplings beyond the range of floating-point numbers ({reason}), "
        "expected a finite cross section; choose less extreme values"
    )
