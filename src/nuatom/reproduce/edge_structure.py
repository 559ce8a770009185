"""Near-edge spectra of every channel in germanium, and the background they stand on.

What a stated detector at a reactor would count, bin by bin and per kg day: each channel
with its K, L and M structure, the lines of electron capture, a flat background, and the
Standard Model on nuclei and electrons.  `smoking_gun` asks how much exposure separates
them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.detectors.capture_lines import capture_nuclides
from nuatom.detectors.detector import Detector
from nuatom.detectors.resolution import FanoResolution
from nuatom.errors import lookup
from nuatom.interactions import Amplitude, Interaction, MagneticMoment, Millicharge, Weak
from nuatom.interactions.incoherent import combine
from nuatom.rates import rate_by_shell
from nuatom.reproduce.published import card
from nuatom.reproduce.spectra import AB_INITIO, GERMANIUM, QUENCHING, model, rate, reactor
from nuatom.responses import Response
from nuatom.responses.hydrogenic import Hydrogenic
from nuatom.responses.measure import gauss_legendre
from nuatom.responses.medium import photoabsorption_ionisation
from nuatom.table import Column, Table
from nuatom.targets.compounds import compound
from nuatom.targets.dielectric import dielectric

KG_DAY = u.kg * u.day
LOWEST = 20 * u.eV
"""Deposits below are left out: a free atom says nothing about them in a solid."""
HIGHEST = 15 * u.keV
BIN_WIDTH = 25 * u.eV
STEP = 0.25
"""True cells in standard deviations: tables of photoabsorption have kinks at their rows, and
leave an error of 2e-4 in a bin beside an edge with 1, 1e-5 with 0.25."""
FLAT_LEVEL = 1.0
"""The flat background, in counts per (kg keV day)."""
LINE_RATE = 1.0
"""K captures of each nuclide, in counts per (kg day)."""
POWERS = (0.5, 1.0, 2.0, 3.0, 4.0)
"""A smooth background of unknown shape: falling powers of the observed energy."""
GROUPS = {"K": ("K",), "L": ("L1", "L2", "L3"), "M": ("M1", "M2", "M3")}
"""The edges that are seen as one; M4,5 (29 eV) lies below every threshold here."""


@dataclass(frozen=True)
class Counter:
    """A germanium detector: threshold and noise; everything else is common.

    Parameters
    ----------
    threshold : float
        Lowest observed energy that is used [energy].
    noise : float
        Standard deviation of the electronic noise [energy].
    label : str
        For the reader [text].
    """

    threshold: float
    noise: float
    label: str

    @property
    def bin_edges(self) -> Array:
        """Bins of 25 eV from the threshold to 15 keV [energy]."""
        bins = round((HIGHEST - self.threshold) / BIN_WIDTH)
        return np.asarray(self.threshold + BIN_WIDTH * np.arange(bins + 1))

    @property
    def detector(self) -> Detector:
        """A kg day of germanium with noise and Fano statistics."""
        return Detector(
            self.label,
            compound(GERMANIUM.symbol),
            KG_DAY,
            self.bin_edges,
            FanoResolution(self.noise),
            quenching={GERMANIUM.symbol: QUENCHING},
            lowest_deposit=LOWEST,
        )


COUNTERS = {
    "100-eV": Counter(100 * u.eV, 20 * u.eV, "goal: threshold 100 eV, noise 20 eV"),
    "220-eV": Counter(220 * u.eV, 44 * u.eV, "threshold of the paper's data, 220 eV, noise 44 eV"),
}
"""The thresholds of Table I and of Eq. (12), each five standard deviations of the noise."""


@dataclass(frozen=True)
class Channel:
    """A channel on one atomic model, at a reference coupling.

    Parameters
    ----------
    label : str
        For the reader [text].
    interaction : Interaction or Amplitude
        At the reference coupling [any].
    response : callable
        Makes the atomic model of germanium [any].
    reference : float
        The coupling, in `unit` [any].
    unit : str
        mu_B, e, or SM for the Standard Model itself [name].
    retracted : bool
        Whether it rests on Eq. (10) [flag].
    """

    label: str
    interaction: Interaction | Amplitude
    response: Callable[[], Response]
    reference: float
    unit: str
    retracted: bool = False


CHANNELS = {
    "eq10_retracted": Channel(
        "magnetic moment, Eq. (10), retracted",
        MagneticMoment(1e-10),
        lambda: model("equivalent-photon-paper"),
        1e-10,
        "mu_B",
        retracted=True,
    ),
    "moment_stepped": Channel(
        "magnetic moment, stepped", MagneticMoment(1e-10), lambda: model("stepped"), 1e-10, "mu_B"
    ),
    "moment_ab_initio": Channel(
        "magnetic moment, ab-initio", MagneticMoment(1e-10), lambda: model(AB_INITIO), 1e-10, "mu_B"
    ),
    "moment_hydrogenic": Channel(
        "magnetic moment, screened hydrogenic",
        MagneticMoment(1e-10),
        lambda: Hydrogenic(GERMANIUM),
        1e-10,
        "mu_B",
    ),
    "millicharge": Channel(
        "millicharge, equivalent photon, isolated atom",
        Millicharge(1e-12),
        lambda: model("equivalent-photon"),
        1e-12,
        "e",
    ),
    "millicharge_in_solid": Channel(
        "millicharge in solid germanium",
        Millicharge(1e-12),
        lambda: photoabsorption_ionisation(dielectric(GERMANIUM)),
        1e-12,
        "e",
    ),
    "weak": Channel("weak, stepped", Weak(), lambda: model("stepped"), 1.0, "SM"),
}
"""What is compared; each rate is that of the channel alone, without interference."""


@cache
def response_of(channel: str) -> Response:
    """Return the atomic model of a channel, made once.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].

    Returns
    -------
    Response
        The model in germanium.
    """
    return lookup("channel", channel, CHANNELS).response()


def rate_of_shells(channel: str, T: Array) -> Array:
    """Return dR/dT of each subshell at the reference coupling.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    T : ndarray
        Energy transfer, shape (T,) [energy].

    Returns
    -------
    ndarray
        Shape (shell, T) [1/(mass energy time)].
    """
    return rate_by_shell(
        T,
        source=reactor(card()["figures"]["fig2_flux_per_cm2_s"]),
        interaction=combine((lookup("channel", channel, CHANNELS).interaction,)),
        response=response_of(channel),
        atoms_per_mass=GERMANIUM.atoms_per_mass,
    )


@cache
def observed(channel: str, counter: str) -> Array:
    """Return the counts of a channel in each bin at its reference coupling.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    ndarray
        Shape (bin,), per kg day [dimensionless].
    """
    detector = lookup("detector", counter, COUNTERS).detector
    matrix = detector.matrix(breaks=response_of(channel).edges, step=STEP)
    return matrix.counts(rate_of_shells(channel, matrix.points).sum(axis=0)) * detector.exposure


@cache
def observed_recoils(counter: str) -> Array:
    """Return the counts of coherent scattering, quenched, in each bin.

    Parameters
    ----------
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    ndarray
        Shape (bin,), per kg day [dimensionless].
    """
    source = reactor(card()["figures"]["fig2_flux_per_cm2_s"])
    detector = lookup("detector", counter, COUNTERS).detector
    matrix = detector.matrix("nuclear", step=STEP)
    recoils = rate(matrix.points, source, Weak(), model("nucleus"))
    return matrix.counts(recoils) * detector.exposure


@cache
def observed_lines(counter: str) -> Array:
    """Return the K, L and M line of each nuclide, for one K capture per kg day.

    Parameters
    ----------
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    ndarray
        Shape (nuclide, 3, bin), per kg day [dimensionless].
    """
    detector = lookup("detector", counter, COUNTERS).detector
    return np.array(
        [
            nuclide.relative_intensities[:, None] * detector.probability(nuclide.line_energies).T
            for nuclide in capture_nuclides().values()
        ]
    )


def smooth_templates(counter: str) -> Array:
    """Return a flat background and falling power laws, each 1 count per (kg keV day) at 1 keV.

    Parameters
    ----------
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    ndarray
        Shape (template, bin), the flat one first, per kg day [dimensionless].
    """
    edges = lookup("detector", counter, COUNTERS).bin_edges / u.keV
    middle = (edges[1:] + edges[:-1]) / 2
    return np.asarray(np.diff(edges) * middle ** -np.array([0.0, *POWERS])[:, None])


def background(channel: str, counter: str) -> Array:
    """Return the expected counts without the channel: the stated background.

    Flat level, lines of every nuclide, coherent scattering, and weak scattering on
    electrons unless that is the channel.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    ndarray
        Shape (bin,), per kg day [dimensionless].
    """
    total = FLAT_LEVEL * smooth_templates(counter)[0] + observed_recoils(counter)
    total = total + LINE_RATE * observed_lines(counter).sum(axis=(0, 1))
    return np.asarray(total if channel == "weak" else total + observed("weak", counter))


def alternatives(channel: str, counter: str) -> dict[str, Array]:
    """Return the hypotheses without the channel, each a set of free templates.

    ========  ==============================================================================
    lines     flat, coherent, weak, and each nuclide with its K:L:M ratio
    smooth    besides, falling power laws: nothing but the edges can tell the channel apart
    untied    besides, each K, L and M line free: as if capture ratios were not known
    ========  ==============================================================================

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].
    counter : str
        A key of `COUNTERS` [name].

    Returns
    -------
    dict
        Name -> templates (template, bin), per kg day [dimensionless].
    """
    smooth, lines = smooth_templates(counter), observed_lines(counter)
    known = [smooth[0], observed_recoils(counter)]
    known += [] if channel == "weak" else [observed("weak", counter)]
    free = lines.reshape(-1, lines.shape[-1])
    free = free[free.sum(axis=1) > 1e-9]  # M lines far below the threshold
    return {
        "lines": np.vstack([*known, lines.sum(axis=1)]),
        "smooth": np.vstack([*known, lines.sum(axis=1), smooth[1:]]),
        "untied": np.vstack([*known, free, smooth[1:]]),
    }


def ratio_table() -> Table:
    """Return the K:L:M ratios of each channel and of electron capture.

    Returns
    -------
    Table
        ``smoking_gun_ratios``: for a channel the rise of the rate at the edges and the
        counts of each shell above its edge, for captures the counts of the lines.
    """
    nuclides = tuple(capture_nuclides().values())
    names = [*(n.name for n in nuclides), *CHANNELS]
    kinds = ["capture"] * len(nuclides) + ["neutrino"] * len(CHANNELS)
    lines = [n.relative_intensities for n in nuclides]
    counts = np.array([*lines, *(counts_by_group(name) for name in CHANNELS)])
    counts = counts[:, 1:] / counts[:, :1]
    steps = np.array([rises(name) for name in CHANNELS])
    rise = np.vstack([np.full((len(nuclides), 2), np.nan), steps[:, 1:] / steps[:, :1]])
    return Table(
        "smoking_gun_ratios",
        "Intensities of the L and M structure relative to K in germanium",
        (
            Column("kind", kinds),
            Column("name", names),
            Column("counts_L_over_K", counts[:, 0], "events of the shells, or of the lines"),
            Column("counts_M_over_K", counts[:, 1]),
            Column("rise_L_over_K", rise[:, 0], "steps of dR/dT at the edges, added up"),
            Column("rise_M_over_K", rise[:, 1]),
        ),
        notes=(
            "counts of a shell: dR/dT integrated from its edge to 15 keV; M is M1 to M3",
            "Eq. (10) was retracted by its authors",
        ),
    )


def rises(channel: str) -> Array:
    """Return the steps of dR/dT at the K, L and M edges.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].

    Returns
    -------
    ndarray
        For K, L (1 to 3) and M (1 to 3) [1/(mass energy time)].
    """
    response = response_of(channel)
    # outer shells have their edges below every table and are not asked for
    just_above = np.maximum(response.edges, LOWEST) * (1 + 1e-9)
    return _grouped(np.diag(rate_of_shells(channel, just_above)), response)


def counts_by_group(channel: str) -> Array:
    """Return the rates of the K, L and M shells between their edges and 15 keV.

    Parameters
    ----------
    channel : str
        A key of `CHANNELS` [name].

    Returns
    -------
    ndarray
        For K, L (1 to 3) and M (1 to 3) [1/(mass time)].
    """
    response = response_of(channel)
    knots = np.unique(np.append(response.edges[response.edges > LOWEST], HIGHEST))
    log_T, dlog = gauss_legendre(np.log(knots[:-1]), np.log(knots[1:]), 24)
    T = np.exp(log_T).ravel()
    return _grouped(rate_of_shells(channel, T) @ (T * dlog.ravel()), response)


def _grouped(values: Array, response: Response) -> Array:
    """Return the sums of a quantity per subshell over the K, L and M groups."""
    by_name = dict(zip(response.shells, values, strict=True))
    return np.array([sum(by_name[name] for name in group) for group in GROUPS.values()])
