"""The report: items, their figures and tables, and the verdicts, as one self-contained page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from nuatom.plotting import FIGURES, alternative_text, draw_figure, figure_bytes, figure_caption
from nuatom.report.overview import STATUSES, Row, badge, quantity_table, rows, tally
from nuatom.report.pictures import picture
from nuatom.report.references import References
from nuatom.report.stylesheet import stylesheet
from nuatom.report.tables import html_table
from nuatom.report.text import escape, heading, typeset, value
from nuatom.reproduce.published import PAPER
from nuatom.table import Table

RETRACTION = (
    "H. T. Wong, H. B. Li and S. T. Lin, Derivations of Atomic Ionization Effects Induced by "
    "Neutrino Magnetic Moments, arXiv:1001.2074v3 (2010)"
)
COMMENT = "M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010), arXiv:1008.2171"
OPEN_QUANTITIES = 14
"""Longer lists of quantities are folded."""
OPEN_ENTRIES = 6
"""Longer records of the provenance are folded."""
_NOT_ITEMS = ("schema_version", "provenance")
CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a page may load: nothing from outside."""


class ReportItem(Protocol):
    """What the page needs of an item; `nuatom.reproduce.quantities.Item` is one."""

    @property
    def name(self) -> str:
        """Short name, used for files and anchors."""
        ...

    @property
    def title(self) -> str:
        """One line."""
        ...

    @property
    def tables(self) -> tuple[Table, ...]:
        """The numbers."""
        ...

    @property
    def caption(self) -> str:
        """What the reader sees below the figure."""
        ...


def render(
    items: Sequence[ReportItem],
    summary: Mapping[str, object],
    provenance: Mapping[str, object],
    *,
    figures: Mapping[str, bytes] | None = None,
) -> str:
    """Return the report as one HTML page that asks nothing of the network.

    Parameters
    ----------
    items : sequence of Item
        In the order of the page [any].
    summary : mapping
        Key to nested quantities, as in ``summary.json``; ``schema_version`` and
        ``provenance`` in it are not quantities [any].
    provenance : mapping
        Versions, data editions, references: words, numbers, lists or mappings [any].
    figures : mapping, optional
        SVG files by the name of the figure, where they have been drawn already; without
        it every figure that `nuatom.plotting.FIGURES` knows is drawn now [bytes].

    Returns
    -------
    str
        HTML; the same input gives the same page.

    Raises
    ------
    UnknownName
        If a table or column that a figure draws is missing.
    InvalidInput
        If a figure is not an SVG picture.
    """
    drawn = _draw(items) if figures is None else figures
    references = References()
    opening = _opening(references)
    groups = {key: list(rows(entry)) for key, entry in summary.items() if key not in _NOT_ITEMS}
    overview = _overview({key: found for key, found in groups.items() if found}, items)
    sections = [_section(item, drawn, references) for item in items]
    closing = _closing(provenance, references)
    body = "\n".join([opening, _navigation(items), overview, *sections, closing])
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(CONTENT_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<link rel="icon" href="data:,">\n'
        "<title>nuatom: a paper on neutrino magnetic moments, recomputed</title>\n"
        f"<style>\n{stylesheet()}</style>\n</head>\n<body>\n"
        f'<div class="frame">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _draw(items: Iterable[ReportItem]) -> dict[str, bytes]:
    """Draw every figure of every item."""
    drawn = {}
    for item in items:
        tables = {table.name: table for table in item.tables}
        for name in FIGURES.get(item.name, ()):
            drawn[name] = figure_bytes(draw_figure(name, tables), "svg")
    return drawn


def _opening(references: References) -> str:
    paper = references.cite([PAPER])
    retraction = references.cite([RETRACTION])
    comment = references.cite([COMMENT])
    return f"""<header>
<p class="kicker">nuatom &middot; reproduction report</p>
<h1>A paper on neutrino magnetic moments, recomputed from end to end</h1>
<p>In 2010 Wong, Li and Lin{paper} proposed that a neutrino magnetic moment ionises atoms far
more often than it scatters free electrons at the same small energy transfer. Their Eq. (10)
takes the cross section from photoabsorption by the equivalent-photon approximation. With
reactor data on germanium it gave
&mu;<sub>&nu;</sub> &lt; 1.9&nbsp;&times;&nbsp;10<sup>&minus;11</sup>
and 1.3&nbsp;&times;&nbsp;10<sup>&minus;11</sup>&nbsp;&mu;<sub>B</sub> at 90 % confidence.</p>
<div class="warning" role="note">
<p><strong>Eq. (10) has been retracted by its authors.</strong> The third version of their
preprint{retraction} accepts the comment of Voloshin{comment}: the form factor had been held
constant over the whole range of Q<sup>2</sup>, although a magnetic moment has no pole at the
photon point. There is no such enhancement.</p>
<p>This report computes what the paper prints and shows it beside the result that stands: the
response of the atom from first principles (<em>ab-initio</em>: independent electrons in
relativistic Hartree-Fock fields, all multipoles, with a band that contains every computed
variant of exchange and thresholds, but no correlation and no solid), and the free-electron
cross section with binding steps (<em>stepped</em>). Grey and dashed, with the label
&ldquo;Eq. (10), retracted&rdquo;, marks whatever follows the retracted formula. None of those
numbers is a valid limit.</p>
</div>
</header>"""


def _navigation(items: Sequence[ReportItem]) -> str:
    entries = [("overview", "Overview")] + [(item.name, item.title) for item in items]
    entries += [("provenance", "Provenance"), ("references", "References")]
    links = "\n".join(
        f'<li><a href="#{escape(anchor)}">{typeset(_short(title))}</a></li>'
        for anchor, title in entries
    )
    return f'<nav aria-label="Contents">\n<ul>\n{links}\n</ul>\n</nav>'


def _short(title: str) -> str:
    """Return what stands before the first colon of a title."""
    return title.partition(":")[0]


def _overview(groups: Mapping[str, Sequence[Row]], items: Sequence[ReportItem]) -> str:
    titles = {item.name: item.title for item in items}
    everything = [row for found in groups.values() for row in found]
    legend = "".join(
        f"<dt>{badge(status)}</dt><dd>{meaning}</dd>"
        for status, (_, _, meaning) in STATUSES.items()
    )
    parts = []
    for key, found in groups.items():
        title = typeset(titles[key]) if key in titles else _group_title(key)
        state = " open" if len(found) <= OPEN_QUANTITIES else ""
        plural = "quantity" if len(found) == 1 else "quantities"
        caption = f"{_short(titles.get(key, key))}: published and computed"
        parts.append(
            f'<details{state}><summary><h3>{title}</h3> <span class="size">{len(found)} '
            f'{plural}</span><span class="tally">{tally(found)}</span></summary>\n'
            f"{quantity_table(found, caption)}</details>"
        )
    return (
        '<section id="overview" aria-labelledby="overview-title">\n'
        '<h2 id="overview-title">Overview</h2>\n'
        "<p>Each published number beside the computed one. A tolerance and its reason are "
        "part of the package and the status follows from them; none is set by hand.</p>\n"
        f"<p>{tally(everything)}</p>\n"
        f'<dl class="legend">{legend}</dl>\n' + "\n".join(parts) + "\n</section>"
    )


def _group_title(key: str) -> str:
    words = heading(key)
    return words[:1].upper() + words[1:]


def _section(item: ReportItem, drawn: Mapping[str, bytes], references: References) -> str:
    anchor = escape(item.name)
    tables = "\n".join(html_table(table, references) for table in item.tables)
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n'
        f'<h2 id="{anchor}-title">{typeset(item.title)}</h2>\n{_shown(item, drawn)}\n{tables}\n'
        '<p class="top"><a href="#overview">Back to the overview</a></p>\n</section>'
    )


def _shown(item: ReportItem, drawn: Mapping[str, bytes]) -> str:
    """Return the figures of an item; several share its caption and have one each besides."""
    names = [name for name in FIGURES.get(item.name, ()) if name in drawn]
    if len(names) == 1:
        return _figure(drawn[names[0]], alternative_text(names[0]), item.caption)
    parts = [f"<p>{typeset(item.caption)}</p>"]
    parts += [_figure(drawn[name], alternative_text(name), figure_caption(name)) for name in names]
    return "\n".join(parts)


def _figure(svg: bytes, alternative: str, caption: str) -> str:
    below = f"<figcaption>{typeset(caption)}</figcaption>" if caption else ""
    return f"<figure>\n{picture(svg, alternative)}\n{below}\n</figure>"


def _closing(provenance: Mapping[str, object], references: References) -> str:
    return (
        '<section id="provenance" aria-labelledby="provenance-title">\n'
        '<h2 id="provenance-title">Provenance</h2>\n'
        f"{_record(provenance)}\n</section>\n"
        '<section id="references" aria-labelledby="references-title">\n'
        '<h2 id="references-title">References</h2>\n'
        f"{references.listing()}\n</section>\n"
        "<footer><p>Figures and tables of this page also lie beside it as SVG, PNG and CSV "
        "files; the numbers of the overview are in <code>summary.json</code>.</p></footer>"
    )


def _record(record: Mapping[str, object]) -> str:
    """Return nested words and numbers as a description list; long ones are folded."""
    entries = []
    for key, entry in record.items():
        if isinstance(entry, Mapping):
            shown = _record(entry)
            if len(entry) > OPEN_ENTRIES:
                shown = f"<details><summary>{len(entry)} entries</summary>{shown}</details>"
        elif isinstance(entry, str):
            shown = escape(entry)
        elif isinstance(entry, list | tuple):
            shown = "<br>".join(
                _record(part)
                if isinstance(part, Mapping)
                else escape(part)
                if isinstance(part, str)
                else value(part)
                for part in entry
            )
        else:
            shown = value(entry)
        entries.append(f"<dt>{escape(str(key).replace('_', ' '))}</dt><dd>{shown}</dd>")
    return f'<dl class="record">{"".join(entries)}</dl>'
