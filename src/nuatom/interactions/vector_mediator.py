"""A light vector mediator: one more boson that couples to neutrinos and matter."""

from dataclasses import dataclass

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array, finite
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import check_flavor


@dataclass(frozen=True)
class VectorCharges:
    """Charges of neutrinos and matter under a new vector boson.

    Parameters
    ----------
    name : str
        Short name [name].
    neutrinos : tuple of float
        Charges of nu_e, nu_mu and nu_tau; those of antineutrinos follow [dimensionless].
    electron, proton, neutron : float
        Vector charges; a proton has 2 u + d and a neutron u + 2 d [dimensionless].

    Raises
    ------
    InvalidInput
        If there are not three neutrino charges or a charge is not finite.

    Example
    -------
    >>> VectorCharges("B-L", (-1, -1, -1), -1, 1, 1).of("anti_nu_mu", "proton")
    (-1.0, 1.0)
    """

    name: str
    neutrinos: tuple[float, float, float]
    electron: float
    proton: float
    neutron: float

    def __post_init__(self) -> None:
        """Check the charges."""
        if len(self.neutrinos) != 3:
            raise InvalidInput(
                f"{self.name}: found {len(self.neutrinos)} neutrino charges, "
                "expected three (nu_e, nu_mu, nu_tau)"
            )
        finite(
            f"charges of {self.name}", [*self.neutrinos, self.electron, self.proton, self.neutron]
        )

    def of(self, flavor: str, constituent: str) -> tuple[float, float]:
        """Return the charges of a neutrino flavour and of a constituent.

        Parameters
        ----------
        flavor : str
            One of the six; an antiflavour gives the charge of its neutrino, because the
            sign of an antineutrino is in the interference of `Couplings` [name].
        constituent : str
            electron, proton or neutron [name].

        Returns
        -------
        tuple of float
            (neutrino, constituent) [dimensionless].

        Raises
        ------
        InvalidInput
            If the flavour is not one of the six.

        Example
        -------
        >>> B_MINUS_L.of("nu_e", "electron")
        (-1.0, -1.0)
        """
        row = ("nu_e", "nu_mu", "nu_tau").index(check_flavor(flavor).removeprefix("anti_"))
        matter = {"electron": self.electron, "proton": self.proton, "neutron": self.neutron}
        return float(self.neutrinos[row]), float(matter[constituent])


B_MINUS_L = VectorCharges("B-L", (-1.0, -1.0, -1.0), -1.0, 1.0, 1.0)
"""Baryon minus lepton number: quarks 1/3, leptons -1."""
UNIVERSAL = VectorCharges("universal", (1.0, 1.0, 1.0), 1.0, 3.0, 3.0)
"""The same charge for every quark and lepton."""
ELECTRON_MINUS_MUON = VectorCharges("L_e-L_mu", (1.0, -1.0, 0.0), 1.0, 0.0, 0.0)
"""Electron minus muon number, at tree level."""
ELECTRON_MINUS_TAU = VectorCharges("L_e-L_tau", (1.0, 0.0, -1.0), 1.0, 0.0, 0.0)
"""Electron minus tau number, at tree level."""

VECTOR_CHARGES = {
    charges.name: charges
    for charges in (B_MINUS_L, UNIVERSAL, ELECTRON_MINUS_MUON, ELECTRON_MINUS_TAU)
}
"""The named sets of charges."""


@dataclass(frozen=True)
class VectorMediator:
    """Exchange of a vector boson of mass M and coupling g.

    ``c_V = g^2 Q_nu Q_c/(sqrt2 G (Q^2 + M^2))``, that is photon exchange with
    ``4 pi alpha q_nu Z_c/Q^2 -> g^2 Q_nu Q_c/(Q^2 + M^2)``.  It keeps the helicity and
    interferes with the weak interaction, and charges of equal sign raise g_V.  For B-L the
    interference is constructive for nu_e and anti-nu_e on electrons and for every flavour
    on nuclei; on electrons it is destructive for nu_mu and nu_tau, and for their
    antineutrinos below T = 0.045 E (E >> m).  A universal boson is destructive on nuclei.

    Parameters
    ----------
    coupling : float
        g; enters squared [dimensionless].
    mass : float
        M >= 0 of the boson [energy].
    charges : VectorCharges
        What it couples to; B-L by default [vector charges].
    neutrino_mass : float
        m_nu > 0; matters only where M is so small that it regulates the pole, 0.1 eV by
        default [energy].

    Raises
    ------
    InvalidInput
        If a value is not finite, M < 0 or m_nu <= 0.

    Notes
    -----
    Valid at tree level, for vector couplings to left-handed neutrinos, Q^2 and M far
    below M_W for the effective theory of the weak term, without kinetic mixing; below an
    M of some 10 eV the mixing with the photon in the medium matters and is left out.
    For M^2 >> Q^2 it is the non-standard interaction
    ``eps_c^V = g^2 Q_nu Q_c/(sqrt2 G M^2)`` (g_V -> g_V + eps^V), with the Lagrangian
    ``-2 sqrt2 G eps^P (nubar gamma_mu P_L nu)(fbar gamma^mu P f)``, eps^V = eps^L + eps^R.
    Formulas: R. Harnik, J. Kopp and P. A. N. Machado, JCAP 07 (2012) 026,
    arXiv:1202.6073; S. Bilmis et al., Phys. Rev. D 92, 033009 (2015), arXiv:1502.07763;
    D. G. Cerdeno et al., JHEP 05 (2016) 118, arXiv:1604.01025; M. Lindner et al., JHEP 05
    (2018) 098, arXiv:1803.00060.

    Example
    -------
    >>> VectorMediator(1e-6, 1e3).charges.name
    'B-L'
    """

    coupling: float
    mass: float
    charges: VectorCharges = B_MINUS_L
    neutrino_mass: float = 0.1 * u.eV
    has_axial: bool = False

    def __post_init__(self) -> None:
        """Check coupling and masses."""
        finite("coupling", self.coupling)
        if float(finite("mediator mass", self.mass)) < 0:
            raise InvalidInput("mediator mass: found a value < 0, expected >= 0")
        finite("neutrino mass", self.neutrino_mass, positive=True)

    def vector(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return ``g^2 Q_nu Q_c/(sqrt2 G (Q^2 + M^2))``."""
        neutrino, matter = self.charges.of(flavor, constituent)
        strength = self.coupling**2 * neutrino * matter / (np.sqrt(2) * c.fermi_coupling)
        return np.asarray(strength / (q2 + self.mass**2))

    def axial(self, T: Array, q2: Array, *, flavor: str, constituent: str) -> Array:
        """Return zero: a vector boson has no axial coupling."""
        return np.zeros(())
