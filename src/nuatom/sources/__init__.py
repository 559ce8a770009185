"""Where neutrinos come from: fluxes with cumulative moments, reactors, lines, user tables."""

from nuatom.sources.beta_decay import BetaDecay, beta_decay, decay_spectrum
from nuatom.sources.fission_spectra import fission_spectrum, low_energy_systematic
from nuatom.sources.flux import Continuum, Flux, Line, Source, combined, mono_energetic
from nuatom.sources.reactor import ReactorCore, components, kuo_sheng, kuo_sheng_core, reactor
from nuatom.sources.user_table import user_table

__all__ = [
    "BetaDecay",
    "Continuum",
    "Flux",
    "Line",
    "ReactorCore",
    "Source",
    "beta_decay",
    "combined",
    "components",
    "decay_spectrum",
    "fission_spectrum",
    "kuo_sheng",
    "kuo_sheng_core",
    "low_energy_systematic",
    "mono_energetic",
    "reactor",
    "user_table",
]
