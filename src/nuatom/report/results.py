"""The whole run: compute each item, draw it, and write the folder of results at once."""

import hashlib
import importlib.metadata
import json
import math
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

from nuatom import constants
from nuatom.errors import CannotWrite, InvalidInput, lookup
from nuatom.inference.intervals import DEFAULT
from nuatom.plotting import FIGURES, draw_figure, figure_bytes
from nuatom.report.page import render
from nuatom.reproduce import (
    channels,
    derivation,
    fig1,
    fig2,
    fig3a,
    fig3b,
    interpretation,
    qed,
    smoking_gun,
    suppression,
    table1,
    table1_contour,
)
from nuatom.reproduce.published import PAPER, RETRACTION, card
from nuatom.reproduce.quantities import Item
from nuatom.table import write_bytes_atomically

SCHEMA_VERSION = 1
RETRACTED_LIMITS = ("Eq. (11) recomputed",)
"""Labels of `own_limits` that rest on Eq. (10)."""

ITEMS: Mapping[str, Callable[[], Item]] = {
    "derivation": derivation.compute,
    "fig1": fig1.compute,
    "fig2": fig2.compute,
    "fig3a": fig3a.compute,
    "fig3b": fig3b.compute,
    "table1": table1.compute,
    "table1-contour": table1_contour.compute,
    "interpretation": lambda: interpretation.compute(own_limits(), retracted=RETRACTED_LIMITS),
    "qed": qed.compute,
    "channels": channels.compute,
    "smoking-gun": smoking_gun.compute,
    "suppression": suppression.compute,
}
"""What `nuatom reproduce` makes, in the order of the page."""

_LIBRARIES = ("numpy", "scipy", "periodictable", "xraylib", "sympy", "matplotlib")


def chosen(only: str) -> tuple[str, ...]:
    """Return the items that a comma-separated list names, in the order of the page.

    Parameters
    ----------
    only : str
        Such as ``fig2,table1``; empty for all [name].

    Returns
    -------
    tuple of str
        Keys of `ITEMS`.

    Raises
    ------
    UnknownName
        If a name is not an item.
    InvalidInput
        If a name is empty.

    Example
    -------
    >>> chosen("table1,fig2")
    ('fig2', 'table1')
    """
    if not only:
        return tuple(ITEMS)
    asked = [name.strip() for name in only.split(",")]
    if "" in asked:
        raise InvalidInput(f"--only: found an empty name in {only!r}, expected a,b,c")
    for name in asked:
        lookup("item", name, ITEMS)
    return tuple(name for name in ITEMS if name in asked)


def check_writable(out: Path) -> None:
    """Make sure, before anything is computed, that the folder can take results.

    Parameters
    ----------
    out : Path
        The folder; made if missing [path].

    Raises
    ------
    CannotWrite
        If it cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise CannotWrite(
            f"cannot write into {out}: {error.strerror}; choose another folder with --out"
        ) from None


def write(
    out: Path, names: Sequence[str], step: Callable[[str], None] = lambda name: None
) -> tuple[Path, ...]:
    """Compute the items and write their tables, figures, page and summary.

    Everything is computed and staged beside the results first, so that a failure
    leaves the folder as it was.

    Parameters
    ----------
    out : Path
        The folder [path].
    names : sequence of str
        Keys of `ITEMS` [name].
    step : callable, optional
        Called with the name of each item when its work starts [any].

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    CannotWrite
        If the disk refuses; the folder is then as before.
    """
    items, files, pictures = [], {}, {}
    for name in names:
        step(name)
        item = ITEMS[name]()
        items.append(item)
        files.update({f"{table.name}.csv": table.to_csv().encode() for table in item.tables})
        for drawing in FIGURES.get(name, ()):
            figure = draw_figure(drawing, {table.name: table for table in item.tables})
            pictures[drawing] = figure_bytes(figure, "svg")
            files[f"{drawing}.svg"] = pictures[drawing]
            files[f"{drawing}.png"] = figure_bytes(figure, "png")
    summary = summarise(items)
    page = render(items, summary, provenance(items), figures=pictures)
    files["report.html"] = page.encode()
    files["summary.json"] = (json.dumps(summary, indent=1, allow_nan=False) + "\n").encode()
    return _publish(out, files)


def summarise(items: Iterable[Item]) -> dict[str, object]:
    """Return what goes into summary.json.

    Parameters
    ----------
    items : iterable of Item
        Each brings its top-level keys [any].

    Returns
    -------
    dict
        Plain values only.
    """
    items = list(items)
    summary: dict[str, object] = {"schema_version": SCHEMA_VERSION}
    for item in items:
        summary.update(item.summary_dict())
    summary["provenance"] = provenance(items)
    return summary


def provenance(items: Iterable[Item]) -> dict[str, object]:
    """Return what the numbers were made with.

    Parameters
    ----------
    items : iterable of Item
        Whose tables to describe [any].

    Returns
    -------
    dict
        Versions, editions of constants and data with their checksums, the tables.
    """
    root = resources.files("nuatom") / "data"
    with resources.as_file(root) as folder:
        data = {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    return {
        "nuatom": importlib.metadata.version("nuatom"),
        "python": platform.python_version(),
        "libraries": {name: importlib.metadata.version(name) for name in _LIBRARIES},
        "constants": dict(constants.EDITIONS),
        "paper": PAPER,
        "retraction": RETRACTION,
        "data_sha256": data,
        "tables": {
            f"{table.name}.csv": {
                "title": table.title,
                "columns": {column.name: column.meaning for column in table.columns},
                "notes": list(table.notes),
                "references": list(table.references),
            }
            for item in items
            for table in item.tables
        },
    }


def own_limits() -> dict[str, float]:
    """Return this report's limits on mu.

    Returns
    -------
    dict
        Label -> limit [Bohr magneton].
    """
    eq11 = card()["eq11"]
    total = math.hypot(eq11["statistical_1e22_mu_B2"], eq11["systematic_1e22_mu_B2"])
    (recomputed,) = RETRACTED_LIMITS
    return {
        recomputed: 1e-11 * fig3a.limits(eq11["best_fit_1e22_mu_B2"], total)[DEFAULT],
        "pseudo-data, ab-initio response": 1e-11 * fig3a.right_limit()[0],
        "pseudo-data, stepped electrons": 1e-11 * fig3a.limit_without_systematic("stepped"),
    }


def _publish(out: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write all files into a staging folder, then move them into place, all or none."""
    check_writable(out)
    staging = Path(tempfile.mkdtemp(dir=out, prefix=".staging-"))
    try:
        for name, content in files.items():
            write_bytes_atomically(staging / "new" / name, content)
        (staging / "old").mkdir()
        _move(out, staging, files)
    except CannotWrite:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(
            f"cannot write into {out}: {reason}; choose another folder with --out"
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(out / name for name in files)


def _move(out: Path, staging: Path, names: Iterable[str]) -> None:
    """Move each file of staging/new into place; if one fails, put back what was there."""
    touched: list[str] = []
    try:
        for name in names:
            target = out / name
            if target.is_dir():
                raise CannotWrite(
                    f"cannot write {target}: it is a folder; choose another with --out"
                )
            if target.is_symlink() or target.exists():
                shutil.copy2(target, staging / "old" / name, follow_symlinks=False)
            touched.append(name)
            (staging / "new" / name).replace(target)
    except BaseException:
        for name in touched:
            if (staging / "old" / name).is_symlink() or (staging / "old" / name).exists():
                (staging / "old" / name).replace(out / name)
            else:
                (out / name).unlink(missing_ok=True)
        raise
