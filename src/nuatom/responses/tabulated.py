"""Responses read from a table, with the ridge resolved and the photon pole split off.

The nodes are laid for the integral, not for the table: in ln Q^2 below Q^2 = T^2 where a
neutrino mass regulates the pole of a photon, so that the pole is integrated exactly and
only the smooth residue, R at |q| -> T, comes from the table; in ln |q|^2 up to half the
ridge momentum c; across the ridge in t, ``|q| = c + w sinh t``, w the least width of the
open shells.  The limits of Q^2 are ends of panels.  At each node the table is
interpolated at ``|q| = sqrt(T^2 + Q^2)``.

Accuracy of tables of 60 x 80 points, made of closed forms; largest change of a cross
section (magnetic moment, charge radius, millicharge; 1 MeV neutrinos):

=============================  ===============  ==============  =============
table                          from exact       four times the  half of the
                               responses        nodes           grid
=============================  ===============  ==============  =============
1s, to 50 or 300 edges         7e-6             7e-6            2e-5
2p / 2s, to 200 edges          3e-6 / 2e-4      3e-6 / 2e-4     5e-5 / 5e-4
3s, to 300 edges               8e-4             8e-4            1.4e-3
Ge, 12 shells, 0.05 to 60 keV  7e-5             7e-5            4e-4
Xe, 17 shells, 0.05 to 60 keV  2e-4             2e-4            5e-4
=============================  ===============  ==============  =============

What is left is the quadrature, where R_L of a shell with nodes has sharp minima.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import RANGE_SLACK, Array, within
from nuatom.errors import OutOfRange, UnsupportedResponse, lookup
from nuatom.responses.free import ELECTRONS
from nuatom.responses.measure import Measure, gauss_legendre
from nuatom.responses.response_table import ResponseTable
from nuatom.responses.scaled_grid import ridge_momentum
from nuatom.responses.stepped import EDGE_SLACK
from nuatom.responses.table_format import read_table
from nuatom.responses.table_spline import ShellSpline, TabulatedWeights, shell_splines

Flags = npt.NDArray[np.bool_]

POLE_NODES = 24
"""Nodes in ln Q^2 below Q^2 = T^2."""
LOW_NODES = 12
"""Nodes in ln |q|^2 up to half the momentum of the ridge."""
RIDGE_NODES = 40
"""Nodes across the ridge and its tail."""


@dataclass(frozen=True, eq=False)
class Tabulated:
    """An atom as a table of responses has it.

    ``R = sum over shells of R_shell(eps, |q|)`` with ``eps = T - edge >= 0``; a shell
    above its `free_above` is free electrons on the Bethe ridge instead.

    Parameters
    ----------
    table : ResponseTable
        From `nuatom.responses.table_format.read_table` [table].
    calculated_edges : bool
        Whether each shell is moved from the edge of the table to its calculated
        threshold [flag].
    nodes_factor : float
        Multiplies the numbers of nodes, which are rounded: above 1 to show convergence, below
        1 where many shells are added and none of them counts alone [dimensionless].
    name : str
        Name in the catalogue [name].

    Notes
    -----
    Provides the responses in the table, within its energies (beyond them it raises
    OutOfRange) and zero beyond its momenta.

    A shell that is replaced by free electrons has no photon point.  With hydrogenic
    shells, `free_above` at 100 (1000) edges lowers the millicharge cross section of Ge by
    up to 1.1 % (0.2 %) between 0.05 and 60 keV; magnetic moment and charge radius change
    by less than 0.06 % (0.02 %).
    """

    table: ResponseTable
    calculated_edges: bool = False
    nodes_factor: float = 1
    name: str = "tabulated"

    @classmethod
    def read(cls, path: Path, *, name: str = "tabulated") -> "Tabulated":
        """Return the model of a file.

        Parameters
        ----------
        path : Path
            A table that `write_table` wrote [path].
        name : str
            Name in the catalogue [name].

        Returns
        -------
        Tabulated
            With the edges of the table.

        Raises
        ------
        InvalidInput
            If the file is not a sound table.
        """
        return cls(read_table(path), name=name)

    @property
    def element(self) -> str:
        """Symbol of the element that the table is of."""
        return self.table.provenance.element

    @property
    def shells(self) -> tuple[str, ...]:
        """The subshells of the table."""
        return tuple(shell.name for shell in self.table.shells)

    @property
    def edges(self) -> Array:
        """Thresholds [energy]."""
        if self.calculated_edges:
            return np.array([shell.calculated_threshold for shell in self.table.shells])
        return np.array([shell.edge for shell in self.table.shells])

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    @property
    def provides(self) -> frozenset[str]:
        """The responses in the table."""
        return frozenset(self.table.responses)

    @functools.cached_property
    def splines(self) -> tuple[ShellSpline, ...]:
        """The splines of each shell, made once."""
        return shell_splines(self.table)

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes shared by the shells, and a last one for free electrons if needed."""
        covered, free = self._covered(T)
        q2, dq2 = self._nodes(T, (q2_min, q2_max), covered)
        ridge = 2 * c.electron_mass * T
        number = free * np.array([shell.electrons for shell in self.table.shells])[:, None]
        number *= (ridge >= q2_min) & (ridge <= q2_max)
        weights = TabulatedWeights(self.splines, T, self._on_table(T), q2, dq2, covered, number)
        if weights.has_ridge:
            q2 = np.hstack([q2, ridge[:, None]])
        return Measure(q2[None], weights)

    def interpolate(self, response: str, energy_transfer: Array, momentum: Array) -> Array:
        """Return a response of each shell at any energies and momenta.

        Parameters
        ----------
        response : str
            One of `provides` [name].
        energy_transfer : ndarray
            T, shape (T,) [energy].
        momentum : ndarray
            The magnitude of q >= T, shape (T, node) [energy].

        Returns
        -------
        ndarray
            Shape (shell, T, node); zero below the edge, beyond the momenta of the table
            and where free electrons replace it [1/energy].

        Raises
        ------
        UnsupportedResponse
            If the table does not hold the response.
        OutOfRange
            If T lies beyond the table.
        """
        if response not in self.provides:
            raise UnsupportedResponse(
                f"table of {self.table.provenance.element}: found no response {response!r}, "
                f"expected one of {', '.join(sorted(self.provides))}"
            )
        covered, _ = self._covered(energy_transfer)
        q2 = np.maximum(momentum**2 - energy_transfer[:, None] ** 2, 0.0)
        weights = TabulatedWeights(
            splines=self.splines,
            energy_transfer=energy_transfer,
            on_table=self._on_table(energy_transfer),
            q2=q2,
            dq2=np.ones(q2.shape),
            covered=covered,
            free=np.zeros(covered.shape),
        )
        return weights[response]

    def photoabsorption_by_shell(self, energy_transfer: Array, *, response: str = "T") -> Array:
        """Return the photoabsorption cross section that the photon point implies.

        ``sigma = 2 pi^2 alpha R_T/T`` or ``sigma = 4 pi^2 alpha T R_L/|q|^2`` at |q| = T.
        The second is the dipole limit only, without the higher multipoles.

        Parameters
        ----------
        energy_transfer : ndarray
            Photon energy, shape (T,) [energy].
        response : str
            T or L [name].

        Returns
        -------
        ndarray
            Shape (shell, T); zero where free electrons replace the table [length^2].

        Raises
        ------
        UnknownName
            If the response is neither T nor L.
        UnsupportedResponse
            If the table does not hold it.
        OutOfRange
            If the energy lies beyond the table.
        """
        factor = lookup("response at the photon point", response, {"T": 2.0, "L": 4.0})
        value = self.interpolate(response, energy_transfer, energy_transfer[:, None])[:, :, 0]
        return np.asarray(factor * np.pi**2 * c.fine_structure / energy_transfer * value)

    def band(self, channel: str, energy_transfer: Array) -> tuple[Array, Array]:
        """Return how far variants of the theory move a cross section.

        Parameters
        ----------
        channel : str
            Catalogue name, such as magnetic-moment [name].
        energy_transfer : ndarray
            T, any shape [energy].

        Returns
        -------
        tuple of ndarray
            (lower, upper) relative change, linear in ln T between the energies of the
            table [dimensionless].

        Raises
        ------
        UnsupportedResponse
            If the table has no uncertainty.
        UnknownName
            If it has none for the channel.
        OutOfRange
            If T lies beyond its energies.
        """
        found = self.table.uncertainty
        if found is None:
            raise UnsupportedResponse(
                f"table of {self.table.provenance.element}: found no relative_uncertainty; "
                "build the table with variants"
            )
        rows = {name: i for i, name in enumerate(found.channels)}
        row = lookup("channel with an uncertainty", channel, rows)
        grid = found.energy_transfer
        if not within(energy_transfer, float(grid[0]), float(grid[-1])):
            raise OutOfRange(
                "energy_transfer: found a value beyond the energies of relative_uncertainty in "
                f"the table of {self.table.provenance.element}; choose T inside them"
            )
        x = np.log(energy_transfer)
        lower, upper = (
            np.interp(x, np.log(grid), side[row]) for side in (found.lower, found.upper)
        )
        return lower, upper

    def _on_table(self, T: Array) -> Array:
        """Return T as each shell of the table has it, shape (shell, T)."""
        used = np.array([shell.edge for shell in self.table.shells])
        return np.asarray(T + (used - self.edges)[:, None])

    def _covered(self, T: Array) -> tuple[Flags, Flags]:
        """Return, for each shell and T, whether the table or free electrons hold."""
        shells = self.table.shells
        energy = self._on_table(T)
        open_ = self.edges[:, None] * (1 - EDGE_SLACK) <= T
        free = energy > np.array([shell.free_above for shell in shells])[:, None]
        last = self.table.energy_transfer()[:, -1:]
        beyond = open_ & ~free & (energy > last * (1 + RANGE_SLACK))
        if np.any(beyond):
            shell, at = np.argwhere(beyond)[0]
            end = float(last[shell, 0] - energy[shell, at] + T[at])
            raise OutOfRange(
                f"energy_transfer: found {T[at] / u.keV:.6g} keV, but shell "
                f"{shells[shell].name} of the table of {self.table.provenance.element} ends at "
                f"{end / u.keV:.6g} keV; choose T below, another response such as "
                "stepped, or build a table that goes further"
            )
        return np.asarray(open_ & ~free), np.asarray(open_ & free)

    def _nodes(self, T: Array, limits: tuple[Array, Array], covered: Flags) -> tuple[Array, Array]:
        """Return nodes in Q^2 and weights dQ^2, shape (T, node), for the shells in the table."""
        widths = np.array([shell.momentum_width for shell in self.table.shells])[:, None]
        ends = np.array([shell.greatest_momentum(T) for shell in self.table.shells])
        width = np.where(covered, widths, np.inf).min(axis=0)
        end = np.where(covered, ends, 0.0).max(axis=0)
        width = np.where(np.isfinite(width), width, widths[0, 0])
        lower, upper = limits[0], np.minimum(limits[1], end**2 - T**2)
        # where nothing is allowed all nodes lie at Q^2 = T^2, with zero weight
        closed = upper <= lower
        lower, upper = np.where(closed, T**2, lower), np.where(closed, T**2, upper)
        pole, low_part, across = (
            round(self.nodes_factor * nodes) for nodes in (POLE_NODES, LOW_NODES, RIDGE_NODES)
        )
        panels, start = [], lower
        # the pole is over at Q^2 = T^2, or well before the ridge where T > m/2
        scale = np.minimum(T**2, c.electron_mass * T / 2)
        if np.any(limits[0] > 0):
            start = np.clip(scale, lower, upper)
            log_q2, dlog = gauss_legendre(np.log(lower), np.log(start), pole)
            panels.append((np.exp(log_q2), np.exp(log_q2) * dlog))
        ridge = ridge_momentum(T)
        split = np.clip(ridge**2 / 4 - T**2, start, upper)
        log_sum, dlog = gauss_legendre(np.log(scale + start), np.log(scale + split), low_part)
        total = np.exp(log_sum)
        panels.append((np.maximum(total - scale[:, None], start[:, None]), total * dlog))
        low, high = (np.arcsinh((np.sqrt(T**2 + q2) - ridge) / width) for q2 in (split, upper))
        t, dt = gauss_legendre(low, high, across)
        q = ridge[:, None] + width[:, None] * np.sinh(t)
        q2 = np.maximum((q - T[:, None]) * (q + T[:, None]), split[:, None])
        panels.append((q2, 2 * q * width[:, None] * np.cosh(t) * dt))
        return np.hstack([p[0] for p in panels]), np.hstack([p[1] for p in panels])
