"""The "smoking gun" of the paper: K, L and M structure against lines of electron capture.

The paper ends with peak structures at the K, L and M edges, in the ratio of sigma_gamma/T,
as the signature of a magnetic moment; captures make lines at such energies too, but mostly
from K.  Here each channel is put on a stated background in a stated detector, and the
exposure is computed that separates it from that background at three standard deviations,
by a likelihood ratio with every normalisation free.
"""

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.detectors.capture_lines import capture_nuclides
from nuatom.inference.likelihood_ratio import exposure_to_separate, simulated_separations
from nuatom.reproduce.edge_structure import (
    CHANNELS,
    COUNTERS,
    FLAT_LEVEL,
    LINE_RATE,
    alternatives,
    background,
    observed,
    observed_lines,
    observed_recoils,
    ratio_table,
)
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE, RETRACTION
from nuatom.reproduce.quantities import Item, Quantity, judge
from nuatom.table import Column, Table

SIGNIFICANCE = 3.0
"""Standard deviations."""
CASES = (
    ("eq10_retracted", 1e-10),
    ("eq10_retracted", 1e-11),
    ("moment_ab_initio", 1e-10),
    ("moment_ab_initio", 3e-11),
    ("moment_ab_initio", 1e-11),
    ("moment_stepped", 1e-10),
    ("moment_stepped", 3e-11),
    ("moment_stepped", 1e-11),
    ("moment_hydrogenic", 1e-10),
    ("millicharge", 1e-12),
    ("millicharge", 1e-13),
    ("millicharge_in_solid", 1e-12),
    ("millicharge_in_solid", 1e-13),
    ("weak", 1.0),
)
"""Channel and coupling, in the unit of the channel."""
REACH = (
    "eq10_retracted",
    "moment_ab_initio",
    "moment_stepped",
    "millicharge",
    "millicharge_in_solid",
)
"""Channels whose exposure is shown against the coupling."""
MOMENTS = np.geomspace(3e-12, 3e-10, 17)
"""mu of that figure [Bohr magneton]."""
MILLICHARGES = np.geomspace(3e-14, 3e-12, 17)
"""q_nu of that figure [e]."""
GOAL = "100-eV"
"""The detector of the figure."""
TOYS = 150
SEED = 71
TOY_CASES = (("millicharge", "lines"), ("moment_stepped", "lines"))
_THRESHOLD_5_PER_CENT = 2.7055
"""Of half a chi^2 distribution of one degree of freedom."""
_OWN_BACKGROUND = (
    f"flat {FLAT_LEVEL:g} per (kg keV day), {LINE_RATE:g} K capture per (kg day) of each nuclide, "
    "Standard Model on nuclei and electrons at 1e13 / (cm^2 s): chosen, not measured"
)
_CAPTURES = "ENSDF, National Nuclear Data Center, Brookhaven (capture fractions)"

CAPTION = (
    "Top: what a germanium detector (threshold 100 eV, noise 20 eV) would count at a reactor flux "
    f"of 1e13 / (cm^2 s) on a stated background ({_OWN_BACKGROUND}). Grey: magnetic moment after "
    "Eq. (10), retracted; black: ab-initio. Middle: L and M structure relative to K; capture lines "
    "and neutrino channels differ by a factor of 100 and more. Bottom: exposure for three standard "
    "deviations, with every normalisation free; solid: against flat background, recoils and "
    "capture lines, dashed: against a smooth background of any falling shape as well, so that only "
    "the edges count. Reactor-off data are not used."
)


def compute() -> Item:
    """Return the spectra, the K:L:M ratios and the exposures that separate them.

    Returns
    -------
    Item
        Tables ``smoking_gun``, ``smoking_gun_lines``, ``smoking_gun_ratios``,
        ``smoking_gun_exposures``, ``smoking_gun_reach``, ``smoking_gun_pairs`` and
        ``smoking_gun_toys``.
    """
    ratios, exposures, toys = ratio_table(), exposure_table(), toy_table()
    tables = (
        spectrum_table(),
        line_table(),
        ratios,
        exposures,
        reach_table(),
        pair_table(),
        toys,
    )
    return Item(
        "smoking-gun",
        "K, L and M structure against electron-capture lines",
        tables,
        {"smoking-gun": _summary(ratios, exposures, toys)},
        CAPTION,
    )


def signal(channel: str, coupling: float, counter: str) -> Array:
    """Return the counts of a channel in each bin.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS`; its rate goes with the square of the coupling [name].
    coupling : float
        In the unit of the channel [any].
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    ndarray
        Shape (bin,), per kg day [dimensionless].
    """
    return observed(channel, counter) * (coupling / CHANNELS[channel].reference) ** 2


def exposures(channel: str, coupling: float, counter: str) -> dict[str, float]:
    """Return the exposure for three standard deviations against each alternative.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    coupling : float
        In the unit of the channel [any].
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    dict
        Name of the alternative -> exposure in kg day; infinite where nothing separates.
    """
    expected = background(channel, counter) + signal(channel, coupling, counter)
    return {
        name: exposure_to_separate(expected, templates, SIGNIFICANCE)
        for name, templates in alternatives(channel, counter).items()
    }


def spectrum_table() -> Table:
    """Return what the detector of the figure counts, as rates in its bins.

    Returns
    -------
    Table
        ``smoking_gun``: background, capture lines and each channel.
    """
    edges = COUNTERS[GOAL].bin_edges
    width = np.diff(edges) / u.keV
    parts: dict[str, tuple[Array, str]] = {
        "background": (background("moment_stepped", GOAL), "all of the background"),
        "capture_lines": (
            LINE_RATE * observed_lines(GOAL).sum(axis=(0, 1)),
            "lines of electron capture alone",
        ),
        "nuclear_recoils": (observed_recoils(GOAL), "coherent scattering, quenched"),
    }
    parts |= {
        name: (observed(name, GOAL), f"{c.label}, {c.reference:g} {c.unit}")
        for name, c in CHANNELS.items()
    }
    return Table(
        "smoking_gun",
        "Observed spectra in germanium with energy resolution, at 1e13 / (cm^2 s)",
        (
            Column("energy_low_keV", edges[:-1] / u.keV),
            Column("energy_high_keV", edges[1:] / u.keV),
            *(
                Column(f"{name}_per_kg_keV_day", counts / width, meaning)
                for name, (counts, meaning) in parts.items()
            ),
        ),
        notes=(
            COUNTERS[GOAL].label,
            "sigma^2 = noise^2 + F epsilon T with F = 0.11 and epsilon = 2.96 eV",
            f"background: {_OWN_BACKGROUND}",
            RETRACTED_NOTE,
        ),
        references=(PAPER, RETRACTION, _CAPTURES),
    )


def line_table() -> Table:
    """Return the lines of electron capture: energies and relative intensities.

    Returns
    -------
    Table
        ``smoking_gun_lines``.
    """
    nuclides = list(capture_nuclides().values())
    energies = np.array([n.line_energies for n in nuclides]) / u.keV
    intensities = np.array([n.relative_intensities for n in nuclides])
    return Table(
        "smoking_gun_lines",
        "Lines of electron capture inside germanium",
        (
            Column("nuclide", [n.name for n in nuclides]),
            Column("daughter", [n.daughter for n in nuclides]),
            Column("half_life_days", np.array([n.half_life for n in nuclides]) / u.day),
            *(
                Column(f"{shell}_keV", energies[:, i], "binding energy in the daughter")
                for i, shell in enumerate("KLM")
            ),
            Column("L_over_K", intensities[:, 1]),
            Column("M_over_K", intensities[:, 2], "M and all outer shells"),
            Column(
                "daughter_level_keV",
                np.array([n.daughter_level for n in nuclides]) / u.keV,
                "level fed most often; a gamma ray follows where it is not 0",
            ),
        ),
        references=(_CAPTURES,),
    )


def exposure_table() -> Table:
    """Return the exposures for three standard deviations, case by case.

    Returns
    -------
    Table
        ``smoking_gun_exposures``.
    """
    rows = [(counter, *case) for counter in COUNTERS for case in CASES]
    found = [exposures(channel, coupling, counter) for counter, channel, coupling in rows]
    counts = [signal(channel, g, counter).sum() for counter, channel, g in rows]
    return Table(
        "smoking_gun_exposures",
        "Exposure that separates each channel from its background at three standard deviations",
        (
            Column("detector", [counter for counter, _, _ in rows]),
            Column("channel", [channel for _, channel, _ in rows]),
            Column("coupling", np.array([coupling for _, _, coupling in rows])),
            Column("unit", [CHANNELS[channel].unit for _, channel, _ in rows]),
            Column("signal_per_kg_day", np.array(counts), "events of the signal"),
            *(
                Column(f"{name}_kg_day", _finite([x[name] for x in found]), meaning)
                for name, meaning in (
                    ("lines", "against flat, recoils, and lines in their K:L:M ratio"),
                    ("smooth", "and falling powers of the energy: only edges count"),
                    ("untied", "and K, L and M lines free of one another"),
                )
            ),
        ),
        notes=(
            f"background: {_OWN_BACKGROUND}; all normalisations are free",
            *(f"{name}: {counter.label}" for name, counter in COUNTERS.items()),
            "each channel by itself, without interference with the weak interaction",
            "the square root of the likelihood ratio is a guide where fewer than ten events of "
            "the signal are expected; systematic uncertainties, which no exposure removes, are "
            "left out",
            RETRACTED_NOTE,
        ),
        references=(PAPER, RETRACTION, _CAPTURES),
    )


def reach_table() -> Table:
    """Return the exposure against the coupling for the detector of the figure.

    Returns
    -------
    Table
        ``smoking_gun_reach``: against lines, and against a smooth background as well.
    """
    columns = [
        Column("moment_mu_B", MOMENTS, "for the columns of a magnetic moment"),
        Column("millicharge_e", MILLICHARGES, "for the columns of a millicharge"),
    ]
    for name in REACH:
        couplings = MOMENTS if CHANNELS[name].unit == "mu_B" else MILLICHARGES
        found = [exposures(name, coupling, GOAL) for coupling in couplings]
        columns += [
            Column(
                f"{name}_{against}_kg_day",
                _finite([x[against] for x in found]),
                f"{CHANNELS[name].label}, against {against}",
            )
            for against in ("lines", "smooth")
        ]
    return Table(
        "smoking_gun_reach",
        "Exposure for three standard deviations against the coupling",
        tuple(columns),
        notes=(f"background: {_OWN_BACKGROUND}", RETRACTED_NOTE),
        references=(PAPER, RETRACTION),
    )


def pair_table() -> Table:
    """Return the exposure that tells one channel from another of free strength.

    Returns
    -------
    Table
        ``smoking_gun_pairs``: rows are what is true, at the reference coupling.
    """
    names = [name for name in CHANNELS if name != "weak"]
    columns = []
    for other in names:
        found = []
        for true in names:
            templates = np.vstack([alternatives(true, GOAL)["lines"], observed(other, GOAL)])
            expected = background(true, GOAL) + observed(true, GOAL)
            found.append(exposure_to_separate(expected, templates, SIGNIFICANCE))
        columns.append(Column(f"against_{other}_kg_day", _finite(found), "empty: never"))
    return Table(
        "smoking_gun_pairs",
        "Exposure that tells a channel from another one, in whose place it is fitted",
        (Column("true_channel", names), *columns),
        notes=(COUNTERS[GOAL].label, f"background: {_OWN_BACKGROUND}", RETRACTED_NOTE),
        references=(PAPER, RETRACTION),
    )


def toy_table() -> Table:
    """Return what simulated experiments at these exposures reach in place of three sigma.

    Returns
    -------
    Table
        ``smoking_gun_toys``: median significance with the signal, and how often a
        one-sided test at 5 per cent is passed without it.
    """
    rows = []
    for channel, against in TOY_CASES:
        extra, rest = observed(channel, GOAL), background(channel, GOAL)
        templates = alternatives(channel, GOAL)[against]
        exposure = exposure_to_separate(rest + extra, templates, SIGNIFICANCE)
        with_signal, without = (
            simulated_separations(
                mean * exposure, templates, extra, experiments=TOYS, seed=SEED + i
            )
            for i, mean in enumerate((rest + extra, rest))
        )
        rows.append(
            (
                exposure,
                float(((rest + extra) * exposure).sum()),
                float(np.median(np.sqrt(with_signal))),
                float(np.mean(without > _THRESHOLD_5_PER_CENT)),
            )
        )
    values = np.array(rows)
    return Table(
        "smoking_gun_toys",
        "Simulated experiments at the exposure for three standard deviations",
        (
            Column("channel", [channel for channel, _ in TOY_CASES]),
            Column("against", [against for _, against in TOY_CASES]),
            Column("exposure_kg_day", values[:, 0]),
            Column("expected_counts", values[:, 1]),
            Column("median_significance", values[:, 2], "expected 3"),
            Column("false_alarms_at_5_per_cent", values[:, 3], "expected 0.05"),
        ),
        notes=(f"{TOYS} experiments each, seed {SEED}", COUNTERS[GOAL].label),
    )


def _summary(ratios: Table, found: Table, toys: Table) -> dict[str, object]:
    """Return the numbers that the text quotes."""
    lowest = {
        kind: min(
            float(value)
            for value, k in zip(
                ratios.column("counts_L_over_K"), ratios.column("kind"), strict=True
            )
            if k == kind
        )
        for kind in ("capture", "neutrino")
    }
    cases = {
        f"{channel} {coupling:g} {unit}, {detector}": {
            "lines_kg_day": _exposure(channel, lines),
            "smooth_kg_day": _exposure(channel, smooth),
        }
        for detector, channel, coupling, unit, lines, smooth in zip(
            *(
                found.column(name)
                for name in (
                    "detector",
                    "channel",
                    "coupling",
                    "unit",
                    "lines_kg_day",
                    "smooth_kg_day",
                )
            ),
            strict=True,
        )
    }
    return {
        "lowest_L_over_K_of_a_neutrino_channel": judge(
            "smoking-gun.ratio",
            published="peak structures at the K, L and M edges; captures dominated by K",
            ours=lowest["neutrino"],
        ),
        "largest_L_over_K_of_a_capture": judge(
            "smoking-gun.ratio",
            published=None,
            ours=max(float(n.relative_intensities[1]) for n in capture_nuclides().values()),
        ),
        "exposure_for_three_sigma": cases,
        "toys_median_significance": {
            str(name): judge(
                "smoking-gun.toys", published=None, ours=value, note="expected: 3 sigma"
            )
            for name, value in zip(
                toys.column("channel"), toys.column("median_significance"), strict=True
            )
        },
    }


def _exposure(channel: object, value: object) -> Quantity:
    """Return an exposure for the summary; None where no exposure suffices."""
    retracted = "retracted" in str(channel)
    return judge(
        "smoking-gun.exposure-retracted" if retracted else "smoking-gun.exposure",
        published=None,
        ours=float(value) if np.isfinite(float(value)) else None,  # type: ignore[arg-type]
    )


def _finite(values: list[float]) -> Array:
    """Return an array with gaps where a number is infinite."""
    array = np.array(values)
    return np.where(np.isfinite(array), array, np.nan)
