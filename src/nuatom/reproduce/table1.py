"""Table I: projected sensitivities, free electrons and Eq. (10), by a stated criterion.

The paper states a flux of 1e13 / (cm^2 s), an ON - OFF subtraction good to 1 %, and a
limiting background for each row, but no criterion and no exposure; mu scales as the
square root of the ambient background, so the rows are limited by the systematic.  The
criterion used here, for every projected row alike and with nothing fitted, is that the
signal equals the limiting background at the best energy above the threshold::

    mu = min over T >= T* of  sqrt( b(T) / (dR_mu/dT at unit moment) )
    b  = 0.01 x ambient (AmBkg) + dR/dT of each Standard Model channel that the row names

The same criterion with the ab-initio response, for signal and electrons of the background,
is a table of its own.  The criterion makes plain what sets the entries: coherent
scattering, in ionisation energy, ends near 0.36 keV, so that rows which cannot tell nuclear
recoils apart work just above that energy whatever their threshold, and rows which can work
at the threshold itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.inference.intervals import DEFAULT
from nuatom.interactions import Weak
from nuatom.reproduce import fig3a, fig3b
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE, RETRACTION, card, table1
from nuatom.reproduce.quantities import Item, Quantity, judge, judge_band
from nuatom.reproduce.spectra import (
    AB_INITIO,
    BAND_NOTE,
    GERMANIUM,
    WITH_BAND,
    ab_initio_table,
    coherent_rate,
    energy_grid,
    model,
    moment_rate,
    rate,
    reactor,
)
from nuatom.table import Column, Table

MODES = {"FE": "stepped", "AI": "equivalent-photon-paper"}
"""Column of the paper -> model: the paper's free electrons are stepped at the edges."""
COLUMNS = {"FE": "free_electron_1e12_mu_B", "AI": "atomic_ionisation_1e12_mu_B"}
UNIT_MOMENT = 1e-12
HIGHEST, POINTS = 5 * u.keV, 1500
"""The best energy is looked for up to 5 keV; twice the points move no entry by 1 %."""


@dataclass(frozen=True)
class Row:
    """One entry of Table I.

    Parameters
    ----------
    label : str
        What the row is [text].
    ambient_cpkkd : float or None
        Ambient background in counts/(kg keV day); None for the current data [any].
    threshold_ev : float or None
        Detection threshold in eV; None for the current data [any].
    limiting_background : str
        As printed [text].
    mode : str
        FE or AI [name].
    published : float or None
        As printed, in 1e-12 mu_B; None for a dash [dimensionless].
    ours : float
        By the stated criterion, in 1e-12 mu_B [dimensionless].
    best_energy_kev : float or None
        Where the signal is best seen, in keV; None for the current data [any].
    quantity : Quantity
        The comparison [any].
    """

    label: str
    ambient_cpkkd: float | None
    threshold_ev: float | None
    limiting_background: str
    mode: str
    published: float | None
    ours: float
    best_energy_kev: float | None
    quantity: Quantity


@dataclass(frozen=True)
class RightAnswer:
    """What a row of Table I gives with the ab-initio response, in 1e-12 mu_B.

    Parameters
    ----------
    printed : mapping
        The row as printed [any].
    value : float
        By the stated criterion, or from the pseudo-dataset [dimensionless].
    ends : tuple of float
        The same at the lower and the upper end of the band of the response
        [dimensionless].
    best_energy_kev : float or None
        Where the signal is best seen, in keV; None for the current data [any].
    """

    printed: Mapping[str, str]
    value: float
    ends: tuple[float, float]
    best_energy_kev: float | None


def background_rate(
    T: Array, ambient_cpkkd: float, limiting: str, *, electrons: str = "stepped"
) -> Array:
    """Return the rate that the signal must reach: the sum of what the row names.

    Parameters
    ----------
    T : ndarray
        Energy transfer, or ionisation energy of a recoil [energy].
    ambient_cpkkd : float
        Ambient background in counts/(kg keV day) [any].
    limiting : str
        The limiting background as the paper names it [text].
    electrons : str
        Model of the electrons that the weak force scatters [name].

    Returns
    -------
    ndarray
        [1/(mass energy time)]
    """
    figures = card()["figures"]
    source = reactor(figures["table1_flux_per_cm2_s"])
    total: Array = np.zeros(T.shape)
    if "AmBkg" in limiting:
        total = total + figures["table1_subtraction"] * ambient_cpkkd * u.cpkkd
    if "nu-e" in limiting:
        total = total + rate(T, source, Weak(), model(electrons))
    if "nu-N" in limiting:
        total = total + coherent_rate(T, source)
    return total


def sensitivity(T: Array, response: str, background: Array) -> Array:
    """Return mu at which the signal equals the background at T, in 1e-12 mu_B.

    Parameters
    ----------
    T : ndarray
        Energy transfer [energy].
    response : str
        Model of the signal, or an end of the ab-initio band [name].
    background : ndarray
        dR/dT that the signal must reach [1/(mass energy time)].

    Returns
    -------
    ndarray
        [dimensionless]
    """
    source = reactor(card()["figures"]["table1_flux_per_cm2_s"])
    return np.sqrt(background / moment_rate(T, source, UNIT_MOMENT, model(response)))


def rows() -> tuple[Row, ...]:
    """Return every entry of Table I, published and ours.

    Returns
    -------
    tuple of Row
        Current data first, then the projections.
    """
    return _current_rows() + tuple(
        _projected(printed, mode)
        for printed in table1()
        if printed["threshold_eV"]
        for mode in MODES
    )


def _projected(printed: dict[str, str], mode: str) -> Row:
    ambient, threshold = float(printed["ambient_cpkkd"]), float(printed["threshold_eV"])
    chosen = model(MODES[mode])
    T = energy_grid(threshold * u.eV, HIGHEST, POINTS, chosen.edges)
    background = background_rate(T, ambient, printed["limiting_background"])
    curve = sensitivity(T, MODES[mode], background)
    best = int(np.argmin(curve))
    published, ours = float(printed[COLUMNS[mode]]), float(curve[best])
    family = "atomic-ionisation" if mode == "AI" else "free-electron"
    return Row(
        printed["label"],
        ambient,
        threshold,
        printed["limiting_background"],
        mode,
        published,
        ours,
        float(T[best] / u.keV),
        judge(
            f"table1.{family}.{printed['label'].replace(' ', '-')}",
            published=published,
            ours=ours,
            note="signal = limiting background at the best energy above threshold"
            + (f"; {RETRACTED_NOTE}" if mode == "AI" else ""),
        ),
    )


def _current_rows() -> tuple[Row, ...]:
    """Return the current-data rows from the pseudo-datasets of Figs. 3(a) and 3(b)."""
    hpge, ulege = table1()[0], table1()[1]
    published = card()["eq11"]
    total = np.hypot(published["statistical_1e22_mu_B2"], published["systematic_1e22_mu_B2"])
    stepped = fig3a.fit(MODES["FE"])
    measured = {
        "FE": (stepped.best_fit, stepped.statistical),
        "AI": (published["best_fit_1e22_mu_B2"], float(total)),
    }
    found = {("HPGe", mode): 10 * fig3a.limits(*measured[mode])[DEFAULT] for mode in MODES}
    threshold = card()["ulege"]["threshold_eV"] * u.eV
    curves = {m: fig3b.limit_against_level(n, threshold, fig3b.LEVELS) for m, n in MODES.items()}
    level = fig3b.solved_level(fig3b.LEVELS, curves["AI"])
    for mode, values in curves.items():
        found["ULEGe", mode] = 10 * fig3b.limit_at(level, fig3b.LEVELS, values)
    result = []
    for key, printed in (("HPGe", hpge), ("ULEGe", ulege)):
        for mode in MODES:
            entry = printed[COLUMNS[mode]]
            published_value = float(entry) if entry else None
            ours = found[key, mode]
            quantity = judge(
                f"table1.current-data.{key}-{mode}",
                published=published_value,
                ours=ours,
                note="from the labelled pseudo-dataset"
                + (f"; {RETRACTED_NOTE}" if mode == "AI" else ""),
            )
            result.append(
                Row(
                    printed["label"],
                    None,
                    None,
                    "AmBkg",
                    mode,
                    published_value,
                    ours,
                    None,
                    quantity,
                )
            )
    return tuple(result)


def right_answers() -> tuple[RightAnswer, ...]:
    """Return what each row of Table I gives with the ab-initio response.

    Returns
    -------
    tuple of RightAnswer
        Current data first, then the projections.
    """
    hpge, ulege, *projected = table1()
    value, ends = fig3a.right_limit()
    threshold = card()["ulege"]["threshold_eV"] * u.eV
    names = (MODES["AI"], *WITH_BAND)
    curves = [fig3b.limit_against_level(name, threshold, fig3b.LEVELS) for name in names]
    level = fig3b.solved_level(fig3b.LEVELS, curves[0])
    right, lower, upper = (10 * fig3b.limit_at(level, fig3b.LEVELS, c) for c in curves[1:])
    return (
        RightAnswer(hpge, 10 * value, (10 * ends[0], 10 * ends[1]), None),
        RightAnswer(ulege, right, (lower, upper), None),
        *(_projected_right(printed) for printed in projected),
    )


def _projected_right(printed: Mapping[str, str]) -> RightAnswer:
    ambient, threshold = float(printed["ambient_cpkkd"]), float(printed["threshold_eV"])
    T = energy_grid(threshold * u.eV, HIGHEST, POINTS, model(AB_INITIO).edges)
    limiting = printed["limiting_background"]
    background = background_rate(T, ambient, limiting, electrons=AB_INITIO)
    curve = sensitivity(T, AB_INITIO, background)
    best = int(np.argmin(curve))
    # the signal is proportional to the response, and to the square of the moment
    band = ab_initio_table(GERMANIUM.symbol).band("magnetic-moment", T)
    lower, upper = (float((curve / np.sqrt(1 + change)).min()) for change in band)
    return RightAnswer(printed, float(curve[best]), (lower, upper), float(T[best] / u.keV))


def compute() -> Item:
    """Return Table I with the printed entries, ours, and their ratio.

    Returns
    -------
    Item
        Tables ``table1`` and ``table1_ab_initio``.
    """
    entries = rows()
    right = right_answers()

    def numbers(values: list[float | None]) -> Array:
        return np.array([np.nan if value is None else value for value in values])

    table = Table(
        "table1",
        "Table I: sensitivities to mu at 1e13 / (cm^2 s), signal = background at the best energy",
        (
            Column("row_label", [row.label for row in entries]),
            Column("ambient_cpkkd", numbers([row.ambient_cpkkd for row in entries])),
            Column("threshold_eV", numbers([row.threshold_ev for row in entries])),
            Column("limiting_background", [row.limiting_background for row in entries]),
            Column("mode", [row.mode for row in entries], "AI follows Eq. (10), retracted"),
            Column("published_1e12_mu_B", numbers([row.published for row in entries])),
            Column("ours_1e12_mu_B", np.array([row.ours for row in entries])),
            Column("ratio", numbers([row.quantity.ratio for row in entries])),
            Column("status", [row.quantity.status for row in entries]),
            Column(
                "best_energy_keV",
                numbers([row.best_energy_kev for row in entries]),
                "energy above threshold at which the signal is best seen",
            ),
        ),
        notes=(RETRACTED_NOTE, "the criterion is ours: the paper states none"),
        references=(PAPER, RETRACTION),
    )
    summary = {
        "table1": [
            {
                "label": row.label,
                "ambient_cpkkd": row.ambient_cpkkd,
                "threshold_eV": row.threshold_ev,
                "limiting_background": row.limiting_background,
                "mode": row.mode,
                "unit": "1e-12 mu_B",
                **row.quantity.to_dict(),
                "best_energy_keV": row.best_energy_kev,
            }
            for row in entries
        ],
        "table1_ab_initio_1e12_mu_B": {
            _name(answer.printed): judge_band(
                "table1.ab-initio", answer.value, answer.ends, note=BAND_NOTE
            )
            for answer in right
        },
    }
    tables = (table, _right_table(entries, right))
    return Item("table1", "Table I: projected sensitivities", tables, summary, CAPTION)


def _name(printed: Mapping[str, str]) -> str:
    """Return a row in words: its label for current data, otherwise its conditions."""
    if not printed["threshold_eV"]:
        return printed["label"]
    conditions = f"{printed['ambient_cpkkd']} cpkkd, {printed['threshold_eV']} eV"
    return f"{conditions}, {printed['limiting_background']}"


def _right_table(entries: tuple[Row, ...], right: tuple[RightAnswer, ...]) -> Table:
    """Return the ab-initio column beside those of the two models that the paper uses."""
    ours = {mode: np.array([row.ours for row in entries if row.mode == mode]) for mode in MODES}
    values = np.array([answer.value for answer in right])
    ends = np.array([answer.ends for answer in right])
    energies = [np.nan if a.best_energy_kev is None else a.best_energy_kev for a in right]
    return Table(
        "table1_ab_initio",
        "Table I by the same criterion with the ab-initio response, in 1e-12 mu_B",
        (
            Column("row", [_name(answer.printed) for answer in right]),
            Column("ab_initio_1e12_mu_B", values, "the right answer"),
            Column("ab_initio_low_1e12_mu_B", ends.min(axis=1), "least in its band"),
            Column("ab_initio_high_1e12_mu_B", ends.max(axis=1), "greatest in its band"),
            Column("stepped_1e12_mu_B", ours["FE"], "the column FE"),
            Column("eq10_retracted_1e12_mu_B", ours["AI"], "the column AI: Eq. (10), retracted"),
            Column("ab_initio_over_stepped", values / ours["FE"]),
            Column("best_energy_keV", np.array(energies), "where the signal is best seen"),
        ),
        notes=(
            BAND_NOTE,
            "below 0.1 keV germanium is a solid, not a set of free atoms: the rows with a "
            "threshold of 10 eV are indications",
            RETRACTED_NOTE,
        ),
        references=(PAPER, RETRACTION),
    )


CAPTION = (
    "Sensitivities printed in Table I and those of one stated criterion, signal = limiting "
    "background (1 % of the ambient one) at the best energy above threshold, side by side with "
    "their ratio. The paper states no criterion; this one has nothing fitted. Entries carry one "
    "digit. The AI column follows Eq. (10), retracted. Black: the same criterion with the "
    "ab-initio response, the right answer, with its band."
)
