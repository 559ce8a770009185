"""Every public function says what each argument is and in which unit.

The rules, in full:

1. Public is what is defined in a module of the package under a name without a leading
   underscore: functions, classes, and the methods of such classes.
2. Every argument in the signature stands in the section "Parameters", and every argument
   in that section stands in the signature.  A class documents the arguments of its
   constructor in its own docstring.
3. The description of an argument holds its unit in square brackets: a power product
   of energy, length, time and mass, one of the words in `WORDS`, or the name of a class
   of the package in small letters, such as [element].
4. A method whose docstring is one paragraph is exempt when a Protocol of the package has a
   method of the same name: the Protocol documents it, in its own or its method's
   docstring, by the same rules.
5. A field with a default that is an attribute of a Protocol, such as `name`, may be left to
   the docstring of that attribute.
6. An argument of a command that carries a help text (typer) is documented by that.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import nuatom

pytestmark = pytest.mark.tooling

WORDS = {
    "any",
    "name",
    "names",
    "text",
    "flag",
    "path",
    "bytes",
    "dimensionless",
    "Bohr magneton",
    "e",
    "colour",
    "inch",
    "point",
}
"""What stands for a unit where there is none (or, for "any", where the caller's is kept)."""

BASE = "(?:energy|length|time|mass|any|Bohr magneton|e)"
FACTOR = rf"{BASE}(?:\^(?:-?\d+|\([-+k\d/]+\)))?"
PRODUCT = rf"{FACTOR}(?: {FACTOR})*"
UNIT = re.compile(rf"{PRODUCT}|(?:1|{PRODUCT})/(?:{FACTOR}|\({PRODUCT}\))")

NO_ARGUMENTS_TO_DOCUMENT = (Exception,)
"""Exceptions take a message; `__init__` of these is not looked at."""


def modules() -> Iterator[Any]:
    yield nuatom
    for info in pkgutil.walk_packages(nuatom.__path__, "nuatom."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def is_protocol(cls: type) -> bool:
    return bool(getattr(cls, "_is_protocol", False))


def public_objects() -> Iterator[tuple[str, Any]]:
    for module in modules():
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(value) or inspect.isfunction(value):
                yield f"{module.__name__}.{name}", value


def methods(cls: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, value in vars(cls).items():
        function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        if inspect.isfunction(function) and (not name.startswith("_") or name == "__call__"):
            yield name, function


def arguments(function: Callable[..., Any]) -> list[str]:
    """The arguments that a docstring must explain."""
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in ("self", "cls") and not has_help(parameter.annotation)
    ]


def has_help(annotation: Any) -> bool:
    extras = getattr(annotation, "__metadata__", ())
    return any(getattr(extra, "help", None) for extra in extras)


def may_be_left_out(cls: type) -> set[str]:
    """Fields with a default that a Protocol of the package documents as attributes."""
    if not dataclasses.is_dataclass(cls):
        return set()
    return PROTOCOL_ATTRIBUTES & {
        field.name for field in dataclasses.fields(cls) if field.default is not dataclasses.MISSING
    }


def constructor_arguments(cls: type) -> list[str]:
    if is_protocol(cls) or issubclass(cls, NO_ARGUMENTS_TO_DOCUMENT):
        return []
    if dataclasses.is_dataclass(cls):
        return [field.name for field in dataclasses.fields(cls) if field.init]
    if "__init__" in vars(cls):
        return arguments(cls.__init__)
    return list(getattr(cls, "_fields", ()))


def documented(docstring: str | None) -> dict[str, str]:
    """Argument name -> its type and description, from the section "Parameters"."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    try:
        start = next(
            i for i, line in enumerate(lines[:-1])
            if line == "Parameters" and set(lines[i + 1]) == {"-"}
        )  # fmt: skip
    except StopIteration:
        return {}
    found: dict[str, str] = {}
    names: list[str] = []
    for i, line in enumerate(lines[start + 2 :], start=start + 2):
        if i + 1 < len(lines) and lines[i + 1] and set(lines[i + 1]) == {"-"}:
            break
        if line and not line.startswith(" "):
            names = [name.strip(" *") for name in line.split(" :")[0].split(",")]
            found.update(dict.fromkeys(names, ""))
        else:
            for name in names:
                found[name] += " " + line.strip()
    return found


def has_unit(description: str) -> bool:
    brackets = re.findall(r"\[([^\[\]]+)\]", description)
    return any(text in WORDS | OBJECT_WORDS or UNIT.fullmatch(text) for text in brackets)


def is_one_paragraph(docstring: str | None) -> bool:
    return bool(docstring) and "\n\n" not in inspect.cleandoc(docstring or "")


def complaints(
    name: str, expected: list[str], docstring: str | None, optional: Iterable[str] = ()
) -> list[str]:
    """What is wrong with the section "Parameters" of a docstring."""
    found = documented(docstring)
    missing = [a for a in expected if a not in found and a not in optional]
    wrong = [f"{name}: argument {a!r} is not documented" for a in missing]
    wrong += [f"{name}: documents {a!r}, which does not exist" for a in found if a not in expected]
    wrong += [
        f"{name}: argument {a!r} has no unit in square brackets: {found[a].strip()!r}"
        for a in expected
        if a in found and not has_unit(found[a])
    ]
    return wrong


OBJECTS = dict(public_objects())
PROTOCOLS = [cls for cls in OBJECTS.values() if inspect.isclass(cls) and is_protocol(cls)]
PROTOCOL_METHODS = {method for cls in PROTOCOLS for method, _ in methods(cls)}
PROTOCOL_ATTRIBUTES = {
    name for cls in PROTOCOLS for name, value in vars(cls).items() if isinstance(value, property)
}
OBJECT_WORDS = {
    re.sub("([a-z])([A-Z])", r"\1 \2", cls.__name__).lower()
    for cls in OBJECTS.values()
    if inspect.isclass(cls)
}


def protocol_complaints(name: str, cls: type) -> list[str]:
    """A Protocol explains the arguments of its methods in their docstrings or in its own."""
    wrong: list[str] = []
    for method, function in methods(cls):
        expected = arguments(function)
        found = documented(function.__doc__)
        # the docstring of the class may explain the arguments of several methods at once
        found = found or {a: d for a, d in documented(cls.__doc__).items() if a in expected}
        text = "Parameters\n----------\n" + "".join(f"{a} :\n    {d}\n" for a, d in found.items())
        wrong += complaints(f"{name}.{method}", expected, text if found else None)
    return wrong


def class_complaints(name: str, cls: type) -> list[str]:
    wrong = complaints(name, constructor_arguments(cls), cls.__doc__, may_be_left_out(cls))
    for method, function in methods(cls):
        exempt = method in PROTOCOL_METHODS and is_one_paragraph(function.__doc__)
        if not exempt:
            wrong += complaints(f"{name}.{method}", arguments(function), function.__doc__)
    return wrong


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_every_argument_is_documented_with_its_unit(name):
    """A reader never has to guess what an argument is, or in which unit."""
    value = OBJECTS[name]
    assert value.__doc__, f"{name} has no docstring"
    if inspect.isfunction(value):
        wrong = complaints(name, arguments(value), value.__doc__)
    elif is_protocol(value):
        wrong = protocol_complaints(name, value)
    else:
        wrong = class_complaints(name, value)
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "energy", "length^2", "1/(energy length^2 time)", "energy^(k-3)", "length^2/energy",
        "1/energy", "energy^-2", "flag", "Bohr magneton", "1/mass", "any^2", "energy time",
    ],
)  # fmt: skip
def test_units_are_recognised(text):
    """The vocabulary holds what the package computes with."""
    assert has_unit(f"A quantity [{text}].")


@pytest.mark.parametrize("text", ["keV", "cm^2", "", "shape (n,)", "low, high", "energy squared"])
def test_other_brackets_are_no_units(text):
    """Units of files and options are no units of arguments; intervals and shapes are none."""
    assert not has_unit(f"A quantity [{text}].")


def test_the_check_sees_what_is_wrong():
    """A missing, a superfluous and a unitless argument are each found."""

    def example(energy: float, q2: float) -> None:
        """Do nothing.

        Parameters
        ----------
        energy : float
            Without a unit.
        momentum : float
            Not an argument [energy].
        """

    assert len(complaints("example", arguments(example), example.__doc__)) == 3
