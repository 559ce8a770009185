"""Thermal power against time."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.sources import (
    PowerHistory,
    averaged_reactor,
    interval_reactors,
    kuo_sheng_core,
    reactor,
    read_power_history,
)

HEADER = "start_day,end_day,thermal_power_GW\n"


def history(*rows):
    starts, ends, powers = np.array(rows, dtype=float).T
    return PowerHistory(starts * u.day, ends * u.day, powers * u.GW)


@pytest.fixture
def cycle():
    """Ten days at 3 GW, two at half, three off."""
    return history((0, 10, 3.0), (10, 12, 1.5), (12, 15, 0.0))


def test_mean_power_is_energy_over_time(cycle):
    """(10 x 3 + 2 x 1.5)/15 GW; a window takes its parts of the intervals."""
    assert cycle.mean_power() == pytest.approx(2.2 * u.GW, rel=1e-12)
    assert cycle.mean_power(9 * u.day, 13 * u.day) == pytest.approx(1.5 * u.GW, rel=1e-12)
    assert cycle.mean_power(start=12 * u.day) == pytest.approx(0.0, abs=1e-12 * u.GW)


def test_flux_is_proportional_to_the_mean_power(cycle):
    """The averaged source is the core at the mean power."""
    core = kuo_sheng_core()
    expected = reactor(core).total_flux() * 2.2 / 2.9
    assert averaged_reactor(core, cycle).total_flux() == pytest.approx(expected, rel=1e-12)


def test_intervals_add_up_to_the_average(cycle):
    """Fluxes of the intervals, weighted with their lengths, give the average."""
    core = kuo_sheng_core()
    fluxes = [s.total_flux() for s in interval_reactors(core, cycle)]
    assert fluxes[2] == 0
    mean = np.average(fluxes, weights=cycle.ends - cycle.starts)
    assert averaged_reactor(core, cycle).total_flux() == pytest.approx(mean, rel=1e-12)


def test_a_reactor_that_is_off_has_no_flux(cycle):
    """An OFF period is a source of nothing, with its name and a note."""
    off = averaged_reactor(kuo_sheng_core(), cycle, start=12 * u.day, name="off")
    assert off.total_flux() == 0
    assert (off.name, off.notes) == ("off", "reactor off")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, 10, 3.0), (11, 12, 3.0)], "interval 2: found a gap of 1 days"),
        ([(0, 10, 3.0), (9, 12, 3.0)], "interval 2: found an overlap of 1 days"),
        ([(0, 10, 3.0), (10, 10, 3.0)], "interval 2: found an end of 10 days"),
        ([(0, 10, -3.0)], "interval 1: found -3 GW"),
    ],
)
def test_impossible_histories_are_refused(rows, message):
    """The interval and what is wrong with it are named."""
    with pytest.raises(InvalidInput, match=message):
        history(*rows)


def test_lengths_must_agree():
    """One start, end and power for each interval; no history without intervals."""
    with pytest.raises(InvalidInput, match="one start, end and power"):
        PowerHistory(np.array([0.0]), np.array([1.0, 2.0]), np.array([1.0]))
    with pytest.raises(InvalidInput, match="one start, end and power"):
        PowerHistory(np.array([]), np.array([]), np.array([]))


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 16), (5, 5)])
def test_a_time_outside_the_history_is_refused(cycle, start, end):
    """No power is assumed where none is written."""
    with pytest.raises(InvalidInput, match="expected a time within 0 to 15 days"):
        cycle.mean_power(start * u.day, end * u.day)


@pytest.mark.parametrize(("time", "scale"), [("s", 86400.0), ("hour", 24.0), ("year", 1 / 365.25)])
@pytest.mark.parametrize(("power", "factor"), [("kW", 1e6), ("MW", 1e3)])
def test_units_are_in_the_header(tmp_path, time, scale, power, factor):
    """The same history in other units, also with comments."""
    path = tmp_path / "power.csv"
    rows = "".join(
        f"{a * scale!r},{b * scale!r},{p * factor!r}\n"
        for a, b, p in ((0.0, 2.0, 3.0), (2.0, 3.0, 0.0))
    )
    path.write_text(f"# mine\nstart_{time},end_{time},thermal_power_{power}\n{rows}")
    found = read_power_history(path)
    assert found.mean_power() == pytest.approx(2 * u.GW, rel=1e-12)
    assert found.ends[-1] == pytest.approx(3 * u.day, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["line 1", "expected the header start_day,end_day,thermal_power_GW"]),
        (HEADER, ["0 rows"]),
        ("start_day,end_day,power_GW\n0,1,2\n", ["line 1", "did you mean thermal_power_GW"]),
        (HEADER + "0,1\n", ["line 2", "2 columns"]),
        (HEADER + "0,1,2\n1,2,x\n", ["line 3", "column thermal_power_GW", "'x'"]),
        (HEADER + "0,1,-2\n", ["line 2", "column thermal_power_GW", "-2"]),
        (HEADER + "0,1,2\n2,3,2\n", ["interval 2", "gap"]),
    ],
)
def test_errors_name_file_line_and_column(tmp_path, text, words):
    """One line says where, what was found and what was expected."""
    path = tmp_path / "power.csv"
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        read_power_history(path)
    message = str(caught.value)
    assert "\n" not in message
    for word in [str(path), *words]:
        assert word in message
