"""The numbered list of references at the end of the page."""

import re
from collections.abc import Iterable

from nuatom.report.text import escape, typeset


class References:
    """Numbers references in the order in which they are first cited.

    Example
    -------
    >>> cited = References()
    >>> cited.cite(["A", "B"]) == cited.cite(["A", "B"])
    True
    """

    def __init__(self) -> None:
        """Start with an empty list."""
        self._numbers: dict[str, int] = {}

    def cite(self, references: Iterable[str]) -> str:
        """Return the marks of some references, adding the new ones to the list.

        Parameters
        ----------
        references : iterable of str
            As they are printed at the end [text].

        Returns
        -------
        str
            HTML, empty for none.
        """
        marks = []
        for text in references:
            if not text.strip():
                continue
            place = self._numbers.setdefault(text.strip(), len(self._numbers) + 1)
            marks.append(f'<a href="#ref-{place}">{place}</a>')
        return f'<span class="cite"> [{", ".join(marks)}]</span>' if marks else ""

    def listing(self) -> str:
        """Return the list, with arXiv numbers and DOIs as links that nothing follows by itself.

        Returns
        -------
        str
            HTML.
        """
        entries = "\n".join(
            f'<li id="ref-{place}">{_linked(text)}</li>' for text, place in self._numbers.items()
        )
        return f'<ol class="references">\n{entries}\n</ol>'


_IDENTIFIER = re.compile(
    r"arXiv:\s?(?P<arxiv>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)"
    r"|\b(?P<doi>10\.\d{4,9}/[^\s;,]+[^\s;,.)])"
)


def _linked(text: str) -> str:
    parts, end = [], 0
    for match in _IDENTIFIER.finditer(text):
        parts.append(typeset(text[end : match.start()]))
        arxiv, doi = match.group("arxiv"), match.group("doi")
        target = f"https://arxiv.org/abs/{arxiv}" if arxiv else f"https://doi.org/{doi}"
        parts.append(
            f'<a rel="noopener noreferrer" href="{escape(target)}">{escape(match.group(0))}</a>'
        )
        end = match.end()
    parts.append(typeset(text[end:]))
    return "".join(parts)
