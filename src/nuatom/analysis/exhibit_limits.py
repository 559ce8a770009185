"""Limits of the experiments that are shown: by method and model of the atom, and what they are.

A run card with a section ``[limit]`` has them; without the release of its data there is none,
and a remark says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom import catalog
from nuatom.analysis.cards.card import ReadCard
from nuatom.analysis.exhibits import (
    DETAILED,
    PLAIN,
    Exhibit,
    has_tables,
    release_folder,
    released,
    with_electrons,
)
from nuatom.analysis.limits.limit import limit_of_card, limit_of_model
from nuatom.analysis.limits.result import LimitResult, Quote
from nuatom.analysis.s2_model import RELEASE, s2_model
from nuatom.datasets import release
from nuatom.datasets.releases import xenon1t_s2only
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.table import Column, Table

_WINDOW_PE = 150.0
"""Below it the published part of the background of XENON1T S2-only is no description."""
_PARTS = 8
"""Bins of XENON1T S2-only for a limit: few, as it counts few events."""
_S2_LIMIT = {
    "parameters": ["magnetic-moment"],
    "methods": ["profile-likelihood", "binned-poisson"],
    "published_background": "free",
}
_S2_REMARKS = (
    f"limit: {_PARTS} bins above {_WINDOW_PE:g} PE, the rate of the published part of the "
    "background free; it is incomplete, so that the fit is poor and binned-poisson, which "
    "subtracts nothing, is the limit that holds",
)
_SPACE = "\u00a0"
"""Does not break a line."""
_POOR = 0.01
"""p-value of a fit below which the table of all limits says so."""
_ABSENT = "no limit: its data are not at hand, and none is made up"


@dataclass(frozen=True, eq=False)
class ShownLimit:
    """The limits of an experiment.

    Parameters
    ----------
    title : str
        Of the experiment [text].
    data : str
        What the numbers follow from: real data, Asimov data, data of a card [text].
    results : tuple of LimitResult
        The first with the fit and the profile that are shown; none without data [any].
    remarks : tuple of str
        What a reader must know [text].
    """

    title: str
    data: str
    results: tuple[LimitResult, ...]
    remarks: tuple[str, ...] = ()

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """What all results quote [any]."""
        return tuple(quote for result in self.results for quote in result.quotes)

    @property
    def curves(self) -> dict[str, Table]:
        """Tables of the figure; empty without data [table]."""
        return self.results[0].tables if self.results else {}

    @property
    def tables(self) -> tuple[Table, ...]:
        """Limits by method and model of the atom, and the fit [table]."""
        if not self.results:
            return ()
        channels = dict.fromkeys(quote.channel for quote in self.quotes)
        return (*(_by_method(self, name) for name in channels), _fit(self.results[0]))

    @property
    def statements(self) -> tuple[str, ...]:
        """Remarks, and how well the first result describes its data [text]."""
        if not self.results:
            return self.remarks
        return (f"numbers from {self.data}", *self.remarks, *_statements(self.results[0]))


def exhibit_limit(exhibit: Exhibit, data: Path | None = None) -> ShownLimit | None:
    """Return the limits of an experiment, if its run card asks for any.

    Parameters
    ----------
    exhibit : Exhibit
        Of the package, or a run card of a user [any].
    data : Path, optional
        Folder with releases [path].

    Returns
    -------
    ShownLimit or None
        With the response ``ab-initio`` first where the package has a table of every element
        and the card has the plain one; None without a section ``[limit]``.

    Raises
    ------
    InvalidInput
        As `nuatom.analysis.limits.limit.limit`.
    FitFailed
        As `nuatom.analysis.limits.limit.limit`.

    Example
    -------
    >>> from nuatom.analysis.exhibits import exhibits
    >>> exhibit_limit(exhibits()[0]).results
    ()
    """
    read, missing = released(exhibit, data)
    section = read.card.limit
    if section is None:
        return None
    if missing:
        return ShownLimit(exhibit.title, "", (), (_ABSENT,))
    if has_tables(read):
        read = with_electrons(read, DETAILED)
    return ShownLimit(exhibit.title, _kind(exhibit, read), (limit_of_card(read),))


def s2_limit(data: Path | None) -> ShownLimit:
    """Return the limits of XENON1T S2-only, which has no run card.

    Parameters
    ----------
    data : Path or None
        Folder with releases [path].

    Returns
    -------
    ShownLimit
        From few bins of S2 area, with every model of the atom.

    Raises
    ------
    InvalidInput
        If the release is not the official one.
    """
    title = "XENON1T, ionisation signals only"
    folder = None if data is None else release_folder(RELEASE, data)
    if folder is None:
        return ShownLimit(title, "", (), (_ABSENT,))
    every = xenon1t_s2only(folder).bin_edges
    inside = every[int(np.searchsorted(every, _WINDOW_PE)) :]
    edges = inside[np.linspace(0, inside.size - 1, _PARTS + 1).round().astype(int)]
    models = [DETAILED] if "Xe" in shipped_elements() else []
    results = []
    for name in (*models, PLAIN, "free"):
        model = s2_model(folder, ["weak", *_S2_LIMIT["parameters"]], name, bin_edges=edges)
        results.append(limit_of_model(model, _S2_LIMIT))
    return ShownLimit(title, _of_release(RELEASE), tuple(results), _S2_REMARKS)


def limits_overview(shown: Sequence[ShownLimit]) -> Table | None:
    """Return the limits of all experiments, a row for each method and a column for each model.

    Parameters
    ----------
    shown : sequence of ShownLimit
        In the order of the page [any].

    Returns
    -------
    Table or None
        ``limits``; None where there is none.
    """
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for one in shown:
        for quote in one.quotes:
            data = one.data.partition(":")[0]
            row = (one.title, data, _coupling(quote), quote.method)
            rows.setdefault(row, {})[_model(quote)] = _range(quote)
    if not rows:
        return None
    fixed = [
        Column(name, list(values))
        for name, values in zip(_OVERVIEW, zip(*rows, strict=True), strict=True)
    ]
    models = dict.fromkeys(model for found in rows.values() for model in found)
    columns = [Column(model, [found.get(model, "") for found in rows.values()]) for model in models]
    title = "Limits on couplings, by method and model of the atom"
    return Table("limits", title, (*fixed, *columns), (*_poor(shown), *_OVERVIEW_NOTES))


def _poor(shown: Sequence[ShownLimit]) -> list[str]:
    """Return which fits describe their data poorly."""
    return [
        f"{one.title}, {result.quotes[0].model}: the fit is poor, p = {result.goodness.p_value:.2g}"
        for one in shown
        for result in one.results
        if result.goodness is not None and result.goodness.p_value < _POOR
    ]


def limits_list(shown: Sequence[ShownLimit]) -> Table | None:
    """Return the limits of all experiments, a row for each number.

    Parameters
    ----------
    shown : sequence of ShownLimit
        In the order of the page [any].

    Returns
    -------
    Table or None
        ``limits``; None where there is none.
    """
    rows = [(one, quote) for one in shown for quote in one.quotes]
    if not rows:
        return None
    columns = (
        Column("experiment", [one.title for one, _ in rows]),
        Column("numbers_from", [one.data for one, _ in rows]),
        Column("channel", [quote.channel for _, quote in rows]),
        Column("model", [_model(quote) for _, quote in rows]),
        Column("method", [quote.method for _, quote in rows]),
        Column("low", _finite([quote.low for _, quote in rows])),
        Column("high", _finite([quote.high for _, quote in rows])),
        Column("unit", [quote.unit for _, quote in rows]),
        Column("confidence_percent", np.array([100 * quote.confidence for _, quote in rows])),
    )
    return Table("limits", "Limits on couplings", columns)


_OVERVIEW = ("experiment", "numbers_from", "coupling", "method")
_OVERVIEW_NOTES = (
    "limits of nuatom with a treatment of its own, not of the collaborations; the remarks of each "
    "experiment say what they rest on",
    "the limits of the paper of 2010, from pseudo-data and with each model of the atom, are in "
    "the report of nuatom reproduce",
)


def _kind(exhibit: Exhibit, read: ReadCard) -> str:
    """Return what the numbers follow from."""
    section = read.card.limit
    if section is not None and section.data == "asimov":
        return "Asimov data: what is expected without the coupling"
    if exhibit.release:
        return _of_release(exhibit.release)
    return "data of the card"


def _of_release(name: str) -> str:
    return f"real data: {release(name).card['title']}"


def _model(quote: Quote) -> str:
    """Return the model of the atom, labelled where a publication with it was retracted."""
    known = catalog.RESPONSES.get(quote.model)
    retracted = known is not None and quote.channel in known.retracted
    return f"{quote.model} (RETRACTED)" if retracted else quote.model


def _coupling(quote: Quote) -> str:
    """Return a coupling with its unit and the confidence level."""
    return f"{quote.channel} [{quote.unit}] at {100 * quote.confidence:g} %"


def _finite(values: Sequence[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return numbers with NaN, which tables leave empty, where nothing bounds."""
    found = np.array(values, dtype=float)
    return np.where(np.isfinite(found), found, np.nan)


def _by_method(shown: ShownLimit, channel: str) -> Table:
    """Return the limits on a coupling, methods against models of the atom."""
    quotes = [quote for quote in shown.quotes if quote.channel == channel]
    methods = list(dict.fromkeys(quote.method for quote in quotes))
    columns = [Column("method", methods)]
    for model in dict.fromkeys(_model(quote) for quote in quotes):
        own = {quote.method: _range(quote) for quote in quotes if _model(quote) == model}
        columns.append(Column(model, [own.get(method, "") for method in methods]))
    said: dict[tuple[str, str], list[str]] = {}
    for quote in quotes:
        if quote.note:
            said.setdefault((quote.method, quote.note), []).append(_model(quote))
    notes = tuple(f"{way}, {', '.join(models)}: {note}" for (way, note), models in said.items())
    return Table("limits", _coupling(quotes[0]), tuple(columns), notes)


def _range(quote: Quote) -> str:
    """Return a limit or an interval as text."""
    low, high = quote.low, quote.high
    if np.isinf(high):
        return "no limit" if np.isinf(low) or low == 0 else f">{_SPACE}{low:.3g}"
    if low == 0 or np.isinf(low):
        return f"<{_SPACE}{high:.3g}"
    return f"{low:.3g} to {high:.3g}"


def _fit(result: LimitResult) -> Table:
    """Return the fit with the card's own model."""
    table = result.tables["parameters"]
    names = ("parameter", "best_fit", "error", "pull", "correlation", "at_limit")
    columns = tuple(column for column in table.columns if column.name in names)
    title = f"The fit with the model {result.quotes[0].model}"
    return Table("parameters", title, columns)


def _statements(result: LimitResult) -> tuple[str, ...]:
    """Return how well a result describes its data."""
    found = [f"without the coupling: p = {result.p_value:.3g}"]
    goodness = result.goodness
    if goodness is not None:
        found.append(
            f"goodness of fit: deviance {goodness.deviance:.1f} for {goodness.degrees} degrees of "
            f"freedom, p = {goodness.p_value:.2g}"
        )
    if result.misfit:
        found.append(result.misfit)
    for channel, (low, high) in result.band.items():
        found.append(f"{channel} inside the band of the atomic model: {low:.3g} to {high:.3g}")
    return tuple(found)
