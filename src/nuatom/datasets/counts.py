"""What an experiment counted: arrays with exposures and references, no physics."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from nuatom.arrays import RANGE_SLACK, Array, ArrayLike, finite, strictly_increasing
from nuatom.errors import InvalidInput

ENERGY = "energy"
S2_AREA = "s2_area"
"""What the axis of a dataset measures: an energy, or an area in photoelectrons."""


@dataclass(frozen=True, eq=False)
class BinnedCounts:
    """Counts in bins, with the live time of each.

    Parameters
    ----------
    name : str
        Short name [name].
    bin_edges : ndarray
        Strictly increasing, shape (bin + 1,) [energy].
    counts : ndarray
        N >= 0, shape (bin,); not whole where an acceptance was corrected for [dimensionless].
    live_time : ndarray or float
        Of each bin, as triggers and cuts may differ; one number for all [time].
    mass : float
        Of the target [mass].
    background : ndarray or None
        Expected counts that are no signal, as published, shape (bin,); None where the
        dataset has none, as for limits that assume none [dimensionless].
    axis : str
        ``energy``, or ``s2_area`` (then edges are plain photoelectrons) [name].
    references : tuple of str
        Where the numbers come from [text].
    notes : tuple of str
        What a reader must know [text].

    Raises
    ------
    InvalidInput
        If shapes differ or a number is out of range.

    Example
    -------
    >>> data = BinnedCounts("test", np.array([1.0, 2.0, 4.0]), np.array([6.0, 8.0]), 2.0, 3.0)
    >>> data.rate()
    array([1.        , 0.66666667])
    """

    name: str
    bin_edges: Array
    counts: Array
    live_time: Array | float
    mass: float
    background: Array | None = None
    axis: str = ENERGY
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check shapes and signs."""
        where = f"dataset {self.name}"
        edges = strictly_increasing(f"{where}: bin edges", self.bin_edges)
        bins = edges.size - 1
        if bins < 1:
            raise InvalidInput(f"{where}: found {edges.size} bin edges, expected at least two")
        counts = _for_bins(f"{where}: counts", self.counts, bins)
        time = finite(f"{where}: live time", self.live_time, positive=True)
        if time.shape not in ((), (bins,)):
            raise InvalidInput(f"{where}: found live times of the shape {time.shape}")
        finite(f"{where}: mass", self.mass, positive=True)
        if self.background is not None:
            object.__setattr__(
                self, "background", _for_bins(f"{where}: background", self.background, bins)
            )
        object.__setattr__(self, "bin_edges", edges)
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "live_time", np.broadcast_to(time, (bins,)).copy())

    @property
    def exposure(self) -> Array:
        """Mass times live time of each bin, shape (bin,) [mass time]."""
        return np.asarray(self.mass * np.asarray(self.live_time))

    def rate(self) -> Array:
        """Return counts per exposure and bin width, shape (bin,) [1/(mass energy time)]."""
        return np.asarray(self.counts / (self.exposure * np.diff(self.bin_edges)))

    def rebinned(self, bin_edges: ArrayLike) -> "BinnedCounts":
        """Return the same counts in wider bins.

        Parameters
        ----------
        bin_edges : array_like
            Some of the present edges, increasing [energy].

        Returns
        -------
        BinnedCounts
            Counts and backgrounds summed.

        Raises
        ------
        InvalidInput
            If an edge is none of the present ones, or live times differ inside a new bin.
        """
        edges = strictly_increasing(f"dataset {self.name}: new bin edges", np.ravel(bin_edges))
        place = np.array([int(np.argmin(np.abs(self.bin_edges - edge))) for edge in edges])
        if edges.size < 2 or not np.all(
            np.abs(self.bin_edges[place] - edges) <= RANGE_SLACK * np.abs(edges)
        ):
            raise InvalidInput(
                f"dataset {self.name}: found a new bin edge that is none of the present ones"
            )
        groups = [slice(a, b) for a, b in pairwise(place)]
        time = np.asarray(self.live_time)
        if any(np.ptp(time[group]) > RANGE_SLACK * time[group][0] for group in groups):
            raise InvalidInput(
                f"dataset {self.name}: found different live times inside a new bin; keep those "
                "bins apart"
            )
        background = self.background
        return replace(
            self,
            bin_edges=self.bin_edges[place],
            counts=np.array([self.counts[group].sum() for group in groups]),
            live_time=np.array([time[group][0] for group in groups]),
            background=None
            if background is None
            else np.array([background[group].sum() for group in groups]),
        )


@dataclass(frozen=True, eq=False)
class UnbinnedEvents:
    """Events, each with its own energy, in a window.

    Parameters
    ----------
    name : str
        Short name [name].
    values : ndarray
        Energy of each event, shape (event,), in any order [energy].
    window : tuple of float
        Lowest and highest energy that was searched [energy].
    live_time : float
        Of the whole window [time].
    mass : float
        Of the target [mass].
    axis : str
        ``energy`` or ``s2_area`` [name].
    references : tuple of str
        Where the numbers come from [text].
    notes : tuple of str
        What a reader must know [text].

    Raises
    ------
    InvalidInput
        If the window is empty, an event lies outside it, or a number is out of range.
    """

    name: str
    values: Array
    window: tuple[float, float]
    live_time: float
    mass: float
    axis: str = ENERGY
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the window and the events."""
        where = f"dataset {self.name}"
        low, high = strictly_increasing(f"{where}: window", self.window)
        values = np.ravel(finite(f"{where}: events", self.values))
        if np.any(values < low) or np.any(values > high):
            raise InvalidInput(f"{where}: found an event outside the window, expected all inside")
        finite(f"{where}: live time", self.live_time, positive=True)
        finite(f"{where}: mass", self.mass, positive=True)
        object.__setattr__(self, "values", np.sort(values))

    def binned(self, bin_edges: ArrayLike) -> BinnedCounts:
        """Return the events in bins, a bin holding its lower edge and not its upper one.

        Parameters
        ----------
        bin_edges : array_like
            Increasing, inside the window [energy].

        Returns
        -------
        BinnedCounts
            Of the same live time and mass.

        Raises
        ------
        InvalidInput
            If a bin reaches out of the window.

        Example
        -------
        >>> events = UnbinnedEvents("test", np.array([1.0, 2.5]), (0.0, 4.0), 1.0, 1.0)
        >>> events.binned([0, 1, 4]).counts
        array([0., 2.])
        """
        edges = strictly_increasing(f"dataset {self.name}: bin edges", np.ravel(bin_edges))
        low, high = self.window
        slack = RANGE_SLACK * (high - low)
        if edges.size < 2 or edges[0] < low - slack or edges[-1] > high + slack:
            raise InvalidInput(f"dataset {self.name}: found bins outside the searched window")
        place = np.searchsorted(self.values, edges, side="left")
        place[-1] = np.searchsorted(self.values, edges[-1], side="right")
        return BinnedCounts(
            self.name,
            edges,
            np.diff(place).astype(float),
            self.live_time,
            self.mass,
            axis=self.axis,
            references=self.references,
            notes=self.notes,
        )


@dataclass(frozen=True, eq=False)
class Residuals:
    """Rates in bins with Gaussian errors: a difference ON - OFF, or a spectrum so published.

    Parameters
    ----------
    name : str
        Short name [name].
    bin_edges : ndarray
        Strictly increasing, shape (bin + 1,) [energy].
    values : ndarray
        Rate of each bin, of either sign, shape (bin,) [1/(mass energy time)].
    errors : ndarray
        Independent standard deviations > 0, shape (bin,) [1/(mass energy time)].
    shifts : dict
        Name -> what one standard deviation of a source that all bins share adds, shape
        (bin,) [1/(mass energy time)].
    axis : str
        ``energy`` or ``s2_area`` [name].
    references : tuple of str
        Where the numbers come from [text].
    notes : tuple of str
        What a reader must know [text].

    Raises
    ------
    InvalidInput
        If shapes differ, an error is not positive, or a number is not finite.
    """

    name: str
    bin_edges: Array
    values: Array
    errors: Array
    shifts: dict[str, Array] = field(default_factory=dict)
    axis: str = ENERGY
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check shapes and signs."""
        where = f"dataset {self.name}"
        edges = strictly_increasing(f"{where}: bin edges", self.bin_edges)
        bins = edges.size - 1
        for text, array in (("rates", self.values), ("errors", self.errors), *self.shifts.items()):
            if bins < 1 or finite(f"{where}: {text}", array).shape != (bins,):
                raise InvalidInput(f"{where}: found {text} that do not fit the {bins} bins")
        finite(f"{where}: errors", self.errors, positive=True)


@dataclass(frozen=True, eq=False)
class OnOff:
    """Counts with the source on and off, in the same bins.

    Parameters
    ----------
    on : BinnedCounts
        With the source [binned counts].
    off : BinnedCounts
        Without it [binned counts].
    shifts : dict
        Name -> what one standard deviation of a source of error that all bins share adds to
        the difference of the rates, shape (bin,) [1/(mass energy time)].

    Raises
    ------
    InvalidInput
        If the bins differ.

    Example
    -------
    >>> edges = np.array([0.0, 1.0])
    >>> on = BinnedCounts("on", edges, np.array([30.0]), 3.0, 1.0)
    >>> off = BinnedCounts("off", edges, np.array([8.0]), 2.0, 1.0)
    >>> difference = OnOff(on, off).residuals()
    >>> difference.values, (difference.errors**2).round(6)
    (array([6.]), array([5.333333]))
    """

    on: BinnedCounts
    off: BinnedCounts
    shifts: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the bins are the same."""
        first, second = self.on.bin_edges, self.off.bin_edges
        if first.shape != second.shape or np.any(
            np.abs(first - second) > RANGE_SLACK * np.abs(first)
        ):
            raise InvalidInput(
                f"datasets {self.on.name} and {self.off.name}: found different bins, expected "
                "the same; merge bins first"
            )

    def residuals(self) -> Residuals:
        """Return the difference of the rates, ``N_on/x_on - N_off/x_off`` per bin width.

        Its variance is ``N_on/x_on^2 + N_off/x_off^2``, x being the exposure.

        Returns
        -------
        Residuals
            With the shifts of this pair.

        Raises
        ------
        InvalidInput
            If a bin is empty in both: it has no Gaussian error.
        """
        if np.any(empty := self.on.counts + self.off.counts == 0):
            raise InvalidInput(
                f"dataset {self.on.name}: found bin {int(np.argmax(empty)) + 1} without a count "
                "on and off, expected counts for a Gaussian error; merge bins"
            )
        width = np.diff(self.on.bin_edges)
        on, off = (data.counts / data.exposure for data in (self.on, self.off))
        variance = on / self.on.exposure + off / self.off.exposure
        return Residuals(
            self.on.name,
            self.on.bin_edges,
            (on - off) / width,
            np.sqrt(variance) / width,
            self.shifts,
            self.on.axis,
            (*self.on.references, *self.off.references),
            (*self.on.notes, *self.off.notes),
        )


def _for_bins(where: str, values: Array, bins: int) -> Array:
    array = finite(where, values)
    if array.shape != (bins,):
        raise InvalidInput(f"{where}: found the shape {array.shape}, expected ({bins},)")
    if np.any(array < 0):
        raise InvalidInput(f"{where}: found a negative number, expected all >= 0")
    return array
