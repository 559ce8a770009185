"""From the words of a command line to objects, with errors that say what to do."""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import (
    CannotWrite,
    InvalidInput,
    UnsupportedResponse,
    ValidityWarning,
    lookup,
)
from nuatom.interactions import Interaction
from nuatom.interactions.incoherent import combine

PICTURES = (".png", ".svg")
"""Endings of figures."""


@dataclass(frozen=True)
class Channels:
    """What the user asked for: the combined interaction and where it acts.

    Parameters
    ----------
    interaction : Interaction
        Amplitudes combined with their interference, the rest added [interaction].
    names : tuple of str
        The names as given [name].
    nuclear : bool
        Whether every channel is a coherent one [flag].
    """

    interaction: Interaction
    names: tuple[str, ...]
    nuclear: bool


def number(text: str, what: str) -> float:
    """Return the finite number that `text` spells.

    Parameters
    ----------
    text : str
        Such as ``1e-11`` [any].
    what : str
        What it is, for the message [name].

    Returns
    -------
    float
        The number.

    Raises
    ------
    InvalidInput
        If it is not a number or not finite.

    Example
    -------
    >>> number("2.5", "x")
    2.5
    """
    try:
        value = float(text)
    except ValueError:
        raise InvalidInput(f"{what}: found {text!r}, expected a number such as 1e-11") from None
    if not np.isfinite(value):
        raise InvalidInput(f"{what}: found {text!r}, expected a finite number")
    return value


def quantity(text: str, unit: float, what: str) -> float:
    """Return the positive number that `text` spells, times a unit.

    Parameters
    ----------
    text : str
        Such as ``0.3`` [text].
    unit : float
        A multiplier of `nuatom.units` [any].
    what : str
        What it is, for the message [name].

    Returns
    -------
    float
        In the unit system of the package.

    Raises
    ------
    InvalidInput
        If it is not a number, not finite, not positive, or beyond floating point.

    Example
    -------
    >>> quantity("2", u.MeV, "--neutrino-energy-MeV") == 2 * u.MeV
    True
    """
    value = positive(text, what) * unit
    if not 0 < value < math.inf:
        raise InvalidInput(f"{what}: found {text!r}, expected less extreme a number")
    return value


def energies(text: str, option: str) -> Array:
    """Return the positive energies in a comma-separated list of keV values.

    Parameters
    ----------
    text : str
        Such as ``0.3,1.3,11``, in keV [text].
    option : str
        The option it came from, for the message [name].

    Returns
    -------
    ndarray
        One-dimensional [energy].

    Raises
    ------
    InvalidInput
        If an item is empty, not a number, not finite or not positive.

    Example
    -------
    >>> (energies("1,2", "--transfer-keV") / u.keV).tolist()
    [1.0, 2.0]
    """
    items = text.split(",")
    if any(not item.strip() for item in items):
        raise InvalidInput(f"{option}: found an empty value in {text!r}, expected a,b,c")
    return np.array([quantity(item.strip(), u.keV, option) for item in items])


def positive(text: str, what: str) -> float:
    """Return the finite number above zero that `text` spells.

    Parameters
    ----------
    text : str
        Such as ``0.3`` [any].
    what : str
        What it is, for the message [name].

    Returns
    -------
    float
        The number.

    Raises
    ------
    InvalidInput
        If it is not a number, not finite or not positive.

    Example
    -------
    >>> positive("1e-3", "--neutrino-energy-MeV")
    0.001
    """
    value = number(text, what)
    if value <= 0:
        raise InvalidInput(f"{what}: found {text!r}, expected a number > 0")
    return value


def place(text: str, option: str) -> Path:
    """Return where to write.

    Parameters
    ----------
    text : str
        A path [path].
    option : str
        The option it came from, for the message [name].

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InvalidInput
        If it is empty, as an unset variable of the shell is: that must not mean here.

    Example
    -------
    >>> place("results", "--out").name
    'results'
    """
    if not text.strip():
        raise InvalidInput(f"{option}: found an empty path, expected where to write")
    return Path(text)


def file(text: str, option: str, endings: Sequence[str] = ()) -> Path:
    """Return a file to be written, which need not exist.

    Parameters
    ----------
    text : str
        A path [path].
    option : str
        The option it came from, for the message [name].
    endings : sequence of str
        Those that its name may have, such as ``.png``; any if empty [names].

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InvalidInput
        If it is empty or ends otherwise.
    CannotWrite
        If it is a folder.

    Example
    -------
    >>> file("limits.png", "--plot", PICTURES).suffix
    '.png'
    """
    path = place(text, option)
    if path.is_dir():
        raise CannotWrite(f"cannot write {path}: it is a folder; give the name of a file")
    if endings and path.suffix not in endings:
        expected = " or ".join(endings)
        raise InvalidInput(f"{option}: found {text!r}, expected a name that ends in {expected}")
    return path


def channels(
    words: Sequence[str], *, neutrino_mass_ev: str = "0.1", mediator_mass_kev: str | None = None
) -> Channels:
    """Return the interaction that words such as ``weak millicharge=1e-12`` describe.

    Parameters
    ----------
    words : sequence of str
        NAME or NAME=COUPLING, the coupling in the unit of the catalogue [name].
    neutrino_mass_ev : str
        The mass that regulates the photon pole of a millicharge, in eV [text].
    mediator_mass_kev : str or None
        The mass of a new vector boson, in keV [text].

    Returns
    -------
    Channels
        Amplitudes interfere, the others add.

    Raises
    ------
    UnknownName
        If a name is not in the catalogue.
    InvalidInput
        If a coupling is missing, doubled, not a number, or if coherent channels are
        mixed with electronic ones.

    Example
    -------
    >>> channels(["magnetic-moment=1e-11"]).nuclear
    False
    """
    neutrino_mass = quantity(neutrino_mass_ev, u.eV, "--neutrino-mass-eV")
    mediator_mass = (
        None
        if mediator_mass_kev is None
        else quantity(mediator_mass_kev, u.keV, "--mediator-mass-keV")
    )
    parts = []
    names: list[str] = []
    for word in words:
        name, equals, text = word.partition("=")
        entry = lookup("interaction", name, catalog.INTERACTIONS)
        if name in names:
            raise InvalidInput(f"{name}: found twice, expected each interaction once")
        coupling = number(text, f"{name} [{entry.unit}]") if equals else None
        names.append(name)
        parts.append(
            catalog.interaction(
                name, coupling, neutrino_mass=neutrino_mass, mediator_mass=mediator_mass
            )
        )
    nuclear = {catalog.INTERACTIONS[name].nuclear for name in names}
    if len(nuclear) != 1:
        raise InvalidInput(
            f"found {' and '.join(names)} together: recoils of nuclei and of electrons are "
            "different observables; ask for them in two runs"
        )
    return Channels(combine(tuple(parts)), tuple(names), nuclear.pop())


def response_name(asked: str | None, wanted: Channels, target: str) -> str:
    """Return the response to use: the one asked for, or the default of channels and target.

    Parameters
    ----------
    asked : str or None
        The value of ``--response`` [name].
    wanted : Channels
        What was asked for [any].
    target : str
        Symbol of an element [name].

    Returns
    -------
    str
        ``nucleus`` for coherent channels, otherwise `asked` or
        `nuatom.catalog.default_response`.

    Raises
    ------
    InvalidInput
        If a coherent channel is asked for on electrons.
    """
    if not wanted.nuclear:
        return catalog.default_response(target) if asked is None else asked
    if asked not in (None, "nucleus"):
        raise InvalidInput(
            f"--response: found {asked!r} with {wanted.names[0]}, expected nucleus "
            "(or leave it out)"
        )
    return "nucleus"


@contextmanager
def as_asked(response: str, wanted: Channels) -> Iterator[None]:
    """Put the words of the command line before an error about what a model provides.

    Warnings about validity are left to `validity_notes`.

    Parameters
    ----------
    response : str
        Name of the model [name].
    wanted : Channels
        What was asked for [any].
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ValidityWarning)
            yield
    except UnsupportedResponse as error:
        words = " ".join(wanted.names)
        raise UnsupportedResponse(f"{words} with --response {response}: {error}") from None


def default_notes(asked: str | None, used: str) -> list[str]:
    """Return the line that names the model when none was asked for.

    Parameters
    ----------
    asked : str or None
        The value of ``--response`` [name].
    used : str
        Name of the model [name].

    Returns
    -------
    list of str
        One line, or none where the choice was the user's or there is no other.

    Example
    -------
    >>> default_notes("free", "free"), default_notes(None, "nucleus")
    ([], [])
    """
    if asked is not None or used == "nucleus":
        return []
    return [f"response: {used}, the default for this element; --response NAME for another"]


def convention_notes(wanted: Channels) -> list[str]:
    """Return the line that says what signs and factors mean, where papers differ.

    Parameters
    ----------
    wanted : Channels
        What was asked for [any].

    Returns
    -------
    list of str
        One line, or none when no channel needs it.
    """
    found = [
        f"{name}: {catalog.INTERACTIONS[name].convention}"
        for name in wanted.names
        if catalog.INTERACTIONS[name].convention
    ]
    return ["convention: " + "; ".join(found)] if found else []


def validity_notes(response: str, wanted: Channels, target: str, T: Array) -> list[str]:
    """Return the lines that must go with a result of a model where it does not hold.

    Parameters
    ----------
    response : str
        Name of the model [name].
    wanted : Channels
        What was asked for [any].
    target : str
        Symbol of an element [name].
    T : ndarray
        Energy transfers [energy].

    Returns
    -------
    list of str
        One line for each reason; empty when there is nothing to say.
    """
    channels = validity.channels_of(wanted.interaction)
    return [f"note: {line}" for line in validity.warnings_for(channels, response, target, T)]
