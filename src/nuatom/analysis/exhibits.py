"""Experiments to be looked at: run cards of the package, spectra, components and signals.

A detector without a published resolution or efficiency is shown without it, and its remark
says so.  Nothing here is a result: rates of backgrounds that are fitted are fitted for display.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom import units as u
from nuatom.analysis.model import Component, Model
from nuatom.catalog import INTERACTIONS
from nuatom.datasets import release
from nuatom.errors import InvalidInput
from nuatom.table import Column, Table

if TYPE_CHECKING:
    from nuatom.analysis.cards.card import ReadCard

_FOLDER = resources.files("nuatom") / "data" / "run-cards"
_EDITION = "1"
_DIGITS = (5, 2, 1)
_SHARE = 0.4
"""A signal is drawn at a round coupling, at which it has at most so much of all counts."""
DETAILED = "ab-initio"
PLAIN = "stepped"


@dataclass(frozen=True, eq=False)
class Exhibit:
    """An experiment with its run card.

    Parameters
    ----------
    name : str
        Short name [name].
    title : str
        One line [text].
    path : Path
        The run card [path].
    remark : str
        What was not found in a source, and what is ours [text].
    release : str
        Official release with its spectrum, empty if there is none [name].
    fitted : bool
        Whether rates of backgrounds are fitted to the spectrum for display [flag].
    """

    name: str
    title: str
    path: Path
    remark: str = ""
    release: str = ""
    fitted: bool = False


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page needs of an experiment.

    Parameters
    ----------
    exhibit : Exhibit
        The experiment [any].
    table : Table or None
        Its columns have meanings that begin with ``observed``, ``component``, ``total`` or
        ``signal``; None where only a release gives bins [table].
    remarks : tuple of str
        What a reader must know [text].
    references : tuple of str
        What to cite [text].
    """

    exhibit: Exhibit
    table: Table | None
    remarks: tuple[str, ...] = ()
    references: tuple[str, ...] = field(default=())


@cache
def exhibits() -> tuple[Exhibit, ...]:
    """Return the experiments with a run card in the package.

    Returns
    -------
    tuple of Exhibit
        Those with a released spectrum first.

    Example
    -------
    >>> [one.name for one in exhibits()][:2]
    ['dresden-ii', 'xenonnt-sr0']
    """
    found = []
    for place in sorted(_FOLDER.iterdir(), key=lambda p: p.name):
        folder = Path(str(place)) / _EDITION
        meta = tomllib.loads((folder / "data.toml").read_text(encoding="utf-8"))
        card = folder / "card.toml"
        found.append(
            Exhibit(
                place.name, meta["title"], card, meta["remark"], meta["release"], meta["fitted"]
            )
        )
    return tuple(sorted(found, key=lambda e: (not e.release, e.name)))


def release_folder(name: str, folder: Path) -> Path | None:
    """Return the folder that holds the files of a release.

    Parameters
    ----------
    name : str
        Of the release [name].
    folder : Path
        It, or one that has it inside [path].

    Returns
    -------
    Path or None
        None where no folder has all of the files.
    """
    wanted = tuple(release(name).card["files"])
    places = [folder, *sorted(path for path in folder.glob("*") if path.is_dir())]
    return next((p for p in places if all((p / f).is_file() for f in wanted)), None)


def shown(exhibit: Exhibit, data: Path | None = None) -> Shown:
    """Return an experiment with what it expects, and its spectrum where it is at hand.

    Parameters
    ----------
    exhibit : Exhibit
        Of the package, or a run card of a user [any].
    data : Path, optional
        Folder with releases [path].

    Returns
    -------
    Shown
        Signals at round couplings, with the response ``ab-initio`` where the package has a
        table of every element, and with ``stepped``.

    Raises
    ------
    InvalidInput
        As for a run card, or if a file of a release is not the official one.
    """
    from nuatom.analysis.expectation import build_model

    read, instructions = released(exhibit, data)
    remarks = [exhibit.remark] if exhibit.remark else []
    if instructions:
        remarks.append(f"the spectrum is not at hand: {instructions}")
    plain = build_model(read)
    detailed = None
    if has_tables(read):
        detailed = build_model(with_electrons(read, DETAILED))
    table = exhibit_table(exhibit, (detailed or plain, plain if detailed else None))
    if detailed is None:
        remarks.append(f"responses: {read.card.response.electrons}")
    observed = () if plain.observed is None else plain.observed.notes
    return Shown(exhibit, table, (*remarks, *observed), plain.references)


def released(exhibit: Exhibit, data: Path | None) -> tuple["ReadCard", str]:
    """Return the run card of an experiment, that with the release where it is at hand.

    Parameters
    ----------
    exhibit : Exhibit
        The experiment [any].
    data : Path or None
        Folder with releases [path].

    Returns
    -------
    tuple
        The card, and how to get the release if it is not at hand; without it, the section
        ``[limit]`` is that of the card with the release.
    """
    from nuatom.analysis.cards.card import ReadCard, read_card

    read = read_card(exhibit.path)
    if not exhibit.release:
        return read, ""
    full = read_card(exhibit.path.with_name("released.toml"))
    place = release_folder(exhibit.release, data) if data is not None else None
    if place is not None:
        return ReadCard(full.card, place, full.digest), ""
    card = read.card.model_copy(update={"limit": full.card.limit})
    instructions = str(release(exhibit.release).card["instructions"])
    return ReadCard(card, read.path, read.digest), instructions


def with_electrons(read: "ReadCard", model: str) -> "ReadCard":
    """Return the same run card with another model of electrons.

    Parameters
    ----------
    read : ReadCard
        A checked card [read card].
    model : str
        Of the catalogue [name].

    Returns
    -------
    ReadCard
        All else equal, but no band of the atomic model where the model has none.
    """
    from nuatom.analysis.cards.card import ReadCard

    response = read.card.response.model_copy(update={"electrons": model})
    band = read.card.variations.atomic_model and model == DETAILED
    variations = read.card.variations.model_copy(update={"atomic_model": band})
    changes = {"response": response, "variations": variations}
    return ReadCard(read.card.model_copy(update=changes), read.path, read.digest)


def has_tables(read: "ReadCard") -> bool:
    """Return whether a card can have the response ``ab-initio`` instead of the plain one.

    Parameters
    ----------
    read : ReadCard
        A checked card [read card].

    Returns
    -------
    bool
        Whether it has the plain one, and the package a table of every element.
    """
    from nuatom.detectors.cards import detector_card
    from nuatom.responses.shipped_tables import shipped_elements
    from nuatom.targets.compounds import compound

    section = read.card.detector
    if read.card.response.electrons != PLAIN:
        return False
    target = detector_card(section.name).target if section.name else compound(section.target or "")
    return {e.symbol for e, _ in target.atoms_per_mass} <= set(shipped_elements())


def exhibit_table(exhibit: Exhibit, models: tuple[Model, Model | None]) -> Table:
    """Return spectrum, components and signals of an experiment.

    Parameters
    ----------
    exhibit : Exhibit
        The experiment [any].
    models : tuple of Model
        The better model of the atom, and the plain one beside it or None [model].

    Returns
    -------
    Table
        Called ``exhibit``.
    """
    model, beside = models
    edges = model.bin_edges / u.keV
    columns = [Column("energy_low_keV", edges[:-1]), Column("energy_high_keV", edges[1:])]
    if model.observed is not None:
        columns.append(Column("observed_counts", model.observed.counts, "observed counts"))
        columns.append(Column("observed_error_counts", model.observed.errors, "one sigma"))
    strengths = _fitted(model) if exhibit.fitted and model.observed is not None else {}
    total = model.expected(strengths=strengths)
    columns.append(Column("total_counts", np.asarray(total), "total"))
    standard = {p.channel for p in model.parameters if p.default}
    for part in model.components:
        own = part.kind == "background" or (part.kind == "signal" and part.name in standard)
        if own:
            counts = part.counts * strengths.get(part.name, 1.0)
            columns.append(Column(f"{_word(part.name)}_counts", counts, f"component {part.name}"))
    all_counts = float(np.sum(np.asarray(total)))
    for part in model.components:
        if part.kind == "signal" and part.name not in standard:
            columns += _signal(part, model, beside, all_counts)
    return Table("exhibit", exhibit.title, tuple(columns), (), model.references)


def _signal(part: Component, model: Model, beside: Model | None, counts: float) -> Iterable[Column]:
    """Return a signal at a round coupling, with both models of the atom."""
    parameter = next(p for p in model.parameters if p.channel == part.name)
    order = 2 * parameter.power
    largest = float(part.counts.sum())
    if largest <= 0 or counts <= 0:
        return []
    coupling = round_down((_SHARE * counts / largest) ** (1 / order))
    found = []
    nuclear = INTERACTIONS[part.name].nuclear
    for name, source in (("", model), (PLAIN, None if nuclear else beside)):
        if source is not None:
            number = f"{coupling:.0e}".replace("e-0", "e-")
            label = f"{part.name} {number} {parameter.unit}"
            text = f"signal {label}" + (f", {name}" if name else "")
            column = f"{_word(part.name)}_{_word(name) + '_' if name else ''}counts"
            values = source.component(part.name).counts * coupling**order
            found.append(Column(column, values, text))
    return found


def round_down(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that does not exceed a value.

    Parameters
    ----------
    value : float
        Above zero [any].

    Returns
    -------
    float
        One significant digit.

    Example
    -------
    >>> round_down(3.7e-11)
    2e-11
    """
    decade = 10.0 ** np.floor(np.log10(value))
    return float(next(d * decade for d in _DIGITS if d * decade <= value * (1 + 1e-12)))


def _fitted(model: Model) -> dict[str, float]:
    """Return factors on the backgrounds that fit the spectrum, the Standard Model kept.

    Non-negative least squares with the errors of the spectrum; for display.
    """
    from scipy.optimize import nnls

    assert model.observed is not None
    backgrounds = [p for p in model.components if p.kind == "background"]
    if not backgrounds:
        return {}
    rest = model.observed.counts - model.expected(strengths={p.name: 0.0 for p in backgrounds})
    errors = model.observed.errors
    usable = errors > 0
    if not np.any(usable):
        raise InvalidInput(f"{model.observed.name}: found no errors, expected them for a fit")
    design = np.array([p.counts for p in backgrounds]).T[usable] / errors[usable, None]
    scale = np.linalg.norm(design, axis=0)
    scale[scale == 0] = 1.0
    solution, _ = nnls(design / scale, rest[usable] / errors[usable])
    return {p.name: float(f) for p, f in zip(backgrounds, solution / scale, strict=True)}


def _word(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)


def user_exhibit(path: Path) -> Exhibit:
    """Return a run card of a user as an exhibit.

    Parameters
    ----------
    path : Path
        A run card [path].

    Returns
    -------
    Exhibit
        Called as the file.

    Raises
    ------
    InvalidInput
        If it is no run card.
    """
    from nuatom.analysis.cards.card import read_card

    card: Any = read_card(path).card
    return Exhibit(path.stem, card.title or path.stem, path)
