"""Expected counts as a function of couplings: linear algebra on precomputed components."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nuatom.analysis.observation import Observation
from nuatom.arrays import Array, finite
from nuatom.datasets.counts import ENERGY
from nuatom.errors import InvalidInput, lookup


@dataclass(frozen=True)
class Parameter:
    """A coupling on which the signals depend.

    Parameters
    ----------
    channel : str
        Name of the channel [name].
    unit : str
        Unit of the coupling [text].
    default : float
        Taken where none is given: 1 for the Standard Model, else 0 [any].
    power : int
        With which it enters the amplitude [dimensionless].
    """

    channel: str
    unit: str
    default: float
    power: int


@dataclass(frozen=True, eq=False)
class Component:
    """Counts in each bin, for a unit of what multiplies them.

    Parameters
    ----------
    name : str
        Short name [name].
    kind : str
        ``signal``, ``interference`` or ``background`` [name].
    channels : tuple of str
        One channel, or two that interfere; empty for a background [names].
    counts : ndarray
        Expected, shape (bin,) [dimensionless].
    upper, lower : dict
        Variation -> the same for one standard deviation up and down; variations that do
        not touch this component are absent [dimensionless].
    rate_variation : str
        Which of them is the uncertainty of the rate of a background, empty where the rate is
        free; it multiplies all counts [name].
    """

    name: str
    kind: str
    channels: tuple[str, ...]
    counts: Array
    upper: dict[str, Array]
    lower: dict[str, Array]
    rate_variation: str = ""


@dataclass(frozen=True, eq=False)
class Model:
    """What an experiment expects to count.

    Parameters
    ----------
    title : str
        One line [text].
    bin_edges : ndarray
        Observed energies, or areas, shape (bin + 1,) [energy].
    parameters : tuple of Parameter
        Couplings of the channels [parameter].
    components : tuple of Component
        Signals, interferences, backgrounds [component].
    variations : dict
        Name -> what one standard deviation is [text].
    exposure : float
        Mass times live time [mass time].
    notes : tuple of str
        Conventions and ranges of validity [text].
    references : tuple of str
        What to cite [text].
    provenance : dict
        Version, checksums, names of models [text].
    observed : Observation or None
        What was counted in the bins, if the card names data [observation].
    axis : str
        ``energy``, or ``s2_area`` (then edges are plain photoelectrons) [name].
    """

    title: str
    bin_edges: Array
    parameters: tuple[Parameter, ...]
    components: tuple[Component, ...]
    variations: dict[str, str]
    exposure: float
    notes: tuple[str, ...]
    references: tuple[str, ...]
    provenance: dict[str, str]
    observed: Observation | None = None
    axis: str = ENERGY

    def __post_init__(self) -> None:
        """Stack the arrays once, so that a new coupling costs one product."""
        nominal = np.array([part.counts for part in self.components])
        names = {name: name for name in self.variations}
        shifts = [
            [
                (part.upper.get(name, part.counts), part.lower.get(name, part.counts))
                for part in self.components
            ]
            for name in names
        ]
        stacked = np.array(shifts) if shifts else np.zeros((0, *nominal.shape[:1], 2, 0))
        object.__setattr__(self, "_nominal", nominal)
        object.__setattr__(self, "_shifted", stacked)

    def coefficients(
        self,
        couplings: Mapping[str, float] | None = None,
        strengths: Mapping[str, float] | None = None,
    ) -> Array:
        """Return what multiplies each component.

        Parameters
        ----------
        couplings : mapping, optional
            Channel -> coupling in its unit; the others are 1 for the Standard Model and 0
            for anything new [any].
        strengths : mapping, optional
            Background -> factor on its rate, 1 if not given [dimensionless].

        Returns
        -------
        ndarray
            Shape (component,).

        Raises
        ------
        UnknownName
            If a name is none of the model.
        InvalidInput
            If a number is not finite.
        """
        given = dict(couplings or {})
        known = {p.channel: p for p in self.parameters}
        for name in given:
            lookup("channel of the card", name, known)
        backgrounds = {p.name: p for p in self.components if p.kind == "background"}
        factors = dict(strengths or {})
        for name in factors:
            lookup("background of the card", name, backgrounds)
        amplitude = {
            name: float(finite(name, given.get(name, p.default))) ** p.power
            for name, p in known.items()
        }
        values = []
        for part in self.components:
            if part.kind == "background":
                values.append(float(finite(part.name, factors.get(part.name, 1.0))))
            else:
                first, second = (*part.channels, *part.channels)[:2]
                values.append(amplitude[first] * amplitude[second])
        return np.array(values)

    def expected(
        self,
        couplings: Mapping[str, float] | None = None,
        *,
        strengths: Mapping[str, float] | None = None,
        shifts: Mapping[str, float] | None = None,
    ) -> Array:
        """Return the expected counts in each bin.

        Parameters
        ----------
        couplings : mapping, optional
            Channel -> coupling in its unit; the others are 1 for the Standard Model and 0
            for anything new [any].
        strengths : mapping, optional
            Background -> factor on its rate, 1 if not given [dimensionless].
        shifts : mapping, optional
            Variation -> how many standard deviations, 0 if not given [dimensionless].

        Returns
        -------
        ndarray
            Shape (bin,) [dimensionless].

        Raises
        ------
        UnknownName
            If a name is none of the model.
        InvalidInput
            If a number is not finite.

        Notes
        -----
        Between minus and plus one standard deviation a parabola through the three spectra
        in each bin, beyond it a straight line (HistFactory, CERN-OPEN-2012-016, its
        interpolation code 2); variations add.
        """
        weights = self.coefficients(couplings, strengths)
        counts = self._nominal.copy()  # type: ignore[attr-defined]
        for name, shift in (shifts or {}).items():
            lookup("variation of the card", name, self.variations)
            place = list(self.variations).index(name)
            pair = self._shifted[place]  # type: ignore[attr-defined]
            counts += _interpolated(
                self._nominal,  # type: ignore[attr-defined]
                pair[:, 0],
                pair[:, 1],
                float(finite(name, shift)),
            )
        total = weights @ counts
        if not np.all(np.isfinite(total)):
            raise InvalidInput("expected: found no finite counts, expected smaller couplings")
        return np.asarray(total)

    def component(self, name: str) -> Component:
        """Return one component.

        Parameters
        ----------
        name : str
            Of a channel, ``a*b`` for an interference, or of a background [name].

        Returns
        -------
        Component
            Its counts and variations.

        Raises
        ------
        UnknownName
            If there is none of that name.
        """
        return lookup("component", name, {part.name: part for part in self.components})


def _interpolated(nominal: Array, upper: Array, lower: Array, shift: float) -> Array:
    """Return what a shift adds: ``z (u-l)/2 + z^2 (u+l-2n)/2``, a tangent beyond |z| = 1."""
    slope, curve = (upper - lower) / 2, (upper + lower - 2 * nominal) / 2
    inside = float(np.clip(shift, -1.0, 1.0))
    beyond = shift - inside
    return np.asarray(inside * slope + inside**2 * curve + beyond * (slope + 2 * inside * curve))
