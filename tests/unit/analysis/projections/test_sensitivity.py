"""What an experiment reaches, beside closed forms of one and two bins."""

import numpy as np
import pytest
from scipy import special

from nuatom import units as u
from nuatom.analysis.model import Component, Model, Parameter
from nuatom.analysis.projections.sensitivity import Asked, Subtraction, limit_alone, sensitivity
from nuatom.errors import FitFailed, InvalidInput, UnknownName

Z = float(special.ndtri(0.95))
KNOWN = Subtraction(1e-9, 0.0)
"""A background that is known all but exactly."""
SIGNAL = 1e22
"""Counts in a bin at 1 mu_B; 100 counts at 1e-10 mu_B."""


def model(background, *, signal=SIGNAL, exposure=1.0, others=None, variations=None):
    """Bins of 1 keV with a moment, an ambient background and others of the Standard Model."""
    background = np.atleast_1d(np.asarray(background, dtype=float)) * exposure
    signal = np.broadcast_to(signal, background.shape) * exposure
    upper = {name: signal * (1 + part) for name, part in (variations or {}).items()}
    lower = {name: signal * (1 - part) for name, part in (variations or {}).items()}
    parts = [
        Component("magnetic-moment", "signal", ("magnetic-moment",), signal, upper, lower),
        Component("ambient", "background", (), background, {}, {}),
    ]
    parameters = [Parameter("magnetic-moment", "mu_B", 0.0, 1)]
    for name, counts in (others or {}).items():
        values = np.full(background.shape, counts * exposure)
        parts.append(Component(name, "signal", (name,), values, {}, {}))
        parameters.append(Parameter(name, "times the Standard Model", 1.0, 1))
    edges = (1.0 + np.arange(background.size + 1)) * u.keV
    return Model(
        "sketch", edges, tuple(parameters), tuple(parts), dict.fromkeys(variations or {}, ""),
        exposure, (), (), {},
    )  # fmt: skip


def asked(subtraction=KNOWN, **changes):
    """Asked of a magnetic moment."""
    return Asked("magnetic-moment", subtraction=subtraction, **changes)


def moment(counts, exposure=1.0):
    """The moment that gives so many counts in one bin."""
    return np.sqrt(counts / (SIGNAL * exposure))


def test_a_counting_experiment_in_closed_form():
    """``mu = sqrt(z sqrt(b)/S)``; for b = 1e10 the next order is z/(6 sqrt b), 3e-6."""
    found = sensitivity(model(1e10), asked())
    assert found.limit[0] == pytest.approx(moment(Z * 1e5), rel=1e-5)
    assert found.reach[3.0][0] == pytest.approx(moment(3e5), rel=1e-4)
    assert found.reach[5.0][0] == pytest.approx(moment(5e5), rel=1e-4)
    assert found.signal_counts == pytest.approx(Z * 1e5, rel=1e-5)
    assert found.background_counts == pytest.approx(1e10, rel=1e-9)
    assert (found.error_from, found.limited_by) == ("statistics", "ambient")


@pytest.mark.parametrize("subtraction", [KNOWN, None])
def test_statistics_fall_with_the_fourth_root(subtraction):
    """mu ~ (b/exposure)^(1/4), with the rate known or free: 16 times halves it.

    b enters counts and exposure both; to 1e-3 for 1e8 counts and more.
    """
    shape = np.array([4.0, 2.0, 1.0]) * SIGNAL

    def limit(background, exposure):
        one = model(background * np.ones(3), signal=shape, exposure=exposure)
        return limit_alone(one, asked(subtraction))

    first = limit(1e8, 1.0)
    assert first / limit(1e8, 16.0) == pytest.approx(2.0, rel=1e-3)
    assert limit(16e8, 1.0) / first == pytest.approx(2.0, rel=1e-3)


def test_systematics_go_with_the_root_of_the_background():
    """1 % of the background left over: mu ~ sqrt(b), whatever the exposure; to 2 %.

    1e10 and more counts, whose statistics are 1e-3 of the systematic.  2 % is the size of
    the error itself, through which the curve is not a parabola.
    """
    poor = Subtraction(0.01, 0.0)

    def limit(background, exposure):
        return limit_alone(model(background, exposure=exposure), asked(poor))

    first = limit(1e10, 1.0)
    assert first == pytest.approx(moment(Z * 1e8), rel=0.02)
    assert limit(1e10, 100.0) == pytest.approx(first, rel=1e-4)
    assert limit(4e10, 1.0) / first == pytest.approx(2.0, rel=1e-3)
    found = sensitivity(model(1e10), asked(poor))
    assert found.error_from == "systematics"
    assert found.systematic_share > 0.999
    assert found.if_known == pytest.approx(moment(Z * 1e5), rel=1e-4)


@pytest.mark.parametrize("accuracy", [1e-4, 3e-4, 1e-3])
def test_systematic_share_in_closed_form(accuracy):
    """``f^2 b^2/(b + f^2 b^2)`` for b = 1e7: 0.09, 0.47 and 0.91; to 2e-3 absolute."""
    variance = (accuracy * 1e7) ** 2
    found = sensitivity(model(1e7), asked(Subtraction(accuracy, 0.0)))
    assert found.systematic_share == pytest.approx(variance / (1e7 + variance), abs=2e-3)


def test_windows_say_what_is_off_together():
    """Two equal bins: an error they share does not average, two of their own do.

    Counts of both: ``b = 2e10``, sigma ``2 f b_1`` together, ``sqrt2 f b_1`` apart.
    """
    two = model([1e10, 1e10])

    def counts(window):
        limit = limit_alone(two, asked(Subtraction(0.01, window)))
        return limit**2 * 2 * SIGNAL

    apart, together = counts(1.0 * u.keV), counts(2.0 * u.keV)
    assert apart == pytest.approx(Z * np.sqrt(2) * 1e8, rel=0.02)
    assert together == pytest.approx(Z * 2e8, rel=0.02)
    assert counts(0.0) == pytest.approx(apart, rel=1e-9)
    assert counts(np.inf) == pytest.approx(together, rel=1e-9)


def test_what_limits_is_what_helps_most_when_it_is_gone():
    """One bin of 1e8 ambient, 4e8 nu-e, 25e6 nu-N: each without gives z sqrt(rest); to 1e-4."""
    standard = {"weak": 4e8, "coherent": 25e6}
    found = sensitivity(model(1e8, others=standard), asked())
    total = 5.25e8
    for name, part in (("ambient", 1e8), ("nu-e", 4e8), ("nu-N", 25e6)):
        expected = moment(Z * np.sqrt(total - part))
        assert found.without[name] == pytest.approx(expected, rel=1e-4)
    assert found.limited_by == "nu-e"


def test_nothing_limits_an_empty_experiment():
    """Without any background the limit is z^2/2 counts: nothing to take away."""
    found = sensitivity(model(0.0), asked(discovery=()))
    assert found.limit[0] == pytest.approx(moment(Z**2 / 2), rel=1e-6)
    assert (found.limited_by, found.background_counts) == ("nothing", 0.0)


def test_a_discovery_without_background_is_no_number():
    """One count would do: an error that says so."""
    with pytest.raises(FitFailed, match="one count would be a discovery"):
        sensitivity(model(0.0), asked())


def test_counts_under_the_signal():
    """``(sum S)^2 / sum S^2/B``: signal 3:1 on 100 and 400 counts is 16/(9/100 + 1/400)."""
    one = model([100.0, 400.0], signal=np.array([3.0, 1.0]) * SIGNAL)
    found = sensitivity(one, asked())
    assert found.background_counts == pytest.approx(16 / (9 / 100 + 1 / 400), rel=1e-6)


def test_an_uncertain_signal_weakens_the_limit_a_little():
    """The pull takes signal away: ``x = z sqrt b/sqrt(1 - z^2 eps^2)`` for many counts.

    D = x^2 (1 + eps p)^2/b + p^2 is least at p = -eps x^2/(b + eps^2 x^2), which leaves
    ``x^2/(b + eps^2 x^2) = z^2``; 1e-3 for 1e10 counts and eps = 0.1.
    """
    found = limit_alone(model(1e10, variations={"flux": 0.1}), asked())
    expected = Z * 1e5 / np.sqrt(1 - (0.1 * Z) ** 2)
    assert found == pytest.approx(moment(expected), rel=1e-3)


def signed():
    """A millicharge that interferes with the weak force: 1e6 (1 + 2e13 q/e ...) counts."""
    weak, mixed, square = np.array([1e6]), np.array([1e18]), np.array([1e30])
    parts = (
        Component("weak", "signal", ("weak",), weak, {}, {}),
        Component("millicharge", "signal", ("millicharge",), square, {}, {}),
        Component("weak*millicharge", "interference", ("weak", "millicharge"), mixed, {}, {}),
    )
    parameters = (
        Parameter("weak", "times the Standard Model", 1.0, 1),
        Parameter("millicharge", "e", 0.0, 1),
    )
    return Model("signed", np.array([1.0, 2.0]) * u.keV, parameters, parts, {}, 1.0, (), (), {})


def test_a_coupling_with_a_sign_has_two_limits():
    """1e6 + 1e18 q + 1e30 q^2 counts: both ends solve for +z 1e3, as the same counts at
    -1e-12 - q; to 1e-3, the skewness of 1e6 counts.
    """
    found = sensitivity(signed(), Asked("millicharge"))
    low, high = found.limit
    assert 1e18 * high + 1e30 * high**2 == pytest.approx(Z * 1e3, rel=1e-3)
    assert low == pytest.approx(-1e-12 - high, rel=1e-5)
    assert found.size == pytest.approx(-low, rel=1e-12)
    assert found.without == {}, "what interferes is no background"
    low, high = found.reach[5.0]
    assert 1e18 * high + 1e30 * high**2 == pytest.approx(5e3, rel=3e-3)


def test_simulated_median():
    """The median of 300 experiments agrees with the Asimov limit within 4 errors and 1 %."""
    one = model(np.array([400.0, 300.0]), signal=np.array([2.0, 1.0]) * SIGNAL)
    found = sensitivity(one, asked(Subtraction(0.02, 0.0), toys=300, seed=4))
    median = found.simulated
    assert abs(median.value - found.size) < 4 * median.error + 0.01 * found.size
    assert median.low < median.value < median.high
    again = sensitivity(one, asked(Subtraction(0.02, 0.0), toys=300, seed=4))
    assert again.simulated == median


def test_wrong_parameters_are_refused():
    """Of the Standard Model, unknown, or without a count."""
    one = model(100.0, others={"weak": 10.0})
    with pytest.raises(InvalidInput, match="of the Standard Model"):
        sensitivity(one, Asked("weak"))
    with pytest.raises(UnknownName, match="did you mean 'magnetic-moment'"):
        sensitivity(one, Asked("magnetic-momnt"))
    with pytest.raises(InvalidInput, match="no bin"):
        sensitivity(model(100.0, signal=0.0), asked())
