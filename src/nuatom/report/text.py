"""Plain text and numbers as HTML: everything is escaped before it is typeset."""

import html
import math
import re

import numpy as np

_WORDS = {
    "mu_nu": "&mu;<sub>&nu;</sub>",
    "mu_B": "&mu;<sub>B</sub>",
    "anti_nu_e": "&nu;&#772;<sub>e</sub>",
    "anti-nu_e": "&nu;&#772;<sub>e</sub>",
    "nu_e": "&nu;<sub>e</sub>",
    "sigma_gamma": "&sigma;<sub>&gamma;</sub>",
    "q_nu": "q<sub>&nu;</sub>",
    "F_a": "F<sub>a</sub>",
    "F_b": "F<sub>b</sub>",
    "chi2": "&chi;&sup2;",
    "chi^2": "&chi;&sup2;",
    "chi": "&chi;",
    "mu": "&mu;",
    "nu": "&nu;",
    "sigma": "&sigma;",
    "alpha": "&alpha;",
    "Delta": "&Delta;",
    "cm2": "cm&sup2;",
    "q2": "q&sup2;",
    "t2": "T&sup2;",
    "+-": "&plusmn;",
}
_MINUS = "&minus;"


def escape(text: object) -> str:
    """Return text that is safe inside an element or a quoted attribute.

    Parameters
    ----------
    text : object
        Anything; its ``str`` is taken [any].

    Returns
    -------
    str
        HTML without markup.

    Example
    -------
    >>> escape('<b>"x"</b>')
    '&lt;b&gt;&quot;x&quot;&lt;/b&gt;'
    """
    return html.escape(str(text), quote=True)


def typeset(text: object) -> str:
    """Return escaped text with powers of ten, Greek letters and indices as such.

    Parameters
    ----------
    text : object
        Plain text, such as ``mu_nu < 1.9e-11 mu_B`` [any].

    Returns
    -------
    str
        HTML whose only markup is ``sub`` and ``sup``.

    Example
    -------
    >>> typeset("1 kg^-1 <now>")
    '1 kg<sup>&minus;1</sup> &lt;now&gt;'
    """
    safe = escape(text)
    words = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
    safe = re.sub(rf"(?<![\w&;])({words})(?!\w)", lambda m: _WORDS[m.group(1)], safe)
    safe = safe.replace("-&gt;", "&rarr;")
    safe = re.sub(
        r"(?<![\w.#])(\d+(?:\.\d+)?)[eE]([+-]?\d{1,3})(?![\w.]\w|\w)",
        lambda m: _power(m.group(1), int(m.group(2))),
        safe,
    )
    safe = re.sub(r"(?<![\w&;])([A-Za-z])_([A-Za-z]{1,2}|\d{1,2})(?!\w)", r"\1<sub>\2</sub>", safe)
    safe = re.sub(r"_\{([^{}<>]{1,40})\}", r"<sub>\1</sub>", safe)
    return re.sub(r"\^\{([^{}<>]{1,40})\}|\^([+-]?\d+)", _raised, safe)


def _raised(match: re.Match[str]) -> str:
    return f"<sup>{_signed(match.group(1) or match.group(2))}</sup>"


def _signed(number: str) -> str:
    return number.lstrip("+").replace("-", _MINUS)


def _power(mantissa: str, exponent: int) -> str:
    power = f"10<sup>{_signed(str(exponent))}</sup>"
    return power if mantissa == "1" else f"{_signed(mantissa)}&nbsp;&times;&nbsp;{power}"


def number(value: float, digits: int = 4) -> str:
    """Return a number as HTML with a sensible number of digits.

    Plain between 0.001 and 100000, else with a power of ten; trailing zeros are dropped,
    because a float does not know how many digits were meant.

    Parameters
    ----------
    value : float
        Any; NaN gives a dash [any].
    digits : int
        Significant digits [dimensionless].

    Returns
    -------
    str
        HTML.

    Example
    -------
    >>> number(-0.25), number(1.9e-11), number(57.0)
    ('&minus;0.25', '1.9&nbsp;&times;&nbsp;10<sup>&minus;11</sup>', '57')
    """
    if math.isnan(value):
        return "&ndash;"
    if math.isinf(value):
        return "&infin;" if value > 0 else f"{_MINUS}&infin;"
    if value == 0:
        return "0"
    if value == int(value) and abs(value) < 1e5:
        return _signed(str(int(value)))
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -3 <= power < 5:
        plain = f"{float(f'{value:.{digits - 1}e}'):.{max(digits - 1 - power, 0)}f}"
        return _signed(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    return _power(_trimmed(mantissa), power)


def _trimmed(mantissa: str) -> str:
    return mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa


def value(content: object) -> str:
    """Return a cell: a number, a word, yes or no, or a dash for nothing.

    Parameters
    ----------
    content : object
        None, bool, number, text, or a list of those [any].

    Returns
    -------
    str
        HTML.

    Example
    -------
    >>> value(True), value(None), value([1.5, "a<b"])
    ('yes', '&ndash;', '1.5, a&lt;b')
    """
    if content is None:
        return "&ndash;"
    if isinstance(content, bool | np.bool_):
        return "yes" if content else "no"
    if isinstance(content, list | tuple):
        return ", ".join(value(entry) for entry in content)
    if isinstance(content, str):
        return typeset(content) if content.strip() else "&ndash;"
    try:
        return number(float(content))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return typeset(content)


_UNITS = {
    "1e11_mu_B": "10^-11 mu_B",
    "1e12_mu_B": "10^-12 mu_B",
    "1e22_mu_B2": "10^-22 mu_B^2",
    "per_kg_keV_day": "kg^-1 keV^-1 day^-1",
    "per_s_GW": "s^-1 GW^-1",
    "cpkkd": "cpkkd",
    "mu_B": "mu_B",
    "percent": "%",
    "MeV": "MeV",
    "keV": "keV",
    "eV": "eV",
    "cm2": "cm^2",
    "MeV2": "MeV^2",
}


def heading(name: str) -> str:
    """Return a key or a column name as words, with the unit at its end set apart.

    Parameters
    ----------
    name : str
        Such as ``energy_low_keV`` or ``feldman_cousins`` [name].

    Returns
    -------
    str
        HTML.

    Example
    -------
    >>> heading("limit_1e11_mu_B")
    'limit (10<sup>&minus;11</sup> &mu;<sub>B</sub>)'
    """
    for suffix, unit in _UNITS.items():
        if name.endswith(f"_{suffix}"):
            stem = name.removesuffix(f"_{suffix}")
            return (
                f"{_words(stem)} {typeset(unit) if stem[-1:].isdigit() else f'({typeset(unit)})'}"
            )
    return _words(name)


def _words(name: str) -> str:
    """Return a snake-case name as words; symbols such as mu_nu stay whole."""
    for symbol in _WORDS:
        name = re.sub(rf"(?<![^_]){re.escape(symbol)}(?![^_])", symbol.replace("_", "\0"), name)
    words = name.replace("_", " ").replace("\0", "_")
    return typeset(re.sub(r"\beq(\d+)\b", r"Eq. (\1)", words))
