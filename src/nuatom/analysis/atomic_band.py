"""Spectra at the ends of the band of the ab-initio response: the pull ``atomic_model``.

The band of a table is the relative change d_i(T) of the cross section of channel i between
variants of the theory, for each element, so that::

    R_ii -> R_ii (1 + d_i),      R_ij -> R_ij sqrt[(1 + d_i) (1 + d_j)]

An interference has no band of its own; the geometric mean keeps ``R_ij^2 <= 4 R_ii R_jj``, so
that no couplings give a negative rate.  All energies move to one end together, the widest
that the band allows for a sum over energies, and channels and elements move together, too.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from nuatom.analysis.spectra import ChannelSettings, Key, Site, unit_spectra
from nuatom.arrays import Array
from nuatom.catalog import AB_INITIO
from nuatom.errors import InvalidInput
from nuatom.responses import Response, Tabulated
from nuatom.sources import Source

NAME = "atomic_model"
"""Of the variation."""


def check_band(model: str | None, electrons: Sequence[Response], channels: Sequence[str]) -> None:
    """Refuse a band that is not there.

    Parameters
    ----------
    model : str or None
        Of electrons, as the card names it [name].
    electrons : sequence of Response
        The model of each element [response].
    channels : sequence of str
        Those on electrons [names].

    Raises
    ------
    InvalidInput
        If the model is another than ``ab-initio``, nothing scatters on electrons, or a
        channel has no band.

    Example
    -------
    >>> check_band("stepped", (), ("weak",))
    Traceback (most recent call last):
        ...
    nuatom.errors.InvalidInput: found response.electrons = 'stepped', expected 'ab-initio', \
the only model with a band; leave atomic_model out
    """
    if model != AB_INITIO:
        shown = "none" if model is None else repr(model)
        raise InvalidInput(
            f"found response.electrons = {shown}, expected {AB_INITIO!r}, the only model with a "
            "band; leave atomic_model out"
        )
    if not channels:
        raise InvalidInput("found no channel on electrons, expected one; leave atomic_model out")
    for response in electrons:
        known = _band(response)
        for channel in channels:
            if channel not in known:
                raise InvalidInput(
                    f"found the channel {channel!r}, of which no band was computed, expected only "
                    f"{', '.join(known)}; leave the channel or atomic_model out"
                )


def band_spectra(
    channels: Sequence[str],
    site: Site,
    source: Source,
    settings: ChannelSettings,
    nominal: tuple[Mapping[Key, Array], Mapping[str, int]],
) -> dict[int, dict[Key, Array]]:
    """Return the spectra at unit coupling at both ends of the band.

    Parameters
    ----------
    channels : sequence of str
        On electrons [names].
    site : Site
        With tables of the package [site].
    source : Source
        Of the neutrinos [source].
    settings : ChannelSettings
        Masses [channel settings].
    nominal : tuple of mapping
        Spectra [1/(mass energy time)] and powers from `nuatom.analysis.spectra.unit_spectra`
        of this site [any].

    Returns
    -------
    dict
        1 for the upper and -1 for the lower end -> key -> spectrum [1/(mass energy time)].

    Raises
    ------
    OutOfRange
        If energies lie beyond those of the band.

    Example
    -------
    >>> from nuatom import catalog, units as u
    >>> points = np.array([0.1, 1.0]) * u.keV
    >>> site = Site("electron", points, ((catalog.response("ab-initio", "Ge"), 1 / u.kg),))
    >>> given = ["magnetic-moment"], site, catalog.source("kuo-sheng"), ChannelSettings()
    >>> central = unit_spectra(*given)
    >>> ends = band_spectra(*given, central)
    >>> (ends[1]["magnetic-moment",] >= central[0]["magnetic-moment",]).tolist()
    [True, True]
    """
    spectra, powers = nominal
    ends: dict[int, dict[Key, Array]] = {1: {}, -1: {}}
    for part in site.parts:
        own = spectra
        if len(site.parts) > 1:
            alone = Site(site.recoil, site.points, (part,))
            own = unit_spectra(channels, alone, source, settings, powers)[0]
        for sign, total in ends.items():
            factors = {name: _factor(part[0], name, site.points, sign) for name in channels}
            for key, spectrum in own.items():
                mean = np.sqrt(factors[key[0]] * factors[key[-1]])
                total[key] = total.get(key, 0.0) + mean * spectrum
    return ends


def _factor(response: Response, channel: str, points: Array, sign: int) -> Array:
    """Return 1 + d; below the first energy of the band nothing is ionised."""
    assert isinstance(response, Tabulated)
    assert response.table.uncertainty is not None
    energies = np.maximum(points, response.table.uncertainty.energy_transfer[0])
    lower, upper = response.band(channel, energies)
    return np.asarray(1 + (upper if sign > 0 else lower))


def _band(response: Response) -> tuple[str, ...]:
    """Return the channels whose band a table holds."""
    found = response.table.uncertainty if isinstance(response, Tabulated) else None
    return () if found is None else found.channels
