"""The section ``[detector]`` of a run card, and the detector that it describes."""

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from nuatom import units as u
from nuatom.analysis.cards.fields import Energy, Exposure, Fraction, Mass, Name, Section, Time
from nuatom.arrays import Array
from nuatom.columns import ENERGIES, PLAIN, Rule, read_columns
from nuatom.datasets.releases import xenonnt_efficiency
from nuatom.detectors.bound_lindhard import sarkis
from nuatom.detectors.detector import Detector
from nuatom.detectors.efficiency import (
    ConstantEfficiency,
    Efficiency,
    ErrorFunctionEfficiency,
    StepEfficiency,
    TabulatedEfficiency,
)
from nuatom.detectors.measured_quenching import ConstantQuenching, TabulatedQuenching
from nuatom.detectors.quenching import Lindhard, Quenching
from nuatom.detectors.resolution import FanoResolution, Resolution
from nuatom.detectors.resolution_formulas import (
    PerfectResolution,
    PowerResolution,
    TabulatedResolution,
    polynomial_in_keV,
)
from nuatom.errors import InvalidInput
from nuatom.targets import element
from nuatom.targets.compounds import compound

Of = Literal["recoil", "true", "reconstructed"]
_OF = "Energy that the efficiency is a function of: recoil, true or reconstructed."


class FanoSection(Section):
    """sigma^2 = noise^2 + fano energy_per_pair T."""

    kind: Literal["fano"]
    noise: Energy = Field(description="Standard deviation of the electronic noise.")
    fano: Fraction = Field(description='Fano factor, such as "0.11".')
    energy_per_pair: Energy = Field(description="Mean energy of an electron-hole pair.")

    def build(self, _folder: Path) -> Resolution:
        """Return the resolution."""
        return FanoResolution(self.noise, self.fano, self.energy_per_pair)


class PowerSection(Section):
    """sigma = constant + root sqrt(T) + linear T."""

    kind: Literal["power"]
    constant: Energy | None = Field(default=None, description="Constant part.")
    root_at_1_keV: Energy | None = Field(default=None, description="Part ~ sqrt(T), at T = 1 keV.")
    linear: Fraction | None = Field(default=None, description="Part ~ T.")

    def build(self, _folder: Path) -> Resolution:
        """Return the resolution."""
        root = (self.root_at_1_keV or 0.0) / np.sqrt(u.keV)
        return PowerResolution(self.constant or 0.0, float(root), self.linear or 0.0)


class PolynomialSection(Section):
    """sigma = c_0 + c_1 T + c_2 T^2 + ..., sigma and T in keV."""

    kind: Literal["polynomial"]
    coefficients_in_keV: list[float] = Field(
        min_length=1, max_length=12, description="c_0, c_1, ... for sigma and energy in keV."
    )
    highest: Energy = Field(description="Where the fit ends; sigma stays as it is there.")

    def build(self, _folder: Path) -> Resolution:
        """Return the resolution."""
        return polynomial_in_keV(self.coefficients_in_keV, self.highest)


class ResolutionTableSection(Section):
    """A CSV with energy_keV and sigma_keV."""

    kind: Literal["table"]
    file: str = Field(description="CSV beside the card: energy_keV, sigma_keV.")

    def build(self, folder: Path) -> Resolution:
        """Return the resolution."""
        table = read_columns(
            folder / self.file, [Rule("energy", ENERGIES), Rule("sigma", ENERGIES)]
        )
        return TabulatedResolution(table.values["energy"], table.values["sigma"])


class PerfectSection(Section):
    """No smearing."""

    kind: Literal["perfect"]

    def build(self, _folder: Path) -> Resolution:
        """Return the resolution."""
        return PerfectResolution()


class ConstantEfficiencySection(Section):
    """The same efficiency at every energy."""

    kind: Literal["constant"]
    value: Fraction = Field(description='Between 0 and 1, such as "0.8" or "80 %".')

    def build(self, _folder: Path) -> Efficiency:
        """Return the efficiency."""
        return ConstantEfficiency(self.value)


class StepSection(Section):
    """Nothing below, the plateau above."""

    kind: Literal["step"]
    threshold: Energy = Field(description="Where it begins.")
    of: Of = Field(default="reconstructed", description=_OF)

    def build(self, _folder: Path) -> Efficiency:
        """Return the efficiency."""
        return StepEfficiency(self.threshold, energy=self.of)


class ErrorFunctionSection(Section):
    """plateau (1 + erf[(E - threshold)/(sqrt2 width)])/2."""

    kind: Literal["error-function"]
    threshold: Energy = Field(description="Where half of the plateau is reached.")
    width: Energy = Field(description="Standard deviation of the turn-on.")
    plateau: Fraction = Field(default=1.0, description="Efficiency far above.")
    of: Of = Field(default="reconstructed", description=_OF)

    def build(self, _folder: Path) -> Efficiency:
        """Return the efficiency."""
        return ErrorFunctionEfficiency(self.threshold, self.width, self.plateau, self.of)


class EfficiencyTableSection(Section):
    """A CSV with energy_keV and efficiency."""

    kind: Literal["table"]
    file: str = Field(description="CSV beside the card: energy_keV, efficiency.")
    of: Of = Field(description=_OF)
    outside: Literal["error", "hold", "zero"] = Field(
        default="error", description="What to take beyond the rows."
    )

    def build(self, folder: Path) -> Efficiency:
        """Return the efficiency."""
        rules = [Rule("energy", ENERGIES), Rule("efficiency", PLAIN)]
        table = read_columns(folder / self.file, rules)
        energies, values = table.values["energy"], table.values["efficiency"]
        return TabulatedEfficiency(energies, values, self.of, self.outside)


class ReleaseEfficiencySection(Section):
    """The efficiency of an official release, in the energy that the release says."""

    kind: Literal["release"]
    release: Literal["xenonnt-sr0"] = Field(description="Which release.")
    folder: str = Field(description="Where your copy of the release lies.")

    def build(self, folder: Path) -> Efficiency:
        """Return the efficiency; in reconstructed energy, zero before the first row."""
        energies, values = xenonnt_efficiency(folder / self.folder)
        return TabulatedEfficiency(energies, values, "reconstructed", "zero")


class LindhardSection(Section):
    """Lindhard's formula with a stated k."""

    kind: Literal["lindhard"]
    k: Fraction = Field(description='Electronic stopping, such as "0.157" for Ge.')

    def build(self, _folder: Path, symbol: str) -> Quenching:
        """Return the quenching."""
        return Lindhard(element(symbol).atomic_number, self.k)


class SarkisSection(Section):
    """Lindhard's formula with a binding energy, as fitted in Si and Ge by Sarkis et al."""

    kind: Literal["sarkis"]
    k: Fraction = Field(description='Electronic stopping, such as "0.162" for Ge.')

    def build(self, _folder: Path, symbol: str) -> Quenching:
        """Return the quenching."""
        return sarkis(symbol, self.k)


class ConstantQuenchingSection(Section):
    """The same factor at every recoil energy."""

    kind: Literal["constant"]
    factor: Fraction = Field(description="Between 0 and 1.")

    def build(self, _folder: Path, _symbol: str) -> Quenching:
        """Return the quenching."""
        return ConstantQuenching(self.factor)


class QuenchingTableSection(Section):
    """A CSV with recoil_energy_keV and quenching_factor."""

    kind: Literal["table"]
    file: str = Field(description="CSV beside the card: recoil_energy_keV, quenching_factor.")
    invisible_below: bool = Field(
        default=False, description="Whether recoils below the rows are unseen."
    )

    def build(self, folder: Path, _symbol: str) -> Quenching:
        """Return the quenching."""
        rules = [Rule("recoil_energy", ENERGIES), Rule("quenching_factor", PLAIN)]
        values = read_columns(folder / self.file, rules).values
        return TabulatedQuenching(
            values["recoil_energy"], values["quenching_factor"], self.invisible_below
        )


ResolutionSection = Annotated[
    FanoSection | PowerSection | PolynomialSection | ResolutionTableSection | PerfectSection,
    Field(discriminator="kind"),
]
EfficiencySection = Annotated[
    ConstantEfficiencySection
    | StepSection
    | ErrorFunctionSection
    | EfficiencyTableSection
    | ReleaseEfficiencySection,
    Field(discriminator="kind"),
]
QuenchingSection = Annotated[
    LindhardSection | SarkisSection | ConstantQuenchingSection | QuenchingTableSection,
    Field(discriminator="kind"),
]


class DetectorSection(Section):
    """A shipped detector by name, with what replaces its numbers, or one given here."""

    name: Name | None = Field(default=None, description="A shipped detector.")
    target: str | None = Field(default=None, description="Formula, such as Ge, LXe, NaI.")
    mass: Mass | None = Field(default=None, description="Of the target; needs live_time.")
    live_time: Time | None = Field(default=None, description="Needs mass.")
    exposure: Exposure | None = Field(
        default=None, description="Mass times live time, instead of both."
    )
    threshold: Energy | None = Field(
        default=None, description="Observed energies below are not counted."
    )
    lowest_deposit: Energy | None = Field(
        default=None, description="Deposits below are not followed."
    )
    resolution: ResolutionSection | None = Field(default=None, description="Smearing.")
    efficiencies: list[EfficiencySection] | None = Field(default=None, description="Multiplied.")
    quenching: dict[str, QuenchingSection] | None = Field(
        default=None, description="Element -> quenching of its recoils."
    )

    @model_validator(mode="after")
    def _complete(self) -> "DetectorSection":
        """Refuse half an exposure, and a detector of which nothing is known."""
        if (self.mass is None) != (self.live_time is None):
            raise ValueError("found one of mass and live_time, expected both")
        if self.exposure is not None and self.mass is not None:
            raise ValueError("found exposure beside mass and live_time, expected one way")
        if self.name is None:
            if self.target is None:
                raise ValueError("found neither name nor target, expected one of them")
            if self.resolution is None:
                raise ValueError('found no resolution, expected one; { kind = "perfect" } for none')
        elif self.target is not None:
            raise ValueError("found name beside target, expected one of them")
        return self

    def build(
        self, folder: Path, bin_edges: Array | None, exposure: float | None = None
    ) -> tuple[Detector, tuple[str, ...]]:
        """Return the detector and what to cite for it; the exposure is that of the data."""
        parts = self._parts(folder)
        if exposure is not None:
            parts.setdefault("exposure", exposure)
        if self.name is not None:
            from nuatom.detectors.cards import detector_card

            card = detector_card(self.name)
            return card.detector(bin_edges, **parts), card.references
        if bin_edges is None:
            raise InvalidInput("found no bins, expected [bins] with a detector given in the card")
        if "exposure" not in parts:
            raise InvalidInput(
                'exposure: found nothing, expected one such as "0.338 kg day", or data that have it'
            )
        assert self.target is not None
        return Detector("card", compound(self.target), bin_edges=bin_edges, **parts), ()

    def _parts(self, folder: Path) -> dict[str, Any]:
        """Return the arguments of the constructor that the card gives."""
        parts: dict[str, Any] = {}
        if self.mass is not None and self.live_time is not None:
            parts["exposure"] = self.mass * self.live_time
        if self.resolution is not None:
            parts["resolution"] = self.resolution.build(folder)
        if self.efficiencies is not None:
            parts["efficiencies"] = tuple(part.build(folder) for part in self.efficiencies)
        if self.quenching is not None:
            parts["quenching"] = {
                symbol: part.build(folder, symbol) for symbol, part in self.quenching.items()
            }
        for key in ("exposure", "threshold", "lowest_deposit"):
            if getattr(self, key) is not None:
                parts[key] = getattr(self, key)
        return parts
