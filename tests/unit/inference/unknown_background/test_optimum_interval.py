"""Upper limits by the optimum interval.

"The author's table" is CMax.txt of S. Yellin's program, dated 2011, as distributed with the
analysis package RQpy of the SPICE/HeRALD collaboration: the value that C_max exceeds in a
fraction 1 - CL of 1e8 experiments.
"""

import numpy as np
import pytest
from scipy import optimize, special

from nuatom.errors import InvalidInput, OutOfRange
from nuatom.inference.unknown_background import maximum_gap as mg
from nuatom.inference.unknown_background import optimum_interval as oi

TOYS = 20_000

# mean, CMax at CL = 0.90, 0.91, 0.95 and 0.955 in the author's table
AUTHORS = [
    (5.00281, 0.92916, 0.93683, 0.95968, 0.95969),
    (5.87085, 0.93203, 0.93594, 0.96574, 0.96939),
    (9.97418, 0.95120, 0.95673, 0.97495, 0.97768),
    (12.18249, 0.95738, 0.95933, 0.97912, 0.98147),
    (20.49129, 0.96560, 0.96886, 0.98338, 0.98520),
    (90.01713, 0.98036, 0.98275, 0.99134, 0.99235),
]


@pytest.mark.parametrize(("mean", "at_90", "at_91", "at_95", "at_955"), AUTHORS)
def test_authors_table(
    mean: float, at_90: float, at_91: float, at_95: float, at_955: float
) -> None:
    """Thresholds are those of the author's table within four standard deviations of ours."""
    spread_90 = np.sqrt(0.9 * 0.1 / TOYS) * (at_91 - at_90) / 0.01
    found = oi.threshold(mean, 0.9, toys=TOYS)
    assert found == pytest.approx(at_90, abs=4 * spread_90 + 5e-4)  # 5e-4: C_n by 20,000, too
    spread_95 = np.sqrt(0.95 * 0.05 / TOYS) * max(at_955 - at_95, 1e-3) / 0.005
    assert oi.threshold(mean, 0.95, toys=TOYS) == pytest.approx(at_95, abs=4 * spread_95 + 5e-4)


def test_published_jumps() -> None:
    """The threshold rises where n + 1 events begin to matter, at the means of Table I."""
    # Yellin (2002), Table I at 90 %: n = 0, 1, 2, 3, 4
    for events, mean in enumerate((2.303, 3.890, 5.800, 7.491, 9.059)):
        reached = special.gammainc(events + 1, mean)  # P(more than n events)
        before = 0.9 if events == 0 else oi.threshold(0.995 * mean, toys=TOYS)
        # four standard deviations of the threshold: 0.0021 times its slope in CL, below 1
        assert reached == pytest.approx(before, abs=4 * 0.0021)
        assert oi.threshold(1.06 * mean, toys=TOYS) > before + (1e-3 if events else -1e-12)


def test_only_gaps_matter_for_a_small_mean() -> None:
    """Below 3.89 events the threshold is the confidence itself."""
    for mean in (2.31, 3.0, 3.88):
        assert oi.threshold(mean, 0.9) == 0.9
    with pytest.raises(InvalidInput, match=r"mean: found 2.3, expected at least .* 2.303"):
        oi.threshold(2.3, 0.9)


def test_no_events() -> None:
    """Without events the limit is 2.3026, exactly, and the interval is the whole range."""
    found = oi.upper_limit([], 2.0)
    assert found.limit == pytest.approx(2.302585 / 2, rel=1e-6)
    assert (found.error, found.events, found.low, found.high) == (0.0, 0, 0.0, 1.0)


def test_equals_the_maximum_gap_where_only_gaps_matter() -> None:
    """Events in a heap leave one gap; below 3.89 events both limits are one."""
    fractions = [0.02, 0.03, 0.11, 0.96]
    found = oi.upper_limit(fractions, toys=TOYS)
    assert found.mean < 3.72
    assert found.limit == mg.upper_limit(fractions)
    assert (found.events, found.low, found.high) == (0, 0.11, 0.96)


def single_event_limit() -> float:
    """Limit for one event in the middle, where only n = 0 and 1 matter.

    With a = P(more than 1 event) and C_0(x_a, mu) = a, an experiment has C_max < a if it has
    two events or more and no gap of x_a or larger::

        1 - e^-mu (1 + 2 mu) + 2 e^-mu (mu - x_a) = C
    """

    def excess(mu: float) -> float:
        a = 1 - np.exp(-mu) * (1 + mu)
        x = optimize.brentq(lambda x: 1 - np.exp(-x) * (1 + mu - x) - a, mu / 2, mu)
        return float(1 - np.exp(-mu) * (1 + 2 * mu) + 2 * np.exp(-mu) * (mu - x) - 0.9)

    return float(optimize.brentq(excess, 3.9, 5.5))


def test_one_event_in_closed_form() -> None:
    """One event in the middle gives the limit that follows from C_0 and two probabilities."""
    found = oi.upper_limit([0.5])
    assert found.events == 1
    # four standard deviations as stated, and half of the 1 % step in mu at a jump
    assert found.limit == pytest.approx(single_event_limit(), abs=4 * found.error + 0.022)


def test_the_largest_allowed_mean_is_the_limit() -> None:
    """Where the threshold jumps an excluded range lies below the limit, as the author notes."""
    fractions = [0.766]
    assert oi.exclusion(fractions, 3.87, toys=TOYS) > 0.9  # by the gap
    assert oi.exclusion(fractions, 4.2, toys=TOYS) < 0.9
    assert oi.exclusion(fractions, 4.5, toys=TOYS) > 0.9
    assert oi.upper_limit(fractions, toys=TOYS).limit == pytest.approx(
        single_event_limit(), rel=0.02
    )


def brute_force(fractions: np.ndarray, mean: float, toys: int) -> float:
    """P(C_max smaller) by its definition, all with plain loops and other random numbers."""
    throw = np.random.default_rng(99)

    def sizes(places: np.ndarray) -> list[float]:
        ends = np.concatenate([[0.0], np.sort(places), [mean]])
        return [float(np.max(ends[n + 1 :] - ends[: -n - 1])) for n in range(len(places) + 1)]

    experiments = [sizes(throw.uniform(0, mean, n)) for n in throw.poisson(mean, toys)]
    most = max(len(e) for e in experiments)
    table = np.sort([e + [mean] * (most - len(e)) for e in experiments], axis=0)

    def largest(own: list[float]) -> float:
        return max(
            float(np.searchsorted(table[:, n], x, side="left")) / toys
            for n, x in enumerate(own[:most])
        )

    observed = largest(sizes(mean * fractions))
    return float(np.mean([largest(e) < observed for e in experiments]))


def test_brute_force() -> None:
    """The confidence equals that of a plain simulation of the definition."""
    fractions = np.random.default_rng(8).uniform(size=7) ** 2
    for mean in (9.0, 12.0):
        own = oi.exclusion(fractions, mean, 0.6, toys=TOYS)
        plain = brute_force(fractions, mean, 4000)
        # four binomial standard deviations of both, at most 0.5/sqrt(n)
        assert own == pytest.approx(plain, abs=4 * np.hypot(0.5 / 63, 0.5 / 141))


@pytest.mark.parametrize("background", [0.0, 6.0])
def test_coverage(background: float) -> None:
    """The true mean is excluded in at most 10 % of experiments, whatever lies beneath."""
    throw, mean = np.random.default_rng(77), 8.0
    excluded = 0
    for _ in range(4000):
        signal = throw.uniform(size=throw.poisson(mean))
        other = throw.uniform(size=throw.poisson(background)) ** 3
        excluded += oi.exclusion(np.concatenate([signal, other]), mean, toys=TOYS) > 0.9
    # four standard deviations of 4000 experiments and of the table
    assert excluded / 4000 < 0.1 + 4 * np.hypot(0.0047, 0.0021)
    if background == 0:
        assert excluded / 4000 > 0.08  # atoms of probability allow a little over-coverage
    else:
        assert excluded / 4000 < 0.08


def test_stronger_than_the_maximum_gap_for_many_events() -> None:
    """Forty signal events: intervals with events exclude far more than the largest gap."""
    fractions = np.random.default_rng(4).uniform(size=40)
    found = oi.upper_limit(fractions, toys=5000)
    assert 40 < found.limit < 0.8 * mg.upper_limit(fractions)


def test_the_stated_error() -> None:
    """Limits of ten seeds scatter as the stated error says, and equal seeds agree."""
    fractions = np.random.default_rng(12).uniform(size=9) ** 3
    found = [oi.upper_limit(fractions, toys=4000, seed=s) for s in range(10)]
    spread = np.std([f.limit for f in found], ddof=1)
    stated = np.mean([f.error for f in found])
    # the spread of ten has a relative error of 24 %; the table of C_n adds some
    assert 0.4 < spread / stated < 2.5
    again = oi.upper_limit(fractions, toys=4000, seed=3)
    assert again == found[3]
    assert found[3].limit != found[4].limit


def test_order_direction_and_scale() -> None:
    """Order and direction do not matter; the limit is inverse to the expectation."""
    fractions = np.array([0.7, 0.1, 0.12, 0.9, 0.2])
    one = oi.upper_limit(fractions, toys=2000).limit
    assert oi.upper_limit(np.sort(fractions), 10.0, toys=2000).limit == pytest.approx(one / 10)
    assert oi.upper_limit(1 - fractions, toys=2000).limit == pytest.approx(one, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"toys": 10}, "toys: found 10, expected at least 1000"),
        ({"confidence": 0.4}, r"confidence: found 0.4, expected at least 0.5"),
        ({"confidence": 1.0}, "confidence: found 1"),
        ({"expected": -1.0}, "expected"),
        ({"fractions": [2.0]}, "fractions"),
    ],
)
def test_bad_input(changes: dict[str, object], message: str) -> None:
    """Each wrong argument is named."""
    arguments = {"fractions": [0.5], **changes}
    with pytest.raises(InvalidInput, match=message):
        oi.upper_limit(**arguments)  # type: ignore[arg-type]


def test_a_heap_of_background() -> None:
    """Hundreds of events in one place cost no more than that place."""
    heap = 1e-3 * np.random.default_rng(6).uniform(size=400)
    found = oi.upper_limit(np.concatenate([heap, [0.5]]), toys=TOYS)
    assert found.limit == pytest.approx(oi.upper_limit([0.5], toys=TOYS).limit, rel=0.02)
    assert (found.events, found.high) == (1, 1.0)


def test_too_many_events() -> None:
    """Beyond 200 signal events another method is named."""
    with pytest.raises(OutOfRange, match=r"found 190 events.*binned_poisson"):
        oi.upper_limit(np.linspace(0, 1, 190), toys=1000)
    with pytest.raises(OutOfRange, match="mean: found 201"):
        oi.threshold(201.0)
