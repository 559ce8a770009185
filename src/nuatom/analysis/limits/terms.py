"""What was counted, as the terms of a likelihood take it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from nuatom import units as u
from nuatom.analysis.model import Model
from nuatom.arrays import Array
from nuatom.datasets import BinnedCounts, Dataset, OnOff, Residuals, UnbinnedEvents
from nuatom.datasets.counts import ENERGY, S2_AREA
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Prediction, Term
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.unbinned import UnbinnedTerm

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
"""True or false for each bin."""


class Axis(NamedTuple):
    """How the edges of bins are shown.

    Parameters
    ----------
    unit : float
        By which they are divided [any].
    name : str
        Of the unit [text].
    low, high : str
        Columns of the ends of a bin [names].
    """

    unit: float
    name: str
    low: str
    high: str


AXES = {
    ENERGY: Axis(u.keV, "keV", "energy_low_keV", "energy_high_keV"),
    S2_AREA: Axis(1.0, "PE", "s2_low_PE", "s2_high_PE"),
}
"""Axis of a model -> how its edges are shown."""


@dataclass(frozen=True, eq=False)
class Data:
    """What was counted in the bins of a model.

    Parameters
    ----------
    bin_edges : ndarray
        Of the model, shape (bin + 1,) [energy].
    counts : ndarray or None
        With the source, or a difference, shape (bin,); None without data [dimensionless].
    errors : ndarray or None
        One standard deviation, where they are Gaussian [dimensionless].
    off : ndarray or None
        Counts without the source [dimensionless].
    ratio : ndarray or None
        Exposure without the source over that with it, shape (bin,) [dimensionless].
    events : ndarray or None
        Single energies inside the bins [energy].
    shifts : mapping
        Name -> what one standard deviation of a shared error adds, shape (bin,)
        [dimensionless].
    background : ndarray or None
        Counts that the dataset says are no signal, shape (bin,) [dimensionless].
    """

    bin_edges: Array
    counts: Array | None = None
    errors: Array | None = None
    off: Array | None = None
    ratio: Array | None = None
    events: Array | None = None
    shifts: Mapping[str, Array] = field(default_factory=lambda: MappingProxyType({}))
    background: Array | None = None

    def variances(self, expected: Array) -> Array:
        """Return about the variance of each bin, for the scales of parameters.

        Parameters
        ----------
        expected : ndarray
            Shape (bin,) [dimensionless].

        Returns
        -------
        ndarray
            Shape (bin,), above zero.
        """
        if self.errors is not None:
            return np.asarray(self.errors**2)
        if self.off is not None and self.ratio is not None:
            background = self.off / self.ratio
            return np.maximum(expected + background * (1 + 1 / self.ratio), 1.0)
        return np.maximum(expected if self.counts is None else self.counts, 1.0)


class Kind(NamedTuple):
    """One kind of likelihood.

    Parameters
    ----------
    read : callable
        Model with data -> `Data` [any].
    term : callable
        ``(data, prediction, expected)`` -> term; the expected counts stand for data that
        are not there [any].
    use : str
        One line: which data, and how they are compared [text].
    """

    read: Callable[[Model], Data]
    term: Callable[[Data, Prediction, Array], Term]
    use: str


def default_kind(model: Model) -> str:
    """Return the kind of likelihood that fits the data of a model.

    Parameters
    ----------
    model : Model
        With data or without [model].

    Returns
    -------
    str
        A key of `KINDS`; ``poisson`` without data.
    """
    source = None if model.observed is None else model.observed.source
    by_type = {UnbinnedEvents: "unbinned", Residuals: "normal", OnOff: "on-off"}
    return by_type.get(type(source), "poisson")


def _poisson_data(model: Model) -> Data:
    """Return whole or corrected counts."""
    source = _source(model)
    if isinstance(source, Residuals):
        raise InvalidInput("found rates with Gaussian errors, expected counts; take 'normal'")
    counts, background = _counts(model), None
    if isinstance(source, BinnedCounts):
        background = source.rebinned(model.bin_edges).background
    return Data(model.bin_edges, counts, background=background)


def _poisson_term(data: Data, prediction: Prediction, expected: Array) -> Term:
    return PoissonTerm(expected if data.counts is None else data.counts, prediction)


def _normal_data(model: Model) -> Data:
    """Return rates times the exposure, a difference of pairs, or counts with their roots."""
    source, edges = _source(model), model.bin_edges
    assert model.observed is not None
    if isinstance(source, OnOff):
        return _difference(source, model)
    shifts = {}
    if isinstance(source, Residuals):
        scale = np.asarray(model.observed.exposure) * np.diff(edges)
        shifts = {name: shift * scale for name, shift in source.shifts.items()}
    background = None
    if isinstance(source, BinnedCounts):
        background = source.rebinned(edges).background
    errors = _gaussian(model.observed.errors, model)
    return Data(edges, _counts(model), errors, shifts=shifts, background=background)


def _difference(pair: OnOff, model: Model) -> Data:
    """Return ``N_on - N_off/ratio`` with its error."""
    on, off, ratio = _pair(pair, model.bin_edges)
    errors = _gaussian(np.sqrt(on.counts + off.counts / ratio**2), model)
    shifts = _shifts(pair, on)
    return Data(model.bin_edges, on.counts - off.counts / ratio, errors, shifts=shifts)


def _normal_term(data: Data, prediction: Prediction, expected: Array) -> Term:
    if data.errors is not None:
        values = expected if data.counts is None else data.counts
        return NormalTerm.independent(values, data.errors, prediction)
    errors = np.sqrt(np.maximum(expected, 0.0))
    if np.any(empty := ~(errors > 0)):
        raise InvalidInput(
            f"found nothing expected in bin {int(np.argmax(empty)) + 1} and so no Gaussian error, "
            "expected counts in every bin; merge bins, or take 'poisson'"
        )
    return NormalTerm.independent(expected, errors, prediction)


def _on_off_data(model: Model) -> Data:
    """Return both counts."""
    source = _source(model)
    if not isinstance(source, OnOff):
        raise InvalidInput("found no pair of ON and OFF, expected data of the kind 'on-off'")
    on, off, ratio = _pair(source, model.bin_edges)
    return Data(model.bin_edges, on.counts, off=off.counts, ratio=ratio, shifts=_shifts(source, on))


def _on_off_term(data: Data, prediction: Prediction, expected: Array) -> Term:
    if data.off is None or data.ratio is None:
        raise InvalidInput("found no data, expected counts OFF, for Asimov data too")
    on = np.maximum(expected + data.off / data.ratio, 0.0) if data.counts is None else data.counts
    return OnOffTerm(on, data.off, data.ratio, prediction)


def _unbinned_data(model: Model) -> Data:
    """Return the events inside the bins."""
    source, edges = _source(model), model.bin_edges
    if not isinstance(source, UnbinnedEvents):
        raise InvalidInput("found no single events, expected data of the kind 'unbinned-events'")
    inside = (source.values >= edges[0]) & (source.values <= edges[-1])
    return Data(edges, _counts(model), events=source.values[inside])


@dataclass(frozen=True, eq=False)
class _Density:
    """Counts per keV at the centres of bins, and at their outer ends as in the next bin."""

    prediction: Prediction
    widths: Array

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the counts."""
        return self.prediction.names

    def expected(self, values: Array) -> Array:
        """Return the density."""
        return self._ends(self.prediction.expected(values) / self.widths)

    def jacobian(self, values: Array) -> Array:
        """Return its derivatives."""
        return self._ends(self.prediction.jacobian(values) / self.widths[:, None])

    @staticmethod
    def _ends(inner: Array) -> Array:
        return np.concatenate([inner[:1], inner, inner[-1:]])


def _unbinned_term(data: Data, prediction: Prediction, _expected: Array) -> Term:
    events = np.zeros(0) if data.events is None else data.events / u.keV
    edges = data.bin_edges / u.keV
    centres = (edges[1:] + edges[:-1]) / 2
    grid = np.concatenate([edges[:1], centres, edges[-1:]])
    return UnbinnedTerm(events, grid, _Density(prediction, np.diff(edges)))


KINDS: dict[str, Kind] = {
    "poisson": Kind(
        _poisson_data, _poisson_term, "counts in bins, or events put into bins; Poisson"
    ),
    "normal": Kind(
        _normal_data, _normal_term, "rates with errors, or many counts in every bin; Gaussian"
    ),
    "on-off": Kind(
        _on_off_data, _on_off_term, "ON and OFF counted; Poisson, background of each bin free"
    ),
    "unbinned": Kind(
        _unbinned_data, _unbinned_term, "single events, few or with fine structure; extended"
    ),
}
"""Every kind of likelihood by name."""


def _source(model: Model) -> Dataset | None:
    if model.observed is None:
        raise InvalidInput("found no data, expected [data]")
    return model.observed.source


def _counts(model: Model) -> Array:
    assert model.observed is not None
    return np.asarray(model.observed.counts)


def check_possible(data: Data, axis: str, filled: Flags) -> None:
    """Refuse counts where nothing can be expected.

    Parameters
    ----------
    data : Data
        Counts, if any [any].
    axis : str
        Of the model [name].
    filled : ndarray
        Whether something may be expected, shape (bin,) [flag].

    Raises
    ------
    InvalidInput
        With the first bin that has counts all the same.
    """
    if data.counts is None or not np.any(odd := (data.counts > 0) & ~filled):
        return
    place = int(np.argmax(odd))
    shown = AXES[axis]
    low, high = data.bin_edges[place : place + 2] / shown.unit
    raise InvalidInput(
        f"found {data.counts[place]:g} counts from {low:.6g} to {high:.6g} {shown.name}, where "
        "neither a signal nor a background is expected, expected a background there; add one, or "
        "leave those bins out"
    )


def _gaussian(errors: Array, model: Model) -> Array:
    """Refuse a bin without an error."""
    if np.any(empty := ~(errors > 0)):
        place = int(np.argmax(empty))
        axis = AXES[model.axis]
        low, high = model.bin_edges[place : place + 2] / axis.unit
        raise InvalidInput(
            f"found no count in bin {place + 1} ({low:.6g} to {high:.6g} {axis.name}) and so no "
            "Gaussian error, expected counts in every bin; merge bins, or take another likelihood"
        )
    return errors


def _pair(pair: OnOff, edges: Array) -> tuple[BinnedCounts, BinnedCounts, Array]:
    on, off = pair.on.rebinned(edges), pair.off.rebinned(edges)
    return on, off, np.asarray(off.exposure / on.exposure)


def _shifts(pair: OnOff, on: BinnedCounts) -> dict[str, Array]:
    """Return the shared errors of a difference in counts of ON, in its bins."""
    fine = pair.on.bin_edges
    found = {}
    for name, rate in pair.shifts.items():
        below = np.concatenate([[0.0], np.cumsum(rate * np.diff(fine))])
        found[name] = np.diff(np.interp(on.bin_edges, fine, below)) * on.exposure
    return found
