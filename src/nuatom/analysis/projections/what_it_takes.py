"""What it would take: the exposure, or the background, at which a limit reaches a target.

At each point the median limit falls with the exposure until what is known only to a stated
error, or a signal that nothing tells apart, stops it.  The exposure is looked for up to
`MOST_COUNTS` counts in the bins; where the limit there is still above the target, there is
no answer, and the row says what the limit stops at and why.  The same holds for a background
of zero at the exposure of the card.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nuatom import __version__
from nuatom import units as u
from nuatom.analysis.cards.build import at
from nuatom.analysis.cards.card import names_card
from nuatom.analysis.model import Model
from nuatom.analysis.projections.axes import Knobs
from nuatom.analysis.projections.plan import Plan, plan, retracted
from nuatom.analysis.projections.sensitivity import Asked, Sensitivity, limit_alone, sensitivity
from nuatom.analysis.projections.table import COWAN, RETRACTED, UNITS
from nuatom.arrays import finite
from nuatom.errors import InvalidInput
from nuatom.table import Column, Table

MOST_COUNTS = 1e12
"""So many counts are taken for an infinite exposure."""
FEWEST_COUNTS = 1e-3
_LEAST_LEVEL = 1e-9
"""Of the background of the card; less is taken for none."""
_PRECISION = 1e-6
POSSIBLE, IMPOSSIBLE = "yes", "no"


@dataclass(frozen=True)
class Requirement:
    """What reaches a target, or why nothing does.

    Parameters
    ----------
    possible : bool
        Whether any value does [flag].
    value : float
        Exposure, or factor on the background; infinite exposure and factor 0 where it is
        not possible, an infinite factor where the background does not matter [any].
    floor : float
        Limit at the end of the search, in the unit of the coupling [any].
    reason : str
        What sets the floor; empty where the target is reached [text].
    """

    possible: bool
    value: float
    floor: float
    reason: str = ""


def exposure_for(model: Model, asked: Asked, target: float) -> Requirement:
    """Return the exposure at which the median limit reaches a target.

    Parameters
    ----------
    model : Model
        Of the experiment, without data [model].
    asked : Asked
        Parameter, confidence and how backgrounds are known [any].
    target : float
        Size of the coupling, in its unit [any].

    Returns
    -------
    Requirement
        With an exposure [mass time].

    Raises
    ------
    InvalidInput
        If the target is not positive.
    FitFailed
        If the experiment sets no limit at any exposure.

    Notes
    -----
    Rates, and the errors that have a prior, stay as they are.
    """
    wanted = float(finite("target", target, positive=True))
    counts = max(float(model.expected().sum()), FEWEST_COUNTS)
    most = MOST_COUNTS / counts

    def limit(factor: float) -> float:
        return limit_alone(_times(model, exposure=factor), asked)

    floor = limit(most)
    if floor > wanted:
        return Requirement(False, np.inf, floor, _why(_times(model, exposure=most), asked))
    factor = _where(limit, wanted, (most, floor))
    return Requirement(True, factor * model.exposure, floor)


def background_for(model: Model, asked: Asked, target: float) -> Requirement:
    """Return the level of all backgrounds at which the median limit reaches a target.

    Parameters
    ----------
    model : Model
        Of the experiment, without data [model].
    asked : Asked
        Parameter, confidence and how backgrounds are known [any].
    target : float
        Size of the coupling, in its unit [any].

    Returns
    -------
    Requirement
        With a factor on the backgrounds of the card, at its exposure [dimensionless].

    Raises
    ------
    InvalidInput
        If the target is not positive, or the card has no backgrounds.
    FitFailed
        If the experiment sets no limit.
    """
    wanted = float(finite("target", target, positive=True))
    if not any(part.kind == "background" and part.counts.any() for part in model.components):
        raise InvalidInput("target: found no [[backgrounds]], expected one whose level is asked")

    def limit(level: float) -> float:
        return limit_alone(_times(model, background=level), asked)

    clean = _times(model, background=_LEAST_LEVEL)
    floor = limit_alone(clean, asked)
    if floor > wanted:
        return Requirement(False, 0.0, floor, _why(clean, asked))
    level = 1.0
    while limit(level) < wanted:
        level *= 10
        if level > 1 / _LEAST_LEVEL:
            return Requirement(True, np.inf, floor)
    return Requirement(True, _where(limit, wanted, (_LEAST_LEVEL, floor), level), floor)


@names_card
def what_it_takes(
    source: Path | str | Mapping[str, Any],
    target: float,
    progress: Callable[[int, int], None] | None = None,
) -> Table:
    """Return the exposure and the background that reach a target, at each point of a card.

    Parameters
    ----------
    source : Path, str or mapping
        A TOML file with a section ``[project]``, or the same as a dict [path].
    target : float
        Size of the coupling, in its unit [any].
    progress : callable, optional
        Called with the number of rows that are done, and of all [any].

    Returns
    -------
    Table
        ``what_it_takes``: one row for each point of the axes and atomic model.

    Raises
    ------
    InvalidInput
        With the exact path to a mistake, or if an axis is the exposure.
    FitFailed
        If a point sets no limit.
    """
    asked = plan(source)
    for place, axis in enumerate(asked.axes):
        if axis.kind == "exposure":
            raise InvalidInput(
                f"project.axes[{place}]: found the exposure, which is looked for, expected "
                "another axis"
            )
    rows: list[dict[str, Any]] = []
    for name in asked.models:
        for values, knobs in asked.points():
            row = dict(zip((axis.column for axis in asked.axes), values, strict=True))
            with at(f"project: {', '.join(f'{k} = {v:.6g}' for k, v in row.items()) or name}"):
                found, unit = _row(asked, name, knobs, target)
            shown = f"{name} {RETRACTED}" if retracted(name, asked.section.parameter) else name
            rows.append({**row, "atomic_model": shown or "none", **found})
            if progress is not None:
                progress(len(rows), asked.size)
    columns = [
        Column(key, [r[key] for r in rows] if isinstance(value, str) else _array(rows, key))
        for key, value in rows[0].items()
    ]
    return Table(
        "what_it_takes",
        f"{asked.read.card.title}: what a limit of {target:g} {unit} takes".removeprefix(": "),
        tuple(columns),
        _notes(asked),
        (*asked.references(), COWAN),
    )


def _array(rows: list[dict[str, Any]], key: str) -> Any:
    return np.array([row[key] for row in rows], dtype=np.float64)


def _row(asked: Plan, name: str, knobs: Knobs, target: float) -> tuple[dict[str, Any], str]:
    """Return the columns of one point behind the axes, and the unit of the coupling."""
    model, question = asked.model(name, knobs), asked.asked(knobs)
    exposure = exposure_for(model, question, target)
    here = sensitivity(model, replace(question, discovery=(), toys=0))
    unit = UNITS.get(here.interest.unit, "")
    ending = f"_{unit}" if unit else ""
    row: dict[str, Any] = {
        f"target{ending}": target,
        f"limit_of_the_card{ending}": here.size,
        "exposure_reaches": POSSIBLE if exposure.possible else IMPOSSIBLE,
        "exposure_kg_day": exposure.value / (u.kg * u.day),
        f"floor_of_exposure{ending}": exposure.floor,
        "floor_from": exposure.reason or "not reached",
    }
    if "ambient" in here.without:
        level = background_for(model, question, target)
        row |= {
            "background_reaches": POSSIBLE if level.possible else IMPOSSIBLE,
            "background_factor": level.value,
            f"limit_without_background{ending}": level.floor,
            "background_floor_from": level.reason or "not reached",
        }
    return row, here.interest.unit


def _notes(asked: Plan) -> tuple[str, ...]:
    return (
        f"nuatom: {__version__}",
        f"card_sha256: {asked.read.digest}",
        f"exposure: looked for up to {MOST_COUNTS:g} counts in the bins; where the limit is still "
        "above the target there, exposure_reaches is no and the exposure infinite",
        "background_factor: on all backgrounds of the card, at its exposure; 0 where even none "
        "does not reach the target, infinite where they do not matter",
        "floor_from: systematics if more than half of the variance is of what has a prior, and the "
        "component without which the limit would fall most",
        *asked.notes(),
    )


def _times(model: Model, *, exposure: float = 1.0, background: float = 1.0) -> Model:
    """Return a model with another exposure and level of all backgrounds."""
    from nuatom.analysis.projections.scaled_model import factors_of, scaled

    levels = {p.name: background for p in model.components if p.kind == "background"}
    found = scaled(model, factors_of(exposure=exposure, backgrounds=levels))
    return replace(found, exposure=found.exposure * exposure)


def _why(model: Model, asked: Asked) -> str:
    """Return what sets the limit of a model, in words."""
    found: Sensitivity = sensitivity(model, replace(asked, discovery=(), toys=0))
    return f"{found.error_from}; {found.limited_by}"


def _where(
    limit: Callable[[float], float],
    wanted: float,
    end: tuple[float, float],
    other: float | None = None,
) -> float:
    """Return where a monotonic limit is as wanted, from an end at which it is below.

    A secant in logarithms, kept between what is known to lie on either side.
    """
    good, value = np.log(end[0]), np.log(end[1] / wanted)
    bad = None if other is None else np.log(other)
    away = np.sign(bad - good) if bad is not None else -1.0
    point = good + away * max(2 * abs(value), 1.0) if bad is None else (good + bad) / 2
    last = (good, value)
    for _ in range(200):
        value = np.log(limit(float(np.exp(point))) / wanted)
        good, bad = (point, bad) if value <= 0 else (good, point)
        if abs(value) < _PRECISION or (bad is not None and abs(good - bad) < _PRECISION):
            break
        slope = (value - last[1]) / (point - last[0]) if point != last[0] else 0.0
        last = (point, value)
        target = point - value / slope if slope else np.inf
        if bad is None:
            point = target if np.isfinite(target) and away * (target - good) > 0 else good + away
            point = good + away * min(abs(point - good), 12.0)
        else:
            inside = min(good, bad) < target < max(good, bad)
            point = target if inside else (good + bad) / 2
    return float(np.exp(point))
