"""Counts of signals at unit coupling, with another source, atom or detector beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.analysis.atomic_band import NAME as ATOMIC_MODEL
from nuatom.analysis.atomic_band import band_spectra
from nuatom.analysis.cards.build import at
from nuatom.analysis.model import Component, Parameter
from nuatom.analysis.spectra import ChannelSettings, Key, Site, unit_spectra
from nuatom.arrays import Array
from nuatom.detectors.response_matrix import ResponseMatrix
from nuatom.sources import Source
from nuatom.sources.variations import ScaledPart, Variation


@dataclass(frozen=True, eq=False)
class Counter:
    """A grid of deposits, and how they are counted with each variation of the detector.

    Parameters
    ----------
    points : ndarray
        Quadrature in the energy of the recoil, shape (point,) [energy].
    nominal : ResponseMatrix
        Of the detector as it should be [response matrix].
    upper, lower : dict
        Variation -> response of the detector that is off [response matrix].
    """

    points: Array
    nominal: ResponseMatrix
    upper: Mapping[str, ResponseMatrix] = field(default_factory=dict)
    lower: Mapping[str, ResponseMatrix] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Neutrinos:
    """What scatters, and what may be wrong with it before anything is detected.

    Parameters
    ----------
    source : Source
        Of the neutrinos [source].
    settings : ChannelSettings
        Masses [channel settings].
    variations : tuple of Variation
        Sources with one input moved [variation].
    parts : tuple of ScaledPart
        Parts of the source that are known to a relative error [variation].
    atomic_model : bool
        Whether the band of the ab-initio response is a variation [flag].
    """

    source: Source
    settings: ChannelSettings
    variations: tuple[Variation, ...] = ()
    parts: tuple[ScaledPart, ...] = ()
    atomic_model: bool = False


def signal_components(
    channels: Sequence[str],
    sites: Iterable[tuple[Site, Counter]],
    neutrinos: Neutrinos,
    exposure: Array | float,
) -> tuple[list[Component], list[Parameter]]:
    """Return the counts of every channel and of every pair that interferes, at all sites.

    Parameters
    ----------
    channels : sequence of str
        All on electrons, or all on nuclei [names].
    sites : iterable of (Site, Counter)
        Where they scatter, and how deposits there are counted [any].
    neutrinos : Neutrinos
        Source and variations [any].
    exposure : ndarray or float
        Mass times live time, of each bin where they differ [mass time].

    Returns
    -------
    tuple of list
        Components with their variations, and the couplings.

    Raises
    ------
    UnsupportedResponse
        If a model does not provide what a channel needs.
    OutOfRange
        If a table ends before the energies of a site, or numbers are not finite.

    Example
    -------
    >>> from nuatom import units as u
    >>> from nuatom.detectors.response_matrix import published_matrix
    >>> cells, half = np.array([1.0, 2.0]) * u.keV, np.array([[0.5]])
    >>> matrix = published_matrix("electron", np.array([0.0, 1.0]), cells, half)
    >>> model = catalog.response("stepped", "Ge"), 1 / u.kg
    >>> given = Neutrinos(catalog.source("kuo-sheng"), ChannelSettings())
    >>> sites = [(Site("electron", matrix.points, (model,)), Counter(matrix.points, matrix))]
    >>> parts, couplings = signal_components(["weak", "millicharge"], sites, given, u.kg * u.day)
    >>> [part.name for part in parts]
    ['weak', 'millicharge', 'weak*millicharge']
    """
    sums: dict[Key, _Sums] = {}
    powers: dict[str, int] = {}
    for site, counter in sites:
        with at("signals"):
            spectra, powers = unit_spectra(channels, site, neutrinos.source, neutrinos.settings)
        moved = _moved(channels, site, neutrinos, (spectra, powers))
        for key, spectrum in spectra.items():
            own = {name: other[key] for name, other in moved.items()}
            sums.setdefault(key, _Sums({}, {}, {})).add(exposure, counter, spectrum, own)
    parts = [
        Component(
            "*".join(key),
            "signal" if len(key) == 1 else "interference",
            key,
            total.nominal["counts"],
            total.upper,
            total.lower,
        )
        for key, total in sums.items()
    ]
    entries = catalog.INTERACTIONS
    return parts, [
        Parameter(name, entries[name].unit, entries[name].default or 0.0, powers[name])
        for name in channels
    ]


def conventions(channels: Iterable[str]) -> list[str]:
    """Return what must be said of the couplings, such as what a sign means.

    Parameters
    ----------
    channels : iterable of str
        Of the catalogue [names].

    Returns
    -------
    list of str
        One line for each channel that has a convention.

    Example
    -------
    >>> conventions(["weak", "anapole"])
    ['convention of anapole: acts as a charge radius of -6 a, <r^2> = 6 dF_1/dq^2']
    """
    entries = catalog.INTERACTIONS
    return [
        f"convention of {name}: {entries[name].convention}"
        for name in channels
        if entries[name].convention
    ]


def validity_notes(
    channels: Iterable[str],
    settings: ChannelSettings,
    model: tuple[str, str],
    window: tuple[float, float],
) -> list[str]:
    """Return what must be said where a model does not hold.

    Parameters
    ----------
    channels : iterable of str
        On the atoms [names].
    settings : ChannelSettings
        Masses [channel settings].
    model : tuple of str
        Name of the model and symbol of the element [name].
    window : tuple of float
        Lowest and highest energy that is looked at; below 10 eV nothing is known [energy].

    Returns
    -------
    list of str
        Empty for a nucleus, a table of the user, or where the model holds.

    Example
    -------
    >>> from nuatom import units as u
    >>> window = (1 * u.keV, 2 * u.keV)
    >>> found = validity_notes(["millicharge"], ChannelSettings(), ("stepped", "Ge"), window)
    >>> found[0].startswith("millicharge with stepped on Ge")
    True
    """
    name, symbol = model
    if name not in catalog.RESPONSES or name == "nucleus":
        return []
    low = max(window[0], 10 * u.eV)
    energies = np.geomspace(low, max(window[1], low * 1.001), 40)
    measured = [
        kind
        for channel in channels
        for kind in validity.channels_of(settings.channel(channel, 1.0))  # type: ignore[arg-type]
    ]
    return list(validity.warnings_for(tuple(dict.fromkeys(measured)), name, symbol, energies))


def _moved(
    channels: Sequence[str],
    site: Site,
    neutrinos: Neutrinos,
    nominal: tuple[dict[Key, Array], dict[str, int]],
) -> dict[tuple[str, int], dict[Key, Array]]:
    """Return spectra of another source or atom: (variation, sign) -> key -> spectrum."""
    spectra, powers = nominal

    def of(source: Source) -> dict[Key, Array]:
        with at("variations"):
            return unit_spectra(channels, site, source, neutrinos.settings, powers)[0]

    found = {
        (_source_name(v.name), sign): of(source)
        for v in neutrinos.variations
        for sign, source in ((1, v.up), (-1, v.down))
    }
    for part in neutrinos.parts:
        own = of(part.part)
        for sign in (1, -1):
            found[_source_name(part.name), sign] = {
                key: spectrum + sign * part.relative * own[key] for key, spectrum in spectra.items()
            }
    if neutrinos.atomic_model and site.recoil == "electron":
        with at(f"variations.{ATOMIC_MODEL}"):
            ends = band_spectra(channels, site, neutrinos.source, neutrinos.settings, nominal)
        found |= {(ATOMIC_MODEL, sign): end for sign, end in ends.items()}
    return found


def _source_name(name: str) -> str:
    return f"source_{name.replace('-', '_')}"


@dataclass(frozen=True)
class _Sums:
    """Counts of one component, summed over the sites."""

    nominal: dict[str, Array]
    upper: dict[str, Array]
    lower: dict[str, Array]

    def add(
        self,
        exposure: Array | float,
        counter: Counter,
        spectrum: Array,
        moved: Mapping[tuple[str, int], Array],
    ) -> None:
        """Add the counts of one site."""
        _add(self.nominal, "counts", exposure * counter.nominal.counts(spectrum))
        for target, responses, sign in (
            (self.upper, counter.upper, 1),
            (self.lower, counter.lower, -1),
        ):
            for name, matrix in responses.items():
                _add(target, name, exposure * matrix.counts(spectrum))
            for (name, side), other in moved.items():
                if side == sign:
                    _add(target, name, exposure * counter.nominal.counts(other))


def _add(sums: dict[str, Array], name: str, counts: Array) -> None:
    sums[name] = sums[name] + counts if name in sums else counts
