"""Figures as data inside the page, following its colour scheme."""

import base64
import re

from nuatom.errors import InvalidInput
from nuatom.plotting.palette import dark_aware
from nuatom.report.text import escape


def picture(svg: bytes, alternative: str) -> str:
    """Return an image element that holds the whole figure.

    Parameters
    ----------
    svg : bytes
        A figure from `nuatom.plotting.figure_bytes` [bytes].
    alternative : str
        What the figure shows, for a reader who cannot see it [text].

    Returns
    -------
    str
        HTML; the picture has a light and a dark version and its size is stated.

    Raises
    ------
    InvalidInput
        If the bytes are not an SVG picture with a viewBox.
    """
    text = svg.decode("utf-8", errors="replace")
    box = re.search(r'<svg\b[^>]*\bviewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', text)
    if box is None:
        raise InvalidInput("picture: found no <svg> with a viewBox, expected an SVG figure")
    width, height = (round(float(size) * 96 / 72) for size in box.groups())
    start = text.index("<svg")
    data = base64.b64encode(dark_aware(text[start:]).encode()).decode("ascii")
    return (
        f'<img src="data:image/svg+xml;base64,{data}" width="{width}" height="{height}" '
        f'alt="{escape(alternative)}">'
    )
