"""Targets: elements, compounds, photoabsorption by source, dielectrics, nuclear form factors."""

from nuatom.targets.dielectric import Dielectric, dielectric
from nuatom.targets.elements import Element, Isotope, Subshell, element
from nuatom.targets.form_factors import helm, klein_nystrand
from nuatom.targets.photoabsorption import (
    Photoabsorption,
    photoabsorption,
    photoabsorption_band,
)

__all__ = [
    "Dielectric",
    "Element",
    "Isotope",
    "Photoabsorption",
    "Subshell",
    "dielectric",
    "element",
    "helm",
    "klein_nystrand",
    "photoabsorption",
    "photoabsorption_band",
]
