"""The page as HTML: complete, self-contained, escaped, accessible, always the same."""

import base64
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from nuatom.errors import InvalidInput, UnknownName
from nuatom.plotting import DRAWINGS, FIGURES, figure_caption
from nuatom.report import render
from nuatom.report.overview import STATUSES, rows
from nuatom.report.pictures import picture
from nuatom.report.references import References
from nuatom.report.stylesheet import BADGES, stylesheet
from nuatom.report.tables import SHOWN_ROWS, html_table
from nuatom.reproduce.quantities import Quantity
from nuatom.table import Column, Table

VOID = {"meta", "link", "img", "br"}


class Reader(HTMLParser):
    """Collects elements and insists that they are properly nested."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.words = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> in the wrong place"

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def read(page):
    return Reader(page)


def test_same_input_same_page(page, sample, figures):
    """Rendering twice gives the same bytes."""
    again = render(sample.items(), sample.summary(), sample.PROVENANCE, figures=figures)
    assert again == page


def test_figures_are_drawn_where_none_are_given(sample, figures):
    """Without figures the page draws them itself, the same ones."""
    items = sample.items()[1:3]
    assert render(items, {}, {}) == render(items, {}, {}, figures=figures)


def test_nothing_is_fetched(read):
    """No script and no address outside the page, except links that a reader may follow."""
    assert not read.all("script") and not read.all("iframe")
    for tag, attrs in read.elements:
        for name, content in attrs.items():
            assert not name.startswith("on"), "an event handler"
            if name in ("src", "srcset", "action", "poster", "data"):
                assert content.startswith("data:")
            if name == "href" and tag != "a":
                assert content.startswith("data:")
    outside = [a["href"] for a in read.all("a") if not a["href"].startswith("#")]
    assert all(re.match(r"https://(arxiv|doi)\.org/", address) for address in outside)
    assert "url(" not in stylesheet() and "@import" not in stylesheet()
    policy = [m["content"] for m in read.all("meta") if "http-equiv" in m]
    assert policy and "default-src 'none'" in policy[0]


def test_figures_hold_no_address(page):
    """The pictures inside the page ask for nothing either."""
    found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    assert len(found) == len(DRAWINGS)
    for data in found:
        svg = base64.b64decode(data).decode()
        links = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', svg)
        assert all("".join(pair).startswith("#") for pair in links)
        assert "prefers-color-scheme:dark" in svg and "var(--ink, " in svg


def test_structure(read):
    """One language, one main heading, headings in steps, unique anchors, links that arrive."""
    assert read.all("html") == [{"lang": "en-GB"}]
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    anchors = Counter(attrs["id"] for _, attrs in read.elements if "id" in attrs)
    assert max(anchors.values()) == 1
    for link in read.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in anchors, link["href"]
    for attrs in read.all("section"):
        assert attrs["aria-labelledby"] in anchors


def test_pictures_and_tables_are_described(read, page):
    """Every picture has an alternative, a size and a caption, every table a caption and scopes."""
    pictures = read.all("img")
    assert all(len(img["alt"]) > 80 and int(img["width"]) > 300 for img in pictures)
    assert len(pictures) == len(read.all("figure")) == len(read.all("figcaption"))
    assert len(pictures) == len(DRAWINGS)
    assert len(read.all("caption")) == len(read.all("table"))
    assert all("scope" in cell for cell in read.all("th"))


def test_opening_tells_of_the_retraction(read):
    """The reader learns before anything else what became of Eq. (10)."""
    opening = read.text[:2000]
    assert "Eq. (10) has been retracted by its authors." in opening
    listed = read.text[read.text.rindex("References") :]
    for source in ("105, 061801", "arXiv:1001.2074v3", "105, 201801", "arXiv:1008.2171"):
        assert source in listed


def test_every_quantity_has_its_row(page, sample):
    """No quantity of the summary is lost, and each shows its status."""
    summary = sample.summary()
    found = [row for key, entry in summary.items() if key != "provenance" for row in rows(entry)]
    assert len(found) == 3 + 1 + 2 + 4 + 1 + 8
    assert page.count('<tr role="row"><th scope="row"') == len(found)
    assert "10 cpkkd, 100 eV, AmBkg + SM &nu;-N, FE" in page
    shown = Counter(
        re.findall(r'data-label="Status"><span class="badge \w+"[^>]*>.*?</span> ([^<]+)<', page)
    )
    assert shown == Counter(str(row.fields["status"]) for row in found)


def test_quantity_objects_and_plain_mappings_read_alike():
    """A `Quantity` and its dictionary give the same row."""
    made = Quantity(1.9, 1.933, 1.0174, 0.05, "reproduced", "a note")
    (one,), (other,) = rows({"limit": made}), rows({"limit": made.to_dict()})
    assert one.label == other.label == "limit" and dict(one.fields) == dict(other.fields)


def test_rows_of_a_list_are_told_apart():
    """A list of mappings that hold quantities is labelled by what stands beside them."""
    made = Quantity(1.0, 1.0, 1.0, None, "solved for", "")
    entries = [{"mode": "FE", "limit": made}, {"mode": "AI", "limit": made}]
    assert [row.label for row in rows({"table": entries})] == [
        "table, FE, limit",
        "table, AI, limit",
    ]


def test_every_status_has_a_badge():
    """The five statuses of the package each have a meaning and legible colours."""
    from nuatom.reproduce.quantities import STATUSES as KNOWN

    assert set(STATUSES) == set(KNOWN)
    assert {kind for kind, _, _ in STATUSES.values()} == set(BADGES)


@pytest.mark.parametrize("name", BADGES)
def test_badges_are_legible(name):
    """Words on a badge have the contrast 4.5 of WCAG 2, in light and in dark."""

    def luminance(code):
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for text, ground in (BADGES[name][:2], BADGES[name][2:]):
        high, low = sorted((luminance(text), luminance(ground)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_markup_in_the_input_stays_text(sample):
    """Whatever the items contain, it cannot become an element or leave an attribute."""
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
    table = Table(
        "t", bad, (Column(bad, (bad,), bad), Column("n", np.ones(1), bad)), (bad,), (bad,)
    )
    item = replace(sample.items()[0], name="x", title=bad, tables=(table,), caption=bad)
    summary = {bad: sample.quantity(bad, bad, bad, bad)}
    read = Reader(render([item], summary, {bad: bad, "list": [bad, {bad: bad}]}, figures={}))
    assert not read.all("script") and not read.all("img")
    assert not any(name.startswith("on") for _, attrs in read.elements for name in attrs)
    assert read.text.count("<script>alert(1)</script>") >= 10


def test_long_tables_are_thinned_and_say_so():
    """A long table shows every n-th row inside a fold and names the file with all of them."""
    long = Table("many", "Many", (Column("energy_keV", np.arange(500.0)),))
    markup = html_table(long, References())
    assert markup.startswith("<details") and "<code>many.csv</code>" in markup
    assert "Every 9th of 500 rows" in markup and "500 rows</span>" in markup
    assert 0 < markup.count("<tr>") - 1 <= SHOWN_ROWS
    short = Table("few", "Few", (Column("energy_keV", np.arange(5.0)),))
    markup = html_table(short, References())
    assert "<details" not in markup and ".csv" not in markup and markup.count("<tr>") == 6


def test_references_are_numbered_once():
    """The same reference keeps its number; arXiv numbers and DOIs become links."""
    cited = References()
    assert "#ref-1" in cited.cite(["A, arXiv:hep-ph/0601113 and 10.1103/PhysRevD.75.012001."])
    assert "#ref-2" in cited.cite(["B <i>"]) and cited.cite([" "]) == ""
    listing = cited.listing()
    assert 'href="https://arxiv.org/abs/hep-ph/0601113"' in listing
    assert 'href="https://doi.org/10.1103/PhysRevD.75.012001"' in listing
    assert "B &lt;i&gt;" in listing and listing.count("<li ") == 2


def test_figures_that_exist_are_used(sample):
    """Figures that were drawn before are not drawn again; an item without one has none."""
    svg = b'<svg viewBox="0 0 72 36"><path style="fill: #ffffff"/></svg>'
    page = render(sample.items(), {}, {}, figures={"fig2": svg})
    assert page.count("<img ") == 1 and 'width="96" height="48"' in page


def test_several_figures_of_an_item(sample):
    """Each has its own caption and alternative; that of the item stands above them."""
    svg = b'<svg viewBox="0 0 72 36"><path style="fill: #ffffff"/></svg>'
    names = FIGURES["channels"]
    assert len(names) > 1
    item = next(item for item in sample.items() if item.name == "channels")
    item = replace(item, tables=(), caption="Of all of them.")
    read = Reader(render([item], {}, {}, figures=dict.fromkeys(names, svg)))
    assert len(read.all("figure")) == len(read.all("figcaption")) == len(names)
    assert len({img["alt"] for img in read.all("img")}) == len(names)
    assert read.text.index("Of all of them.") < read.text.index(figure_caption(names[0])[:20])
    # one of them alone, where only it has been drawn
    page = render([item], {}, {}, figures={names[2]: svg})
    assert page.count("<img ") == 1


def test_a_picture_must_be_one():
    """Bytes that are no SVG are refused with one line."""
    with pytest.raises(InvalidInput, match="expected an SVG figure"):
        picture(b"\x89PNG", "")


def test_missing_column_is_no_empty_figure(sample):
    """A table without a column that the figure draws stops the page."""
    broken = replace(sample.items()[2], tables=())
    with pytest.raises(UnknownName, match="fig2"):
        render([broken], {}, {})


def test_page_stays_small(page):
    """The page with all figures stays below 3 MB, which a phone opens at once."""
    assert len(page.encode()) < 3_000_000
