"""Acceleration of a fixed-point iteration by direct inversion in the iterative subspace."""

import numpy as np

from nuatom.arrays import Array


class DirectInversion:
    """Combine the trials whose errors cancel best.

    The combination minimises ``|sum_i c_i e_i|`` with ``sum_i c_i = 1``.
    P. Pulay, J. Comput. Chem. 3, 556 (1982).

    Parameters
    ----------
    depth : int
        Number of trials remembered [dimensionless].

    Example
    -------
    >>> solver, x = DirectInversion(5), np.array([1.0])
    >>> for _ in range(6):
    ...     x = solver.improve(np.cos(x), np.cos(x) - x)
    >>> float(x[0].round(9))
    0.739085133
    """

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._trials: list[Array] = []
        self._errors: list[Array] = []

    def improve(self, trial: Array, error: Array) -> Array:
        """Remember a trial and return the best combination of all.

        Parameters
        ----------
        trial : ndarray
            What the iteration yields, shape (n,) [any].
        error : ndarray
            How far it is from the solution, any length [any].

        Returns
        -------
        ndarray
            Shape of `trial`.
        """
        self._trials = [*self._trials, trial][-self._depth :]
        self._errors = [*self._errors, error][-self._depth :]
        sizes = np.array([np.linalg.norm(e) for e in self._errors])
        if not np.all(sizes > 0):
            return trial
        units = np.array([e / size for e, size in zip(self._errors, sizes, strict=True)])
        inverse = np.min(sizes) / sizes
        n = len(sizes)
        system = np.zeros((n + 1, n + 1))
        system[:n, :n] = units @ units.T
        system[:n, n] = system[n, :n] = inverse
        right = np.append(np.zeros(n), 1.0)
        weights = np.linalg.lstsq(system, right, rcond=1e-15)[0][:n] * inverse
        return np.asarray(np.tensordot(weights, np.array(self._trials), axes=1))
