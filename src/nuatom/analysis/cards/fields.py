"""The kinds of values in a run card: quantities as text with a unit, checked as they are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from nuatom.errors import InvalidInput
from nuatom.quantity import DIMENSIONS, quantity


class Section(BaseModel):
    """A table of a card: unknown keys are refused, types are not converted."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, validate_default=False
    )


class Builder(Protocol):
    """A section that an object is made of."""

    def build(self, folder: Path) -> Any:
        """Return the object.

        Parameters
        ----------
        folder : Path
            Where the card lies; files of the card are relative to it [path].
        """
        ...


def parsed(dimension: str, *, positive: bool) -> Callable[[Any], float]:
    """Return the reader of quantities of one dimension.

    Parameters
    ----------
    dimension : str
        A key of `nuatom.quantity.DIMENSIONS` [name].
    positive : bool
        Whether zero and negative values are refused [flag].

    Returns
    -------
    callable
        Text to a number in base units; raises ValueError.

    Example
    -------
    >>> parsed("dimensionless", positive=True)("5 %")
    0.05
    """

    def read(value: Any) -> float:
        try:
            return quantity(value, dimension, "", positive=positive)
        except InvalidInput as error:
            raise ValueError(str(error).removeprefix(": ")) from None

    return read


def _kind(dimension: str, *, positive: bool = True) -> Any:
    example = DIMENSIONS[dimension][1]
    return Annotated[
        float,
        BeforeValidator(parsed(dimension, positive=positive)),
        WithJsonSchema({"type": "string", "examples": [example], "description": dimension}),
    ]


Energy = _kind("energy")
AnyEnergy = _kind("energy", positive=False)
Time = _kind("time")
Mass = _kind("mass")
Exposure = _kind("mass time")
Rate = _kind("1/(mass energy time)")
LineRate = _kind("1/(mass time)")
FluxDensity = _kind("1/(area time)")
Fraction = _kind("dimensionless")
Length = _kind("length")
Power = _kind("power")
"""Quantities of a card; above zero except `AnyEnergy`."""

Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][\w .+:/-]*$")]
"""A short name: letters, figures and a few signs."""
