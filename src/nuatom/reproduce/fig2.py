"""Fig. 2: what a germanium detector would see at a reactor, channel by channel."""

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.interactions import Weak
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE, RETRACTION, card
from nuatom.reproduce.quantities import Item, judge, judge_band
from nuatom.reproduce.spectra import (
    AB_INITIO,
    BAND_NOTE,
    GERMANIUM,
    ab_initio_table,
    coherent_rate,
    energy_grid,
    model,
    moment_rate,
    rate,
    reactor,
)
from nuatom.table import Column, Table
from nuatom.targets import photoabsorption, photoabsorption_band

LOW, HIGH, POINTS = 10 * u.eV, 100 * u.keV, 480
MARKED = ("0.1", "0.36", "1", "1.3", "10")
"""Energies in keV whose values go into the summary."""


def compute() -> Item:
    """Return the spectra of Fig. 2 with the answers that stand and the bands beside them.

    Returns
    -------
    Item
        Tables ``fig2`` and ``fig2_edges``.

    Notes
    -----
    All electronic spectra are in energy transfer, the nuclear one in ionisation energy
    (Lindhard quenching, k = 0.157).  Below about 100 eV a solid is not a free atom.
    """
    edges = photoabsorption(GERMANIUM).edges
    T = energy_grid(LOW, HIGH, POINTS, np.concatenate([edges, model("stepped").edges]))
    curves = spectra(T)
    table = Table(
        "fig2",
        "Spectra in germanium at a reactor flux of 1e13 / (cm^2 s), mu = 1e-10 mu_B",
        (
            Column("energy_keV", T / u.keV, "energy transfer, or ionisation energy of a recoil"),
            *(
                Column(f"{name}_per_kg_keV_day", values / u.cpkkd, meaning)
                for name, (values, meaning) in curves.items()
            ),
        ),
        notes=(
            RETRACTED_NOTE,
            "the band of Eq. (10) is the spread of the photoabsorption tables",
            BAND_NOTE,
            "free-atom response: below about 100 eV the solid differs",
        ),
        references=(PAPER, RETRACTION),
    )
    shells = GERMANIUM.subshells
    marks = Table(
        "fig2_edges",
        "Measured edges of germanium",
        (
            Column("shell", [shell.name for shell in shells]),
            Column("energy_keV", np.array([s.binding_energy for s in shells]) / u.keV),
            Column("electrons", np.array([s.electrons for s in shells])),
        ),
    )
    return Item(
        "fig2", "Fig. 2: spectra in germanium", (table, marks), {"fig2": _summary()}, CAPTION
    )


CAPTION = (
    "Rates in germanium at a reactor flux of 1e13 / (cm^2 s). Grey: atomic ionisation by a "
    "magnetic moment of 1e-10 mu_B after Eq. (10), which its authors retracted, with the spread of "
    "the photoabsorption tables as its band. Black: the right answer, from the responses of the "
    "atom computed from first principles (independent electrons, relativistic Hartree-Fock), whose "
    "band contains every variant that was computed; beside it free and stepped free electrons, and "
    "the Standard Model on electrons (stepped) and, quenched, on nuclei. Below: ratio to stepped. "
    "Edges are steps, not smeared; below 100 eV a solid is no longer a set of free atoms."
)


def spectra(T: Array) -> dict[str, tuple[Array, str]]:
    """Return each curve of the figure and what it is.

    Parameters
    ----------
    T : ndarray
        Energy transfer, or ionisation energy for the nuclear curve [energy].

    Returns
    -------
    dict
        Name -> (dR/dT [1/(mass energy time)], meaning).
    """
    figures = card()["figures"]
    source = reactor(figures["fig2_flux_per_cm2_s"])
    moment = figures["fig2_moment_mu_B"]
    ionisation = moment_rate(T, source, moment, model("equivalent-photon-paper"))
    low, high = photoabsorption_band(GERMANIUM, T)
    sigma = photoabsorption(GERMANIUM).cross_section(T)
    right = moment_rate(T, source, moment, model(AB_INITIO))
    lower, upper = ab_initio_table(GERMANIUM.symbol).band("magnetic-moment", T)
    return {
        "ai_eq10_retracted": (ionisation, "atomic ionisation after Eq. (10), retracted"),
        "ai_eq10_low": (ionisation * low / sigma, "the same with the lowest photoabsorption"),
        "ai_eq10_high": (ionisation * high / sigma, "the same with the highest photoabsorption"),
        "free": (moment_rate(T, source, moment, model("free")), "32 free electrons"),
        "stepped": (
            moment_rate(T, source, moment, model("stepped")),
            "free electrons above their measured edges",
        ),
        "ab_initio": (right, "response of the atom from first principles"),
        "ab_initio_low": (right * (1 + lower), "the same at the lower end of its band"),
        "ab_initio_high": (right * (1 + upper), "the same at the upper end of its band"),
        "weak_electron": (
            rate(T, source, Weak(), model("stepped")),
            "Standard Model on electrons, stepped",
        ),
        "weak_nucleus": (
            coherent_rate(T, source),
            "Standard Model on nuclei, in ionisation energy",
        ),
    }


def _summary() -> dict[str, object]:
    T = np.array([float(text) for text in MARKED]) * u.keV
    curves = spectra(T)
    summary: dict[str, object] = {}
    for name, (values, meaning) in curves.items():
        if not name.startswith(("ai_eq10_low", "ai_eq10_high", "ab_initio")):
            summary[f"{name}_per_kg_keV_day"] = {
                f"at_{text}_keV": judge(f"fig2.{name}", published=None, ours=value, note=meaning)
                for text, value in zip(MARKED, values / u.cpkkd, strict=True)
            }
    band = [curves[f"ab_initio{end}"][0] for end in ("", "_low", "_high")]
    for key, unit, note in (
        ("ab_initio_per_kg_keV_day", u.cpkkd, BAND_NOTE),
        ("ab_initio_over_stepped", curves["stepped"][0], "both for the magnetic moment"),
    ):
        summary[key] = {
            f"at_{text}_keV": judge_band("fig2.ab-initio", value, (lower, upper), note=note)
            for text, value, lower, upper in zip(MARKED, *(v / unit for v in band), strict=True)
        }
    enhancement = curves["ai_eq10_retracted"][0] / curves["free"][0]
    summary["ai_over_free"] = {
        f"at_{text}_keV": judge(
            "fig2.ai-over-free",
            published="several orders of magnitude at atomic-scale energy",
            ours=value,
            note="the enhancement that the paper claims; retracted",
        )
        for text, value in zip(MARKED, enhancement, strict=True)
    }
    low, high = photoabsorption_band(GERMANIUM, T)
    summary["photoabsorption_spread"] = {
        f"at_{text}_keV": judge("fig2.spread", published=None, ours=value, note="highest/lowest")
        for text, value in zip(MARKED, high / low, strict=True)
    }
    return summary
