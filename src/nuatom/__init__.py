"""Neutrino-atom interactions at low energy.

Cross sections and rates of neutrinos on bound electrons and nuclei through a magnetic
moment, a millicharge, a charge radius and the weak force.

Example
-------
>>> import nuatom as na
>>> from nuatom import units as u
>>> rate = na.differential_rate(1 * u.keV, source=na.source("kuo-sheng"),
...     target=na.target("Ge"), interaction=na.MagneticMoment(1e-11), response="stepped")
>>> bool(rate / u.cpkkd > 0)
True
"""

from nuatom import units
from nuatom.catalog import interaction, response, source
from nuatom.evaluate import differential_cross_section, differential_rate, model_spread
from nuatom.interactions import ChargeRadius, Couplings, MagneticMoment, Millicharge, Weak
from nuatom.sources import mono_energetic
from nuatom.targets import element as target
from nuatom.targets import photoabsorption

__all__ = [
    "ChargeRadius",
    "Couplings",
    "MagneticMoment",
    "Millicharge",
    "Weak",
    "differential_cross_section",
    "differential_rate",
    "interaction",
    "model_spread",
    "mono_energetic",
    "photoabsorption",
    "response",
    "source",
    "target",
    "units",
]

__version__ = "0.1.0"
