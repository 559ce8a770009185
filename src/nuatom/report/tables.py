"""Tables of numbers as HTML: scrollable in their own frame, long ones thinned and folded."""

from collections.abc import Sequence

from nuatom.report.references import References
from nuatom.report.text import escape, heading, number, typeset, value
from nuatom.table import Column, Table

OPEN_ROWS = 16
"""Longer tables are folded."""
LONG_TEXT = 36
"""Longer words get a wide column."""
SHOWN_ROWS = 60
"""Longer tables show every n-th row; the file holds all."""


def html_table(table: Table, references: References) -> str:
    """Return a table, folded if it is long.

    Parameters
    ----------
    table : Table
        Any [any].
    references : References
        Collects what the table cites [any].

    Returns
    -------
    str
        HTML; a long table says which of its rows are shown.
    """
    count = len(table.columns[0].values)
    step = -(-count // SHOWN_ROWS)
    rows = range(0, count, step)
    remarks = [typeset(note) for note in table.notes]
    if step > 1:
        remarks.append(
            f"Every {_ordinal(step)} of {count} rows; all of them are in "
            f"<code>{escape(table.name)}.csv</code>."
        )
    marks = references.cite(table.references)
    caption = f"{typeset(table.title)}{marks}"
    head = "".join(_head(column) for column in table.columns)
    body = "\n".join(
        "<tr>" + "".join(_cell(column, row) for column in table.columns) + "</tr>" for row in rows
    )
    label = escape(table.title)
    markup = (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        f"<table><caption><span>{caption}</span></caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )
    if remarks:
        markup += "".join(f'<p class="remark">{remark}</p>' for remark in remarks)
    if count <= OPEN_ROWS:
        return f'<div class="table">{markup}</div>'
    return (
        f'<details class="table"><summary>Table: {typeset(table.title)} '
        f'<span class="size">{count} rows</span></summary>{markup}</details>'
    )


def _ordinal(step: int) -> str:
    return {2: "second", 3: "third"}.get(step, f"{step}th")


def _is_text(values: Sequence[object] | object) -> bool:
    return isinstance(values, list | tuple) and any(isinstance(v, str) for v in values)


def _head(column: Column) -> str:
    kind = "" if _is_text(column.values) else ' class="n"'
    meaning = f'<span class="meaning">{typeset(column.meaning)}</span>' if column.meaning else ""
    return f'<th scope="col"{kind}>{heading(column.name)}{meaning}</th>'


def _cell(column: Column, row: int) -> str:
    content = column.values[row]
    if isinstance(content, str):
        kind = ' class="long"' if len(content) > LONG_TEXT else ""
        return f"<td{kind}>{value(content)}</td>"
    return f'<td class="n">{number(float(content))}</td>'
