"""Thermal power that changes with time, as a table of constant pieces."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.columns import TIMES, Rule, read_columns
from nuatom.errors import InvalidInput
from nuatom.sources.flux import Source
from nuatom.sources.reactor import ReactorCore, reactor

_RULES = [
    Rule("start", TIMES),
    Rule("end", TIMES),
    Rule("thermal_power", {"kW": u.kW, "MW": u.MW, "GW": u.GW}),
]
_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class PowerHistory:
    """Thermal power, constant from each start to each end.

    Parameters
    ----------
    starts : ndarray
        When each interval begins [time].
    ends : ndarray
        When it ends: where the next one begins [time].
    powers : ndarray
        P >= 0, 0 while the reactor is off [energy/time].

    Raises
    ------
    InvalidInput
        If lengths differ, an interval is empty, two overlap or leave a gap, or a power is
        negative.

    Example
    -------
    >>> day = u.day
    >>> history = PowerHistory(np.array([0, 2]) * day, np.array([2, 3]) * day,
    ...     np.array([3.0, 0.0]) * u.GW)
    >>> round(history.mean_power() / u.GW, 9)
    2.0
    """

    starts: Array
    ends: Array
    powers: Array

    def __post_init__(self) -> None:
        """Check the intervals."""
        arrays = {n: np.atleast_1d(finite(n, getattr(self, n))) for n in ("starts", "ends")}
        arrays["powers"] = np.atleast_1d(finite("thermal_power", self.powers))
        sizes = {array.shape for array in arrays.values()}
        if len(sizes) != 1 or not arrays["starts"].size:
            raise InvalidInput(
                f"power history: found {sorted(a.size for a in arrays.values())} values, expected "
                "one start, end and power for each interval"
            )
        starts, ends = arrays["starts"], arrays["ends"]
        for n in range(starts.size):
            if not ends[n] > starts[n]:
                raise InvalidInput(
                    f"power history, interval {n + 1}: found an end of {ends[n] / u.day:g} days, "
                    f"expected one after its start at {starts[n] / u.day:g} days"
                )
        for n, gap in enumerate(starts[1:] - ends[:-1], start=2):
            if abs(gap) > _SLACK * (ends[-1] - starts[0]):
                what = "a gap of" if gap > 0 else "an overlap of"
                raise InvalidInput(
                    f"power history, interval {n}: found {what} {abs(gap) / u.day:g} days before "
                    "it, expected none; write power 0 while the reactor is off"
                )
        if np.any(arrays["powers"] < 0):
            n = int(np.argmin(arrays["powers"]))
            raise InvalidInput(
                f"power history, interval {n + 1}: found {arrays['powers'][n] / u.GW:g} GW, "
                "expected >= 0"
            )
        for name, array in arrays.items():
            frozen = array.copy()
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)

    def mean_power(self, start: float | None = None, end: float | None = None) -> float:
        """Return the power averaged over a time.

        Parameters
        ----------
        start : float, optional
            The beginning of the history unless given [time].
        end : float, optional
            The end of the history unless given [time].

        Returns
        -------
        float
            ``Int P dt/(end - start)`` [energy/time].

        Raises
        ------
        InvalidInput
            If the time is empty or not covered by the history.

        Example
        -------
        >>> day = u.day
        >>> history = PowerHistory(np.array([0, 2]) * day, np.array([2, 3]) * day,
        ...     np.array([3.0, 0.0]) * u.GW)
        >>> round(history.mean_power(1 * day, 3 * day) / u.GW, 9)
        1.5
        """
        first, last = float(self.starts[0]), float(self.ends[-1])
        begin = first if start is None else float(start)
        finish = last if end is None else float(end)
        slack = _SLACK * (last - first)
        if not finish > begin or begin < first - slack or finish > last + slack:
            raise InvalidInput(
                f"power history: found {begin / u.day:g} to {finish / u.day:g} days, expected a "
                f"time within {first / u.day:g} to {last / u.day:g} days"
            )
        inside = np.minimum(self.ends, finish) - np.maximum(self.starts, begin)
        return float(np.sum(self.powers * np.maximum(inside, 0.0)) / (finish - begin))


def read_power_history(path: Path | str) -> PowerHistory:
    r"""Return the power history in a CSV file.

    The header names the units, such as ``start_day,end_day,thermal_power_GW`` (s, hour, day,
    year; kW, MW, GW).

    Parameters
    ----------
    path : Path or str
        The file [path].

    Returns
    -------
    PowerHistory
        One interval for each line.

    Raises
    ------
    InvalidInput
        If the file cannot be read or a line is wrong; the message names file, line and
        column, or the interval.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "power.csv"
    ...     _ = file.write_text("start_day,end_day,thermal_power_GW\n0,30,2.9\n30,60,0\n")
    ...     history = read_power_history(file)
    >>> round(history.mean_power() / u.GW, 9)
    1.45
    """
    path = Path(path)
    values = read_columns(path, _RULES, example="start_day,end_day,thermal_power_GW").values
    try:
        return PowerHistory(*(values[rule.stem] for rule in _RULES))
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None


def averaged_reactor(
    core: ReactorCore,
    history: PowerHistory,
    *,
    start: float | None = None,
    end: float | None = None,
    name: str = "reactor",
) -> Source:
    """Return the flux of a core averaged over a time.

    Parameters
    ----------
    core : ReactorCore
        Its own power is replaced by that of the history [reactor core].
    history : PowerHistory
        Power against time [power history].
    start : float, optional
        The beginning of the history unless given [time].
    end : float, optional
        The end of the history unless given [time].
    name : str
        Of the source [name].

    Returns
    -------
    Source
        Proportional to the mean power; a flux of 0 if the reactor was off all the time.

    Raises
    ------
    InvalidInput
        If the history does not cover the time.

    Notes
    -----
    The flux follows the power at once: the decay of long-lived fission products and of
    239Np (2.4 days) after a change of power is left out.

    Example
    -------
    >>> core = ReactorCore({"U235": 1.0}, 3 * u.GW, 25 * u.metre)
    >>> off = PowerHistory(np.array([0.0]), np.array([1.0]) * u.day, np.array([0.0]))
    >>> averaged_reactor(core, off).total_flux()
    0.0
    """
    return _at_power(core, history.mean_power(start, end), name)


def interval_reactors(
    core: ReactorCore, history: PowerHistory, *, name: str = "reactor"
) -> Iterator[Source]:
    """Yield the flux of a core in each interval of its history.

    Parameters
    ----------
    core : ReactorCore
        Its own power is replaced by that of the history [reactor core].
    history : PowerHistory
        Power against time [power history].
    name : str
        Of the sources [name].

    Yields
    ------
    Source
        One for each interval, in their order.

    Example
    -------
    >>> core = ReactorCore({"U235": 1.0}, 3 * u.GW, 25 * u.metre)
    >>> day = u.day
    >>> history = PowerHistory(np.array([0, 2]) * day, np.array([2, 3]) * day,
    ...     np.array([3.0, 0.0]) * u.GW)
    >>> [source.total_flux() > 0 for source in interval_reactors(core, history)]
    [True, False]
    """
    for power in history.powers:
        yield _at_power(core, float(power), name)


def _at_power(core: ReactorCore, power: float, name: str) -> Source:
    """Return the flux of a core whose power may be 0."""
    if power > 0:
        return reactor(replace(core, thermal_power=power), name=name)
    nominal = reactor(core, name=name)
    return replace(nominal.scaled(0.0), notes="reactor off")
