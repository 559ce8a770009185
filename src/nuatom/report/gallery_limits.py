"""Limits on the page of experiments: figure, fit, limits by method and model, and all of them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from nuatom.plotting.limit import ALT
from nuatom.report.pictures import picture
from nuatom.report.references import References
from nuatom.report.tables import html_table
from nuatom.report.text import escape, typeset
from nuatom.table import Table


class ShownLimit(Protocol):
    """What the page needs of limits; `nuatom.analysis.exhibit_limits.ShownLimit` is one."""

    @property
    def title(self) -> str:
        """Of the experiment."""
        ...

    @property
    def tables(self) -> tuple[Table, ...]:
        """Limits by method and model, and the fit; none without data."""
        ...

    @property
    def statements(self) -> tuple[str, ...]:
        """What a reader must know."""
        ...


def limit_part(
    name: str, shown: ShownLimit, figures: Mapping[str, bytes], references: References
) -> str:
    """Return the limits of an experiment as a part of its section.

    Parameters
    ----------
    name : str
        Of the experiment [name].
    shown : ShownLimit
        Its limits [any].
    figures : mapping
        Name -> spectrum with fit and profile as SVG [bytes].
    references : References
        Of the page [references].

    Returns
    -------
    str
        HTML.

    Raises
    ------
    InvalidInput
        If a figure is not an SVG picture.
    """
    anchor = escape(f"{name}-limit")
    parts = [f'<h3 id="{anchor}">Fit, profile and limits</h3>']
    if name in figures:
        text = f"{shown.title}, limit. {ALT}"
        parts.append(f"<figure>\n{picture(figures[name], text)}\n</figure>")
    remarks = "".join(f"<li>{typeset(text)}</li>" for text in shown.statements)
    parts.append(f"<ul>{remarks}</ul>")
    parts += [html_table(table, references) for table in shown.tables]
    return "\n".join(parts)


def overview(limits: Mapping[str, ShownLimit], table: Table | None, references: References) -> str:
    """Return the section with the limits of all experiments.

    Parameters
    ----------
    limits : mapping
        Name of the experiment -> its limits [any].
    table : Table or None
        A row for each number; None where there is none [table].
    references : References
        Of the page [references].

    Returns
    -------
    str
        HTML; experiments without data are named.
    """
    absent = [shown.title for shown in limits.values() if not shown.tables]
    lines = []
    if table is not None:
        lines.append(html_table(table, references))
    if absent:
        lines.append(f"<p>{typeset(_absent(absent))}</p>")
    if not lines:
        lines.append("<p>No run card here asks for a limit.</p>")
    body = "\n".join(lines)
    return (
        '<section id="limits" aria-labelledby="limits-title">\n'
        f'<h2 id="limits-title">Limits</h2>\n{body}\n</section>\n'
    )


def _absent(titles: Sequence[str]) -> str:
    return (
        f"No limit, as the release with the data is not at hand: {'; '.join(titles)}. Give the "
        "folder with the releases as --data."
    )
