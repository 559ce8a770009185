"""Upper limits by the maximum gap."""

import numpy as np
import pytest

from nuatom.errors import InvalidInput
from nuatom.inference.unknown_background import maximum_gap as mg


@pytest.mark.parametrize(("confidence", "limit"), [(0.9, 2.3026), (0.95, 2.9957)])
def test_no_events(confidence: float, limit: float) -> None:
    """Without events the limit is -ln(1 - C): 2.3026 at 90 %, 2.9957 at 95 %."""
    assert mg.upper_limit([], 1.0, confidence) == pytest.approx(limit, abs=5e-5)
    assert mg.upper_limit([], 4.0, confidence) == pytest.approx(-np.log1p(-confidence) / 4)


def test_closed_forms() -> None:
    """One term of the sum above mu/2, two above mu/3."""
    mu = 6.0
    for x in (3.1, 4.0, 5.9):
        one = 1 - np.exp(-x) * (1 + mu - x)
        assert mg.gap_probability(x, mu) == pytest.approx(one, rel=1e-13)
    for x in (2.1, 2.5, 2.9):
        rest = mu - 2 * x
        two = 1 - np.exp(-x) * (1 + mu - x) + np.exp(-2 * x) * rest * (rest + 2) / 2
        assert mg.gap_probability(x, mu) == pytest.approx(two, rel=1e-13)


def test_limit_solves_the_defining_equation() -> None:
    """C_0 at the limit is the confidence, for a gap given by hand."""
    fractions = [0.1, 0.15, 0.55, 0.9]
    limit = mg.upper_limit(fractions, 1.0, 0.9)
    assert mg.largest_gap(fractions) == pytest.approx(0.4, rel=1e-14)
    assert mg.gap_probability(0.4 * limit, limit) == pytest.approx(0.9, rel=1e-9)
    assert mg.gap_probability(0.4 * limit * 1.01, limit * 1.01) > 0.9
    assert mg.upper_limit(fractions, 5.0, 0.9) == pytest.approx(limit / 5, rel=1e-12)


def test_limit_of_one_event_by_hand() -> None:
    """One event in the middle: 1 - exp(-mu/2) (1 + mu/2) = 0.9 gives mu = 7.7794."""
    # 3.88972 is the classical limit for one event: the same equation in mu/2
    assert mg.upper_limit([0.5]) == pytest.approx(2 * 3.88972, abs=2e-5)


def test_coverage_is_exact_without_background() -> None:
    """A signal alone is excluded in 10 % of experiments, in the spectrum and the strength."""
    throw = np.random.default_rng(20)
    for mean in (2.6, 7.0, 40.0):
        excluded = sum(
            mg.gap_probability(mg.largest_gap(throw.uniform(size=n)) * mean, mean) > 0.9
            for n in throw.poisson(mean, 5000)
        )
        # four binomial standard deviations of 5000
        assert excluded / 5000 == pytest.approx(0.1, abs=4 * 0.0042)


def test_background_only_weakens() -> None:
    """More events never lower the limit, and a background in one place hardly raises it."""
    throw = np.random.default_rng(3)
    signal = throw.uniform(size=6)
    alone = mg.upper_limit(signal)
    for extra in (1, 5, 50):
        assert mg.upper_limit(np.concatenate([signal, throw.uniform(size=extra)])) >= alone
    heap = 1e-3 * throw.uniform(size=300)
    assert mg.upper_limit(np.concatenate([signal, heap])) == pytest.approx(alone, rel=2e-2)


def test_events_at_the_ends_do_not_matter() -> None:
    """An event where no signal lies below, or none above, leaves the limit as it is."""
    assert mg.upper_limit([0.0, 1.0, 1.0]) == mg.upper_limit([])
    assert mg.upper_limit([0.3, 0.0]) == mg.upper_limit([0.3])


def test_direction_and_order_do_not_matter() -> None:
    """The limit depends on gaps only: neither on order nor on which end is the first."""
    fractions = np.array([0.6, 0.12, 0.31])
    assert mg.upper_limit(fractions) == mg.upper_limit(np.sort(fractions))
    assert mg.upper_limit(1 - fractions) == pytest.approx(mg.upper_limit(fractions), rel=1e-12)


def test_many_events() -> None:
    """For 3000 evenly placed events the limit still solves its equation."""
    fractions = (np.arange(3000) + 0.5) / 3000
    limit = mg.upper_limit(fractions)
    assert mg.gap_probability(limit / 3000, limit) == pytest.approx(0.9, rel=1e-6)
    assert limit > 3 * 3000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.5, 1.2],), "fractions: found one outside 0 to 1"),
        (([0.5, -0.1],), "fractions: found one outside 0 to 1"),
        (([[0.5]],), r"fractions: found shape \(1, 1\)"),
        (([np.nan],), "fractions: found a value that is not finite"),
        (([0.5], 0.0), "expected: found a value that is not positive"),
        (([0.5], 1.0, 1.0), "confidence: found 1"),
    ],
)
def test_bad_input(arguments: tuple[object, ...], message: str) -> None:
    """Each wrong argument is named."""
    with pytest.raises(InvalidInput, match=message):
        mg.upper_limit(*arguments)  # type: ignore[arg-type]


def test_bad_gap() -> None:
    """A gap is not negative, a mean positive."""
    with pytest.raises(InvalidInput, match="gap: found -1"):
        mg.gap_probability(-1.0, 2.0)
    with pytest.raises(InvalidInput, match="mean"):
        mg.gap_probability(1.0, 0.0)
