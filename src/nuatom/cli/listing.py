"""``nuatom list``: what there is, with units, validity and references."""

from collections.abc import Callable
from typing import Annotated

import typer

from nuatom import catalog
from nuatom import units as u
from nuatom.cli.output import write_standard_output
from nuatom.errors import lookup
from nuatom.sources import Source
from nuatom.targets.elements import SYMBOLS


def _entry(name: str, head: str, *details: str) -> str:
    return "\n".join(
        [f"{name:30s} {head}", *(f"{'':30s} {detail}" for detail in details if detail)]
    )


def _interactions() -> list[str]:
    return [
        _entry(name, f"[{e.unit}] {e.help}", f"holds: {e.validity}", e.reference)
        for name, e in catalog.INTERACTIONS.items()
    ]


def _responses() -> list[str]:
    return [
        _entry(
            name,
            e.help,
            f"holds: {e.validity}",
            f"RETRACTED for {', '.join(e.retracted)}: {catalog.RETRACTED}" if e.retracted else "",
            e.reference,
        )
        for name, e in catalog.RESPONSES.items()
    ]


def _sources() -> list[str]:
    lines = []
    for name, entry in catalog.SOURCES.items():
        source: Source = entry.build()
        lines.append(
            _entry(
                name,
                entry.help,
                f"total flux {source.total_flux() / u.flux:.4g} / (cm^2 s), "
                f"<E> = {source.mean(1) / u.MeV:.4g} MeV, "
                f"<E^2> = {source.mean(2) / u.MeV**2:.4g} MeV^2",
                source.notes,
                *source.references,
            )
        )
    return lines


def _named(table: dict[str, catalog.Named]) -> Callable[[], list[str]]:
    return lambda: [_entry(name, e.help, e.reference) for name, e in table.items()]


KINDS: dict[str, Callable[[], list[str]]] = {
    "interactions": _interactions,
    "responses": _responses,
    "sources": _sources,
    "photoabsorption": _named(catalog.PHOTOABSORPTION),
    "form-factors": _named(catalog.FORM_FACTORS),
    "targets": lambda: [" ".join(SYMBOLS)],
}


def listing(
    kind: Annotated[
        str | None, typer.Argument(help="One of " + ", ".join(KINDS) + "; all if left out.")
    ] = None,
) -> None:
    """Show the names that other commands accept.

    \u0008
    Example: nuatom list responses
    """
    chosen = KINDS if kind is None else {kind: lookup("kind", kind, KINDS)}
    blocks = []
    for name, lines in chosen.items():
        heading = [name.upper(), ""] if kind is None else []
        blocks.append("\n".join(heading + lines()))
    write_standard_output("\n\n".join(blocks) + "\n")
