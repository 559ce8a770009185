"""Fig. 1: the diagram of atomic ionisation, and what its symbols stand for."""

from nuatom.reproduce.published import PAPER
from nuatom.reproduce.quantities import Item
from nuatom.table import Column, Table

_SYMBOLS = {
    "k": "four-momentum of the incoming neutrino (E, k)",
    "k'": "four-momentum of the outgoing neutrino (E', k')",
    "q": "four-momentum of the virtual photon, q = k - k' = (T, q)",
    "p": "four-momentum of the atom at rest (M, 0)",
    "T": "energy transfer E - E', seen as electron energy plus atomic X rays",
    "Q^2": "-q^2 = |q|^2 - T^2 > 0, between 0 and 4 E E'",
    "mu": "neutrino magnetic moment in Bohr magnetons, at the upper vertex",
}


def compute() -> Item:
    """Return the symbols of Fig. 1.

    Returns
    -------
    Item
        Table ``fig1``; nothing is computed.
    """
    table = Table(
        "fig1",
        "Symbols of the diagram",
        (Column("symbol", list(_SYMBOLS)), Column("meaning", list(_SYMBOLS.values()))),
        references=(PAPER,),
    )
    return Item("fig1", "Fig. 1: atomic ionisation by a neutrino", (table,), {}, CAPTION)


CAPTION = (
    "Atomic ionisation by the exchange of a virtual photon between the magnetic moment of a "
    "neutrino and an atom at rest, with the kinematic variables that are used throughout."
)
