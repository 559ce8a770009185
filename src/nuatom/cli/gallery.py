"""``nuatom gallery``: experiments with spectra, components and signals on one page."""

from pathlib import Path
from typing import Annotated

import typer

from nuatom.cli import parse
from nuatom.cli.output import say
from nuatom.errors import CannotWrite, InvalidInput
from nuatom.table import write_bytes_atomically, write_text_atomically

PAGE = "gallery.html"


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
    """Show experiments: published spectra, components and signals, on one page.

    Without the files of a release an experiment is shown without its spectrum, and the page
    says where to get them.

    \u0008
    Example: nuatom gallery --out gallery --data releases
    Example: nuatom gallery card.toml --out gallery
    """
    from nuatom import __version__
    from nuatom.analysis.exhibits import Shown, exhibits, shown, user_exhibit
    from nuatom.analysis.s2_exhibit import s2_exhibit
    from nuatom.detectors.cards import card_names, detector_card
    from nuatom.plotting.exhibit import picture
    from nuatom.report.gallery import gallery_page

    folder = parse.place(out, "--out")
    if folder.exists() and not folder.is_dir():
        raise CannotWrite(f"cannot write {folder}: it is a file; give the name of a folder")
    releases = None if data is None else _folder(data)
    own = [user_exhibit(parse.place(card, "CARD.toml")) for card in cards or ()]
    packaged = exhibits()
    names = [one.name for one in (*packaged, *own)]
    for one in own:
        if names.count(one.name) > 1:
            raise InvalidInput(f"found two cards named {one.name!r}, expected different names")
    found: list[Shown] = [shown(one, releases) for one in packaged if one.release]
    found.append(s2_exhibit(releases))
    found += [shown(one, releases) for one in packaged if not one.release]
    found += [shown(one) for one in own]
    experiments = [(one.exhibit.name, one.exhibit.title, one) for one in found]
    tables = {one.exhibit.name: one.table for one in found if one.table is not None}
    figures = {name: picture(table, "svg") for name, table in tables.items()}
    missing = {name: detector_card(name).missing for name in card_names()}
    page = gallery_page(experiments, figures, missing, f"Made by nuatom {__version__}.")
    for name, table in tables.items():
        write_text_atomically(folder / f"{name}.csv", table.to_csv())
        write_bytes_atomically(folder / f"{name}.png", picture(table, "png"))
    write_text_atomically(folder / PAGE, page)
    say([f"note: {len(found)} experiments on {folder / PAGE}"])


def _folder(text: str) -> Path:
    path = parse.place(text, "--data")
    if not path.is_dir():
        raise InvalidInput(f"--data: found {text!r}, expected a folder")
    return path
