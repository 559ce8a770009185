"""Equivalent photons: the atom as it answers real photons, F_a held constant in Q^2.

Convergence, germanium from 10 eV to 100 keV, largest change of a rate when the nodes
below are doubled or multiplied by four or sixteen:

=================  ===============  ==========================================
flux               magnetic moment  millicharge, m_nu from 1e-6 to 10 eV
=================  ===============  ==========================================
a line             4e-9             3e-10
the reactor        2e-7             2e-5 (2e-6 at the default mass of 0.1 eV)
=================  ===============  ==========================================

The reactor flux jumps where beta branches end, so that its moments have kinks in
Q^2: there the error falls only as the square of the number of nodes.
"""

from dataclasses import dataclass, field

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.responses.free import ELECTRONS
from nuatom.responses.measure import Measure, Part, SumOfParts, gauss_legendre
from nuatom.targets.photoabsorption import Photoabsorption

POLE_NODES = 48
"""Nodes in ln Q^2 below Q^2 = T^2 where a photon pole is regulated by a neutrino mass."""
PLATEAU_NODES = 6
"""Nodes in Q^2 below Q^2 = T^2 without a pole: the integrand is a smooth rational function."""
RIDGE_NODES = 20
"""Nodes in ln |q|^2 between Q^2 = T^2 and the cut-off."""


@dataclass(frozen=True)
class EquivalentPhoton:
    """A constant ``F_a = sigma_gamma/(4 pi^2 alpha M)`` and ``F_b = 0`` up to a cut-off.

    ``R_L = |q|^2 sigma_gamma/(4 pi^2 alpha T)`` and
    ``R_T = T sigma_gamma/(2 pi^2 alpha)`` for ``Q^2 <= 2mT``.

    Parameters
    ----------
    photoabsorption : Photoabsorption
        sigma_gamma(T) by subshell [photoabsorption].
    transverse_only : bool
        Whether R_L is left out, as for a real photon.  For a magnetic moment the two
        choices differ by two orders of magnitude [flag].
    cut_off : bool
        Whether Q^2 ends at 2mT, where real form factors die; False holds F_a constant
        over all of 0 < Q^2 < 4EE', the step of Eq. (10) that was retracted [flag].
    nodes_factor : int
        Multiplies the number of nodes, to show convergence [dimensionless].

    Notes
    -----
    A millicharge is dominated by the photon point and well described; a magnetic
    moment has no 1/Q^2 pole, so that nothing dominates at the photon point and this
    model fails (M. B. Voloshin, Phys. Rev. Lett. 105, 201801, 2010).  Provides the
    vector responses L and T only.
    """

    photoabsorption: Photoabsorption
    transverse_only: bool = False
    cut_off: bool = True
    nodes_factor: int = 1
    provides: frozenset[str] = field(default=frozenset({"L", "T"}), init=False)

    @property
    def name(self) -> str:
        """Name in the catalogue."""
        return "equivalent-photon-transverse" if self.transverse_only else "equivalent-photon"

    @property
    def shells(self) -> tuple[str, ...]:
        """Subshells of the photoabsorption source."""
        return self.photoabsorption.shells

    @property
    def edges(self) -> Array:
        """Edges of the photoabsorption source [energy]."""
        return self.photoabsorption.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes below and above Q^2 = T^2 with the weights of each subshell."""
        sigma = self.photoabsorption.by_shell(T)
        upper = np.minimum(2 * c.electron_mass * T, q2_max) if self.cut_off else q2_max
        q2, dq2 = self._nodes(T, q2_min, upper)
        photon = dq2 / (4 * np.pi**2 * c.fine_structure)
        T = T[:, None]
        factors = {"T": 2 * T}
        if not self.transverse_only:
            factors["L"] = (T**2 + q2) / T
        return Measure(q2[None], SumOfParts((Part(sigma, photon[None], factors),), q2.shape[1]))

    def _nodes(self, T: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
        """Return nodes in Q^2 and their weights dQ^2 between the limits."""
        factor = self.nodes_factor
        pole = bool(np.any(lower > 0))
        # a transfer that no neutrino can make keeps its nodes at T^2, with zero weights
        open_ = upper > lower
        lower, upper = np.where(open_, lower, T**2), np.where(open_, upper, T**2)
        middle = np.clip(T**2, lower, upper)
        if pole:
            log_q2, dlog = gauss_legendre(np.log(lower), np.log(middle), POLE_NODES * factor)
            q2_low = np.exp(log_q2)
            dq2_low = q2_low * dlog
        else:
            q2_low, dq2_low = gauss_legendre(lower, middle, PLATEAU_NODES * factor)
        log_qq, dlog = gauss_legendre(
            np.log(T**2 + middle), np.log(T**2 + upper), RIDGE_NODES * factor
        )
        qq = np.exp(log_qq)
        q2_high = np.maximum(qq - T[:, None] ** 2, middle[:, None])
        return np.hstack([q2_low, q2_high]), np.hstack([dq2_low, qq * dlog])


@dataclass(frozen=True)
class PaperEquivalentPhoton:
    """Eq. (10) as printed: ``dsigma/dT = mu^2 (alpha/pi) (E/m)^2 sigma_gamma(T)/T``.

    It defines one response, "photon", which only the magnetic moment asks for.

    Parameters
    ----------
    photoabsorption : Photoabsorption
        sigma_gamma(T) by subshell [photoabsorption].

    Notes
    -----
    Retracted by its authors in the third version of arXiv:1001.2074, which accepts
    the comment of M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010).  Kept to
    reproduce H. T. Wong, H. B. Li and S. T. Lin, Phys. Rev. Lett. 105, 061801 (2010).
    """

    photoabsorption: Photoabsorption
    name: str = field(default="equivalent-photon-paper", init=False)
    provides: frozenset[str] = field(default=frozenset({"photon"}), init=False)

    @property
    def shells(self) -> tuple[str, ...]:
        """Subshells of the photoabsorption source."""
        return self.photoabsorption.shells

    @property
    def edges(self) -> Array:
        """Edges of the photoabsorption source [energy]."""
        return self.photoabsorption.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """The equivalent photon of Eq. (10)."""
        return {"equivalent_photon": np.ones(())}

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return sigma_gamma(T) at the photon point, open for every E > T."""
        sigma = self.photoabsorption.by_shell(T) * (q2_max > 0)
        return Measure(np.zeros((1, T.size, 1)), {"photon": sigma[:, :, None]})
