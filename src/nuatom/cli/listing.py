"""``nuatom list``: what there is, with units, validity and references."""

import itertools
import string
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.cli.output import write_standard_output
from nuatom.errors import lookup
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.sources import Source
from nuatom.targets.elements import SYMBOLS


def _entry(name: str, head: str, *details: str) -> str:
    return "\n".join(
        [f"{name:30s} {head}", *(f"{'':30s} {detail}" for detail in details if detail)]
    )


def _interactions() -> list[str]:
    return [
        _entry(
            name,
            f"[{e.unit}] {e.help}",
            f"holds: {e.validity}",
            f"convention: {e.convention}" if e.convention else "",
            e.reference,
        )
        for name, e in catalog.INTERACTIONS.items()
    ]


def _responses() -> list[str]:
    return [
        _entry(
            name,
            e.help,
            f"holds: {e.validity}",
            f"RETRACTED for {', '.join(e.retracted)}: {catalog.RETRACTED}" if e.retracted else "",
            f"tables of {', '.join(shipped_elements())}" if name == catalog.AB_INITIO else "",
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
                *dict.fromkeys((entry.reference, *source.references)),
            )
        )
    return lines


def _validity() -> list[str]:
    """Return the measured table, adjacent bands of one verdict on one line."""
    reasons = dict.fromkeys(text for band in _all_bands() for text in band.reasons)
    letters = dict(zip(reasons, string.ascii_lowercase, strict=False))
    lines = [
        f"{'channel':26s} {'model':36s} {'on':2s} {'energy transfer':>15s}  holds    measured",
    ]
    for (channel, model, target), rows in validity.bands().items():
        for verdict, group in itertools.groupby(
            rows, key=lambda band: (band.reasons, band.reference)
        ):
            found = tuple(group)
            letter = ",".join(letters[text] for text in verdict[0])
            energies = f"{found[0].low / u.keV:g}-{found[-1].high / u.keV:g} keV"
            low, high = min(b.ratio[0] for b in found), max(b.ratio[1] for b in found)
            holds = f"no ({letter})" if letter else "yes"
            lines.append(
                f"{channel:26s} {model:36s} {target:2s} {energies:>15s}  {holds:8s} "
                f"{low:.3g} to {high:.3g} times {verdict[1]}"
            )
    lines += ["", *(f"({letter}) {text}" for text, letter in letters.items())]
    return [*lines, *validity.table().notes]


def _all_bands() -> Iterator[validity.Band]:
    return itertools.chain.from_iterable(validity.bands().values())


def _named(table: dict[str, catalog.Named]) -> Callable[[], list[str]]:
    return lambda: [_entry(name, e.help, e.reference) for name, e in table.items()]


KINDS: dict[str, Callable[[], list[str]]] = {
    "interactions": _interactions,
    "responses": _responses,
    "sources": _sources,
    "photoabsorption": _named(catalog.PHOTOABSORPTION),
    "form-factors": _named(catalog.FORM_FACTORS),
    "validity": _validity,
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
