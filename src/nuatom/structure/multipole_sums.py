"""Responses of a subshell: sums over partial waves and multipoles."""

from collections.abc import Iterable

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.structure.continuum import Waves
from nuatom.structure.multipoles import BoundOrbital, Momenta, Multipoles

RESPONSES = ("L", "T", "A00", "A03", "A33", "AT", "VA")
"""Charge, transverse vector, axial charge, its interference, axial longitudinal, axial
transverse, and interference of vector and axial transverse currents."""

KINDS = {
    "L": "S", "T": "AB", "A00": "B", "A03": "SDB", "A33": "SD", "AT": "SD", "VA": "SDAB"
}  # fmt: skip
"""Products that each response needs."""


def responses(
    orbital: BoundOrbital,
    waves: Waves,
    momenta: Momenta,
    wanted: Iterable[str] = RESPONSES,
    *,
    highest_rank: int | None = None,
) -> dict[str, Array]:
    """Return responses of one subshell, summed over all partial waves and multipoles.

    Parameters
    ----------
    orbital : BoundOrbital
        Of the atom [orbital].
    waves : Waves
        Of the energy of the transfer less the binding energy [waves].
    momenta : Momenta
        Momentum transfers [momenta].
    wanted : iterable of str
        Among L, T, A00, A03, A33, AT, VA [name].
    highest_rank : int, optional
        The last multipole of the sum; all of them if left out [dimensionless].

    Returns
    -------
    dict
        Name to response, shape (q,) [1/energy].

    Raises
    ------
    UnknownName
        If there is no such response.
    InvalidInput
        If the Bessel functions end below the orders that the waves need.
    """
    names = tuple(wanted)
    kinds = "".join(lookup("response", name, KINDS) for name in names)
    table = Multipoles(orbital, waves, momenta, kinds)
    total = {name: np.zeros(len(momenta.values)) for name in names}
    for step in table.steps:
        w, rank = table.weights(step), table.ranks(step)
        if highest_rank is not None:
            w = np.where(rank <= highest_rank, w, 0.0)
        v = np.where(rank > 0, w * (rank + 1) / np.maximum(rank, 1), 0.0)
        for name in names:
            total[name] += _term(table, name, step, (w, v))
    return total


def _term(table: Multipoles, name: str, step: int, weights: tuple[Array, Array]) -> Array:
    """Return the part of one response that one step in rank contributes."""
    w, v = weights
    if name == "L":
        return np.asarray(w @ table.charge(step) ** 2)
    if name == "T":
        electric, magnetic = table.vector(step)
        return np.asarray(v @ (electric**2 + magnetic**2))
    if name == "AT":
        electric, magnetic = table.axial(step)
        return np.asarray(v @ (electric**2 + magnetic**2))
    if name == "VA":
        (electric, magnetic), (other, third) = table.vector(step), table.axial(step)
        return np.asarray(2 * v @ (electric * third + magnetic * other))
    first = table.axial_charge(step) if name != "A33" else table.axial_longitudinal(step)
    second = table.axial_charge(step) if name == "A00" else table.axial_longitudinal(step)
    return np.asarray(w @ (first * second))
