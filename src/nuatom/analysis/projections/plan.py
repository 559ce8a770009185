"""Projections: what a run card could reach, against one or two axes and for several atoms.

The model of a card is built once for each atomic model and quenching.  Exposure, flux,
distance, background and rejection only multiply its components; a threshold leaves out the
bins below it; the accuracy of a subtraction enters the likelihood.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.analysis.cards.build import at
from nuatom.analysis.cards.card import ReadCard, read_card
from nuatom.analysis.expectation import build_model
from nuatom.analysis.model import Model
from nuatom.analysis.projections.axes import Axis, Knobs, axis_of
from nuatom.analysis.projections.scaled_model import above, factors_of, scaled
from nuatom.analysis.projections.sensitivity import Asked, Subtraction
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup

if TYPE_CHECKING:
    from nuatom.analysis.cards.project_section import ProjectSection
    from nuatom.analysis.cards.schema import Card

_SAME = 1e-9
_PROVENANCE = ("source", "source_digest", "target", "detector", "form_factor")


@dataclass(frozen=True, eq=False)
class Plan:
    """A card with what is asked of it, ready to be computed.

    Parameters
    ----------
    read : ReadCard
        The card [read card].
    section : ProjectSection
        Its section ``[project]`` [card].
    models : tuple of str
        Atomic models; one empty name if no channel needs one [names].
    axes : tuple of Axis
        None, one or two [any].
    """

    read: ReadCard
    section: "ProjectSection"
    models: tuple[str, ...]
    axes: tuple[Axis, ...]
    _built: dict[tuple[Any, ...], Model] = field(default_factory=dict, init=False, repr=False)

    def points(self) -> Iterator[tuple[tuple[float, ...], Knobs]]:
        """Yield the values of the axes, and the knobs there."""
        subtraction = self.section.subtraction
        start = Knobs(
            accuracy=None if subtraction is None else subtraction.accuracy,
            rejection=self.section.nuclear_recoil_rejection or 0.0,
        )
        for numbers in product(*(range(axis.points.size) for axis in self.axes)):
            knobs = start
            for axis, number in zip(self.axes, numbers, strict=True):
                knobs = axis.turn(knobs, number)
            values = zip(self.axes, numbers, strict=True)
            yield tuple(float(axis.points[number]) for axis, number in values), knobs

    @property
    def size(self) -> int:
        """Number of points times models."""
        return len(self.models) * int(np.prod([axis.points.size for axis in self.axes]))

    def model(self, name: str, knobs: Knobs) -> Model:
        """Return the model of one point.

        Parameters
        ----------
        name : str
            Atomic model [name].
        knobs : Knobs
            The point [any].

        Returns
        -------
        Model
            Without data.

        Raises
        ------
        InvalidInput
            With the path of the key that cannot be satisfied.
        """
        own = self.read.card.variations.threshold is not None
        key = (name, *sorted(knobs.quenching.items()), knobs.threshold if own else 0.0)
        if key not in self._built:
            self._built[key] = self._build(name, knobs, alone=own)
        factor = factors_of(
            exposure=knobs.exposure,
            flux=knobs.flux,
            rejection=knobs.rejection,
            backgrounds=knobs.backgrounds,
        )
        found = scaled(self._built[key], factor)
        found = replace(found, exposure=found.exposure * knobs.exposure)
        return above(found, knobs.threshold) if knobs.threshold else found

    def notes(self) -> tuple[str, ...]:
        """Return source and detector, and the remarks of every model that was built."""
        lines = [
            f"{key}: {model.provenance[key]}"
            for model in self._built.values()
            for key in _PROVENANCE
            if model.provenance.get(key)
        ]
        lines += [note for model in self._built.values() for note in model.notes]
        return tuple(dict.fromkeys(lines))

    def references(self) -> tuple[str, ...]:
        """Return what to cite for every model that was built."""
        lines = [text for model in self._built.values() for text in model.references]
        return tuple(dict.fromkeys(lines))

    def asked(self, knobs: Knobs) -> Asked:
        """Return what is asked at one point.

        Parameters
        ----------
        knobs : Knobs
            The point [any].

        Returns
        -------
        Asked
            For `sensitivity`.
        """
        given = self.section
        subtraction = None
        if given.subtraction is not None:
            assert knobs.accuracy is not None
            widths = {"bin": 0.0, "all": np.inf, None: given.subtraction.window}
            window = widths[given.subtraction.correlated]
            assert window is not None
            subtraction = Subtraction(knobs.accuracy, window)
        return Asked(
            given.parameter,
            given.confidence,
            tuple(sorted(given.discovery)),
            subtraction,
            given.toys or 0,
            given.seed,
        )

    def _build(self, name: str, knobs: Knobs, *, alone: bool) -> Model:
        """Compute the model of a card with other atoms, quenching and bins."""
        thresholds = [axis.points * u.keV for axis in self.axes if axis.kind == "threshold"]
        card = _with_quenching(self.read.card, knobs.quenching)
        if name:
            response = card.response.model_copy(update={"electrons": name})
            card = card.model_copy(update={"response": response})
        if thresholds:
            lowest = knobs.threshold if alone else float(thresholds[0].min())
            card = _with_thresholds(card, thresholds[0], lowest)
        return replace(build_model(replace(self.read, card=card)), observed=None)


def plan(source: Path | str | Mapping[str, Any]) -> Plan:
    """Return what a card asks for, after checking that it can be answered.

    Parameters
    ----------
    source : Path, str or mapping
        A TOML file with a section ``[project]``, or the same as a dict [path].

    Returns
    -------
    Plan
        Nothing is computed yet but what the axes need.

    Raises
    ------
    InvalidInput
        With the exact path to a mistake.
    UnknownName
        If a name is none of the card or the catalogue.

    Example
    -------
    >>> found = plan({
    ...     "source": {"name": "kuo-sheng"},
    ...     "detector": {"target": "Ge", "exposure": "1 kg day",
    ...                  "resolution": {"kind": "perfect"}},
    ...     "bins": {"edges": ["1 keV", "2 keV"]},
    ...     "response": {"electrons": "stepped"},
    ...     "signals": {"channels": ["magnetic-moment"]},
    ...     "project": {"parameter": "magnetic-moment",
    ...                 "axes": [{"kind": "exposure", "values": ["10 kg day", "1 kg year"]}]}})
    >>> found.size, [round(knobs.exposure, 2) for _, knobs in found.points()]
    (2, [10.0, 365.25])
    """
    read = read_card(source)
    section = read.card.project
    if section is None:
        raise InvalidInput("found no [project], expected one with parameter = ...")
    with at("project.parameter"):
        lookup("channel of the card", section.parameter, dict.fromkeys(read.card.signals.channels))
    with at("data"):
        _no_published_background(read)
    models = tuple(section.models) or (read.card.response.electrons or "",)
    for place, name in enumerate(section.models):
        if not name.endswith(".nc"):
            with at(f"project.models[{place}]"):
                lookup("response", name, catalog.RESPONSES)
    axes = []
    for place, axis in enumerate(section.axes):
        with at(f"project.axes[{place}]"):
            axes.append(axis_of(read, axis))
    return Plan(read, section, models, tuple(axes))


def retracted(name: str, parameter: str) -> bool:
    """Tell whether a publication with an atomic model was retracted for a channel.

    Parameters
    ----------
    name : str
        Atomic model [name].
    parameter : str
        Channel [name].

    Returns
    -------
    bool
        True for the equivalent-photon models and a magnetic moment.

    Example
    -------
    >>> retracted("equivalent-photon", "magnetic-moment"), retracted("stepped", "magnetic-moment")
    (True, False)
    """
    entry = catalog.RESPONSES.get(name)
    return entry is not None and parameter in entry.retracted


def _with_quenching(card: "Card", values: Mapping[str, float]) -> "Card":
    sections: dict[str, Any] = dict(card.detector.quenching or {})
    for element, value in values.items():
        section = sections[element]
        key = "k" if section.kind == "lindhard" else "factor"
        sections[element] = section.model_copy(update={key: value})
    if not values:
        return card
    detector = card.detector.model_copy(update={"quenching": sections})
    return card.model_copy(update={"detector": detector})


def _with_thresholds(card: "Card", thresholds: Array, lowest: float) -> "Card":
    """Return a card with an edge at each threshold, and the hard threshold at the lowest."""
    detector = card.detector.model_copy(update={"threshold": lowest})
    changes: dict[str, Any] = {"detector": detector}
    if card.bins is not None:
        edges = np.asarray(card.bins.build())
        if not lowest < edges[-1] or not thresholds.max() < edges[-1]:
            raise InvalidInput(
                f"project.axes: found a threshold of {thresholds.max() / u.keV:.6g} keV, expected "
                f"all below the end of the bins, {edges[-1] / u.keV:.6g} keV"
            )
        new = [t for t in thresholds if not np.any(np.abs(edges - t) <= _SAME * t)]
        joined = np.unique(np.concatenate([edges, new]))
        changes["bins"] = card.bins.model_construct(
            edges=[float(edge) for edge in joined if edge >= lowest * (1 - _SAME)],
            low=None,
            high=None,
            number=None,
            spacing="linear",
        )
    return card.model_copy(update=changes)


def _no_published_background(read: ReadCard) -> None:
    """Refuse data that bring a background of their own, which no axis could change."""
    if read.card.data is None:
        return
    data = read.card.data.build(read.folder)
    if getattr(data, "background", None) is not None:
        raise InvalidInput(
            "found counts of a background in the data, expected them in [[backgrounds]] of kind "
            "template for a projection"
        )
