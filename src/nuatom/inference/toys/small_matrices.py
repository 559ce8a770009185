"""Linear algebra of a few dimensions in machine code, for use inside compiled loops."""

import math

from nuatom.arrays import Array
from nuatom.compiled import compiled


@compiled
def solve(matrix: Array, vector: Array, size: int) -> bool:
    """Solve linear equations in place, by elimination with pivots.

    Parameters
    ----------
    matrix : ndarray
        At least (size, size); destroyed [any].
    vector : ndarray
        Right-hand side, at least (size,); the solution on return [any].
    size : int
        Of the equations [dimensionless].

    Returns
    -------
    bool
        False if the matrix is singular.

    Example
    -------
    >>> import numpy as np
    >>> right = np.array([2.0, 8.0])
    >>> solve(np.array([[0.0, 2.0], [4.0, 0.0]]), right, 2), right
    (True, array([2., 1.]))
    """
    for k in range(size):
        pivot = k
        for r in range(k + 1, size):
            if abs(matrix[r, k]) > abs(matrix[pivot, k]):
                pivot = r
        if abs(matrix[pivot, k]) == 0.0:
            return False
        if pivot != k:
            for c in range(k, size):
                matrix[k, c], matrix[pivot, c] = matrix[pivot, c], matrix[k, c]
            vector[k], vector[pivot] = vector[pivot], vector[k]
        for r in range(k + 1, size):
            factor = matrix[r, k] / matrix[k, k]
            if factor != 0.0:
                for c in range(k + 1, size):
                    matrix[r, c] -= factor * matrix[k, c]
                vector[r] -= factor * vector[k]
    for k in range(size - 1, -1, -1):
        for c in range(k + 1, size):
            vector[k] -= matrix[k, c] * vector[c]
        vector[k] /= matrix[k, k]
    return True


@compiled
def normalise(vector: Array) -> None:
    """Divide a vector, in place, by its length.

    Parameters
    ----------
    vector : ndarray
        Shape (k,) [any].

    Example
    -------
    >>> import numpy as np
    >>> one = np.array([3.0, 4.0])
    >>> normalise(one)
    >>> one
    array([0.6, 0.8])
    """
    total = 0.0
    for one in vector:
        total += one * one
    for k in range(vector.size):
        vector[k] /= math.sqrt(total)


@compiled
def remove(vector: Array, unit: Array) -> None:
    """Remove from a vector, in place, its part along another.

    Parameters
    ----------
    vector : ndarray
        Shape (k,) [any].
    unit : ndarray
        Of length 1, shape (k,) [dimensionless].

    Example
    -------
    >>> import numpy as np
    >>> one = np.array([3.0, 4.0])
    >>> remove(one, np.array([0.0, 1.0]))
    >>> one
    array([3., 0.])
    """
    total = 0.0
    for k in range(vector.size):
        total += vector[k] * unit[k]
    for k in range(vector.size):
        vector[k] -= total * unit[k]
