"""The exceptions of the package, and "did you mean".

Each message says in one line what was found, what was expected and what to do.
The command line turns every one of them into exit code 2.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

_V = TypeVar("_V")


class NuatomError(Exception):
    """Anything that the caller can mend; the message is one line."""


class InvalidInput(NuatomError, ValueError):
    """A value has the wrong type, sign, shape or unit, or is not finite."""


class OutOfRange(NuatomError, ValueError):
    """An energy or momentum lies outside the range of a table or formula."""


class UnknownName(NuatomError, KeyError):
    """A name that is not in the catalogue."""

    def __str__(self) -> str:
        """Return the message itself (KeyError would print its repr)."""
        return str(self.args[0])


class UnsupportedResponse(NuatomError, ValueError):
    """A channel needs a response function that the atomic model does not provide."""


class FitFailed(NuatomError, ArithmeticError):
    """A fit did not converge, or the data say nothing about a parameter."""


class CannotWrite(NuatomError, OSError):
    """An output file could not be written; nothing was left behind."""


class ValidityWarning(UserWarning):
    """A model was asked where it does not hold; the message says why and by how much."""


class RetractedWarning(ValidityWarning):
    """The result follows a formula that its own authors have retracted."""


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return the error for a `name` that is not among the `known` ones of this `kind`.

    Parameters
    ----------
    kind : str
        What was looked for, for the message [name].
    name : str
        What the caller gave [name].
    known : iterable of str
        What would have been accepted [names].

    Returns
    -------
    UnknownName
        With the nearest names, or all of them when none is near.

    Example
    -------
    >>> print(unknown("response", "steped", ["free", "stepped"]))
    unknown response 'steped': did you mean 'stepped'?
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    if not near:
        near = [n for n in names if n.lower() == name.lower()]
    if near:
        hint = "did you mean " + " or ".join(repr(n) for n in near) + "?"
    else:
        hint = "expected one of " + ", ".join(names)
    return UnknownName(f"unknown {kind} {name!r}: {hint}")


def lookup(kind: str, name: str, table: Mapping[str, _V]) -> _V:
    """Return ``table[name]``, or raise an error that suggests the nearest name.

    Parameters
    ----------
    kind : str
        What is looked for, for the message [name].
    name : str
        The key [name].
    table : mapping
        The one table of this kind [any].

    Returns
    -------
    object
        The entry.

    Raises
    ------
    UnknownName
        If there is no such entry.

    Example
    -------
    >>> lookup("colour", "red", {"red": 1})
    1
    """
    try:
        return table[name]
    except KeyError:
        raise unknown(kind, name, table) from None
