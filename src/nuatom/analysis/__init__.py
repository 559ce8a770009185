"""Run cards: from a file that describes an experiment to the counts that it expects.

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
    from nuatom.analysis.model import Model

__all__ = ["load"]


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
    from nuatom.analysis.card import read_card
    from nuatom.analysis.expectation import build_model

    return build_model(read_card(card))
