"""Backgrounds with lines, whose relative strengths are tied."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.backgrounds.continua import check_rate
from nuatom.backgrounds.nuisance import Nuisance
from nuatom.detectors.capture_lines import capture_nuclide
from nuatom.errors import InvalidInput, lookup
from nuatom.targets import element

_SERIES = {"K": ("KL3_LINE", "KL2_LINE", "KM3_LINE", "KM2_LINE")}
"""Fluorescence lines of a series: K alpha 1 and 2, K beta 1 and 3."""


@dataclass(frozen=True)
class Line:
    """One line at a stated energy.

    Parameters
    ----------
    name : str
        Short name [name].
    rate : float
        >= 0 [1/(mass time)].
    energy : float
        Deposited, > 0 [energy].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    InvalidInput
        If a number is out of range.

    Example
    -------
    >>> Line("peak", 2.0, 8.0).lines()
    (array([8.]), array([2.]))
    """

    name: str
    rate: float
    energy: float
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_rate(self.name, self.rate)
        finite(f"{self.name}: energy", self.energy, positive=True)

    def lines(self) -> tuple[Array, Array]:
        """Return the energy and the rate."""
        return np.array([self.energy]), np.array([self.rate])


@dataclass(frozen=True)
class CaptureLines:
    """K, L and M lines of electron capture, in the ratio of the capture fractions.

    Parameters
    ----------
    name : str
        Short name [name].
    nuclide : str
        Such as ``71Ge`` [name].
    rate : float
        Of the K line, >= 0; L and M follow [1/(mass time)].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    UnknownName
        If the nuclide is not in the table.
    InvalidInput
        If the rate is negative.

    Example
    -------
    >>> energies, rates = CaptureLines("Ge", "71Ge", 10.0).lines()
    >>> (energies / u.keV).round(2), rates.round(2)
    (array([10.37,  1.3 ,  0.16]), array([10.  ,  1.2 ,  0.22]))
    """

    name: str
    nuclide: str
    rate: float
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check the nuclide and the rate."""
        capture_nuclide(self.nuclide)
        check_rate(self.name, self.rate)

    def lines(self) -> tuple[Array, Array]:
        """Return energies and rates of the K, L and M line."""
        nuclide = capture_nuclide(self.nuclide)
        return nuclide.line_energies, self.rate * nuclide.relative_intensities


@dataclass(frozen=True)
class Fluorescence:
    """The X rays of a series of one element, in the ratio of the radiative rates.

    Parameters
    ----------
    name : str
        Short name [name].
    element : str
        Symbol of the element that shines [name].
    rate : float
        Of the whole series, >= 0 [1/(mass time)].
    series : str
        ``K`` [name].
    nuisances : tuple of Nuisance
        Parameters that are not known exactly [nuisance].

    Raises
    ------
    UnknownName
        If the element or the series is not known.
    InvalidInput
        If the rate is negative or the element has no such lines.

    Notes
    -----
    Energies and rates from xraylib: T. Schoonjans et al., Spectrochim. Acta B 66, 776
    (2011).  The efficiency for a full deposit is taken to be the same for the few lines.

    Example
    -------
    >>> energies, rates = Fluorescence("copper", "Cu", 1.0).lines()
    >>> (energies[:2] / u.keV).round(3), round(float(rates.sum()), 12)
    (array([8.048, 8.028]), 1.0)
    """

    name: str
    element: str
    rate: float
    series: str = "K"
    nuisances: tuple[Nuisance, ...] = ()
    strength: ClassVar[str] = "rate"

    def __post_init__(self) -> None:
        """Check names and rate."""
        check_rate(self.name, self.rate)
        self.lines()

    def lines(self) -> tuple[Array, Array]:
        """Return energies and rates of the lines of the series."""
        import xraylib

        number = element(self.element).atomic_number
        names = lookup("fluorescence series", self.series, _SERIES)
        found = []
        for name in names:
            try:
                line = getattr(xraylib, name)
                found.append((xraylib.LineEnergy(number, line), xraylib.RadRate(number, line)))
            except ValueError:
                continue  # a light element has fewer lines
        if not found:
            raise InvalidInput(
                f"{self.name}: found no {self.series} lines of {self.element} in the table, "
                "expected a heavier element"
            )
        energies, rates = np.array(found).T
        return energies * u.keV, self.rate * rates / rates.sum()
