"""What a likelihood has besides couplings: strengths of backgrounds, pulls, their priors."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nuatom.analysis.limits.prediction import Extra
from nuatom.analysis.limits.terms import Data
from nuatom.analysis.model import Component, Model
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.inference.parameters import Gaussian

PUBLISHED = "published-background"
"""Name of the background that a dataset brings."""
_UNSEEN = 1e6
"""A rate that bins know to no better than so many times that of the card is kept."""


class Nuisance(NamedTuple):
    """What is known of a parameter.

    Parameters
    ----------
    start : float
        Its value in the card [dimensionless].
    low : float
        Lower bound [dimensionless].
    prior : Gaussian or None
        None where it is free [prior].
    """

    start: float
    low: float
    prior: Gaussian | None


class Templates(NamedTuple):
    """What stands beside the components of a model.

    Parameters
    ----------
    extras : tuple of Extra
        Templates of the data [any].
    held : frozenset of str
        Those, and backgrounds, whose strength is no parameter [names].
    notes : tuple of str
        Why [text].
    """

    extras: tuple[Extra, ...]
    held: frozenset[str]
    notes: tuple[str, ...]


def templates(model: Model, data: Data, published: str | float | None) -> Templates:
    """Return the templates of the data, and which strengths are no parameters.

    Parameters
    ----------
    model : Model
        From a card [model].
    data : Data
        What was counted [any].
    published : str, float or None
        ``exact``, ``free``, ``unused`` or the relative uncertainty of the background that
        the dataset brings [any].

    Returns
    -------
    Templates
        Shared errors of the data, and their background unless it is unused.

    Raises
    ------
    InvalidInput
        If the dataset has a background and nothing is said of it, or the other way round.
    """
    extras = [Extra(name, counts) for name, counts in data.shifts.items()]
    held, notes = set(), []
    if (data.background is None) != (published is None):
        found = "no column" if data.background is None else "a column"
        raise InvalidInput(
            f"published_background: found {found} of background counts in the data, expected "
            'the key with one, as "exact", "free", "unused" or an uncertainty such as "5 %", and '
            "no key without"
        )
    if data.background is not None and published != "unused":
        extras.append(Extra(PUBLISHED, data.background))
        held |= {PUBLISHED} if published == "exact" else set()
        notes.append(f"background published with the data: {published}")
    expected = np.maximum(model.expected(), 0.0)
    for part in model.components:
        if part.kind == "background" and _error(part.counts, data.variances(expected)) > _UNSEEN:
            held.add(part.name)
            notes.append(f"the rate of {part.name} is that of the card: no bin sees it")
    return Templates(tuple(extras), frozenset(held), tuple(notes))


def nuisances(
    model: Model, names: tuple[str, ...], published: str | float | None
) -> dict[str, Nuisance]:
    """Return what is known of strengths and pulls.

    Parameters
    ----------
    model : Model
        From a card [model].
    names : tuple of str
        Of strengths and pulls [names].
    published : str, float or None
        As for `templates` [any].

    Returns
    -------
    dict
        Name -> `Nuisance`, in the order of the names.
    """
    backgrounds = {p.name: _relative(p) for p in model.components if p.kind == "background"}
    widths: Mapping[str, float | None] = {
        **backgrounds,
        PUBLISHED: published if isinstance(published, float) else None,
    }
    found = {}
    for name in names:
        if name in widths:
            width = widths[name]
            prior = None if width is None else Gaussian(1.0, width)
            found[name] = Nuisance(1.0, 0.0, prior)
        else:
            found[name] = Nuisance(0.0, -np.inf, Gaussian(0.0, 1.0))
    return found


def _relative(part: Component) -> float | None:
    """Return the relative uncertainty of the rate of a background, None if it is free."""
    upper = part.upper.get(part.rate_variation)
    if upper is None or not np.any(upper > part.counts):
        return None
    return float(upper.sum() / part.counts.sum() - 1)


def _error(counts: Array, variances: Array) -> float:
    """Return about the relative error of a strength that bins alone give."""
    information = float(np.sum(counts**2 / variances))
    return information**-0.5 if information > 0 else np.inf
