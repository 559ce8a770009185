"""The entries ``[[backgrounds]]`` of a run card."""

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from nuatom import backgrounds as b
from nuatom.analysis.cards.fields import AnyEnergy, Energy, Fraction, LineRate, Name, Rate, Section
from nuatom.columns import ENERGIES, RATES, Rule, read_columns
from nuatom.datasets.releases import xenonnt_background
from nuatom.datasets.user import bin_edges

Energies = Literal["deposited", "observed"]
_OF = "Whether the spectrum is of deposited energy (then smeared) or of observed energy."


class BackgroundSection(Section):
    """What all backgrounds have."""

    name: Name = Field(description="Short name, used for the column.")
    uncertainty: Fraction | None = Field(
        default=None, description="Relative standard deviation of its rate; free if left out."
    )

    def rate_nuisance(self, strength: str, value: float) -> tuple[b.Nuisance, ...]:
        """Return the nuisance parameter of the rate.

        Parameters
        ----------
        strength : str
            Name of the parameter [name].
        value : float
            Its central value [any].

        Returns
        -------
        tuple of Nuisance
            Gaussian where the card gives an uncertainty, else free.
        """
        if self.uncertainty is None:
            return (b.Nuisance(strength, prior="free"),)
        return (b.Nuisance(strength, self.uncertainty * value),)


class FlatSection(BackgroundSection):
    """The same rate at every energy."""

    kind: Literal["flat"]
    rate: Rate
    of: Energies = Field(default="deposited", description=_OF)

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        return b.Flat(self.name, self.rate, self.of == "observed", nuisances)


class ExponentialSection(BackgroundSection):
    """rate exp[-(T - reference_energy)/decay_energy]."""

    kind: Literal["exponential"]
    rate: Rate = Field(description="At the reference energy.")
    reference_energy: AnyEnergy
    decay_energy: Energy
    decay_energy_uncertainty: Energy | None = None
    of: Energies = Field(default="deposited", description=_OF)

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        if self.decay_energy_uncertainty is not None:
            nuisances += (b.Nuisance("decay_energy", self.decay_energy_uncertainty),)
        observed = self.of == "observed"
        return b.Exponential(
            self.name, self.rate, self.reference_energy, self.decay_energy, observed, nuisances
        )


class PowerLawSection(BackgroundSection):
    """rate (T/reference_energy)^-exponent."""

    kind: Literal["power-law"]
    rate: Rate = Field(description="At the reference energy.")
    reference_energy: Energy
    exponent: float
    exponent_uncertainty: float | None = Field(default=None, gt=0)
    of: Energies = Field(default="deposited", description=_OF)

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        if self.exponent_uncertainty is not None:
            nuisances += (b.Nuisance("exponent", self.exponent_uncertainty),)
        observed = self.of == "observed"
        return b.PowerLaw(
            self.name, self.rate, self.reference_energy, self.exponent, observed, nuisances
        )


class CaptureSection(BackgroundSection):
    """Electron capture: K, L and M lines in a fixed ratio."""

    kind: Literal["electron-capture"]
    nuclide: str = Field(description="Such as 71Ge, 68Ge, 65Zn.")
    rate: LineRate = Field(description="Of the K line.")

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        return b.CaptureLines(self.name, self.nuclide, self.rate, nuisances)


class FluorescenceSection(BackgroundSection):
    """X rays of an element."""

    kind: Literal["fluorescence"]
    element: str = Field(description="Symbol of the element that shines.")
    rate: LineRate = Field(description="Of all lines of the series.")

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        return b.Fluorescence(self.name, self.element, self.rate, nuisances=nuisances)


class LineSection(BackgroundSection):
    """One line."""

    kind: Literal["line"]
    energy: Energy
    rate: LineRate

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        return b.Line(self.name, self.rate, self.energy, nuisances)


class TritiumSection(BackgroundSection):
    """Electrons of tritium."""

    kind: Literal["tritium"]
    activity: LineRate

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("activity", self.activity)
        return b.BetaContinuum(self.name, self.activity, b.TRITIUM_END_POINT, 2, 3, nuisances)


class BetaSection(BackgroundSection):
    """Electrons of another allowed beta decay."""

    kind: Literal["beta"]
    activity: LineRate
    end_point: Energy
    daughter_atomic_number: int = Field(ge=1, le=100)
    mass_number: int = Field(ge=1, le=300)

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        return b.BetaContinuum(
            self.name,
            self.activity,
            self.end_point,
            self.daughter_atomic_number,
            self.mass_number,
            self.rate_nuisance("activity", self.activity),
        )


class NoiseSection(BackgroundSection):
    """Excursions of Gaussian noise, in observed energy."""

    kind: Literal["noise-edge"]
    rate: Rate = Field(description="At the reference energy.")
    reference_energy: Energy
    sigma: Energy
    sigma_uncertainty: Energy | None = None

    def build(self, _folder: Path) -> b.Background:
        """Return the background."""
        nuisances = self.rate_nuisance("rate", self.rate)
        if self.sigma_uncertainty is not None:
            nuisances += (b.Nuisance("sigma", self.sigma_uncertainty),)
        return b.NoiseEdge(self.name, self.rate, self.reference_energy, self.sigma, nuisances)


class TemplateSection(BackgroundSection):
    """A spectrum from a CSV: energy_low_keV, energy_high_keV, rate_per_kg_keV_day."""

    kind: Literal["template"]
    file: str = Field(description="CSV beside the card.")
    of: Energies = Field(description=_OF)

    def build(self, folder: Path) -> b.Background:
        """Return the background."""
        rules = [Rule("energy_low", ENERGIES), Rule("energy_high", ENERGIES), Rule("rate", RATES)]
        table = read_columns(folder / self.file, rules)
        edges = bin_edges(table, "energy")
        observed = self.of == "observed"
        nuisances = self.rate_nuisance("scale", 1.0)
        return b.Template(self.name, edges, table.values["rate"], 1.0, observed, nuisances)


class ReleaseSection(BackgroundSection):
    """The published background of an official release, in observed energy."""

    kind: Literal["release"]
    release: Literal["xenonnt-sr0"] = Field(description="Which release.")
    folder: str = Field(description="Where your copy of the release lies.")
    holds: list[str] = Field(
        default=[],
        max_length=20,
        description="Channels of [signals] that the published background contains; what the card "
        "expects of them is taken off.",
    )

    def build(self, folder: Path) -> b.Background:
        """Return the background, between the energies of the release linear in each step."""
        energies, rates = xenonnt_background(folder / self.folder)
        nuisances = self.rate_nuisance("scale", 1.0)
        means = (rates[1:] + rates[:-1]) / 2
        return b.Template(self.name, energies, means, 1.0, observed=True, nuisances=nuisances)


AnyBackground = Annotated[
    FlatSection
    | ExponentialSection
    | PowerLawSection
    | CaptureSection
    | FluorescenceSection
    | LineSection
    | TritiumSection
    | BetaSection
    | NoiseSection
    | TemplateSection
    | ReleaseSection,
    Field(discriminator="kind"),
]


class BinsSection(Section):
    """Bins of observed energy: their edges, or ends and a number."""

    edges: list[AnyEnergy] | None = Field(default=None, min_length=2, max_length=20001)
    low: AnyEnergy | None = None
    high: Energy | None = None
    number: int | None = Field(default=None, ge=1, le=20000)
    spacing: Literal["linear", "logarithmic"] = "linear"

    @model_validator(mode="after")
    def _one_way(self) -> "BinsSection":
        """Refuse bins given twice, half or backwards."""
        ends = (self.low, self.high, self.number)
        if (self.edges is None) == all(end is None for end in ends):
            raise ValueError("expected either edges, or low, high and number")
        if self.edges is None and any(end is None for end in ends):
            raise ValueError("found not all of low, high and number, expected the three")
        edges = self.build()
        if edges[0] < 0 or np.any(np.diff(edges) <= 0):
            raise ValueError("found edges that do not increase from zero or more, sort them")
        return self

    def build(self, _folder: Path | None = None) -> Any:
        """Return the edges of the bins."""
        if self.edges is not None:
            return np.array(self.edges)
        assert self.low is not None and self.high is not None and self.number is not None
        if self.spacing == "linear":
            return np.linspace(self.low, self.high, self.number + 1)
        if not 0 < self.low < self.high:
            raise ValueError("found logarithmic bins from zero, expected low > 0")
        return np.geomspace(self.low, self.high, self.number + 1)
