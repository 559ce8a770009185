"""Table I as a surface: its criterion at every threshold and ambient background.

The criterion is that of `nuatom.reproduce.table1`, with every background at once where a row
of Table I names some of them::

    mu(T*, a) = min over T >= T* of  sqrt{ [ 0.01 a + b_SM(T) ] / (dR_mu/dT at unit moment) }

with the ambient background a and the Standard Model rates b_SM, with nuclear recoils or, where
they are told apart, without.  Wrong (Eq. (10), retracted) and right stand side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE, RETRACTION, table1
from nuatom.reproduce.quantities import Item
from nuatom.reproduce.spectra import AB_INITIO, BAND_NOTE, energy_grid, model
from nuatom.reproduce.table1 import HIGHEST, MODES, background_rate, sensitivity
from nuatom.table import Column, Table

THRESHOLDS_EV = np.unique(np.concatenate([np.geomspace(10, 1000, 25), [100.0]]))
AMBIENT_CPKKD = np.geomspace(0.01, 100, 21)
RECOILS = {"kept": ("nu-e", "nu-N"), "told apart": ("nu-e",)}
"""Whether nuclear recoils are counted -> the Standard Model rates that limit."""
COLUMNS = {
    "eq10_retracted": (MODES["AI"], "stepped"),
    "stepped": (MODES["FE"], "stepped"),
    "ab_initio": (AB_INITIO, AB_INITIO),
}
"""Column -> model of the signal, and of electrons that the weak force scatters."""
POINTS = 500
"""Of the grid; a grid three times as dense moves no value by 1 %."""


@dataclass(frozen=True, eq=False)
class Surface:
    """The sensitivity over thresholds and ambient backgrounds.

    Parameters
    ----------
    moment : ndarray
        In 1e-12 mu_B, shape (threshold, ambient) [dimensionless].
    best_energy : ndarray
        Where the signal is best seen, same shape [energy].
    limiting : ndarray of str
        The largest part of the background there: ``AmBkg``, ``nu-e`` or ``nu-N`` [name].
    """

    moment: Array
    best_energy: Array
    limiting: np.ndarray[tuple[int, ...], np.dtype[np.str_]]


@dataclass(frozen=True, eq=False)
class Curves:
    """What the criterion compares, on one grid.

    Parameters
    ----------
    T : ndarray
        Energy transfer, or ionisation energy of a recoil, shape (point,) [energy].
    unit : ndarray
        mu^2 at which the signal equals a background of 1, in 1e-24 mu_B^2, same shape
        [mass energy time].
    parts : mapping
        ``AmBkg`` at 1 count/(kg keV day), ``nu-e``, ``nu-N`` -> rate, same shape
        [1/(mass energy time)].
    """

    T: Array
    unit: Array
    parts: Mapping[str, Array]


def curves(response: str, electrons: str, thresholds: Array) -> Curves:
    """Return signal and backgrounds above the lowest threshold.

    Parameters
    ----------
    response : str
        Model of the signal [name].
    electrons : str
        Model of the electrons that the weak force scatters [name].
    thresholds : ndarray
        Each of them becomes a point of the grid [energy].

    Returns
    -------
    Curves
        On a grid up to 5 keV.
    """
    edges = np.concatenate([model(response).edges, thresholds])
    T = energy_grid(float(thresholds.min()), HIGHEST, POINTS, edges)
    parts = {
        name: background_rate(T, 1.0, name, electrons=electrons)
        for name in ("AmBkg", "nu-e", "nu-N")
    }
    unit = sensitivity(T, response, np.full(T.shape, u.cpkkd)) ** 2 / u.cpkkd
    return Curves(T, unit, parts)


def surface(
    found: Curves, standard: Sequence[str], thresholds: Array, ambient_cpkkd: Array
) -> Surface:
    """Return the criterion of Table I over thresholds and ambient backgrounds.

    Parameters
    ----------
    found : Curves
        On a grid that has the thresholds [any].
    standard : sequence of str
        Rates of the Standard Model that limit, of ``nu-e`` and ``nu-N`` [names].
    thresholds : ndarray
        T* [energy].
    ambient_cpkkd : ndarray
        a in counts/(kg keV day) [any].

    Returns
    -------
    Surface
        Of shape (threshold, ambient).

    Example
    -------
    >>> thresholds = np.array([1.0]) * u.keV
    >>> one = surface(curves("stepped", "stepped", thresholds), ["nu-e"], thresholds, np.ones(1))
    >>> one.moment.shape, str(one.limiting[0, 0])
    ((1, 1), 'AmBkg')
    """
    names = np.array(["AmBkg", *standard])
    level = np.ones((names.size, ambient_cpkkd.size))
    level[0] = ambient_cpkkd
    rates = level[:, :, None] * np.array([found.parts[name] for name in names])[:, None, :]
    squares = found.unit * rates.sum(axis=0)
    shape, rows = (thresholds.size, ambient_cpkkd.size), np.arange(ambient_cpkkd.size)
    moment, energy = np.empty(shape), np.empty(shape)
    limiting = np.empty(shape, dtype=names.dtype)
    for k, threshold in enumerate(thresholds):
        first = int(np.searchsorted(found.T, threshold * (1 - 1e-12)))
        best = first + np.argmin(squares[:, first:], axis=1)
        moment[k], energy[k] = np.sqrt(squares[rows, best]), found.T[best]
        limiting[k] = names[np.argmax(rates[:, rows, best], axis=0)]
    return Surface(moment, energy, limiting)


def compute() -> Item:
    """Return the surfaces, and where the rows of Table I lie on them.

    Returns
    -------
    Item
        Tables ``table1_contour`` and ``table1_contour_rows``.
    """
    thresholds = THRESHOLDS_EV * u.eV
    columns: dict[str, list[Array]] = {name: [] for name in COLUMNS}
    limiting: list[str] = []
    energies: list[Array] = []
    compared = {name: curves(*models, thresholds) for name, models in COLUMNS.items()}
    for standard in RECOILS.values():
        for name, each in compared.items():
            found = surface(each, standard, thresholds, AMBIENT_CPKKD)
            columns[name].append(found.moment.ravel())
        limiting += [str(part) for part in found.limiting.ravel()]
        energies.append(found.best_energy.ravel() / u.keV)
    size = THRESHOLDS_EV.size * AMBIENT_CPKKD.size
    table = Table(
        "table1_contour",
        "The criterion of Table I over threshold and ambient background, in 1e-12 mu_B",
        (
            Column("nuclear_recoils", [kind for kind in RECOILS for _ in range(size)]),
            Column("threshold_eV", np.tile(np.repeat(THRESHOLDS_EV, AMBIENT_CPKKD.size), 2)),
            Column("ambient_cpkkd", np.tile(AMBIENT_CPKKD, 2 * THRESHOLDS_EV.size)),
            *(
                Column(f"{name}_1e12_mu_B", np.concatenate(values), _MEANING[name])
                for name, values in columns.items()
            ),
            Column("limiting_background", limiting, "largest where the signal is best seen"),
            Column("best_energy_keV", np.concatenate(energies), "with the ab-initio response"),
        ),
        notes=(
            "the criterion is ours: the paper states none; 1 % of the ambient background and all "
            "of the Standard Model rates must be reached",
            BAND_NOTE,
            "below 0.1 keV germanium is a solid, not a set of free atoms: indications only",
            RETRACTED_NOTE,
        ),
        references=(PAPER, RETRACTION),
    )
    tables = (table, _rows())
    return Item("table1-contour", "Table I as a surface, wrong and right", tables, {}, CAPTION)


def _rows() -> Table:
    """Return where the projected rows of Table I lie, with what they print."""
    rows = [row for row in table1() if row["threshold_eV"]]
    kinds = ["kept" if "nu-N" in row["limiting_background"] else "told apart" for row in rows]
    return Table(
        "table1_contour_rows",
        "The projected rows of Table I, in 1e-12 mu_B",
        (
            Column("nuclear_recoils", kinds),
            Column("threshold_eV", np.array([float(row["threshold_eV"]) for row in rows])),
            Column("ambient_cpkkd", np.array([float(row["ambient_cpkkd"]) for row in rows])),
            Column("limiting_background", [row["limiting_background"] for row in rows]),
            Column(
                "published_free_electron_1e12_mu_B",
                np.array([float(row["free_electron_1e12_mu_B"]) for row in rows]),
            ),
            Column(
                "published_atomic_ionisation_1e12_mu_B",
                np.array([float(row["atomic_ionisation_1e12_mu_B"]) for row in rows]),
                "follows Eq. (10), retracted",
            ),
        ),
        notes=(
            "rows at less than 0.1 cpkkd are drawn at 0.1; the paper takes no ambient background "
            "there, the surface 1 % of it",
            RETRACTED_NOTE,
        ),
        references=(PAPER, RETRACTION),
    )


_MEANING = {
    "eq10_retracted": "Eq. (10), retracted",
    "stepped": "free electrons, stepped at the edges",
    "ab_initio": "the right answer",
}
CAPTION = (
    "Lines of equal sensitivity (in 1e-12 mu_B) over threshold and ambient background, by the "
    "criterion of Table I, signal = 1 % of the ambient background and all of the Standard Model "
    "rates at the best energy above threshold. Grey and dashed: Eq. (10), retracted; blue: "
    "stepped; black: ab-initio, the right answer. Above: nuclear recoils are counted, and below "
    "0.36 keV a lower threshold gains nothing; below: they are told apart. Open circles: the "
    "projected rows of Table I with what it prints (beside Eq. (10) its atomic ionisation, beside "
    "stepped its free electrons)."
)
