"""A charge radius seen through its interference with the weak force, on bound electrons.

Prints the relative change of the reactor rate in xenon for two charge radii.
"""

import numpy as np

import nuatom as na
from nuatom import units as u

T = np.array([0.5, 1, 5, 20, 50]) * u.keV
setup = {"source": na.source("kuo-sheng"), "target": na.target("Xe"), "response": "hydrogenic"}
weak = na.differential_rate(T, interaction=na.Weak(), **setup)

print("energy_transfer_keV,change_plus,change_minus")
changes = []
for radius in (3e-32, -3e-32):
    both = na.Couplings((na.Weak(), na.ChargeRadius(radius * u.cm**2)))
    changes.append(na.differential_rate(T, interaction=both, **setup) / weak - 1)
for energy, plus, minus in zip(T / u.keV, *changes, strict=True):
    print(f"{energy:g},{plus:+.4f},{minus:+.4f}")
