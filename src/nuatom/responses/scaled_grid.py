"""The scaled grid of a shell: kinetic energies, and momenta that follow the Bethe ridge.

Each shell of a table has its own grid, on which its response is smooth:

* energies are kinetic energies above the edge that the table uses, ``T = edge + eps``: no
  point ever lies on the far side of an edge, and another edge moves the shell rigidly;
* at each T the momenta run from the photon point, ``|q| = T``, across the Bethe ridge to
  ``q_max = c + reach w``, in equal steps of

  ::

      g(T, q) = arsinh[(q - c)/w] + (1/2) ln q,     c = sqrt(T^2 + 2mT),

  with w the momentum width of the shell.  The first term resolves ridges and tails of
  any width, the second the decades of momentum below.  Points of equal index at two
  energies lie at the same place on the ridge, so that the ridge never crosses the grid.

In ``ln(1 + eps/scale)`` and the index, cubic splines of ln R need few points: 60 x 80 give
cross sections to 1e-5 for 1s and 2p, where 80 momenta common to all energies would put one
or two points on a ridge.  `nuatom.responses.tabulated` states the accuracy reached.
"""

from dataclasses import dataclass

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.errors import InvalidInput

LOGARITHM_SHARE = 0.5
"""Factor of ln q in g; part of the format."""


def ridge_momentum(energy_transfer: Array) -> Array:
    """Return the momentum of the Bethe ridge, ``c = sqrt(T^2 + 2mT)``.

    Parameters
    ----------
    energy_transfer : ndarray
        T, any shape [energy].

    Returns
    -------
    ndarray
        [energy]

    Example
    -------
    >>> bool(ridge_momentum(np.array(1.0)) > 1.0)
    True
    """
    return np.asarray(np.sqrt(energy_transfer * (energy_transfer + 2 * c.electron_mass)))


def kinetic_grid(maximum: float, scale: float, points: int) -> Array:
    """Return kinetic energies from 0 to a maximum in equal steps of ``ln(1 + eps/scale)``.

    Parameters
    ----------
    maximum : float
        Greatest kinetic energy [energy].
    scale : float
        Below it the steps are equal, above it they grow; the edge, or less where the
        response has structure close to its edge [energy].
    points : int
        At least 8 [dimensionless].

    Returns
    -------
    ndarray
        Shape (points,) [energy].

    Example
    -------
    >>> kinetic_grid(7.0, 1.0, 4)
    array([0., 1., 3., 7.])
    """
    grid = scale * np.expm1(np.linspace(0, np.log1p(maximum / scale), points))
    grid[-1] = maximum
    return np.asarray(grid)


@dataclass(frozen=True)
class TableShell:
    """One subshell of a table and the scales of its grid.

    Parameters
    ----------
    name : str
        X-ray name such as K or L3 [name].
    electrons : float
        How many; the responses are already summed over them [dimensionless].
    edge : float
        Threshold that the table uses, usually the measured one [energy].
    calculated_threshold : float
        Threshold of the theory alone [energy].
    free_above : float
        Energy transfer above which free electrons replace the table; infinite for
        never [energy].
    momentum_width : float
        w; half of ``sqrt(2 m B)``, with B the calculated threshold, is a good choice
        [energy].
    energy_scale : float
        Of ``ln(1 + eps/scale)``, the variable of the splines [energy].
    momentum_reach : float
        Where the grid ends, in widths above the ridge [dimensionless].

    Raises
    ------
    InvalidInput
        If a number is not positive.
    """

    name: str
    electrons: float
    edge: float
    calculated_threshold: float
    free_above: float
    momentum_width: float
    energy_scale: float
    momentum_reach: float = 80.0

    def __post_init__(self) -> None:
        """Check that every number is positive."""
        numbers = {label: value for label, value in vars(self).items() if label != "name"}
        for label, value in numbers.items():
            never_free = label == "free_above" and value == np.inf
            if not (never_free or 0 < value < np.inf):
                raise InvalidInput(
                    f"shell {self.name}: found {label} = {value:g}, expected a finite number > 0"
                )

    def greatest_momentum(self, energy_transfer: Array) -> Array:
        """Return the last momentum of the grid, ``c + reach w``.

        Parameters
        ----------
        energy_transfer : ndarray
            T [energy].

        Returns
        -------
        ndarray
            [energy]
        """
        reach = self.momentum_reach * self.momentum_width
        return np.asarray(ridge_momentum(energy_transfer) + reach)

    def position(self, energy_transfer: Array, momentum: Array, log_momentum: Array) -> Array:
        """Return where a momentum lies on the grid: 0 at the photon point, 1 at the end.

        Parameters
        ----------
        energy_transfer : ndarray
            T, broadcasting with the momentum [energy].
        momentum : ndarray
            The magnitude of q [energy].
        log_momentum : ndarray
            Its logarithm, which shells share [any].

        Returns
        -------
        ndarray
            Below 0 for |q| < T and above 1 beyond the table [dimensionless].
        """
        end = self.greatest_momentum(energy_transfer)
        first = self._scaled(energy_transfer, energy_transfer, np.log(energy_transfer))
        last = self._scaled(energy_transfer, end, np.log(end))
        here = self._scaled(energy_transfer, momentum, log_momentum)
        return np.asarray((here - first) / (last - first))

    def momentum_grid(self, energy_transfer: Array, points: int) -> Array:
        """Return the momenta at which a table holds the response, equally spaced in g.

        Parameters
        ----------
        energy_transfer : ndarray
            T, shape (T,) [energy].
        points : int
            Momenta at each energy [dimensionless].

        Returns
        -------
        ndarray
            Shape (T, points), from T to c + reach w [energy].

        Example
        -------
        >>> from nuatom import units as u
        >>> shell = TableShell("K", 2, u.keV, u.keV, np.inf, 30 * u.keV, u.keV)
        >>> q = shell.momentum_grid(np.array([2.0]) * u.keV, 80)
        >>> q.shape, round(float(q[0, 0] / u.keV), 12)
        ((1, 80), 2.0)
        """
        T = np.asarray(energy_transfer)[:, None]
        end = self.greatest_momentum(T)
        low, high = np.log(T), np.log(end)
        target = np.linspace(0, 1, points)
        low, high = np.broadcast_arrays(low, high, target)[:2]
        for _ in range(60):  # bisection: g grows with q
            middle = (low + high) / 2
            below = self.position(T, np.exp(middle), middle) < target
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        momentum = np.exp((low + high) / 2)
        momentum[:, :1], momentum[:, -1:] = T, end
        return np.asarray(momentum)

    def _scaled(self, T: Array, momentum: Array, log_momentum: Array) -> Array:
        """Return ``g = arsinh[(q - c)/w] + (1/2) ln q``."""
        away = (momentum - ridge_momentum(T)) / self.momentum_width
        return np.asarray(np.arcsinh(away) + LOGARITHM_SHARE * log_momentum)
