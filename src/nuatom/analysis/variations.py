"""Detectors that are off by one standard deviation."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nuatom.arrays import Array, ArrayLike
from nuatom.detectors.detector import Detector
from nuatom.detectors.efficiency import Efficiency, ErrorFunctionEfficiency, StepEfficiency
from nuatom.detectors.quenching import Quenching
from nuatom.detectors.resolution import FanoResolution, Resolution
from nuatom.detectors.resolution_formulas import (
    ElectronCounting,
    PerfectResolution,
    PolynomialResolution,
    PowerResolution,
    TabulatedResolution,
)
from nuatom.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class ScaledEfficiency:
    """An efficiency whose energy is read off by a factor.

    Parameters
    ----------
    efficiency : Efficiency
        The right one [efficiency].
    factor : float
        Energy as read over right energy [dimensionless].
    """

    efficiency: Efficiency
    factor: float

    @property
    def energy(self) -> str:
        """Which energy it is a function of."""
        return self.efficiency.energy

    @property
    def breaks(self) -> Array:
        """Energies of its kinks."""
        return np.asarray(self.efficiency.breaks / self.factor)

    def __call__(self, energy: Array) -> Array:
        """Return the efficiency at the energy as it is read."""
        return self.efficiency(energy * self.factor)


@dataclass(frozen=True, eq=False)
class ScaledQuenching:
    """A quenching that is off by a factor.

    Parameters
    ----------
    quenching : Quenching
        The central one [quenching].
    factor : float
        On the ionisation [dimensionless].
    """

    quenching: Quenching
    factor: float

    @property
    def lowest(self) -> float:
        """First recoil energy of the range [energy]."""
        return self.quenching.lowest

    @property
    def highest(self) -> float:
        """Last recoil energy of the range [energy]."""
        return self.quenching.highest

    @property
    def invisible_below(self) -> bool:
        """Whether recoils below the range are not seen."""
        return self.quenching.invisible_below

    @property
    def breaks(self) -> Array:
        """Recoil energies of its kinks [energy]."""
        return self.quenching.breaks

    def ionisation_energy(self, recoil_energy: ArrayLike) -> Array:
        """Return the ionisation, times the factor."""
        return np.asarray(self.factor * self.quenching.ionisation_energy(recoil_energy))

    def jacobian(self, recoil_energy: ArrayLike) -> Array:
        """Return dT/dT_ion at a recoil energy."""
        return np.asarray(self.quenching.jacobian(recoil_energy) / self.factor)

    def recoil_energy(self, ionisation_energy: ArrayLike) -> Array:
        """Return the recoil energy that leaves an ionisation."""
        return self.quenching.recoil_energy(np.asarray(ionisation_energy) / self.factor)


def misread(detector: Detector, factor: float) -> Detector:
    """Return a detector whose observed energies are read off by a factor.

    Bins, threshold and efficiencies of the observed energy keep their numbers, but refer to
    the energy as it is read.

    Parameters
    ----------
    detector : Detector
        The right one [detector].
    factor : float
        Energy as read over right energy [dimensionless].

    Returns
    -------
    Detector
        With everything observed at 1/factor of its energy.

    Example
    -------
    >>> from nuatom import units as u
    >>> from nuatom.targets.compounds import compound
    >>> sketch = Detector("sketch", compound("Ge"), 1 * u.kg * u.day,
    ...     np.array([1.0, 2.0]) * u.keV, PerfectResolution())
    >>> (misread(sketch, 1.25).bin_edges / u.keV).round(9)
    array([0.8, 1.6])
    """
    return replace(
        detector,
        bin_edges=np.asarray(detector.bin_edges) / factor,
        threshold=detector.threshold / factor,
        efficiencies=tuple(
            ScaledEfficiency(e, factor) if e.energy == "reconstructed" else e
            for e in detector.efficiencies
        ),
    )


def blurred(detector: Detector, factor: float) -> Detector:
    """Return a detector whose standard deviations are off by a factor.

    Parameters
    ----------
    detector : Detector
        The right one [detector].
    factor : float
        On sigma [dimensionless].

    Returns
    -------
    Detector
        With another resolution.

    Raises
    ------
    InvalidInput
        If there is no smearing, or a kind that is not known here.
    """
    return replace(detector, resolution=widened(detector.resolution, factor))


def widened(resolution: Resolution, factor: float) -> Resolution:
    """Return a resolution with all standard deviations multiplied.

    Parameters
    ----------
    resolution : Resolution
        Any of the package; counting statistics of single electrons stay [resolution].
    factor : float
        On sigma [dimensionless].

    Returns
    -------
    Resolution
        Of the same kind.

    Raises
    ------
    InvalidInput
        If it is perfect, or of another kind.

    Example
    -------
    >>> round(widened(FanoResolution(2.0, 0.1), 3.0).noise, 9)
    6.0
    """
    if isinstance(resolution, FanoResolution):
        return replace(
            resolution, noise=resolution.noise * factor, fano=resolution.fano * factor**2
        )
    if isinstance(resolution, PowerResolution):
        return PowerResolution(
            resolution.constant * factor, resolution.root * factor, resolution.linear * factor
        )
    if isinstance(resolution, PolynomialResolution):
        wider = tuple(c * factor for c in resolution.coefficients)
        return replace(resolution, coefficients=wider)
    if isinstance(resolution, TabulatedResolution):
        return TabulatedResolution(resolution.energies, resolution.sigmas * factor)
    if isinstance(resolution, ElectronCounting):
        return replace(
            resolution, noise=resolution.noise * factor, spread=resolution.spread * factor
        )
    reason = "no smearing" if isinstance(resolution, PerfectResolution) else "an unknown kind"
    raise InvalidInput(f"resolution: found {reason}, expected one that can be varied; leave it out")


def requenched(detector: Detector, factor: float) -> Detector:
    """Return a detector in which nuclear recoils ionise more or less by a factor.

    Parameters
    ----------
    detector : Detector
        With a quenching [detector].
    factor : float
        On the ionisation [dimensionless].

    Returns
    -------
    Detector
        With another quenching for every element.

    Raises
    ------
    InvalidInput
        If it has none.
    """
    if not detector.quenching:
        raise InvalidInput("quenching: found none, expected one to vary; leave it out")
    changed = {s: ScaledQuenching(q, factor) for s, q in detector.quenching.items()}
    return replace(detector, quenching=changed)


def shifted_threshold(detector: Detector, shift: float) -> Detector:
    """Return a detector with every threshold shifted.

    Parameters
    ----------
    detector : Detector
        With a threshold, or an efficiency that has one [detector].
    shift : float
        May be negative [energy].

    Returns
    -------
    Detector
        The threshold and those of steps and error functions moved.

    Raises
    ------
    InvalidInput
        If there is no threshold, or it would become negative.
    """
    efficiencies: list[Efficiency] = []
    found = detector.threshold > 0
    for efficiency in detector.efficiencies:
        if isinstance(efficiency, ErrorFunctionEfficiency | StepEfficiency):
            found = True
            efficiency = replace(efficiency, threshold=efficiency.threshold + shift)  # noqa: PLW2901
        efficiencies.append(efficiency)
    if not found:
        raise InvalidInput("threshold: found none, expected one to vary; leave it out")
    threshold = detector.threshold + shift if detector.threshold > 0 else 0.0
    return replace(detector, threshold=threshold, efficiencies=tuple(efficiencies))


SHAPES: dict[str, Callable[[Detector, float], Detector]] = {
    "energy_scale": lambda detector, sigma: misread(detector, 1 + sigma),
    "resolution": lambda detector, sigma: blurred(detector, 1 + sigma),
    "quenching": lambda detector, sigma: requenched(detector, 1 + sigma),
    "threshold": shifted_threshold,
}
"""Variation of a card -> how a detector changes for a shift."""


def widest(detector: Detector, shifts: dict[str, float]) -> Detector:
    """Return a detector whose true grid holds those of all variations.

    Parameters
    ----------
    detector : Detector
        The central one [detector].
    shifts : dict
        Variation -> one standard deviation, as in a card [any].

    Returns
    -------
    Detector
        With bins that begin lower and end higher, and the widest resolution; only its
        grid is meant to be used.
    """
    scale = shifts.get("energy_scale", 0.0)
    quenching = shifts.get("quenching", 0.0)
    edges = np.asarray(detector.bin_edges)
    # more ionisation, or energies read too high, bring lower deposits into the first bin
    low = edges[0] / ((1 + scale) * (1 + quenching))
    high = edges[-1] / ((1 - scale) * (1 - quenching))
    grown = replace(detector, bin_edges=np.unique([low, *edges, high]), threshold=0.0)
    lowest = max(detector.threshold - shifts.get("threshold", 0.0), 0.0)
    grown = replace(grown, threshold=min(lowest / ((1 + scale) * (1 + quenching)), float(high) / 2))
    if "resolution" in shifts:
        grown = blurred(grown, 1 + shifts["resolution"])
    return grown
