"""The model of an experiment: spectra, response matrices and variations put together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nuatom import catalog, validity
from nuatom import constants as c
from nuatom import units as u
from nuatom.analysis.build import Experiment, at, experiment
from nuatom.analysis.card import ReadCard
from nuatom.analysis.model import Component, Model, Parameter
from nuatom.analysis.spectra import Key, Site, unit_spectra
from nuatom.analysis.variations import SHAPES, widest
from nuatom.arrays import Array
from nuatom.backgrounds import Background, expected_rate, varied
from nuatom.backgrounds.observed import Lines
from nuatom.detectors.detector import Detector
from nuatom.detectors.response_matrix import ResponseMatrix
from nuatom.sources import Source
from nuatom.targets import element as element_of

_MEANING = {
    "source_normalisation": "relative error of the flux",
    "reactor_power": "relative error of the thermal power",
    "exposure": "relative error of the exposure",
    "efficiency": "relative error of the efficiency",
    "energy_scale": "relative error of the observed energy",
    "resolution": "relative error of the standard deviation of the resolution",
    "quenching": "relative error of the ionisation by nuclear recoils",
    "threshold": "error of every threshold in keV",
}


@dataclass(frozen=True, eq=False)
class Counter:
    """A grid of deposits, and how they are counted with each variation of the detector.

    Parameters
    ----------
    points, weights : ndarray
        Quadrature in the energy of the recoil, shape (point,) [energy].
    nominal : ResponseMatrix
        Of the detector as it should be [response matrix].
    upper, lower : dict
        Variation -> response of the detector that is off [response matrix].
    """

    points: Array
    weights: Array
    nominal: ResponseMatrix
    upper: dict[str, ResponseMatrix]
    lower: dict[str, ResponseMatrix]


def build_model(read: ReadCard) -> Model:
    """Return the model that a card describes.

    Parameters
    ----------
    read : ReadCard
        A checked card [read card].

    Returns
    -------
    Model
        With all components at unit coupling and all variations.

    Raises
    ------
    InvalidInput
        With the path of the key that cannot be satisfied.
    UnsupportedResponse
        If a model does not provide what a channel needs.
    OutOfRange
        If a table ends before the energies that matter.
    """
    setup = experiment(read)
    shapes = {name: s for name in SHAPES if (s := getattr(setup.card.variations, name)) is not None}
    parts: list[Component] = []
    parameters: list[Parameter] = []
    notes: list[str] = []
    counter = _counter(setup, shapes, "electron", None)
    for nuclear in (False, True):
        found, couplings, remarks = _signals(setup, shapes, counter, nuclear=nuclear)
        parts += found
        parameters += couplings
        notes += remarks
    for place, background in enumerate(setup.backgrounds):
        with at(f"backgrounds[{place}]"):
            parts.append(_background(setup, counter, background))
    parts = [_scaled_variations(setup, part) for part in parts]
    order = {name: i for i, name in enumerate(setup.card.signals.channels)}
    return Model(
        setup.card.title,
        np.asarray(setup.detector.bin_edges),
        tuple(sorted(parameters, key=lambda p: order[p.channel])),
        tuple(parts),
        _meanings(setup, parts),
        setup.detector.exposure,
        tuple(dict.fromkeys([*notes, *(setup.counted.notes if setup.counted else ())])),
        setup.references,
        _provenance(read, setup, counter),
        setup.counted,
    )


def _counter(
    setup: Experiment, shapes: dict[str, float], recoil: str, element: str | None
) -> Counter:
    """Return one grid that holds those of all variations, and their responses on it."""
    detector = setup.detector
    with at("variations"):
        changed = {
            (name, sign): SHAPES[name](detector, sign * sigma)
            for name, sigma in shapes.items()
            for sign in (1, -1)
            if name != "quenching" or recoil == "nuclear"
        }
        if "quenching" in shapes:
            SHAPES["quenching"](detector, shapes["quenching"])
        outer = widest(detector, shapes)
        if recoil == "nuclear" and "quenching" in shapes:
            # a table of factors must not be asked beyond its ends for the sake of the grid
            outer = replace(outer, quenching=detector.quenching)
    with at("detector"):
        breaks = np.concatenate(
            [_breaks(setup, recoil, changed), kinematic_ends(setup, recoil, element)]
        )
        grid = outer.matrix(recoil, element=element, breaks=breaks)

        def response(counting: Detector) -> ResponseMatrix:
            return ResponseMatrix(
                recoil,
                np.asarray(counting.bin_edges),
                grid.cell_edges,
                grid.points,
                grid.weights,
                counting.probability(grid.points, recoil, element=element),
            )

        return Counter(
            grid.points,
            grid.weights,
            response(detector),
            {name: response(d) for (name, sign), d in changed.items() if sign == 1},
            {name: response(d) for (name, sign), d in changed.items() if sign == -1},
        )


def _breaks(setup: Experiment, recoil: str, changed: dict[tuple[str, int], Detector]) -> Array:
    """Return where spectra, or without smearing the bins, have a step."""
    detector = setup.detector
    own = [np.asarray(response.edges) for response, _ in setup.electrons]
    own = own if recoil == "electron" else []
    if recoil == "electron":
        own += [
            np.asarray(b.bin_edges)
            for b in setup.backgrounds
            if hasattr(b, "bin_edges") and not getattr(b, "observed", True)
        ]
        own += [np.array([b.end_point]) for b in setup.backgrounds if hasattr(b, "end_point")]
        sharp = not np.any(detector.resolution.sigma(np.asarray(detector.bin_edges)[-1:]))
        if sharp:
            own += [np.asarray(d.bin_edges) for d in (detector, *changed.values())]
    found = np.concatenate([np.array([]), *own])
    return np.asarray(found[found > 0])


def kinematic_ends(setup: Experiment, recoil: str, element: str | None) -> Array:
    """Return the recoil energies at which the spectra of fluxes end.

    ::

        T_max = 2 E^2/(2 E + M),   M = electron or nuclear mass

    of every line and of the end of every continuum.  For bound electrons it is where the
    free-electron part ends.

    Parameters
    ----------
    setup : Experiment
        With its source [experiment].
    recoil : str
        ``electron`` or ``nuclear`` [name].
    element : str or None
        Of the nucleus [name].

    Returns
    -------
    ndarray
        One for each energy and mass, in any order [energy].
    """
    energies = np.unique([flux.energy_max for flux in setup.source.fluxes])
    if recoil == "electron":
        masses = np.array([c.electron_mass])
    else:
        masses = np.array([i.mass for i in element_of(element or "").isotopes])
    return np.asarray(2 * energies**2 / (2 * energies + masses[:, None])).ravel()


def _signals(
    setup: Experiment, shapes: dict[str, float], electrons: Counter, *, nuclear: bool
) -> tuple[list[Component], list[Parameter], list[str]]:
    """Return the components of all channels on electrons or on nuclei."""
    channels = setup.channels(nuclear=nuclear)
    if not channels:
        return [], [], []
    sums: dict[Key, _Sums] = {}
    powers: dict[str, int] = {}
    notes: list[str] = []
    for site, counter, name, symbol in _sites(setup, shapes, electrons, nuclear=nuclear):
        with at("signals"):
            spectra, powers = unit_spectra(channels, site, setup.source, setup.settings)
            moved = _moved(setup, channels, site, (spectra, powers))
        for key, spectrum in spectra.items():
            total = sums.setdefault(key, _Sums({}, {}, {}))
            total.add(setup, counter, spectrum, {k: s[key] for k, s in moved.items()})
        notes += _validity_notes(setup, channels, name, symbol)
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
    parameters = [
        Parameter(name, entries[name].unit, entries[name].default or 0.0, powers[name])
        for name in channels
    ]
    notes += [
        f"convention of {name}: {entries[name].convention}"
        for name in channels
        if entries[name].convention
    ]
    return parts, parameters, notes


def _moved(
    setup: Experiment,
    channels: list[str],
    site: Site,
    nominal: tuple[dict[Key, Array], dict[str, int]],
) -> dict[tuple[str, int], dict[Key, Array]]:
    """Return the spectra of a source that is off: (variation, sign) -> key -> spectrum."""
    spectra, powers = nominal

    def of(source: Source) -> dict[Key, Array]:
        return unit_spectra(channels, site, source, setup.settings, powers)[0]

    found = {
        (v.name, sign): of(source)
        for v in setup.source_variations
        for sign, source in ((1, v.up), (-1, v.down))
    }
    for part in setup.source_parts:
        own = of(part.part)
        for sign in (1, -1):
            found[part.name, sign] = {
                key: spectrum + sign * part.relative * own[key] for key, spectrum in spectra.items()
            }
    return found


@dataclass(frozen=True)
class _Sums:
    """Counts of one component, summed over the sites."""

    nominal: dict[str, Array]
    upper: dict[str, Array]
    lower: dict[str, Array]

    def add(
        self,
        setup: Experiment,
        counter: Counter,
        spectrum: Array,
        moved: dict[tuple[str, int], Array],
    ) -> None:
        """Add the counts of one site."""
        exposure = setup.exposure
        _add(self.nominal, "counts", exposure * counter.nominal.counts(spectrum))
        for target, responses, sign in (
            (self.upper, counter.upper, 1),
            (self.lower, counter.lower, -1),
        ):
            for name, matrix in responses.items():
                _add(target, name, exposure * matrix.counts(spectrum))
            for (name, side), other in moved.items():
                if side == sign:
                    counts = exposure * counter.nominal.counts(other)
                    _add(target, f"source_{name.replace('-', '_')}", counts)


def _add(sums: dict[str, Array], name: str, counts: Array) -> None:
    sums[name] = sums[name] + counts if name in sums else counts


def _sites(
    setup: Experiment, shapes: dict[str, float], electrons: Counter, *, nuclear: bool
) -> Iterator[tuple[Site, Counter, str, str]]:
    """Yield each site with its counter, the name of its model and an element."""
    if not nuclear:
        name = setup.card.response.electrons or ""
        symbol = setup.detector.target.atoms_per_mass[0][0].symbol
        yield Site("electron", electrons.points, setup.electrons), electrons, name, symbol
        return
    for symbol, part in setup.nuclei.items():
        counter = _counter(setup, shapes, "nuclear", symbol)
        yield Site("nuclear", counter.points, (part,)), counter, "nucleus", symbol


def _validity_notes(setup: Experiment, channels: list[str], model: str, symbol: str) -> list[str]:
    """Return what must be said where a model does not hold, inside the bins."""
    edges = np.asarray(setup.detector.bin_edges)
    if model not in catalog.RESPONSES or model == "nucleus":
        return []
    low = max(float(edges[0]), setup.detector.threshold, 10 * u.eV)
    energies = np.geomspace(low, max(float(edges[-1]), low * 1.001), 40)
    names = [
        name
        for channel in channels
        for name in validity.channels_of(setup.settings.channel(channel, 1.0))  # type: ignore[arg-type]
    ]
    return list(validity.warnings_for(tuple(dict.fromkeys(names)), model, symbol, energies))


def _background(setup: Experiment, counter: Counter, background: Background) -> Component:
    """Return the component of a background, with the variations of its own parameters."""
    exposure = setup.exposure

    def counts(which: Background, matrix: ResponseMatrix) -> Array:
        detector = replace(setup.detector, bin_edges=matrix.bin_edges)
        return exposure * expected_rate(which, detector, matrix)

    central = counts(background, counter.nominal)
    upper: dict[str, Array] = {}
    lower: dict[str, Array] = {}
    if isinstance(background, Lines) or not getattr(background, "observed", True):
        for target, sign in ((upper, 1), (lower, -1)):
            for name, matrix in (counter.upper if sign == 1 else counter.lower).items():
                off = SHAPES[name](setup.detector, sign * getattr(setup.card.variations, name))
                target[name] = exposure * expected_rate(background, off, matrix)
    for nuisance in background.nuisances:
        if nuisance.prior == "free":
            continue
        name = f"{background.name}_{nuisance.parameter}"
        value = float(getattr(background, nuisance.parameter))
        for target, sign in ((upper, 1), (lower, -1)):
            if nuisance.parameter == background.strength:
                factor = max(1 + sign * nuisance.width / value, 0.0) if value else 1.0
                target[name] = central * factor
            else:
                other = varied(background, nuisance.parameter, value + sign * nuisance.width)
                target[name] = counts(other, counter.nominal)
    return Component(background.name, "background", (), central, upper, lower)


def _scaled_variations(setup: Experiment, part: Component) -> Component:
    """Return a component with the variations that are factors."""
    wanted = setup.card.variations
    signal = part.kind != "background"
    passes = signal or any(
        b.name == part.name and (isinstance(b, Lines) or not getattr(b, "observed", True))
        for b in setup.backgrounds
    )
    factors = {
        "source_normalisation": wanted.source_normalisation if signal else None,
        "reactor_power": wanted.reactor_power if signal else None,
        "exposure": wanted.exposure,
        "efficiency": wanted.efficiency if passes else None,
    }
    upper, lower = dict(part.upper), dict(part.lower)
    for name, sigma in factors.items():
        if sigma is not None:
            upper[name] = part.counts * (1 + sigma)
            lower[name] = part.counts * max(1 - sigma, 0.0)
    return replace(part, upper=upper, lower=lower)


def _meanings(setup: Experiment, parts: list[Component]) -> dict[str, str]:
    """Return every variation with its size, those of the card first."""
    names = [*_MEANING, *(name for part in parts for name in part.upper)]
    used = {name for part in parts for name in part.upper}
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        if name not in used:
            continue
        sigma = getattr(setup.card.variations, name, None)
        if sigma is None:
            found[name] = "one standard deviation"
        else:
            size = sigma / u.keV if name == "threshold" else sigma
            found[name] = f"{_MEANING[name]}, {size:.6g}"
    return found


def _provenance(read: ReadCard, setup: Experiment, counter: Counter) -> dict[str, str]:
    from nuatom import __version__

    return {
        "nuatom": __version__,
        "card_sha256": read.digest,
        "source": setup.source.name,
        "source_digest": setup.source.digest(),
        "target": setup.detector.target.name,
        "detector": setup.detector.name,
        "exposure_kg_day": f"{setup.detector.exposure / (u.kg * u.day):.9g}",
        "electrons": setup.card.response.electrons or "",
        "form_factor": setup.card.response.form_factor if setup.nuclei else "",
        "response_digest": counter.nominal.digest(),
    }
