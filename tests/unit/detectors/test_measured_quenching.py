"""Measured quenching: interpolation by hand, inverse, Jacobian, cut-off, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom import units as u
from nuatom.detectors.measured_quenching import ConstantQuenching, TabulatedQuenching
from nuatom.detectors.quenching import Lindhard
from nuatom.errors import InvalidInput, OutOfRange

ROWS = np.array([0.25, 0.5, 1.0, 4.0]) * u.keV
TABLE = TabulatedQuenching(ROWS, np.array([0.12, 0.14, 0.17, 0.22]))
INSIDE = np.geomspace(0.26, 3.9, 40) * u.keV


def test_rows_are_kept():
    """At a row the ionisation is T Q."""
    assert TABLE.ionisation_energy(ROWS) == pytest.approx(ROWS * TABLE.factors, rel=1e-13)


def test_a_power_law_between_two_rows_is_exact():
    """Q ~ T^0.15 at two rows is Q ~ T^0.15 between them."""
    ends = np.array([0.1, 10.0]) * u.keV
    table = TabulatedQuenching(ends, 0.2 * (ends / u.keV) ** 0.15)
    expected = INSIDE * 0.2 * (INSIDE / u.keV) ** 0.15
    assert table.ionisation_energy(INSIDE) == pytest.approx(expected, rel=1e-13)


def test_a_fine_table_of_lindhard_is_lindhard():
    """200 rows of Lindhard's formula reproduce it to 1e-5: curvature of ln Q times step^2/8."""
    theory = Lindhard(32, k=0.157)
    rows = np.geomspace(0.1, 10, 200) * u.keV
    table = TabulatedQuenching(rows, theory.quenching_factor(rows))
    expected = theory.ionisation_energy(INSIDE)
    assert table.ionisation_energy(INSIDE) == pytest.approx(expected, rel=1e-5)
    # the slope misses by step/2 times the curvature, (ln 100/200)/2 x 0.02
    assert table.jacobian(INSIDE) == pytest.approx(theory.jacobian(INSIDE), rel=3e-4)


@pytest.mark.parametrize("quenching", [TABLE, ConstantQuenching(0.3)])
def test_inverse(quenching):
    """There and back again."""
    back = quenching.recoil_energy(quenching.ionisation_energy(INSIDE))
    assert back == pytest.approx(INSIDE, rel=1e-12)


@pytest.mark.parametrize("quenching", [TABLE, ConstantQuenching(0.3)])
def test_jacobian_is_the_derivative(quenching):
    """dT/dT_ion agrees with a difference quotient (1e-8: its truncation)."""
    step = 1e-5 * INSIDE
    slope = (
        quenching.ionisation_energy(INSIDE + step) - quenching.ionisation_energy(INSIDE - step)
    ) / (2 * step)
    assert quenching.jacobian(INSIDE) * slope == pytest.approx(np.ones(40), rel=1e-8)


def test_outside_the_table_is_an_error():
    """Neither below, nor above, nor in the inverse."""
    for energy in (0.2, 4.1):
        with pytest.raises(OutOfRange, match=r"0\.25 to 4 keV"):
            TABLE.ionisation_energy(energy * u.keV)
    with pytest.raises(OutOfRange, match="ionisation"):
        TABLE.recoil_energy(1 * u.keV)


def test_a_cut_off_is_asked_for():
    """Below a cut-off a recoil leaves nothing, above the table it is an error as ever."""
    table = TabulatedQuenching(ROWS, TABLE.factors, invisible_below=True)
    assert table.ionisation_energy(0.2 * u.keV) == 0
    assert table.ionisation_energy(ROWS[0]) > 0
    with pytest.raises(OutOfRange):
        table.ionisation_energy(5 * u.keV)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConstantQuenching(0.0),
        lambda: ConstantQuenching(17),
        lambda: ConstantQuenching(math.nan),
        lambda: TabulatedQuenching([1, 2], [17, 18]),
        lambda: TabulatedQuenching([0, 2], [0.1, 0.2]),
        lambda: TabulatedQuenching([1, 2], [0.0, 0.2]),
        lambda: TabulatedQuenching([1, 2], [0.4, 0.1]),
        lambda: TabulatedQuenching([2, 1], [0.1, 0.1]),
        lambda: TABLE.jacobian(-1.0),
    ],
)
def test_nonsense_is_refused(make):
    """Percentages, zeros, disorder, and an ionisation that falls with the recoil energy."""
    with pytest.raises(InvalidInput):
        make()


NUMBERS = st.one_of(st.just(math.nan), st.floats(-1, 3), st.just(math.inf))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
def test_quenching_is_invertible_or_refused(rows):
    """Whatever table is accepted has one recoil energy for each ionisation."""
    try:
        table = TabulatedQuenching([r[0] for r in rows], [r[1] for r in rows])
    except InvalidInput:
        return
    inside = np.linspace(table.lowest, table.highest, 20)
    found = table.ionisation_energy(inside)
    assert np.all(np.diff(found) >= 0)
    assert np.all(found <= inside * (1 + 1e-12))
