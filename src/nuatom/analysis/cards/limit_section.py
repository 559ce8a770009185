"""The section ``[limit]`` of a run card: which coupling, by which methods."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from nuatom.analysis.cards.fields import Fraction, Section
from nuatom.analysis.limits.uses import USES

if TYPE_CHECKING:
    from nuatom.analysis.limits.likelihood import LikelihoodSettings


class LimitSection(Section):
    """What is asked of the data."""

    parameters: list[str] = Field(
        min_length=1,
        max_length=2,
        description="One or two channels of [signals]; other new physics is 0, what belongs to "
        "the Standard Model is 1.",
    )
    methods: list[str] = Field(
        default=["profile-likelihood"],
        min_length=1,
        max_length=20,
        description="Of `nuatom limit --help`.",
        json_schema_extra={"items": {"enum": list(USES), "type": "string"}},
    )
    confidence: Fraction = Field(default=0.9, lt=1, description="Such as 90 %.")
    physical: bool = Field(
        default=True, description="Whether the square of a coupling must not be negative."
    )
    likelihood: Literal["poisson", "normal", "on-off", "unbinned"] | None = Field(
        default=None, description="By the kind of the data if left out."
    )
    data: Literal["observed", "asimov"] = Field(
        default="observed", description="asimov: what is expected without the couplings."
    )
    models: list[str] = Field(
        default=[],
        max_length=20,
        description="Atomic models with which the limit is repeated; `nuatom list responses`.",
    )
    published_background: Literal["exact", "free", "unused"] | Fraction | None = Field(
        default=None,
        description="What the column background_counts of the data is: exact, free, known to a "
        "part such as 5 %, or unused.",
    )
    toys: int = Field(default=2000, ge=100, le=1_000_000, description="At each tested value.")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="Of the toys.")
    range: list[float] | None = Field(
        default=None,
        min_length=2,
        max_length=2,
        description="Couplings between which methods with toys search, in the unit of the channel.",
    )
    points: int = Field(default=25, ge=5, le=1000, description="Tested values with toys.")

    @model_validator(mode="after")
    def _sensible(self) -> "LimitSection":
        """Refuse a name given twice, and a range without an inside."""
        for words in (self.parameters, self.methods, self.models):
            for word in words:
                if words.count(word) > 1:
                    raise ValueError(f"found {word!r} twice, expected each once")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError(f"found the range {self.range}, expected low < high")
        if self.range is not None and len(self.parameters) == 2:
            raise ValueError("found a range for two parameters, expected one of them")
        return self

    def settings(self) -> "LikelihoodSettings":
        """Return what the likelihood needs of it."""
        from nuatom.analysis.limits.likelihood import LikelihoodSettings

        return LikelihoodSettings(
            tuple(self.parameters),
            self.physical,
            self.likelihood,
            self.data == "asimov",
            self.published_background,
        )
