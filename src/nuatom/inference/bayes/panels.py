"""A probability density as Legendre series on panels, made from its logarithm.

Panels are halved until the last coefficients of each series are negligible.  Several estimates
of the density (with other rules or samples) are carried along on the same panels, so that the
error of any quantile is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre
from scipy import optimize

from nuatom.arrays import Array
from nuatom.errors import FitFailed

_NODES = 10
_MOST = 200


@dataclass(frozen=True, eq=False)
class PanelDensity:
    """Estimates of a density, each with the integral 1.

    Parameters
    ----------
    edges : ndarray
        Of the panels, shape (panel + 1,) [any].
    series : ndarray
        Legendre coefficients, shape (order, panel, estimate) [1/any].
    """

    edges: Array
    series: Array

    @property
    def estimates(self) -> int:
        """How many estimates there are [dimensionless]."""
        return int(self.series.shape[2])

    def values(self, t: Array) -> Array:
        """Return the density by the first estimate.

        Parameters
        ----------
        t : ndarray
            Inside the panels, shape (n,) [any].

        Returns
        -------
        ndarray
            >= 0, shape (n,) [1/any].
        """
        panels, s = self._place(t)
        found = [legendre.legval(u, self.series[:, k, 0]) for u, k in zip(s, panels, strict=True)]
        return np.asarray(np.maximum(found, 0.0))

    def cumulative(self, t: float, estimate: int = 0) -> float:
        """Return the integral of the density up to t.

        Parameters
        ----------
        t : float
            Inside the panels [any].
        estimate : int
            Which estimate [dimensionless].

        Returns
        -------
        float
            Between 0 and 1, but for rounding.
        """
        panels, s = self._place(np.array([t]))
        k = int(panels[0])
        before = float(self._masses(estimate)[:k].sum())
        return before + self._part(k, float(s[0]), estimate)

    def quantile(self, probability: float, estimate: int = 0) -> float:
        """Return where the integral of the density reaches a probability.

        Parameters
        ----------
        probability : float
            Between 0 and 1 [dimensionless].
        estimate : int
            Which estimate [dimensionless].

        Returns
        -------
        float
            t [any].
        """
        masses = self._masses(estimate)
        sums = np.cumsum(masses)
        k = min(int(np.searchsorted(sums, probability)), len(masses) - 1)
        rest = probability - float(sums[k] - masses[k])

        def excess(s: float) -> float:
            return self._part(k, s, estimate) - rest

        if excess(1.0) <= 0:
            s = 1.0
        elif excess(-1.0) >= 0:
            s = -1.0
        else:
            s = float(optimize.brentq(excess, -1.0, 1.0, xtol=1e-13))
        low, high = self.edges[k], self.edges[k + 1]
        return float((low + high + s * (high - low)) / 2)

    def _place(self, t: Array) -> tuple[npt.NDArray[np.intp], Array]:
        """Return the panels of t, and where in these, from -1 to 1."""
        panels = np.clip(np.searchsorted(self.edges, t) - 1, 0, len(self.edges) - 2)
        low, high = self.edges[panels], self.edges[panels + 1]
        return panels, (2 * t - low - high) / (high - low)

    def _part(self, panel: int, s: float, estimate: int) -> float:
        """Return the integral from the beginning of a panel to s."""
        half = (self.edges[panel + 1] - self.edges[panel]) / 2
        whole = legendre.legint(self.series[:, panel, estimate], lbnd=-1)
        return float(half * legendre.legval(s, whole))

    def _masses(self, estimate: int) -> Array:
        return np.asarray(np.diff(self.edges) * self.series[0, :, estimate])


class _Panel:
    """Logarithms of a density at the nodes of one panel."""

    def __init__(self, logs: Callable[[float], Array], low: float, high: float) -> None:
        """Compute them."""
        self.low, self.high = low, high
        nodes = (low + high + (high - low) * _UNIT_NODES) / 2
        self.logs = np.array([logs(float(t)) for t in nodes])

    def series(self, top: float) -> Array:
        """Return the coefficients of exp(logs - top), shape (order, estimate)."""
        return np.asarray(_TO_SERIES @ np.exp(self.logs - top))

    def halves(self, logs: Callable[[float], Array]) -> "tuple[_Panel, _Panel]":
        """Return the two halves."""
        middle = (self.low + self.high) / 2
        return _Panel(logs, self.low, middle), _Panel(logs, middle, self.high)


def panel_density(
    logs: Callable[[float], Array], edges: Sequence[float], accuracy: float
) -> PanelDensity:
    """Return the density whose logarithm is given, up to its normalisation.

    Parameters
    ----------
    logs : callable
        t -> logarithms of all estimates, -infinity where the density is zero, shape
        (estimate,) [any].
    edges : sequence of float
        Of the panels to begin with, ascending [any].
    accuracy : float
        Of the last two coefficients, relative to the integral [dimensionless].

    Returns
    -------
    PanelDensity
        With at most some hundred panels; a jump is resolved no better.

    Raises
    ------
    FitFailed
        If the density is zero at every node.

    Example
    -------
    >>> normal = panel_density(lambda t: np.array([-t**2 / 2]), [-9.0, 0.0, 9.0], 1e-9)
    >>> round(normal.quantile(0.95), 6), round(normal.cumulative(1.0), 6)
    (1.644854, 0.841345)
    """
    panels = [_Panel(logs, a, b) for a, b in pairwise(edges)]
    while True:
        top = max(float(np.max(panel.logs)) for panel in panels)
        if not np.isfinite(top):
            raise FitFailed("density: found none above zero, expected data that are possible")
        found = [panel.series(top) for panel in panels]
        widths = np.array([panel.high - panel.low for panel in panels])
        total = sum(w * s[0, 0] for w, s in zip(widths, found, strict=True))
        rough = [
            w * np.max(np.abs(s[-2:, 0])) > accuracy * total
            for w, s in zip(widths, found, strict=True)
        ]
        if not any(rough) or len(panels) > _MOST:
            break
        panels = [
            part
            for panel, is_rough in zip(panels, rough, strict=True)
            for part in (panel.halves(logs) if is_rough else (panel,))
        ]
    series = np.stack(found, axis=1)
    return PanelDensity(
        np.array([*(panel.low for panel in panels), panels[-1].high]),
        series / np.einsum("p,pe->e", widths, series[0]),
    )


def _to_series(nodes: Array, weights: Array) -> Array:
    """Return the matrix from values at Gauss-Legendre nodes to Legendre coefficients."""
    orders = np.arange(len(nodes))[:, None]
    return np.asarray((2 * orders + 1) / 2 * legendre.legvander(nodes, len(nodes) - 1).T * weights)


_UNIT_NODES, _UNIT_WEIGHTS = legendre.leggauss(_NODES)
_TO_SERIES = _to_series(_UNIT_NODES, _UNIT_WEIGHTS)
