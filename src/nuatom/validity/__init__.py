"""Where each model holds for each channel, and by how much it misses: measured, as data.

For every channel and model the shipped table holds, in bands of the energy transfer, the
lowest and the highest ratio of the cross section to the one of a better model, the
*reference*.  ``validation/validity/measure.py`` computes it: germanium and xenon,
antineutrinos of 1 MeV, a millicharge with m_nu = 0.1 eV, 10 eV to 700 keV, with points beside
every edge (3 % from it where a table is the reference: within tens of eV of an inner edge the
relaxation of the ion decides, in a solid its neighbours).  A pair holds in a band if

::

    miss = max |ratio - 1| <= TOLERANCE,

if the formula is not retracted, if the medium changes it by less than that, and if the
theory of a free atom is not asked about a solid below 100 eV.

Choices and their limits:

* The reference (`nuatom.validity.conventions`) is `ab-initio`, or for a photon pole the measured
  photoabsorption with close collisions, for a free atom or in the medium as the model is.
* A reference is measured too: `ab-initio` by its band, which contains the computed variants of
  the theory (exchange, thresholds), photoabsorption-ionisation against itself with other
  tables of sigma_gamma, at the median of a band (the tables smear their edges, which says
  nothing of their strength).
* Beyond the energies of the ab-initio table `hydrogenic` is the reference, itself measured
  against the nearer of `stepped` and `impulse`.
* `ab-initio` is a theory of independent electrons.  Its band does not hold correlation, which
  matters most below about 0.2 keV; many-body theory suppresses the low-energy weak scattering
  on xenon by 23 % against free electrons (J.-W. Chen et al., Phys. Lett. B 774, 656, 2017),
  which no model here shows: `valid` means no worse than independent particles.
* Another element takes the rows of the nearer of Ge and Xe in ln Z, with the energies in
  units of the K edge, also for the density effect, of which that is no more than a hint.
  `ab-initio` holds nowhere for an element without a table.  Above 700 keV the last band stands.
  Models that need a photoabsorption table end at 100 keV; from there on `ab-initio` or
  `hydrogenic` is the reference for every channel.
* A boson lighter than `LIGHT_BOSON` counts as massless (measured at 10 eV), a heavier one
  as a contact (measured at 1 MeV).  A neutrino mass other than 0.1 eV is not considered.
* ``nucleus`` is taken to hold: there is nothing better to compare with.
"""

from nuatom.validity.bands import Band, bands
from nuatom.validity.conventions import (
    CHANNELS,
    IN_MEDIUM,
    LIGHT,
    LIGHT_BOSON,
    REFERENCES,
    TOLERANCE,
)
from nuatom.validity.naming import channels_of, target_of
from nuatom.validity.statements import is_valid, miss, table, valid_models, warnings_for

__all__ = [
    "CHANNELS",
    "IN_MEDIUM",
    "LIGHT",
    "LIGHT_BOSON",
    "REFERENCES",
    "TOLERANCE",
    "Band",
    "bands",
    "channels_of",
    "is_valid",
    "miss",
    "table",
    "target_of",
    "valid_models",
    "warnings_for",
]
