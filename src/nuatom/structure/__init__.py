"""The structure of atoms from first principles, in atomic units.

Bound orbitals: Dirac-Hartree-Fock with exact exchange in an average of configuration, or a
local potential, around a nucleus of finite size; thresholds from total energies; and the
field in which an electron leaves.
"""

from nuatom.structure.atom import AtomicState, Orbital
from nuatom.structure.configuration import (
    Occupation,
    Shell,
    Subshell,
    average_occupation,
    hole_occupation,
    parse_configuration,
)
from nuatom.structure.dirac_fock import solve_dirac_fock
from nuatom.structure.elements import (
    MODELS,
    GroundConfiguration,
    ground_configuration,
    ground_state,
)
from nuatom.structure.exchange import LocalExchange, local_exchange
from nuatom.structure.hole import (
    CoreField,
    ExchangeTerm,
    Threshold,
    relaxed_ion,
    threshold,
    thresholds,
)
from nuatom.structure.local_potential import solve_local_potential
from nuatom.structure.nucleus import (
    FermiNucleus,
    Nucleus,
    PointNucleus,
    UniformNucleus,
    named_nucleus,
    rms_radius,
)
from nuatom.structure.problem import LIGHT_SPEED, NotConverged, Numerics, Problem

__all__ = [
    "LIGHT_SPEED",
    "MODELS",
    "AtomicState",
    "CoreField",
    "ExchangeTerm",
    "FermiNucleus",
    "GroundConfiguration",
    "LocalExchange",
    "NotConverged",
    "Nucleus",
    "Numerics",
    "Occupation",
    "Orbital",
    "PointNucleus",
    "Problem",
    "Shell",
    "Subshell",
    "Threshold",
    "UniformNucleus",
    "average_occupation",
    "ground_configuration",
    "ground_state",
    "hole_occupation",
    "local_exchange",
    "named_nucleus",
    "parse_configuration",
    "relaxed_ion",
    "rms_radius",
    "solve_dirac_fock",
    "solve_local_potential",
    "threshold",
    "thresholds",
]
