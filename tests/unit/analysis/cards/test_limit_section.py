"""The section [limit] of a card."""

import pytest

from nuatom.analysis.cards.card import read_card
from nuatom.errors import InvalidInput


def section(card, **asked):
    """The section as it is read."""
    return read_card(card(limit={"parameters": ["magnetic-moment"], **asked})).card.limit


def test_a_coupling_is_enough(card):
    """The rest has defaults: the profile likelihood at 90 %, physical, observed data."""
    found = section(card)
    assert (found.methods, found.confidence, found.physical) == (["profile-likelihood"], 0.9, True)
    settings = found.settings()
    assert (settings.parameters, settings.kind, settings.asimov) == (
        ("magnetic-moment",),
        None,
        False,
    )


def test_everything_reaches_the_likelihood(card):
    """What the card says, the settings say."""
    settings = section(
        card,
        physical=False,
        likelihood="normal",
        data="asimov",
        published_background="5 %",
    ).settings()
    assert (settings.physical, settings.kind, settings.asimov) == (False, "normal", True)
    assert settings.published_background == pytest.approx(0.05, rel=1e-12)
    assert section(card, published_background="exact").settings().published_background == "exact"


def test_a_card_needs_no_limit(card):
    """Expected counts alone are fine."""
    assert read_card(card()).card.limit is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"parameters": []}, "limit.parameters"),
        ({"parameters": ["a", "b", "c"]}, "limit.parameters"),
        ({"parameters": ["weak", "weak"]}, "limit: found 'weak' twice"),
        ({"confidence": "100 %"}, "limit.confidence"),
        ({"confidence": 0.9}, "limit.confidence: found 0.9"),
        ({"likelihood": "poison"}, "limit.likelihood"),
        ({"toys": 5}, "limit.toys"),
        ({"range": [2.0, 1.0]}, "limit: found the range"),
        ({"range": [0.0, 1.0], "parameters": ["a", "b"]}, "found a range for two parameters"),
        ({"method": ["cls"]}, "limit: unknown key 'method': did you mean 'methods'"),
        ({"published_background": "some"}, "limit.published_background"),
    ],
)
def test_mistakes_have_a_path(card, asked, said):
    """The key, what was found, what was expected."""
    with pytest.raises(InvalidInput) as caught:
        section(card, **asked)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
