"""What is not known exactly about a background, and how well it is known."""

from dataclasses import dataclass

from nuatom.arrays import finite
from nuatom.errors import InvalidInput, lookup

PRIORS = ("gaussian", "free")


@dataclass(frozen=True)
class Nuisance:
    """A parameter with its prior.

    Parameters
    ----------
    parameter : str
        Name of a parameter of the background, such as ``rate`` [name].
    width : float
        Standard deviation of a Gaussian prior, in the unit of the parameter; 0 for a free
        parameter [any].
    prior : str
        ``gaussian``, or ``free`` (any value that the parameter may have) [name].

    Raises
    ------
    InvalidInput
        If the width does not fit the prior.

    Example
    -------
    >>> Nuisance("rate", 0.1).prior
    'gaussian'
    """

    parameter: str
    width: float = 0.0
    prior: str = "gaussian"

    def __post_init__(self) -> None:
        """Check that the width fits the prior."""
        lookup("prior", self.prior, dict.fromkeys(PRIORS))
        width = float(finite(f"width of {self.parameter}", self.width))
        if (self.prior == "gaussian") != (width > 0):
            raise InvalidInput(
                f"width of {self.parameter}: found {width:g} for a prior {self.prior!r}, "
                "expected > 0 for a Gaussian one and 0 for a free one"
            )
