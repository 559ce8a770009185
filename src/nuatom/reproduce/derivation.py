"""Eqs. (4) to (10) of the paper, checked with symbols and with gamma matrices.

Evaluated on polynomials an identity is exact; evaluated at random on-shell momenta it
is limited by rounding.  Energies are in units of the electron mass, mu in Bohr
magnetons.

Wong, Li and Lin, Phys. Rev. Lett. 105, 061801 (2010); sign of Eq. (6) and power of E
in Eq. (10) corrected; the missing Eq. (8) restored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from nuatom.reproduce.frames import POINTS, SEED, Frame, random_frames, symbolic_frames
from nuatom.reproduce.gamma_matrices import Components, Dirac, contract
from nuatom.reproduce.identities import IDENTITIES, Identity, contraction
from nuatom.reproduce.photon_pole import integrand_table, pole_table
from nuatom.reproduce.published import PAPER
from nuatom.reproduce.quantities import Item, Quantity, judge, tolerance
from nuatom.table import Column, Table

COMMENT = "Voloshin, Phys. Rev. Lett. 105, 201801 (2010), arXiv:1008.2171"


@dataclass(frozen=True)
class Check:
    """The outcome of one identity by one method.

    Parameters
    ----------
    identity : Identity
        What was checked [any].
    method : str
        symbols or gamma matrices [name].
    deviation : float
        Largest relative deviation; 0 where exact [dimensionless].
    """

    identity: Identity
    method: str
    deviation: float

    @property
    def holds(self) -> bool:
        """Whether the deviation is within the tolerance."""
        allowed = tolerance(f"derivation.{self.identity.key}").tolerance
        return allowed is not None and self.deviation <= allowed


def check_identities() -> tuple[Check, ...]:
    """Return each identity, first with symbols and then with gamma matrices.

    Returns
    -------
    tuple of Check
        Two for each identity.
    """
    checks = []
    symbols, numbers = symbolic_frames(), random_frames()
    for identity in IDENTITIES:
        exact = identity.sides(symbols[identity.electron])
        checks.append(Check(identity, "symbols", _polynomial_deviation(*exact)))
        rounded = identity.sides(numbers[identity.electron])
        checks.append(Check(identity, "gamma matrices", _number_deviation(*rounded)))
    return (*checks, *_solid_angle_checks())


def _number_deviation(left: Components, right: Components) -> float:
    """Return the largest |left - right| over the largest |left| of the same point."""
    axes = tuple(range(1, left.ndim))
    return float(np.max(np.max(abs(left - right), axis=axes) / np.max(abs(left), axis=axes)))


def _polynomial_deviation(left: Components, right: Components) -> float:
    """Return 0 where all coefficients agree, otherwise the deviation at one rational point."""
    difference = np.ravel(left - right)
    if not any(difference):
        return 0.0
    return max(map(_size, difference)) / max(map(_size, np.ravel(left)))


def _size(polynomial: Any) -> float:
    """Return the modulus at E = 5, w = t = 1 and so on: a physical point, E > E' > 0."""
    point = zip(polynomial.ring.gens, (5, 1, 1, 7, 3, 5, 1), strict=True)
    value = polynomial.evaluate(list(point))
    return abs(complex(value.x, value.y))


def solid_angle_integral(e: Components, t: Components, nodes: int = 12) -> Components:
    """Return dsigma/dT of Eq. (4) by quadrature over the solid angle, F_a constant.

    The traces are evaluated at each node; ``mu^2/(4m^2) = alpha^2 = M = F_a = 1`` and
    ``F_b = 0``.

    Parameters
    ----------
    e, t : ndarray
        E and T [energy].
    nodes : int
        Gauss-Legendre nodes in cos(theta) [dimensionless].

    Returns
    -------
    ndarray
        [any]
    """
    x, weight = np.polynomial.legendre.leggauss(nodes)
    sine = np.sqrt(1 - x**2)
    n = np.stack([np.ones(nodes), sine, np.zeros(nodes), x], axis=1)
    k = np.multiply.outer(e, np.tile([1.0, 0, 0, 1], (nodes, 1)))
    k_final = np.multiply.outer(e - t, n)
    rest = np.zeros_like(k) + np.array([1.0, 0, 0, 0])
    unit = np.ones(k.shape[:-1])
    frame = Frame(Dirac(1j), k, k_final, rest, unit, 0 * unit)
    traces = contract(frame.magnetic, frame.target).real / (t[:, None] * frame.q2**2)
    return np.asarray((e - t) / e * 2 * np.pi * (traces @ weight))


def _solid_angle_checks() -> tuple[Check, ...]:
    """Return the checks of Eq. (10): the right power of the energy, and the printed one."""
    right = Identity(
        "eq10",
        "(10), from (8) and (9)",
        "constant F_a over the full solid angle: mu^2 (alpha/pi) (E'/m)^2 sigma_gamma(T)/T",
        contraction,
        comment="exact for all T < E",
    )
    printed = Identity(
        "printed-energy-of-eq10",
        "(10) as printed",
        "mu^2 (alpha/pi) (E/m)^2 sigma_gamma(T)/T",
        contraction,
        comment="must fail: E^2 is the limit T << E of E'^2; retracted by its authors",
    )
    random = np.random.default_rng(SEED)
    e = random.uniform(1, 5, POINTS)
    t = e * random.uniform(0.05, 0.6, POINTS)
    integral = solid_angle_integral(e, t)
    # 4 pi^2 F_a M = sigma_gamma/alpha and mu^2/m^2 = 4 here
    numbers = [_number_deviation(integral, 16 * np.pi * p**2 / t) for p in (e - t, e)]
    exact = _symbolic_solid_angle()
    return tuple(
        Check(identity, method, deviation)
        for identity, deviations in zip(
            (right, printed), zip(exact, numbers, strict=True), strict=True
        )
        for method, deviation in zip(("symbols", "gamma matrices"), deviations, strict=True)
    )


def _symbolic_solid_angle() -> tuple[float, float]:
    """Return the deviations of E'^2 and of E^2 from the integral, with symbols."""
    import sympy as sp

    e, t, q2 = sp.symbols("E T Q2", positive=True)
    e_final = e - t
    integrand = (e_final / e) * (4 * e * e_final / t) * sp.pi / (e * e_final)
    integral = sp.integrate(integrand, (q2, 0, 4 * e * e_final))

    def deviation(energy: Any) -> float:
        ratio = sp.cancel(16 * sp.pi * energy**2 / t / integral)
        return 0.0 if ratio == 1 else float(abs(ratio.subs({e: 2, t: 1}) - 1))

    return deviation(e_final), deviation(e)


def compute() -> Item:
    """Return the identities that hold and do not, and the photon pole of each channel.

    Returns
    -------
    Item
        Tables ``derivation`` and ``photon_pole``; the summary has a quantity for each
        identity.

    Example
    -------
    >>> compute().summary_dict()["derivation"]["printed-sign-of-eq6"]["status"]
    'differs'
    """
    checks = check_identities()
    poles = pole_table()
    summary: dict[str, Quantity] = {}
    for key, group in groupby(checks, key=lambda check: check.identity.key):
        both = tuple(group)
        summary[key] = judge(
            f"derivation.{key}",
            published=True,
            ours=all(check.holds for check in both),
            note=both[0].identity.comment or both[0].identity.statement,
        )
    has_pole = dict(zip(poles.column("channel"), poles.column("has_photon_pole"), strict=True))
    summary["no-enhancement-in-the-standard-model"] = judge(
        "derivation.no-enhancement-in-the-standard-model",
        published=True,
        ours=has_pole["weak"] == "no",
        note="the weak integrand falls as Q^2 towards the photon point",
    )
    summary["enhancement-for-a-magnetic-moment"] = judge(
        "derivation.enhancement-for-a-magnetic-moment",
        published=True,
        ours=has_pole["magnetic-moment"] == "yes",
        note="the integrand is constant in Q^2: without a pole nothing makes small Q^2 dominate "
        "(arXiv:1001.2074v3, after Voloshin); a millicharge has the pole",
    )
    return Item(
        "derivation",
        "Derivation of Eqs. (4) to (10)",
        (_table(checks), poles, integrand_table()),
        {"derivation": summary},
        "Each identity of the derivation, checked exactly with polynomials and with explicit "
        f"gamma matrices at {POINTS} random on-shell momenta. Two printed forms do not hold: the "
        "sign of Eq. (6), and E^2 instead of E'^2 in Eq. (10).",
    )


def _table(checks: tuple[Check, ...]) -> Table:
    def words(meaning: str, name: str, get: Callable[[Check], str]) -> Column:
        return Column(name, tuple(get(check) for check in checks), meaning)

    return Table(
        "derivation",
        "Identities of the derivation",
        (
            words("where it stands in the paper", "equation", lambda c: c.identity.equation),
            words("the formula", "statement", lambda c: c.identity.statement),
            words("how it was checked", "method", lambda c: c.method),
            words("within 1e-10", "holds", lambda c: "yes" if c.holds else "no"),
            Column(
                "largest_relative_deviation",
                np.array([check.deviation for check in checks]),
                "0 where exact",
            ),
            words("what to know", "comment", lambda c: c.identity.comment),
        ),
        notes=("natural units; e^2 = 4 pi alpha; metric (+,-,-,-); z along q",),
        references=(PAPER, COMMENT),
    )
