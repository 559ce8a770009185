"""The section ``[project]`` of a run card: what an experiment could reach, and against what."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from nuatom import units as u
from nuatom.analysis.cards.fields import (
    Energy,
    Exposure,
    FluxDensity,
    Fraction,
    Length,
    Rate,
    Section,
)
from nuatom.arrays import Array

_MOST = 200
_Number = Annotated[int, Field(ge=2, le=_MOST)]
_Values = Field(default=None, min_length=1, max_length=_MOST, description="Each point.")
_Low = Field(default=None, description="First point.")
_High = Field(default=None, description="Last point.")
_Points = Field(default=None, description="How many, in equal ratios from low to high.")
_Factors = Annotated[
    list[Annotated[float, Field(gt=0)]] | None,
    Field(default=None, min_length=1, max_length=_MOST, description="On what the card says."),
]


class AxisSection(Section):
    """What all axes have: points as a list, or as a range in equal ratios."""

    unit: ClassVar[float] = 1.0

    @model_validator(mode="after")
    def _one_way(self) -> "AxisSection":
        """Refuse points given twice, half or not at all."""
        ends = [getattr(self, name) for name in ("low", "high", "number")]
        ways = [self.values_given, self.factors_given, any(end is not None for end in ends)]
        if sum(way is not None and way is not False for way in ways) != 1:
            raise ValueError("expected one of: values; low, high and number; or factors, if any")
        if ways[2] and (any(end is None for end in ends) or not ends[0] < ends[1]):
            raise ValueError("expected the three of low, high and number, with low < high")
        points = np.sort(self.points())
        # 1 keV and 1000 eV differ by rounding
        if np.any(np.diff(points) <= 1e-12 * np.abs(points[1:])):
            raise ValueError("found a point twice, expected each once")
        return self

    @property
    def values_given(self) -> list[float] | None:
        """Points with a unit, as a list."""
        found: list[float] | None = getattr(self, "values", None)
        return found

    @property
    def factors_given(self) -> list[float] | None:
        """Points relative to the card."""
        found: list[float] | None = getattr(self, "factors", None)
        return found

    def points(self) -> Array:
        """Return the points in base units, or as factors."""
        given = self.values_given or self.factors_given
        if given is not None:
            return np.array(given)
        found: Any = self
        return np.geomspace(found.low, found.high, found.number)


class ThresholdAxis(AxisSection):
    """Observed energy from which on counts are used."""

    unit: ClassVar[float] = u.keV
    kind: Literal["threshold"]
    values: list[Energy] | None = _Values
    low: Energy | None = _Low
    high: Energy | None = _High
    number: _Number | None = _Points


class BackgroundAxis(AxisSection):
    """Level of the backgrounds: all of them times a factor, or one at a stated rate."""

    unit: ClassVar[float] = u.cpkkd
    kind: Literal["background"]
    of: str | None = Field(default=None, description="Name of one background; all if left out.")
    values: list[Rate] | None = _Values
    low: Rate | None = _Low
    high: Rate | None = _High
    number: _Number | None = _Points
    factors: _Factors

    @model_validator(mode="after")
    def _of_one(self) -> "BackgroundAxis":
        """Refuse one rate for several backgrounds."""
        if self.factors is None and self.of is None:
            raise ValueError("found rates, expected of = the name of the background; or factors")
        return self


class ExposureAxis(AxisSection):
    """Mass times live time."""

    unit: ClassVar[float] = u.kg * u.day
    kind: Literal["exposure"]
    values: list[Exposure] | None = _Values
    low: Exposure | None = _Low
    high: Exposure | None = _High
    number: _Number | None = _Points
    factors: _Factors


class AccuracyAxis(AxisSection):
    """Relative error of a subtracted background; see [project.subtraction]."""

    kind: Literal["accuracy"]
    values: list[Fraction] | None = _Values
    low: Fraction | None = _Low
    high: Fraction | None = _High
    number: _Number | None = _Points


class QuenchingAxis(AxisSection):
    """Lindhard's k, or a constant factor, of one element."""

    kind: Literal["quenching"]
    element: str = Field(description="As in detector.quenching.")
    values: list[Fraction] | None = _Values
    low: Fraction | None = _Low
    high: Fraction | None = _High
    number: _Number | None = _Points


class RejectionAxis(AxisSection):
    """Part of the nuclear recoils that is told apart and left out."""

    kind: Literal["nuclear-recoil-rejection"]
    values: list[Annotated[Fraction, Field(le=1)]] | None = _Values
    low: Annotated[Fraction, Field(le=1)] | None = _Low
    high: Annotated[Fraction, Field(le=1)] | None = _High
    number: _Number | None = _Points


class FluxAxis(AxisSection):
    """Total flux of the source."""

    unit: ClassVar[float] = u.flux
    kind: Literal["flux"]
    values: list[FluxDensity] | None = _Values
    low: FluxDensity | None = _Low
    high: FluxDensity | None = _High
    number: _Number | None = _Points
    factors: _Factors


class DistanceAxis(AxisSection):
    """From the core: the flux falls with its square."""

    unit: ClassVar[float] = u.metre
    kind: Literal["distance"]
    values: list[Length] | None = _Values
    low: Length | None = _Low
    high: Length | None = _High
    number: _Number | None = _Points


AnyAxis = Annotated[
    ThresholdAxis
    | BackgroundAxis
    | ExposureAxis
    | AccuracyAxis
    | QuenchingAxis
    | RejectionAxis
    | FluxAxis
    | DistanceAxis,
    Field(discriminator="kind"),
]


class SubtractionSection(Section):
    """The backgrounds are measured with the source off, and subtracted."""

    accuracy: Fraction | None = Field(
        default=None,
        description="One standard deviation of what is left, relative to the backgrounds.",
    )
    correlated: Literal["bin", "all"] | None = Field(
        default=None, description="bin: every bin is off by itself; all: by one part everywhere."
    )
    window: Energy | None = Field(
        default=None, description="Every interval of this width is off by itself."
    )

    @model_validator(mode="after")
    def _one_way(self) -> "SubtractionSection":
        """Refuse an error of which nobody says over which energies it is the same."""
        if (self.correlated is None) == (self.window is None):
            raise ValueError('expected one of correlated = "bin" or "all", and window')
        return self


class ProjectSection(Section):
    """What is asked of an experiment that is planned."""

    parameter: str = Field(description="A channel of [signals] of new physics.")
    confidence: Fraction = Field(default=0.9, lt=1, description="Of the limit, such as 90 %.")
    discovery: list[Annotated[float, Field(gt=0, le=20)]] = Field(
        default=[3.0, 5.0], max_length=10, description="Significances in standard deviations."
    )
    models: list[str] = Field(
        default=[], max_length=20, description="Atomic models; that of [response] if left out."
    )
    axes: list[AnyAxis] = Field(default=[], max_length=2, description="None, one or two.")
    subtraction: SubtractionSection | None = Field(
        default=None, description="Of backgrounds that are measured with the source off."
    )
    nuclear_recoil_rejection: Annotated[Fraction, Field(le=1)] | None = Field(
        default=None, description="Part of the nuclear recoils that is told apart and left out."
    )
    toys: int | None = Field(
        default=None, ge=100, le=100_000, description="Simulated experiments at each point."
    )
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="Of the simulated experiments.")

    @model_validator(mode="after")
    def _sensible(self) -> "ProjectSection":
        """Refuse what is given twice, and an accuracy without a subtraction."""
        for words in (self.models, [axis.kind for axis in self.axes], self.discovery):
            for word in words:
                if list(words).count(word) > 1:
                    raise ValueError(f"found {word!r} twice, expected each once")
        along = any(axis.kind == "accuracy" for axis in self.axes)
        if along and self.subtraction is None:
            raise ValueError("found an axis accuracy, expected [project.subtraction] with it")
        given = self.subtraction is not None and self.subtraction.accuracy is not None
        if self.subtraction is not None and along == given:
            raise ValueError("expected the accuracy either in subtraction or as an axis")
        kinds = {axis.kind for axis in self.axes}
        if {"flux", "distance"} <= kinds:
            raise ValueError("found flux beside distance, expected one of them")
        if self.nuclear_recoil_rejection is not None and "nuclear-recoil-rejection" in kinds:
            raise ValueError("expected nuclear_recoil_rejection once, as a number or as an axis")
        return self
