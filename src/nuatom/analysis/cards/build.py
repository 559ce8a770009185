"""From a checked card to objects: source, detector, sites, backgrounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from nuatom import catalog
from nuatom.analysis.atomic_band import check_band
from nuatom.analysis.cards.card import ReadCard
from nuatom.analysis.observation import Observation, observation, with_exposure
from nuatom.analysis.spectra import ChannelSettings
from nuatom.arrays import Array
from nuatom.backgrounds import Background
from nuatom.detectors.detector import Detector
from nuatom.errors import InvalidInput, NuatomError, lookup
from nuatom.responses import Response
from nuatom.sources import Source, user_table

if TYPE_CHECKING:
    from nuatom.analysis.cards.schema import Card, SourceSection
    from nuatom.sources.variations import ScaledPart, Variation

_T = TypeVar("_T")
_SOLAR = {"solar-b16-gs98": "b16-gs98", "solar-b16-agss09met": "b16-agss09met"}
"""Name of a source -> solar model."""


@dataclass(frozen=True, eq=False)
class Experiment:
    """What a card describes, as objects.

    Parameters
    ----------
    card : Card
        The card [card].
    source : Source
        Of the neutrinos [source].
    source_variations : tuple of Variation
        Sources with one input moved [variation].
    source_parts : tuple of ScaledPart
        Parts of the source that are known to a relative error [variation].
    detector : Detector
        With its bins [detector].
    electrons : tuple of (Response, float)
        Model and atoms per mass of each element; empty if no channel needs them [1/mass].
    nuclei : dict
        Element -> model and atoms per mass; empty if no channel needs them [1/mass].
    settings : ChannelSettings
        Masses [channel settings].
    backgrounds : tuple of Background
        In the order of the card [background].
    counted : Observation or None
        What was counted in the bins [observation].
    references : tuple of str
        What to cite [text].
    """

    card: "Card"
    source: Source
    source_variations: tuple["Variation", ...]
    source_parts: tuple["ScaledPart", ...]
    detector: Detector
    electrons: tuple[tuple[Response, float], ...]
    nuclei: dict[str, tuple[Response, float]]
    settings: ChannelSettings
    backgrounds: tuple[Background, ...]
    counted: Observation | None
    references: tuple[str, ...]

    @property
    def exposure(self) -> Array | float:
        """Mass times live time, of each bin where they differ [mass time]."""
        if self.counted is None or self.counted.exposure is None:
            return self.detector.exposure
        return self.counted.exposure

    def channels(self, *, nuclear: bool) -> list[str]:
        """Return the channels on electrons, or on nuclei.

        Parameters
        ----------
        nuclear : bool
            Which of them [flag].

        Returns
        -------
        list of str
            In the order of the card.
        """
        return [
            name
            for name in self.card.signals.channels
            if catalog.INTERACTIONS[name].nuclear == nuclear
        ]


@contextmanager
def at(path: str) -> Iterator[None]:
    """Put the path in the card before an error.

    Parameters
    ----------
    path : str
        Such as ``source.name`` [name].

    Raises
    ------
    InvalidInput
        The error inside, of its own kind, with the path before it.

    Example
    -------
    >>> with at("source.name"):
    ...     raise InvalidInput("found nothing")
    Traceback (most recent call last):
        ...
    nuatom.errors.InvalidInput: source.name: found nothing
    """
    try:
        yield
    except NuatomError as error:
        raise type(error)(f"{path}: {error}") from None
    except (ValueError, ArithmeticError, MemoryError) as error:
        raise InvalidInput(f"{path}: found values that lead nowhere ({error})") from None


def experiment(read: ReadCard) -> Experiment:
    """Return the objects that a card describes.

    Parameters
    ----------
    read : ReadCard
        A checked card [read card].

    Returns
    -------
    Experiment
        Not yet any spectrum.

    Raises
    ------
    InvalidInput
        With the path of the key that cannot be satisfied.
    """
    card = read.card
    for place, name in enumerate(card.signals.channels):
        with at(f"signals.channels[{place}]"):
            lookup("interaction", name, catalog.INTERACTIONS)
    with at("source"):
        source = _source(card.source, read.folder)
    with at("variations"):
        variations = _source_variations(card, source)
        parts = _source_parts(card, source)
    counted, edges = None, None if card.bins is None else card.bins.build()
    if card.data is not None:
        with at("data"):
            counted = observation(card.data.build(read.folder), edges)
            edges = counted.bin_edges
    with at("detector"):
        given = None if counted is None or counted.exposure is None else counted.exposure.max()
        detector, detector_references = card.detector.build(read.folder, edges, given)
    if counted is not None:
        with at("data"):
            counted = with_exposure(counted, detector.exposure)
    with at("signals"):
        settings = _settings(card)
    with at("response"):
        electrons, nuclei, models = _responses(card, detector)
    if card.variations.atomic_model:
        on_electrons = [n for n in card.signals.channels if not catalog.INTERACTIONS[n].nuclear]
        with at("variations.atomic_model"):
            check_band(card.response.electrons, [model for model, _ in electrons], on_electrons)
    backgrounds = []
    for place, section in enumerate(card.backgrounds):
        with at(f"backgrounds[{place}]"):
            backgrounds.append(section.build(read.folder))
    references = (
        *source.references,
        *detector_references,
        *(catalog.INTERACTIONS[name].reference for name in card.signals.channels),
        *models,
        *(() if counted is None else counted.references),
    )
    return Experiment(
        card,
        source,
        variations,
        parts,
        detector,
        electrons,
        nuclei,
        settings,
        tuple(backgrounds),
        counted,
        tuple(dict.fromkeys(references)),
    )


def _source(section: "SourceSection", folder: Path) -> Source:
    if section.file is not None:
        assert section.flavor is not None
        source = user_table(folder / section.file, section.flavor)
    elif section.core is not None:
        source = _reactor(section)
    else:
        assert section.name is not None
        source = catalog.source(section.name)
    if not source.total_flux() > 0:
        raise InvalidInput("found a total flux of 0, expected > 0")
    return source if section.total_flux is None else source.normalised_to(section.total_flux)


def _reactor(section: "SourceSection") -> Source:
    from nuatom.sources.cores import reactor_at

    assert section.core is not None
    return reactor_at(
        section.core,
        distance=section.distance,
        thermal_power=section.thermal_power,
        model=section.model or "huber-mueller",
    )


def _source_variations(card: "Card", source: Source) -> tuple["Variation", ...]:
    section, wanted = card.source, card.variations
    if section.core is None and (wanted.reactor_spectra or wanted.reactor_power is not None):
        raise InvalidInput("found one of a reactor, expected source.core with it")
    if section.name not in _SOLAR and (wanted.solar_fluxes or wanted.solar_mixing):
        raise InvalidInput(f"found one of the Sun, expected source.name = {' or '.join(_SOLAR)}")
    if wanted.solar_mixing:
        from nuatom.sources import mixing_variations

        assert section.name is not None
        found = mixing_variations(_SOLAR[section.name])
        if section.total_flux is None:
            return found
        return tuple(
            replace(
                v,
                up=v.up.normalised_to(section.total_flux),
                down=v.down.normalised_to(section.total_flux),
            )
            for v in found
        )
    if not wanted.reactor_spectra:
        return ()
    return _reactor_variations(section, source)


def _reactor_variations(section: "SourceSection", source: Source) -> tuple["Variation", ...]:
    from nuatom.sources.cores import core_or_fuel
    from nuatom.sources.reactor import ReactorCore, reactor
    from nuatom.sources.reactor_variations import reactor_variations

    assert section.core is not None
    core = core_or_fuel(
        section.core,
        distance=section.distance,
        thermal_power=section.thermal_power,
        model=section.model or "huber-mueller",
    )
    total = source.total_flux()
    if not isinstance(core, ReactorCore):
        return reactor_variations(core, total_flux=total)
    published = not np.isclose(total, reactor(core).total_flux(), rtol=1e-9, atol=0)
    return reactor_variations(core, total_flux=total if published else None)


def _source_parts(card: "Card", source: Source) -> tuple["ScaledPart", ...]:
    if not card.variations.solar_fluxes:
        return ()
    from nuatom.sources import solar_parts

    assert card.source.name is not None
    parts = solar_parts(_SOLAR[card.source.name])
    factor = source.total_flux() / sum(p.part.total_flux() for p in parts)
    return tuple(replace(p, part=p.part.scaled(factor)) for p in parts)


def _settings(card: "Card") -> ChannelSettings:
    """Return the masses after checking that every channel can be built with them."""
    given = card.signals
    neutrino = catalog.Settings().neutrino_mass if given.neutrino_mass is None else (
        given.neutrino_mass
    )  # fmt: skip
    settings = ChannelSettings(neutrino, given.mediator_mass)
    for name in given.channels:
        settings.channel(name, 1.0)
    return settings


def _responses(
    card: "Card", detector: Detector
) -> tuple[tuple[tuple[Response, float], ...], dict[str, tuple[Response, float]], tuple[str, ...]]:
    """Return the models of electrons and of nuclei, and what to cite for them."""
    chosen, names = card.response, card.signals.channels
    atoms = detector.target.atoms_per_mass
    nuclear = {catalog.INTERACTIONS[name].nuclear for name in names}
    electrons: list[tuple[Response, float]] = []
    nuclei: dict[str, tuple[Response, float]] = {}
    references: list[str] = []
    options = {"photoabsorption": chosen.photoabsorption, "form_factor": chosen.form_factor}
    lookup("form factor", chosen.form_factor, catalog.FORM_FACTORS)
    lookup("photoabsorption source", chosen.photoabsorption, catalog.PHOTOABSORPTION)
    if False in nuclear:
        if chosen.electrons is None:
            raise InvalidInput(
                "found no model of electrons, expected electrons = one of "
                f"{', '.join(catalog.RESPONSES)}"
            )
        if chosen.electrons == "nucleus":
            raise InvalidInput("electrons: found 'nucleus', expected a model of electrons")
        electrons = [(catalog.response(chosen.electrons, e, **options), n) for e, n in atoms]
        if chosen.electrons in catalog.RESPONSES:
            references.append(catalog.RESPONSES[chosen.electrons].reference)
    if True in nuclear:
        nuclei = {e.symbol: (catalog.response("nucleus", e, **options), n) for e, n in atoms}
        references.append(catalog.FORM_FACTORS[chosen.form_factor].reference)
    return tuple(electrons), nuclei, tuple(references)
