"""Coherent scattering on a spin-0 nucleus: one node at Q^2 = 2 M T for each isotope."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nuatom.arrays import Array
from nuatom.responses.measure import ALL_RESPONSES, Measure
from nuatom.targets.elements import Isotope
from nuatom.targets.form_factors import helm

FormFactor = Callable[[Array, float], Array]
"""F(Q^2, mass number), 1 at Q^2 = 0; not squared."""


@dataclass(frozen=True)
class Nucleus:
    """The nuclei of an element, with its isotopic composition.

    ``R_L -> (2M + T)^2/(2M) F^2(Q^2)`` at ``Q^2 = 2MT``; every other response of a
    spin-0 nucleus is zero.  The constituents are Z protons and N neutrons, so that
    the weak charge, the electric charge and their interference follow.

    Parameters
    ----------
    atomic_number : int
        Z [dimensionless].
    isotopes : tuple of Isotope
        Abundances add up to 1 [isotope].
    form_factor : callable
        F(Q^2, A), the same for protons and neutrons [dimensionless].

    Notes
    -----
    Valid for spin 0; the spin of an odd isotope (73Ge, 8 % of natural germanium)
    adds a term of order 1/A^2 that is left out.
    """

    atomic_number: int
    isotopes: tuple[Isotope, ...]
    form_factor: FormFactor = helm
    name: str = field(default="nucleus", init=False)
    provides: frozenset[str] = field(default=ALL_RESPONSES, init=False)

    @property
    def shells(self) -> tuple[str, ...]:
        """The mass numbers."""
        return tuple(f"A={isotope.mass_number:g}" for isotope in self.isotopes)

    @property
    def edges(self) -> Array:
        """No threshold."""
        return np.zeros(len(self.isotopes))

    @property
    def constituents(self) -> dict[str, Array]:
        """Z protons and N neutrons; N has one value for each isotope."""
        neutrons = np.array([float(i.mass_number - self.atomic_number) for i in self.isotopes])
        return {
            "proton": np.array(float(self.atomic_number)),
            "neutron": neutrons[:, None, None],
        }

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return one node for each isotope."""
        mass = np.array([isotope.mass for isotope in self.isotopes])[:, None]
        abundance = np.array([isotope.abundance for isotope in self.isotopes])[:, None]
        q2 = 2 * mass * T
        open_ = (q2 >= q2_min) & (q2 <= q2_max)
        form_factor = np.array(
            [
                self.form_factor(q2[i], isotope.mass_number)
                for i, isotope in enumerate(self.isotopes)
            ]
        )
        longitudinal = abundance * open_ * (2 * mass + T) ** 2 / (2 * mass) * form_factor**2
        return Measure(q2[:, :, None], {"L": longitudinal[:, :, None]})
