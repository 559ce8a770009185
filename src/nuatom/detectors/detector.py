"""A detector: a target, an exposure, and what becomes of the energy deposited in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nuatom import units as u
from nuatom.arrays import RANGE_SLACK, Array, ArrayLike, finite
from nuatom.detectors.efficiency import Efficiency
from nuatom.detectors.quenching import Quenching
from nuatom.detectors.resolution import Resolution
from nuatom.detectors.response_matrix import Counting, ResponseMatrix, gauss_points
from nuatom.detectors.true_grid import TrueRange, true_cells, true_range, with_breaks
from nuatom.errors import InvalidInput, OutOfRange, lookup
from nuatom.targets.compounds import Compound

RECOILS = {name: name for name in ("electron", "nuclear")}
"""What may recoil: an electron, whose energy is seen whole, or a nucleus, quenched."""


@dataclass(frozen=True, eq=False)
class Detector:
    """What an experiment counts, for electron and nuclear recoils in one observable.

    Parameters
    ----------
    name : str
        For the reader [name].
    target : Compound
        What it is made of [compound].
    exposure : float
        Mass times live time > 0 [mass time].
    bin_edges : array_like
        Strictly increasing electron-equivalent reconstructed energies, shape (bin + 1,)
        [energy].
    resolution : Resolution
        Smearing of the electron-equivalent energy [resolution].
    efficiencies : tuple of Efficiency
        Any number, multiplied; each says of which energy it is a function [efficiency].
    quenching : mapping of str to Quenching
        Element symbol -> quenching of its recoils; empty if nuclear recoils are not
        asked for [any].
    threshold : float
        Reconstructed energies below are not counted; 0 leaves that to the bins [energy].
    lowest_deposit : float
        Electron-equivalent deposits below are not followed, even where noise would lift
        them over the threshold: a spectrum 1/T has no smallest energy of its own
        [energy].

    Raises
    ------
    InvalidInput
        If a number is out of range or the quenching names an element that is not in the
        target.

    Example
    -------
    >>> from nuatom.detectors.resolution import FanoResolution
    >>> from nuatom.detectors.quenching import Lindhard
    >>> from nuatom.targets.compounds import compound
    >>> detector = Detector("sketch", compound("Ge"), 1 * u.kg * u.day,
    ...     np.array([0.3, 0.5, 1.0]) * u.keV, FanoResolution(50 * u.eV),
    ...     quenching={"Ge": Lindhard(32, k=0.157)})
    >>> matrix = detector.matrix("electron")
    >>> flat = matrix.counts(np.ones_like(matrix.points) * u.cpkkd)
    >>> print((flat * detector.exposure).round(6))   # one count per keV
    [0.2 0.5]
    """

    name: str
    target: Compound
    exposure: float
    bin_edges: Array
    resolution: Resolution
    efficiencies: tuple[Efficiency, ...] = ()
    quenching: Mapping[str, Quenching] | None = None
    threshold: float = 0.0
    lowest_deposit: float = 1 * u.eV

    def __post_init__(self) -> None:
        """Check the numbers."""
        finite("exposure", self.exposure, positive=True)
        finite("lowest deposit", self.lowest_deposit, positive=True)
        if float(finite("threshold", self.threshold)) < 0:
            raise InvalidInput(f"threshold: found {self.threshold:g}, expected >= 0")
        symbols = {atom.symbol: atom.symbol for atom, _ in self.target.atoms_per_mass}
        for symbol in self.quenching or {}:
            lookup(f"element of {self.target.name}", symbol, symbols)
        object.__setattr__(self, "bin_edges", self._counting.bin_edges)

    def matrix(
        self,
        recoil: str = "electron",
        *,
        element: str | None = None,
        breaks: Array | None = None,
        step: float = 1.0,
    ) -> ResponseMatrix:
        """Return the response matrix for recoils of electrons, or of the nuclei of an element.

        Parameters
        ----------
        recoil : str
            ``electron`` or ``nuclear`` [name].
        element : str, optional
            Symbol of the nucleus; needed where the target has more than one [name].
        breaks : ndarray, optional
            Further energies of the recoil at which the spectrum may jump or end; those of
            the edges of the target are known for electrons [energy].
        step : float
            Largest width of a true cell in standard deviations [dimensionless].

        Returns
        -------
        ResponseMatrix
            To be kept and multiplied with one spectrum after another.

        Raises
        ------
        InvalidInput
            If nuclear recoils are asked for without a quenching.
        OutOfRange
            If a table of the detector ends before the energies that matter.
        """
        if not float(finite("step", step)) > 0:
            raise InvalidInput(f"step: found {step:g}, expected > 0")
        quenching = self._quenching(recoil, element)
        counting = self._counting
        reach = self._reach(counting, quenching)
        cells = true_cells(reach, self.resolution, step=step, breaks=counting.true_breaks())
        if quenching is not None:
            cells = with_breaks(quenching.recoil_energy(cells), quenching.breaks)
        jumps = [counting.recoil_breaks(), np.array([]) if breaks is None else breaks]
        if recoil == "electron":
            jumps.append(self.target.edges)
        cells = with_breaks(cells, np.concatenate(jumps))
        points, weights = gauss_points(cells)
        return ResponseMatrix(
            recoil=recoil,
            bin_edges=counting.bin_edges,
            cell_edges=cells,
            points=points,
            weights=weights,
            probability=self._probability(counting, quenching, points),
        )

    def probability(
        self, energy: ArrayLike, recoil: str = "electron", *, element: str | None = None
    ) -> Array:
        """Return the probability that a deposit of given energy is counted in each bin.

        Parameters
        ----------
        energy : array_like
            Of the recoil, or of a line, shape (T,) [energy].
        recoil : str
            ``electron`` or ``nuclear`` [name].
        element : str, optional
            Symbol of the nucleus; needed where the target has more than one [name].

        Returns
        -------
        ndarray
            Shape (bin, T) [dimensionless].

        Raises
        ------
        InvalidInput
            If an energy is not positive, or nuclear recoils have no quenching.
        OutOfRange
            If a table of the detector ends before.
        """
        deposits = np.atleast_1d(finite("energy", energy, positive=True))
        return self._probability(self._counting, self._quenching(recoil, element), deposits)

    @property
    def _counting(self) -> Counting:
        """Return bins, smearing, efficiencies and threshold together."""
        return Counting(self.bin_edges, self.resolution, self.efficiencies, self.threshold)

    def _quenching(self, recoil: str, element: str | None) -> Quenching | None:
        """Return the quenching of a recoil; None, which is no quenching, for electrons."""
        lookup("recoil", recoil, RECOILS)
        if recoil == "electron":
            return None
        known = dict(self.quenching or {})
        if element is None and len(self.target.atoms_per_mass) == 1:
            element = self.target.atoms_per_mass[0][0].symbol
        if element is None:
            raise InvalidInput(
                f"nuclear recoils in {self.target.name}: found no element, expected one of "
                f"{', '.join(a.symbol for a, _ in self.target.atoms_per_mass)}"
            )
        if element not in known:
            raise InvalidInput(
                f"nuclear recoils of {element} in {self.name}: found no quenching, expected one; "
                f"give quenching={{{element!r}: Lindhard(...)}} or a table"
            )
        return known[element]

    def _reach(self, counting: Counting, quenching: Quenching | None) -> TrueRange:
        """Return the electron-equivalent energies that can be counted."""
        reach = true_range(
            counting.lowest,
            float(counting.bin_edges[-1]),
            self.resolution,
            lowest=self.lowest_deposit,
        )
        if quenching is None or quenching.lowest == 0:
            return reach
        first = float(quenching.ionisation_energy(quenching.lowest))
        last = np.inf
        if np.isfinite(quenching.highest):
            last = float(quenching.ionisation_energy(quenching.highest))
        slack = 1 + RANGE_SLACK
        if first > reach.low * slack and not quenching.invisible_below:
            raise OutOfRange(
                f"quenching: found a table that begins at {quenching.lowest / u.keV:.4g} keV "
                f"({first / u.keV:.4g} keV of ionisation), expected one from "
                f"{reach.low / u.keV:.4g} keV of ionisation, which smearing lifts over the "
                "threshold; extend it, or say that recoils below are invisible"
            )
        if last * slack < reach.high:
            raise OutOfRange(
                f"quenching: found a table that ends at {last / u.keV:.4g} keV of ionisation, "
                f"expected one up to {reach.high / u.keV:.4g} keV; extend it or use fewer bins"
            )
        return TrueRange(max(reach.low, first), reach.high)

    @staticmethod
    def _probability(counting: Counting, quenching: Quenching | None, recoil: Array) -> Array:
        """Return the probabilities at energies of the recoil."""
        if quenching is None:
            return counting.probability(recoil)
        return counting.probability(quenching.ionisation_energy(recoil), recoil)


def grid_convergence(
    detector: Detector,
    spectrum: Callable[[Array], Array],
    recoil: str = "electron",
    *,
    element: str | None = None,
    breaks: Array | None = None,
) -> float:
    """Return by how much counts change when every true cell is halved.

    ``max_b |counts_b(step = 1) / counts_b(step = 1/2) - 1|``

    Parameters
    ----------
    detector : Detector
        With its bins [detector].
    spectrum : callable
        dR/dT at an array of T [1/(energy mass time)].
    recoil : str
        ``electron`` or ``nuclear`` [name].
    element : str, optional
        Symbol of the nucleus, where the target has more than one [name].
    breaks : ndarray, optional
        As for `Detector.matrix` [energy].

    Returns
    -------
    float
        The largest relative change among bins that count anything [dimensionless].

    Example
    -------
    >>> from nuatom.detectors.resolution import FanoResolution
    >>> from nuatom.targets.compounds import compound
    >>> detector = Detector("sketch", compound("Ge"), 1 * u.kg * u.day,
    ...     np.linspace(0.3, 2, 18) * u.keV, FanoResolution(50 * u.eV))
    >>> grid_convergence(detector, lambda T: 1 / T) < 1e-3
    True
    """
    coarse, fine = (
        detector.matrix(recoil, element=element, breaks=breaks, step=step).counts_of(spectrum)
        for step in (1.0, 0.5)
    )
    counted = fine != 0
    if not np.any(counted):
        return 0.0
    return float(np.max(np.abs(coarse[counted] / fine[counted] - 1)))
