"""Reading of run cards, with the exact path to a mistake."""

import functools
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from nuatom.datasets.user import read_toml
from nuatom.errors import InvalidInput, NuatomError, unknown

if TYPE_CHECKING:
    from nuatom.analysis.cards.schema import Card

_P = ParamSpec("_P")
_R = TypeVar("_R")
CardSource = Path | str | Mapping[str, Any]
"""A TOML file, or the same as a dict."""

_LONGEST = 60
_EXPECTED = {
    "string_type": "text",
    "float_type": "a number without quotes",
    "int_type": "a whole number without quotes",
    "bool_type": "true or false",
    "list_type": "a list [...]",
    "dict_type": "a table",
    "model_type": "a table of keys",
    "model_attributes_type": "a table of keys",
    "finite_number": "a finite number",
}


@dataclass(frozen=True, eq=False)
class ReadCard:
    """A card with where it came from.

    Parameters
    ----------
    card : Card
        Its content, checked [card].
    path : Path
        The file, or the folder that files of the card are relative to [path].
    digest : str
        SHA-256 of the text, empty for a dict [text].
    """

    card: "Card"
    path: Path
    digest: str = ""

    @property
    def folder(self) -> Path:
        """Where files named in the card lie."""
        return self.path if self.path.is_dir() else self.path.parent


def names_card(
    work: Callable[Concatenate[CardSource, _P], _R],
) -> Callable[Concatenate[CardSource, _P], _R]:
    """Let every error of a function of a card begin with the file of the card.

    Parameters
    ----------
    work : callable
        Its first argument is a TOML file, or the same as a dict [any].

    Returns
    -------
    callable
        Of the same arguments.

    Example
    -------
    >>> @names_card
    ... def refuse(card):
    ...     raise InvalidInput("bins: found none")
    >>> refuse("xenon.toml")
    Traceback (most recent call last):
        ...
    nuatom.errors.InvalidInput: xenon.toml: bins: found none
    """

    @functools.wraps(work)
    def named(source: CardSource, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return work(source, *args, **kwargs)
        except NuatomError as error:
            if isinstance(source, Mapping) or str(error).startswith(f"{Path(source)}: "):
                raise
            raise type(error)(f"{Path(source)}: {error}") from error

    return named


def read_card(source: CardSource) -> ReadCard:
    """Return a run card after checking every key.

    Parameters
    ----------
    source : Path, str or mapping
        A TOML file, or the same as a dict (files are then relative to the working
        folder) [path].

    Returns
    -------
    ReadCard
        Quantities in base units.

    Raises
    ------
    InvalidInput
        ``card.toml: detector.resolution.noise: found ..., expected ...``.

    Example
    -------
    >>> read_card({"source": {"name": "kuo-sheng"}, "detektor": {}})
    Traceback (most recent call last):
        ...
    nuatom.errors.InvalidInput: unknown key 'detektor': did you mean 'detector'?; and 2 more
    """
    from pydantic import ValidationError

    from nuatom.analysis.cards.schema import Card

    if isinstance(source, Mapping):
        raw, path, prefix, digest = dict(source), Path(), "", ""
    else:
        path = Path(source)
        raw = read_toml(path, "a run card (TOML; write one with `nuatom expected --init`)")
        prefix, digest = f"{path}: ", sha256(path.read_bytes()).hexdigest()
    try:
        return ReadCard(Card.model_validate(raw), path, digest)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # an unknown key is most often a misspelt one, which then is missing as well
        errors.sort(key=lambda e: e["type"] != "extra_forbidden")
        more = f"; and {len(errors) - 1} more" if len(errors) > 1 else ""
        raise InvalidInput(prefix + _line(errors[0], raw, Card) + more) from None
    except RecursionError:
        raise InvalidInput(f"{prefix}found tables nested too deeply, expected a card") from None


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a run card, for editors.

    Returns
    -------
    dict
        Draft 2020-12.

    Example
    -------
    >>> sorted(json_schema()["required"])
    ['detector', 'signals', 'source']
    """
    from nuatom.analysis.cards.schema import SCHEMA_TITLE, Card

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Card.model_json_schema(),
        "title": SCHEMA_TITLE,
    }


def _line(error: Any, raw: Mapping[str, Any], root: Any) -> str:
    """Return path and message of one mistake."""
    keys = _without_tags(error["loc"], raw)
    path = _written(keys) or "card"
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _fields(root, keys[:-1], raw)
        above = _written(keys[:-1])
        problem = str(unknown("key", str(keys[-1])[:_LONGEST], known))
        return f"{above}: {problem}" if above else problem
    if kind == "union_tag_invalid":
        tag = str(error["ctx"]["tag"])[:_LONGEST]
        return f"{path}.kind: {unknown('kind', tag, _tags(root, keys, raw))}"
    return f"{path}: {_found_expected(error, _tags(root, keys, raw))}"


def _found_expected(error: Any, tags: list[str]) -> str:
    """Return the message of a mistake that needs no path."""
    kind, context, found = error["type"], error.get("ctx", {}), _shown(error.get("input"))
    expected = _EXPECTED.get(kind) or error["msg"].lower().removeprefix("input ")
    messages = {
        "missing": "found nothing, expected it",
        "value_error": f"{context.get('error', expected)}",
        "union_tag_not_found": f"found no kind, expected kind = one of {', '.join(tags)}",
        "literal_error": f"found {found}, expected {context.get('expected')}",
    }
    return messages.get(kind, f"found {found}, expected {expected}")


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _written(keys: Iterable[str | int]) -> str:
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += ("." if text else "") + str(key)[:_LONGEST]
    return text


def _without_tags(location: Iterable[str | int], raw: Any) -> list[str | int]:
    """Return a path without the tags that a choice by ``kind`` puts into it."""
    keys: list[str | int] = []
    node: Any = raw
    entered = True  # the tag comes first in a section that has one
    for key in location:
        if entered and isinstance(node, dict) and node.get("kind") == key:
            entered = False
            continue
        keys.append(key)
        entered = True
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            node = None
    return keys


def _annotation(root: Any, keys: Iterable[str | int], raw: Any) -> list[Any]:
    """Return the section classes that may stand at a path."""
    choices: list[Any] = [root]
    node: Any = raw
    for key in keys:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            node = None
        if isinstance(key, int):
            continue  # an item of a list: the classes found already are those of the items
        inside = [c.model_fields[key].annotation for c in choices if key in c.model_fields]
        # below a dict of sections, such as detector.quenching.Ge, the key is no field
        choices = _sections(inside) if inside else choices
        kind = node.get("kind") if isinstance(node, dict) else None
        tagged = [c for c in choices if kind in _tag(c)]
        choices = tagged or choices
    return choices


def _sections(annotations: Iterable[Any]) -> list[Any]:
    from nuatom.analysis.cards.fields import Section

    found: list[Any] = []
    for annotation in annotations:
        if isinstance(annotation, type) and issubclass(annotation, Section):
            found.append(annotation)
        elif isinstance(annotation, types.UnionType) or typing.get_origin(annotation):
            found += _sections(typing.get_args(annotation))
    return found


def _tag(section: Any) -> tuple[str, ...]:
    field = section.model_fields.get("kind")
    return typing.get_args(field.annotation) if field else ()


def _fields(root: Any, keys: list[str | int], raw: Any) -> list[str]:
    choices = _annotation(root, keys, raw)
    last = raw
    for key in keys:
        last = last[key]
    kind = last.get("kind") if isinstance(last, dict) else None
    chosen = [c for c in choices if kind in _tag(c)] or choices
    return sorted({name for choice in chosen for name in choice.model_fields})


def _tags(root: Any, keys: list[str | int], raw: Any) -> list[str]:
    return [tag for choice in _annotation(root, keys, raw) for tag in _tag(choice)]
