"""Where neutrinos come from: fluxes with cumulative moments, reactors, the Sun, lines, tables."""

from nuatom.sources.beta_decay import BetaDecay, beta_decay, decay_spectrum
from nuatom.sources.cores import (
    kuo_sheng,
    kuo_sheng_core,
    reactor_at,
    reactor_core,
    reactor_fuel,
)
from nuatom.sources.fission_models import FissionModel, fission_model
from nuatom.sources.fission_spectra import fission_spectrum, low_energy_systematic
from nuatom.sources.flux import Continuum, Flux, Line, Source, combined, mono_energetic
from nuatom.sources.power_history import (
    PowerHistory,
    averaged_reactor,
    interval_reactors,
    read_power_history,
)
from nuatom.sources.radioactive import capture_source, tritium_source
from nuatom.sources.reactor import FuelMix, ReactorCore, components, reactor, reactor_of_flux
from nuatom.sources.reactor_variations import reactor_variations
from nuatom.sources.solar import solar, solar_components, solar_moment
from nuatom.sources.solar_variations import mixing_variations, solar_parts
from nuatom.sources.stopped_pion import stopped_pions
from nuatom.sources.user_table import user_table
from nuatom.sources.variations import ScaledPart, Variation, scale_variation

__all__ = [
    "BetaDecay",
    "Continuum",
    "FissionModel",
    "Flux",
    "FuelMix",
    "Line",
    "PowerHistory",
    "ReactorCore",
    "ScaledPart",
    "Source",
    "Variation",
    "averaged_reactor",
    "beta_decay",
    "capture_source",
    "combined",
    "components",
    "decay_spectrum",
    "fission_model",
    "fission_spectrum",
    "interval_reactors",
    "kuo_sheng",
    "kuo_sheng_core",
    "low_energy_systematic",
    "mixing_variations",
    "mono_energetic",
    "reactor",
    "reactor_at",
    "reactor_core",
    "reactor_fuel",
    "reactor_of_flux",
    "reactor_variations",
    "read_power_history",
    "scale_variation",
    "solar",
    "solar_components",
    "solar_moment",
    "solar_parts",
    "stopped_pions",
    "tritium_source",
    "user_table",
]
