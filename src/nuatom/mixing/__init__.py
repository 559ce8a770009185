"""Neutrino mixing: the PMNS matrix, moment matrices and the effective moments they give."""

from nuatom.mixing.moments import MomentMatrix
from nuatom.mixing.parameters import MixingParameters, global_fit, pmns
from nuatom.mixing.propagation import (
    Baseline,
    Decohered,
    EffectiveMoment,
    Propagation,
    Solar,
    decohered_moment_squared,
    effective_moment_squared,
    solar_mass_probabilities,
    vacuum_mass_probabilities,
)

__all__ = [
    "Baseline",
    "Decohered",
    "EffectiveMoment",
    "MixingParameters",
    "MomentMatrix",
    "Propagation",
    "Solar",
    "decohered_moment_squared",
    "effective_moment_squared",
    "global_fit",
    "pmns",
    "solar_mass_probabilities",
    "vacuum_mass_probabilities",
]
