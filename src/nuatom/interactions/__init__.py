"""Interactions: each channel is a list of terms, one file per channel."""

from nuatom.interactions.charge_radius import ChargeRadius
from nuatom.interactions.couplings import Amplitude, Couplings
from nuatom.interactions.magnetic_moment import MagneticMoment
from nuatom.interactions.millicharge import Millicharge
from nuatom.interactions.terms import Interaction, Term
from nuatom.interactions.weak import Weak

__all__ = [
    "Amplitude",
    "ChargeRadius",
    "Couplings",
    "Interaction",
    "MagneticMoment",
    "Millicharge",
    "Term",
    "Weak",
]
