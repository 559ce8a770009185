"""What was counted, in the bins of a run card."""

from dataclasses import dataclass, replace

import numpy as np

from nuatom.arrays import Array
from nuatom.datasets import (
    BinnedCounts,
    Dataset,
    OnOff,
    Residuals,
    UnbinnedEvents,
)
from nuatom.datasets.counts import ENERGY
from nuatom.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class Observation:
    """Counts with errors in bins of observed energy.

    Parameters
    ----------
    name : str
        Of the dataset [name].
    bin_edges : ndarray
        Shape (bin + 1,) [energy].
    counts, errors : ndarray
        Observed, and one standard deviation: the root of counts, or as published; shape
        (bin,) [dimensionless].
    exposure : ndarray or None
        Of each bin; None where the dataset has rates [mass time].
    references : tuple of str
        What to cite [text].
    notes : tuple of str
        What a reader must know [text].
    source : Dataset or None
        The dataset itself, in its own bins and of its own kind, for likelihoods that need
        more than counts [any].
    """

    name: str
    bin_edges: Array
    counts: Array
    errors: Array
    exposure: Array | None
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: Dataset | None = None


def observation(data: Dataset, bin_edges: Array | None) -> Observation:
    """Return what a dataset holds in given bins, or in its own.

    Parameters
    ----------
    data : Dataset
        Of any kind, on the axis of the energy [any].
    bin_edges : ndarray or None
        Needed for unbinned events; otherwise edges of the dataset, or none [energy].

    Returns
    -------
    Observation
        Of residuals with counts that still have to be multiplied with an exposure.

    Raises
    ------
    InvalidInput
        If the axis is no energy, or the bins are none that the dataset can give.

    Example
    -------
    >>> from nuatom.datasets import BinnedCounts
    >>> data = BinnedCounts("test", np.array([1.0, 2.0, 4.0]), np.array([9.0, 4.0]), 2.0, 3.0)
    >>> observation(data, None).errors
    array([3., 2.])
    """
    return replace(_counted(data, bin_edges), source=data)


def _counted(data: Dataset, bin_edges: Array | None) -> Observation:
    first = data.on if isinstance(data, OnOff) else data
    if first.axis != ENERGY:
        raise InvalidInput(
            f"{first.name}: found the axis {first.axis}, expected an energy; take its release "
            "and its response matrix in Python"
        )
    if isinstance(first, Residuals):
        return _of_rates(first, bin_edges)
    if isinstance(first, UnbinnedEvents):
        if bin_edges is None:
            raise InvalidInput(f"{first.name}: found events without bins, expected [bins]")
        counted = first.binned(bin_edges)
    else:
        counted = first if bin_edges is None else first.rebinned(bin_edges)
    return of_counts(counted)


def of_counts(counted: BinnedCounts) -> Observation:
    """Return counts with the root of each as its error.

    Parameters
    ----------
    counted : BinnedCounts
        In the bins that are wanted, on any axis [any].

    Returns
    -------
    Observation
        With the counts as its source.

    Example
    -------
    >>> data = BinnedCounts("test", np.array([1.0, 2.0]), np.array([9.0]), 2.0, 3.0)
    >>> of_counts(data).exposure
    array([6.])
    """
    return Observation(
        counted.name,
        np.asarray(counted.bin_edges),
        np.asarray(counted.counts),
        np.sqrt(counted.counts),
        np.asarray(counted.exposure),
        counted.references,
        counted.notes,
        counted,
    )


def _of_rates(data: Residuals, bin_edges: Array | None) -> Observation:
    """Return rates times the widths of their bins; the exposure comes later."""
    edges = np.asarray(data.bin_edges)
    same = bin_edges is None or (
        bin_edges.shape == edges.shape and np.allclose(bin_edges, edges, rtol=1e-9, atol=0)
    )
    if not same:
        raise InvalidInput(f"{data.name}: found other bins, expected those of its rates")
    width = np.diff(edges)
    return Observation(
        data.name,
        edges,
        data.values * width,
        data.errors * width,
        None,
        data.references,
        data.notes,
    )


def with_exposure(found: Observation, exposure: float) -> Observation:
    """Return an observation whose counts are those of an exposure.

    Parameters
    ----------
    found : Observation
        With its own exposure, which then must be the given one, or with rates
        [observation].
    exposure : float
        Of the detector [mass time].

    Returns
    -------
    Observation
        With an exposure.

    Raises
    ------
    InvalidInput
        If the data have another exposure than the detector.
    """
    if found.exposure is None:
        return replace(
            found,
            counts=found.counts * exposure,
            errors=found.errors * exposure,
            exposure=np.full(found.counts.shape, exposure),
        )
    largest = float(np.max(found.exposure))
    if not np.isclose(largest, exposure, rtol=1e-3, atol=0):
        raise InvalidInput(
            f"{found.name}: found {largest / exposure:.6g} times the exposure of the detector, "
            "expected the same; leave the exposure of the detector out"
        )
    return found
