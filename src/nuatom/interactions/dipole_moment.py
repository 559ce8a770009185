"""Electric and magnetic dipole moment together: a massless neutrino feels one number."""

from dataclasses import dataclass

from nuatom import constants as c
from nuatom.arrays import finite
from nuatom.interactions.magnetic_moment import MagneticMoment
from nuatom.interactions.terms import Constituents, EnergyWeight, Term


@dataclass(frozen=True)
class DipoleMoment:
    """Scattering through an electric and a magnetic dipole moment of the same pair of states.

    A massless neutrino cannot tell them apart: ``mu -> |mu - i eps|`` in the cross section
    of a magnetic moment.  Diagonal moments are real and add in squares; those of a
    transition are complex and interfere.

    Parameters
    ----------
    electric : complex
        eps; 1 mu_B is ``e/(2m) = 1.93e-11 e cm`` [Bohr magneton].
    magnetic : complex
        mu of the same states [Bohr magneton].
    weight : callable, optional
        w(E) that multiplies ``|mu - i eps|^2`` [dimensionless].

    Raises
    ------
    InvalidInput
        If a moment is not finite.

    Notes
    -----
    Flips the helicity, so never interferes with the weak interaction of a massless
    neutrino.  C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015), section 4.

    Example
    -------
    >>> round(DipoleMoment(3e-11, 4e-11).effective / 1e-11, 12)
    5.0
    """

    electric: complex
    magnetic: complex = 0.0
    weight: EnergyWeight | None = None
    neutrino_mass: float = 0.0

    def __post_init__(self) -> None:
        """Check the moments."""
        for name in ("electric", "magnetic"):
            moment = complex(getattr(self, name))
            finite(f"{name} dipole moment", [moment.real, moment.imag])

    @property
    def effective(self) -> float:
        """The one number ``|mu - i eps|`` [Bohr magneton]."""
        return abs(self.magnetic - 1j * self.electric)

    def terms(self, *, flavor: str, constituents: Constituents) -> tuple[Term, ...]:
        """Return the terms of a magnetic moment ``|mu - i eps|``."""
        alike = MagneticMoment(self.effective, self.weight)
        return alike.terms(flavor=flavor, constituents=constituents)


def electric_dipole_in_magnetons(length: float) -> float:
    """Return an electric dipole moment ``d = e l`` in Bohr magnetons, ``eps = 2 m l``.

    Parameters
    ----------
    length : float
        l = d/e [length].

    Returns
    -------
    float
        For `DipoleMoment` [Bohr magneton].

    Raises
    ------
    InvalidInput
        If it is not finite.

    Example
    -------
    >>> from nuatom import units as u
    >>> round(electric_dipole_in_magnetons(1.9308e-11 * u.cm), 4)
    1.0
    """
    return float(2 * c.electron_mass * finite("electric dipole moment", length))
