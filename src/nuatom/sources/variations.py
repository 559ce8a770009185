"""Named variations of a source: what one standard deviation of an input does to the flux."""

from dataclasses import dataclass

from nuatom.arrays import finite
from nuatom.errors import InvalidInput
from nuatom.sources.flux import Source


@dataclass(frozen=True, eq=False)
class Variation:
    """One input moved up and down by one standard deviation, all else kept.

    Parameters
    ----------
    name : str
        What is moved [name].
    up : Source
        With the input moved up [source].
    down : Source
        With the input moved down [source].
    reference : str
        Where the size of the step comes from [text].

    Example
    -------
    >>> from nuatom.sources import mono_energetic
    >>> beam = mono_energetic(1.0, 100.0)
    >>> scale = Variation("normalisation", beam.scaled(1.1), beam.scaled(0.9))
    >>> round(scale.up.total_flux() - scale.down.total_flux(), 9)
    20.0
    """

    name: str
    up: Source
    down: Source
    reference: str = ""


@dataclass(frozen=True, eq=False)
class ScaledPart:
    """A part of a source that is known to a relative error, all else kept.

    ``R_up, R_down = R +- relative R_part`` for every rate R, which is linear in a flux.

    Parameters
    ----------
    name : str
        What is moved [name].
    part : Source
        The part alone [source].
    relative : float
        One standard deviation of its flux, from 0 to 1 [dimensionless].
    reference : str
        Where the size of the step comes from [text].

    Raises
    ------
    InvalidInput
        If `relative` is not between 0 and 1.

    Example
    -------
    >>> from nuatom.sources import mono_energetic
    >>> ScaledPart("Be7", mono_energetic(1.0, 100.0), 0.06).part.total_flux()
    100.0
    """

    name: str
    part: Source
    relative: float
    reference: str = ""

    def __post_init__(self) -> None:
        """Check the size of the step."""
        relative_step(self.name, self.relative)


def scale_variation(source: Source, name: str, relative: float, reference: str = "") -> Variation:
    """Return the variation of the total flux of a source.

    Parameters
    ----------
    source : Source
        The nominal source [source].
    name : str
        Of the variation [name].
    relative : float
        Relative standard deviation, from 0 to 1 [dimensionless].
    reference : str
        Where it comes from [text].

    Returns
    -------
    Variation
        The source times 1 + relative and 1 - relative.

    Raises
    ------
    InvalidInput
        If `relative` is not between 0 and 1.

    Example
    -------
    >>> from nuatom.sources import mono_energetic
    >>> scale_variation(mono_energetic(1.0, 100.0), "activity", 0.5).down.total_flux()
    50.0
    """
    step = relative_step(name, relative)
    return Variation(name, source.scaled(1 + step), source.scaled(1 - step), reference)


def relative_step(name: str, relative: float) -> float:
    """Return a relative standard deviation after checking that it lies in [0, 1].

    Parameters
    ----------
    name : str
        What it belongs to, for the message [name].
    relative : float
        The value [dimensionless].

    Returns
    -------
    float
        The same value.

    Raises
    ------
    InvalidInput
        If it is not a number from 0 to 1.
    """
    if not 0 <= float(finite(name, relative)) <= 1:
        raise InvalidInput(f"{name}: found {relative:g}, expected a relative uncertainty in [0, 1]")
    return float(relative)
