"""Atomic and nuclear models: each is a measure on Q^2, one file per model."""

from nuatom.responses.equivalent_photon import EquivalentPhoton, PaperEquivalentPhoton
from nuatom.responses.free import FreeElectrons
from nuatom.responses.hydrogenic import Hydrogenic, HydrogenLike
from nuatom.responses.impulse import ImpulseApproximation
from nuatom.responses.measure import Measure, Response
from nuatom.responses.medium import (
    EquivalentPhotonInMedium,
    InMedium,
    photoabsorption_ionisation,
)
from nuatom.responses.nucleus import Nucleus
from nuatom.responses.stepped import SteppedElectrons
from nuatom.responses.tabulated import Tabulated

__all__ = [
    "EquivalentPhoton",
    "EquivalentPhotonInMedium",
    "FreeElectrons",
    "HydrogenLike",
    "Hydrogenic",
    "ImpulseApproximation",
    "InMedium",
    "Measure",
    "Nucleus",
    "PaperEquivalentPhoton",
    "Response",
    "SteppedElectrons",
    "Tabulated",
    "photoabsorption_ionisation",
]
