"""Configurations, their averages and holes, against brute force."""

from itertools import combinations

import numpy as np
import pytest

from nuatom.errors import InvalidInput, UnknownName
from nuatom.structure.configuration import (
    Shell,
    Subshell,
    average_occupation,
    hole_occupation,
    parse_configuration,
)


def counted(places, electrons, filled=None, emptied=None):
    """Mean electrons, and mean ordered pairs, over all determinants of one open shell.

    `places` holds the kappa of each place.  With `filled` only determinants with an electron
    in a place of that kappa count; with `emptied` that electron is then removed.
    """
    kappas = sorted(set(places), reverse=True)
    q, pairs, total = np.zeros(len(kappas)), np.zeros((len(kappas),) * 2), 0
    for chosen in combinations(range(len(places)), electrons):
        starts = [p for p in chosen if filled is None or places[p] == filled]
        for start in starts if filled is not None else [None]:
            left = [p for p in chosen if not (emptied and p == start)]
            total += 1
            for p in left:
                q[kappas.index(places[p])] += 1
                for other in left:
                    if other != p:
                        pairs[kappas.index(places[p]), kappas.index(places[other])] += 1
    return q / total, pairs / total


def pair_numbers(occupation):
    """Mean number of ordered pairs of different electrons from the weights w_ab."""
    pairs = occupation.pairs.copy()
    for i, subshell in enumerate(occupation.subshells):
        pairs[i, i] *= (subshell.capacity - 1) / subshell.capacity
    return pairs


P_PLACES = [1, 1, -2, -2, -2, -2]


@pytest.mark.parametrize("electrons", [1, 2, 4, 6])
def test_the_average_is_that_over_all_determinants(electrons):
    """Electrons and pairs of p^q, counted one determinant at a time."""
    occupation = average_occupation([Shell(2, 1, electrons)])
    q, pairs = counted(P_PLACES, electrons)
    assert occupation.electrons == pytest.approx(q, rel=1e-14)
    assert pair_numbers(occupation) == pytest.approx(pairs, abs=1e-14)


@pytest.mark.parametrize("electrons", [2, 3, 6])
@pytest.mark.parametrize("kappa", [1, -2])
def test_a_hole_is_that_in_every_determinant_with_the_place_filled(electrons, kappa):
    """Electrons and pairs of p^q after removal from one subshell, counted likewise."""
    occupation = hole_occupation([Shell(2, 1, electrons)], Subshell(2, kappa))
    q, pairs = counted(P_PLACES, electrons, filled=kappa, emptied=True)
    assert occupation.of([Subshell(2, 1), Subshell(2, -2)]) == pytest.approx(q, abs=1e-14)
    assert pair_numbers(occupation) == pytest.approx(pairs, abs=1e-14)


def test_pairs_between_shells_are_products():
    """Shells are independent: n_ab = q_a q_b."""
    occupation = average_occupation(parse_configuration("1s2 2s1 2p3"))
    assert occupation.pairs[0, 2] == pytest.approx(2 * occupation.electrons[2], rel=1e-14)


def test_an_electron_in_an_open_shell_does_not_see_itself():
    """The charge in the field of an electron is that of the N - 1 others."""
    occupation = average_occupation(parse_configuration("[Ar] 3d10 4s2 4p2"))
    pairs = pair_numbers(occupation) / occupation.electrons[:, None]
    assert pairs.sum(axis=1) == pytest.approx(np.full(len(pairs), 31), rel=1e-14)


def test_a_hole_leaves_one_electron_less():
    """Every ion has N - 1 electrons and (N - 1)(N - 2) ordered pairs."""
    shells = parse_configuration("[Ar] 3d5 4s1")
    for shell in shells:
        for subshell in shell.subshells:
            ion = hole_occupation(shells, subshell)
            assert ion.electrons.sum() == pytest.approx(23, rel=1e-13)
            assert pair_numbers(ion).sum() == pytest.approx(23 * 22, rel=1e-13)


def test_the_last_electron_leaves_nothing():
    """Hydrogen without its electron has no occupied subshell."""
    assert hole_occupation(parse_configuration("1s1"), Subshell(1, -1)).subshells == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[Ar] 3d11", "found 11 electrons"),
        ("1s2 2d1", "0 <= l < n"),
        ("1s2 1s1", "occurs twice"),
        ("1s2;2s1", "expected shells such as"),
        ("1s0", "found 0 electrons"),
    ],
)
def test_nonsense_is_refused(text, message):
    """Overfull, impossible, double and unreadable shells are each named."""
    with pytest.raises(InvalidInput, match=message):
        parse_configuration(text)


def test_unknown_names_are_refused():
    """A core that is no noble gas, and a hole where there is no electron."""
    with pytest.raises(UnknownName, match="noble-gas core"):
        parse_configuration("[Hg] 6p1")
    with pytest.raises(UnknownName, match="occupied subshell"):
        hole_occupation(parse_configuration("1s2"), Subshell(2, -1))
