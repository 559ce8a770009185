"""A model with other levels, fewer bins or fewer components: nothing is computed again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.analysis.model import Component, Model
from nuatom.arrays import Array
from nuatom.errors import InvalidInput

_SLACK = 1e-9


def scaled(model: Model, factor: Callable[[Component], float]) -> Model:
    """Return a model whose components are multiplied, with all their variations.

    Parameters
    ----------
    model : Model
        Without data, which would not be scaled [model].
    factor : callable
        Component -> factor >= 0 [any].

    Returns
    -------
    Model
        With the same bins.

    Raises
    ------
    InvalidInput
        If the model has data.

    Example
    -------
    >>> one = Component("flat", "background", (), np.array([3.0]), {}, {})
    >>> model = Model("", np.array([1.0, 2.0]), (), (one,), {}, 1.0, (), (), {})
    >>> scaled(model, lambda part: 2.0).components[0].counts
    array([6.])
    """
    _without_data(model)

    def times(part: Component) -> Component:
        by = factor(part)
        return replace(
            part,
            counts=by * part.counts,
            upper={name: by * counts for name, counts in part.upper.items()},
            lower={name: by * counts for name, counts in part.lower.items()},
        )

    return replace(model, components=tuple(times(part) for part in model.components))


def above(model: Model, threshold: float) -> Model:
    """Return a model without the bins below a threshold.

    Parameters
    ----------
    model : Model
        Without data [model].
    threshold : float
        Edge of a bin [energy].

    Returns
    -------
    Model
        With the bins that begin there or higher.

    Raises
    ------
    InvalidInput
        If the threshold lies inside a bin or above them all, or the model has data.

    Example
    -------
    >>> one = Component("flat", "background", (), np.array([3.0, 4.0]), {}, {})
    >>> model = Model("", np.array([1.0, 2.0, 3.0]) * u.keV, (), (one,), {}, 1.0, (), (), {})
    >>> above(model, 2 * u.keV).components[0].counts
    array([4.])
    """
    _without_data(model)
    edges = model.bin_edges
    first = int(np.argmin(np.abs(edges - threshold)))
    if abs(edges[first] - threshold) > _SLACK * threshold or first == edges.size - 1:
        raise InvalidInput(
            f"threshold: found {threshold / u.keV:.6g} keV, expected the lower edge of a bin, such "
            f"as {edges[min(first, edges.size - 2)] / u.keV:.6g} keV"
        )

    def cut(part: Component) -> Component:
        return replace(
            part,
            counts=part.counts[first:],
            upper={name: counts[first:] for name, counts in part.upper.items()},
            lower={name: counts[first:] for name, counts in part.lower.items()},
        )

    return replace(
        model, bin_edges=edges[first:], components=tuple(cut(p) for p in model.components)
    )


def without(model: Model, names: Collection[str]) -> Model:
    """Return a model without some components.

    Parameters
    ----------
    model : Model
        With them [model].
    names : collection of str
        Components that are left out [names].

    Returns
    -------
    Model
        With the same parameters.

    Raises
    ------
    UnknownName
        If a name is none of the components.
    """
    for name in names:
        model.component(name)
    return replace(model, components=tuple(p for p in model.components if p.name not in names))


def subtracted(model: Model) -> Model:
    """Return a model whose backgrounds are measured, so that their own errors do not matter.

    Parameters
    ----------
    model : Model
        With backgrounds [model].

    Returns
    -------
    Model
        Whose backgrounds have no variations.
    """
    parts = [
        replace(p, upper={}, lower={}, rate_variation="") if p.kind == "background" else p
        for p in model.components
    ]
    return replace(model, components=tuple(parts))


def on_nuclei(part: Component) -> bool:
    """Tell whether a component is of nuclear recoils.

    Parameters
    ----------
    part : Component
        Of a model [component].

    Returns
    -------
    bool
        False for backgrounds.

    Example
    -------
    >>> on_nuclei(Component("coherent", "signal", ("coherent",), np.zeros(1), {}, {}))
    True
    """
    return bool(part.channels) and all(catalog.INTERACTIONS[c].nuclear for c in part.channels)


def limiting_groups(model: Model, channels: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what may stand in the way of a signal.

    Parameters
    ----------
    model : Model
        Of the experiment [model].
    channels : collection of str
        Of the signal; what interferes with one of them is no background [names].

    Returns
    -------
    dict
        ``ambient``, ``nu-e``, ``nu-N`` -> names of components; those that are there.
    """
    standard = {p.channel for p in model.parameters if p.default}
    tied = {
        name
        for part in model.components
        if part.kind == "interference" and set(part.channels) & set(channels)
        for name in part.channels
    }
    groups: dict[str, list[str]] = {"ambient": [], "nu-e": [], "nu-N": []}
    for part in model.components:
        if part.kind == "background":
            groups["ambient"].append(part.name)
        elif set(part.channels) <= standard - tied and np.any(part.counts):
            groups["nu-N" if on_nuclei(part) else "nu-e"].append(part.name)
    return {name: tuple(found) for name, found in groups.items() if found}


def background_counts(model: Model) -> Array:
    """Return the counts of all backgrounds together.

    Parameters
    ----------
    model : Model
        Of the experiment [model].

    Returns
    -------
    ndarray
        Shape (bin,) [dimensionless].
    """
    total: Array = np.zeros(model.bin_edges.size - 1)
    for part in model.components:
        if part.kind == "background":
            total = total + part.counts
    return total


def factors_of(
    *,
    exposure: float = 1.0,
    flux: float = 1.0,
    rejection: float = 0.0,
    backgrounds: Mapping[str, float] | None = None,
) -> Callable[[Component], float]:
    """Return by what each component is multiplied.

    Parameters
    ----------
    exposure : float
        On everything [dimensionless].
    flux : float
        On everything that the source causes [dimensionless].
    rejection : float
        Part of the nuclear recoils that is left out [dimensionless].
    backgrounds : mapping, optional
        Background -> factor on its rate, 1 if not given [dimensionless].

    Returns
    -------
    callable
        For `scaled`.

    Example
    -------
    >>> recoil = Component("coherent", "signal", ("coherent",), np.zeros(1), {}, {})
    >>> factors_of(exposure=2.0, flux=3.0, rejection=0.5)(recoil)
    3.0
    """
    levels = backgrounds or {}

    def factor(part: Component) -> float:
        if part.kind == "background":
            return exposure * levels.get(part.name, 1.0)
        return exposure * flux * (1 - rejection if on_nuclei(part) else 1.0)

    return factor


def _without_data(model: Model) -> None:
    if model.observed is not None:
        raise InvalidInput(f"{model.title}: found data, expected a model without them")
