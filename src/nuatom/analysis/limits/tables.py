"""Tables of a limit: what is quoted, parameters, correlations, spectrum, profile, contour."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.likelihood import Described
from nuatom.analysis.limits.prediction import Integers
from nuatom.analysis.limits.result import Quote
from nuatom.analysis.limits.terms import AXES
from nuatom.analysis.model import Model
from nuatom.arrays import Array
from nuatom.inference.fits.fit import Fit, Pull
from nuatom.inference.fits.profile import Contour
from nuatom.table import Column, Table

_UNITS = {"mu_B": "_mu_B", "e": "_e", "cm^2": "_cm2"}
"""Unit of a coupling -> end of the name of a column."""


@dataclass(frozen=True, eq=False)
class Points:
    """Values of all parameters at which a spectrum is wanted.

    Parameters
    ----------
    best : ndarray
        Of the fit, shape (parameter,) [any].
    without : ndarray
        Fitted with the couplings at zero [any].
    limit : ndarray
        Fitted with the first coupling at its limit [any].
    """

    best: Array
    without: Array
    limit: Array


def limits_table(
    title: str, quotes: Sequence[Quote], notes: Sequence[str], references: Sequence[str]
) -> Table:
    """Return what is quoted.

    Parameters
    ----------
    title : str
        One line [text].
    quotes : sequence of Quote
        At least one [any].
    notes, references : sequence of str
        What goes with them [text].

    Returns
    -------
    Table
        ``limits``, one row each.
    """
    columns = [
        Column(
            field.name,
            [getattr(q, field.name) for q in quotes]
            if isinstance(getattr(quotes[0], field.name), str)
            else np.array([getattr(q, field.name) for q in quotes]),
        )
        for field in fields(Quote)
    ]
    return Table("limits", title, tuple(columns), tuple(notes), tuple(references))


def parameters_table(
    described: Described, best: Fit, pulls: Mapping[str, Pull], points: Points
) -> Table:
    """Return every parameter with its fit.

    Parameters
    ----------
    described : Described
        The likelihood [likelihood].
    best : Fit
        Its fit [fit].
    pulls : mapping
        Of parameters with a prior [any].
    points : Points
        Values at the limit [any].

    Returns
    -------
    Table
        ``parameters``; empty cells where there is no prior.
    """
    names = best.names
    priors = [p.prior for p in described.likelihood.parameters]
    correlations = best.correlations()[0]
    columns = (
        Column("parameter", list(names)),
        Column("best_fit", best.array),
        Column("error", np.array([best.errors[n] for n in names])),
        Column("prior_mean", np.array([np.nan if p is None else p.mean for p in priors])),
        Column("prior_width", np.array([np.nan if p is None else p.width for p in priors])),
        Column("pull", np.array([pulls[n].shift if n in pulls else np.nan for n in names])),
        Column(
            "reduction", np.array([pulls[n].reduction if n in pulls else np.nan for n in names])
        ),
        Column("correlation", correlations, f"with {names[0]}"),
        Column("at_limit", points.limit),
    )
    return Table("parameters", f"correlation: with {names[0]}", columns)


def correlations_table(best: Fit) -> Table:
    """Return the correlation coefficients.

    Parameters
    ----------
    best : Fit
        With its covariance [fit].

    Returns
    -------
    Table
        ``correlations``, square beside the names.
    """
    matrix = best.correlations()
    columns = [Column(f"with_{_word(n)}", row) for n, row in zip(best.names, matrix, strict=True)]
    return Table("correlations", "", (Column("parameter", list(best.names)), *columns))


def spectrum_table(model: Model, described: Described, groups: Integers, points: Points) -> Table:
    """Return what is expected in the bins of the card: best fit, without couplings, at the limit.

    Parameters
    ----------
    model : Model
        With its bins [model].
    described : Described
        The likelihood [likelihood].
    groups : ndarray
        First bin of each bin of the card [dimensionless].
    points : Points
        Where [any].

    Returns
    -------
    Table
        ``spectrum``; for ON and OFF the difference.
    """
    prediction, data = described.prediction, described.data

    def merged(counts: Array) -> Array:
        return np.asarray(np.add.reduceat(counts, groups))

    axis = AXES[model.axis]
    edges = np.append(model.bin_edges[groups], model.bin_edges[-1]) / axis.unit
    columns = [Column(axis.low, edges[:-1]), Column(axis.high, edges[1:])]
    if data.counts is not None:
        counts, variances = data.counts, data.counts
        if data.off is not None and data.ratio is not None:
            counts = data.counts - data.off / data.ratio
            variances = data.counts + data.off / data.ratio**2
        elif data.errors is not None:
            variances = data.errors**2
        columns.append(Column("observed_counts", merged(counts), "observed"))
        columns.append(
            Column("observed_error_counts", np.sqrt(merged(variances)), "error of the observed")
        )
    zeroed = points.limit.copy()
    for place, interest in enumerate(described.interests):
        zeroed[place] = 0.0 if not interest.default else interest.default
    at_limit = prediction.expected(points.limit)
    columns += [
        Column("best_fit_counts", merged(prediction.expected(points.best)), "best fit"),
        Column("without_counts", merged(prediction.expected(points.without)), "without couplings"),
        Column("at_limit_counts", merged(at_limit), "at the limit"),
        Column(
            "signal_at_limit_counts", merged(at_limit - prediction.expected(zeroed)), "signal there"
        ),
    ]
    for name, counts in prediction.parts(points.best).items():
        columns.append(
            Column(f"component_{_word(name)}_counts", merged(counts), f"component {name}")
        )
    return Table("spectrum", model.title, tuple(columns))


def profile_table(interest: Interest, points: Array, rises: Mapping[str, Array]) -> Table:
    """Return rises of the deviance against a coupling.

    Parameters
    ----------
    interest : Interest
        The coupling [interest].
    points : ndarray
        Of the parameter, shape (point,) [dimensionless].
    rises : mapping
        What it is -> rise, shape (point,) [dimensionless].

    Returns
    -------
    Table
        ``profile``.
    """
    columns = [
        Column(coupling_column(interest), np.array([interest.coupling(x) for x in points])),
        Column("parameter", points, interest.label),
        *(Column(f"rise_{_word(name)}", values, name) for name, values in rises.items()),
    ]
    return Table("profile", interest.channel, tuple(columns))


def contour_table(interests: Sequence[Interest], found: Contour) -> Table:
    """Return the rise of the deviance on a grid of two couplings, row by row.

    Parameters
    ----------
    interests : sequence of Interest
        The two couplings [interest].
    found : Contour
        On a grid of their parameters [any].

    Returns
    -------
    Table
        ``contour``; the levels stand in the notes.
    """
    first, second = np.meshgrid(found.first, found.second, indexing="ij")
    columns = [
        Column(
            coupling_column(interest),
            np.array([interest.coupling(x) for x in grid.ravel()]),
            interest.channel,
        )
        for interest, grid in zip(interests, (first, second), strict=True)
    ]
    notes = tuple(
        f"contour at {100 * c:g} %: rise {level:.6g}"
        for c, level in zip(found.confidences, found.levels, strict=True)
    )
    columns.append(Column("rise", found.rises.ravel()))
    return Table("contour", "", tuple(columns), notes)


def coupling_column(interest: Interest) -> str:
    """Return the name of a column with a coupling.

    Parameters
    ----------
    interest : Interest
        Which [interest].

    Returns
    -------
    str
        With its unit.

    Example
    -------
    >>> coupling_column(Interest("charge-radius", ("charge-radius",), "cm^2", 1e-32, 1, False))
    'charge_radius_cm2'
    """
    return _word(interest.channel) + _UNITS.get(interest.unit, "")


def _word(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_")
