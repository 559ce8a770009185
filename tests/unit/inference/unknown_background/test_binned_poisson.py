import numpy as np
import pytest
from scipy import stats

from nuatom.errors import InvalidInput
from nuatom.inference.unknown_background import binned_poisson as bp


@pytest.mark.parametrize(("bins", "limit"), [(1, 2.3026), (5, 3.8703), (10, 4.5582)])
def test_no_events(bins: int, limit: float) -> None:
    """With no events and equal bins the limit is -ln(1 - 0.9^(1/K)) counts in a bin."""
    found = bp.upper_limit(np.zeros(bins), np.ones(bins), 0.90)
    assert found == pytest.approx(limit, abs=5e-5)  # half of the last digit quoted
    assert found == pytest.approx(-np.log(1 - 0.9 ** (1 / bins)), rel=1e-12)


def test_closed_form() -> None:
    """The limit is the least of chi2.isf(alpha_bin, 2N + 2)/(2 M)."""
    observed, signal = np.array([7, 0, 31, 2]), np.array([3.0, 0.2, 9.0, 1.0])
    alpha = 1 - 0.95**0.25
    expected = stats.chi2.isf(alpha, 2 * observed + 2) / 2 / signal
    assert bp.bin_limits(observed, signal, 0.95) == pytest.approx(expected, rel=1e-12)
    assert bp.upper_limit(observed, signal, 0.95) == pytest.approx(expected.min(), rel=1e-12)


def test_one_bin_is_the_classical_poisson_limit() -> None:
    """One bin gives the classical limits at 90 %: 2.30, 3.89, 5.32, 6.68 for 0 to 3 counts."""
    # Particle Data Group, "Statistics", table of Poisson upper limits
    for count, limit in enumerate((2.30, 3.89, 5.32, 6.68)):
        assert bp.upper_limit([count], [1.0], 0.90) == pytest.approx(limit, abs=0.005)


def test_brute_force_scan() -> None:
    """A scan of the strength finds the limit where some bin first excludes it."""
    observed, signal = np.array([4, 1, 0, 9]), np.array([2.0, 1.5, 0.0, 0.7])
    grid = np.arange(0.0, 12.0, 1e-3)
    alpha = 1 - 0.9**0.25
    probability = stats.poisson.cdf(observed, grid[:, None] * signal)
    first = grid[(probability < alpha).any(axis=1)].min()
    limit = float(bp.upper_limit(observed, signal, 0.90))
    assert limit == pytest.approx(first, abs=1.01e-3)  # one step
    assert not bp.is_excluded(limit * (1 - 1e-9), observed, signal, 0.90)
    assert bp.is_excluded(limit * (1 + 1e-9), observed, signal, 0.90)


def test_bins_without_signal_never_limit() -> None:
    """A bin without signal sets no limit, whatever it holds, but counts in K."""
    signal = [1.0, 0.0, 2.0]
    with_none = bp.bin_limits([3, 0, 5], signal)
    assert np.isinf(with_none[1])
    assert bp.upper_limit([3, 0, 5], signal) == bp.upper_limit([3, 999, 5], signal)
    assert bp.upper_limit([3, 0, 5], signal) > bp.upper_limit([3, 5], [1.0, 2.0])


def test_vectorised_over_toys() -> None:
    """Limits of many toys at once are those of each."""
    signal = np.array([1.0, 0.5, 2.0])
    toys = np.random.default_rng(5).poisson(4.0, (3, 7, 3))
    limits = bp.upper_limit(toys, signal)
    assert limits.shape == (3, 7)
    assert limits[2, 4] == bp.upper_limit(toys[2, 4], signal)
    assert bp.is_excluded(1.0, toys, signal).shape == (3, 7)


def test_scaling_and_monotonicity() -> None:
    """Twice the signal, half the limit; more counts or confidence, a weaker limit."""
    observed, signal = np.array([3, 8]), np.array([1.0, 2.0])
    limit = float(bp.upper_limit(observed, signal))
    assert bp.upper_limit(observed, 2 * signal) == pytest.approx(limit / 2, rel=1e-12)
    assert bp.upper_limit(observed + 1, signal) > limit
    assert bp.upper_limit(observed, signal, 0.95) > limit


def test_fractional_counts_interpolate() -> None:
    """An average count between two whole ones gives a limit between theirs."""
    three, half, four = (float(bp.upper_limit([n], [1.0])) for n in (3, 3.5, 4))
    assert three < half < four


def exclusion(tested: float, true: float, alpha: float) -> float:
    """Probability of an excluding count, summed term by term."""
    counts = np.arange(400)
    excluding = stats.poisson.cdf(counts, tested) < alpha
    return float(stats.poisson.pmf(counts, true)[excluding].sum())


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0, 4.0, 20.0])
def test_exact_coverage_term_by_term(strength: float) -> None:
    """The product of the bins' probabilities equals the sum over all counts."""
    signal, background = np.array([1.0, 0.0, 3.0, 0.2]), np.array([0.5, 2.0, 0.0, 7.0])
    alpha = 1 - 0.9**0.25
    for b in (np.zeros(4), background):
        product = np.prod(
            [1 - exclusion(strength * m, strength * m + n, alpha) for m, n in zip(signal, b)]  # noqa: B905
        )
        assert bp.coverage(strength, signal, b, 0.90) == pytest.approx(product, rel=1e-11)


def test_never_under_covers() -> None:
    """Without background coverage is at least 90 %, close to it where counts are many."""
    for bins in (1, 3, 12):
        exact = [bp.coverage(s, np.ones(bins)) for s in np.geomspace(0.01, 300, 400)]
        assert min(exact) >= 0.90 - 1e-12  # rounding of the product
        assert exact[0] == 1.0
        # at 300 counts a bin one step of the distribution is 2 % of its density
        assert 0.90 <= exact[-1] < 0.925


def test_background_raises_coverage() -> None:
    """A background of which the method knows nothing can only weaken the limit."""
    signal = np.array([1.0, 2.0, 0.5])
    by_background = [bp.coverage(6.0, signal, b) for b in (0.0, 0.5, 2.0, 10.0)]
    assert by_background == sorted(by_background)
    assert by_background[-1] > 0.999


@pytest.mark.parametrize("background", [0.0, 1.5])
def test_coverage_by_toys(background: float) -> None:
    """Limits of 20,000 simulated spectra lie above the truth as often as computed exactly."""
    signal, strength = np.array([2.0, 1.0, 0.4, 3.0]), 2.5
    toys = np.random.default_rng(808).poisson(strength * signal + background, (20_000, 4))
    covered = int(np.count_nonzero(bp.upper_limit(toys, signal) >= strength))
    interval = stats.binomtest(covered, len(toys)).proportion_ci(0.99)
    assert interval.low <= bp.coverage(strength, signal, background) <= interval.high
    assert interval.high >= 0.90


def test_level() -> None:
    """The chance that no bin excludes is 1 - alpha for K independent exact tests."""
    for bins in (1, 7, 1000):
        assert (1 - bp.bin_level(bins, 0.9)) ** bins == pytest.approx(0.9, rel=1e-11)


@pytest.mark.parametrize(
    ("observed", "signal", "confidence", "message"),
    [
        ([1, 2], [0.0, 0.0], 0.9, "signal: found zero in every bin"),
        ([1, 2], [1.0, -1.0], 0.9, "negative"),
        ([1, -2], [1.0, 1.0], 0.9, "negative"),
        ([1, 2], [1.0, np.nan], 0.9, "signal: found a value that is not finite"),
        ([1, np.inf], [1.0, 1.0], 0.9, "counts: found a value that is not finite"),
        ([1, 2, 3], [1.0, 1.0], 0.9, r"counts: found shape \(3,\)"),
        ([], [], 0.9, "signal: found shape"),
        ([[1]], [[1.0]], 0.9, "signal: found shape"),
        ([1, 2], [1.0, 1.0], 1.0, "confidence: found 1"),
        ([1, 2], [1.0, 1.0], np.nan, "confidence"),
    ],
)
def test_bad_input(observed: object, signal: object, confidence: float, message: str) -> None:
    """Bad spectra are refused in one line that says what is wrong."""
    with pytest.raises(InvalidInput, match=message):
        bp.upper_limit(observed, signal, confidence)  # type: ignore[arg-type]


def test_bad_strength_and_background() -> None:
    """Coverage asks for a strength >= 0 and one background per bin."""
    with pytest.raises(InvalidInput, match="strength: found -1"):
        bp.coverage(-1.0, [1.0])
    with pytest.raises(InvalidInput, match="background: found more than one axis"):
        bp.coverage(1.0, [1.0], [[0.0]])
    with pytest.raises(InvalidInput, match="bins: found 0"):
        bp.bin_level(0)
