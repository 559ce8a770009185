"""What a detector counts of a background."""

from dataclasses import replace
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.backgrounds.nuisance import Nuisance
from nuatom.detectors.binning import bin_averages
from nuatom.detectors.detector import Detector
from nuatom.detectors.response_matrix import ResponseMatrix
from nuatom.errors import InvalidInput, OutOfRange, unknown


class Background(Protocol):
    """What every background has."""

    @property
    def name(self) -> str:
        """Short name [name]."""
        ...

    @property
    def nuisances(self) -> tuple[Nuisance, ...]:
        """Parameters that are not known exactly [nuisance]."""
        ...

    @property
    def strength(self) -> str:
        """Name of the parameter to which the counts are proportional [name]."""
        ...


@runtime_checkable
class Continuum(Background, Protocol):
    """A background with a spectrum of deposited or of observed energy."""

    @property
    def observed(self) -> bool:
        """Whether the energy is the observed one."""
        ...

    def density(self, energy: Array) -> Array:
        """Return dR/dT.

        Parameters
        ----------
        energy : ndarray
            Any shape [energy].

        Returns
        -------
        ndarray
            Same shape [1/(mass energy time)].
        """
        ...


@runtime_checkable
class Lines(Background, Protocol):
    """A background with lines of deposited energy."""

    def lines(self) -> tuple[Array, Array]:
        """Return energies [energy] and rates [1/(mass time)], shape (line,) each."""
        ...


_B = TypeVar("_B", bound=Background)


def expected_rate(background: Background, detector: Detector, matrix: ResponseMatrix) -> Array:
    """Return the counts of a background in each bin, per mass and time.

    Parameters
    ----------
    background : Background
        A continuum or lines [background].
    detector : Detector
        Its bins, and the response to a line [detector].
    matrix : ResponseMatrix
        The response of the same detector to electrons [response matrix].

    Returns
    -------
    ndarray
        Shape (bin,) [1/(mass time)].

    Raises
    ------
    OutOfRange
        If the result is not finite, as for a power law at very low energies.

    Notes
    -----
    Deposits outside the cells of the matrix, six standard deviations beyond the bins, are
    left out.
    """
    bins = np.asarray(detector.bin_edges, dtype=float)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if isinstance(background, Lines):
            energies, rates = background.lines()
            inside = (energies > matrix.cell_edges[0]) & (energies < matrix.cell_edges[-1])
            counts = detector.probability(energies[inside], "electron") @ rates[inside]
        elif isinstance(background, Continuum) and background.observed:
            breaks = getattr(background, "bin_edges", np.array([]))
            counts = bin_averages(background.density, bins, breaks=breaks) * np.diff(bins)
        elif isinstance(background, Continuum):
            spectrum = background.density(matrix.points)
            usable = np.all(np.isfinite(spectrum))
            counts = matrix.counts(spectrum) if usable else np.array([np.inf])
        else:
            raise InvalidInput(f"background {background.name}: found neither density nor lines")
    if not np.all(np.isfinite(counts)):
        raise OutOfRange(
            f"background {background.name}: found counts beyond floating-point numbers, expected "
            "less extreme parameters"
        )
    return np.asarray(counts, dtype=float)


def varied(background: _B, parameter: str, value: float) -> _B:
    """Return the same background with another value of one parameter.

    Parameters
    ----------
    background : Background
        Any [background].
    parameter : str
        Its name, such as ``rate`` [name].
    value : float
        The new value, in the unit of the parameter [any].

    Returns
    -------
    Background
        Of the same kind.

    Raises
    ------
    UnknownName
        If the background has no such parameter.
    InvalidInput
        If the value is out of range.

    Example
    -------
    >>> from nuatom.backgrounds import Flat
    >>> varied(Flat("compton", 2.0), "rate", 3.0).rate
    3.0
    """
    present = getattr(background, parameter, None)
    if not isinstance(present, float | int) or isinstance(present, bool):
        names = [k for k, v in vars(background).items() if isinstance(v, float)]
        raise unknown(f"parameter of {background.name}", parameter, names)
    finite(f"{background.name}: {parameter}", value)
    return replace(background, **{parameter: value})  # type: ignore[type-var]
