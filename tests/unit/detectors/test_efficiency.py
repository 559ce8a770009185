"""Efficiencies: values by hand, the energy that each is a function of, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom import units as u
from nuatom.detectors.efficiency import (
    ConstantEfficiency,
    ErrorFunctionEfficiency,
    StepEfficiency,
    TabulatedEfficiency,
)
from nuatom.errors import InvalidInput, OutOfRange, UnknownName

TABLE = {"energies": np.array([1.0, 2.0, 4.0]) * u.keV, "values": np.array([0.0, 0.5, 0.9])}


def test_error_function_by_hand():
    """Half of the plateau at the threshold, (1 + erf(1/sqrt 2))/2 one width above."""
    curve = ErrorFunctionEfficiency(220 * u.eV, 40 * u.eV, plateau=0.8)
    found = curve(np.array([220, 260, 180]) * u.eV)
    side = math.erf(1 / math.sqrt(2))
    assert found == pytest.approx([0.4, 0.4 * (1 + side), 0.4 * (1 - side)], rel=1e-12)


def test_step():
    """Nothing below the threshold, the plateau at it and above."""
    found = StepEfficiency(1.0, plateau=0.7)(np.array([0.999, 1.0, 5.0]))
    assert found.tolist() == [0.0, 0.7, 0.7]


def test_table_is_linear_between_rows():
    """A quarter of the way between two rows."""
    found = TabulatedEfficiency(**TABLE)(np.array([1.25, 3.0]) * u.keV)
    assert found == pytest.approx([0.125, 0.7], rel=1e-12)


def test_rules_outside_a_table():
    """Refused, held, or zero, as the object says."""
    outside = np.array([0.5, 5.0]) * u.keV
    with pytest.raises(OutOfRange, match="1 to 4 keV"):
        TabulatedEfficiency(**TABLE)(outside)
    assert TabulatedEfficiency(**TABLE, outside="hold")(outside).tolist() == [0.0, 0.9]
    assert TabulatedEfficiency(**TABLE, outside="zero")(outside).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("energy", ["recoil", "true", "reconstructed"])
def test_each_says_which_energy(energy):
    """The name of the energy is kept."""
    assert TabulatedEfficiency(**TABLE, energy=energy).energy == energy
    assert ConstantEfficiency(0.9, energy).energy == energy


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConstantEfficiency(1.01),
        lambda: ConstantEfficiency(-0.1),
        lambda: ConstantEfficiency(math.nan),
        lambda: StepEfficiency(math.inf),
        lambda: StepEfficiency(1.0, plateau=90),
        lambda: ErrorFunctionEfficiency(1.0, 0.0),
        lambda: ErrorFunctionEfficiency(1.0, -1.0),
        lambda: ErrorFunctionEfficiency(1.0, 1.0, plateau=2),
        lambda: TabulatedEfficiency([1, 2], [10, 90]),
    ],
)
def test_nonsense_is_refused(make):
    """Probabilities lie between 0 and 1, percentages do not."""
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConstantEfficiency(0.5, "observed"),
        lambda: TabulatedEfficiency(**TABLE, energy="reco"),
        lambda: TabulatedEfficiency(**TABLE, outside="extrapolate"),
    ],
)
def test_unknown_words_are_refused(make):
    """Only the three energies and the three rules exist."""
    with pytest.raises(UnknownName):
        make()


NUMBERS = st.one_of(st.just(math.nan), st.floats(-2, 2), st.just(-math.inf))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
def test_an_efficiency_is_a_probability_or_refused(rows):
    """Malformed tables never give a value outside 0 to 1."""
    try:
        curve = TabulatedEfficiency([r[0] for r in rows], [r[1] for r in rows], outside="hold")
    except InvalidInput:
        return
    found = curve(np.linspace(-3, 3, 61))
    assert np.all((found >= 0) & (found <= 1))
