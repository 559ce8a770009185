"""The table of quantities: what was published, what was computed, and the verdict."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nuatom.report.text import escape, heading, number, typeset, value

FIELDS = ("published", "ours", "ratio", "tolerance", "status", "note")
STATUSES: Mapping[str, tuple[str, str, str]] = {
    "reproduced": ("good", "&#10003;", "agrees with the paper within the stated tolerance"),
    "differs": ("warn", "&ne;", "computed, and outside the stated tolerance"),
    "solved for": ("info", "&loz;", "an input was chosen to give this number; no test of anything"),
    "not public": ("mute", "&cir;", "the paper prints no number, or its data are not public"),
    "retracted": ("gone", "&#10005;", "follows Eq. (10), which its authors have withdrawn"),
}
"""Class, symbol and meaning of each status."""


@dataclass(frozen=True)
class Row:
    """One quantity with the words that name it.

    Parameters
    ----------
    label : str
        HTML [text].
    fields : mapping
        published, ours, ratio, tolerance, status and note [any].
    """

    label: str
    fields: Mapping[str, object]


def rows(summary: object, path: tuple[str, ...] = ()) -> Iterator[Row]:
    """Find every quantity of a nested summary, in order.

    Parameters
    ----------
    summary : object
        Mappings and lists that hold quantities, as objects or as plain mappings; other
        leaves are passed over [any].
    path : tuple of str
        The keys that led here [names].

    Yields
    ------
    Row
        One per quantity.
    """
    fields = _fields(summary)
    if fields is not None:
        extra = {k: v for k, v in fields.items() if k not in FIELDS and v not in (None, "")}
        named = path if not (extra and path and path[-1].isdigit()) else path[:-1]
        words = [heading(key) for key in named] + [_condition(k, v) for k, v in extra.items()]
        yield Row(_label(words), fields)
    elif isinstance(summary, Mapping):
        leaves = {k: v for k, v in summary.items() if isinstance(v, str | int | float)}
        numbered = bool(path) and path[-1].isdigit()
        stem = (*path[:-1], *(_plain(k, v) for k, v in leaves.items())) if numbered else path
        for key, entry in summary.items():
            yield from rows(entry, (*stem, str(key)))
    elif isinstance(summary, Sequence) and not isinstance(summary, str):
        for place, entry in enumerate(summary, start=1):
            yield from rows(entry, (*path, str(place)))


def _fields(entry: object) -> Mapping[str, object] | None:
    """Return the fields of a quantity, or None if the entry is none."""
    if isinstance(entry, Mapping):
        return entry if all(name in entry for name in FIELDS) else None
    if all(hasattr(entry, name) for name in FIELDS):
        return {name: getattr(entry, name) for name in FIELDS}
    return None


def _plain(key: str, content: object) -> str:
    unit = key.rpartition("_")[2]
    return f"{content:g} {unit}" if isinstance(content, int | float) else str(content)


def _condition(key: str, content: object) -> str:
    """Return an extra of a quantity, such as the threshold of a row of Table I."""
    if isinstance(content, bool) or not isinstance(content, int | float):
        return value(content)
    return f"{number(float(content))} {escape(key.rpartition('_')[2])}"


def _label(words: Sequence[str]) -> str:
    """Join the keys that led to a quantity, with a capital at the start."""
    label = ": ".join(words[:2]) if len(words) == 2 else ", ".join(words)
    return label or "value"


def badge(status: str) -> str:
    """Return a status as a badge: a symbol, a word and a colour.

    Parameters
    ----------
    status : str
        One of `STATUSES`; any other word is shown without a colour [name].

    Returns
    -------
    str
        HTML.
    """
    kind, symbol, meaning = STATUSES.get(status, ("mute", "", ""))
    return (
        f'<span class="badge {kind}" title="{escape(meaning)}">'
        f'<span aria-hidden="true">{symbol}</span> {escape(status)}</span>'
    )


def tally(found: Sequence[Row]) -> str:
    """Return one badge per status with its count.

    Parameters
    ----------
    found : sequence of Row
        The quantities [any].

    Returns
    -------
    str
        HTML, empty without quantities.
    """
    counts = Counter(str(row.fields["status"]) for row in found)
    order = [status for status in STATUSES if status in counts]
    order += sorted(set(counts) - set(STATUSES))
    return " ".join(
        f'<span class="count">{counts[status]} {badge(status)}</span>' for status in order
    )


def quantity_table(found: Sequence[Row], caption: str) -> str:
    """Return the quantities as a table that folds into cards on a phone.

    Parameters
    ----------
    found : sequence of Row
        The quantities [any].
    caption : str
        Plain text [text].

    Returns
    -------
    str
        HTML.
    """
    titles = ("Quantity", "Published", "Ours", "Ratio", "Tolerance", "Status", "Note")
    head = "".join(f'<th scope="col" role="columnheader">{t}</th>' for t in titles)
    body = "\n".join(_table_row(row) for row in found)
    return (
        '<div class="scroll"><table class="quantities" role="table">'
        f'<caption class="hidden">{typeset(caption)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}\n</tbody></table></div>'
    )


def _table_row(row: Row) -> str:
    fields = row.fields
    cells = [
        ("Published", _kind(fields["published"]), value(fields["published"])),
        ("Ours", _kind(fields["ours"]), value(fields["ours"])),
        ("Ratio", "n", _ratio(fields["ratio"])),
        ("Tolerance", "n", value(fields["tolerance"])),
        ("Status", "s", badge(str(fields["status"]))),
        ("Note", "note", typeset(fields["note"] or "")),
    ]
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{row.label}</th>'
        + "".join(
            f'<td role="cell" class="{kind}" data-label="{title}">{cell}</td>'
            for title, kind, cell in cells
        )
        + "</tr>"
    )


def _kind(content: object) -> str:
    """Return the class of a cell: words may wrap, numbers may not."""
    return "w" if isinstance(content, str) and len(content) > 12 else "n"


def _ratio(content: object) -> str:
    return number(float(content), 3) if isinstance(content, int | float) else value(content)
