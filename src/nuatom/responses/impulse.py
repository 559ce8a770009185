"""Impulse approximation: free electrons with the momentum distribution of their subshell."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nuatom import constants as c
from nuatom.arrays import Array, ArrayLike
from nuatom.errors import InvalidInput
from nuatom.responses.bound import BoundElectronWeights
from nuatom.responses.free import ELECTRONS
from nuatom.responses.measure import ALL_RESPONSES, Measure, Part, SumOfParts
from nuatom.targets.elements import SHELL_NAMES, Element

MOMENTUM_UNIT = c.fine_structure * c.electron_mass
"""The atomic unit of momentum, alpha m [energy]."""
MOMENTUM_MAX = 600.0
"""Where the integral over the projected momentum ends [alpha m]."""
TABLE_MAX = 100.0
"""Where the tables of Biggs, Mendelsohn and Mann end [alpha m]."""

# fmt: off
_GRID = np.array([
    0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.4, 3,
    4, 5, 6, 7, 8, 10, 15, 20, 30, 40, 60, TABLE_MAX,
])
# fmt: on
INNER_NODES, MIDDLE_NODES, OUTER_NODES = 2, 3, 4
"""Nodes in each interval of the table up to 2, up to 8, and beyond 8 alpha m."""


@dataclass(frozen=True, eq=False)
class ComptonProfile:
    """J(p_z) of one electron of a subshell, normalised to 1 over |p_z| < 600 alpha m.

    A cubic spline of ln J through the tabulated points; beyond the last one the tail
    of a 1s electron of the same J(0), ``(p_z^2 + w^2)^-3`` with ``w = 8/(3 pi J(0))``.

    Parameters
    ----------
    shell : str
        Subshell that the table is of [name].
    tabulated_norm : float
        Integral of the profile before it was divided by it; what it lacks to 1 is
        the rounding of the table and, for K and L shells of heavy atoms, its tail
        [dimensionless].
    width : float
        w, in atomic units of momentum [dimensionless].
    interpolate : callable
        ln J at arsinh(p_z/w0) [any].
    """

    shell: str
    tabulated_norm: float
    width: float
    interpolate: Callable[[Array], Array]

    def __call__(self, momentum: ArrayLike) -> Array:
        """Return J(p_z) for p_z in atomic units.

        Parameters
        ----------
        momentum : array_like
            p_z/(alpha m), any shape and sign [dimensionless].

        Returns
        -------
        ndarray
            J alpha m, of the same shape.
        """
        p = np.abs(np.asarray(momentum, dtype=float))
        inside = np.minimum(p, TABLE_MAX)
        beyond = np.maximum(p, TABLE_MAX)
        tail = (TABLE_MAX**2 + self.width**2) / (beyond**2 + self.width**2)
        return np.asarray(np.exp(self.interpolate(np.arcsinh(inside / self.width))) * tail**3)


@functools.cache
def compton_profile(atomic_number: int, shell: str) -> ComptonProfile:
    """Return the Compton profile of a subshell.

    Parameters
    ----------
    atomic_number : int
        Z [dimensionless].
    shell : str
        X-ray name such as K, L3 or M5 [name].

    Returns
    -------
    ComptonProfile
        The one of the other subshell of the same n and l where the tables, which fill
        them one after the other, have none.

    Raises
    ------
    InvalidInput
        If there is no table for either.

    Notes
    -----
    J falls with |p_z| for every spherical wave function; a tabulated point above the
    one before (Eu L2 at 30 alpha m, a misprint) is left out.

    Example
    -------
    >>> round(float(compton_profile(1, "K")(0.0)), 3)   # 8/(3 pi)
    0.849

    References
    ----------
    F. Biggs, L. B. Mendelsohn and J. B. Mann, At. Data Nucl. Data Tables 16, 201 (1975),
    through T. Schoonjans et al., Spectrochim. Acta B 66, 776 (2011).
    """
    from scipy.interpolate import CubicSpline

    found, values = _tabulated(atomic_number, shell)
    keep = [0]
    for i in range(1, _GRID.size):
        if values[i] < 1.01 * values[keep[-1]]:  # a plateau may rise by rounding
            keep.append(i)
    p, j = _GRID[keep], values[keep]
    width = 8 / (3 * np.pi * j[0])
    # ln J is even in p_z: its slope vanishes at 0
    spline = CubicSpline(np.arcsinh(p / width), np.log(j), bc_type=((1, 0.0), "not-a-knot"))
    raw = ComptonProfile(found, 1.0, width, spline)
    momentum, dp = _momentum_nodes(np.zeros(1), np.full(1, MOMENTUM_MAX), 4)
    norm = float(2 * (raw(momentum) * dp).sum())
    return ComptonProfile(found, norm, width, lambda x: spline(x) - np.log(norm))


def _tabulated(atomic_number: int, shell: str) -> tuple[str, Array]:
    """Return the tabulated J of a subshell, or of its partner of the same n and l."""
    import xraylib

    index = int(shell[1:] or 1)
    partner = index + 1 if index % 2 == 0 else index - 1
    for name in (shell, f"{shell[0]}{partner}"):
        if name not in SHELL_NAMES:
            continue
        number = SHELL_NAMES.index(name)
        try:
            values = [xraylib.ComptonProfile_Partial(atomic_number, number, p) for p in _GRID]
        except ValueError:
            continue
        return name, np.array(values)
    raise InvalidInput(
        f"Compton profile of {shell} for Z = {atomic_number}: found no table; choose the response "
        "'hydrogenic' or 'stepped'"
    )


@functools.cache
def _profiles(element: Element) -> tuple[ComptonProfile, ...]:
    """Return the profile of every subshell of an atom."""
    return tuple(compton_profile(element.atomic_number, s.name) for s in element.subshells)


@dataclass(frozen=True)
class ImpulseApproximation:
    """Each electron scatters as a free one that moves, above its measured edge.

    ::

        R_L = sum_i N_i theta(T - B_i) J_i(p_z) (dp_z/dT) (2m + T)/(2(m + T)),
        R_T = 2T/(2m + T) R_L,    p_z = (T s - |q|)/2,    s = sqrt(1 + 4m^2/Q^2),

    dp_z/dT at constant |q|; the axial and interference responses follow from R_L as in
    `nuatom.responses.bound`, without the convection current.

    Parameters
    ----------
    element : Element
        The target [element].
    nodes_factor : int
        Multiplies the number of nodes, to show convergence [dimensionless].

    Notes
    -----
    Valid on the Bethe ridge and for T a few times the edge or more.  There is no photon
    point: for a millicharge it fails at Q^2 << 2mT, where the tail of the profile
    stands in for photoabsorption.  p_z runs from -600 to 600 alpha m; every p_z below
    infinity has Q^2 > 0, so that nothing else is cut.  ``Int dQ^2 R_L = T + 2m`` per
    electron holds but for terms of order <p^2>/m^2: 0.1 % for Ge, 0.2 % for Xe.

    References
    ----------
    P. Eisenberger and P. M. Platzman, Phys. Rev. A 2, 415 (1970); R. Ribberfors, Phys.
    Rev. B 12, 2067 (1975).
    """

    element: Element
    nodes_factor: int = 1
    name: str = "impulse"
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
        """Return nodes in p_z shared by the shells, with weights of the open ones."""
        m = c.electron_mass
        profiles = _profiles(self.element)
        high = np.minimum(momentum_projection(T, q2_min) / MOMENTUM_UNIT, MOMENTUM_MAX)
        low = np.maximum(momentum_projection(T, q2_max) / MOMENTUM_UNIT, -MOMENTUM_MAX)
        if np.all(low == low[:1]) and np.all(high == high[:1]):
            low, high = low[:1], high[:1]  # far from the limits every T has the same nodes
        p, dp = _momentum_nodes(low, high, self.nodes_factor)
        density = np.array([profile(p) * dp for profile in profiles])

        T = T[:, None]
        q2, slope = _scattering_surface(T, p * MOMENTUM_UNIT)
        electrons = np.array([shell.electrons for shell in self.element.subshells])
        number = electrons[:, None] * (self.edges[:, None] <= T[:, 0])
        slope *= (2 * m + T) / (2 * (m + T))
        factors = BoundElectronWeights(T[:, 0], q2, slope, transverse_ratio=2 * T / (2 * m + T))
        return Measure(q2[None], SumOfParts((Part(number, density, factors),), q2.shape[1]))


def momentum_projection(T: Array, q2: Array) -> Array:
    """Return p_z, the momentum along q that an electron must have to take up (T, Q^2).

    ``p_z = (T s - |q|)/2``, positive below the Bethe ridge, infinite for Q^2 -> 0; the
    sign is that of a momentum along q.

    Parameters
    ----------
    T : ndarray
        Energy transfer [energy].
    q2 : ndarray
        Q^2 >= 0, broadcasting with T [energy^2].

    Returns
    -------
    ndarray
        [energy]

    Example
    -------
    >>> m = c.electron_mass
    >>> bool(abs(momentum_projection(np.array(m), np.array(2 * m**2))) < 1e-12 * m)
    True
    """
    T, q2 = np.broadcast_arrays(T, q2)
    m2 = c.electron_mass**2
    s2 = 1 + np.divide(4 * m2, q2, out=np.full(q2.shape, np.inf), where=q2 > 0)
    return np.asarray((T * np.sqrt(s2) - np.sqrt(T**2 + q2)) / 2)


@functools.cache
def _rule(factor: int) -> tuple[Array, npt.NDArray[np.intp], Array, Array]:
    """Return the ends of the intervals in arsinh p_z and, for each node, interval, x, weight."""
    ends = np.arcsinh(np.append(_GRID, MOMENTUM_MAX))
    ends = np.concatenate([-ends[:0:-1], ends])
    outer = np.sinh(np.maximum(-ends[:-1], ends[1:]))
    counts = np.select([outer < 2.1, outer < 8.1], [INNER_NODES, MIDDLE_NODES], OUTER_NODES)
    rules = [np.polynomial.legendre.leggauss(int(count) * factor) for count in counts]
    interval = np.repeat(np.arange(counts.size), counts * factor)
    return (
        ends,
        interval,
        np.concatenate([x for x, _ in rules]),
        np.concatenate([w for _, w in rules]),
    )


def _momentum_nodes(low: Array, high: Array, factor: int) -> tuple[Array, Array]:
    """Return nodes p_z and weights dp_z in [low, high], in atomic units.

    Between its tabulated points a profile is smooth, and all subshells have the same
    points: each interval has its own few Gauss-Legendre nodes, in arsinh p_z.
    """
    ends, interval, x, weight = _rule(factor)
    clipped = np.clip(ends, np.arcsinh(low)[:, None], np.arcsinh(high)[:, None])
    half = (np.diff(clipped) / 2)[:, interval]
    t = clipped[:, interval] + half * (1 + x)
    return np.sinh(t), np.cosh(t) * half * weight


def _scattering_surface(T: Array, p: Array) -> tuple[Array, Array]:
    """Return Q^2 and dQ^2/dp_z times dp_z/dT (at constant |q|) for an electron of momentum p.

    ``(E_p + T)^2 = m^2 + (p + |q|)^2`` gives ``|q| = Q_f - p`` with the final momentum
    ``Q_f = sqrt((E_p + T)^2 - m^2)``; there ``2 |q| (T + E_p)/Q_f`` is the slope.
    """
    m = c.electron_mass
    energy = np.sqrt(m**2 + p**2)
    final = np.sqrt((energy + T) ** 2 - m**2)
    # |q| - T = 2T(E_p - p)/(Q_f + p + T), and E_p - p = m^2/(E_p + p) for p > 0
    difference = np.where(p > 0, m**2 / (energy + np.abs(p)), energy - p)
    above = np.where(p > 0, 2 * T * difference / (final + p + T), final - p - T)
    q = T + above
    return above * (q + T), 2 * q * (T + energy) / final
