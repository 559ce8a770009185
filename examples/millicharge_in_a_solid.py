"""The density effect: a millicharge in solid germanium against a single atom.

Prints the rate at a reactor in counts per (kg keV day) for q_nu = 1e-12.  A free atom does
not describe a solid, which the package says with a warning; here it is asked for on purpose.
"""

import warnings

import numpy as np

import nuatom as na
from nuatom import units as u
from nuatom.errors import ValidityWarning

warnings.simplefilter("ignore", ValidityWarning)

T = np.array([0.2, 0.3, 1.0, 1.3, 11.0]) * u.keV
charge = na.Millicharge(1e-12, neutrino_mass=0.1 * u.eV)
rates = {
    model: na.differential_rate(
        T, source=na.source("kuo-sheng"), target="Ge", interaction=charge, response=model
    )
    for model in ("photoabsorption-ionisation", "photoabsorption-ionisation-in-vacuum")
}
print("energy_transfer_keV,solid,atom,ratio")
for energy, solid, atom in zip(T / u.keV, *(r / u.cpkkd for r in rates.values()), strict=True):
    print(f"{energy:g},{solid:.4g},{atom:.4g},{solid / atom:.3f}")
