"""Quantities as text, such as ``220 eV`` or ``6.4e12 / cm2 / s``: a number and its unit.

hbar = c = 1 makes every unit a power of one energy, so the numbers of `nuatom.units` cannot
tell an energy from an inverse time.  Here each unit also carries its dimension, and a
quantity of the wrong one is refused.
"""

import math
import re

from nuatom import units as u
from nuatom.errors import InvalidInput, lookup

Dimension = tuple[int, int, int, int]
"""Powers of energy, length, time and mass."""

_ENERGY, _LENGTH, _TIME, _MASS = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)
_POWER = (1, 0, -1, 0)

UNITS: dict[str, tuple[float, Dimension]] = {
    **{name: (getattr(u, name), _ENERGY) for name in ("eV", "keV", "MeV", "GeV")},
    **{name: (getattr(u, name), _LENGTH) for name in ("mm", "cm", "km", "fm", "angstrom")},
    "m": (u.metre, _LENGTH),
    "barn": (u.barn, (0, 2, 0, 0)),
    **dict.fromkeys(("s", "second", "seconds"), (u.second, _TIME)),
    **dict.fromkeys(("min", "minute", "minutes"), (u.minute, _TIME)),
    **dict.fromkeys(("h", "hour", "hours"), (u.hour, _TIME)),
    **dict.fromkeys(("d", "day", "days"), (u.day, _TIME)),
    **dict.fromkeys(("yr", "year", "years"), (u.year, _TIME)),
    "mg": (1e-6 * u.kg, _MASS),
    **dict.fromkeys(("g", "gram"), (u.gram, _MASS)),
    "kg": (u.kg, _MASS),
    **dict.fromkeys(("t", "tonne", "tonnes"), (u.tonne, _MASS)),
    **{name: (getattr(u, name), _POWER) for name in ("kW", "MW", "GW")},
    "cpkkd": (u.cpkkd, (-1, 0, -1, -1)),
    "%": (0.01, (0, 0, 0, 0)),
    "percent": (0.01, (0, 0, 0, 0)),
}
"""Each unit with its value and its powers of energy, length, time and mass."""

DIMENSIONS: dict[str, tuple[Dimension, str]] = {
    "energy": (_ENERGY, "220 eV"),
    "1/energy": ((-1, 0, 0, 0), "2 / keV"),
    "length": (_LENGTH, "28 m"),
    "area": ((0, 2, 0, 0), "1e-32 cm2"),
    "time": (_TIME, "570.7 day"),
    "1/time": ((0, 0, -1, 0), "3 / day"),
    "mass": (_MASS, "1.06 kg"),
    "mass time": ((0, 0, 1, 1), "0.338 kg day"),
    "1/(area time)": ((0, -2, -1, 0), "6.4e12 / cm2 / s"),
    "1/(mass time)": ((0, 0, -1, -1), "3 / kg / day"),
    "1/(mass energy time)": ((-1, 0, -1, -1), "1.2 / kg / keV / day"),
    "power": (_POWER, "2.9 GW"),
    "dimensionless": ((0, 0, 0, 0), "5 %"),
}
"""Each dimension that is asked for, with an example."""

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.])")
_TOKEN = re.compile(r"\s*(?:([*/])|(%|[A-Za-z]+)(?:(?:\s*(?:\^|\*\*)\s*)?(-?\d))?)")
_LONGEST = 200


def quantity(text: str, dimension: str, what: str, *, positive: bool = False) -> float:
    """Return the value of a quantity given as text, in base units.

    A number, then units joined by spaces, ``*`` or ``/``, each with an optional power:
    ``6.4e12 / cm2 / s``, ``0.338 kg day``, ``1 / (kg keV day)``, ``5 %``.

    Parameters
    ----------
    text : str
        The number with its unit [text].
    dimension : str
        A key of `DIMENSIONS` [name].
    what : str
        What it is, for the message [name].
    positive : bool
        Whether zero and negative values are refused [flag].

    Returns
    -------
    float
        In the unit system of the package.

    Raises
    ------
    InvalidInput
        If it cannot be read, has the wrong dimension, or is not finite.

    Example
    -------
    >>> round(quantity("220 eV", "energy", "threshold") / u.keV, 12)
    0.22
    >>> round(quantity("6.4e12 / cm2 / s", "1/(area time)", "flux") / u.flux / 1e12, 9)
    6.4
    """
    wanted, example = lookup("dimension", dimension, DIMENSIONS)
    kind = "a number" if dimension == "dimensionless" else f"a quantity in {dimension}"
    expected = f"expected {kind} such as {example!r}"
    if not isinstance(text, str):
        raise InvalidInput(f"{what}: found {text!r}, {expected}")
    shown = repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")
    number = _NUMBER.match(text)
    if number is None:
        raise InvalidInput(f"{what}: found {shown}, {expected}")
    try:
        factor, found = _unit(text[number.end() :])
    except (ValueError, ArithmeticError) as error:
        raise InvalidInput(f"{what}: found {shown} ({error}), {expected}") from None
    if found != wanted:
        reason = "without a unit" if not any(found) else f"in {_spelled(found)}"
        raise InvalidInput(f"{what}: found {shown}, which is {reason}, {expected}")
    value = float(number.group(1)) * factor
    if not math.isfinite(value) or (value == 0 and float(number.group(1)) != 0):
        raise InvalidInput(f"{what}: found {shown}, beyond floating-point numbers, {expected}")
    if positive and not value > 0:
        raise InvalidInput(f"{what}: found {shown}, expected more than zero")
    return value


def _unit(text: str) -> tuple[float, Dimension]:
    """Return value and dimension of ``/ (kg keV day)`` and the like, or raise ValueError."""
    head, bracket, rest = text.partition("(")
    if not bracket:
        return _product(text)
    inside, closed, tail = rest.partition(")")
    if not closed or tail.strip():
        raise ValueError("an unmatched bracket, or something after it")
    if "/" in inside or not head.rstrip().endswith("/"):
        raise ValueError("brackets are for what stands below the line, such as / (kg keV day)")
    before, after = _product(head.rstrip()[:-1]), _product(inside)
    powers = [a - b for a, b in zip(before[1], after[1], strict=True)]
    return before[0] / after[0], (powers[0], powers[1], powers[2], powers[3])


def _product(text: str) -> tuple[float, Dimension]:
    """Return value and dimension of units joined by blanks, ``*`` and ``/``."""
    value, powers, place, sign = 1.0, [0, 0, 0, 0], 0, 0
    while text[place:].strip():
        token = _TOKEN.match(text, place)
        if token is None:
            raise ValueError(f"{text[place:].strip()[:20]!r} is no unit")
        place = token.end()
        joint, name, power = token.groups()
        if joint:
            if sign:
                raise ValueError(f"{joint!r} stands beside another sign")
            sign = -1 if joint == "/" else 1
            continue
        if name not in UNITS:
            raise ValueError(_nearest(name))
        factor, dimension = UNITS[name]
        exponent = (sign or 1) * int(power or 1)
        value *= factor**exponent
        powers = [p + exponent * d for p, d in zip(powers, dimension, strict=True)]
        sign = 0
    if sign:
        raise ValueError("it ends too early")
    return value, (powers[0], powers[1], powers[2], powers[3])


def _nearest(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, UNITS, n=2, cutoff=0.5)
    near = near or [known for known in UNITS if known.lower() == name.lower()]
    hint = f"; did you mean {' or '.join(near)}?" if near else f"; known are {', '.join(UNITS)}"
    return f"{name!r} is no unit{hint}"


def _spelled(found: Dimension) -> str:
    for name, (dimension, _) in DIMENSIONS.items():
        if dimension == found:
            return name
    names = ("energy", "length", "time", "mass")
    return " ".join(f"{n}^{p}" for n, p in zip(names, found, strict=True) if p)
