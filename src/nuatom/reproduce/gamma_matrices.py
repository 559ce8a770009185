"""Traces of Dirac matrices, for numbers and for polynomials alike.

Every function takes arrays of complex numbers or object arrays of polynomials, so
that the same code checks an identity at random momenta and in symbols.  Four-vectors
have their index last and up; the metric is (+,-,-,-) and the representation is
Dirac's.  Tensors of neutrinos have upper indices, tensors of targets lower ones, and
the first index belongs to the complex conjugate current, as in Eq. (5) of the paper.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Components = npt.NDArray[Any]
"""Complex numbers or polynomials."""

METRIC = np.diag([1, -1, -1, -1])


@dataclass(frozen=True, eq=False)
class Dirac:
    """The Dirac matrices over one kind of number.

    Parameters
    ----------
    i : complex or polynomial
        The imaginary unit of that kind [dimensionless].

    Example
    -------
    >>> d = Dirac(1j)
    >>> np.allclose(d.gamma5 @ d.gamma5, np.eye(4))
    True
    """

    i: Any

    @property
    def gamma(self) -> Components:
        """The four gamma^mu, with the shape (mu, row, column)."""
        o, i = 0 * self.i, self.i
        one = o + 1
        pauli = [[[o, one], [one, o]], [[o, -i], [i, o]], [[one, o], [o, -one]]]
        matrices = [[[one, o, o, o], [o, one, o, o], [o, o, -one, o], [o, o, o, -one]]]
        for s in pauli:
            upper = [[o, o, *row] for row in s]
            lower = [[-row[0], -row[1], o, o] for row in s]
            matrices.append(upper + lower)
        return np.array(matrices)

    @property
    def gamma5(self) -> Components:
        """The product i gamma^0 gamma^1 gamma^2 gamma^3."""
        g = self.gamma
        return np.asarray((g[0] @ g[1] @ g[2] @ g[3]) * self.i)

    @property
    def one(self) -> Components:
        """The unit matrix."""
        return np.asarray(self.gamma[0] @ self.gamma[0])

    def slash(self, vector: Components) -> Components:
        """Return v_mu gamma^mu.

        Parameters
        ----------
        vector : ndarray
            Four-vector, index last [any].

        Returns
        -------
        ndarray
            Shape (..., 4, 4).
        """
        return np.asarray((lower(vector)[..., :, None, None] * self.gamma).sum(axis=-3))

    def sigma_q(self, q: Components) -> Components:
        """Return sigma^{mu nu} q_nu = (i/2) (gamma^mu q-slash - q-slash gamma^mu).

        Parameters
        ----------
        q : ndarray
            Four-vector, index last [energy].

        Returns
        -------
        ndarray
            Shape (..., mu, row, column).
        """
        q_slash = self.slash(q)[..., None, :, :]
        return np.asarray((self.gamma @ q_slash - q_slash @ self.gamma) * self.i / 2)

    def magnetic_tensor(
        self, k: Components, k_final: Components, final_chirality: int = 0
    ) -> Components:
        """Return Eq. (5) for the vertex sigma^{mu nu} q_nu, without (mu/(2m))^2.

        ::

            L^{mu nu} = Tr[ (1-gamma_5)/2 k-slash sigma^{mu a} q_a k'-slash sigma^{nu b} q_b ]

        The charge is outside: e^2 of this vertex is one alpha of the alpha^2 in Eq. (4).

        Parameters
        ----------
        k, k_final : ndarray
            Light-like momenta before and after [energy].
        final_chirality : int
            -1 or +1 keeps that chirality of the final neutrino, 0 sums [dimensionless].

        Returns
        -------
        ndarray
            Shape (..., 4, 4) [energy^4].
        """
        vertex = self.sigma_q(k - k_final)
        initial = (self.one - self.gamma5) @ self.slash(k)
        final = self.slash(k_final)
        if final_chirality:
            final = (self.one + self.gamma5 * final_chirality) @ final / 2
        return np.asarray(_traces(initial, vertex, final, vertex) / 2)

    def vector_tensor(self, k: Components, k_final: Components, anti: bool = False) -> Components:
        """Return Eq. (5) for the vertex gamma^mu, a left-handed neutrino or its antiparticle.

        Parameters
        ----------
        k, k_final : ndarray
            Light-like momenta before and after [energy].
        anti : bool
            Antineutrino: the other sign of gamma_5 in the trace [flag].

        Returns
        -------
        ndarray
            Shape (..., 4, 4) [energy^2].
        """
        chiral = self.one + self.gamma5 if anti else self.one - self.gamma5
        initial = chiral @ self.slash(k)
        return np.asarray(_traces(initial, self.gamma, self.slash(k_final), self.gamma) / 2)

    def electron_tensor(
        self, p: Components, p_final: Components, couplings: tuple[Components, Components]
    ) -> Components:
        """Return the tensor of a free electron at rest with the current g_V V - g_A A.

        ::

            H_{mu nu} = (1/2) Tr[ (p-slash + m) J_mu (p'-slash + m) J_nu ],
            J_mu = gamma_mu (g_V - g_A gamma_5),  m = p^0

        Parameters
        ----------
        p, p_final : ndarray
            Momenta before (at rest) and after [energy].
        couplings : tuple of ndarray
            (g_V, g_A) [dimensionless].

        Returns
        -------
        ndarray
            Shape (..., 4, 4), lower indices [energy^2].
        """
        g_v, g_a = couplings
        chiral = self.one * scalar(g_v) - self.gamma5 * scalar(g_a)
        current = self.gamma @ chiral[..., None, :, :]
        initial = self.slash(p) + self.one * scalar(p[..., 0])
        final = self.slash(p_final) + self.one * scalar(p[..., 0])
        return np.asarray(METRIC @ _traces(initial, current, final, current) @ METRIC / 2)


def _traces(a: Components, b: Components, c: Components, d: Components) -> Components:
    """Return Tr[a b^mu c d^nu]."""
    left = a[..., None, :, :] @ b
    right = c[..., None, :, :] @ d
    return np.asarray(
        (left[..., :, None, :, :] * right.swapaxes(-1, -2)[..., None, :, :, :]).sum(axis=(-1, -2))
    )


def scalar(values: Components) -> Components:
    """Return the values with two axes of length one, to multiply matrices and tensors.

    Parameters
    ----------
    values : ndarray
        Any shape [any].

    Returns
    -------
    ndarray
        Shape (..., 1, 1).
    """
    return np.asarray(values)[..., None, None]


def lower(vector: Components) -> Components:
    """Return the vector with its index down.

    Parameters
    ----------
    vector : ndarray
        Upper index, last axis [any].

    Returns
    -------
    ndarray
        Same shape.
    """
    return np.asarray(vector * np.diag(METRIC))


def dot(a: Components, b: Components) -> Components:
    """Return a_mu b^mu.

    Parameters
    ----------
    a, b : ndarray
        Four-vectors, index last [any].

    Returns
    -------
    ndarray
        Without the last axis.
    """
    return np.asarray((lower(a) * b).sum(axis=-1))


def outer(a: Components, b: Components) -> Components:
    """Return a^mu b^nu.

    Parameters
    ----------
    a, b : ndarray
        Four-vectors, index last [any].

    Returns
    -------
    ndarray
        Shape (..., 4, 4).
    """
    return np.asarray(a[..., :, None] * b[..., None, :])


def contract(upper: Components, lowered: Components) -> Components:
    """Return L^{mu nu} W_{mu nu}.

    Parameters
    ----------
    upper : ndarray
        L, upper indices [any].
    lowered : ndarray
        W, lower indices [any].

    Returns
    -------
    ndarray
        Without the last two axes.
    """
    return np.asarray((upper * lowered).sum(axis=(-1, -2)))


def target_tensor(p: Components, q: Components, f_a: Components, f_b: Components) -> Components:
    """Return (p.q) W_{mu nu} of Eq. (7); the factor keeps polynomials polynomial.

    ::

        W = F_a [ -(q^2/p.q) p_mu p_nu - (p.q) g_{mu nu} + p_mu q_nu + p_nu q_mu ]
            + F_b [ q^2 g_{mu nu} - q_mu q_nu ]

    Parameters
    ----------
    p, q : ndarray
        Momenta of the target and of the photon [energy].
    f_a, f_b : ndarray
        The structure functions F_a and F_b [any].

    Returns
    -------
    ndarray
        Shape (..., 4, 4), lower indices [any].
    """
    pq, q2, f_a, f_b = (scalar(x) for x in (dot(p, q), dot(q, q), f_a, f_b))
    p, q = lower(p), lower(q)
    return np.asarray(
        f_a * (-q2 * outer(p, p) - pq * pq * METRIC + pq * (outer(p, q) + outer(q, p)))
        + f_b * pq * (q2 * METRIC - outer(q, q))
    )
