"""Suppression by atomic binding, against the statements of the paper's reference 10.

Well above every edge an atom is Z free electrons; below, electrons that are bound more
tightly than the energy transfer take no part.  The procedure of Fayans, Mikaelyan and Sinev
is a step for each subshell, ``S(T) = sum_i N_i theta(T - B_i)/Z``, for the magnetic moment
and the weak interaction alike.  It is compared here with ab-initio responses and with screened
hydrogenic shells, and total cross sections (hydrogenic, exact for hydrogen) with what
Gounaris, Paschos and Porfyriadis found.  Of these papers only abstracts were at hand:
statements are compared, their tables are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.reproduce.binding import (
    CHANNELS,
    FACTORS,
    bound_models,
    coulomb_deviations,
    over_step,
    suppression,
    total_ratio,
)
from nuatom.reproduce.published import PAPER
from nuatom.reproduce.quantities import Item, judge
from nuatom.reproduce.spectra import BAND_NOTE
from nuatom.responses import SteppedElectrons
from nuatom.table import Column, Table
from nuatom.targets import element

TARGETS = ("Ge", "I", "Xe")
LIGHT_TO_HEAVY = ("H", "He", "Ne", "Ar", "Xe")
_BELOW_10 = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_FROM_10 = (10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200, 300)
ENERGIES = np.array([*_BELOW_10, *_FROM_10]) * u.keV
"""Neutrino energies of the total cross sections."""
LOW, HIGH, POINTS = 30 * u.eV, 99.99 * u.keV, 360
FAYANS = "S. A. Fayans, L. A. Mikaelyan and V. V. Sinev, Phys. At. Nucl. 64, 1475 (2001)"
FAYANS_EPRINT = "hep-ph/0004158"
GOUNARIS_1 = "G. J. Gounaris, E. A. Paschos and P. I. Porfyriadis, Phys. Lett. B 525, 63 (2002)"
GOUNARIS_2 = "the same, hep-ph/0409053"
KOUZAKOV = "K. A. Kouzakov, A. I. Studenikin and M. B. Voloshin, JETP Lett. 93, 699 (2011)"

CAPTION = (
    "Top: ratio to Z free electrons of the stepping procedure (lines) and of the ab-initio "
    "response (dots, magnetic moment) against the energy transfer; it is "
    "the same for the weak interaction within a few per cent. Bottom: total weak "
    "ionisation cross section of electron neutrinos per electron, over that of free electrons, "
    "with screened hydrogenic shells. "
    "The published papers of reference 10 were at hand as abstracts only, so that their "
    "statements are compared and their tables are not."
)


@dataclass(frozen=True)
class Statement:
    """One published statement and what is found here.

    Parameters
    ----------
    text : str
        The statement, in brief [text].
    reference : str
        Who states it [text].
    ours : float
        The number that decides, as `meaning` says [any].
    meaning : str
        What that number is [text].
    verdict : str
        ``yes``, ``in part``, ``no``, or ``no number`` where nothing decides [name].
    """

    text: str
    reference: str
    ours: float
    meaning: str
    verdict: str


def compute() -> Item:
    """Return the suppression factors and the published statements beside them.

    Returns
    -------
    Item
        Tables ``suppression``, ``suppression_steps``, ``suppression_shells``,
        ``suppression_total`` and ``suppression_statements``.
    """
    table = ratio_table()
    shells, totals = shell_table(), total_table()
    found = statements(table, shells, totals)
    return Item(
        "suppression",
        "Suppression by atomic binding (reference 10)",
        (table, step_table(), shells, totals, _statement_table(found)),
        {
            "suppression": {
                f"statement_{number}": judge(
                    "suppression.statement",
                    published=s.text,
                    ours=s.ours if np.isfinite(s.ours) else None,
                    note=f"ours is {s.meaning}; holds: {s.verdict}",
                )
                for number, s in enumerate(found, start=1)
            }
        },
        CAPTION,
    )


def ratio_table() -> Table:
    """Return the suppression against the energy transfer.

    Returns
    -------
    Table
        ``suppression``: for each target, stepped (the same for both channels) and
        hydrogenic.
    """
    grid = np.geomspace(LOW, HIGH, POINTS)
    edges = np.concatenate([SteppedElectrons(element(symbol)).edges for symbol in TARGETS])
    edges = edges[(edges > LOW) & (edges < HIGH)]
    T = np.unique(np.concatenate([grid, edges * (1 - 1e-9), edges]))
    columns = [Column("energy_transfer_keV", T / u.keV)]
    for symbol in TARGETS:
        target = element(symbol)
        stepped = SteppedElectrons(target)
        columns += [
            Column(f"{symbol}_stepped", suppression(T, "moment", stepped, target), "both channels"),
            *(
                Column(f"{symbol}_{name}_{channel}", suppression(T, channel, bound, target))
                for name, bound in bound_models(symbol).items()
                for channel in CHANNELS
            ),
        ]
    return Table(
        "suppression",
        "Ratio to Z free electrons against the energy transfer, at E = 1 MeV",
        tuple(columns),
        notes=(
            "hydrogenic: Slater's screening, measured edges, non-relativistic; corrections of "
            "order (Z alpha)^2 leave up to 0.5 % above the K edge of xenon",
            BAND_NOTE,
        ),
        references=(PAPER, f"{FAYANS} ({FAYANS_EPRINT})"),
    )


def step_table() -> Table:
    """Return the suppression factor of the stepping procedure between the edges.

    Returns
    -------
    Table
        ``suppression_steps``: from which transfer on how many electrons take part.
    """
    rows = []
    for symbol in TARGETS:
        target = element(symbol)
        shells = sorted(target.subshells, key=lambda shell: shell.binding_energy)
        open_ = np.cumsum([shell.electrons for shell in shells])
        rows += [
            (symbol, shell.name, shell.binding_energy / u.keV, number, target.atomic_number)
            for shell, number in zip(shells, open_, strict=True)
        ]
    number = np.array([row[3] for row in rows])
    return Table(
        "suppression_steps",
        "Stepping procedure: electrons that take part above each edge",
        (
            Column("element", [row[0] for row in rows]),
            Column("shell", [row[1] for row in rows]),
            Column("from_keV", np.array([row[2] for row in rows]), "measured edge"),
            Column("electrons", number, "of this shell and all that are bound less"),
            Column("suppression", number / np.array([row[4] for row in rows])),
        ),
        references=(f"{FAYANS} ({FAYANS_EPRINT})",),
    )


def shell_table() -> Table:
    """Return how far each K, L and M subshell is from its step, in each model of bound electrons.

    Returns
    -------
    Table
        ``suppression_shells``: bound over stepped at the edge and above it, up to 100 keV.
    """
    rows: list[tuple[str, str, str, str, float, Array]] = []
    for symbol in ("Ge", "I"):
        edges = {
            shell.name: shell.binding_energy / u.keV
            for shell in element(symbol).subshells
            if shell.name[0] in "KLM" and shell.binding_energy >= LOW
        }
        for name, bound in bound_models(symbol).items():
            for channel in CHANNELS:
                ratios = over_step(tuple(edges), channel, bound, element(symbol))
                rows += [
                    (symbol, shell, name, channel, edge, ratio)
                    for (shell, edge), ratio in zip(edges.items(), ratios, strict=True)
                ]
    values = np.array([row[-1] for row in rows])
    return Table(
        "suppression_shells",
        "Bound electrons over the stepping procedure, shell by shell",
        (
            Column("element", [row[0] for row in rows]),
            Column("shell", [row[1] for row in rows]),
            Column("model", [row[2] for row in rows]),
            Column("channel", [row[3] for row in rows]),
            Column("edge_keV", np.array([row[4] for row in rows])),
            *(
                Column(f"ratio_at_{round(factor, 3):g}_edges", values[:, j])
                for j, factor in enumerate(FACTORS)
            ),
        ),
        notes=(BAND_NOTE,),
        references=(f"{FAYANS} ({FAYANS_EPRINT})",),
    )


def total_table() -> Table:
    """Return total weak cross sections per electron over those of a free electron.

    Returns
    -------
    Table
        ``suppression_total``: electron neutrinos on hydrogen to xenon.
    """
    columns = [Column("neutrino_energy_keV", ENERGIES / u.keV)]
    for symbol in LIGHT_TO_HEAVY:
        columns += [
            Column(
                f"{symbol}_{model}",
                np.array([total_ratio(float(E), symbol, model, "nu_e") for E in ENERGIES]),
            )
            for model in ("hydrogenic", "stepped")
        ]
    return Table(
        "suppression_total",
        "Total weak ionisation cross section of nu_e per electron over that of a free electron",
        tuple(columns),
        notes=("excitation to bound states is left out", "hydrogenic: exact for hydrogen"),
        references=(GOUNARIS_1, GOUNARIS_2),
    )


def statements(ratios: Table, shells: Table, totals: Table) -> tuple[Statement, ...]:
    """Return the published statements and the numbers that decide.

    Parameters
    ----------
    ratios, shells, totals : Table
        From `ratio_table`, `shell_table` and `total_table` [any].

    Returns
    -------
    tuple of Statement
        In the order of the table.
    """
    bound, above = (
        max(_largest_below_k(ratios, symbol, least_kev) for symbol in TARGETS)
        for least_kev in (0.0, 1.0)
    )
    spread = shell_deviation(shells)
    below = np.arange(ENERGIES.size) <= len(_BELOW_10)  # 10 keV included
    light = np.array([_numbers(totals, f"{s}_hydrogenic")[below] for s in ("H", "He", "Ne")])
    at_10, at_20 = (_at_energy(x * u.keV, "nu_e") for x in (10, 20))
    all_totals = np.array([_numbers(totals, f"{s}_hydrogenic") for s in LIGHT_TO_HEAVY])
    flavours, cancels = flavour_ratios()
    coulomb = coulomb_deviations()
    return (
        Statement(
            "binding suppresses free-electron and Standard Model scattering alike",
            PAPER,
            bound,
            "largest ratio to free electrons below the K edge, ab-initio, both channels; "
            f"above 1 keV {above:.3f}",
            "in part" if above < 1 <= bound else _yes(bound < 1),
        ),
        Statement(
            "a simple procedure accounts for binding in Ge (K, L) and I (K, L, M), 1 to 100 keV",
            f"{FAYANS} ({FAYANS_EPRINT})",
            spread,
            "largest deviation of an ab-initio shell from its step; the abstract has no number",
            "no number",
        ),
        Statement(
            "below about 10 keV the cross sections of H, He and Ne are smaller than free",
            f"{GOUNARIS_1} (hep-ph/0109183)",
            float(light.max()),
            "largest ratio up to 10 keV",
            _yes(light.max() < 1),
        ),
        Statement(
            "they approach free electrons from below as 20 keV are reached",
            f"{GOUNARIS_1} (hep-ph/0109183)",
            float(at_20[:3].min()),
            "least ratio of H, He, Ne at 20 keV",
            _yes(np.all((at_20 > at_10)[:3] & (at_20[:3] < 1))),
        ),
        Statement(
            "approach from below as the energy increases to the 100 keV region",
            GOUNARIS_2,
            float(all_totals[:, ENERGIES <= 100 * u.keV * (1 + 1e-9)].max()),
            "largest ratio up to 100 keV, H to Xe",
            _yes(np.all(all_totals < 1) and np.all(np.diff(all_totals, axis=1) > 0)),
        ),
        Statement(
            "at 10 to 20 keV binding effects increase with the atomic number",
            GOUNARIS_2,
            float(at_10[-1]),
            "ratio of Xe at 10 keV",
            _yes(np.all(np.diff(at_10) < 0) and np.all(np.diff(at_20) < 0)),
        ),
        Statement(
            "binding cancels in the ratios nu_mu/nu_e and anti_nu_mu/anti_nu_e of totals",
            GOUNARIS_2,
            flavours,
            "largest change of these ratios by binding at 10 and 20 keV",
            cancels,
        ),
        Statement(
            "stepping deviates little for the lowest Coulomb states, less for higher ones",
            f"{KOUZAKOV} (not in reference 10)",
            coulomb[0],
            f"deviation at the threshold of 1s; full n = 2: {coulomb[1]:.3f}, n = 3: "
            f"{coulomb[2]:.3f}",
            _yes(coulomb[0] < 0.05 and np.all(np.diff(coulomb) < 0)),
        ),
    )


def flavour_ratios() -> tuple[float, str]:
    """Return how far binding changes nu_mu/nu_e and anti_nu_mu/anti_nu_e of the totals.

    Returns
    -------
    tuple
        The largest change for H to Xe at 10 and 20 keV [dimensionless], and the verdict:
        ``yes`` up to 5 per cent, ``in part`` where each is smaller than the suppression
        itself.
    """
    changes, suppressed = [], []
    for energy in (10 * u.keV, 20 * u.keV):
        for anti in ("", "anti_"):
            electron = _at_energy(energy, f"{anti}nu_e")
            changes.append(np.abs(_at_energy(energy, f"{anti}nu_mu") / electron - 1))
            suppressed.append(1 - electron)
    largest = float(np.max(changes))
    if largest <= 0.05:
        return largest, "yes"
    return largest, "in part" if np.all(np.array(changes) < np.array(suppressed)) else "no"


def shell_deviation(shells: Table) -> float:
    """Return the largest deviation of a shell from its step between 1 and 100 keV, ab-initio.

    Parameters
    ----------
    shells : Table
        From `shell_table` [any].

    Returns
    -------
    float
        [dimensionless]
    """
    edge = _numbers(shells, "edge_keV")
    chosen = np.array([name == "ab_initio" for name in shells.column("model")])
    largest = 0.0
    for factor in (1, 1.1, 2, 10):
        seen = chosen & (edge * factor >= 1) & (edge * factor <= 100)
        ratio = _numbers(shells, f"ratio_at_{factor:g}_edges")[seen]
        largest = max(largest, float(np.abs(ratio - 1).max()))
    return largest


def _largest_below_k(ratios: Table, symbol: str, least_kev: float) -> float:
    """Return the largest ab-initio ratio of both channels between an energy in keV and K."""
    edge = SteppedElectrons(element(symbol)).edges.max() / u.keV
    T = _numbers(ratios, "energy_transfer_keV")
    below = (least_kev <= T) & (edge * (1 - 1e-10) > T)
    columns = [_numbers(ratios, f"{symbol}_ab_initio_{channel}")[below] for channel in CHANNELS]
    return float(np.max(columns))


def _yes(holds: object) -> str:
    return "yes" if holds else "no"


def _at_energy(neutrino_energy: float, flavor: str) -> Array:
    """Return the hydrogenic ratio of totals for H to Xe."""
    return np.array([total_ratio(neutrino_energy, s, "hydrogenic", flavor) for s in LIGHT_TO_HEAVY])


def _statement_table(found: Sequence[Statement]) -> Table:
    return Table(
        "suppression_statements",
        "Published statements on binding and what is found here",
        (
            Column("statement", [s.text for s in found]),
            Column("reference", [s.reference for s in found]),
            Column("ours", np.array([s.ours for s in found])),
            Column("meaning", [s.meaning for s in found]),
            Column("verdict", [s.verdict for s in found]),
        ),
        notes=("the abstracts give no numbers; tables of these papers were not found",),
    )


def _numbers(table: Table, name: str) -> Array:
    return np.asarray(table.column(name), dtype=np.float64)
