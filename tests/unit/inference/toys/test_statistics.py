"""Statistics of toys: fast and general fits agree, seeds, tasks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from nuatom.errors import InvalidInput, UnknownName
from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.toys.statistics import (
    Statistic,
    Toys,
    bounded_below,
    gathered,
    observed,
    profiled,
    simulate,
)

SIGNAL, BACKGROUND = np.array([3.0, 2.0, 1.0, 0.5]), np.array([4.0, 4.0, 5.0, 6.0])


@dataclass(frozen=True)
class Plain:
    """A linear prediction that does not say that it is one."""

    inner: LinearPrediction

    @property
    def names(self):
        return self.inner.names

    def expected(self, values):
        return self.inner.expected(values)

    def jacobian(self, values):
        return self.inner.jacobian(values)


def spectrum(counts, *, linear=True, low=0.0):
    """Return a signal above a background that is known to 20 %."""
    inner = LinearPrediction(("signal", "rate"), np.array([SIGNAL, BACKGROUND]), np.zeros(4))
    parameters = (
        Parameter("signal", starts=(1.0,), low=low),
        Parameter("rate", starts=(1.0,), low=0.0, prior=Gaussian(1.0, 0.2)),
    )
    term = PoissonTerm(np.asarray(counts, dtype=float), inner if linear else Plain(inner))
    return Likelihood(parameters, (term,))


COUNTS = [7, 6, 5, 8]


@pytest.mark.parametrize("one_sided", [False, True])
def test_fast_and_general_fits_agree(one_sided):
    """The same toys have the same statistic, in machine code and by the general minimiser."""
    plain = spectrum(COUNTS, linear=False)
    truth, tested = np.array([0.8, 1.0]), np.array([1.3, 0.9])
    fast = Statistic(spectrum(COUNTS), "signal", one_sided=one_sided).at(truth)
    general = Statistic(plain, "signal", one_sided=one_sided).at(truth)
    counts, measured = fast.draw(12, np.random.default_rng(6))
    toys = [
        Likelihood(
            (plain.parameters[0], replace(plain.parameters[1], prior=Gaussian(y[0] * 0.2, 0.2))),
            (replace(plain.terms[0], counts=n),),
        )
        for n, y in zip(counts, measured, strict=True)
    ]
    for values in (truth, tested):
        one = fast.rises((counts, measured), values, fast.best((counts, measured)))
        two = general.rises(toys, values, general.best(toys))
        assert one == pytest.approx(two, abs=1e-6)  # the general fit stops at 1e-7 or below
    assert np.any(one > 0)


def test_the_tangent_of_a_linear_prediction_is_the_same_statistic():
    """Toys and data have the statistic of the fast path, to rounding."""
    straight = Statistic(spectrum(COUNTS, linear=False), "signal", tangent=True)
    fast = Statistic(spectrum(COUNTS), "signal")
    assert straight.differs
    assert not fast.differs
    truth, tested = np.array([0.8, 1.0]), np.array([1.3, 0.9])
    seed = np.random.SeedSequence(5)
    one, two = (simulate((kind, truth, (truth, tested), 50, seed)) for kind in (straight, fast))
    assert one == pytest.approx(two, abs=1e-8)
    data = [observed(kind, [truth, tested]) for kind in (straight, fast)]
    assert data[0] == pytest.approx(data[1], abs=1e-8)


def test_the_statistic_of_one_count_in_closed_form():
    """t = D(x) - D(max(n - b, 0)) for one bin with a known background."""
    one = Likelihood(
        (Parameter("signal", starts=(1.0,), low=0.0),),
        (PoissonTerm(np.array([2.0]), LinearPrediction(("signal",), [[1.0]], [3.0])),),
    )
    x, n = 4.0, np.array([0.0, 2.0, 5.0, 11.0])
    statistic = Statistic(one, "signal").at(np.array([x]))
    data = n[:, None], np.zeros((4, 0))
    best = np.maximum(n, 3.0)
    expected = 2 * (x + 3 - best - n * np.log((x + 3) / best))
    found = statistic.rises(data, np.array([x]), statistic.best(data))
    assert found == pytest.approx(expected, abs=1e-8)
    # q-tilde is zero for best fits above x
    above = Statistic(one, "signal", one_sided=True).at(np.array([x]))
    q = above.rises(data, np.array([x]), above.best(data))
    assert q == pytest.approx(np.where(n > x + 3, 0, expected), abs=1e-8)


def test_many_counts_follow_chi_square():
    """Far from bounds t has one degree of freedom (Wilks): 5000 toys, Kolmogorov-Smirnov."""
    many = LinearPrediction(("signal", "rate"), 100 * np.array([SIGNAL, BACKGROUND]), np.zeros(4))
    base = spectrum(COUNTS)
    one = Likelihood(base.parameters, (PoissonTerm(np.ones(4), many),))
    truth = np.array([1.0, 1.0])
    (t,) = simulate((Statistic(one, "signal"), truth, (truth,), 5000, np.random.SeedSequence(8)))
    assert stats.kstest(t, stats.chi2(1).cdf).pvalue > 1e-3


def test_where_the_other_hypothesis_allows_no_counts():
    """Toys with counts where the tested hypothesis expects none are still fitted.

    With the background at zero the second bin is empty; its toys are fitted from elsewhere.
    """
    prediction = LinearPrediction(("s", "b"), np.array([[1.0, 0.0], [1.0, 1.0]]), np.zeros(2))
    one = Likelihood(
        (Parameter("s", (1.0,), low=0.0), Parameter("b", (1.0,), low=0.0)),
        (PoissonTerm(np.array([9.0, 0.0]), prediction),),
    )
    truth, tested = np.array([0.0, 3.0]), np.array([9.0, 0.0])
    found = simulate((Statistic(one, "s"), truth, (tested,), 50, np.random.SeedSequence(1)))
    assert np.all(np.isfinite(found))
    assert np.all(found >= 0)


def test_blocks_are_the_same_for_any_number_of_workers():
    """Sizes add up, seeds differ between blocks and streams, and do not change."""
    toys = Toys(number=2300, seed=4)
    blocks = [list(toys.blocks(stream)) for stream in (0, 1)]
    assert [sum(size for size, _ in stream) for stream in blocks] == [2300, 2300]
    states = {tuple(seed.generate_state(2)) for stream in blocks for _, seed in stream}
    assert len(states) == sum(len(stream) for stream in blocks)
    again = [tuple(seed.generate_state(2)) for _, seed in toys.blocks(1)]
    assert again == [tuple(seed.generate_state(2)) for _, seed in blocks[1]]


def test_an_executor_keeps_the_order():
    """Results come in the order of the tasks."""
    with ThreadPoolExecutor(2) as executor:
        shared = Toys(executor=executor).run(lambda x: x**2, range(20))
    assert shared == Toys().run(lambda x: x**2, range(20)) == [x**2 for x in range(20)]


def test_gathered_blocks():
    """Blocks of one stream are joined along the toys."""
    blocks = [np.full((2, size), float(k)) for k, size in enumerate((3, 1, 3, 1))]
    first, second = gathered(blocks, 4)
    assert first[0].tolist() == [0, 0, 0, 1]
    assert second[1].tolist() == [2, 2, 2, 3]


def test_bounds():
    """A lower bound is raised, with the starts; one that is higher stays."""
    free = spectrum(COUNTS, low=-5.0)
    free = free.with_parameter(replace(free.parameters[0], starts=(-2.0, 1.0, -1.0)))
    bounded = bounded_below(free, "signal", 0.0).parameter("signal")
    assert (bounded.low, bounded.starts) == (0.0, (0.0, 1.0))
    assert bounded_below(free, "signal", -7.0) is free


def test_profiled():
    """Other parameters are fitted to the data at each point."""
    profile, statistic = profiled(spectrum(COUNTS), "signal", [0.0, 1.0], Toys(tangent=True))
    assert profile.values[:, 0].tolist() == [0.0, 1.0]
    assert profile.values[0, 1] > profile.values[1, 1]
    assert statistic.tangent


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([1.0], "points: found 1, expected at least two"),
        ([1.0, 0.5], "points"),
        ([-1.0, 1.0], "parameter signal: found -1"),
        ([0.0, np.nan], "points"),
    ],
)
def test_bad_points(points, message):
    """At least two, increasing, in the range."""
    with pytest.raises(InvalidInput, match=message):
        profiled(spectrum(COUNTS), "signal", points, Toys())


def test_bad_settings():
    """Numbers of toys and seeds are whole; the parameter must exist."""
    with pytest.raises(InvalidInput, match="toys: found 0"):
        Toys(number=0)
    with pytest.raises(InvalidInput, match=r"toys: found 1\.5"):
        Toys(number=1.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="seed of toys: found -1"):
        Toys(seed=-1)
    with pytest.raises(UnknownName, match="signal"):
        profiled(spectrum(COUNTS), "signl", [0.0, 1.0], Toys())
