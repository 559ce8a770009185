"""Units as multipliers on one base scale, with hbar = c = 1.

Every unit is a number: multiply by it on the way in, divide by it on the way
out, and no other conversion factor is ever needed.  Because hbar = c = 1, all
of them are powers of one energy scale::

    [energy] = [mass] = 1/[length] = 1/[time]

The base scale is 1 keV.  Physics must not depend on that choice, so setting the
environment variable ``NUATOM_UNIT_SEED`` to an integer before the import draws
another scale at random; a result that changes by more than rounding is a unit
error.  The electric charge is dimensionless (``e**2 = 4 pi alpha``), a magnetic
moment is a plain number of Bohr magnetons and a millicharge a plain number of
elementary charges.

The factors between SI and natural units follow from the exact constants of the
2019 SI (e, h, c).

Example
-------
>>> from nuatom import units as u
>>> round((1 * u.MeV) / u.keV)
1000
>>> 1.9e-8 < 1 / (u.keV * u.cm) < 2.0e-8   # hbar c = 1.973e-8 keV cm
True
"""

import math
import os
import random

_PLANCK_J_S = 6.62607015e-34
_CHARGE_C = 1.602176634e-19
_LIGHT_M_PER_S = 299792458.0
_HBAR_EV_S = _PLANCK_J_S / (2 * math.pi * _CHARGE_C)


def _base_scale() -> float:
    """One keV in base units: 1, or a random number between 1e-3 and 1e3."""
    seed = os.environ.get("NUATOM_UNIT_SEED")
    return 1.0 if not seed else 10 ** random.Random(int(seed)).uniform(-3, 3)


keV = _base_scale()
eV = 1e-3 * keV
MeV = 1e3 * keV
GeV = 1e6 * keV

second = 1 / (_HBAR_EV_S * eV)
minute = 60 * second
hour = 3600 * second
day = 86400 * second
year = 365.25 * day

metre = second / _LIGHT_M_PER_S
cm = 1e-2 * metre
mm = 1e-3 * metre
km = 1e3 * metre
fm = 1e-15 * metre
angstrom = 1e-10 * metre
barn = 1e-24 * cm**2
megabarn = 1e6 * barn

joule = eV / _CHARGE_C
watt = joule / second
kW = 1e3 * watt
MW = 1e6 * watt
GW = 1e9 * watt

kg = joule * (second / metre) ** 2
gram = 1e-3 * kg
tonne = 1e3 * kg

cpkkd = 1 / (kg * keV * day)
"""Counts per (kg keV day)."""
flux = 1 / (cm**2 * second)
"""Particles per (cm^2 s)."""
