"""The model of an experiment: spectra, response matrices and variations put together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.analysis.cards.build import Experiment, at, experiment
from nuatom.analysis.cards.card import CardSource, ReadCard, names_card, read_card
from nuatom.analysis.model import Component, Model, Parameter
from nuatom.analysis.signal_components import (
    Counter,
    Neutrinos,
    conventions,
    signal_components,
    validity_notes,
)
from nuatom.analysis.spectra import Site
from nuatom.analysis.variations import SHAPES, widest
from nuatom.arrays import Array
from nuatom.backgrounds import Background, expected_rate, varied
from nuatom.backgrounds.observed import Lines
from nuatom.detectors.detector import Detector
from nuatom.detectors.response_matrix import ResponseMatrix
from nuatom.errors import InvalidInput, lookup
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
    "atomic_model": "upper and lower end of the ab-initio band, all energies together",
}


@names_card
def load(card: CardSource) -> Model:
    """Return the model that a run card describes.

    Parameters
    ----------
    card : Path, str or mapping
        A TOML file, or the same as a dict [path].

    Returns
    -------
    Model
        As `build_model`.

    Raises
    ------
    InvalidInput
        With the file and the path of the key that cannot be satisfied.
    """
    return build_model(read_card(card))


def build_model(read: ReadCard) -> Model:
    """Return the model that a card describes which has been read.

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
            found_background = _background(setup, counter, background)
            holds = getattr(setup.card.backgrounds[place], "holds", ())
            parts.append(_without(found_background, parts, holds))
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
    neutrinos = Neutrinos(
        setup.source,
        setup.settings,
        setup.source_variations,
        setup.source_parts,
        setup.card.variations.atomic_model,
    )
    sites = list(_sites(setup, shapes, electrons, nuclear=nuclear))
    pairs = [(site, counter) for site, counter, _, _ in sites]
    parts, parameters = signal_components(channels, pairs, neutrinos, setup.exposure)
    notes = [
        line
        for _, _, name, symbol in sites
        for line in validity_notes(channels, setup.settings, (name, symbol), _window(setup))
    ]
    return parts, parameters, [*notes, *conventions(channels)]


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


def _window(setup: Experiment) -> tuple[float, float]:
    """Return the energies inside the bins and above the threshold."""
    edges = np.asarray(setup.detector.bin_edges)
    return max(float(edges[0]), setup.detector.threshold), float(edges[-1])


def _background(setup: Experiment, counter: Counter, background: Background) -> Component:
    """Return the component of a background, with the variations of its own parameters."""
    exposure = setup.exposure

    def counts(which: Background, matrix: ResponseMatrix) -> Array:
        detector = replace(setup.detector, bin_edges=matrix.bin_edges)
        return exposure * expected_rate(which, detector, matrix)

    central = counts(background, counter.nominal)
    upper: dict[str, Array] = {}
    lower: dict[str, Array] = {}
    of_rate = ""
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
        of_rate = name if nuisance.parameter == background.strength else of_rate
        for target, sign in ((upper, 1), (lower, -1)):
            if nuisance.parameter == background.strength:
                factor = max(1 + sign * nuisance.width / value, 0.0) if value else 1.0
                target[name] = central * factor
            else:
                other = varied(background, nuisance.parameter, value + sign * nuisance.width)
                target[name] = counts(other, counter.nominal)
    return Component(background.name, "background", (), central, upper, lower, of_rate)


def _without(part: Component, signals: Sequence[Component], holds: Sequence[str]) -> Component:
    """Return a published background less the channels that it holds, as the card expects them."""
    by_name = {signal.name: signal.counts for signal in signals if signal.kind == "signal"}
    counts = part.counts
    for name in holds:
        counts = counts - lookup("channel of [signals] in holds", name, by_name)
    if np.any(low := counts < 0):
        raise InvalidInput(
            f"found less in bin {int(np.argmax(low)) + 1} than the card expects of "
            f"{' and '.join(holds)}, expected a background that holds them"
        )
    share = np.divide(counts, part.counts, out=np.ones_like(counts), where=part.counts > 0)
    upper = {name: values * share for name, values in part.upper.items()}
    lower = {name: values * share for name, values in part.lower.items()}
    return replace(part, counts=counts, upper=upper, lower=lower)


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
        elif isinstance(sigma, bool):
            found[name] = _MEANING[name]
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
        "flavors": " ".join(sorted({flux.flavor for flux in setup.source.fluxes})),
        "target": setup.detector.target.name,
        "detector": setup.detector.name,
        "exposure_kg_day": f"{setup.detector.exposure / (u.kg * u.day):.9g}",
        "electrons": setup.card.response.electrons or "",
        "form_factor": setup.card.response.form_factor if setup.nuclei else "",
        "response_digest": counter.nominal.digest(),
    }
