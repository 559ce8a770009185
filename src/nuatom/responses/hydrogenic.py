"""Hydrogenic shells: exact for one electron, screened for every shell of an atom."""

import functools
from dataclasses import dataclass

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup
from nuatom.responses.bound import CONVECTION, BoundElectronWeights
from nuatom.responses.free import ELECTRONS
from nuatom.responses.hydrogen_formulas import SHAPES, shell_strengths
from nuatom.responses.measure import (
    ALL_RESPONSES,
    Measure,
    Part,
    SumOfParts,
    gauss_legendre,
)
from nuatom.targets.elements import Element

POLE_NODES = 40
"""Nodes in ln Q^2 below Q^2 = T^2 where a photon pole is regulated by a neutrino mass."""
LOW_NODES = 16
"""Nodes in ln |q|^2 up to half the momentum of the Bethe ridge."""
RIDGE_NODES = 56
"""Nodes across the ridge and its high-momentum tail."""
TAIL = 64.0
"""Where the tail ends, in widths above the ridge: beyond it lies 1e-8 of a 1s electron."""

_EFFECTIVE_N = {1: 1.0, 2: 2.0, 3: 3.0, 4: 3.7, 5: 4.0, 6: 4.2, 7: 4.2}
_ORBITAL = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3}


@dataclass(frozen=True)
class HydrogenicShell:
    """One subshell as a hydrogenic one with its own charge and threshold.

    Parameters
    ----------
    name : str
        Label [name].
    shape : str
        Which closed form: 1s, 2s, 2p, 3s, 3p or 3d [name].
    electrons : float
        How many [dimensionless].
    width : float
        ``Z_eff alpha m/n``, the momentum scale of the wave function [energy].
    edge : float
        Threshold [energy].
    """

    name: str
    shape: str
    electrons: float
    width: float
    edge: float


def quantum_numbers(name: str) -> tuple[int, int]:
    """Return (n, l) of a subshell.

    Parameters
    ----------
    name : str
        X-ray name, such as K, L3 or M5 [name].

    Returns
    -------
    tuple of int
        (n, l).

    Example
    -------
    >>> quantum_numbers("K"), quantum_numbers("L3"), quantum_numbers("M5")
    ((1, 0), (2, 1), (3, 2))
    """
    return "KLMNOPQ".index(name[0]) + 1, _ORBITAL[int(name[1:] or 1)]


def slater_charge(element: Element, n: int, orbital: int) -> float:
    """Return Slater's effective charge Z - s for the electrons of a shell nl.

    s and p: 0.35 for each other electron of the same n (0.30 for 1s), 0.85 for each of
    n - 1 and 1 for each further in; d and f: 0.35 for each other of the same nl and 1
    for each further in.

    Parameters
    ----------
    element : Element
        The atom [element].
    n, orbital : int
        Quantum numbers of an occupied shell [dimensionless].

    Returns
    -------
    float
        Z for hydrogen, Z - 0.3 for K and Z - 4.15 for L of any atom from neon on: the
        charges of the theory of inner-shell ionisation.

    Example
    -------
    >>> from nuatom.targets import element
    >>> round(slater_charge(element("Ge"), 2, 1), 2)
    27.85

    References
    ----------
    J. C. Slater, Phys. Rev. 36, 57 (1930); E. Merzbacher and H. W. Lewis, Handbuch
    der Physik 34, 166 (1958).
    """
    screening = -0.35 if n > 1 else -0.30
    for shell in element.subshells:
        n_other, orbital_other = quantum_numbers(shell.name)
        if orbital < 2:
            same = n_other == n and orbital_other < 2
            inner = 0.85 if n_other == n - 1 else float(n_other < n)
        else:
            same = (n_other, orbital_other) == (n, orbital)
            inner = float((n_other, orbital_other) < (n, orbital))
        screening += shell.electrons * ((0.35 if n > 1 else 0.30) if same else inner)
    return element.atomic_number - screening


@functools.cache
def screened_shells(element: Element) -> tuple[HydrogenicShell, ...]:
    """Return the subshells of an atom with Slater's charges and the measured edges.

    ``width = Z_eff alpha m/n*`` with n* = 1, 2, 3, 3.7, 4.0, 4.2 (Slater's effective
    quantum number).  Shells with n > 3 take the shape of the 3s, 3p or 3d of that
    width, f shells that of 3d.

    Parameters
    ----------
    element : Element
        The atom [element].

    Returns
    -------
    tuple of HydrogenicShell
        In the order of `element.subshells`.

    Example
    -------
    >>> from nuatom.targets import element
    >>> [shell.shape for shell in screened_shells(element("Ne"))]
    ['1s', '2s', '2p', '2p']

    References
    ----------
    J. C. Slater, Phys. Rev. 36, 57 (1930).
    """
    shells = []
    for shell in element.subshells:
        n, orbital = quantum_numbers(shell.name)
        charge = slater_charge(element, n, orbital)
        shells.append(
            HydrogenicShell(
                name=shell.name,
                shape=f"{min(n, 3)}{'spd'[min(orbital, 2)]}",
                electrons=shell.electrons,
                width=charge * c.fine_structure * c.electron_mass / _EFFECTIVE_N[n],
                edge=shell.binding_energy,
            )
        )
    return tuple(shells)


@dataclass(frozen=True)
class Hydrogenic:
    """Every subshell as a screened hydrogenic one, with its measured edge as threshold.

    ``R_L = sum_i N_i theta(T - B_i) (|q|^2/(2mT)) df_i/dT`` with the exact hydrogenic
    df/dT of 1s, 2s, 2p, 3s, 3p, 3d at the form-factor argument Q^2, Slater's inner
    screening as charge, and the continuation below the hydrogenic threshold where the
    edge lies lower; the other responses follow as in `nuatom.responses.bound`.

    Parameters
    ----------
    element : Element
        The target [element].
    nodes_factor : int
        Multiplies the number of nodes, to show convergence [dimensionless].

    Notes
    -----
    Non-relativistic; exact for hydrogen.  With these charges the photoabsorption of Ge is
    0.74 to 1.24 of the recommended one from 0.2 to 80 keV and that of Xe 0.73 to 0.98
    above 0.5 keV; at the edges of M and outer shells it is off by factors up to 20.
    (Charges ``n sqrt(B/Ry)``, from the edge alone, give 0.7 for K, 0.25 for L3 and less
    further out.)  Tends to Z free electrons: each shell of Ge and Xe misses at most 1 %
    at 30 times its edge and 0.1 % at 100 times; outer shells of a metal whose measured
    edge is that of the solid need more.

    The form factor is taken at Q^2 instead of |q|^2, which puts the ridge at the
    relativistic ``Q^2 = 2mT``; the difference is of order (Z alpha)^2, which is
    neglected anyway.

    References
    ----------
    H. Bethe, Ann. Phys. 397, 325 (1930); M. C. Walske, Phys. Rev. 101, 940 (1956);
    E. Merzbacher and H. W. Lewis, Handbuch der Physik 34, 166 (1958).
    """

    element: Element
    nodes_factor: int = 1
    name: str = "hydrogenic"
    provides: frozenset[str] = ALL_RESPONSES

    @property
    def shells(self) -> tuple[str, ...]:
        """The subshells, K first."""
        return self.element.shells

    @property
    def edges(self) -> Array:
        """Measured binding energies [energy]."""
        return self.element.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes shared by the shells, with weights of the open ones."""
        shells = screened_shells(self.element)
        return hydrogenic_measure(shells, T, (q2_min, q2_max), self.nodes_factor)


@dataclass(frozen=True)
class HydrogenLike:
    """One electron in a Coulomb field of any charge.

    ``R_L = (|q|^2/(2mT)) df/dT``, ``R_T = C/m + 2 |q|^2 R_L/(T + 2m)^2``.

    Parameters
    ----------
    atomic_number : float
        Z > 0, not necessarily an integer [dimensionless].
    shell : str
        1s, 2s, 2p, 3s, 3p or 3d [name].
    nodes_factor : int
        Multiplies the number of nodes, to show convergence [dimensionless].

    Raises
    ------
    InvalidInput
        If Z <= 0.
    UnknownName
        If there is no closed form for the shell.

    Notes
    -----
    Exact for Z alpha -> 0.  The relativistic factors shift the ratio of a magnetic
    moment to a free electron at the 1s threshold by 1.04e-5 Z^2, that of the weak
    interaction by 1.3e-5 Z^2; other terms of that order are neglected.

    Example
    -------
    >>> from nuatom import units as u
    >>> round(float(HydrogenLike(1.0).edges[0] / u.eV), 2)
    13.61
    """

    atomic_number: float
    shell: str = "1s"
    nodes_factor: int = 1
    name: str = "hydrogen-like"
    provides: frozenset[str] = ALL_RESPONSES

    def __post_init__(self) -> None:
        """Check the charge and the shell."""
        lookup("hydrogenic shell", self.shell, SHAPES)
        if not self.atomic_number > 0:
            raise InvalidInput(f"atomic number: found {self.atomic_number:g}, expected > 0")

    @property
    def shells(self) -> tuple[str, ...]:
        """The one shell."""
        return (self.shell,)

    @property
    def edges(self) -> Array:
        """``Z^2 Ry/n^2`` [energy]."""
        return np.array([self.atomic_number**2 * c.rydberg / SHAPES[self.shell].n ** 2])

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes and the weights of one electron."""
        scale = self.atomic_number * c.fine_structure * c.electron_mass
        width = scale / SHAPES[self.shell].n
        shell = HydrogenicShell(self.shell, self.shell, 1.0, width, float(self.edges[0]))
        return hydrogenic_measure((shell,), T, (q2_min, q2_max), self.nodes_factor)


def hydrogenic_measure(
    shells: tuple[HydrogenicShell, ...],
    T: Array,
    limits: tuple[Array, Array],
    nodes_factor: int,
) -> Measure:
    """Return the measure of hydrogenic shells on nodes that they share.

    Parameters
    ----------
    shells : tuple of HydrogenicShell
        At least one [hydrogenic shell].
    T : ndarray
        Energy transfer, shape (T,) [energy].
    limits : tuple of ndarray
        Least and greatest Q^2, each of shape (T,) [energy^2].
    nodes_factor : int
        Multiplies the number of nodes [dimensionless].

    Returns
    -------
    Measure
        Weights of all seven responses.

    Notes
    -----
    Shells of one width share the Coulomb factor, which is the costly part.
    """
    m = c.electron_mass
    edges = np.array([shell.edge for shell in shells])[:, None]
    widths = np.array([shell.width for shell in shells])[:, None]
    open_ = edges <= T
    narrow = np.where(open_, widths, np.inf).min(axis=0)
    wide = np.where(open_, widths, 0.0).max(axis=0)
    closed = ~open_.any(axis=0)
    narrow[closed] = wide[closed] = widths[0, 0]
    q2, dq2 = _nodes(T, limits, (narrow, wide), nodes_factor)

    strengths, currents = np.zeros((2, len(shells), *q2.shape))
    scales = widths**2 / (2 * m)
    for width in dict.fromkeys(shell.width for shell in shells):
        members = [i for i, shell in enumerate(shells) if shell.width == width]
        rows = np.flatnonzero(open_[members].any(axis=0))
        names = tuple(dict.fromkeys(shells[i].shape for i in members))
        x = T[rows, None] / scales[members[0]]
        y = (q2[rows] - 2 * m * T[rows, None]) / width**2
        found = shell_strengths(x, y, tuple(SHAPES[name] for name in names))
        for i in members:
            strengths[i, rows], currents[i, rows] = found[names.index(shells[i].shape)]
    number = np.array([shell.electrons for shell in shells])[:, None] * open_
    density = (T[:, None] ** 2 + q2) / (2 * m * T[:, None]) * dq2
    parts = (
        Part(number / scales, strengths, BoundElectronWeights(T, q2, density)),
        Part(number, currents, dict.fromkeys(CONVECTION, dq2 / m)),
    )
    return Measure(q2[None], SumOfParts(parts, q2.shape[1]))


def _nodes(
    T: Array, limits: tuple[Array, Array], widths: tuple[Array, Array], factor: int
) -> tuple[Array, Array]:
    """Return nodes in Q^2 and weights dQ^2, shape (T, node), with the ridge resolved.

    Up to half the ridge momentum ``c = sqrt(2mT)`` the nodes lie in ln |q|^2.  Across
    the ridge ``Q = c + w sinh(t)``, w the least width of the open shells: the poles of a
    shell of any width then lie at ``|Im t| >= pi/2``, so that one set serves all.
    """
    allowed = limits[1] > 0
    # where nothing is allowed all nodes lie at Q^2 = T^2, with zero weight
    lower, upper = (np.where(allowed, limit, T**2) for limit in limits)
    narrow, wide = widths
    ridge = np.sqrt(2 * c.electron_mass * T)
    upper = np.maximum(np.minimum(upper, (ridge + TAIL * wide) ** 2), lower)
    panels = []
    start = lower
    if np.any(limits[0] > 0):
        start = np.clip(T**2, lower, upper)
        log_q2, dlog = gauss_legendre(np.log(lower), np.log(start), POLE_NODES * factor)
        panels.append((np.exp(log_q2), np.exp(log_q2) * dlog))
    split = np.clip(ridge**2 / 4, start, upper)
    log_qq, dlog = gauss_legendre(np.log(T**2 + start), np.log(T**2 + split), LOW_NODES * factor)
    qq = np.exp(log_qq)
    panels.append((np.maximum(qq - T[:, None] ** 2, start[:, None]), qq * dlog))
    low, high = (np.arcsinh((np.sqrt(q2) - ridge) / narrow) for q2 in (split, upper))
    t, dt = gauss_legendre(low, high, RIDGE_NODES * factor)
    q = ridge[:, None] + narrow[:, None] * np.sinh(t)
    panels.append((q**2, 2 * q * narrow[:, None] * np.cosh(t) * dt))
    return np.hstack([p[0] for p in panels]), np.hstack([p[1] for p in panels])
