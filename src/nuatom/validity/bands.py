"""The measured table, and which of its bands speaks of an energy."""

import csv
import functools
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from nuatom import catalog
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.targets import element
from nuatom.validity.conventions import (
    EDITION,
    FREE_ATOMS,
    IN_MEDIUM,
    LIGHT,
    MEASURED_UP_TO,
    SLACK,
    SOLID_BELOW,
    TOLERANCE,
)
from nuatom.validity.reasons import DENSITY, RETRACTED, SOLID, why


@dataclass(frozen=True)
class Band:
    """One row of the table.

    Parameters
    ----------
    channel, model, target : str
        What was measured [name].
    low, high : float
        Range of the energy transfer; the upper end belongs to the next band [energy].
    reference : str
        Against what [name].
    ratio : tuple of float
        Lowest and highest cross section over that of the reference [dimensionless].
    medium : tuple of float or None
        Lowest and highest density effect, in the medium over in vacuum, for a model of a
        free atom [dimensionless].
    """

    channel: str
    model: str
    target: str
    low: float
    high: float
    reference: str
    ratio: tuple[float, float]
    medium: tuple[float, float] | None

    @property
    def miss(self) -> float:
        """Largest ``|ratio - 1|`` [dimensionless]."""
        return max(abs(r - 1) for r in self.ratio)

    @property
    def _screens_what_is_no_photon(self) -> bool:
        """Whether the number is small only for the mass of the boson that was measured."""
        return self.channel in LIGHT.values() and self.model in IN_MEDIUM

    @functools.cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why the pair does not hold here; empty if it does."""
        found = []
        if self.channel in catalog.RESPONSES[self.model].retracted:
            found.append(RETRACTED)
        elif self.miss > TOLERANCE or self._screens_what_is_no_photon:
            found.append(why(self.channel, self.model))
        elif self.medium and max(abs(r - 1) for r in self.medium) > TOLERANCE:
            found.append(DENSITY)
        if self.target not in FREE_ATOMS and self.high <= SOLID_BELOW * (1 + SLACK):
            found.append(SOLID)
        return tuple(found)


@functools.cache
def bands() -> dict[tuple[str, str, str], tuple[Band, ...]]:
    """Return the measured bands by channel, model and target, from low to high energy.

    Returns
    -------
    dict
        Read once and kept.

    Example
    -------
    >>> bands()["weak", "stepped", "Ge"][-1].reference
    'ab-initio'
    """
    file = resources.files("nuatom") / "data" / "validity" / "channel-model" / EDITION / "table.csv"
    found: dict[tuple[str, str, str], tuple[Band, ...]] = {}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        key = row["channel"], row["model"], row["target"]
        low, high = (float(row[f"energy_{end}_keV"]) * u.keV for end in ("low", "high"))
        ratio = float(row["ratio_low"]), float(row["ratio_high"])
        dense = row["medium_low"], row["medium_high"]
        medium = (float(dense[0]), float(dense[1])) if all(dense) else None
        band = Band(*key, low, high, row["reference"], ratio, medium)
        found[key] = (*found.get(key, ()), band)
    return found


@functools.cache
def measured_element(target: str) -> tuple[str, float]:
    """Return the measured element that stands for a target, and the ratio of their K edges.

    Parameters
    ----------
    target : str
        Symbol of an element [name].

    Returns
    -------
    tuple
        The nearer in ln Z, and its K edge in units of the target's.

    Example
    -------
    >>> measured_element("Ge"), measured_element("I")[0]
    (('Ge', 1.0), 'Xe')
    """
    wanted = element(target)
    symbols = sorted({key[2] for key in bands()})
    near = min(symbols, key=lambda s: abs(np.log(element(s).atomic_number / wanted.atomic_number)))
    edge = element(near).subshells[0].binding_energy
    return near, edge / wanted.subshells[0].binding_energy


def rows_at(
    channel: str, model: str, target: str, T: Array
) -> tuple[tuple[Band, ...], npt.NDArray[np.intp]]:
    """Return the bands of a pair, and the index of the one for each energy.

    Parameters
    ----------
    channel, model, target : str
        Names as in the table; any element [name].
    T : ndarray
        Energy transfer, any shape [energy].

    Returns
    -------
    tuple
        Bands, and indices of the shape of T; -1 where nothing was measured.
    """
    near, scale = measured_element(target)
    rows = bands().get((channel, model, near), ())
    if not rows:
        return rows, np.full(T.shape, -1, dtype=np.intp)
    T = T * scale * (1 + SLACK)  # an energy typed as the end of a band belongs to the next
    low, high = np.array([(band.low, band.high) for band in rows]).T
    index = np.searchsorted(low, T, side="right") - 1
    index = np.where(T < high[index], index, -1)
    end = high[-1]
    at_end = np.abs(T / end - 1) <= 2 * SLACK
    stands_beyond = end >= MEASURED_UP_TO * (1 - SLACK)
    index[at_end | (stands_beyond & (end <= T))] = len(rows) - 1
    return rows, index
