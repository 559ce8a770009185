"""The result of `nuatom limit`: what is quoted, the fit, tables; it prints and saves."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nuatom.analysis.limits.interest import Interest
from nuatom.errors import InvalidInput, lookup
from nuatom.inference.fits.fit import Fit, GoodnessOfFit, Pull
from nuatom.inference.likelihood import Likelihood
from nuatom.table import Table, write_text_atomically

WRITERS = (".json", ".csv")
"""Kinds of files, by the end of their names."""
_DIGITS = 9
_MISFIT = 1e-3
"""p-value of the goodness of fit below which a result carries a warning."""
_FAR = 4.0
"""Pull in standard deviations from which on a result carries a warning."""
_PULLS = 3
"""How many pulls are printed."""


@dataclass(frozen=True)
class Quote:
    """What one method says with one atomic model about one coupling.

    Parameters
    ----------
    model : str
        Of electrons [name].
    method : str
        A key of `nuatom.analysis.limits.methods.METHODS` [name].
    channel : str
        Which coupling [name].
    unit : str
        Of the coupling [text].
    confidence : float
        Confidence level [dimensionless].
    best_fit, low, high : float
        Coupling: for an even power the root of the parameter, with the sign of an unphysical
        one; infinite where nothing bounds it [any].
    parameter : str
        Name with the unit of the parameter [text].
    parameter_best_fit, parameter_low, parameter_high : float
        Of the parameter itself [dimensionless].
    note : str
        What is special [text].
    """

    model: str
    method: str
    channel: str
    unit: str
    confidence: float
    best_fit: float
    low: float
    high: float
    parameter: str
    parameter_best_fit: float
    parameter_low: float
    parameter_high: float
    note: str = ""


@dataclass(frozen=True, eq=False)
class LimitResult:
    """Limits with what belongs to them.

    Parameters
    ----------
    title : str
        Of the card [text].
    kind : str
        Of the likelihood [name].
    interests : tuple of Interest
        Parameters of interest [interest].
    quotes : tuple of Quote
        By model, method and coupling; those of the card's own model first [any].
    fit : Fit
        Best fit with the card's own model [fit].
    goodness : GoodnessOfFit or None
        None where there is none: Asimov data, single events [any].
    p_value : float
        Of the data without the couplings, asymptotic [dimensionless].
    pulls : dict
        Of parameters with a prior, the largest shift first [any].
    band : dict
        Channel -> lowest and highest limit inside the band of the atomic model, where the
        card has one [any].
    tables : dict
        ``limits``, ``parameters``, ``correlations``, ``spectrum``, ``profile`` or ``contour``
        [table].
    likelihood : Likelihood
        With the card's own model [likelihood].
    provenance : dict
        Versions, checksums, names of models [text].
    notes : tuple of str
        What a reader must know [text].
    references : tuple of str
        What to cite [text].
    """

    title: str
    kind: str
    interests: tuple[Interest, ...]
    quotes: tuple[Quote, ...]
    fit: Fit
    goodness: GoodnessOfFit | None
    p_value: float
    pulls: dict[str, Pull]
    band: dict[str, tuple[float, float]]
    tables: dict[str, Table]
    likelihood: Likelihood
    provenance: dict[str, str]
    notes: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def misfit(self) -> str:
        """What to say where the model does not describe the data, else empty [text]."""
        reasons = []
        if self.goodness is not None and self.goodness.p_value < _MISFIT:
            reasons.append(f"p = {self.goodness.p_value:.2g}")
        reasons += [
            f"pull of {name} by {pull.shift:+.1f} sigma"
            for name, pull in self.pulls.items()
            if abs(pull.shift) > _FAR
        ]
        if not reasons:
            return ""
        return (
            f"MISFIT: the model does not describe the data ({', '.join(reasons)}); numbers above "
            "follow from it and mean nothing before it does"
        )

    def quote(
        self, channel: str | None = None, *, method: str | None = None, model: str | None = None
    ) -> Quote:
        """Return one of the quotes.

        Parameters
        ----------
        channel : str, optional
            Which coupling; the first if left out [name].
        method : str, optional
            The first if left out [name].
        model : str, optional
            Of electrons; the card's own if left out [name].

        Returns
        -------
        Quote
            The first that fits.

        Raises
        ------
        UnknownName
            If there is none.
        """
        wanted = {"channel": channel, "method": method, "model": model}
        left = self.quotes
        for key, name in wanted.items():
            if name is not None:
                known = {getattr(quote, key): quote for quote in left}
                lookup(key, name, known)
                left = tuple(quote for quote in left if getattr(quote, key) == name)
        return left[0]

    def __str__(self) -> str:
        """Return a short table for a reader."""
        lines = [self.title] if self.title else []
        lines += _aligned([_HEADER, *(_row(quote) for quote in self.quotes)])
        for channel, (low, high) in self.band.items():
            unit = next(q.unit for q in self.quotes if q.channel == channel)
            ends = f"{_short(low)} to {_short(high)} {_unit(unit)}".rstrip()
            lines.append(f"inside the band of the atomic model: {channel} {ends}")
        lines.append(f"without the coupling: p = {self.p_value:.3g}")
        if self.goodness is not None:
            lines.append(
                f"goodness of fit: deviance {self.goodness.deviance:.1f} for "
                f"{self.goodness.degrees} degrees of freedom, p = {self.goodness.p_value:.3g}"
            )
        if self.misfit:
            lines.append(self.misfit)
        for name, pull in list(self.pulls.items())[:_PULLS]:
            lines.append(
                f"pull of {name}: {pull.shift:+.2f} sigma, error {pull.reduction:.2f} of before"
            )
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and texts.

        Returns
        -------
        dict
            Numbers with nine digits; infinite ones are null.
        """
        found: dict[str, Any] = {
            "title": self.title,
            "likelihood": self.kind,
            "quotes": [asdict(quote) for quote in self.quotes],
            "best_fit": self.fit.values,
            "errors": self.fit.errors,
            "at_bound": list(self.fit.at_bound),
            "deviance": self.fit.deviance,
            "p_value_without_the_coupling": self.p_value,
            "goodness_of_fit": None if self.goodness is None else self.goodness._asdict(),
            "pulls": {name: pull._asdict() for name, pull in self.pulls.items()},
            "atomic_model_band": {name: list(ends) for name, ends in self.band.items()},
            "tables": {
                name: {column.name: list(column.values) for column in table.columns}
                for name, table in self.tables.items()
                if name != "limits"
            },
            "provenance": self.provenance,
            "notes": list(self.notes),
            "references": list(self.references),
        }
        plain: dict[str, Any] = _plain(found)
        return plain

    def save(self, path: Path) -> None:
        """Write the result whole or not at all; the same result gives the same bytes.

        Parameters
        ----------
        path : Path
            Ending in .json for everything, or .csv for what is quoted, with notes in lines
            with # before the header [path].

        Raises
        ------
        InvalidInput
            If the ending is another.
        CannotWrite
            If the place refuses.
        """
        check_format(path)
        if path.suffix == ".json":
            text = json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n"
        else:
            table = self.tables["limits"]
            head = [f"title: {self.title}"] if self.title else []
            head += [*table.notes, *(f"reference: {line}" for line in table.references)]
            text = "".join(f"# {' '.join(line.split())}\n" for line in head) + table.to_csv()
        write_text_atomically(path, text)


def check_format(path: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Parameters
    ----------
    path : Path
        Where to write [path].

    Raises
    ------
    InvalidInput
        If the ending is none of `WRITERS`.
    """
    if path.suffix not in WRITERS:
        raise InvalidInput(
            f"{path}: found the ending {path.suffix!r}, expected one of {', '.join(WRITERS)}"
        )


_HEADER = ("model", "method", "coupling", "best fit", "from", "to", "C.L.")


def _row(quote: Quote) -> tuple[str, ...]:
    name = f"{quote.channel} [{_unit(quote.unit)}]" if _unit(quote.unit) else quote.channel
    numbers = (_short(quote.best_fit), _short(quote.low), _short(quote.high))
    return (quote.model, quote.method, name, *numbers, f"{100 * quote.confidence:g} %")


def _unit(unit: str) -> str:
    return "" if unit == "times the Standard Model" else unit


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _short(value: float) -> str:
    return "none" if np.isinf(value) else f"{value:.3g}"


def _plain(value: Any) -> Any:
    """Return numbers of plain types with nine digits."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    number = float(value)
    return float(f"{number:.{_DIGITS}g}") if np.isfinite(number) else None
