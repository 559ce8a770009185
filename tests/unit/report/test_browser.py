"""The page as a browser shows it: on a phone and a desktop, in light and in dark."""

import io

import pytest
from PIL import Image

from nuatom.plotting import DRAWINGS

pytestmark = pytest.mark.browser

VIEWS = [(390, False), (390, True), (1440, False), (1440, True)]


@pytest.fixture(scope="module")
def browser(chromium):
    with chromium.Browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def path(page, tmp_path_factory):
    written = tmp_path_factory.mktemp("report") / "report.html"
    written.write_text(page, encoding="utf-8")
    return written


@pytest.fixture(
    scope="module", params=VIEWS, ids=lambda view: f"{view[0]}-{'dark' if view[1] else 'light'}"
)
def view(request, browser, path):
    """The page, open in one of the four views, with everything unfolded."""
    width, dark = request.param
    browser.requests.clear()
    browser.complaints.clear()
    browser.open(path, width, dark=dark)
    browser.ask("document.querySelectorAll('details').forEach(d => { d.open = true })")
    return browser, width, dark


def test_page_never_scrolls_sideways(view):
    """Nothing sticks out of the page, even with every table unfolded."""
    browser, width, _ = view
    assert browser.ask("window.innerWidth") == width
    root = browser.ask(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert root[0] <= root[1]
    outside = browser.ask(
        """[...document.querySelectorAll('body *')].filter(e => {
             const box = e.getBoundingClientRect();
             return box.width > 0 && box.right > document.documentElement.clientWidth + 1
               && !e.closest('.scroll');
           }).map(e => e.tagName + '.' + e.className)"""
    )
    assert outside == []


def test_nothing_is_requested(view, path):
    """The browser asks for the file itself and for data inside it, and has no complaint."""
    browser, _, _ = view
    asked = [address for address in browser.requests if not address.startswith("data:")]
    assert asked == [path.resolve().as_uri()]
    assert browser.complaints == []


def test_figures_are_shown_in_full(view):
    """Every figure is decoded, keeps its proportions and fits the window."""
    browser, width, _ = view
    sizes = browser.ask(
        "[...document.images].map(i => [i.naturalWidth, i.naturalHeight, i.width, i.height])"
    )
    assert len(sizes) == len(DRAWINGS)
    for natural_width, natural_height, shown_width, shown_height in sizes:
        assert 300 < shown_width <= width
        # one pixel of rounding in each direction
        assert shown_height == pytest.approx(
            shown_width * natural_height / natural_width, abs=2, rel=0
        )


def test_colour_scheme_reaches_page_and_figures(view):
    """In dark, page and figures are dark with light words; in light, the reverse."""
    browser, _, dark = view
    box = browser.ask(
        """(() => { const b = document.querySelector('#fig2 img').getBoundingClientRect();
             return [b.x, b.y + window.scrollY, b.width, b.height] })()"""
    )
    x, y, width, height = box
    clip = {"x": x, "y": y, "width": width, "height": height}
    figure = Image.open(io.BytesIO(browser.screenshot(clip=clip))).convert("L")
    brightness = figure.getpixel((2, 2))
    assert brightness < 60 if dark else brightness > 240
    low, high = figure.getextrema()
    assert high - low > 180, "the words stand out"
    words = browser.ask("getComputedStyle(document.body).color")
    red = int(words.removeprefix("rgb(").split(",")[0])
    assert red > 200 if dark else red < 60


def test_words_are_large_enough_on_a_phone(view):
    """Text of the page is at least 12 pixels high, so that nobody has to zoom."""
    browser, _, _ = view
    small = browser.ask(
        """[...document.querySelectorAll('p,td,th,dt,dd,li,figcaption,summary,a,caption')]
           .filter(e => e.innerText.trim() && !e.closest('sub,sup,.cite,caption'))
           .map(e => [parseFloat(getComputedStyle(e).fontSize), e.className, e.tagName])
           .filter(e => e[0] < 12)"""
    )
    assert small == []


def test_folded_tables_become_cards_on_a_phone(view):
    """The table of quantities needs no sideways scrolling on a phone."""
    browser, _, _ = view
    wide = browser.ask(
        """[...document.querySelectorAll('.quantities')]
           .map(t => t.parentElement.scrollWidth > t.parentElement.clientWidth + 1)"""
    )
    assert wide and not any(wide)
