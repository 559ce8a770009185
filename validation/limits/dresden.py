"""Dresden-II: the background that its analyses fit, and counts that need no response matrix.

Background as in the program of L. Larizgoitia (github.com/LeireLarizgoitia/Reactor_CEnuNS) for
the reactor-ON spectrum, in counts per 10 eV, 2.924 kg and day::

    b(E) = level + slope exp(-E/decay) + line [G(E; l1, width) + 0.008 G(E; 1.142, width)
           + ratio G(E; 0.158, 0.0685 keV)]

of which level, slope, decay, line, l1 and width are free and ratio = 0.16 (1 +- 3 %); G is a
Gaussian of unit area.  The Standard Model is kept, errors are those of the release.  Ours is a
prior of 0.25 +- 0.25 keV for decay, without which a fit far from the data has no end; the limits
move by less than 1e-3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import erf

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.likelihood import LikelihoodSettings, described
from nuatom.analysis.limits.prediction import ModelPrediction, model_prediction
from nuatom.analysis.model import Model
from nuatom.arrays import Array
from nuatom.datasets import release
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.sources import Source, reactor
from nuatom.sources.cores import reactor_core

NOISE, FANO, PAIR = 0.0685, 0.11, 2.96e-3
"""keV; noise from the release, the others usual ones for germanium."""
FLUX = 4.8e13
MASS, DAYS = 2.924, 96.4
L2, M = 1.142, 0.158
L2_RATIO, M_RATIO, M_ERROR = 0.008, 0.16, 0.03
BACKGROUND = ("level", "slope", "decay", "line", "m_ratio", "l1", "width")
QUENCHING = {"fef": 1, "ybe": 2}
"""Name -> column of the table of the release."""
_END = 12.0
"""keV of recoil; above 4.5 keV, where no reactor neutrino reaches, the last factor is kept."""


def quenching_rows(folder: Path, name: str) -> tuple[Array, Array]:
    """Return recoil energies in keV and factors, the ionisation made to rise throughout.

    The factor Fef falls so fast between 1.0 and 1.5 keV that the ionisation falls with it, by
    up to 2.4 %; there it is replaced by a plateau (isotonic regression) of slope 1e-6.
    """
    text = release("dresden-ii").read(folder, "QF_Fef_YBe.txt")
    rows = np.array([[float(x) for x in line.split()] for line in text.splitlines() if line])[1:]
    recoil, factor = rows[:, 0], rows[:, QUENCHING[name]]
    ionisation = isotonic_regression(recoil * factor).x + 1e-6 * recoil
    return np.append(recoil, _END), np.append(ionisation / recoil, factor[-1])


def card(folder: Path, scratch: Path, channels: Sequence[str], electrons: str, quenching: str):
    """Return the run card without backgrounds; `scratch` takes the table of quenching."""
    section: dict[str, Any] = {"kind": "lindhard", "k": quenching}
    if quenching in QUENCHING:
        table = scratch / f"quenching_{quenching}.csv"
        rows = zip(*quenching_rows(folder, quenching), strict=True)
        text = "".join(f"{t:.9g},{q:.9g}\n" for t, q in rows)
        table.write_text("recoil_energy_keV,quenching_factor\n" + text, encoding="utf-8")
        section = {"kind": "table", "file": str(table), "invisible_below": True}
    return {
        "title": "Dresden-II, reactor ON",
        "source": {"core": "dresden-ii"},
        "detector": {"name": "dresden-2", "efficiencies": [], "quenching": {"Ge": section}},
        "data": {"release": "dresden-ii", "folder": str(folder)},
        "response": {"electrons": electrons},
        "signals": {"channels": list(channels)},
    }


def channels_of(channel: str, coherent: bool = True) -> list[str]:
    """Return the Standard Model, a channel on electrons and its twin on nuclei."""
    return ["weak", "coherent", channel, *([f"coherent-{channel}"] if coherent else [])]


def gaussian(energy: Array, centre: float, width: float) -> Array:
    """Return a Gaussian of unit area, 1/keV."""
    return np.exp(-(((energy - centre) / width) ** 2) / 2) / (np.sqrt(2 * np.pi) * width)


@dataclass(frozen=True, eq=False)
class WithBackground:
    """Signals of a model and the background above, as a `Prediction`.

    Parameters: those of the signals, then `BACKGROUND`; energies in keV, level and slope in
    counts per bin, line in counts.
    """

    signals: ModelPrediction
    energy: Array
    step: float

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters in order."""
        return (*self.signals.names, *BACKGROUND)

    def _shapes(self, values: Array) -> tuple[Array, ...]:
        decay, ratio, l1, width = values[2], values[4], values[5], values[6]
        main = gaussian(self.energy, l1, width) * self.step
        second = gaussian(self.energy, L2, width) * self.step
        outer = gaussian(self.energy, M, NOISE) * self.step
        falling = np.exp(-(self.energy - self.energy[0]) / decay)
        return main, second, outer, falling, main + L2_RATIO * second + ratio * outer

    def expected(self, values: Array) -> Array:
        """Return counts per bin."""
        split = len(self.signals.names)
        level, slope, _, line = values[split : split + 4]
        *_, falling, lines = self._shapes(values[split:])
        return self.signals.expected(values[:split]) + level + slope * falling + line * lines

    def jacobian(self, values: Array) -> Array:
        """Return the derivatives, shape (bin, parameter)."""
        split = len(self.signals.names)
        own = values[split:]
        _, slope, decay, line, _, l1, width = own
        main, second, outer, falling, lines = self._shapes(own)
        away, other = self.energy - l1, self.energy - L2

        def wider(shape: Array, distance: Array) -> Array:
            return shape * (distance**2 / width**3 - 1 / width)

        columns = [
            np.ones_like(falling),
            falling,
            slope * falling * (self.energy - self.energy[0]) / decay**2,
            lines,
            line * outer,
            line * main * away / width**2,
            line * (wider(main, away) + L2_RATIO * wider(second, other)),
        ]
        return np.column_stack([self.signals.jacobian(values[:split]), *columns])


def background_parameters(counts: Array, errors: Array) -> tuple[Parameter, ...]:
    """Return the parameters of the background, beginning near any such spectrum."""
    size = float(np.median(counts))
    error = float(np.median(errors))
    return (
        Parameter("level", (0.5 * size,), error, 0.0),
        Parameter("slope", (2.0 * size,), error, 0.0),
        Parameter("decay", (0.1, 0.25), 0.02, 0.02, 3.0, Gaussian(0.25, 0.25)),
        Parameter("line", (50 * size,), 5 * error, 0.0),
        Parameter("m_ratio", (M_RATIO,), 0.005, 0.0, prior=Gaussian(M_RATIO, M_ERROR * M_RATIO)),
        Parameter("l1", (1.297,), 0.001, 1.2, 1.4),
        Parameter("width", (0.07,), 0.001, 0.03, 0.15),
    )


def likelihood(model: Model, channel: str) -> tuple[Likelihood, Interest]:
    """Return the likelihood of a model without backgrounds, and its parameter of interest."""
    assert model.observed is not None
    bare = described(model, LikelihoodSettings((channel,)))
    (interest,) = bare.interests
    edges = model.bin_edges / u.keV
    prediction = WithBackground(
        model_prediction(model, (interest,)),
        (edges[1:] + edges[:-1]) / 2,
        float(np.diff(edges)[0]),
    )
    counts, errors = model.observed.counts, model.observed.errors
    term = NormalTerm.independent(counts, errors, prediction)
    own = bare.likelihood.parameter(interest.name)
    return Likelihood((own, *background_parameters(counts, errors)), (term,)), interest


def replaced(model: Model, counts: Mapping[str, Array]) -> Model:
    """Return a model with other counts of some components; no variations, no interference."""
    parts = tuple(
        replace(part, counts=counts.get(part.name, part.counts), upper={}, lower={})
        for part in model.components
        if part.kind == "signal"
    )
    return replace(model, components=parts, variations={})


def source(*, captures: bool = True) -> Source:
    """Return the reactor, normalised to the published flux with or without captures on 238U."""
    core = reactor_core("dresden-ii", thermal_power=1 * u.GW, distance=10 * u.metre)
    if not captures:
        core = replace(core, captures_per_fission=0.0)
    return reactor(core, total_flux=FLUX * u.flux)


@dataclass(frozen=True)
class Treatment:
    """What a prediction of counts may do in one way or the other.

    ``captures``: whether the flux of 4.8e13 holds the neutrinos of captures on 238U;
    ``lowest``: least ionisation in keV that counts, below the first row of the table of quenching
    with its factor; 0 for the first row itself;
    ``truncated``: whether the resolution is cut at zero and normalised to what is left, which
    keeps more events at low energy.
    """

    captures: bool = True
    lowest: float = 0.0
    truncated: bool = False


TREATMENTS = {
    "ours": Treatment(),
    "ionisation from 3 eV": Treatment(lowest=0.003),
    "and no neutrinos of captures": Treatment(captures=False, lowest=0.003),
    "and resolution cut at zero (all as published)": Treatment(False, 0.003, True),
}
"""One thing after the other, to the treatment of the program."""
PUBLISHED = "and resolution cut at zero (all as published)"


def direct_counts(
    channel: str, edges: Array, rows: tuple[Array, Array] | None, treatment: Treatment
) -> Array:
    """Return counts per bin, 2.924 kg and day by a sum over recoils, without the detector code.

    Edges in keV; rows are those of the quenching for a channel on nuclei, None for electrons.
    """
    first = treatment.lowest
    if rows is not None:
        first = first / rows[1][0] if first else rows[0][0]
    recoil = np.geomspace(first or 0.003, 25.0 if rows is None else 3.3, 6000)
    model = "stepped" if rows is None else "nucleus"
    name = channel.removeprefix("coherent-")
    kind = catalog.interaction("weak" if name == "coherent" else name, 1.0)
    rate = na.differential_rate(
        recoil * u.keV,
        source=source(captures=treatment.captures),
        target="Ge",
        interaction=kind,
        response=model,
    )
    rate = rate / u.cpkkd * MASS
    seen = recoil if rows is None else recoil * np.interp(recoil, *rows)
    sigma = np.sqrt(NOISE**2 + FANO * PAIR * seen)
    below = erf((edges[:, None] - seen) / (np.sqrt(2) * sigma)) / 2
    shares = np.diff(below, axis=0)
    if treatment.truncated:
        shares = shares * 2 / (1 + erf(seen / (np.sqrt(2) * sigma)))
    return np.asarray(np.trapezoid(shares * rate, recoil, axis=1))
