"""The section [project]: what it takes and what it refuses."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.analysis.cards.card import read_card
from nuatom.errors import InvalidInput


def project(card, **section):
    """The section of a card, read."""
    return read_card(card(project={"parameter": "magnetic-moment", **section})).card.project


def test_points_are_a_list_a_range_or_factors(card):
    """Ranges go in equal ratios and end at their ends."""
    axes = [
        {"kind": "threshold", "low": "100 eV", "high": "10 keV", "number": 3},
        {"kind": "background", "factors": [0.5, 2.0]},
    ]
    found = project(card, axes=axes).axes
    assert found[0].points() / u.keV == pytest.approx([0.1, 1.0, 10.0], rel=1e-12)
    assert found[1].points().tolist() == [0.5, 2.0]
    (listed,) = project(card, axes=[{"kind": "distance", "values": ["28 m", "15 m"]}]).axes
    assert listed.points() / u.metre == pytest.approx([28.0, 15.0], rel=1e-12)


def test_defaults(card):
    """90 %, three and five standard deviations, the card's own atomic model, no axis."""
    found = project(card)
    assert (found.confidence, found.discovery, found.models) == (0.9, [3.0, 5.0], [])
    assert (found.axes, found.toys, found.subtraction) == ([], None, None)


RANGE = {"low": "1 keV", "high": "2 keV", "number": 3}
SUBTRACTION = {"accuracy": "1 %", "correlated": "bin"}


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"parameter": 3}, "project.parameter: found 3, expected text"),
        ({"confidence": "100 %"}, "project.confidence"),
        ({"axes": [{"kind": "treshold", "values": ["1 keV"]}]}, "unknown kind 'treshold'"),
        ({"axes": [{"values": ["1 keV"]}]}, "project.axes[0]: found no kind"),
        ({"axes": [{"kind": "threshold"}]}, "expected one of: values"),
        ({"axes": [{"kind": "threshold", "values": ["1 keV"], **RANGE}]}, "expected one of"),
        ({"axes": [{"kind": "threshold", "low": "1 keV", "number": 3}]}, "expected the three"),
        ({"axes": [{"kind": "threshold", **RANGE, "high": "1 eV"}]}, "low < high"),
        ({"axes": [{"kind": "threshold", "values": ["1 keV", "1000 eV"]}]}, "a point twice"),
        ({"axes": [{"kind": "threshold", "values": ["1 kg"]}]}, "project.axes[0].values[0]"),
        ({"axes": [{"kind": "threshold", "factors": [1.0]}]}, "unknown key 'factors'"),
        ({"axes": [{"kind": "exposure", "factors": [0.0]}]}, "project.axes[0].factors[0]"),
        ({"axes": [{"kind": "background", "values": ["1 / kg / keV / day"]}]}, "expected of ="),
        ({"axes": [{"kind": "nuclear-recoil-rejection", "values": ["110 %"]}]}, "values[0]"),
        ({"axes": [{"kind": "exposure", "factors": [1.0]}] * 2}, "found 'exposure' twice"),
        ({"axes": [{"kind": "accuracy", "values": ["1 %"]}]}, "expected [project.subtraction]"),
        ({"models": ["stepped", "stepped"]}, "found 'stepped' twice"),
        ({"discovery": [3.0, 3.0]}, "found 3.0 twice"),
        ({"discovery": [0.0]}, "project.discovery[0]"),
        ({"subtraction": {"accuracy": "1 %"}}, "expected one of correlated"),
        ({"subtraction": {**SUBTRACTION, "window": "1 keV"}}, "expected one of correlated"),
        ({"subtraction": {"correlated": "all"}}, "expected the accuracy either"),
        (
            {
                "subtraction": SUBTRACTION,
                "axes": [{"kind": "accuracy", "values": ["1 %"]}],
            },
            "expected the accuracy either",
        ),
        (
            {
                "axes": [
                    {"kind": "flux", "factors": [2.0]},
                    {"kind": "distance", "values": ["9 m"]},
                ]
            },
            "found flux beside distance",
        ),
        (
            {
                "nuclear_recoil_rejection": "90 %",
                "axes": [{"kind": "nuclear-recoil-rejection", "values": ["1 %"]}],
            },
            "nuclear_recoil_rejection once",
        ),
        ({"toys": 5}, "project.toys"),
    ],
)
def test_mistakes_are_refused(card, section, said):
    """With the path, in one line."""
    with pytest.raises(InvalidInput) as error:
        project(card, **section)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_an_axis_of_two_hundred_points_is_enough(card):
    """More are refused, before anything is computed."""
    values = [f"{x:.3f} keV" for x in np.linspace(1, 2, 201)]
    with pytest.raises(InvalidInput, match="200"):
        project(card, axes=[{"kind": "threshold", "values": values}])
