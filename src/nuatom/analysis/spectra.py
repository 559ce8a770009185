"""Spectra of signals at unit coupling, split into quadratic and interference parts.

Amplitudes a_i of strength s_i add before they are squared, so that every rate is::

    R = sum_i s_i^2 R_ii + sum_(i<j) s_i s_j R_ij,      s_i = coupling_i^p_i

with p = 2 for a boson whose coupling acts at both ends and p = 1 otherwise.  R_ij is found
from the rate of the sum, at strengths that make the two parts equal: at unit couplings one
part may exceed the other by twenty orders of magnitude, and the difference would be noise.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nuatom import catalog
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, OutOfRange
from nuatom.interactions import Amplitude
from nuatom.interactions.incoherent import combine
from nuatom.interactions.terms import Constituents
from nuatom.rates import rate_by_shell
from nuatom.responses import Response
from nuatom.responses.measure import Measure
from nuatom.sources import Source

Key = tuple[str, ...]
"""One channel, or two that interfere."""
_SAMPLES = 9
_KEPT = 2
"""Measures that are kept: with and without a neutrino mass."""


@dataclass(frozen=True, eq=False)
class Site:
    """Where a neutrino scatters: electrons of all elements, or nuclei of one.

    Parameters
    ----------
    recoil : str
        ``electron`` or ``nuclear`` [name].
    points : ndarray
        Energies of the recoil at which spectra are needed, shape (point,) [energy].
    parts : tuple of (Response, float)
        The model of each element, and its atoms per mass of the target [1/mass].
    """

    recoil: str
    points: Array
    parts: tuple[tuple[Response, float], ...]


@dataclass(frozen=True)
class ChannelSettings:
    """What channels need besides a coupling.

    Parameters
    ----------
    neutrino_mass : float
        Regulates the photon pole of a millicharge [energy].
    mediator_mass : float or None
        Of a new vector boson [energy].
    """

    neutrino_mass: float = catalog.Settings.neutrino_mass
    mediator_mass: float | None = None

    def channel(self, name: str, coupling: float) -> catalog.Channel | object:
        """Return a channel at a coupling.

        Parameters
        ----------
        name : str
            Of the catalogue [name].
        coupling : float
            In the unit of the entry [any].

        Returns
        -------
        Amplitude or Interaction
            From the catalogue.
        """
        return catalog.interaction(
            name, coupling, neutrino_mass=self.neutrino_mass, mediator_mass=self.mediator_mass
        )


def unit_spectra(
    channels: Sequence[str],
    site: Site,
    source: Source,
    settings: ChannelSettings,
    powers: Mapping[str, int] | None = None,
) -> tuple[dict[Key, Array], dict[str, int]]:
    """Return the spectrum of each channel and of each pair that interferes.

    Parameters
    ----------
    channels : sequence of str
        Names of the catalogue, all of the recoil of the site [names].
    site : Site
        Where they scatter [site].
    source : Source
        Of the neutrinos [source].
    settings : ChannelSettings
        Masses [channel settings].
    powers : mapping, optional
        Channel -> p, where it is known already [dimensionless].

    Returns
    -------
    tuple of dict
        Key -> dR/dT at unit coupling, shape (point,) [1/(mass energy time)], and channel ->
        p, the power with which its coupling enters the amplitude.

    Raises
    ------
    UnsupportedResponse
        If a model does not provide what a channel needs.
    OutOfRange
        If a table ends before the energies of the site, or numbers are not finite.

    Example
    -------
    >>> from nuatom import units as u
    >>> points = np.array([1.0, 2.0]) * u.keV
    >>> site = Site("electron", points, ((catalog.response("stepped", "Ge"), 1 / u.kg),))
    >>> spectra, powers = unit_spectra(
    ...     ["weak", "millicharge"], site, catalog.source("kuo-sheng"), ChannelSettings())
    >>> list(spectra), powers
    ([('weak',), ('millicharge',), ('weak', 'millicharge')], {'weak': 1, 'millicharge': 1})
    """
    found = {name: _power(name, site, source, settings) for name in channels if powers is None}
    powers = dict(powers or found)
    amplitudes = [n for n in channels if isinstance(settings.channel(n, 1.0), Amplitude)]
    spectra: dict[Key, Array] = {}
    for flux in source.fluxes:  # one at a time, so that its measure serves all channels
        single = Source(source.name, (flux,))
        kept = Site(site.recoil, site.points, tuple((Kept(r, {}), n) for r, n in site.parts))
        own: dict[Key, Array] = {
            (name,): _spectrum({name: 1.0}, kept, single, settings) for name in channels
        }
        for pair in itertools.combinations(amplitudes, 2):
            own[pair] = _interference(pair, own, powers, (kept, single, settings))
        for key, spectrum in own.items():
            spectra[key] = spectra[key] + spectrum if key in spectra else spectrum
    return spectra, powers


def _interference(
    pair: tuple[str, str],
    own: Mapping[Key, Array],
    powers: Mapping[str, int],
    where: tuple[Site, Source, ChannelSettings],
) -> Array:
    """Return R_ij at unit strengths, from the sum at strengths that balance the two."""
    first, second = pair
    a, b = own[(first,)], own[(second,)]
    both = (a > 0) & (b > 0)
    if not np.any(both):
        return np.zeros_like(a)
    strength = float(np.exp(np.median(np.log(a[both]) - np.log(b[both])) / 2))
    couplings = {first: 1.0, second: strength ** (1 / powers[second])}
    total = _spectrum(couplings, *where)
    return np.asarray((total - a - strength**2 * b) / strength)


@dataclass(frozen=True, eq=False)
class Kept:
    """A response that keeps what it gave for the last energies.

    Parameters
    ----------
    response : Response
        The model itself [response].
    given : dict
        Its last measures by the arrays that were asked for; begins empty [any].
    """

    response: Response
    given: dict[bytes, Measure]

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.response.name

    @property
    def shells(self) -> tuple[str, ...]:
        """Names of the shells."""
        return self.response.shells

    @property
    def edges(self) -> Array:
        """Where the response jumps [energy]."""
        return self.response.edges

    @property
    def constituents(self) -> Constituents:
        """What scatters coherently."""
        return self.response.constituents

    @property
    def provides(self) -> frozenset[str]:
        """Names of the response functions."""
        return self.response.provides

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return the measure, computed once for the same energies and limits."""
        key = b"".join(np.ascontiguousarray(x).tobytes() for x in (T, q2_min, q2_max))
        if key not in self.given:
            if len(self.given) >= _KEPT:
                self.given.clear()
            self.given[key] = self.response.measure(T, q2_min=q2_min, q2_max=q2_max)
        return self.given[key]


def _spectrum(
    couplings: Mapping[str, float], site: Site, source: Source, settings: ChannelSettings
) -> Array:
    """Return dR/dT of channels at couplings, summed over elements and shells."""
    interaction = combine(tuple(settings.channel(n, g) for n, g in couplings.items()))  # type: ignore[misc]
    total: Array = np.zeros(site.points.size)
    reason = "the rate is not finite"
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            for response, atoms_per_mass in site.parts:
                total = total + rate_by_shell(
                    site.points,
                    source=source,
                    interaction=interaction,
                    response=response,
                    atoms_per_mass=atoms_per_mass,
                ).sum(axis=0)
    except ArithmeticError as error:
        total, reason = total * np.nan, str(error)
    if not np.all(np.isfinite(total)):
        raise OutOfRange(
            f"{' and '.join(couplings)}: found no finite rate ({reason}), expected less extreme "
            "masses and energies"
        )
    return total


def _power(name: str, site: Site, source: Source, settings: ChannelSettings) -> int:
    """Return p of ``amplitude ~ coupling^p``, found by doubling the coupling."""
    place = np.unique(np.linspace(0, site.points.size - 1, _SAMPLES).astype(int))
    few = Site(site.recoil, site.points[place], site.parts)
    once, twice = (_spectrum({name: g}, few, source, settings) for g in (1.0, 2.0))
    filled = (once > 0) & (twice > 0)
    if not np.any(filled):
        return 1
    exponent = np.log2(twice[filled] / once[filled]) / 2
    power = round(float(np.median(exponent)))
    if power < 1 or np.any(np.abs(exponent - power) > 1e-6):
        raise InvalidInput(
            f"{name}: found a rate that is no power of its coupling, expected coupling^2 or ^4; "
            "compute it with nuatom.differential_rate"
        )
    return power
