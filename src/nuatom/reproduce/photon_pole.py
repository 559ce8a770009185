"""Does small Q^2 dominate?  The same equivalent photon in every channel."""

from typing import Any

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.interactions import Couplings, Interaction, MagneticMoment, Millicharge, Weak
from nuatom.responses.free import ELECTRONS
from nuatom.table import Column, Table

_MEANING = {
    "magnetic-moment": "constant: the photon point has no weight of its own, so a constant F_a "
    "counts Q^2 up to 4EE', where the real form factor is zero (the retraction)",
    "millicharge": "1/Q^2: the photon point dominates, and the enhancement is real",
    "charge-radius": "vanishes at the photon point, like the weak interaction",
    "weak": "vanishes at the photon point: no enhancement, as the paper says (vector part; the "
    "axial current has no photon point)",
}


def leading_powers() -> dict[str, int]:
    """Return the power of Q^2 with which each integrand starts, for F_a constant, F_b = 0.

    ::

        R_L = |q|^2 M F_a/T,  R_T = 2 M T F_a
        magnetic moment   Q^2 (2E-T)^2/|q|^4 R_L + (4EE'-Q^2)/(2|q|^2) R_T
        millicharge       (4EE'-Q^2)/|q|^4 R_L + [(4EE'-Q^2)/(2|q|^2 Q^2) + 1/Q^2] R_T
        charge radius     the same times Q^4
        weak (vector)     (4EE'-Q^2) Q^4/|q|^4 R_L + [(4EE'-Q^2) Q^2/(2|q|^2) + Q^2] R_T

    Returns
    -------
    dict
        Channel to the lowest power of Q^2 at Q^2 -> 0, exact [dimensionless].

    Example
    -------
    >>> leading_powers()["millicharge"]
    -1
    """
    from sympy.polys.domains import QQ
    from sympy.polys.fields import field

    _, e, t, q2, mass = field("E,T,Q2,M", QQ)
    qq, eikonal = t**2 + q2, 4 * e * (e - t) - q2
    r_l, r_t = qq * mass / t, 2 * mass * t
    magnetic = q2 * (2 * e - t) ** 2 / qq**2 * r_l + eikonal / (2 * qq) * r_t
    charge = eikonal / qq**2 * r_l + (eikonal / (2 * qq * q2) + 1 / q2) * r_t
    weak = eikonal * q2**2 / qq**2 * r_l + (eikonal * q2 / (2 * qq) + q2) * r_t
    integrands = {
        "magnetic-moment": magnetic,
        "millicharge": charge,
        "charge-radius": charge * q2**2,
        "weak": weak,
    }
    return {channel: _lowest_power(f, 2) for channel, f in integrands.items()}


def _lowest_power(fraction: Any, variable: int) -> int:
    """Return the lowest power of one variable: that of the numerator less the denominator's."""
    numerator, denominator = (
        min(powers[variable] for powers in p.monoms()) for p in (fraction.numer, fraction.denom)
    )
    return int(numerator - denominator)


def pole_table() -> Table:
    """Return the leading power of Q^2 of each channel, and whether it has a photon pole.

    Returns
    -------
    Table
        Columns ``channel``, ``leading_power_of_q2``, ``has_photon_pole``, ``meaning``.
    """
    powers = leading_powers()
    return Table(
        "photon_pole",
        "The same equivalent photon (F_a constant, F_b = 0) in every channel",
        (
            Column("channel", tuple(powers), "interaction"),
            Column(
                "leading_power_of_q2",
                np.array(list(powers.values()), dtype=np.float64),
                "of the integrand of dsigma/dT in Q^2 at Q^2 -> 0",
            ),
            Column(
                "has_photon_pole",
                tuple("yes" if power < 0 else "no" for power in powers.values()),
                "whether Q^2 -> 0 dominates",
            ),
            Column("meaning", tuple(_MEANING[channel] for channel in powers), "what follows"),
        ),
        references=("Voloshin, Phys. Rev. Lett. 105, 201801 (2010), arXiv:1008.2171",),
    )


def integrand_table() -> Table:
    """Return the integrand of each channel against Q^2, from the kernels of this package.

    A constant F_a (``R_L = |q|^2/T, R_T = 2T``), T = 1 keV, E = 1 MeV, normalised to 1
    at Q^2 = T^2; the axial part of the weak interaction is left out.

    Returns
    -------
    Table
        Columns ``q2_over_t2``, ``magnetic_moment``, ``millicharge``, ``weak``.
    """
    T = 1 * u.keV
    ratio = np.geomspace(1e-4, 1e4, 161)
    channels: dict[str, Interaction] = {
        "magnetic_moment": MagneticMoment(1e-11),
        "millicharge": Couplings((Millicharge(1e-12),)),
        "weak": Couplings((Weak(),)),
    }
    columns = [
        Column(name, _integrand(channel, T, ratio * T**2) / _integrand(channel, T, T**2))
        for name, channel in channels.items()
    ]
    return Table(
        "derivation_integrand",
        "Integrands for a constant F_a, T = 1 keV, E = 1 MeV, 1 at Q^2 = T^2",
        (Column("q2_over_t2", ratio, "dimensionless"), *columns),
        notes=("a channel without a pole has no reason to prefer the photon point",),
    )


def _integrand(channel: Interaction, T: float, q2: Array | float) -> Array:
    """Return ``sum E^-k c(T, Q^2) R(T, Q^2)`` over the vector terms."""
    energy, transfer, momenta = 1 * u.MeV, np.asarray(T), np.asarray(q2)
    responses = {"L": (transfer**2 + momenta) / transfer, "T": 2 * transfer}
    return np.asarray(
        sum(
            term.coefficient(transfer, momenta) * responses[term.response] / energy**term.power
            for term in channel.terms(flavor="anti_nu_e", constituents=ELECTRONS)
            if term.response in responses
        )
    )
