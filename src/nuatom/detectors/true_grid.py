"""The grid of true energies of a response matrix, reaching as far as smearing matters."""

from dataclasses import dataclass

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.detectors.resolution import REACH, Resolution
from nuatom.errors import InvalidInput

TAIL = 1e-9
"""Deposits that are observed inside the bins with less probability are left out: Phi(-6)."""

WIDEST = 0.1
"""No cell is wider than this part of its energy: rates that fall with a power stay smooth."""

_MOST_STEPS = 400
_SAMPLES = 4000


@dataclass(frozen=True)
class TrueRange:
    """True energies in electron equivalent that can be observed between two energies.

    Parameters
    ----------
    low : float
        Deposits below are never counted, or not followed [energy].
    high : float
        Deposits above are never counted [energy].
    """

    low: float
    high: float


def true_range(
    lowest_observed: float, highest_observed: float, resolution: Resolution, *, lowest: float
) -> TrueRange:
    """Return the true energies that smearing can bring between two observed ones.

    A deposit is left out when less than 1e-9 of it, the part of a Gaussian beyond six
    standard deviations, is observed there.

    Parameters
    ----------
    lowest_observed, highest_observed : float
        The first and the last observed energy that counts [energy].
    resolution : Resolution
        Of the detector [resolution].
    lowest : float
        Deposits below are not followed in any case, > 0 [energy].

    Returns
    -------
    TrueRange
        low >= `lowest`, high > low.

    Raises
    ------
    InvalidInput
        If `lowest` is not positive, or no deposit can be observed.

    Example
    -------
    >>> from nuatom.detectors.resolution import FanoResolution
    >>> reach = true_range(1 * u.keV, 2 * u.keV, FanoResolution(20 * u.eV, fano=0.0),
    ...     lowest=1 * u.eV)
    >>> round(reach.low / u.keV, 6), round(reach.high / u.keV, 6)
    (0.88, 2.12)
    """
    if not lowest > 0:
        raise InvalidInput(f"lowest deposit: found {lowest:g}, expected > 0")
    if not highest_observed > lowest:
        raise InvalidInput(
            f"bins: found an end at {highest_observed / u.keV:.4g} keV, expected one above the "
            f"lowest deposit of {lowest / u.keV:.4g} keV"
        )
    low = _search(max(lowest_observed, lowest), resolution, lowest_observed, lowest)
    high = _search(highest_observed, resolution, highest_observed, np.inf)
    return TrueRange(low, high)


def true_cells(
    reach: TrueRange, resolution: Resolution, *, step: float, breaks: Array | None = None
) -> Array:
    """Return the edges of cells no wider than `step` standard deviations.

    ::

        dE <= step min(sigma(E), 0.1 E)

    Parameters
    ----------
    reach : TrueRange
        Where the cells lie [energy].
    resolution : Resolution
        sigma(E); where it is zero only the second condition counts [resolution].
    step : float
        Width of a cell; half of it halves every cell [dimensionless].
    breaks : ndarray, optional
        Energies at which a cell ends in any case [energy].

    Returns
    -------
    ndarray
        Strictly increasing, from low to high [energy].

    Example
    -------
    >>> from nuatom.detectors.resolution_formulas import PerfectResolution
    >>> cells = true_cells(TrueRange(1.0, 2.0), PerfectResolution(), step=1.0)
    >>> len(cells), bool(np.diff(cells).max() <= 0.2)
    (8, True)
    """
    samples = np.geomspace(reach.low, reach.high, _SAMPLES)
    sigma = resolution.sigma(samples)
    width = step * np.where(sigma > 0, np.minimum(sigma, WIDEST * samples), WIDEST * samples)
    density = 1 / width
    number = np.concatenate([[0.0], np.cumsum(np.diff(samples) * (density[1:] + density[:-1]) / 2)])
    count = max(1, int(np.ceil(number[-1])))
    edges = np.interp(np.linspace(0, number[-1], count + 1), number, samples)
    return with_breaks(edges, np.array([]) if breaks is None else breaks)


def with_breaks(edges: Array, breaks: Array) -> Array:
    """Return edges of cells with more edges inserted.

    Parameters
    ----------
    edges : ndarray
        Strictly increasing [energy].
    breaks : ndarray
        Any order; those outside are ignored, and those that coincide with an edge
        replace it, so that no cell is empty [energy].

    Returns
    -------
    ndarray
        Strictly increasing.

    Example
    -------
    >>> print(with_breaks(np.array([1.0, 2.0]), np.array([1.5, 7.0])))
    [1.  1.5 2. ]
    """
    inner = np.unique(breaks[(breaks > edges[0]) & (breaks < edges[-1])])
    if not inner.size:
        return edges
    inner = inner[np.concatenate([[True], np.diff(inner) > 1e-9 * inner[1:]])]
    nearest = np.abs(edges[:, None] - inner).min(axis=1)
    kept = (nearest > 1e-9 * np.abs(edges)) | (edges == edges[0]) | (edges == edges[-1])
    merged = np.unique(np.concatenate([edges[kept], inner]))
    return np.asarray(merged[np.concatenate([[True], np.diff(merged) > 0])])


def _search(start: float, resolution: Resolution, observed: float, end: float) -> float:
    """Return the first energy, going from `start` to `end`, that no longer matters."""
    sigma = float(resolution.sigma(start))
    downwards = end < start
    if sigma == 0:
        return start
    energy, rim = start, np.array([observed])
    for _ in range(_MOST_STEPS):
        part = float(resolution.below(rim, np.array([energy]))[0].item())
        if (1 - part if downwards else part) < TAIL:
            return energy
        energy += -sigma / 4 if downwards else sigma / 4
        if downwards and energy <= end:
            return end
    raise InvalidInput(
        f"resolution: found a width of {sigma / u.keV:.4g} keV at {start / u.keV:.4g} keV that "
        f"brings deposits from everywhere, expected a tail that ends within {REACH:g} standard "
        "deviations; check its unit"
    )
