"""Ground configurations and typical nuclei of the elements, and their solution by name."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from nuatom.errors import lookup
from nuatom.structure.atom import AtomicState
from nuatom.structure.configuration import parse_configuration
from nuatom.structure.dirac_fock import solve_dirac_fock
from nuatom.structure.exchange import LOCAL_MODELS
from nuatom.structure.local_potential import solve_local_potential
from nuatom.structure.nucleus import named_nucleus
from nuatom.structure.problem import Numerics, Problem

_TABLE = Path(__file__).parents[1] / "data/structure/ground-configurations/nist-asd/table.csv"
MODELS = ("dirac-fock", *LOCAL_MODELS)
"""How electrons may interact: exact exchange, or a local potential."""


@dataclass(frozen=True)
class GroundConfiguration:
    """What an element is made of.

    Parameters
    ----------
    symbol : str
        Such as Ge [name].
    atomic_number : int
        Z [dimensionless].
    mass_number : int
        A of the most abundant isotope, or of the one that lives longest [dimensionless].
    configuration : str
        Of the neutral atom in its ground level [text].
    """

    symbol: str
    atomic_number: int
    mass_number: int
    configuration: str


@functools.cache
def _table() -> dict[str, GroundConfiguration]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["symbol"]: GroundConfiguration(
                row["symbol"],
                int(row["atomic_number"]),
                int(row["mass_number"]),
                row["configuration"],
            )
            for row in csv.DictReader(file)
        }


def ground_configuration(symbol: str) -> GroundConfiguration:
    """Return the ground configuration of an element, hydrogen to radon.

    Parameters
    ----------
    symbol : str
        Such as Ge [name].

    Returns
    -------
    GroundConfiguration
        From NIST.

    Raises
    ------
    UnknownName
        If there is no such element in the table.

    Example
    -------
    >>> ground_configuration("Cr").configuration
    '[Ar] 3d5 4s1'
    """
    return lookup("element", symbol, _table())


def ground_state(
    symbol: str,
    *,
    model: str = "dirac-fock",
    nuclear_model: str = "finite",
    configuration: str | None = None,
    numerics: Numerics | None = None,
) -> AtomicState:
    """Solve a neutral atom, or an ion, by name.

    Parameters
    ----------
    symbol : str
        Such as Ge [name].
    model : str
        dirac-fock, kohn-sham or slater [name].
    nuclear_model : str
        finite, fermi, uniform or point [name].
    configuration : str or None
        Instead of the ground configuration, such as ``[Ar] 3d10 4s2 4p1 5s1`` [text].
    numerics : Numerics or None
        Grid and tolerances [numerics].

    Returns
    -------
    AtomicState
        In atomic units.

    Raises
    ------
    UnknownName
        If there is no such element, model or nuclear model.
    InvalidInput
        If the configuration cannot be read, or has more electrons than protons.
    NotConverged
        If the field does not settle.

    Example
    -------
    >>> round(ground_state("Ne").total_energy, 5)
    -128.69193
    """
    element = ground_configuration(symbol)
    lookup("atomic model", model, dict.fromkeys(MODELS))
    problem = Problem(
        parse_configuration(configuration or element.configuration),
        named_nucleus(element.atomic_number, element.mass_number, nuclear_model),
        numerics or Numerics(),
    )
    if model in LOCAL_MODELS:
        return solve_local_potential(problem, LOCAL_MODELS[model])
    return solve_dirac_fock(problem)
