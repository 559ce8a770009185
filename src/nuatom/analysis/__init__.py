"""Run cards: from a file that describes an experiment to expected counts, limits, projections.

=======================================  ==================================================
`cards`                                  sections of a run card, and the objects they name
`expectation`, `model`                   components in bins at unit coupling, and their sum
`limits`                                 likelihood of a model, methods, results, exports
`projections`                            limits and reach on axes, and what they would take
`exhibits`, `exhibit_limits`             experiments with a run card in the package
=======================================  ==================================================

Example
-------
>>> from nuatom import analysis
>>> model = analysis.load({
...     "source": {"name": "kuo-sheng"},
...     "detector": {"target": "Ge", "exposure": "1 kg day", "resolution": {"kind": "perfect"}},
...     "bins": {"edges": ["1 keV", "2 keV"]},
...     "response": {"electrons": "stepped"},
...     "signals": {"channels": ["magnetic-moment"]}})
>>> bool(model.expected({"magnetic-moment": 1e-10})[0] > 0)
True
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nuatom.analysis.limits.methods import Workers
    from nuatom.analysis.limits.result import LimitResult
    from nuatom.analysis.model import Model
    from nuatom.table import Table

__all__ = ["limit", "load", "project"]


def load(card: Path | str | Mapping[str, Any]) -> "Model":
    """Return the model that a run card describes.

    Parameters
    ----------
    card : Path, str or mapping
        A TOML file, or the same as a dict [path].

    Returns
    -------
    Model
        `expected` gives the counts for couplings.

    Raises
    ------
    InvalidInput
        With the exact path to a mistake.
    """
    from nuatom.analysis.expectation import load as run

    return run(card)


def limit(
    card: Path | str | Mapping[str, Any],
    *,
    workers: "Workers | None" = None,
) -> "LimitResult":
    """Return the limits that the section ``[limit]`` of a run card asks for.

    Parameters
    ----------
    card : Path, str or mapping
        A TOML file, or the same as a dict [path].
    workers : Workers, optional
        For toys; all in this thread if left out [any].

    Returns
    -------
    LimitResult
        It prints, and saves as JSON or CSV.

    Raises
    ------
    InvalidInput
        With the path of the key that cannot be satisfied.
    UnknownName
        If a channel, method or model is unknown.
    FitFailed
        If the data do not determine a parameter.
    """
    from nuatom.analysis.limits.limit import limit as run

    return run(card, workers=workers)


def project(card: Path | str | Mapping[str, Any]) -> "Table":
    """Return what the section ``[project]`` of a run card asks for: limits and reach.

    Parameters
    ----------
    card : Path, str or mapping
        A TOML file, or the same as a dict [path].

    Returns
    -------
    Table
        One row for each point of the axes and atomic model.

    Raises
    ------
    InvalidInput
        With the path of the key that cannot be satisfied.
    UnknownName
        If a channel, background or model is unknown.
    FitFailed
        If a point sets no limit.
    """
    from nuatom.analysis.projections.table import project as run

    return run(card)
