"""``nuatom gallery``: experiments with spectra, components, signals and limits on one page."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nuatom.cli import parse, progress
from nuatom.cli.output import say
from nuatom.errors import CannotWrite, InvalidInput
from nuatom.table import write_bytes_atomically

if TYPE_CHECKING:
    from nuatom.analysis.exhibit_limits import ShownLimit
    from nuatom.analysis.exhibits import Exhibit, Shown

PAGE = "gallery.html"
S2_NAME = "xenon1t-s2only"
"""The experiment without a run card."""


def gallery(
    cards: Annotated[
        list[str] | None,
        typer.Argument(help="Run cards of yours, shown after the others.", metavar="[CARD.toml]"),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", help="Folder for the page, figures and tables.", metavar="DIR")
    ] = "gallery",
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            help="Folder with official data releases, each in a folder of its own.",
            metavar="FOLDER",
        ),
    ] = None,
) -> None:
    """Show experiments: published spectra, components, signals and limits, on one page.

    Without the files of a release an experiment is shown without its spectrum and without a
    limit, and the page says where to get them. Limits are those of the section [limit] of a card.

    \u0008
    Example: nuatom gallery --out gallery --data releases
    Example: nuatom gallery card.toml --out gallery
    """
    from nuatom.analysis.exhibits import exhibits, user_exhibit

    folder = parse.place(out, "--out")
    if folder.exists() and not folder.is_dir():
        raise CannotWrite(f"cannot write {folder}: it is a file; give the name of a folder")
    releases = None if data is None else _folder(data)
    own = [user_exhibit(parse.place(card, "CARD.toml")) for card in cards or ()]
    packaged = exhibits()
    names = [S2_NAME, *(one.name for one in (*packaged, *own))]
    for one in own:
        if names.count(one.name) > 1:
            raise InvalidInput(f"found two cards named {one.name!r}, expected different names")
    with progress.steps(len(names)) as step:
        found, limits = _computed([*packaged, *own], releases, step)
    for name, content in _files(found, limits).items():
        write_bytes_atomically(folder / name, content)
    say([f"note: {len(found)} experiments on {folder / PAGE}"])


def _computed(
    every: "list[Exhibit]", releases: Path | None, step: Callable[[str], None]
) -> "tuple[list[Shown], dict[str, ShownLimit]]":
    """Return all experiments in the order of the page, and limits by name."""
    from nuatom.analysis.exhibit_limits import exhibit_limit, s2_limit
    from nuatom.analysis.exhibits import shown
    from nuatom.analysis.s2_exhibit import s2_exhibit

    found, limits = [], {}
    places: list[Exhibit | None] = [one for one in every if one.release]
    places += [None, *(one for one in every if not one.release)]
    for one in places:
        step(S2_NAME if one is None else one.name)
        content = s2_exhibit(releases) if one is None else shown(one, releases)
        limit = s2_limit(releases) if one is None else exhibit_limit(one, releases)
        found.append(content)
        if limit is not None:
            limits[content.exhibit.name] = limit
    return found, limits


def _files(found: "list[Shown]", limits: "dict[str, ShownLimit]") -> dict[str, bytes]:
    """Return the content of every file by its name, the page last."""
    from nuatom import __version__
    from nuatom.analysis.exhibit_limits import limits_list, limits_overview
    from nuatom.detectors.cards import card_names, detector_card
    from nuatom.plotting import limit as limit_figure
    from nuatom.plotting.exhibit import picture
    from nuatom.report.gallery import Limits, gallery_page

    tables = {one.exhibit.name: one.table for one in found if one.table is not None}
    curves = {name: one.curves for name, one in limits.items() if one.curves}
    page = gallery_page(
        [(one.exhibit.name, one.exhibit.title, one) for one in found],
        {name: picture(table, "svg") for name, table in tables.items()},
        {name: detector_card(name).missing for name in card_names()},
        f"Made by nuatom {__version__}.",
        Limits(
            limits,
            {name: limit_figure.picture(own, "svg") for name, own in curves.items()},
            limits_overview(list(limits.values())),
        ),
    )
    files = {}
    for name, table in tables.items():
        files[f"{name}.csv"] = table.to_csv().encode()
        files[f"{name}.png"] = picture(table, "png")
    for name, own in curves.items():
        files[f"{name}-limit.png"] = limit_figure.picture(own, "png")
        for kind in ("spectrum", "profile", "contour"):
            if kind in own:
                files[f"{name}-limit-{kind}.csv"] = own[kind].to_csv().encode()
    every = limits_list(list(limits.values()))
    if every is not None:
        files["limits.csv"] = every.to_csv().encode()
    return files | {PAGE: page.encode()}


def _folder(text: str) -> Path:
    path = parse.place(text, "--data")
    if not path.is_dir():
        raise InvalidInput(f"--data: found {text!r}, expected a folder")
    return path
