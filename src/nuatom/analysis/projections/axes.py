"""The axes of a projection: what each point changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom import units as u
from nuatom.analysis.cards.build import experiment
from nuatom.analysis.cards.card import ReadCard
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup

if TYPE_CHECKING:
    from nuatom.analysis.cards.project_section import AnyAxis

_SAME = 1e-9


@dataclass(frozen=True)
class Knobs:
    """What differs from the card at one point of a projection.

    Parameters
    ----------
    threshold : float
        Counts below are left out; 0 for all bins of the card [energy].
    exposure, flux : float
        Factors [dimensionless].
    backgrounds : mapping
        Background -> factor on its rate [dimensionless].
    accuracy : float or None
        Of the subtraction, if there is one [dimensionless].
    rejection : float
        Part of the nuclear recoils that is left out [dimensionless].
    quenching : mapping
        Element -> Lindhard's k, or a constant factor [dimensionless].
    """

    threshold: float = 0.0
    exposure: float = 1.0
    flux: float = 1.0
    backgrounds: Mapping[str, float] = field(default_factory=dict)
    accuracy: float | None = None
    rejection: float = 0.0
    quenching: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Axis:
    """One axis of a projection.

    Parameters
    ----------
    kind : str
        What it changes [name].
    column : str
        Its column in tables, with the unit [name].
    points : ndarray
        In the unit of the column [any].
    turn : callable
        ``(knobs, number of the point)`` -> knobs there [any].
    """

    kind: str
    column: str
    points: Array
    turn: Callable[[Knobs, int], Knobs]


def axis_of(read: ReadCard, axis: "AnyAxis") -> Axis:
    """Return an axis with what its points change.

    Parameters
    ----------
    read : ReadCard
        The card [read card].
    axis : AxisSection
        An entry of ``project.axes`` [card].

    Returns
    -------
    Axis
        With points in the unit of its column.

    Raises
    ------
    InvalidInput
        If the card has not what the axis changes.
    UnknownName
        If a background or element is none of the card.
    """
    points = axis.points()
    maker = {
        "threshold": _threshold,
        "background": _background,
        "exposure": _exposure,
        "flux": _flux,
        "distance": _distance,
        "quenching": _quenching,
        "accuracy": lambda *_: ("accuracy", lambda k, x: replace(k, accuracy=x)),
        "nuclear-recoil-rejection": lambda *_: (
            "nuclear_recoil_rejection",
            lambda k, x: replace(k, rejection=x),
        ),
    }[axis.kind]
    column, turn = maker(read, axis)
    relative = axis.factors_given is not None
    shown = points if relative else points / axis.unit
    return Axis(axis.kind, column, shown, lambda knobs, n: turn(knobs, float(points[n])))


_Turn = tuple[str, Callable[[Knobs, float], Knobs]]


def _threshold(read: ReadCard, axis: Any) -> _Turn:
    if read.card.bins is None:
        edges = np.asarray(experiment(read).detector.bin_edges)
        for point in axis.points():
            if not np.any(np.abs(edges[:-1] / point - 1) < _SAME):
                near = edges[np.argmin(np.abs(edges[:-1] - point))]
                raise InvalidInput(
                    f"found {point / u.keV:.6g} keV, expected the lower edge of a bin such as "
                    f"{near / u.keV:.6g} keV; or give [bins]"
                )
    return "threshold_keV", lambda k, x: replace(k, threshold=x)


def _background(read: ReadCard, axis: Any) -> _Turn:
    sections = {section.name: section for section in read.card.backgrounds}
    names = list(sections) if axis.of is None else [axis.of]
    if not names:
        raise InvalidInput("found no [[backgrounds]], expected one to be changed")
    for name in names:
        lookup("background of the card", name, sections)

    def by(factor: float, knobs: Knobs) -> Knobs:
        return replace(knobs, backgrounds=dict.fromkeys(names, factor))

    word = "" if axis.of is None else f"{axis.of.replace('-', '_').replace(' ', '_')}_"
    if axis.factors_given is not None:
        return f"{word}background_factor", lambda k, x: by(x, k)
    section: Any = sections[axis.of]
    if section.kind not in ("flat", "exponential", "power-law", "noise-edge"):
        raise InvalidInput(
            f"found a rate for {axis.of!r} of kind {section.kind}, expected factors for it"
        )
    return f"{word}background_per_kg_keV_day", lambda k, x: by(x / section.rate, k)


def _exposure(read: ReadCard, axis: Any) -> _Turn:
    if axis.factors_given is not None:
        return "exposure_factor", lambda k, x: replace(k, exposure=x)
    own = experiment(read).detector.exposure
    return "exposure_kg_day", lambda k, x: replace(k, exposure=x / own)


def _flux(read: ReadCard, axis: Any) -> _Turn:
    if axis.factors_given is not None:
        return "flux_factor", lambda k, x: replace(k, flux=x)
    own = experiment(read).source.total_flux()
    return "flux_per_cm2_s", lambda k, x: replace(k, flux=x / own)


def _distance(read: ReadCard, _axis: Any) -> _Turn:
    from nuatom.sources.cores import core_or_fuel
    from nuatom.sources.reactor import ReactorCore

    given = read.card.source
    if given.core is None:
        raise InvalidInput("found a source without a distance, expected source.core; or kind flux")
    core = core_or_fuel(given.core, distance=given.distance, thermal_power=given.thermal_power)
    own = core.distance if isinstance(core, ReactorCore) else given.distance
    if own is None:
        raise InvalidInput(
            f"found no distance of {given.core} in the card or published, expected source.distance"
        )
    distance = own
    return "distance_m", lambda k, x: replace(k, flux=(distance / x) ** 2)


def _quenching(read: ReadCard, axis: Any) -> _Turn:
    given = read.card.detector.quenching or {}
    section: Any = lookup("element of detector.quenching", axis.element, given)
    if section.kind not in ("lindhard", "constant"):
        raise InvalidInput(
            f"found quenching of kind {section.kind} for {axis.element}, expected lindhard (k) or "
            "constant (factor)"
        )
    column = f"quenching_{axis.element}_{'k' if section.kind == 'lindhard' else 'factor'}"
    return column, lambda k, x: replace(k, quenching={**k.quenching, axis.element: x})
