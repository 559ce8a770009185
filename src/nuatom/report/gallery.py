"""The gallery of experiments: spectra, components and signals, as one self-contained page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nuatom.plotting.exhibit import ALT
from nuatom.report.gallery_limits import ShownLimit, limit_part, overview
from nuatom.report.page import CONTENT_POLICY
from nuatom.report.pictures import picture
from nuatom.report.references import References
from nuatom.report.stylesheet import stylesheet
from nuatom.report.tables import html_table
from nuatom.report.text import escape, typeset
from nuatom.table import Table


class ShownExperiment(Protocol):
    """What the page needs of an experiment; `nuatom.analysis.exhibits.Shown` is one."""

    @property
    def table(self) -> Table | None:
        """The numbers; None where there are none."""
        ...

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know."""
        ...

    @property
    def references(self) -> tuple[str, ...]:
        """What to cite."""
        ...


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits of the experiments.

    Parameters
    ----------
    shown : mapping
        Name of the experiment -> its limits [any].
    figures : mapping
        Name -> spectrum with fit and profile as SVG [bytes].
    table : Table or None
        All of them, a row for each number [table].
    """

    shown: Mapping[str, ShownLimit]
    figures: Mapping[str, bytes]
    table: Table | None


def gallery_page(
    experiments: Sequence[tuple[str, str, ShownExperiment]],
    figures: Mapping[str, bytes],
    missing: Mapping[str, Sequence[str]],
    provenance: str,
    limits: Limits,
) -> str:
    """Return the gallery as one HTML page that asks nothing of the network.

    Parameters
    ----------
    experiments : sequence of tuple
        Name, title and content of each, in the order of the page [any].
    figures : mapping
        Name -> its figure as SVG [bytes].
    missing : mapping
        Name of each detector card -> what was not found in a source [text].
    provenance : str
        Version and origin of the numbers [text].
    limits : Limits
        Of those experiments whose run card asks for them [any].

    Returns
    -------
    str
        HTML; the same input gives the same page.

    Raises
    ------
    InvalidInput
        If a figure is not an SVG picture.
    """
    references = References()
    every = overview(limits.shown, limits.table, references)
    sections = []
    for name, title, content in experiments:
        limit = limits.shown.get(name)
        more = "" if limit is None else limit_part(name, limit, limits.figures, references)
        sections.append(_section((name, title), content, figures.get(name), more, references))
    links = "\n".join(
        f'<li><a href="#{escape(name)}">{typeset(title)}</a></li>' for name, title, _ in experiments
    )
    rows = "\n".join(
        f"<dt>{escape(name)}</dt><dd>{typeset('; '.join(parts)) or 'nothing'}</dd>"
        for name, parts in missing.items()
    )
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(CONTENT_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>nuatom: experiments, their spectra, components, signals and limits</title>
<style>
{stylesheet()}</style>
</head>
<body>
<div class="frame">
<header>
<p class="kicker">nuatom &middot; gallery</p>
<h1>Experiments: spectra, components, signals and limits</h1>
<p>Points are published spectra, where their release is at hand. Solid and dash-dotted lines are
components: the Standard Model scattering on electrons (weak) and on nuclei (coherent), and
backgrounds. Dashed lines are signals of new couplings at the value in the legend, chosen so that
they can be seen; none of them is a limit. Limits, with the fit and the profile of the coupling,
stand below the experiments whose run card asks for them. Signals follow from the first-principles
response of the atom where the package has one, with free electrons and binding steps dotted
beside it.</p>
</header>
<nav aria-label="Contents">
<ul>
<li><a href="#limits">Limits</a></li>
{links}
<li><a href="#missing">What was not found</a></li>
<li><a href="#references">References</a></li>
</ul>
</nav>
{every}{"".join(sections)}
<section id="missing" aria-labelledby="missing-title">
<h2 id="missing-title">What was not found in a source</h2>
<p>Every detector card lists what it lacks; nothing is filled in.</p>
<dl class="record">
{rows}
</dl>
</section>
<section id="references" aria-labelledby="references-title">
<h2 id="references-title">References</h2>
{references.listing()}
</section>
<footer><p>{typeset(provenance)} The numbers of each figure lie beside this page as CSV files, the
figures as PNG files.</p></footer>
</div>
</body>
</html>
"""


def _section(
    named: tuple[str, str],
    content: ShownExperiment,
    figure: bytes | None,
    limit: str,
    references: References,
) -> str:
    name, title = named
    anchor = escape(name)
    marks = references.cite(content.references)
    remarks = "".join(f"<li>{typeset(text)}</li>" for text in content.remarks)
    shown = ""
    if figure is not None:
        shown = f"<figure>\n{picture(figure, f'{title}. {ALT}')}\n</figure>\n"
    table = "" if content.table is None else html_table(content.table, references)
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n'
        f'<h2 id="{anchor}-title">{typeset(title)}{marks}</h2>\n{shown}'
        f"<ul>{remarks}</ul>\n{table}\n{limit}\n</section>\n"
    )
