"""Strengths, pulls and their priors."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom import analysis
from nuatom.analysis.limits.nuisances import PUBLISHED, nuisances, templates
from nuatom.analysis.limits.terms import Data
from nuatom.errors import InvalidInput
from nuatom.inference.parameters import Gaussian


def test_rates_are_strengths_and_variations_pulls(synthetic):
    """A rate known to 10 % has that prior at 1 and no negative values, one without an
    uncertainty no prior; a variation is a standard normal variable."""
    model = synthetic.model("weak")
    found = nuisances(model, ("flat", "peak", "resolution"), None)
    assert found["flat"].prior is not None
    assert found["flat"].prior.width == pytest.approx(0.1, rel=1e-9)
    assert (found["flat"].start, found["flat"].low, found["flat"].prior.mean) == (1.0, 0.0, 1.0)
    assert found["peak"] == (1.0, 0.0, None)
    assert found["resolution"] == (0.0, -np.inf, Gaussian(0.0, 1.0))


def test_the_card_says_how_well_a_rate_is_known(card):
    """10 % for one background, nothing for the other; a decay energy is a pull."""
    soft = {
        "kind": "exponential",
        "name": "soft",
        "rate": "1 / kg / keV / day",
        "reference_energy": "0.2 keV",
        "decay_energy": "1 keV",
        "decay_energy_uncertainty": "0.1 keV",
        "uncertainty": "25 %",
    }
    model = analysis.load(card(backgrounds=[*card()["backgrounds"], soft]))
    found = nuisances(model, ("compton", "ge71", "soft", "soft_decay_energy"), None)
    widths = [None if n.prior is None else n.prior.width for n in found.values()]
    assert widths == [pytest.approx(0.1), None, pytest.approx(0.25), 1.0]
    assert [part.rate_variation for part in model.components[-3:]] == [
        "compton_rate",
        "",
        "soft_rate",
    ]


@pytest.mark.parametrize(
    ("given", "extras", "held"),
    [("unused", 0, set()), ("free", 1, set()), ("exact", 1, {PUBLISHED}), (0.05, 1, set())],
)
def test_background_of_the_data_is_used_as_asked(synthetic, given, extras, held):
    """Exact ones are no parameter."""
    data = Data(synthetic.EDGES, np.ones(8), background=np.ones(8))
    found = templates(synthetic.model("weak"), data, given)
    assert (len(found.extras), found.held) == (extras, frozenset(held))
    prior = nuisances(synthetic.model("weak"), (PUBLISHED,), given)[PUBLISHED].prior
    assert prior == (Gaussian(1.0, 0.05) if given == 0.05 else None)


@pytest.mark.parametrize(("background", "given"), [(None, "exact"), (np.ones(8), None)])
def test_nothing_is_assumed_of_a_background(synthetic, background, given):
    """The card must say what it is, and only where there is one."""
    data = Data(synthetic.EDGES, np.ones(8), background=background)
    with pytest.raises(InvalidInput, match="published_background"):
        templates(synthetic.model("weak"), data, given)


def test_a_background_outside_the_bins_is_no_parameter(synthetic):
    """A line far away: its rate is that of the card, and a note says so."""
    model = synthetic.model("weak")
    parts = tuple(
        replace(p, counts=np.full(8, 1e-20)) if p.name == "peak" else p for p in model.components
    )
    found = templates(replace(model, components=parts), Data(synthetic.EDGES, np.ones(8)), None)
    assert found.held == {"peak"}
    assert "the rate of peak is that of the card" in found.notes[0]
