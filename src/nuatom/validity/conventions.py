"""What is measured against what, and what counts as holding: each choice in one place."""

from nuatom import catalog
from nuatom import units as u

TOLERANCE = 0.25
"""The largest miss of a pair that holds.  As good as the input: tables of photoabsorption
differ by 15 to 27 % at 100 to 500 eV; and 12 % of a coupling, which enters squared."""
SOLID_BELOW = 0.1 * u.keV
"""Below it the valence electrons of a solid are not those of an atom."""
MEASURED_UP_TO = 700 * u.keV
"""Where the table ends."""
LIGHT_BOSON = 30 * u.keV
"""A boson below it counts as massless: the momentum of the Bethe ridge at 1 keV."""
FREE_ATOMS = frozenset({"H", "He", "Ne", "Ar", "Kr", "Xe", "Rn"})
"""Elements for which the theory of a free atom is not refused below 100 eV."""

LIGHT = {name: f"light-{name}" for name in catalog.ELECTRONIC if name.endswith("-boson")}
"""Channel of a boson -> the rows of one that is lighter than `LIGHT_BOSON`."""
POLE = ("millicharge", *LIGHT.values())
"""Channels with the 1/Q^4 of a massless boson."""
CHANNELS = {name: name for name in catalog.INTERACTIONS} | {v: k for k, v in LIGHT.items()}
"""Name in the table -> name in the catalogue."""

_FREE_ATOM, _DENSE = "photoabsorption-ionisation-in-vacuum", "photoabsorption-ionisation"
REFERENCES: dict[str, str] = {
    **dict.fromkeys(catalog.ELECTRONIC, catalog.AB_INITIO),
    **dict.fromkeys(POLE, _FREE_ATOM),
}
"""Channel -> the better model, for a free atom; for a photon pole what was measured with photons
is better than theory."""
REFERENCE_IN_MEDIUM = {"millicharge": _DENSE}
"""The same for the models `IN_MEDIUM`."""
IN_MEDIUM = ("equivalent-photon-in-medium", _DENSE)
NEEDS_TABLE = ("equivalent-photon", "photoabsorption-ionisation")
"""How the names of the models start that end with the photoabsorption table, at 100 keV."""
BEYOND_TABLES = "hydrogenic"
"""The reference where the one of a channel ends, at 100 keV or with the ab-initio table."""
VARIANTS = "variants of the theory"
"""Reference in the rows of the ab-initio response itself: the band that its table carries."""
BAND_OF = {
    **{name: name for name in catalog.ELECTRONIC},
    **dict.fromkeys(LIGHT, "charge-radius"),
    **dict.fromkeys(LIGHT.values(), "millicharge"),
}
"""Channel -> the one whose band of variants it takes: for a boson, that of the same integrals."""
OTHER_TABLES = "other photoabsorption tables"
"""Reference in the rows of photoabsorption-ionisation itself."""
EDITION = "1"
SLACK = 1e-9
"""Relative, of an energy that is typed as the end of a band."""
