"""Momenta of one neutrino and one target, as polynomials or as random numbers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nuatom.reproduce.gamma_matrices import Components, Dirac, dot, target_tensor

SEED = 20100610
POINTS = 24


@dataclass(frozen=True, eq=False)
class Frame:
    """A neutrino k -> k' and a target p at rest, as numbers or as polynomials.

    Parameters
    ----------
    dirac : Dirac
        The matrices over the same kind of number [dimensionless].
    k, k_final, p : ndarray
        Four-vectors with the shape (point, 4) [energy].
    first, second : ndarray
        F_a and F_b, or g_V and g_A for a free electron [any].
    """

    dirac: Dirac
    k: Components
    k_final: Components
    p: Components
    first: Components
    second: Components

    @cached_property
    def q(self) -> Components:
        """Four-momentum transfer."""
        return np.asarray(self.k - self.k_final)

    @cached_property
    def q2(self) -> Components:
        """Q^2 = -q_mu q^mu."""
        return np.asarray(-dot(self.q, self.q))

    @cached_property
    def momentum2(self) -> Components:
        """|q|^2 = T^2 + Q^2."""
        return np.asarray(self.q[..., 0] ** 2 + self.q2)

    @property
    def energies(self) -> tuple[Components, Components, Components, Components]:
        """E, E', T and the mass of the target."""
        return self.k[..., 0], self.k_final[..., 0], self.q[..., 0], self.p[..., 0]

    @cached_property
    def magnetic(self) -> Components:
        """Neutrino tensor of the magnetic moment, without mu^2/(4m^2)."""
        return self.dirac.magnetic_tensor(self.k, self.k_final)

    @cached_property
    def target(self) -> Components:
        """(p.q) W of Eq. (7)."""
        return target_tensor(self.p, self.q, self.first, self.second)

    @cached_property
    def electron(self) -> Components:
        """Tensor of the free electron with g_V = first and g_A = second."""
        return self.dirac.electron_tensor(self.p, self.p + self.q, (self.first, self.second))


def symbolic_frames() -> tuple[Frame, Frame]:
    """Return polynomial frames: a general target, and an electron that stays on shell.

    With ``t = tan(theta/2)`` the final neutrino is ``w (1+t^2, 2t, 0, 1-t^2)``; for the
    electron all momenta are in units in which ``m = 1 + t^2 + 2xt^2`` and ``E = x m``, so
    that Compton's relation ``E' = E/(1 + 2x sin^2(theta/2))`` is a polynomial.

    Returns
    -------
    tuple of Frame
        (general target, free electron).
    """
    from sympy.polys.domains import QQ_I
    from sympy.polys.rings import ring

    r, e, w, t, mass, f_a, f_b, x = ring("E,w,t,M,Fa,Fb,x", QQ_I)
    dirac, zero = Dirac(r(QQ_I(0, 1))), r(0)

    def batch(*components: Any) -> Components:
        return np.array([components], dtype=object)

    def column(value: Any) -> Components:
        return np.array([value], dtype=object)

    final = (1 + t**2, 2 * t, zero, 1 - t**2)
    target = Frame(
        dirac,
        batch(e, zero, zero, e),
        batch(*(w * component for component in final)),
        batch(mass, zero, zero, zero),
        column(f_a),
        column(f_b),
    )
    m = 1 + t**2 + 2 * x * t**2
    electron = Frame(
        dirac,
        batch(x * m, zero, zero, x * m),
        batch(*(x * component for component in final)),
        batch(m, zero, zero, zero),
        column(f_a),
        column(f_b),
    )
    return target, electron


def random_frames(seed: int = SEED, points: int = POINTS) -> tuple[Frame, Frame]:
    """Return the same two frames at random on-shell momenta, energies 0.2 to 5 electron masses.

    Parameters
    ----------
    seed : int
        Of the random generator [dimensionless].
    points : int
        Number of random momenta [dimensionless].

    Returns
    -------
    tuple of Frame
        A general target, and a free electron.
    """
    random = np.random.default_rng(seed)

    def directions() -> Components:
        n = random.normal(size=(points, 3))
        return np.asarray(n / np.linalg.norm(n, axis=1, keepdims=True))

    def light_like(energy: Components, n: Components) -> Components:
        return np.concatenate([energy[:, None], energy[:, None] * n], axis=1)

    def at_rest(mass: Components) -> Components:
        return np.asarray(mass[:, None] * np.array([1.0, 0, 0, 0]))

    e, first, second = random.uniform(0.2, 5, size=(3, points))
    fraction, mass = random.uniform(0.1, 0.9, points), random.uniform(1, 100, points)
    n, n_final = directions(), directions()
    compton = e / (1 + e * (1 - (n * n_final).sum(1)))
    dirac = Dirac(1j)
    target = Frame(
        dirac, light_like(e, n), light_like(fraction * e, n_final), at_rest(mass), first, second
    )
    electron = Frame(
        dirac,
        light_like(e, n),
        light_like(compton, n_final),
        at_rest(np.ones(points)),
        first,
        second,
    )
    return target, electron
