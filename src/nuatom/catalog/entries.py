"""What one entry of the catalogue holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nuatom import units as u
from nuatom.interactions import Amplitude, Interaction
from nuatom.responses import Response
from nuatom.responses.nucleus import FormFactor
from nuatom.targets import Element


@dataclass(frozen=True)
class Settings:
    """What a channel needs besides its coupling.

    Parameters
    ----------
    neutrino_mass : float
        Regulates the photon pole of a millicharge [energy].
    mediator_mass : float or None
        Mass of a new vector boson; None if not given [energy].
    """

    neutrino_mass: float = 0.1 * u.eV
    mediator_mass: float | None = None


@dataclass(frozen=True)
class Channel:
    """A catalogue entry for an interaction.

    Parameters
    ----------
    build : callable
        (coupling in `unit`, settings) -> amplitude or interaction [any].
    unit : str
        Unit of the coupling in files and on the command line [text].
    help : str
        One line [text].
    validity : str
        Where it holds [text].
    reference : str
        Source of the formula [text].
    default : float or None
        Coupling that is taken when none is given; None if one must be given [any].
    nuclear : bool
        Whether the name is a shorthand for coherent scattering on the nucleus [flag].
    convention : str
        What a sign or factor means, where papers differ; goes with every output [text].
    """

    build: Callable[[float, Settings], Amplitude | Interaction]
    unit: str
    help: str
    validity: str
    reference: str
    default: float | None = None
    nuclear: bool = False
    convention: str = ""


@dataclass(frozen=True)
class Model:
    """A catalogue entry for an atomic or nuclear response.

    Parameters
    ----------
    build : callable
        (element, photoabsorption source, form factor) -> response [any].
    help : str
        One line [text].
    validity : str
        Where it holds [text].
    reference : str
        Source of the model [text].
    retracted : tuple of str
        Channels for which a publication used this model and was retracted [name].
    """

    build: Callable[[Element, str, FormFactor], Response]
    help: str
    validity: str
    reference: str
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """A catalogue entry for anything else: a builder and its description.

    Parameters
    ----------
    build : callable
        Makes the object [any].
    help : str
        One line [text].
    reference : str
        Where it comes from [text].
    """

    build: Callable[..., Any]
    help: str
    reference: str


VOGEL = "P. Vogel and J. Engel, Phys. Rev. D 39, 3378 (1989)"
FREEDMAN = "D. Z. Freedman, Phys. Rev. D 9, 1389 (1974)"
