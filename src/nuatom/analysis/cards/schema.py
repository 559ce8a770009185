"""What a run card may hold: the sections and the whole."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from nuatom.analysis.cards.background_sections import AnyBackground, BinsSection
from nuatom.analysis.cards.detector_section import DetectorSection
from nuatom.analysis.cards.fields import Energy, FluxDensity, Fraction, Length, Power, Section
from nuatom.analysis.cards.limit_section import LimitSection
from nuatom.analysis.cards.project_section import ProjectSection
from nuatom.datasets import READERS, Dataset, dataset
from nuatom.errors import lookup

SCHEMA_TITLE = "nuatom run card"

Flavor = Literal["nu_e", "nu_mu", "nu_tau", "anti_nu_e", "anti_nu_mu", "anti_nu_tau"]


class SourceSection(Section):
    """Where the neutrinos come from: a name, a reactor core, or a table of a flux."""

    name: str | None = Field(default=None, description="A source of `nuatom list sources`.")
    core: str | None = Field(default=None, description="A reactor core, such as kuo-sheng.")
    distance: Length | None = Field(default=None, description="To the core, not its own.")
    thermal_power: Power | None = Field(default=None, description="Of the core, not its own.")
    model: str | None = Field(default=None, description="Of the fission spectra of a core.")
    file: str | None = Field(default=None, description="CSV beside the card with a flux.")
    flavor: Flavor | None = Field(default=None, description="Of the file.")
    total_flux: FluxDensity | None = Field(
        default=None, description="To which the source is scaled."
    )

    @model_validator(mode="after")
    def _one_source(self) -> "SourceSection":
        """Refuse two sources or none."""
        if sum(way is not None for way in (self.name, self.core, self.file)) != 1:
            raise ValueError("expected exactly one of name, core and file")
        if (self.file is None) != (self.flavor is None):
            raise ValueError("found one of file and flavor, expected both or neither")
        own = (self.distance, self.thermal_power, self.model)
        if self.core is None and any(part is not None for part in own):
            raise ValueError("found distance, thermal_power or model, expected a core with them")
        return self


class DataSection(Section):
    """What was counted: a card of a dataset, or an official release in a folder of yours."""

    file: str | None = Field(default=None, description="TOML card of a dataset beside the card.")
    release: str | None = Field(
        default=None, description="An official release: " + ", ".join(READERS) + "."
    )
    folder: str | None = Field(default=None, description="Where your copy of the release lies.")

    @model_validator(mode="after")
    def _one_way(self) -> "DataSection":
        """Refuse two ways or none."""
        if (self.file is None) == (self.release is None):
            raise ValueError("expected exactly one of file and release")
        if (self.release is None) != (self.folder is None):
            raise ValueError("found one of release and folder, expected both or neither")
        return self

    def build(self, folder: Path) -> Dataset:
        """Return the dataset; of a pair in a release the one with the source on."""
        if self.file is not None:
            return dataset(folder / self.file)
        assert self.release is not None
        assert self.folder is not None
        found: Any = lookup("release", self.release, READERS)(folder / self.folder)
        chosen: Dataset = found[0] if isinstance(found, tuple) else found
        return chosen


class ResponseSection(Section):
    """How atoms and nuclei respond."""

    electrons: str | None = Field(
        default=None, description="A model of `nuatom list responses`, or a table FILE.nc."
    )
    photoabsorption: str = Field(default="recommended", description="Source of sigma_gamma.")
    form_factor: str = Field(default="helm", description="Of the nucleus.")


class SignalsSection(Section):
    """Which channels are computed."""

    channels: list[str] = Field(
        max_length=40,
        description="Of `nuatom list interactions`.",
        json_schema_extra={"minItems": 1},
    )
    neutrino_mass: Energy | None = Field(
        default=None, description="Regulates a millicharge; 0.1 eV."
    )
    mediator_mass: Energy | None = Field(default=None, description="Of a new vector boson.")

    @model_validator(mode="after")
    def _each_once(self) -> "SignalsSection":
        """Refuse a channel named twice, and a card of backgrounds alone."""
        if not self.channels:
            raise ValueError(
                "channels: found none, expected at least one, for a source without a channel "
                'counts nothing; with ["weak"] the backgrounds stand beside it in the table'
            )
        for channel in self.channels:
            if self.channels.count(channel) > 1:
                raise ValueError(f"found {channel!r} twice, expected each channel once")
        return self


class VariationsSection(Section):
    """One standard deviation of what may be wrong; each gives an upper and a lower spectrum."""

    source_normalisation: Fraction | None = Field(
        default=None, description="Relative, all signals."
    )
    reactor_spectra: bool = Field(
        default=False, description="Published uncertainties of the spectra of a core."
    )
    solar_fluxes: bool = Field(
        default=False, description="Published uncertainty of each component of the Sun."
    )
    solar_mixing: bool = Field(
        default=False, description="theta12 and the solar splitting within their errors."
    )
    reactor_power: Fraction | None = Field(
        default=None, lt=1, description="Relative error of the thermal power of a core."
    )
    exposure: Fraction | None = Field(default=None, description="Relative, everything.")
    efficiency: Fraction | None = Field(
        default=None, description="Relative, all that passes the selection of deposits."
    )
    energy_scale: Fraction | None = Field(
        default=None, lt=0.5, description="Relative error of the observed energy."
    )
    resolution: Fraction | None = Field(
        default=None, lt=0.9, description="Relative error of sigma."
    )
    quenching: Fraction | None = Field(
        default=None, lt=0.9, description="Relative error of the ionisation by nuclear recoils."
    )
    threshold: Energy | None = Field(default=None, description="Error of every threshold.")
    atomic_model: bool = Field(
        default=False, description="The band of the ab-initio response, which it needs."
    )


class Card(Section):
    """A run card."""

    title: str = Field(default="", max_length=200, description="One line for the reader.")
    source: SourceSection
    detector: DetectorSection
    data: DataSection | None = Field(default=None, description="What was counted, if anything.")
    bins: BinsSection | None = Field(
        default=None, description="Needed unless the detector or the data have their own."
    )
    response: ResponseSection = Field(default_factory=ResponseSection)
    signals: SignalsSection
    backgrounds: list[AnyBackground] = Field(default_factory=list, max_length=200)
    variations: VariationsSection = Field(default_factory=VariationsSection)
    limit: LimitSection | None = Field(default=None, description="What `nuatom limit` is asked.")
    project: ProjectSection | None = Field(
        default=None, description="What `nuatom project` is asked."
    )

    @model_validator(mode="after")
    def _some_exposure(self) -> "Card":
        """Refuse a detector of which nobody says how long it counted."""
        given = self.detector
        known = given.name, given.exposure, given.mass, self.data
        if all(part is None for part in known):
            raise ValueError('detector: found no exposure, expected one such as "0.338 kg day"')
        return self

    @model_validator(mode="after")
    def _names_once(self) -> "Card":
        """Refuse two backgrounds of one name, or one named as a channel."""
        names = [background.name for background in self.backgrounds]
        for name in names:
            if names.count(name) > 1 or name in self.signals.channels:
                raise ValueError(f"found two components named {name!r}, expected unique names")
        return self
