"""Interactions: each channel is a list of terms, one file per channel."""

from nuatom.interactions.anapole import Anapole
from nuatom.interactions.charge_radius import ChargeRadius
from nuatom.interactions.charged_projectile import ChargedProjectile, MagneticProjectile
from nuatom.interactions.couplings import Amplitude, Couplings
from nuatom.interactions.dipole_moment import DipoleMoment
from nuatom.interactions.magnetic_moment import MagneticMoment
from nuatom.interactions.millicharge import Millicharge
from nuatom.interactions.moment_matrix import MixedMoments
from nuatom.interactions.terms import Interaction, Term
from nuatom.interactions.transition_radius import TransitionChargeRadius
from nuatom.interactions.vector_mediator import VectorMediator
from nuatom.interactions.weak import Weak

__all__ = [
    "Amplitude",
    "Anapole",
    "ChargeRadius",
    "ChargedProjectile",
    "Couplings",
    "DipoleMoment",
    "Interaction",
    "MagneticMoment",
    "MagneticProjectile",
    "Millicharge",
    "MixedMoments",
    "Term",
    "TransitionChargeRadius",
    "VectorMediator",
    "Weak",
]
