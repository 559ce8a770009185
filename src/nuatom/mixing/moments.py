"""Matrices of magnetic and electric dipole moments."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from nuatom.arrays import RANGE_SLACK
from nuatom.errors import InvalidInput
from nuatom.mixing.parameters import ComplexArray, MixingParameters, pmns


def _no_moments() -> ComplexArray:
    return np.zeros((3, 3), dtype=np.complex128)


@dataclass(frozen=True, eq=False)
class MomentMatrix:
    """Magnetic and electric dipole moments of the three mass states.

    ``L = (1/2) sum_jk nubar_j sigma^{mu nu} (mu_jk + i eps_jk gamma_5) nu_k F_{mu nu}``,
    so that a left-handed nu_k turns into nu_j with ``mu_jk - i eps_jk``.  Both matrices
    are Hermitian; those of Majorana neutrinos are antisymmetric as well, and therefore
    imaginary and without diagonal moments.

    Parameters
    ----------
    magnetic : array_like
        mu, shape (3, 3), Hermitian, in the mass basis [Bohr magneton].
    electric : array_like
        eps, shape (3, 3), Hermitian, in the mass basis [Bohr magneton].
    majorana : bool
        Whether the neutrinos are Majorana particles [flag].

    Raises
    ------
    InvalidInput
        If a matrix has another shape, is not finite, not Hermitian, or, for Majorana
        neutrinos, not antisymmetric.

    Notes
    -----
    C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015), section 3.  The moments
    of Majorana neutrinos are those of the matrix element (twice the coefficient of the
    Lagrangian), so that cross sections have the same form as for Dirac neutrinos.

    Example
    -------
    >>> moments = MomentMatrix(1e-11 * np.eye(3))
    >>> float(abs(moments.left_handed[0, 0]))
    1e-11
    """

    magnetic: npt.ArrayLike = field(default_factory=_no_moments)
    electric: npt.ArrayLike = field(default_factory=_no_moments)
    majorana: bool = False

    def __post_init__(self) -> None:
        """Check the symmetries and freeze the arrays."""
        for name in ("magnetic", "electric"):
            matrix = _square(name, getattr(self, name))
            _symmetric(name, matrix, matrix.conj().T, "Hermitian")
            if self.majorana:
                _symmetric(name, matrix, -matrix.T, "antisymmetric for Majorana neutrinos")
            matrix.setflags(write=False)
            object.__setattr__(self, name, matrix)

    @property
    def left_handed(self) -> ComplexArray:
        """What a left-handed neutrino feels, ``mu - i eps``; shape (3, 3) [Bohr magneton]."""
        return np.asarray(self.magnetic) - 1j * np.asarray(self.electric)

    @property
    def strengths(self) -> npt.NDArray[np.float64]:
        """Squared moment of each mass state, ``sum_j |(mu - i eps)_jk|^2``, shape (3,)."""
        return np.asarray(np.sum(np.abs(self.left_handed) ** 2, axis=0))

    @classmethod
    def from_flavor_basis(
        cls, magnetic: npt.ArrayLike, electric: npt.ArrayLike, mixing: MixingParameters
    ) -> Self:
        """Return the moments of Dirac neutrinos from matrices in the flavour basis.

        ``mu = U^dagger mu_flavor U`` and likewise for eps.

        Parameters
        ----------
        magnetic, electric : array_like
            Shape (3, 3), Hermitian, rows and columns e, mu, tau [Bohr magneton].
        mixing : MixingParameters
            Gives U [mixing parameters].

        Returns
        -------
        MomentMatrix
            In the mass basis.

        Raises
        ------
        InvalidInput
            As for the class.

        Notes
        -----
        This defines the "flavour" of the sterile right-handed partner by the same U, the
        usual convention; sums over the final state do not depend on it.

        Example
        -------
        >>> fit = MixingParameters(0.6, 0.15, 0.8, 0.0, 1.0, 30.0)
        >>> same = MomentMatrix.from_flavor_basis(np.eye(3), np.zeros((3, 3)), fit)
        >>> bool(np.allclose(same.magnetic, np.eye(3)))
        True
        """
        U = pmns(mixing)
        mu, eps = _square("magnetic", magnetic), _square("electric", electric)
        return cls(U.conj().T @ mu @ U, U.conj().T @ eps @ U)

    @classmethod
    def majorana_from_flavor_basis(
        cls, transition: npt.ArrayLike, mixing: MixingParameters
    ) -> Self:
        """Return the moments of Majorana neutrinos from ``lambda = mu - i eps`` in flavours.

        ``lambda = U^T lambda_flavor U``; in the mass basis ``mu = i Im(lambda)`` and
        ``eps = i Re(lambda)``.

        Parameters
        ----------
        transition : array_like
            lambda, shape (3, 3), complex and antisymmetric, rows and columns e, mu, tau
            [Bohr magneton].
        mixing : MixingParameters
            Gives U, with its Majorana phases [mixing parameters].

        Returns
        -------
        MomentMatrix
            In the mass basis.

        Raises
        ------
        InvalidInput
            If the matrix is not antisymmetric.

        Notes
        -----
        W. Grimus and T. Schwetz, Nucl. Phys. B 587, 45 (2000), hep-ph/0006028.

        Example
        -------
        >>> fit = MixingParameters(0.6, 0.15, 0.8, 0.0, 1.0, 30.0)
        >>> e_mu = np.array([[0, 1e-11, 0], [-1e-11, 0, 0], [0, 0, 0]])
        >>> MomentMatrix.majorana_from_flavor_basis(e_mu, fit).majorana
        True
        """
        U = pmns(mixing)
        flavored = _square("transition", transition)
        _symmetric("transition", flavored, -flavored.T, "antisymmetric")
        mass = U.T @ flavored @ U
        mass = (mass - mass.T) / 2  # rounding
        return cls(1j * mass.imag, 1j * mass.real, majorana=True)


def _square(name: str, values: npt.ArrayLike) -> ComplexArray:
    """Return a complex 3 x 3 copy of `values`."""
    try:
        matrix = np.array(values, dtype=np.complex128)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} moments: found {values!r}, expected numbers") from None
    if matrix.shape != (3, 3) or not np.all(np.isfinite(matrix)):
        raise InvalidInput(
            f"{name} moments: found shape {matrix.shape}, expected (3, 3) and finite numbers"
        )
    return matrix


def _symmetric(name: str, matrix: ComplexArray, mirrored: ComplexArray, what: str) -> None:
    """Raise unless `matrix` is its mirror image, within rounding."""
    if np.max(np.abs(matrix - mirrored)) > RANGE_SLACK * np.max(np.abs(matrix), initial=0.0):
        raise InvalidInput(f"{name} moments: found another symmetry, expected a matrix {what}")
