"""The identities behind Eqs. (2) to (9), each written once for a `Frame`.

Denominators are multiplied out, so that the same line serves polynomials and numbers.
The factors mu^2/(4m^2) and alpha^2 are left out: they stand on both sides.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nuatom.reproduce.frames import Frame
from nuatom.reproduce.gamma_matrices import (
    METRIC,
    Components,
    contract,
    dot,
    lower,
    outer,
    scalar,
    target_tensor,
)

Sides = tuple[Components, Components]


@dataclass(frozen=True)
class Identity:
    """One statement of the paper or its completion.

    Parameters
    ----------
    key : str
        Entry of the table of tolerances, below ``derivation`` [name].
    equation : str
        Where it stands in the paper [name].
    statement : str
        The formula [text].
    sides : callable
        Left and right side for a `Frame` [any].
    electron : bool
        Whether it is about a free electron [flag].
    comment : str
        What the reader must know [text].
    """

    key: str
    equation: str
    statement: str
    sides: Callable[[Frame], Sides]
    electron: bool = False
    comment: str = ""


def _sum_of_momenta(f: Frame) -> Components:
    return outer(f.k + f.k_final, f.k + f.k_final)


def _printed_bracket(f: Frame) -> Components:
    return np.asarray(outer(f.q, f.q) + 2 * (outer(f.k_final, f.k) + outer(f.k, f.k_final)))


def _only_right_handed(f: Frame) -> Sides:
    return f.magnetic, f.dirac.magnetic_tensor(f.k, f.k_final, final_chirality=+1)


def _conserved_neutrino(f: Frame) -> Sides:
    k, k_final = lower(f.k), lower(f.k_final)
    return (k[..., None] * f.magnetic).sum(-2), (k_final[..., None] * f.magnetic).sum(-2)


def _conserved_target(f: Frame) -> Sides:
    terms = f.q[..., None] * f.target
    return terms[..., 0, :], -terms[..., 1:, :].sum(-2)


def contraction(f: Frame) -> Sides:
    """Return L.W (p.q) from the traces and from the closed form.

    Parameters
    ----------
    f : Frame
        The momenta and F_a, F_b [any].

    Returns
    -------
    tuple of ndarray
        (traces, closed form).
    """
    e, e_final, t, mass = f.energies
    braces = 4 * mass**2 * e * e_final * f.first - f.q2 * mass * t * f.second
    return contract(f.magnetic, f.target), f.q2**2 * braces


def _equation_8(f: Frame) -> Sides:
    pk, pq = dot(f.p, f.k), dot(f.p, f.q)
    braces = (pk**2 - pk * pq) * f.first - pq * f.q2 * f.second / 4
    return contract(f.magnetic, f.target), 4 * f.q2**2 * braces


def _laboratory_bracket(f: Frame) -> Sides:
    e, e_final, _, mass = f.energies
    pk, pq = dot(f.p, f.k), dot(f.p, f.q)
    return pk**2 - pk * pq, mass**2 * e * e_final


def _photon_limit(f: Frame) -> Sides:
    real = target_tensor(f.p, f.k, f.first, f.second)  # the light-like k as a real photon
    return -(METRIC * real).sum(axis=(-1, -2)), 2 * dot(f.p, f.k) ** 2 * f.first


def longitudinal(q: Components, tensor: Components) -> Components:
    """Return |q|^2 times the space component of a tensor along q.

    Parameters
    ----------
    q : ndarray
        Four-momentum transfer [energy].
    tensor : ndarray
        Shape (..., 4, 4) [any].

    Returns
    -------
    ndarray
        ``q_i q_j W_ij``.
    """
    return np.asarray((outer(q, q) * tensor)[..., 1:, 1:].sum(axis=(-1, -2)))


def transverse(f: Frame, tensor: Components) -> Components:
    """Return |q|^2 (W_11 + W_22) with z along q.

    Parameters
    ----------
    f : Frame
        The momenta [energy].
    tensor : ndarray
        Shape (..., 4, 4) [any].

    Returns
    -------
    ndarray
        ``|q|^2 W_ii - q_i q_j W_ij``.
    """
    trace = np.trace(tensor[..., 1:, 1:], axis1=-2, axis2=-1)
    return np.asarray(f.momentum2 * trace - longitudinal(f.q, tensor))


def _response_longitudinal(f: Frame) -> Sides:
    _, _, t, mass = f.energies
    return f.target[..., 0, 0], f.momentum2 * (mass**2 * f.first - mass * t * f.second)


def _response_transverse(f: Frame) -> Sides:
    _, _, t, mass = f.energies
    pq_response = 2 * mass * t * (mass * t * f.first + f.q2 * f.second)
    return transverse(f, f.target), f.momentum2 * pq_response


def _kernels_magnetic(f: Frame) -> Sides:
    e, e_final, t, _ = f.energies
    r_l, r_t = f.target[..., 0, 0], transverse(f, f.target)
    kernels = f.q2 * (2 * e - t) ** 2 * r_l + (4 * e * e_final - f.q2) * r_t / 2
    return f.momentum2**2 * contract(f.magnetic, f.target), f.q2**2 * kernels


def _kernels_vector(f: Frame) -> Sides:
    e, e_final, _, _ = f.energies
    r_l, r_t = f.target[..., 0, 0], transverse(f, f.target)
    eikonal = 4 * e * e_final - f.q2
    kernels = f.q2 * eikonal * r_l + (eikonal / 2 + f.momentum2) * r_t
    traces = contract(f.dirac.vector_tensor(f.k, f.k_final), f.target)
    return f.momentum2**2 * traces, f.q2 * kernels


def _free_magnetic(f: Frame) -> Sides:
    e, e_final, t, m = f.energies
    vector = f.dirac.electron_tensor(f.p, f.p + f.q, (f.first, 0 * f.first))
    return contract(f.magnetic, vector), 32 * m**3 * t * e * e_final * f.first**2


def _free_responses(f: Frame) -> Sides:
    """Return |q|^2 R of the seven responses, times 2m, the measure of one electron."""
    _, _, t, m = f.energies
    zero, qq = 0 * f.first, f.momentum2
    v = f.dirac.electron_tensor(f.p, f.p + f.q, (f.first, zero))
    a = f.dirac.electron_tensor(f.p, f.p + f.q, (zero, f.second))
    mixed = METRIC @ (f.electron - v - a) @ METRIC
    qx, qy, qz = (f.q[..., n] for n in (1, 2, 3))
    antisymmetric = mixed - mixed.swapaxes(-1, -2)
    curl = (
        antisymmetric[..., 1, 2] * qz
        + antisymmetric[..., 2, 3] * qx
        + antisymmetric[..., 3, 1] * qy
    )
    a03 = -(a[..., 0, 1:] * f.q[..., 1:]).sum(-1)  # one index up
    found = (
        v[..., 0, 0],
        transverse(f, v),
        a[..., 0, 0],
        a03,
        longitudinal(f.q, a),
        transverse(f, a),
        -curl * f.dirac.i,  # R^{mu nu} has its conjugate current second
    )
    vv, aa, va = f.first**2, f.second**2, f.first * f.second
    expected = (
        vv * (t + 2 * m),
        vv * qq * 2 * t,
        aa * t,
        aa * qq,
        aa * qq * (t + 2 * m),
        aa * qq * 2 * (t + 2 * m),
        va * qq * 4,
    )
    return np.stack(found, axis=-1), 2 * m[..., None] * np.stack(expected, axis=-1)


def _textbook(anti: bool) -> Callable[[Frame], Sides]:
    def sides(f: Frame) -> Sides:
        e, e_final, t, m = f.energies
        left, right = f.first + f.second, f.first - f.second  # 2 g_L, 2 g_R
        if anti:
            left, right = right, left
        textbook = left**2 * e**2 + right**2 * e_final**2 - left * right * m * t
        traces = contract(f.dirac.vector_tensor(f.k, f.k_final, anti), f.electron)
        return traces, 8 * m**2 * textbook

    return sides


def _seven_responses(anti: bool) -> Callable[[Frame], Sides]:
    def sides(f: Frame) -> Sides:
        e, e_final, t, m = f.energies
        qq, q2, eikonal = f.momentum2, f.q2, 4 * e * e_final - f.q2
        b = q2 * (eikonal / 2 + qq)  # |q|^2 B
        vector = eikonal * q2**2 * (t + 2 * m) + qq * b * 2 * t
        charge = qq**2 * t - 2 * t * qq**2 + qq * t**2 * (t + 2 * m)
        axial = eikonal * charge + qq * b * 2 * (t + 2 * m)
        interference = qq**2 * q2 * (2 * e - t) * 4
        sign = -1 if anti else 1
        braces = (
            f.first**2 * vector + f.second**2 * axial + sign * f.first * f.second * interference
        )
        traces = contract(f.dirac.vector_tensor(f.k, f.k_final, anti), f.electron)
        return qq**2 * traces, 2 * m * braces

    return sides


_WEAK = "G^2 m/(2 pi) [ (g_V+g_A)^2 + (g_V-g_A)^2 (1-T/E)^2 - (g_V^2-g_A^2) m T/E^2 ]"
_SEVEN = (
    "G^2/(8 pi E^2) { g_V^2 [(4EE'-Q^2) Q^4/|q|^4 R_L + B R_T] + g_A^2 [(4EE'-Q^2)"
    "(A00 - 2T/|q| A03 + T^2/|q|^2 A33) + B A_T] %s g_V g_A Q^2 (2E-T)/|q| R_VA }"
)

IDENTITIES = (
    Identity(
        "final-helicity",
        "text below (5)",
        "the magnetic vertex leads to right-handed neutrinos only",
        _only_right_handed,
    ),
    Identity(
        "neutrino-tensor",
        "(5) -> (6)",
        "L = mu^2/(4m^2) (-q^2) (k+k')(k+k')",
        lambda f: (f.magnetic, scalar(f.q2) * _sum_of_momenta(f)),
        comment="e^2 of the vertex is in the alpha^2 of Eq. (4); one helicity, no average",
    ),
    Identity(
        "bracket-of-eq6",
        "(6)",
        "(k+k')(k+k') = q q + 2 (k' k + k k')",
        lambda f: (_sum_of_momenta(f), _printed_bracket(f)),
    ),
    Identity(
        "printed-sign-of-eq6",
        "(6) as printed",
        "L = mu^2/(4m^2) (+q^2) [ q q + 2 (k' k + k k') ]",
        lambda f: (f.magnetic, -scalar(f.q2) * _printed_bracket(f)),
        comment="must fail: L^00 would be negative, as q^2 < 0 in the metric of the text",
    ),
    Identity("neutrino-current", "(6)", "q_mu L^{mu nu} = 0", _conserved_neutrino),
    Identity("target-current", "(7)", "q^mu W_{mu nu} = 0", _conserved_target),
    Identity(
        "contraction",
        "(4), (6), (7)",
        "L.W = mu^2/(4m^2) q^4 { 4 M E E'/T F_a + q^2 F_b }",
        contraction,
    ),
    Identity(
        "eq8",
        "(8)",
        "(E'/E) alpha^2 mu^2/m^2 { [ (p.k)^2/(p.q) - p.k ] F_a + q^2/4 F_b }",
        _equation_8,
        comment="absent from the extracted text; restored from (4), (6) and (7)",
    ),
    Identity(
        "eq8-laboratory",
        "(8)",
        "(p.k)^2/(p.q) - p.k = M E E'/T in the laboratory",
        _laboratory_bracket,
    ),
    Identity(
        "eq9",
        "(9)",
        "-g^{mu nu} W_{mu nu} = 2 (p.q) F_a at q^2 = 0, so F_a = sigma_gamma/(4 pi^2 alpha M)",
        _photon_limit,
    ),
    Identity(
        "longitudinal-response",
        "(7)",
        "R_L = W_00 = |q|^2 (M F_a/T - F_b)",
        _response_longitudinal,
    ),
    Identity(
        "transverse-response",
        "(7)",
        "R_T = W_11 + W_22 = 2 (M T F_a + Q^2 F_b)",
        _response_transverse,
    ),
    Identity(
        "magnetic-kernels",
        "(4), (7)",
        "L.W/Q^4 = mu^2/(4m^2) { Q^2 (2E-T)^2/|q|^4 R_L + (4EE'-Q^2)/(2|q|^2) R_T }",
        _kernels_magnetic,
    ),
    Identity(
        "vector-kernels",
        "(1), (4), (7)",
        "L.W/Q^4 = F_1^2 { (4EE'-Q^2)/|q|^4 R_L + [(4EE'-Q^2)/(2|q|^2 Q^2) + 1/Q^2] R_T }",
        _kernels_vector,
    ),
    Identity(
        "eq2",
        "(2)",
        "free electron: (pi alpha^2 mu^2/m^2) (1/T - 1/E)",
        _free_magnetic,
        electron=True,
    ),
    Identity(
        "free-electron-responses",
        "reference [10]",
        "R_L = T+2m, R_T = 2T, A00 = T, A03 = |q|, A33 = T+2m, A_T = 2(T+2m), R_VA = 4|q|",
        _free_responses,
        electron=True,
    ),
    Identity("weak-neutrino", "reference [10]", "nu e: " + _WEAK, _textbook(False), electron=True),
    Identity(
        "weak-antineutrino",
        "reference [10]",
        "anti-nu e: the same with g_A -> -g_A",
        _textbook(True),
        electron=True,
    ),
    Identity(
        "seven-responses-neutrino",
        "reference [10]",
        "nu e: " + _SEVEN % "+",
        _seven_responses(False),
        electron=True,
    ),
    Identity(
        "seven-responses-antineutrino",
        "reference [10]",
        "anti-nu e: " + _SEVEN % "-",
        _seven_responses(True),
        electron=True,
    ),
)
