"""From a run card with ``[limit]`` to a result: every method with every atomic model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

from nuatom.analysis.cards.build import at
from nuatom.analysis.cards.card import ReadCard, names_card, read_card
from nuatom.analysis.cards.limit_section import LimitSection
from nuatom.analysis.exhibits import DETAILED, with_electrons
from nuatom.analysis.expectation import build_model
from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.likelihood import Described, described
from nuatom.analysis.limits.methods import METHODS, Method, Request, Workers
from nuatom.analysis.limits.prediction import Integers
from nuatom.analysis.limits.result import LimitResult, Quote
from nuatom.analysis.limits.tables import (
    Points,
    contour_table,
    correlations_table,
    limits_table,
    parameters_table,
    profile_table,
    spectrum_table,
)
from nuatom.analysis.model import Model
from nuatom.datasets import UnbinnedEvents
from nuatom.errors import FitFailed, InvalidInput, lookup
from nuatom.inference.fits.fit import Fit, GoodnessOfFit, fit, goodness_of_fit
from nuatom.inference.fits.minimum import minimise
from nuatom.inference.fits.profile import Interval, contour, interval, scan
from nuatom.table import Table

ATOMIC_MODEL = "atomic_model"
"""Name of the pull along the band of the atomic model."""
_FINE = 400
"""Least number of bins for the density of single events."""
_POINTS = 41
_GRID = 21
_LEVELS = (0.68, 0.9)


@dataclass(frozen=True, eq=False)
class Case:
    """An atomic model with its likelihood.

    Parameters
    ----------
    name : str
        Of the model of electrons [name].
    model : Model
        Counts [model].
    described : Described
        Its likelihood [likelihood].
    best : Fit
        Its fit [fit].
    groups : ndarray
        First bin of each bin of the card, shape (bin,) [dimensionless].
    """

    name: str
    model: Model
    described: Described
    best: Fit
    groups: Integers


@names_card
def limit(
    card: Path | str | Mapping[str, Any],
    *,
    workers: Workers | None = None,
) -> LimitResult:
    """Return the limits that a run card asks for.

    Parameters
    ----------
    card : Path, str or mapping
        With a section ``[limit]`` [path].
    workers : Workers, optional
        For toys; all in this thread if left out [any].

    Returns
    -------
    LimitResult
        By every method of the card with every atomic model of the card.

    Raises
    ------
    InvalidInput
        With the path of the key that cannot be satisfied.
    UnknownName
        If a channel, method or model is unknown.
    FitFailed
        If a fit does not converge, or the data do not determine a parameter.
    """
    return limit_of_card(read_card(card), workers=workers)


def limit_of_card(read: ReadCard, *, workers: Workers | None = None) -> LimitResult:
    """Return the limits that a card asks for which has been read.

    Parameters
    ----------
    read : ReadCard
        With a section ``[limit]`` [read card].
    workers : Workers, optional
        For toys; all in this thread if left out [any].

    Returns
    -------
    LimitResult
        As `limit`.

    Raises
    ------
    InvalidInput
        As `limit`.
    UnknownName
        As `limit`.
    FitFailed
        As `limit`.
    """
    section = read.card.limit
    if section is None:
        raise InvalidInput(
            "found no section [limit], expected it with a coupling, such as "
            'parameters = ["magnetic-moment"]'
        )
    chosen = _methods(section)
    own = read.card.response.electrons or "nucleus"
    cases = [_case(read, section, own)]
    for place, name in enumerate(section.models):
        with at(f"limit.models[{place}]"):
            if name != own:
                cases.append(_case(_with_model(read, name), section, name))
    return _result(cases, section, chosen, workers or Workers())


def limit_of_model(
    model: Model,
    asked: LimitSection | Mapping[str, Any],
    *,
    workers: Workers | None = None,
) -> LimitResult:
    """Return the limits for a model that no run card describes.

    Parameters
    ----------
    model : Model
        With data or for Asimov data [model].
    asked : LimitSection or mapping
        What stands in ``[limit]``; without ``models`` [any].
    workers : Workers, optional
        For toys; all in this thread if left out [any].

    Returns
    -------
    LimitResult
        By every method.

    Raises
    ------
    InvalidInput
        As `limit`.
    UnknownName
        As `limit`.
    FitFailed
        As `limit`.
    """
    section = asked if isinstance(asked, LimitSection) else LimitSection.model_validate(asked)
    if section.models:
        raise InvalidInput("limit.models: found them for a single model, expected a run card")
    name = model.provenance.get("electrons") or "model"
    case = _described(name, model, section, _each(model))
    return _result([case], section, _methods(section), workers or Workers())


def _methods(section: LimitSection) -> list[Method]:
    found = []
    for place, name in enumerate(section.methods):
        with at(f"limit.methods[{place}]"):
            method = lookup("method", name, METHODS)
            if len(section.parameters) > 1 and not method.several:
                raise InvalidInput(f"found {name!r} for two parameters, expected one of them")
            found.append(method)
    return found


def _with_model(read: ReadCard, name: str) -> ReadCard:
    """Return the card with another atomic model; only the detailed one has a band."""
    if read.card.response.electrons is None:
        raise InvalidInput("found a model of electrons, expected a channel on electrons with it")
    other = with_electrons(read, name)
    if name == DETAILED or not read.card.variations.atomic_model:
        return other
    variations = read.card.variations.model_copy(update={"atomic_model": False})
    card = other.card.model_copy(update={"variations": variations})
    return ReadCard(card, read.path, read.digest)


def _case(read: ReadCard, section: LimitSection, name: str) -> Case:
    """Return the case of a card; single events get fine bins."""
    bins = read.card.bins
    if bins is None or not _single(read, section):
        model = build_model(read)
        return _described(name, model, section, _each(model))
    edges = np.asarray(bins.build())
    parts = -(-_FINE // (edges.size - 1))
    share = np.arange(parts) / parts
    fine = np.append((edges[:-1, None] + np.diff(edges)[:, None] * share).ravel(), edges[-1])
    changed = {"edges": list(fine), "low": None, "high": None, "number": None}
    card = read.card.model_copy(update={"bins": bins.model_copy(update=changed)})
    model = build_model(ReadCard(card, read.path, read.digest))
    return _described(name, model, section, parts * np.arange(edges.size - 1))


def _single(read: ReadCard, section: LimitSection) -> bool:
    """Tell whether the likelihood is that of single events."""
    if section.likelihood is not None or read.card.data is None:
        return section.likelihood == "unbinned"
    with at("data"):
        return isinstance(read.card.data.build(read.folder), UnbinnedEvents)


def _each(model: Model) -> Integers:
    """Return every bin as one of its own."""
    return np.arange(model.bin_edges.size - 1)


def _described(name: str, model: Model, section: LimitSection, groups: Integers) -> Case:
    if model.observed is None and section.data == "observed":
        raise InvalidInput(
            'data: found none, expected [data]; or data = "asimov" in [limit] for those expected'
        )
    with at("limit"):
        found = described(model, section.settings())
        return Case(name, model, found, fit(found.likelihood), groups)


def _result(
    cases: list[Case],
    section: LimitSection,
    methods: list[Method],
    workers: Workers,
) -> LimitResult:
    """Return the result of all methods and models."""
    quotes, intervals = [], []
    for case in cases:
        for interest in case.described.interests:
            request = Request(
                case.model, case.described, interest, case.best, section, case.groups, workers
            )
            for place, (name, method) in enumerate(zip(section.methods, methods, strict=True)):
                with at(f"limit.methods[{place}]"):
                    found = method.run(request)
                intervals.append(found)
                quotes.append(_quote(case, name, interest, found))
    own = cases[0]
    likelihood, best = own.described.likelihood, own.best
    with at("limit"):
        points, p_value = _points(own, intervals[0])
        pulls = dict(sorted(best.pulls(likelihood).items(), key=lambda item: -abs(item[1].shift)))
        curves = _curves(cases, section)
        band = _band(own, section)
    notes = _notes(own, section)
    references = own.model.references
    tables = {
        "limits": limits_table(own.model.title, quotes, notes, references),
        "parameters": parameters_table(own.described, best, pulls, points),
        "correlations": correlations_table(best),
        "spectrum": spectrum_table(own.model, own.described, own.groups, points),
        **curves,
    }
    return LimitResult(
        own.model.title,
        own.described.kind,
        own.described.interests,
        tuple(quotes),
        best,
        _goodness(own, section),
        p_value,
        pulls,
        band,
        tables,
        likelihood,
        own.model.provenance,
        notes,
        references,
    )


def _quote(case: Case, method: str, interest: Interest, found: Interval) -> Quote:
    value, low, high = (
        x if np.isinf(x) else interest.coupling(x) for x in (found.best_fit, found.low, found.high)
    )
    return Quote(
        case.name,
        method,
        interest.channel,
        interest.unit,
        found.confidence,
        value,
        low,
        high,
        interest.label,
        found.best_fit,
        found.low,
        found.high,
        found.note,
    )


def _points(case: Case, quoted: Interval) -> tuple[Points, float]:
    """Return where spectra are wanted, and the p-value of the data without the couplings."""
    likelihood, best = case.described.likelihood, case.best
    zero = {interest.name: 0.0 for interest in case.described.interests}
    try:
        null = minimise(likelihood, fixed=zero)
        without, rise = null.values, max(null.deviance - best.deviance, 0.0)
    except FitFailed:  # the data are impossible without a signal
        without, rise = best.array, np.inf
    first = case.described.interests[0]
    end = next((x for x in (quoted.high, quoted.low) if np.isfinite(x)), quoted.best_fit)
    at_end = minimise(likelihood, fixed={first.name: end})
    return Points(best.array, without, at_end.values), _p_value(case, rise)


def _p_value(case: Case, rise: float) -> float:
    """Return the probability of such a rise without a signal; one-sided for a square."""
    interests = case.described.interests
    if len(interests) > 1 or interests[0].signed:
        return float(special.chdtrc(len(interests), rise))
    sign = np.sign(case.best.values[interests[0].name])
    return float(special.ndtr(-sign * np.sqrt(rise)))


def _curves(cases: list[Case], section: LimitSection) -> dict[str, Table]:
    """Return the profile of the coupling with each model, or the contour of two."""
    own = cases[0]
    interests = own.described.interests
    likelihood = own.described.likelihood
    ends = [_ends(own, interest, section.confidence) for interest in interests]
    if len(interests) == 2:
        names = (interests[0].name, interests[1].name)
        grid = (np.linspace(*ends[0], _GRID), np.linspace(*ends[1], _GRID))
        levels = tuple(dict.fromkeys((*_LEVELS, section.confidence)))
        return {"contour": contour_table(interests, contour(likelihood, names, levels, grid))}
    name = interests[0].name
    places = np.linspace(*ends[0], _POINTS)
    rises = {case.name: scan(case.described.likelihood, name, places).rises for case in cases}
    others = {n: v for n, v in own.best.values.items() if n != name}
    if others:
        rises["nuisances at their best fit"] = (
            np.array([likelihood.deviance(likelihood.values({**others, name: x})) for x in places])
            - own.best.deviance
        )
    return {"profile": profile_table(interests[0], places, rises)}


def _ends(case: Case, interest: Interest, confidence: float) -> tuple[float, float]:
    """Return between which values a profile is shown."""
    found = interval(case.described.likelihood, interest.name, confidence)
    error = case.best.errors[interest.name]
    low = found.low if np.isfinite(found.low) else found.best_fit - 4 * error
    high = found.high if np.isfinite(found.high) else found.best_fit + 4 * error
    margin = 0.6 * (high - low)
    bound = case.described.likelihood.parameter(interest.name)
    return max(low - margin, bound.low), min(high + margin, bound.high)


def _band(case: Case, section: LimitSection) -> dict[str, tuple[float, float]]:
    """Return the limits at both ends of the band of the atomic model."""
    likelihood = case.described.likelihood
    if ATOMIC_MODEL not in likelihood.names:
        return {}
    found = {}
    for interest in case.described.interests:
        highs = [
            interval(
                likelihood, interest.name, section.confidence, fixed={ATOMIC_MODEL: shift}
            ).high
            for shift in (-1.0, 1.0)
        ]
        ends = sorted(x if np.isinf(x) else interest.coupling(x) for x in highs)
        found[interest.channel] = (ends[0], ends[1])
    return found


def _goodness(case: Case, section: LimitSection) -> GoodnessOfFit | None:
    """Return the goodness of fit where there is one."""
    likelihood = case.described.likelihood
    if section.data == "asimov" or likelihood.points == 0:
        return None
    known = sum(p.prior is not None for p in likelihood.parameters)
    if likelihood.points + known <= len(likelihood.parameters):
        return None
    return goodness_of_fit(likelihood, case.best)


def _notes(case: Case, section: LimitSection) -> tuple[str, ...]:
    """Return what a reader must know."""
    found, provenance = [], case.model.provenance
    if section.data == "asimov":
        found.append("Asimov data: what is expected without the coupling; no data were looked at")
    found.append(f"likelihood: {case.described.kind}; {section.confidence:g} confidence")
    for interest in case.described.interests:
        if len(interest.channels) > 1:
            found.append(f"{' and '.join(interest.channels)} have one coupling")
        flavors = provenance.get("flavors", "")
        found.append(
            f"{interest.channel}: the effective coupling of {flavors or 'the neutrinos'} of "
            f"{provenance.get('source', 'the source')} as they arrive"
        )
    if case.described.data.off is not None:
        found.append("backgrounds of the card are there only with the source on")
    found += case.described.notes
    found += [f"{key}: {value}" for key, value in provenance.items() if value]
    return tuple(dict.fromkeys([*found, *case.model.notes]))
