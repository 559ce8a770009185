"""Where a model holds, by how much it misses, and what to say if it does not hold."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nuatom import catalog
from nuatom import units as u
from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import lookup
from nuatom.table import Column, Table
from nuatom.targets import element
from nuatom.validity.bands import Band, bands, measured_element, rows_at
from nuatom.validity.conventions import (
    CHANNELS,
    FREE_ATOMS,
    MEASURED_UP_TO,
    SLACK,
    SOLID_BELOW,
    TOLERANCE,
)
from nuatom.validity.reasons import DENSITY, RETRACTED, SOLID

BoolArray = npt.NDArray[np.bool_]


def _checked(channel: str, model: str, target: str, energy: ArrayLike) -> Array:
    """Check the names and return the energies."""
    lookup("interaction", channel, CHANNELS)
    lookup("response", model, catalog.RESPONSES)
    element(target)
    return finite("energy", energy, positive=True)


def _has_table(target: str) -> bool:
    return catalog.default_response(target) == catalog.AB_INITIO


def _solid(target: str, T: Array) -> BoolArray:
    below = T < SOLID_BELOW * (1 - SLACK)
    return np.asarray(below & (target not in FREE_ATOMS))


def miss(channel: str, model: str, target: str, energy: ArrayLike) -> Array:
    """Return the measured miss ``max |ratio - 1|`` of the band of each energy.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    model : str
        Name of the response [name].
    target : str
        Symbol of an element [name].
    energy : array_like
        Energy transfer T > 0, any shape [energy].

    Returns
    -------
    ndarray
        Of the shape of `energy`; NaN where nothing was measured [dimensionless].

    Raises
    ------
    UnknownName
        If a name is not known.
    InvalidInput
        If an energy is not finite or not positive.

    Example
    -------
    >>> bool(miss("weak", "stepped", "Ge", 2 * u.keV) < 0.05)
    True
    """
    T = _checked(channel, model, target, energy)
    rows, index = rows_at(channel, model, target, T)
    values = np.array([*(band.miss for band in rows), np.nan])[index]
    beyond = measured_element(target)[1] * T > MEASURED_UP_TO * (1 + SLACK)
    return np.asarray(np.where(beyond, np.nan, values))


def is_valid(channel: str, model: str, target: str, energy: ArrayLike) -> BoolArray:
    """Tell where a pair is known to hold.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    model : str
        Name of the response [name].
    target : str
        Symbol of an element [name].
    energy : array_like
        Energy transfer T > 0, any shape [energy].

    Returns
    -------
    ndarray of bool
        Of the shape of `energy`; False where nothing was measured and for ``ab-initio``
        without a table of the element, True for a ``nucleus``.

    Raises
    ------
    UnknownName
        If a name is not known.
    InvalidInput
        If an energy is not finite or not positive.

    Example
    -------
    >>> bool(is_valid("magnetic-moment", "equivalent-photon-paper", "Ge", 2 * u.keV))
    False
    """
    T = _checked(channel, model, target, energy)
    if model == "nucleus":
        return np.ones(T.shape, dtype=bool)
    if model == catalog.AB_INITIO and not _has_table(target):
        return np.zeros(T.shape, dtype=bool)
    rows, index = rows_at(channel, model, target, T)
    holds = np.array([*(set(band.reasons) <= {SOLID} for band in rows), False])[index]
    return np.asarray(holds & ~_solid(target, T))


def valid_models(channel: str, target: str, energy: ArrayLike) -> dict[str, BoolArray]:
    """Return for each model that was measured for a channel where it holds.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    target : str
        Symbol of an element [name].
    energy : array_like
        Energy transfer T > 0, any shape [energy].

    Returns
    -------
    dict of str to ndarray of bool
        In the order of the catalogue, without ``ab-initio`` where there is no table of the
        element; for a coherent channel only ``nucleus``.

    Raises
    ------
    UnknownName
        If a name is not known.
    InvalidInput
        If an energy is not finite or not positive.

    Example
    -------
    >>> [name for name, holds in valid_models("weak", "Ge", 2 * u.keV).items() if holds]
    ['ab-initio', 'stepped', 'hydrogenic', 'impulse']
    """
    lookup("interaction", channel, CHANNELS)
    coherent = catalog.INTERACTIONS[CHANNELS[channel]].nuclear
    near, _ = measured_element(target)
    known = {"nucleus"} if coherent else {m for c, m, t in bands() if (c, t) == (channel, near)}
    known -= set() if _has_table(target) else {catalog.AB_INITIO}
    return {m: is_valid(channel, m, target, energy) for m in catalog.RESPONSES if m in known}


def warnings_for(channels: Sequence[str], model: str, target: str, energy: ArrayLike) -> list[str]:
    """Return why a model does not hold for some channels, one line for each reason.

    Parameters
    ----------
    channels : sequence of str
        Keys of `CHANNELS` [names].
    model : str
        Name of the response [name].
    target : str
        Symbol of an element [name].
    energy : array_like
        Energy transfer T > 0, any shape [energy].

    Returns
    -------
    list of str
        Where, why, what was measured and what to use; empty if there is nothing to say, as
        for a pair that was not measured.

    Raises
    ------
    UnknownName
        If a name is not known.
    InvalidInput
        If an energy is not finite or not positive.

    Example
    -------
    >>> print(warnings_for(["weak"], "ab-initio", "Ge", 0.05 * u.keV)[-1][:65])
    ab-initio on Ge at 0.05 keV: theory of a free atom below 0.1 keV
    """
    lines: list[str] = []
    solid: BoolArray = np.zeros(np.shape(energy), dtype=bool)
    for channel in channels:
        T = _checked(channel, model, target, energy)
        rows, index = rows_at(channel, model, target, T)
        if rows:
            solid |= _solid(target, T)
        texts = dict.fromkeys(text for row in rows for text in row.reasons if text != SOLID)
        for text in texts:
            where = np.isin(index, [i for i, row in enumerate(rows) if text in row.reasons])
            where |= text == RETRACTED
            if np.any(where):
                found = [rows[i] for i in np.unique(index[where & (index >= 0)])]
                head = f"{channel} with {model} on {target} at {_interval(T[where])}"
                advice = _advice(channel, target, T[where])
                lines.append(f"{head}: {text}; {_finding(found, text, target)}; {advice}")
    if np.any(solid):
        T = np.asarray(energy, dtype=float)
        lines.append(f"{model} on {target} at {_interval(T[solid])}: {SOLID}")
    return lines


def _interval(T: Array) -> str:
    low, high = (f"{value / u.keV:.3g}" for value in (T.min(), T.max()))
    return f"{low} keV" if low == high else f"{low}-{high} keV"


def _finding(rows: Sequence[Band], text: str, target: str) -> str:
    """Return what was measured in these bands."""
    if not rows:
        return "nothing was measured there"
    spans = [r.medium if text == DENSITY and r.medium else r.ratio for r in rows]
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    what = "that in vacuum" if text == DENSITY else rows[0].reference
    measured = rows[0].target
    place = "" if measured == target else f" on {measured}, at the same energy in K edges"
    verb = "in the medium" if text == DENSITY else "measured"
    return f"{verb} {low:.2g} to {high:.2g} times {what}{place}"


def _advice(channel: str, target: str, T: Array) -> str:
    names = [name for name, holds in valid_models(channel, target, T).items() if np.all(holds)]
    return f"use {' or '.join(names)}" if names else "no model of the catalogue holds there"


def table() -> Table:
    """Return what was measured as one table.

    Returns
    -------
    Table
        One row for each channel, model, target and band; ``valid`` is yes or no.

    Example
    -------
    >>> table().column("channel")[0]
    'magnetic-moment'
    """
    rows = [band for measured in bands().values() for band in measured]
    nan = (np.nan, np.nan)

    def text(name: str, values: list[str], meaning: str) -> Column:
        return Column(name, tuple(values), meaning)

    def numbers(name: str, values: list[float], meaning: str) -> Column:
        return Column(name, np.array(values), meaning)

    return Table(
        "validity",
        "Where each model holds for each channel",
        (
            text("channel", [r.channel for r in rows], "light-... : a boson below 30 keV"),
            text("model", [r.model for r in rows], "atomic model"),
            text("target", [r.target for r in rows], "measured element"),
            numbers("energy_low_keV", [r.low / u.keV for r in rows], "band"),
            numbers("energy_high_keV", [r.high / u.keV for r in rows], "band"),
            numbers("miss", [r.miss for r in rows], "max |ratio - 1|"),
            text("reference", [r.reference for r in rows], "the better model"),
            numbers("ratio_low", [r.ratio[0] for r in rows], "lowest, to the reference"),
            numbers("ratio_high", [r.ratio[1] for r in rows], "highest, to the reference"),
            numbers("medium_low", [(r.medium or nan)[0] for r in rows], "density effect"),
            numbers("medium_high", [(r.medium or nan)[1] for r in rows], "density effect"),
            text("valid", ["no" if r.reasons else "yes" for r in rows], "whether it holds"),
            text("reason", ["; ".join(r.reasons) for r in rows], "why not"),
        ),
        notes=(
            f"holds: miss <= {TOLERANCE:g}, not retracted, density effect within the same, and "
            "no free-atom theory in a solid below 0.1 keV",
            "anti-nu_e of 1 MeV; millicharge with m_nu = 0.1 eV; bosons of 1 MeV, light 10 eV",
            "ab-initio means independent electrons: its own rows are the band of its computed "
            "variants, without correlation, which matters most below 0.2 keV; published many-body "
            "theory gives 23 % less than free electrons for the weak force on xenon below 30 keV",
        ),
        references=("J.-W. Chen et al., Phys. Lett. B 774, 656 (2017)",),
    )
